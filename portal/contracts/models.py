"""What is stored of contracts: the package, its money and people, its steps and their plans."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.contracts.kinds import ContractState, Detail, GuaranteeState, StepState
from portal.db import Base, Exact, Instant, JsonText, Rupiah

__all__ = [
    "Addendum", "Billing", "Contract", "ContractFund", "ContractRole", "Guarantee", "Step",
    "StepPlan", "StepState",
]  # fmt: skip


class Contract(Base):
    """One package of one Perangkat Daerah, and the contract that it becomes.

    While ``state`` is ``paket`` the number is that of the package and the dates are what the RUP
    plans. ``ends_on`` is the last day in force; ``first_ends_on`` and ``first_value`` are those
    of the contract as it was signed. Money: rupiah with PPN in ``value``, without in ``net``.
    """

    __tablename__ = "contract"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "number"),
        sa.Index("ix_contract_list", "unit_id", "state", "ends_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(80))
    title: Mapped[str] = mapped_column(sa.String(300))
    state: Mapped[str] = mapped_column(sa.String(10), default=ContractState.RUNNING)
    year: Mapped[int] = mapped_column(index=True, default=0)  # tahun anggaran
    rup_code: Mapped[str] = mapped_column(sa.String(40), default="")
    spse_code: Mapped[str] = mapped_column(sa.String(40), default="")  # kd_tender, kd_nontender
    type: Mapped[str] = mapped_column(sa.String(20))  # kinds.TYPES
    method: Mapped[str] = mapped_column(sa.String(30))  # kinds.METHODS
    rule: Mapped[str] = mapped_column(sa.String(40), default="")  # stages.RULES: version in force
    detail: Mapped[str] = mapped_column(sa.String(10), default=Detail.TONGGAK)
    value: Mapped[Decimal] = mapped_column(Rupiah)
    net: Mapped[Decimal] = mapped_column(Rupiah, default=Decimal(0))
    first_value: Mapped[Decimal] = mapped_column(Rupiah, default=Decimal(0))
    hps: Mapped[Decimal | None] = mapped_column(Rupiah)
    fund: Mapped[str] = mapped_column(sa.String(60))  # the largest of ``funds``, for lists
    line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("budget_line.id"), index=True)
    sub_code: Mapped[str] = mapped_column(sa.String(40), default="")  # sub kegiatan, as text
    account: Mapped[str] = mapped_column(sa.String(40), default="")  # kode rekening, as text
    vendor: Mapped[str] = mapped_column(sa.String(200))
    vendor_npwp: Mapped[str] = mapped_column(sa.String(24), default="")
    vendor_kind: Mapped[str] = mapped_column(sa.String(10), default="badan")
    vendor_small: Mapped[bool] = mapped_column(default=False)  # usaha mikro, kecil, koperasi
    payment: Mapped[str] = mapped_column(sa.String(12), default="sekaligus")
    terms: Mapped[int] = mapped_column(default=0)  # number of termin before the last payment
    advance: Mapped[Decimal] = mapped_column(Rupiah, default=Decimal(0))  # uang muka
    retention: Mapped[str] = mapped_column(sa.String(10), default="tidak")
    signed_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    first_ends_on: Mapped[date | None]
    limits: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)  # SSKK: see stages.Limit
    goes_live: Mapped[date]  # clocks of a running contract start here
    plan_version: Mapped[int] = mapped_column(default=1)
    calendar_mark: Mapped[str] = mapped_column(sa.String(16), default="", index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    steps: Mapped[list[Step]] = relationship(back_populates="contract", order_by="Step.position")
    roles: Mapped[list[ContractRole]] = relationship(back_populates="contract")
    funds: Mapped[list[ContractFund]] = relationship(order_by="ContractFund.id")
    addenda: Mapped[list[Addendum]] = relationship(order_by="Addendum.n")
    guarantees: Mapped[list[Guarantee]] = relationship(order_by="Guarantee.id")
    billings: Mapped[list[Billing]] = relationship(order_by="Billing.position")


class ContractFund(Base):
    """The part of a contract that one source of money pays; the parts sum up to its value."""

    __tablename__ = "contract_fund"
    __table_args__ = (sa.UniqueConstraint("contract_id", "fund"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    fund: Mapped[str] = mapped_column(sa.String(60), index=True)
    amount: Mapped[Decimal] = mapped_column(Rupiah)


class ContractRole(Base):
    """Which jabatan holds a part of a contract; a mutasi moves the person, not the work."""

    __tablename__ = "contract_role"
    __table_args__ = (sa.UniqueConstraint("contract_id", "role"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(20))  # kinds.ROLES
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"), index=True)
    contract: Mapped[Contract] = relationship(back_populates="roles")


class Addendum(Base):
    """A signed change of value or time; the plan before it stays in StepPlan."""

    __tablename__ = "addendum"
    __table_args__ = (sa.UniqueConstraint("contract_id", "n"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    n: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(12), default="perubahan")  # | kesempatan
    number: Mapped[str] = mapped_column(sa.String(80))
    signed_on: Mapped[date]
    value_change: Mapped[Decimal] = mapped_column(Rupiah, default=Decimal(0))
    days_change: Mapped[int] = mapped_column(default=0)  # calendar days, negative shortens
    ends_before: Mapped[date]
    ends_on: Mapped[date]
    basis: Mapped[str] = mapped_column(sa.String(400), default="")
    plan_version: Mapped[int]  # the plan that it made
    by_label: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime] = mapped_column(Instant)


class Guarantee(Base):
    """A bank guarantee or surety bond with the day on which it ends."""

    __tablename__ = "guarantee"
    __table_args__ = (sa.UniqueConstraint("contract_id", "kind", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))  # kinds.GUARANTEES
    number: Mapped[str] = mapped_column(sa.String(80))
    amount: Mapped[Decimal] = mapped_column(Rupiah)
    issuer: Mapped[str] = mapped_column(sa.String(120), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(sa.String(14), default=GuaranteeState.VALID)
    state_on: Mapped[date | None]


class Billing(Base):
    """Berkas bayar: one payment of a contract with a chain of steps of its own.

    Its steps are those with ``Step.instance == Billing.instance``: ``tagihan`` (rinci and long
    tonggak), ``spp``, ``spm``, ``sp2d``. ``percent`` is the progress (0..100, cumulative) that it
    pays up to; ``amount`` what its SP2D pays before tax and fine (with PPN, less the uang muka
    that it pays back and the retensi): the amounts of all bills sum up to the contract.
    """

    __tablename__ = "billing"
    __table_args__ = (sa.UniqueConstraint("contract_id", "instance"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    instance: Mapped[str] = mapped_column(sa.String(12))  # um | t1.. | akhir | retensi
    kind: Mapped[str] = mapped_column(sa.String(12))  # kinds.BillingKind
    title: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int]
    percent: Mapped[Decimal | None] = mapped_column(Exact)
    amount: Mapped[Decimal | None] = mapped_column(Rupiah)
    expected_on: Mapped[date | None]  # when the penyedia is expected to bill


class Step(Base):
    """One step of one contract; lies on the desk ``desk`` of ``holder`` while it is open.

    ``ready_on`` is the day from which it can be worked on (what goes before it is finished): an
    open step with a ``ready_on`` lies on a desk now. ``due_on`` is its own limit, None when it
    has none; ``plan_on`` is its day in the formal plan in force (signing, addendum, calendar), to
    which lateness of the whole is measured; progress never moves it.
    """

    __tablename__ = "step"
    __table_args__ = (
        sa.UniqueConstraint("contract_id", "key", "instance"),
        sa.Index("ix_step_due", "state", "due_on"),
        sa.Index(
            "ix_step_slack", "plan_on",
            sqlite_where=sa.text("due_on IS NULL AND ready_on IS NOT NULL"),
            postgresql_where=sa.text("due_on IS NULL AND ready_on IS NOT NULL"),
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(40))
    instance: Mapped[str] = mapped_column(sa.String(12), default="")  # billing, event, year
    position: Mapped[int]
    phase: Mapped[str] = mapped_column(sa.String(20), default="")  # kinds.PHASES
    title: Mapped[str] = mapped_column(sa.String(200))
    holder: Mapped[str] = mapped_column(sa.String(20))  # kinds.HOLDER_LABELS
    others: Mapped[list[str]] = mapped_column(JsonText, default=list)
    desk: Mapped[str] = mapped_column(sa.String(12), default="")  # kinds.Desk
    basis: Mapped[str] = mapped_column(sa.String(300), default="")
    mode: Mapped[str] = mapped_column(sa.String(8), default="max")  # stages.Limit
    days: Mapped[int | None]
    day_kind: Mapped[str] = mapped_column(sa.String(10), default="kerja")
    roll: Mapped[str] = mapped_column(sa.String(6), default="maju")
    after: Mapped[list[str]] = mapped_column(JsonText, default=list)  # node ids, see planning
    optional: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(sa.String(10), default=StepState.OPEN)
    due_on: Mapped[date | None] = mapped_column(index=True)
    plan_on: Mapped[date | None]
    ready_on: Mapped[date | None]
    clock_on: Mapped[date | None]  # a desk acknowledged the file: its limit counts from here
    done_on: Mapped[date | None]
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    doc_no: Mapped[str] = mapped_column(sa.String(120), default="")
    sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("blob.sha256"))
    file_name: Mapped[str] = mapped_column(sa.String(200), default="")
    done_by: Mapped[str] = mapped_column(sa.String(200), default="")
    adjusted: Mapped[bool] = mapped_column(default=False)  # Jadwal disesuaikan
    cycle: Mapped[int] = mapped_column(default=1)  # plan version that gave the present due date
    reopened: Mapped[int] = mapped_column(default=0)
    former: Mapped[str] = mapped_column(sa.String(120), default="")  # of another template: why
    contract: Mapped[Contract] = relationship(back_populates="steps")


class StepPlan(Base):
    """A planned date of a step; a new plan follows the old one, which stays visible."""

    __tablename__ = "step_plan"
    __table_args__ = (sa.UniqueConstraint("step_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(sa.ForeignKey("step.id"), index=True)
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(10), default="awal")  # planning.PlanKind
    due_on: Mapped[date | None]
    plan_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    at: Mapped[datetime] = mapped_column(Instant)
