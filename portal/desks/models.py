"""What is stored of desks: where a file lay, pauses, kendala, tanggapan."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant, JsonText
from portal.desks.kinds import HindranceState


class Hold(Base):
    """One stay of the file of a step on one desk; the newest without ``left_on`` is now.

    Written when somebody acts: a step without rows lies with its holder since it became ready.
    """

    __tablename__ = "hold"
    __table_args__ = (
        sa.UniqueConstraint("step_id", "n"),
        sa.Index("ix_hold_contract", "contract_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"))
    step_id: Mapped[int] = mapped_column(sa.ForeignKey("step.id"), index=True)
    n: Mapped[int]
    holder: Mapped[str] = mapped_column(sa.String(20))  # contracts.kinds.HOLDER_LABELS
    desk: Mapped[str] = mapped_column(sa.String(12))  # contracts.kinds.Desk
    arrived_on: Mapped[date]
    received_on: Mapped[date | None]  # Terima: the desk's clock starts here
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    received_by: Mapped[str] = mapped_column(sa.String(200), default="")  # jabatan, not person
    lacking: Mapped[list[str]] = mapped_column(JsonText, default=list)  # kinds.PAPERS
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    left_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(sa.String(12), default="")  # kinds.Outcome
    slip_no: Mapped[str] = mapped_column(sa.String(40), default="")  # of a return


class Pause(Base):
    """Penundaan tercatat: a clock that stands still, with its reason and its document.

    ``contract_id`` None: declared once by BPKAD for every contract. ``step_id`` None: for all
    steps of the contract.
    """

    __tablename__ = "pause"
    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    step_id: Mapped[int | None] = mapped_column(sa.ForeignKey("step.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(12))  # kinds.REASONS
    since: Mapped[date]
    until: Mapped[date | None]
    doc_no: Mapped[str] = mapped_column(sa.String(120))
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("blob.sha256"))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    by_label: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)


class Hindrance(Base):
    """Kendala: told by the holder of a step, before its limit if possible; answered above."""

    __tablename__ = "hindrance"
    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    step_id: Mapped[int] = mapped_column(sa.ForeignKey("step.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    expected_on: Mapped[date | None]  # until when it is expected to last
    sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("blob.sha256"))
    file_name: Mapped[str] = mapped_column(sa.String(200), default="")
    in_time: Mapped[bool]  # told before the limit had passed
    state: Mapped[str] = mapped_column(sa.String(14), default=HindranceState.STATED)
    answer: Mapped[str] = mapped_column(sa.String(500), default="")
    quiet_until: Mapped[date | None]  # accepted: no reminders up to this day
    by_label: Mapped[str] = mapped_column(sa.String(200))
    position_id: Mapped[int | None] = mapped_column(sa.ForeignKey("position.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    answered_by: Mapped[str] = mapped_column(sa.String(200), default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class Reply(Base):
    """Tanggapan of a desk (or of the penyedia, recorded by the PPK) on a step past its limit."""

    __tablename__ = "reply"
    __table_args__ = (sa.Index("ix_reply_step", "step_id", "cycle"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    step_id: Mapped[int] = mapped_column(sa.ForeignKey("step.id"))
    cycle: Mapped[int]  # Step.cycle that it answers
    party: Mapped[str] = mapped_column(sa.String(20))  # holder whose side is told
    text: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("blob.sha256"))
    file_name: Mapped[str] = mapped_column(sa.String(200), default="")
    by_label: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)
