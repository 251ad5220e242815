"""The stored side of planning: lays the steps of contracts down and moves their dates."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.contracts import billing, planning, stages, terms
from portal.contracts.kinds import ContractState
from portal.contracts.models import Billing, Contract, Step, StepPlan, StepState
from portal.contracts.planning import (
    FORMAL,
    SETTING,
    Anchors,
    Bill,
    Days,
    Facts,
    Node,
    PlanKind,
    Slot,
)
from portal.contracts.stages import Library, Limit, Stage
from portal.db import Base, canonical_json, db
from portal.people import workdays
from portal.people.models import Setting

#: Settings of the region that replace a day limit: ``kontrak.batas.<key of the step>``.
LIMIT_PREFIX = "kontrak.batas."


def library() -> Library:
    """The templates of this installation."""
    return stages.load(current_app.config["SELARAS"].templates / "contracts")


class RegionLimits:
    """Day limits that the region set, with the day from which each counts; one query."""

    def __init__(self) -> None:
        rows = db.session.execute(
            sa.select(Setting.key, Setting.valid_from, Setting.value)
            .where(Setting.key.startswith(LIMIT_PREFIX))
            .order_by(Setting.valid_from)
        )
        self.rows = [(k.removeprefix(LIMIT_PREFIX), since, v) for k, since, v in rows]

    def on(self, day: date) -> dict[str, Limit]:
        """Those in force on a day; an empty value gives the default back."""
        found = {key: value for key, since, value in self.rows if since <= day}
        return {key: Limit.read(value) for key, value in found.items() if value}


def region_limits(on: date) -> dict[str, Limit]:
    """Day limits of the region on a day (a contract keeps those of the day it was signed)."""
    return RegionLimits().on(on)


def template(contract: Contract) -> tuple[Stage, ...]:
    """The stages that fit the contract."""
    return library().of(contract.type, contract.method, contract.rule, contract.detail)


def marks(found: Iterable[Stage]) -> dict[str, str]:
    """Which step of a template signs, hands over, ends the maintenance."""
    keys = [s.key for s in found]
    return {mark: library().marked(mark, keys) for mark in library().marks}


def calendar_mark() -> str:
    """A short name of the calendar, the region's limits and terms as they are now.

    A contract whose plan was made under another one is planned anew by the tick.
    """
    local = {d.isoformat(): k for d, k in sorted(workdays.calendar().local.items())}
    limits = [[key, since.isoformat(), value] for key, since, value in RegionLimits().rows]
    text = canonical_json([version("holidays"), local, limits, *terms.planning_mark()])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# --- what a contract has ------------------------------------------------------------------------


def flags(contract: Contract) -> frozenset[str]:
    """Conditions of template rows that hold for the contract."""
    found = {"optional"}
    if contract.advance > 0:
        found.add("um")
    if contract.retention != "tidak":
        found.add("pemeliharaan")
    asked = terms.value("jamlak_batas", contract.signed_on)
    if (contract.value > asked and contract.method not in ("e_purchasing", "swakelola")
            and contract.type != "konsultansi"):  # fmt: skip
        found.add("jamlak")
    if any(f.fund.startswith("DAK Fisik") for f in contract.funds):
        found.add("dak")
    return frozenset(found)


def nodes_of(
    contract: Contract, billings: Sequence[Billing], region: Mapping[str, Limit]
) -> list[Node]:
    """The steps that the contract has by its template, its bills, its years and its limits."""
    found = template(contract)
    facts = Facts(
        tuple(Bill(b.instance, b.kind, b.title, None, b.expected_on and _ANY) for b in billings),
        tuple(range(contract.signed_on.year, contract.ends_on.year + 1)), flags(contract),
        terms.whole("tagih_hari", contract.signed_on),
    )  # fmt: skip
    own = {key: Limit.read(raw) for key, raw in (contract.limits or {}).items()}
    return planning.expand(found, facts, marks(found), {**region, **own})


#: That a bill has a day of its own matters to the order of the steps; which day does not.
_ANY = date(2000, 1, 1)


def anchors_of(contract: Contract, billings: Iterable[Billing]) -> Anchors:
    """The dates that the steps of a contract hang on."""
    running = contract.goes_live > contract.signed_on
    return Anchors(
        contract.year, min(contract.goes_live, contract.signed_on), contract.signed_on,
        contract.starts_on, contract.ends_on,
        {b.instance: b.expected_on for b in billings if b.expected_on},
        contract.goes_live if running and contract.state != ContractState.PACKAGE else None,
        terms.whole("tenggang_masuk", contract.goes_live),
    )  # fmt: skip


# --- laying down ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Start:
    """How far a contract is when it enters: the last step done, and whether signing is a step
    done by its registration (``signed``)."""

    last_done: str = ""
    signed: bool = False
    known: Mapping[str, tuple[date, str]] = field(default_factory=dict)  # node id -> day, number
    bills: Mapping[str, billing.KnownBill] = field(default_factory=dict)  # instance, in order


def _billed(ids: Sequence[str], start: Start) -> set[str]:
    """Nodes of payments that lie before the portal: all of the earlier ones, of the last only
    its bill; whether its SP2D was issued nobody has said."""
    names = list(start.bills)
    out = {i for i in ids if i.partition("@")[2] in names[:-1]}
    return out | {i for n in names[-1:] for i in ids if i == f"tagihan@{n}"}


def opening(nodes: Sequence[Node], contract: Contract, start: Start, sign: str) -> set[str]:
    """Ids of the nodes that lie before the portal: Data awal.

    Everything up to the last step done; all that comes before signing in a signed contract; and
    fixed days of the year that are over.
    """
    ids = [n.id for n in nodes]
    last = start.last_done if start.last_done in ids else f"{start.last_done}@akhir"
    out = set(ids[: ids.index(last) + 1]) if last in ids else set()
    out |= _billed(ids, start)
    if contract.state != ContractState.PACKAGE:
        before = {n.id: n for n in nodes}
        todo = [sign] if sign in before else []
        while todo:
            for token in before[todo.pop()].after:
                each = token.lstrip("~")
                if each in before and each not in out:
                    out.add(each)
                    todo.append(each)
        out |= {n.id for n in nodes if n.stage.phase[:2] in ("1_", "2_", "3_")} - {sign}
    for node in nodes:
        if node.mode in ("tgl", "lalu") and node.days is not None:
            year = int(node.instance or contract.year or contract.signed_on.year)
            year -= node.mode == "lalu"
            if date(year, node.days // 100, node.days % 100) < contract.goes_live:
                out.add(node.id)
    return out


def _table(model: type[Base]) -> sa.Table:
    """The bare table of a model: rows go in by one statement, without the ORM's bookkeeping."""
    return Base.metadata.tables[model.__tablename__]


