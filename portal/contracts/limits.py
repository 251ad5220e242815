"""Batas waktu of the region: every day limit is a default that an admin edits from a date on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.contracts import plans
from portal.contracts.flow import Refused
from portal.contracts.stages import Limit, Stage
from portal.people.flow_region import keep_setting
from portal.people.rules import Actor


@dataclass(frozen=True)
class LimitRow:
    """A step with its default and what the region set from when on, the newest first."""

    stage: Stage
    short: bool  # a tonggak
    region: tuple[tuple[date, Limit | None], ...] = ()

    def on(self, day: date) -> Limit | None:
        """The region's limit in force on a day."""
        return next((limit for since, limit in self.region if since <= day), None)


def rows() -> list[LimitRow]:
    """Every step that has, or could have, a limit in days; tonggak first; one query."""
    region: dict[str, list[tuple[date, Limit | None]]] = {}
    for key, since, value in plans.RegionLimits().rows:
        region.setdefault(key, []).insert(0, (since, Limit.read(value) if value else None))
    return [LimitRow(stage, short, tuple(region.get(stage.key, ()))) for stage, short in _stages()]


def _stages() -> Iterator[tuple[Stage, bool]]:
    book = plans.library()
    seen: set[str] = set()
    for stage in sorted(book.rows.values(), key=lambda s: s.no):
        seen.add(stage.key)
        yield stage, True
    for stage in book.fine:
        if stage.key not in seen and stage.mode not in ("tgl", "lalu", "depan"):
            seen.add(stage.key)
            yield stage, False


def row(key: str) -> LimitRow | None:
    """One step by its key."""
    return next((r for r in rows() if r.stage.key == key), None)


def save(key: str, limit: Limit | None, valid_from: date, actor: Actor) -> None:
    """Let a limit hold for contracts signed from a date on; None gives the default back.

    The tick plans the contracts anew that it touches.
    """
    if row(key) is None:
        raise Refused("Tahapan itu tidak dikenal.")
    if limit is not None and (limit.days is None or not 0 <= limit.days <= 730):
        raise Refused("Jumlah hari antara 0 dan 730. Contoh: 14")
    if limit is not None and not limit.basis.strip():
        raise Refused("Dasar wajib diisi. Contoh: Peraturan Bupati Nomor 12 Tahun 2026 Pasal 8")
    value, basis = (limit.plain(), limit.basis) if limit else ("", "")
    keep_setting(plans.LIMIT_PREFIX + key, value, valid_from, basis, actor)
