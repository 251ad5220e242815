"""The past of an isian: its revisions with their differences, and the same part last year."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.db import db
from portal.figures import catalogue
from portal.outlines.parts import Part
from portal.people.rules import Actor
from portal.reports import lineage, places, queries, reading, receipts
from portal.reports.models import Entry, EntryCell, Report, Revision, SaveOp
from portal.reports.rules import OPEN_STATES, Target, TargetError, diff_words, parse_target, plain
from portal.reports.states import EntryState
from portal.trail.models import TrailEntry


@dataclass(frozen=True)
class Change:
    """One target in a revision; ``words`` is the difference of long texts, word by word."""

    target: str
    label: str
    before: str
    after: str
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class RevisionView:
    """What one person changed within ten minutes."""

    n: int
    by_label: str
    started_at: datetime
    ended_at: datetime
    note: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class LastYear:
    """The same part in the report of the year before."""

    year: int
    entry: Entry
    content: queries.EntryContent
    by_label: str  # who made it, "" when nobody knows
    at: datetime | None

    def value(self, field: str, row: str = "") -> str:
        """A canonical value of last year, "" when there was none."""
        if not row:
            return self.content.fields.get(field, "")
        for found in self.content.rows:
            if found.uid == row:
                return found.cells.get(field, "")
        return ""


@dataclass(frozen=True)
class Offered:
    """A text that came too late or met another's; kept so that nothing typed is lost."""

    op_id: str
    target: str
    label: str
    value: str
    status: str
    at: datetime


@dataclass(frozen=True)
class Reopening:
    """Buka Kembali as it was decided."""

    by_label: str
    at: datetime
    basis: str
    reason: str
    until: date | None


def reopening_of(entry: Entry) -> Reopening | None:
    """By whom, on what basis, why and until when it was opened again; None when it is not."""
    return reopenings_of([entry]).get(entry.id)


def reopenings_of(entries: Iterable[Entry]) -> dict[int, Reopening]:
    """The last reopening by isian, of those that are open again; one question for all."""
    opened = {
        f"entry:{entry.id}": entry for entry in entries
        if entry.state == EntryState.DIBUKA_KEMBALI
    }  # fmt: skip
    if not opened:
        return {}
    rows = db.session.scalars(
        sa.select(TrailEntry).where(TrailEntry.subject.in_(opened)).order_by(TrailEntry.id)
    )
    found: dict[int, Reopening] = {}
    for row in rows:
        said = row.after if isinstance(row.after, dict) else {}  # other verbs write a word
        if said.get("state") == EntryState.DIBUKA_KEMBALI and said.get("basis"):
            entry = opened[row.subject]
            found[entry.id] = Reopening(
                row.actor, row.at, said["basis"], said["reason"], entry.reopened_until
            )
    return found


def history(entry: Entry, limit: int = 200) -> list[RevisionView]:
    """The newest revisions first, each with what it changed in words that people read."""
    placed = queries.place_of(entry)
    part = placed.part if placed else None
    rows = db.session.scalars(
        sa.select(Revision).where(Revision.entry_id == entry.id)
        .order_by(Revision.n.desc()).limit(limit)
    )  # fmt: skip
    return [
        RevisionView(
            r.n, r.by_label, r.started_at, r.ended_at, r.note,
            tuple(_change(part, target, pair) for target, pair in sorted(r.delta.items())
                  if _content(pair[0]) != _content(pair[1])),
        )
        for r in rows
    ]  # fmt: skip


def seen_by(actor: Actor, desk: queries.Desk) -> list[RevisionView]:
    """The history for one reader: those of the house see every step, others one step per sending.

    What stood in a draft between two sendings was never handed over, so Inspektorat and
    sekretariat see what a sending changed against the one before, not how it came about.
    """
    entry, found = desk.entry, history(desk.entry)
    house = {entry.supplier_unit_id, *desk.unit.ancestors}
    if desk.supports or actor.units() & house or entry.on_behalf:
        return found
    sent = sorted(receipt.at for receipt in receipts.of_subject(f"entry:{entry.id}"))
    steps: dict[int, list[RevisionView]] = {}
    for revision in found:
        steps.setdefault(sum(at < revision.ended_at for at in sent), []).append(revision)
    steps.pop(len(sent), None) if entry.state in OPEN_STATES else None
    out: list[RevisionView] = []
    for turn in sorted(steps, reverse=True):
        after = turn == len(sent)  # what the sekretariat mended after the last sending
        out += steps[turn] if after else [_merged(steps[turn], f"kiriman ke-{turn + 1}")]
    return out


def _merged(newest_first: list[RevisionView], note: str) -> RevisionView:
    """Several revisions as one: what stood before the first against what stands after the last."""
    oldest_first = newest_first[::-1]
    changes: dict[str, Change] = {}
    for change in (c for revision in oldest_first for c in revision.changes):
        before = changes[change.target].before if change.target in changes else change.before
        words: tuple[tuple[str, str], ...] = ()
        if change.target.startswith("f:") and len(before) + len(change.after) < 60_000:
            words = tuple(diff_words(before, change.after))
        changes[change.target] = Change(change.target, change.label, before, change.after, words)
    last = newest_first[0]
    return RevisionView(
        last.n, last.by_label, oldest_first[0].started_at, last.ended_at, note,
        tuple(c for _, c in sorted(changes.items()) if c.before != c.after),
    )  # fmt: skip


def _content(state: Any) -> Any:
    """A state without its number: what was typed over and set back has changed nothing."""
    return {k: v for k, v in state.items() if k != "rev"} if isinstance(state, dict) else state


