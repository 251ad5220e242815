"""Import of a sheet on a page: preview first, then the right rows."""

from __future__ import annotations

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from portal import store, uploads
from portal.db import db
from portal.figures import catalogue, flow_import, sheet
from portal.figures.importing import Plan
from portal.people.rules import Permission
from portal.web.figures import asked_year
from portal.web.figures_scope import Scope, data_year
from portal.web.gate import actor, needs

bp = Blueprint("figures_import", __name__)

#: How long a preview may be applied, in seconds.
PREVIEW_LASTS = 3600 * 4


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="figures-import")


def _page(year: int, refused: str = "", plan: Plan | None = None, ticket: str = "") -> str:
    return render_template(
        "figures/import.html", year=year, years=[data_year() - n for n in range(4)],
        refused=refused, plan=plan, ticket=ticket, accept=uploads.accept_list(uploads.SHEETS),
        aliases=("No IKK", "Pembilang", "Penyebut", "Sumber"),
    )  # fmt: skip


@bp.get("/data/impor")
@needs(Permission.FIGURES_WRITE)
def form() -> str:
    """Choose a sheet."""
    return _page(asked_year())


def _planned(data: bytes, name: str, year: int) -> Plan:
    """The plan of a sheet, without numbers whose isian is on another desk."""
    plan = flow_import.planned(data, name, year, actor())
    scope = Scope(actor(), year)
    elements = catalogue.current().elements
    for row in plan.rows:
        held = [c for c in row.changes if not scope.writes(elements[c.element])]
        if held:
            row.changes = [c for c in row.changes if c not in held]
            titles = ", ".join(dict.fromkeys(c.title for c in held))
            row.problems.append(
                f"{titles}: isiannya sudah dikirim. Tarik kembali atau minta dibuka kembali dahulu."
            )
    return plan


@bp.post("/data/impor")
@needs(Permission.FIGURES_WRITE)
def preview() -> tuple[str, int] | str:
    """Read the sheet and show row by row what would change; nothing is written."""
    year = asked_year()
    file = request.files.get("berkas")
    if file is None or not file.filename:
        return _page(year, "Pilih berkas Excel (.xlsx) lebih dahulu."), 422
    data = file.read()
    try:
        plan = _planned(data, file.filename, year)
        kept = store.put(data, "application/octet-stream").sha256
    except (uploads.Refused, sheet.SheetError, store.StoreError) as no:
        return _page(year, str(no)), 422
    db.session.commit()
    ticket = _signer().dumps([kept, file.filename[:150], year, actor().person_id])
    return _page(year, plan=plan, ticket=ticket)


@bp.post("/data/impor/terapkan")
@needs(Permission.FIGURES_WRITE)
def apply() -> Response | tuple[str, int]:
    """Write the right rows of the sheet that was previewed."""
    year = asked_year()
    try:
        sha, name, signed_year, person = _signer().loads(
            request.form.get("ticket", ""), max_age=PREVIEW_LASTS
        )
        if (signed_year, person) != (year, actor().person_id):
            raise BadSignature("other year or person")
        plan = _planned(store.read(sha), name, year)
    except (BadSignature, ValueError):
        return _page(year, "Pratinjau sudah kedaluwarsa. Unggah berkasnya sekali lagi."), 422
    except (uploads.Refused, sheet.SheetError, store.StoreError) as no:
        return _page(year, str(no)), 422
    written, left = flow_import.apply(plan, year, actor())
    db.session.commit()
    flash(f"{written} isian tahun {year} ditulis dari {name}.", "ok")
    for sentence in left:
        flash(sentence, "warn")
    wrong = plan.count("salah")
    if wrong:
        flash(f"{wrong} baris salah tidak ditulis. Perbaiki di Excel, lalu impor lagi.", "warn")
    return redirect(url_for("figures.index", tahun=year))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
