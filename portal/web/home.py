"""What the first screens of heads, checkers and leaders show; pages.home shows it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from portal import clock, indonesian
from portal.contracts import queries as contracts
from portal.contracts.models import Contract
from portal.people import queries as people
from portal.people import workdays
from portal.people.rules import Actor, Permission, UnitInfo
from portal.reports import desks, standing

#: How leaders call the desks: five groups, never a person.
DESKS = {"ppk": "PPK/PPTK", "bendahara": "Keuangan OPD", "bud": "BPKAD"}


@dataclass(frozen=True)
class Concern:
    """A sentence under "Perlu perhatian", with the page that tells more."""

    sentence: str
    late_days: int
    contract_id: int | None = None


@dataclass(frozen=True)
class DeskScreen:
    """Home of a verifikator, a kepala or the Inspektorat."""

    lines: list[desks.Waiting]
    by_report: list[tuple[str, int]]
    by_unit: list[tuple[UnitInfo, int]]
    movers: list[desks.Mover]
    own: list[standing.Own]
    concerns: list[Concern]


def desk_screen(who: Actor, *, head: bool, apip: bool) -> DeskScreen:
    """What waits for this jabatan, and how its own Perangkat Daerah stands."""
    lines = desks.waiting(who)
    by_unit = Counter(w.unit for w in lines)
    return DeskScreen(
        lines, list(Counter(w.report for w in lines).items()), list(by_unit.items()),
        desks.movers(lines) if head else [], [] if apip else standing.of_units(who.units()),
        contract_concerns(who) if head else [],
    )  # fmt: skip


def contract_concerns(who: Actor) -> list[Concern]:
    """Contracts whose open step is past its batas, the longest first; by OPD and desk."""
    if not who.may(Permission.CONTRACT_READ):
        return []
    today = people.today()
    found = contracts.contracts_for(who)
    is_workday = _calendar(found, today)
    units = {u.id: u for u in people.units_on(today)}
    made = []
    for contract in found:
        for view in contracts.views(contract, today, is_workday):
            if view.current and view.late_days:
                made.append(_concern(contract, view, units.get(contract.unit_id)))
    return sorted(made, key=lambda c: -c.late_days)


def _calendar(found: list[Contract], today: date) -> clock.IsWorkday:
    days = [today, *(c.signed_on for c in found), *(c.ends_on for c in found)]
    return workdays.checker(min(days) - timedelta(days=7), max(days) + timedelta(days=120))


def _concern(contract: Contract, view: contracts.StepView, unit: UnitInfo | None) -> Concern:
    due = indonesian.long_date(view.step.due_on) if view.step.due_on else ""
    return Concern(
        f"{unit.short_name if unit else 'Perangkat daerah lain'}: {contract.title} "
        f"({indonesian.rupiah(contract.value)}). {view.step.title} ada di meja "
        f"{DESKS.get(view.step.holder, view.step.holder)}, lewat batas {view.late_days} hari "
        f"kerja sejak {due}.",
        view.late_days, contract_id=contract.id,
    )  # fmt: skip
