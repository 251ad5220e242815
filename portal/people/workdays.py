"""Working days: weekends, national holidays, cuti bersama and local exceptions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import holidays
import sqlalchemy as sa

from portal import clock
from portal.db import db
from portal.people.models import WorkDay


@cache
def national(year: int) -> Mapping[date, str]:
    """Holidays and cuti bersama of a year by their Indonesian names (SKB of the ministers).

    Future years hold what the calendar of the package knows or estimates; the admin page of the
    Kalender Kerja corrects a single day.
    """
    return dict(
        holidays.country_holidays(
            "ID", years=year, categories=("public", "government"), language="id"
        )
    )


@dataclass(frozen=True)
class WorkCalendar:
    """The calendar of one region; ``local`` maps a day to libur or kerja."""

    local: Mapping[date, str] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """True on a day on which offices work: a local exception has the last word."""
        exception = self.local.get(day)
        if exception is not None:
            return exception == "kerja"
        return day.weekday() < 5 and day not in national(day.year)

    def add(self, day: date, count: int) -> date:
        """The day ``count`` working days after ``day`` (before it, when negative).

        0 gives ``day`` itself when it is worked, else the next working day.
        """
        return clock.add_workdays(day, count, self.is_workday)

    def between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; negative when ``end`` is first."""
        if end < start:
            return -self.between(end, start)
        return clock.workdays_between(start, end, self.is_workday)


def calendar() -> WorkCalendar:
    """The region's calendar with its local exceptions; one query."""
    return WorkCalendar({day: kind for day, kind in db.session.execute(
        sa.select(WorkDay.day, WorkDay.kind))})  # fmt: skip


def checker(_start: date, _end: date) -> Callable[[date], bool]:
    """The question "is it worked?" for rules that take it as a function (clock.add_workdays)."""
    return calendar().is_workday


def is_workday(day: date) -> bool:
    """``calendar().is_workday(day)``; take the calendar itself for many days."""
    return calendar().is_workday(day)


def add_workdays(day: date, count: int) -> date:
    """``calendar().add(day, count)``."""
    return calendar().add(day, count)


def workdays_between(start: date, end: date) -> int:
    """``calendar().between(start, end)``: "9 hari kerja lagi" from today to a limit."""
    return calendar().between(start, end)
