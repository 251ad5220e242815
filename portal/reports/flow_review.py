"""The way of an isian: send, verify, review, approve, accept, lock, return, reopen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal import clock, indonesian
from portal.config import Config
from portal.db import canonical_json, db
from portal.people import queries as people
from portal.people.rules import PORTAL, Actor, Permission
from portal.reports import examining, flow_history, places, queries
from portal.reports.checks import Finding, blocking
from portal.reports.flow_save import lock
from portal.reports.models import Entry, Receipt, Remark, Revision
from portal.reports.receipts import issue
from portal.reports.refusal import Refused
from portal.reports.states import EntryState
from portal.reports.workflow import Transition
from portal.trail.flow import record


class Blocked(Refused):
    """Sending waits for these catatan; each names its basis and its field."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(
            f"Belum dapat dikirim: {len(findings)} hal perlu diperbaiki. Isian tetap tersimpan."
        )
        self.findings = findings


@dataclass(frozen=True)
class Act:
    """What a verb may ask for besides itself."""

    remark: str = ""  # why it is returned; or the basis of a written approval
    target: str = ""  # field that the remark is on, "" = the whole isian
    basis: str = ""  # Buka Kembali: nota dinas, number and date
    reason: str = ""
    until: date | None = None
    verdict: str = ""
    sheet: str = ""  # number of the signed Lembar Pengesahan that approves
    content_rev: int | None = None  # Kirim: the newest revision that the browser knew


@dataclass(frozen=True)
class Done:
    """The isian after the verb, and the Tanda Terima when there is one."""

    entry: Entry
    before: str
    receipt: Receipt | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def act(entry: Entry, verb: str, actor: Actor, version: int, what: Act | None = None) -> Done:
    """Do one verb of workflows.yaml.

    ``version`` is what the page showed; a page older than the isian is refused with who did what
    meanwhile. The change of state is one conditional UPDATE. Blocked lists what sending waits for.
    """
    what = what or Act()
    lock(entry)
    desk = queries.desk_of(actor, entry)
    if desk is None:
        raise Refused("Isian ini tidak terbuka untuk jabatan Bapak/Ibu.")
    transition = desk.workflow.transitions.get(verb)
    if transition is None:
        raise Refused("Langkah itu tidak ada dalam alur laporan ini.")
    if entry.version != version:
        raise _stale(entry, desk)
    if transition not in desk.verbs:
        raise Refused(_why_not(transition, entry, desk))
    _required(transition, what, entry)
    if transition.checks:
        found = blocking(examining.findings(entry, actor))
        if found:
            raise Blocked(found)
    before = entry.state
    receipt = _move(entry, transition, desk, actor, what)
    _aftermath(entry, transition, actor, what)
    _trail(entry, transition, actor, before, what)
    db.session.flush()
    return Done(entry, before, receipt)


def _stale(entry: Entry, desk: queries.Desk) -> Refused:
    zone: Config = current_app.config["SELARAS"]
    at = indonesian.clock_time(entry.state_since, zone.zone, zone.zone_label)
    day = indonesian.long_date(clock.local(entry.state_since, zone.zone).date())
    return Refused(
        f"Halaman ini sudah lama terbuka: isian berstatus “{desk.label}” sejak {day} pukul {at}. "
        "Tidak ada yang diubah. Muat ulang halaman untuk melihat keadaan terakhir.", stale=True,
    )  # fmt: skip


def _why_not(transition: Transition, entry: Entry, desk: queries.Desk) -> str:
    if "unread" in transition.when and not desk.facts.unread:
        return "Isian sudah dibuka oleh meja berikutnya sehingga tidak dapat ditarik kembali."
    if entry.state not in transition.from_states:
        return f"“{transition.label}” tidak berlaku untuk isian berstatus “{desk.label}”."
    if "not_apip_own" in transition.when and desk.facts.apip_own:
        return "Isian Inspektorat sendiri tidak direviu Inspektorat; sekretariat memeriksanya."
    return f"“{transition.label}” bukan wewenang jabatan ini."


