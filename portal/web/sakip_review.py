"""Reviu of LKjIP by APIP: what was reviewed, the form, taking one back."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.db import db
from portal.documents.papers import printed
from portal.indonesian import read_date
from portal.people import queries as people
from portal.people.region import region
from portal.people.rules import Permission, UnitInfo
from portal.reports import queries as reports
from portal.sakip import achievements, feeds, flow_plan, papers, queries, rules, spec
from portal.sakip.refusal import Refused
from portal.web import outgoing
from portal.web import sakip_scope as scope
from portal.web.figures_scope import data_year
from portal.web.gate import actor, needs

bp = Blueprint("sakip_review", __name__)


@bp.get("/sakip/reviu")
@needs(Permission.SAKIP_READ)
def index() -> str:
    """LKjIP of a year with their reviu."""
    year, listed = scope.asked_year(data_year()), scope.units()
    books = {r.owner_unit_id: r for r in reports.reports_for(actor(), "sakip")
             if r.year == year}  # fmt: skip
    return render_template(
        "sakip/review_index.html", books=books, reviews=queries.reviews(year),
        may={u.id: flow_plan.may_review(actor(), u) for u in listed},
        **scope.frame(year, scope.asked_unit(listed), listed, "sakip_review.index"),
    )  # fmt: skip


def _unit(unit_id: int) -> UnitInfo:
    found = next((u for u in scope.units() if u.id == unit_id), None)
    if found is None:
        abort(404)
    return found


@bp.get("/sakip/reviu/<int:unit_id>")
@needs(Permission.SAKIP_READ)
def show(unit_id: int) -> str:
    """The reviu of one LKjIP: the numbers, the Pernyataan, the form for APIP."""
    return _page(_unit(unit_id))


def _page(unit: UnitInfo, refused: Refused | None = None) -> str:
    year = scope.asked_year(data_year())
    found = queries.review(unit.id, year)
    title = feeds.title_of(region(people.today()))
    return render_template(
        "sakip/review.html", found=found, refused=refused, typed=request.form if refused else {},
        checklist=spec.current().review.checklist, may=flow_plan.may_review(actor(), unit),
        stale=found is not None and feeds.stale(found, unit),
        blocks=papers.reviewed(found, unit, title) if found else [],
        proposed=flow_plan.statement_of(year, unit, title), shown=achievements.shown,
        lines=achievements.lines(year, unit, back=0), directions=rules.SHORT_DIRECTIONS,
        **scope.frame(year, unit, [unit], "sakip_review.index"),
    )  # fmt: skip


@bp.post("/sakip/reviu/<int:unit_id>")
@needs(Permission.ENTRY_REVIEW)
def record(unit_id: int) -> Response | tuple[str, int]:
    """Record the reviu, or take it back (``tarik``)."""
    unit, year, form = _unit(unit_id), scope.asked_year(data_year()), request.form
    try:
        if "tarik" in form:
            found = queries.review(unit.id, year)
            if found is not None:
                flow_plan.withdraw(found, actor())
        else:
            typed = form.get("on", "").strip()
            day = read_date(typed) if typed else None
            if typed and day is None:
                raise Refused(f"Tanggal “{typed[:30]}” tidak dikenal. Contoh: 20 Maret 2026.",
                              field="on")  # fmt: skip
            flow_plan.review(
                year, unit, number=form.get("number", ""), on=day,
                statement=form.get("statement", ""), actor=actor(),
                checklist={c.key: form.get(f"c.{c.key}", "")
                           for c in spec.current().review.checklist},
            )  # fmt: skip
    except Refused as refused:
        db.session.rollback()
        return _page(unit, refused), 422
    db.session.commit()
    flash("Reviu ditarik." if "tarik" in form else "Reviu tercatat.", "ok")
    return redirect(url_for("sakip_review.show", unit_id=unit_id, tahun=year))


@bp.get("/sakip/reviu/<int:unit_id>/unduh.<ending>")
@needs(Permission.SAKIP_READ)
def download(unit_id: int, ending: str) -> Response:
    """The Pernyataan Telah Direviu as PDF or DOCX, once the reviu is recorded."""
    unit, year = _unit(unit_id), scope.asked_year(data_year())
    found = queries.review(unit.id, year)
    if found is None or ending not in ("pdf", "docx"):
        abort(404)
    title = feeds.title_of(region(people.today()))
    blocks = [{"t": "title", "lines": ["PERNYATAAN TELAH DIREVIU"]},
              *papers.reviewed(found, unit, title)]  # fmt: skip
    made = scope.paper(f"Pernyataan Telah Direviu {unit.name} {year}", blocks)
    return outgoing.download(printed(made, ending), f"Pernyataan-Reviu_{year}_{unit.code}.{ending}")


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
