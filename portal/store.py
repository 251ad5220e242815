"""Files by the hash of their bytes: written once, flushed, renamed, read-only."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from portal import files
from portal.db import Base, db

#: What a reader is told instead of getting other bytes than those that were kept.
ALTERED = (
    "Isi berkas ini di penyimpanan tidak sama lagi dengan yang disimpan, maka tidak diberikan. "
    "Hubungi admin Diskominfo untuk memulihkannya dari cadangan."
)


class StoreError(Exception):
    """The bytes could not be kept; the message is a sentence for the user."""


class Blob(Base):
    """One kept file; its name on disk is its SHA-256."""

    __tablename__ = "blob"
    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    media: Mapped[str] = mapped_column(sa.String(120))


def root() -> Path:
    """Folder of the store of the running app."""
    return Path(current_app.config["SELARAS"].blobs)


def path_of(sha256: str, base: Path | None = None) -> Path:
    """Where the bytes of ``sha256`` lie; the name holds hexadecimal digits only."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise StoreError("Nama berkas di penyimpanan tidak sah.")
    return (base or root()) / sha256[:2] / sha256[2:4] / sha256


def put_bytes(data: bytes, base: Path) -> str:
    """Keep ``data`` under ``base`` and return its SHA-256; the same bytes are kept once.

    A kept file that was altered on the disk is put right. Raises StoreError with an Indonesian
    sentence when the disk refuses.
    """
    sha = hashlib.sha256(data).hexdigest()
    if state_of(sha, base) == "utuh":
        return sha
    try:
        files.write(path_of(sha, base), data, 0o440)
    except OSError as error:
        raise StoreError(
            "Berkas belum tersimpan karena ruang penyimpanan server penuh atau tidak dapat "
            "ditulis. Isian tetap aman; hubungi admin Diskominfo, lalu coba lagi."
        ) from error
    return sha


def put(data: bytes, media: str) -> Blob:
    """Keep ``data`` and its row in the present transaction."""
    sha = put_bytes(data, root())
    blob = db.session.get(Blob, sha)
    if blob is None:
        blob = Blob(sha256=sha, size=len(data), media=media)
        db.session.add(blob)
        db.session.flush()  # rows that name it by its hash alone may follow in any order
    return blob


def read(sha256: str, base: Path | None = None) -> bytes:
    """The bytes of ``sha256``, never others.

    A file that is missing, or whose bytes were altered on the disk, raises StoreError with a
    sentence: altered evidence is not handed out as if it were what somebody brought.
    """
    try:
        data = path_of(sha256, base).read_bytes()
    except OSError as error:
        raise StoreError(
            "Berkas tidak ditemukan di penyimpanan. Hubungi admin Diskominfo untuk "
            "memulihkannya dari cadangan."
        ) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise StoreError(ALTERED)
    return data


def state_of(sha256: str, base: Path | None = None) -> str:
    """``utuh``, ``berubah`` or ``hilang``: the hash of the bytes on the disk, computed anew."""
    try:
        with path_of(sha256, base).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "hilang"
    return "utuh" if found == sha256 else "berubah"


def faults() -> Iterator[tuple[str, str]]:
    """Kept files that are not what they were: SHA-256 and ``berubah`` or ``hilang``.

    Also what some row names although nothing of it is kept any more (``baris hilang``).
    """
    kept = set(db.session.scalars(sa.select(Blob.sha256)))
    for sha in sorted(kept):
        if (state := state_of(sha)) != "utuh":
            yield sha, state
    for table, column in _naming():
        for sha in db.session.scalars(sa.select(column).where(column.is_not(None)).distinct()):
            if sha not in kept:
                yield sha, f"baris hilang, disebut {table.name}"


def users(shas: Collection[str]) -> dict[str, list[str]]:
    """Which rows name these files: ``step:12``."""
    out: dict[str, list[str]] = {sha: [] for sha in shas}
    for table, column in _naming() if shas else ():
        key = next(iter(table.primary_key.columns))
        rows = db.session.execute(sa.select(column, key).where(column.in_(list(shas))))
        for sha, number in rows:
            out[sha].append(f"{table.name}:{number}")
    return out


def _naming() -> list[tuple[sa.Table, sa.Column[str]]]:
    """Columns that name a kept file, of tables that are there."""
    there = set(sa.inspect(db.session.connection()).get_table_names())
    return [
        (table, column) for table in Base.metadata.sorted_tables if table.name in there
        for column in table.columns
        if any(key.target_fullname == "blob.sha256" for key in column.foreign_keys)
    ]  # fmt: skip
