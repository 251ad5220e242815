"""Reads of one whole contract for its Berkas kronologi."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from portal import store
from portal.chronology import checking, rules
from portal.contracts.models import Contract, Step, StepPlan
from portal.db import db
from portal.desks import queries as desks
from portal.desks.models import Hold
from portal.notices.proof import Proof, proof
from portal.trail import flow as trail
from portal.trail.models import TrailEntry
from portal.works import queries as works
from portal.works.models import Progress

VIEWED, TAKEN = "kronologi dilihat", "kronologi diunduh"


@dataclass(frozen=True)
class StepLine:
    """A step with every plan it had and every stay on a desk."""

    step: Step
    plans: tuple[StepPlan, ...]
    stays: tuple[Hold, ...]


@dataclass(frozen=True)
class File:
    """A paper of the contract: where it belongs, its hash, whether its bytes are still those."""

    place: str
    name: str
    sha256: str
    state: str  # utuh | berubah | hilang
    photo: int | None = None  # Photo.id


@dataclass(frozen=True)
class Act:
    """One act of the record, by jabatan."""

    seq: int
    at: datetime
    verb: str
    office: str
    subject: str
    hash: str


@dataclass(frozen=True)
class Chain:
    """Whether the record of this contract is whole."""

    entries: int
    head: str
    faults: tuple[trail.Fault, ...]
    mismatches: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """True when nothing was altered."""
        return not self.faults and not self.mismatches


@dataclass(frozen=True)
class Chronology:
    """All that is recorded."""

    contract: Contract
    steps: tuple[StepLine, ...]
    told: desks.Told
    proof: Proof
    money: works.Money
    reports: tuple[Progress, ...]
    files: tuple[File, ...]
    acts: tuple[Act, ...]
    chain: Chain

    @property
    def codes(self) -> dict[str, str]:
        """Kode keaslian by SHA-256."""
        return {f.sha256: rules.code(f.sha256) for f in self.files}

    @property
    def damaged(self) -> tuple[File, ...]:
        """Files whose bytes are not those that were handed in."""
        return tuple(f for f in self.files if f.state != "utuh")


def of(contract: Contract, today: date) -> Chronology:
    """The whole contract; a fixed number of queries whatever its size."""
    told = desks.told(contract.id)
    pauses = [
        p for p in told.pauses
        if p.contract_id is not None
        or (p.since <= max(contract.ends_on, today) and (p.until or today) >= contract.starts_on)
    ]  # fmt: skip
    told = desks.Told(told.holds, pauses, told.obstacles, told.replies)
    reports = tuple(works.reports(contract.id))
    chain, acts = record_of(contract.id)
    return Chronology(
        contract, _steps(contract, told), told, proof(contract.id), works.money(contract), reports,
        tuple(_files(contract, told, reports)), acts, chain,
    )  # fmt: skip


def _steps(contract: Contract, told: desks.Told) -> tuple[StepLine, ...]:
    plans: dict[int, list[StepPlan]] = defaultdict(list)
    for plan in db.session.scalars(
        sa.select(StepPlan).join(Step, Step.id == StepPlan.step_id)
        .where(Step.contract_id == contract.id).order_by(StepPlan.version)
    ):  # fmt: skip
        plans[plan.step_id].append(plan)
    stays: dict[int, list[Hold]] = defaultdict(list)
    for hold in told.holds:
        stays[hold.step_id].append(hold)
    return tuple(
        StepLine(s, tuple(plans.get(s.id, ())), tuple(stays.get(s.id, ()))) for s in contract.steps
    )


def _files(
    contract: Contract, told: desks.Told, reports: tuple[Progress, ...]
) -> list[File]:  # fmt: skip
    titles = {s.id: s.title for s in contract.steps}
    bills = {b.instance: f" ({b.title})" for b in contract.billings}
    found: list[tuple[str, str, str | None, int | None]] = [
        (f"Langkah: {s.title}{bills.get(s.instance, '')}", s.file_name, s.sha256, None)
        for s in contract.steps
    ]
    found += [(f"Penundaan {p.doc_no}", p.file_name, p.sha256, None) for p in told.pauses]
    found += [(f"Kendala: {titles.get(o.step_id, '')}", o.file_name, o.sha256, None)
              for o in told.obstacles]  # fmt: skip
    found += [(f"Tanggapan: {titles.get(r.step_id, '')}", r.file_name, r.sha256, None)
              for r in told.replies]  # fmt: skip
    found += [(f"Foto minggu ke-{p.week}", photo.name, photo.sha256, photo.id)
              for p in reports for photo in p.photos]  # fmt: skip
    states: dict[str, str] = {}
    out = []
    for place, name, sha, photo in found:
        if sha:
            states.setdefault(sha, store.state_of(sha))
            out.append(File(place, name, sha, states[sha], photo))
    return out


def record_of(contract_id: int) -> tuple[Chain, tuple[Act, ...]]:
    """The record of a contract and whether it is whole."""
    stream = f"contract:{contract_id}"
    rows = db.session.execute(
        sa.select(TrailEntry.seq, TrailEntry.at, TrailEntry.verb, TrailEntry.actor,
                  TrailEntry.subject, TrailEntry.hash)
        .where(TrailEntry.stream == stream).order_by(TrailEntry.seq)
    ).all()  # fmt: skip
    faults = tuple(trail.faults(stream))
    acts = tuple(Act(r.seq, r.at, r.verb, rules.office(r.actor), r.subject, r.hash) for r in rows)
    head = rows[-1].hash if rows else ""
    return Chain(len(rows), head, faults, tuple(checking.mismatches(contract_id))), acts


@dataclass(frozen=True)
class Taken:
    """A chronology that somebody took away."""

    at: datetime
    office: str
    name: str
    code: str


def taken(contract_id: int, most: int = 20) -> list[Taken]:
    """Chronologies that were made as files, the newest first."""
    rows = db.session.scalars(
        sa.select(TrailEntry)
        .where(TrailEntry.stream == f"contract:{contract_id}", TrailEntry.verb == TAKEN)
        .order_by(TrailEntry.seq.desc()).limit(most)
    )  # fmt: skip
    return [
        Taken(r.at, rules.office(r.actor), (r.after or {}).get("nama", ""),
              rules.code((r.after or {}).get("sha256", "")))
        for r in rows
    ]  # fmt: skip


#: Verbs of the record that name a file that went out, with its SHA-256.
_OUT = {TAKEN: "Berkas kronologi kontrak", "paket diterbitkan": "Paket data kontrak"}


@dataclass(frozen=True)
class Handed:
    """A file of a contract that left the portal, for "Periksa keaslian berkas"."""

    what: str
    name: str
    at: datetime
    code: str


def handed_out(sha256: str) -> Handed | None:
    """The chronology or pack with exactly these bytes, the first time that it was made; no
    person and no reader is named."""
    row = db.session.scalar(
        sa.select(TrailEntry)
        .where(TrailEntry.verb.in_(_OUT), TrailEntry.stream.startswith("contract:"),
               sa.type_coerce(TrailEntry.after, sa.Text).contains(sha256, autoescape=True))
        .order_by(TrailEntry.id).limit(1)
    )  # fmt: skip
    if row is None:
        return None
    after = row.after or {}
    name = after.get("nama") or after.get("nomor", "")
    return Handed(_OUT[row.verb], name, row.at, rules.code(sha256))
