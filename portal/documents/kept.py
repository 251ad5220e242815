"""What builds keep between each other: rendered units and drawn charts, in store and database.

Each write is a short transaction of its own, so that a long build never holds the database and a
killed one leaves whole pieces behind.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal import clock, store
from portal.db import db
from portal.documents import charts, diagram, manifest
from portal.documents.models import Piece
from portal.store import Blob, StoreError

#: The kind of a blob that is nothing but a piece; only such a blob may be let go (pruning.py).
MEDIA = "application/x-selaras-piece"

#: A piece that is used every day is noted as used once in that time.
NOTED = timedelta(days=1)


class Pieces:
    """The cache of rendered units: key -> bytes, by the hash of content and engine."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self._used: set[str] = set()
        self._known: dict[str, str] | None = None  # key -> hash of the bytes, read once

    def get(self, key: str) -> bytes | None:
        """The bytes kept under ``key``; None when there are none or their file is not whole."""
        if self._known is None:
            with db.engine.connect() as connection:
                rows = connection.execute(sa.select(Piece.key_sha, Piece.sha256))
                self._known = {row.key_sha: row.sha256 for row in rows}
        sha = self._known.get(key)
        if sha is None:
            return None
        try:
            found = store.read(sha, self.base)
        except StoreError:
            return None  # rendered again, and kept again under the same name
        self._used.add(key)
        return found

    def note_use(self) -> None:
        """Remember that this build still wanted its pieces; once a day is enough."""
        now, keys = clock.now(), sorted(self._used)
        with db.engine.begin() as connection:
            for n in range(0, len(keys), 400):
                connection.execute(
                    sa.update(Piece)
                    .where(Piece.key_sha.in_(keys[n : n + 400]), Piece.used_at < now - NOTED)
                    .values(used_at=now)
                )

    def put(self, key: str, data: bytes, pages: int) -> None:
        """Keep bytes; StoreError with a sentence when the disk refuses."""
        sha = store.put_bytes(data, self.base)
        if self._known is not None:
            self._known[key] = sha
        now = clock.now()
        try:
            with db.engine.begin() as connection:
                if connection.scalar(sa.select(Blob.sha256).where(Blob.sha256 == sha)) is None:
                    connection.execute(
                        sa.insert(Blob).values(sha256=sha, size=len(data), media=MEDIA)
                    )
                changed = connection.execute(
                    sa.update(Piece)
                    .where(Piece.key_sha == key)
                    .values(sha256=sha, pages=pages, used_at=now)
                )
                if changed.rowcount == 0:
                    connection.execute(
                        sa.insert(Piece).values(key_sha=key, sha256=sha, pages=pages, used_at=now)
                    )
        except IntegrityError:
            pass  # another build has kept the same piece in this moment


class KeptCharts:
    """Draws a chart once; later builds take its two pictures from the store."""

    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces
        self.salt = manifest.digest(manifest.current())

    def chart(self, spec: charts.Spec | diagram.Diagram) -> charts.Drawn:
        """The hashes of the PNG and the SVG of ``spec``."""
        found = [self.pieces.get(self._key(spec, kind)) for kind in ("png", "svg")]
        png, svg = found
        if png is None or svg is None:
            svg, png = charts.render(spec)
            self.pieces.put(self._key(spec, "png"), png, 0)
            self.pieces.put(self._key(spec, "svg"), svg, 0)
        return charts.Drawn(_sha(png), _sha(svg))

    def _key(self, spec: charts.Spec | diagram.Diagram, kind: str) -> str:
        return hashlib.sha256(f"{self.salt} {kind} {spec.key()}".encode()).hexdigest()


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Asset:
    """``asset(sha256) -> bytes`` from the store under ``base``, also inside forked children."""

    def __init__(self, base: Path) -> None:
        self.base = base

    def __call__(self, sha256: str) -> bytes:
        """The bytes; StoreError when the file is gone or altered."""
        try:
            return store.read(sha256, self.base)
        except StoreError as error:
            raise StoreError(
                "Gambar tidak ditemukan di penyimpanan, atau isinya berubah."
            ) from error
