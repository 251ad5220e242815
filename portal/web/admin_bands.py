"""Warna Serapan: the colour scheme of absorption per month, its source, since when."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.absorption import bands
from portal.contracts.flow import Refused
from portal.db import db
from portal.indonesian import MONTHS, read_number
from portal.people.queries import today
from portal.people.rules import Permission
from portal.web.contract_parts import day_of
from portal.web.gate import actor, needs

bp = Blueprint("bands", __name__, url_prefix="/admin/warna-serapan")


@bp.get("")
@needs(Permission.PEOPLE_ADMIN)
def index() -> str:
    """The scheme in force with its source, both schemes as forms, what was decided when."""
    return _page()


def _page(error: str = "") -> str:
    now = bands.in_force(today())
    asked = request.values.get("skema", "")
    kind = asked if asked in bands.KINDS else now.kind
    return render_template(
        "admin/bands.html", now=now, kind=kind, shown=bands.chosen(kind, today()), months=MONTHS,
        schemes=bands.schemes(), pace=bands.pace_from(today()), source=bands.pace_source(today()),
        history=bands.history(), error=error, typed=request.form, today=today(),
    )  # fmt: skip


def _number(name: str, label: str) -> Decimal:
    read = read_number(request.form.get(name, "").strip().replace("−", "-"))
    if read.value is None or not read.sure or abs(read.value) > 100:
        raise Refused(f"{label} belum benar. Contoh: 12,5")
    return read.value


@bp.post("")
@needs(Permission.PEOPLE_ADMIN)
def save() -> Response | tuple[str, int]:
    """Floors of a scheme, or those of the file again, from a date on."""
    kind = request.form.get("skema", "")
    try:
        since = day_of("mulai", "Berlaku mulai")
        if "kembalikan" in request.form:
            bands.back(kind, since, actor())
        else:
            floors = {
                n: (_number(f"k{n}", f"Kuning {name}"), _number(f"h{n}", f"Hijau {name}"))
                for n, name in enumerate(MONTHS, start=1)
            }
            bands.save(kind, floors, since, request.form.get("dasar", ""), actor())
    except Refused as refusal:
        db.session.rollback()
        return _page(str(refusal)), 422
    db.session.commit()
    flash("Warna serapan tersimpan.", "ok")
    return redirect(url_for("bands.index"))


@bp.post("/laju")
@needs(Permission.PEOPLE_ADMIN)
def pace() -> Response | tuple[str, int]:
    """From which part of its time on a contract's pace counts."""
    try:
        bands.save_pace(_number("nilai", "Bagian waktu"), day_of("mulai", "Berlaku mulai"),
                        request.form.get("dasar", ""), actor())  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        return _page(str(refusal)), 422
    db.session.commit()
    flash("Ketentuan laju tersimpan.", "ok")
    return redirect(url_for("bands.index"))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