_BILL = ("contract_id", "instance", "kind", "title", "position", "percent", "amount",
         "expected_on")  # fmt: skip


def lay(contracts: Sequence[Contract], starts: Mapping[int, Start], days: Days) -> int:
    """Write the steps of new contracts with their first plan, all in a few statements.

    The contracts have ids and their rows of funds; bills are made here. Returns how many steps.
    """
    region = RegionLimits()
    mark, now = calendar_mark(), clock.now()
    rows: list[dict[str, Any]] = []
    made: list[dict[str, Any]] = []
    for contract in contracts:
        billings = billing.bills(contract)
        billing.with_known(billings, contract.value, starts.get(contract.id, Start()).bills)
        made += [{c: getattr(b, c) for c in _BILL} for b in billings]
        contract.calendar_mark = mark
        limits = region.on(contract.signed_on)
        rows += first_rows(contract, billings, starts.get(contract.id, Start()), days, limits)
    db.session.flush()
    db.session.execute(sa.insert(_table(Billing)), made)
    _insert(rows, now)
    for contract in contracts:
        db.session.expire(contract, ["steps", "billings"])
    return len(rows)


def _insert(rows: list[dict[str, Any]], at: datetime) -> None:
    """Steps and their first plans, each in one statement; ids are read back by position.

    RETURNING in the order of the rows would make SQLite insert them one by one.
    """
    if not rows:
        return
    db.session.execute(sa.insert(_table(Step)), rows)
    contracts = [r["contract_id"] for r in rows]
    found = db.session.execute(
        sa.select(Step.contract_id, Step.position, Step.id).where(
            Step.contract_id.between(min(contracts), max(contracts))
        )
    )
    ids = {(contract, position): step for contract, position, step in found}
    db.session.execute(sa.insert(_table(StepPlan)), [
        {"step_id": ids[r["contract_id"], r["position"]], "version": 1, "kind": PlanKind.FIRST,
         "due_on": r["due_on"], "plan_on": r["plan_on"], "reason": "", "at": at}
        for r in rows
    ])  # fmt: skip


