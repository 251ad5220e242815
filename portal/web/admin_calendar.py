"""Kalender Kerja: national holidays and cuti bersama, and what is different here."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.db import db
from portal.indonesian import day_and_date
from portal.people import flow_region, queries, workdays
from portal.people.models import WorkDay
from portal.people.refusal import Refused
from portal.people.rules import Permission
from portal.web.admin_forms import day, text
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("calendar", __name__, url_prefix="/admin/kalender")


def _page(year: int, refusal: Refused | None = None) -> str:
    local = {
        row.day: row
        for row in db.session.scalars(
            sa.select(WorkDay).where(WorkDay.day.between(date(year, 1, 1), date(year, 12, 31)))
        )
    }
    national = workdays.national(year)
    days = [(when, day_and_date(when), national.get(when, ""), local.get(when))
            for when in sorted({*national, *local})]  # fmt: skip
    count = workdays.calendar().between(date(year - 1, 12, 31), date(year, 12, 31))
    return render_template("admin/calendar.html", year=year, days=days, refusal=refusal,
                           typed=request.form if refusal else {}, count=count)  # fmt: skip


@bp.get("")
@needs(Permission.PEOPLE_ADMIN)
def index() -> str:
    """The days of a year on which offices do not work."""
    year = whole(request.args.get("tahun", "")) or 0
    return _page(year if 2000 <= year <= 2100 else queries.today().year)


@bp.post("")
@needs(Permission.PEOPLE_ADMIN)
def save() -> Response | tuple[str, int]:
    """Add a local holiday, let a day be worked, or take an exception back."""
    try:
        when = day("day", "Tanggal")
        flow_region.save_work_day(when, text("kind"), text("name"), actor())
    except Refused as refusal:
        db.session.rollback()
        return _page(queries.today().year, refusal), 422
    db.session.commit()
    flash("Kalender tersimpan. Batas waktu yang dihitung sesudah ini memakainya.", "ok")
    return redirect(url_for("calendar.index", tahun=when.year))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
