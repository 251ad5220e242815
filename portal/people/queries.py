"""Reads about people and units."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.db import db
from portal.people.kinds import Module, Role, Sifat
from portal.people.models import (
    Duty,
    Leave,
    Person,
    Position,
    Setting,
    Term,
    Unit,
    UnitSuccession,
    UnitVersion,
    Wave,
    WaveUnit,
)
from portal.people.rules import Actor, Holding, Officeholder, UnitInfo

#: Report kinds that a sekretariat compiles, and the duty that says which unit it is.
COMPILERS = {
    "lppd": "sekretariat_lppd", "rlppd": "sekretariat_lppd", "lkpj": "sekretariat_lkpj",
    "spm": "sekretariat_spm", "sakip": "sekretariat_sakip",
}  # fmt: skip

#: When several people hold one jabatan on a day, the one who stands in signs.
_SIGNS_FIRST = {Sifat.PLH: 0, Sifat.PLT: 1, Sifat.PJ: 2, Sifat.DEFINITIF: 3}


def today() -> date:
    """The region's calendar date."""
    return clock.today(current_app.config["SELARAS"].zone)


def full_name(person: Person) -> str:
    """``dr. Siti Aminah, M.Kes.``"""
    name = f"{person.gelar_depan} {person.name}".strip()
    return f"{name}, {person.gelar_belakang}" if person.gelar_belakang else name


def units_on(on: date, kinds: Iterable[str] = ()) -> list[UnitInfo]:
    """Every unit as it stands on ``on``, in the region's order; only these kinds, when named."""
    rows = db.session.execute(
        sa.select(Unit.id, Unit.code, UnitVersion.name, UnitVersion.short_name, UnitVersion.kind,
                  UnitVersion.parent_id, UnitVersion.position)
        .join(UnitVersion, UnitVersion.unit_id == Unit.id)
        .where(UnitVersion.valid_from <= on,
               sa.or_(UnitVersion.valid_to.is_(None), UnitVersion.valid_to > on))
        .order_by(UnitVersion.position, Unit.id)
    ).all()  # fmt: skip
    parents = {row.id: row.parent_id for row in rows}
    wanted = frozenset(kinds)
    return [
        UnitInfo(row.id, row.code, row.name, row.short_name, row.kind, row.parent_id,
                 row.position, _ancestors(row.id, parents))
        for row in rows if not wanted or row.kind in wanted
    ]  # fmt: skip


def _ancestors(unit_id: int, parents: dict[int, int | None]) -> tuple[int, ...]:
    found: list[int] = []
    parent = parents.get(unit_id)
    while parent is not None and parent not in found:
        found.append(parent)
        parent = parents.get(parent)
    return tuple(found)


def unit_info(unit_id: int, on: date) -> UnitInfo | None:
    """The unit as it stands on ``on``; None when it does not exist then."""
    return next((unit for unit in units_on(on) if unit.id == unit_id), None)


def unit_by_code(code: str) -> Unit | None:
    """The unit with this code."""
    return db.session.scalar(sa.select(Unit).where(Unit.code == code))


def left_to(mine: Iterable[int]) -> frozenset[int]:
    """Units that no longer exist and whose work came to ``mine``: merged into, split to, renamed;
    also through several such steps. One statement while nothing was ever merged."""
    today_ = today()
    rows = db.session.execute(
        sa.select(UnitSuccession.old_id, UnitSuccession.new_id).where(UnitSuccession.on <= today_)
    ).all()
    if not rows:
        return frozenset()
    found: set[int] = set()
    open_ends = set(mine)
    while open_ends:
        open_ends = {old for old, new in rows if new in open_ends} - found
        found |= open_ends
    return frozenset(found - {u.id for u in units_on(today_)})


def duty_units(key: str) -> tuple[int | None, tuple[int, ...]]:
    """The unit that answers for a duty, and those that support it."""
    return duties().get(key, (None, ()))


def duties() -> dict[str, tuple[int | None, tuple[int, ...]]]:
    """All duties at once: key -> (main unit, supporting units)."""
    found: dict[str, tuple[int | None, tuple[int, ...]]] = {}
    for duty in db.session.scalars(sa.select(Duty).order_by(Duty.key, Duty.id)):
        main, support = found.get(duty.key, (None, ()))
        if duty.main and main is None:
            found[duty.key] = (duty.unit_id, support)
        else:
            found[duty.key] = (main, (*support, duty.unit_id))
    return found


def unit_waves(module: Module | str, on: date) -> dict[int, Wave]:
    """The tahap that each unit belongs to on ``on``: the newest membership counts."""
    rows = db.session.execute(
        sa.select(WaveUnit.unit_id, Wave)
        .join(Wave, WaveUnit.wave_id == Wave.id)
        .where(Wave.module == str(module), WaveUnit.since <= on)
        .order_by(WaveUnit.since, WaveUnit.id)
    ).all()
    return {unit_id: wave for unit_id, wave in rows}


def open_units(module: Module | str, on: date) -> frozenset[int] | None:
    """Units to which ``module`` is open on ``on``; None means all (no tahap was set up)."""
    any_wave = db.session.scalar(sa.select(Wave.id).where(Wave.module == str(module)).limit(1))
    if any_wave is None:
        return None
    return frozenset(
        unit_id for unit_id, wave in unit_waves(module, on).items()
        if wave.opens_on <= on and (wave.closes_on is None or on <= wave.closes_on)
    )  # fmt: skip


