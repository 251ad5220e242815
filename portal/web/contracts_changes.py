"""What changes a contract: addendum, jaminan, kejadian, limits, steps taken back."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.contracts import changes, flow, plans, queries, reshape, rules, terms
from portal.contracts.flow import Refused
from portal.contracts.kinds import (
    FUNDS,
    GUARANTEE_STATES,
    GUARANTEES,
    PAYMENTS,
    RETENTIONS,
    ROLES,
    VENDOR_KINDS,
    ContractState,
)
from portal.contracts.models import Contract, Step
from portal.contracts.stages import Limit
from portal.db import db
from portal.indonesian import long_date
from portal.people.models import Position
from portal.people.queries import today
from portal.people.rules import Permission
from portal.web import contract_parts as parts
from portal.web.contracts import step_of, step_page
from portal.web.contracts_new import choices
from portal.web.gate import actor, needs
from portal.web.incoming import whole
from portal.works import queries as works

bp = Blueprint("contract_changes", __name__, url_prefix="/kontrak/<int:contract_id>")
KINDS = {"perubahan": "Perubahan kontrak (Pasal 54)",
         "kesempatan": "Pemberian kesempatan (Pasal 56)"}  # fmt: skip


@bp.get("/data")
@needs(Permission.CONTRACT_READ)
def index(contract_id: int) -> str:
    """Money, addenda, guarantees and what can happen to the contract."""
    return _page(parts.contract_or_404(contract_id))


def _page(contract: Contract, error: str = "", section: str = "") -> str:
    percent = terms.value("tambah_batas", today())
    sums = rules.added(contract.first_value, [a.value_change for a in contract.addenda], percent)
    return render_template(
        "contracts/data.html", contract=contract, error=error, section=section, today=today(),
        percent=percent,
        typed=request.form if error else {}, tabs=parts.tabs(), funds=FUNDS, kinds=KINDS,
        manages=parts.manages(actor(), contract), guarantees=GUARANTEES, sums=sums,
        guarantee_states=GUARANTEE_STATES, short=queries.short_guarantees(contract),
        events=reshape.events_for(contract), payments=PAYMENTS, retentions=RETENTIONS,
        vendor_kinds=VENDOR_KINDS, package=contract.state == ContractState.PACKAGE,
        running=contract.state == ContractState.RUNNING, roles=ROLES,
        seats=_seats(contract), held={r.role: r.position_id for r in contract.roles},
        sskk=_own_limits(contract),
    )  # fmt: skip


def _own_limits(contract: Contract) -> list[tuple[str, str, str, int]]:
    """Limits that this contract alone has: title, words, basis, step."""
    out = []
    for step in contract.steps:
        raw = (contract.limits or {}).get(plans.node_of(step)) or contract.limits.get(step.key)
        if raw:
            limit = Limit.read(raw)
            unit = "bulan" if limit.kind == "bulan" else f"hari {limit.kind}"
            words = long_date(limit.on) if limit.on else f"{limit.days} {unit}"
            out.append((step.title, words, limit.basis, step.id))
    return out


def _do(
    contract_id: int, section: str, work: Callable[[Contract], str], to: str = "index"
) -> Response | tuple[str, int]:
    """Run a change; a refusal gives the page back with everything that was typed."""
    contract = parts.managed_or_403(contract_id)
    try:
        said = work(contract)
    except parts.REFUSALS as refusal:
        db.session.rollback()
        return _page(parts.contract_or_404(contract_id), str(refusal), section), 422
    db.session.commit()
    flash(said, "ok")
    where = "contracts.show" if to == "show" else "contract_changes.index"
    return redirect(url_for(where, contract_id=contract_id))


@bp.post("/addendum")
@needs(Permission.CONTRACT_WRITE)
def addendum(contract_id: int) -> Response | tuple[str, int]:
    """Write a signed addendum; what is open is planned again."""

    def work(contract: Contract) -> str:
        form = request.form
        ends = form.get("selesai", "").strip()
        new = changes.NewAddendum(
            form.get("nomor", ""), parts.day_of("tanggal", "Tanggal addendum"),
            parts.day_of("selesai", "Tanggal selesai baru") if ends else contract.ends_on,
            parts.rupiah_of("nilai", "Perubahan nilai", empty=Decimal(0)),
            form.get("jenis", "") if form.get("jenis") in KINDS else "perubahan",
            form.get("dasar", ""), form.get("dana", ""), form.get("persetujuan", ""),
            int(works.own_terms(contract)["kesempatan"].value),
        )  # fmt: skip
        made = changes.addendum(contract, new, actor(), parts.worked())
        short = queries.short_guarantees(contract)
        more = "".join(
            f" {GUARANTEES[g.kind]} nomor {g.number} berakhir {long_date(g.ends_on)}, sebelum "
            "pekerjaan selesai: mintalah perpanjangannya." for g in short
        )  # fmt: skip
        return f"Addendum {made.number} tercatat; jadwal langkah yang terbuka disesuaikan.{more}"

    return _do(contract_id, "addendum", work)


@bp.post("/jaminan")
@needs(Permission.CONTRACT_WRITE)
def guarantee(contract_id: int) -> Response | tuple[str, int]:
    """Keep a guarantee."""

    def work(contract: Contract) -> str:
        new = changes.NewGuarantee(
            request.form.get("jenis", ""), request.form.get("nomor", ""),
            parts.rupiah_of("nilai", "Nilai jaminan"), request.form.get("penerbit", ""),
            parts.day_of("mulai", "Berlaku mulai"), parts.day_of("sampai", "Berlaku sampai"),
        )  # fmt: skip
        made = changes.guarantee(contract, new, actor())
        return f"{GUARANTEES[made.kind]} nomor {made.number} tercatat."

    return _do(contract_id, "jaminan", work)


@bp.post("/jaminan/<int:guarantee_id>")
@needs(Permission.CONTRACT_WRITE)
def settle(contract_id: int, guarantee_id: int) -> Response | tuple[str, int]:
    """A guarantee was given back or cashed."""

    def work(contract: Contract) -> str:
        made = changes.settle_guarantee(
            contract, guarantee_id, request.form.get("status", ""),
            parts.day_of("tanggal", "Tanggal"), actor(),
        )  # fmt: skip
        return f"{GUARANTEES[made.kind]} nomor {made.number}: {GUARANTEE_STATES[made.state]}."

    return _do(contract_id, "jaminan", work)


@bp.post("/pejabat")
@needs(Permission.CONTRACT_WRITE)
def roles(contract_id: int) -> Response | tuple[str, int]:
    """Another jabatan takes up a part of the contract."""

    def work(contract: Contract) -> str:
        given: dict[str, int] = {}
        for role, known in _seats(contract).items():
            typed = request.form.get(f"peran_{role}", "")
            chosen = parts.number_of(typed)
            if typed and chosen not in {p.id for p in known}:
                raise Refused(f"Pilih pejabat untuk {ROLES[role]} dari daftar.")
            given[role] = chosen
        changed = changes.set_roles(contract, given, actor())
        return "Pejabat diubah; langkah yang terbuka ikut berpindah." if changed else (
            "Tidak ada pejabat yang berubah.")  # fmt: skip

    return _do(contract_id, "pejabat", work)


def _seats(contract: Contract) -> dict[str, list[Position]]:
    """Jabatan that can hold each role: those of the contract's unit, BUD and UKPBJ."""
    return choices(frozenset({contract.unit_id}), {r.position_id for r in contract.roles})


