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
from portal.people import queries as people
from portal.people.rules import Actor, Role
from portal.reports.models import Entry, Report
from portal.reports.states import EntryState

#: States in which an isian is on its owner's desk.
OPEN = frozenset(
    {EntryState.KOSONG, EntryState.DRAF, EntryState.DIKEMBALIKAN, EntryState.DIBUKA_KEMBALI}
)
_DRAFTS = frozenset({EntryState.KOSONG, EntryState.DRAF})


def data_year() -> int:
    """The year whose data are collected now: last year."""
    return people.today().year - 1


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
        """States of the LPPD isian by catalogue group and supplying unit."""
        rows = db.session.execute(
            sa.select(Entry.part_key, Entry.repeat_key, Entry.supplier_unit_id, Entry.state)
            .join(Report, Entry.report_id == Report.id)
            .where(Report.kind == "lppd", Report.year == self.year)
        )
        found: dict[tuple[str, int], set[str]] = {}
        for part, repeat, unit, state in rows:
            group = repeat if repeat in catalogue.current().groups else ""
            if not group and "makro" in part:
                group = "makro"
            if group:
                found.setdefault((group, unit), set()).add(state)
        return {key: frozenset(states) for key, states in found.items()}

    def owns(self, element: Element) -> bool:
        """True when one of the actor's units answers for the element."""
        return bool(self.duties.get(element.owner, frozenset()) & self.actor.units())

    def sees(self, element: Element) -> bool:
        """True when the value may be shown to the actor."""
        if element.reference or self.year < data_year() or self.owns(element):
            return True
        if not self.actor.units(Role.APIP, Role.SEKRETARIAT):
            return False
        return self._sent(element)

    def _sent(self, element: Element) -> bool:
        """True when every isian of the owner that carries the element was sent."""
        owners = self.duties.get(element.owner, frozenset())
        found = [
            states for (group, unit), states in self.states.items()
            if unit in owners and group == element.group
        ]  # fmt: skip
        return bool(found) and not any(states & _DRAFTS for states in found)

    def writes(self, element: Element) -> bool:
        """True when the actor may change the value now."""
        if not queries.may_write(self.actor, element, self.duties):
            return False
        return element.reference or not self.held(element)

    def held(self, element: Element) -> bool:
        """True when an isian with the element is on another desk or locked."""
        owners = self.duties.get(element.owner, frozenset())
        return any(
            states - OPEN for (group, unit), states in self.states.items()
            if unit in owners and group == element.group
        )  # fmt: skip

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
