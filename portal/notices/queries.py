"""Reads of the inbox and of what was sent."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from portal.db import db
from portal.notices.models import Attempt, Message, Notice

STATE_WORDS = {
    "waiting": "Menunggu",
    "sending": "Sedang dikirim",
    "sent": "Terkirim ke penyedia layanan",
    "failed": "Gagal",
    "doubtful": "Mungkin terkirim dua kali",
}


def inbox(person_id: int, most: int = 100) -> list[Notice]:
    """Notices of one person, newest first."""
    return list(
        db.session.scalars(
            sa.select(Notice)
            .where(Notice.person_id == person_id)
            .order_by(Notice.at.desc(), Notice.id.desc())
            .limit(most)
        )
    )


def unread(person_id: int) -> int:
    """How many notices the person has not opened."""
    return db.session.scalar(
        sa.select(sa.func.count(Notice.id)).where(
            Notice.person_id == person_id, Notice.read_at.is_(None)
        )
    ) or 0  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """One message with the outcome of its last attempt."""

    message: Message
    word: str
    error: str
    attempts: int


def sent_messages(most: int = 200) -> list[Sent]:
    """The register of messages for the admin, newest first: two queries."""
    messages = list(db.session.scalars(sa.select(Message).order_by(Message.id.desc()).limit(most)))
    attempts: dict[int, list[Attempt]] = {}
    for attempt in db.session.scalars(
        sa.select(Attempt)
        .where(Attempt.message_id.in_([m.id for m in messages]))
        .order_by(Attempt.n)
    ):
        attempts.setdefault(attempt.message_id, []).append(attempt)
    return [
        Sent(m, STATE_WORDS[m.state], tries[-1].error if tries else "", len(tries))
        for m in messages
        for tries in (attempts.get(m.id, []),)
    ]