def _required(transition: Transition, what: Act, entry: Entry) -> None:
    if transition.needs_remark and len(what.remark.strip()) < 5:
        asked = transition.remark_label or "Catatan"
        raise Refused(
            f"{asked} wajib diisi supaya perangkat daerah tahu apa yang harus dilakukan. "
            "Contoh: “Penyebut belum sama dengan data Disdukcapil.”"
            if not transition.remark_label
            else f"{asked} wajib diisi."
        )
    if len(what.remark) > 4000:
        raise Refused("Catatan paling banyak 4.000 huruf.")
    verdicts = {v.key for v in queries.workflows().verdicts}
    if transition.needs_verdict and what.verdict not in verdicts:
        raise Refused("Pilih dahulu putusan reviu, misalnya “Sesuai”.")
    if transition.needs_sheet and not what.sheet:
        raise Refused("Pengesahan tertulis masuk dengan mengunggah Lembar Pengesahan.")
    if transition.needs_basis:
        _reopening(what)
    if what.content_rev is not None and what.content_rev != entry.content_rev:
        raise Refused(
            "Isian berubah sejak halaman ini dibuka. Periksa isinya sekali lagi, lalu kirim.",
            stale=True,
        )


def _reopening(what: Act) -> None:
    if len(what.basis.strip()) < 5 or len(what.reason.strip()) < 5:
        raise Refused(
            "Dasar dan alasan Buka Kembali wajib diisi. Contoh dasar: Nota Dinas Kepala Dinas "
            "Kesehatan Nomor 900/12/2026 tanggal 2 Maret 2026."
        )
    today = people.today()
    if what.until is None or what.until < today:
        raise Refused("Isi batas waktu Buka Kembali, hari ini atau sesudahnya.")
    if (what.until - today).days > 60:
        raise Refused("Batas waktu Buka Kembali paling lama 60 hari.")


