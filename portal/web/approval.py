"""Lembar Pengesahan Data: print it for the head, and hand in what he signed and stamped."""

from __future__ import annotations

import io

from flask import (
    Blueprint,
    Flask,
    abort,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response

from portal import indonesian, store, uploads
from portal.db import db
from portal.documents import papers
from portal.documents.tree import Block, Document
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.region import region
from portal.people.rules import Permission, UnitInfo
from portal.reports import flow_sheets, queries
from portal.reports.flow_sheets import Content
from portal.reports.models import ApprovalSheet, Report
from portal.reports.refusal import Refused
from portal.web.gate import actor, needs
from portal.web.incoming import whole
from portal.web.outgoing import kept

bp = Blueprint("approval", __name__)


def _place(report_id: int) -> tuple[Report, UnitInfo]:
    """The report and the unit whose sheet it is: one's own, or ``?unit=`` for its compiler."""
    report = queries.report_for(actor(), report_id)
    if report is None:
        abort(404)
    asked = whole(request.values.get("unit", ""))
    unit_id = asked if asked is not None else actor().unit_id
    if unit_id not in actor().units() and report.kind not in actor().region_wide:
        abort(404)
    unit = people.unit_info(unit_id or 0, people.today())
    if unit is None:
        abort(404)
    return report, unit


def _page(report_id: int, problem: str = "", sheet_id: int = 0) -> str:
    report, unit = _place(report_id)
    try:
        content = flow_sheets.content_of(report, unit)
    except LookupError:  # its format is gone
        abort(404)
    sheets = flow_sheets.sheets_of(report, unit.id)
    return render_template(
        "reports/approval.html", report=report, title=queries.report_title(report), unit=unit,
        content=content, sheets=sheets, problem=problem, wrong=sheet_id,
        status=flow_sheets.status(content, sheets, people.today()),
        head=people.holder(unit.id, Role.KEPALA, people.today()),
        may=actor().may(Permission.ENTRY_SEND), accept=uploads.accept_list(uploads.EVIDENCE),
        compiles=report.kind in actor().region_wide, typed=request.form.get("tanggal", ""),
    )  # fmt: skip


@bp.get("/laporan/<int:report_id>/pengesahan")
@needs(Permission.ENTRY_READ)
def index(report_id: int) -> str:
    """What the sheet will hold, how far it is, and its scans."""
    return _page(report_id)


@bp.post("/laporan/<int:report_id>/pengesahan")
@needs(Permission.ENTRY_SEND)
def make(report_id: int) -> Response | tuple[str, int]:
    """Print: a new number, or the open sheet while nothing changed since."""
    report, unit = _place(report_id)
    try:
        sheet, content, new = flow_sheets.prepare(report, unit, actor())
        if new:
            flow_sheets.keep(sheet, papers.printed(_paper(sheet, content), "pdf"))
        db.session.commit()
    except Refused as no:
        db.session.rollback()
        return _page(report_id, no.sentence), 422
    except store.StoreError as error:
        db.session.rollback()
        return _page(report_id, str(error)), 422
    return redirect(url_for("approval.printed", sheet_id=sheet.id))


def _paper(sheet: ApprovalSheet, content: Content) -> Document:
    """The sheet as a tree: what is signed, isian by isian and number by number."""
    here, today = region(people.today()), people.today()
    report, unit = content.report, content.unit
    name = queries.report_title(report)
    head = people.holder(unit.id, Role.KEPALA, today)
    blocks: list[Block] = [
        papers.title("Lembar Pengesahan Data", "pengesahan"),
        papers.centred(f"Nomor: {sheet.number}"),
        papers.text(
            f"Yang bertanda tangan di bawah ini menyatakan bahwa isian {name} dari {unit.name} "
            f"{here.full} yang tercantum dalam lembar ini telah diperiksa, sesuai dengan data dan "
            "dokumen pendukungnya, dan disahkan untuk disampaikan kepada penyusun laporan."
        ),
        papers.table("isian", "Isian yang Disahkan",
                     (("No", 0.07), ("Bagian", 0.38), ("Isian", 0.40), ("Isi", 0.15)),
                     [(x.section, x.title, x.holds) for x in content.ready]),
    ]  # fmt: skip
    if content.numbers:
        blocks.append(papers.table(
            "angka", "Capaian Indikator",
            (("No", 0.06), ("IKK", 0.10), ("Indikator", 0.46), ("Satuan", 0.12),
             (str(report.year - 1), 0.13), (str(report.year), 0.13)),
            [(x.no, x.title, x.unit, x.before, x.now) for x in content.numbers],
            frozenset({4, 5}),
        ))  # fmt: skip
    if content.others:
        blocks.append(papers.text(
            f"Belum termasuk dalam lembar ini: {len(content.others)} isian yang belum selesai "
            "direviu. Untuk isian tersebut dicetak lembar tersendiri."
        ))  # fmt: skip
    blocks += [papers.space(), papers.signed(head, here, today)]
    code = f"{sheet.seal[:4]}-{sheet.seal[4:8]}".upper()
    day = indonesian.long_date(flow_sheets.clock_day(sheet))
    return papers.paper(
        f"Lembar Pengesahan {sheet.number}", blocks,
        f"{sheet.number}, dicetak {day}, kode keaslian {code}",
    )  # fmt: skip


def _sheet(sheet_id: int) -> ApprovalSheet:
    found = flow_sheets.sheet_for(actor(), sheet_id)
    if found is None:
        abort(404)
    return found


@bp.get("/pengesahan/<int:sheet_id>/cetak")
@needs(Permission.ENTRY_READ)
def printed(sheet_id: int) -> Response:
    """The paper as it was printed."""
    sheet = _sheet(sheet_id)
    if sheet.sha256 is None:
        abort(404)
    return send_file(io.BytesIO(store.read(sheet.sha256)), mimetype="application/pdf",
                     download_name=f"{sheet.number}.pdf")  # fmt: skip


@bp.get("/pengesahan/<int:sheet_id>/pindaian")
@needs(Permission.ENTRY_READ)
def scan(sheet_id: int) -> Response:
    """The signed scan as it was handed in."""
    sheet = _sheet(sheet_id)
    if sheet.scan_sha256 is None:
        abort(404)
    return kept(sheet.scan_sha256, sheet.scan_name)


@bp.post("/pengesahan/<int:sheet_id>")
@needs(Permission.ENTRY_SEND)
def upload(sheet_id: int) -> Response | tuple[str, int]:
    """Hand in the signed and stamped sheet; its isian are approved by it."""
    sheet = _sheet(sheet_id)
    file, report_id, unit_id = request.files.get("berkas"), sheet.report_id, sheet.unit_id
    try:
        if file is None or not file.filename:
            raise Refused("Pilih dahulu pindaian atau foto lembar yang sudah ditandatangani.")
        day = indonesian.read_date(request.form.get("tanggal", ""))
        done = flow_sheets.hand_in(sheet, file.read(), file.filename, day, actor())
        db.session.commit()
    except Refused as no:
        db.session.rollback()
        return _page(report_id, no.sentence, sheet_id), 422
    flash(f"Lembar {sheet.number} diterima: {done} isian disahkan. Tanda Terima "
          f"{sheet.receipt_no}.", "ok")  # fmt: skip
    own = unit_id in actor().units()
    return redirect(url_for("approval.index", report_id=report_id, unit=None if own else unit_id))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
