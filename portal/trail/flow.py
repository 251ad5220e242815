"""Write to the record, and prove that nobody changed it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa

from portal import clock
from portal.db import canonical_json, db
from portal.trail.models import TrailEntry

START = "0" * 64


class Acting(Protocol):
    """Who acts: a term of office, or the portal itself (term None)."""

    @property
    def term_id(self) -> int | None: ...
    @property
    def label(self) -> str: ...


def record(
    stream: str,
    verb: str,
    subject: str,
    actor: Acting,
    before: Any = None,
    after: Any = None,
) -> TrailEntry:
    """Append one act to ``stream`` (``report:3``, ``unit:7``, ...) in the present transaction.

    Two writers of one stream meet at UNIQUE(stream, seq): the second one's transaction fails
    and is tried again by its caller or refused.
    """
    last = db.session.execute(
        sa.select(TrailEntry.seq, TrailEntry.hash)
        .where(TrailEntry.stream == stream)
        .order_by(TrailEntry.seq.desc())
        .limit(1)
    ).first()
    seq, prev = (last.seq + 1, last.hash) if last else (1, START)
    at = clock.now()
    entry = TrailEntry(
        stream=stream, seq=seq, at=at, actor_term_id=actor.term_id, actor=actor.label,
        verb=verb, subject=subject, before=before, after=after, prev_hash=prev,
        hash=digest(prev, stream, seq, at, actor.label, verb, subject, before, after),
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    return entry


def digest(
    prev: str, stream: str, seq: int, at: datetime, actor: str, verb: str, subject: str,
    before: Any, after: Any,
) -> str:  # fmt: skip
    """SHA-256 over one entry and the hash before it."""
    body = canonical_json([prev, stream, seq, at.isoformat(), actor, verb, subject, before, after])
    return hashlib.sha256(body.encode()).hexdigest()


def verify(stream: str) -> int | None:
    """The first ``seq`` whose content does not fit its hash, or None when all fit."""
    prev, expected = START, 1
    for entry in db.session.scalars(
        sa.select(TrailEntry).where(TrailEntry.stream == stream).order_by(TrailEntry.seq)
    ):
        again = digest(prev, stream, entry.seq, entry.at, entry.actor, entry.verb,
                       entry.subject, entry.before, entry.after)  # fmt: skip
        if entry.seq != expected or entry.prev_hash != prev or entry.hash != again:
            return entry.seq
        prev, expected = entry.hash, expected + 1
    return None
