"""Rekap Perangkat Daerah: the sekretariat's first screen, its Excel, its text, its matrix."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from portal import clock, workbooks
from portal.db import db
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.region import region
from portal.people.rules import Permission
from portal.reports import flow, flow_save, history, places, queries, recap
from portal.reports.models import Entry, Obstacle, Report
from portal.reports.ops import Op
from portal.reports.states import EntryState
from portal.web import entry_markup
from portal.web.entry_reading import read_view
from portal.web.gate import actor, needs
from portal.web.incoming import whole
from portal.web.outgoing import download

bp = Blueprint("recap", __name__)

NOTE = "suntingan sekretariat"
WHOLE = 8  # pieces of one section that are shown beside each other
_ALL_SEE = frozenset({Role.SEKRETARIAT, Role.APIP, Role.PIMPINAN, Role.ADMIN})


def _report(report_id: int) -> Report:
    """The report for those who look over the whole region; strangers get 404."""
    report = queries.report_for(actor(), report_id)
    if report is None or not actor().roles & _ALL_SEE:
        abort(404)
    return report


def compiles(report: Report) -> bool:
    """True when the acting jabatan is the sekretariat of this kind of report."""
    return report.kind in actor().region_wide


def _local() -> tuple[datetime, str]:
    config = current_app.config["SELARAS"]
    return clock.local(clock.now(), config.zone), config.zone_label


@bp.get("/rekap")
@needs(Permission.REPORT_READ)
def index() -> Response | str:
    """The newest report that this jabatan compiles, else the newest it may read."""
    if not actor().roles & _ALL_SEE:
        abort(403)
    reports = queries.reports_for(actor())
    own = [r for r in reports if compiles(r)]
    if own or reports:
        return redirect(url_for("recap.show", report_id=(own or reports)[0].id))
    return render_template("recap/none.html")


@bp.get("/rekap/<int:report_id>")
@needs(Permission.REPORT_READ)
def show(report_id: int) -> str:
    """Recap per Perangkat Daerah; the text for the group stands below it, ready to copy."""
    report = _report(report_id)
    found = recap.recap(report)
    now, zone = _local()
    return render_template(
        "recap/show.html", report=report, title=queries.report_title(report), found=found,
        columns=recap.COLUMNS, text=_group_text(found), now=clock.now(), zone=zone,
        others=[r for r in queries.reports_for(actor()) if r.id != report.id][:12],
        report_title=queries.report_title, compiles=compiles(report), local=now,
    )  # fmt: skip


def _group_text(found: recap.Recap) -> str:
    now, zone = _local()
    given = people.settings(people.today(), ("jam_batas", "info_desk"))
    return recap.group_text(
        found, now, zone, str(given.get("jam_batas", "16.00")), str(given.get("info_desk", ""))
    )


@bp.get("/rekap/<int:report_id>/excel")
@needs(Permission.REPORT_READ)
def excel(report_id: int) -> Response:
    """The recap as a workbook; every text is written as text, never as a formula."""
    report = _report(report_id)
    found = recap.recap(report)
    name = f"Rekap {queries.report_title(report)}.xlsx"
    return download(workbook(found), name)


def workbook(found: recap.Recap) -> bytes:
    """The bytes of the recap's workbook: F4 landscape, one page wide."""
    out = io.BytesIO()
    book = workbooks.workbook(out)
    here = region(people.today())
    title = f"Rekap isian {queries.report_title(found.report)}, {here.full}"
    title += " (DATA CONTOH)" if here.demo else ""
    book.set_properties({"title": title})
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "bg_color": "#E9EFF4"})
    cell, bold = book.add_format({"border": 1}), book.add_format({"border": 1, "bold": True})
    sheet = book.add_worksheet("Rekap")
    sheet.set_landscape()
    sheet.set_paper(14)  # folio, the nearest to F4 that Excel knows
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    now, zone = _local()
    sheet.write_string(0, 0, title)
    sheet.write_string(1, 0, f"Keadaan {now:%d/%m/%Y} pukul {now:%H.%M} {zone}")
    for n, label in enumerate(("No", "Perangkat Daerah", *(c for c, _ in recap.COLUMNS))):
        sheet.write_string(2, n, label, head)
    sheet.set_column(1, 1, 44)
    for n, line in enumerate(found.lines, 1):
        sheet.write_number(2 + n, 0, n, cell)
        sheet.write_string(2 + n, 1, line.unit.name if line.unit else "?", cell)
        for column, (_, attribute) in enumerate(recap.COLUMNS, 2):
            sheet.write_number(2 + n, column, getattr(line, attribute), cell)
    last = 3 + len(found.lines)
    sheet.write_string(last, 0, "", bold)
    sheet.write_string(last, 1, "Jumlah", bold)
    for column, (_, attribute) in enumerate(recap.COLUMNS, 2):
        sheet.write_number(last, column, getattr(found.total, attribute), bold)
    book.close()
    return out.getvalue()


