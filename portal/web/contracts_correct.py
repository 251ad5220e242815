"""Perbaiki data: the form of what was typed wrongly at registration, and its cancelling."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.budget.models import BudgetLine
from portal.contracts import retyping
from portal.contracts.flow import Refused
from portal.contracts.kinds import (
    FUNDS,
    METHODS,
    PAIRS,
    PAYMENTS,
    RETENTIONS,
    TYPES,
    VENDOR_KINDS,
    ContractState,
)
from portal.contracts.models import Contract
from portal.db import db
from portal.indonesian import long_date, number
from portal.people.rules import Permission
from portal.web import contract_parts as parts
from portal.web.gate import actor, needs
from portal.web.incoming import whole
from portal.works import corrections
from portal.works.corrections import FIELDS, Correction

bp = Blueprint("contract_correct", __name__, url_prefix="/kontrak/<int:contract_id>")
_TEXTS = {"number": 80, "title": 300, "vendor": 200, "account": 40, "rup_code": 40,
          "spse_code": 40}  # fmt: skip
_MONEY = ("value", "net", "hps", "advance")
_DAYS = ("signed_on", "starts_on", "ends_on")
#: Rows for sources of money beyond those that stand.
_MORE_FUNDS = 1


@bp.get("/perbaiki")
@needs(Permission.CONTRACT_WRITE)
def form(contract_id: int) -> str:
    """The data as they stand, to be put right."""
    return _form(parts.managed_or_403(contract_id))


def _form(contract: Contract, error: str = "", more: dict[str, Any] | None = None) -> str:
    """The page; ``more`` belongs to its second form, of type and method."""
    mine = request.method == "POST" and more is None
    found = request.form if mine else MultiDict(_now(contract))
    return render_template(
        "contracts/correct.html", contract=contract, typed=found, error=error, fields=FIELDS,
        payments=PAYMENTS, retentions=RETENTIONS, vendor_kinds=VENDOR_KINDS, funds=FUNDS,
        lines=_lines(contract), fund_rows=range(len(contract.funds) + _MORE_FUNDS),
        package=contract.state == ContractState.PACKAGE, tabs=parts.tabs(),
        moved=any(a.ends_on != a.ends_before for a in contract.addenda),
        valued=any(a.value_change for a in contract.addenda), types=TYPES, methods=METHODS,
        paid=corrections.why_not_retype(contract), **(more or {}),
    )  # fmt: skip


def _now(contract: Contract) -> dict[str, str]:
    """The stored data as the form shows them."""
    out = {key: getattr(contract, key) for key in _TEXTS}
    out |= {key: number(value, 2) if (value := getattr(contract, key)) else "" for key in _MONEY}
    out |= {key: long_date(getattr(contract, key)) for key in _DAYS}
    out |= {"vendor_npwp": contract.vendor_npwp, "vendor_kind": contract.vendor_kind,
            "vendor_small": "on" if contract.vendor_small else "",
            "payment": contract.payment, "terms": str(contract.terms or ""),
            "retention": contract.retention, "line": str(contract.line_id or "")}  # fmt: skip
    for n, part in enumerate(contract.funds):
        out |= {f"dana_{n}": part.fund, f"jumlah_{n}": number(part.amount, 2)}
    return out


def _lines(contract: Contract) -> list[tuple[int, str]]:
    """Sub kegiatan of the unit in the year of the contract."""
    rows = db.session.execute(
        sa.select(BudgetLine.id, BudgetLine.kode, BudgetLine.uraian)
        .where(BudgetLine.unit_id == contract.unit_id,
               BudgetLine.year.in_({contract.year, contract.signed_on.year}),
               sa.func.length(BudgetLine.kode) >= 14)
        .order_by(BudgetLine.kode, BudgetLine.id)
    )  # fmt: skip
    return [(i, f"{kode} {uraian}"[:110]) for i, kode, uraian in rows]


@bp.post("/perbaiki")
@needs(Permission.CONTRACT_WRITE)
def save(contract_id: int) -> Response | tuple[str, int]:
    """Put the data right; a refusal gives the form back with everything that was typed."""
    contract = parts.managed_or_403(contract_id)
    if contract.state == ContractState.DROPPED:
        abort(403)
    try:
        new = Correction(_typed(contract), request.form.get("alasan", ""), _funds(contract))
        changed = corrections.correct(contract, new, actor(), parts.worked())
    except parts.REFUSALS as refusal:
        db.session.rollback()
        return _form(parts.contract_or_404(contract_id), str(refusal)), 422
    db.session.commit()
    flash(f"Diperbaiki: {', '.join(changed).lower()}. Isi lama tetap ada dalam Riwayat."
          if changed else "Tidak ada data yang berubah.", "ok" if changed else "warn")  # fmt: skip
    return redirect(url_for("contract_changes.index", contract_id=contract_id))


def _typed(contract: Contract) -> dict[str, Any]:
    """What was typed, by column; a field that the form does not show is not in it."""
    given = request.form
    out: dict[str, Any] = {k: given[k].strip()[:n] for k, n in _TEXTS.items() if k in given}
    for key in _MONEY:
        if key in given:
            out[key] = parts.rupiah_of(key, FIELDS[key], empty=Decimal(0))
    if "hps" in out:
        out["hps"] = out["hps"] or None
    out |= {key: parts.day_of(key, FIELDS[key]) for key in _DAYS if key in given}
    if "vendor_npwp" in given:
        out["vendor_npwp"] = "".join(c for c in given["vendor_npwp"] if c.isdigit())[:24]
        out["vendor_small"] = bool(given.get("vendor_small"))
    for key, known in (("vendor_kind", VENDOR_KINDS), ("payment", PAYMENTS),
                       ("retention", RETENTIONS)):  # fmt: skip
        if given.get(key) in known:
            out[key] = given[key]
    if "terms" in given:
        out["terms"] = _terms()
    return out | _line(contract)


def _terms() -> int:
    if request.form.get("payment") == "sekaligus":
        return 0
    found = whole(request.form.get("terms", "").strip() or "1", 24)
    if found is None:
        raise Refused("Jumlah termin antara 0 dan 24. Contoh: 3")
    return found


def _line(contract: Contract) -> dict[str, Any]:
    chosen = parts.number_of(request.form.get("line", ""))
    if not chosen or chosen == contract.line_id:
        return {}
    line = db.session.get(BudgetLine, chosen)
    if line is None or line.unit_id != contract.unit_id:
        raise Refused("Pilih sub kegiatan dari daftar.")
    return {"line_id": line.id, "sub_code": line.kode}


def _funds(contract: Contract) -> dict[str, Decimal]:
    """The split as typed; empty when it stands as it was and one source pays all."""
    out: dict[str, Decimal] = {}
    for n in range(len(contract.funds) + _MORE_FUNDS):
        name = request.form.get(f"dana_{n}", "").strip()[:60]
        if name:
            amount = parts.rupiah_of(f"jumlah_{n}", f"Jumlah {name}", empty=Decimal(0))
            out[name] = out.get(name, Decimal(0)) + amount
    if len(out) == 1 and len(contract.funds) == 1:
        value = parts.rupiah_of("value", "Nilai", empty=Decimal(0)) or contract.value
        return {next(iter(out)): value}
    return out


@bp.post("/perbaiki/jenis")
@needs(Permission.CONTRACT_WRITE)
def retype(contract_id: int) -> str | Response | tuple[str, int]:
    """Type and method put right: first what it means for the steps, then for good."""
    contract = parts.managed_or_403(contract_id)
    kind, method = (request.form.get(k, "") for k in ("jenis", "metode"))
    given = {"jenis": kind, "metode": method, "alasan_jenis": request.form.get("alasan_jenis", "")}
    try:
        if method not in PAIRS.get(kind, ()):
            raise Refused("Metode itu tidak dipakai untuk jenis pengadaan ini. Pilih dari daftar.")
        if request.form.get("aksi") == "lihat" and not corrections.why_not_retype(contract):
            told = retyping.foreseen(contract, kind, method)
            return _form(contract, more={"given": given, "told": told})
        made = corrections.retype(contract, kind, method, given["alasan_jenis"], actor(),
                                  parts.worked())  # fmt: skip
    except parts.REFUSALS as refusal:
        db.session.rollback()
        more = {"given": given, "retype_error": str(refusal)}
        return _form(parts.contract_or_404(contract_id), more=more), 422
    db.session.commit()
    flash(f"Jenis dan metode diperbaiki. {len(made.kept)} langkah selesai tetap, {len(made.come)} "
          f"langkah baru, {len(made.history)} menjadi riwayat. Jadwal disesuaikan."
          if made else "Jenis dan metode tidak berubah.", "ok" if made else "warn")  # fmt: skip
    return redirect(url_for("contracts.show", contract_id=contract_id))


@bp.post("/batalkan")
@needs(Permission.CONTRACT_WRITE)
def cancel(contract_id: int) -> Response | tuple[str, int]:
    """Take a registration back that should not be."""
    contract = parts.managed_or_403(contract_id)
    try:
        corrections.cancel(contract, request.form.get("alasan_batal", ""), actor())
    except parts.REFUSALS as refusal:
        db.session.rollback()
        return _form(parts.contract_or_404(contract_id), str(refusal)), 422
    db.session.commit()
    flash("Pendaftaran dibatalkan. Catatannya tetap ada dalam Riwayat.", "ok")
    return redirect(url_for("contracts.index"))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
