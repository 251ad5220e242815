"""Day arithmetic over one work calendar, in constant time for working days. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta

from portal.clock import IsWorkday


class Days:
    """Day arithmetic over one calendar, in constant time for working days."""

    def __init__(self, is_workday: IsWorkday) -> None:
        self._ask = is_workday
        self._worked: list[int] = []
        self._first = self._last = 0

    @classmethod
    def of(cls, is_workday: IsWorkday) -> Days:
        """The table of a calendar; a table that is handed in serves again."""
        return is_workday if isinstance(is_workday, Days) else cls(is_workday)

    def __call__(self, day: date) -> bool:
        """Whether offices work on the day: a table can be handed in where a calendar is asked."""
        return self._ask(day)

    def _reach(self, day: int) -> None:
        if self._first and self._first + 40 <= day <= self._last - 40:
            return
        low = min(self._first or day, day - 500)
        high = max(self._last, day + 800)
        self._first, self._last = max(low, 1), high
        ask = self._ask
        self._worked = [
            n for n in range(self._first, high + 1) if ask(date.fromordinal(n))
        ]  # fmt: skip

    def add(self, day: date, count: int, kind: str, roll: str = "maju") -> date:
        """``count`` days of a kind (kerja, kalender, bulan) after ``day``, rolled off days off."""
        if kind == "kerja":
            return self.workdays(day, count)
        if kind == "bulan":
            return self.rolled(add_months(day, count), roll)
        return self.rolled(day + timedelta(days=count), roll)

    def workdays(self, day: date, count: int) -> date:
        """``count`` working days after ``day`` (before, when negative); 0 rolls forward."""
        start = day.toordinal()
        self._reach(start)
        self._reach(start + count * 2)
        if count < 0:
            at = bisect_left(self._worked, start) + count
        else:
            at = bisect_right(self._worked, start) - 1 + count
            if count == 0:
                at = bisect_left(self._worked, start)
        return date.fromordinal(self._worked[at])

    def rolled(self, day: date, roll: str) -> date:
        """The day itself when it is worked, else the next (maju) or the one before (mundur)."""
        number = day.toordinal()
        self._reach(number)
        at = bisect_left(self._worked, number)
        if self._worked[at] == number or roll == "tidak":
            return day
        return date.fromordinal(self._worked[at - 1 if roll == "mundur" else at])

    def between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; negative when it is earlier."""
        low, high = start.toordinal(), end.toordinal()
        self._reach(low)
        self._reach(high)
        return bisect_right(self._worked, high) - bisect_right(self._worked, low)


def add_months(day: date, count: int) -> date:
    """The same day of a later month, or its last day."""
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return date(year, month, last)
            except ValueError:
                continue
    raise ValueError(f"no such month: {day} + {count}")  # pragma: no cover - 28 always exists