def module_open(unit_id: int, module: Module | str, on: date) -> bool:
    """True when the unit itself may work in ``module`` on ``on``; else it is "belum dibuka"."""
    opened = open_units(module, on)
    return opened is None or unit_id in opened


def module_wave(unit_id: int, module: Module | str, on: date) -> Wave | None:
    """The unit's tahap, for the sentence "Belum dibuka: Tahap 3, mulai 4 Januari 2027"."""
    return unit_waves(module, on).get(unit_id)


def _terms_on(on: date) -> sa.Select[Term, Position, Person]:
    return (
        sa.select(Term, Position, Person)
        .join(Position, Term.position_id == Position.id)
        .join(Person, Term.person_id == Person.id)
        .where(Term.valid_from <= on, sa.or_(Term.valid_to.is_(None), Term.valid_to >= on),
               Position.active)
    )  # fmt: skip


def holders(unit_id: int, role: Role | str, on: date) -> list[Officeholder]:
    """All who hold a jabatan of this role in the unit on ``on``; who signs stands first."""
    rows = db.session.execute(
        _terms_on(on).where(Position.unit_id == unit_id, Position.role == str(role))
    ).all()
    rows = sorted(
        rows,
        key=lambda r: (r.Position.rank, r.Position.id, _SIGNS_FIRST[Sifat(r.Term.sifat)],
                       -r.Term.valid_from.toordinal(), r.Term.id),
    )  # fmt: skip
    return [_officeholder(term, position, person) for term, position, person in rows]


def _officeholder(term: Term, position: Position, person: Person) -> Officeholder:
    return Officeholder(
        term.id, person.id, full_name(person), person.name, person.nip or "", person.pangkat,
        person.golongan, position.title, term.sifat,
    )  # fmt: skip


def holder(unit_id: int, role: Role | str, on: date) -> Officeholder | None:
    """Who holds the first jabatan of this role in the unit on ``on``: Plh. before Plt. before
    Pj. before the definitive holder. ``holder(PEMDA, PIMPINAN)`` is the Bupati/Wali Kota."""
    found = holders(unit_id, role, on)
    return found[0] if found else None


def on_leave(on: date) -> frozenset[int]:
    """Persons whose cuti covers ``on``."""
    return frozenset(
        db.session.scalars(
            sa.select(Leave.person_id).where(Leave.first_on <= on, Leave.last_on >= on)
        )
    )


def setting(key: str, on: date, default: Any = None) -> Any:
    """The region's value for ``key`` on ``on``."""
    return settings(on, (key,)).get(key, default)


def settings(on: date, keys: Iterable[str] = ()) -> dict[str, Any]:
    """Values of all settings (or these keys) on ``on``, in one query."""
    query = sa.select(Setting.key, Setting.value).where(Setting.valid_from <= on)
    wanted = tuple(keys)
    if wanted:
        query = query.where(Setting.key.in_(wanted))
    rows = db.session.execute(query.order_by(Setting.valid_from, Setting.id))
    return {key: value for key, value in rows}


def actor_of(person_id: int, position_id: int | None = None) -> Actor | None:
    """The person under the jabatan ``position_id`` (or the first one held today)."""
    person = db.session.get(Person, person_id)
    if person is None:
        return None
    rows = db.session.execute(
        _terms_on(today()).where(Term.person_id == person_id)
        .order_by(Term.valid_from, Term.id)
    ).all()  # fmt: skip
    held = [Holding(t.id, p.id, p.unit_id, Role(p.role), p.title, t.sifat) for t, p, _ in rows]
    acting = next((h for h in held if h.position_id == position_id), held[0] if held else None)
    if acting is None:
        return Actor(person.id, full_name(person))
    return Actor(
        person.id, full_name(person), (acting,), acting, _compiles(acting),
        tuple(h for h in held if h is not acting),
    )  # fmt: skip


def seat_of(term: Term) -> Actor:
    """Whoever holds the jabatan of ``term``, also when the term is over: to list the work that
    lies on the jabatan, never to do it."""
    seat = term.position
    acting = Holding(term.id, seat.id, seat.unit_id, Role(seat.role), seat.title, term.sifat)
    return Actor(term.person_id, full_name(term.person), (acting,), acting, _compiles(acting))


def neighbours(term: Term) -> tuple[Term | None, Term | None]:
    """Who held the jabatan before and who holds it after ``term``; a Plh. is no successor."""
    rows = db.session.scalars(
        sa.select(Term).where(Term.position_id == term.position_id, Term.id != term.id,
                              Term.sifat != Sifat.PLH)
        .order_by(Term.valid_from, Term.id)
    ).all()  # fmt: skip
    before = [t for t in rows if (t.valid_from, t.id) < (term.valid_from, term.id)]
    after = [t for t in rows if (t.valid_from, t.id) > (term.valid_from, term.id)]
    return (before[-1] if before else None, after[0] if after else None)


def _compiles(acting: Holding) -> frozenset[str]:
    if acting.role is not Role.SEKRETARIAT:
        return frozenset()
    mine = set(
        db.session.scalars(
            sa.select(Duty.key).where(
                Duty.unit_id == acting.unit_id, Duty.key.in_(set(COMPILERS.values()))
            )
        )
    )
    return frozenset(kind for kind, duty in COMPILERS.items() if duty in mine)
