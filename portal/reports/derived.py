"""Computed cells and totals of one isian, ready for the screen."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from portal import indonesian
from portal.outlines import sums
from portal.outlines.parts import Budget, Column, ColumnType, Part, Table
from portal.reports import queries, reading
from portal.reports.models import Entry

#: Digits of a computed number when the outline does not say.
PLACES = {
    ColumnType.PERCENT: 2, ColumnType.RUPIAH: 2, ColumnType.DECIMAL: 2, ColumnType.WHOLE: 0,
}  # fmt: skip


def numbers(columns: tuple[Column, ...], cells: dict[str, str]) -> dict[str, Decimal | None]:
    """Canonical cells of one row as numbers; empty or text is None."""
    found: dict[str, Decimal | None] = {}
    for column in columns:
        if column.type not in reading.NUMERIC:
            continue
        try:
            value = cells.get(column.key, "")
            found[column.key] = Decimal(value) if value else None
        except InvalidOperation:
            found[column.key] = None
    return found


def after(entry: Entry, part: Part) -> dict[str, str]:
    """``c:<row>:<column>`` of computed cells and ``t:<column>`` of totals, formatted."""
    if not isinstance(part, Table | Budget) or not _computes(part):
        return {}
    return shown(part, queries.content_of(entry))


def shown(part: Table | Budget, content: queries.EntryContent) -> dict[str, str]:
    """The same from content that was read already; "" where there is no value."""
    rows = [(r.uid, numbers(part.columns, r.cells)) for r in content.rows]
    filled = sums.fill_table(part, rows)
    given = {i.key: i for i in part.rows.items}
    out: dict[str, str] = {}
    for uid, row in filled.items():
        adds = uid in given and bool(given[uid].sum_of)
        for column in part.columns:
            if sums.computed(column) or (adds and column.rolls and column.type in reading.NUMERIC):
                out[f"c:{uid}:{column.key}"] = show(column, row.get(column.key))
    if isinstance(part, Table) and any(c.total for c in part.columns):
        totals = sums.total_row(part, list(filled.values()))
        for column in part.columns:
            if column.total:
                out[f"t:{column.key}"] = show(column, totals.get(column.key))
    return out


def show(column: Column, value: Decimal | None) -> str:
    """A computed number as it prints."""
    if value is None:
        return ""
    places = column.places if column.places is not None else PLACES.get(column.type)
    return indonesian.number(value, places)


def _computes(part: Table | Budget) -> bool:
    return (
        any(sums.computed(c) or c.total for c in part.columns)
        or any(i.sum_of for i in part.rows.items)
    )  # fmt: skip
