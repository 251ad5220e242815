"""Reads of evaluations, scoped: APIP and pimpinan all, a unit its own once it is finished."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from portal.db import db
from portal.lke import catalogue, flow
from portal.lke.models import Evaluation
from portal.lke.rules import Score, Worksheet
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.rules import Actor, UnitInfo

#: Roles that see the evaluations of every unit.
WIDE = frozenset({Role.APIP, Role.PIMPINAN})
#: Units that have a SAKIP of their own.
KINDS = ("pemda", "sekretariat", "dinas", "badan", "inspektorat", "kecamatan")


def _all_of(actor: Actor) -> bool:
    return bool(actor.roles & WIDE) or "sakip" in actor.region_wide


def visible(actor: Actor, found: Evaluation) -> bool:
    """APIP sees all; others what is finished: pimpinan and the SAKIP sekretariat of every unit,
    a unit its own."""
    if Role.APIP in actor.roles:
        return True
    return found.state == "selesai" and (_all_of(actor) or found.unit_id in actor.units())


def evaluation_for(actor: Actor, evaluation_id: int) -> Evaluation | None:
    """The evaluation with everything in it, None when it is foreign (404)."""
    found = db.session.scalar(
        sa.select(Evaluation).where(Evaluation.id == evaluation_id).options(
            selectinload(Evaluation.answers), selectinload(Evaluation.grades),
            selectinload(Evaluation.proofs), selectinload(Evaluation.advice))
    )  # fmt: skip
    return found if found is not None and visible(actor, found) else None


@dataclass(frozen=True)
class Line:
    """A unit on the list of a year."""

    unit: UnitInfo
    evaluation: Evaluation | None
    score: Score | None
    prior: Decimal | None
    open_advice: int


def lines(actor: Actor, year: int) -> list[Line]:
    """Units with the evaluation of a year and the value of the year before; four queries."""
    units = [u for u in people.units_on(people.today()) if u.kind in KINDS]
    if not _all_of(actor):
        units = [u for u in units if u.id in actor.units()]
    rows = db.session.scalars(
        sa.select(Evaluation).where(Evaluation.year.in_((year, year - 1)))
        .options(selectinload(Evaluation.grades), selectinload(Evaluation.advice))
    )  # fmt: skip
    by_unit = {(e.unit_id, e.year): e for e in rows if visible(actor, e)}
    out = []
    for unit in units:
        now, before = by_unit.get((unit.id, year)), by_unit.get((unit.id, year - 1))
        prior = now.prior_value if now and now.prior_value is not None else (
            flow.value(before).total if before and before.state == "selesai" else None
        )  # fmt: skip
        waiting = sum(1 for a in now.advice if a.state != "selesai") if now else 0
        out.append(Line(unit, now, flow.value(now) if now else None, prior, waiting))
    return out


def prior_of(found: Evaluation) -> tuple[Decimal | None, Score | None]:
    """The value of the year before: as it was typed, else of the evaluation in the portal."""
    before = db.session.scalar(
        sa.select(Evaluation)
        .where(Evaluation.unit_id == found.unit_id, Evaluation.year == found.year - 1,
               Evaluation.state == "selesai")
    )  # fmt: skip
    score = flow.value(before) if before else None
    if found.prior_value is not None:
        return found.prior_value, score
    return (score.total if score else None), score


def sheet_of(found: Evaluation) -> Worksheet:
    """The worksheet of an evaluation."""
    return catalogue.by_edition(found.edition)
