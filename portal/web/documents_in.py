"""Unggah Dokumen Jadi, and Tanda Terima on paper."""

from __future__ import annotations

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

from portal import clock, indonesian, uploads
from portal.db import db
from portal.documents import papers
from portal.documents.tree import Block, Document
from portal.people import queries as people
from portal.people.rules import Permission
from portal.reports import flow, flow_documents, flow_sheets, queries
from portal.reports.flow_review import number_of
from portal.reports.models import Receipt, Report
from portal.web import outgoing
from portal.web.gate import actor, needs
from portal.web.incoming import whole
from portal.web.outgoing import kept

bp = Blueprint("documents_in", __name__)


@bp.get("/laporan/<int:report_id>/dokumen-jadi")
@needs(Permission.ENTRY_READ)
def index(report_id: int) -> str:
    """Documents that were handed in for a report, and the form for the own unit."""
    return _page(report_id)


def _report(report_id: int) -> Report:
    report = queries.report_for(actor(), report_id)
    if report is None:
        abort(404)
    return report


def _page(report_id: int, problem: str = "") -> str:
    report, who = _report(report_id), actor()
    region = report.kind in who.region_wide or who.may(Permission.ENTRY_REVIEW)
    units = {u.id: u for u in people.units_on(people.today())}
    may = who.may(Permission.ENTRY_SEND) and who.unit_id is not None
    senders = []
    if may and report.kind in who.region_wide:
        senders = [u for u in units.values() if flow_documents.parts_for(report, u.id)]
    chosen = request.values.get("unit", "")
    picked = whole(chosen)
    unit_id = picked if picked in units else who.unit_id
    if unit_id not in who.units() and report.kind not in who.region_wide:
        unit_id = who.unit_id
    return render_template(
        "reports/documents.html", report=report, title=queries.report_title(report), units=units,
        documents=flow_documents.documents_of(report, None if region else who.units()),
        part_title=lambda key: flow_documents.part_title(report, key), may=may, senders=senders,
        unit_id=unit_id, parts=flow_documents.parts_for(report, unit_id) if unit_id else [],
        accept=uploads.accept_list(uploads.DOCUMENTS), problem=problem,
        chosen_part=request.values.get("bagian", ""),
        megabytes=current_app.config["SELARAS"].upload_mb,
    )  # fmt: skip


@bp.post("/laporan/<int:report_id>/dokumen-jadi")
@needs(Permission.ENTRY_SEND)
def upload(report_id: int) -> Response | tuple[str, int]:
    """Take a finished document in; the Tanda Terima follows at once."""
    report, form = _report(report_id), request.form
    file = request.files.get("berkas")
    if file is None or not file.filename:
        return _page(
            report_id, "Pilih dahulu berkasnya: PDF, Word (.docx), atau Excel (.xlsx)."
        ), 422
    unit = whole(form.get("unit", ""))
    unit_id = unit if unit is not None else actor().unit_id or 0
    try:
        done = flow.hand_in(
            report, unit_id, form.get("bagian", ""), file.read(), file.filename, actor()
        )
        db.session.commit()
    except flow.Refused as no:
        db.session.rollback()
        return _page(report_id, no.sentence), 422
    flash(f"Dokumen diterima sebagai versi {done.document.version}.", "ok")
    return redirect(url_for("documents_in.receipt", receipt_id=done.receipt.id))


@bp.get("/dokumen-jadi/<int:document_id>")
@needs(Permission.ENTRY_READ)
def download(document_id: int) -> Response:
    """The bytes as they were taken in."""
    found = flow_documents.document_for(actor(), document_id)
    if found is None:
        abort(404)
    return kept(found.sha256, found.name)


# --- Tanda Terima ---------------------------------------------------------------------------


def _receipt(receipt_id: int) -> Receipt:
    """A receipt whose isian or document the actor may see."""
    found = db.session.get(Receipt, receipt_id)
    kind, _, number = found.subject.partition(":") if found else ("", "", "")
    about = whole(number)
    if found is None or about is None:
        abort(404)
    if kind == "document":
        seen = flow_documents.document_for(actor(), about) is not None
    elif kind == "sheet":
        seen = flow_sheets.sheet_for(actor(), about) is not None
    else:
        seen = kind == "entry" and queries.entry_for(actor(), about) is not None
    if not seen:
        abort(404)
    return found


@bp.get("/dokumen-jadi/tanda-terima/<int:receipt_id>")
@needs(Permission.ENTRY_READ)
def receipt(receipt_id: int) -> str:
    """The Tanda Terima of a finished document."""
    found = _receipt(receipt_id)
    kind, _, number = found.subject.partition(":")
    document = flow_documents.document_for(actor(), int(number)) if kind == "document" else None
    if document is None:
        abort(404)
    return render_template(
        "reports/receipt.html", receipt=found, number=number_of(found), document=document
    )


@bp.get("/tanda-terima/<int:receipt_id>/pdf")
@needs(Permission.ENTRY_READ)
def receipt_pdf(receipt_id: int) -> Response:
    """The Tanda Terima as PDF, one page."""
    found = _receipt(receipt_id)
    return outgoing.download(papers.printed(_sheet(found), "pdf"), f"{number_of(found)}.pdf")


def _sheet(found: Receipt) -> Document:
    config = current_app.config["SELARAS"]
    local = clock.local(found.at, config.zone)
    data = found.data
    where = dict.fromkeys(t for t in (data.get("section"), data.get("part")) if t)
    rows = [
        ("Nomor", number_of(found)), ("Laporan", data.get("report", "")),
        ("Bagian", ", ".join(where)),
        ("Perangkat Daerah", data.get("unit", "")),
        ("Diserahkan oleh", found.by_label),
        ("Diterima portal", f"{indonesian.day_and_date(local.date())} pukul "
                            f"{indonesian.clock_time(found.at, config.zone, config.zone_label)}"),
    ]  # fmt: skip
    if data.get("on_behalf"):
        rows.append(("Keterangan", "Diisikan oleh sekretariat"))
    if data.get("version"):
        pages = f", {data['pages']} halaman" if data.get("pages") else ""
        rows.append(("Dokumen", f"{data['name']}, versi {data['version']}{pages}"))
    seal = data.get("sha256", "")
    code = f"{seal[:4]}-{seal[4:8]}".upper() if seal else ""
    if code:
        rows.append(("Kode keaslian", code))
    blocks: list[Block] = [
        papers.title("Tanda Terima", "tanda_terima"),
        papers.facts("isi", [(label, str(value)) for label, value in rows]),
        *(papers.text(str(note)) for note in data.get("notes", ())),
        papers.text("Tanda terima ini dibuat oleh portal Selaras ketika dokumen atau isian "
                    "diserahkan."),
    ]  # fmt: skip
    footer = f"{number_of(found)}, kode keaslian {code}" if code else number_of(found)
    return papers.paper(f"Tanda Terima {number_of(found)}", blocks, footer)


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
