"""Reads of desks: the queue of files, whose clock runs, what was said; scoped to who asks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa

from portal.clock import IsWorkday
from portal.contracts import terms
from portal.contracts.kinds import DESK_OF, HOLDER_LABELS, StepState
from portal.contracts.models import Billing, Contract, ContractRole, Step
from portal.contracts.planning import Days
from portal.contracts.plans import node_of
from portal.db import db
from portal.desks import delay, rules
from portal.desks.kinds import PAYMENT, QUEUE_PHASES, REASONS, STOPS, HindranceState, Outcome
from portal.desks.models import Hindrance, Hold, Pause, Reply
from portal.people import queries as people
from portal.people.kinds import SEKDA_UNIT, Role
from portal.people.models import Position
from portal.people.rules import Actor

#: Steps whose file passes through the hands of a second desk: SPM is verified, then signed.
PASSES = {"spm": "ppk_skpd"}
_CHUNK = 500
T = TypeVar("T")


@dataclass(frozen=True)
class Queued:
    """A file on a desk of the actor."""

    contract: Contract
    step: Step
    hold: Hold | None
    bill: Billing | None
    started: date  # of the desk's clock
    days: int  # lama di meja, working days
    late: int  # working days past the limit

    @property
    def returned(self) -> bool:
        """Sent back to this desk to be completed."""
        return self.hold is not None and self.hold.n > 1 and self.step.holder != self.main

    @property
    def main(self) -> str:
        """Whose step it is; the file may lie elsewhere to be completed."""
        return self.first or self.step.holder

    first: str = ""


def queue(actor: Actor, today: date, is_workday: IsWorkday) -> list[Queued]:
    """Antrean Berkas: payment files on the desks of the actor's jabatan, oldest first.

    Four queries, however many files there are.
    """
    mine = [h.position_id for h in actor.holdings]
    passes = [sa.and_(Step.key == k, ContractRole.role == r) for k, r in PASSES.items()]
    rows = db.session.execute(
        sa.select(Contract, Step, Billing)
        .join(Step, Step.contract_id == Contract.id)
        .join(ContractRole, sa.and_(ContractRole.contract_id == Contract.id,
                                    ContractRole.position_id.in_(mine),
                                    sa.or_(ContractRole.role == Step.holder, *passes)))
        .outerjoin(Billing, sa.and_(Billing.contract_id == Contract.id,
                                    Billing.instance == Step.instance))
        .where(Step.state == StepState.OPEN, Step.ready_on.is_not(None),
               Step.phase.in_(QUEUE_PHASES), Step.key != "tagihan")
        .order_by(Step.ready_on, Step.id)
    ).unique().all()  # fmt: skip
    seen: dict[int, tuple[Contract, Step, Billing | None]] = {}
    for contract, step, bill in rows:
        seen.setdefault(step.id, (contract, step, bill))
    now, first = present_holds(list(seen))
    days = Days.of(is_workday)
    found = [
        _queued(c, s, b, now.get(s.id), first.get(s.id, ""), today, days)
        for c, s, b in seen.values()
    ]
    return sorted(found, key=lambda q: (q.started, q.step.id))


def _queued(
    contract: Contract, step: Step, bill: Billing | None, hold: Hold | None, first: str,
    today: date, days: Days,
) -> Queued:  # fmt: skip
    arrived = hold.arrived_on if hold else step.ready_on or today
    received = hold.received_on if hold else None
    started = rules.clock_start(arrived, received, days, receipt(arrived))
    late = max(0, days.between(step.due_on, today)) if step.due_on else 0
    away = hold is not None and bool(first) and hold.holder != first
    return Queued(contract, step, hold, bill, started,
                  rules.days_on_desk(min(started, today), None, today, days),
                  0 if away else late, first)  # fmt: skip


def present_holds(step_ids: Sequence[int]) -> tuple[dict[int, Hold], dict[int, str]]:
    """The stay that is now of each step, and the holder of its first stay."""
    now: dict[int, Hold] = {}
    first: dict[int, str] = {}
    for part in _parts(step_ids):
        for hold in db.session.scalars(
            sa.select(Hold).where(Hold.step_id.in_(part)).order_by(Hold.n)
        ):
            first.setdefault(hold.step_id, hold.holder)
            if hold.left_on is None:
                now[hold.step_id] = hold
    return now, first


def _parts(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[i : i + _CHUNK] for i in range(0, len(ids), _CHUNK)]


# --- whose clock ran ----------------------------------------------------------------------------


@dataclass
class Facts:
    """What the clock of several contracts needs beside their steps."""

    holds: dict[int, list[Hold]] = field(default_factory=dict)  # by step
    pauses: dict[int, list[Pause]] = field(default_factory=dict)  # by contract
    everywhere: list[Pause] = field(default_factory=list)


def facts(contract_ids: Sequence[int]) -> Facts:
    """Stays and pauses of contracts: three queries for any number up to 500."""
    out = Facts()
    for part in _parts(contract_ids):
        for hold in db.session.scalars(
            sa.select(Hold).where(Hold.contract_id.in_(part)).order_by(Hold.step_id, Hold.n)
        ):
            out.holds.setdefault(hold.step_id, []).append(hold)
        for each in db.session.scalars(
            sa.select(Pause).where(Pause.contract_id.in_(part)).order_by(Pause.id)
        ):
            out.pauses.setdefault(each.contract_id or 0, []).append(each)
    out.everywhere = declared()
    return out


def declared() -> list[Pause]:
    """BPKAD's declarations for all contracts, the newest first."""
    return list(db.session.scalars(
        sa.select(Pause).where(Pause.contract_id.is_(None)).order_by(Pause.since.desc(), Pause.id)
    ))  # fmt: skip


