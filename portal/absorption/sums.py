"""What boards know of all contracts: one pass over them, kept until something changed.

The board reads sums, never 2,000 contracts. They carry the day, and the newest entry of the trail
as a mark: every change of a contract leaves one there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.absorption import bands, rules
from portal.absorption.models import BoardSums
from portal.clock import IsWorkday, workdays_between
from portal.contracts.kinds import GROUP_OF, ContractState, StepState
from portal.contracts.models import Billing, Contract, ContractFund, Step
from portal.db import db
from portal.desks.kinds import QUEUE_PHASES
from portal.notices import queries as notices
from portal.people import queries as people
from portal.people import workdays
from portal.trail.models import TrailEntry
from portal.works.models import Progress

KEY = "kontrak"
#: How old sums may be while something changes all the time.
FRESH = timedelta(seconds=60)
SIGNED = (ContractState.RUNNING, ContractState.DONE, ContractState.ENDED)
BILL = "tagihan"
ZERO = Decimal(0)


@dataclass(frozen=True)
class Desk:
    """A step that lies on a desk now, with the bill that waits for it."""

    step_id: int
    title: str
    desk: str
    group: str
    holder: str
    due_on: date | None
    ready_on: date
    amount: Decimal
    late: int  # working days past its limit


@dataclass
class State:
    """One contract as boards see it."""

    id: int
    unit_id: int
    number: str
    title: str
    state: str
    value: Decimal
    ends_on: date
    funds: dict[str, Decimal]
    progress: Decimal | None
    money: rules.Money
    desks: list[Desk]
    starts_on: date
    reported_on: date | None  # day of the newest progress

    @property
    def late(self) -> list[Desk]:
        """Desks whose limit has passed, the longest first."""
        return sorted((d for d in self.desks if d.late > 0), key=lambda d: -d.late)

    def expected(self, today: date, pace_from: Decimal) -> date:
        """When the work ends: the last day of the contract, or later at the pace so far."""
        last = max(self.ends_on, today) if self.state == ContractState.RUNNING else self.ends_on
        if self.progress is None or self.reported_on is None or self.progress >= rules.HUNDRED:
            return last
        return max(last, rules.pace_end(self.starts_on, self.ends_on, self.reported_on,
                                        self.progress, pace_from))  # fmt: skip

    def crosses(self, today: date, pace_from: Decimal) -> bool:
        """Running, and expected to end after 31 December of this year."""
        return (
            self.state == ContractState.RUNNING
            and self.expected(today, pace_from) > date(today.year, 12, 31)
        )  # fmt: skip

    @property
    def main_fund(self) -> str:
        """The largest of its sources of money."""
        return max(self.funds, key=lambda f: self.funds[f], default="")


def states(
    where: Iterable[sa.ColumnElement[bool]], today: date, is_workday: IsWorkday
) -> list[State]:
    """Contracts with their money and desks: four queries, however many there are."""
    over = sa.and_(Contract.state == ContractState.DONE, Contract.year < today.year,
                   Contract.ends_on < date(today.year, 1, 1))  # fmt: skip
    wanted = [Contract.state != ContractState.DROPPED, sa.not_(over), *where]
    newest = (
        sa.select(Progress.contract_id, sa.func.max(Progress.week).label("week"))
        .group_by(Progress.contract_id).subquery()
    )  # fmt: skip
    rows = db.session.execute(
        sa.select(Contract.id, Contract.unit_id, Contract.number, Contract.title, Contract.state,
                  Contract.value, Contract.ends_on, Progress.actual, Contract.starts_on,
                  Progress.on)
        .outerjoin(newest, newest.c.contract_id == Contract.id)
        .outerjoin(Progress, sa.and_(Progress.contract_id == Contract.id,
                                     Progress.week == newest.c.week))
        .where(*wanted).order_by(Contract.ends_on, Contract.id)
    ).all()  # fmt: skip
    funds: dict[int, dict[str, Decimal]] = {}
    for contract_id, fund, amount in db.session.execute(
        sa.select(ContractFund.contract_id, ContractFund.fund, ContractFund.amount)
        .join(Contract, Contract.id == ContractFund.contract_id)
        .where(*wanted)
    ):
        funds.setdefault(contract_id, {})[fund] = amount
    paid = _paid(wanted)
    desks = _desks(wanted, today, is_workday)
    out = []
    for id_, unit_id, number, title, state, value, ends_on, progress, starts_on, reported in rows:
        on = desks.get(id_, [])
        finished = state == ContractState.DONE
        billed = sum((d.amount for d, chain in on if chain and d.title != BILL), ZERO)
        signed = state in SIGNED
        money = rules.split(value if signed else ZERO, Decimal(100) if finished else progress,
                            paid.get(id_, ZERO), billed)  # fmt: skip
        out.append(State(id_, unit_id, number, title, state, value, ends_on, funds.get(id_, {}),
                         Decimal(100) if finished else progress, money,
                         [d for d, _ in on], starts_on, reported))  # fmt: skip
    return out


def _paid(wanted: list[sa.ColumnElement[bool]]) -> dict[int, Decimal]:
    rows = db.session.execute(
        sa.select(Billing.contract_id, sa.func.sum(Billing.amount))
        .join(Contract, Contract.id == Billing.contract_id)
        .join(Step, sa.and_(Step.contract_id == Billing.contract_id, Step.key == "sp2d",
                            Step.instance == Billing.instance,
                            Step.state.in_((StepState.DONE, StepState.OPENING))))
        .where(*wanted).group_by(Billing.contract_id)
    )  # fmt: skip
    return {contract: amount or ZERO for contract, amount in rows}


def _desks(
    wanted: list[sa.ColumnElement[bool]], today: date, is_workday: IsWorkday
) -> dict[int, list[tuple[Desk, bool]]]:
    """Steps on desks; True beside those of a payment, of which a bill counts once."""
    rows = db.session.execute(
        sa.select(Step.contract_id, Step.id, Step.key, Step.title, Step.desk, Step.holder,
                  Step.due_on, Step.ready_on, Step.phase, Step.instance, Billing.amount)
        .join(Contract, Contract.id == Step.contract_id)
        .outerjoin(Billing, sa.and_(Billing.contract_id == Step.contract_id,
                                    Billing.instance == Step.instance))
        .where(Step.state == StepState.OPEN, Step.ready_on > date(1990, 1, 1),
               sa.or_(Step.phase.in_(QUEUE_PHASES), Step.due_on < today), *wanted)
        .order_by(Step.contract_id, Step.position)
    )  # fmt: skip
    seen: set[tuple[int, str]] = set()
    out: dict[int, list[tuple[Desk, bool]]] = {}
    for contract, id_, key, title, desk, holder, due, ready, phase, instance, amount in rows:
        if ready is None or ready > today or phase[:2] == "12":
            continue
        chain = phase in QUEUE_PHASES and bool(instance)
        counted = chain and (contract, instance) not in seen
        seen.add((contract, instance))
        late = workdays_between(due, today, is_workday) if due and due < today else 0
        if not chain and not late:
            continue
        out.setdefault(contract, []).append((
            Desk(id_, BILL if key == BILL else title, desk, GROUP_OF.get(desk, "luar"), holder,
                 due, ready, (amount or ZERO) if counted else ZERO, late), chain,
        ))  # fmt: skip
    return out


# --- sums ---------------------------------------------------------------------------------------


def summed(found: Iterable[State], today: date) -> dict[str, Any]:
    """Sums by unit and source of money ("" for all); amounts as whole sen, ready for JSON."""
    cells: dict[str, dict[str, Any]] = {}
    late: list[dict[str, Any]] = []
    pace = bands.pace_from(today)
    for each in found:
        crosses = each.crosses(today, pace)
        for fund, part in {"": each.value, **each.funds}.items():
            _into(cells.setdefault(f"{each.unit_id}|{fund}", empty()), each, part, crosses)
        late += [_late(each, d) for d in each.late]
    late.sort(key=lambda d: (-d["late"], -d["amount"]))
    return {"cells": cells, "late": late}


def sen(amount: Decimal) -> int:
    """Whole sen."""
    return int((amount * 100).to_integral_value())


def empty() -> dict[str, Any]:
    """A cell with nothing in it."""
    return {"n": 0, "value": 0, "packages": 0, "package_value": 0, "paid": 0, "billed": 0,
            "earned": 0, "rest": 0, "physical": 0, "reported": 0, "crossing": 0,
            "groups": {}}  # fmt: skip


def _into(cell: dict[str, Any], each: State, part: Decimal, crosses: bool) -> None:
    whole = sen(each.value) or 1

    def of(amount: Decimal) -> int:
        return sen(amount) * sen(part) // whole

    if each.state == ContractState.PACKAGE:
        cell["packages"] += 1
        cell["package_value"] += sen(part)
    else:
        cell["n"] += 1
        cell["value"] += sen(part)
        for key in ("paid", "billed", "earned", "rest"):
            cell[key] += of(getattr(each.money, key))
    if each.progress is not None and each.state in SIGNED:
        cell["reported"] += sen(part)
        cell["physical"] += int(sen(part) * each.progress / 100)
    cell["crossing"] += crosses
    held: Counter[str] = Counter()
    for desk in each.desks:
        if desk.amount:
            held[desk.group] += of(desk.amount)
    for group, amount in held.items():
        slot = cell["groups"].setdefault(group, [0, 0])
        slot[0] += amount
        slot[1] += 1


def _late(each: State, desk: Desk) -> dict[str, Any]:
    return {
        "step": desk.step_id, "contract": each.id, "unit": each.unit_id, "title": each.title,
        "what": desk.title, "group": desk.group, "late": desk.late, "holder": desk.holder,
        "since": desk.ready_on.isoformat(), "funds": sorted(each.funds),
        "amount": sen(desk.amount or each.value - each.money.paid),
        "bill": bool(desk.amount),
    }  # fmt: skip


def kept(today: date, is_workday: IsWorkday, fresh: timedelta = FRESH) -> BoardSums:
    """The sums of today; made anew when the trail has grown and they are older than FRESH."""
    row = db.session.get(BoardSums, KEY)
    mark = str(db.session.scalar(sa.select(sa.func.max(TrailEntry.id))) or 0)
    now = clock.now()
    testing = current_app.testing
    if row is not None and row.day == today and (
        row.mark == mark or (not testing and timedelta() <= now - row.at < fresh)
    ):  # fmt: skip
        return row
    body = summed(states((), today, is_workday), today)
    # a notice leaves an entry in the trail, so what may be shown is as fresh as the sums
    keys = [f"step:{d['step']}" for d in body["late"]]
    may = notices.may_appear_above(keys, today, is_workday)
    body["shown"] = sorted(int(key.partition(":")[2]) for key in may)
    made = BoardSums(key=KEY, day=today, mark=mark, body=body, at=now)
    return keep(made)


def tick() -> list[int]:
    """The ticker makes the sums anew, so that readers seldom wait for them; sends nothing."""
    kept(people.today(), workdays.calendar().is_workday, timedelta())
    return []


def keep(made: BoardSums) -> BoardSums:
    """Keep what was summed; when another keeps it at this moment, show ours and be done."""
    shown = BoardSums(key=made.key, day=made.day, mark=made.mark, body=made.body, at=made.at)
    try:
        with db.session.begin_nested():
            merged = db.session.merge(made)
            db.session.flush()
        db.session.commit()
    except sa.exc.DBAPIError:
        db.session.rollback()
        return shown
    return merged
