"""Files by the hash of their bytes: written once, flushed, renamed, read-only."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, db


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

    Raises StoreError with an Indonesian sentence when the disk refuses.
    """
    sha = hashlib.sha256(data).hexdigest()
    target = path_of(sha, base)
    if target.exists():
        return sha
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            Path(name).chmod(0o440)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
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


def read(sha256: str) -> bytes:
    """The bytes of ``sha256``; a missing file raises StoreError with a sentence."""
    try:
        return path_of(sha256).read_bytes()
    except OSError as error:
        raise StoreError(
            "Berkas tidak ditemukan di penyimpanan. Hubungi admin Diskominfo untuk "
            "memulihkannya dari cadangan."
        ) from error
