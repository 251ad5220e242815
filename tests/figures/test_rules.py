"""Computed values, marks, n/a, rates and the remarks before sending."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.figures import catalogue, checks, rules
from portal.figures.checks import Facts
from portal.figures.models import Vintage
from portal.figures.rules import DatumView

BOOK = catalogue.current()
TODAY = date(2026, 2, 2)
AMOUNTS = st.integers(0, 10**9)


def datum(key, value=None, **more):
    more.setdefault("source", "Rekap 2025")
    return DatumView(key, None if value is None else Decimal(str(value)), **more)


def views(**values):
    return {k: v if isinstance(v, DatumView) else datum(k, v) for k, v in values.items()}


def result(key, now, before=None):
    return rules.evaluate(BOOK.indicators[key], now, before, BOOK.elements)


def found(now, before=None, key="1.b.3", **more):
    facts = Facts(BOOK, 2025, now, before or {}, TODAY, **more)
    return checks.check(facts, [BOOK.indicators[key]])


def keys(remarks):
    return [c.key for c in remarks]


def test_a_percentage_is_computed_and_rounded_half_up():
    now = views(ibu_hamil_dilayani=2, ibu_hamil_sasaran=3)
    assert result("1.b.3", now).text == "66,67"
    assert result("1.b.3", views(ibu_hamil_dilayani=1, ibu_hamil_sasaran=800)).text == "0,13"
    assert result("1.b.3", now).value > Decimal("66.666666")


def test_a_divisor_of_zero_is_said_and_never_zero():
    none = result("1.b.3", views(ibu_hamil_dilayani=0, ibu_hamil_sasaran=0))
    assert (none.value, none.text, none.kind) == (None, "", "zero")
    assert none.reason == "Nilai tidak dapat dihitung karena pembagi = 0"


def test_missing_elements_are_named():
    open_ = result("1.b.3", views(ibu_hamil_dilayani=5))
    assert open_.kind == "missing" and "Sasaran ibu hamil" in open_.reason
    raw = views(ibu_hamil_dilayani=datum("x", raw="1.2.3,4"), ibu_hamil_sasaran=3)
    assert result("1.b.3", raw).kind == "missing"


def test_growth_needs_last_year():
    now, before = views(investasi=120), views(investasi=100)
    assert result("2.l.1", now, before).text == "20,00"
    assert "tahun lalu" in result("2.l.1", now).reason
    assert result("2.l.1", now, views(investasi=0)).kind == "zero"
    assert result("3.c.2", views(phm_kasus=90), views(phm_kasus=120)).text == "25,00"


def test_not_released_goes_through_with_reason_and_date():
    waiting = datum("gini", vintage=Vintage.BELUM_RILIS, na_reason="BPS belum merilis",
                    expected_on=date(2026, 4, 15))  # fmt: skip
    na = result("makro.gini", views(gini=waiting))
    assert na.text == "n/a" and "BPS belum merilis, diperkirakan 15 April 2026" in na.reason
    assert rules.footnotes([na]) == [f"n/a: {na.reason}"]


@pytest.mark.parametrize(
    ("one", "two", "text", "notes"),
    [
        ("tetap", "tetap", "50,00", []),
        ("sementara", "tetap", "50,00*", ["*) Angka sementara"]),
        ("sementara", "sangat_sementara", "50,00**", ["**) Angka sangat sementara"]),
        ("belum_diaudit", "tetap", "50,00***", ["***) Belum diaudit"]),
    ],
)
def test_the_weakest_nature_marks_the_result(one, two, text, notes):
    now = views(pad_realisasi=datum("pad_realisasi", 1, vintage=one),
                pendapatan_realisasi=datum("pendapatan_realisasi", 2, vintage=two))  # fmt: skip
    got = result("4.a.2", now)
    assert (got.text, got.plain, rules.footnotes([got])) == (text, "50,00", notes)


def test_choices_answers_and_composites():
    wtp = result("4.a.6", views(opini_bpk=datum("opini_bpk", text="Wajar")))
    assert (wtp.text, wtp.kind, wtp.value) == ("Wajar", "choice", None)
    assert result("4.e.1", views(info_sumber_daya=1)).text == "Ya"
    four = views(aset_daftar=1, aset_manual=0, aset_inventaris=1, aset_laporan=1)
    assert result("4.d.3", four).text == "3"
    asfr = {f"asfr_{a}_{a + 4}": 70 for a in range(15, 50, 5)}
    assert result("2.h.1", views(**asfr)).text == "2,45"
    assert result("2.e.1", views(ika=50, iku_udara=80, ikl=60)).text == "64,34"
    road = views(trayek_dilayani=20, trayek_bobot=1, trayek_butuh=25, lintas_beroperasi=2,
                 lintas_bobot="0.8", lintas_butuh=4, moda_jalan=70, moda_air=30)  # fmt: skip
    assert result("2.i.1", road).text == "68,00"


def test_rate_of_change_also_of_percentages():
    rate = rules.laju(datum("tpt", "4.5"), datum("tpt", "5"))
    assert rate.text == "-10,00" and rules.merit(rate.value, "down") == "membaik"
    assert rules.merit(rate.value, "up") == "menurun"
    assert rules.laju(datum("x", 1), datum("x", 0)).kind == "zero"
    assert rules.laju(datum("x", 1), None).kind == "missing"
    waiting = datum("x", vintage=Vintage.BELUM_RILIS)
    assert rules.laju(waiting, datum("x", 1)).text == "n/a"


def test_last_year_beside_a_field():
    e = BOOK.elements["ibu_hamil_dilayani"]
    line = rules.last_year_line(datum(e.key, 8720, source="Profil 2024"), 2024, e)
    assert line == "2024: 8.720 (sumber: Profil 2024)"
    assert rules.last_year_line(None, 2024, e) == "2024: belum ada data"
    now = views(ibu_hamil_dilayani=8720, ibu_hamil_sasaran=10000)
    i = BOOK.indicators["1.b.3"]
    text = rules.last_year_indicator(result("1.b.3", now), i, now, 2024)
    assert text == "2024: 87,20 % (8.720 / 10.000)"


@given(AMOUNTS, AMOUNTS)
def test_a_part_of_a_whole_lies_between_0_and_100(part, whole):
    now = views(ibu_hamil_dilayani=min(part, whole), ibu_hamil_sasaran=max(part, whole))
    got = result("1.b.3", now)
    if got.kind == "zero":
        assert max(part, whole) == 0
    else:
        assert 0 <= got.value <= 100
        assert "part_above_whole" not in keys(found(now))


@given(AMOUNTS, AMOUNTS)
def test_a_part_above_its_whole_always_blocks(small, more):
    now = views(ibu_hamil_dilayani=small + more + 1, ibu_hamil_sasaran=small)
    remarks = [c for c in found(now) if c.key == "part_above_whole"]
    assert len(remarks) == 1 and remarks[0].blocks


@given(st.dictionaries(st.sampled_from(sorted(BOOK.elements)), AMOUNTS, max_size=40),
       st.sampled_from(sorted(BOOK.indicators)))  # fmt: skip
def test_every_indicator_answers_whatever_is_there(values, key):
    got = result(key, views(**values), views(**values))
    assert got.value is not None or got.reason or got.kind == "choice"
    assert all(c.sentence and c.basis and c.target for c in found(views(**values), key=key))


def test_roads_in_metres_over_roads_in_kilometres():
    now = views(jalan_mantap="11927", jalan_panjang="235")
    before = views(jalan_mantap="11.8", jalan_panjang="235.4")
    remarks = found(now, before, "1.c.7")
    assert remarks[0].key == "part_above_whole" and remarks[0].blocks
    assert "11.927" in remarks[0].sentence and "235" in remarks[0].sentence
    assert remarks[0].target == "d:jalan_mantap:value"
    unit = next(c for c in remarks if c.key == "unit")
    assert "1.000" in unit.sentence and "km" in unit.sentence and not unit.blocks


def test_a_copy_of_last_year_wants_a_reason():
    now = views(ibu_hamil_dilayani=4000, ibu_hamil_sasaran=5000)
    assert keys(found(now, now)) == ["copy", "copy"]
    said = {k: datum(k, v.value, same="Sasaran tetap") for k, v in now.items()}
    assert found(said, now) == []
    few = views(rs_terakreditasi=2, rs_rujukan=3)
    assert found(few, few, "1.b.2") == []


def test_a_jump_names_both_values():
    now = views(ibu_hamil_dilayani=4000, ibu_hamil_sasaran=9000)
    before = views(ibu_hamil_dilayani=3900, ibu_hamil_sasaran=5000)
    (jump,) = found(now, before)
    assert jump.key == "jump" and "9.000" in jump.sentence and "80,00 %" in jump.sentence
    assert "5.000" in jump.sentence and jump.severity == checks.CEK


def test_population_jumps_earlier():
    now, before = views(penduduk=110_000), views(penduduk=100_000)
    limits = catalogue.thresholds()
    facts = Facts(BOOK, 2025, now, before, TODAY, limits)
    remarks = checks.check(facts, [BOOK.indicators["2.j.3"]], mine=["penduduk"])
    assert keys(remarks) == ["jump"]


def test_what_is_missing_or_unread_blocks():
    now = views(ibu_hamil_dilayani=datum("x", raw="1,234.5"))
    assert keys(found(now)) == ["unread", "missing"]
    none = views(ibu_hamil_dilayani=datum("x", 3, source=" "), ibu_hamil_sasaran=datum("y", 4))
    assert keys(found(none)) == ["source"]


def test_not_released_wants_reason_and_date():
    waiting = {"gini": datum("gini", vintage=Vintage.BELUM_RILIS)}
    assert keys(found(waiting, key="makro.gini")) == ["na_reason", "na_date"]
    late = {"gini": datum("gini", vintage=Vintage.BELUM_RILIS, na_reason="BPS",
                          expected_on=date(2026, 1, 5))}  # fmt: skip
    (remark,) = found(late, key="makro.gini")
    assert remark.key == "na_late" and not remark.blocks
    both = {"gini": datum("gini", "0.3", vintage=Vintage.BELUM_RILIS, na_reason="BPS",
                          expected_on=date(2026, 5, 5))}  # fmt: skip
    assert keys(found(both, key="makro.gini")) == ["na_value"]


def test_bounds_of_elements_and_results():
    assert "whole" in keys(found(views(ibu_hamil_dilayani="2.5", ibu_hamil_sasaran=3)))
    assert "bounds" in keys(found(views(ibu_hamil_dilayani=-1, ibu_hamil_sasaran=3)))
    assert keys(found(views(gini="1.2"), key="makro.gini"))[0] == "bounds"
    assert keys(found(views(opini_bpk=datum("o", text="Bagus")), key="4.a.6")) == ["choice"]
    odd = views(belanja_umum=50, belanja_realisasi=100, belanja_transfer=90)
    assert "result" in keys(found(odd, key="4.a.5"))
    zero = found(views(ibu_hamil_dilayani=0, ibu_hamil_sasaran=0))
    assert keys(zero) == ["zero"] and "pembagi = 0" in zero[0].sentence


def test_population_of_two_sexes_adds_up():
    now = views(penduduk=201_835, penduduk_laki=100_000, penduduk_perempuan=101_875,
                warga_tahu=5)  # fmt: skip
    sums = [c for c in found(now, key="2.j.3") if c.key == "sum"]
    assert "201.835" in sums[0].sentence and "201.875" in sums[0].sentence


def test_evidence_is_asked_for():
    now = views(ibu_hamil_dilayani=3, ibu_hamil_sasaran=4)
    assert keys(found(now, evidence=frozenset())) == ["evidence"]
    assert found(now, evidence=frozenset({"1.b.3"})) == []


def test_others_debts_are_not_held_against_one():
    i = BOOK.indicators["1.b.8"]
    facts = Facts(BOOK, 2025, views(usia_produktif_dilayani=5), {}, TODAY)
    assert keys(checks.check(facts, [i], mine=["usia_produktif_dilayani"])) == []
    assert keys(checks.check(facts, [i])) == ["missing"]


@given(AMOUNTS, st.integers(1, 10**9))
def test_a_typed_capaian_equal_to_the_printed_one_passes(part, whole):
    now = views(ibu_hamil_dilayani=part, ibu_hamil_sasaran=whole)
    got = result("1.b.3", now)
    i = BOOK.indicators["1.b.3"]
    printed = got.value.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
    assert checks.typed_differs(i, printed, got, "t") is None
    assert checks.typed_differs(i, printed + Decimal("0.02"), got, "t") is not None
