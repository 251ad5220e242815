"""Who feeds a part: the first word of ``feed`` names the room, the rest is the room's own.

A provider gives plain JSON with natural keys, never database ids, because it goes into the
snapshot and must mean the same on every server (documents/compile_fed.py has its words).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from portal.documents.borrowing import all_parts
from portal.outlines.parts import Drawn, Fed, Paper
from portal.outlines.schema import Edition
from portal.reports.models import Report
from portal.sakip import feeds as sakip

#: room -> function of a report and the names that it asks for.
Provider = Callable[[Report, Collection[str]], dict[str, Any]]
PROVIDERS: dict[str, Provider] = {"sakip": sakip.provide}


def take(report: Report, edition: Edition) -> dict[str, Any]:
    """Additions to the snapshot: ``feeds`` by name; {} when no part is fed."""
    asked: dict[str, set[str]] = {}
    for part in all_parts(edition):
        if isinstance(part, Fed | Drawn | Paper):
            room, _, name = part.feed.partition(".")
            asked.setdefault(room, set()).add(name)
    feeds: dict[str, Any] = {}
    for room, names in sorted(asked.items()):
        given = PROVIDERS[room](report, sorted(names)) if room in PROVIDERS else {}
        feeds |= {f"{room}.{name}": given.get(name, {}) for name in names}
    return {"feeds": feeds} if feeds else {}
