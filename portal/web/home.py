"""What the first screens of heads, checkers and leaders show; pages.home shows it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from portal.absorption import queries as boards
from portal.absorption import readers
from portal.absorption.queries import Concern
from portal.notices import queries as notices
from portal.people import queries as people
from portal.people import workdays
from portal.people.rules import Actor, Permission, UnitInfo
from portal.reports import desks, standing


@dataclass(frozen=True)
class DeskScreen:
    """Home of a verifikator, a kepala or the Inspektorat."""

    lines: list[desks.Waiting]
    by_report: list[tuple[str, int]]
    by_unit: list[tuple[UnitInfo, int]]
    movers: list[desks.Mover]
    own: list[standing.Own]
    concerns: list[Concern]
    told: int  # things of the inbox that wait


def desk_screen(who: Actor, *, head: bool, apip: bool) -> DeskScreen:
    """What waits for this jabatan, and how its own Perangkat Daerah stands."""
    lines = desks.waiting(who)
    by_unit = Counter(w.unit for w in lines)
    return DeskScreen(
        lines, list(Counter(w.report for w in lines).items()), list(by_unit.items()),
        desks.movers(lines) if head else [], [] if apip else standing.of_units(who.units()),
        contract_concerns(who) if head else [], notices.waiting(who.person_id or 0),
    )  # fmt: skip


def contract_concerns(who: Actor) -> list[Concern]:
    """The first late desks of the kepala's own Perangkat Daerah, in the words of the boards."""
    if not who.may(Permission.CONTRACT_READ):
        return []
    today = people.today()
    own = [u for u in readers.units_for(who, today) if u.id in who.units()]
    found = boards.build(own, today, workdays.calendar().is_workday, boards.Chosen(), own=True)
    return boards.concerns(found)
