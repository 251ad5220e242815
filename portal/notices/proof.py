"""Proof of notice: what was told about one contract, what carriers took, what arrived.

Rows say it, the chain ``notice:contract:<id>`` of the record vouches for it. Jabatan and desks
only: no person, no number, no text of a message but its hash.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from portal.db import db
from portal.notices import gateways
from portal.notices import ladder as ladders
from portal.notices.flow_send import facts
from portal.notices.models import (
    Attempt,
    Explanation,
    Message,
    MessageNotice,
    Notice,
)
from portal.notices.telling import stream_of
from portal.people import queries
from portal.people.models import Position
from portal.trail import flow as trail
from portal.trail.models import TrailEntry


@dataclass(frozen=True)
class ProofMessage:
    """One attempt to carry a notice over a channel."""

    channel: str
    gateway_label: str
    state: str  # of the message
    doubtful: bool
    started_at: datetime
    accepted_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    provider_id: str
    error: str
    text_sha256: str


@dataclass(frozen=True)
class ProofLine:
    """One notice: what, to which jabatan, when it lay in the inbox and was opened."""

    subject: str
    rung: str
    rung_label: str
    what: str
    to_title: str
    due_on: date | None
    at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    messages: tuple[ProofMessage, ...]


@dataclass(frozen=True)
class ProofQuestion:
    """A Permintaan penjelasan and its answer."""

    question: str
    asked_by: str
    asked_at: datetime
    answer_by: date
    cause: str
    action: str
    promised_on: date | None
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True)
class Proof:
    """All of one contract. ``broken`` is the first entry of the chain that does not fit."""

    contract_id: int
    lines: tuple[ProofLine, ...]
    questions: tuple[ProofQuestion, ...]
    entries: int
    head: str  # hash of the last entry
    broken: int | None


def proof(contract_id: int) -> Proof:
    """What was told about a contract, in time order: six queries whatever its size."""
    ladder = ladders.present(queries.today())
    notices = db.session.execute(
        sa.select(Notice, Position.title)
        .join(Position, Position.id == Notice.position_id)
        .where(Notice.contract_id == contract_id)
        .order_by(Notice.at, Notice.id)
    ).all()
    carried = _carried([row.Notice.id for row in notices])
    lines = tuple(
        ProofLine(
            n.subject, n.rung, _label(ladder, n), n.title, title, n.due_on, n.at, n.read_at,
            n.closed_at, tuple(carried.get(n.id, ())),
        )
        for n, title in notices
    )  # fmt: skip
    stream = stream_of(contract_id)
    last = db.session.execute(
        sa.select(TrailEntry.seq, TrailEntry.hash)
        .where(TrailEntry.stream == stream)
        .order_by(TrailEntry.seq.desc()).limit(1)
    ).first()  # fmt: skip
    return Proof(contract_id, lines, _questions(contract_id), last.seq if last else 0,
                 last.hash if last else "", trail.verify(stream))  # fmt: skip


def _label(ladder: ladders.Ladder, notice: Notice) -> str:
    if notice.rung == "jawaban":
        return "Jawaban penjelasan"
    return ladder.label(notice.subject, notice.rung)


def _carried(notices: Sequence[int]) -> dict[int, list[ProofMessage]]:
    """Attempts by notice."""
    labels = {g.key: g.label for g in gateways.setup().gateways}
    found: dict[int, list[ProofMessage]] = defaultdict(list)
    for start in range(0, len(notices), 500):
        rows = db.session.execute(
            sa.select(MessageNotice.notice_id, Message, Attempt)
            .join(Message, Message.id == MessageNotice.message_id)
            .join(Attempt, Attempt.message_id == Message.id)
            .where(MessageNotice.notice_id.in_(notices[start : start + 500]))
            .order_by(Attempt.started_at, Attempt.id)
        )  # fmt: skip
        for notice_id, message, attempt in rows:
            found[notice_id].append(ProofMessage(
                message.channel, labels.get(attempt.gateway, attempt.gateway), message.state,
                message.doubtful, attempt.started_at, attempt.accepted_at, attempt.delivered_at,
                attempt.read_at, attempt.provider_id, attempt.error,
                str(facts(message, attempt, [])["teks_sha256"]),
            ))  # fmt: skip
    return found


def _questions(contract_id: int) -> tuple[ProofQuestion, ...]:
    rows = db.session.scalars(
        sa.select(Explanation).where(Explanation.contract_id == contract_id)
        .order_by(Explanation.asked_at, Explanation.id)
    )  # fmt: skip
    return tuple(
        ProofQuestion(q.question, q.asked_by, q.asked_at, q.answer_by, q.cause, q.action,
                      q.promised_on, q.answered_by, q.answered_at)
        for q in rows
    )  # fmt: skip
