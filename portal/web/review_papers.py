"""Kertas Kerja, Catatan Hasil Reviu and Laporan Hasil Reviu: pages of the Inspektorat.

The Catatan Hasil Reviu of a Perangkat Daerah is also read by that Perangkat Daerah itself.
"""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.db import db
from portal.documents import naming, papers, review_papers
from portal.people import queries as people
from portal.people.kinds import UnitKind
from portal.people.region import region
from portal.people.rules import Permission
from portal.reports import flow_conclusion, queries, review_notes, reviewing
from portal.reports.models import Report
from portal.reports.refusal import Refused
from portal.reports.workflow import ReviewPaper
from portal.web.gate import actor, needs
from portal.web.incoming import whole
from portal.web.outgoing import download
from portal.web.review_sheet import workbook

bp = Blueprint("review_papers", __name__, url_prefix="/hasil-reviu")


def _inspects() -> None:
    """Only the Inspektorat; to others the page does not exist."""
    if not reviewing.inspects(actor()):
        abort(404)


def _report(report_id: int) -> Report:
    report = reviewing.report_for(actor(), report_id)
    if report is None:
        abort(404)
    return report


def _chosen(*, printed: bool = False) -> tuple[Report | None, list[tuple[int, str]]]:
    """The report asked for, else the newest; and all that can be chosen."""
    found = reviewing.reports_for(actor())
    if printed:
        found = [r for r in found if _paper_of(r) is not None]
    units = {u.id: u for u in people.units_on(people.today())}
    names = []
    for report in found:
        owner = units.get(report.owner_unit_id)
        own = f", {owner.short_name}" if owner and owner.kind != UnitKind.PEMDA else ""
        names.append((report.id, queries.report_title(report) + own))
    asked = whole(request.args.get("laporan", ""))
    if asked is not None and asked not in {r.id for r in found}:
        abort(404)
    first = next((r for r in found if r.id == asked), found[0] if found else None)
    return first, names


def _paper_of(report: Report) -> ReviewPaper | None:
    return queries.workflows().of(report.kind).review_paper


# --- Kertas Kerja Reviu ---------------------------------------------------------------------


@bp.get("/kertas-kerja")
@needs(Permission.ENTRY_READ)
def worksheets() -> str:
    """Perangkat Daerah with how much of them was judged."""
    _inspects()
    report, choices = _chosen()
    found = reviewing.reviews(report) if report else []
    return render_template("review/worksheets.html", report=report, choices=choices, found=found,
                           judged=reviewing.judged)  # fmt: skip


@bp.get("/kertas-kerja/<int:report_id>/<int:reviewed_id>")
@needs(Permission.ENTRY_READ)
def worksheet(report_id: int, reviewed_id: int) -> str:
    """One Perangkat Daerah, IKK by IKK."""
    report, found = _reviewed(report_id, reviewed_id)
    return render_template(
        "review/worksheet.html", report=report, title=queries.report_title(report), found=found,
        words=review_papers.verdict_words, measured=review_papers.measured,
        judged=reviewing.judged, opens=actor().may(Permission.ENTRY_REVIEW),
    )  # fmt: skip


@bp.get("/kertas-kerja/<int:report_id>/<int:reviewed_id>/kkr.<any(xlsx,docx):ending>")
@needs(Permission.ENTRY_READ)
def worksheet_file(report_id: int, reviewed_id: int, ending: str) -> Response:
    """The same as a workbook or as DOCX."""
    report, found = _reviewed(report_id, reviewed_id)
    name = naming.safe(f"KKR {queries.report_title(report)} {found.unit.short_name}")
    if ending == "xlsx":
        return download(workbook(report, found), f"{name}.xlsx")
    made = review_papers.worksheet(report, found)
    return download(papers.printed(made, ending), f"{name}.{ending}")


def _reviewed(report_id: int, unit_id: int) -> tuple[Report, reviewing.Review]:
    _inspects()
    report = _report(report_id)
    found = reviewing.reviews(report, unit_id)
    if not found:
        abort(404)
    return report, found[0]


# --- Catatan Hasil Reviu --------------------------------------------------------------------


@bp.get("/catatan")
@needs(Permission.ENTRY_READ)
def note_sheets() -> str:
    """Catatan by Perangkat Daerah; a Perangkat Daerah finds its own."""
    report, choices = _chosen()
    found = review_notes.notes(actor(), report) if report else []
    return render_template("review/notes.html", report=report, choices=choices, found=found,
                           states=review_notes.STATES)  # fmt: skip