def _move(
    entry: Entry, transition: Transition, desk: queries.Desk, actor: Actor, what: Act
) -> Receipt | None:
    """The conditional UPDATE, and the Tanda Terima of a Kirim."""
    now, before, version = clock.now(), entry.state, entry.version
    values: dict[str, Any] = {
        "state": transition.end(desk.facts), "state_since": now, "version": version + 1,
    }  # fmt: skip
    receipt = None
    if transition.receipt:
        receipt = _receipt(entry, desk, actor)
        values |= {"sent_at": now, "read_at": None, "receipt_no": number_of(receipt),
                   "reopened_until": None}  # fmt: skip
    elif transition.permission is not Permission.ENTRY_SEND and entry.read_at is None:
        values["read_at"] = now
    if transition.needs_basis:
        newest = sa.select(sa.func.coalesce(sa.func.max(Revision.n), 0)).where(
            Revision.entry_id == entry.id
        )
        values |= {"reopened_until": what.until, "reopened_from": before,
                   "reopened_after": newest.scalar_subquery()}  # fmt: skip
    condition = [Entry.id == entry.id, Entry.version == version, Entry.state == before]
    if "unread" in transition.when:
        condition.append(Entry.read_at.is_(None))
    moved: Any = db.session.execute(
        sa.update(Entry).where(*condition).values(values)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    db.session.refresh(entry)
    if moved.rowcount != 1:
        raise _stale(entry, desk)
    return receipt


def number_of(receipt: Receipt) -> str:
    """``TT-LPPD-2025-DINKES-0007``."""
    return f"{receipt.prefix}-{receipt.n:04d}"


def _receipt(entry: Entry, desk: queries.Desk, actor: Actor) -> Receipt:
    placed, report = queries.place_of(entry), entry.report
    content = queries.content_of(entry)
    seal = hashlib.sha256(canonical_json(
        {"fields": content.fields, "rows": [[r.uid, r.cells] for r in content.rows]}
    ).encode()).hexdigest()  # fmt: skip
    return issue(
        report, desk.unit.code, f"entry:{entry.id}", actor,
        {
            "report": queries.report_title(report), "unit": desk.unit.name,
            "part": places.part_title(placed) if placed else entry.part_key,
            "section": places.section_title(placed) if placed else "",
            "on_behalf": entry.on_behalf, "content_rev": entry.content_rev, "sha256": seal,
        },
    )  # fmt: skip


def _aftermath(entry: Entry, transition: Transition, actor: Actor, what: Act) -> None:
    """Remarks, verdicts and settled remarks that come with a verb."""
    returned = transition.to[-1].state == EntryState.DIKEMBALIKAN
    if transition.needs_remark and transition.remark_is == "remark":
        db.session.add(_remark(entry, what.target, what.remark, actor))
    if what.verdict and transition.needs_verdict:
        flow_history.set_verdict(entry, "", what.verdict, what.remark, actor)
    if not returned and transition.permission is not Permission.ENTRY_SEND:
        answered = sa.select(Remark).where(
            Remark.entry_id == entry.id, Remark.resolved_at.is_(None), Remark.answer != ""
        )
        if transition.permission is Permission.ENTRY_VERIFY:  # a reviewer's remark is his to settle
            answered = answered.where(Remark.by_term_id == actor.term_id)
        for remark in db.session.scalars(answered):
            remark.resolved_at, remark.resolved_by = clock.now(), actor.label


def _remark(entry: Entry, target: str, text: str, actor: Actor) -> Remark:
    return Remark(
        entry_id=entry.id, target=target[:120], text=text.strip(), by_term_id=actor.term_id,
        by_label=actor.label, at=clock.now(),
    )  # fmt: skip


def _trail(entry: Entry, transition: Transition, actor: Actor, before: str, what: Act) -> None:
    after: dict[str, Any] = {"state": entry.state, "version": entry.version}
    extra = {
        "remark": what.remark.strip(), "basis": what.basis.strip(), "reason": what.reason.strip(),
        "until": what.until.isoformat() if what.until else "", "verdict": what.verdict,
        "sheet": what.sheet,
        "receipt": entry.receipt_no if transition.receipt else "",
        "on_behalf": "ya" if entry.on_behalf and transition.receipt else "",
    }  # fmt: skip
    after |= {key: value for key, value in extra.items() if value}
    record(
        f"report:{entry.report_id}", transition.verb, f"entry:{entry.id}", actor,
        {"state": before, "version": entry.version - 1}, after,
    )  # fmt: skip


# --- opened by the next desk ----------------------------------------------------------------


def mark_read(entry: Entry, actor: Actor) -> bool:
    """Note that the next desk has opened the isian; from then on it cannot be taken back.

    True when this was the first look. Looks of the sender's own operators do not count.
    """
    desk = queries.desk_of(actor, entry)
    if desk is None or entry.read_at is not None or entry.state in desk.workflow.editable:
        return False
    if not any(v.permission is not Permission.ENTRY_SEND for v in desk.verbs):
        return False
    moved: Any = db.session.execute(
        sa.update(Entry).where(Entry.id == entry.id, Entry.read_at.is_(None))
        .values(read_at=clock.now()).execution_options(synchronize_session=False)
    )  # fmt: skip
    db.session.refresh(entry)
    return bool(moved.rowcount == 1)


# --- Buka Kembali ends by itself ------------------------------------------------------------


def expire_reopened(today: date | None = None) -> int:
    """Lock again what was reopened and whose time is over; how many were.

    What was typed meanwhile and never sent does not go into the book: the content goes back to
    where it stood, and the unsent changes stay in the history. Called by the ticker.
    """
    today = today or people.today()
    due = db.session.scalars(
        sa.select(Entry).where(
            Entry.state == EntryState.DIBUKA_KEMBALI, Entry.reopened_until < today
        ).order_by(Entry.id)
    ).all()  # fmt: skip
    for entry in due:
        lock(entry)
        if entry.state != EntryState.DIBUKA_KEMBALI:
            continue
        undone = flow_history.roll_back(entry, entry.reopened_after, PORTAL)
        back = entry.reopened_from or EntryState.TERKUNCI
        entry.state, entry.state_since = back, clock.now()
        entry.version += 1
        entry.reopened_until = None
        record(
            f"report:{entry.report_id}", "masa buka kembali berakhir", f"entry:{entry.id}", PORTAL,
            {"state": EntryState.DIBUKA_KEMBALI}, {"state": back, "dikembalikan": undone},
        )  # fmt: skip
    db.session.flush()
    return len(due)
