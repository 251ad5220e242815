"""The job of a build: claim the row, compile, print, store, finish. Safe to run twice.

The row is claimed by a conditional UPDATE with a lease. Progress
is written in short transactions of its own; every write carries the number of the attempt, so
that a worker that was thought dead cannot write over its successor.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal import clock, store
from portal.db import db
from portal.documents import kept, lines, manifest, naming, queries, rulebook
from portal.documents.charts import Maker, Memory
from portal.documents.compile import Compiled, compile_whole
from portal.documents.docx import build_docx
from portal.documents.models import Build, BuildFile, BuildState
from portal.documents.pdf import MemoryPieces, Pieces, build_pdf
from portal.documents.problems import DocumentProblem, PictureGone
from portal.documents.tree import Document, Picture, blocks
from portal.figures import catalogue
from portal.outlines.schema import Edition
from portal.people.rules import PORTAL
from portal.store import StoreError
from portal.trail.flow import record

log = logging.getLogger("selaras.documents")

LEASE = timedelta(minutes=3)
ATTEMPTS = 3
PREFACE_PAGES = 2
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
CRASHED = (
    "Penyusunan tiga kali terhenti di tengah jalan, biasanya karena memori server habis atau "
    "server dimatikan. Coba susun per bab; bila berulang, hubungi admin Diskominfo."
)
UNKNOWN = (
    "Penyusunan terhenti karena kesalahan di portal. Isian tetap aman. Mohon beri tahu admin "
    "Diskominfo dengan menyebut nomor penyusunan {id}."
)
DISK = (
    "Ruang penyimpanan server penuh atau tidak dapat ditulis, sehingga berkas belum jadi. Isian "
    "tetap aman; hubungi admin Diskominfo, lalu susun ulang."
)


#: Told (done, total, step) while a build goes on.
Watch = Callable[[int, int, str], None]


def _unwatched(*_told: object) -> None:
    """Nobody looks on."""


class Lost(Exception):
    """Another worker has taken the build over; this one stops without a word."""


def run_build(build_id: int, watch: Watch | None = None) -> bool:
    """Do the build when it is its turn; False when another worker has it or it is finished.

    ``watch`` is told (done, total, step) as well, for a bar on a terminal.

    Ends with ``done`` or with ``failed`` and a sentence that a person can read; only a killed
    process leaves it ``running``, for the sweep to find.
    """
    attempt = claim(build_id)
    if attempt is None:
        return False
    try:
        _work(build_id, attempt, watch or _unwatched)
    except Lost:
        log.warning("build %s was taken over by another worker", build_id)
        return False
    except (StoreError, DocumentProblem) as error:
        _fail(build_id, attempt, str(error))
    except OSError as error:
        log.exception("build %s: the disk refuses", build_id)
        _fail(build_id, attempt, DISK if error.errno else UNKNOWN.format(id=build_id))
    except Exception:
        log.exception("build %s failed", build_id)
        _fail(build_id, attempt, UNKNOWN.format(id=build_id))
    return True


def claim(build_id: int) -> int | None:
    """Take the row by a conditional UPDATE; the number of this attempt, or None.

    The transaction begins with the UPDATE, so that SQLite cannot refuse a stale reader.
    """
    db.session.rollback()
    now = clock.now()
    changed = db.session.execute(
        sa.update(Build)
        .where(
            Build.id == build_id, Build.attempts < ATTEMPTS,
            sa.or_(
                Build.state == BuildState.QUEUED,
                sa.and_(Build.state == BuildState.RUNNING, Build.lease_until < now),
            ),
        )
        .values(
            state=BuildState.RUNNING, lease_until=now + LEASE, attempts=Build.attempts + 1,
            done=0, total=0, step="Menyiapkan naskah",
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if changed.rowcount == 0:  # type: ignore[attr-defined]  # a CursorResult for an UPDATE
        db.session.rollback()
        return None
    attempt = db.session.scalar(sa.select(Build.attempts).where(Build.id == build_id))
    db.session.commit()
    return attempt


@dataclass(frozen=True)
class Printed:
    """Files by format with their pages, and what was noticed while printing."""

    files: dict[str, tuple[Path, int]]
    notes: tuple[str, ...] = ()


def _work(build_id: int, attempt: int, watch: Watch) -> None:
    build = db.session.get_one(Build, build_id)
    scope, formats = build.scope, build.formats.split(",")
    snapshot = json.loads(_inputs(build.snapshot_sha or ""))
    book = rulebook.of_build(build, snapshot["catalogue"])
    db.session.commit()  # no transaction is open while the pages are made
    base = store.root()
    pieces = kept.Pieces(base)
    compiled = compile_snapshot(snapshot, scope, kept.KeptCharts(pieces), book)
    asset = kept.Asset(base)
    check_pictures(compiled.document, asset)
    folder = Path(tempfile.mkdtemp(prefix=f"susun-{build_id}-", dir=_workshop()))

    def tell(done: int, total: int, step: str) -> None:
        progress(build_id, attempt, done, total, step)
        watch(done, total, step)

    try:
        made = _print(compiled.document, formats, pieces, asset, folder, tell)
        _finish(build_id, attempt, snapshot, scope, compiled, made)
        pieces.note_use()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def rebuild(build: Build) -> dict[str, str]:
    """Make the files of a finished build again from its snapshot; format -> SHA-256.

    Nothing is taken from the cache and nothing is kept: with the same engine manifest the bytes
    are the stored ones, with another ``manifest.differs`` names the component.
    """
    scope, formats = build.scope, build.formats.split(",")
    snapshot = json.loads(_inputs(build.snapshot_sha or ""))
    charts, book = Memory(), rulebook.of_build(build, snapshot["catalogue"])
    document = compile_snapshot(snapshot, scope, charts, book).document
    stored = kept.Asset(store.root())

    def asset(sha: str) -> bytes:
        return charts.bytes[sha] if sha in charts.bytes else stored(sha)

    folder = Path(tempfile.mkdtemp(prefix=f"periksa-{build.id}-", dir=_workshop()))
    try:
        made = _print(document, formats, MemoryPieces(), asset, folder, _unwatched)
        return {
            name: hashlib.sha256(path.read_bytes()).hexdigest()
            for name, (path, _pages) in made.files.items()
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def lines_again(build: Build) -> list[lines.Line]:
    """The words and numbers of the whole book of a build, compiled anew from its snapshot.

    It computes with the catalogue of that time, so that an old year says today what it said then.
    """
    snapshot = json.loads(_inputs(build.snapshot_sha or ""))
    book = rulebook.of_build(build, snapshot["catalogue"])
    return lines.lines_of(compile_snapshot(snapshot, "", queries._Undrawn(), book).document)


def _inputs(sha: str) -> bytes:
    try:
        return store.read(sha)
    except StoreError as error:
        raise StoreError(
            "Data masukan penyusunan ini tidak ditemukan lagi di penyimpanan. Susun ulang dokumen."
        ) from error


def compile_snapshot(
    snapshot: Mapping[str, Any], scope: str, charts: Maker | None = None,
    book: catalogue.Catalogue | None = None,
) -> Compiled:  # fmt: skip
    """Compile with the outline in the snapshot; ``book`` None = the catalogue of today."""
    edition = Edition.model_validate(snapshot["outline"])
    return compile_whole(edition, snapshot, book or catalogue.current(), scope, charts)


def check_pictures(document: Document, asset: kept.Asset) -> None:
    """PictureGone names the picture and says what to do, before any page is made."""
    for unit, block in blocks(document):
        if not isinstance(block, Picture):
            continue
        for sha in filter(None, (block.sha256, block.vector)):
            if store.state_of(sha, asset.base) != "utuh":
                name = " ".join(w for w in (block.number, block.caption) if w) or "tanpa judul"
                raise PictureGone(
                    f"Gambar “{name}” (Bab {unit.chapter or 'depan'}) tidak ditemukan di "
                    "penyimpanan. Minta perangkat daerah pengampunya mengunggah ulang gambar itu, "
                    "atau minta admin Diskominfo memulihkannya dari cadangan, lalu susun ulang."
                )
    emblem = document.cover.emblem if document.cover else ""
    if emblem and store.state_of(emblem, asset.base) != "utuh":
        raise PictureGone(
            "Lambang daerah tidak ditemukan di penyimpanan. Minta admin Diskominfo mengunggah "
            "ulang lambang pada Identitas Daerah, lalu susun ulang."
        )


def _workshop() -> Path:
    folder = Path(current_app.config["SELARAS"].instance) / "susun"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _print(
    document: Document, formats: list[str], pieces: Pieces, asset: Callable[[str], bytes],
    folder: Path, tell: Watch,
) -> Printed:  # fmt: skip
    """Both files in the workshop. Word's contents need the page numbers of the PDF."""
    last = next((u.chapter for u in reversed(document.units) if not u.chapter.startswith("L")), "")
    steps = [1]

    def turn(done: int, total: int, step: str) -> None:
        steps[0] = total + 1  # the last one is Word's
        tell(done, total + 1, step_words(step, last))

    out = folder / "naskah.pdf"
    processes = current_app.config["SELARAS"].build_processes
    result = build_pdf(document, out, pieces, asset, processes, turn)
    made = {"pdf": (out, result.pages)} if "pdf" in formats else {}
    if "docx" in formats:
        tell(steps[0] - 1, steps[0], "Menyusun berkas Word")
        word = folder / "naskah.docx"
        build_docx(document, word, asset, result.labels)
        made["docx"] = (word, result.pages)
    return Printed(made, _noticed(document, result.unit_pages))


