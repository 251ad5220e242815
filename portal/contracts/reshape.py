"""Write what gives a contract other steps or other limits: events, SSKK, detail, the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from portal import clock
from portal.clock import IsWorkday
from portal.contracts import planning, plans
from portal.contracts.flow import Refused, moved_on
from portal.contracts.kinds import ContractState, Detail
from portal.contracts.models import Contract, Step, StepState
from portal.contracts.planning import Days, Node, PlanKind
from portal.contracts.stages import Limit, Stage
from portal.db import db
from portal.people import queries as people
from portal.people import workdays
from portal.people.rules import PORTAL, Actor
from portal.trail import flow as trail

#: What can happen to a contract, as the page offers it: label -> rows that it brings.
EVENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "perubahan": ("Usulan perubahan kontrak", (
        "usul_perubahan", "teliti_perubahan", "putus_waktu", "addendum")),
    "banding": ("Sanggah banding", ("banding", "jawab_banding")),
    "kritis": ("Kontrak kritis: peringatan, SCM I-III, SP I-III", (
        "peringatan", "scm1", "sp1", "scm2", "sp2", "scm3", "sp3")),
    "sp": ("Surat Peringatan I-III kepada penyedia", ("sp1", "sp2", "sp3")),
    "denda": ("Denda keterlambatan", ("denda",)),
    "kesempatan": ("Pemberian kesempatan", ("kesempatan",)),
    "putus": ("Pemutusan kontrak", ("putus", "cair_jaminan", "daftar_hitam")),
    "kahar": ("Keadaan kahar", ("kahar",)),
    "cacat": ("Perbaikan cacat masa pemeliharaan", ("cacat",)),
    "pendampingan": ("Permohonan pendampingan hukum", ("pendampingan",)),
}  # fmt: skip
#: How many contracts one tick plans anew after the calendar changed.
BATCH = 60
WHY = "Kalender kerja atau batas waktu daerah berubah"


def events_for(contract: Contract) -> dict[str, str]:
    """The events that can happen to this contract: key -> label."""
    have = {s.key for s in _event_rows(contract)}
    return {
        key: label for key, (label, rows) in EVENTS.items()
        if set(rows) <= have and not (key == "sp" and "scm1" in have)
    }  # fmt: skip


def _event_rows(contract: Contract) -> list[Stage]:
    return [
        s for s in plans.library().fine
        if contract.type in s.types and contract.method in s.methods
        and (s.per == "kejadian" or s.when == "event")
    ]  # fmt: skip


def add_event(
    contract: Contract, keys: Sequence[str], on: date, actor: Actor, is_workday: IsWorkday
) -> list[Step]:
    """Rows that exist only when something happens (phase 8, objections, returned papers).

    They form one instance (k1, k2, ...) and follow each other as in rinci.csv.
    """
    found = [s for s in _event_rows(contract) if s.key in keys]
    if not found or set(keys) - {s.key for s in found}:
        raise Refused("Kejadian itu tidak dikenal untuk jenis kontrak ini. Pilih dari daftar.")
    if on > people.today():
        raise Refused("Tanggal kejadian tidak boleh di masa depan.")
    if any(s.key == found[0].key and f"^{on.isoformat()}" in s.after for s in contract.steps):
        raise Refused("Kejadian itu sudah tercatat pada tanggal tersebut.")
    numbers = [int(s.instance[1:]) for s in contract.steps
               if s.instance[:1] == "k" and s.instance[1:].isdigit()]  # fmt: skip
    instance = f"k{max(numbers, default=0) + 1}"
    known = {s.key for s in found}
    steps = _append(contract, [_event_node(s, instance, on, known) for s in found])
    trail.record(f"contract:{contract.id}", "kejadian dicatat", f"event:{instance}", actor, None,
                 {"tahapan": list(keys), "tanggal": on.isoformat()})  # fmt: skip
    plans.replan(contract, Days.of(is_workday), PlanKind.PROGRESS, f"{found[0].title} dicatat")
    return steps


def _event_node(stage: Stage, instance: str, on: date, known: set[str]) -> Node:
    after = []
    for token in stage.after:
        gate, key = ("~" if token[0] == "~" else ""), token.lstrip("~")
        if key == "^kejadian":
            after.append(f"^{on.isoformat()}")
        elif key[0] == "^":
            after.append(key)
        elif key in known:
            after.append(f"{gate}{planning.node_id(key, instance)}")
    return Node(
        planning.node_id(stage.key, instance), instance, stage,
        tuple(after) or (f"^{on.isoformat()}",), stage.mode, stage.days, stage.kind, stage.basis,
    )  # fmt: skip


def _append(contract: Contract, nodes: Iterable[Node]) -> list[Step]:
    """Steps at the end of a contract; their dates come with the next replan."""
    at = max((s.position for s in contract.steps), default=0)
    out = []
    for n, node in enumerate(nodes, start=1):
        step = Step(
            key=node.stage.key, instance=node.instance, position=at + n, **columns_of(node),
            state=StepState.OPEN, cycle=contract.plan_version,
        )  # fmt: skip
        contract.steps.append(step)
        out.append(step)
    db.session.flush()
    return out


def columns_of(node: Node) -> dict[str, Any]:
    """What a step takes over from its node; a planned day is not among it."""
    return {
        "phase": node.stage.phase, "title": node.stage.title, "holder": node.stage.holder,
        "others": list(node.stage.others), "desk": node.stage.desk, "basis": node.basis[:300],
        "mode": node.mode, "days": node.days, "day_kind": node.kind, "roll": node.stage.roll,
        "after": list(node.after), "optional": node.stage.when == "optional",
    }  # fmt: skip


def chain_of(contract: Contract, step: Step) -> list[Step]:
    """All steps of the event that a step belongs to, in order; empty for a step of the plan."""
    if step.instance[:1] != "k" or not step.instance[1:].isdigit():
        return []
    return [s for s in contract.steps if s.instance == step.instance]


def agree_trial(
    contract: Contract, step: Step, until: date, doc_no: str, actor: Actor, is_workday: IsWorkday
) -> Step | None:
    """The end of the trial that the minutes of an SCM agree on: the day on which the next step of
    its chain is due. None when nothing follows."""
    after = next((s for s in chain_of(contract, step) if s.position > step.position
                  and s.state == StepState.OPEN), None)  # fmt: skip
    if after is None:
        return None
    basis = f"Uji coba menurut berita acara {step.title.partition(' dan ')[0]} {doc_no.strip()}"
    set_limit(contract, plans.node_of(after), Limit(None, "kalender", basis[:200], until), actor,
              is_workday)  # fmt: skip
    return after


def close_chain(
    contract: Contract, step: Step, reason: str, actor: Actor, is_workday: IsWorkday
) -> list[Step]:
    """The trial succeeded: what is left of the chain does not happen, with the reason."""
    left = [s for s in chain_of(contract, step) if s.state == StepState.OPEN]
    if not left:
        raise Refused("Rangkaian ini sudah selesai. Muat ulang halaman.")
    if not reason.strip():
        raise Refused("Alasan wajib diisi. Contoh: uji coba tahap I tercapai, BA 602/35/2026")
    for each in left:
        each.state, each.ready_on, each.done_at = StepState.VOID, None, clock.now()
        each.done_by, each.doc_no = actor.label[:200], reason.strip()[:120]
        trail.record(f"contract:{contract.id}", "tahapan tidak berlaku", f"step:{each.id}", actor,
                     None, {"alasan": reason.strip()})  # fmt: skip
    db.session.flush()
    moved_on(contract, Days.of(is_workday), f"Rangkaian {step.instance} ditutup")
    return left


# --- limits -------------------------------------------------------------------------------------


def set_limit(
    contract: Contract, key: str, limit: Limit | None, actor: Actor, is_workday: IsWorkday
) -> list[Step]:
    """A limit of this contract alone (SSKK, schedule in SPSE); None gives the default back.

    ``key`` is a node id, or the key of a step for all its instances. Returns what moved.
    """
    if not any(key in (s.key, plans.node_of(s)) for s in contract.steps):
        raise Refused("Tahapan itu tidak ada pada kontrak ini.")
    if limit is not None and limit.on is None and not 0 <= (limit.days or 0) <= 730:
        raise Refused("Jumlah hari antara 0 dan 730. Contoh: 14")
    if limit is not None and not limit.basis.strip():
        raise Refused("Dasar wajib diisi. Contoh: SSKK butir 12.3")
    limits = dict(contract.limits or {})
    before = limits.pop(key, None)
    if limit is not None:
        limits[key] = limit.plain()
    contract.limits = limits
    trail.record(f"contract:{contract.id}", "batas waktu diubah", f"limit:{key}", actor, before,
                 limits.get(key))  # fmt: skip
    return take_limits(contract, Days.of(is_workday), f"Batas waktu {key} diubah")


def take_limits(
    contract: Contract, days: Days, reason: str, region: plans.RegionLimits | None = None,
    kind: PlanKind = PlanKind.LIMITS,
) -> list[Step]:  # fmt: skip
    """Let the open steps follow the limits in force; returns those whose date moved."""
    limits = (region or plans.RegionLimits()).on(contract.signed_on)
    nodes = {n.id: n for n in plans.nodes_of(contract, contract.billings, limits)}
    for step in contract.steps:
        node = nodes.get(plans.node_of(step))
        if node is not None and step.state == StepState.OPEN:
            step.mode, step.days, step.day_kind = node.mode, node.days, node.kind
            step.basis, step.after = node.basis[:300], list(node.after)
        elif node is None and step.state == StepState.OPEN:
            _limit_event(contract, step)
    return plans.replan(contract, days, kind, reason)


def _limit_event(contract: Contract, step: Step) -> None:
    """A limit of its own for a step that came with an event, or that of its row again."""
    raw = (contract.limits or {}).get(plans.node_of(step))
    row = next((s for s in _event_rows(contract) if s.key == step.key), None)
    if raw is not None:
        limit = Limit.read(raw)
        step.mode, step.days, step.day_kind = "max", limit.days, limit.kind
        step.basis = (limit.basis or step.basis)[:300]
        if limit.on is not None:
            step.days, step.day_kind = 0, "kalender"
            gates = [f"~{t.lstrip('~')}" for t in step.after if t[0] != "^"]
            step.after = [f"^{limit.on.isoformat()}", *gates]
    elif row is not None:
        gates = [t.lstrip("~") for t in step.after if t[0] != "^"]
        step.mode, step.days, step.day_kind, step.basis = row.mode, row.days, row.kind, row.basis
        step.after = gates or list(step.after)


# --- detail ---------------------------------------------------------------------------------


def widen(contract: Contract, actor: Actor, is_workday: IsWorkday) -> list[Step]:
    """Follow the contract by all its steps instead of tonggak; returns the steps that came.

    What is finished stays finished; steps that lie before it come as Data awal.
    """
    if contract.detail == Detail.RINCI or contract.method == "swakelola":
        raise Refused("Kontrak ini sudah memakai tahapan yang paling rinci.")
    contract.detail = Detail.RINCI
    fresh, _ = _lay_again(contract)
    trail.record(f"contract:{contract.id}", "tahapan dirinci", f"contract:{contract.id}", actor)
    plans.replan(contract, Days.of(is_workday), PlanKind.FIRST, "Tahapan dirinci")
    return fresh


#: Begins the reason of a step that a correction took off; another correction may bring it back.
PUT_RIGHT = "Data diperbaiki"


def refit(contract: Contract, reason: str) -> list[Step]:
    """Let the steps follow the template again after bills or conditions changed.

    What came is added, what no longer belongs and is open becomes Tidak berlaku. The caller plans
    the dates. Returns the steps that came.
    """
    fresh, left = _lay_again(contract, renew=False)
    for step in left:
        event = step.instance[:1] == "k" and step.instance[1:].isdigit()
        if step.state == StepState.OPEN and not event:
            step.state, step.ready_on = StepState.VOID, None
            step.doc_no = f"{PUT_RIGHT}: {reason}"[:120]
    db.session.flush()
    return fresh


def laid(contract: Contract, node: Node, at: int, before: set[str]) -> Step:
    """A step that comes to a contract; one that lies before the last done is Data awal."""
    step = Step(key=node.stage.key, instance=node.instance, cycle=contract.plan_version,
                state=StepState.OPENING if node.id in before else StepState.OPEN,
                position=at, **columns_of(node))  # fmt: skip
    contract.steps.append(step)
    return step


def _lay_again(contract: Contract, renew: bool = True) -> tuple[list[Step], list[Step]]:
    """Steps by the template as it is now: those that came, and those that it does not have.

    Without ``renew`` a step that stands keeps its limit and the desk on which its file lies.
    """
    nodes = plans.nodes_of(contract, contract.billings, plans.region_limits(contract.signed_on))
    stood = {plans.node_of(s): s for s in contract.steps}
    before = passed(nodes, {i for i, s in stood.items() if s.state != StepState.OPEN}, contract)
    fresh = []
    for at, node in enumerate(nodes, start=1):
        step = stood.pop(node.id, None)
        if step is None:
            fresh.append(laid(contract, node, at, before))
        elif renew:
            _renew(step, node, at)
        else:
            step.position, step.after = at, list(node.after)
            if step.state == StepState.VOID and step.doc_no.startswith(PUT_RIGHT):
                step.state, step.doc_no = StepState.OPEN, ""
    for n, step in enumerate(stood.values(), start=len(nodes) + 1):
        step.position = n  # events, and tonggak that the template does not have
    db.session.flush()
    contract.steps.sort(key=lambda s: s.position)
    return fresh, list(stood.values())


def _renew(step: Step, node: Node, at: int) -> None:
    step.position = at
    if step.state != StepState.OPEN:
        step.after = list(node.after)
        return
    for name, value in columns_of(node).items():
        setattr(step, name, value)


def passed(nodes: Sequence[Node], closed: set[str], contract: Contract) -> set[str]:
    """What goes before something that is finished, and fixed days that are over."""
    by_id: Mapping[str, Node] = {n.id: n for n in nodes}
    out: set[str] = set()
    todo = [i for i in closed if i in by_id]
    while todo:
        for token in by_id[todo.pop()].after:
            each = token.lstrip("~")
            if each in by_id and each not in out and each not in closed:
                out.add(each)
                todo.append(each)
    sign = plans.marks(plans.template(contract))["sign"]
    return out | plans.opening(nodes, contract, plans.Start(), sign)


# --- the calendar -----------------------------------------------------------------------------


def tick() -> None:
    """Plan anew what was planned under another calendar or limits, some contracts at a time.

    Level-triggered: a contract names the calendar of its plan, so a missed tick loses nothing.
    """
    mark = plans.calendar_mark()
    found = db.session.scalars(
        sa.select(Contract)
        .where(Contract.calendar_mark != mark)
        .order_by(Contract.id)
        .limit(BATCH)
        .options(
            selectinload(Contract.steps),
            selectinload(Contract.billings),
            selectinload(Contract.funds),
        )
    ).all()
    if not found:
        return
    days, region = Days(workdays.calendar().is_workday), plans.RegionLimits()
    for contract in found:
        contract.calendar_mark = mark
        if contract.state not in (ContractState.RUNNING, ContractState.PACKAGE):
            continue
        moved = take_limits(contract, days, WHY, region, PlanKind.CALENDAR)
        if moved:
            trail.record(f"contract:{contract.id}", "jadwal disesuaikan", "kalender", PORTAL, None,
                         {"tahapan": len(moved)})  # fmt: skip
    db.session.flush()
