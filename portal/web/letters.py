"""Surat & Penyampaian: nota pengantar and surat pengantar of a report, with its live numbers."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, abort, render_template

from portal.documents import letters, papers, queries
from portal.documents.naming import safe
from portal.documents.tree import Heading, ListBlock, Paragraph, Signature, Spacer, Table, blocks
from portal.people import queries as people
from portal.people.region import region
from portal.people.rules import Permission
from portal.reports import queries as reports
from portal.reports.models import Report
from portal.web.gate import actor, needs
from portal.web.outgoing import download

bp = Blueprint("letters", __name__)


@bp.get("/surat-laporan")
@needs(Permission.REPORT_BUILD)
def index() -> str:
    """The letters of every report that the actor compiles, newest year first."""
    known = letters.texts()
    rows = [
        (report, [text for text in known.values() if text.kind == report.kind])
        for report in queries.compiled_by(actor()) if not report.period
    ]  # fmt: skip
    return render_template(
        "letters/index.html", rows=[row for row in rows if row[1]], title=reports.report_title
    )


@bp.get("/surat-laporan/<surat>/<int:report_id>")
@needs(Permission.REPORT_BUILD)
def show(surat: str, report_id: int) -> str:
    """The letter as it will stand, with where its numbers come from and what is missing."""
    made = _letter(surat, report_id)
    lines = [
        (type(block).__name__, block) for _, block in blocks(made.document)
        if isinstance(block, Heading | Paragraph | ListBlock | Signature | Spacer | Table)
    ]  # fmt: skip
    return render_template(
        "letters/show.html", letter=made, report=made.report, lines=lines,
        title=reports.report_title(made.report),
    )  # fmt: skip


@bp.get("/surat-laporan/<surat>/<int:report_id>/naskah.docx")
@needs(Permission.REPORT_BUILD)
def word(surat: str, report_id: int) -> Response:
    """The letter as DOCX; number, day and signature are left to people."""
    made = _letter(surat, report_id)
    mark = " DATA CONTOH" if region(people.today()).demo else ""
    name = safe(f"{made.text.title} {made.report.year}{mark}")
    return download(papers.printed(made.document, "docx"), f"{name}.docx")


def _letter(key: str, report_id: int) -> letters.Letter:
    text = letters.texts().get(key)
    report: Report | None = reports.report_for(actor(), report_id)
    if text is None or report is None or not queries.compiles(actor(), report):
        abort(404)
    if text.kind != report.kind:
        abort(404)
    return letters.compose(text, report)


def init_app(app: Flask) -> None:
    """Refuse to start with a wrong letter; register the blueprint."""
    with app.app_context():
        letters.texts()
    app.register_blueprint(bp)