def _noticed(document: Document, pages: Mapping[str, int]) -> tuple[str, ...]:
    """What the secretariat should look at; Pedoman LPPD 2019: kata pengantar at most two pages."""
    preface = pages.get(document.preface.key, 0) if document.preface else 0
    if preface <= PREFACE_PAGES:
        return ()
    return (
        f"Kata pengantar {preface} halaman, sedangkan pedoman membatasi {PREFACE_PAGES} halaman. "
        "Ringkaskan naskahnya, lalu susun ulang.",
    )


def step_words(step: str, last: str) -> str:
    """``Bab II dari V``; the lampiran is no bab and does not count."""
    step = step.replace("Bab L dari L", "Lampiran").replace("Bab L.", "Lampiran ")
    head, found, tail = step.partition(" dari ")
    return f"{head} dari {last}" if found and tail.startswith("L") and last else step


def progress(build_id: int, attempt: int, done: int, total: int, step: str) -> None:
    """Tell how far it is and prolong the lease, in a short transaction of its own."""
    with db.engine.begin() as connection:
        changed = connection.execute(
            sa.update(Build)
            .where(
                Build.id == build_id, Build.attempts == attempt,
                Build.state == BuildState.RUNNING,
            )
            .values(done=done, total=total, step=step[:120], lease_until=clock.now() + LEASE)
        )  # fmt: skip
    if changed.rowcount == 0:
        raise Lost


