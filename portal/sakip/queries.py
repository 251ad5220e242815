"""Reads of SAKIP, scoped to an Actor: the tree, indicators, PK, Rencana Aksi, reviu."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.db import db
from portal.people import queries as people
from portal.people.kinds import Module, Role, UnitKind
from portal.people.models import Person, Position, Term
from portal.people.rules import Actor, Permission, UnitInfo, sees_unit
from portal.reports.models import Deadline
from portal.sakip import rules
from portal.sakip.models import (
    ActionPlan,
    Agreement,
    KinerjaIndicator,
    KinerjaNode,
    KinerjaQuarter,
    KinerjaYear,
    LkjReview,
)
from portal.trail.models import TrailEntry

KIND = "sakip"
#: Kinds of units that have a Perjanjian Kinerja of their own.
HOUSE = frozenset({
    UnitKind.SEKRETARIAT.value, UnitKind.INSPEKTORAT.value, UnitKind.DINAS.value,
    UnitKind.BADAN.value, UnitKind.KECAMATAN.value,
})  # fmt: skip


# --- who and where --------------------------------------------------------------------------


def root(on: date | None = None) -> UnitInfo | None:
    """The region as a unit."""
    found = people.units_on(on or people.today(), (UnitKind.PEMDA,))
    return found[0] if found else None


def reads(actor: Actor, unit: UnitInfo) -> bool:
    """True for one's own unit, for who looks over the region, and for everybody's upper tree."""
    if not actor.may(Permission.SAKIP_READ):
        return False
    return unit.kind == UnitKind.PEMDA or sees_unit(actor, Permission.SAKIP_READ, unit, KIND)


def writes(actor: Actor, unit: UnitInfo) -> bool:
    """True for the unit's operator once its tahap is open; for the region's tree and for units
    outside their tahap the compiling office, and Bappeda for the tree of the region."""
    if not actor.may(Permission.SAKIP_WRITE):
        return False
    if KIND in actor.region_wide:
        return True
    mine = actor.units(Role.OPERATOR)
    if unit.kind == UnitKind.PEMDA:
        return people.duty_units("bappeda")[0] in mine
    return unit.id in mine and people.module_open(unit.id, Module.SAKIP, people.today())


def units_for(actor: Actor) -> list[UnitInfo]:
    """The region first, then the units whose SAKIP the actor may read."""
    listed = people.units_on(people.today())
    return [u for u in listed if u.kind in (HOUSE | {UnitKind.PEMDA.value}) and reads(actor, u)]


def home_unit(actor: Actor, listed: Iterable[UnitInfo]) -> UnitInfo | None:
    """The unit that a page opens with: one's own, else the one above it, else the first."""
    known = {u.id: u for u in listed}
    if KIND in actor.region_wide or Role.APIP in actor.roles:
        return next(iter(known.values()), None)  # who looks over the region begins with its tree
    if actor.unit_id in known:
        return known[actor.unit_id]
    own = people.unit_info(actor.unit_id, people.today()) if actor.unit_id else None
    above = next((known[a] for a in own.ancestors if a in known), None) if own else None
    return above or next(iter(known.values()), None)


# --- the tree -------------------------------------------------------------------------------


@dataclass
class Branch:
    """A node with its indicators and what hangs below it."""

    node: KinerjaNode
    indicators: list[KinerjaIndicator] = field(default_factory=list)
    below: list[Branch] = field(default_factory=list)
    depth: int = 0


def _in_year(model: Any, year: int) -> Any:
    return sa.and_(model.since <= year, sa.or_(model.until == 0, model.until >= year))


def nodes(year: int, units: Collection[int] = ()) -> list[KinerjaNode]:
    """Nodes that are valid in a year, of all units or of these, in their order."""
    query = sa.select(KinerjaNode).where(_in_year(KinerjaNode, year))
    if units:
        query = query.where(KinerjaNode.unit_id.in_(units))
    return list(db.session.scalars(query.order_by(KinerjaNode.position, KinerjaNode.id)))


def indicators(year: int, node_ids: Collection[int]) -> list[KinerjaIndicator]:
    """Indicators of these nodes in a year, in their order."""
    query = sa.select(KinerjaIndicator).where(
        KinerjaIndicator.node_id.in_(node_ids), _in_year(KinerjaIndicator, year)
    )
    return list(db.session.scalars(query.order_by(KinerjaIndicator.position, KinerjaIndicator.id)))


