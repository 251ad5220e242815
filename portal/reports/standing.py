"""How far the reports and one's own Perangkat Daerah stand, in a few numbers, for first screens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.db import db
from portal.people import queries as people
from portal.reports import queries
from portal.reports.models import Entry, Report
from portal.reports.recap import Line
from portal.reports.rules import KIND_SHORT

#: Order of reports wherever they are listed.
_ORDER = list(KIND_SHORT)


@dataclass(frozen=True)
class Readiness:
    """A report of the newest year: how many Perangkat Daerah have everything disahkan."""

    report_id: int
    kind: str
    title: str
    ready: int
    units: int
    behind: tuple[str, ...]  # short names of those that still owe something, in the region's order
    deadline: date | None  # internal
    books: int = 1

    @property
    def due(self) -> date | None:
        """The deadline, while somebody still owes something."""
        return self.deadline if self.behind else None


@dataclass(frozen=True)
class Own:
    """The isian of one's own Perangkat Daerah in a report of the newest year."""

    title: str
    line: Line
    deadline: date | None


def readiness(names: bool = True) -> list[Readiness]:
    """Every report of its kind's newest year; books of single units count as one. Two queries.

    ``names``: also who is behind, which costs one query more.
    """
    found: dict[tuple[str, int, str], list[Report]] = {}
    counts: dict[tuple[str, int, str], dict[int, Counter[str]]] = {}
    for report, unit_id, state, n in _counted(None):
        key = (report.kind, report.year, report.period)
        books = found.setdefault(key, [])
        if report not in books:
            books.append(report)
        counts.setdefault(key, {}).setdefault(unit_id, Counter())[state] += n
    units = {u.id: u for u in people.units_on(people.today())} if names else {}
    made = []
    for key in sorted(found, key=_rank):
        lines = [Line(units.get(u), states) for u, states in counts[key].items()]
        lines.sort(key=lambda line: line.unit.position if line.unit else 9999)
        late = tuple(x.unit.short_name for x in lines if x.standing != "disahkan" and x.unit)
        report = found[key][0]
        made.append(Readiness(
            report.id, report.kind, queries.report_title(report),
            sum(x.standing == "disahkan" for x in lines), len(lines), late,
            min((r.internal_deadline for r in found[key] if r.internal_deadline), default=None),
            len(found[key]),
        ))  # fmt: skip
    return made


def of_units(unit_ids: Iterable[int]) -> list[Own]:
    """What these units supply to the reports of the newest year, report by report. One query."""
    found: dict[tuple[str, int, str], tuple[Report, Counter[str]]] = {}
    for report, _, state, n in _counted(frozenset(unit_ids)):
        key = (report.kind, report.year, report.period)
        found.setdefault(key, (report, Counter()))[1][state] += n
    return [
        Own(queries.report_title(report), Line(None, states), report.internal_deadline)
        for _, (report, states) in sorted(found.items(), key=lambda pair: _rank(pair[0]))
    ]


def _rank(key: tuple[str, int, str]) -> tuple[int, str]:
    kind, _, period = key
    return (_ORDER.index(kind) if kind in _ORDER else 9, period)


def _counted(unit_ids: frozenset[int] | None) -> list[tuple[Report, int, str, int]]:
    newest = (
        sa.select(Report.kind, sa.func.max(Report.year).label("year"))
        .group_by(Report.kind).subquery()
    )  # fmt: skip
    query = (
        sa.select(Entry.report_id, Entry.supplier_unit_id, Entry.state, sa.func.count())
        .join(Report, Report.id == Entry.report_id)
        .join(newest, sa.and_(newest.c.kind == Report.kind, newest.c.year == Report.year))
        .group_by(Entry.report_id, Entry.supplier_unit_id, Entry.state)
        .order_by(Entry.report_id)
    )
    if unit_ids is not None:
        query = query.where(Entry.supplier_unit_id.in_(unit_ids))
    rows = db.session.execute(query).all()
    reports = {
        r.id: r for r in db.session.scalars(
            sa.select(Report).where(Report.id.in_({row[0] for row in rows})))
    }  # fmt: skip
    return [(reports[row[0]], row[1], row[2], row[3]) for row in rows]
