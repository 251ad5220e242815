"""IP SPM: a worked example, published values, and what holds for any numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.figures import spm

D = Decimal
EXAMPLE = [(4200, 4200), (4200, 3780), (4200, 4200), (3, 3), (12, 9)]


def rows(pairs):
    return [spm.Count(D(needed), D(met)) for needed, met in pairs]


def test_worked_example():
    score = spm.service(spm.Count(D(4200), D(3654)), rows(EXAMPLE))
    assert (score.recipients, score.quality, score.value) == (D(87), D(93), D("88.20"))
    assert spm.band(score.value) == "Tuntas Madya"


def test_worked_example_pooled():
    score = spm.service(spm.Count(D(4200), D(3654)), rows(EXAMPLE), spm.Method(rows="pooled"))
    assert round(score.value, 2) == D("88.93")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("97.935", "Tuntas Utama"),  # Kab. Sumbawa 2023
        ("69", "Tuntas Muda"),
        ("42.03", "Belum Tuntas"),
        ("100", "Tuntas Paripurna"),
        ("99.9999", "Tuntas Utama"),
        ("90", "Tuntas Utama"),
        ("89.99", "Tuntas Madya"),
        ("80", "Tuntas Madya"),
        ("79.5", "Tuntas Pratama"),
        ("70", "Tuntas Pratama"),
        ("60", "Tuntas Muda"),
        ("59.99", "Belum Tuntas"),
        ("0", "Belum Tuntas"),
    ],
)
def test_bands(value, name):
    assert spm.band(D(value)) == name


def test_nobody_to_serve_is_left_out_or_counts_full():
    empty = spm.Count(D(0), D(0))
    half = spm.service(spm.Count(D(10), D(5)), [])
    out = spm.service(empty, [])
    assert (out.value, out.reason) == (None, "tanpa_sasaran")
    assert spm.mean([half, out]).value == half.value == D(60)
    full = spm.service(empty, [], spm.Method(untargeted="anggap_100"))
    assert spm.mean([half, full]).value == D(80)


def test_a_service_not_filled_leaves_the_mean_open():
    done = spm.service(spm.Count(D(10), D(10)), rows([(5, 5)]))
    waiting = spm.service(spm.Count(D(10), None), rows([(5, 5)]))
    assert waiting.reason == "kosong"
    assert spm.mean([done, waiting]).value is None
    assert spm.region({"a": [done], "b": [waiting]}).reason == "kosong"


def test_region_is_the_mean_of_the_bidang_or_of_all_services():
    good, bad = spm.Score(D(100), D(100), D(100)), spm.Score(D(0), D(0), D(0))
    bidang = {"kesehatan": [good, good, good], "sosial": [bad]}
    assert spm.region(bidang).value == D(50)
    assert spm.region(bidang, spm.Method(region="layanan")).value == D(75)


def test_months_roll_up():
    months = {1: D(120), 2: D(100), 3: D(90), 5: D(80)}
    assert spm.roll_up(months, spm.months_until("TW1"), "sum") == D(310)
    assert spm.roll_up(months, spm.months_until("TW2"), "sum") == D(390)
    assert spm.roll_up(months, spm.months_until("TW2"), "last") == D(80)
    assert spm.roll_up(months, spm.months_until(""), "sum") == D(390)
    assert spm.roll_up({}, spm.months_until(""), "sum") is None


def test_a_month_is_measured_against_the_year():
    assert spm.monthly_percent(D(120), D(1200)) == D(10)
    assert round(spm.monthly_percent(D(100), D(1200)), 2) == D("8.33")
    assert spm.monthly_percent(D(1), D(0)) is None


counts = st.builds(
    lambda needed, met: spm.Count(D(needed), D(met)),
    st.integers(1, 10**7), st.integers(0, 2 * 10**7),
)  # fmt: skip
methods = st.sampled_from(["mean_rows", "pooled"])


@given(counts, st.lists(counts, max_size=9), methods)
def test_capped_between_0_and_100(served, items, how):
    score = spm.service(served, items, spm.Method(rows=how))
    for value in (score.recipients, score.quality, score.value):
        assert value is not None
        assert 0 <= value <= 100


@given(counts, st.lists(counts, min_size=1, max_size=9), methods, st.integers(0, 10**6))
def test_more_served_or_fulfilled_never_lowers(served, items, how, more):
    method = spm.Method(rows=how)
    before = spm.service(served, items, method).value
    assert spm.service(spm.Count(served.needed, served.met + more), items, method).value >= before
    better = [spm.Count(items[0].needed, items[0].met + more), *items[1:]]
    assert spm.service(served, better, method).value >= before


@given(st.lists(st.tuples(counts, st.lists(counts, max_size=4)), min_size=1, max_size=8))
def test_order_does_not_matter_and_a_mean_lies_between(services):
    scores = [spm.service(served, items) for served, items in services]
    forward, backward = spm.mean(scores).value, spm.mean(scores[::-1]).value
    assert round(forward, 20) == round(backward, 20)
    values = [score.value for score in scores]
    assert min(values) - D("1e-20") <= forward <= max(values) + D("1e-20")


@given(st.decimals(0, 100, places=6), st.decimals(0, 100, places=6))
def test_bands_follow_the_order_of_the_values(one, two):
    names = [name for _, name in spm.BANDS]
    low, high = sorted((one, two))
    assert names.index(spm.band(high)) <= names.index(spm.band(low))


@given(st.dictionaries(st.integers(1, 12), st.integers(0, 10**6).map(D)))
def test_a_year_is_the_sum_of_its_quarters(months):
    quarters = [range(1, 4), range(4, 7), range(7, 10), range(10, 13)]
    parts = [spm.roll_up(months, quarter, "sum") for quarter in quarters]
    whole = spm.roll_up(months, range(1, 13), "sum")
    assert (whole or D(0)) == sum((p for p in parts if p is not None), D(0))
