"""Reading from outside in the demo: a pendampingan that runs, a request that still waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal.contracts.kinds import ContractState
from portal.contracts.models import Contract
from portal.counsel import flow
from portal.db import db
from portal.people import queries as people
from portal.people.models import Position, Unit
from portal.people.rules import PORTAL, Actor, Role


def load(_db: Any) -> None:
    """Two letters of the Kejaksaan about contracts of DPUPR."""
    today = people.today()
    found = _db.session.scalars(
        sa.select(Contract).join(Unit, Unit.id == Contract.unit_id)
        .where(Unit.code == "DPUPR", Contract.state == ContractState.RUNNING,
               Contract.type == "konstruksi")
        .order_by(Contract.id)
    ).all()  # fmt: skip
    for n, contract in enumerate(found[:2]):
        new = flow.NewAssistance(
            ("pendampingan", "permintaan")[n], "Kejaksaan Negeri Contoh", f"B-{120 + n}/CONTOH",
            today - timedelta(days=14), "Kepala Kejaksaan Negeri Contoh",
            ("Pendampingan hukum pelaksanaan pekerjaan", "Data kontrak untuk telaah")[n],
            today - timedelta(days=7), today + timedelta(days=60),
        )  # fmt: skip
        access = flow.ask(new, [contract], _head(contract.unit_id) or PORTAL)
        head = _head(contract.unit_id)
        if head is not None:
            flow.approve(access, head)
        inspector = _head(_inspectorate())
        if n == 0 and inspector is not None:
            flow.know(access, inspector)


def _inspectorate() -> int:
    holder, others = people.duty_units("inspektorat")
    return holder or next(iter(others), 0)


def _head(unit_id: int) -> Actor | None:
    seat = db.session.scalar(
        sa.select(Position).where(Position.unit_id == unit_id, Position.role == Role.KEPALA,
                                  Position.active)
    )  # fmt: skip
    if seat is None:
        return None
    who = people.holder(unit_id, Role.KEPALA, people.today())
    return people.actor_of(who.person_id, seat.id) if who else None
