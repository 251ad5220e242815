"""Capaian, triwulan, scales and efficiency: worked examples of the field and properties."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.sakip import rules, spec

NUMBERS = st.decimals(min_value="0.01", max_value="1000000", places=2)


def two(value: D | None) -> str:
    return "n/a" if value is None else f"{value:.2f}"


@pytest.mark.parametrize(("direction", "target", "realised", "wanted"), [
    ("up", "10", "8", "80.00"), ("down_a", "10", "8", "120.00"), ("down_b", "10", "8", "125.00"),
    ("down_a", "14", "21.6", "45.71"), ("down_b", "14", "21.6", "64.81"),
    ("up", "0", "5", "n/a"), ("down_a", "0", "1", "n/a"),
    ("down_b", "0", "0", "100.00"), ("down_b", "5", "0", "120.00"), ("up", "84", "0", "0.00"),
])  # fmt: skip
def test_capaian_of_the_examples(direction, target, realised, wanted):
    found = rules.achievement(direction, D(target), D(realised), rules.Caps(at_zero=D(120)))
    assert two(found.value) == wanted
    assert bool(found.reason) == (found.value is None)


def test_capaian_without_numbers_says_why():
    assert rules.achievement("up", None, D(1)).reason == "target belum diisi"
    assert rules.achievement("up", D(1), None).reason == "realisasi belum ada"
    assert rules.achievement("down_b", D(5), D(0)).reason.startswith("realisasi 0")
    assert rules.achievement("up", D(10), D(20), rules.Caps(most=D(120))).value == 120


@given(NUMBERS, NUMBERS)
def test_target_met_exactly_is_100_and_better_is_more(target, other):
    for direction in rules.DIRECTIONS:
        at = rules.achievement(direction, target, target).value
        assert at == 100
        found = rules.achievement(direction, target, other).value
        assert found is not None
        if rules.reached(direction, target, other):
            assert found >= 100
        else:
            assert found < 100


@given(NUMBERS, NUMBERS, NUMBERS)
def test_capaian_follows_the_realisasi(target, one, two_):
    low, high = sorted((one, two_))
    for direction in rules.DIRECTIONS:
        a = rules.achievement(direction, target, low).value
        b = rules.achievement(direction, target, high).value
        assert a is not None and b is not None
        assert (a <= b) if direction == "up" else (a >= b)


def test_triwulan_to_year():
    targets = [D(25), D(25), D(25), D(25)]
    assert rules.to_date("sum", targets, [D(20), None, D(0), None]) == (D(50), D(20))
    assert rules.to_date("last", [D(70), D(71), D(72), D(73)], [D(69), D(0), None, None]) == (71, 0)
    assert rules.to_date("last", targets, [None] * 4) == (None, None)
    assert rules.to_date("sum", [None, *targets[1:]], [D(1), None, None, None]) == (None, 1)
    assert rules.plan_doubt("sum", D(100), targets) == ""
    assert "jumlah" in rules.plan_doubt("sum", D(90), targets)
    assert "triwulan IV" in rules.plan_doubt("last", D(90), targets)


@pytest.mark.parametrize(("scale", "value", "label"), [
    ("permendagri_86_2017", "90", "Tinggi"), ("permendagri_86_2017", "90.5", "Sangat Tinggi"),
    ("permendagri_86_2017", "75.5", "Tinggi"), ("permendagri_86_2017", "50", "Sangat Rendah"),
    ("permendagri_86_2017", "130", "Sangat Tinggi"), ("sangat_baik", "76", "Baik"),
    ("dibulatkan", "90.5", "Sangat Tinggi"), ("dibulatkan", "90.4", "Tinggi"),
    ("berhasil", "100", "Sangat Berhasil"), ("berhasil", "99.99", "Berhasil"),
    ("berhasil", "54.9", "Kurang Berhasil"),
])  # fmt: skip
def test_scales_are_tables(scale, value, label):
    assert spec.current().scale(scale).label(D(value)) == label


@given(NUMBERS, NUMBERS)
def test_a_higher_capaian_never_falls_in_a_lower_band(one, two_):
    for each in spec.current().scales:
        scale = spec.current().scale(each.key)
        order = [band.label for band in scale.bands]
        low, high = sorted((one, two_))
        assert order.index(scale.label(high)) <= order.index(scale.label(low))
        assert each.source and each.since >= 2000


def test_predicates_are_scored():
    bpk = spec.current().predicate("opini_bpk")
    assert bpk is not None
    assert rules.score(bpk.scores, "wtp") == 4 and rules.word(bpk.scores, D(3)) == "WDP"
    assert rules.score(bpk.scores, "baik") is None


def test_efficiency_variants():
    found = rules.by_difference(D("105.2"), D("92.4"))
    assert found.value == D("12.8") and found.counts
    assert not rules.by_difference(D("99.9"), D("80")).counts
    assert rules.by_difference(D("105"), D("140")).doubt
    assert two(rules.by_remainder(D(1000), D("889.9"), True).value) == "11.01"
    assert not rules.by_remainder(D(1000), D(900), False).counts
    assert rules.by_remainder(D(1000), D(1200), True).doubt
    pmk = rules.by_pmk([
        rules.Output(D(1000), D("1.0"), D(900)), rules.Output(D(500), D("0.9"), D(480)),
        rules.Output(D(2000), D("1.0"), D(1950)),
    ])  # fmt: skip
    assert (two(pmk.e), two(pmk.ne), pmk.doubt) == ("3.48", "58.70", "")
    wild = rules.by_pmk([rules.Output(D(100), D(1), D(25))])
    assert wild.e == 75 and wild.ne == 100 and "rentang" in wild.doubt


@given(
    st.lists(st.tuples(NUMBERS, st.decimals("0", "2", places=2), NUMBERS), min_size=1, max_size=5)
)
def test_ne_stays_between_0_and_100(rows):
    found = rules.by_pmk([rules.Output(*row) for row in rows])
    assert found.ne is None or 0 <= found.ne <= 100
    if found.e is not None and not -20 <= found.e <= 20:
        assert found.doubt


def test_tree_runs_downwards():
    assert rules.may_hang("ultimate", None) and rules.may_hang("program", "sasaran_opd")
    assert not rules.may_hang("sasaran_opd", "program") and not rules.may_hang("program", None)
    assert not rules.may_hang("nonsens", None)


def test_steps_of_a_perjanjian_kinerja():
    assert [v.goal for v in rules.pk_verbs("draf", False)] == ["pihak_kesatu"]
    first = {v.key: v.goal for v in rules.pk_verbs("pihak_kesatu", False)}
    assert first["setuju_kesatu"] == "pihak_kedua"
    alone = {v.key: v.goal for v in rules.pk_verbs("pihak_kesatu", True)}
    assert alone["setuju_kesatu"] == "disepakati"
    assert rules.pk_verbs("disepakati", False) == ()
    assert rules.title_of(0, 2025) == "PERJANJIAN KINERJA TAHUN 2025"
    assert rules.title_of(2, 2025) == "PERJANJIAN KINERJA PERUBAHAN KE-2 TAHUN 2025"
