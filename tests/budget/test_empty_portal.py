"""A report exported as JSON, read by a portal that has nothing: same words, same numbers."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.budget import flow as budget
from portal.budget.models import BudgetFund, BudgetLine
from portal.db import Base, db
from portal.documents import snapshot, tree
from portal.documents.compile import compile_report
from portal.figures import catalogue
from portal.figures import flow as figures
from portal.figures import queries as numbers
from portal.figures.flow import DatumKey
from portal.people.models import Person, Setting, Unit
from portal.people.rules import PORTAL
from portal.reports import exchange, flow_open, places
from portal.reports.models import Entry, Report
from portal.reports.refusal import Refused
from tests.cast import Cast


def printed(report: Report) -> str:
    taken = snapshot.take(report, today=date(2026, 3, 2))
    return tree.dump(compile_report(places.edition_of(report), taken, catalogue.current()))


@pytest.fixture
def told(cast: Cast) -> str:
    """An SPM of the year with people by place, money by quarter and source, a setting."""
    report = flow_open.open_report("spm", 2025, actor=PORTAL).report
    line, _ = budget.ensure_line("programs", 2025, cast.units["DINKES"], "1.02.02.2.02.0001",
                                 "Ibu hamil")  # fmt: skip
    for name, value in (("pagu", "900.00"), ("realisasi", "800.00"), ("spm", "ks1")):
        budget.put(line, name, value, 0, PORTAL)
    budget.put_period(line, "TW1", Decimal("250.00"), None, PORTAL)
    budget.put_funds(line, {"DAU": Decimal("600.00"), "DAK Fisik": Decimal("300.00")}, PORTAL)
    key = DatumKey("ibu_hamil_dilayani", numbers.region_id(), "2025-01", "tempat=PKM-01")
    assert figures.put(key, "value", "44", 0, PORTAL, behalf=True).status == "ok"
    db.session.add(Setting(key="nama", valid_from=date(2024, 1, 2), value="Uji", basis=""))
    db.session.query(Entry).filter_by(report_id=report.id).update({"state": "diterima"})
    db.session.commit()
    return json.dumps(exchange.export(report))


def emptied() -> None:
    """Throw every row away, as in a portal that was just set up."""
    db.session.rollback()
    kept = ("trail", "trail_head")  # nothing deletes the record
    for table in (t for t in reversed(Base.metadata.sorted_tables) if t.name not in kept):
        db.session.execute(sa.delete(table))
    db.session.commit()
    db.session.expire_all()


def test_an_empty_portal_prints_the_same_book(told: str) -> None:
    before = printed(db.session.query(Report).one())
    assert "44" in before
    assert "DAU, DAK Fisik" in before
    emptied()
    data = json.loads(told)
    report = exchange.load(data, "spm", 2025, actor=PORTAL).report
    db.session.commit()
    assert printed(report) == before
    assert json.loads(json.dumps(exchange.export(report))) == data
    assert {p.pw_hash for p in db.session.query(Person)} == {""}  # nobody may sign in by that
    assert db.session.query(BudgetFund).count() == 2
    again = exchange.load(data, "spm", 2025, actor=PORTAL)
    assert (again.entries, again.datums) == (0, 0)
    broken = json.loads(told)
    broken["region"]["units"][0] = ["X"]
    emptied()
    with pytest.raises(Refused, match="region dalam berkas rusak"):
        exchange.load(broken, "spm", 2025, actor=PORTAL)
    db.session.rollback()
    assert not db.session.query(Unit).count()
    assert not db.session.query(BudgetLine).count()
