"""From a template to dated steps: pure, the calendar and all dates are handed in.

A *node* is one step of one contract; its id is ``key`` or ``key@instance``. What goes before it
is a tuple of tokens: a node id (the days count from it), ``~id`` (it must be finished first, the
days do not count from it), or an anchor: ``^ttd`` (signed), ``^mulai``, ``^akhir`` (last day),
``^paket`` (entered), ``^tagih:t1`` (the bill is expected), ``^2026-05-04`` (a date).
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache

from portal.contracts.days import Days as Days  # noqa: PLC0414 - others import it from here
from portal.contracts.days import add_months as add_months  # noqa: PLC0414
from portal.contracts.kinds import BillingKind
from portal.contracts.stages import Limit, Stage

#: Working days that an open step has at least when its contract enters in mid-course, and that a
#: penyedia is given for a bill that follows from a finished step: where nobody says otherwise.
GRACE, BILL_DAYS = 5, 5


class PlanKind(StrEnum):
    """Why a plan was made; progress moves limits only, the others make a formal plan."""

    FIRST = "awal"
    PROGRESS = "selesai"
    ADDENDUM = "adendum"
    CALENDAR = "kalender"
    LIMITS = "batas"
    REOPENED = "buka"
    CORRECTED = "perbaikan"


#: Plans after which a date that moved reads "Jadwal disesuaikan".
FORMAL = frozenset({PlanKind.ADDENDUM, PlanKind.CALENDAR, PlanKind.LIMITS, PlanKind.CORRECTED})
#: Plans that set the day to which lateness of the whole is measured.
SETTING = FORMAL | {PlanKind.FIRST}


@dataclass(frozen=True)
class Node:
    """One step to be: its stage, its instance, and what goes before it."""

    id: str
    instance: str
    stage: Stage
    after: tuple[str, ...]
    mode: str
    days: int | None
    kind: str
    basis: str


@dataclass(frozen=True)
class Bill:
    """One payment of the contract: instance, kind, when it is expected (None: after a step)."""

    instance: str
    kind: str
    title: str
    percent: int | None = None
    expected_on: date | None = None


@dataclass(frozen=True)
class Facts:
    """What decides which rows of a template a contract has."""

    bills: tuple[Bill, ...]
    years: tuple[int, ...] = ()
    flags: frozenset[str] = frozenset()  # um, jamlak, pemeliharaan, dak, optional
    bill_days: int = BILL_DAYS


@dataclass(frozen=True)
class Planned:
    """Dates of one node: its own limit, its day in the plan, when it is expected to be over."""

    due: date | None
    plan: date | None
    ends: date


def node_id(key: str, instance: str = "") -> str:
    """``key`` or ``key@instance``."""
    return f"{key}@{instance}" if instance else key


# --- which steps a contract has ---------------------------------------------------------------


def expand(
    stages: Sequence[Stage], facts: Facts, marks: Mapping[str, str],
    limits: Mapping[str, Limit] | None = None,
) -> list[Node]:  # fmt: skip
    """The nodes of a contract in an order in which everything follows what goes before it.

    ``marks`` names the keys that sign, hand over and end the maintenance; ``limits`` (by key or
    node id) replace those of the stages.
    """
    return list(_expand(tuple(stages), facts, tuple(sorted(marks.items())),
                        tuple(sorted((limits or {}).items(), key=lambda p: p[0]))))  # fmt: skip


@lru_cache(maxsize=512)
def _expand(
    stages: tuple[Stage, ...], facts: Facts, marks: tuple[tuple[str, str], ...],
    limits: tuple[tuple[str, Limit], ...],
) -> tuple[Node, ...]:  # fmt: skip
    wanted = [s for s in stages if s.per != "kejadian" and (not s.when or s.when in facts.flags)]
    maker = _Maker(stages, wanted, facts, dict(marks), dict(limits))
    return tuple(_sorted(maker.nodes(), [b.instance for b in facts.bills]))


@dataclass
class _Maker:
    stages: tuple[Stage, ...]
    wanted: list[Stage]
    facts: Facts
    marks: dict[str, str]
    limits: dict[str, Limit]
    by_key: dict[str, Stage] = field(init=False)
    have: set[str] = field(init=False)
    bill_keys: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.by_key = {s.key: s for s in self.stages}
        self.have = {s.key for s in self.wanted}
        self.bill_keys = [s.key for s in self.wanted if s.per == "bayar"]

    def nodes(self) -> Iterable[Node]:
        for stage in self.wanted:
            if stage.per == "bayar":
                for n, bill in enumerate(self.facts.bills):
                    yield self._node(stage, bill.instance, self._billed(stage, n))
            elif stage.per == "tahun":
                for year in self.facts.years:
                    yield self._node(stage, str(year), self._plain(stage.after))
            else:
                yield self._node(stage, "", self._plain(stage.after))

    def _node(self, stage: Stage, instance: str, after: tuple[str, ...]) -> Node:
        key = node_id(stage.key, instance)
        mode, days, kind, basis = stage.mode, stage.days, stage.kind, stage.basis
        if stage.key == "tagihan" and not any(a.startswith("^tagih") for a in after):
            mode, days, kind = "target", self.facts.bill_days, "kerja"
        limit = self.limits.get(key) or self.limits.get(stage.key)
        if limit is not None:
            if limit.on is not None:
                mode, days, kind, after = "max", 0, "kalender", (
                    f"^{limit.on.isoformat()}", *(f"~{a.lstrip('~')}" for a in after if a[0] != "^")
                )  # fmt: skip
            else:
                mode, days, kind = mode or "max", limit.days, limit.kind
                mode = "max" if mode in ("berkala", "umur") else mode
            basis = limit.basis or basis
        return Node(key, instance, stage, after, mode, days, kind, basis)

    def _plain(self, after: Iterable[str]) -> tuple[str, ...]:
        """Tokens with absent rows replaced by what goes before those."""
        out: dict[str, None] = {}
        for token in after:
            self._walk(token, out, set())
        return tuple(out)

    def _walk(self, token: str, out: dict[str, None], seen: set[str]) -> None:
        gate, key = token.startswith("~"), token.lstrip("~")
        if key.startswith("^") or key in self.have:
            out.setdefault(token)
            return
        stage = self.by_key.get(key)
        if stage is None or key in seen or stage.per == "kejadian" or stage.when == "event":
            return
        seen.add(key)
        for deeper in stage.after:
            self._walk(f"~{deeper.lstrip('~')}" if gate and deeper[0] != "^" else deeper, out, seen)

    def _billed(self, stage: Stage, n: int) -> tuple[str, ...]:
        bill = self.facts.bills[n]
        out: dict[str, None] = {}
        for token in self._plain(stage.after):
            gate, key = ("~" if token[0] == "~" else ""), token.lstrip("~")
            if key == "^tagih":
                for each in self._trigger(bill):
                    out.setdefault(each)
            elif key in self.bill_keys:
                out.setdefault(f"{gate}{node_id(key, bill.instance)}")
            elif not (gate and bill.kind == BillingKind.ADVANCE):
                out.setdefault(token)  # an advance does not wait for the start of the work
        if any(a.startswith("^tagih") for a in stage.after) and n:
            before = self.facts.bills[n - 1]
            if before.kind != BillingKind.ADVANCE:
                out.setdefault(f"~{node_id(stage.key, before.instance)}")
        return tuple(out)

    def _trigger(self, bill: Bill) -> tuple[str, ...]:
        """What a bill waits for: a day that was agreed, or the step that earns it."""
        if bill.expected_on is not None:
            return (f"^tagih:{bill.instance}",)
        if bill.kind == BillingKind.ADVANCE:
            key = next((k for k in ("ajukan_um",) if k in self.have), "") or self.marks["sign"]
        elif bill.kind == BillingKind.RETENTION:
            key = self.marks.get("maintained") or self.marks["handover"]
        else:
            key = self.marks["handover"]
        return (key,) if key in self.have else ("^akhir",)


def _sorted(nodes: Iterable[Node], bills: list[str]) -> list[Node]:
    """In an order that respects ``after``; ties by number of the stage, then by bill or year."""
    rank = {instance: n for n, instance in enumerate(bills)}
    by_id = {n.id: n for n in nodes}
    waits = {
        n.id: {t.lstrip("~") for t in n.after if t[0] != "^"} & set(by_id) for n in by_id.values()
    }
    follows: dict[str, list[str]] = {}
    for one, before in waits.items():
        for each in before:
            follows.setdefault(each, []).append(one)

    def place(node: Node) -> tuple[int, int, str]:
        return (node.stage.no, rank.get(node.instance, 0), node.id)

    heap = [(*place(by_id[i]), i) for i, before in waits.items() if not before]
    heapq.heapify(heap)
    out: list[Node] = []
    while heap:
        node = by_id[heapq.heappop(heap)[-1]]
        out.append(node)
        for one in follows.get(node.id, ()):
            waits[one].discard(node.id)
            if not waits[one]:
                heapq.heappush(heap, (*place(by_id[one]), one))
    if len(out) != len(by_id):
        raise ValueError(f"steps wait for each other: {sorted(set(by_id) - {n.id for n in out})}")
    return out


# --- when they are due ------------------------------------------------------------------------


@dataclass(frozen=True)
class Slot:
    """What the dates of one step are computed from (a node, or a stored step)."""

    id: str
    after: tuple[str, ...]
    mode: str
    days: int | None
    kind: str
    roll: str = "maju"
    year: int = 0  # of which fixed dates are, 0: the contract's
    done: date | None = None
    shut: bool = False  # Data awal or tidak berlaku: no dates of its own
    start: date | None = None  # the file was acknowledged: its limit counts from here


@dataclass(frozen=True)
class Anchors:
    """The dates that everything hangs on; ``floor`` is the go-live of a running contract."""

    year: int
    paket: date
    ttd: date
    mulai: date
    akhir: date
    bills: Mapping[str, date] = field(default_factory=dict)
    floor: date | None = None
    grace: int = GRACE

    def day(self, token: str) -> date:
        """The date of an anchor token."""
        name = token[1:]
        if name.startswith("tagih:"):
            return self.bills.get(name[6:], self.akhir)
        fixed = {"paket": self.paket, "ttd": self.ttd, "mulai": self.mulai, "akhir": self.akhir}
        return fixed[name] if name in fixed else date.fromisoformat(name)


def schedule(slots: Sequence[Slot], anchors: Anchors, days: Days) -> dict[str, Planned]:
    """Dates of every slot, in the order of ``expand``.

    A limit counts from what was done where it is done, else from what is planned. A step without
    a limit has no due date; its plan is the day until which it may last without making the next
    dated step late (its slack).
    """
    ends: dict[str, date] = {}
    due: dict[str, date | None] = {}
    for slot in slots:
        base = _base(slot, anchors, ends)
        limit, over = _limit(slot, base, anchors, days)
        if slot.shut:
            limit, over = None, base
        due[slot.id], ends[slot.id] = limit, slot.done or over
    latest = _slack(slots, due, ends)
    return {s.id: Planned(due[s.id], latest[s.id], ends[s.id]) for s in slots}


def _base(slot: Slot, anchors: Anchors, ends: Mapping[str, date]) -> date:
    if slot.start is not None:
        return slot.start
    counted = [anchors.day(t) if t[0] == "^" else ends[t] for t in slot.after
               if t[0] != "~" and (t[0] == "^" or t in ends)]  # fmt: skip
    if not counted:
        counted = [ends[t[1:]] for t in slot.after if t[0] == "~" and t[1:] in ends]
    return max(counted, default=anchors.paket)


def _limit(slot: Slot, base: date, anchors: Anchors, days: Days) -> tuple[date | None, date]:
    """The due date (None without a limit) and the day on which the step is expected to end."""
    floor = anchors.floor
    if floor is not None and base < floor and slot.done is None:
        base = floor
    if slot.mode in ("max", "target", "min") and slot.days is not None:
        end = days.add(base, slot.days, slot.kind, slot.roll)
    elif slot.mode in ("tgl", "lalu") and slot.days is not None:
        year = (slot.year or anchors.year) - (slot.mode == "lalu")
        end = days.rolled(date(year, slot.days // 100, slot.days % 100), slot.roll)
    elif slot.mode == "depan" and slot.days is not None:
        end = days.rolled(add_months(base.replace(day=1), 1).replace(day=slot.days), slot.roll)
    else:
        return None, base
    if slot.mode == "min":
        return None, end
    if floor is not None and base <= floor and slot.done is None:
        end = max(end, days.workdays(floor, anchors.grace))
    return end, max(end, base)


def _slack(
    slots: Sequence[Slot], due: Mapping[str, date | None], ends: Mapping[str, date]
) -> dict[str, date | None]:
    out: dict[str, date | None] = {s.id: None for s in slots}
    for slot in reversed(slots):
        mine = due[slot.id] or out[slot.id] or ends[slot.id]
        if slot.mode == "min":
            mine = max(mine, ends[slot.id])
        out[slot.id] = None if slot.shut else mine
        for token in slot.after:
            before = token.lstrip("~")
            if before in out and due[before] is None:
                known = out[before]
                out[before] = mine if known is None else min(known, mine)
    return {k: v if v is None else max(v, ends[k]) if due[k] is None else v for k, v in out.items()}


def ready(slots: Sequence[Slot], closed: Mapping[str, date], anchors: Anchors) -> dict[str, date]:
    """The open slots that can be worked on, and since when.

    ``closed`` holds the day on which each closed slot was closed; what is void or Data awal
    stands there with the day that it passes on.
    """
    out: dict[str, date] = {}
    known: Collection[str] = {s.id for s in slots}
    for slot in slots:
        if slot.id in closed:
            continue
        before = [t.lstrip("~") for t in slot.after if t[0] != "^"]
        if all(b in closed for b in before if b in known):
            days = [closed[b] for b in before if b in closed]
            out[slot.id] = max(days, default=anchors.floor or anchors.paket)
    return out
