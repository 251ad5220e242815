"""Tick a row as copied, or take the tick back; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.copysheets.models import CopyTick
from portal.db import db
from portal.people.rules import Actor
from portal.reports.models import Report
from portal.trail.flow import record


@dataclass(frozen=True)
class Place:
    """A row of a screen, for one book."""

    sheet: str
    report: Report
    screen: str
    row: str


def tick(place: Place, values: Mapping[str, str], actor: Actor) -> CopyTick:
    """Sudah disalin: keep who, when and the values as they are now; again = copied again."""
    found = _find(place)
    if found is not None and found.active and found.values == dict(values):
        return found  # a double click
    before = dict(found.values) if found is not None else None
    if found is None:
        found = CopyTick(
            sheet=place.sheet, year=place.report.year, period=place.report.period,
            owner_unit_id=place.report.owner_unit_id, screen=place.screen[:120],
            row=place.row[:160],
        )  # fmt: skip
    found.values, found.active = dict(values), True
    found.by_term_id, found.by_label, found.at = actor.term_id, actor.label, clock.now()
    try:
        with db.session.begin_nested():
            db.session.add(found)
    except IntegrityError:  # somebody ticked the same row in this moment
        again = _find(place)
        assert again is not None  # noqa: S101 - the unique key says so
        return again
    _record(place, "sudah disalin", actor, before, dict(values))
    return found


def untick(place: Place, actor: Actor) -> bool:
    """Take the tick back; False when there was none."""
    found = _find(place)
    if found is None or not found.active:
        return False
    found.active, found.by_label, found.at = False, actor.label, clock.now()
    _record(place, "tanda salin dicabut", actor, dict(found.values), None)
    return True


def _find(place: Place) -> CopyTick | None:
    report = place.report
    return db.session.scalar(
        sa.select(CopyTick).where(
            CopyTick.sheet == place.sheet, CopyTick.year == report.year,
            CopyTick.period == report.period, CopyTick.owner_unit_id == report.owner_unit_id,
            CopyTick.screen == place.screen[:120], CopyTick.row == place.row[:160],
        )
    )  # fmt: skip


def _record(place: Place, verb: str, actor: Actor, before: object, after: object) -> None:
    record(
        f"report:{place.report.id}", verb, f"salin:{place.sheet}:{place.screen}:{place.row}"[:120],
        actor, before, after,
    )  # fmt: skip
