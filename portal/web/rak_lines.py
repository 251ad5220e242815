"""RAK rinci: on what the RAK of each OPD stands; a row by hand, many by a file, out as a sheet."""

from __future__ import annotations

import io
from decimal import Decimal

import sqlalchemy as sa
from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import uploads
from portal.absorption import flow_lines, importing_rak, ledger, money, readers, rules
from portal.absorption.basis import clash_words
from portal.budget.models import BudgetLine
from portal.contracts.flow import Refused
from portal.contracts.kinds import FUNDS
from portal.db import db
from portal.imports import flow as imports
from portal.imports.planning import Plan
from portal.indonesian import MONTHS
from portal.people.queries import today
from portal.people.region import region
from portal.people.rules import Permission, UnitInfo
from portal.web import preview
from portal.web.gate import actor, needs
from portal.web.incoming import whole
from portal.web.outgoing import download
from portal.web.rak import REFUSALS, SHOWN, typed_months, unit_or_404
from portal.workbooks import workbook

bp = Blueprint("rak_lines", __name__, url_prefix="/serapan/rak")


@bp.get("")
@needs(Permission.CONTRACT_READ)
def index() -> str:
    """Every OPD with its RAK of the year, what it stands on, and where the two disagree."""
    return _index()


def _index(refused: str = "") -> str:
    year, month = today().year, today().month
    found = money.planned(year, month)
    units = readers.units_for(actor(), today())
    year_sums = {u: sum(m.values(), Decimal(0))
                 for (_, u), m in money.plans([u.id for u in units], (year,)).items()}  # fmt: skip
    return render_template(
        "boards/rak_index.html", units=units, found=found, sums=year_sums, year=year,
        stands=rules.STANDS, refused=refused, accept=uploads.accept_list(uploads.SHEETS),
        newest=ledger.newest([u.id for u in units], year), clash=clash_words, month=month,
        may=actor().may(Permission.CONTRACT_DECLARE), none=money.Planned(),
    )  # fmt: skip


# --- one row by hand ----------------------------------------------------------------------------


@bp.get("/<int:unit_id>/rinci")
@needs(Permission.CONTRACT_DECLARE)
def edit(unit_id: int) -> str:
    """One row of twelve months: a new one, or that of a sub kegiatan and source of money."""
    return _edit(unit_or_404(unit_id))


def _edit(unit: UnitInfo, refused: str = "") -> str:
    year = today().year
    sub, fund = (request.values.get(k, "").strip() for k in ("sub", "dana"))
    known = flow_lines.lines_of(year, unit.id)
    return render_template(
        "boards/rak_line.html", unit=unit, year=year, names=MONTHS, sub=sub, fund=fund,
        months=known.get((sub, fund)), typed=request.form, refused=refused,
        subs=_subs(unit.id, year), funds=sorted({*FUNDS, *(f for _, f in known)}),
    )  # fmt: skip


def _subs(unit_id: int, year: int) -> list[tuple[str, str]]:
    rows = db.session.execute(
        sa.select(BudgetLine.kode, BudgetLine.uraian)
        .where(BudgetLine.unit_id == unit_id, BudgetLine.year == year,
               sa.func.length(BudgetLine.kode) >= 14).order_by(BudgetLine.kode)
    )  # fmt: skip
    return [(code, title) for code, title in rows]


@bp.post("/<int:unit_id>/rinci")
@needs(Permission.CONTRACT_DECLARE)
def save(unit_id: int) -> Response | tuple[str, int]:
    """Set the row; zeros in all months take it off."""
    unit = unit_or_404(unit_id)
    year, form = today().year, request.form
    key = form.get("sub", "").strip()[:40], form.get("dana", "").strip()[:60]
    try:
        known = {code for code, _ in _subs(unit.id, year)}
        if known and key[0] not in known and key not in flow_lines.lines_of(year, unit.id):
            raise Refused("Pilih sub kegiatan dari DPA perangkat daerah ini.")
        made = flow_lines.set_lines(
            year, unit.id, {key: typed_months()},
            (form.get("dokumen", ""), form.get("catatan", "")), actor(),
        )  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        return _edit(unit, str(refusal)), 422
    db.session.commit()
    flash(f"RAK rinci versi {made.n} tersimpan." if made else "RAK tidak berubah.", "ok")
    return redirect(url_for("rak.show", unit_id=unit.id))


# --- many by a file -----------------------------------------------------------------------------


