"""Reads of contracts, scoped to who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from portal.clock import IsWorkday, workdays_between
from portal.contracts import rules
from portal.contracts.models import Contract, ContractRole, Step, StepState
from portal.db import db
from portal.people.kinds import Role
from portal.people.rules import Actor

#: Roles that see the contracts of the whole region; all others those of their own unit.
REGION_WIDE = frozenset({Role.PIMPINAN, Role.BUD, Role.UKPBJ})


def _scope(actor: Actor) -> sa.ColumnElement[bool]:
    if actor.roles & REGION_WIDE:
        return sa.true()
    held = sa.exists().where(
        ContractRole.contract_id == Contract.id,
        ContractRole.position_id.in_([h.position_id for h in actor.holdings]),
    )
    return sa.or_(Contract.unit_id.in_(actor.units()), held)


def contract_for(actor: Actor, contract_id: int) -> Contract | None:
    """The contract, or None when it is foreign to the actor (404)."""
    return db.session.scalar(
        sa.select(Contract)
        .where(Contract.id == contract_id, _scope(actor))
        .options(selectinload(Contract.steps), selectinload(Contract.roles))
    )


def contracts_for(actor: Actor) -> list[Contract]:
    """All contracts that the actor may see, with their steps: three queries."""
    return list(
        db.session.scalars(
            sa.select(Contract)
            .where(_scope(actor))
            .options(selectinload(Contract.steps), selectinload(Contract.roles))
            .order_by(Contract.ends_on, Contract.id)
        )
    )


def holds(actor: Actor, contract: Contract, step: Step) -> bool:
    """Whether the actor's jabatan holds the step."""
    mine = {h.position_id for h in actor.holdings}
    return any(r.role == step.holder and r.position_id in mine for r in contract.roles)


@dataclass(frozen=True)
class StepView:
    """A step as the screen shows it."""

    step: Step
    standing: rules.Standing
    current: bool
    late_days: int


def views(contract: Contract, today: date, is_workday: IsWorkday) -> list[StepView]:
    """The steps with their standing today; the first open one is current."""
    out, seen_open = [], False
    for step in contract.steps:
        current = step.state == StepState.OPEN and not seen_open
        seen_open = seen_open or current
        standing = rules.standing(step.state, step.due_on, step.done_on, current, today, is_workday)
        late = (
            workdays_between(step.due_on, today, is_workday)
            if standing is rules.Standing.LATE and step.due_on
            else 0
        )
        out.append(StepView(step, standing, current, late))
    return out