@bp.get("/catatan/<int:report_id>/<int:reviewed_id>")
@needs(Permission.ENTRY_READ)
def note_sheet(report_id: int, reviewed_id: int) -> str:
    """The CHR of one Perangkat Daerah."""
    report, found = _noted(report_id, reviewed_id)
    return render_template(
        "review/note_sheet.html", report=report, title=queries.report_title(report), found=found,
        states=review_notes.STATES, opens=actor().may(Permission.ENTRY_REVIEW),
        own=found.unit.id in actor().units() and actor().may(Permission.ENTRY_WRITE),
    )  # fmt: skip


@bp.get("/catatan/<int:report_id>/<int:reviewed_id>/chr.<any(pdf,docx):ending>")
@needs(Permission.ENTRY_READ)
def note_file(report_id: int, reviewed_id: int, ending: str) -> Response:
    """The same as a paper, with a column for the tanggapan."""
    report, found = _noted(report_id, reviewed_id)
    name = naming.safe(f"CHR {queries.report_title(report)} {found.unit.short_name}")
    made = review_papers.note_sheet(report, found)
    return download(papers.printed(made, ending), f"{name}.{ending}")


def _noted(report_id: int, unit_id: int) -> tuple[Report, review_notes.Notes]:
    report = _report(report_id)
    found = review_notes.notes(actor(), report, unit_id)
    if not found:
        abort(404)
    return report, found[0]


# --- Laporan Hasil Reviu --------------------------------------------------------------------


@bp.get("/laporan")
@needs(Permission.ENTRY_READ)
def results() -> Response | str:
    """The newest report whose review is reported."""
    _inspects()
    report, _ = _chosen(printed=True)
    if report is None:
        return render_template("review/result.html", found=None)
    return redirect(url_for("review_papers.result", report_id=report.id))


@bp.get("/laporan/<int:report_id>")
@needs(Permission.ENTRY_READ)
def result(report_id: int) -> str:
    """Scope and results in numbers, open catatan, and the simpulan to type."""
    return _result_page(_result(report_id))


def _result_page(found: review_papers.Result, problem: str = "", typed: str | None = None) -> str:
    here, report = region(people.today()), found.report
    stands = flow_conclusion.conclusion_of(report)
    return render_template(
        "review/result.html", found=found, report=report, title=queries.report_title(report),
        to=found.paper.to.format(provinsi=here.provinsi, daerah=here.full), stands=stands,
        scope=review_papers.scope_words(found), problem=problem, choices=_chosen(printed=True)[1],
        typed=stands.text if typed is None else typed, states=review_notes.STATES,
        place=review_papers.place, most=flow_conclusion.MOST, office=reviewing.office(stands.by),
    )  # fmt: skip


@bp.post("/laporan/<int:report_id>/simpulan")
@needs(Permission.ENTRY_READ)
def conclude(report_id: int) -> Response | tuple[str, int]:
    """Keep the simpulan."""
    found = _result(report_id)
    text = request.form.get("simpulan", "")
    try:
        flow_conclusion.conclude(found.report, text, request.form.get("versi", ""), actor())
        db.session.commit()
    except Refused as no:
        db.session.rollback()
        return _result_page(found, no.sentence, text), 409 if no.stale else 422
    flash("Simpulan tersimpan.", "ok")
    return redirect(url_for("review_papers.result", report_id=report_id) + "#simpulan")


@bp.get("/laporan/<int:report_id>/lhr.<any(pdf,docx):ending>")
@needs(Permission.ENTRY_READ)
def result_file(report_id: int, ending: str) -> Response:
    """The Laporan Hasil Reviu as a paper."""
    found = _result(report_id)
    made = review_papers.result(found)
    return download(papers.printed(made, ending), f"{naming.safe(made.subject)}.{ending}")


def _result(report_id: int) -> review_papers.Result:
    _inspects()
    report = _report(report_id)
    paper = _paper_of(report)
    if paper is None:
        abort(404)
    return review_papers.Result(
        report, paper, queries.workflows().verdicts, reviewing.reviews(report),
        review_notes.notes(actor(), report), flow_conclusion.conclusion_of(report).text,
    )  # fmt: skip


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
