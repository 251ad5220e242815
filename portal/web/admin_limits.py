"""Batas Waktu Kontrak: the day limits of the steps, their sources, and what the region set."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.contracts import limits
from portal.contracts.flow import Refused
from portal.contracts.kinds import HOLDER_LABELS, PHASES
from portal.contracts.stages import Limit
from portal.db import db
from portal.indonesian import long_date
from portal.people.queries import today
from portal.people.rules import Permission
from portal.web import contract_parts as parts
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("limits", __name__, url_prefix="/admin/batas-waktu")


@bp.get("")
@needs(Permission.PEOPLE_ADMIN)
def index() -> str:
    """All limits by phase, tonggak first."""
    found = limits.rows()
    groups = [("Tonggak (dipakai semua kontrak)", [r for r in found if r.short])]
    groups += [
        (label, [r for r in found if not r.short and r.stage.phase == phase])
        for phase, label in PHASES.items()
    ]
    return render_template("admin/limits.html", groups=[g for g in groups if g[1]],
                           holders=HOLDER_LABELS, today=today())  # fmt: skip


@bp.get("/<key>")
@needs(Permission.PEOPLE_ADMIN)
def show(key: str) -> str:
    """One limit with its history and the form."""
    return _page(key)


def _page(key: str, error: str = "") -> str:
    row = limits.row(key)
    if row is None:
        abort(404)
    return render_template("admin/limit.html", row=row, error=error, typed=request.form,
                           holders=HOLDER_LABELS, today=today())  # fmt: skip


@bp.post("/<key>")
@needs(Permission.PEOPLE_ADMIN)
def save(key: str) -> Response | tuple[str, int]:
    """Set a limit from a date on, or give the default back."""
    if limits.row(key) is None:
        abort(404)
    try:
        since = parts.day_of("mulai", "Berlaku mulai")
        limit = None
        if "kembalikan" not in request.form:
            days = whole(request.form.get("hari", "").strip(), 730)
            if days is None:
                raise Refused("Jumlah hari antara 0 dan 730. Contoh: 14")
            kind = request.form.get("satuan", "")
            kind = kind if kind in ("kerja", "kalender", "bulan") else "kerja"
            limit = Limit(days, kind, request.form.get("dasar", "").strip()[:200])
        limits.save(key, limit, since, actor())
    except Refused as refusal:
        db.session.rollback()
        return _page(key, str(refusal)), 422
    db.session.commit()
    flash(f"Batas waktu tersimpan. Langkah terbuka kontrak yang ditandatangani sejak "
          f"{long_date(since)} disesuaikan dalam beberapa menit.", "ok")  # fmt: skip
    return redirect(url_for("limits.show", key=key))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
