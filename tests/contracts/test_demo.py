"""The demo's contracts stand at every stage."""

from __future__ import annotations

from flask import Flask

from portal.contracts import flow
from portal.contracts.models import Contract
from portal.db import db
from portal.demo import contracts, people


def test_each_contract_has_its_steps(app: Flask) -> None:
    people.load(db)
    contracts.load(db)
    db.session.commit()
    found = db.session.query(Contract).all()
    assert len(found) == 5
    assert {c.method for c in found} == {"pengadaan_langsung"}
    keys = {c.number.split("/")[1]: flow.current_step(c) for c in found}
    assert keys["12"] is None and keys["15"] is not None
