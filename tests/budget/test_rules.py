"""Codes, sums and percentages of the budget."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.budget import rules


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("programs", "1.2.2.2.2.1", "1.02.02.2.02.0001"),
        ("programs", "1.02.02.2.02.0001", "1.02.02.2.02.0001"),
        ("programs", 1.02, "1.02"),
        ("programs", 2.1, "2.10"),  # Excel dropped the zero of 2.10
        ("programs", 1, "1"),
        ("accounts", 4.1, "4.1"),
        ("accounts", "4.1.1", "4.1.01"),
    ],
)
def test_codes_keep_their_zeros(kind: rules.Kind, cell: object, code: str) -> None:
    assert rules.clean_code(kind, cell, ("1.02", "2.10")) == code


@pytest.mark.parametrize("cell", ["abc", "1..2", "", "X.XX.01", "1.2.3.4.5.6.7.8", "=1+1"])
def test_what_is_no_code_is_refused_with_an_example(cell: str) -> None:
    with pytest.raises(rules.CodeError, match="Contoh"):
        rules.clean_code("programs", cell)


def test_sums_are_of_the_rows_below_and_percentages_of_sums() -> None:
    rows: dict[str, dict[str, D | None]] = {
        "1.02.02": {"pagu": D(999)},  # what a file said of the sum does not count
        "1.02.02.2.01": {"pagu": None},
        "1.02.02.2.01.0001": {"pagu": D(100), "realisasi": D(90)},
        "1.02.02.2.01.0002": {"pagu": D(300), "realisasi": D(0)},
        "1.02.03": {"pagu": None},
    }
    sums = rules.rolled("programs", rows, ("pagu", "realisasi"))
    assert sums["1.02.02"] == {"pagu": D(400), "realisasi": D(90)}
    assert sums["1.02.03"]["pagu"] is None
    assert rules.percent(sums["1.02.02"]["realisasi"], sums["1.02.02"]["pagu"]) == D("22.5")
    assert rules.percent(D(1), D(0)) is None
    assert rules.total("programs", rows, "pagu") == D(400)


def test_pembiayaan_neto_is_penerimaan_less_pengeluaran() -> None:
    values = {"6": None, "6.1": None, "6.1.01": D(50), "6.2": None, "6.2.02": D(20)}
    rows: dict[str, dict[str, D | None]] = {c: {"r": v} for c, v in values.items()}
    sums = rules.rolled("accounts", rows, ("r",))
    assert (sums["6"]["r"], sums["6.1"]["r"], sums["6.2"]["r"]) == (D(30), D(50), D(20))


def test_year_from_quarters_and_opd_against_bpkad() -> None:
    assert rules.year_amount(None, [D(1), None, D(2)]) == D(3)
    assert rules.year_amount(D(9), [D(1)]) == D(9)
    assert rules.year_amount(None, [None]) is None
    assert rules.opd_against_total({"a": D(3), "b": None}, D(5)) == (D(3), D(-2))
    assert rules.opd_against_total({"a": D(3)}, None) == (D(3), None)


_leaf = st.tuples(st.integers(2, 4), st.integers(1, 3), st.integers(1, 9), st.integers(0, 10**12))


@given(st.lists(_leaf, min_size=1, max_size=12))
def test_the_sum_of_the_tops_is_the_sum_of_the_leaves(leaves: list[tuple[int, ...]]) -> None:
    rows: dict[str, dict[str, D | None]] = {}
    for program, activity, sub, amount in leaves:
        code = f"1.02.{program:02d}.2.{activity:02d}.{sub:04d}"
        rows[code] = {"pagu": D(amount)}
        for above in rules.parents(code):
            if len(rules.segments(above)) in (3, 5):
                rows.setdefault(above, {"pagu": None})
    whole = sum(v["pagu"] for c, v in rows.items() if len(rules.segments(c)) == 6)  # type: ignore[misc]
    assert rules.total("programs", rows, "pagu") == whole
    at = {node.code: n for n, node in enumerate(rules.tree("programs", rows))}
    for code, n in at.items():
        assert all(at[p] < n for p in rules.parents(code) if p in rows)
