"""Who is told: holders of jabatan today, Plh., the head of a desk's own unit, the Sekda."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from portal.db import db
from portal.people import queries
from portal.people.kinds import SEKDA_UNIT, Role, Sifat
from portal.people.models import Person, Position, Term


@dataclass
class People:
    """Everybody in office on one day: three queries, then answers from memory."""

    today: date
    holders: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    unit_of: dict[int, int] = field(default_factory=dict)
    title_of: dict[int, str] = field(default_factory=dict)
    heads: dict[int, list[int]] = field(default_factory=dict)
    parents: dict[int, tuple[int, ...]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    sekda_unit: int | None = None
    away: frozenset[int] = frozenset()

    def told(self, position_id: int) -> list[int]:
        """Who gets what belongs to a jabatan: its Plh. while there is one, else its holder."""
        held = self.holders.get(position_id, [])
        standing_in = [person for person, sifat in held if sifat == Sifat.PLH]
        return standing_in or [person for person, _ in held]

    def head_of(self, unit_id: int | None) -> list[int]:
        """The jabatan of the kepala of a unit, or of the nearest one above that has a kepala."""
        if unit_id is None:
            return []
        for one in (unit_id, *self.parents.get(unit_id, ())):
            if one in self.heads:
                return self.heads[one]
        return []

    def above(self, unit_id: int, position_id: int | None) -> list[int]:
        """The direct superior's jabatan: the kepala; of a kepala the next one, or the Sekda."""
        for one in (unit_id, *self.parents.get(unit_id, ())):
            if position_id not in (found := self.heads.get(one, [])) and found:
                return found
        return [one for one in self.sekda() if one != position_id]

    def sekda(self) -> list[int]:
        """The jabatan of the Sekretaris Daerah."""
        return self.heads.get(self.sekda_unit, []) if self.sekda_unit is not None else []

    def target(self, to: str, positions: Iterable[int], unit_id: int | None) -> list[int]:
        """The jabatan that a rung speaks to; ``unit_id`` is the desk's own unit."""
        if to == "holder":
            return list(positions)
        return self.sekda() if to == "sekda" else self.head_of(unit_id)


def on(today: date) -> People:
    """Everybody in office on ``today``; closed accounts are left out."""
    people = People(today, away=queries.on_leave(today))
    rows = db.session.execute(
        sa.select(Position.id, Position.unit_id, Position.role, Position.title, Term.person_id,
                  Term.sifat)
        .join(Term, Term.position_id == Position.id)
        .join(Person, Person.id == Term.person_id)
        .where(Position.active, Term.valid_from <= today, Person.disabled_at.is_(None),
               sa.or_(Term.valid_to.is_(None), Term.valid_to >= today))
        .order_by(Position.rank, Position.id, Term.id)
    )  # fmt: skip
    holders: dict[int, list[tuple[int, str]]] = defaultdict(list)
    heads: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        holders[row.id].append((row.person_id, row.sifat))
        people.unit_of[row.id], people.title_of[row.id] = row.unit_id, row.title
        if row.role == Role.KEPALA and row.id not in heads[row.unit_id]:
            heads[row.unit_id].append(row.id)
    people.holders, people.heads = dict(holders), {unit: one[:1] for unit, one in heads.items()}
    for unit in queries.units_on(today):
        people.parents[unit.id], people.names[unit.id] = unit.ancestors, unit.short_name
        if unit.code == SEKDA_UNIT:
            people.sekda_unit = unit.id
    return people
