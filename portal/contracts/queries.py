"""Reads of contracts, scoped to who asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import aliased, selectinload

from portal.clock import IsWorkday, workdays_between
from portal.contracts import plans, rules, terms
from portal.contracts.kinds import RECORDERS, ContractState, GuaranteeState
from portal.contracts.models import (
    Contract,
    ContractFund,
    ContractRole,
    Guarantee,
    Step,
    StepPlan,
    StepState,
)
from portal.db import db
from portal.people import queries as people
from portal.people.kinds import SEKDA_UNIT, Role
from portal.people.models import Unit, Wave, WaveUnit
from portal.people.rules import Actor, UnitInfo

#: Roles that see the contracts of the whole region; all others those of their own unit.
REGION_WIDE = frozenset({Role.PIMPINAN, Role.BUD, Role.UKPBJ})


def scope(actor: Actor) -> sa.ColumnElement[bool]:
    """The contracts that the actor may see: region-wide roles all, others those of the unit and
    those in which the jabatan plays a part. The Sekda, who is told of them, sees all."""
    if actor.roles & REGION_WIDE:
        return sa.true()
    held = sa.exists().where(
        ContractRole.contract_id == Contract.id,
        ContractRole.position_id.in_([h.position_id for h in actor.holdings]),
    )
    heads = actor.units(Role.KEPALA)
    sekda = sa.exists().where(Unit.code == SEKDA_UNIT, Unit.id.in_(heads)) if heads else sa.false()
    return sa.or_(Contract.unit_id.in_(actor.units()), held, sekda)


def contract_for(actor: Actor, contract_id: int) -> Contract | None:
    """The contract, or None when it is foreign to the actor (404)."""
    return db.session.scalar(
        sa.select(Contract)
        .where(Contract.id == contract_id, scope(actor))
        .options(selectinload(Contract.steps), selectinload(Contract.roles),
                 selectinload(Contract.billings), selectinload(Contract.funds))
    )  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """What a list of contracts is narrowed to; empty means all."""

    unit_id: int | None = None
    fund: str = ""
    wave_id: int | None = None  # tahap of the module Kontrak
    method: str = ""
    state: str = ""
    year: int | None = None
    text: str = ""
    late_on: date | None = None  # only those with a step past its limit on that day
    late_steps: tuple[int, ...] | None = None  # of these steps alone

    def where(self) -> list[sa.ColumnElement[bool]]:
        """As conditions on Contract."""
        out: list[sa.ColumnElement[bool]] = []
        for column in ("unit_id", "method", "state", "year"):
            if getattr(self, column):
                out.append(getattr(Contract, column) == getattr(self, column))
        if self.fund:
            part = aliased(ContractFund)
            out.append(Contract.id.in_(sa.select(part.contract_id).where(part.fund == self.fund)))
        if self.wave_id:
            out.append(Contract.unit_id.in_(
                sa.select(WaveUnit.unit_id).where(WaveUnit.wave_id == self.wave_id)))  # fmt: skip
        if self.late_on:
            late = aliased(Step)
            among = sa.true() if self.late_steps is None else late.id.in_(self.late_steps)
            out.append(Contract.id.in_(sa.select(late.contract_id).where(
                late.state == StepState.OPEN, late.ready_on.is_not(None),
                late.due_on < self.late_on, among)))  # fmt: skip
        if self.text:
            like = f"%{self.text.replace('%', '').replace('_', '')}%"
            out.append(sa.or_(Contract.number.ilike(like), Contract.title.ilike(like),
                              Contract.vendor.ilike(like)))  # fmt: skip
        return out


def late_steps(actor: Actor, day: date) -> list[tuple[int, int, str]]:
    """Steps on desks past their limit on ``day`` that the actor may see: id, unit, holder."""
    rows = db.session.execute(
        sa.select(Step.id, Contract.unit_id, Step.holder)
        .join(Contract, Contract.id == Step.contract_id)
        .where(scope(actor), Step.state == StepState.OPEN, Step.ready_on.is_not(None),
               Step.due_on < day)
    )  # fmt: skip
    return [(row[0], row[1], row[2]) for row in rows]


def contracts_for(actor: Actor, chosen: Filter | None = None) -> list[Contract]:
    """All contracts that the actor may see, with their steps: three queries."""
    return list(
        db.session.scalars(
            sa.select(Contract)
            .where(scope(actor), *(chosen or Filter()).where())
            .options(selectinload(Contract.steps), selectinload(Contract.roles))
            .order_by(Contract.ends_on, Contract.id)
        )
    )


@dataclass(frozen=True)
class Page:
    """One page of a list and how many there are in all."""

    contracts: list[Contract]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


def register(actor: Actor, chosen: Filter, page: int = 1, size: int = 50) -> Page:
    """A page of the register with steps and roles: running first, then by last day."""
    where = [scope(actor), *chosen.where()]
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Contract).where(*where)) or 0
    page = min(max(page, 1), max(1, -(-total // size)))
    rank = sa.case(
        {ContractState.RUNNING: 0, ContractState.PACKAGE: 1}, value=Contract.state, else_=2
    )
    found = db.session.scalars(
        sa.select(Contract).where(*where).order_by(rank, Contract.ends_on, Contract.id)
        .limit(size).offset((page - 1) * size).options(selectinload(Contract.roles))
    )  # fmt: skip
    return Page(list(found), total, page, size)


def on_desks(contract_ids: list[int]) -> dict[int, list[Step]]:
    """The steps of contracts that lie on a desk now, the most urgent first; one query."""
    rows = db.session.scalars(
        sa.select(Step).where(Step.contract_id.in_(contract_ids), Step.state == StepState.OPEN,
                              Step.ready_on.is_not(None))
    )  # fmt: skip
    out: dict[int, list[Step]] = {}
    for step in rows:
        out.setdefault(step.contract_id, []).append(step)
    for steps in out.values():
        steps.sort(key=lambda s: (s.due_on or date.max, s.position))
    return out


def waves() -> list[Wave]:
    """Tahap of the module Kontrak, in order."""
    return list(
        db.session.scalars(
            sa.select(Wave).where(Wave.module == "kontrak").order_by(Wave.opens_on, Wave.id)
        )
    )


def holds(actor: Actor, contract: Contract, step: Step) -> bool:
    """Whether the step lies on the desk of the actor's jabatan, or of one without an account for
    which it keeps the record (penyedia, pengawas)."""
    mine = {h.position_id for h in actor.holdings}
    held = {r.role for r in contract.roles if r.position_id in mine}
    if step.holder in held:
        return True
    known = {r.role for r in contract.roles}
    if step.holder in known:
        return False
    keeper = next((r for r in RECORDERS.get(step.holder, ()) if r in known), "")
    return keeper in held


def may_finish(actor: Actor, contract: Contract, step: Step) -> bool:
    """Whether the actor's jabatan may record that the step is done: its holder, or one through
    whose hands it goes."""
    mine = {h.position_id for h in actor.holdings}
    held = {r.role for r in contract.roles if r.position_id in mine}
    return holds(actor, contract, step) or bool(held & (set(step.others) - {"penyedia"}))


@dataclass(frozen=True)
class StepView:
    """A step as the screen shows it."""

    step: Step
    standing: rules.Standing
    current: bool
    late_days: int


def begun(step: Step, today: date) -> bool:
    """False for a row of a coming year (year-end rows exist per year): nobody works on it yet."""
    year = step.instance
    return not (len(year) == 4 and year.isdigit() and int(year) > today.year)


def view(step: Step, today: date, is_workday: IsWorkday) -> StepView:
    """One step with its standing; ``current`` while it lies on a desk."""
    current = step.state == StepState.OPEN and step.ready_on is not None and begun(step, today)
    standing = rules.standing(
        step.state,
        step.due_on,
        step.done_on,
        current,
        today,
        is_workday,
        step.adjusted,
        terms.whole("mendekati", today),
    )
    late = (
        workdays_between(step.due_on, today, is_workday)
        if standing is rules.Standing.LATE and step.due_on
        else 0
    )
    return StepView(step, standing, current, late)


def views(contract: Contract, today: date, is_workday: IsWorkday) -> list[StepView]:
    """The steps with their standing today; those of a former template stand apart."""
    return step_views([s for s in contract.steps if not s.former], today, is_workday)


def former(contract: Contract) -> list[Step]:
    """Finished steps of a type or method that was put right: history."""
    return [s for s in contract.steps if s.former and s.done_on is not None]


def step_views(steps: Iterable[Step], today: date, is_workday: IsWorkday) -> list[StepView]:
    """Some steps of a contract with their standing today."""
    return [view(step, today, is_workday) for step in steps]


def short_guarantees(contract: Contract) -> list[Guarantee]:
    """Guarantees in force that end before the work does: they must be prolonged."""
    return [
        g for g in contract.guarantees
        if g.state == GuaranteeState.VALID and g.kind in ("pelaksanaan", "uang_muka")
        and g.ends_on < contract.ends_on
    ]  # fmt: skip


def units_of(actor: Actor, units: Iterable[UnitInfo]) -> list[UnitInfo]:
    """Perangkat Daerah that have contracts the actor may see, by name; one query."""
    rows = db.session.scalars(sa.select(Contract.unit_id).where(scope(actor)).distinct())
    have = set(rows)
    return sorted((u for u in units if u.id in have), key=lambda u: u.name)


def funds_of(actor: Actor) -> list[str]:
    """Sources of money of the contracts that the actor may see; one query."""
    return sorted(db.session.scalars(
        sa.select(ContractFund.fund).join(Contract, Contract.id == ContractFund.contract_id)
        .where(scope(actor)).distinct()))  # fmt: skip


def sum_of(actor: Actor, chosen: Filter) -> Decimal:
    """Rupiah of all contracts of a filter; only the part of the chosen source of money."""
    where = [scope(actor), *chosen.where()]
    query = sa.select(sa.func.sum(Contract.value)).where(*where)
    if chosen.fund:
        query = (
            sa.select(sa.func.sum(ContractFund.amount))
            .join(Contract, Contract.id == ContractFund.contract_id)
            .where(ContractFund.fund == chosen.fund, *where)
        )
    return db.session.scalar(query) or Decimal(0)


def my_steps(actor: Actor) -> list[tuple[Contract, Step]]:
    """Steps on the desk of the actor's jabatan, the most urgent first; three queries."""
    mine = [h.position_id for h in actor.holdings]
    held = sa.select(ContractRole.contract_id).where(ContractRole.position_id.in_(mine))
    rows = db.session.execute(
        sa.select(Contract, Step)
        .join(Step, Step.contract_id == Contract.id)
        .where(Contract.id.in_(held), Step.state == StepState.OPEN, Step.ready_on.is_not(None))
        .options(selectinload(Contract.roles))
    )
    now = people.today()
    found = [(c, s) for c, s in rows if holds(actor, c, s) and begun(s, now)]
    return sorted(found, key=lambda r: (r[1].due_on or date.max, r[0].id, r[1].position))


