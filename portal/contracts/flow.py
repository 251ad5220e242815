"""Write contracts: register one, finish a step, take a step back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.clock import IsWorkday
from portal.contracts import plans
from portal.contracts.billing import KnownBill
from portal.contracts.kinds import (
    DESK_OF,
    HOLDER_LABELS,
    NEEDED,
    PAIRS,
    ROLES,
    ContractState,
    Detail,
)
from portal.contracts.models import Contract, ContractFund, ContractRole, Step, StepState
from portal.contracts.planning import Days, PlanKind
from portal.contracts.plans import Start
from portal.db import changed_rows, db
from portal.indonesian import long_date
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.models import Position
from portal.people.rules import Actor
from portal.trail import flow as trail


class Refused(Exception):
    """The act is not possible; the message is a sentence for the user."""


@dataclass(frozen=True)
class NewContract:
    """What the form asks. Money in rupiah with PPN; ``funds`` sum up to ``value`` (empty: all
    from ``fund``); ``last_done`` is the node id of the last step finished before the portal;
    ``signed`` records signing as done by this registration; ``goes_live`` None means today.
    """

    unit_id: int
    number: str
    title: str
    type: str
    value: Decimal
    fund: str
    vendor: str
    signed_on: date
    starts_on: date
    ends_on: date
    roles: Mapping[str, int] = field(default_factory=dict)  # role -> position
    method: str = "pengadaan_langsung"
    last_done: str = ""
    signed: bool = False
    known: Mapping[str, tuple[date, str]] = field(default_factory=dict)  # Data awal: day, number
    goes_live: date | None = None
    state: str = ContractState.RUNNING
    detail: str = Detail.TONGGAK
    rule: str = ""
    net: Decimal | None = None
    hps: Decimal | None = None
    funds: Mapping[str, Decimal] = field(default_factory=dict)
    year: int = 0
    rup_code: str = ""
    spse_code: str = ""
    line_id: int | None = None
    sub_code: str = ""
    account: str = ""
    vendor_npwp: str = ""
    vendor_kind: str = "badan"
    vendor_small: bool = False
    payment: str = "sekaligus"
    terms: int = 0
    advance: Decimal = Decimal(0)
    retention: str = "tidak"
    limits: Mapping[str, Any] = field(default_factory=dict)  # key -> stages.Limit.plain()
    bills: Mapping[str, KnownBill] = field(default_factory=dict)  # instance -> BAP before go-live


#: Columns that go into the table as they were given.
_PLAIN = (
    "unit_id", "number", "title", "type", "method", "state", "detail", "hps", "rup_code",
    "spse_code", "line_id", "sub_code", "account", "vendor", "vendor_npwp", "vendor_kind",
    "vendor_small", "payment", "terms", "advance", "retention", "signed_on", "starts_on",
    "ends_on", "value",
)  # fmt: skip


def register(new: NewContract, actor: Actor, is_workday: IsWorkday) -> Contract:
    """Enter a contract with its steps and their first plan.

    Steps up to ``last_done`` become Data awal: no lateness, no notice, charged to nobody.
    """
    return register_many([new], actor, Days.of(is_workday))[0]


def register_many(found: list[NewContract], actor: Actor, days: Days) -> list[Contract]:
    """Enter contracts, all or none; Refused names the first that cannot be entered."""
    if not found:
        return []
    known = _taken(found)
    holders: dict[int, dict[str, int]] = {}
    out: list[Contract] = []
    for new in found:
        check(new)
        if (new.unit_id, new.number) in known:
            raise Refused(f"Kontrak nomor {new.number} sudah terdaftar pada perangkat daerah ini.")
        known.add((new.unit_id, new.number))
        if new.unit_id not in holders:
            holders[new.unit_id] = default_roles(new.unit_id)
        roles = {**holders[new.unit_id], **{k: v for k, v in new.roles.items() if v}}
        if set(NEEDED) - set(roles):
            lacking = ", ".join(ROLES[r] for r in NEEDED if r not in roles)
            raise Refused(f"Pejabat belum lengkap: {lacking}. Pilih pejabat untuk setiap peran.")
        out.append(_contract(new, roles))
    db.session.add_all(out)
    db.session.flush()
    starts = {
        c.id: Start(n.last_done, n.signed, {**n.known, **_papers(n.bills)}, n.bills)
        for c, n in zip(out, found, strict=True)
    }
    plans.lay(out, starts, days)
    trail.begin("didaftarkan", actor, {
        f"contract:{c.id}": {"nomor": c.number, "jenis": c.type, "metode": c.method} for c in out
    })  # fmt: skip
    return out


def _papers(bills: Mapping[str, KnownBill]) -> dict[str, tuple[date, str]]:
    return {f"tagihan@{instance}": (bill.on, bill.number) for instance, bill in bills.items()}


def _taken(found: list[NewContract]) -> set[tuple[int, str]]:
    rows = db.session.execute(
        sa.select(Contract.unit_id, Contract.number).where(
            Contract.number.in_([n.number for n in found])
        )
    )
    return {(unit, number) for unit, number in rows}


def check(new: NewContract) -> None:
    """Refused with a sentence when the contract cannot be entered."""
    if new.ends_on < new.starts_on:
        raise Refused("Tanggal selesai kontrak mendahului tanggal mulai. Periksa kedua tanggal.")
    if new.value <= 0:
        raise Refused("Nilai kontrak harus lebih dari nol. Contoh: 150.000.000,00")
    if new.net is not None and not 0 < new.net <= new.value:
        raise Refused("Nilai tanpa PPN lebih dari nol dan tidak melebihi nilai kontrak.")
    if new.method not in PAIRS.get(new.type, ()):
        raise Refused("Metode itu tidak dipakai untuk jenis pengadaan ini. Pilih dari daftar.")
    if new.funds and sum(new.funds.values()) != new.value:
        raise Refused("Jumlah sumber dana tidak sama dengan nilai kontrak. Periksa pembagiannya.")
    if not 0 <= new.terms <= 24:
        raise Refused("Jumlah termin antara 0 dan 24.")
    if not 0 <= new.advance < new.value:
        raise Refused("Uang muka harus lebih kecil daripada nilai kontrak.")
    if not new.vendor.strip() and new.state != ContractState.PACKAGE and new.method != "swakelola":
        raise Refused("Penyedia wajib diisi. Contoh: CV Karya Contoh")


def _contract(new: NewContract, roles: Mapping[str, int]) -> Contract:
    funds = {k: v for k, v in new.funds.items() if v} or {new.fund: new.value}
    contract = Contract(
        **{name: getattr(new, name) for name in _PLAIN},
        fund=max(funds, key=lambda k: (funds[k], k)), net=new.net or new.value,
        first_value=new.value, first_ends_on=new.ends_on, year=new.year or new.signed_on.year,
        rule=new.rule or plans.library().rule_on(new.signed_on).key, limits=dict(new.limits),
        goes_live=new.goes_live or people.today(),
        created_at=clock.now(),
    )  # fmt: skip
    contract.funds = [ContractFund(fund=k, amount=v) for k, v in funds.items()]
    contract.roles = [ContractRole(role=k, position_id=v) for k, v in sorted(roles.items())]
    return contract


def default_roles(unit_id: int) -> dict[str, int]:
    """Jabatan that hold the roles of a unit's contracts where the form names no other.

    Those of the unit, else of the unit above it; Kuasa BUD and UKPBJ are the region's.
    """
    info = people.unit_info(unit_id, people.today())
    near = [unit_id, *(info.ancestors if info else ())]
    of = {Role.PPK: "ppk", Role.PPTK: "pptk", Role.BENDAHARA: "bendahara",
          Role.PPK_SKPD: "ppk_skpd", Role.KEPALA: "pa", Role.BUD: "bud",
          Role.UKPBJ: "pokja"}  # fmt: skip
    rows = db.session.execute(
        sa.select(Position.id, Position.unit_id, Position.role)
        .where(Position.active, Position.role.in_(tuple(of)),
               sa.or_(Position.unit_id.in_(near), Position.role.in_((Role.BUD, Role.UKPBJ))))
        .order_by(Position.rank, Position.id)
    ).all()  # fmt: skip
    rows = sorted(rows, key=lambda r: near.index(r.unit_id) if r.unit_id in near else 99)
    out: dict[str, int] = {}
    for row in rows:
        out.setdefault(of[Role(row.role)], row.id)
    return out


# --- a step is finished -------------------------------------------------------------------------


def finish(
    contract: Contract,
    step_id: int,
    done_on: date,
    doc_no: str,
    actor: Actor,
    is_workday: IsWorkday,
    file: tuple[str, str] | None = None,
) -> Step:
    """Finish a step that lies on a desk: date, number, file (SHA-256, name).

    A stale page (somebody finished it already) is refused; what follows gets new dates.
    """
    step = next((s for s in contract.steps if s.id == step_id), None)
    if step is None or step.state != StepState.OPEN or step.ready_on is None:
        raise Refused("Tahapan ini sudah diselesaikan atau belum gilirannya. Muat ulang halaman.")
    _check_day(contract, step, done_on)
    if not doc_no.strip():
        raise Refused("Nomor dokumen wajib diisi. Contoh: 900/12/SPP-LS/2026")
    sha, name = file or (None, "")
    _close(step, done_on=done_on, doc_no=doc_no.strip()[:120], sha256=sha, file_name=name,
           done_by=actor.label)  # fmt: skip
    after = {"tanggal": done_on.isoformat(), "nomor": doc_no.strip(), "sha256": sha}
    trail.record(
        f"contract:{contract.id}", "tahapan selesai", f"step:{step_id}", actor, None, after
    )
    moved_on(contract, Days.of(is_workday), f"{step.title} selesai {long_date(done_on)}")
    return step


def _check_day(contract: Contract, step: Step, done_on: date) -> None:
    if done_on > people.today():
        raise Refused("Tanggal selesai tidak boleh di masa depan. Isi tanggal dokumen.")
    early = step.phase[:2] in ("1_", "2_", "3_") or contract.state == ContractState.PACKAGE
    before = step.key in ("sppbj", "jaminan_pelaksanaan", "rapat_kontrak")
    if done_on < contract.signed_on and not early and not before:
        raise Refused("Tanggal selesai mendahului tanggal kontrak. Periksa tanggal dokumen.")


def _close(step: Step, state: StepState = StepState.DONE, **values: Any) -> None:
    changed = changed_rows(
        sa.update(Step)
        .where(Step.id == step.id, Step.state == StepState.OPEN)
        .values(state=state, done_at=clock.now(), ready_on=None, **values)
    )
    if changed == 0:
        raise Refused("Tahapan ini baru saja diselesaikan orang lain. Muat ulang halaman.")
    db.session.refresh(step)


def moved_on(contract: Contract, days: Days, reason: str) -> None:
    """New limits for what follows, and Selesai for a contract of which nothing is left."""
    plans.replan(contract, days, PlanKind.PROGRESS, reason)
    if contract.state == ContractState.RUNNING and not any(
        s.state == StepState.OPEN and not s.optional for s in contract.steps
    ):
        contract.state = ContractState.DONE
        db.session.flush()


def open_steps(contract: Contract) -> list[Step]:
    """The steps that lie on a desk now, the most urgent first."""
    found = [s for s in contract.steps if s.state == StepState.OPEN and s.ready_on is not None]
    return sorted(found, key=lambda s: (s.due_on or date.max, s.position))


def current_step(contract: Contract) -> Step | None:
    """The most urgent of the steps that lie on a desk."""
    return next(iter(open_steps(contract)), None)


def void(
    contract: Contract, step_id: int, reason: str, actor: Actor, is_workday: IsWorkday
) -> Step:
    """An optional step that does not happen: Tidak berlaku, with the reason."""
    step = next((s for s in contract.steps if s.id == step_id), None)
    if step is None or step.state != StepState.OPEN:
        raise Refused("Tahapan ini sudah ditutup. Muat ulang halaman.")
    if not reason.strip():
        raise Refused("Alasan wajib diisi. Contoh: tidak ada sanggahan sampai batas waktu.")
    _close(step, StepState.VOID, done_by=actor.label, doc_no=reason.strip()[:120])
    trail.record(f"contract:{contract.id}", "tahapan tidak berlaku", f"step:{step_id}", actor,
                 None, {"alasan": reason.strip()})  # fmt: skip
    moved_on(contract, Days.of(is_workday), f"{step.title} tidak berlaku")
    return step


def reopen(
    contract: Contract, step_id: int, reason: str, actor: Actor, is_workday: IsWorkday
) -> Step:
    """Take a finished step back; what stood there stays in the record.

    Its limit counts again from what goes before it, and it reminds again (a new cycle).
    """
    step = next((s for s in contract.steps if s.id == step_id), None)
    if step is None or step.state not in (StepState.DONE, StepState.VOID):
        raise Refused("Hanya tahapan yang sudah selesai yang dapat dibuka kembali.")
    if step.former:
        raise Refused("Tahapan ini tinggal riwayat: jenis atau metode kontrak sudah diperbaiki.")
    if not reason.strip():
        raise Refused("Alasan wajib diisi. Contoh: kuitansi belum ditandatangani.")
    before = {"tanggal": step.done_on.isoformat() if step.done_on else None,
              "nomor": step.doc_no, "sha256": step.sha256}  # fmt: skip
    step.state, step.done_on, step.done_at, step.done_by = StepState.OPEN, None, None, ""
    step.doc_no, step.sha256, step.file_name = "", None, ""
    step.reopened += 1
    contract.plan_version += 1
    step.cycle = contract.plan_version
    if contract.state == ContractState.DONE:
        contract.state = ContractState.RUNNING
    trail.record(f"contract:{contract.id}", "tahapan dibuka kembali", f"step:{step_id}", actor,
                 before, {"alasan": reason.strip()})  # fmt: skip
    plans.replan(contract, Days.of(is_workday), PlanKind.REOPENED, f"{step.title} dibuka kembali")
    return step


def lay_on(contract: Contract, step: Step, holder: str, actor: Actor) -> None:
    """The file of a step goes to another desk without the step being over (HOLDER_LABELS)."""
    if holder not in HOLDER_LABELS or step.contract_id != contract.id:
        raise Refused("Meja tujuan tidak dikenal.")

    before = step.holder
    step.holder, step.desk = holder, str(DESK_OF[holder])
    trail.record(f"contract:{contract.id}", "berkas berpindah meja", f"step:{step.id}", actor,
                 {"posisi": before}, {"posisi": holder})  # fmt: skip
    db.session.flush()
