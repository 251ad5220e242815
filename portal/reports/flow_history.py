"""Bring something of the past back, answer remarks, judge, report obstacles."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.db import db
from portal.people import queries as people
from portal.people.rules import Actor, Permission
from portal.reports import figures_back, history, queries
from portal.reports.flow_save import apply_op, lock
from portal.reports.models import (
    Entry,
    EntryCell,
    EntryRow,
    EntryUpload,
    Obstacle,
    Remark,
    Revision,
    Verdict,
)
from portal.reports.ops import Answer, Op
from portal.reports.refusal import Refused
from portal.reports.revising import note_change
from portal.reports.richtext import pictures
from portal.reports.rules import Target, parse_target
from portal.trail.flow import record

State = dict[str, Any] | None


# --- restore --------------------------------------------------------------------------------


def restore(entry: Entry, n: int, actor: Actor, target: str = "") -> int:
    """Bring the isian back to how it stood after revision ``n``; how many targets changed.

    With ``target`` only that one, to what it was after revision ``n``. The restoring is itself a
    revision, so that nothing is lost. Figures come back too, as new statements of their own; one
    that was changed elsewhere since stays (``figures_kept`` names them beforehand).
    """
    lock(entry)
    desk = queries.desk_of(actor, entry)
    if desk is None or not desk.may_write:
        raise Refused(desk.why_not if desk else "Isian ini bukan milik perangkat daerah Bapak/Ibu.")
    revision = db.session.scalar(
        sa.select(Revision).where(Revision.entry_id == entry.id, Revision.n == n)
    )
    if revision is None:
        raise Refused("Versi itu tidak ada dalam riwayat isian ini.")
    if target:
        if target not in revision.delta:
            raise Refused("Bagian itu tidak berubah pada versi tersebut.")
        wanted = {target: revision.delta[target][1]}
    else:
        wanted = _as_of(entry, n)
    changed = _put_back(entry, wanted, actor, f"memulihkan versi {n}")
    if changed:
        record(
            f"report:{entry.report_id}", "memulihkan", f"entry:{entry.id}", actor, None,
            {"versi": n, "bagian": target or "semua", "berubah": changed},
        )  # fmt: skip
    return changed


def roll_back(entry: Entry, n: int, actor: Actor) -> int:
    """``restore`` without asking who; for the portal itself."""
    return _put_back(entry, _as_of(entry, n), actor, "masa buka kembali berakhir", portal=True)


def figures_kept(entry: Entry, n: int) -> tuple[str, ...]:
    """Elements that restoring version ``n`` leaves as they are."""
    return figures_back.left_alone(entry, _as_of(entry, n))


def _as_of(entry: Entry, n: int) -> dict[str, State]:
    """What every target that changed after revision ``n`` was at ``n``."""
    wanted: dict[str, State] = {}
    for delta in db.session.scalars(
        sa.select(Revision.delta).where(Revision.entry_id == entry.id, Revision.n > n)
        .order_by(Revision.n)
    ):  # fmt: skip
        for target, (before, _) in delta.items():
            wanted.setdefault(target, before)
    return wanted


def _put_back(
    entry: Entry, wanted: dict[str, State], actor: Actor, note: str, portal: bool = False
) -> int:
    changed = figures_back.put_back(entry, wanted, actor, note, behalf=portal)
    for text, state in wanted.items():
        target = parse_target(text)
        if target.kind == "d":
            continue
        if target.kind == "r":
            done = _row_back(entry, target, state, actor, note)
        else:
            done = _cell_back(entry, target, state, actor, note)
        changed += done
    if changed:
        entry.content_rev += 1
        db.session.flush()
    return changed


def _row_back(entry: Entry, target: Target, state: State, actor: Actor, note: str) -> bool:
    row = db.session.scalar(
        sa.select(EntryRow).where(EntryRow.entry_id == entry.id, EntryRow.uid == target.row)
    )
    if row is None:
        return False
    before = {"deleted": row.deleted, "position": row.position}
    after = state or {"deleted": True, "position": row.position}
    if before == after:
        return False
    row.deleted, row.position, row.by_label = after["deleted"], after["position"], actor.label
    note_change(entry, actor, target.text, before, after, note)
    return True


def _cell_back(entry: Entry, target: Target, state: State, actor: Actor, note: str) -> bool:
    cell = db.session.scalar(
        sa.select(EntryCell).where(
            EntryCell.entry_id == entry.id, EntryCell.row == target.row,
            EntryCell.field == target.field,
        )
    )  # fmt: skip
    if cell is None:
        return False
    before = {"v": cell.value} if cell.value is not None else {"raw": cell.raw or ""}
    after = state or {"v": ""}
    if before == after:
        return False
    cell.value, cell.raw = after.get("v"), after.get("raw")
    cell.rev += 1
    cell.by_label, cell.at, cell.carried = actor.label, clock.now(), None
    note_change(entry, actor, target.text, before, after, note)
    return True


def use_last_year(entry: Entry, actor: Actor, op_id: str, base: int) -> Answer:
    """Pakai sebagai bahan: last year's narrative as the text of this year, pictures included.

    It bears its year ("belum diperiksa") until somebody changes it or says that it still holds.
    """
    lock(entry)
    desk = queries.desk_of(actor, entry)
    if desk is None or not desk.may_write:
        raise Refused(desk.why_not if desk else "Isian ini bukan milik perangkat daerah Bapak/Ibu.")
    last = history.last_year(entry)
    text = last.value("text") if last else ""
    if last is None or not text:
        raise Refused("Tahun lalu tidak ada uraian untuk bagian ini di portal.")
    known = queries.uploads_of(entry.id)
    for sha in pictures(text):
        if sha not in known:
            db.session.add(EntryUpload(
                entry_id=entry.id, sha256=sha, name=f"gambar {last.year}",
                by_label=actor.label, at=clock.now(),
            ))  # fmt: skip
            known |= {sha}
    db.session.flush()
    answer = apply_op(entry, Op(op_id, "f:text", base, text), actor)
    if answer.status == "ok":
        db.session.execute(
            sa.update(EntryCell)
            .where(EntryCell.entry_id == entry.id, EntryCell.row == "", EntryCell.field == "text")
            .values(carried=last.year)
        )
    return answer


# --- catatan --------------------------------------------------------------------------------

_REVIEWING = frozenset(
    {Permission.ENTRY_VERIFY, Permission.ENTRY_REVIEW, Permission.ENTRY_APPROVE,
     Permission.ENTRY_ACCEPT}
)  # fmt: skip


def _reviews(actor: Actor, entry: Entry) -> bool:
    desk = queries.desk_of(actor, entry)
    return desk is not None and any(v.permission in _REVIEWING for v in desk.verbs)


def add_remark(entry: Entry, target: str, text: str, actor: Actor) -> Remark:
    """Put a catatan on a part or a field, by whoever has the isian on the desk."""
    if not _reviews(actor, entry):
        raise Refused("Catatan hanya dapat dibuat oleh yang sedang memeriksa isian ini.")
    if not 5 <= len(text.strip()) <= 4000:
        raise Refused("Tulis catatan antara 5 dan 4.000 huruf. Contoh: “Sumber data belum ada.”")
    if target:
        parse_target(target)
    if (known := _said_already(entry, target, text.strip(), actor)) is not None:
        return known  # a double click
    remark = Remark(
        entry_id=entry.id, target=target, text=text.strip(), by_term_id=actor.term_id,
        by_label=actor.label, at=clock.now(),
    )  # fmt: skip
    db.session.add(remark)
    db.session.flush()
    record(f"report:{entry.report_id}", "memberi catatan", f"entry:{entry.id}", actor, None,
           {"remark": remark.id, "target": target})  # fmt: skip
    return remark


def _said_already(entry: Entry, target: str, text: str, actor: Actor) -> Remark | None:
    """The same open catatan of the same desk; the isian's row is taken first, so that two
    clicks queue up."""
    db.session.execute(
        sa.update(Entry).where(Entry.id == entry.id).values(content_rev=Entry.content_rev)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return db.session.scalar(
        sa.select(Remark).where(
            Remark.entry_id == entry.id, Remark.target == target, Remark.text == text,
            Remark.by_term_id == actor.term_id, Remark.resolved_at.is_(None),
        ).limit(1)
    )  # fmt: skip


def answer_remark(entry: Entry, remark: Remark, text: str, actor: Actor) -> None:
    """The OPD's answer; an empty one means "sudah diperbaiki"."""
    desk = queries.desk_of(actor, entry)
    if desk is None or not desk.may_write:
        raise Refused(desk.why_not if desk else "Isian ini bukan milik perangkat daerah Bapak/Ibu.")
    if remark.resolved_at is not None:
        raise Refused("Catatan ini sudah selesai.")
    if len(text) > 4000:
        raise Refused("Jawaban paling banyak 4.000 huruf.")
    remark.answer = text.strip() or "Sudah diperbaiki."
    remark.answered_by, remark.answered_at = actor.label, clock.now()
    record(f"report:{entry.report_id}", "menjawab catatan", f"entry:{entry.id}", actor, None,
           {"remark": remark.id})  # fmt: skip


