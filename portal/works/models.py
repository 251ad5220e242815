"""What is stored of work: items with their weeks, progress of weeks, photos, payments, terms."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Exact, Instant, JsonText, Rupiah


class WorkItem(Base):
    """A work item of one plan of a contract; an addendum makes a new plan beside the old one."""

    __tablename__ = "work_item"
    __table_args__ = (sa.UniqueConstraint("contract_id", "plan", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    plan: Mapped[int]  # 1, 2 after the first addendum, ...
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(200))
    value: Mapped[Decimal] = mapped_column(Rupiah)  # before PPN
    first_week: Mapped[int]
    last_week: Mapped[int]


class Progress(Base):
    """What was reached at the end of a week; a correction stays in the trail."""

    __tablename__ = "progress"
    __table_args__ = (sa.UniqueConstraint("contract_id", "week"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    week: Mapped[int]
    plan: Mapped[int]  # against which plan it was reported
    on: Mapped[date]  # last day of the week, or the day of the report
    planned: Mapped[Decimal] = mapped_column(Exact)  # cumulative percent, as it was then
    actual: Mapped[Decimal] = mapped_column(Exact)
    percents: Mapped[dict[str, str]] = mapped_column(JsonText, default=dict)  # position -> percent
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    by_label: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)
    photos: Mapped[list[Photo]] = relationship(order_by="Photo.id")


class Photo(Base):
    """A photo of the work: the picture without its data, date and place kept apart for the OPD."""

    __tablename__ = "work_photo"
    __table_args__ = (sa.UniqueConstraint("progress_id", "sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    progress_id: Mapped[int] = mapped_column(sa.ForeignKey("progress.id"), index=True)
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("blob.sha256"))
    name: Mapped[str] = mapped_column(sa.String(200))
    taken: Mapped[str] = mapped_column(sa.String(20), default="")  # as the camera wrote it
    latitude: Mapped[Decimal | None] = mapped_column(Exact)
    longitude: Mapped[Decimal | None] = mapped_column(Exact)


class CriticalNote(Base):
    """The PPK's declaration that a contract is kritis, with what it rests on."""

    __tablename__ = "critical_note"
    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    on: Mapped[date]
    threshold: Mapped[str] = mapped_column(sa.String(2))  # rules.Critical
    planned: Mapped[Decimal] = mapped_column(Exact)
    actual: Mapped[Decimal] = mapped_column(Exact)
    doc_no: Mapped[str] = mapped_column(sa.String(120))
    by_label: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)


class Payment(Base):
    """How much one bill pays: computed from progress, recorded by the PPK; rupiah before tax."""

    __tablename__ = "payment"
    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    billing_id: Mapped[int] = mapped_column(sa.ForeignKey("billing.id"), unique=True)
    before: Mapped[Decimal] = mapped_column(Exact)  # cumulative percent
    after: Mapped[Decimal] = mapped_column(Exact)
    gross: Mapped[Decimal] = mapped_column(Rupiah)
    advance: Mapped[Decimal] = mapped_column(Rupiah)
    retention: Mapped[Decimal] = mapped_column(Rupiah)
    fine: Mapped[Decimal] = mapped_column(Rupiah)  # as the PPK set it, 0 when none
    fine_basis: Mapped[str] = mapped_column(sa.String(300), default="")
    on: Mapped[date]  # of the Berita Acara Pembayaran
    doc_no: Mapped[str] = mapped_column(sa.String(120))
    by_label: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)

    @property
    def claim(self) -> Decimal:
        """What the SP2D pays before tax and fine: what counts as absorbed. Uang muka that is paid
        back was absorbed when it was paid; retensi is absorbed when it is released."""
        return self.gross - self.advance - self.retention

    @property
    def net(self) -> Decimal:
        """Paid out before tax."""
        return self.claim - self.fine


class WorkTerms(Base):
    """What the SSKK of a contract sets otherwise: key of terms -> value and basis."""

    __tablename__ = "work_terms"
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"), primary_key=True)
    own: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
