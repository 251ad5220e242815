"""Reads of this room, scoped to an Actor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from portal.checks import gather, narrative, rules, spec
from portal.checks.models import CheckException, Handover
from portal.checks.sheet import Note, Sheet
from portal.db import db
from portal.figures import catalogue
from portal.figures import queries as figures
from portal.figures.shape import Element
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.rules import Actor
from portal.reports.models import Report

ALL_SEE = frozenset({Role.SEKRETARIAT, Role.APIP})


@dataclass(frozen=True)
class Result:
    """The notes of a year, open ones and those that are let pass."""

    year: int
    open: tuple[Note, ...]
    excepted: tuple[tuple[Note, CheckException], ...]
    sheet: Sheet

    @property
    def blocking(self) -> tuple[Note, ...]:
        """Open notes that a Naskah Final waits for."""
        return tuple(n for n in self.open if n.blocks)

    def of_report(self, report_id: int) -> tuple[Note, ...]:
        """Open notes that touch a report."""
        return tuple(n for n in self.open if report_id in n.report_ids)


def check_year(year: int) -> Result:
    """Look at all reports of a year, as far as they were handed over."""
    sheet = gather.sheet(year)
    notes = rules.check(sheet, spec.reuse(), spec.rules())
    held = {row.print: row for row in exceptions(year)}
    return Result(
        year, tuple(n for n in notes if n.print not in held),
        tuple((n, held[n.print]) for n in notes if n.print in held), sheet,
    )  # fmt: skip


def of_text(html: str, year: int, sees: Callable[[Element], bool]) -> list[str]:
    """What is to be looked at in a text that is still being written: numbers typed beside the
    name of a figure that say something else than its datum. ``sees``: figures the writer may read.
    """
    book = catalogue.current()
    found = figures.values_of(book.elements, [str(year), str(year - 1)], figures.region_id())
    now, before = (
        {k: v for k, v in found[p].items() if k in book.elements and sees(book.elements[k])}
        for p in (str(year), str(year - 1))
    )
    return narrative.sentences(html, Sheet(year, people.today(), book, now, before))


def blocking_for(report: Report) -> list[Note]:
    """Open notes that keep a Naskah Final of this report waiting."""
    return [n for n in check_year(report.year).of_report(report.id) if n.blocks]


def exceptions(year: int) -> list[CheckException]:
    """Exceptions that hold, newest first."""
    return list(db.session.scalars(
        sa.select(CheckException)
        .where(CheckException.year == year, CheckException.withdrawn_at.is_(None))
        .order_by(CheckException.id.desc())
    ))  # fmt: skip


def visible(actor: Actor, notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """All notes for sekretariat and Inspektorat; others those that their unit can settle."""
    if actor.roles & ALL_SEE:
        return notes
    codes = {u.code for u in people.units_on(people.today()) if u.id in actor.units()}
    return tuple(n for n in notes if codes & set(n.settlers))


def years() -> list[int]:
    """Years that have reports, newest first."""
    return list(db.session.scalars(sa.select(Report.year).distinct().order_by(Report.year.desc())))


def handovers(actor: Actor) -> list[Handover]:
    """Transfers that concern the actor: of the own unit, or all for the sekretariat."""
    query = sa.select(Handover).order_by(Handover.id.desc())
    if Role.SEKRETARIAT not in actor.roles:
        mine = actor.units()
        query = query.where(sa.or_(Handover.from_unit_id.in_(mine),
                                   Handover.to_unit_id.in_(mine)))  # fmt: skip
    return list(db.session.scalars(query))


def handover_for(actor: Actor, handover_id: int) -> Handover | None:
    """One transfer that concerns the actor; None (404) otherwise."""
    row = db.session.get(Handover, handover_id)
    if row is None:
        return None
    if Role.SEKRETARIAT in actor.roles or {row.from_unit_id, row.to_unit_id} & actor.units():
        return row
    return None
