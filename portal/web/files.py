"""Download of finished files, and "Periksa keaslian berkas"."""

from __future__ import annotations

import hashlib
import re

from flask import Blueprint, Flask, abort, render_template, request, send_file
from werkzeug.wrappers import Response

from portal import store
from portal.chronology import queries as chronology
from portal.db import db
from portal.documents import naming, queries
from portal.documents.building import MEDIA
from portal.people.rules import Permission
from portal.reports import queries as reports
from portal.reports.models import Report
from portal.web.gate import actor, needs

bp = Blueprint("files", __name__)


@bp.get("/unduh/<int:build_id>/<any(pdf, docx):format_>")
@needs(Permission.REPORT_READ)
def download(build_id: int, format_: str) -> Response | tuple[str, int]:
    """The stored bytes, exactly as they were made or issued."""
    build = queries.build_for(actor(), build_id)
    file = next((f for f in build.files if f.format == format_), None) if build else None
    if file is None:
        abort(404)
    state = store.state_of(file.sha256)
    if state != "utuh":
        title = ("Berkas tidak ada di penyimpanan" if state == "hilang"
                 else "Isi berkas di penyimpanan tidak sama lagi dengan yang dibuat")  # fmt: skip
        page = render_template("error.html", title=title,
                               advice="Susun ulang dokumen ini, atau minta admin Diskominfo "
                               "memulihkannya dari cadangan.", code=410)  # fmt: skip
        return page, 410
    return send_file(
        store.path_of(file.sha256), mimetype=MEDIA[format_], as_attachment=True,
        download_name=file.name, etag=file.sha256, conditional=True, max_age=0,
    )  # fmt: skip


@bp.get("/keaslian")
@needs(Permission.SELF)
def check() -> str:
    """The form; ``?kode=`` may carry a SHA-256."""
    return render_template("builds/check.html", found=None, asked=False, error="", names=None)


@bp.post("/keaslian")
@needs(Permission.SELF)
def answer() -> str | tuple[str, int]:
    """Compare a file, or a SHA-256, with what the portal has made."""
    upload = request.files.get("berkas")
    code = re.sub(r"[\s-]", "", request.form.get("kode", "")).lower()
    if upload is not None and upload.filename:
        code = hashlib.sha256(upload.read()).hexdigest()
    if not re.fullmatch(r"[0-9a-f]{64}", code):
        sentence = (
            "Pilih berkas PDF atau DOCX yang akan diperiksa, atau tempelkan kode SHA-256 lengkap "
            "(64 huruf dan angka)."
        )
        page = render_template(
            "builds/check.html", found=None, asked=False, error=sentence, names=None
        )
        return page, 422
    found, names = queries.find_sha(code), None
    handed = chronology.handed_out(code) if found is None else None
    if found is not None:
        report = db.session.get_one(Report, found.build.report_id)
        number = found.issue.number if found.issue else found.build.number
        nature = naming.nature(found.build.final, number)
        names = {"title": reports.report_title(report), "nature": nature,
                 "code": queries.code_of(found.file.sha256)}  # fmt: skip
    return render_template("builds/check.html", found=found, asked=True, error="", names=names,
                           handed=handed)  # fmt: skip


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
