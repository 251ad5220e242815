"""Apply a list of officials: what each row would do, and doing it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.db import db
from portal.people import flow, queries
from portal.people.flow import PersonData, TermData
from portal.people.models import Person, Position, Unit
from portal.people.refusal import Refused
from portal.people.rules import Actor, UnitInfo
from portal.people.simpeg import ImportRow


@dataclass
class Outcome:
    """How many rows did what."""

    added: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    terms: int = 0


def preview(rows: Iterable[ImportRow]) -> None:
    """Write at each row what it would do, without doing it."""
    units = _units()
    known = {p.nip: p for p in db.session.scalars(sa.select(Person).where(Person.nip.is_not(None)))}
    for row in rows:
        if row.faults:
            continue
        row.notes.append(_difference(known.get(row.nip), row))
        if row.unit and _unit(units, row.unit) is None:
            row.notes.append(f"Perangkat daerah “{row.unit}” tidak dikenal; jabatan tidak dicatat.")
        elif row.unit and row.title and not row.role:
            row.notes.append("Peran tidak diketahui dari jabatannya; isi kolom Peran bila perlu.")


def _difference(person: Person | None, row: ImportRow) -> str:
    if person is None:
        return "Orang baru."
    labels = {"name": "nama", "gelar_depan": "gelar depan", "gelar_belakang": "gelar belakang",
              "pangkat": "pangkat", "golongan": "golongan"}  # fmt: skip
    changes = [
        f"{label} {getattr(person, key) or 'kosong'} menjadi {getattr(row, key)}"
        for key, label in labels.items()
        if getattr(row, key) and getattr(row, key) != getattr(person, key)
    ]
    return f"Berubah: {'; '.join(changes)}." if changes else "Sudah ada, sama."


def apply(rows: Iterable[ImportRow], today: date, actor: Actor) -> Outcome:
    """Write the rows without faults; a row that is refused now gets its reason and is left out."""
    outcome = Outcome()
    units = _units()
    for row in rows:
        if row.faults:
            outcome.refused += 1
            continue
        try:
            person = _person(row, outcome, actor)
        except Refused as refusal:
            row.faults.append(str(refusal))
            outcome.refused += 1
            continue
        unit = _unit(units, row.unit)
        if unit is not None and row.title and row.role:
            _term(row, person, unit, today, outcome, actor)
    return outcome


def _person(row: ImportRow, outcome: Outcome, actor: Actor) -> Person:
    person = db.session.scalar(sa.select(Person).where(Person.nip == row.nip))
    if person is not None and _difference(person, row).startswith("Sudah"):
        outcome.same += 1
        return person
    data = PersonData(
        row.name, row.nip, "", row.gelar_depan or (person.gelar_depan if person else ""),
        row.gelar_belakang or (person.gelar_belakang if person else ""),
        row.pangkat or (person.pangkat if person else ""),
        row.golongan or (person.golongan if person else ""),
    )  # fmt: skip
    outcome.added += person is None
    outcome.changed += person is not None
    return flow.save_person(person, data, actor)


def _term(
    row: ImportRow, person: Person, unit: UnitInfo, today: date, outcome: Outcome, actor: Actor
) -> None:
    position = db.session.scalar(
        sa.select(Position).where(Position.unit_id == unit.id, Position.role == row.role,
                                  sa.func.lower(Position.title) == row.title.lower())
    )  # fmt: skip
    if position is None:
        home = db.session.get(Unit, unit.id)
        if home is None:
            return
        position = flow.save_position(None, home, row.role, row.title, actor)
    if any(h.person_id == person.id for h in queries.holders(unit.id, row.role, today)):
        return
    start = date.fromisoformat(row.since) if row.since else today
    try:
        flow.save_term(None, position, person, TermData(start), actor)
        outcome.terms += 1
    except Refused as refusal:
        row.notes.append(f"Jabatan tidak dicatat: {refusal} Pakai menu Mutasi.")


def _units() -> dict[str, UnitInfo]:
    found: dict[str, UnitInfo] = {}
    for unit in queries.units_on(queries.today()):
        for word in (unit.name, unit.short_name, unit.code):
            found[word.lower()] = unit
    return found


def _unit(units: dict[str, UnitInfo], typed: str) -> UnitInfo | None:
    return units.get(" ".join(typed.split()).lower())
