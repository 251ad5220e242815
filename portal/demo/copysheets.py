"""Lembar Salin of the demo: a few rows were copied into SILPPD, one of them before it changed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.copysheets import flow, queries, spec
from portal.demo.contents import YEAR
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.models import Position, Term, Unit
from portal.reports.models import Report
from portal.reports.rules import OPEN_STATES

SHEET = "silppd"
SCREENS = ("makro", "hasil@pendidikan", "hasil@pmd")


def load(_db: Any) -> None:
    """Tick the first screens; one row as it stood before its number was corrected."""
    session = _db.session
    report = session.scalar(sa.select(Report).where(Report.kind == "lppd", Report.year == YEAR))
    actor = people.actor_of(_secretary(session))
    if report is None or actor is None:
        return
    assert OPEN_STATES  # noqa: S101 - what was not sent never stands on these screens
    views = queries.screens(spec.sheets()[SHEET], report, actor, lambda one: bool(one.title))
    for view in views:
        if view.key not in SCREENS:
            continue
        for n, row in enumerate(view.rows):
            values = dict(row.values)
            if view.key == "hasil@pmd" and n == 0 and "kini" in values:
                values["kini"] = "20,00"
            flow.tick(flow.Place(SHEET, report, view.key, row.key), values, actor)


def _secretary(session: Any) -> int:
    """Who compiles the LPPD."""
    found = session.scalars(
        sa.select(Term.person_id)
        .join(Position, Position.id == Term.position_id)
        .join(Unit, Unit.id == Position.unit_id)
        .where(Position.role == Role.SEKRETARIAT, Unit.code == "BAG-TAPEM")
        .order_by(Term.id)
    ).first()
    return int(found or 0)
