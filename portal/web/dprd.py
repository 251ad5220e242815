"""Rekomendasi DPRD: take them in, hand them out, answer, accept."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.budget import nomenclature
from portal.db import db
from portal.dprd import flow, queries, rules
from portal.dprd.models import Recommendation
from portal.indonesian import read_date
from portal.people import queries as people
from portal.people.rules import Permission
from portal.web import budget
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("dprd", __name__)


@bp.get("/rekomendasi")
@needs(Permission.FIGURES_READ)
def index() -> str:
    """All recommendations that the actor may see, in the order of the decision."""
    return _index()


def _index(refused: str = "") -> str:
    year = budget.asked_year()
    return render_template(
        "budget/dprd.html", year=year, found=queries.visible(actor(), year), labels=rules.LABELS,
        names={u.id: u.name for u in people.units_on(people.today())}, refused=refused,
        compiles=queries.compiles(actor()), typed=request.form, units=_units(),
        bidang=nomenclature.for_year(year).bidang, years=[year + 1 - n for n in range(4)],
        writes=actor().may(Permission.FIGURES_WRITE),
    )  # fmt: skip


def _units() -> list[tuple[int, str]]:
    return [(u.id, u.name) for u in people.units_on(people.today()) if u.kind in budget.HOUSE]


@bp.post("/rekomendasi")
@needs(Permission.FIGURES_WRITE)
def add() -> Response | tuple[str, int]:
    """Take one recommendation in."""
    try:
        if not queries.compiles(actor()):
            raise flow.Refused(
                "Rekomendasi dicatat oleh Sekretariat DPRD, Setda, atau penyusun LKPJ."
            )
        flow.add(budget.asked_year(), _given(), actor())
    except flow.Refused as refused:
        db.session.rollback()
        return _index(refused.sentence), 422
    db.session.commit()
    flash("Rekomendasi dicatat.", "ok")
    return redirect(url_for("dprd.index", tahun=budget.asked_year()))


def _given() -> flow.Given:
    raw, on = request.form.get("unit_id", ""), request.form.get("tanggal", "").strip()
    known = {unit for unit, _ in _units()}
    day = read_date(on) if on else None
    if on and day is None:
        raise flow.Refused(f"Tanggal “{on[:30]}” tidak dikenal. Contoh: 28 April 2025.")
    code = request.form.get("kode", "").strip()
    if code and code not in nomenclature.for_year(budget.asked_year()).bidang:
        raise flow.Refused("Urusan tidak dikenal. Pilih dari daftar.")
    return flow.Given(
        text=request.form.get("rekomendasi", ""), kode=code,
        unit_id=whole(raw) if whole(raw) in known else None,
        origin=request.form.get("asal", ""), decision_no=request.form.get("nomor", ""),
        decision_on=day, tindak_lanjut=request.form.get("tindak_lanjut", ""),
        tujuan=request.form.get("tujuan", ""), alasan=request.form.get("alasan", ""),
    )  # fmt: skip


def _found(recommendation_id: int) -> Recommendation:
    found = queries.find(actor(), recommendation_id)
    if found is None:
        abort(404)
    return found


@bp.get("/rekomendasi/<int:recommendation_id>")
@needs(Permission.FIGURES_READ)
def show(recommendation_id: int) -> str:
    """One recommendation with its way so far."""
    return _page(_found(recommendation_id))


def _page(found: Recommendation, refused: str = "") -> str:
    return render_template(
        "budget/recommendation.html", r=found, verbs=queries.verbs(actor(), found),
        labels=rules.LABELS, steps=queries.steps(found.id), units=_units(), refused=refused,
        names={u.id: u.name for u in people.units_on(people.today())}, typed=request.form,
        bidang=nomenclature.for_year(found.year).bidang,
        writes=actor().may(Permission.FIGURES_WRITE),
    )  # fmt: skip


@bp.post("/rekomendasi/<int:recommendation_id>")
@needs(Permission.FIGURES_WRITE)
def act(recommendation_id: int) -> Response | tuple[str, int]:
    """One step of a recommendation."""
    found = _found(recommendation_id)
    version = request.form.get("version", "")
    try:
        flow.act(found, request.form.get("langkah", ""), _given(), actor(),
                 -1 if whole(version) is None else int(version))  # fmt: skip
    except flow.Refused as refused:
        db.session.rollback()
        return _page(found, refused.sentence), 422
    db.session.commit()
    flash(f"Status: {rules.LABELS[found.state]}.", "ok")
    return redirect(url_for("dprd.show", recommendation_id=found.id))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