def links(contract: Contract, known: Facts, is_workday: IsWorkday) -> list[delay.Link]:
    """The steps of a contract as its clock sees them."""
    ids = {node_of(s) for s in contract.steps}
    return [_link(contract, step, ids, known, is_workday) for step in contract.steps]


_FATES = {StepState.OPENING: delay.Fate.BEFORE, StepState.VOID: delay.Fate.VOID}


def _link(
    contract: Contract, step: Step, ids: Collection[str], known: Facts, is_workday: IsWorkday
) -> delay.Link:
    held = known.holds.get(step.id, [])
    main = str(DESK_OF[held[0].holder]) if held else step.desk
    rows = [rules.StayRow(h.desk, h.arrived_on, h.received_on) for h in held]
    stays = rules.stays(rows, main, is_workday, receipt) if held else []
    return delay.Link(
        id=node_of(step), order=step.position, desk=main, plan=step.plan_on, due=step.due_on,
        done=step.done_on, since=contract.goes_live,
        after=tuple(t for t in step.after if t.lstrip("~") in ids),
        fate=_FATES.get(StepState(step.state), delay.Fate.LIVE),
        counts=not step.optional and step.phase[:2] not in ("8_", "12"),
        stays=tuple(delay.Stay(day, owner) for day, owner in stays),
        stops=_stops(step, known, main),
    )  # fmt: skip


def _stops(step: Step, known: Facts, main: str) -> tuple[delay.Stop, ...]:
    own = [p for p in known.pauses.get(step.contract_id, ()) if p.step_id in (None, step.id)]
    wide = [
        p for p in known.everywhere if step.phase == PAYMENT and main in STOPS.get(p.reason, ())
    ]
    return tuple(delay.Stop(p.id, p.since, p.until, REASONS[p.reason].owner) for p in (*own, *wide))


def account(contract: Contract, today: date, is_workday: IsWorkday) -> delay.Account:
    """Whose days the delay of one contract is."""
    return accounts([contract], today, is_workday)[contract.id]


def accounts(
    contracts: Sequence[Contract], today: date, is_workday: IsWorkday
) -> dict[int, delay.Account]:
    """The same for several contracts, loaded with their steps."""
    known, days = facts([c.id for c in contracts]), Days(is_workday)
    return {
        c.id: delay.account(links(c, known, is_workday), today, days.between, is_workday)
        for c in contracts
    }


# --- kendala, tanggapan, penundaan --------------------------------------------------------------


def quiet_until(step_ids: Sequence[int], today: date) -> dict[int, date]:
    """Until when the reminders of these steps rest: an accepted kendala, or a pause that runs
    (``date.max`` while it has no end)."""
    out: dict[int, date] = {}
    for part in _parts(step_ids):
        for step, until in db.session.execute(
            sa.select(Hindrance.step_id, sa.func.max(Hindrance.quiet_until))
            .where(Hindrance.step_id.in_(part), Hindrance.quiet_until >= today)
            .group_by(Hindrance.step_id)
        ):
            out[step] = until or today
        for step, ends in db.session.execute(_running(part, today)):
            out[step] = max(out.get(step, date.min), ends or date.max)
    return out


