"""Perbaikan data kontrak: what was typed wrongly at registration is put right, with its reason.

A correction is no addendum: it says that the paper always read otherwise. What an addendum changed
is corrected by an addendum; what was paid stays as it was paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.clock import IsWorkday
from portal.contracts import billing, changes, flow, plans, reshape, retyping, rules, terms
from portal.contracts.flow import NewContract, Refused
from portal.contracts.kinds import ContractState
from portal.contracts.models import Billing, Contract, Step, StepState
from portal.contracts.planning import Days, PlanKind
from portal.contracts.retyping import Relaid
from portal.db import db
from portal.indonesian import long_date
from portal.people import queries as people
from portal.people.rules import Actor
from portal.trail import flow as trail
from portal.works import queries
from portal.works.models import Payment

#: What can be corrected, by column, in the words of the form.
FIELDS: dict[str, str] = {
    "number": "Nomor kontrak", "title": "Nama pekerjaan", "vendor": "Penyedia",
    "vendor_npwp": "NPWP", "vendor_kind": "Bentuk penyedia", "vendor_small": "Usaha kecil",
    "value": "Nilai termasuk PPN", "net": "Nilai tanpa PPN", "hps": "HPS",
    "signed_on": "Tanggal kontrak", "starts_on": "Mulai", "ends_on": "Selesai",
    "line_id": "Sub kegiatan", "sub_code": "Kode sub kegiatan", "account": "Kode rekening",
    "payment": "Cara pembayaran", "terms": "Jumlah termin", "advance": "Uang muka",
    "retention": "Pemeliharaan", "rup_code": "Kode RUP", "spse_code": "Kode SPSE", "year": "Tahun",
}  # fmt: skip
_DATED = {"signed_on", "starts_on", "ends_on"}
_BILLED = {"value", "payment", "terms", "advance", "retention", "starts_on", "ends_on"}


@dataclass(frozen=True)
class Correction:
    """The right values by column (those of FIELDS that are given) and why; ``funds`` empty means
    that the split follows a single source of money."""

    values: Mapping[str, Any]
    reason: str
    funds: Mapping[str, Decimal] = field(default_factory=dict)


def correct(
    contract: Contract, new: Correction, actor: Actor, is_workday: IsWorkday
) -> list[str]:  # fmt: skip
    """Put data of a registered contract right; returns the labels of what changed.

    What was there before, the right value and the reason are in the record. Dates of open steps
    follow; Refused where an addendum or a payment already rests on the value.
    """
    before = {k: getattr(contract, k) for k in new.values if k in FIELDS}
    changed = {k: v for k, v in new.values.items() if k in before and before[k] != v}
    funds = {k: v for k, v in new.funds.items() if v}
    split = {f.fund: f.amount for f in contract.funds}
    if not changed and (not funds or funds == split):
        return []
    if _net_was_counted(contract, changed):
        before["net"] = contract.net
        changed["net"] = rules.without_ppn(changed["value"], _ppn(contract))
    if not new.reason.strip():
        raise Refused("Alasan wajib diisi. Contoh: salah ketik, seharusnya menurut SPK halaman 2")
    _check(contract, changed, funds)
    held = queries.own_terms(contract)["retensi"].value
    old_bills = {b.instance: b for b in billing.bills(contract, held)}
    number, signed = contract.number, contract.signed_on
    for key, value in changed.items():
        setattr(contract, key, value)
    _follow(contract, changed, funds, split)
    _signing(contract, number, signed)
    _record(contract, before, changed, split, funds, new.reason, actor)
    if changed.keys() & _BILLED:
        _bills(contract, old_bills, held)
        reshape.refit(contract, new.reason.strip())
    if changed.keys() & (_BILLED | _DATED):
        plans.replan(contract, Days.of(is_workday), PlanKind.FIRST,
                     f"{reshape.PUT_RIGHT}: {new.reason.strip()}")  # fmt: skip
    db.session.flush()
    return [FIELDS[k] for k in changed] + (["Sumber dana"] if funds and funds != split else [])


def _ppn(contract: Contract) -> Decimal:
    """PPN in percent where the value without it was not typed."""
    return terms.value("ppn", contract.signed_on)


def _net_was_counted(contract: Contract, changed: Mapping[str, Any]) -> bool:
    """Whether the value without PPN was reckoned from the value that is now put right."""
    counted = contract.net == rules.without_ppn(contract.value, _ppn(contract))
    return "value" in changed and "net" not in changed and counted


def _check(contract: Contract, changed: Mapping[str, Any], funds: Mapping[str, Decimal]) -> None:
    if "value" in changed and any(a.value_change for a in contract.addenda):
        raise Refused("Nilai kontrak ini sudah diubah addendum. Perbaiki melalui addendum.")
    if _DATED & changed.keys() and any(a.ends_on != a.ends_before for a in contract.addenda):
        raise Refused("Waktu kontrak ini sudah diubah addendum. Perbaiki melalui addendum.")
    merged: Any = {k: changed.get(k, getattr(contract, k)) for k in (
        "number", "title", "value", "net", "vendor", "signed_on", "starts_on", "ends_on", "terms",
        "advance")}  # fmt: skip
    for key in ("number", "title"):
        if not merged[key].strip():
            raise Refused(f"{FIELDS[key]} wajib diisi.")
    flow.check(NewContract(
        unit_id=contract.unit_id, type=contract.type, fund=contract.fund, method=contract.method,
        state=contract.state, funds=dict(funds), **merged,
    ))  # fmt: skip
    if contract.state != ContractState.PACKAGE and merged["signed_on"] > people.today():
        raise Refused("Tanggal kontrak tidak boleh di masa depan.")
    _check_done(contract, merged["signed_on"])
    taken = sa.select(Contract.id).where(
        Contract.unit_id == contract.unit_id, Contract.number == merged["number"],
        Contract.id != contract.id)  # fmt: skip
    if db.session.scalar(taken):
        raise Refused(f"Kontrak nomor {merged['number']} sudah terdaftar.")


def _check_done(contract: Contract, signed: date) -> None:
    """No step that follows the signing may have been done before the date that is now said."""
    done = [s for s in contract.steps if s.state == StepState.DONE and s.done_on
            and s.phase[:2] not in ("1_", "2_", "3_", "4_") and s.done_on < signed]  # fmt: skip
    if done:
        raise Refused(
            f"{done[0].title} tercatat selesai sebelum tanggal kontrak itu. Periksa tanggalnya, "
            "atau buka kembali langkah itu lebih dahulu."
        )


def _follow(
    contract: Contract, changed: Mapping[str, Any], funds: Mapping[str, Decimal],
    split: Mapping[str, Decimal],
) -> None:  # fmt: skip
    """What hangs on a value: the first value, the first last day, the split of the money."""
    if "value" in changed:
        contract.first_value = contract.value
    if "ends_on" in changed:
        contract.first_ends_on = contract.ends_on
    wanted = dict(funds)
    if not wanted and "value" in changed:
        if len(split) > 1:
            raise Refused("Nilai berubah: isi lagi jumlah setiap sumber dana.")
        wanted = {contract.fund: contract.value}
    if wanted:
        changes.set_funds(contract, wanted)
        contract.fund = max(wanted, key=lambda k: (wanted[k], k))


def _signing(contract: Contract, number: str, signed: date) -> None:
    """The step that the registration itself finished carries the contract's number and date."""
    if contract.state == ContractState.PACKAGE:
        return
    key = plans.marks(plans.template(contract))["sign"]
    for step in contract.steps:
        if step.key == key and step.doc_no == number and step.done_on == signed:
            step.doc_no, step.done_on = contract.number, contract.signed_on


