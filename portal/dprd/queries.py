"""Reads of rekomendasi DPRD, scoped to an Actor."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.db import db
from portal.dprd import rules
from portal.dprd.models import Recommendation, RecommendationStep
from portal.dprd.rules import Verb
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.rules import Actor, Permission


def compiles(actor: Actor) -> bool:
    """True for the sekretariat of the LKPJ, for Setda's head and for the Sekretariat DPRD."""
    if "lkpj" in actor.region_wide and actor.may(Permission.ENTRY_ACCEPT):
        return True
    setwan = people.duty_units("setwan")[0]
    if setwan is not None and setwan in actor.units(Role.OPERATOR, Role.KEPALA):
        return True
    setda = people.unit_by_code("SETDA")
    return setda is not None and setda.id in actor.units(Role.KEPALA)


def answers(actor: Actor, found: Recommendation) -> bool:
    """True for who answers: the unit's own people who type."""
    mine = actor.units(Role.OPERATOR, Role.SEKRETARIAT)
    return found.unit_id is not None and found.unit_id in mine


def visible(actor: Actor, year: int) -> list[Recommendation]:
    """Recommendations of a year in their order: all for who compiles or reviews, else one's own."""
    query = sa.select(Recommendation).where(Recommendation.year == year)
    if not (compiles(actor) or Role.APIP in actor.roles or actor.region_wide):
        query = query.where(Recommendation.unit_id.in_(actor.units()))
    return list(db.session.scalars(query.order_by(Recommendation.position, Recommendation.id)))


def find(actor: Actor, recommendation_id: int) -> Recommendation | None:
    """One recommendation when the actor may see it."""
    found = db.session.get(Recommendation, recommendation_id)
    if found is None:
        return None
    return found if found in visible(actor, found.year) else None


def verbs(actor: Actor, found: Recommendation) -> tuple[Verb, ...]:
    """What the actor may do with it now."""
    return rules.verbs(found.state, compiles(actor), answers(actor, found))


def steps(recommendation_id: int) -> list[RecommendationStep]:
    """Its way so far, oldest first."""
    return list(
        db.session.scalars(
            sa.select(RecommendationStep)
            .where(RecommendationStep.recommendation_id == recommendation_id)
            .order_by(RecommendationStep.id)
        )
    )


def for_book(year: int, codes: dict[int, str]) -> list[dict[str, Any]]:
    """All recommendations of a year with natural keys, as a book needs them."""
    found = db.session.scalars(
        sa.select(Recommendation).where(Recommendation.year == year)
        .order_by(Recommendation.position, Recommendation.id)
    )  # fmt: skip
    return [
        {
            "kode": r.kode, "unit": codes.get(r.unit_id or 0, ""), "rekomendasi": r.text,
            "tindak_lanjut": r.tindak_lanjut, "tujuan": r.tujuan, "asal": r.origin,
            "status": rules.LABELS[r.state], "nomor": r.decision_no,
            "tanggal": r.decision_on.isoformat() if r.decision_on else "",
        }
        for r in found
    ]  # fmt: skip
