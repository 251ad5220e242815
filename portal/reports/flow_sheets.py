"""Lembar Pengesahan Data: print, sign and stamp, hand the scan in; that is the head's approval.

PP 13/2019 Ps 10: the head signs after the review. Many heads never type a password: the sheet is
printed, signed and stamped, and its scan counts as the approval by the head on the date of the
signature, handed in by whoever uploads it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from portal import clock, indonesian, store, uploads
from portal.db import canonical_json, db
from portal.figures import catalogue, rules
from portal.figures import queries as figures
from portal.figures.shape import Indicator
from portal.outlines.parts import Indicators, Narrative
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.rules import Actor, Permission, UnitInfo
from portal.reports import figures_bridge, places, queries
from portal.reports.flow_open import claim
from portal.reports.flow_review import Act, act
from portal.reports.models import ApprovalSheet, Entry, Report
from portal.reports.receipts import issue, prefix_of
from portal.reports.refusal import Refused
from portal.reports.rules import state_label, word_count
from portal.reports.states import EntryState
from portal.trail.flow import record

VERB = "sahkan_lembar"
#: States of an isian that the head may sign, and those past him.
READY = EntryState.SELESAI_DIREVIU
AFTER = frozenset({EntryState.DISAHKAN, EntryState.DITERIMA, EntryState.TERKUNCI})


@dataclass(frozen=True)
class Line:
    """One isian on the sheet."""

    entry: Entry
    section: str
    title: str
    holds: str  # "12 indikator", "34 baris", "410 kata"
    label: str


@dataclass(frozen=True)
class Number:
    """One indicator on the sheet: this year beside the last."""

    no: str
    title: str
    unit: str
    before: str
    now: str


@dataclass(frozen=True)
class Content:
    """What a unit's sheet of a report would hold now."""

    report: Report
    unit: UnitInfo
    ready: tuple[Line, ...]
    done: int  # approved already
    others: tuple[Line, ...]  # not reviewed yet, so not on the sheet
    numbers: tuple[Number, ...] = field(default=())

    @property
    def pairs(self) -> list[list[int]]:
        """What the sheet fixes: entry and revision of its content."""
        return [[line.entry.id, line.entry.content_rev] for line in self.ready]


def content_of(report: Report, unit: UnitInfo) -> Content:
    """The isian of a unit by what the sheet says of them, with the numbers to be signed."""
    entries = db.session.scalars(
        sa.select(Entry).where(Entry.report_id == report.id, Entry.supplier_unit_id == unit.id)
        .order_by(Entry.position, Entry.id)
    ).all()  # fmt: skip
    where, flow = places.places_of(report), queries.workflow_of(report)
    held = {c.entry_id: c for c in queries.contents(report)}
    ready: list[Line] = []
    others: list[Line] = []
    numbers: list[Indicator] = []
    for entry in entries:
        placed = where.get((entry.part_key, entry.repeat_key))
        if placed is None or entry.state in AFTER:
            continue
        content = held.get(entry.id)
        asked = figures_bridge.indicators_of(placed, report.year)
        if isinstance(placed.part, Indicators):
            holds = f"{len(asked)} indikator"
        elif isinstance(placed.part, Narrative):
            holds = f"{word_count(content.fields.get('text', '')) if content else 0} kata"
        else:
            holds = f"{len(content.rows)} baris" if content and content.rows else ""
        line = Line(entry, places.section_title(placed), places.part_title(placed), holds,
                    state_label(entry.state, flow))  # fmt: skip
        if entry.state == READY:
            ready.append(line)
            numbers += asked
        else:
            others.append(line)
    done = sum(e.state in AFTER for e in entries)
    return Content(report, unit, tuple(ready), done, tuple(others), _numbers(report, numbers))


def _numbers(report: Report, asked: list[Indicator]) -> tuple[Number, ...]:
    """Results of the indicators, this year and last, in one statement."""
    if not asked:
        return ()
    book, period = catalogue.current(), figures_bridge.period_of(report)
    last = figures.previous_period(period)
    keys = sorted({k for i in asked for k in i.elements})
    found = figures.values_of(keys, [period, last], report.owner_unit_id)
    out = []
    for i in asked:
        now = rules.evaluate(i, found[period], found[last], book.elements)
        then = rules.evaluate(i, found[last], {}, book.elements)
        out.append(Number(i.no, i.shown_title, i.unit, then.text, now.text or "belum ada nilai"))
    return tuple(out)


