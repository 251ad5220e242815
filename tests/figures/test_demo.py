"""The demo numbers fit together: shares below their wholes, people that add up, gaps on purpose."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from portal.db import db
from portal.demo import figures as demo
from portal.demo import numbers
from portal.demo.figure_values import Numbers
from portal.figures import catalogue, checks, queries, rules


@pytest.fixture
def loaded(cast):
    count = demo.load()
    db.session.commit()
    return count


def test_all_elements_have_four_years(loaded):
    book, region = catalogue.current(), queries.region_id()
    found = queries.values_of(book.elements, ["2022", "2023", "2024", "2025"], region)
    every = {key for key, element in book.elements.items() if not element.service}
    for year in ("2022", "2023", "2024"):
        assert set(found[year]) == every
    assert every - set(found["2025"]) == demo.MISSING
    assert demo.load() == 0
    assert loaded > 1300


def test_results_are_plausible_in_every_year(loaded):
    book, region = catalogue.current(), queries.region_id()
    years = ["2022", "2023", "2024", "2025"]
    found = queries.values_of(book.elements, years, region)
    for before, year in pairwise(years):
        for i in book.of():
            result = rules.evaluate(i, found[year], found[before], book.elements)
            assert result.kind not in ("zero", "range"), (i.no, year, result)
            if year != "2025":
                assert result.text, (i.no, year, result)
            if result.value is not None and i.low is not None:
                assert i.low <= result.value <= (i.high or Decimal("1e30")), (i.no, result.text)


def test_nothing_to_mend_but_what_is_late_on_purpose(loaded):
    book, region = catalogue.current(), queries.region_id()
    facts = queries.facts(book.of(), "2025", region, date(2026, 2, 2))
    found = checks.check(facts, book.of())
    blocking = [c for c in found if c.blocks]
    assert {c.key for c in blocking} == {"missing"}
    assert {c.target.split(":")[1] for c in blocking} == demo.MISSING
    assert len(found) - len(blocking) < 40


def test_most_of_the_cast_have_proofs(loaded, cast):
    units = {cast.units["DINKES"], cast.units["DISTAN"]}
    files = queries.evidence_by(units, 2025)
    assert {f.unit_id for f in files} == units and len(files) < 20
    assert all("DATA CONTOH" in f.name for f in files)


def test_people_by_kecamatan_add_up(loaded):
    region = queries.region_id()
    for key in ("penduduk", "penduduk_laki", "rumah_tangga"):
        found = queries.by_dims([key], ["2025"], region)
        parts = [v.value for (_, _, dims), v in found.items() if dims]
        assert len(parts) == 12
        assert sum(parts) == found[key, "2025", ""].value


@pytest.mark.parametrize("year", numbers.YEARS)
def test_budget_adds_up(year):
    lines = {line.code: line for line in numbers.apbd(year)}
    for code in ("4", "5"):
        children = [x for c, x in lines.items() if c.startswith(f"{code}.") and x.level == 2]
        assert sum(x.realisasi for x in children) == lines[code].realisasi
    units = numbers.belanja_opd(year)
    assert sum(p for p, _ in units.values()) == lines["5"].anggaran
    assert sum(d for _, d in units.values()) == lines["5"].realisasi
    assert all(0 < d <= p for p, d in units.values())


def test_the_same_seed_gives_the_same_numbers():
    book = catalogue.current()
    assert Numbers(book).values == Numbers(book).values