def _record(
    contract: Contract, before: Mapping[str, Any], changed: Mapping[str, Any],
    split: Mapping[str, Decimal], funds: Mapping[str, Decimal], reason: str, actor: Actor,
) -> None:  # fmt: skip
    old = {FIELDS[k]: _plain(before[k]) for k in changed}
    now = {FIELDS[k]: _plain(v) for k, v in changed.items()}
    if funds and funds != split:
        old["Sumber dana"] = {k: str(v) for k, v in split.items()}
        now["Sumber dana"] = {k: str(v) for k, v in funds.items()}
    trail.record(f"contract:{contract.id}", "data kontrak diperbaiki", f"contract:{contract.id}",
                 actor, old, {**now, "alasan": reason.strip()[:500]})  # fmt: skip


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int) or value is None else str(value)


def _bills(contract: Contract, old: Mapping[str, Billing], held: Decimal) -> None:
    """Payments that are still to come follow; what was reckoned or paid stays."""
    stored = {b.instance: b for b in contract.billings}
    fresh = {b.instance: b for b in billing.bills(contract, held)}
    for instance, bill in fresh.items():
        now = stored.pop(instance, None)
        if now is None:
            contract.billings.append(bill)
            continue
        was = old.get(instance)
        now.title, now.position = bill.title, bill.position
        for name in ("amount", "percent", "expected_on"):
            if was is not None and getattr(now, name) == getattr(was, name):
                setattr(now, name, getattr(bill, name))
    for gone in stored.values():
        _take_off(contract, gone)
    db.session.flush()
    contract.billings.sort(key=lambda b: b.position)


