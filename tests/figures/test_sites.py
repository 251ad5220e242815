"""Places make the month of the region: sums, stock, and a number that was typed before."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.db import db
from portal.figures import catalogue, flow, queries, rollup, sites
from portal.figures.flow import DatumKey
from portal.people.rules import PORTAL

PEOPLE, STOCK = "disabilitas_terpenuhi", "mutu_so1_permakanan"
amounts = st.dictionaries(
    st.tuples(st.sampled_from(["PKM-01", "PKM-02", "PKM-03"]), st.integers(1, 12)),
    st.integers(0, 500).map(Decimal), max_size=20,
)  # fmt: skip


@given(amounts, st.integers(1, 12))
def test_a_month_is_the_sum_of_its_places_and_stock_stays(values, month):
    stated = [v for (_, m), v in values.items() if m == month]
    assert sites.total(values, month, "sum") == (sum(stated) if stated else None)
    held = sites.total(values, month, "last")
    assert (held is None) == (not stated)
    if held is not None:
        assert held >= sum(stated)  # nobody loses what he had


def put(element, place, month, value, measure="realisasi"):
    period = f"2025-{month:02d}" if month else "2025"
    dims = f"tempat={place}" if place else ""
    key = DatumKey(element, queries.region_id(), period, dims, measure)
    base = queries.values_of([element], [period], key.unit_id, measure, dims)[period].get(element)
    return flow.put(key, "value", value, base.rev if base else 0, PORTAL, behalf=True)


def stands(element, month, measure="realisasi"):
    found = queries.series_of([element], 2025, queries.region_id())
    view = found.get((element, month, measure))
    return view.value if view else None


@pytest.fixture
def places(cast):
    """Codes of the places of the service: Dinas Sosial has no UPT, so they are kecamatan."""
    return [u.code for u in queries.sites_of(catalogue.current().elements[PEOPLE], 2025)]


def test_places_make_the_month_and_the_year(places):
    for n, place in enumerate(places):
        assert put(PEOPLE, place, 1, str(10 + n)).status == "ok"
    assert put(PEOPLE, places[0], 2, "7").status == "ok"
    first = sum(Decimal(10 + n) for n in range(len(places)))
    assert (stands(PEOPLE, 1), stands(PEOPLE, 2), stands(PEOPLE, 0)) == (first, 7, first + 7)
    refused = put(PEOPLE, "", 1, "99")
    assert refused.status == "refused" and "rincian per tempat layanan" in refused.doubt
    assert put(PEOPLE, places[0], 2, "").status == "ok"
    assert stands(PEOPLE, 2) is None
    assert stands(PEOPLE, 0) == first
    assert put(PEOPLE, "", 2, "9").status == "ok"  # the last place is empty: typed again
    db.session.rollback()


def test_half_a_sum_never_replaces_a_typed_number(places):
    put(PEOPLE, "", 3, "353")
    for n, place in enumerate(places):
        assert stands(PEOPLE, 3) == Decimal(353), n
        put(PEOPLE, place, 3, "20")
    assert stands(PEOPLE, 3) == 20 * len(places)
    db.session.rollback()


def test_stock_of_a_place_counts_in_later_months_too(places):
    one, two = places[:2]
    put(STOCK, one, 1, "5")
    put(STOCK, two, 1, "4")
    put(STOCK, one, 3, "6")
    assert [stands(STOCK, m) for m in (1, 2, 3, 0)] == [9, None, 10, 10]
    put(STOCK, two, 1, "3")
    assert [stands(STOCK, m) for m in (1, 3, 0)] == [8, 9, 9]
    put(STOCK, one, 0, "8", "target")
    assert stands(STOCK, 0, "target") == 8
    assert queries.values_of([STOCK], ["2025"], queries.region_id(), "target")["2025"][
        STOCK].source == rollup.SITES_SOURCE  # fmt: skip
    db.session.rollback()


def test_puskesmas_are_the_places_of_dinas_kesehatan(cast):
    found = queries.sites_of(catalogue.current().elements["ibu_hamil_dilayani"], 2025)
    assert [u.code for u in found] == ["PKM-01"]


def test_a_place_that_there_is_not_is_refused(places):
    assert put(PEOPLE, "TIDAK-ADA", 1, "3").status == "refused"
    assert put("penduduk_laki", places[0], 1, "3").status == "refused"
