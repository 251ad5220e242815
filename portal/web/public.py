"""RLPPD: the sekretariat looks, checks and publishes; anybody reads without signing in."""

from __future__ import annotations

import io
from typing import Any

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.globals import request_ctx
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal import store
from portal.db import db
from portal.documents.problems import DocumentProblem
from portal.documents.queries import compiles
from portal.documents.tree import Picture
from portal.people import queries as people
from portal.people.region import region
from portal.people.rules import Permission
from portal.public import flow, making, page, queries
from portal.public.models import Publication
from portal.reports import queries as reports
from portal.reports.models import Report
from portal.reports.refusal import Refused
from portal.web.gate import actor, needs
from portal.web.gate import public as open_to_all
from portal.web.incoming import whole

bp = Blueprint("public", __name__)
#: Browsers and proxies may keep a page for five minutes, then ask whether it has changed.
CACHE = "public, max-age=300, must-revalidate"


# --- the sekretariat ------------------------------------------------------------------------


@bp.get("/susun-rlppd")
@needs(Permission.REPORT_BUILD)
def desk() -> str:
    """LPPD of every year, whether its RLPPD is out."""
    found = [r for r in reports.reports_for(actor(), "lppd") if compiles(actor(), r)]
    found.sort(key=lambda r: -r.year)
    return render_template(
        "public/desk.html", reports=found, versions=queries.of_reports([r.id for r in found]),
        issued=making.issued_of([r.id for r in found]),
        titles={r.id: reports.report_title(r) for r in found},
    )  # fmt: skip


@bp.get("/susun-rlppd/<int:report_id>")
@needs(Permission.REPORT_BUILD)
def look(report_id: int) -> str:
    """What would be published, what stands against it, and the form."""
    return _look(_report(report_id))


@bp.get("/susun-rlppd/<int:report_id>/pratinjau.pdf")
@needs(Permission.REPORT_BUILD)
def look_pdf(report_id: int) -> Response | tuple[str, int]:
    """The PDF as it would be published, marked PRATINJAU."""
    report = _report(report_id)
    try:
        draft = making.draft(report)
        data = making.pdf(draft, making.marked(draft))
    except (Refused, DocumentProblem) as refused:
        return _look(report, str(refused)), 422
    return send_file(io.BytesIO(data), mimetype="application/pdf", max_age=0,
                     download_name=f"Pratinjau_{draft.file_name}")  # fmt: skip


@bp.get("/susun-rlppd/<int:report_id>/gambar/<sha>")
@needs(Permission.REPORT_BUILD)
def look_picture(report_id: int, sha: str) -> Response:
    """A picture of the look, already without metadata."""
    data = making.draft(_report(report_id)).pictures.get(sha)
    if data is None:
        abort(404)
    return send_file(io.BytesIO(data), mimetype=_media(data), max_age=0)


@bp.post("/susun-rlppd/<int:report_id>")
@needs(Permission.REPORT_ISSUE)
def publish(report_id: int) -> Response | tuple[str, int]:
    """Publikasikan."""
    report = _report(report_id)
    form = request.form
    try:
        version, issue = whole(form.get("versi", "")) or 0, whole(form.get("lppd", "")) or 0
        row = flow.publish(report, version, issue, form.get("dasar", ""), actor())
    except (Refused, DocumentProblem) as refused:
        db.session.rollback()
        stale = isinstance(refused, Refused) and refused.stale
        return _look(_report(report_id), str(refused)), 409 if stale else 422
    db.session.commit()
    flash(f"RLPPD Tahun {row.year} versi {row.version} diterbitkan dan dapat dibaca masyarakat di "
          f"{url_for('public.show', year=row.year)}.", "ok")  # fmt: skip
    return redirect(url_for("public.look", report_id=report_id))


@bp.post("/susun-rlppd/<int:report_id>/tarik")
@needs(Permission.REPORT_ISSUE)
def withdraw(report_id: int) -> Response | tuple[str, int]:
    """Tarik: the page disappears, its note stays."""
    report = _report(report_id)
    wanted = whole(request.form.get("versi", ""))
    row = next((p for p in queries.versions(report.id) if p.version == wanted), None)
    if row is None:
        abort(404)
    try:
        flow.withdraw(row, request.form.get("alasan", ""), actor())
    except Refused as refused:
        db.session.rollback()
        return _look(_report(report_id), refused.sentence), 409 if refused.stale else 422
    db.session.commit()
    flash(f"RLPPD Tahun {row.year} versi {row.version} ditarik. Alasannya terbaca di halaman "
          "publik.", "ok")  # fmt: skip
    return redirect(url_for("public.look", report_id=report_id))


