"""The work calendar: weekends, libur nasional, cuti bersama, and the region's own days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache

import holidays
import sqlalchemy as sa

from portal.db import db
from portal.people.models import WorkDay

IsWorkday = Callable[[date], bool]


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


def add_workdays(day: date, days: int, is_work: IsWorkday) -> date:
    """The date ``days`` working days after ``day``; negative counts back, 0 rolls forward."""
    step = timedelta(days=-1 if days < 0 else 1)
    current = day
    if days == 0:
        while not is_work(current):
            current += step
    for _ in range(abs(days)):
        current += step
        while not is_work(current):
            current += step
    return current


def workdays_between(start: date, end: date, is_work: IsWorkday) -> int:
    """Working days after ``start`` up to and including ``end``; 0 when ``end`` is not later."""
    span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return _count(span, is_work)


def _count(days: Iterable[date], is_work: IsWorkday) -> int:
    return sum(1 for day in days if is_work(day))