def due_between(actor: Actor, first: date, last: date) -> list[tuple[Contract, Step]]:
    """Open steps with a limit in a span of days, on desks or still to come; one query."""
    rows = db.session.execute(
        sa.select(Contract, Step)
        .join(Step, Step.contract_id == Contract.id)
        .where(scope(actor), Step.state == StepState.OPEN, Step.due_on.between(first, last))
        .order_by(Step.due_on, Contract.id, Step.position)
        .limit(400)
    )
    return [(contract, one) for contract, one in rows]


def guarantees_ending(actor: Actor, first: date, last: date) -> list[tuple[Contract, Guarantee]]:
    """Guarantees in force that end in a span of days; one query."""
    rows = db.session.execute(
        sa.select(Contract, Guarantee)
        .join(Guarantee, Guarantee.contract_id == Contract.id)
        .where(scope(actor), Guarantee.state == GuaranteeState.VALID,
               Guarantee.ends_on.between(first, last))
        .order_by(Guarantee.ends_on, Contract.id)
    )  # fmt: skip
    return [(contract, one) for contract, one in rows]


def plans_of(step_id: int) -> list[StepPlan]:
    """All plans of a step, the newest first."""
    return list(
        db.session.scalars(
            sa.select(StepPlan).where(StepPlan.step_id == step_id).order_by(StepPlan.version.desc())
        )
    )


def evidence_of(contract: Contract, step: Step) -> str:
    """What paper proves a step, as the template says."""
    return next((s.evidence for s in plans.library().fine if s.key == step.key
                 and contract.type in s.types and contract.method in s.methods), "")  # fmt: skip
