"""A unit that was merged into another: its isian are read and finished by the heir."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from portal.db import db
from portal.people import flow_units, queries
from portal.people.models import Unit
from portal.people.rules import PORTAL
from portal.reports import flow_open
from portal.reports import queries as reports
from portal.reports.models import Entry
from tests.cast import post, sign_in


def test_the_heir_of_a_merged_unit_finishes_its_isian(cast, client, still_clock):
    flow_open.open_report("lppd", 2025, actor=PORTAL)
    units = {code: db.session.get(Unit, cast.units[code]) for code in ("DISTAN", "DINKES")}
    flow_units.close_unit(units["DISTAN"], date(2026, 2, 2), [units["DINKES"]],
                          "Perda 5 Tahun 2026", PORTAL)  # fmt: skip
    db.session.commit()
    still_clock(timedelta(days=1))
    entry = db.session.scalars(sa.select(Entry).where(
        Entry.supplier_unit_id == cast.units["DISTAN"]).order_by(Entry.id)).first()  # fmt: skip
    assert queries.left_to({cast.units["DINKES"]}) == {cast.units["DISTAN"]}
    sign_in(client, cast.operator_dinkes)
    assert client.get(f"/isian/{entry.id}").status_code == 200
    assert f"/isian/{entry.id}" in client.get("/tugas").text
    desk = reports.entry_desk(cast.actor("operator_dinkes"), entry.id)
    assert desk.may_write and any(v.verb == "kirim" for v in desk.verbs)
    sign_in(client, cast.operator_tapem)
    assert client.get(f"/isian/{entry.id}").status_code == 404
    assert post(client, f"/isian/{entry.id}", {"f:text": "x"}).status_code == 404
    assert queries.left_to({cast.units["BAG-TAPEM"]}) == frozenset()
