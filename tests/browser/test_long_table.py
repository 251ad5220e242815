"""A table of 500 rows in a real browser: it opens in pages and is pasted over as one."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.db import db
from tests.browser.conftest import Open, Site, enter, open_isian
from tests.browser.test_entry import SAVED, cell, paste, state
from tests.entry import world


@pytest.fixture
def long_site(site: Site) -> Site:
    """The portal with 500 rows in the table of kegiatan."""
    with site.app.app_context():
        world.long_table(site.entries["kegiatan"], 500)
        db.session.remove()
    return site


def test_paste_across_pages_and_totals_from_the_server(long_site: Site, new_context: Open) -> None:
    page = open_isian(
        enter(new_context(), long_site, long_site.cast.operator_dinkes), long_site, "kegiatan"
    )
    rows = page.locator("tbody.rows tr")
    expect(rows).to_have_count(50)
    expect(page.locator('output[data-t="t:pagu"]')).to_have_text("125.250,00")
    block = "\n".join(f"Tempelan {n}\t1.000" for n in range(80))
    paste(page, '[name="c:u40:nama"]', block)
    expect(cell(page, "c:u119:nama")).to_have_value("Tempelan 79")
    expect(rows).to_have_count(120)
    state(page).to_have_text(SAVED, timeout=30_000)  # 160 cells
    stored = long_site.cells("kegiatan")
    assert [stored[(f"u{n}", "pagu")] for n in (39, 40, 119, 120)] == ["40", "1000", "1000", "121"]
    # u40..u119 held 41..120, together 6.440.
    expect(page.locator('output[data-t="t:pagu"]')).to_have_text("198.810,00")
    expect(page.locator(".clash:visible")).to_have_count(0)


def test_walking_on_and_adding_at_the_end(long_site: Site, new_context: Open) -> None:
    page = open_isian(
        enter(new_context(), long_site, long_site.cast.operator_dinkes), long_site, "kegiatan"
    )
    cell(page, "c:u49:pagu").focus()
    page.keyboard.press("Enter")
    expect(cell(page, "c:u50:pagu")).to_be_focused()
    expect(page.get_by_role("button", name="Tambah baris")).to_have_count(0)
    page.get_by_role("link", name="451–500").first.click()
    expect(page.locator("#isian[data-ready]")).to_be_attached()
    cell(page, "c:u499:pagu").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("7")
    state(page).to_have_text(SAVED)
    expect(page.locator("tbody.rows tr").last.locator("th")).to_have_text("501")
    page.get_by_role("button", name="Tambah baris").click()
    expect(page.locator("tbody.rows tr").last.locator("textarea")).to_be_focused()
    state(page).to_have_text(SAVED)
    page.goto(long_site.isian("kegiatan") + "?hal=99")
    expect(page.locator("tbody.rows tr")).to_have_count(2)


def test_a_paste_that_reaches_beyond_a_broken_line_says_so(
    long_site: Site, new_context: Open
) -> None:
    context = new_context()
    page = open_isian(
        enter(context, long_site, long_site.cast.operator_dinkes), long_site, "kegiatan"
    )
    page.route("**/baris?*", lambda route: route.abort())
    paste(page, '[name="c:u48:nama"]', "Satu\nDua\nTiga\nEmpat")
    expect(page.get_by_role("alert")).to_contain_text("2 baris terakhir dari tempelan belum masuk")
    state(page).to_have_text(SAVED)
    stored = long_site.cells("kegiatan")
    assert (stored[("u49", "nama")], stored[("u50", "nama")]) == ("Dua", "Kegiatan 51")
    assert len([1 for (_, name) in stored if name == "nama"]) == 500