def tree(year: int, unit: UnitInfo, upper: bool = True) -> list[Branch]:
    """The tree of a unit: its own nodes with the sasaran of the region above them.

    For the region itself: the upper levels with the sasaran of all Perangkat Daerah below them.
    """
    everything = nodes(year)
    by_id = {n.id: n for n in everything}
    if unit.kind == UnitKind.PEMDA:
        wanted = {
            n.id for n in everything if n.level in ("ultimate", "sasaran_pemda", "sasaran_opd")
        }
    else:
        wanted = {n.id for n in everything if n.unit_id == unit.id}
        for node_id in list(wanted) if upper else ():
            above = by_id[node_id].parent_id
            while above is not None and above in by_id and above not in wanted:
                wanted.add(above)
                above = by_id[above].parent_id
    return grown([n for n in everything if n.id in wanted], indicators(year, wanted))


def grown(listed: Iterable[KinerjaNode], found: Iterable[KinerjaIndicator]) -> list[Branch]:
    """Branches in order; a node whose parent is not among them stands at the top."""
    branches = {n.id: Branch(n) for n in listed}
    for one in found:
        branches[one.node_id].indicators.append(one)
    tops: list[Branch] = []
    for branch in branches.values():
        above = branches.get(branch.node.parent_id or 0)
        (above.below if above else tops).append(branch)

    def sink(many: list[Branch], depth: int) -> None:
        for branch in many:
            branch.depth = depth
            sink(branch.below, depth + 1)

    sink(tops, 0)
    return tops


def walk(branches: Iterable[Branch]) -> Iterable[Branch]:
    """All branches, parents before what is below them."""
    for branch in branches:
        yield branch
        yield from walk(branch.below)


def node_for(actor: Actor, node_id: int) -> KinerjaNode | None:
    """A node that the actor may see."""
    found = db.session.get(KinerjaNode, node_id)
    if found is None:
        return None
    unit = people.unit_info(found.unit_id, people.today())
    return found if unit is not None and reads(actor, unit) else None


def indicator_for(actor: Actor, indicator_id: int) -> tuple[KinerjaIndicator, KinerjaNode] | None:
    """An indicator with its node, when the actor may see it."""
    found = db.session.get(KinerjaIndicator, indicator_id)
    node = node_for(actor, found.node_id) if found else None
    return (found, node) if found is not None and node is not None else None


def year_of(indicator_id: int, year: int) -> KinerjaYear | None:
    """The row of an indicator in a year."""
    return db.session.scalar(
        sa.select(KinerjaYear).where(
            KinerjaYear.indicator_id == indicator_id, KinerjaYear.year == year
        )
    )


def years_of(ids: Collection[int], years: Collection[int]) -> dict[tuple[int, int], KinerjaYear]:
    """(indicator, year) -> its row; one statement."""
    rows = db.session.scalars(
        sa.select(KinerjaYear).where(KinerjaYear.indicator_id.in_(ids), KinerjaYear.year.in_(years))
    )
    return {(r.indicator_id, r.year): r for r in rows}


Quarters = dict[int, dict[str, KinerjaQuarter]]


def quarters_of(ids: Collection[int], years: Collection[int]) -> dict[int, Quarters]:
    """year -> indicator -> triwulan -> its row; one statement."""
    out: dict[int, Quarters] = defaultdict(lambda: defaultdict(dict))
    rows = db.session.scalars(
        sa.select(KinerjaQuarter).where(
            KinerjaQuarter.indicator_id.in_(ids), KinerjaQuarter.year.in_(years)
        )
    )
    for row in rows:
        out[row.year][row.indicator_id][row.quarter] = row
    return out


# --- Perjanjian Kinerja ---------------------------------------------------------------------


def agreements(year: int, units: Collection[int]) -> list[Agreement]:
    """Perjanjian Kinerja of these units in a year."""
    return list(
        db.session.scalars(
            sa.select(Agreement)
            .where(Agreement.year == year, Agreement.unit_id.in_(units))
            .order_by(Agreement.unit_id, Agreement.form, Agreement.first_position_id,
                      Agreement.number)
        )
    )  # fmt: skip


def agreement_for(actor: Actor, agreement_id: int) -> Agreement | None:
    """A Perjanjian Kinerja that the actor may read; a party reads his own."""
    found = db.session.get(Agreement, agreement_id)
    if found is None or not actor.may(Permission.SAKIP_READ):
        return None
    at = actor.acting.position_id if actor.acting else 0
    if at in (found.first_position_id, found.second_position_id):
        return found
    unit = people.unit_info(found.unit_id, people.today())
    if unit is None or not reads(actor, unit):
        return None
    if unit.kind == UnitKind.PEMDA and found.state not in ("disepakati", "diganti"):
        over = actor.roles & {Role.APIP, Role.SEKRETARIAT, Role.PIMPINAN}
        return found if over or writes(actor, unit) else None
    return found


def agreed(year: int, unit_id: int, form: str) -> Agreement | None:
    """The newest Perjanjian Kinerja of a unit that both parties have confirmed."""
    return db.session.scalar(
        sa.select(Agreement)
        .where(Agreement.year == year, Agreement.unit_id == unit_id, Agreement.form == form,
               Agreement.state == "disepakati")
        .order_by(Agreement.number.desc()).limit(1)
    )  # fmt: skip


