"""The work calendar: weekends, libur nasional, cuti bersama, and the region's own days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays
import sqlalchemy as sa

from portal.clock import IsWorkday
from portal.db import db
from portal.people.models import WorkDay


@lru_cache(maxsize=32)
def national(year: int) -> Mapping[date, str]:
    """Libur nasional and cuti bersama of a year with their names (package ``holidays``)."""
    days = holidays.country_holidays(
        "ID", years=year, language="id", categories=("public", "government")
    )
    return dict(days)


def is_workday(day: date, local: Mapping[date, str]) -> bool:
    """Whether offices work on ``day``; ``local`` holds the region's exceptions (libur | kerja)."""
    exception = local.get(day)
    if exception is not None:
        return exception == "kerja"
    return day.weekday() < 5 and day not in national(day.year)


def local_days(start: date, end: date) -> dict[date, str]:
    """The region's exceptions from ``start`` to ``end``, both included."""
    rows = db.session.execute(
        sa.select(WorkDay.day, WorkDay.kind).where(WorkDay.day.between(start, end))
    )
    return {row.day: row.kind for row in rows}


def checker(start: date, end: date) -> IsWorkday:
    """A function that tells working days; the region's exceptions are read once."""
    local = local_days(start, end)
    return lambda day: is_workday(day, local)
