"""By keyboard only, by ear, and on a phone: the grid and the editor stay usable."""

from __future__ import annotations

from playwright.sync_api import expect

from portal.db import db
from tests.browser.conftest import Open, Site, enter, open_isian
from tests.browser.test_access import look
from tests.browser.test_entry import SAVED, cell, state
from tests.browser.test_narrative import write
from tests.entry import world

WORD = "Pertanggungjawaban" * 30


def test_only_what_needs_somebody_is_read_aloud(site: Site, new_context: Open) -> None:
    context = new_context()
    page = open_isian(enter(context, site, site.cast.operator_dinkes), site, "pegawai")
    aloud = page.get_by_role("status").and_(page.locator("#kabar-suara"))
    for value in ("1", "12", "123"):
        cell(page, "c:sd:l").fill(value)
        state(page).to_have_text(SAVED)
    expect(aloud).to_have_text("")
    context.set_offline(True)
    cell(page, "c:sd:l").fill("4")
    expect(aloud).to_contain_text("Gagal tersimpan, dicoba lagi.")
    context.set_offline(False)
    expect(aloud).to_have_text(SAVED)


def test_a_table_by_keyboard(site: Site, new_context: Open) -> None:
    page = open_isian(enter(new_context(), site, site.cast.operator_dinkes), site, "kegiatan")
    page.get_by_role("button", name="Tambah baris").focus()
    page.keyboard.press("Enter")
    rows = page.locator("tbody.rows tr")
    expect(rows.nth(0).locator("textarea")).to_be_focused()
    page.keyboard.type("Imunisasi")
    page.keyboard.press("Tab")
    page.keyboard.type("1.000")
    page.keyboard.press("Enter")  # below the last row there is a new one
    expect(rows).to_have_count(2)
    expect(rows.nth(1).locator('[name$=":pagu"]')).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(rows.nth(0).locator('[name$=":pagu"]')).to_be_focused()
    page.keyboard.type("9")
    page.keyboard.press("Escape")
    expect(rows.nth(0).locator('[name$=":pagu"]')).to_have_value("1.000")
    remove = rows.nth(1).get_by_role("button")
    remove.focus()
    page.keyboard.press("Enter")
    expect(remove).to_be_focused()
    expect(remove).to_have_text("Urungkan")
    page.keyboard.press("Enter")
    expect(remove).to_have_text("Hapus")
    state(page).to_have_text(SAVED)


def test_the_editor_by_keyboard(site: Site, new_context: Open) -> None:
    page = open_isian(
        enter(new_context(tolerate="inline style"), site, site.cast.operator_dinkes),
        site, "uraian",
    )  # fmt: skip
    bar = page.get_by_role("toolbar", name="Bentuk teks")
    bar.get_by_role("button").last.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Uraian Keadaan")).to_be_focused()
    page.keyboard.type("Satu")
    page.keyboard.press("Tab")  # the way out of the editor is open
    expect(page.get_by_role("textbox", name="Uraian Keadaan")).not_to_be_focused()
    bar.get_by_role("button", name="Daftar butir").or_(bar.get_by_text("• Daftar")).first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".rich li")).to_have_text("Satu")
    state(page).to_have_text(SAVED)
    assert site.cells("uraian")[("", "text")] == "<ul><li>Satu</li></ul>"


def test_endless_words_on_a_phone(site: Site, new_context: Open) -> None:
    who = site.cast.operator_dinkes
    write(
        site, who,
        f"<p>{WORD}</p><ul><li>{WORD}</li></ul><table><tr>"
        + f"<td>{WORD}</td>" * 6 + "</tr></table>",
    )  # fmt: skip
    context = new_context(viewport={"width": 360, "height": 740}, bypass_csp=True)
    page = open_isian(enter(context, site, who), site, "kegiatan")
    page.get_by_role("button", name="Tambah baris").click()
    page.locator('tbody.rows [name$=":nama"]').fill(WORD)
    page.locator('tbody.rows [name$=":pagu"]').fill("9" * 70)
    expect(page.locator(".ask")).to_be_visible()
    state(page).to_have_text(SAVED)
    for part in ("uraian", "kegiatan"):
        for tail in ("", "/riwayat", "/cetak", "/periksa"):
            look(page, site.isian(part) + tail)


def test_a_long_table_on_a_phone(site: Site, new_context: Open) -> None:
    with site.app.app_context():
        world.long_table(site.entries["kegiatan"], 500)
        db.session.remove()
    context = new_context(viewport={"width": 360, "height": 740}, bypass_csp=True)
    page = enter(context, site, site.cast.operator_dinkes)
    look(page, site.isian("kegiatan"))
    look(page, site.isian("kegiatan") + "?hal=10")
