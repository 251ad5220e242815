"""Write to the record, and prove that nobody changed it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

import sqlalchemy as sa

from portal import clock
from portal.db import canonical_json, db
from portal.trail.models import TrailEntry, TrailHead

START = "0" * 64


class Acting(Protocol):
    """Who acts: a term of office, or the portal itself (term None)."""

    @property
    def term_id(self) -> int | None:
        """Term of office, None for the portal itself."""

    @property
    def label(self) -> str:
        """Name and jabatan."""


def record(
    stream: str,
    verb: str,
    subject: str,
    actor: Acting,
    before: Any = None,
    after: Any = None,
) -> TrailEntry:
    """Append one act to ``stream`` (``report:3``, ``unit:7``, ...) in the present transaction.

    Writers of one stream queue behind each other (see ``_hold``); UNIQUE(stream, seq) stays as
    the last word.
    """
    _hold(stream)
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
    )  # fmt: skip
    entry.hash = digest(entry)
    db.session.add(entry)
    db.session.flush()
    return entry


def begin(verb: str, actor: Acting, streams: Mapping[str, Any]) -> None:
    """The first act of many streams that cannot exist yet (objects just made), in one statement.

    The subject of each act is what its stream is named after; the value is its ``after``.
    """
    at, rows = clock.now(), []
    for stream, after in streams.items():
        entry = TrailEntry(
            stream=stream, seq=1, at=at, actor_term_id=actor.term_id, actor=actor.label,
            verb=verb, subject=stream, before=None, after=after, prev_hash=START,
        )  # fmt: skip
        rows.append({c: getattr(entry, c) for c in (
            "stream", "seq", "at", "actor_term_id", "actor", "verb", "subject", "before", "after",
            "prev_hash")} | {"hash": digest(entry)})  # fmt: skip
    if rows:
        db.session.execute(sa.insert(TrailEntry), rows)


def _hold(stream: str) -> None:
    """Let no other transaction append to ``stream`` until this one has ended.

    PostgreSQL: an advisory lock on the stream's name. SQLite has one writer at a time; an UPDATE
    that touches no row makes this transaction that writer before it reads the stream's end.
    """
    db.session.flush()
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(stream))))
    else:
        connection.execute(sa.text("UPDATE trail_head SET streams = streams WHERE streams < 0"))


def digest(entry: TrailEntry) -> str:
    """SHA-256 over the content of one entry and the hash before it."""
    body = canonical_json([
        entry.prev_hash, entry.stream, entry.seq, entry.at.isoformat(), entry.actor, entry.verb,
        entry.subject, entry.before, entry.after,
    ])  # fmt: skip
    return hashlib.sha256(body.encode()).hexdigest()


def verify(stream: str) -> int | None:
    """The first ``seq`` whose content does not fit its hash, or None when all fit."""
    prev, expected = START, 1
    for entry in db.session.scalars(
        sa.select(TrailEntry).where(TrailEntry.stream == stream).order_by(TrailEntry.seq)
    ):
        if (entry.seq, entry.prev_hash, entry.hash) != (expected, prev, digest(entry)):
            return entry.seq
        prev, expected = entry.hash, expected + 1
    return None


@dataclass(frozen=True)
class Fault:
    """One entry that is not as it was written: ``berubah``, ``hilang`` or ``tidak menyambung``."""

    stream: str
    seq: int
    what: str


def faults(stream: str) -> list[Fault]:
    """Every entry of a stream that was altered or taken out, in order; [] when it is whole.

    A cut-off tail leaves nothing behind in the stream itself: see ``verify_head``, ``gaps``.
    """
    out: list[Fault] = []
    prev: str | None = START
    expected = 1
    for seq, prev_hash, kept in db.session.execute(
        sa.select(TrailEntry.seq, TrailEntry.prev_hash, TrailEntry.hash)
        .where(TrailEntry.stream == stream).order_by(TrailEntry.seq)
    ).all():  # fmt: skip
        out += [Fault(stream, n, "hilang") for n in range(expected, seq)]
        if seq != expected:
            prev = None  # what went before is gone: nothing to compare with
        if not _genuine(stream, seq):
            out.append(Fault(stream, seq, "berubah"))
        elif prev not in (None, prev_hash):
            out.append(Fault(stream, seq, "tidak menyambung"))
        prev, expected = kept, seq + 1
    return out


def _genuine(stream: str, seq: int) -> bool:
    try:
        entry = db.session.scalars(
            sa.select(TrailEntry).where(TrailEntry.stream == stream, TrailEntry.seq == seq)
            .execution_options(populate_existing=True)
        ).one()  # fmt: skip
        return entry.hash == digest(entry)
    except (ValueError, TypeError):  # a byte that is no JSON or no date any more
        return False


def all_faults() -> list[Fault]:
    """Every fault of every stream: quick over what is whole, row by row where something is not."""
    out: list[Fault] = []
    for stream in streams():
        try:
            if verify(stream) is None:
                continue
        except (ValueError, TypeError):
            db.session.rollback()
        out += faults(stream)
    return out


def gaps() -> list[int]:
    """Row numbers that are missing in the table as a whole; only where numbers cannot be skipped.

    SQLite gives a rolled back number again; a sequence of PostgreSQL does not, so a gap says
    nothing there.
    """
    if db.session.connection().dialect.name == "postgresql":
        return []
    out: list[int] = []
    before = 0
    for (row,) in db.session.execute(sa.select(TrailEntry.id).order_by(TrailEntry.id)):
        out += range(before + 1, row)
        before = row
    return out


def streams() -> list[str]:
    """Names of all streams, in order."""
    return sorted(db.session.scalars(sa.select(TrailEntry.stream).distinct()))


def verify_all() -> dict[str, int]:
    """Streams with a fault, and the first ``seq`` that does not fit; {} when all fit."""
    faults = ((stream, verify(stream)) for stream in streams())
    return {stream: seq for stream, seq in faults if seq is not None}


def keep_head(day: date, end: datetime) -> bool:
    """Keep the digest over the heads of all streams as they stood at ``end`` of ``day``.

    Level-triggered: False when the day's head is there already. A tail that is cut off later is
    found by ``verify_head`` for every day up to the last kept head, and not after it.
    """
    if db.session.get(TrailHead, day) is not None:
        return False
    found = _head(day, end)
    db.session.add(TrailHead(day=day, digest=found[0], streams=found[1]))
    db.session.flush()
    return True


def verify_head(day: date, end: datetime) -> bool:
    """True when the kept head of ``day`` still fits what is stored."""
    kept = db.session.get(TrailHead, day)
    return kept is not None and (kept.digest, kept.streams) == _head(day, end)


def has_head(day: date) -> bool:
    """Whether the head of a day was kept."""
    return db.session.get(TrailHead, day) is not None


def last_head() -> TrailHead | None:
    """The newest kept head; what came after it can be cut off without being noticed."""
    return db.session.scalar(sa.select(TrailHead).order_by(TrailHead.day.desc()).limit(1))


def _head(day: date, end: datetime) -> tuple[str, int]:
    tops = (
        sa.select(TrailEntry.stream, sa.func.max(TrailEntry.seq).label("seq"))
        .where(TrailEntry.at < end)
        .group_by(TrailEntry.stream)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(TrailEntry.stream, TrailEntry.seq, TrailEntry.hash).join(
            tops, sa.and_(TrailEntry.stream == tops.c.stream, TrailEntry.seq == tops.c.seq)
        )
    )
    heads = sorted([row.stream, row.seq, row.hash] for row in rows)
    earlier = db.session.scalar(
        sa.select(TrailHead.digest)
        .where(TrailHead.day < day)
        .order_by(TrailHead.day.desc())
        .limit(1)
    )
    body = canonical_json([earlier or START, day.isoformat(), heads])
    return hashlib.sha256(body.encode()).hexdigest(), len(heads)
