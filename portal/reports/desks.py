"""What waits on the desk of a verifikator, the Inspektorat, a kepala or the sekretariat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from portal.db import db
from portal.figures import catalogue
from portal.figures import queries as figures
from portal.figures import rules as figure_rules
from portal.outlines import queries as outlines
from portal.outlines.parts import Indicators
from portal.outlines.schema import Placed
from portal.people import queries as people
from portal.people.kinds import UnitKind
from portal.people.rules import Actor, Permission, UnitInfo
from portal.reports import carriers, figures_bridge, places, queries
from portal.reports.models import Entry, Report
from portal.reports.rules import state_label
from portal.reports.states import EntryState
from portal.reports.workflow import Facts, Transition, Workflow


@dataclass(frozen=True)
class Waiting:
    """One isian that waits for the actor, with what may be done."""

    entry: Entry
    report: str
    unit: UnitInfo
    title: str
    section: str
    placed: Placed | None
    label: str
    verbs: tuple[Transition, ...]

    @property
    def forward(self) -> Transition | None:
        """The verb that many may be done with at once."""
        return next((v for v in self.verbs if v.many), None)


@dataclass(frozen=True)
class Mover:
    """A number that changed much against last year."""

    entry_id: int
    title: str
    unit_name: str
    now: str
    before: str
    percent: Decimal  # change in percent of last year's value


_SILENT = frozenset({Permission.ENTRY_SEND})
_RARE = frozenset({"kunci", "buka_kembali", "kembalikan_sekretariat", "sahkan_kertas"})


def waiting(actor: Actor, report_id: int | None = None) -> list[Waiting]:
    """Isian on the actor's desk, by unit and in the order of the book; a few queries in all.

    Only verbs that move an isian on count: what is merely lockable or reopenable waits nowhere.
    """
    still = {EntryState.KOSONG, EntryState.DRAF, EntryState.TERKUNCI, EntryState.DITERIMA}
    states = [s for s in EntryState if s not in still]
    query = (
        sa.select(Entry, Report).join(Report, Entry.report_id == Report.id)
        .where(Entry.state.in_(states))
        .order_by(Report.year.desc(), Report.kind, Report.period, Entry.position, Entry.id)
    )  # fmt: skip
    if report_id is not None:
        query = query.where(Report.id == report_id)
    units = {u.id: u for u in people.units_on(people.today())}
    books: dict[int, _Book] = {}
    found: list[Waiting] = []
    for entry, report in db.session.execute(query):
        unit = units.get(entry.supplier_unit_id)
        if unit is None:
            continue
        if report.id not in books:
            books[report.id] = _book(report)
        verbs = verbs_of(actor, entry, books[report.id].workflow, unit)
        if any(v.verb not in _RARE for v in verbs):
            found.append(_line(entry, books[report.id], unit, verbs))
    return sorted(found, key=lambda w: (w.unit.position, w.unit.id))


@dataclass(frozen=True)
class _Book:
    """What all isian of a report share, read once."""

    title: str
    workflow: Workflow
    places: places.Places


def _book(report: Report) -> _Book:
    try:
        where = places.places_of(report)
    except LookupError:
        where = {}
    return _Book(queries.report_title(report), queries.workflow_of(report), where)


def verbs_of(
    actor: Actor, entry: Entry, workflow: Workflow, unit: UnitInfo
) -> tuple[Transition, ...]:
    """Verbs of a checking desk, without asking the database."""
    facts = Facts(
        apip_own=unit.kind == UnitKind.INSPEKTORAT, unread=entry.read_at is None,
        on_behalf=entry.on_behalf,
    )  # fmt: skip
    return tuple(
        t for t in workflow.verbs_from(entry.state, facts)
        if t.permission not in _SILENT and queries.may_do(actor, t, entry, unit, facts)
    )  # fmt: skip


def _line(entry: Entry, book: _Book, unit: UnitInfo, verbs: tuple[Transition, ...]) -> Waiting:
    placed = book.places.get((entry.part_key, entry.repeat_key))
    label = state_label(entry.state, book.workflow, unit.kind == UnitKind.INSPEKTORAT)
    return Waiting(
        entry, book.title, unit, places.part_title(placed) if placed else entry.part_key,
        places.section_title(placed) if placed else "", placed, label, verbs,
    )  # fmt: skip


def movers(lines: Iterable[Waiting], most: int = 5) -> list[Mover]:
    """The numbers that changed most against last year among these isian."""
    found: list[Mover] = []
    by_report: dict[int, list[Waiting]] = {}
    for line in lines:
        if line.placed is not None and isinstance(line.placed.part, Indicators):
            by_report.setdefault(line.entry.report_id, []).append(line)
    for group in by_report.values():
        found.extend(_movers_of(group))
    return sorted(found, key=lambda m: -abs(m.percent))[:most]


def _movers_of(lines: list[Waiting]) -> list[Mover]:
    report = lines[0].entry.report
    book, period = catalogue.current(), figures_bridge.period_of(report)
    last = figures.previous_period(period)
    asked = {
        line.entry.id: figures_bridge.indicators_of(line.placed, report.year) for line in lines
    }
    keys = {k for some in asked.values() for i in some for k in i.elements}
    views = figures.values_of(sorted(keys), [period, last], report.owner_unit_id)
    hidden = {
        line.entry.id: carriers.unsent(
            line.entry, [book.elements[k] for i in asked[line.entry.id] for k in i.elements]
        )
        for line in lines
    }
    titles = outlines.indicator_titles(report.kind, report.edition)
    found = []
    for line in lines:
        for indicator in asked[line.entry.id]:
            if hidden[line.entry.id].intersection(indicator.elements):
                continue
            now = figure_rules.evaluate(indicator, views[period], views[last], book.elements)
            then = figure_rules.evaluate(indicator, views[last], {}, book.elements)
            if now.value is None or not then.value:
                continue
            change = (now.value - then.value) / abs(then.value) * 100
            title = titles.get(indicator.key, indicator.shown_title)
            if change:
                found.append(Mover(
                    line.entry.id, f"{indicator.no} {title}", line.unit.short_name,
                    now.text, then.text, change,
                ))  # fmt: skip
    return found
