"""Lembar Salin: our values in the order of SILPPD, e-SPM and esr, copied and ticked off."""

from __future__ import annotations

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from portal.copysheets import flow, pack, queries, rules, spec
from portal.db import db
from portal.documents.naming import safe
from portal.figures.shape import Indicator
from portal.people import queries as people
from portal.people.region import region
from portal.people.rules import Permission
from portal.reports import queries as reports
from portal.reports.models import Report
from portal.web.figures_scope import Scope
from portal.web.gate import actor, needs

bp = Blueprint("copysheets", __name__)


@bp.get("/salin")
@needs(Permission.FIGURES_READ)
def index() -> str:
    """The national applications, each with the books that are copied into it."""
    readable = reports.reports_for(actor())
    known = [
        (sheet, [r for r in readable if r.kind == sheet.kind]) for sheet in spec.sheets().values()
    ]
    years = sorted({r.year for r in readable}, reverse=True)
    units = {u.id: u for u in people.units_on(people.today())}
    mine = [units[u] for u in sorted(actor().units()) if u in units]
    return render_template(
        "copysheets/index.html", sheets=known, title=reports.report_title, years=years,
        units=units, mine=mine, all_units=bool(actor().region_wide),
    )  # fmt: skip


@bp.get("/salin/<sheet>/<int:report_id>")
@needs(Permission.FIGURES_READ)
def show(sheet: str, report_id: int) -> str:
    """One screen after the other, or the one that is asked for; the rest with their progress."""
    found, report = _sheet(sheet), _report(report_id)
    if found.kind != report.kind:
        abort(404)
    views = queries.screens(found, report, actor(), _sees(report))
    asked = request.args.get("layar", "")
    here = next((v for v in views if v.key == asked), None)
    if asked and here is None:
        abort(404)
    point = request.args.get("angka") == "titik"
    return render_template(
        "copysheets/show.html", sheet=found, report=report, title=reports.report_title(report),
        owner=people.unit_info(report.owner_unit_id, people.today()), views=views, here=here,
        point=point, number=rules.plain_number if point else str, as_of=queries.as_of(),
        may_tick=actor().may(Permission.FIGURES_WRITE), place=_next(views, here),
    )  # fmt: skip


def _next(views: list[queries.ScreenView], here: queries.ScreenView | None) -> dict[str, str]:
    """Keys of the screens before and after."""
    if here is None:
        return {}
    keys = [v.key for v in views]
    at = keys.index(here.key)
    found = {"before": keys[at - 1]} if at else {}
    return found | ({"after": keys[at + 1]} if at + 1 < len(keys) else {})


@bp.post("/salin/<sheet>/<int:report_id>/tanda")
@needs(Permission.FIGURES_WRITE)
def mark(sheet: str, report_id: int) -> BaseResponse:
    """Tick or untick rows of one screen: ``baris`` names them, ``batal`` takes one back."""
    found, report = _sheet(sheet), _report(report_id)
    if found.kind != report.kind:
        abort(404)
    form = request.form
    key = form.get("layar", "")
    views = queries.screens(found, report, actor(), _sees(report))
    view = next((v for v in views if v.key == key), None)
    if view is None:
        abort(404)
    rows = {row.key: row for row in view.rows}
    back, wanted = form.get("batal", ""), form.getlist("baris")
    if form.get("semua"):
        wanted = [row.key for row in view.rows if row.tick is None or row.changed]
    done = 0
    if back in rows:
        done = flow.untick(flow.Place(found.key, report, key, back), actor())
    for name in wanted:
        if name in rows and not back:
            place = flow.Place(found.key, report, key, name)
            flow.tick(place, rows[name].values, actor())
            done += 1
    db.session.commit()
    if done:
        flash("Tanda salin dicabut." if back else f"{done} baris dicatat sudah disalin.", "ok")
    return redirect(
        url_for("copysheets.show", sheet=sheet, report_id=report_id, layar=key,
                angka=form.get("angka") or None)
        + (f"#b-{list(rows).index(wanted[0])}" if len(wanted) == 1 and wanted[0] in rows else "")
    )  # fmt: skip


@bp.get("/salin/data-dukung/<int:year>.zip")
@needs(Permission.FIGURES_READ)
def evidence(year: int) -> Response:
    """Data dukung of a year as one ZIP, of one Perangkat Daerah (``pd``) or of all one may see."""
    scope = Scope(actor(), year)
    code = request.args.get("pd", "")
    unit = people.unit_by_code(code) if code else None
    if (code and unit is None) or not 2000 <= year <= 2100:
        abort(404)
    if unit is not None and unit.id not in actor().units() and not _sees_all():
        abort(404)
    found = pack.collect(actor(), year, scope.sees_indicator, unit.id if unit else None)
    mark = " DATA CONTOH" if region(people.today()).demo else ""
    name = safe(f"Data dukung {year} {code}{mark}")
    return Response(
        stream_with_context(pack.stream(found)), mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}.zip"',
                 "X-Content-Type-Options": "nosniff"},
    )  # fmt: skip


def _sees_all() -> bool:
    who = actor()
    return bool(who.region_wide) or who.may(Permission.ENTRY_REVIEW)


def _sees(report: Report) -> queries.Sees:
    scope = Scope(actor(), report.year)
    wide = _sees_all()

    def sees(one: Indicator) -> bool:
        if not wide and not any(
            scope.owns(scope_element) for scope_element in queries.elements_of(one)
        ):  # fmt: skip
            return False  # an operator copies the own indicators, nobody else's
        return scope.sees_indicator(one)

    return sees


def _sheet(key: str) -> spec.Sheet:
    found = spec.sheets().get(key)
    if found is None:
        abort(404)
    return found


def _report(report_id: int) -> Report:
    report = reports.report_for(actor(), report_id)
    if report is None:
        abort(404)
    return report


def init_app(app: Flask) -> None:
    """Refuse to start with a wrong Lembar Salin; register the blueprint."""
    with app.app_context():
        spec.sheets()
    app.register_blueprint(bp)
