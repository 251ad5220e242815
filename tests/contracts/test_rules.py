"""Due dates and standings of tonggak, with the week as the only calendar."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portal.clock import add_workdays, workdays_between
from portal.contracts import rules
from portal.contracts.rules import Standing

FRIDAY = date(2026, 3, 6)


def weekday(day: date) -> bool:
    return day.weekday() < 5


def test_working_days_skip_the_weekend() -> None:
    assert add_workdays(FRIDAY, 1, weekday) == date(2026, 3, 9)
    assert add_workdays(FRIDAY, 5, weekday) == date(2026, 3, 13)


def test_zero_days_on_a_day_off_roll_forward() -> None:
    assert add_workdays(date(2026, 3, 7), 0, weekday) == date(2026, 3, 9)
    assert add_workdays(FRIDAY, 0, weekday) == FRIDAY


def test_late_days_are_working_days() -> None:
    assert workdays_between(FRIDAY, date(2026, 3, 9), weekday) == 1
    assert workdays_between(FRIDAY, FRIDAY, weekday) == 0


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 60))
def test_a_limit_never_ends_on_a_day_off_and_is_counted_back(start: date, days: int) -> None:
    end = add_workdays(start, days, weekday)
    assert weekday(end)
    if weekday(start):
        assert workdays_between(start, end, weekday) == days


def test_standing_is_computed_from_dates() -> None:
    def stand(today: date, done: date | None = None, current: bool = True) -> Standing:
        return rules.standing("open", date(2026, 3, 12), done, current, today, weekday)

    assert stand(date(2026, 3, 2)) is Standing.RUNNING
    assert stand(date(2026, 3, 10)) is Standing.NEAR
    assert stand(date(2026, 3, 13)) is Standing.LATE
    assert stand(date(2026, 3, 2), current=False) is Standing.NOT_YET
    assert stand(date(2026, 3, 20), done=date(2026, 3, 12)) is Standing.DONE
    assert stand(date(2026, 3, 20), done=date(2026, 3, 13)) is Standing.DONE_LATE
    opening = rules.standing("opening", date(2026, 1, 1), None, False, FRIDAY, weekday)
    assert opening is Standing.OPENING
