"""The verbs of documents: order a build, cancel it, issue a Naskah Final; and the job itself.

Views and commands commit; ``run_build`` and ``sweep`` are the job's own and commit themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from portal import clock, store
from portal.checks import queries as checks
from portal.db import canonical_json, db
from portal.documents import manifest, pruning, queries, rulebook, scope, snapshot
from portal.documents.building import ATTEMPTS, CRASHED, run_build
from portal.documents.models import Build, BuildState, Issue
from portal.people.rules import Actor
from portal.reports import places
from portal.reports.models import Report
from portal.reports.refusal import Refused
from portal.trail.flow import record

__all__ = [
    "Requested", "cancel", "issue", "missing_reasons", "request_build", "run_build", "sweep",
]  # fmt: skip

FORMATS = ("pdf", "docx")
#: A queued build that no worker has taken for this long is sent again.
FORGOTTEN = timedelta(seconds=60)
LONGEST_REASON = 500


@dataclass(frozen=True)
class Requested:
    """The build that answers an order; ``new`` False = it was there already."""

    build: Build
    new: bool


def request_build(
    report: Report, *, actor: Actor, part: str = "", formats: str = "pdf,docx",
    final: bool = False, sign_on: date | None = None, waived: Mapping[str, str] | None = None,
    paper: str = "",
) -> Requested:  # fmt: skip
    """Order the files of a report, or of the part that ``part`` names.

    Asked while the same order waits or runs, that one is returned; asked again with nothing
    changed (inputs and engine), the stored one is. A Naskah Final (``final``) is refused while
    required parts are missing without a reason (``waived``, by key) or the date is open.
    """
    formats = _formats(formats)
    _check(report, part, final, sign_on)
    active = f"{report.id}|{part}|{formats}|{'final' if final else 'konsep'}"
    running = db.session.scalar(sa.select(Build).where(Build.active == active))
    if running is not None:
        return Requested(running, False)
    number = queries.next_number(report.id, part, final)
    taken = snapshot.take(
        report, number=number, final=final, sign_on=sign_on, waived=waived, paper=paper
    )
    if final:
        _refuse_gaps(taken, waived or {})
        _refuse_contradictions(report)
    sha = snapshot.digest(taken, part, formats)
    stored = queries.finished_with(report.id, sha, manifest.current())
    if stored is not None and (not final or stored.number == number):
        return Requested(stored, False)
    build = Build(
        report_id=report.id, scope=part, formats=formats, paper=str(taken["paper"]), final=final,
        number=number, state=BuildState.QUEUED, by_term_id=actor.term_id,
        by_label=actor.label, created_at=clock.now(), inputs_sha=sha, active=active,
        sign_on=sign_on,
    )  # fmt: skip
    return _order(build, taken, actor)


def _order(build: Build, taken: Mapping[str, Any], actor: Actor) -> Requested:
    """Keep the snapshot, then the row; who loses the race gets the winner's row."""
    try:
        blob = store.put(canonical_json(taken).encode(), "application/json")
        build.rules_sha = rulebook.keep()
    except store.StoreError as error:
        raise Refused(str(error)) from error
    db.session.flush()
    build.snapshot_sha = blob.sha256
    active = build.active
    try:
        with db.session.begin_nested():
            db.session.add(build)
    except IntegrityError:  # somebody ordered the same in this moment
        return Requested(
            db.session.scalars(sa.select(Build).where(Build.active == active)).one(), False
        )
    record(
        f"report:{build.report_id}", "menyusun dokumen", f"build:{build.id}", actor, None,
        {"bagian": build.scope, "format": build.formats, "nomor": build.number,
         "final": build.final},
    )  # fmt: skip
    return Requested(build, True)


def _formats(text: str) -> str:
    wanted = {name.strip().lower() for name in text.split(",") if name.strip()}
    if not wanted or wanted - set(FORMATS):
        raise Refused("Format yang tersedia: pdf dan docx. Contoh: pdf,docx.")
    return ",".join(name for name in FORMATS if name in wanted)


def _check(report: Report, part: str, final: bool, sign_on: date | None) -> None:
    try:
        edition = places.edition_of(report)
        scope.check(scope.parse(part), edition, queries.unit_names(report))
    except (LookupError, scope.ScopeError) as error:
        raise Refused(str(error)) from error
    if final and part:
        raise Refused("Naskah final disusun untuk seluruh dokumen, bukan untuk satu bagian.")
    if final and sign_on is None:
        raise Refused("Isi tanggal tanda tangan, misalnya 27 Maret 2026.")


