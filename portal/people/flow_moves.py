"""Mutasi: who takes over which jabatan on one date; looked at first, then done in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from portal.db import db
from portal.people import flow, queries, terms
from portal.people.flow import TermData
from portal.people.kinds import SIFAT_PREFIX, Role, Sifat
from portal.people.models import Person, Position, Term
from portal.people.refusal import Refused
from portal.people.rules import Actor


@dataclass(frozen=True)
class Move:
    """What was typed for one jabatan: the NIP of who takes over, or that it falls vacant."""

    position_id: int
    login: str = ""
    sifat: str = Sifat.DEFINITIF
    vacate: bool = False


@dataclass
class Step:
    """What will happen to one jabatan."""

    position: Position
    ends: list[tuple[Term, Person]] = field(default_factory=list)
    taker: Person | None = None
    sifat: str = Sifat.DEFINITIF
    automatic: bool = False  # a Plt. that nobody typed
    fault: str = ""

    @property
    def words(self) -> str:
        """``Plt. Hadi Susilo`` or that nobody holds it."""
        if self.taker is None:
            return "lowong"
        return SIFAT_PREFIX[self.sifat] + queries.full_name(self.taker)


def plan(effective: date, moves: Sequence[Move]) -> list[Step]:
    """What these moves do on ``effective``, with a sentence at each jabatan that cannot be.

    Whoever takes up a jabatan definitively leaves the ones he held so; the head's jabatan that
    falls vacant by it gets a Plt. until it is filled: the unit's secretary, else the head of the
    unit above. Work stays with the jabatan.
    """
    steps: dict[int, Step] = {}
    for move in moves:
        position = db.session.get(Position, move.position_id)
        if position is not None:
            steps[position.id] = _typed(position, move, effective)
    for step in list(steps.values()):
        if step.taker is not None and step.sifat == Sifat.DEFINITIF:
            for term, left in _left_behind(step, effective):
                other = steps.setdefault(left.id, Step(left))
                _end(other, term, step.taker)
    _same_person_twice(steps.values())
    leaving = {person.id for step in steps.values() for _, person in step.ends}
    for step in steps.values():
        if step.taker is None and step.position.role == Role.KEPALA and not step.fault:
            step.taker = _stand_in(step.position, effective, leaving)
            step.sifat, step.automatic = Sifat.PLT, step.taker is not None
        step.fault = step.fault or _fault(step, effective)
    return list(steps.values())


def _typed(position: Position, move: Move, effective: date) -> Step:
    step = Step(position, sifat=move.sifat)
    for term, person in _terms(effective, Term.position_id == position.id):
        _end(step, term, person)
    if not move.vacate:
        try:
            step.taker = flow.person_by_login(move.login)
        except Refused as refusal:
            step.fault = str(refusal)
    return step


def _end(step: Step, term: Term, person: Person) -> None:
    if all(term.id != known.id for known, _ in step.ends):
        step.ends.append((term, person))


def _terms(on: date, *wanted: sa.ColumnElement[bool]) -> list[tuple[Term, Person]]:
    rows = db.session.execute(
        sa.select(Term, Person).join(Person, Term.person_id == Person.id)
        .where(sa.or_(Term.valid_to.is_(None), Term.valid_to >= on), *wanted)
        .order_by(Term.id)
    )  # fmt: skip
    return [(term, person) for term, person in rows]


def _left_behind(step: Step, effective: date) -> list[tuple[Term, Position]]:
    assert step.taker is not None  # noqa: S101 - asked by the caller
    rows = _terms(effective, Term.person_id == step.taker.id, Term.sifat == Sifat.DEFINITIF,
                  Term.position_id != step.position.id)  # fmt: skip
    return [(term, term.position) for term, _ in rows]


def _same_person_twice(steps: Iterable[Step]) -> None:
    seen: dict[int, Step] = {}
    for step in steps:
        if step.taker is None or step.sifat != Sifat.DEFINITIF:
            continue
        if step.taker.id in seen:
            step.fault = (f"{step.taker.name} sudah diisikan untuk "
                          f"{seen[step.taker.id].position.title}.")  # fmt: skip
        seen.setdefault(step.taker.id, step)


def _stand_in(position: Position, on: date, leaving: set[int]) -> Person | None:
    unit = queries.unit_info(position.unit_id, on)
    candidates = queries.holders(position.unit_id, Role.VERIFIKATOR, on)
    for above in unit.ancestors[:-1] if unit else ():
        candidates += queries.holders(above, Role.KEPALA, on)
    for holder in candidates:
        if holder.person_id not in leaving:
            return db.session.get(Person, holder.person_id)
    return None


def _fault(step: Step, effective: date) -> str:
    for term, person in step.ends:
        if term.valid_from >= effective:
            return (f"{person.name} baru mulai memangku jabatan ini pada tanggal itu atau "
                    "sesudahnya. Perbaiki dahulu masa jabatannya.")  # fmt: skip
        if step.taker is not None and person.id == step.taker.id and term.sifat == step.sifat:
            return f"{person.name} sudah memangku jabatan ini."
    if step.taker is not None and step.taker.disabled_at is not None:
        return f"Akun {step.taker.name} ditutup. Buka dahulu akunnya."
    return ""


def apply(effective: date, moves: Sequence[Move], sk_no: str, actor: Actor) -> list[Step]:
    """Do what ``plan`` shows; Refused when any jabatan has a fault, and then nothing is done."""
    steps = plan(effective, moves)
    if not steps:
        raise Refused("Belum ada jabatan yang diisi. Isi NIP pejabat baru atau beri tanda lowong.")
    faults = [f"{step.position.title}: {step.fault}" for step in steps if step.fault]
    if faults:
        raise Refused(" ".join(faults))
    last_day = terms.day_before(effective)
    for step in steps:
        for term, _ in step.ends:
            flow.end_term(term, last_day, actor)
    for step in steps:
        if step.taker is not None:
            flow.save_term(None, step.position, step.taker,
                           TermData(effective, None, step.sifat, sk_no), actor)  # fmt: skip
    return steps