@bp.post("/kejadian")
@needs(Permission.CONTRACT_WRITE)
def event(contract_id: int) -> Response | tuple[str, int]:
    """Something happened that brings steps of its own."""

    def work(contract: Contract) -> str:
        key = request.form.get("kejadian", "")
        if key not in reshape.events_for(contract):
            raise Refused("Pilih kejadian dari daftar.")
        label, rows = reshape.EVENTS[key]
        on = parts.day_of("tanggal", "Tanggal kejadian")
        made = reshape.add_event(contract, rows, on, actor(), parts.worked())
        return f"{label}: {len(made)} langkah ditambahkan."

    return _do(contract_id, "kejadian", work, "show")


@bp.post("/rinci")
@needs(Permission.CONTRACT_WRITE)
def widen(contract_id: int) -> Response | tuple[str, int]:
    """Follow all steps instead of tonggak."""

    def work(contract: Contract) -> str:
        made = reshape.widen(contract, actor(), parts.worked())
        return f"Tahapan dirinci: {len(made)} langkah ditambahkan."

    return _do(contract_id, "rinci", work, "show")


@bp.post("/tanda-tangan")
@needs(Permission.CONTRACT_WRITE)
def sign(contract_id: int) -> Response | tuple[str, int]:
    """A package becomes a contract."""

    def work(contract: Contract) -> str:
        value = parts.rupiah_of("nilai", "Nilai kontrak")
        new = changes.Signing(
            request.form.get("nomor", ""), parts.day_of("tanggal", "Tanggal kontrak"),
            parts.day_of("mulai", "Tanggal mulai"), parts.day_of("selesai", "Tanggal selesai"),
            value, request.form.get("penyedia", ""),
            parts.rupiah_of("bersih", "Nilai tanpa PPN", empty=Decimal(0))
            or rules.without_ppn(value, Decimal(11)),
            vendor_npwp="".join(c for c in request.form.get("npwp", "") if c.isdigit()),
        )  # fmt: skip
        return f"Kontrak {changes.sign(contract, new, actor(), parts.worked()).number} tercatat."

    return _do(contract_id, "kontrak", work, "show")


