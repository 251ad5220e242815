"""Data dukung of a year as one ZIP, by Perangkat Daerah and indicator, written while it is read.

Names hold no path and nothing that a file system refuses; files with names of persons are left
out unless the reader may have them, and the index says how many.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal import store
from portal.db import db
from portal.documents.naming import safe
from portal.figures import catalogue
from portal.figures import queries as figures
from portal.figures.models import Evidence
from portal.figures.shape import Indicator
from portal.indonesian import long_date
from portal.people import queries as people
from portal.people.rules import Actor
from portal.store import StoreError

INDEX = "DAFTAR ISI.txt"
CHUNK = 1 << 16
LONGEST = 120


@dataclass(frozen=True)
class Piece:
    """One file of the pack: where it lies in the ZIP, and its bytes in the store."""

    path: str
    sha256: str
    note: str


@dataclass(frozen=True)
class Pack:
    """Everything that goes into a ZIP, and what does not."""

    title: str
    pieces: tuple[Piece, ...]
    links: tuple[str, ...]
    withheld: int  # restricted, and not for this reader

    @property
    def index(self) -> str:
        """The list of contents that lies in the ZIP."""
        said = [self.title, "", f"{len(self.pieces)} berkas:"]
        said += [f"  {piece.path}\n      {piece.note}" for piece in self.pieces] or [
            "  (tidak ada)"
        ]
        if self.links:
            said += ["", "Tautan (belum diarsipkan di portal):", *(f"  {x}" for x in self.links)]
        if self.withheld:
            words = "berkas yang memuat nama orang tidak disertakan"
            said += ["", f"{self.withheld} {words}. Mintalah kepada Perangkat Daerahnya."]
        return "\r\n".join(said) + "\r\n"


def collect(
    actor: Actor, year: int, sees: Callable[[Indicator], bool], unit_id: int | None = None
) -> Pack:
    """What ``actor`` may take of a year, of one Perangkat Daerah or of all; three queries.

    ``sees`` says whether the numbers of an indicator are open to the actor now.
    """
    query = (
        sa.select(Evidence)
        .where(Evidence.subject.like(f"indicator:%:{year}"), Evidence.removed_at.is_(None))
        .order_by(Evidence.unit_id, Evidence.subject, Evidence.id)
    )
    if unit_id is not None:
        query = query.where(Evidence.unit_id == unit_id)
    units = {u.id: u for u in people.units_on(people.today())}
    book = catalogue.current().indicators
    pieces: dict[str, Piece] = {}
    links: list[str] = []
    withheld = 0
    for row in db.session.scalars(query):
        one = book.get(row.subject.split(":")[1])
        if one is None or (row.unit_id not in actor.units() and not sees(one)):
            continue
        if not figures.may_read_evidence(actor, row):
            withheld += bool(row.restricted)
            continue
        unit = units.get(row.unit_id)
        short = safe(unit.short_name) if unit else "PD"
        about = f"{one.no} {one.shown_title}; diunggah {long_date(row.at.date())}"
        if row.sha256 is None:
            links.append(f"{short} {one.no}: {row.link}")
            continue
        path = _free(f"{short}/{_name(one.no)}/{_name(row.name)}", pieces)
        pieces[path.casefold()] = Piece(path, row.sha256, f"{about}; SHA-256 {row.sha256}")
    whose = units[unit_id].name if unit_id in units else "semua Perangkat Daerah"
    title = f"Data dukung IKK tahun {year}, {whose}"
    return Pack(title, tuple(pieces.values()), tuple(links), withheld)


def _name(text: str) -> str:
    """A file or folder name for any system: no path, no control or reserved character."""
    bare = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]+', "-", text).strip(" .") or "berkas"
    if re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", bare):
        bare = f"_{bare}"
    stem, dot, ending = bare.rpartition(".")
    if len(bare) <= LONGEST:
        return bare
    return f"{stem[: LONGEST - len(ending) - 1]}{dot}{ending}" if dot and len(ending) < 6 else (
        bare[:LONGEST])  # fmt: skip


def _free(path: str, taken: dict[str, Piece]) -> str:
    stem, dot, ending = path.rpartition(".")
    n = 2
    found = path
    while found.casefold() in taken:
        found = f"{stem} ({n}){dot}{ending}" if dot else f"{path} ({n})"
        n += 1
    return found


class _Pipe(io.RawIOBase):
    """What the ZIP writes, taken out piece by piece; it cannot go back."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting += data
        return memoryview(data).nbytes

    def take(self) -> bytes:
        out = bytes(self._waiting)
        self._waiting.clear()
        return out


def stream(pack: Pack) -> Iterator[bytes]:
    """The ZIP in pieces of some ten kilobytes; memory does not grow with it.

    A file that is lost in the store is named in ``TIDAK DITEMUKAN.txt`` instead of ending the ZIP.
    """
    base, pipe, lost = store.root(), _Pipe(), []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as out:
        out.writestr(INDEX, "\ufeff" + pack.index)
        for piece in pack.pieces:
            try:
                source = store.path_of(piece.sha256, base).open("rb")
            except (OSError, StoreError):
                lost.append(piece.path)
                continue
            with source, out.open(piece.path, "w", force_zip64=False) as target:
                while data := source.read(CHUNK):
                    target.write(data)
                    yield pipe.take()
            yield pipe.take()
        if lost:
            out.writestr("TIDAK DITEMUKAN.txt", "\r\n".join(lost) + "\r\n")
    yield pipe.take()
