"""Formats over the years: two compared, last year's content brought over, and looked at."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.db import db
from portal.figures import catalogue
from portal.outlines import compare, loader, queries
from portal.outlines.schema import Edition
from portal.people import queries as people
from portal.people.rules import Permission
from portal.reports import carry, flow
from portal.reports import queries as reports
from portal.reports.models import Report
from portal.web.gate import actor, needs

bp = Blueprint("editions", __name__)


@bp.get("/format/banding")
@needs(Permission.FORMAT_READ)
def compared() -> str | tuple[str, int]:
    """Two formats of one kind: what is new, gone, renamed, moved, or asks something else."""
    known = loader.current().all()
    keys = [f"{e.kind}:{e.code}" for e in known]
    asked = request.args.get("lama", ""), request.args.get("baru", "")
    old, new = asked if any(asked) else _usual(known)
    common = {"editions": known, "old": old, "new": new, "what": compare.WHAT}
    if not (old and new):
        return render_template("editions/compare.html", found=None, problem="", **common)
    if old not in keys or new not in keys:
        sentence = "Format yang diminta tidak ada di portal. Pilih dua format dari daftar."
        page = render_template("editions/compare.html", found=None, problem=sentence, **common)
        return page, 422
    pair = [known[keys.index(key)] for key in (old, new)]
    try:
        found = compare.compare(*pair)
    except compare.Incomparable as no:
        page = render_template("editions/compare.html", found=None, problem=str(no), **common)
        return page, 422
    old_ikk, new_ikk = (
        {i.key: i for i in catalogue.current().of(year=e.applies_from) if i.level != "keluaran"}
        if e.kind == "lppd" else {} for e in (found.old, found.new)
    )  # fmt: skip
    ikk = {
        "added": [i for k, i in new_ikk.items() if k not in old_ikk],
        "removed": [i for k, i in old_ikk.items() if k not in new_ikk], "n": len(new_ikk),
    }  # fmt: skip
    unread = [e for e in (found.old, found.new) if queries.comparison(e.kind, e.code) is None]
    return render_template(
        "editions/compare.html", found=found, problem="", unread=unread, ikk=ikk, **common
    )


def _usual(known: tuple[Edition, ...]) -> tuple[str, str]:
    """The two newest formats of the first kind that has two."""
    for kind in dict.fromkeys(e.kind for e in known):
        pair = [e for e in known if e.kind == kind][:2]
        if len(pair) == 2:
            return f"{kind}:{pair[1].code}", f"{kind}:{pair[0].code}"
    return "", ""


# --- isi dari tahun lalu --------------------------------------------------------------------


@bp.get("/laporan/<int:report_id>/tahun-lalu")
@needs(Permission.REPORT_MANAGE)
def last_year(report_id: int) -> str:
    """What last year's book gives to this one, before anything is done."""
    return _page(_report(report_id))


def _page(report: Report, problem: str = "") -> str:
    numbers = request.values.get("angka") == "1"
    plan = carry.plan(report, numbers)
    units = {u.id: u.name for u in people.units_on(report.structure_date)}
    waiting = carry.waiting(report)
    return render_template(
        "editions/carry.html", report=report, title=reports.report_title(report), plan=plan,
        numbers=numbers, problem=problem, mark=carry.MARK,
        waiting=[(units.get(unit, "?"), n) for unit, n in sorted(waiting.items())],
        total=sum(waiting.values()),
    )  # fmt: skip


@bp.post("/laporan/<int:report_id>/tahun-lalu")
@needs(Permission.REPORT_MANAGE)
def bring(report_id: int) -> Response | tuple[str, int]:
    """Fill the empty isian from last year's book; a second click adds nothing."""
    report = _report(report_id)
    try:
        done = flow.carry_over(report, actor(), numbers=request.form.get("angka") == "1")
        db.session.commit()
    except flow.Refused as no:
        db.session.rollback()
        return _page(report, no.sentence), 422
    if done.entries:
        flash(f"{done.entries} isian mendapat isi tahun lalu ({done.cells} kolom). Semuanya "
              f"bertanda “{carry.MARK}” sampai pengampunya memeriksa.", "ok")  # fmt: skip
    else:
        flash("Tidak ada isian kosong yang dapat diisi dari tahun lalu.", "note")
    return redirect(url_for("editions.last_year", report_id=report.id))


@bp.post("/isian/<int:entry_id>/sudah-diperiksa")
@needs(Permission.ENTRY_WRITE)
def confirm(entry_id: int) -> Response | tuple[str, int]:
    """The operator has read what came from last year and it holds."""
    entry = reports.entry_for(actor(), entry_id)
    if entry is None:
        abort(404)
    target = request.form.get("bagian", "")
    try:
        done = flow.confirm(entry, actor(), (target,) if target else ())
        db.session.commit()
    except flow.Refused as no:
        db.session.rollback()
        flash(no.sentence, "error")
        return redirect(url_for("entry.page", entry_id=entry_id))
    if done:
        flash("Dicatat: isi dari tahun lalu sudah diperiksa.", "ok")
    return redirect(url_for("entry.page", entry_id=entry_id))


def _report(report_id: int) -> Report:
    """A report that the actor compiles; 404 otherwise."""
    report = reports.report_for(actor(), report_id)
    if report is None or report.kind not in actor().region_wide:
        abort(404)
    return report


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
