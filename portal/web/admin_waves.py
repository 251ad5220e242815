"""Tahapan: which unit works in which module from when."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.db import db
from portal.people import flow_region, queries
from portal.people.kinds import MODULE_LABELS, Module, UnitKind
from portal.people.models import Unit, Wave
from portal.people.refusal import Refused
from portal.people.rules import Permission
from portal.reports import flow as reports
from portal.web.admin_forms import chosen, day, found, maybe_day, text
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("waves", __name__, url_prefix="/admin/tahapan")


def _module(raw: str) -> str:
    return raw if raw in set(Module) else str(Module.LPPD)


def _page(module: str, refusal: Refused | None = None) -> str:
    today = queries.today()
    waves = db.session.scalars(
        sa.select(Wave).where(Wave.module == module).order_by(Wave.opens_on, Wave.id)
    ).all()
    present = queries.unit_waves(module, today)
    opened = queries.open_units(module, today)
    units = [u for u in queries.units_on(today) if u.kind != UnitKind.PEMDA]
    return render_template(
        "admin/waves.html", module=module, modules=MODULE_LABELS, waves=waves, units=units,
        present=present, opened=opened, today=today, refusal=refusal, typed=request.form,
    )  # fmt: skip


@bp.get("")
@needs(Permission.PEOPLE_ADMIN)
def index() -> str:
    """The tahap of one module and the units in them."""
    return _page(_module(request.args.get("modul", "")))


@bp.post("/tahap")
@needs(Permission.PEOPLE_ADMIN)
def save() -> Response | tuple[str, int]:
    """Add a tahap or change its dates."""
    module = _module(text("modul"))
    wave = found(Wave, chosen("wave_id")) if text("wave_id") else None
    try:
        dates = (day("opens_on", "Dibuka"), maybe_day("closes_on", "Ditutup"))
        flow_region.save_wave(wave, wave.module if wave else module, text("name"), dates, actor())
        reports.sync_waves()
    except Refused as refusal:
        db.session.rollback()
        return _page(module, refusal), 422
    db.session.commit()
    flash("Tahap tersimpan.", "ok")
    return redirect(url_for("waves.index", modul=module))


@bp.post("/pindah")
@needs(Permission.PEOPLE_ADMIN)
def move() -> Response | tuple[str, int]:
    """Move units forward or back; what they entered stays."""
    module = _module(text("modul"))
    try:
        wave_id = chosen("wave_id")
        if wave_id is None:
            raise Refused("Pilih tahap tujuannya.", "wave_id")
        wave = found(Wave, wave_id)
        since = maybe_day("since", "Mulai") or queries.today()
        picked = [found(Unit, whole(n)) for n in request.form.getlist("unit")]
        if not picked:
            raise Refused("Beri tanda pada perangkat daerah yang dipindahkan.", "unit")
        moved = flow_region.move_to_wave(picked, wave, since, actor())
        reports.sync_waves()  # seen at once; the ticker follows the calendar
    except Refused as refusal:
        db.session.rollback()
        return _page(module, refusal), 422
    db.session.commit()
    flash(f"{moved} perangkat daerah dipindahkan ke {wave.name}. Isian yang sudah ada tidak "
          "berubah.", "ok")  # fmt: skip
    return redirect(url_for("waves.index", modul=wave.module))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