@bp.get("/rekap/<int:report_id>/matriks")
@needs(Permission.REPORT_READ)
def matrix(report_id: int) -> str:
    """Perangkat Daerah x bagian."""
    report = _report(report_id)
    return render_template(
        "recap/matrix.html", report=report, title=queries.report_title(report),
        found=recap.matrix(report),
    )  # fmt: skip


@bp.get("/rekap/<int:report_id>/pd/<int:unit_id>")
@needs(Permission.REPORT_READ)
def unit(report_id: int, unit_id: int) -> str:
    """The isian of one Perangkat Daerah, with what the sekretariat may do to many at once."""
    report = _report(report_id)
    info = people.unit_info(unit_id, report.structure_date)
    role = actor().acting
    lines = recap.unit_entries(report, unit_id, role.role if role else "", compiles(report))
    if info is None or not lines:
        abort(404)
    return render_template(
        "recap/unit.html", report=report, title=queries.report_title(report), unit=info,
        lines=lines, compiles=compiles(report),
        ready={"disahkan": "Terima", "diterima": "Kunci"},
        reopenings=history.reopenings_of(line.entry for line in lines),
    )  # fmt: skip


# --- kendala --------------------------------------------------------------------------------


@bp.get("/rekap/<int:report_id>/kendala")
@needs(Permission.REPORT_READ)
def obstacles(report_id: int) -> str:
    """Open kendala, oldest first, each with a box for the answer."""
    return _obstacles(_report(report_id))


def _obstacles(report: Report, problem: str = "") -> str:
    return render_template(
        "recap/obstacles.html", report=report, title=queries.report_title(report),
        lines=recap.obstacles(report, people.today()), compiles=compiles(report), problem=problem,
    )  # fmt: skip


@bp.post("/kendala/<int:obstacle_id>/jawab")
@needs(Permission.ENTRY_ACCEPT)
def answer(obstacle_id: int) -> Response | tuple[str, int]:
    """Answer a kendala; reminders go on from here."""
    obstacle = db.session.get(Obstacle, obstacle_id)
    entry = db.session.get(Entry, obstacle.entry_id) if obstacle else None
    if obstacle is None or entry is None:
        abort(404)
    report = _report(entry.report_id)
    if not compiles(report):
        abort(404)
    try:
        flow.close_obstacle(entry, obstacle, request.form.get("jawaban", ""), actor())
        db.session.commit()
    except flow.Refused as no:
        db.session.rollback()
        return _obstacles(report, no.sentence), 409 if no.stale else 422
    flash("Jawaban tersimpan dan terlihat oleh perangkat daerah.", "ok")
    return redirect(url_for("recap.obstacles", report_id=report.id))


# --- one isian in its context ---------------------------------------------------------------


