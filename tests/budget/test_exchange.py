"""The budget travels with the report's file and comes back letter for letter."""

from __future__ import annotations

import json
from datetime import date

import sqlalchemy as sa

from portal import clock
from portal.budget import flow
from portal.budget.models import BudgetLine
from portal.db import db
from portal.dprd.models import Recommendation
from portal.people.rules import PORTAL
from portal.reports import exchange
from portal.reports import flow as reports
from tests.cast import Cast


def test_export_and_import_of_an_lkpj(cast: Cast) -> None:
    report = reports.open_report("lkpj", 2025, actor=PORTAL).report
    unit = cast.units["DINKES"]
    line, _ = flow.ensure_line("programs", 2025, unit, "1.02.02.2.02.0001", "Ibu hamil")
    flow.put(line, "pagu", "412500000.00", 0, PORTAL)
    flow.put(line, "realisasi", "0.00", 0, PORTAL)
    db.session.add(Recommendation(
        year=2025, kode="1.02", text="Tambah dokter", unit_id=unit, since=clock.now(),
        decision_no="4", decision_on=date(2025, 4, 28), state="ditugaskan", position=10,
    ))  # fmt: skip
    db.session.commit()
    out = json.loads(json.dumps(exchange.export(report)))
    assert out["budget"]["programs"][-1] == [
        "DINKES", "1.02.02.2.02.0001",
        {"uraian": "Ibu hamil", "pagu": "412500000.00", "realisasi": "0.00"},
    ]  # fmt: skip
    db.session.execute(sa.delete(BudgetLine))
    db.session.execute(sa.delete(Recommendation))
    db.session.commit()
    exchange.load(out, "lkpj", 2025, actor=PORTAL, replace=True)
    db.session.commit()
    assert json.loads(json.dumps(exchange.export(report))) == out
