"""Isian by month: take the stock of the last filled month over into the month of the form."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.db import db
from portal.outlines import measures
from portal.outlines.parts import Measures
from portal.people.rules import Permission
from portal.reports import flow, measures_bridge
from portal.reports.refusal import Refused
from portal.web import entry_form, entry_measures, entry_page
from portal.web.gate import actor, needs

bp = Blueprint("months", __name__)


@bp.post("/isian/<int:entry_id>/salin-bulan")
@needs(Permission.ENTRY_WRITE)
def copy_month(entry_id: int) -> Response:
    """Empty fields of a month become what stood in the last filled one; nothing is overwritten."""
    desk = entry_page.desk_or_404(actor(), entry_id)
    placed = entry_page.placed_or_404(desk.entry)
    if not isinstance(placed.part, Measures):
        abort(404)
    if not desk.may_write:
        abort(403)
    asked = request.form.get("bulan", "")
    found = entry_measures.view(actor(), desk, placed, asked, False)
    at, _ = measures_bridge.setting_of(desk.entry.report, placed)
    done = 0
    try:
        for target, base, value in entry_measures.copies(found, at):
            answer = flow.apply_op(desk.entry, entry_form.made(entry_id, target, base, value),
                                   actor())  # fmt: skip
            done += answer.status == "ok"
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
    else:
        name = measures.MONTHS[found.copy_from - 1] if found.copy_from else ""
        flash(f"{done} angka disalin dari {name}. Periksa, lalu sesuaikan yang berubah."
              if done else "Tidak ada isian kosong yang dapat disalin.", "ok")  # fmt: skip
    return redirect(url_for("entry.page", entry_id=entry_id, bulan=found.month or None))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
