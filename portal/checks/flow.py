"""The verbs: let a note pass with a reason, take that back, hand a figure to its right owner."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import sqlalchemy as sa

from portal import clock
from portal.checks import marks
from portal.checks.models import CheckException, Handover, HandoverState
from portal.checks.sheet import Note
from portal.db import db
from portal.figures import catalogue
from portal.figures import queries as figures
from portal.figures.models import ElementOwner
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.rules import PORTAL, Actor, Permission
from portal.reports import figures_bridge, places, queries
from portal.reports.carriers import CARRIER
from portal.reports.models import Entry, EntrySupport, Report
from portal.reports.refusal import Refused
from portal.trail.flow import record

SHORTEST, LONGEST = 10, 1000


def reasoned(text: str, what: str, example: str) -> str:
    """A reason of some words, or Refused with an example."""
    clean = " ".join(text.split())
    if len(clean) < SHORTEST or not any(c.isalpha() for c in clean):
        raise Refused(f"{what} wajib diisi dengan kalimat. Contoh: {example}.")
    if len(clean) > LONGEST:
        raise Refused(f"{what} paling panjang {LONGEST} huruf.")
    return clean


# --- exceptions -----------------------------------------------------------------------------


def except_note(year: int, note: Note, print_: str, reason: str, actor: Actor) -> CheckException:
    """Dikecualikan dengan alasan: this note with these values no longer blocks.

    ``print_`` is what the person saw; when the values moved meanwhile it is refused. The exception
    is printed in the Lampiran Kerja only, never in a book.
    """
    if print_ != note.print:
        raise Refused("Angkanya berubah sejak halaman ini dibuka. Periksa sekali lagi.", stale=True)
    clean = reasoned(reason, "Alasan", "perbedaan karena tanggal penarikan data, lihat berita "
                     "acara rekonsiliasi 12 Maret 2026")  # fmt: skip
    row = CheckException(
        year=year, note_id=note.id, print=note.print, rule=note.rule, title=note.title[:300],
        sentence=note.sentence, basis=note.basis[:300],
        places=[[p.label, p.value] for p in note.places],
        reason=clean, by_term_id=actor.term_id, by_label=actor.label, at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record(f"checks:{year}", "mengecualikan catatan", f"note:{note.id}", actor, None,
           {"aturan": note.rule, "catatan": note.sentence, "alasan": clean})  # fmt: skip
    return row


def withdraw(row: CheckException, actor: Actor) -> None:
    """Take an exception back; the note is open again."""
    if row.withdrawn_at is not None:
        raise Refused("Pengecualian ini sudah dicabut.", stale=True)
    row.withdrawn_at, row.withdrawn_by = clock.now(), actor.label
    db.session.flush()
    record(f"checks:{row.year}", "mencabut pengecualian", f"note:{row.note_id}", actor)


# --- ini bukan data kami --------------------------------------------------------------------


def ask_handover(
    actor: Actor, to_unit_id: int, reason: str, *, indicator: str = "",
    elements: Iterable[str] = (), entry: Entry | None = None,
) -> Handover:  # fmt: skip
    """Ask that another Perangkat Daerah owns elements of an indicator, or supplies an isian."""
    units = {u.id: u for u in people.units_on(people.today())}
    if to_unit_id not in units:
        raise Refused("Pilih perangkat daerah yang menurut Bapak/Ibu memegang data ini.")
    clean = reasoned(reason, "Alasan", "data kebakaran dipegang Satpol PP menurut Perbup SOTK")
    keys = list(elements)
    if entry is not None:
        from_unit, subject, title = entry.supplier_unit_id, f"entry:{entry.id}", entry_title(entry)
        if from_unit not in actor.units():
            raise Refused("Hanya perangkat daerah pengampu yang dapat mengalihkan isian ini.")
    else:
        from_unit, title = _elements(actor, indicator, keys)
        subject = f"indicator:{indicator}"
    if from_unit == to_unit_id:
        raise Refused("Perangkat daerah tujuan sama dengan pengampu sekarang. Pilih yang lain.")
    pending = db.session.scalar(sa.select(Handover.id).where(
        Handover.subject == subject, Handover.from_unit_id == from_unit,
        Handover.state.in_([HandoverState.DIAJUKAN, HandoverState.DISETUJUI]),
    ))  # fmt: skip
    if pending is not None:
        raise Refused("Usul pengalihan untuk data ini masih berjalan. Tunggu jawabannya.")
    row = Handover(
        subject=subject, title=title[:300], elements=keys, entry_id=entry.id if entry else None,
        from_unit_id=from_unit, to_unit_id=to_unit_id, reason=clean,
        asked_by=actor.label, asked_at=clock.now(), state=HandoverState.DIAJUKAN,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    _record(row, "mengusulkan alih data", actor, {"alasan": clean})
    return row


def entry_title(entry: Entry) -> str:
    """``LPPD 2025: Jumlah Penduduk``."""
    placed = queries.place_of(entry)
    title = places.part_title(placed) if placed else entry.part_key
    return f"{queries.report_title(entry.report)}: {title}"


def _elements(actor: Actor, indicator: str, keys: list[str]) -> tuple[int, str]:
    book = catalogue.current()
    one = book.indicators.get(indicator)
    if one is None or not keys or any(k not in one.elements for k in keys):
        raise Refused("Pilih paling sedikit satu unsur data dari indikator ini.")
    duties = figures.writers_by_duty()
    for key in keys:
        owners = figures.owners_in(duties, book.elements[key]) & actor.units(Role.OPERATOR)
        if not owners:
            raise Refused(f"“{book.elements[key].title}” bukan data perangkat daerah Bapak/Ibu.")
    names = ", ".join(book.elements[k].title for k in keys)
    return next(iter(owners)), f"IKK {one.no}: {names}"


def answer_handover(row: Handover, agrees: bool, text: str, actor: Actor) -> None:
    """The receiving Perangkat Daerah consents, or says why not."""
    if row.state != HandoverState.DIAJUKAN:
        raise Refused("Usul ini sudah dijawab.", stale=True)
    if row.to_unit_id not in actor.units():
        raise Refused("Usul ini dijawab oleh perangkat daerah yang dituju.")
    clean = " ".join(text.split())
    if not agrees:
        clean = reasoned(text, "Alasan penolakan", "data ini dipegang Dinas Sosial menurut SOTK")
    row.state = HandoverState.DISETUJUI if agrees else HandoverState.DITOLAK
    row.answer, row.answered_by, row.answered_at = clean, actor.label, clock.now()
    db.session.flush()
    _record(row, "menyetujui alih data" if agrees else "menolak alih data", actor,
            {"jawaban": clean})  # fmt: skip


def cancel_handover(row: Handover, actor: Actor) -> None:
    """Who asked takes it back, as long as it is not settled."""
    if row.from_unit_id not in actor.units():
        raise Refused("Hanya perangkat daerah pengusul yang dapat membatalkan.")
    if row.state not in (HandoverState.DIAJUKAN, HandoverState.DISETUJUI):
        raise Refused("Usul ini sudah selesai.", stale=True)
    row.state = HandoverState.DIBATALKAN
    db.session.flush()
    _record(row, "membatalkan alih data", actor, {})


def settle_handover(
    row: Handover, agrees: bool, text: str, valid_from: date | None, actor: Actor
) -> None:
    """The sekretariat settles what both sides agree on; the owner changes from a date."""
    if not actor.may(Permission.ENTRY_ACCEPT) or _book(row) not in actor.region_wide:
        raise Refused("Penetapan dilakukan oleh sekretariat penyusun laporan itu.")
    if row.state != HandoverState.DISETUJUI:
        raise Refused("Usul ini belum disetujui penerima, atau sudah ditetapkan.", stale=True)
    clean = " ".join(text.split())
    if not agrees:
        clean = reasoned(text, "Alasan", "pengampu mengikuti SK Bupati yang masih berlaku")
    elif valid_from is None:
        raise Refused("Isi tanggal mulai berlaku, misalnya 2 Februari 2026.")
    elif abs((valid_from - people.today()).days) > timedelta(days=400).days:
        raise Refused("Tanggal mulai berlaku paling jauh 400 hari dari hari ini.")
    row.state = HandoverState.DITETAPKAN if agrees else HandoverState.TIDAK_DITETAPKAN
    row.decision, row.decided_by, row.decided_at = clean, actor.label, clock.now()
    row.valid_from = valid_from if agrees else None
    db.session.flush()
    verb = "menetapkan alih data" if agrees else "tidak menetapkan alih data"
    begins = valid_from.isoformat() if valid_from else ""
    _record(row, verb, actor, {"keterangan": clean, "mulai": begins})
    if agrees:
        for key in row.elements:
            db.session.add(ElementOwner(
                element=key, unit_id=row.to_unit_id, valid_from=valid_from,
                by_label=actor.label, at=clock.now(),
            ))  # fmt: skip
        db.session.flush()
        apply_due(actor)


def _book(row: Handover) -> str:
    """The kind of report whose sekretariat settles: of the isian, or the one that carries IKK."""
    entry = db.session.get(Entry, row.entry_id) if row.entry_id is not None else None
    return entry.report.kind if entry is not None else CARRIER


def apply_due(actor: Actor) -> int:
    """Carry out settled transfers whose day has come; the ticker calls it too."""
    rows = db.session.scalars(sa.select(Handover).where(
        Handover.state == HandoverState.DITETAPKAN, Handover.applied_at.is_(None),
        Handover.valid_from <= people.today(),
    )).all()  # fmt: skip
    for row in rows:
        if row.entry_id is not None:
            _move_entry(row, actor)
        else:
            _let_in(row)
        row.applied_at = clock.now()
    db.session.flush()
    return len(rows)


def _move_entry(row: Handover, actor: Actor) -> None:
    """The isian gets its new supplier; what is in it stays."""
    entry = db.session.get(Entry, row.entry_id)
    if entry is None:
        return
    twin = db.session.scalar(sa.select(Entry.id).where(
        Entry.report_id == entry.report_id, Entry.part_key == entry.part_key,
        Entry.repeat_key == entry.repeat_key, Entry.supplier_unit_id == row.to_unit_id,
    ))  # fmt: skip
    if twin is not None:
        raise Refused("Perangkat daerah tujuan sudah punya isian untuk bagian yang sama.")
    entry.supplier_unit_id, entry.version = row.to_unit_id, entry.version + 1
    record(f"report:{entry.report_id}", "isian beralih pengampu", f"entry:{entry.id}", actor,
           {"unit": row.from_unit_id}, {"unit": row.to_unit_id})  # fmt: skip


def _let_in(row: Handover) -> None:
    """The new owner types its elements in the isian that asks for them: as a supporting unit."""
    wanted = set(row.elements)
    year = people.today().year
    for report in db.session.scalars(sa.select(Report).where(Report.year >= year - 1)):
        try:
            where = places.places_of(report)
        except LookupError:
            continue
        keys = [k for k, placed in where.items()
                if wanted & figures_bridge.elements_of(placed, report.year).keys()]  # fmt: skip
        for part, repeat in keys:
            _support(report, part, repeat, row.to_unit_id)


def _support(report: Report, part: str, repeat: str, unit_id: int) -> None:
    for entry in db.session.scalars(sa.select(Entry).where(
        Entry.report_id == report.id, Entry.part_key == part, Entry.repeat_key == repeat,
        Entry.supplier_unit_id != unit_id,
    )):  # fmt: skip
        held = db.session.scalar(sa.select(EntrySupport.id).where(
            EntrySupport.entry_id == entry.id, EntrySupport.unit_id == unit_id))  # fmt: skip
        if held is None:
            db.session.add(EntrySupport(entry_id=entry.id, unit_id=unit_id))


def _record(row: Handover, verb: str, actor: Actor, more: dict[str, str]) -> None:
    record(f"handover:{row.id}", verb, row.subject, actor, None,
           {"data": row.title, "status": str(row.state), **more})  # fmt: skip


def tick() -> list[int]:
    """What the ticker does here: transfers whose day has come, and changed formulas."""
    apply_due(PORTAL)
    marks.formulas_changed(PORTAL)
    return []
