"""The only reader of the clock. UTC inside; local dates at the edge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

IsWorkday = Callable[[date], bool]

_source: Callable[[], datetime] | None = None


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _source() if _source is not None else datetime.now(UTC)


def local(instant: datetime, zone: ZoneInfo) -> datetime:
    """The same instant as local wall time; naive instants are refused."""
    if instant.tzinfo is None:
        raise ValueError("a naive datetime has no place here")
    return instant.astimezone(zone)


def today(zone: ZoneInfo) -> date:
    """The local calendar date."""
    return local(now(), zone).date()


@contextmanager
def frozen(instant: datetime) -> Iterator[Callable[[timedelta], None]]:
    """Hold the clock still in a test or a demo; yields a function that moves it on."""
    global _source  # noqa: PLW0603 - the one clock is process-wide by design
    if instant.tzinfo is None:
        raise ValueError("a naive datetime has no place here")
    held = [instant]
    before = _source
    _source = lambda: held[0]  # noqa: E731 - a closure over the held instant

    def move(step: timedelta) -> None:
        held[0] = held[0] + step

    try:
        yield move
    finally:
        _source = before


def add_workdays(day: date, days: int, is_workday: IsWorkday) -> date:
    """The date ``days`` working days after ``day``; negative counts back, 0 rolls forward."""
    step = timedelta(days=-1 if days < 0 else 1)
    current = day
    if days == 0:
        while not is_workday(current):
            current += step
    for _ in range(abs(days)):
        current += step
        while not is_workday(current):
            current += step
    return current


def workdays_between(start: date, end: date, is_workday: IsWorkday) -> int:
    """Working days after ``start`` up to and including ``end``; 0 when ``end`` is not later."""
    return sum(is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
