"""Catatan Hasil Reviu: the remarks of the Inspektorat, with what the Perangkat Daerah answered.

Numbered per Perangkat Daerah in the order in which they were made, so that a number once printed
stays. An answer that was typed and not yet sent is read by the Perangkat Daerah alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa

from portal.db import db
from portal.figures import catalogue
from portal.people import queries as people
from portal.people import rules as people_rules
from portal.people.kinds import Role, UnitKind
from portal.people.models import Position, Term
from portal.people.rules import Actor, Permission, UnitInfo
from portal.reports import history, places, queries, reviewing
from portal.reports.models import Entry, Remark, Report, Verdict

T = TypeVar("T")

#: Where a catatan stands, in order, with its word.
STATES = {"terbuka": "Terbuka", "dijawab": "Dijawab", "selesai": "Selesai"}


@dataclass(frozen=True)
class Note:
    """One catatan with its tanggapan."""

    n: int
    entry_id: int
    section: str
    title: str
    field: str  # what of the isian it is on, "" = the whole
    text: str
    office: str
    at: datetime
    answer: str
    answered_at: datetime | None
    resolved_at: datetime | None

    @property
    def state(self) -> str:
        """Key of STATES."""
        if self.resolved_at is not None:
            return "selesai"
        return "dijawab" if self.answer else "terbuka"

    @property
    def since(self) -> datetime:
        """Since when it stands so."""
        return self.resolved_at or self.answered_at or self.at


@dataclass(frozen=True)
class Wanting:
    """A putusan that is not good: what has to be mended without a catatan of its own."""

    n: int
    entry_id: int
    section: str
    title: str
    field: str
    label: str
    text: str
    office: str
    at: datetime


@dataclass(frozen=True)
class Notes:
    """The CHR of one Perangkat Daerah."""

    unit: UnitInfo
    notes: tuple[Note, ...]
    wanting: tuple[Wanting, ...]

    @property
    def counts(self) -> Counter[str]:
        """Number of catatan by where they stand."""
        return Counter(note.state for note in self.notes)


def open_to(actor: Actor, unit: UnitInfo) -> bool:
    """The Inspektorat reads all but its own, a Perangkat Daerah its own and those below it."""
    if unit.kind == UnitKind.INSPEKTORAT:
        return False
    if reviewing.inspects(actor):
        return True
    house = unit.id in actor.units() or bool(actor.units() & set(unit.ancestors))
    return house and people_rules.sees_unit(actor, Permission.ENTRY_READ, unit)


def notes(actor: Actor, report: Report, unit_id: int | None = None) -> list[Notes]:
    """The CHR that the actor may read, in the region's order; a few queries in all."""
    units = {u.id: u for u in people.units_on(report.structure_date)}
    inspects = reviewing.inspects(actor)
    supplies = set(db.session.scalars(
        sa.select(Entry.supplier_unit_id).where(Entry.report_id == report.id).distinct()
    ))  # fmt: skip
    asked = [
        u for u in units.values()
        if u.id in supplies and unit_id in (None, u.id)
        and (u.kind != UnitKind.INSPEKTORAT if inspects else open_to(actor, u))
    ]  # fmt: skip
    book = _Book(report)
    remarks = _by_unit(_remarks(report, asked))
    verdicts = _by_unit(_poor(report, asked))
    return [
        Notes(
            u,
            tuple(book.note(n, r, e, u.id in actor.units())
                  for n, (r, e) in enumerate(remarks.get(u.id, ()), 1)),
            tuple(book.wanting(n, v, e) for n, (v, e) in enumerate(verdicts.get(u.id, ()), 1)),
        )
        for u in sorted(asked, key=lambda u: (u.position, u.id))
    ]  # fmt: skip


class _Book:
    """Where the isian stand and what the putusan are called."""

    def __init__(self, report: Report) -> None:
        self.workflow = queries.workflow_of(report)
        self.labels = {v.key: v.label for v in queries.workflows().verdicts}
        try:
            self.places = places.places_of(report)
        except LookupError:
            self.places = {}

    def note(self, n: int, row: Remark, entry: Entry, own: bool) -> Note:
        """A catatan; its answer only as far as it was sent."""
        section, title, field = self._place(entry, row.target)
        unsent = entry.state in self.workflow.editable and (
            entry.sent_at is None or (row.answered_at or entry.sent_at) >= entry.sent_at
        )
        told = own or row.resolved_at is not None or not unsent
        return Note(
            n, entry.id, section, title, field, row.text, reviewing.office(row.by_label), row.at,
            row.answer if told else "", row.answered_at if told else None, row.resolved_at,
        )  # fmt: skip

    def wanting(self, n: int, row: Verdict, entry: Entry) -> Wanting:
        """A putusan that is not good."""
        return Wanting(
            n, entry.id, *self._place(entry, row.target), self.labels.get(row.key, row.key),
            row.note, reviewing.office(row.by_label), row.at,
        )  # fmt: skip

    def _place(self, entry: Entry, target: str) -> tuple[str, str, str]:
        placed = self.places.get((entry.part_key, entry.repeat_key))
        field = ""
        if target.startswith("i:"):
            one = catalogue.current().indicators.get(target[2:])
            field = f"IKK {one.no} {one.shown_title}" if one else f"IKK {target[2:]}"
        elif target:
            field = history.label_of(placed.part if placed else None, target)
        if placed is None:
            return "", entry.part_key, field
        return places.section_title(placed), places.part_title(placed), field


def _remarks(report: Report, units: Iterable[UnitInfo]) -> list[tuple[Remark, Entry]]:
    """Remarks that were made under a jabatan of the Inspektorat, oldest first."""
    rows = db.session.execute(
        sa.select(Remark, Entry).join(Entry, Remark.entry_id == Entry.id)
        .join(Term, Remark.by_term_id == Term.id).join(Position, Term.position_id == Position.id)
        .where(Entry.report_id == report.id, Position.role == Role.APIP,
               Entry.supplier_unit_id.in_([u.id for u in units]))
        .order_by(Remark.id)
    )  # fmt: skip
    return [(remark, entry) for remark, entry in rows]


def _poor(report: Report, units: Iterable[UnitInfo]) -> list[tuple[Verdict, Entry]]:
    """Putusan that are not good, in the order of the book."""
    poor = [v.key for v in queries.workflows().verdicts if not v.good]
    rows = db.session.execute(
        sa.select(Verdict, Entry).join(Entry, Verdict.entry_id == Entry.id)
        .where(Entry.report_id == report.id, Verdict.key.in_(poor),
               Entry.supplier_unit_id.in_([u.id for u in units]))
        .order_by(Entry.position, Entry.id, Verdict.target)
    )  # fmt: skip
    return [(verdict, entry) for verdict, entry in rows]


def _by_unit(rows: Iterable[tuple[T, Entry]]) -> dict[int, list[tuple[T, Entry]]]:
    found: dict[int, list[tuple[T, Entry]]] = {}
    for row, entry in rows:
        found.setdefault(entry.supplier_unit_id, []).append((row, entry))
    return found
