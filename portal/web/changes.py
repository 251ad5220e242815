"""Apa yang berubah sejak ...: two versions of a report side by side, as a page and as PDF."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, abort, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from portal.documents import changes, changes_sheet, diff, manifest, naming, papers, queries
from portal.people.rules import Permission
from portal.reports import queries as reports
from portal.reports.models import Report
from portal.reports.refusal import Refused
from portal.web.gate import actor, needs
from portal.web.outgoing import download

bp = Blueprint("changes", __name__)

#: So many changes of one group stand on a page; the PDF holds more.
SHOWN = 200


@bp.get("/perubahan/<int:report_id>")
@needs(Permission.REPORT_READ)
def show(report_id: int) -> BaseResponse | str | tuple[str, int]:
    """Choose two versions; below them what differs, by figure, sentence, row and annex."""
    report = _report(report_id)
    known = changes.versions(actor(), report)
    asked = request.args.get("dari", ""), request.args.get("ke", "")
    old, new = asked if all(asked) else changes.usual(known, asked[1])
    common = {"report": report, "title": reports.report_title(report), "versions": known,
              "old": old, "new": new, "groups": diff.GROUPS, "most": SHOWN}  # fmt: skip
    if not known:
        return render_template("changes/show.html", found=None, problem="", **common)
    if not any(asked) and old == new:  # one book only: there is nothing to choose from
        return render_template("changes/show.html", found=None, problem="", **common)
    try:
        found = changes.between(actor(), report, old, new)
    except Refused as refused:
        page = render_template("changes/show.html", found=None, problem=refused.sentence, **common)
        return page, 422
    return render_template("changes/show.html", found=found, problem="", **common)


@bp.get("/perubahan/<int:report_id>/daftar-perubahan.pdf")
@needs(Permission.REPORT_READ)
def sheet(report_id: int) -> Response | tuple[str, int]:
    """The same list as PDF, to lie beside a Perbaikan."""
    report = _report(report_id)
    old, new = request.args.get("dari", ""), request.args.get("ke", "")
    try:
        found = changes.between(actor(), report, old, new)
    except Refused as refused:
        page = render_template(
            "changes/show.html", found=None, problem=refused.sentence, report=report,
            title=reports.report_title(report), versions=changes.versions(actor(), report),
            old=old, new=new, groups=diff.GROUPS, most=SHOWN,
        )  # fmt: skip
        return page, 422
    name = naming.safe(f"Perubahan {reports.report_title(report)} {found.old.name} ke "
                       f"{found.new.name}")  # fmt: skip
    return download(papers.printed(changes_sheet.document(found), "pdf"), f"{name}.pdf")


@bp.post("/penyusunan/<int:build_id>/uji")
@needs(Permission.REPORT_READ)
def again(build_id: int) -> str | tuple[str, int]:
    """Build an issued book again from its own data and say whether it still says the same."""
    build = queries.build_for(actor(), build_id)
    if build is None or build.scope or not build.files:
        abort(404)
    report = _report(build.report_id)
    issue = queries.issue_of(build.id)
    common = {"build": build, "report": report, "title": reports.report_title(report),
              "name": changes.version(build, issue).name}  # fmt: skip
    try:
        found = changes.again(build, tuple(manifest.differs(build.manifest)))
    except changes.StoreError as gone:
        return render_template("changes/again.html", found=None, problem=str(gone), **common), 422
    return render_template("changes/again.html", found=found, problem="", **common)


def _report(report_id: int) -> Report:
    report = reports.report_for(actor(), report_id)
    if report is None:
        abort(404)
    return report


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
