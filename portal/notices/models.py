"""What is stored of notices: the duty to tell, what is sent, each attempt."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Instant


class MessageState(StrEnum):
    """Menunggu, sedang dikirim, terkirim ke penyedia layanan, gagal, mungkin dua kali."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DOUBTFUL = "doubtful"


class Notice(Base):
    """Somebody must be told something once: unique on subject, cycle, rung and recipient."""

    __tablename__ = "notice"
    __table_args__ = (sa.UniqueConstraint("subject", "cycle", "rung", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(80), index=True)  # entry:12 | step:7
    cycle: Mapped[int]  # plan version of the step, version of the isian
    rung: Mapped[str] = mapped_column(sa.String(20))  # dikembalikan | h-3 | h-1 | lewat
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"))
    title: Mapped[str] = mapped_column(sa.String(200))  # what and until when, for the inbox
    short: Mapped[str] = mapped_column(sa.String(120))  # for an SMS; no names, no money
    link: Mapped[str] = mapped_column(sa.String(200))
    due_on: Mapped[date | None]
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    read_at: Mapped[datetime | None] = mapped_column(Instant)


class Message(Base):
    """One text to one person over one channel in one slot of one local day."""

    __tablename__ = "message"
    __table_args__ = (sa.UniqueConstraint("person_id", "channel", "day", "slot"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    channel: Mapped[str] = mapped_column(sa.String(12))  # email | sms
    day: Mapped[date]
    slot: Mapped[str] = mapped_column(sa.String(8))  # pagi | siang | sore
    address: Mapped[str] = mapped_column(sa.String(200))
    subject_line: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.String(10), default=MessageState.WAITING, index=True)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    attempts: Mapped[list[Attempt]] = relationship(order_by="Attempt.n")


class MessageNotice(Base):
    """Which notices a message carries."""

    __tablename__ = "message_notice"
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id"), primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notice.id"), primary_key=True, index=True)


class Attempt(Base):
    """One try to send: written before the call, completed after it."""

    __tablename__ = "attempt"
    __table_args__ = (sa.UniqueConstraint("message_id", "n"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id"), index=True)
    n: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Instant)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    provider_id: Mapped[str] = mapped_column(sa.String(120), default="")
    error: Mapped[str] = mapped_column(sa.Text, default="")
