"""How far the isian behind a number has come: who may see it, and whether it may still change.

A number stands once for all books, so the isian that carries it decides: while it is on its
owner's desk nobody else reads it, and once it was sent no other way (another isian, a sheet) may
change it until it comes back. Reference data are open and are changed by their owner at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import sqlalchemy as sa

from portal.db import db
from portal.figures import catalogue
from portal.figures import queries as figures
from portal.figures.shape import Element
from portal.outlines import loader
from portal.outlines.schema import placed_parts
from portal.reports import figures_bridge, queries
from portal.reports.models import Entry, EntrySupport, Report
from portal.reports.rules import OPEN_STATES
from portal.reports.workflow import Workflow

#: The book whose isian carry the figures of the region.
CARRIER = "lppd"


@lru_cache(maxsize=16)
def _parts_asking(code: str, year: int, _digest: str) -> dict[str, frozenset[tuple[str, str]]]:
    """Element -> (part key, repeat key) of the parts of an edition that ask for it."""
    found: dict[str, set[tuple[str, str]]] = {}
    for placed in placed_parts(loader.current().edition(CARRIER, code)):
        for element in figures_bridge.elements_of(placed, year):
            found.setdefault(element, set()).add((placed.part.key, placed.repeat_key))
    return {element: frozenset(places) for element, places in found.items()}


def _asking(report: Report) -> dict[str, frozenset[tuple[str, str]]]:
    try:
        digest = loader.current().digest(CARRIER, report.edition)
        return _parts_asking(report.edition, report.year, digest)
    except LookupError:
        return {}  # an edition that this installation no longer has


def _carriers(elements: Iterable[Element], year: int) -> dict[str, list[Entry]]:
    """Element key -> the isian of its owner that ask for it in a year; one query."""
    wanted = list(elements)
    reports = db.session.scalars(
        sa.select(Report).where(Report.kind == CARRIER, Report.year == year)
    ).all()
    places = {report.id: _asking(report) for report in reports}
    parts = {p for at in places.values() for e in wanted for p, _ in at.get(e.key, ())}
    if not parts:
        return {}
    rows = db.session.scalars(
        sa.select(Entry).where(Entry.report_id.in_(list(places)), Entry.part_key.in_(sorted(parts)))
    ).all()
    duties = figures.writers_by_duty()
    found: dict[str, list[Entry]] = {}
    for element in wanted:
        owners = figures.owners_in(duties, element)
        for entry in rows:
            asked = places[entry.report_id].get(element.key, frozenset())
            if (entry.part_key, entry.repeat_key) in asked and entry.supplier_unit_id in owners:
                found.setdefault(element.key, []).append(entry)
    return found


def held_by(element: Element, year: int, besides: Entry | None = None) -> Entry | None:
    """The isian on another desk, or locked, that carries the number; None when it may change."""
    if element.reference:
        return None
    for entry in _carriers([element], year).get(element.key, ()):
        if entry.state not in OPEN_STATES and (besides is None or entry.id != besides.id):
            return entry
    return None


def held(year: int) -> frozenset[str]:
    """Keys of all elements that may not change now."""
    book = [e for e in catalogue.current().elements.values() if not e.reference]
    return frozenset(
        key for key, entries in _carriers(book, year).items()
        if any(entry.state not in OPEN_STATES for entry in entries)
    )  # fmt: skip


def unseen(year: int, role: str = "sekretariat") -> frozenset[str]:
    """Keys of the numbers of a year that are not for this desk yet: an isian that carries them was
    not sent so far (or came back), so they stand in no book, also not in a Konsep."""
    book = [e for e in catalogue.current().elements.values() if not e.reference]
    flows: dict[int, Workflow] = {}
    out = set()
    for key, entries in _carriers(book, year).items():
        for entry in entries:
            if entry.report_id not in flows:
                flows[entry.report_id] = queries.workflow_of(entry.report)
            if not flows[entry.report_id].open_to(role, entry.state):
                out.add(key)
    return frozenset(out)


def unsent(entry: Entry, elements: Iterable[Element]) -> frozenset[str]:
    """Keys of the numbers in an isian that belong to others, who have not sent them yet."""
    return unsent_of([entry], {entry.id: list(elements)})[entry.id]


def unsent_of(
    entries: Sequence[Entry], asked: Mapping[int, Sequence[Element]]
) -> dict[int, frozenset[str]]:
    """``unsent`` for many isian of one year, by their ids; a few queries in all."""
    inside = {entry.id: {entry.supplier_unit_id} for entry in entries}
    for entry_id, unit_id in db.session.execute(
        sa.select(EntrySupport.entry_id, EntrySupport.unit_id)
        .where(EntrySupport.entry_id.in_(list(inside)))
    ):  # fmt: skip
        inside[entry_id].add(unit_id)
    duties = figures.writers_by_duty()
    foreign: dict[int, dict[str, Element]] = {
        entry.id: {
            e.key: e for e in asked[entry.id]
            if not e.reference and (owners := figures.owners_in(duties, e))
            and not owners & inside[entry.id]
        }
        for entry in entries
    }  # fmt: skip
    wanted = {key: e for some in foreign.values() for key, e in some.items()}
    still = frozenset(
        key
        for key, found in (
            _carriers(wanted.values(), entries[0].report.year) if wanted else {}
        ).items()
        if any(other.state in OPEN_STATES for other in found)
    )
    return {entry_id: still.intersection(some) for entry_id, some in foreign.items()}
