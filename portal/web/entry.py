"""Isian: Tugas Saya, the section page, and every keystroke on its way to the store."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Flask,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from portal import clock, store
from portal.db import db
from portal.people import queries as people
from portal.people.rules import Permission
from portal.reports import derived, flow, flow_sheets, queries
from portal.reports.models import Entry
from portal.reports.ops import Answer, Op
from portal.reports.refusal import Refused
from portal.web import entry_form, entry_page
from portal.web.entry_figures import anchor
from portal.web.entry_window import MOST
from portal.web.gate import actor, needs
from portal.web.ops_in import lean, read_ops

bp = Blueprint("entry", __name__)

MOST_DERIVED = 40  # computed cells in one answer, those of the touched rows apart
GROUPS = ("Narasi", "Tabel", "IKK", "Gambar")


@bp.get("/tugas")
@needs(Permission.ENTRY_WRITE)
def tasks() -> str:
    """Tugas Saya: one row per isian, easy ones first, and nothing else."""
    everything = request.args.get("semua") == "1"
    only = request.args.get("laporan", "")
    found = queries.tasks(actor(), everything or bool(only))
    if only:
        found = [t for t in found if str(t.report_id) == only]
    groups = [(name, [t for t in found if t.group == name]) for name in GROUPS]
    return render_template(
        "entry/tasks.html", groups=[g for g in groups if g[1]], everything=everything,
        today=people.today(), unsigned=flow_sheets.waiting(actor()), title=queries.report_title,
    )  # fmt: skip


@bp.get("/isian/<int:entry_id>")
@needs(Permission.ENTRY_READ)
def page(entry_id: int) -> str:
    """The section page."""
    made = entry_page.page(actor(), entry_id)
    if flow.mark_read(made.entry, actor()):
        db.session.commit()
    return _page(made)


def _page(made: entry_page.Page, **more: Any) -> str:
    remarks = queries.remarks_of(made.entry.id)
    return render_template(
        "entry/page.html", page=made, me=actor(), remarks=remarks, anchor=anchor, **more
    )


# --- saving ---------------------------------------------------------------------------------


@bp.post("/isian/<int:entry_id>/op")
@needs(Permission.ENTRY_WRITE)
def save_ops(entry_id: int) -> Response | tuple[Response, int]:
    """Operations in order, each committed by itself; the answers in the same order."""
    ops = read_ops(actor().person_id)
    if ops == 401:
        abort(401)
    entry = entry_page.desk_or_404(actor(), entry_id).entry
    if isinstance(ops, int):
        return jsonify(error="Permintaan tidak dapat dibaca."), ops
    answers = [(op, _apply(entry, op)) for op in ops]
    return jsonify(
        answers=[lean(op, answer) for op, answer in answers],
        derived=_derived(entry, answers),
        at=entry_page.local_time(clock.now()),
        state=entry_page.desk_or_404(actor(), entry_id).label,
    )


def _apply(entry: Entry, op: Op) -> Answer:
    try:
        answer = flow.apply_op(entry, op, actor())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        answer = Answer(op.op_id, "refused", reason=refusal.sentence)
    return answer


def _derived(entry: Entry, answers: list[tuple[Op, Answer]]) -> dict[str, str]:
    """Totals and computed cells after all operations, once: those of the rows that were touched."""
    rows = {op.target.split(":")[1] for op, _ in answers if op.target[:2] in {"c:", "r:"}}
    placed = queries.place_of(entry) if rows else None
    if placed is None:
        return {}
    found = derived.after(entry, placed.part)
    if len(found) <= MOST_DERIVED:
        return found
    return {t: v for t, v in found.items() if t[:2] != "c:" or t.split(":")[1] in rows}


@bp.post("/isian/<int:entry_id>")
@needs(Permission.ENTRY_WRITE)
def save_form(entry_id: int) -> Response | tuple[str, int]:
    """The whole form, without JavaScript: what was changed becomes operations."""
    desk = entry_page.desk_or_404(actor(), entry_id)
    entry = desk.entry
    if not desk.may_write:
        abort(403)
    made = entry_page.page(actor(), entry_id, every=True)
    changed = entry_form.changed(made, request.form)
    problems: list[tuple[Op, Answer]] = []
    saved = 0
    for op in changed:
        answer = _apply(entry, op)
        if answer.status in {"conflict", "refused"}:
            problems.append((op, answer))
        else:
            saved += answer.status == "ok"
    if problems:
        made = entry_page.page(actor(), entry_id)
        return _page(made, problems=problems), 422
    if saved:
        flash(f"Tersimpan {entry_page.local_time(clock.now())}.", "ok")
    where = "9999" if "tambah" in request.form else request.args.get("hal", "")
    return redirect(url_for("entry.page", entry_id=entry_id, hal=where if _paged(made) else None))


def _paged(made: entry_page.Page) -> bool:
    """True when the table has more rows than one page shows."""
    view = made.table or made.items
    return view is not None and len(view.rows) >= MOST


@bp.get("/isian/<int:entry_id>/baris")
@needs(Permission.ENTRY_READ)
def more_rows(entry_id: int) -> str:
    """The rows after a row of a long table, as they stand in the form."""
    made = entry_page.page(actor(), entry_id)
    view = made.table or made.items
    if view is None or view.window is None or "sesudah" not in request.args:
        abort(404)
    return render_template("entry/_rows.html", view=view, writable=made.writable)


# --- pictures -------------------------------------------------------------------------------


@bp.post("/isian/<int:entry_id>/gambar")
@needs(Permission.ENTRY_WRITE)
def add_picture(entry_id: int) -> Response | tuple[Response, int]:
    """Take in a picture for this isian; without JavaScript it becomes the picture of the part."""
    desk = entry_page.desk_or_404(actor(), entry_id)
    if not desk.may_write:
        abort(403)
    file = request.files.get("berkas")
    quick = bool(request.headers.get("X-Selaras"))
    try:
        if file is None or not file.filename:
            raise Refused("Pilih berkas gambar (PNG atau JPG) lebih dahulu.")
        sha = flow.add_upload(desk.entry, file.read(), file.filename, actor())
        if not quick:
            rev = queries.cells_of(entry_id).get(("", "file"))
            op = entry_form.made(entry_id, "f:file", rev.rev if rev else 0, sha)
            flow.apply_op(desk.entry, op, actor())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        if quick:
            return jsonify(error=refusal.sentence), 422
        flash(refusal.sentence, "error")
        return redirect(url_for("entry.page", entry_id=entry_id))
    if quick:
        return jsonify(sha256=sha)
    flash("Gambar terunggah.", "ok")
    return redirect(url_for("entry.page", entry_id=entry_id))


@bp.get("/isian/<int:entry_id>/gambar/<sha256>")
@needs(Permission.ENTRY_READ)
def picture(entry_id: int, sha256: str) -> Response:
    """A picture of this isian; no other."""
    entry_page.desk_or_404(actor(), entry_id)
    if sha256 not in queries.uploads_of(entry_id):
        abort(404)
    data = store.read(sha256)
    media = "image/png" if data[:4] == b"\x89PNG" else "image/jpeg"
    response = Response(data, mimetype=media)
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