def resolve_remark(entry: Entry, remark: Remark, actor: Actor) -> None:
    """The one who checks is satisfied."""
    if not _reviews(actor, entry):
        raise Refused("Catatan diselesaikan oleh yang sedang memeriksa isian ini.")
    if remark.resolved_at is None:
        remark.resolved_at, remark.resolved_by = clock.now(), actor.label
        record(f"report:{entry.report_id}", "menyelesaikan catatan", f"entry:{entry.id}", actor,
               None, {"remark": remark.id})  # fmt: skip


def set_verdict(entry: Entry, target: str, key: str, note: str, actor: Actor) -> Verdict:
    """The Inspektorat's verdict on an isian (target "") or an indicator; the newest stands."""
    if key not in {v.key for v in queries.workflows().verdicts}:
        raise Refused("Pilih putusan reviu dari daftar.")
    found = db.session.scalar(
        sa.select(Verdict).where(Verdict.entry_id == entry.id, Verdict.target == target)
    )
    before = {"key": found.key, "note": found.note} if found else None
    if found is None:
        found = Verdict(entry_id=entry.id, target=target)
        db.session.add(found)
    found.key, found.note, found.by_term_id = key, note.strip()[:4000], actor.term_id
    found.by_label, found.at = actor.label, clock.now()
    db.session.flush()
    record(f"report:{entry.report_id}", "putusan reviu", f"entry:{entry.id}", actor, before,
           {"key": key, "target": target})  # fmt: skip
    return found


