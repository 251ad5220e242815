"""Kontrak: register, tonggak, and finishing a step in a few touches."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa
from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import store, uploads
from portal.clock import IsWorkday
from portal.contracts import flow, plans, queries
from portal.contracts.kinds import HOLDER_LABELS, Detail
from portal.contracts.models import Contract
from portal.db import db
from portal.indonesian import read_date, read_number
from portal.people import workdays
from portal.people.kinds import Role
from portal.people.models import Position
from portal.people.queries import today
from portal.people.rules import Permission
from portal.web.gate import actor, needs

bp = Blueprint("contracts", __name__, url_prefix="/kontrak")
#: Roles that a tonggak may lie with, as the form offers them.
HOLDERS = {
    "ppk": "PPK (Pejabat Pembuat Komitmen)",
    "bendahara": "Bendahara Pengeluaran",
    "bud": "Kuasa BUD (BPKAD)",
}
TYPES = {
    "konstruksi": "Konstruksi",
    "barang": "Barang",
    "konsultansi": "Konsultansi",
    "jasa_lainnya": "Jasa Lainnya",
}


def _calendar(contracts: list[Contract]) -> IsWorkday:
    now = today()
    days = [now, *(c.ends_on for c in contracts), *(c.signed_on for c in contracts)]
    return workdays.checker(min(days) - timedelta(days=7), max(days) + timedelta(days=120))


@bp.get("")
@needs(Permission.CONTRACT_READ)
def index() -> str:
    """Contracts of the actor, each with the step that lies on a desk."""
    contracts = queries.contracts_for(actor())
    is_workday = _calendar(contracts)
    rows = [
        (c, next((v for v in queries.views(c, today(), is_workday) if v.current), None))
        for c in contracts
    ]
    return render_template("contracts/index.html", rows=rows, mine=False, holders=HOLDER_LABELS)


@bp.get("/langkah-saya")
@needs(Permission.CONTRACT_WRITE)
def mine() -> str:
    """Only contracts whose open step lies on the actor's desk."""
    me = actor()
    contracts = queries.contracts_for(me)
    is_workday = _calendar(contracts)
    rows = []
    for contract in contracts:
        for view in queries.views(contract, today(), is_workday):
            if view.current and queries.holds(me, contract, view.step):
                rows.append((contract, view))
    return render_template("contracts/index.html", rows=rows, mine=True, holders=HOLDER_LABELS)


@bp.get("/<int:contract_id>")
@needs(Permission.CONTRACT_READ)
def show(contract_id: int) -> str:
    """One contract with its tonggak."""
    return _page(contract_id)


def _page(contract_id: int, error: str = "") -> str:
    me = actor()
    contract = queries.contract_for(me, contract_id)
    if contract is None:
        abort(404)
    views = queries.views(contract, today(), _calendar([contract]))
    current = next((v for v in views if v.current), None)
    return render_template(
        "contracts/show.html", contract=contract, views=views, current=current, error=error,
        may_finish=bool(current and queries.holds(me, contract, current.step)),
        typed=request.form, holders=HOLDER_LABELS, types=TYPES, today=today(),
        accept=uploads.accept_list(uploads.EVIDENCE),
    )  # fmt: skip


@bp.post("/<int:contract_id>/selesai")
@needs(Permission.CONTRACT_WRITE)
def finish(contract_id: int) -> Response | tuple[str, int]:
    """Finish the open step with date, number and file."""
    me = actor()
    contract = queries.contract_for(me, contract_id)
    if contract is None:
        abort(404)
    current = flow.current_step(contract)
    if current is None or not queries.holds(me, contract, current):
        abort(403)
    try:
        flow.finish(
            contract, _number_of(request.form.get("langkah", "")),
            _date(request.form.get("tanggal", ""), "Tanggal dokumen"),
            request.form.get("nomor", ""), me, _calendar([contract]), _file(),
        )  # fmt: skip
    except (flow.Refused, uploads.Refused, store.StoreError) as refusal:
        db.session.rollback()
        return _page(contract_id, str(refusal)), 422
    db.session.commit()
    return redirect(url_for("contracts.show", contract_id=contract_id))


