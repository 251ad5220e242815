"""Write what changes a contract on its way: its signing, addenda and guarantees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from portal import clock, indonesian
from portal.clock import IsWorkday
from portal.contracts import billing, plans, rules, terms
from portal.contracts.flow import Refused
from portal.contracts.kinds import (
    GUARANTEES,
    NEEDED,
    ROLES,
    ContractState,
    GuaranteeState,
)
from portal.contracts.models import (
    Addendum,
    Contract,
    ContractFund,
    ContractRole,
    Guarantee,
    StepState,
)
from portal.contracts.planning import Days, PlanKind
from portal.contracts.stages import Limit
from portal.db import db
from portal.people import queries as people
from portal.people.rules import Actor
from portal.trail import flow as trail


def _stream(contract: Contract) -> str:
    return f"contract:{contract.id}"


# --- addenda --------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewAddendum:
    """What the form asks. ``ends_on`` is the new last day; ``exception`` the approval of the PA
    that allows more than 10 % in an emergency; ``fund`` pays a change of value."""

    number: str
    signed_on: date
    ends_on: date
    value_change: Decimal = Decimal(0)
    kind: str = "perubahan"  # | kesempatan
    basis: str = ""
    fund: str = ""
    exception: str = ""
    chance_days: int = 0  # of one pemberian kesempatan by the SSKK; 0: the region's


def addendum(contract: Contract, new: NewAddendum, actor: Actor, is_workday: IsWorkday) -> Addendum:
    """Write a signed change: what is open is planned again, what was stays to be seen.

    Refused above 10 % of the first contract, all addenda together (Perpres 16/2018 Pasal 54),
    unless the approval of an emergency is named.
    """
    _check_addendum(contract, new)
    before = contract.ends_on
    row = Addendum(
        contract_id=contract.id, n=len(contract.addenda) + 1, kind=new.kind,
        number=new.number.strip()[:80], signed_on=new.signed_on, value_change=new.value_change,
        days_change=(new.ends_on - before).days, ends_before=before, ends_on=new.ends_on,
        basis="; ".join(filter(None, (new.basis.strip(), new.exception.strip())))[:400],
        plan_version=contract.plan_version, by_label=actor.label, at=clock.now(),
    )  # fmt: skip
    contract.addenda.append(row)
    contract.ends_on = new.ends_on
    _shift_bills(contract, new.signed_on, before)
    if new.value_change:
        _change_value(contract, new)
    trail.record(
        _stream(contract), "addendum", f"addendum:{row.n}", actor,
        {"selesai": before.isoformat(), "nilai": str(contract.value - new.value_change)},
        {"nomor": row.number, "selesai": new.ends_on.isoformat(), "nilai": str(contract.value),
         "dasar": row.basis},
    )  # fmt: skip
    plans.replan(contract, Days.of(is_workday), PlanKind.ADDENDUM, f"Addendum {row.number}")
    row.plan_version = contract.plan_version
    db.session.flush()
    return row


def _check_addendum(contract: Contract, new: NewAddendum) -> None:
    if contract.state != ContractState.RUNNING:
        raise Refused("Addendum hanya dapat dicatat pada kontrak yang berjalan.")
    if not new.number.strip():
        raise Refused("Nomor addendum wajib diisi. Contoh: 602/15.1/PUPR/2026")
    if any(a.number == new.number.strip() for a in contract.addenda):
        raise Refused(f"Addendum nomor {new.number.strip()} sudah tercatat.")
    if not contract.signed_on <= new.signed_on <= people.today():
        raise Refused("Tanggal addendum harus antara tanggal kontrak dan hari ini.")
    if new.kind == "perubahan" and new.signed_on > contract.ends_on:
        raise Refused(
            f"Kontrak berakhir {indonesian.long_date(contract.ends_on)}. Perubahan ditandatangani "
            "sebelum itu; sesudahnya pilih Pemberian kesempatan (Perpres 16/2018 Pasal 56)."
        )
    if new.ends_on < max(new.signed_on, contract.starts_on):
        raise Refused("Tanggal selesai baru mendahului tanggal addendum. Periksa kedua tanggal.")
    if new.ends_on == contract.ends_on and not new.value_change:
        raise Refused("Addendum tidak mengubah nilai atau waktu. Isi tanggal atau nilai baru.")
    if contract.value + new.value_change <= 0:
        raise Refused("Nilai kontrak sesudah addendum harus lebih dari nol.")
    _check_sum(contract, new)


def _check_sum(contract: Contract, new: NewAddendum) -> None:
    percent = terms.value("tambah_batas", new.signed_on)
    sums = rules.added(
        contract.first_value, [*(a.value_change for a in contract.addenda), new.value_change],
        percent,
    )  # fmt: skip
    if new.value_change > 0 and not sums.allowed and not new.exception.strip():
        raise Refused(
            f"Penambahan nilai seluruh addendum {indonesian.rupiah(sums.total)}, lebih dari "
            f"{indonesian.number(percent)} % nilai kontrak awal "
            f"({indonesian.rupiah(sums.most)}; Perpres 16/2018 Pasal 54). "
            "Bila keadaan darurat, isi nomor persetujuan PA."
        )
    days = (new.ends_on - contract.ends_on).days
    usual = new.chance_days or terms.whole("kesempatan", contract.signed_on)
    most = (plans.region_limits(new.signed_on).get("kesempatan") or Limit(usual)).days or usual
    if new.kind == "kesempatan" and days > most:
        raise Refused(
            f"Satu pemberian kesempatan paling lama {most} hari kalender. Kesempatan kedua dicatat "
            "sebagai addendum tersendiri (PerLKPP 12/2021)."
        )


def _shift_bills(contract: Contract, on: date, before: date) -> None:
    """Bills that are still to come move in proportion to the time that is left."""
    billed = {s.instance for s in contract.steps if s.state != StepState.OPEN}
    old, new = (before - on).days, (contract.ends_on - on).days
    for bill in contract.billings:
        if bill.expected_on and bill.expected_on > on and bill.instance not in billed and old > 0:
            bill.expected_on = on + timedelta(days=(bill.expected_on - on).days * new // old)


def _change_value(contract: Contract, new: NewAddendum) -> None:
    part = contract.net / contract.value
    contract.value += new.value_change
    contract.net = (contract.value * part).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
    name = new.fund.strip() or contract.fund
    row = next((f for f in contract.funds if f.fund == name), None)
    if row is None:
        row = ContractFund(contract_id=contract.id, fund=name, amount=Decimal(0))
        contract.funds.append(row)
    if row.amount + new.value_change < 0:
        raise Refused(f"Pengurangan lebih besar daripada bagian {name}. Pilih sumber dana lain.")
    row.amount += new.value_change
    contract.fund = max(contract.funds, key=lambda f: (f.amount, f.fund)).fund
    last = next((b for b in contract.billings if b.instance == "akhir"), None)
    if last is not None and last.amount is not None:
        last.amount += new.value_change


# --- guarantees -----------------------------------------------------------------------------


@dataclass(frozen=True)
class NewGuarantee:
    """A guarantee as it was handed in."""

    kind: str
    number: str
    amount: Decimal
    issuer: str
    starts_on: date
    ends_on: date


def guarantee(contract: Contract, new: NewGuarantee, actor: Actor) -> Guarantee:
    """Keep a guarantee; one of the same kind that stood before is replaced by it."""
    if new.kind not in GUARANTEES:
        raise Refused("Pilih jenis jaminan dari daftar.")
    if not new.number.strip() or not new.issuer.strip():
        raise Refused("Nomor dan penerbit jaminan wajib diisi. Contoh: Bank Contoh Cabang Utama")
    if new.amount <= 0 or new.ends_on < new.starts_on:
        raise Refused("Nilai jaminan harus lebih dari nol dan masa berlakunya tidak terbalik.")
    if any(g.kind == new.kind and g.number == new.number.strip() for g in contract.guarantees):
        raise Refused(f"Jaminan nomor {new.number.strip()} sudah tercatat.")
    for old in contract.guarantees:
        if old.kind == new.kind and old.state == GuaranteeState.VALID:
            old.state, old.state_on = GuaranteeState.REPLACED, new.starts_on
    row = Guarantee(
        contract_id=contract.id, kind=new.kind, number=new.number.strip()[:80], amount=new.amount,
        issuer=new.issuer.strip()[:120], starts_on=new.starts_on, ends_on=new.ends_on,
    )  # fmt: skip
    contract.guarantees.append(row)
    trail.record(_stream(contract), "jaminan dicatat", f"guarantee:{row.number}", actor, None,
                 {"jenis": row.kind, "nilai": str(row.amount),
                  "sampai": row.ends_on.isoformat()})  # fmt: skip
    db.session.flush()
    return row


def settle_guarantee(
    contract: Contract, guarantee_id: int, state: str, on: date, actor: Actor
) -> Guarantee:
    """A guarantee is given back or cashed."""
    row = next((g for g in contract.guarantees if g.id == guarantee_id), None)
    if row is None or row.state != GuaranteeState.VALID:
        raise Refused("Jaminan ini sudah tidak berlaku. Muat ulang halaman.")
    if state not in (GuaranteeState.RETURNED, GuaranteeState.CLAIMED) or on > people.today():
        raise Refused("Pilih dikembalikan atau dicairkan, dengan tanggal yang sudah lewat.")
    row.state, row.state_on = state, on
    trail.record(_stream(contract), f"jaminan {state}", f"guarantee:{row.number}", actor,
                 None, {"tanggal": on.isoformat()})  # fmt: skip
    db.session.flush()
    return row


# --- who holds which part ------------------------------------------------------------------------


def set_roles(contract: Contract, roles: Mapping[str, int], actor: Actor) -> list[str]:
    """Another jabatan takes up a part of the contract; what is open moves with it.

    ``roles`` maps a role to a position; 0 takes the role off. Returns the roles that changed.
    """
    held = {r.role: r for r in contract.roles}
    lacking = [r for r in NEEDED if not roles.get(r, held[r].position_id if r in held else 0)]
    if lacking:
        names = ", ".join(ROLES[r] for r in lacking)
        raise Refused(f"Pejabat belum lengkap: {names}. Pilih pejabat untuk setiap peran.")
    before = {r: held[r].position_id for r in held}
    for role, position_id in roles.items():
        if role in held and not position_id:
            db.session.delete(held[role])
        elif role in held:
            held[role].position_id = position_id
        elif position_id:
            contract.roles.append(
                ContractRole(contract_id=contract.id, role=role, position_id=position_id)
            )
    changed = [r for r, position in roles.items() if before.get(r, 0) != position]
    if changed:
        old, new = ({r: at.get(r) or None for r in changed} for at in (before, roles))
        trail.record(_stream(contract), "pejabat diubah", _stream(contract), actor, old, new)
    db.session.flush()
    return changed


# --- a package becomes a contract -------------------------------------------------------------


@dataclass(frozen=True)
class Signing:
    """What is known once a package is signed."""

    number: str
    signed_on: date
    starts_on: date
    ends_on: date
    value: Decimal
    vendor: str
    net: Decimal | None = None
    funds: Mapping[str, Decimal] = field(default_factory=dict)
    vendor_npwp: str = ""


def sign(contract: Contract, new: Signing, actor: Actor, is_workday: IsWorkday) -> Contract:
    """A package becomes a contract: its step of signing is done, the rest is planned anew."""
    if contract.state != ContractState.PACKAGE:
        raise Refused("Paket ini sudah berkontrak. Muat ulang halaman.")
    if not new.number.strip() or (not new.vendor.strip() and contract.method != "swakelola"):
        raise Refused("Nomor kontrak dan penyedia wajib diisi. Contoh: 602/15/PUPR/2026")
    if new.signed_on > people.today():
        raise Refused("Tanggal kontrak tidak boleh di masa depan.")
    if new.ends_on < new.starts_on or new.value <= 0:
        raise Refused("Periksa nilai kontrak serta tanggal mulai dan selesai.")
    if new.net is not None and not 0 < new.net <= new.value:
        raise Refused("Nilai tanpa PPN lebih dari nol dan tidak melebihi nilai kontrak.")
    taken = sa.select(Contract.id).where(
        Contract.unit_id == contract.unit_id, Contract.number == new.number.strip(),
        Contract.id != contract.id,
    )  # fmt: skip
    if db.session.scalar(taken):
        raise Refused(f"Kontrak nomor {new.number.strip()} sudah terdaftar.")
    key = plans.marks(plans.template(contract))["sign"]
    step = next((s for s in contract.steps if s.key == key), None)
    if step is None or step.state != StepState.OPEN or step.ready_on is None:
        raise Refused("Tahapan sebelum kontrak belum selesai. Selesaikan dahulu tahapan itu.")
    before = {"nomor": contract.number, "nilai": str(contract.value)}
    _take_over(contract, new)
    step.state, step.done_on, step.done_at = StepState.DONE, new.signed_on, clock.now()
    step.doc_no, step.done_by, step.ready_on = contract.number, actor.label, None
    trail.record(_stream(contract), "kontrak ditandatangani", _stream(contract), actor, before,
                 {"nomor": contract.number, "nilai": str(contract.value)})  # fmt: skip
    plans.replan(contract, Days.of(is_workday), PlanKind.FIRST, f"Kontrak {contract.number}")
    return contract


def _take_over(contract: Contract, new: Signing) -> None:
    funds = {k: v for k, v in new.funds.items() if v} or {contract.fund: new.value}
    if sum(funds.values()) != new.value:
        raise Refused("Jumlah sumber dana tidak sama dengan nilai kontrak. Periksa pembagiannya.")
    contract.number, contract.state = new.number.strip()[:80], ContractState.RUNNING
    contract.signed_on, contract.starts_on, contract.ends_on = (
        new.signed_on, new.starts_on, new.ends_on)  # fmt: skip
    contract.first_ends_on, contract.first_value = new.ends_on, new.value
    contract.value, contract.net = new.value, new.net or new.value
    contract.vendor, contract.vendor_npwp = new.vendor.strip()[:200], new.vendor_npwp.strip()[:24]
    contract.rule = plans.library().rule_on(new.signed_on).key
    contract.fund = max(funds, key=lambda k: (funds[k], k))
    contract.goes_live = min(contract.goes_live, new.signed_on)
    set_funds(contract, funds)
    for bill, fresh in zip(contract.billings, billing.bills(contract), strict=False):
        bill.amount, bill.expected_on = fresh.amount, fresh.expected_on
    db.session.flush()


def set_funds(contract: Contract, funds: Mapping[str, Decimal]) -> None:
    """The split over sources of money, whole; the caller has checked its sum."""
    known = {f.fund: f for f in contract.funds}
    for name, amount in funds.items():
        if name in known:
            known.pop(name).amount = amount
        else:
            contract.funds.append(ContractFund(contract_id=contract.id, fund=name, amount=amount))
    for gone in known.values():
        db.session.delete(gone)
