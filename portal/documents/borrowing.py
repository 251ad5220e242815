"""What a book prints from elsewhere: parts of another report of the year, rekomendasi DPRD."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from portal.dprd import queries as dprd
from portal.outlines.parts import Borrowed, Part, Recommendations
from portal.outlines.schema import Chapter, Edition, Section, all_chapters
from portal.reports import places
from portal.reports import queries as reports
from portal.reports.models import Report

Entries = Callable[[Report, Mapping[int, str]], list[dict[str, Any]]]


def all_parts(edition: Edition) -> Iterable[Part]:
    """Every part of an edition once, however often its section repeats."""

    def walk(holder: Chapter | Section) -> Iterable[Part]:
        yield from holder.parts
        for section in holder.sections:
            yield from walk(section)

    for chapter in all_chapters(edition):
        yield from walk(chapter)


def take(
    report: Report, edition: Edition, codes: Mapping[int, str], entries: Entries
) -> dict[str, Any]:
    """Additions to the snapshot: ``borrowed`` and ``recommendations``; {} when nothing asks."""
    parts = list(all_parts(edition))
    out: dict[str, Any] = {}
    asked: dict[str, set[str]] = {}
    for part in parts:
        if isinstance(part, Borrowed):
            asked.setdefault(part.report, set()).add(part.part)
    if asked:
        out["borrowed"] = {
            kind: _of(report, kind, keys, codes, entries) for kind, keys in sorted(asked.items())
        }
    if any(isinstance(part, Recommendations) for part in parts):
        out["recommendations"] = dprd.for_book(report.year, dict(codes))
    return out


def _of(
    report: Report, kind: str, keys: set[str], codes: Mapping[int, str], entries: Entries
) -> dict[str, Any]:
    """Parts and isian of the other report; both empty while nobody has opened it."""
    other = reports.find_report(kind, report.year, "", report.owner_unit_id)
    if other is None:
        return {"parts": {}, "entries": []}
    known = {p.key: p for p in all_parts(places.edition_of(other)) if p.key in keys}
    found = [entry for entry in entries(other, codes) if entry["part"] in keys]
    return {
        "parts": {key: part.model_dump(mode="json") for key, part in sorted(known.items())},
        "entries": found,
    }
