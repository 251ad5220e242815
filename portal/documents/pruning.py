"""Let go of what can be made again: rendered units and charts that no build has used for long.

Issued books, Konsep, snapshots, uploads and data dukung are never touched: a blob goes only when
it was kept as a piece and nothing in the whole database points to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal import clock, store
from portal.db import Base, db
from portal.documents.kept import MEDIA
from portal.documents.models import Build, BuildState, Piece
from portal.store import Blob

#: How long a piece waits for a build that wants it again: longer than from one book to the next
#: round of corrections, shorter than from one year to the next.
KEEP = timedelta(days=60)
#: Rows looked at in one turn of the ticker.
AT_ONCE = 500


@dataclass(frozen=True)
class Pruned:
    """How many pieces were let go, and how many bytes of the disk."""

    pieces: int
    size: int


def tick() -> Pruned:
    """What the ticker does here: a handful at a time, and nothing while a build is running."""
    return prune(clock.now() - KEEP, AT_ONCE)


def prune(before: datetime, most: int | None = None) -> Pruned:
    """Let go of pieces that were last used before that time; commits.

    Does nothing while a build is running, which may count on a chart that it has just found.
    """
    running = sa.select(Build.id).where(Build.state == BuildState.RUNNING).limit(1)
    old = list(db.session.execute(
        sa.select(Piece.key_sha, Piece.sha256).where(Piece.used_at < before)
        .order_by(Piece.used_at, Piece.key_sha).limit(most)
    ))  # fmt: skip
    if not old or db.session.scalar(running) is not None:
        return Pruned(0, 0)
    for some in _turns([row.key_sha for row in old]):
        db.session.execute(sa.delete(Piece).where(Piece.key_sha.in_(some)))
    size, gone = 0, []
    for some in _turns(sorted({row.sha256 for row in old})):
        for sha, length in db.session.execute(_unwanted(some)).all():
            size += length
            gone.append(sha)
    for some in _turns(gone):
        db.session.execute(sa.delete(Blob).where(Blob.sha256.in_(some)))
    db.session.commit()  # first the rows: bytes without a row do no harm, the other way round does
    for sha in gone:
        store.path_of(sha).unlink(missing_ok=True)
    return Pruned(len(old), size)


def _turns(keys: Sequence[str], size: int = 400) -> list[Sequence[str]]:
    return [keys[n : n + size] for n in range(0, len(keys), size)]


def _unwanted(shas: Sequence[str]) -> sa.Select[str, int]:
    """Hash and size of those among ``shas`` that were kept as pieces and that no row names."""
    query = sa.select(Blob.sha256, Blob.size).where(Blob.sha256.in_(shas), Blob.media == MEDIA)
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if any(key.column is Blob.__table__.c.sha256 for key in column.foreign_keys):
                query = query.where(~sa.exists().where(column == Blob.sha256))
    return query
