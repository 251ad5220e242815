"""Jabatan for which nobody can answer: the holder is on recorded leave and no Plh. is named.

On such days the time for a tanggapan does not run. The kepala is told, so that he names a Plh.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from portal.clock import IsWorkday
from portal.contracts.kinds import DESK_LABELS
from portal.db import db
from portal.indonesian import day_and_date
from portal.notices.rules import short_date
from portal.notices.source_contracts import STEPS
from portal.notices.sources import Subject, ids
from portal.people import queries as people
from portal.people.kinds import SEKDA_UNIT, Role, Sifat
from portal.people.models import Leave, Position, Term, Unit


@dataclass(frozen=True)
class _Held:
    person: int
    sifat: str
    since: date
    until: date | None

    def on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Absences:
    """Who holds which jabatan when, and who is on leave when; answers from memory."""

    terms: dict[int, list[_Held]] = field(default_factory=dict)
    leaves: dict[int, list[tuple[date, date, int]]] = field(default_factory=dict)

    def until(self, position_id: int, day: date) -> tuple[date, int] | None:
        """The last day of the leave, and its number, when nobody answers for the jabatan on a
        day; None while somebody does, or while nobody holds it at all."""
        held = [t for t in self.terms.get(position_id, ()) if t.on(day)]
        answers = [t for t in held if t.sifat == Sifat.PLH] or held
        away = {
            t.person: (last, number)
            for t in answers
            for first, last, number in self.leaves.get(t.person, ())
            if first <= day <= last
        }
        if not answers or any(t.person not in away for t in answers):
            return None
        return min(away.values())

    def counted(self, positions: Collection[int], is_workday: IsWorkday) -> IsWorkday:
        """Working days on which at least one of the jabatan can answer."""
        if not self.leaves or not positions:
            return is_workday
        return lambda day: is_workday(day) and any(self.until(p, day) is None for p in positions)


def load(positions: Collection[int], since: date, today: date) -> Absences:
    """Absences that touch the days from ``since``: one query while nobody is on leave, else two."""
    if not positions:
        return Absences()
    leaves: dict[int, list[tuple[date, date, int]]] = {}
    for leave in db.session.scalars(
        sa.select(Leave).where(Leave.last_on >= since, Leave.first_on <= today).order_by(Leave.id)
    ):
        leaves.setdefault(leave.person_id, []).append((leave.first_on, leave.last_on, leave.id))
    if not leaves:
        return Absences()
    terms: dict[int, list[_Held]] = {}
    for row in db.session.execute(
        sa.select(Term.position_id, Term.person_id, Term.sifat, Term.valid_from, Term.valid_to)
        .where(Term.position_id.in_(positions),
               sa.or_(Term.valid_to.is_(None), Term.valid_to >= since))
    ):  # fmt: skip
        terms.setdefault(row.position_id, []).append(
            _Held(row.person_id, row.sifat, row.valid_from, row.valid_to)
        )
    return Absences(terms, leaves)


# --- the kepala is told -------------------------------------------------------------------------


def _empty_desks(today: date) -> dict[int, tuple[date, int]]:
    """Jabatan of people on leave today for which nobody answers: last day and leave."""
    away = sa.select(Leave.person_id).where(Leave.first_on <= today, Leave.last_on >= today)
    seats = set(db.session.scalars(
        sa.select(Term.position_id).where(
            Term.person_id.in_(away), Term.valid_from <= today,
            sa.or_(Term.valid_to.is_(None), Term.valid_to >= today))
    ))  # fmt: skip
    known = load(seats, today, today)
    return {seat: found for seat in seats if (found := known.until(seat, today)) is not None}


class Unanswered:
    """``plh:<position>``: steps of a jabatan fall due during a leave without a Plh.

    Its kepala is told at once; of the kepala's own jabatan the Sekda is. A new leave tells anew.
    """

    name, ladder = "plh", "plh"

    def due(self, _limit: date, today: date) -> Iterator[Subject]:
        """Jabatan with steps past their limit, or due before the leave ends."""
        empty = _empty_desks(today)
        if not empty:
            return
        waiting: dict[int, list[Subject]] = {}
        for step in STEPS.due(max(last for last, _ in empty.values()), today):
            for seat in step.positions:
                if seat in empty and step.due_on and step.due_on <= empty[seat][0]:
                    waiting.setdefault(seat, []).append(step)
        sekda = db.session.scalar(sa.select(Unit.id).where(Unit.code == SEKDA_UNIT))
        for row in db.session.scalars(
            sa.select(Position).where(Position.id.in_(waiting)).order_by(Position.id)
        ):
            last, leave = empty[row.id]
            words = {"apa": row.title, "akhir": day_and_date(last), "akhir_tgl": short_date(last),
                     "jumlah": str(len(waiting[row.id]))}  # fmt: skip
            unit = sekda if row.role == Role.KEPALA else row.unit_id
            yield Subject(f"plh:{row.id}", leave, self.ladder, (row.id,), None, "/kontrak", words,
                          unit_id=unit)  # fmt: skip

    def alive(self, keys: Collection[str]) -> dict[str, int]:
        """Those that still need a Plh."""
        named, now = ids(keys), people.today()
        found = {s.key: s.cycle for s in self.due(now, now)}
        return {key: found[key] for key in named.values() if key in found}


UNANSWERED = Unanswered()


def words(positions: Collection[tuple[int, str]], today: date) -> list[str]:
    """Sentences for the page of a contract: (jabatan, desk) whose time does not run today."""
    known = load({p for p, _ in positions}, today, today)
    out = {}
    for seat, desk in positions:
        found = known.until(seat, today)
        if found is not None:
            name = DESK_LABELS.get(desk, desk).split(" (")[0]
            out[seat] = (f"Masa tanggapan {name} tidak berjalan: pejabatnya cuti sampai "
                         f"{day_and_date(found[0])} dan belum ada Plh.")  # fmt: skip
    return list(out.values())
