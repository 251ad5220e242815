"""Impor daftar kontrak: choose a file, correct its columns, see row by row, apply or leave it."""

from __future__ import annotations

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import store, uploads
from portal.contracts import importing, reading
from portal.contracts.flow import Refused
from portal.contracts.importing import Where
from portal.contracts.reading import Read
from portal.db import db
from portal.imports import grid
from portal.imports.planning import Plan
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.queries import today
from portal.people.rules import Permission
from portal.web import preview
from portal.web.gate import actor, needs
from portal.web.incoming import whole
from portal.web.outgoing import download

bp = Blueprint("contract_import", __name__, url_prefix="/kontrak/impor")
SHOWN = 300
_REFUSALS = (Refused, uploads.Refused, grid.SheetError, store.StoreError, preview.Stale)


def _where() -> Where:
    """The own unit; UKPBJ, which keeps the e-kontrak of all, writes for the whole region."""
    me = actor()
    if Role.UKPBJ in me.roles:
        unit = whole(request.values.get("opd", "")) or None
        return Where(unit, None)
    return Where(me.unit_id, me.units())


@bp.get("")
@needs(Permission.CONTRACT_WRITE)
def form() -> str:
    """Choose a file."""
    return _form()


@bp.get("/contoh")
@needs(Permission.CONTRACT_WRITE)
def sample() -> Response:
    """A list of 40 fictional running contracts, to try the import with."""
    file = current_app.config["SELARAS"].templates / "contracts" / "contoh-daftar.csv"
    return download(file.read_bytes(), "DATA CONTOH daftar kontrak.csv")


def _form(refused: str = "") -> str:
    region = Role.UKPBJ in actor().roles
    units = sorted(people.units_on(today()), key=lambda u: u.name) if region else []
    return render_template(
        "contracts/import.html", refused=refused, accept=uploads.accept_list(uploads.SHEETS),
        units=[(u.id, u.name) for u in units], typed=request.form,
    )  # fmt: skip


@bp.post("")
@needs(Permission.CONTRACT_WRITE)
def upload() -> str | tuple[str, int]:
    """Read the file, guess its columns, show what would change."""
    file = request.files.get("berkas")
    if file is None or not file.filename:
        words = "Pilih berkas Excel (.xlsx, .xls), OpenDocument (.ods), CSV, atau JSON e-kontrak."
        return _form(words), 422
    data = file.read()
    where = _where()
    try:
        found = reading.read(data, file.filename)
        ticket = preview.ticket("contract", data, file.filename, where.unit_id)
    except _REFUSALS as refused:
        return _form(str(refused)), 422
    db.session.commit()
    return _preview(found, where, ticket, data, file.filename)


def _preview(
    found: Read, where: Where, ticket: str, data: bytes, name: str, refused: str = ""
) -> str:
    lacking = reading.lacking(found)
    made = Plan(found.target.key) if lacking else importing.plan(found, where)[0]
    return render_template(
        "contracts/import_preview.html", found=found, ticket=ticket, name=name,
        lacking=lacking, refused=refused, before=importing.applied_before(data),
        **preview.shown(found.layout, made, SHOWN),
    )  # fmt: skip


@bp.post("/kolom")
@needs(Permission.CONTRACT_WRITE)
def columns() -> Response | str | tuple[str, int]:
    """Columns as the user corrected them: look again, or write."""
    try:
        data, name, (unit_id,) = preview.taken_up("contract")
        found = preview.corrected(reading.read(data, name), reading.with_choice)
    except _REFUSALS as refused:
        return _form(str(refused)), 422
    where = Where(unit_id, _where().allowed)
    act = request.form.get("aksi", "lihat")
    if act == "lihat" or reading.lacking(found):
        return _preview(found, where, request.form["ticket"], data, name)
    made, drafts = importing.plan(found, where)
    if words := preview.wrong(made):
        return _preview(found, where, request.form["ticket"], data, name, words), 422
    return _applied(found, made, drafts, data, name)


def _applied(
    found: Read, made: Plan, drafts: list[importing.Draft], data: bytes, name: str
) -> Response | tuple[str, int]:
    reading.remember(found, request.form.get("nama_sumber", ""), actor())
    if not made.writes:
        db.session.commit()
        flash("Isi berkas ini sama dengan yang sudah ada; tidak ada yang diubah.", "ok")
        return redirect(url_for("contracts.index"))
    try:
        run = importing.apply(made, drafts, data, name, actor())
    except _REFUSALS as error:
        db.session.rollback()
        return _form(f"Impor dibatalkan, tidak ada yang ditulis: {error}"), 422
    db.session.commit()
    flash(
        f"{run.name}: {run.added} kontrak baru, {run.changed} dilengkapi, {run.same} sama"
        + (f", {run.left_out} salah dan tidak ditulis." if run.left_out else "."), "ok",
    )  # fmt: skip
    return redirect(url_for("contracts.index"))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
