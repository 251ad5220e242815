"""What was not sent stands in no Konsep: not in a matrix, a chip, a sentence."""

from __future__ import annotations

import sqlalchemy as sa

from portal.db import db
from portal.documents import snapshot
from portal.documents.compile import compile_report
from portal.documents.tree import dump
from portal.figures import catalogue, flow, queries
from portal.figures.flow import DatumKey
from portal.people.rules import PORTAL
from portal.reports import flow_open, places
from portal.reports.models import Entry, Report

NUMBER = "987654"


def test_a_number_enters_the_books_when_its_isian_was_sent(cast):
    opened = flow_open.open_report("lppd", 2025, actor=PORTAL)
    for year in ("2024", "2025"):
        flow.put(DatumKey("ibu_hamil_sasaran", queries.region_id(), year), "value", NUMBER, 0,
                 PORTAL, behalf=True)  # fmt: skip
    flow.put(DatumKey("penduduk", queries.region_id(), "2025"), "value", "12", 0, PORTAL,
             behalf=True)  # fmt: skip
    db.session.commit()
    report = db.session.get_one(Report, opened.report.id)
    found = snapshot.take(report)["datums"]
    assert "ibu_hamil_sasaran|2025|PEMDA" not in found
    assert found["ibu_hamil_sasaran|2024|PEMDA"]["value"] == NUMBER
    assert found["penduduk|2025|PEMDA"]["value"] == "12"  # reference data are open
    db.session.execute(
        sa.update(Entry).where(Entry.supplier_unit_id == cast.units["DINKES"])
        .values(state="direviu")
    )  # fmt: skip
    db.session.commit()
    taken = snapshot.take(report)
    assert taken["datums"]["ibu_hamil_sasaran|2025|PEMDA"]["value"] == NUMBER
    text = dump(compile_report(places.edition_of(report), taken, catalogue.current()))
    assert text.startswith("document")
