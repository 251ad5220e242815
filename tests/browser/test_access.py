"""One page per template without a violation that axe knows of, and none wider than a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Open, Site, enter

PARTS = ("uraian", "pegawai", "kegiatan", "anggaran", "peta", "dasar_hukum", "ikk")


def look(page: Page, url: str) -> None:
    """Open, measure, and let axe look."""
    page.goto(url)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{url} is {wide} px wider than the screen"
    assert page.locator("h1").count() == 1, url
    found = Axe().run(page)
    assert found.violations_count == 0, f"{url}\n{found.generate_report()}"


@pytest.mark.parametrize("width", [1366, 360])
def test_pages_of_an_operator(site: Site, new_context: Open, width: int) -> None:
    context = new_context(viewport={"width": width, "height": 740}, bypass_csp=True)
    page = enter(context, site, site.cast.operator_dinkes)
    for path in ("/", "/tugas", "/laporan/lppd", "/laporan/spm", "/bantuan", "/tidak-ada"):
        look(page, site.url + path)
    for part in PARTS:
        look(page, site.isian(part))
    page.goto(site.isian("pegawai"))
    page.fill('[name="c:sd:l"]', "1,234")
    page.get_by_role("link", name="Kirim").click()
    page.wait_for_url("**/kirim")  # after the typing was saved
    for tail in ("", "/kirim", "/periksa", "/riwayat", "/cetak"):
        look(page, site.isian("pegawai") + tail)
    look(page, site.isian("ikk") + "/cetak")


def test_receipt_and_read_only_page(site: Site, new_context: Open) -> None:
    context = new_context(bypass_csp=True)
    page = enter(context, site, site.cast.operator_dinkes)
    page.goto(site.isian("pegawai"))
    page.fill('[name="c:sd:l"]', "12")
    page.get_by_role("link", name="Kirim").click()
    page.get_by_role("button", name="Kirim").click()
    page.wait_for_url("**/tanda-terima/*")
    look(page, page.url)
    look(page, site.isian("pegawai"))
    look(page, site.isian("pegawai") + "/riwayat")


def test_login_page(site: Site, new_context: Open) -> None:
    look(new_context(bypass_csp=True).new_page(), f"{site.url}/masuk")


@pytest.mark.parametrize("role", ["sekretariat", "apip", "kepala_dinkes", "pimpinan", "admin"])
def test_first_screen_of_each_role(site: Site, new_context: Open, role: str) -> None:
    page = enter(new_context(bypass_csp=True), site, site.cast.people[role])
    look(page, site.url + "/")
