"""The only reader of the clock. UTC inside; local dates at the edge."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

IsWorkday = Callable[[date], bool]

#: In the instance of a demo: where its clock stands. A portal with real data has no such file.
DEMO_FILE = "demo_clock"

_source: Callable[[], datetime] | None = None
_demo_file: Path | None = None
_shift = (timedelta(0), 0.0)  # how far the demo's clock is ahead, and until when that is believed


def now() -> datetime:
    """The present instant, aware, in UTC; in a demo, of the demo's clock."""
    if _source is not None:
        return _source()
    return datetime.now(UTC) + _ahead()


def follow(path: Path) -> None:
    """Let every process of this installation go by the demo's clock, when there is one."""
    global _demo_file  # noqa: PLW0603 - the one clock is process-wide by design
    _demo_file = path
    look_again()


def look_again() -> None:
    """Read the demo's clock anew at the next question, not within a second."""
    global _shift  # noqa: PLW0603 - as above
    _shift = (timedelta(0), 0.0)


def _ahead() -> timedelta:
    global _shift  # noqa: PLW0603 - as above
    if _demo_file is None:
        return timedelta(0)
    moment = time.monotonic()
    if moment >= _shift[1]:
        _shift = (_read_shift(_demo_file), moment + 1)
    return _shift[0]


def _read_shift(path: Path) -> timedelta:
    try:
        kept = json.loads(path.read_text(encoding="ascii"))
        return datetime.fromisoformat(kept["at"]) - datetime.fromisoformat(kept["real"])
    except FileNotFoundError:
        return timedelta(0)
    except (OSError, ValueError, KeyError, TypeError):
        return timedelta(0)  # a broken file of the demo: the machine's clock


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