def _report(report_id: int) -> Report:
    report = reports.report_for(actor(), report_id)
    if report is None or report.kind != "lppd" or not compiles(actor(), report):
        abort(404)
    return report


def _look(report: Report, error: str = "") -> str:
    shown: dict[str, Any] = {"draft": None, "findings": [], "body": ""}
    try:
        draft = making.draft(report)
    except Refused as refused:
        error = error or refused.sentence
    else:

        def picture(block: Picture) -> str:
            return url_for("public.look_picture", report_id=report.id, sha=block.sha256)

        html = Markup(page.body(draft.document, picture))  # noqa: S704 - page.py escapes
        shown = {"draft": draft, "findings": queries.findings(draft), "body": html}
    known = queries.versions(report.id)
    return render_template(
        "public/look.html", report=report, title=reports.report_title(report), error=error,
        versions=known, next=(known[0].version if known else 0) + 1, typed=request.form,
        issues=making.issue_names(report.id), **shown,
    )  # fmt: skip


# --- everybody ------------------------------------------------------------------------------


@bp.get("/rlppd")
@open_to_all
def index() -> Response:
    """The years that are published."""
    here = region(people.today())
    html = render_template("public/index.html", rows=queries.years(), here=here)
    return _kept(make_response(html))


@bp.get("/rlppd/<int:year>")
@open_to_all
def show(year: int) -> Response:
    """The RLPPD of a year; 410 with the note when it was withdrawn, 404 when there is none."""
    here = region(people.today())
    row = queries.newest(year)
    if row is None or row.withdrawn_at is not None:
        return _none(year, row)
    body = Markup(_bytes(row.body_sha).decode())  # noqa: S704 - escaped when it was published
    answer = make_response(render_template(
        "public/show.html", row=row, body=body, here=here, size=len(_bytes(row.pdf_sha)),
    ))  # fmt: skip
    return _kept(answer)


@bp.get("/rlppd/<int:year>.pdf")
@open_to_all
def pdf(year: int) -> Response:
    """The published PDF, byte for byte."""
    row = queries.newest(year)
    if row is None or row.withdrawn_at is not None:
        return _none(year, row)
    answer = send_file(io.BytesIO(_bytes(row.pdf_sha)), mimetype="application/pdf",
                       download_name=row.file_name, etag=row.pdf_sha)  # fmt: skip
    return _kept(answer)


@bp.get("/rlppd/<int:year>/gambar/<name>")
@open_to_all
def picture(year: int, name: str) -> Response:
    """A picture of the published page."""
    row = queries.newest(year)
    sha = row.pictures.get(name) if row is not None and row.withdrawn_at is None else None
    if sha is None:
        abort(404)
    data = _bytes(sha)
    return _kept(send_file(io.BytesIO(data), mimetype=_media(data), etag=sha))


def _none(year: int, row: Publication | None) -> Response:
    """Never published, or withdrawn with its note."""
    here = region(people.today())
    html = render_template("public/none.html", year=year, row=row, here=here)
    return _kept(make_response(html, 410 if row else 404))


def _bytes(sha: str) -> bytes:
    return store.read(sha)


def _media(data: bytes) -> str:
    return "image/jpeg" if data[:2] == b"\xff\xd8" else "image/png"


def _kept(answer: Response) -> Response:
    """May be kept by browsers and proxies; asked again, it answers 304 when nothing changed."""
    answer.headers["Cache-Control"] = CACHE
    if not answer.direct_passthrough:
        answer.add_etag()
    return answer.make_conditional(request)


@bp.after_request
def _without_session(answer: Response) -> Response:
    """A page for everybody sets no cookie and is the same for everybody, signed in or not."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and getattr(view, "permission", "") is None:
        null = current_app.session_interface.make_null_session(current_app)
        request_ctx._session = null  # not saved, so neither cookie nor Vary: Cookie
    return answer


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
