"""Reads of accesses from outside; scoped to who asks."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from portal.contracts.models import Contract, ContractRole
from portal.counsel import rules
from portal.counsel.models import Assistance, AssistanceContract, IssuedPack
from portal.db import db
from portal.people import queries as people
from portal.people.rules import Actor, Role


def is_inspektur(actor: Actor) -> bool:
    """The head of the Inspektorat."""
    holder, others = people.duty_units("inspektorat")
    return bool(actor.units(Role.KEPALA) & {n for n in (holder, *others) if n})


def _scope(actor: Actor) -> sa.ColumnElement[bool]:
    if is_inspektur(actor):
        return sa.true()
    held = (
        sa.exists()
        .where(AssistanceContract.assistance_id == Assistance.id)
        .where(ContractRole.contract_id == AssistanceContract.contract_id)
        .where(ContractRole.position_id.in_([h.position_id for h in actor.holdings]))
    )
    return sa.or_(Assistance.unit_id.in_(actor.units()), held)


def listed(actor: Actor, most: int = 100) -> list[Assistance]:
    """Accesses that concern the actor, the newest first; three queries."""
    return list(
        db.session.scalars(
            sa.select(Assistance).where(_scope(actor)).order_by(Assistance.id.desc()).limit(most)
            .options(selectinload(Assistance.contracts), selectinload(Assistance.packs))
        )
    )  # fmt: skip


def found_for(actor: Actor, access_id: int) -> Assistance | None:
    """One of them, or None (404)."""
    return db.session.scalar(sa.select(Assistance).where(Assistance.id == access_id, _scope(actor)))


def contracts_of(ids: Collection[int]) -> dict[int, Contract]:
    """Contracts by id."""
    rows = db.session.scalars(sa.select(Contract).where(Contract.id.in_(ids)))
    return {c.id: c for c in rows}


def by_secret(secret: str, today: date) -> Assistance | None:
    """The pendampingan that this link opens today; None for every other address."""
    row = db.session.scalar(
        sa.select(Assistance).where(
            Assistance.secret_sha256 == hashlib.sha256(secret.encode()).hexdigest(),
            Assistance.kind == "pendampingan",
        )
    )
    return row if row and rules.is_open(row, today) and row.wrong < rules.TRIES else None


def open_on(contract_id: int, today: date) -> Assistance | None:
    """The pendampingan that reads this contract today: the banner. One query."""
    return db.session.scalar(
        sa.select(Assistance)
        .join(AssistanceContract, AssistanceContract.assistance_id == Assistance.id)
        .where(
            AssistanceContract.contract_id == contract_id, Assistance.kind == "pendampingan",
            Assistance.from_on <= today, Assistance.until_on >= today,
            Assistance.approved_at.is_not(None), Assistance.known_at.is_not(None),
            Assistance.withdrawn_at.is_(None),
        )
        .order_by(Assistance.until_on.desc()).limit(1)
    )  # fmt: skip


def pack_of(access: Assistance, pack_id: int, today: date) -> IssuedPack | None:
    """A pack while its access is open."""
    if not rules.is_open(access, today):
        return None
    return next((p for p in access.packs if p.id == pack_id), None)
