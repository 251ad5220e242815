"""Working days: weekends, SKB, local exceptions."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.people import flow_region, workdays
from portal.people.refusal import Refused
from portal.people.rules import PORTAL
from portal.people.workdays import WorkCalendar
from tests.cast import Cast

PLAIN = WorkCalendar()


@pytest.mark.parametrize(("day", "worked"), [
    (date(2026, 2, 2), True), (date(2026, 2, 7), False), (date(2026, 2, 8), False),
    (date(2026, 2, 16), False),  # cuti bersama Imlek
    (date(2026, 2, 17), False),  # Imlek
    (date(2026, 3, 17), True), (date(2026, 3, 18), False), (date(2026, 3, 24), False),
    (date(2026, 3, 25), True), (date(2026, 8, 17), False),
])  # fmt: skip
def test_offices_work(day: date, worked: bool) -> None:
    assert PLAIN.is_workday(day) is worked


def test_the_week_of_lebaran_has_two_working_days_between(cast: Cast) -> None:
    assert workdays.workdays_between(date(2026, 3, 16), date(2026, 3, 25)) == 2
    assert workdays.add_workdays(date(2026, 3, 17), 1) == date(2026, 3, 25)
    assert workdays.add_workdays(date(2026, 3, 25), -1) == date(2026, 3, 17)
    assert workdays.add_workdays(date(2026, 3, 21), 0) == date(2026, 3, 25)


def test_a_local_exception_has_the_last_word(cast: Cast) -> None:
    day = date(2026, 2, 6)
    assert workdays.is_workday(day)
    flow_region.save_work_day(day, "libur", "Hari jadi kabupaten", PORTAL)
    assert not workdays.is_workday(day)
    flow_region.save_work_day(date(2026, 2, 16), "kerja", "SE Bupati", PORTAL)
    assert workdays.is_workday(date(2026, 2, 16))
    flow_region.save_work_day(day, "", "", PORTAL)
    assert workdays.is_workday(day)
    with pytest.raises(Refused, match="keterangannya"):
        flow_region.save_work_day(day, "libur", " ", PORTAL)


@given(st.dates(date(2024, 1, 1), date(2028, 12, 1)), st.integers(1, 40))
def test_adding_and_counting_agree(start: date, count: int) -> None:
    end = PLAIN.add(start, count)
    assert PLAIN.is_workday(end)
    assert PLAIN.between(start, end) == count
    assert PLAIN.between(end, start) == -count


@given(st.dates(date(2024, 1, 1), date(2028, 12, 1)))
def test_rolling_stays_on_a_worked_day(day: date) -> None:
    rolled = PLAIN.add(day, 0)
    assert PLAIN.is_workday(rolled)
    assert day <= rolled <= day + timedelta(days=14)
