"""What tables compute: exact, never 0 for nothing, never double."""

from __future__ import annotations

from decimal import Decimal as D

from portal.config import ROOT
from portal.outlines import sums, trees
from portal.outlines.loader import load_all
from portal.outlines.parts import Budget, Part, Table
from portal.outlines.schema import placed_parts

LPPD = load_all(ROOT / "reports_templates").for_year("lppd", 2025)


def part(key: str) -> Part:
    return next(p.part for p in placed_parts(LPPD) if p.part.key == key)


def test_formulas_and_shares_of_people() -> None:
    table = part("penduduk")
    assert isinstance(table, Table)
    rows = [
        ("a", {"laki": D(60), "perempuan": D(40)}),
        ("b", {"laki": D(200), "perempuan": D(100)}),
    ]
    filled = sums.fill_table(table, rows)
    assert filled["a"]["jumlah"] == 100
    assert filled["a"]["persentase"] == 25
    assert filled["b"]["rasio"] == 200
    total = sums.total_row(table, list(filled.values()))
    assert (total["jumlah"], total["persentase"]) == (400, 100)
    assert total["rasio"] is not None
    assert round(total["rasio"], 4) == D("185.7143")  # of the totals, not a mean of ratios


def test_empty_cells_stay_empty() -> None:
    table = part("penduduk")
    assert isinstance(table, Table)
    filled = sums.fill_table(table, [("a", {"laki": D(5)})])
    assert filled["a"]["jumlah"] is None
    assert filled["a"]["persentase"] is None
    assert sums.total_row(table, list(filled.values()))["perempuan"] is None


def test_division_by_zero_has_a_reason() -> None:
    table = part("tugas_pembantuan")
    assert isinstance(table, Table)
    row = sums.fill_table(table, [("a", {"alokasi": D(0), "realisasi": D(0)})])["a"]
    assert row["persen"] is None
    percent = next(c for c in table.columns if c.key == "persen")
    assert "pembagi = 0" in sums.why(percent, row)


def test_budget_tree_adds_up_and_subtracts() -> None:
    rows = [(code, {}) for code in ("5", "5.1", "5.1.01", "5.1.02", "5.2", "5.2.01", "5.3",
                                    "5.3.01", "6", "6.1", "6.1.01", "6.2", "6.2.02")]  # fmt: skip
    budget = trees.with_rows(part("apbd_belanja"), rows)
    assert isinstance(budget, Budget)
    typed = [
        ("5.1.01", {"setelah": D(100), "realisasi": D(90)}),
        ("5.1.02", {"setelah": D(50), "realisasi": D(40)}),
        ("5.2.01", {"setelah": D(30), "realisasi": D(30)}),
        ("6.1.01", {"setelah": D(20), "realisasi": D(20)}),
        ("6.2.02", {"setelah": D(5), "realisasi": D(5)}),
    ]
    filled = sums.fill_table(budget, typed)
    assert filled["5.1"]["setelah"] == 150
    assert filled["5"]["setelah"] == 180
    assert filled["5"]["realisasi"] == 160
    assert filled["5"]["sisa"] == -20
    assert filled["6"]["setelah"] == 15
    assert filled["5.3"]["setelah"] is None  # nothing typed below it


def test_shares_do_not_count_sums_twice() -> None:
    table = part("pdrb")
    assert isinstance(table, Table)
    filled = sums.fill_table(table, [("lu_a", {"adhb": D(1)}), ("lu_b", {"adhb": D(3)})])
    assert filled["lu_b"]["distribusi"] == 75
