"""What is stored of contracts: the contract, who holds which part of it, its steps, their plans."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Instant, Rupiah


class StepState(StrEnum):
    """What is stored of a step; whether it is late is computed, never stored."""

    OPEN = "open"
    DONE = "done"
    OPENING = "opening"  # Data awal: done before the contract entered the portal
    VOID = "void"  # Tidak berlaku


class Contract(Base):
    """One contract of one Perangkat Daerah with one penyedia."""

    __tablename__ = "contract"
    __table_args__ = (sa.UniqueConstraint("unit_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(80))
    title: Mapped[str] = mapped_column(sa.String(300))
    type: Mapped[str] = mapped_column(sa.String(20))  # konstruksi | barang | konsultansi | ...
    method: Mapped[str] = mapped_column(sa.String(30))  # pengadaan_langsung | tender | ...
    template: Mapped[str] = mapped_column(sa.String(60))
    value: Mapped[Decimal] = mapped_column(Rupiah)
    fund: Mapped[str] = mapped_column(sa.String(60))  # sumber dana
    vendor: Mapped[str] = mapped_column(sa.String(200))
    signed_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    goes_live: Mapped[date]  # clocks of a running contract start here
    plan_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)
    steps: Mapped[list[Step]] = relationship(back_populates="contract", order_by="Step.position")
    roles: Mapped[list[ContractRole]] = relationship(back_populates="contract")


class ContractRole(Base):
    """Which jabatan holds a part of a contract; a mutasi moves the person, not the work."""

    __tablename__ = "contract_role"
    __table_args__ = (sa.UniqueConstraint("contract_id", "role"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(20))
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"), index=True)
    contract: Mapped[Contract] = relationship(back_populates="roles")


class Step(Base):
    """One tonggak of one contract; lies on the desk of ``holder`` while it is open."""

    __tablename__ = "step"
    __table_args__ = (sa.UniqueConstraint("contract_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(40))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    holder: Mapped[str] = mapped_column(sa.String(20))
    basis: Mapped[str] = mapped_column(sa.String(200), default="")
    state: Mapped[str] = mapped_column(sa.String(10), default=StepState.OPEN)
    due_on: Mapped[date | None] = mapped_column(index=True)
    done_on: Mapped[date | None]
    doc_no: Mapped[str] = mapped_column(sa.String(120), default="")
    sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("blob.sha256"))
    file_name: Mapped[str] = mapped_column(sa.String(200), default="")
    done_by: Mapped[str] = mapped_column(sa.String(200), default="")
    contract: Mapped[Contract] = relationship(back_populates="steps")


class StepPlan(Base):
    """A planned date of a step; a new plan follows the old one, which stays visible."""

    __tablename__ = "step_plan"
    __table_args__ = (sa.UniqueConstraint("step_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(sa.ForeignKey("step.id"), index=True)
    version: Mapped[int]
    due_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    at: Mapped[datetime] = mapped_column(Instant)
