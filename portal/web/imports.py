"""Impor: choose a file, correct which column means what, see row by row, then apply or leave it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import store, uploads
from portal.absorption import flow as absorption
from portal.db import db
from portal.dprd import flow as dprd_flow
from portal.dprd import queries as dprd
from portal.imports import flow, grid, planning
from portal.imports.flow import Read, Where
from portal.imports.targets import TARGETS
from portal.people.rules import Permission
from portal.web import budget, preview
from portal.web.gate import actor, needs

bp = Blueprint("imports", __name__)
SHOWN = 300
_REFUSALS = (uploads.Refused, grid.SheetError, store.StoreError, dprd_flow.Refused, preview.Stale)


@bp.get("/anggaran/impor")
@needs(Permission.FIGURES_WRITE)
def form() -> str:
    """Choose a layout and a file."""
    return _form()


def _form(refused: str = "") -> str:
    year = budget.asked_year()
    return render_template(
        "budget/import.html", targets=_targets(), year=year, refused=refused,
        units=[u for u in budget.units() if not _no("capaian", year, u.id)],
        years=[year + 1 - n for n in range(5)], accept=uploads.accept_list(uploads.SHEETS),
        chosen=request.values.get("jenis", "capaian"), unit=request.values.get("unit", ""),
    )  # fmt: skip


def _targets() -> list[Any]:
    keeper = dprd.compiles(actor())
    top = budget.root()
    out = [TARGETS["capaian"]]
    if top is not None and not budget.why_not("accounts", 0, top.id):
        out += [TARGETS["lra"], TARGETS["kas"]]
    return out + ([TARGETS["dprd"]] if keeper else [])


def _no(target: str, year: int, unit_id: int) -> str:
    kind = "accounts" if target == "lra" else "programs"
    return budget.why_not(kind, year, unit_id)


def _where(target: str) -> Where:
    """Whose rows: the chosen unit, the region for its accounts, nobody for the others."""
    year = budget.asked_year()
    if target in ("lra",):
        top = budget.root()
        return Where(year, top.id if top else None)
    if target == "dprd":
        return Where(year, None)
    if target == "kas" and not request.values.get("unit"):
        return Where(year, None)
    unit = budget.asked_unit(budget.units())
    return Where(year, unit.id if unit else None)


def _refusal(target: str, where: Where) -> str:
    """Why this person may not bring these rows in; "" when he may."""
    if target not in {t.key for t in _targets()}:
        return "Jenis berkas ini diimpor oleh pengampunya: BPKAD, Bappeda, atau Sekretariat DPRD."
    if target in ("capaian", "lra"):
        if where.unit_id is None:
            return "Pilih perangkat daerahnya lebih dahulu."
        return _no(target, where.year, where.unit_id)
    return ""


@bp.post("/anggaran/impor")
@needs(Permission.FIGURES_WRITE)
def upload() -> tuple[str, int] | str:
    """Read the file, guess its columns, show what would change."""
    target = request.form.get("jenis", "")
    file = request.files.get("berkas")
    if target not in TARGETS:
        return _form("Pilih jenis berkasnya lebih dahulu."), 422
    if file is None or not file.filename:
        return _form("Pilih berkas Excel (.xlsx, .xls), OpenDocument (.ods), atau CSV."), 422
    where = _where(target)
    data = file.read()
    try:
        if no := _refusal(target, where):
            return _form(no), 422
        found = flow.read(TARGETS[target], data, file.filename)
        ticket = preview.ticket("budget", data, file.filename, target, where.year, where.unit_id)
    except _REFUSALS as refused:
        return _form(str(refused)), 422
    db.session.commit()
    return _preview(found, where, ticket, data, file.filename)


def _preview(
    found: Read, where: Where, ticket: str, data: bytes, name: str, refused: str = ""
) -> str:
    lacking = flow.lacking(found)
    made = flow.plan(found, where) if not lacking else planning.Plan(found.target.key)
    return render_template(
        "budget/preview.html", found=found, where=where, ticket=ticket, name=name,
        lacking=lacking, refused=refused,
        before=flow.applied_before(data, found.target.key, where),
        **preview.shown(found.layout, made, SHOWN),
    )  # fmt: skip


@bp.post("/anggaran/impor/kolom")
@needs(Permission.FIGURES_WRITE)
def columns() -> Response | str | tuple[str, int]:
    """Columns as the user corrected them: look again, or write."""
    try:
        data, name, (target, year, unit_id) = preview.taken_up("budget")
        where = Where(year, unit_id)
        if no := _refusal(target, where):
            return _form(no), 422
        found = preview.corrected(flow.read(TARGETS[target], data, name), flow.with_choice)
    except _REFUSALS as refused:
        return _form(str(refused)), 422
    ticket = request.form["ticket"]
    act = request.form.get("aksi", "lihat")
    if act == "lihat" or flow.lacking(found):
        return _preview(found, where, ticket, data, name)
    made = flow.plan(found, where)
    if words := preview.wrong(made):
        return _preview(found, where, ticket, data, name, words), 422
    return _applied(found, made, where, data, name)


SAME = "Isi berkas ini sama dengan yang sudah ada; tidak ada yang diubah."
NOTHING = "Tidak ada baris dari jenis yang dipilih di dalam berkas ini; tidak ada yang diubah."


def _applied(
    found: Read, made: planning.Plan, where: Where, data: bytes, name: str
) -> Response | tuple[str, int]:
    flow.remember(found, request.form.get("nama_sumber", ""), actor())
    back = url_for("dprd.index", tahun=where.year) if made.target == "dprd" else url_for(
        "budget.index", tahun=where.year
    )  # fmt: skip
    units = _planned(made)
    if not made.writes:
        db.session.commit()
        flash(NOTHING if made.nothing else SAME, "warn" if made.nothing else "ok")
        return redirect(back)
    try:
        absorption.catch_up(where.year, units)  # what stands keeps its version
        run = flow.apply(made, where, data, name, actor())
        absorption.catch_up(where.year, units)
    except (*_REFUSALS, ValueError, ArithmeticError) as error:
        db.session.rollback()
        return _form(f"Impor dibatalkan, tidak ada yang ditulis: {error}"), 422
    db.session.commit()
    flash(
        f"{run.name}: {run.added} baris baru, {run.changed} berubah, {run.same} sama"
        + (f", {run.left_out} salah dan tidak ditulis." if run.left_out else "."), "ok",
    )  # fmt: skip
    return redirect(back)


def _planned(made: planning.Plan) -> list[int]:
    """Units whose RAK this import writes."""
    if made.target != "kas":
        return []
    return sorted({int(row.key.partition(":")[0]) for row in made.writes})


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
