"""A table of 500 rows: small pages, totals of all rows, nothing lost without JavaScript."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from portal.db import db
from portal.reports.models import EntryCell, EntryRow
from portal.web.entry_window import SIZE, window
from tests.cast import post
from tests.entry import world
from tests.entry.conftest import World
from tests.entry.test_saving import save, values
from tests.entry.test_weight import LIMIT, weight

UIDS = [f"u{n}" for n in range(500)]


@pytest.fixture
def long_table(world_of: World) -> int:
    """Kegiatan with 500 rows, pagu 1 to 500."""
    entry = world_of.entries["kegiatan"]
    world.long_table(entry, 500)
    return entry


def test_which_rows_an_address_asks_for() -> None:
    assert window(UIDS[:100], {"hal": "2"}) is None
    first = window(UIDS, {})
    assert first is not None and (first.first, first.number, first.last) == (0, 1, False)
    assert first.pages[0] == (1, 1, 50) and first.pages[-1] == (10, 451, 500)
    for asked, start in (
        ({"hal": "3"}, 100), ({"hal": "99"}, 450), ({"hal": "0"}, 0), ({"hal": "-1"}, 0),
        ({"hal": "²"}, 0), ({"hal": "x" * 900}, 0), ({"baris": "u120"}, 100), ({"baris": "?"}, 0),
    ):  # fmt: skip
        found = window(UIDS, asked)
        assert found is not None and found.first == start, asked
    after = window(UIDS, {"sesudah": "u49", "banyak": "7"})
    assert after is not None and (after.first, after.size) == (50, 7)
    gone = window(UIDS, {"sesudah": "nothing"})
    assert gone is not None and gone.first == 500


def test_five_hundred_rows_open_light_and_total_right(
    operator: FlaskClient, long_table: int
) -> None:
    size, html = weight(operator, f"/isian/{long_table}")
    assert size <= LIMIT
    assert html.count('<tr id="b-') == SIZE + 1  # and the pattern of a new row
    assert "Baris 1–50 dari 500" in html and "125.250,00" in html
    last = operator.get(f"/isian/{long_table}?hal=10").text
    assert "Baris 451–500 dari 500" in last and "125.250,00" in last
    assert re.search(r'<p class="add">', last) and not re.search(r'<p class="add">', html)
    printed = operator.get(f"/isian/{long_table}/cetak").text
    assert printed.count('<tr id="b-') == 500


def test_rows_after_a_row(operator: FlaskClient, long_table: int) -> None:
    rows = operator.get(f"/isian/{long_table}/baris?sesudah=u49&banyak=60").text
    assert rows.count("<tr ") == 60 and 'name="c:u50:nama"' in rows and "c:u110:" not in rows
    assert operator.get(f"/isian/{long_table}/baris").status_code == 404


def test_an_answer_totals_the_whole_table(operator: FlaskClient, long_table: int) -> None:
    answer = save(operator, long_table, ("c:u3:pagu", 1, "1.004"), ("c:u400:pagu", 1, "1.401"))
    assert answer.json["derived"]["t:pagu"] == "127.250,00"
    assert len(answer.data) <= 2048


def test_without_javascript_each_page_saves_itself(operator: FlaskClient, long_table: int) -> None:
    url = f"/isian/{long_table}?hal=3"
    html = operator.get(url).text
    assert f'action="/isian/{long_table}?hal=3"' in html
    made = html.split('name="awal" value="')[1].split('"')[0]
    form = {"awal": made, "c:u100:pagu": "101,00", "c:u101:pagu": "7"}
    answer = post(operator, url, form)
    assert answer.status_code == 302 and answer.location.endswith("?hal=3")
    assert Decimal(values(long_table)[("u101", "pagu")]) == 7
    assert Decimal(values(long_table)[("u100", "pagu")]) == 101
    # A new row stands on the last page.
    answer = post(operator, url, {"awal": made, "tambah": "1"})
    assert operator.get(answer.location).text.count("Baris 501–501 dari 501") == 2


def test_a_row_that_moved_to_another_page_is_saved_all_the_same(
    operator: FlaskClient, long_table: int
) -> None:
    """Somebody deleted rows before it while the old page was open."""
    html = operator.get(f"/isian/{long_table}?hal=3").text
    made = html.split('name="awal" value="')[1].split('"')[0]
    save(operator, long_table, *((f"r:u{n}", 0, "del") for n in range(60)))
    post(operator, f"/isian/{long_table}?hal=3", {"awal": made, "c:u149:pagu": "9"})
    assert values(long_table)[("u149", "pagu")] == "9"


def test_a_catatan_leads_to_the_page_of_its_row(operator: FlaskClient, long_table: int) -> None:
    save(operator, long_table, ("c:u222:pagu", 1, "1.2.3,4"))
    html = operator.get(f"/isian/{long_table}/periksa").text
    assert f"/isian/{long_table}?baris=u222&amp;ke=c:u222:pagu#b-u222" in html
    assert 'id="b-u222"' in operator.get(f"/isian/{long_table}?baris=u222").text


def test_the_fixture_is_what_it_says(long_table: int) -> None:
    assert db.session.query(EntryRow).filter_by(entry_id=long_table).count() == 500
    assert db.session.query(EntryCell).filter_by(entry_id=long_table).count() == 1000