# --- Ada Kendala ----------------------------------------------------------------------------


def report_obstacle(entry: Entry, reason: str, text: str, actor: Actor) -> Obstacle:
    """Ada Kendala: quiets reminders for some days and becomes a task of the sekretariat."""
    desk = queries.desk_of(actor, entry)
    if desk is None or not desk.may_write:
        raise Refused(desk.why_not if desk else "Isian ini bukan milik perangkat daerah Bapak/Ibu.")
    choice = next((c for c in queries.workflows().obstacles if c.key == reason), None)
    if choice is None:
        raise Refused("Pilih sebab kendala dari daftar.")
    if choice.key == "lain" and len(text.strip()) < 5:
        raise Refused("Jelaskan kendalanya dengan singkat. Contoh: aplikasi pusat belum dibuka.")
    if len(text) > 2000:
        raise Refused("Penjelasan kendala paling banyak 2.000 huruf.")
    lock(entry)
    if queries.obstacle_of(entry.id) is not None:
        raise Refused("Kendala untuk isian ini sudah tercatat dan sedang ditangani sekretariat.")
    obstacle = Obstacle(
        entry_id=entry.id, reason=reason, text=text.strip(), by_label=actor.label, at=clock.now(),
        quiet_until=people.today() + timedelta(days=choice.quiet),
    )  # fmt: skip
    db.session.add(obstacle)
    db.session.flush()
    record(f"report:{entry.report_id}", "ada kendala", f"entry:{entry.id}", actor, None,
           {"reason": reason, "quiet_until": obstacle.quiet_until.isoformat()})  # fmt: skip
    return obstacle


def close_obstacle(entry: Entry, obstacle: Obstacle, answer: str, actor: Actor) -> None:
    """Answered by the sekretariat, or taken back by the unit itself."""
    compiles = entry.report.kind in actor.region_wide and actor.may(Permission.ENTRY_ACCEPT)
    if not compiles and entry.supplier_unit_id not in actor.units():
        raise Refused("Kendala dijawab oleh sekretariat laporan.")
    if compiles and len(answer.strip()) < 5:
        raise Refused("Tulis jawaban untuk perangkat daerah, paling sedikit satu kalimat.")
    if obstacle.closed_at is not None:
        raise Refused("Kendala ini sudah dijawab.", stale=True)
    obstacle.closed_at, obstacle.closed_by = clock.now(), actor.label
    obstacle.answer = answer.strip()[:2000]
    record(f"report:{entry.report_id}", "kendala selesai", f"entry:{entry.id}", actor, None,
           {"obstacle": obstacle.id})  # fmt: skip