def _change(part: Part | None, target: str, pair: list[Any]) -> Change:
    before, after = (_words(part, target, state) for state in pair)
    words: tuple[tuple[str, str], ...] = ()
    if target.startswith("f:") and len(before) + len(after) < 60_000:
        words = tuple(diff_words(before, after))
    return Change(target, label_of(part, target), before, after, words)


def label_of(part: Part | None, target: str) -> str:
    """What a target is called on the screen: ``Laki-laki, baris b1``."""
    try:
        found = parse_target(target)
    except TargetError:
        return target
    if found.kind == "r":
        return f"Baris {_row_label(part, found.row)}"
    if found.kind == "d":
        return _figure_label(found)
    if found.kind == "f":
        return {"text": "Uraian", "file": "Gambar", "caption": "Keterangan gambar"}.get(
            found.field, found.field
        )
    column = _column(part, found)
    return f"{column or found.field}, {_row_label(part, found.row)}"


#: What an attribute of a datum is called.
ATTRS = {
    "vintage": "sifat angka", "na_reason": "sebab belum rilis", "expected_on": "perkiraan rilis",
    "source": "sumber data", "same": "alasan sama dengan tahun lalu",
}  # fmt: skip


def _figure_label(target: Target) -> str:
    element = catalogue.current().elements.get(target.element)
    title = element.title if element else f"Data {target.element}"
    place = target.dims.partition("=")[2]
    more = [ATTRS.get(target.attr, ""), place, f"bulan {target.month}" if target.month else "",
            target.measure]  # fmt: skip
    words = ", ".join(m for m in more if m)
    return f"{title} ({words})" if words else title


def _column(part: Part | None, target: Target) -> str:
    if part is None:
        return ""
    return next((c.label for c in places.columns_of(part) if c.key == target.field), "")


def _row_label(part: Part | None, uid: str) -> str:
    for item in getattr(getattr(part, "rows", None), "items", ()):
        if item.key == uid:
            return str(next((t for t in item.cells.values() if t), uid))
    return uid


#: A picture in a text, told apart from another by the beginning of its hash.
_PICTURE = re.compile(r'<img src="blob:([0-9a-f]{64})"[^>]*>')


def _words(part: Part | None, target: str, state: dict[str, Any] | None) -> str:
    if state is None:
        return ""
    if "deleted" in state:
        return "dihapus" if state["deleted"] else "ada"
    if "raw" in state:
        return str(state["raw"])
    value = str(state.get("v", ""))
    try:
        found = parse_target(target)
    except TargetError:
        return value
    if found.kind == "f" and found.field == "text":
        return plain(_PICTURE.sub(lambda m: f" [gambar {m[1][:4]}] ", value))
    if found.kind == "f" and found.field == "file" and value:
        return f"[gambar {value[:4]}]"
    if found.kind == "c" and part is not None:
        for column in places.columns_of(part):
            if column.key == found.field:
                return reading.show(column.type, value, column.places)
    return value


def last_report(report: Report) -> Report | None:
    """The report of the year before: same kind, period and owner."""
    return queries.find_report(report.kind, report.year - 1, report.period, report.owner_unit_id)


def last_year(entry: Entry) -> LastYear | None:
    """The same part last year, of the same supplier, or of the only one that had it."""
    report = last_report(entry.report)
    match = lineage.match_of(entry.report, report, entry.part_key) if report else None
    item = lineage.item_of(entry.report, report, entry.repeat_key) if report else None
    if report is None or match is None or item is None:
        return None
    same = list(
        db.session.scalars(
            sa.select(Entry).where(
                Entry.report_id == report.id, Entry.part_key == match.was,
                Entry.repeat_key == item,
            ).order_by(Entry.position, Entry.id)
        )
    )  # fmt: skip
    own = [e for e in same if e.supplier_unit_id == entry.supplier_unit_id]
    if not own and (len(same) != 1 or same[0].state in OPEN_STATES):
        return None  # another's draft is nobody's example
    found = (own or same)[0]
    last = db.session.execute(
        sa.select(EntryCell.by_label, EntryCell.at).where(EntryCell.entry_id == found.id)
        .order_by(EntryCell.at.desc(), EntryCell.id.desc()).limit(1)
    ).first()  # fmt: skip
    return LastYear(
        report.year, found, queries.content_of(found), last.by_label if last else "",
        last.at if last else None,
    )  # fmt: skip


def offered(entry: Entry, person_id: int | None) -> list[Offered]:
    """Texts of this person that were not applied (late after Kirim, or in conflict), newest first.

    One whose value stands in its cell by now is no longer offered.
    """
    placed = queries.place_of(entry)
    cells = queries.cells_of(entry.id)
    found: dict[str, Offered] = {}
    rows = db.session.execute(
        sa.select(SaveOp.op_id, SaveOp.result, SaveOp.at)
        .where(SaveOp.entry_id == entry.id, SaveOp.person_id == person_id)
        .order_by(SaveOp.id.desc())
    )
    done: set[str] = set()
    for op_id, result, at in rows:
        target = result.get("target", "")
        if result.get("status") in {"ok", "same"}:
            continue
        if not target or target in done or not result.get("value"):
            continue
        done.add(target)
        if not (result.get("offered") or result.get("status") == "conflict"):
            continue
        if _stands(cells, target, result["value"], at):
            continue
        found[target] = Offered(
            op_id, target, label_of(placed.part if placed else None, target), result["value"],
            result["status"], at,
        )  # fmt: skip
    return list(found.values())


def _stands(
    cells: dict[tuple[str, str], queries.CellView], target: str, value: str, at: datetime
) -> bool:
    try:
        where = parse_target(target)
    except TargetError:
        return True
    cell = cells.get((where.row, where.field))
    return cell is not None and (value in (cell.value, cell.raw) or cell.at > at)
