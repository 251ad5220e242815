"""Latihan: satu kegiatan. Five guided steps on a sample contract that nobody else ever sees."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.db import db
from portal.people import queries as people
from portal.people.queries import today
from portal.people.rules import Permission
from portal.practice import flow, rules
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("contract_practice", __name__, url_prefix="/latihan/kontrak")


@bp.get("")
@needs(Permission.CONTRACT_WRITE)
def page() -> str:
    """Where the trainee is."""
    return _page()


def _page(error: str = "") -> str:
    run = flow.run_of(actor())
    return render_template(
        "practice/contract.html", lessons=rules.LESSONS, step=run.step if run else 0,
        typed=run.typed if run else [], error=error, form=request.form, number=rules.NUMBER,
        title=rules.TITLE, today=today(),
    )  # fmt: skip


@bp.post("/langkah")
@needs(Permission.CONTRACT_WRITE)
def do() -> Response | tuple[str, int]:
    """Finish one lesson."""
    step = whole(request.form.get("langkah", "")) or 0
    try:
        flow.do(actor(), step, request.form, today())
    except rules.Wrong as wrong:
        return _page(str(wrong)), 422
    db.session.commit()
    return redirect(url_for("contract_practice.page"))


@bp.post("/ulang")
@needs(Permission.CONTRACT_WRITE)
def reset() -> Response:
    """Begin anew, in one click."""
    flow.reset(actor())
    db.session.commit()
    flash("Latihan dimulai dari awal.", "ok")
    return redirect(url_for("contract_practice.page"))


@bp.get("/pemakaian")
@needs(Permission.REPORT_READ)
def adoption() -> str:
    """How many have practised, per Perangkat Daerah; numbers only."""
    names = {u.id: u.name for u in people.units_on(today())}
    rows = [(names[a.unit_id], a) for a in flow.adoption(today()) if a.unit_id in names]
    found = sorted(rows, key=lambda r: r[0])
    return render_template("practice/adoption.html", found=found)


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