def sheets_of(report: Report, unit_id: int) -> list[ApprovalSheet]:
    """All sheets of a unit, newest first."""
    return list(db.session.scalars(
        sa.select(ApprovalSheet)
        .where(ApprovalSheet.report_id == report.id, ApprovalSheet.unit_id == unit_id)
        .order_by(ApprovalSheet.n.desc())
    ))  # fmt: skip


def waiting(actor: Actor) -> list[tuple[Report, int]]:
    """Reports in which isian of the actor's units wait for signature and stamp, with how many."""
    counts = sa.select(Entry.report_id, sa.func.count().label("n")).where(
        Entry.supplier_unit_id.in_(actor.units()), Entry.state == READY
    ).group_by(Entry.report_id).subquery()  # fmt: skip
    rows = db.session.execute(
        sa.select(Report, counts.c.n).join(counts, counts.c.report_id == Report.id)
        .order_by(Report.year.desc(), Report.kind, Report.period, Report.id)
    )  # fmt: skip
    return [(report, count) for report, count in rows]


def sheet_for(actor: Actor, sheet_id: int) -> ApprovalSheet | None:
    """A sheet of the actor's own units, or of a report that he compiles; else None (404)."""
    found = db.session.get(ApprovalSheet, sheet_id)
    if found is None:
        return None
    report = db.session.get(Report, found.report_id)
    region = report is not None and report.kind in actor.region_wide
    return found if region or found.unit_id in actor.units() else None


def status(content: Content, sheets: list[ApprovalSheet], today: date) -> str:
    """Status of the sheet in the words of the screens; ``today`` decides when a print is old."""
    if not content.ready:
        return "Sudah diunggah" if any(s.scan_at for s in sheets) else "Belum dicetak"
    fresh = next((s for s in sheets if s.scan_at is None and s.lines == content.pairs), None)
    if fresh is None:
        return "Belum dicetak"
    return "Dicetak" if clock_day(fresh) == today else "Belum ditandatangani/dicap"


def clock_day(sheet: ApprovalSheet) -> date:
    """The local day on which the sheet was printed."""
    return clock.local(sheet.at, current_app.config["SELARAS"].zone).date()


