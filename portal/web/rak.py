"""RAK per month with its versions, and the SP2D register: read by the OPD, written by BPKAD."""

from __future__ import annotations

from decimal import Decimal

from flask import (
    Blueprint,
    Flask,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from portal import store, uploads
from portal.absorption import (
    basis,
    flow,
    flow_lines,
    importing,
    ledger,
    money,
    queries,
    readers,
)
from portal.contracts.flow import Refused
from portal.db import db
from portal.imports import flow as imports
from portal.imports import grid
from portal.imports.planning import Plan
from portal.indonesian import MONTHS, read_number
from portal.people.queries import today
from portal.people.rules import Permission, UnitInfo
from portal.web import preview
from portal.web.gate import actor, needs

bp = Blueprint("rak", __name__, url_prefix="/serapan")
SHOWN = 200  # rows of a preview at most
#: What makes an import end with a sentence.
REFUSALS = (Refused, uploads.Refused, grid.SheetError, store.StoreError, preview.Stale)


def unit_or_404(unit_id: int | None) -> UnitInfo:
    """A Perangkat Daerah whose money the reader may see; 404 for every other."""
    unit = next((u for u in readers.units_for(actor(), today()) if u.id == unit_id), None)
    if unit is None:
        abort(404)
    return unit


@bp.get("/rak/<int:unit_id>")
@needs(Permission.CONTRACT_READ)
def show(unit_id: int) -> str:
    """The cash plan of an OPD beside what was spent, and who changed it when."""
    return _page(unit_or_404(unit_id))


def _page(unit: UnitInfo, refused: str = "") -> str:
    year, now = today().year, today().month
    fund, sub = (request.args.get(k, "").strip()[:60] for k in ("dana", "sub"))
    lines = flow_lines.lines_of(year, unit.id)
    plan, spent = money.months([unit.id], year, fund, sub)
    rak = money.planned(year, now, fund, sub).get(unit.id, money.Planned())
    return render_template(
        "boards/rak.html", unit=unit, year=year, names=MONTHS, plan=plan, spent=spent, rak=rak,
        stands=basis.told([queries.Line(unit, stands=rak.stands)], queries.Chosen(fund, sub=sub)),
        clash=basis.clash_words(unit.short_name, rak.clash, now) if rak.clash else "",
        months=flow.plan_of(year, unit.id), versions=ledger.versions(unit.id, year),
        notes=readers.reads_notes(actor()), now=now, refused=refused, fund=fund, sub=sub,
        may=actor().may(Permission.CONTRACT_DECLARE), typed=request.form, lines=lines,
        programs=ledger.tree(unit.id, year, lines, fund, sub, now),
        funds=sorted({f for _, f in lines}), accept=uploads.accept_list(uploads.SHEETS),
    )  # fmt: skip


@bp.post("/rak/<int:unit_id>")
@needs(Permission.CONTRACT_DECLARE)
def save(unit_id: int) -> Response | tuple[str, int]:
    """A new version of the RAK."""
    unit = unit_or_404(unit_id)
    try:
        made = flow.set_plan(today().year, unit.id, typed_months(), request.form.get("dokumen", ""),
                             request.form.get("catatan", ""), actor())  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        return _page(unit, str(refusal)), 422
    db.session.commit()
    flash(f"RAK versi {made.n} tersimpan." if made else "RAK tidak berubah.", "ok")
    return redirect(url_for("rak.show", unit_id=unit.id))


def typed_months() -> list[Decimal]:
    """The twelve amounts of the form (rupiah); Refused names the month that cannot be read."""
    return [_amount(n) for n in range(1, 13)]


def _amount(month: int) -> Decimal:
    text = request.form.get(f"b{month}", "").strip()
    read = read_number(text or "0")
    if read.value is None or not read.sure or not 0 <= read.value < Decimal("1e15"):
        raise Refused(f"RAK {MONTHS[month - 1]} belum benar. Contoh: 41.897.000.000")
    return read.value.quantize(Decimal("0.01"))


# --- register SP2D ------------------------------------------------------------------------------


@bp.get("/sp2d")
@needs(Permission.CONTRACT_READ)
def register() -> str:
    """The newest rows of the register."""
    return _register()


def _register(refused: str = "") -> str:
    units = readers.units_for(actor(), today())
    rows, total = ledger.register([u.id for u in units], today().year)
    return render_template(
        "boards/sp2d.html", rows=rows, total=total, names={u.id: u.short_name for u in units},
        year=today().year, may=actor().may(Permission.CONTRACT_DECLARE), refused=refused,
        accept=uploads.accept_list(uploads.SHEETS),
    )  # fmt: skip


@bp.post("/sp2d")
@needs(Permission.CONTRACT_DECLARE)
def upload() -> str | tuple[str, int]:
    """Read the file, guess its columns, show what would be added."""
    file = request.files.get("berkas")
    if file is None or not file.filename:
        return _register("Pilih berkas register SP2D (Excel, OpenDocument, atau CSV)."), 422
    data = file.read()
    try:
        found = importing.read(data, file.filename)
        ticket = preview.ticket("sp2d", data, file.filename)
    except REFUSALS as refused:
        return _register(str(refused)), 422
    db.session.commit()
    return _preview(found, ticket, data, file.filename)


def _preview(found: imports.Read, ticket: str, data: bytes, name: str, refused: str = "") -> str:
    lacking = imports.lacking(found)
    made = Plan(found.target.key) if lacking else importing.plan(found)[0]
    return render_template(
        "boards/sp2d_preview.html", found=found, ticket=ticket, name=name,
        lacking=lacking, refused=refused, before=importing.applied_before(data),
        **preview.shown(found.layout, made, SHOWN),
    )  # fmt: skip


@bp.post("/sp2d/terapkan")
@needs(Permission.CONTRACT_DECLARE)
def apply() -> Response | str | tuple[str, int]:
    """Columns as the user corrected them: look again, or write."""
    try:
        data, name, _ = preview.taken_up("sp2d")
        found = preview.corrected(importing.read(data, name), imports.with_choice)
    except REFUSALS as refused:
        return _register(str(refused)), 422
    act = request.form.get("aksi", "lihat")
    if act == "lihat" or imports.lacking(found):
        return _preview(found, request.form["ticket"], data, name)
    made, new = importing.plan(found)
    if words := preview.wrong(made):
        return _preview(found, request.form["ticket"], data, name, words), 422
    imports.remember(found, request.form.get("nama_sumber", ""), actor())
    if not made.writes:
        db.session.commit()
        flash("Isi berkas ini sama dengan yang sudah ada; tidak ada yang diubah.", "ok")
        return redirect(url_for("rak.register"))
    run = importing.apply(made, new, data, name, actor())
    db.session.commit()
    left = f", {run.left_out} salah dan tidak ditulis." if run.left_out else "."
    flash(f"{run.name}: {run.added} baris baru, {run.same} sudah ada{left}", "ok")
    return redirect(url_for("rak.register"))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