def _number_of(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _date(text: str, label: str) -> date:
    found = read_date(text)
    if found is None:
        raise flow.Refused(f"{label} belum benar. Contoh: 12/3/2026 atau 12 Maret 2026.")
    return found


def _file() -> tuple[str, str] | None:
    upload = request.files.get("berkas")
    if upload is None or not upload.filename:
        return None
    checked = uploads.check(upload.read(), upload.filename, uploads.EVIDENCE)
    return store.put(checked.data, checked.media).sha256, checked.name


def _choices(unit_ids: frozenset[int]) -> dict[str, list[Position]]:
    """Jabatan that can hold each role: those of the unit, and the BUD of the region."""
    rows = db.session.scalars(
        sa.select(Position)
        .where(
            Position.active,
            sa.or_(
                sa.and_(Position.unit_id.in_(unit_ids), Position.role.in_(tuple(HOLDERS))),
                Position.role == Role.BUD,
            ),
        )
        .order_by(Position.title)
    )
    found: dict[str, list[Position]] = {role: [] for role in HOLDERS}
    for position in rows:
        found[position.role].append(position)
    return found


@bp.get("/baru")
@needs(Permission.CONTRACT_WRITE)
def new() -> str:
    """The short form of a contract."""
    return _form()


def _form(error: str = "") -> str:
    me = actor()
    template = plans.library().of("barang", "pengadaan_langsung", "", Detail.TONGGAK)
    return render_template(
        "contracts/new.html", error=error, typed=request.form, types=TYPES, holders=HOLDERS,
        choices=_choices(me.units()), stages=template,
    )  # fmt: skip


@bp.post("/baru")
@needs(Permission.CONTRACT_WRITE)
def register() -> Response | tuple[str, int]:
    """Enter a contract, or give the form back with everything that was typed."""
    me = actor()
    try:
        contract = flow.register(_new_contract(), me, _wide_calendar())
    except flow.Refused as refusal:
        db.session.rollback()
        return _form(str(refusal)), 422
    db.session.commit()
    return redirect(url_for("contracts.show", contract_id=contract.id))


def _wide_calendar() -> IsWorkday:
    return workdays.checker(today() - timedelta(days=800), today() + timedelta(days=1200))


def _new_contract() -> flow.NewContract:
    form = request.form
    me = actor()
    text = {key: form.get(key, "").strip() for key in ("nomor", "judul", "penyedia", "dana")}
    for key, label in (("nomor", "Nomor kontrak"), ("judul", "Nama pekerjaan"),
                       ("penyedia", "Penyedia")):  # fmt: skip
        if not text[key]:
            raise flow.Refused(f"{label} wajib diisi.")
    if form.get("jenis") not in TYPES:
        raise flow.Refused("Pilih jenis pengadaan dari daftar.")
    choices = _choices(me.units())
    roles = {}
    for role, positions in choices.items():
        chosen = _number_of(form.get(f"peran_{role}", ""))
        if chosen not in {p.id for p in positions}:
            raise flow.Refused(f"Pilih pejabat untuk {HOLDERS[role]}.")
        roles[role] = chosen
    acting = me.acting
    if acting is None:
        abort(403)
    return flow.NewContract(
        unit_id=acting.unit_id, number=text["nomor"][:80], title=text["judul"][:300],
        type=form["jenis"], value=_rupiah(form.get("nilai", "")),
        fund=text["dana"][:60] or "DAU", vendor=text["penyedia"][:200],
        signed_on=_date(form.get("tanggal_kontrak", ""), "Tanggal kontrak"),
        starts_on=_date(form.get("mulai", ""), "Tanggal mulai"),
        ends_on=_date(form.get("selesai", ""), "Tanggal selesai"), roles=roles,
        last_done=form.get("terakhir", ""),
    )  # fmt: skip


def _rupiah(text: str) -> Decimal:
    read = read_number(text)
    if read.value is None or not read.sure:
        raise flow.Refused(read.doubt or "Nilai kontrak belum benar. Contoh: 150.000.000,00")
    if read.value >= Decimal("1e15"):
        raise flow.Refused("Nilai kontrak terlalu besar. Contoh: 150.000.000,00")
    return read.value.quantize(Decimal("0.01"))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
