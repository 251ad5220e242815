"""Numbers and dates as Indonesian offices write them; nothing is guessed in silence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.indonesian import long_date, number, read_date, read_number, rounded, rupiah


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"), ("8720", "8720"), ("8.720", "8720"), ("1.234.567", "1234567"),
        ("1.234.567,89", "1234567.89"), ("1234567,89", "1234567.89"), ("87,2", "87.2"),
        ("87,2 %", "87.2"), ("87,2%", "87.2"), ("87,2 persen", "87.2"), ("0,125", "0.125"),
        (",5", "0.5"), ("5,", "5"), ("-12,5", "-12.5"), ("\u221212,5", "-12.5"), ("+7", "7"),
        ("(1.250,50)", "-1250.50"), ("Rp1.250.000,00", "1250000.00"), ("Rp 1.250.000,-", "1250000"),
        ("Rp. 1.250.000,--", "1250000"), ("rp1.250.000", "1250000"), ("IDR 5.000", "5000"),
        ("-Rp5.000", "-5000"), ("Rp-5.000", "-5000"), ("Rp(5.000)", "-5000"),
        ("(Rp5.000)", "-5000"), ("1 234 567,8", "1234567.8"), ("1\u00a0234\u00a0567", "1234567"),
        ("1\u202f234", "1234"), ("  12 ", "12"), ("'0123", "123"), ("１２３", "123"),
        ("0812", "812"), ("1234,567", "1234.567"),
    ],
)  # fmt: skip
def test_spellings_with_one_reading(text, value):
    read = read_number(text)
    assert read.sure, read
    assert read.value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value", "other"),
    [
        ("1,234", "1.234", "1234"), ("12,345", "12.345", "12345"), ("87,200", "87.2", "87200"),
        ("12.5", "12.5", "125"), ("1234.5", "1234.5", "12345"), (".5", "0.5", "5"),
        ("0.125", "0.125", "125"), ("1,234.5", "1234.5", None), ("1,234,567", "1234567", None),
        ("1,234,567.89", "1234567.89", None), ("1,2 juta", "1200000", None),
        ("3 miliar", "3000000000", None), ("2,5 M", "2500000000", None), ("15 rb", "15000", None),
        ("8.720 orang", "8720", None), ("12,5 ha", "12.5", None), ("150km", "150", None),
        ("1,250 ton", "1.25", "1250"), ("Rp1,5 T", "1500000000000", None),
    ],
)  # fmt: skip
def test_doubtful_spellings_are_asked_about(text, value, other):
    read = read_number(text)
    assert not read.sure and read.doubt.endswith("?")
    assert read.value == Decimal(value)
    assert read.other == (Decimal(other) if other else None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.2.3,4", "Contoh penulisan: 1.234.567,89"), ("abc", "tidak dapat dibaca"),
        ("1.23.456", "tidak dapat dibaca"), ("1,2,3", "tidak dapat dibaca"),
        ("--5", "tidak dapat dibaca"), ("(-5)", "tidak dapat dibaca"), ("", "tidak dapat dibaca"),
        ("12/3", "tidak dapat dibaca"), ("-", "Isi 0"), ("nihil", "Isi 0"), ("n/a", "Belum rilis"),
        ("####", "terlalu sempit"), ("#DIV/0!", "pesan salah dari Excel"), ("#N/A", "pesan salah"),
        ("1,23E+11", "secara singkat"), ("1.5e6", "secara singkat"), ("=A1+B1", "rumus"),
        ("9" * 40, "terlalu panjang"), ("0.125.000", "tidak dapat dibaca"), ("٣", "tidak dapat"),
        ("<script>", "tidak dapat dibaca"), ("x" * 500, "..."), ("5 ", None), ("> 5", "tidak"),
    ],
)  # fmt: skip
def test_what_is_no_number_says_what_to_do(text, words):
    read = read_number(text)
    if words is None:
        assert read.sure
    else:
        assert read.value is None and words in read.doubt


decimals = st.decimals(
    min_value=Decimal("-1e15"), max_value=Decimal("1e15"), allow_nan=False, allow_infinity=False
)


@given(decimals, st.integers(0, 6))
def test_what_the_portal_prints_it_reads_back(value, places):
    shown = number(value, places)
    read = read_number(shown)
    assert rounded(value, places) in (read.value, read.other)
    if places != 3:
        assert read.sure


@given(st.decimals(min_value=Decimal("0.01"), max_value=Decimal("1e13"), places=2))
def test_rupiah_is_read_back(value):
    assert read_number(rupiah(value)).value == value
    assert read_number(rupiah(-value)).value == -value


def test_a_number_longer_than_decimals_count_is_no_number():
    """Beyond 28 digits arithmetic rounds, so what came back would not be what was typed."""
    assert read_number("9" * 27).value == int("9" * 27)
    assert "terlalu panjang" in read_number("9" * 28).doubt


@given(st.text(max_size=80))
def test_any_text_is_answered(text):
    read = read_number(text)
    assert read.sure or read.doubt
    if read.sure:
        again = read_number(number(read.value))
        assert read.value in (again.value, again.other)


@given(st.text(alphabet="0123456789.,- ()Rp%", max_size=20))
def test_texts_of_digits_and_signs_are_answered(text):
    read = read_number(text)
    assert read.sure or read.doubt


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/3/2026", date(2026, 3, 31)), ("31-03-2026", date(2026, 3, 31)),
        ("31.3.2026", date(2026, 3, 31)), ("2026-03-31", date(2026, 3, 31)),
        ("31 Maret 2026", date(2026, 3, 31)), ("1 agustus 2025", date(2025, 8, 1)),
        ("Selasa, 31 Maret 2026", date(2026, 3, 31)), ("5 Agt 2025", date(2025, 8, 5)),
        ("31/13/2026", None), ("30/2/2026", None), ("3/2026", None), ("besok", None), ("", None),
    ],
)  # fmt: skip
def test_dates(text, day):
    assert read_date(text) == day


@given(st.dates(min_value=date(1000, 1, 1)))
def test_printed_dates_are_read_back(day):
    assert read_date(long_date(day)) == day
