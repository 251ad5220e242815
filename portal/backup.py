"""Cadangan of a portal on SQLite: one tar of the database and the kept files, and the way back.

The database is copied through SQLite's own backup, so that people may type meanwhile. Pieces of
books are in it too; the secret key and Redis are not (who restores signs in again, and waiting
builds are found from their rows). PostgreSQL has pg_dump.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from portal import clock, files
from portal.config import Config
from portal.store import path_of

FOLDER = "cadangan"
DATABASE = "selaras.db"
KEEP = 7  # of those that the page makes; the oldest go
_PREFIX, _SUFFIX = "selaras-", ".tar"


class BackupError(Exception):
    """It was not made or not put back; the message is a sentence for who asked."""


@dataclass(frozen=True)
class Backup:
    """One Cadangan in the instance."""

    name: str
    size: int  # bytes
    at: datetime


def database_of(config: Config) -> Path:
    """The SQLite file; BackupError where the database is a server."""
    url = sa.make_url(config.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise BackupError(
            "Basis data portal ini PostgreSQL: cadangkan dengan pg_dump, dan salin folder blobs."
        )
    return Path(url.database)


def kept_files(config: Config) -> list[Path]:
    """What lies in the store, in a fixed order."""
    return sorted(p for p in config.blobs.glob("??/??/*") if not p.name.startswith("."))


def listed(config: Config) -> list[Backup]:
    """The Cadangan of the instance, newest first."""
    found = [
        Backup(p.name, p.stat().st_size, datetime.fromtimestamp(p.stat().st_mtime, UTC))
        for p in (config.instance / FOLDER).glob(f"{_PREFIX}*{_SUFFIX}")
    ]  # fmt: skip
    return sorted(found, key=lambda b: b.name, reverse=True)


def make(config: Config) -> Backup:
    """Make one in the instance and let go of the oldest; BackupError says why not."""
    target = config.instance / FOLDER / f"{_PREFIX}{clock.now():%Y%m%d-%H%M%S}{_SUFFIX}"
    write(config, target)
    for old in listed(config)[KEEP:]:
        (target.parent / old.name).unlink(missing_ok=True)
    return next(b for b in listed(config) if b.name == target.name)


def write(config: Config, target: Path) -> None:
    """Write database and kept files as one tar to ``target``, whole or not at all."""
    source, kept = database_of(config), kept_files(config)
    need = 2 * source.stat().st_size + sum(p.stat().st_size for p in kept)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(target.parent).free < need:
            raise BackupError(
                f"Ruang disk tidak cukup: cadangan memerlukan {need / 1e6:.0f} MB. Kosongkan disk, "
                "lalu ulangi."
            )
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".new-") as room:
            copy = Path(room) / DATABASE
            _copied(source, copy)
            with files.whole(target, 0o600) as out, tarfile.open(fileobj=out, mode="w") as tar:
                tar.add(copy, DATABASE)
                for path in kept:
                    tar.add(path, f"blobs/{path.name}")
    except OSError as error:
        raise BackupError(
            "Cadangan belum tersimpan: ruang penyimpanan penuh atau tidak dapat ditulis."
        ) from error


def _copied(source: Path, target: Path) -> None:
    before, after = sqlite3.connect(source), sqlite3.connect(target)
    try:
        before.backup(after)
    finally:
        before.close()
        after.close()


def restore(config: Config, file: Path) -> int:
    """Put a Cadangan into an empty instance; returns the number of kept files.

    Each file must have the hash that it is named by. All of it or nothing: the database comes last.
    """
    target = database_of(config)
    if target.exists() and target.stat().st_size:
        raise BackupError(
            f"{target} sudah ada. Cadangan hanya dipulihkan ke portal yang kosong: pakai "
            "SELARAS_INSTANCE yang lain, atau pindahkan dahulu isinya."
        )
    done = 0
    try:
        with tarfile.open(file) as tar, tempfile.TemporaryDirectory() as room:
            copy = Path(room) / DATABASE
            for member, data in _members(tar):
                if member == DATABASE:
                    copy.write_bytes(data)
                else:
                    _put(config, member, data)
                    done += 1
            _sound(copy)
            files.write(target, copy.read_bytes(), 0o600)
    except (OSError, tarfile.TarError, sqlite3.Error) as error:
        raise BackupError(f"{file} tidak dapat dipulihkan: {error}") from error
    return done


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, bytes]]:
    for member in tar:
        data = tar.extractfile(member) if member.isfile() else None
        folder, _, name = member.name.rpartition("/")
        if data is None or (member.name != DATABASE and folder != "blobs"):
            raise BackupError(f"{member.name} bukan bagian dari cadangan Selaras.")
        yield (DATABASE if not folder else name), data.read()


def _put(config: Config, sha: str, data: bytes) -> None:
    if hashlib.sha256(data).hexdigest() != sha:
        raise BackupError(f"Berkas {sha[:12]} di dalam cadangan sudah berubah.")
    path = path_of(sha, config.blobs)
    if not path.exists():
        files.write(path, data, 0o440)


def _sound(copy: Path) -> None:
    if not copy.exists():
        raise BackupError("Cadangan ini tidak memuat basis data.")
    connection = sqlite3.connect(copy)
    try:
        (said,) = connection.execute("PRAGMA integrity_check").fetchone()
    finally:
        connection.close()
    if said != "ok":
        raise BackupError(f"Basis data di dalam cadangan rusak: {said}")
