"""Formulas of the domain facts with their examples, and what holds for every contract."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.works.rules import (
    Critical,
    Item,
    Thresholds,
    actual,
    advance_class,
    chance_ends,
    critical,
    crosses_year,
    days_late,
    fine,
    last_day,
    planned,
    schedule,
    shares,
    termin,
    week_of,
    weights,
)

D = Decimal
EXAMPLE = [
    Item("Persiapan", D(50_000_000), 1, 2), Item("Galian/pondasi", D(300_000_000), 2, 5),
    Item("Struktur", D(400_000_000), 4, 9), Item("Finishing", D(200_000_000), 8, 11),
    Item("Pembersihan", D(50_000_000), 12, 12),
]  # fmt: skip


def test_fine_of_the_examples() -> None:
    assert fine(D(1_000_000_000), 12) == D("12000000.00")
    assert fine(D(1_000_000_000), 50) == D("50000000.00")
    assert fine(D(1_000_000_000), 80, cap=D(5)) == D("50000000.00")
    assert fine(D(1_000_000_000), 10, part=D(40)) == D("4000000.00")
    assert days_late(date(2026, 6, 29), date(2026, 7, 20)) == 21
    assert days_late(date(2026, 6, 29), date(2026, 6, 1)) == 0
    with pytest.raises(ValueError, match="less than nothing"):
        fine(D(1), -1)


def test_dates_of_a_contract_and_its_chance() -> None:
    assert last_day(date(2026, 3, 2), 120, True) == date(2026, 6, 29)
    assert last_day(date(2026, 3, 2), 120, False) == date(2026, 6, 30)
    assert chance_ends(date(2026, 6, 29)) == date(2026, 8, 18)
    assert chance_ends(date(2026, 12, 20)) == date(2027, 2, 8)


def test_kurva_s_of_the_example() -> None:
    plan = [round(p, 2) for p in planned(EXAMPLE, 12)]
    assert plan == [D(x) for x in (
        "2.50", "12.50", "20.00", "34.17", "48.33", "55.00", "61.67", "73.33", "85.00", "90.00",
        "95.00", "100.00")]  # fmt: skip
    real = actual(EXAMPLE, [D(100), D(90), D(15), D(0), D(0)])
    assert real == D(38)
    assert real - planned(EXAMPLE, 6)[-1] == D(-17)
    assert critical(D(55), real, False) is Critical.EARLY


@pytest.mark.parametrize(
    ("plan", "real", "crosses", "found"),
    [
        ("38.00", "28.00", False, ""), ("38.00", "27.99", False, "a"),
        ("70.00", "59.99", False, "a"), ("70.00", "64.00", False, ""),
        ("70.01", "65.02", False, ""), ("70.01", "65.00", False, "b"),
        ("70.01", "65.02", True, "c"), ("90.00", "85.00", True, "c"), ("90.00", "90.00", True, ""),
    ],
)  # fmt: skip
def test_thresholds_of_kontrak_kritis(plan: str, real: str, crosses: bool, found: str) -> None:
    assert critical(D(plan), D(real), crosses).value == found


def test_a_contract_may_set_its_own_threshold() -> None:
    assert critical(D(40), D(33), False, Thresholds(early=D(5))) is Critical.EARLY


def test_past_the_year_at_the_pace_so_far() -> None:
    start, end = date(2026, 9, 1), date(2026, 12, 20)
    assert not crosses_year(D(50), 7, start, end)
    assert crosses_year(D(30), 9, start, end)
    assert not crosses_year(D(0), 0, start, end)
    assert not crosses_year(D(100), 30, start, end)
    assert week_of(start, date(2026, 9, 7)) == 1 and week_of(start, date(2026, 9, 8)) == 2


def test_uang_muka_by_rule_version() -> None:
    new, old = "perpres-46-2025", "perpres-16-2018"
    one = advance_class(D(150_000_000), small=True, consulting=False, multi_year=False, rule=new)
    assert (one.at_least, one.amount(D(150_000_000))) == (True, D(75_000_000))
    two = advance_class(D(10) ** 9, small=True, consulting=False, multi_year=False, rule=new)
    assert (two.at_least, two.amount(D(10) ** 9)) == (True, D(300_000_000))
    three = advance_class(D(5) * 10**9, small=False, consulting=False, multi_year=False, rule=new)
    assert (three.at_least, three.amount(D(5) * 10**9)) == (False, D(10) ** 9)
    for small, consulting, multi, percent in (
        (True, False, False, 30), (False, False, False, 20), (True, True, False, 20),
        (True, False, True, 15),
    ):  # fmt: skip
        found = advance_class(D(10) ** 9, small=small, consulting=consulting, multi_year=multi,
                              rule=old)  # fmt: skip
        assert (found.percent, found.at_least) == (percent, False)
        assert found.allows(D(100), D(0)) and not found.allows(D(100), D(percent) + 1)


def test_payments_of_the_example() -> None:
    value = D(2_000_000_000)
    first = termin(value, (D(0), D(40)), D(400_000_000), D(5))
    assert (first.gross, first.advance, first.retention, first.net) == (
        D(800_000_000), D(160_000_000), D(40_000_000), D(600_000_000))  # fmt: skip
    every = schedule(value, [D(40), D(70), D(100)], D(400_000_000), D(5))
    assert sum(p.net for p in every) == D(1_500_000_000)
    assert sum(p.retention for p in every) == D(100_000_000)
    assert sum(p.advance for p in every) == D(400_000_000)
    with pytest.raises(ValueError, match="0 to 100"):
        termin(value, (D(50), D(40)))


percent = st.decimals(0, 100, places=2)
money = st.decimals("0.01", "1e12", places=2)


@given(money, st.lists(percent, max_size=6), money, st.decimals(0, 10, places=1))
def test_payments_always_sum_to_the_whole(
    value: Decimal, steps: list[Decimal], advance: Decimal, held: Decimal
) -> None:
    every = schedule(value, [*sorted(steps), D(100)], advance, held)
    assert sum(p.gross for p in every) == value
    assert sum(p.advance for p in every) == advance
    assert sum(p.gross - p.advance - p.retention - p.fine for p in every) == sum(
        p.net for p in every
    )


@st.composite
def works(draw: st.DrawFn) -> list[Item]:
    out = []
    for n in range(draw(st.integers(1, 8))):
        first = draw(st.integers(1, 20))
        out.append(Item(str(n), draw(money), first, draw(st.integers(first, 30))))
    return out


@given(works())
def test_the_plan_only_rises_and_ends_at_100(items: list[Item]) -> None:
    plan = planned(items, 30)
    assert all(a <= b for a, b in pairwise(plan))
    assert abs(plan[-1] - 100) < D("1e-20") and abs(sum(weights(items)) - 100) < D("1e-20")
    assert abs(actual(items, [D(100)] * len(items)) - 100) < D("1e-20")


@given(st.dictionaries(st.sampled_from("abcdef"), money, min_size=1), money)
def test_shares_of_funds_lose_no_sen(parts: dict[str, Decimal], amount: Decimal) -> None:
    assert sum(shares(parts, amount).values()) == amount


@given(money, st.integers(0, 400), st.integers(0, 400))
def test_a_fine_grows_with_the_days_and_stops_at_its_cap(net: Decimal, a: int, b: int) -> None:
    low, high = sorted((a, b))
    assert fine(net, low) <= fine(net, high)
    assert fine(net, high, cap=D(5)) <= (net * 5 / 100).quantize(D("0.01"), "ROUND_HALF_UP")