def _finish(
    build_id: int, attempt: int, snapshot: Mapping[str, Any], scope: str, compiled: Compiled,
    made: Printed,
) -> None:  # fmt: skip
    """Keep the files under their hashes, then set the row to done; both or neither."""
    base, shas = store.root(), {}
    for name, (path, pages) in sorted(made.files.items()):
        shas[name] = (store.put_bytes(path.read_bytes(), base), pages)
    said = lines.text_of(lines.lines_of(compiled.document)).encode() if not scope else b""
    changed = db.session.execute(
        sa.update(Build)
        .where(
            Build.id == build_id, Build.attempts == attempt, Build.state == BuildState.RUNNING
        )
        .values(
            state=BuildState.DONE, active=None, lease_until=None, finished_at=clock.now(),
            step="", reason="", done=Build.total, manifest=manifest.current(),
            gaps=[m.json() for m in compiled.missing], notes=list(made.notes),
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if changed.rowcount == 0:  # type: ignore[attr-defined]  # a CursorResult for an UPDATE
        db.session.rollback()
        raise Lost
    for name, (sha, pages) in shas.items():
        store.put(made.files[name][0].read_bytes(), MEDIA[name])  # its row; the bytes are there
        db.session.flush()
        file_name = naming.file_name(snapshot, scope, name)
        db.session.add(
            BuildFile(build_id=build_id, format=name, sha256=sha, name=file_name, pages=pages)
        )
    build = db.session.get_one(Build, build_id)
    if said:
        build.lines_sha = store.put(said, "application/json").sha256
    record(
        f"report:{build.report_id}", "dokumen selesai disusun", f"build:{build_id}", PORTAL, None,
        {name: sha for name, (sha, _) in shas.items()},
    )  # fmt: skip
    db.session.commit()


def _fail(build_id: int, attempt: int, reason: str) -> None:
    """End with a sentence; it is worth nothing to try the same again by itself."""
    db.session.rollback()
    db.session.execute(
        sa.update(Build)
        .where(
            Build.id == build_id, Build.attempts == attempt, Build.state == BuildState.RUNNING
        )
        .values(
            state=BuildState.FAILED, reason=reason, active=None, lease_until=None,
            finished_at=clock.now(),
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    db.session.commit()
