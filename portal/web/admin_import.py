"""Import of officials from SIMPEG: look at every row first, then apply."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from pathlib import Path

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import clock, uploads
from portal.db import db
from portal.people import flow_import, queries, simpeg
from portal.people.kinds import ROLE_LABELS
from portal.people.rules import Permission
from portal.people.simpeg import ImportRow, SheetError
from portal.web.admin_people import bp
from portal.web.gate import actor, needs

#: A list that nobody applied is thrown away after a day: it holds personal data.
_KEPT = timedelta(days=1)
_SHEETS = uploads.SHEETS - {uploads.Kind.CSV}


def _folder() -> Path:
    folder: Path = current_app.config["SELARAS"].instance / "imports"
    folder.mkdir(mode=0o700, exist_ok=True)
    oldest = (clock.now() - _KEPT).timestamp()
    for path in folder.glob("*.json"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
    return folder


def _keep(rows: list[ImportRow]) -> str:
    key = secrets.token_hex(16)
    path = _folder() / f"{key}.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps({"by": actor().person_id, "rows": [r.plain() for r in rows]}))
    return key


def _kept(key: str) -> list[ImportRow]:
    """The rows that this actor looked at; 404 for anybody else's or none."""
    path = _folder() / f"{key}.json"
    if len(key) != 32 or not set(key) <= set("0123456789abcdef") or not path.exists():
        abort(404)
    held = json.loads(path.read_text())
    if held["by"] != actor().person_id:
        abort(404)
    path.unlink()
    return [ImportRow(**row) for row in held["rows"]]


def _page(**more: object) -> str:
    values: dict[str, object] = {"rows": None, "key": "", "error": "", "outcome": None}
    return render_template("admin/import.html", roles=ROLE_LABELS, **{**values, **more})


@bp.get("/impor")
@needs(Permission.PEOPLE_ADMIN)
def import_form() -> str:
    """Where the file is chosen."""
    return _page()


@bp.post("/impor")
@needs(Permission.PEOPLE_ADMIN)
def import_preview() -> str | tuple[str, int]:
    """What every row of the file would do; nothing is written."""
    upload = request.files.get("berkas")
    if upload is None or not upload.filename:
        return _page(error="Pilih berkas Excel (.xlsx, .xls, atau .ods) dari SIMPEG."), 422
    try:
        sheet = uploads.check(upload.stream.read(), upload.filename, _SHEETS)
        rows = simpeg.read_sheet(sheet.data, queries.today())
    except (SheetError, uploads.Refused) as error:
        return _page(error=str(error)), 422
    flow_import.preview(rows)
    return _page(rows=rows, key=_keep(rows))


@bp.post("/impor/terapkan")
@needs(Permission.PEOPLE_ADMIN)
def import_apply() -> str | Response:
    """Write the rows that can be written; the others come back with their reason."""
    rows = _kept(request.form.get("kunci", ""))
    for row in rows:
        row.notes.clear()
    outcome = flow_import.apply(rows, queries.today(), actor())
    db.session.commit()
    if outcome.refused or any(row.notes for row in rows):
        left = [row for row in rows if row.faults or row.notes]
        return _page(rows=left, outcome=outcome)
    flash(f"Impor selesai: {outcome.added} orang baru, {outcome.changed} berubah, {outcome.same} "
          f"sama, {outcome.terms} masa jabatan.", "ok")  # fmt: skip
    return redirect(url_for("accounts.index", saring="belum"))