def waiting_for(actor: Actor) -> list[Agreement]:
    """Perjanjian Kinerja that wait for the acting jabatan, the oldest first."""
    at = actor.acting.position_id if actor.acting else None
    if at is None or not actor.may(Permission.SAKIP_SIGN):
        return []
    mine = sa.or_(
        sa.and_(Agreement.state == "pihak_kesatu", Agreement.first_position_id == at),
        sa.and_(Agreement.state == "pihak_kedua", Agreement.second_position_id == at),
    )
    return list(db.session.scalars(sa.select(Agreement).where(mine).order_by(Agreement.since)))


def pk_verbs(actor: Actor, found: Agreement) -> tuple[rules.Verb, ...]:
    """Steps that are open to the actor now."""
    at = actor.acting.position_id if actor.acting else 0
    unit = people.unit_info(found.unit_id, people.today())
    can = {
        "prepare": unit is not None and writes(actor, unit),
        "first": at == found.first_position_id and actor.may(Permission.SAKIP_SIGN),
        "second": at == found.second_position_id and actor.may(Permission.SAKIP_SIGN),
    }
    alone = found.second_position_id is None
    return tuple(v for v in rules.pk_verbs(found.state, alone) if can[v.who])


@dataclass(frozen=True)
class Seat:
    """A jabatan with who holds it on a date."""

    position_id: int
    title: str
    role: str
    name: str


def seats(unit_ids: Collection[int], on: date) -> list[Seat]:
    """Jabatan of units that are held on a date, in their order."""
    rows = db.session.execute(
        sa.select(Position, Person)
        .join(Term, Term.position_id == Position.id)
        .join(Person, Term.person_id == Person.id)
        .where(Position.unit_id.in_(unit_ids), Position.active, Term.valid_from <= on,
               sa.or_(Term.valid_to.is_(None), Term.valid_to >= on))
        .order_by(Position.unit_id, Position.role, Position.rank, Position.id, Term.id)
    )  # fmt: skip
    found: dict[int, Seat] = {}
    for position, person in rows:
        found.setdefault(position.id, Seat(position.id, position.title, position.role,
                                           people.full_name(person)))  # fmt: skip
    return list(found.values())


def position_of(unit_id: int, role: Role) -> int | None:
    """The first jabatan of a role in a unit: its head, the bupati."""
    return db.session.scalar(
        sa.select(Position.id)
        .where(Position.unit_id == unit_id, Position.role == role.value, Position.active)
        .order_by(Position.rank, Position.id).limit(1)
    )  # fmt: skip


# --- Rencana Aksi, reviu, jadwal ------------------------------------------------------------


def plan(unit_id: int, year: int) -> ActionPlan | None:
    """The Rencana Aksi of a unit in a year."""
    return db.session.scalar(
        sa.select(ActionPlan).where(ActionPlan.unit_id == unit_id, ActionPlan.year == year)
    )


def plans(year: int) -> dict[int, ActionPlan]:
    """All Rencana Aksi of a year by unit."""
    rows = db.session.scalars(sa.select(ActionPlan).where(ActionPlan.year == year))
    return {row.unit_id: row for row in rows}


def review(unit_id: int, year: int) -> LkjReview | None:
    """The reviu that counts for a LKjIP; None before any and after it was withdrawn."""
    return db.session.scalar(
        sa.select(LkjReview)
        .where(LkjReview.unit_id == unit_id, LkjReview.year == year,
               LkjReview.withdrawn_at.is_(None))
        .order_by(LkjReview.id.desc()).limit(1)
    )  # fmt: skip


def reviews(year: int) -> dict[int, LkjReview]:
    """The reviu that count, by unit."""
    rows = db.session.scalars(
        sa.select(LkjReview).where(LkjReview.year == year, LkjReview.withdrawn_at.is_(None))
        .order_by(LkjReview.id)
    )  # fmt: skip
    return {row.unit_id: row for row in rows}


def deadlines(year: int) -> dict[str, Deadline]:
    """``pk``, ``renaksi``, ``renaksi-TW1`` ... -> the row of the Jadwal, as far as it is set."""
    rows = db.session.scalars(
        sa.select(Deadline).where(Deadline.year == year, Deadline.kind.in_(("pk", "renaksi")))
    )
    return {f"{r.kind}-{r.period}" if r.period else r.kind: r for r in rows}


def history(stream: str, subject: str) -> list[TrailEntry]:
    """What was done with one thing, oldest first."""
    return list(
        db.session.scalars(
            sa.select(TrailEntry)
            .where(TrailEntry.stream == stream, TrailEntry.subject == subject)
            .order_by(TrailEntry.seq)
        )
    )