# --- one step -------------------------------------------------------------------------------


def _on_step(contract_id: int, work: Callable[[Contract, Step], str]) -> Response | tuple[str, int]:
    """Run a change of one step; a refusal gives the step's page back."""
    contract = parts.managed_or_403(contract_id)
    found = step_of(contract, parts.number_of(request.form.get("langkah", "")))
    try:
        said = work(contract, found)
    except Refused as refusal:
        db.session.rollback()
        contract = parts.contract_or_404(contract_id)
        return step_page(contract, step_of(contract, found.id), str(refusal)), 422
    db.session.commit()
    flash(said, "ok")
    return redirect(url_for("contracts.step", contract_id=contract_id, step_id=found.id))


@bp.post("/langkah/batal")
@needs(Permission.CONTRACT_WRITE)
def void(contract_id: int) -> Response | tuple[str, int]:
    """An optional step does not happen."""

    def work(contract: Contract, found: Step) -> str:
        if not found.optional:
            raise Refused("Langkah ini wajib; hanya langkah pilihan yang dapat ditandai.")
        flow.void(contract, found.id, request.form.get("alasan", ""), actor(), parts.worked())
        return f"{found.title}: tidak berlaku."

    return _on_step(contract_id, work)


@bp.post("/langkah/tutup")
@needs(Permission.CONTRACT_WRITE)
def close_chain(contract_id: int) -> Response | tuple[str, int]:
    """A trial succeeded: the rest of the chain of SCM and SP does not happen."""

    def work(contract: Contract, found: Step) -> str:
        reason = request.form.get("alasan", "")
        left = reshape.close_chain(contract, found, reason, actor(), parts.worked())
        return f"{len(left)} langkah ditandai tidak berlaku."

    return _on_step(contract_id, work)


@bp.post("/langkah/buka")
@needs(Permission.CONTRACT_WRITE)
def reopen(contract_id: int) -> Response | tuple[str, int]:
    """Take a finished step back."""

    def work(contract: Contract, found: Step) -> str:
        flow.reopen(contract, found.id, request.form.get("alasan", ""), actor(), parts.worked())
        return f"{found.title} dibuka kembali."

    return _on_step(contract_id, work)


@bp.post("/langkah/batas")
@needs(Permission.CONTRACT_WRITE)
def limit(contract_id: int) -> Response | tuple[str, int]:
    """A limit of this contract alone, or the default again."""

    def work(contract: Contract, found: Step) -> str:
        chosen = None if "kembalikan" in request.form else _limit()
        reshape.set_limit(contract, plans.node_of(found), chosen, actor(), parts.worked())
        return f"Batas waktu {found.title} diubah; jadwal sesudahnya disesuaikan."

    return _on_step(contract_id, work)


def _limit() -> Limit:
    form: Any = request.form
    kind = form.get("satuan") if form.get("satuan") in ("kerja", "kalender", "bulan") else "kerja"
    if form.get("pada", "").strip():
        return Limit(None, "kalender", form.get("dasar", "").strip()[:200],
                     parts.day_of("pada", "Tanggal tertentu"))  # fmt: skip
    days = whole(form.get("hari", "").strip(), 730)
    if days is None:
        raise Refused("Jumlah hari antara 0 dan 730. Contoh: 14")
    return Limit(days, kind, form.get("dasar", "").strip()[:200])


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