def _refuse_gaps(taken: Mapping[str, Any], waived: Mapping[str, str]) -> None:
    missing = queries.missing_of(taken)
    firm = [m for m in missing if m.kind == "firm"]
    if firm:
        raise Refused(f"{firm[0].title}. Tanpa itu naskah final tidak dapat ditetapkan.")
    open_ones = [m for m in missing if not missing_reasons(m.key, waived)]
    if open_ones:
        first = ", ".join(f"{m.title} ({m.supplier})" for m in open_ones[:3])
        more = f" dan {len(open_ones) - 3} bagian lain" if len(open_ones) > 3 else ""
        raise Refused(
            f"Masih ada {len(open_ones)} bagian wajib yang belum diterima: {first}{more}. "
            "Terima isiannya, atau tulis alasan pada setiap bagian itu."
        )


def _refuse_contradictions(report: Report) -> None:
    """A Naskah Final waits while notes that block are open: settled, or excepted with a reason."""
    notes = checks.blocking_for(report)
    if notes:
        more = f" Masih ada {len(notes) - 1} catatan lain." if len(notes) > 1 else ""
        raise Refused(
            f"Masih ada {len(notes)} angka bertentangan yang perlu diperbaiki. {notes[0].sentence}"
            f"{more} Buka Pemeriksaan Isian: samakan angkanya, atau kecualikan dengan alasan."
        )


def missing_reasons(key: str, waived: Mapping[str, str]) -> str:
    """The reason that was given for a missing part, "" when none is usable."""
    reason = " ".join(waived.get(key, "").split())
    return reason if any(letter.isalpha() for letter in reason) else ""


def cancel(build: Build, actor: Actor) -> None:
    """Take back an order that no worker has begun; one that runs is left to finish."""
    changed = db.session.execute(
        sa.update(Build)
        .where(Build.id == build.id, Build.state == BuildState.QUEUED)
        .values(
            state=BuildState.FAILED, active=None, finished_at=clock.now(),
            reason=f"Dibatalkan oleh {actor.label}."[:400],
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    db.session.expire(build)
    if changed.rowcount == 0:  # type: ignore[attr-defined]  # a CursorResult for an UPDATE
        raise Refused("Penyusunan sudah dimulai atau sudah selesai, jadi tidak dapat dibatalkan.")
    record(f"report:{build.report_id}", "membatalkan penyusunan", f"build:{build.id}", actor)


def issue(build: Build, on: date, note: str, actor: Actor) -> Issue:
    """Tetapkan naskah final: the bytes of a finished final build, kept and served for ever.

    The first is the Naskah Final, later ones are Perbaikan ke-n. Refused for a Konsep, for a
    build that is not finished, and when it was issued already.
    """
    if not build.final or build.state != BuildState.DONE:
        raise Refused("Hanya naskah final yang sudah selesai disusun yang dapat ditetapkan.")
    if queries.issue_of(build.id) is not None:
        raise Refused("Naskah ini sudah ditetapkan.", stale=True)
    if not build.files:
        raise Refused("Berkas naskah tidak ada. Susun ulang naskah final.")
    for file in build.files:
        try:
            store.read(file.sha256)  # the bytes must be there before they are called official
        except store.StoreError as error:
            raise Refused(f"{file.name}: {error}") from error
    if len(note) > LONGEST_REASON:
        raise Refused(f"Catatan paling panjang {LONGEST_REASON} huruf.")
    number = queries.next_issue(build.report_id)
    if number and not note.strip():
        raise Refused("Tulis apa yang diperbaiki terhadap naskah yang sudah ditetapkan.")
    row = Issue(
        report_id=build.report_id, build_id=build.id, number=number, on=on, note=note.strip(),
        by_term_id=actor.term_id, by_label=actor.label, at=clock.now(),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise Refused(
            "Naskah lain baru saja ditetapkan. Muat ulang halaman.", stale=True
        ) from error
    record(
        f"report:{build.report_id}", "menetapkan naskah final", f"issue:{row.id}", actor, None,
        {"nomor": number, "tanggal": on.isoformat(),
         "berkas": {file.format: file.sha256 for file in build.files},
         "data": build.snapshot_sha, "inputs": build.inputs_sha},
    )  # fmt: skip
    return row


def sweep() -> list[int]:
    """Ids of builds whose job must be sent (again): queued but forgotten, or lease run out.

    One that has used up its attempts is ended with a sentence. Level-triggered: running it twice
    does no harm, because a build is claimed by one worker only.
    """
    now = clock.now()
    lost = sa.and_(Build.state == BuildState.RUNNING, Build.lease_until < now)
    db.session.execute(
        sa.update(Build)
        .where(lost, Build.attempts >= ATTEMPTS)
        .values(state=BuildState.FAILED, reason=CRASHED, finished_at=now, active=None)
        .execution_options(synchronize_session=False)
    )
    waiting = sa.and_(Build.state == BuildState.QUEUED, Build.created_at < now - FORGOTTEN)
    found = list(
        db.session.scalars(
            sa.select(Build.id).where(sa.or_(waiting, lost), Build.attempts < ATTEMPTS)
            .order_by(Build.id)
        )
    )  # fmt: skip
    db.session.commit()
    pruning.tick()
    current_app.logger.debug("builds to send: %s", found)
    return found
