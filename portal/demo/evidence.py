"""Data dukung of the demo region: a rekap sheet for most indicators of 2025."""

from __future__ import annotations

import random

import sqlalchemy as sa

from portal.db import db
from portal.demo import numbers
from portal.figures import catalogue, flow_evidence, queries, sheet
from portal.figures.catalogue import Indicator
from portal.figures.flow import Refused
from portal.figures.flow_evidence import Proof
from portal.figures.rules import DatumView
from portal.people import queries as people
from portal.people.models import Position, Term
from portal.people.rules import Actor, Role
from portal.uploading.kinds import MEDIA, Kind

YEAR = 2025
#: Of a hundred indicators, how many have their data dukung.
PROVEN = 68


def load() -> int:
    """Hand in a rekap for two of three indicators by their units' operators; returns how many."""
    book = catalogue.current()
    now = queries.values(book.elements, str(YEAR), queries.region_id())
    duties = people.duties()
    units = {u.id: u.short_name.replace(" ", "") for u in people.units_on(people.today())}
    actors: dict[int, Actor | None] = {}
    done = 0
    for i in book.of(year=YEAR):
        unit = duties.get(book.elements[i.elements[0]].owner, (None, ()))[0]
        rng = random.Random(f"{numbers.SEED}:evidence:{i.key}")  # noqa: S311 - demo data
        if unit is None or i.level == "keluaran" or rng.randrange(100) >= PROVEN:
            continue
        if any(k not in now or now[k].not_released for k in i.elements):
            continue
        if unit not in actors:
            actors[unit] = _operator(unit)
        actor = actors[unit]
        if actor is not None and actor.unit_id == unit:
            done += _hand_in(i, actor, units[unit], now)
    return done


def _operator(unit_id: int) -> Actor | None:
    person = db.session.scalar(
        sa.select(Term.person_id)
        .join(Position, Term.position_id == Position.id)
        .where(Position.unit_id == unit_id, Position.role == Role.OPERATOR)
        .order_by(Term.id.desc())
        .limit(1)
    )
    return people.actor_of(person) if person is not None else None


def _hand_in(i: Indicator, actor: Actor, short: str, now: dict[str, DatumView]) -> bool:
    data = sheet.write(catalogue.current(), [i], now, f"DATA CONTOH Rekap IKK {i.no} {YEAR}")
    proof = Proof(f"{i.no}_{short}_{YEAR} - Rekap DATA CONTOH.xlsx", data, MEDIA[Kind.XLSX])
    try:
        flow_evidence.add_evidence(i.key, YEAR, actor.unit_id or 0, proof, actor)
    except Refused:
        return False  # the first element is somebody else's reference data
    return True