@bp.get("/rekap/isian/<int:entry_id>")
@needs(Permission.ENTRY_READ)
def context(entry_id: int) -> str:
    """The isian among its neighbours, as the book will have them."""
    return _context(entry_id)


def _context(entry_id: int, problem: str = "", typed: str | None = None) -> str:
    desk = queries.entry_desk(actor(), entry_id)
    if desk is None or not actor().roles & _ALL_SEE:
        abort(404)
    entry = desk.entry
    if flow.mark_read(entry, actor()):
        db.session.commit()
    here = queries.place_of(entry)
    if here is None:
        abort(404)
    where = places.places_of(entry.report)
    path = [s.key for s in here.sections]
    around = [
        (key, placed) for key, placed in where.items()
        if placed.chapter.key == here.chapter.key and [s.key for s in placed.sections] == path
        and placed.repeat_key == here.repeat_key
    ]  # fmt: skip
    pieces = []
    for (part, repeat), placed in around:
        for other in _same_part(entry.report, part, repeat):
            seen = queries.desk_of(actor(), other)
            pieces.append((other, places.part_title(placed), seen, placed))
    if len(pieces) > WHOLE:  # one part by forty units is a book: the neighbours are links
        pieces = [p for p in pieces if p[0].supplier_unit_id == entry.supplier_unit_id or p[2]]
    shown = [
        (other, name, seen, read_view(other, placed, f"/isian/{other.id}/gambar/")
         if seen and (len(pieces) <= WHOLE or other.supplier_unit_id == entry.supplier_unit_id)
         else None)
        for other, name, seen, placed in pieces
    ]  # fmt: skip
    cell = queries.cells_of(entry.id).get(("", "text"))
    return render_template(
        "recap/context.html", desk=desk, entry=entry, report=entry.report, pieces=shown,
        title=queries.report_title(entry.report), section=places.section_title(here),
        chapter=here.chapter, editable=_editable(entry, here.part.kind), problem=problem,
        markup=typed if typed is not None else entry_markup.to_markup(cell.value or "" if cell
                                                                       else ""),
        rev=cell.rev if cell else 0,
    )  # fmt: skip


def _same_part(report: Report, part: str, repeat: str) -> list[Entry]:
    return list(
        db.session.scalars(
            db.select(Entry).where(
                Entry.report_id == report.id, Entry.part_key == part, Entry.repeat_key == repeat
            ).order_by(Entry.position, Entry.id)
        )
    )  # fmt: skip


def _editable(entry: Entry, kind: str) -> bool:
    return (
        kind == "narrative"
        and entry.state in {EntryState.DISAHKAN, EntryState.DITERIMA}
        and compiles(entry.report)
    )


@bp.post("/rekap/isian/<int:entry_id>/sunting")
@needs(Permission.ENTRY_ACCEPT)
def edit(entry_id: int) -> Response | tuple[str, int]:
    """Suntingan sekretariat: words of an accepted narrative, never a number; in the trail."""
    desk = queries.entry_desk(actor(), entry_id)
    if desk is None:
        abort(404)
    form = request.form
    base = whole(form.get("rev", "")) or 0
    text = form.get("teks", "")
    seal = hashlib.sha256(f"{entry_id}|{base}|{text}".encode()).hexdigest()[:24]
    op = Op(f"sunting-{seal}", "f:text", base, entry_markup.from_markup(text))
    done = flow_save.apply_op(desk.entry, op, actor(), NOTE)
    db.session.commit()
    if done.status in {"ok", "same"}:
        flash("Suntingan tersimpan dan tercatat di riwayat isian perangkat daerah.", "ok")
        return redirect(url_for("recap.context", entry_id=entry_id))
    sentence = done.reason or (
        f"Naskah sudah diubah {done.theirs_by} sejak halaman ini dibuka. Bandingkan, lalu simpan "
        "lagi bila perlu."
    )
    return _context(entry_id, sentence, text), 409 if done.status == "conflict" else 422


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
