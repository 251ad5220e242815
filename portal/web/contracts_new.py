"""Daftarkan kontrak: the form of a contract or a package, with what was typed kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.budget.models import BudgetLine
from portal.contracts import flow, plans, rules, terms
from portal.contracts.flow import NewContract, Refused
from portal.contracts.kinds import (
    DETAILS,
    FUNDS,
    METHODS,
    PAIRS,
    PAYMENTS,
    RETENTIONS,
    ROLES,
    TYPES,
    VENDOR_KINDS,
    ContractState,
)
from portal.contracts.models import Contract
from portal.contracts.stages import Stage
from portal.db import db
from portal.indonesian import rupiah
from portal.people.kinds import Role
from portal.people.models import Position
from portal.people.queries import today
from portal.people.rules import Permission
from portal.web import contract_parts as parts
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("contract_new", __name__, url_prefix="/kontrak/baru")
#: Which role of a jabatan may hold which role of a contract.
_OF = {
    "ppk": (Role.PPK, Role.KEPALA), "pptk": (Role.PPTK,), "bendahara": (Role.BENDAHARA,),
    "ppk_skpd": (Role.PPK_SKPD,), "pa": (Role.KEPALA,), "bud": (Role.BUD,),
    "pengawas": (Role.PPTK,), "pokja": (Role.UKPBJ,),
}  # fmt: skip
#: Rows for sources of money on the form.
FUND_ROWS = 4


@bp.get("")
@needs(Permission.CONTRACT_WRITE)
def form() -> str:
    """The form; type and method decide which steps are offered as the last one done."""
    return _form()


def _form(error: str = "") -> str:
    me = actor()
    kind, method = _pair()
    unit = me.unit_id or 0
    return render_template(
        "contracts/new.html", error=error, typed=request.values, types=TYPES, methods=METHODS,
        kind=kind, method=method, pairs=PAIRS, details=DETAILS, payments=PAYMENTS,
        retentions=RETENTIONS, vendor_kinds=VENDOR_KINDS, funds=FUNDS, fund_rows=range(FUND_ROWS),
        roles=ROLES, choices=choices(me.units()), given=flow.default_roles(unit),
        stages=[s for s in _stages(kind, method) if not s.per], lines=_lines(unit),
        self_managed=method == "swakelola", sign=_sign(kind, method), year=today().year,
    )  # fmt: skip


def _pair() -> tuple[str, str]:
    """Type and method of the form, always one that fits the other."""
    kind = request.values.get("jenis", "")
    kind = kind if kind in TYPES else "barang"
    method = request.values.get("metode", "")
    wanted = "pengadaan_langsung" if "pengadaan_langsung" in PAIRS[kind] else PAIRS[kind][0]
    return kind, method if method in PAIRS[kind] else wanted


def _stages(kind: str, method: str) -> tuple[Stage, ...]:
    return plans.library().of(kind, method, plans.library().rules[-1].key, "tonggak")


def _sign(kind: str, method: str) -> str:
    return plans.marks(_stages(kind, method))["sign"]


def _lines(unit_id: int) -> list[tuple[int, str]]:
    """Sub kegiatan of the unit this year: the lines with the longest codes."""
    rows = db.session.execute(
        sa.select(BudgetLine.id, BudgetLine.kode, BudgetLine.uraian)
        .where(BudgetLine.unit_id == unit_id, BudgetLine.year == today().year,
               sa.func.length(BudgetLine.kode) >= 14)
        .order_by(BudgetLine.kode)
    )  # fmt: skip
    return [(i, f"{kode} {uraian}"[:110]) for i, kode, uraian in rows]


def choices(unit_ids: frozenset[int], held: Collection[int] = ()) -> dict[str, list[Position]]:
    """Jabatan that can hold each role: those of the unit, BUD and UKPBJ of the region, and who
    holds it now (``held``)."""
    rows = list(db.session.scalars(
        sa.select(Position)
        .where(sa.or_(Position.id.in_(held), sa.and_(Position.active, sa.or_(
            Position.unit_id.in_(unit_ids), Position.role.in_((Role.BUD, Role.UKPBJ))))))
        .order_by(Position.title)
    ))  # fmt: skip
    return {
        role: [p for p in rows if p.role in wanted and (p.active or p.id in held)]
        for role, wanted in _OF.items()
    }


@bp.post("")
@needs(Permission.CONTRACT_WRITE)
def register() -> Response | tuple[str, int]:
    """Enter a contract, or give the form back with everything that was typed."""
    again = _same_before()
    if again is not None:
        return redirect(url_for("contracts.show", contract_id=again))
    try:
        contract = flow.register(_new_contract(), actor(), parts.worked())
    except Refused as refusal:
        db.session.rollback()
        return _form(str(refusal)), 422
    db.session.commit()
    rule = plans.library().rule(contract.rule)
    most = rule.ceiling(contract.type)
    if contract.method == "pengadaan_langsung" and contract.value > most:
        flash(f"Nilai melebihi batas pengadaan langsung {rupiah(most)} ({rule.basis}). Periksa "
              "metodenya.", "warn")  # fmt: skip
    return redirect(url_for("contracts.show", contract_id=contract.id))


def _same_before() -> int | None:
    """The contract that this very form has just made: a double click is not an error."""
    number = request.form.get("nomor", "").strip()
    me = actor()
    row = db.session.execute(
        sa.select(Contract.id, Contract.title, Contract.created_at).where(
            Contract.unit_id == me.unit_id, Contract.number == number)
    ).first()  # fmt: skip
    if row is None or row.title != request.form.get("judul", "").strip()[:300]:
        return None
    return row.id if (clock.now() - row.created_at).total_seconds() < 60 else None


def _text(name: str, label: str, most: int, *, needed: bool = True) -> str:
    text = request.form.get(name, "").strip()
    if needed and not text:
        raise Refused(f"{label} wajib diisi.")
    return text[:most]


def _new_contract() -> NewContract:
    form = request.form
    me = actor()
    acting = me.acting
    if acting is None:
        abort(403)
    if form.get("jenis") not in TYPES:
        raise Refused("Pilih jenis pengadaan dari daftar.")
    kind, method = _pair()
    package = form.get("status") == ContractState.PACKAGE
    value = parts.rupiah_of("nilai", "Nilai kontrak")
    net = parts.rupiah_of("nilai_bersih", "Nilai tanpa PPN", empty=Decimal(0))
    signed, starts, ends = _dates(package)
    last = form.get("terakhir", "")
    line = _line(acting.unit_id)
    return NewContract(
        unit_id=acting.unit_id, number=_text("nomor", "Nomor kontrak", 80),
        title=_text("judul", "Nama pekerjaan", 300), type=kind, method=method, value=value,
        net=net or rules.without_ppn(value, terms.value("ppn", today())),
        fund=form.get("dana", "").strip()[:60] or "DAU",
        funds=_funds(value), vendor=_text("penyedia", "Penyedia", 200, needed=not package
                                          and method != "swakelola"),
        vendor_npwp="".join(c for c in form.get("npwp", "") if c.isdigit())[:24],
        vendor_kind=_one_of("bentuk", VENDOR_KINDS, "badan"),
        vendor_small="umk" in form, signed_on=signed, starts_on=starts, ends_on=ends,
        roles=_roles(me.units()), last_done=last, signed=not package,
        state=ContractState.PACKAGE if package else ContractState.RUNNING,
        detail=_one_of("tahapan", DETAILS, "tonggak"),
        rup_code=form.get("rup", "").strip()[:40], spse_code=form.get("spse", "").strip()[:40],
        line_id=line.id if line else None, sub_code=line.kode if line else "",
        account=form.get("rekening", "").strip()[:40],
        payment=_one_of("bayar", PAYMENTS, "sekaligus"),
        terms=_terms(), advance=parts.rupiah_of("uang_muka", "Uang muka", empty=Decimal(0)),
        retention=_one_of("pemeliharaan", RETENTIONS, "tidak"),
        hps=parts.rupiah_of("hps", "HPS", empty=Decimal(0)) or None,
    )  # fmt: skip


def _one_of(name: str, known: Mapping[str, str], default: str) -> str:
    typed = request.form.get(name, "")
    return typed if typed in known else default


def _dates(package: bool) -> tuple[date, date, date]:
    signed = parts.day_of("tanggal_kontrak", "Tanggal kontrak")
    if not package and signed > today():
        raise Refused("Tanggal kontrak tidak boleh di masa depan. Paket: pilih status Paket.")
    return (
        signed,
        parts.day_of("mulai", "Tanggal mulai"),
        parts.day_of("selesai", "Tanggal selesai"),
    )


def _terms() -> int:
    if request.form.get("bayar") not in ("termin", "bulanan"):
        return 0
    found = whole(request.form.get("termin", "") or "1", 24)
    if found is None:
        raise Refused("Jumlah termin antara 0 dan 24. Contoh: 3")
    return found


def _line(unit_id: int) -> BudgetLine | None:
    chosen = parts.number_of(request.form.get("sub_kegiatan", ""))
    if not chosen:
        return None
    line = db.session.get(BudgetLine, chosen)
    if line is None or line.unit_id != unit_id:
        raise Refused("Pilih sub kegiatan dari daftar.")
    return line


def _funds(value: Decimal) -> dict[str, Decimal]:
    """The split: one source without an amount takes the whole value."""
    rows = list(_fund_rows())
    if len(rows) == 1 and rows[0][1] is None:
        return {rows[0][0]: value}
    if any(amount is None for _, amount in rows):
        raise Refused("Isi jumlah rupiah setiap sumber dana. Contoh: 100.000.000,00")
    out: dict[str, Decimal] = {}
    for name, amount in rows:
        out[name] = out.get(name, Decimal(0)) + (amount or Decimal(0))
    return out


def _fund_rows() -> Iterator[tuple[str, Decimal | None]]:
    for n in range(FUND_ROWS):
        name = request.form.get("dana" if n == 0 else f"dana_{n}", "").strip()[:60]
        field = f"jumlah_{n}"
        if name:
            typed = request.form.get(field, "").strip()
            yield name, parts.rupiah_of(field, f"Jumlah {name}") if typed else None


def _roles(unit_ids: frozenset[int]) -> dict[str, int]:
    out = {}
    for role, positions in choices(unit_ids).items():
        typed = request.form.get(f"peran_{role}", "")
        chosen = parts.number_of(typed)
        if typed and chosen not in {p.id for p in positions}:
            raise Refused(f"Pilih pejabat untuk {ROLES[role]}.")
        if chosen:
            out[role] = chosen
    return out


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
