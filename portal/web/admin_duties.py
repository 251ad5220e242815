"""Pengampu: which unit answers for which urusan or task."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.db import db
from portal.people import flow_units, queries
from portal.people.refusal import Refused
from portal.people.rules import Permission
from portal.web.admin_forms import chosen, text
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("duties", __name__, url_prefix="/admin/pengampu")


def _page(refusal: Refused | None = None) -> str:
    units = queries.units_on(queries.today())
    return render_template(
        "admin/duties.html", duties=sorted(queries.duties().items()), units=units,
        names={u.id: u.short_name for u in units}, refusal=refusal,
        typed=request.form if refusal else {},
    )  # fmt: skip


@bp.get("")
@needs(Permission.PEOPLE_ADMIN)
def index() -> str:
    """All duties with their units."""
    return _page()


@bp.post("")
@needs(Permission.PEOPLE_ADMIN)
def save() -> Response | tuple[str, int]:
    """Say which unit answers for a duty and which support it."""
    try:
        support = [whole(n) or 0 for n in request.form.getlist("pendukung") if n]
        known = {u.id for u in queries.units_on(queries.today())}
        main = chosen("main")
        if not {*support, *([main] if main else [])} <= known:
            raise Refused("Pilih perangkat daerah dari daftar.", "main")
        flow_units.save_duty(text("key"), main, support, actor())
    except Refused as refusal:
        db.session.rollback()
        return _page(refusal), 422
    db.session.commit()
    flash("Pengampu tersimpan.", "ok")
    return redirect(url_for("duties.index"))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
