"""Apa yang berubah sejak ...: two builds of one report, or a build and the isian as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from portal import clock, store
from portal.documents import diff, lines, naming, queries, trace
from portal.documents.building import lines_again
from portal.documents.models import Build, BuildState, Issue
from portal.people.rules import Actor
from portal.reports import queries as reports
from portal.reports.models import Report
from portal.reports.refusal import Refused
from portal.store import StoreError

__all__ = [
    "NOW", "Again", "Between", "StoreError", "Version", "again", "between", "usual", "version",
    "versions",
]  # fmt: skip

#: How the address names the isian as they stand now.
NOW = "kini"


@dataclass(frozen=True)
class Version:
    """One side of a comparison. ``build`` None = the isian as they stand now."""

    key: str
    name: str  # Konsep 3, Naskah final, Perbaikan ke-1, Keadaan isian sekarang
    at: datetime
    build: Build | None = None
    issue: Issue | None = None


@dataclass(frozen=True)
class Between:
    """What differs between two versions of a report."""

    report: Report
    old: Version
    new: Version
    difference: diff.Difference


def versions(actor: Actor, report: Report) -> list[Version]:
    """Whole books of a report that the actor may read, newest first; compilers also see now."""
    return all_versions(report, queries.compiles(actor, report))


def all_versions(report: Report, compiles: bool = True) -> list[Version]:
    """``versions`` for one who compiles, or for one who only reads."""
    issues = {build.id: issue for issue, build in queries.issues_of([report.id])}
    builds = queries.finished_builds([report.id]) if compiles else []
    known = {build.id for build in builds}
    builds += [b for _, b in queries.issues_of([report.id]) if b.id not in known]
    found = [
        version(build, issues.get(build.id)) for build in sorted(builds, key=lambda b: -b.id)
        if not build.scope
    ]  # fmt: skip
    now = [Version(NOW, "Keadaan isian sekarang", clock.now())] if compiles and found else []
    return now + found


def version(build: Build, issue: Issue | None) -> Version:
    """A build as a side of a comparison; what was issued bears the number of the issue."""
    name = naming.nature(build.final, issue.number if issue else build.number)
    return Version(str(build.id), name, build.finished_at or build.created_at, build, issue)


def usual(known: list[Version], new: str = "") -> tuple[str, str]:
    """What is compared when nobody chose: a book (the newest) with the one issued before it.

    Where none was issued, with the one made before it.
    """
    builds = [v for v in known if v.build is not None]
    at = next((n for n, v in enumerate(builds) if v.key == new), 0)
    builds = builds[at:]
    if not builds:
        return "", ""
    if len(builds) == 1:
        return builds[0].key, NOW if any(v.key == NOW for v in known) else builds[0].key
    newest = builds[0]
    issued = next((v for v in builds[1:] if v.issue is not None), None)
    return (issued or builds[1]).key, newest.key


def between(actor: Actor, report: Report, old: str, new: str) -> Between:
    """Compare two versions by their keys, the older one first; Refused with what to do."""
    known = versions(actor, report)
    for key in (old, new):
        _foreign(actor, report, known, key)
    return compare_versions(report, known, old, new)


def compare_versions(report: Report, known: list[Version], old: str, new: str) -> Between:
    """Compare two of the ``known`` versions; Refused for others, and for one with itself."""
    if not known:
        raise Refused(
            "Belum ada dokumen utuh yang selesai disusun. Susun satu konsep, lalu bandingkan "
            "dengan keadaan isian sesudahnya."
        )
    by_key = {v.key: v for v in known}
    if old not in by_key or new not in by_key:
        raise Refused("Versi yang diminta tidak ada. Pilih dua versi dari daftar.")
    a, b = by_key[old], by_key[new]
    if a.key == b.key:
        raise Refused(
            "Kedua pilihan adalah dokumen yang sama. Pilih dua versi, misalnya Konsep 1 dan "
            "Konsep 2."
        )
    if (a.key == NOW, a.at, a.key) > (b.key == NOW, b.at, b.key):
        a, b = b, a
    if a.build is not None and b.build is not None:
        found = _stored(_words_sha(a.build), _words_sha(b.build), str(store.root()))
    else:
        found = diff.compare(_lines(report, a), _lines(report, b))
    return Between(report, a, b, found)


def _foreign(actor: Actor, report: Report, known: list[Version], key: str) -> None:
    """A build that is none of these versions is named with what to do."""
    if any(version.key == key for version in known):
        return
    build = queries.build_for(actor, int(key)) if key.isdecimal() and len(key) < 12 else None
    if build is not None and build.report_id != report.id:
        other = reports.report_for(actor, build.report_id)
        raise Refused(
            f"Dokumen itu milik {reports.report_title(other) if other else 'laporan lain'}, bukan "
            f"{reports.report_title(report)}. Pilih dua versi dari laporan yang sama; untuk "
            "membandingkan format dua tahun, buka Format Laporan."
        )
    if build is not None and build.scope:
        raise Refused(
            "Dokumen itu hanya sebagian dari laporan. Pilih penyusunan seluruh dokumen sebagai "
            "pembanding."
        )
    if build is not None and build.state != BuildState.DONE:
        raise Refused("Dokumen itu belum selesai disusun. Tunggu sampai selesai, lalu ulangi.")
    raise Refused("Versi yang diminta tidak ada. Pilih dua versi dari daftar.")


def _words_sha(build: Build) -> str:
    """Where the words of a build lie; made and kept when it is older than this habit."""
    if build.lines_sha and store.path_of(build.lines_sha).is_file():
        return build.lines_sha
    data = lines.text_of(lines_again(build)).encode()
    return store.put_bytes(data, store.root())


@lru_cache(maxsize=8)
def _stored(old: str, new: str, base: str) -> diff.Difference:
    read = [lines.read(store.path_of(sha, Path(base)).read_bytes()) for sha in (old, new)]
    return diff.compare(*read)


def _lines(report: Report, one: Version) -> list[lines.Line]:
    if one.build is None:
        return lines.lines_of(trace.compiled(report))
    return lines.read(store.path_of(_words_sha(one.build)).read_bytes())


# --- an issued book, made again -------------------------------------------------------------


@dataclass(frozen=True)
class Again:
    """Whether a book says today what it said then, and which component of the engine differs."""

    same_words: bool
    difference: diff.Difference
    engine: tuple[str, ...]


def again(build: Build, engine: tuple[str, ...]) -> Again:
    """Compile a build anew from its snapshot and compare its words with the kept ones."""
    fresh = lines_again(build)
    if build.lines_sha and lines.digest(fresh) == build.lines_sha:
        return Again(True, diff.Difference(), engine)
    then = lines.read(store.read(build.lines_sha)) if build.lines_sha else fresh
    found = diff.compare(then, fresh)
    return Again(not found.changes, found, engine)
