"""Isian whose rows live in the budget: their rows, their cells, and saving one of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from portal.budget import flow, nomenclature, queries, rules
from portal.budget.queries import TreeRow
from portal.db import db
from portal.outlines import loader, trees
from portal.outlines.parts import Accounts, Column, Programs
from portal.outlines.schema import Placed
from portal.people.rules import Actor
from portal.reports.models import Entry, Report
from portal.reports.refusal import Refused

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def parts_of(report: Report) -> dict[str, Programs | Accounts]:
    """Parts of the report's edition that the budget feeds; asks no database."""
    try:
        digest = loader.current().digest(report.kind, report.edition)
    except KeyError:
        return {}
    return _parts(report.kind, report.edition, digest)


@lru_cache(maxsize=32)
def _parts(kind: str, code: str, _digest: str) -> dict[str, Programs | Accounts]:
    return trees.tree_parts(loader.current().edition(kind, code))


def part_of(entry: Entry) -> Programs | Accounts | None:
    """The budget part that this isian fills, None for any other isian."""
    return parts_of(entry.report).get(entry.part_key)


def unit_of(entry: Entry, part: Programs | Accounts) -> int:
    """Whose rows: programs are the supplier's, accounts the region's."""
    return entry.supplier_unit_id if isinstance(part, Programs) else entry.report.owner_unit_id


def rows_of(entry: Entry, part: Programs | Accounts) -> list[TreeRow]:
    """The rows of one isian in the order of their codes."""
    unit = unit_of(entry, part)
    kind = trees.kind_of(part)
    found = queries.rows(kind, entry.report.year, unit)
    return _complete(part, entry.report.year, found)


def rows_of_many(
    report: Report, entries: Iterable[Entry]
) -> dict[int, list[TreeRow]]:  # fmt: skip
    """Isian id -> its rows, for all isian of a report at once: a constant number of queries."""
    parts = parts_of(report)
    mine = [(e, parts[e.part_key]) for e in entries if e.part_key in parts]
    out: dict[int, list[TreeRow]] = {}
    for kind in ("programs", "accounts"):
        asked = [(e, p) for e, p in mine if trees.kind_of(p) == kind]
        if not asked:
            continue
        units = {unit_of(e, p) for e, p in asked}
        found = queries.rows_by_unit(kind, report.year, units)
        for entry, part in asked:
            stood = found.get(unit_of(entry, part), [])
            out[entry.id] = _complete(part, report.year, stood)
    return out


def _complete(part: Programs | Accounts, year: int, found: list[TreeRow]) -> list[TreeRow]:
    """The stored rows; accounts of the chart stand there before anybody has written them."""
    rows = [row for row in found if trees.wanted(part, row.uid)]
    if isinstance(part, Accounts):
        known = {row.uid for row in rows}
        try:
            chart = nomenclature.for_year(year).accounts
        except LookupError:
            chart = {}
        rows += [
            TreeRow(0, code, {"kode": code, "uraian": name})
            for code, name in chart.items() if code not in known and trees.wanted(part, code)
        ]  # fmt: skip
        rows.sort(key=lambda r: rules.order(r.uid))
    return rows


def placed_with_rows(entry: Entry, placed: Placed) -> Placed:
    """Where the isian stands, with the rows of the budget in its part."""
    if not isinstance(placed.part, trees.TREES):
        return placed
    rows = [(r.uid, r.cells) for r in rows_of(entry, placed.part)]
    part = trees.with_rows(placed.part, rows)
    return Placed(placed.chapter, placed.sections, part, placed.item)


def cell_states(entry: Entry, part: Programs | Accounts) -> dict[tuple[str, str], tuple[Any, ...]]:
    """(code, field) -> (value, raw, revision, who, when)."""
    out: dict[tuple[str, str], tuple[Any, ...]] = {}
    for row in rows_of(entry, part):
        for name in rules.fields(trees.kind_of(part)):
            n, by, at, raw = row.heads.get(name) or (0, "", "", "")
            value = row.cells.get(name, "")
            if value or raw or n:
                when = datetime.fromisoformat(at) if at else _LONG_AGO
                out[row.uid, name] = ("" if raw else value, raw, int(n), by, when)
    return out


def locked(kind: str, year: int, unit_id: int, besides: int = 0) -> str:
    """Why the budget of a unit may not be changed now: its isian is on another desk; "" when free.

    Reports whose isian nobody has opened do not stand in the way, nor does the isian ``besides``.
    """
    from portal.reports import queries as entries  # noqa: PLC0415 - it reads this module

    reports = list(db.session.scalars(sa.select(Report).where(Report.year == year)))
    asking = {
        (report.id, key) for report in reports for key, part in parts_of(report).items()
        if trees.kind_of(part) == kind
    }  # fmt: skip
    if not asking:
        return ""
    found = db.session.scalars(
        sa.select(Entry).where(Entry.report_id.in_({r for r, _ in asking}), Entry.id != besides)
        .where(Entry.part_key.in_({key for _, key in asking}))
        .where(Entry.supplier_unit_id == unit_id if kind == "programs" else sa.true())
    )  # fmt: skip
    for entry in found:
        part = parts_of(entry.report).get(entry.part_key)
        if part is None or trees.kind_of(part) != kind or unit_of(entry, part) != unit_id:
            continue
        if entry.state not in entries.workflow_of(entry.report).editable:
            title = part.title.replace("{tahun}", str(year))
            return (
                f"Isian “{title}” {entry.report.kind.upper()} {year} sudah dikirim. Tarik "
                "kembali atau minta dibuka kembali dahulu."
            )
    return ""


def put(
    entry: Entry, part: Programs | Accounts, code: str, column: Column, value: str, raw: str,
    base: int, actor: Actor,
) -> flow.Saved:  # fmt: skip
    """Write one cell of the isian into the budget."""
    kind, unit = trees.kind_of(part), unit_of(entry, part)
    if column.key not in rules.fields(kind):
        raise Refused(f"Kolom “{column.label}” tidak diketik di sini.")
    row = next((r for r in part.rows.items if r.key == code), None)
    if row is None:
        raise Refused("Baris itu tidak ada dalam anggaran perangkat daerah ini. Muat ulang.")
    if row.sum_of and column.rolls and rules.fields(kind)[column.key] == "rupiah":
        raise Refused("Baris ini dijumlahkan dari baris di bawahnya; isi baris di bawahnya.")
    if held := locked(kind, entry.report.year, unit, besides=entry.id):
        raise Refused(f"Angka ini sama dengan angka laporan lain. {held}")
    line = queries.line(kind, entry.report.year, unit, code)
    if line is None:
        title = row.cells.get("uraian", "")
        line, _ = flow.ensure_line(kind, entry.report.year, unit, code, title)
    try:
        return flow.put(line, column.key, value, base, actor, raw)
    except flow.Refused as refused:
        raise Refused(refused.sentence) from refused