def _take_off(contract: Contract, bill: Billing) -> None:
    mine = [s for s in contract.steps if s.instance == bill.instance]
    reckoned = db.session.scalar(sa.select(Payment.id).where(Payment.billing_id == bill.id))
    if reckoned or any(s.state == StepState.DONE for s in mine):
        raise Refused(f"{bill.title} sudah diproses; cara pembayaran tidak dapat dikurangi.")
    contract.billings.remove(bill)
    db.session.delete(bill)


# --- another type or method -----------------------------------------------------------------------


def why_not_retype(contract: Contract) -> str:
    """Why type and method stay as they are, and what to do; "" when they may be put right."""
    if contract.state == ContractState.DROPPED:
        return "Pendaftaran ini sudah dibatalkan."
    bills = {b.instance: b.title for b in contract.billings}
    for step in contract.steps:
        if step.instance in bills and step.state in (StepState.DONE, StepState.OPENING):
            when = f" tanggal {long_date(step.done_on)}" if step.done_on else ""
            return (
                f"{step.title} ({bills[step.instance].lower()}) sudah selesai{when}; jenis dan "
                "metode tidak diubah lagi: pembayarannya berjalan menurut tahapan yang sekarang. "
                "Bila langkah itu sendiri yang keliru dicatat, buka kembali langkah itu lebih "
                "dahulu, lalu perbaiki jenisnya. Bila pembayarannya benar, teruskan kontrak ini."
            )
    return ""


def retype(
    contract: Contract, kind: str, method: str, reason: str, actor: Actor, is_workday: IsWorkday
) -> Relaid | None:
    """Put type and method right while nothing of the payments is done; None when they stand so.

    Steps follow the right template: what is finished keeps its record, what the template does not
    have goes into the history, what is open reads Jadwal disesuaikan.
    """
    if (kind, method) == (contract.type, contract.method):
        return None
    if no := why_not_retype(contract):
        raise Refused(no)
    if not reason.strip():
        raise Refused("Alasan wajib diisi. Contoh: SPK menyebut jasa lainnya, bukan barang")
    flow.check(NewContract(
        unit_id=contract.unit_id, number=contract.number, title=contract.title, type=kind,
        method=method, value=contract.value, fund=contract.fund, vendor=contract.vendor,
        signed_on=contract.signed_on, starts_on=contract.starts_on, ends_on=contract.ends_on,
        state=contract.state, terms=contract.terms, advance=contract.advance,
    ))  # fmt: skip
    before = {"Jenis": contract.type, "Metode": contract.method}
    told = retyping.relay(contract, kind, method, reason.strip(), people.today(), is_workday)
    trail.record(
        f"contract:{contract.id}", "jenis dan metode diperbaiki", f"contract:{contract.id}", actor,
        before, {"Jenis": kind, "Metode": method, "alasan": reason.strip()[:500],
                 "tetap": told.kept, "baru": told.come, "data_awal": told.early,
                 "riwayat": told.history},
    )  # fmt: skip
    return told


# --- a registration that should not be ------------------------------------------------------------


def cancel(contract: Contract, reason: str, actor: Actor) -> None:
    """Batalkan pendaftaran: entered twice, or what is no contract at all.

    The row stays with its record and leaves all lists of work; its number becomes free. Refused
    when something was already paid.
    """
    if not reason.strip():
        raise Refused("Alasan wajib diisi. Contoh: terdaftar dua kali, yang benar nomor 602/15")
    if contract.state == ContractState.DROPPED:
        raise Refused("Pendaftaran ini sudah dibatalkan.")
    paid = [s for s in contract.steps if s.key == "sp2d" and s.state == StepState.DONE]
    if paid:
        raise Refused("Kontrak ini sudah dibayar dengan SP2D; pendaftarannya tidak dibatalkan.")
    before = {"status": contract.state, "nomor": contract.number}
    contract.state = ContractState.DROPPED
    contract.number = _free_number(contract)
    for step in contract.steps:
        if step.state == StepState.OPEN:
            _close(step, reason, actor)
    trail.record(f"contract:{contract.id}", "pendaftaran dibatalkan", f"contract:{contract.id}",
                 actor, before, {"alasan": reason.strip()[:500]})  # fmt: skip
    db.session.flush()


def _free_number(contract: Contract) -> str:
    return f"{contract.number[:66]} (batal {contract.id})"


def _close(step: Step, reason: str, actor: Actor) -> None:
    step.state, step.ready_on, step.done_at = StepState.VOID, None, clock.now()
    step.done_by, step.doc_no = actor.label[:200], f"Pendaftaran dibatalkan: {reason}"[:120]