def _running(step_ids: Sequence[int], today: date) -> sa.Select[int, date | None]:
    wide = [
        sa.and_(Pause.contract_id.is_(None), Pause.reason == reason, Step.phase == PAYMENT,
                Step.desk.in_(sorted(desks)))
        for reason, desks in STOPS.items()
    ]  # fmt: skip
    own = sa.and_(
        Pause.contract_id == Step.contract_id,
        sa.or_(Pause.step_id.is_(None), Pause.step_id == Step.id),
    )
    return (
        sa.select(Step.id, Pause.until)
        .join(Pause, sa.or_(own, *wide))
        .where(Step.id.in_(step_ids), Pause.since <= today,
               sa.or_(Pause.until.is_(None), Pause.until >= today))
    )  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What was recorded about a contract, oldest first."""

    holds: list[Hold]
    pauses: list[Pause]
    obstacles: list[Hindrance]
    replies: list[Reply]


def told(contract_id: int) -> Told:
    """Stays, pauses, kendala and tanggapan of one contract (for its page and its chronology)."""

    def all_of(found: sa.Select[T]) -> list[T]:
        return list(db.session.scalars(found))

    return Told(
        all_of(sa.select(Hold).where(Hold.contract_id == contract_id).order_by(Hold.id)),
        [*all_of(sa.select(Pause).where(Pause.contract_id == contract_id).order_by(Pause.id)),
         *declared()],
        all_of(sa.select(Hindrance).where(Hindrance.contract_id == contract_id)
               .order_by(Hindrance.id)),
        all_of(sa.select(Reply).where(Reply.contract_id == contract_id).order_by(Reply.id)),
    )  # fmt: skip


def waiting_obstacles(ids: Collection[int] | None = None) -> list[Any]:
    """Kendala without an answer, oldest first: (hindrance, contract, step, unit, role) of the
    jabatan that told it."""
    query = (
        sa.select(Hindrance, Contract, Step,
                  sa.func.coalesce(Position.unit_id, Contract.unit_id).label("unit_id"),
                  Position.role)
        .join(Contract, Contract.id == Hindrance.contract_id)
        .join(Step, Step.id == Hindrance.step_id)
        .outerjoin(Position, Position.id == Hindrance.position_id)
        .where(Hindrance.state == HindranceState.STATED, Step.state == StepState.OPEN)
        .order_by(Hindrance.id)
    )  # fmt: skip
    return list(db.session.execute(query if ids is None else query.where(Hindrance.id.in_(ids))))


def open_obstacles(actor: Actor) -> list[tuple[Hindrance, Contract, Step]]:
    """Kendala that the actor answers, oldest first: those of his own Perangkat Daerah; what a
    kepala tells of his own desk is answered above him, at last by the Sekda."""
    rows = waiting_obstacles()
    units = {u.id: u for u in people.units_on(people.today())} if rows else {}
    mine = actor.units(Role.KEPALA)
    sekda = any(units[u].code == SEKDA_UNIT for u in mine if u in units)
    own = {h.position_id for h in actor.holdings}

    def answers(row: Any) -> bool:
        above = units[row.unit_id].ancestors if row.unit_id in units else ()
        if row.role != Role.KEPALA:
            return row.unit_id in mine
        topmost = len(above) < 2  # under the region itself: a dinas, a badan, a kecamatan
        return row[0].position_id not in own and bool(mine & set(above) or (sekda and topmost))

    return [(row[0], row[1], row[2]) for row in rows if answers(row)]


def stated(step_ids: Collection[int]) -> dict[int, str]:
    """The newest kendala that was told of each of these steps, in the words of its desk."""
    rows = db.session.execute(
        sa.select(Hindrance.step_id, Hindrance.text)
        .where(Hindrance.step_id.in_(step_ids)).order_by(Hindrance.id)
    )  # fmt: skip
    return {step_id: text for step_id, text in rows}


# --- Lama di meja -------------------------------------------------------------------------------


@dataclass(frozen=True)
class DeskTime:
    """How long files lie on the desk of one jabatan: for its kepala only, never ranked."""

    title: str
    files: int
    median: Decimal | None


def receipt(day: date) -> int:
    """Working days after which a file that arrived on a day is counted unacknowledged."""
    return terms.whole("terima_hari", day)


def desk_times(
    unit_ids: Collection[int], since: date, today: date, is_workday: IsWorkday
) -> list[DeskTime]:
    """Lama di meja per jabatan of these units in working days, in the order of their titles.

    Every step of the payment chain counts that was worked on since ``since``; one query.
    """
    rows = db.session.execute(
        sa.select(Position.title, Hold.arrived_on, Hold.received_on, Hold.left_on, Step.done_on)
        .join(Step, Step.id == Hold.step_id)
        .join(ContractRole, sa.and_(ContractRole.contract_id == Hold.contract_id,
                                    ContractRole.role == Hold.holder))
        .join(Position, Position.id == ContractRole.position_id)
        .where(Position.unit_id.in_(unit_ids), Hold.arrived_on >= since)
    )  # fmt: skip
    by_title: dict[str, list[int]] = {}
    for title, arrived, received, left, done in rows:
        start = rules.clock_start(arrived, received, is_workday, receipt(arrived))
        by_title.setdefault(title, []).append(
            rules.days_on_desk(start, left or done, today, is_workday)
        )
    return [DeskTime(t, len(d), rules.typical(d)) for t, d in sorted(by_title.items())]


def senders(step: Step, contract: Contract) -> dict[str, str]:
    """To whom a file may be returned: who had a hand in it before, by their labels."""
    roles = {r.role for r in contract.roles}
    order = ("penyedia", "pptk", "ppk", "bendahara", "ppk_skpd", "pa")
    return {
        k: HOLDER_LABELS[k] for k in order
        if k != step.holder and (k == "penyedia" or k in roles)
    }  # fmt: skip


# --- SP2D pasted from the register --------------------------------------------------------------


def returned_slip(contract_id: int, number: str) -> Hold | None:
    """The stay that ended with this slip."""
    return db.session.scalar(
        sa.select(Hold).where(Hold.contract_id == contract_id, Hold.slip_no == number,
                              Hold.outcome == Outcome.RETURNED)
    )  # fmt: skip
