"""Alih data ("Ini bukan data kami"): ask, answer, settle; both sides see where it stands."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import indonesian
from portal.checks import flow, queries
from portal.checks.models import Handover, HandoverState
from portal.db import db
from portal.figures import catalogue
from portal.figures import queries as figures
from portal.people import queries as people
from portal.people.rules import Permission, Role, UnitInfo
from portal.reports import queries as reports
from portal.reports.models import Entry
from portal.reports.refusal import Refused
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("handover", __name__)

LABELS = {
    HandoverState.DIAJUKAN: "Menunggu jawaban perangkat daerah tujuan",
    HandoverState.DISETUJUI: "Disetujui, menunggu penetapan sekretariat",
    HandoverState.DITOLAK: "Tidak disetujui perangkat daerah tujuan",
    HandoverState.DITETAPKAN: "Ditetapkan",
    HandoverState.TIDAK_DITETAPKAN: "Tidak ditetapkan sekretariat",
    HandoverState.DIBATALKAN: "Dibatalkan pengusul",
}
_HOUSE = ("sekretariat", "bagian", "dinas", "badan", "inspektorat", "kecamatan", "upt")


@bp.get("/alih-data")
@needs(Permission.ENTRY_READ)
def index() -> str:
    """Transfers that concern the acting jabatan."""
    return _list()


def _list(problem: str = "", at: int = 0, typed: str = "") -> str:
    return render_template(
        "checks/handovers.html", rows=queries.handovers(actor()), units=_units(), labels=LABELS,
        states=HandoverState, mine=actor().units(Role.OPERATOR, Role.KEPALA), problem=problem,
        at=at, typed=typed, settles=actor().may(Permission.ENTRY_ACCEPT),
    )  # fmt: skip


def _units() -> dict[int, UnitInfo]:
    return {u.id: u for u in people.units_on(people.today())}


@bp.get("/alih-data/baru")
@needs(Permission.ENTRY_WRITE)
def new() -> str:
    """The form, for an indicator or an isian."""
    return _form()


def _form(problem: str = "") -> str:
    values = request.values
    entry = _entry(values.get("isian", ""))
    one = catalogue.current().indicators.get(values.get("indikator", ""))
    if entry is None and one is None:
        abort(404)
    elements = []
    if one is not None:
        duties, book = figures.writers_by_duty(), catalogue.current()
        elements = [
            book.elements[k] for k in one.elements
            if figures.owners_in(duties, book.elements[k]) & actor().units(Role.OPERATOR)
        ]  # fmt: skip
    return render_template(
        "checks/handover_new.html", entry=entry, one=one, elements=elements, problem=problem,
        units=[u for u in _units().values() if u.kind in _HOUSE], form=values,
        chosen=values.getlist("unsur"), title=flow.entry_title(entry) if entry else "",
    )  # fmt: skip


def _entry(text: str) -> Entry | None:
    if not text:
        return None
    number = whole(text)
    entry = reports.entry_for(actor(), number) if number is not None else None
    if entry is None:
        abort(404)
    return entry


@bp.post("/alih-data/baru")
@needs(Permission.ENTRY_WRITE)
def ask() -> Response | tuple[str, int]:
    """Send the request to the Perangkat Daerah that holds the data."""
    form = request.form
    entry = _entry(form.get("isian", ""))
    unit = form.get("tujuan", "")
    try:
        flow.ask_handover(
            actor(), whole(unit) or 0, form.get("alasan", ""), entry=entry,
            indicator=form.get("indikator", ""), elements=form.getlist("unsur"),
        )  # fmt: skip
        db.session.commit()
    except Refused as no:
        db.session.rollback()
        return _form(no.sentence), 422
    flash("Usul terkirim. Selama belum ditetapkan, data tetap diisi perangkat daerah ini.", "ok")
    return redirect(url_for("handover.index"))


def _row(handover_id: int) -> Handover:
    row = queries.handover_for(actor(), handover_id)
    if row is None:
        abort(404)
    return row


@bp.post("/alih-data/<int:handover_id>/jawab")
@needs(Permission.ENTRY_READ)
def answer(handover_id: int) -> Response | tuple[str, int]:
    """The receiving Perangkat Daerah consents or refuses."""
    row, form = _row(handover_id), request.form
    return _done(row, lambda: flow.answer_handover(
        row, form.get("setuju") == "ya", form.get("jawaban", ""), actor()))  # fmt: skip


@bp.post("/alih-data/<int:handover_id>/batal")
@needs(Permission.ENTRY_WRITE)
def cancel(handover_id: int) -> Response | tuple[str, int]:
    """Take the request back."""
    row = _row(handover_id)
    return _done(row, lambda: flow.cancel_handover(row, actor()))


@bp.post("/alih-data/<int:handover_id>/tetapkan")
@needs(Permission.ENTRY_ACCEPT)
def settle(handover_id: int) -> Response | tuple[str, int]:
    """The sekretariat settles; the owner changes from the date."""
    row, form = _row(handover_id), request.form
    on = indonesian.read_date(form.get("mulai", "")) if form.get("mulai") else None
    return _done(row, lambda: flow.settle_handover(
        row, form.get("setuju") == "ya", form.get("jawaban", ""), on, actor()))  # fmt: skip


def _done(row: Handover, act) -> Response | tuple[str, int]:  # type: ignore[no-untyped-def]
    number = row.id
    try:
        act()
        db.session.commit()
    except Refused as no:
        db.session.rollback()
        page = _list(no.sentence, number, request.form.get("jawaban", ""))
        return page, 409 if no.stale else 422
    flash("Tersimpan; kedua perangkat daerah melihat statusnya di halaman ini.", "ok")
    return redirect(url_for("handover.index"))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
