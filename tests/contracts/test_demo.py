"""The demo's contracts: eight OPD, every type, PEN among the money, believable states."""

from __future__ import annotations

from collections import Counter

from flask import Flask

from portal.contracts import flow, queries
from portal.contracts.kinds import TYPES
from portal.contracts.models import Contract
from portal.db import db
from portal.demo import contracts, people, region
from portal.people import workdays
from portal.people.queries import today
from portal.trail import flow as trail


def test_the_pilot_has_contracts_of_every_kind_and_state(app: Flask) -> None:
    people.load(db)
    contracts.load(db)
    db.session.commit()
    found = db.session.query(Contract).all()
    assert 60 <= len(found) <= 90
    assert {c.type for c in found} == set(TYPES)
    assert len({c.unit_id for c in found}) == len(region.CONTRACT_PILOT) == 8
    states = Counter(c.state for c in found)
    assert states["paket"] >= 2 and states["selesai"] >= 8 and states["berjalan"] >= 30
    assert sum(any(f.fund == "PEN" for f in c.funds) for c in found) >= 20
    worked = workdays.calendar().is_workday
    late = [v.late_days for c in found for v in queries.views(c, today(), worked) if v.late_days]
    assert 8 <= len(late) <= 40 and max(late) <= 25
    assert all(sum(f.amount for f in c.funds) == c.value for c in found)
    assert any(c.addenda for c in found) and any(c.detail == "rinci" for c in found)
    assert all(flow.current_step(c) for c in found if c.state == "berjalan")
    assert trail.verify(f"contract:{found[0].id}") is None
