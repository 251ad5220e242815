"""Who sees and changes which number of a year, by the state of the isian that carries it.

Reference data and past years are open to all who read figures. A number of the running year is
its owner's until the isian was sent; then inspektorat and sekretariat see it, and the owner
changes it only after it came back.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from portal.db import db
from portal.figures import catalogue, queries
from portal.figures.catalogue import Element, Indicator
from portal.outlines import loader
from portal.outlines.schema import placed_parts
from portal.people import queries as people
from portal.people.rules import Actor, Role
from portal.reports.figures_bridge import elements_of
from portal.reports.models import Entry, Report
from portal.reports.states import EntryState

#: States in which an isian is on its owner's desk.
OPEN = frozenset(
    {EntryState.KOSONG, EntryState.DRAF, EntryState.DIKEMBALIKAN, EntryState.DIBUKA_KEMBALI}
)


def data_year() -> int:
    """The year whose data are collected now: last year."""
    return people.today().year - 1


def _asked(code: str, year: int) -> dict[tuple[str, str], tuple[str, ...]]:
    """Elements that the parts of an LPPD edition ask for, by part and repeat key."""
    try:
        edition = loader.current().edition("lppd", code)
    except LookupError:
        return {}  # an edition that this installation no longer has
    return {
        (placed.part.key, placed.repeat_key): tuple(elements_of(placed, year))
        for placed in placed_parts(edition)
    }


@dataclass(frozen=True)
class Scope:
    """What ``actor`` may see and write of the numbers of ``year``."""

    actor: Actor
    year: int

    @cached_property
    def duties(self) -> dict[str, frozenset[int]]:
        """Duty -> units, read once."""
        return queries.writers_by_duty()

    @cached_property
    def states(self) -> dict[tuple[str, int], frozenset[str]]:
        """States of the LPPD isian that ask for an element, by element and supplying unit."""
        rows = db.session.execute(
            sa.select(Report.edition, Entry.part_key, Entry.repeat_key, Entry.supplier_unit_id,
                      Entry.state)
            .join(Report, Entry.report_id == Report.id)
            .where(Report.kind == "lppd", Report.year == self.year)
        ).all()  # fmt: skip
        found: dict[tuple[str, int], set[str]] = {}
        asked = {edition: _asked(edition, self.year) for edition in {r.edition for r in rows}}
        for edition, part, repeat, unit, state in rows:
            for element in asked[edition].get((part, repeat), ()):
                found.setdefault((element, unit), set()).add(state)
        return {key: frozenset(states) for key, states in found.items()}

    def _states_of(self, element: Element) -> list[frozenset[str]]:
        owners = queries.owners_in(self.duties, element)
        moved = f"element:{element.key}" in self.duties  # typed in the isian of the old owner
        return [
            states for (key, unit), states in self.states.items()
            if key == element.key and (moved or unit in owners)
        ]  # fmt: skip

    def owns(self, element: Element) -> bool:
        """True when one of the actor's units answers for the element."""
        return bool(queries.owners_in(self.duties, element) & self.actor.units())

    def sees(self, element: Element) -> bool:
        """True when the value may be shown to the actor."""
        if element.reference or self.year < data_year() or self.owns(element):
            return True
        if not self.actor.units(Role.APIP, Role.SEKRETARIAT):
            return False
        return self._sent(element)

    def _sent(self, element: Element) -> bool:
        """True when every isian of the owner that asks for the element was sent, and none is back
        on the owner's desk: what is typed there is unsent again."""
        found = self._states_of(element)
        return bool(found) and not any(states & OPEN for states in found)

    def writes(self, element: Element) -> bool:
        """True when the actor may change the value now."""
        if not queries.may_write(self.actor, element, self.duties):
            return False
        return element.reference or not self.held(element)

    def held(self, element: Element) -> bool:
        """True when an isian with the element is on another desk or locked."""
        return any(states - OPEN for states in self._states_of(element))

    def sees_indicator(self, indicator: Indicator) -> bool:
        """True when all elements of the indicator may be shown."""
        book = catalogue.current()
        return all(self.sees(book.elements[k]) for k in indicator.elements)

    def proves(self, indicator: Indicator) -> bool:
        """True when the actor may hand in data dukung for the indicator."""
        book = catalogue.current()
        mine = any(
            queries.may_write(self.actor, book.elements[k], self.duties)
            for k in indicator.elements
            if not book.elements[k].reference or len(indicator.elements) == 1
        )
        return mine or bool(self.actor.units(Role.SEKRETARIAT))
