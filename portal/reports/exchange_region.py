"""The region around a report in the file of ``flask report export``: what an empty portal lacks.

Units with their dated versions, duties, settings, who signs, who owns a number, official wordings.
It is read only by a portal that has no unit yet; one that has its own region keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.db import db
from portal.figures.models import ElementOwner
from portal.outlines.models import ComparisonRecord, Wording
from portal.people.kinds import Role, UnitKind
from portal.people.models import (
    Duty,
    Person,
    Position,
    Setting,
    Term,
    Unit,
    UnitSuccession,
    UnitVersion,
)
from portal.people.rules import Actor
from portal.reports.models import Report
from portal.reports.refusal import Refused
from portal.trail.flow import record

_SHA = re.compile(r"[0-9a-f]{64}")
_VERSION = ("name", "short_name", "kind", "position", "basis")
_PERSON = ("nip", "name", "gelar_depan", "gelar_belakang", "pangkat", "golongan")
_COMPARED = ("outline_sha", "compared_by", "against", "note", "by_label")
#: Whose names a book prints under its text.
_SIGNERS = (Role.KEPALA, Role.PIMPINAN)


def export(report: Report, codes: Mapping[int, str]) -> dict[str, Any]:
    """``region``: everything of the region that compiling the report reads; sorted."""
    return {"region": {
        "units": _units(codes),
        "successions": sorted([codes[s.old_id], codes[s.new_id], s.on.isoformat(), s.basis]
                              for s in db.session.scalars(sa.select(UnitSuccession))),
        "duties": sorted([d.key, codes[d.unit_id], d.main]
                         for d in db.session.scalars(sa.select(Duty))),
        "settings": sorted(
            ([s.key, s.valid_from.isoformat(), s.value, s.basis]
             for s in db.session.scalars(sa.select(Setting))), key=lambda s: (s[0], s[1])),
        "owners": sorted([o.element, codes[o.unit_id], o.valid_from.isoformat(), o.by_label]
                         for o in db.session.scalars(sa.select(ElementOwner))),
        "signers": _signers(report, codes),
        "wordings": _words(report),
        "comparisons": _comparisons(report),
    }}  # fmt: skip


def pictures() -> set[str]:
    """SHA-256 of pictures that settings name (lambang daerah, sampul)."""
    values = db.session.scalars(sa.select(Setting.value))
    return {v for v in values if isinstance(v, str) and _SHA.fullmatch(v)}


def _units(codes: Mapping[int, str]) -> list[list[Any]]:
    found = [
        [codes[v.unit_id], v.valid_from.isoformat(), _iso(v.valid_to),
         codes.get(v.parent_id or 0, ""), {k: getattr(v, k) for k in _VERSION}]
        for v in db.session.scalars(sa.select(UnitVersion))
    ]  # fmt: skip
    return sorted(found, key=lambda v: (v[0], v[1]))


def _signers(report: Report, codes: Mapping[int, str]) -> list[list[Any]]:
    """Jabatan that may sign the report, with their terms; no other person is named."""
    heads = sa.select(UnitVersion.unit_id).where(UnitVersion.kind == UnitKind.PEMDA)
    rows = db.session.execute(
        sa.select(Position, Term, Person)
        .join(Term, Term.position_id == Position.id).join(Person, Term.person_id == Person.id)
        .join(Unit, Position.unit_id == Unit.id)
        .where(Position.role.in_(_SIGNERS), sa.or_(
            Unit.id.in_(heads), Unit.code == "SETDA", Unit.id == report.owner_unit_id))
    ).all()  # fmt: skip
    found = [
        [codes[p.unit_id], str(p.role), p.title, p.rank, str(t.sifat), t.valid_from.isoformat(),
         _iso(t.valid_to), t.sk_no, {k: getattr(who, k) for k in _PERSON}]
        for p, t, who in rows
    ]  # fmt: skip
    return sorted(found, key=lambda s: (s[0], s[1], s[2], s[5], s[8]["name"]))


def _words(report: Report) -> list[list[str]]:
    rows = db.session.scalars(
        sa.select(Wording).where(Wording.kind == report.kind, Wording.edition == report.edition)
        .order_by(Wording.id)
    )  # fmt: skip
    return [[w.key, w.text, w.basis, w.by_label] for w in rows]


def _comparisons(report: Report) -> list[dict[str, str]]:
    """Comparisons that stand; a withdrawn one says nothing any more."""
    rows = db.session.scalars(
        sa.select(ComparisonRecord).where(
            ComparisonRecord.kind == report.kind, ComparisonRecord.edition == report.edition,
            ComparisonRecord.withdrawn_at.is_(None),
        ).order_by(ComparisonRecord.id)
    )  # fmt: skip
    return [{**{k: getattr(c, k) for k in _COMPARED}, "on": c.on.isoformat()} for c in rows]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


# --- in -------------------------------------------------------------------------------------


def found(data: Mapping[str, Any], actor: Actor) -> bool:
    """Make the region of the file in a portal that has no unit; True when it was made.

    Refused with a sentence when that part of the file is broken.
    """
    region = data.get("region")
    if not region or db.session.scalar(sa.select(sa.func.count()).select_from(Unit)):
        return False
    try:
        _make(region)
        _make_words(region, data["report"], actor)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise Refused(f"Bagian region dalam berkas rusak: {error}.") from error
    db.session.flush()
    record(
        "people", "memuat Perangkat Daerah dari berkas", "units", actor, None,
        {"perangkat_daerah": len({v[0] for v in region["units"]})},
    )  # fmt: skip
    return True


def _make(region: Mapping[str, Any]) -> None:
    ids = _make_units(region["units"])
    for old, new, on, basis in region["successions"]:
        db.session.add(UnitSuccession(old_id=ids[old], new_id=ids[new], on=_day(on), basis=basis))
    for key, unit, main in region["duties"]:
        db.session.add(Duty(key=str(key), unit_id=ids[unit], main=bool(main)))
    have = {(s.key, s.valid_from) for s in db.session.scalars(sa.select(Setting))}
    for key, since, value, basis in region["settings"]:
        if (key, _day(since)) not in have:
            db.session.add(Setting(key=str(key), valid_from=_day(since), value=value, basis=basis))
    for element, unit, since, label in region["owners"]:
        db.session.add(ElementOwner(element=str(element), unit_id=ids[unit], valid_from=_day(since),
                                    by_label=label, at=clock.now()))  # fmt: skip
    _make_signers(region["signers"], ids)


def _make_units(given: Iterable[list[Any]]) -> dict[str, int]:
    rows = list(given)
    made = {code: Unit(code=str(code)) for code in dict.fromkeys(row[0] for row in rows)}
    db.session.add_all(made.values())
    db.session.flush()
    ids = {code: unit.id for code, unit in made.items()}
    for code, since, until, parent, values in rows:
        db.session.add(UnitVersion(
            unit_id=ids[code], valid_from=_day(since), valid_to=_day(until) if until else None,
            parent_id=ids[parent] if parent else None, **{k: values[k] for k in _VERSION},
        ))  # fmt: skip
    db.session.flush()
    return ids


def _make_signers(given: Iterable[list[Any]], ids: Mapping[str, int]) -> None:
    """Officials without an account: an admin gives them one when they are to sign in."""
    seats: dict[tuple[Any, ...], Position] = {}
    people: dict[tuple[Any, ...], Person] = {
        (p.nip, p.name): p for p in db.session.scalars(sa.select(Person))
    }
    for n, (unit, role, title, rank, sifat, since, until, sk_no, who) in enumerate(given, 1):
        seat = seats.get((unit, role, title, rank))
        if seat is None:
            seat = Position(unit_id=ids[unit], role=Role(role), title=title, rank=rank)
            seats[unit, role, title, rank] = seat
            db.session.add(seat)
        key = (who["nip"], who["name"])
        if key not in people:
            people[key] = Person(login=who["nip"] or f"pejabat-{n}",
                                 **{k: who[k] for k in _PERSON})  # fmt: skip
            db.session.add(people[key])
        db.session.flush()
        db.session.add(Term(
            position_id=seat.id, person_id=people[key].id, sifat=sifat, valid_from=_day(since),
            valid_to=_day(until) if until else None, sk_no=sk_no,
        ))  # fmt: skip


def _make_words(region: Mapping[str, Any], head: Mapping[str, Any], actor: Actor) -> None:
    """Wordings and comparisons of the format, as they were confirmed."""
    place = {"kind": head["kind"], "edition": head["edition"]}
    now = clock.now()
    for key, text, basis, label in region["wordings"]:
        db.session.add(Wording(**place, key=key, text=text, basis=basis, at=now,
                               by_label=label or actor.label))  # fmt: skip
    for raw in region["comparisons"]:
        db.session.add(ComparisonRecord(
            **place, at=now, on=_day(raw["on"]), **{k: raw[k] for k in _COMPARED},
        ))  # fmt: skip


def _day(text: str) -> date:
    return date.fromisoformat(text)
