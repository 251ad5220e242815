"""What lies on a jabatan among the contracts: for the handover at a mutasi."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.contracts.models import Contract, ContractRole, Step, StepState
from portal.db import db


@dataclass(frozen=True)
class SeatStep:
    """One open step on the desk of a jabatan."""

    number: str
    contract: str
    step: str
    due_on: date | None


def open_steps(position_id: int) -> list[SeatStep]:
    """Open steps that the jabatan holds, those due first first; one query."""
    rows = db.session.execute(
        sa.select(Contract.number, Contract.title, Step.title, Step.due_on)
        .join(Step, Step.contract_id == Contract.id)
        .join(ContractRole, sa.and_(ContractRole.contract_id == Contract.id,
                                    ContractRole.role == Step.holder))
        .where(ContractRole.position_id == position_id, Step.state == StepState.OPEN)
        .order_by(Step.due_on.is_(None), Step.due_on, Contract.id, Step.position)
    )  # fmt: skip
    return [SeatStep(*row) for row in rows]


def contracts_of(position_id: int) -> list[tuple[str, str]]:
    """Number and title of the contracts in which the jabatan has a part."""
    rows = db.session.execute(
        sa.select(Contract.number, Contract.title).distinct()
        .join(ContractRole, ContractRole.contract_id == Contract.id)
        .where(ContractRole.position_id == position_id).order_by(Contract.number)
    )  # fmt: skip
    return [(number, title) for number, title in rows]
