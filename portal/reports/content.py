"""What stands in isian: fields, rows and cells, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.db import db
from portal.reports import trees
from portal.reports.models import Entry, EntryCell, EntryRow, EntryUpload, Report


@dataclass(frozen=True)
class RowContent:
    """One row: its id and its canonical cells; a cell that is not understood is ""."""

    uid: str
    cells: dict[str, str]


@dataclass(frozen=True)
class EntryContent:
    """What stands in one isian; ``rows`` in order, without deleted ones."""

    entry_id: int
    part_key: str
    repeat_key: str
    supplier_unit_id: int
    state: str
    on_behalf: bool
    content_rev: int
    fields: dict[str, str]
    rows: list[RowContent]


@dataclass(frozen=True)
class CellView:
    """One cell as a form needs it: ``value`` canonical, ``raw`` typed but not understood."""

    value: str
    raw: str
    rev: int
    by_label: str
    at: datetime
    carried: int = 0  # year it was brought over from, while nobody has looked at it


def cells_of(entry_id: int) -> dict[tuple[str, str], CellView]:
    """(row uid or "", field) -> cell, with its revision and what was not understood."""
    entry = db.session.get(Entry, entry_id)
    part = trees.part_of(entry) if entry is not None else None
    if entry is not None and part is not None:
        return {key: CellView(*state) for key, state in trees.cell_states(entry, part).items()}
    return {
        (c.row, c.field): CellView(
            c.value or "", c.raw or "", c.rev, c.by_label, c.at, c.carried or 0
        )
        for c in db.session.scalars(sa.select(EntryCell).where(EntryCell.entry_id == entry_id))
    }


def rows_of(entry_id: int, deleted: bool = False) -> list[EntryRow]:
    """The rows in order; with ``deleted`` also those that can be brought back."""
    query = sa.select(EntryRow).where(EntryRow.entry_id == entry_id)
    if not deleted:
        query = query.where(EntryRow.deleted.is_(False))
    return list(db.session.scalars(query.order_by(EntryRow.position, EntryRow.id)))


def uploads_of(entry_id: int) -> frozenset[str]:
    """SHA-256 of the pictures that belong to the isian."""
    return frozenset(
        db.session.scalars(sa.select(EntryUpload.sha256).where(EntryUpload.entry_id == entry_id))
    )


def contents(report: Report) -> list[EntryContent]:
    """Everything in the report, in the order of the book: one query for isian, rows, cells."""
    entries = list(
        db.session.scalars(
            sa.select(Entry).where(Entry.report_id == report.id)
            .order_by(Entry.position, Entry.id)
        )
    )  # fmt: skip
    return _fill(entries, Entry.report_id == report.id)


def content_of(entry: Entry) -> EntryContent:
    """What stands in one isian."""
    return _fill([entry], Entry.id == entry.id)[0]


def _fill(entries: Iterable[Entry], which: sa.ColumnElement[bool]) -> list[EntryContent]:
    live: dict[int, dict[str, RowContent]] = {}
    for row in db.session.execute(
        sa.select(EntryRow.entry_id, EntryRow.uid)
        .join(Entry, EntryRow.entry_id == Entry.id)
        .where(which, EntryRow.deleted.is_(False))
        .order_by(EntryRow.entry_id, EntryRow.position, EntryRow.id)
    ):
        live.setdefault(row.entry_id, {})[row.uid] = RowContent(row.uid, {})
    loose: dict[int, dict[str, str]] = {}
    for cell in db.session.execute(
        sa.select(EntryCell.entry_id, EntryCell.row, EntryCell.field, EntryCell.value)
        .join(Entry, EntryCell.entry_id == Entry.id)
        .where(which)
        .order_by(EntryCell.id)
    ):
        if not cell.row:
            loose.setdefault(cell.entry_id, {})[cell.field] = cell.value or ""
        elif (found := live.get(cell.entry_id, {}).get(cell.row)) is not None:
            found.cells[cell.field] = cell.value or ""
    entries = list(entries)
    budget = trees.rows_of_many(entries[0].report, entries) if entries else {}
    for entry_id, rows in budget.items():
        live[entry_id] = {row.uid: RowContent(row.uid, dict(row.cells)) for row in rows}
    return [
        EntryContent(
            e.id, e.part_key, e.repeat_key, e.supplier_unit_id, e.state, e.on_behalf,
            e.content_rev, loose.get(e.id, {}), list(live.get(e.id, {}).values()),
        )
        for e in entries
    ]  # fmt: skip
