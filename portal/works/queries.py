"""Reads of work and money; the curve, whether a contract is critical, what a bill would pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from portal.contracts import terms
from portal.contracts.flow import Refused
from portal.contracts.kinds import BillingKind, StepState
from portal.contracts.models import Billing, Contract, Step
from portal.db import db
from portal.works import rules
from portal.works.models import CriticalNote, Payment, Progress, WorkItem, WorkTerms

#: Steps that say that the work is finished; the first of them that is done stops the fine.
FINISHED = ("selesai", "bast", "serah")


def items(contract_id: int) -> list[WorkItem]:
    """The work items of the plan in force, in order; empty while there is none."""
    newest = (
        sa.select(sa.func.max(WorkItem.plan))
        .where(WorkItem.contract_id == contract_id)
        .scalar_subquery()
    )
    return list(
        db.session.scalars(
            sa.select(WorkItem)
            .where(WorkItem.contract_id == contract_id, WorkItem.plan == newest)
            .order_by(WorkItem.position)
        )
    )


def plain(found: Sequence[WorkItem]) -> list[rules.Item]:
    """As the rules take them."""
    return [rules.Item(i.name, i.value, i.first_week, i.last_week) for i in found]


def reports(contract_id: int) -> list[Progress]:
    """Reported weeks in order, with their photos."""
    return list(
        db.session.scalars(
            sa.select(Progress).where(Progress.contract_id == contract_id)
            .order_by(Progress.week).options(selectinload(Progress.photos))
        )
    )  # fmt: skip


def progress_before(contract_id: int, week: int) -> Progress | None:
    """The newest report of an earlier week."""
    return db.session.scalar(
        sa.select(Progress).where(Progress.contract_id == contract_id, Progress.week < week)
        .order_by(Progress.week.desc()).limit(1)
    )  # fmt: skip


def _thresholds(found: Mapping[str, terms.Term]) -> rules.Thresholds:
    """Ambang kontrak kritis of a contract."""
    return rules.Thresholds(
        found["kritis_batas"].value, found["kritis_awal"].value, found["kritis_akhir"].value
    )


def own_terms(contract: Contract) -> dict[str, terms.Term]:
    """The terms of one contract: its SSKK, the region, the default."""
    row = db.session.get(WorkTerms, contract.id)
    return terms.of_contract(contract.signed_on, row.own if row else {})


@dataclass(frozen=True)
class Standing:
    """How the work of a contract stands on a day."""

    weeks: int
    week: int  # of the newest report, 0 when there is none
    planned: Decimal
    actual: Decimal
    critical: str  # rules.Critical, of the newest report
    plan: tuple[Decimal, ...] = ()  # cumulative per week
    reals: tuple[tuple[int, Decimal], ...] = ()

    @property
    def deviation(self) -> Decimal:
        """Realisasi less rencana in percentage points; negative is behind."""
        return self.actual - self.planned


def standing(contract: Contract, today: date, found: Sequence[Progress] | None = None) -> Standing:
    """Plan, reports and threshold of one contract."""
    mine = plain(items(contract.id))
    known = reports(contract.id) if found is None else list(found)
    weeks = max(rules.weeks_of(contract.starts_on, contract.ends_on), *(p.week for p in known), 1)
    plan = tuple(rules.planned(mine, weeks)) if mine else ()
    last = known[-1] if known else None
    if last is None:
        week = min(rules.week_of(contract.starts_on, today), weeks)
        now = plan[week - 1] if plan and week else Decimal(0)
        return Standing(weeks, 0, now, Decimal(0), "", plan)
    passing = rules.crosses_year(last.actual, last.week, contract.starts_on, contract.ends_on)
    reached = rules.critical(last.planned, last.actual, passing,
                             _thresholds(own_terms(contract)))  # fmt: skip
    return Standing(weeks, last.week, last.planned, last.actual, str(reached), plan,
                    tuple((p.week, p.actual) for p in known))  # fmt: skip


def notes(contract_id: int) -> list[CriticalNote]:
    """Declarations of the PPK, oldest first."""
    return list(
        db.session.scalars(
            sa.select(CriticalNote).where(CriticalNote.contract_id == contract_id)
            .order_by(CriticalNote.id)
        )
    )  # fmt: skip


#: Steps of the chain against a penyedia that lags behind: key -> paper of works and its number.
WARNINGS: dict[str, tuple[str, int]] = {
    **{f"scm{n}": ("scm", n) for n in (1, 2, 3)}, **{f"sp{n}": ("sp", n) for n in (1, 2, 3)},
}  # fmt: skip


def warnings(contract: Contract) -> list[Step]:
    """SCM and SP of the contract as numbered steps, in order, every chain that was opened."""
    return [s for s in contract.steps if s.key in WARNINGS or s.key == "peringatan"]


# --- money --------------------------------------------------------------------------------------


def payments(contract_id: int) -> dict[int, Payment]:
    """Recorded reckonings by bill."""
    rows = db.session.scalars(sa.select(Payment).where(Payment.contract_id == contract_id))
    return {p.billing_id: p for p in rows}


def paid_before(contract: Contract, bill: Billing) -> Decimal:
    """Cumulative progress that earlier bills pay up to (percent); uang muka pays no progress."""
    before = [b for b in contract.billings if b.position < bill.position
              and b.kind in (BillingKind.TERM, BillingKind.FINAL)]  # fmt: skip
    return max((Decimal(b.percent) for b in before if b.percent is not None), default=Decimal(0))


def reckon(
    contract: Contract, bill: Billing, after: Decimal, fined: Decimal = Decimal(0)
) -> rules.Payment:
    """What a bill pays when the work has reached ``after`` percent (gross with PPN)."""
    zero = Decimal(0)
    if bill.kind == BillingKind.ADVANCE:
        return rules.Payment(contract.advance, zero, zero, zero)
    held = own_terms(contract)["retensi"].value if contract.retention == "retensi" else zero
    if bill.kind == BillingKind.RETENTION:
        return rules.Payment(rules.rupiah(contract.value * held / 100), zero, zero, fined)
    before = paid_before(contract, bill)
    if not before <= after <= 100:
        raise Refused(
            f"Kemajuan antara {before.normalize():f} dan 100 persen, tidak kurang dari yang sudah "
            "dibayar. Contoh: 40"
        )
    return rules.termin(contract.value, (before, after), contract.advance, held, fined)


@dataclass(frozen=True)
class Fine:
    """Simulasi denda, belum ditetapkan PPK."""

    days: int
    amount: Decimal
    since: date
    permil: Decimal
    cap: Decimal | None
    until: date  # finished on, or today


def base_end(contract: Contract) -> date:
    """The last day without pemberian kesempatan: fines count from it (Perpres 16/2018 Ps 56)."""
    first = next((a for a in sorted(contract.addenda, key=lambda a: a.n)
                  if a.kind == "kesempatan"), None)  # fmt: skip
    return first.ends_before if first else contract.ends_on


def simulated_fine(contract: Contract, today: date) -> Fine | None:
    """The fine by the terms of the contract up to the day it was finished, or today; None when
    the contract was kept or has not ended."""
    over = [
        s.done_on
        for s in contract.steps
        if s.key in FINISHED and s.state == StepState.DONE and not s.former
    ]
    done = next(iter(over), None)
    until, since = done or today, base_end(contract)
    days = rules.days_late(since, until)
    if days == 0:
        return None
    known = own_terms(contract)
    cap = known["denda_batas"].value or None
    amount = rules.fine(contract.net, days, known["denda_permil"].value,
                        known["denda_bagian"].value, cap)  # fmt: skip
    return Fine(days, amount, since, known["denda_permil"].value, cap, until)


@dataclass(frozen=True)
class Bill:
    """A bill with its plan, its reckoning and whether it was paid."""

    row: Billing
    payment: Payment | None
    paid_on: date | None
    sp2d: str = ""


@dataclass(frozen=True)
class Money:
    """All money of a contract."""

    bills: list[Bill] = field(default_factory=list)
    advance: rules.AdvanceClass | None = None

    @property
    def paid(self) -> Decimal:
        """What the SP2D that were issued paid, before tax and fine."""
        return sum((b.payment.claim if b.payment else b.row.amount or Decimal(0)
                    for b in self.bills if b.paid_on), Decimal(0))  # fmt: skip


def money(contract: Contract) -> Money:
    """The bills of a contract with what was reckoned and paid."""
    known = payments(contract.id)
    sp2d = {s.instance: s for s in contract.steps
            if s.key == "sp2d" and s.state in (StepState.DONE, StepState.OPENING)}  # fmt: skip
    bills = [
        Bill(b, known.get(b.id), sp2d[b.instance].done_on or contract.goes_live
             if b.instance in sp2d else None, sp2d[b.instance].doc_no if b.instance in sp2d else "")
        for b in sorted(contract.billings, key=lambda b: b.position)
    ]  # fmt: skip
    bound = rules.advance_class(
        contract.value, small=contract.vendor_small, consulting=contract.type == "konsultansi",
        multi_year=contract.ends_on.year > contract.starts_on.year, rule=contract.rule,
    )  # fmt: skip
    return Money(bills, bound)
