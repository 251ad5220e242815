"""Rows of tables and lists: added, deleted, brought back, moved."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.db import db
from portal.outlines.parts import Budget, ListPart, Part, Table
from portal.people.rules import Actor
from portal.reports import derived, places, queries
from portal.reports.models import Entry, EntryRow
from portal.reports.ops import Answer, Op
from portal.reports.refusal import Refused
from portal.reports.revising import Noted
from portal.reports.rules import Target

#: Distance of neighbouring rows, so that a row can go between them without moving the others.
GAP = 1024
MOST_LIST = 200


def row_op(entry: Entry, part: Part, op: Op, target: Target, actor: Actor, noted: Noted) -> Answer:
    """``add:<pos>`` | ``del`` | ``undel`` | ``move:<pos>``; pos counts visible rows from 0.

    Rows that the format prescribes are neither added nor deleted. Doing it twice is ``same``.
    """
    if not _free(part):
        raise Refused("Baris tabel ini ditetapkan format laporan; isi selnya saja.")
    verb, _, place = op.value.partition(":")
    row = _row(entry, target.row)
    before = _state(row)
    if verb == "add":
        changed = _add(entry, part, target.row, row, place, actor)
    elif row is None:
        raise Refused("Baris itu tidak ada. Muat ulang halaman.")
    elif verb in {"del", "undel"} and not place:
        changed = row.deleted != (verb == "del")
        row.deleted, row.by_label = verb == "del", actor.label
    elif verb == "move":
        changed = _move(entry, row, _index(place), actor)
    else:
        raise Refused("Perintah baris tidak dikenal. Muat ulang halaman.")
    db.session.flush()
    computed = {} if op.quiet else derived.after(entry, part)
    if not changed:
        return Answer(op.op_id, "same", derived=computed)
    noted(entry, actor, target.text, before, _state(_row(entry, target.row)))
    return Answer(op.op_id, "ok", 1, derived=computed)


def row_for_cell(
    entry: Entry, part: Part, target: Target, actor: Actor, noted: Noted
) -> str | None:
    """See to it that the row of a cell is there; who deleted it, when it was deleted.

    Cells of a new row may come before the row itself (a pasted block, a replay): the row is then
    put at the end. Prescribed rows come into being with their first cell.
    """
    row = _row(entry, target.row)
    if row is not None:
        return (row.by_label or "pengguna lain") if row.deleted else None
    if _free(part):
        _add(entry, part, target.row, None, "", actor)
        noted(entry, actor, f"r:{target.row}", None, _state(_row(entry, target.row)))
        return None
    edition = places.edition_of(entry.report)
    given = places.given_rows(edition, part, queries.things(entry.report.structure_date))
    for index, item in enumerate(given):
        if item.key == target.row:
            db.session.add(EntryRow(entry_id=entry.id, uid=item.key, position=(index + 1) * GAP))
            db.session.flush()
            return None
    raise Refused("Baris itu tidak ada dalam tabel ini. Muat ulang halaman.")


def _free(part: Part) -> bool:
    if isinstance(part, ListPart):
        return True
    return isinstance(part, Table | Budget) and part.rows.kind == "free"


def _row(entry: Entry, uid: str) -> EntryRow | None:
    return db.session.scalar(
        sa.select(EntryRow).where(EntryRow.entry_id == entry.id, EntryRow.uid == uid)
    )


def _state(row: EntryRow | None) -> dict[str, Any] | None:
    return None if row is None else {"deleted": row.deleted, "position": row.position}


def _index(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 5:
        raise Refused("Letak baris tidak dikenal. Muat ulang halaman.")
    return int(text)


def _add(
    entry: Entry, part: Part, uid: str, row: EntryRow | None, place: str, actor: Actor
) -> bool:
    if row is not None:
        return False
    live = queries.rows_of(entry.id)
    most = part.rows.most if isinstance(part, Table | Budget) else MOST_LIST
    if len(live) >= most:
        raise Refused(f"Tabel ini paling banyak {most} baris.")
    index = _index(place) if place else len(live)
    db.session.add(EntryRow(
        entry_id=entry.id, uid=uid, position=_between(live, index), by_label=actor.label
    ))  # fmt: skip
    db.session.flush()
    return True


def _move(entry: Entry, row: EntryRow, index: int, actor: Actor) -> bool:
    live = [r for r in queries.rows_of(entry.id) if r.id != row.id]
    new = _between(live, index)
    order = [r.id for r in queries.rows_of(entry.id)]
    row.position, row.by_label = new, actor.label
    db.session.flush()
    return order != [r.id for r in queries.rows_of(entry.id)]


def _between(live: list[EntryRow], index: int) -> int:
    """A position so that the row stands as number ``index`` among ``live``."""
    index = min(index, len(live))
    if not live:
        return GAP
    if index == len(live):
        return live[-1].position + GAP
    low = live[index - 1].position if index else live[0].position - 2 * GAP
    high = live[index].position
    if high - low >= 2:
        return (low + high) // 2
    for turn, row in enumerate(live):  # no room: give every row its distance again
        row.position = (turn + 1 + (turn >= index)) * GAP
    return (index + 1) * GAP
