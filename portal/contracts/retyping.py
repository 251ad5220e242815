"""Another type or method for a registered contract: its steps follow the right template.

A correction, not a change of the contract: it says that the paper always was of that type. What
is finished stays as it was recorded; a finished step that the right template does not have goes
into the history. Limits that have passed before anybody could know them count from today.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.clock import IsWorkday
from portal.contracts import planning, plans
from portal.contracts.kinds import METHODS, TYPES, ContractState, Detail
from portal.contracts.models import Contract, Step, StepState
from portal.contracts.planning import Days, Node, PlanKind
from portal.contracts.reshape import PUT_RIGHT, columns_of, laid, passed
from portal.db import db
from portal.indonesian import long_date

PAYMENT = "9_pembayaran"
_FINISHED = (StepState.DONE, StepState.OPENING)
#: What tells how a step was finished.
_RECORD = ("state", "done_on", "done_at", "doc_no", "sha256", "file_name", "done_by")


@dataclass
class Relaid:
    """What a new template means for the steps, by title: those that keep their record, those that
    go on, those that come, those that come as Data awal (they lie before the signing), those that
    go into the history."""

    kept: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    come: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    history: list[str] = field(default_factory=list)


def foreseen(contract: Contract, kind: str, method: str) -> Relaid:
    """What another type or method would mean; nothing is changed."""
    was, old = (contract.type, contract.method, contract.detail), _sign(contract)
    stood = {plans.node_of(s): s for s in contract.steps}
    closed = {i for i, s in stood.items() if s.state != StepState.OPEN and not _put_right(s)}
    with db.session.no_autoflush:
        try:
            _turn(contract, kind, method)
            nodes = _nodes(contract)
            before = passed(nodes, closed, contract)
            sign = plans.marks(plans.template(contract))["sign"]
        finally:
            contract.type, contract.method, contract.detail = was
    signed = contract.state != ContractState.PACKAGE and old is not None and old.state in _FINISHED
    out = Relaid()
    for node in nodes:
        step = stood.pop(node.id, None)
        if step is not None and not _put_right(step):
            (out.open if step.state == StepState.OPEN else out.kept).append(step.title)
        elif node.stage.key == sign and signed:
            out.kept.append(node.stage.title)  # has the record of the signing
        else:
            (out.early if node.id in before else out.come).append(node.stage.title)
    out.history = [s.title for s in stood.values() if not _event(s) and not s.former]
    return out


def relay(
    contract: Contract, kind: str, method: str, reason: str, today: date, is_workday: IsWorkday
) -> Relaid:
    """Give the contract another type or method and its steps the right template.

    The caller has checked that it may be, and records it. Open steps are planned anew and read
    Jadwal disesuaikan.
    """
    told, sign = foreseen(contract, kind, method), _sign(contract)
    words = f"{TYPES[contract.type]}, {METHODS[contract.method].lower()}"
    due = {s.id: s.due_on for s in contract.steps}
    _turn(contract, kind, method)
    nodes = _nodes(contract)
    left, fresh = _lay(contract, nodes)
    for step in left:
        _into_history(step, f"Semula {words}; diperbaiki {long_date(today)}", reason)
    _carry_signing(contract, sign)
    db.session.flush()
    contract.steps.sort(key=lambda s: s.position)
    days = Days.of(is_workday)
    _from_today(contract, {id(s) for s in fresh}, due, today, days)
    plans.replan(contract, days, PlanKind.CORRECTED, f"{PUT_RIGHT}: {reason}")
    for step in contract.steps:
        moved = due.get(step.id) != step.due_on or any(step is f for f in fresh)
        if step.state == StepState.OPEN and moved:
            step.adjusted, step.cycle = True, contract.plan_version
    db.session.flush()
    return told


def _turn(contract: Contract, kind: str, method: str) -> None:
    contract.type, contract.method = kind, method
    if method == "swakelola":
        contract.detail = Detail.TONGGAK


def _nodes(contract: Contract) -> list[Node]:
    return plans.nodes_of(contract, contract.billings, plans.region_limits(contract.signed_on))


def _sign(contract: Contract) -> Step | None:
    """The step that the signing finished, of the template as it is."""
    key = plans.marks(plans.template(contract))["sign"]
    return next((s for s in contract.steps if s.key == key and not s.former), None)


def _lay(contract: Contract, nodes: Sequence[Node]) -> tuple[list[Step], list[Step]]:
    """The steps by these nodes: those that are left over, those that came."""
    stood = {plans.node_of(s): s for s in contract.steps}
    closed = {i for i, s in stood.items() if s.state != StepState.OPEN and not _put_right(s)}
    before = passed(nodes, closed, contract)
    fresh: list[Step] = []
    for at, node in enumerate(nodes, start=1):
        step = stood.pop(node.id, None)
        if step is None:
            fresh.append(laid(contract, node, at, before))
            continue
        if step.state == StepState.VOID and _put_right(step):
            step.state, step.doc_no, step.done_by, step.done_at = StepState.OPEN, "", "", None
            fresh.append(step)
        step.position, step.after, step.former = at, list(node.after), ""
        if step.state == StepState.OPEN:
            _follow(step, node)
    left = list(stood.values())
    for at, step in enumerate(left, start=len(nodes) + 1):
        step.position = at
    return left, fresh


def _follow(step: Step, node: Node) -> None:
    """An open step takes over what the right template says; a file that lies on a desk stays."""
    columns: dict[str, Any] = columns_of(node)
    if step.phase == PAYMENT and step.ready_on is not None:
        columns.pop("holder")
        columns.pop("desk")
    for name, value in columns.items():
        setattr(step, name, value)


def _event(step: Step) -> bool:
    """Steps that came with something that happened belong to no template."""
    return step.instance[:1] == "k" and step.instance[1:].isdigit()


def _put_right(step: Step) -> bool:
    return step.state == StepState.VOID and step.doc_no.startswith(PUT_RIGHT)


def _into_history(step: Step, words: str, reason: str) -> None:
    if _event(step):
        return
    step.former = step.former or words[:120]
    if step.state == StepState.OPEN:
        step.state, step.ready_on = StepState.VOID, None
        step.doc_no = f"{PUT_RIGHT}: {reason}"[:120]


def _carry_signing(contract: Contract, old: Step | None) -> None:
    """The signing is a fact of the contract: the step of the right template that signs has it."""
    new = _sign(contract)
    if contract.state == ContractState.PACKAGE or old is None or new is None or new is old:
        return
    if old.state in _FINISHED:
        for name in _RECORD:
            setattr(new, name, getattr(old, name))
        new.ready_on = None


def _from_today(
    contract: Contract, fresh: set[int], due: dict[int, date | None], today: date, days: Days
) -> None:
    """Limits that are new and have passed count from today: nobody could keep them."""
    slots, anchors = plans.slots_of(contract), plans.anchors_of(contract, contract.billings)
    planned = planning.schedule(slots, anchors, days)
    for step in contract.steps:
        new = planned[plans.node_of(step)].due
        if step.state != StepState.OPEN or new is None or new >= today:
            continue
        if id(step) in fresh or new != due.get(step.id):
            step.clock_on = today