def prepare(report: Report, unit: UnitInfo, actor: Actor) -> tuple[ApprovalSheet, Content, bool]:
    """The sheet to print: the open one while nothing changed, else the next number.

    True when it is new, so that the caller prints it and calls ``keep``. A double click gets the
    same sheet.
    """
    _may(report, unit.id, actor)
    content = content_of(report, unit)
    if not content.ready:
        raise Refused(
            "Belum ada isian yang selesai direviu dan menunggu pengesahan, sehingga lembar "
            "pengesahan belum dapat dicetak."
        )
    claim(Report.id == report.id)
    known = sheets_of(report, unit.id)
    for sheet in known:
        if sheet.scan_at is None and sheet.lines == content.pairs and sheet.sha256:
            return sheet, content, False
    n = (known[0].n if known else 0) + 1
    number = f"{prefix_of(report, unit.code).replace('TT-', 'LP-', 1)}-{n:02d}"
    seal = hashlib.sha256(canonical_json(
        [content.pairs, [[x.no, x.title, x.now] for x in content.numbers]]
    ).encode()).hexdigest()  # fmt: skip
    sheet = ApprovalSheet(
        report_id=report.id, unit_id=unit.id, n=n, number=number, lines=content.pairs, seal=seal,
        by_term_id=actor.term_id, by_label=actor.label, at=clock.now(),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(sheet)
    except IntegrityError:
        raise Refused("Lembar baru saja dicetak orang lain. Muat ulang halaman ini.") from None
    record(f"report:{report.id}", "cetak lembar pengesahan", f"sheet:{sheet.id}", actor, None,
           {"number": number, "isian": len(content.ready), "seal": seal})  # fmt: skip
    return sheet, content, True


def keep(sheet: ApprovalSheet, pdf: bytes) -> None:
    """Keep the printed bytes: whoever opens the sheet again gets the same paper."""
    sheet.sha256 = store.put(pdf, "application/pdf").sha256
    db.session.flush()


def _may(report: Report, unit_id: int, actor: Actor) -> None:
    if not actor.may(Permission.ENTRY_SEND):
        raise Refused("Lembar Pengesahan dicetak dan diunggah oleh operator perangkat daerah.")
    if unit_id not in actor.units() and report.kind not in actor.region_wide:
        raise Refused("Lembar Pengesahan ini milik perangkat daerah lain.")


def hand_in(
    sheet: ApprovalSheet, data: bytes, name: str, signed_on: date | None, actor: Actor
) -> int:
    """Take the signed scan in and approve the isian that it names; how many were.

    Refused when the date is missing, before the print or still to come, when nobody heads the
    unit on that day, or when an isian changed after the print: nothing is approved then.
    """
    report = db.session.get(Report, sheet.report_id)
    unit = people.unit_info(sheet.unit_id, people.today())
    if report is None or unit is None:
        raise Refused("Perangkat daerah lembar ini tidak ada lagi.")
    _may(report, unit.id, actor)
    claim(Report.id == report.id)
    db.session.refresh(sheet)
    if sheet.scan_at is not None:
        raise Refused(f"Lembar {sheet.number} sudah diunggah ({sheet.receipt_no}).")
    signer = _signer(sheet, signed_on)
    entries = _unchanged(sheet)
    try:
        checked = uploads.check(data, name, uploads.EVIDENCE)
        blob = store.put(checked.data, checked.media)
    except uploads.Refused as no:
        raise Refused(no.sentence) from no
    except store.StoreError as error:
        raise Refused(str(error)) from error
    if not checked.media.startswith(("application/pdf", "image/")):
        raise Refused("Unggah pindaian atau foto lembar yang sudah ditandatangani: PDF, JPG, PNG.")
    db.session.flush()
    sheet.scan_sha256, sheet.scan_name, sheet.signed_on = blob.sha256, checked.name, signed_on
    sheet.scan_by, sheet.scan_at, sheet.signer = actor.label, clock.now(), signer
    day = indonesian.long_date(signed_on) if signed_on else ""
    for entry in entries:
        what = Act(basis=f"Ditandatangani {signer}, {day}", sheet=sheet.number)
        act(entry, VERB, actor, entry.version, what)
    receipt = issue(
        report, unit.code, f"sheet:{sheet.id}", actor,
        {"report": queries.report_title(report), "unit": unit.name, "section": "",
         "part": f"Lembar Pengesahan {sheet.number}", "name": checked.name, "version": sheet.n,
         "pages": checked.pages, "sha256": blob.sha256,
         "notes": [f"Ditandatangani {signer}, {day}; {len(entries)} isian disahkan."]},
    )  # fmt: skip
    sheet.receipt_no = f"{receipt.prefix}-{receipt.n:04d}"
    record(f"report:{report.id}", "unggah lembar pengesahan", f"sheet:{sheet.id}", actor, None,
           {"number": sheet.number, "signed_on": str(signed_on), "signer": signer,
            "sha256": blob.sha256, "receipt": sheet.receipt_no})  # fmt: skip
    db.session.flush()
    return len(entries)


def _signer(sheet: ApprovalSheet, signed_on: date | None) -> str:
    if signed_on is None:
        raise Refused("Isi tanggal tanda tangan pada lembar. Contoh: 02-02-2026.")
    if signed_on > people.today():
        raise Refused("Tanggal tanda tangan belum tiba. Periksa tanggal pada lembarnya.")
    if signed_on < clock_day(sheet):
        raise Refused(
            f"Lembar ini dicetak {indonesian.long_date(clock_day(sheet))}, sehingga tidak dapat "
            "ditandatangani sebelum tanggal itu. Periksa tanggal pada lembarnya."
        )
    head = people.holder(sheet.unit_id, Role.KEPALA, signed_on)
    if head is None:
        raise Refused(
            "Belum tercatat siapa kepala perangkat daerah pada tanggal itu. Minta admin mengisinya "
            "pada Pejabat & Akun, lalu unggah lagi."
        )
    return f"{head.full_title} ({head.name})"


def _unchanged(sheet: ApprovalSheet) -> list[Entry]:
    """The isian of the sheet that still wait; Refused when one is not what was printed."""
    where: dict[int, Entry] = {
        e.id: e for e in db.session.scalars(
            sa.select(Entry).where(Entry.id.in_([pair[0] for pair in sheet.lines])))
    }  # fmt: skip
    out = []
    for entry_id, revision in sheet.lines:
        entry = where.get(entry_id)
        if entry is None or entry.state in AFTER:
            continue  # approved on the screen meanwhile
        if entry.state != READY or entry.content_rev != revision:
            placed = queries.place_of(entry)
            title = places.part_title(placed) if placed else entry.part_key
            raise Refused(
                f"Isian “{title}” berubah atau dikembalikan sesudah lembar {sheet.number} dicetak. "
                "Cetak lembar yang baru dan mintakan tanda tangan lagi."
            )
        out.append(entry)
    return out