def first_rows(
    contract: Contract, billings: Sequence[Billing], start: Start, days: Days,
    region: Mapping[str, Limit],
) -> list[dict[str, Any]]:  # fmt: skip
    """The rows of the step table for a contract that enters."""
    nodes = nodes_of(contract, billings, region)
    sign = marks(template(contract))["sign"]
    before = opening(nodes, contract, start, sign)
    anchors = anchors_of(contract, billings)
    signed = start.signed and contract.state != ContractState.PACKAGE
    state = {i: StepState.OPENING for i in before}
    done: dict[str, date] = {}
    if signed:
        late = contract.goes_live > contract.signed_on
        state[sign] = StepState.OPENING if late or sign in before else StepState.DONE
        done[sign] = contract.signed_on
    papers = {i: found for i, found in start.known.items() if i in before and i not in done}
    done |= {i: day for i, (day, _) in papers.items()}
    slots = [_slot_of(n, contract, done.get(n.id), n.id in before) for n in nodes]
    numbers = {i: number for i, (_, number) in papers.items()} | {
        i: contract.number for i in done if i not in papers
    }
    planned = planning.schedule(slots, anchors, days)
    closed = {i: planned[i].ends for i in state}
    ready = planning.ready(slots, closed, anchors)
    return [
        {
            "contract_id": contract.id, "key": n.stage.key, "instance": n.instance,
            "position": at, "phase": n.stage.phase, "title": n.stage.title,
            "holder": n.stage.holder, "others": list(n.stage.others), "desk": n.stage.desk,
            "basis": n.basis[:300], "mode": n.mode, "days": n.days, "day_kind": n.kind,
            "roll": n.stage.roll, "after": list(n.after), "optional": n.stage.when == "optional",
            "state": state.get(n.id, StepState.OPEN), "due_on": planned[n.id].due,
            "plan_on": planned[n.id].plan, "ready_on": _since(ready.get(n.id), contract),
            "done_on": done.get(n.id), "doc_no": numbers.get(n.id, ""),
        }
        for at, n in enumerate(nodes, start=1)
    ]  # fmt: skip


def _since(day: date | None, contract: Contract) -> date | None:
    return None if day is None else max(day, contract.goes_live)


@lru_cache(maxsize=4096)
def _year(instance: str) -> int:
    return int(instance) if instance.isdigit() and len(instance) == 4 else 0


def _slot_of(node: Node, contract: Contract, done: date | None, shut: bool) -> Slot:
    return Slot(node.id, node.after, node.mode, node.days, node.kind, node.stage.roll,
                _year(node.instance) or contract.year, done, shut and done is None)  # fmt: skip


# --- moving -------------------------------------------------------------------------------------


def node_of(step: Step) -> str:
    """The node id of a stored step."""
    return planning.node_id(step.key, step.instance)


def slots_of(contract: Contract) -> list[Slot]:
    """The stored steps as what their dates are computed from, in their order."""
    return [
        Slot(
            node_of(s), tuple(s.after), s.mode, s.days, s.day_kind, s.roll,
            _year(s.instance) or contract.year, s.done_on,
            s.state in (StepState.OPENING, StepState.VOID) and s.done_on is None, s.clock_on,
        )
        for s in contract.steps
    ]  # fmt: skip


def replan(contract: Contract, days: Days, kind: PlanKind, reason: str) -> list[Step]:
    """New dates for what is open; the old plan stays as a row. Returns the steps that moved.

    Progress moves limits only; an addendum, the calendar or new limits make a new formal plan
    and mark what moved as Jadwal disesuaikan. What is done keeps its dates.
    """
    slots, anchors = slots_of(contract), anchors_of(contract, contract.billings)
    planned = planning.schedule(slots, anchors, days)
    closed = {node_of(s): planned[node_of(s)].ends for s in contract.steps
              if s.state != StepState.OPEN}  # fmt: skip
    ready = planning.ready(slots, closed, anchors)
    moved = []
    for step in contract.steps:
        i = node_of(step)
        since = _since(ready.get(i), contract) if step.state == StepState.OPEN else None
        if step.ready_on != since:
            step.ready_on = since
        if step.state == StepState.OPEN and _moves(step, planned[i], kind):
            moved.append(step)
    if moved:
        contract.plan_version += 1
        _write_moves(contract, moved, planned, kind, reason)
    db.session.flush()
    return moved


def _moves(step: Step, planned: planning.Planned, kind: PlanKind) -> bool:
    formal = step.plan_on is None or (kind in SETTING and step.plan_on != planned.plan)
    return formal or step.due_on != planned.due


def _write_moves(
    contract: Contract, moved: Sequence[Step], planned: Mapping[str, planning.Planned],
    kind: PlanKind, reason: str,
) -> None:  # fmt: skip
    now = clock.now()
    for step in moved:
        new = planned[node_of(step)]
        if step.due_on != new.due:
            step.cycle = contract.plan_version
            step.adjusted = step.adjusted or (kind in FORMAL and step.due_on is not None)
        step.due_on = new.due
        if kind in SETTING or step.plan_on is None:
            step.plan_on = new.plan
        db.session.add(
            StepPlan(step_id=step.id, version=contract.plan_version, kind=kind, due_on=step.due_on,
                     plan_on=step.plan_on, reason=reason[:300], at=now)
        )  # fmt: skip
