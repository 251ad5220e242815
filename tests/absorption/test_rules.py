"""Sums before percentages, deviation in points, colours of a month, where money is, forecasts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.absorption import bands, rules
from portal.absorption.rules import Bands, Course, Position, Score
from portal.indonesian import rounded

D = Decimal
M = D(10) ** 9
BANDS = bands.load(Path("reports_templates/contracts/bands.yaml"))


def two(value: Decimal | None) -> str:
    assert value is not None
    return str(rounded(value, 2))


def test_totals_are_sums_of_rupiah_and_never_means_of_percentages() -> None:
    """contracts.md 4.1: 27.00 %, where the mean would say 55.00 %."""
    a, b = Position(M, D(0), D("0.9") * M), Position(9 * M, D(0), D("1.8") * M)
    assert two(rules.total((a, b)).absorbed) == "27.00"
    assert two((a.absorbed + b.absorbed) / 2) == "55.00"  # type: ignore[operator]


@pytest.mark.parametrize(
    ("spent", "absorbed", "deviation", "lag"),
    [("1263", "12.63", "-27.37", "68.43"), ("4400", "44.00", "4.00", "-10.00")],
)
def test_deviation_is_in_points_and_lag_in_percent_of_the_plan(
    spent: str, absorbed: str, deviation: str, lag: str
) -> None:
    at = Position(10 * M, 4 * M, D(spent) * 10**6)
    assert (two(at.absorbed), two(at.planned)) == (absorbed, "40.00")
    assert (two(at.deviation), two(at.lag)) == (deviation, lag)


def test_nothing_to_divide_by_is_no_zero() -> None:
    assert Position().absorbed is None and Position().deviation is None
    assert Position(M, D(0), D(0)).lag is None


def scheme(kind: str) -> Bands:
    floors = {int(m): (D(lo), D(hi)) for m, (lo, hi) in BANDS[kind]["floors"].items()}
    return Bands(kind, floors)


def test_a_large_lag_is_never_green() -> None:
    """The colour is that of the deviation itself: far behind is red (a known bug elsewhere)."""
    behind = Position(10 * M, 4 * M, D("0.4") * M)
    assert scheme("rak").of(6, behind) == rules.LOW
    assert scheme("rak").of(6, Position(10 * M, 4 * M, 4 * M)) == rules.HIGH
    assert scheme("persen").of(6, behind) == rules.LOW
    assert scheme("persen").of(6, Position(10 * M, D(0), 2 * M)) == rules.MIDDLE
    assert scheme("rak").of(6, Position()) == ""


def test_both_schemes_have_every_month() -> None:
    for kind in ("rak", "persen"):
        floors = scheme(kind).floors
        assert set(floors) == set(range(1, 13))
        assert all(low <= high for low, high in floors.values())


amounts = st.integers(0, 10**13).map(D)


@given(amounts, st.none() | st.integers(-10, 130).map(D), amounts, amounts)
def test_the_four_places_of_money_sum_up_to_the_value(
    value: Decimal, progress: Decimal | None, paid: Decimal, billed: Decimal
) -> None:
    found = rules.split(value, progress, paid, billed)
    parts = (found.paid, found.billed, found.earned, found.rest)
    assert sum(parts) == value and min(parts) >= 0


def test_money_of_a_contract() -> None:
    found = rules.split(D(1000), D(60), D(200), D(150))
    assert (found.paid, found.billed, found.earned, found.rest) == (200, 150, 250, 400)


def course(*months: int, pagu: int = 1200) -> Course:
    steps = rules.cumulative(dict(enumerate(map(D, months), 1)))
    return Course(D(pagu), rules.cumulative({m: D(100) for m in range(1, 13)}), steps)


def test_forecast_lies_between_what_is_spent_and_the_pagu() -> None:
    before = course(*[50] * 6, *[130] * 6)
    now = course(*[80] * 6, *[0] * 6)
    found = rules.forecast(now, 6, before, Score("selaras", tuple(map(D, (-5, -2, 0, 1, 4, 6)))))
    assert found is not None
    assert 40 <= found.low <= found.high <= 100


def test_back_test_tells_how_far_each_method_was_off() -> None:
    past, before = course(*[60] * 6, *[120] * 6), course(*[50] * 6, *[100] * 6)
    found = rules.back_test([(past, before)] * 3, 6)
    assert found["tahun_lalu"].mean == 0
    assert two(found["garis_lurus"].mean) == "30.00"
    assert found["selaras"].mean is not None


@pytest.mark.parametrize(("reported", "progress", "ends"), [
    (date(2026, 6, 29), 100, date(2026, 6, 29)),  # half of the time, all of the work
    (date(2026, 6, 29), 25, date(2027, 12, 21)),  # half of the time, a quarter of the work
    (date(2026, 3, 1), 1, date(2026, 12, 25)),  # too early to say
    (date(2026, 12, 25), 0, date(2027, 12, 19)),  # nothing done in all its time
])  # fmt: skip
def test_when_work_ends_at_the_pace_so_far(reported: date, progress: int, ends: date) -> None:
    starts, last = date(2026, 1, 1), date(2026, 12, 25)
    assert rules.pace_end(starts, last, reported, D(progress), D(50)) == ends
