"""What is stored of notices: the duty to tell, what is sent, each attempt, what was asked."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Instant, JsonText, Rupiah


class MessageState(StrEnum):
    """Menunggu, sedang dikirim, terkirim ke penyedia layanan, sampai, dibaca, gagal, batal."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"  # the carrier has taken it
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    DROPPED = "dropped"  # settled before it went out


class Notice(Base):
    """Somebody must be told something once: unique on subject, cycle, rung and recipient.

    ``closed_at`` is set when the subject is settled, was planned anew, or lies on another desk:
    an open notice stays visible in the inbox, a closed one is history.
    """

    __tablename__ = "notice"
    __table_args__ = (
        sa.UniqueConstraint("subject", "cycle", "rung", "person_id"),
        sa.Index("ix_notice_open", "closed_at", "subject"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(80), index=True)  # entry:12 | step:7
    cycle: Mapped[int]  # plan version of the step, version of the isian
    rung: Mapped[str] = mapped_column(sa.String(20))  # h-3 | h-1 | lewat | kepala | ...
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    contract_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(300))  # what and until when, for inbox and mail
    short: Mapped[str] = mapped_column(sa.String(160))  # for an SMS; no names, no money
    link: Mapped[str] = mapped_column(sa.String(200))
    due_on: Mapped[date | None]
    urgent: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_why: Mapped[str] = mapped_column(sa.String(20), default="")  # selesai | jadwal | pindah


class Message(Base):
    """One text to one person over one channel in one slot of one local day.

    ``slot`` is ``harian`` (the digest), ``segera-HH`` (urgent) or ``uji-N`` (a trial). ``body`` is
    the long text, ``short`` the one for an SMS; the gateway says which of them it carries.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "channel", "day", "slot"),
        sa.Index("ix_message_state_next", "state", "not_before"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    channel: Mapped[str] = mapped_column(sa.String(12))  # email | sms | push | lain
    day: Mapped[date]
    slot: Mapped[str] = mapped_column(sa.String(16))
    address: Mapped[str] = mapped_column(sa.String(200))
    subject_line: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    short: Mapped[str] = mapped_column(sa.String(200), default="")
    gateway: Mapped[str] = mapped_column(sa.String(40), default="")  # a trial names its gateway
    state: Mapped[str] = mapped_column(sa.String(10), default=MessageState.WAITING)
    doubtful: Mapped[bool] = mapped_column(default=False)  # mungkin terkirim dua kali
    seen_by: Mapped[str] = mapped_column(sa.String(200), default="")  # who looked at the doubt
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    not_before: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    attempts: Mapped[list[Attempt]] = relationship(order_by="Attempt.n")


class MessageNotice(Base):
    """Which notices a message carries."""

    __tablename__ = "message_notice"
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id"), primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notice.id"), primary_key=True, index=True)


class Attempt(Base):
    """One try to send: written before the call, completed after it, receipts added later."""

    __tablename__ = "attempt"
    __table_args__ = (
        sa.UniqueConstraint("message_id", "n"),
        sa.Index("ix_attempt_receipt", "gateway", "provider_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id"), index=True)
    n: Mapped[int]
    gateway: Mapped[str] = mapped_column(sa.String(40), default="")
    started_at: Mapped[datetime] = mapped_column(Instant, index=True)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    failed_at: Mapped[datetime | None] = mapped_column(Instant)
    provider_id: Mapped[str] = mapped_column(sa.String(120), default="")
    cost: Mapped[Decimal] = mapped_column(Rupiah, default=Decimal(0))
    error: Mapped[str] = mapped_column(sa.Text, default="")


class PushSubscription(Base):
    """A browser of one person that takes web push; the endpoint's host is allow-listed."""

    __tablename__ = "push_subscription"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    endpoint: Mapped[str] = mapped_column(sa.String(500), unique=True)
    p256dh: Mapped[str] = mapped_column(sa.String(120))
    auth: Mapped[str] = mapped_column(sa.String(60))
    at: Mapped[datetime] = mapped_column(Instant)


class Explanation(Base):
    """A Permintaan penjelasan to the kepala of a Perangkat Daerah, and the answer in three fields.

    ``open_key`` is the subject while the question is open and NULL once it is answered, so that
    one subject has one open question at most, whoever asks.
    """

    __tablename__ = "explanation"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(80), index=True)
    open_key: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    contract_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    question: Mapped[str] = mapped_column(sa.String(400))
    link: Mapped[str] = mapped_column(sa.String(200), default="")
    asked_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    asked_by: Mapped[str] = mapped_column(sa.String(200))  # jabatan, or Selaras
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answer_by: Mapped[date]
    cause: Mapped[str] = mapped_column(sa.Text, default="")  # sebab
    action: Mapped[str] = mapped_column(sa.Text, default="")  # tindak lanjut
    promised_on: Mapped[date | None]  # perkiraan selesai
    answered_by: Mapped[str] = mapped_column(sa.String(200), default="")  # jabatan
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class LetterDraft(Base):
    """Naskah surat to a kepala PD, for the Sekda's decision; number and signature are outside.

    ``open_key`` is the unit while the draft waits for the decision, then NULL.
    """

    __tablename__ = "letter_draft"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    open_key: Mapped[int | None] = mapped_column(unique=True)
    made_on: Mapped[date]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    decision: Mapped[str] = mapped_column(sa.String(20), default="")  # dipakai | tidak
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    decided_by: Mapped[str] = mapped_column(sa.String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
