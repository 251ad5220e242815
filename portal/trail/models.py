"""The append-only record: who did what, when, with what before and after."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant, JsonText


class TrailEntry(Base):
    """One act in one stream; chained by hash within the stream."""

    __tablename__ = "trail"
    __table_args__ = (sa.UniqueConstraint("stream", "seq"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    stream: Mapped[str] = mapped_column(sa.String(80), index=True)
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    actor_term_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(sa.String(200))
    verb: Mapped[str] = mapped_column(sa.String(80))
    subject: Mapped[str] = mapped_column(sa.String(120), index=True)
    before: Mapped[Any] = mapped_column(JsonText, nullable=True)
    after: Mapped[Any] = mapped_column(JsonText, nullable=True)
    prev_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


class TrailHead(Base):
    """The digest over the heads of all streams at the end of a day."""

    __tablename__ = "trail_head"
    day: Mapped[date] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    streams: Mapped[int]


SQLITE_GUARDS = tuple(
    f"CREATE TRIGGER trail_no_{verb.lower()} BEFORE {verb} ON trail "
    "BEGIN SELECT RAISE(ABORT, 'trail is append-only'); END"
    for verb in ("UPDATE", "DELETE")
)
POSTGRES_GUARDS = (
    "CREATE OR REPLACE FUNCTION trail_refuse() RETURNS trigger AS $$ "
    "BEGIN RAISE EXCEPTION 'trail is append-only'; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER trail_guard BEFORE UPDATE OR DELETE ON trail "
    "FOR EACH ROW EXECUTE FUNCTION trail_refuse()",
)

for _dialect, _statements in (("sqlite", SQLITE_GUARDS), ("postgresql", POSTGRES_GUARDS)):
    for _statement in _statements:
        _ddl = sa.DDL(_statement)  # type: ignore[no-untyped-call]  # as SQLAlchemy ships it
        event.listen(TrailEntry.__table__, "after_create", _ddl.execute_if(dialect=_dialect))
