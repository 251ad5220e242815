"""Rencana Aksi by triwulan, and the capaian of a year with its words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.db import db
from portal.indonesian import number
from portal.people import queries as people
from portal.people.region import region
from portal.people.rules import Permission, UnitInfo
from portal.sakip import achievements, flow, flow_plan, queries, rules, spec
from portal.sakip.refusal import Refused
from portal.web import sakip_scope as scope
from portal.web.figures_scope import data_year
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("sakip_plan", __name__)
PARTS = {flow_plan.PLAN: "Target triwulan", "TW1": "Triwulan I", "TW2": "Triwulan II",
         "TW3": "Triwulan III", "TW4": "Triwulan IV"}  # fmt: skip


def _part() -> str:
    asked = request.values.get("bagian", flow_plan.PLAN)
    return asked if asked in PARTS else flow_plan.PLAN


@bp.get("/sakip/renaksi")
@needs(Permission.SAKIP_READ)
def plan() -> str:
    """Targets of the triwulan, or the realisasi of one of them."""
    return _plan()


def _plan(refused: Refused | None = None) -> str:
    year, listed = scope.asked_year(), scope.units()
    unit, part = scope.asked_unit(listed), _part()
    lines = achievements.lines(year, unit, back=0)
    found = queries.plan(unit.id, year)
    sent: dict[str, Any] = found.sent if found else {}
    limits = queries.deadlines(year)
    doubts = {
        ln.indicator.id: rules.plan_doubt(
            ln.indicator.roll, ln.now.target, [ln.quarter_target(q) for q in rules.QUARTERS]
        )
        for ln in lines
    }  # fmt: skip
    return render_template(
        "sakip/plan.html", lines=lines, part=part, parts=PARTS, sent=sent, refused=refused,
        typed=request.form if refused else {}, quarters=rules.QUARTERS, doubts=doubts,
        version=found.version if found else 0, plain=scope.plain, shown=achievements.shown,
        writes=queries.writes(actor(), unit), rolls=rules.ROLLS,
        limit=limits.get("renaksi" if part == flow_plan.PLAN else f"renaksi-{part}"),
        reopens=queries.KIND in actor().region_wide and actor().may(Permission.SAKIP_WRITE),
        percent=_percent, scale=_scale(), **scope.frame(year, unit, listed, "sakip_plan.plan"),
    )  # fmt: skip


def _percent(value: Decimal | None) -> str:
    return "n/a" if value is None else f"{number(value, 2)} %"


def _scale() -> rules.Scale:
    return spec.current().scale(region(people.today()).skala_kinerja)


@bp.post("/sakip/renaksi")
@needs(Permission.SAKIP_WRITE)
def save() -> Response | tuple[str, int]:
    """Save the cells of the page; with ``kirim`` hand them over as well."""
    year, unit = scope.asked_year(), scope.asked_unit(scope.units())
    part = _part()
    try:
        cells = _cells(year, unit, part)
        flow_plan.save(unit, year, cells, whole(request.form.get("version", "")) or 0, actor())
        if "kirim" in request.form:
            db.session.flush()
            flow_plan.send(unit, year, part, actor())
    except Refused as refused:
        db.session.rollback()
        return _plan(refused), 422
    db.session.commit()
    flash("Terkirim." if "kirim" in request.form else "Tersimpan.", "ok")
    return redirect(url_for("sakip_plan.plan", tahun=year, unit=unit.code, bagian=part))


def _cells(year: int, unit: UnitInfo, part: str) -> list[flow_plan.Cell]:
    """Cells of the form for the indicators of the unit; Refused names the indicator."""
    form = request.form
    out: list[flow_plan.Cell] = []
    plan_ = queries.plan(unit.id, year)
    if plan_ is not None and part in plan_.sent:
        raise Refused(
            f"{PARTS[part]} sudah dikirim. Minta penyusun SAKIP membukanya kembali bila perlu "
            "diperbaiki."
        )
    for line in achievements.lines(year, unit, back=0):
        one = line.indicator
        for quarter in rules.QUARTERS if part == flow_plan.PLAN else (part,):
            names = ("target", "action") if part == flow_plan.PLAN else (
                "realised", "obstacle", "follow_up")  # fmt: skip
            for name in names:
                key = f"{name}.{one.id}.{quarter}"
                if key not in form or (name == "realised" and line.read_only(quarter)):
                    continue
                value: Decimal | str | None = form[key].strip()
                if name in ("target", "realised"):
                    value = scope.typed_number(
                        form[key], f"{one.title}, {PARTS[quarter]}", key, one.predicate
                    )
                out.append(flow_plan.Cell(one.id, quarter, name, value))
    return out


@bp.post("/sakip/renaksi/buka")
@needs(Permission.SAKIP_WRITE)
def reopen() -> Response | tuple[str, int]:
    """The compiling office opens what was sent."""
    year, unit = scope.asked_year(), scope.asked_unit(scope.units())
    try:
        flow_plan.reopen(unit, year, _part(), actor())
    except Refused as refused:
        db.session.rollback()
        return _plan(refused), 422
    db.session.commit()
    flash("Dibuka kembali.", "ok")
    return redirect(url_for("sakip_plan.plan", tahun=year, unit=unit.code, bagian=_part()))


# --- capaian of the year --------------------------------------------------------------------


@bp.get("/sakip/capaian")
@needs(Permission.SAKIP_READ)
def achieved() -> str:
    """Target, realisasi and capaian of a year, with the words of III.5 and the standards."""
    return _achieved()


def _achieved(refused: Refused | None = None) -> str:
    year, listed = scope.asked_year(data_year()), scope.units()
    unit = scope.asked_unit(listed)
    lines = achievements.lines(year, unit)
    return render_template(
        "sakip/achieved.html", lines=lines, shown=achievements.shown, plain=scope.plain,
        percent=_percent, scale=_scale(), refused=refused, typed=request.form if refused else {},
        directions=rules.DIRECTIONS, writes=queries.writes(actor(), unit),
        back=[year - n for n in range(achievements.BACK, 0, -1)],
        **scope.frame(year, unit, listed, "sakip_plan.achieved"),
    )  # fmt: skip


@bp.post("/sakip/capaian")
@needs(Permission.SAKIP_WRITE)
def save_achieved() -> Response | tuple[str, int]:
    """Save words and standards of the indicators on the page; realisasi only where it is typed."""
    year, unit = scope.asked_year(data_year()), scope.asked_unit(scope.units())
    changed = 0
    try:
        if not queries.writes(actor(), unit):
            raise Refused(f"Capaian {unit.name} diisi oleh operatornya atau penyusun SAKIP.")
        for line in achievements.lines(year, unit, back=0):
            values = _year_values(line)
            if values:
                changed += flow.put_year(line.indicator, year, values, actor())
    except Refused as refused:
        db.session.rollback()
        return _achieved(refused), 422
    db.session.commit()
    flash(f"Tersimpan: {changed} indikator berubah." if changed else "Tidak ada perubahan.", "ok")
    return redirect(url_for("sakip_plan.achieved", tahun=year, unit=unit.code))


def _year_values(line: achievements.Line) -> dict[str, Any]:
    form, one = request.form, line.indicator
    out: dict[str, Any] = {}
    for name in ("support", "obstacle", "effort", "standard_note"):
        key = f"{name}.{one.id}"
        if key in form:
            most = 300 if name == "standard_note" else flow_plan.LONGEST
            if len(form[key]) > most:
                raise Refused(f"“{one.title}”: uraian paling panjang {most} huruf.", field=key)
            out[name] = form[key].strip()
    words = {"provincial": "standar provinsi", "national": "standar nasional",
             "realised": "realisasi"}  # fmt: skip
    for name, what in words.items():
        key = f"{name}.{one.id}"
        if key in form and not (name == "realised" and line.now.origin in ("figur", "triwulan")):
            out[name] = scope.typed_number(form[key], f"{one.title}, {what}", key, one.predicate)
    return out


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