@bp.post("/impor")
@needs(Permission.CONTRACT_DECLARE)
def upload() -> str | tuple[str, int]:
    """Read the file, guess its columns, show what would be set."""
    file = request.files.get("berkas")
    chosen = whole(request.form.get("unit", "")) or None
    if chosen is not None:
        unit_or_404(chosen)
    if file is None or not file.filename:
        return _index("Pilih berkas RAK (Excel, OpenDocument, atau CSV)."), 422
    data = file.read()
    try:
        found = importing_rak.read(data, file.filename)
        ticket = preview.ticket("rak", data, file.filename, chosen)
    except REFUSALS as refused:
        return _index(str(refused)), 422
    db.session.commit()
    return _preview(found, chosen, ticket, data, file.filename)


def _preview(
    found: imports.Read, unit_id: int | None, ticket: str, data: bytes, name: str,
    refused: str = "",
) -> str:  # fmt: skip
    lacking, year = imports.lacking(found), today().year
    made, wanted = (
        (Plan(found.target.key), {}) if lacking else importing_rak.plan(found, year, unit_id)
    )
    return render_template(
        "boards/rak_preview.html", found=found, ticket=ticket, name=name, lacking=lacking,
        refused=refused, before=importing_rak.applied_before(data, year), typed=request.form,
        left=importing_rak.left_out(wanted, year), year=year, count=len(wanted),
        unit=unit_or_404(unit_id) if unit_id else None,
        **preview.shown(found.layout, made, SHOWN),
    )  # fmt: skip


@bp.post("/impor/terapkan")
@needs(Permission.CONTRACT_DECLARE)
def apply() -> Response | str | tuple[str, int]:
    """Columns as the user corrected them: look again, or set the rows."""
    try:
        data, name, (unit_id,) = preview.taken_up("rak")
        found = preview.corrected(importing_rak.read(data, name), imports.with_choice)
    except REFUSALS as refused:
        return _index(str(refused)), 422
    ticket, year = request.form["ticket"], today().year
    if request.form.get("aksi", "lihat") == "lihat" or imports.lacking(found):
        return _preview(found, unit_id, ticket, data, name)
    made, wanted = importing_rak.plan(found, year, unit_id)
    if words := preview.wrong(made):
        return _preview(found, unit_id, ticket, data, name, words), 422
    every = bool(request.form.get("lengkap"))
    imports.remember(found, request.form.get("nama_sumber", ""), actor())
    if not made.writes and not (every and importing_rak.left_out(wanted, year)):
        db.session.commit()
        flash("Isi berkas ini sama dengan yang sudah ada; tidak ada yang diubah.", "ok")
        return redirect(url_for("rak_lines.index"))
    paper = request.form.get("dokumen", ""), request.form.get("catatan", "")
    try:
        run = importing_rak.apply(made, wanted, year, (data, name), paper, actor(), whole=every)
    except Refused as refusal:
        db.session.rollback()
        return _preview(found, unit_id, ticket, data, name, str(refusal)), 422
    db.session.commit()
    left = f", {run.left_out} salah dan tidak ditulis." if run.left_out else "."
    flash(f"{run.name}: {run.added} baris baru, {run.changed} berubah, {run.same} sama{left}", "ok")
    where = url_for("rak.show", unit_id=unit_id) if unit_id else url_for("rak_lines.index")
    return redirect(where)


# --- out as a sheet -----------------------------------------------------------------------------


@bp.get("/<int:unit_id>/rinci.xlsx")
@needs(Permission.CONTRACT_READ)
def sheet(unit_id: int) -> Response:
    """The RAK rinci of a unit as a sheet that the importer takes back; empty: rows of the DPA."""
    unit, year = unit_or_404(unit_id), today().year
    titles = dict(_subs(unit.id, year))
    lines = flow_lines.lines_of(year, unit.id)
    rows = lines or {(code, ""): [Decimal(0)] * 12 for code in titles}
    out = io.BytesIO()
    with workbook(out) as work:
        page = work.add_worksheet("RAK rinci")
        bold, cash = work.add_format({"bold": True}), work.add_format({"num_format": "#,##0.00"})
        page.write(0, 0, "DATA CONTOH" if region(today()).demo else "", bold)
        page.write(1, 0, f"RAK {year} {unit.name}", bold)
        heads = ("Kode sub kegiatan", "Nama sub kegiatan", "Sumber dana",
                 *(m.capitalize() for m in MONTHS), "Total RAK")  # fmt: skip
        for column, head in enumerate(heads):
            page.write(3, column, head, bold)
        page.set_column(0, 2, 24)
        page.set_column(3, 15, 18)
        for at, ((sub, fund), months) in enumerate(rows.items(), start=4):
            page.write_string(at, 0, sub)
            page.write_string(at, 1, titles.get(sub, ""))
            page.write_string(at, 2, fund)
            for column, amount in enumerate((*months, sum(months, Decimal(0))), start=3):
                page.write_number(at, column, float(amount), cash)
    return download(out.getvalue(), f"RAK-Rinci_{unit.code}_{year}.xlsx")


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
