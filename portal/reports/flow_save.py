"""Save what is typed: one operation per field, answered once and for all."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import db
from portal.outlines.parts import (
    Accounts,
    Budget,
    Column,
    ColumnType,
    ListPart,
    Narrative,
    Part,
    Picture,
    Programs,
    Table,
)
from portal.outlines.trees import TREES
from portal.people.rules import Actor
from portal.reports import (
    derived,
    figures_bridge,
    flow_rows,
    hints,
    places,
    queries,
    reading,
    richtext,
    splice,
    trees,
)
from portal.reports.models import Entry, EntryCell, SaveOp
from portal.reports.ops import Answer, Op
from portal.reports.pictures import keeper
from portal.reports.refusal import Refused
from portal.reports.revising import note_change
from portal.reports.rules import OP_ID, Target, TargetError, parse_target
from portal.reports.states import EntryState
from portal.trail.flow import record

KEPT = " Ketikan ini disimpan dan dapat dipakai nanti."


def apply_op(entry: Entry, op: Op, actor: Actor, note: str = "") -> Answer:
    """Save one operation; idempotent per person and ``op_id``, a conflict only per target.

    Begins with an UPDATE of the isian's row, so that operations of one isian queue up on both
    databases and everything read afterwards is fresh. The caller commits after each operation.
    ``note`` marks the revision (``suntingan sekretariat``).
    """
    if not OP_ID.fullmatch(op.op_id):
        return Answer(op.op_id[:60], "refused", reason="Nomor operasi tidak sah. Muat ulang.")
    lock(entry)
    if (answered := _answered(entry, op, actor)) is not None:
        return answered
    if (whole := _whole(entry, op)) is None:
        return Answer(op.op_id, "whole")
    op = whole
    try:
        answer = _decide(entry, op, actor, note)
    except (TargetError, reading.TooMuch, richtext.TooMuch) as error:
        answer = Answer(op.op_id, "refused", reason=str(error))
    except Refused as refusal:
        answer = Answer(op.op_id, "refused", reason=refusal.sentence)
    answer = replace(answer, at=clock.now().isoformat(), fix=_fix(op, answer))
    return _remember(entry, op, actor, answer)


def _whole(entry: Entry, op: Op) -> Op | None:
    """The operation with its full text; None when its cut was made for another text."""
    if op.cut is None:
        return op
    try:
        target = parse_target(op.target)
    except TargetError:
        return op  # refused in a moment
    stored = db.session.scalar(
        sa.select(EntryCell.value).where(
            EntryCell.entry_id == entry.id, EntryCell.row == target.row,
            EntryCell.field == target.field,
        )
    )  # fmt: skip
    text = splice.joined(stored or "", op.cut, op.value)
    return None if text is None else replace(op, value=text, cut=None)


def _fix(op: Op, answer: Answer) -> list[Any]:
    """How the stored text differs from the one that was sent; nothing for short values."""
    long = op.target.startswith("f:") or len(op.value) > splice.LONG
    if answer.status not in {"ok", "same"} or not long or answer.shown == op.value:
        return []
    found = splice.between(op.value, answer.shown)
    return list(found) if len(found[2]) <= splice.MOST_FIX else [-1, 0, ""]


def lock(entry: Entry) -> None:
    """Take the isian's row for this transaction, then read it anew."""
    db.session.execute(
        sa.update(Entry).where(Entry.id == entry.id).values(content_rev=Entry.content_rev)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    db.session.refresh(entry)


def _answered(entry: Entry, op: Op, actor: Actor) -> Answer | None:
    found = db.session.execute(
        sa.select(SaveOp.entry_id, SaveOp.result).where(
            SaveOp.person_id == actor.person_id, SaveOp.op_id == op.op_id
        )
    ).first()
    if found is None:
        return None
    if found.entry_id != entry.id:
        return Answer(op.op_id, "refused", reason="Nomor operasi sudah dipakai isian lain.")
    kept = {k: v for k, v in found.result.items() if k in Answer.__dataclass_fields__}
    return Answer(**kept)


def _remember(entry: Entry, op: Op, actor: Actor, answer: Answer) -> Answer:
    if actor.person_id is None:
        return answer
    result: dict[str, Any] = asdict(answer)
    if op.target.startswith("f:"):
        result["shown"] = ""  # the whole text stands in its cell already
    if answer.status in {"refused", "conflict"}:
        result |= {
            "target": op.target,
            "value": op.value[: richtext.MAX_TYPED],
        }  # nothing typed is lost
    try:
        with db.session.begin_nested():
            db.session.add(SaveOp(
                person_id=actor.person_id, op_id=op.op_id, entry_id=entry.id, result=result,
                at=clock.now(),
            ))  # fmt: skip
    except IntegrityError:  # the same op_id went to another isian in the same moment
        raise Refused("Nomor operasi sudah dipakai. Muat ulang halaman.") from None
    return answer


def _decide(entry: Entry, op: Op, actor: Actor, note: str) -> Answer:
    desk = queries.desk_of(actor, entry)
    if desk is None:
        raise Refused("Isian ini bukan milik perangkat daerah Bapak/Ibu.")
    if not desk.may_write and not (note and _may_edit(desk, actor, op)):
        sent = entry.state not in desk.workflow.editable
        return Answer(
            op.op_id, "refused", offered=sent and entry.state != EntryState.TERKUNCI,
            reason=desk.why_not + (KEPT if sent else ""),
        )  # fmt: skip
    placed = queries.place_of(entry)
    if placed is None:
        raise Refused("Bagian ini tidak ada lagi dalam format laporan. Hubungi sekretariat.")
    target = parse_target(op.target)
    if target.kind == "d":
        answer = _datum(entry, op, target, actor)
    elif target.kind == "r":
        answer = flow_rows.row_op(entry, placed.part, op, target, actor, note_change)
    else:
        answer = _cell(entry, placed.part, op, target, actor, note)
    if answer.status == "ok":
        touch(entry, actor)
        if note:
            record(
                f"report:{entry.report_id}", note, f"entry:{entry.id}", actor, None,
                {"bagian": op.target, "rev": answer.rev},
            )  # fmt: skip
    return answer


def _may_edit(desk: queries.Desk, actor: Actor, op: Op) -> bool:
    """Suntingan sekretariat: an accepted narrative, never a number."""
    return (
        op.target.startswith("f:")
        and desk.entry.state in {EntryState.DISAHKAN, EntryState.DITERIMA}
        and desk.entry.report.kind in actor.region_wide
    )


def touch(entry: Entry, actor: Actor) -> None:
    """The content moved on; the first keystroke makes an empty isian a draft."""
    entry.content_rev += 1
    if entry.state == EntryState.KOSONG:
        entry.state, entry.state_since = EntryState.DRAF, clock.now()
        entry.version += 1
        record(
            f"report:{entry.report_id}", "mulai mengisi", f"entry:{entry.id}", actor,
            {"state": EntryState.KOSONG}, {"state": EntryState.DRAF},
        )  # fmt: skip
    db.session.flush()


# --- cells and fields -----------------------------------------------------------------------


def _cell(entry: Entry, part: Part, op: Op, target: Target, actor: Actor, note: str) -> Answer:
    if isinstance(part, TREES) and target.kind == "c":
        return _tree(entry, part, op, target, actor, note)
    if target.kind == "c":
        gone = flow_rows.row_for_cell(entry, part, target, actor, note_change)
        if gone is not None:
            return Answer(op.op_id, "conflict", theirs="(baris dihapus)", theirs_by=gone)
    cell = db.session.scalar(
        sa.select(EntryCell).where(
            EntryCell.entry_id == entry.id, EntryCell.row == target.row,
            EntryCell.field == target.field,
        )
    )  # fmt: skip
    found, notes = _read(entry, part, target, op.value, actor)
    mine = (found.value, found.raw)
    if cell is not None and cell.rev != op.base and (cell.value, cell.raw) != mine:
        return Answer(
            op.op_id, "conflict", cell.rev, theirs=_shown(part, target, cell.value, cell.raw),
            theirs_by=cell.by_label,
        )  # fmt: skip
    before = (cell.value, cell.raw) if cell is not None else None
    if before == mine or (before is None and mine == ("", None)):
        status, rev = "same", cell.rev if cell is not None else 0
    else:
        status, rev = "ok", _put(entry, cell, target, found, actor)
        note_change(entry, actor, target.text, _state(before), _state(mine), note)
    return Answer(
        op.op_id, status, rev, shown=_shown(part, target, *mine), doubt=found.doubt,
        other=found.other, choices=[list(c) for c in found.choices], notes=list(notes),
        derived=derived.after(entry, part) if target.kind == "c" and not op.quiet else {},
    )  # fmt: skip


def _tree(
    entry: Entry, part: Programs | Accounts, op: Op, target: Target, actor: Actor, note: str
) -> Answer:
    """A cell whose row lives in the budget: written there, told in this isian's history."""
    found, notes = _read(entry, part, target, op.value, actor)
    column = column_of(part, target.field)
    assert column is not None  # noqa: S101 - _read has refused unknown columns
    saved = trees.put(
        entry, part, target.row, column, found.value or "", found.raw or "", op.base, actor
    )
    if saved.status == "conflict":
        return Answer(
            op.op_id, "conflict", saved.rev, theirs=_shown(part, target, saved.theirs, None),
            theirs_by=saved.theirs_by,
        )  # fmt: skip
    if saved.status == "ok":
        after = _state((found.value, found.raw))
        note_change(entry, actor, target.text, {"v": saved.before}, after, note)
    return Answer(
        op.op_id, saved.status, saved.rev, shown=_shown(part, target, found.value, found.raw),
        doubt=found.doubt, other=found.other, choices=[list(c) for c in found.choices],
        notes=list(notes), derived={} if op.quiet else derived.after(entry, part),
    )  # fmt: skip


def _state(pair: tuple[str | None, str | None] | None) -> dict[str, str] | None:
    """How the history keeps a cell: ``v`` canonical, ``raw`` not understood."""
    if pair is None:
        return None
    return {"v": pair[0]} if pair[0] is not None else {"raw": pair[1] or ""}


def _put(
    entry: Entry, cell: EntryCell | None, target: Target, found: reading.Reading, actor: Actor
) -> int:
    now = clock.now()
    if cell is None:
        cell = EntryCell(entry_id=entry.id, row=target.row, field=target.field, rev=0, at=now)
        db.session.add(cell)
    cell.rev += 1
    cell.value, cell.raw, cell.by_label, cell.at = found.value, found.raw, actor.label, now
    cell.carried = None  # somebody wrote it: no longer last year's words unseen
    db.session.flush()
    return cell.rev


def column_of(part: Part, key: str) -> Column | None:
    """The typed column ``key`` of a table-like part."""
    return next((c for c in places.columns_of(part) if c.key == key), None)


def _read(
    entry: Entry, part: Part, target: Target, typed: str, actor: Actor
) -> tuple[reading.Reading, tuple[str, ...]]:
    """Understand ``typed`` for its target; Refused when the part has no such field."""
    if target.kind == "f" and isinstance(part, Narrative) and target.field == "text":
        keep = keeper(entry, actor)
        done = richtext.clean(typed, queries.uploads_of(entry.id), keep)
        return reading.Reading(done.html), done.notes
    if target.kind == "f" and isinstance(part, Picture):
        return _picture_field(entry, target.field, typed), ()
    if target.kind == "c" and isinstance(part, Table | Budget | ListPart):
        column = column_of(part, target.field)
        if column is not None and not (column.formula or getattr(column, "share_of", "")):
            return reading.read(column.type, typed, column.choices), ()
        if column is not None:
            raise Refused(f"Kolom “{column.label}” dihitung sendiri dan tidak diketik.")
    raise Refused("Bagian isian yang dituju tidak ada. Muat ulang halaman, lalu coba lagi.")


def _picture_field(entry: Entry, name: str, typed: str) -> reading.Reading:
    if name == "caption":
        return reading.read(ColumnType.TEXT, typed)
    if name == "file" and (not typed or typed in queries.uploads_of(entry.id)):
        return reading.Reading(typed)
    raise Refused("Gambar belum diunggah ke isian ini. Pilih berkasnya, lalu unggah lagi.")


def _shown(part: Part, target: Target, value: str | None, raw: str | None) -> str:
    if value is None:
        return raw or ""
    column = column_of(part, target.field) if target.kind == "c" else None
    return reading.show(column.type, value, column.places) if column else value


# --- figures --------------------------------------------------------------------------------


def _datum(entry: Entry, op: Op, target: Target, actor: Actor) -> Answer:
    """Hand a figure to its own room; its answer is taken over field by field."""
    found = figures_bridge.put(entry, target, op.value, op.base, actor)
    if found.status == "ok":
        note_change(entry, actor, target.text, found.before,
                    {"v": found.shown, "rev": found.rev})  # fmt: skip
    return Answer(
        op.op_id, found.status, found.rev, shown=found.shown, doubt=found.doubt,
        other=found.other, choices=found.choices, theirs=found.theirs, theirs_by=found.theirs_by,
        reason=found.reason, derived=found.derived,
        hints=_hints(entry, target) if found.status in {"ok", "same"} else {},
    )  # fmt: skip


def _hints(entry: Entry, target: Target) -> hints.Hints:
    """Soft remarks after a number was typed."""
    if target.attr != "value":
        return {}
    return hints.after(entry, queries.place_of(entry), target.element)
