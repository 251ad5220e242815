"""From a filled isian to the Tanda Terima, and what comes too late."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open, Site, enter, open_isian
from tests.browser.test_entry import cell, state

SAVED = re.compile(r"^Tersimpan \d\d\.\d\d WITA$")


def test_check_send_and_take_back(site: Site, new_context: Open) -> None:
    page = open_isian(enter(new_context(), site, site.cast.operator_dinkes), site, "pegawai")
    page.get_by_role("link", name="Periksa isian").click()
    expect(page.locator("#panel")).to_contain_text("wajib dan belum diisi")
    cell(page, "c:sd:l").fill("1,5")
    # Kirim waits for what was typed a moment ago.
    page.get_by_role("link", name="Kirim").click()
    expect(page.get_by_role("heading", name="Kirim: Jumlah Pegawai")).to_be_visible()
    expect(page.locator("main")).to_contain_text("belum dapat dikirim")
    page.get_by_role("link", name="bilangan bulat").or_(
        page.locator("a[data-go='c:sd:l']")
    ).first.click()
    expect(page.locator("#isian[data-ready]")).to_be_attached()
    expect(cell(page, "c:sd:l")).to_be_focused()
    cell(page, "c:sd:l").fill("15")
    state(page).to_have_text(SAVED)
    page.get_by_role("link", name="Kirim").click()
    page.get_by_role("button", name="Kirim").click()
    expect(page.get_by_text("TT-LPPD-2025-DINKES-0001")).to_be_visible()
    page.get_by_role("button", name="Tarik kembali").click()
    expect(page.locator(".ok")).to_contain_text("ditarik kembali")
    expect(cell(page, "c:sd:l")).to_be_editable()


def test_a_late_keystroke_after_sending_is_offered_not_applied(
    site: Site, new_context: Open
) -> None:
    context = new_context()
    page = open_isian(enter(context, site, site.cast.operator_dinkes), site, "pegawai")
    cell(page, "c:sd:l").fill("15")
    state(page).to_have_text(SAVED)
    other = enter(new_context(), site, site.cast.operator_dinkes_2)
    other.goto(f"{site.isian('pegawai')}/kirim")
    other.get_by_role("button", name="Kirim").click()
    expect(other.get_by_text("TT-LPPD-2025-DINKES-0001")).to_be_visible()
    cell(page, "c:sd:l").fill("99")
    clash = page.locator("#bentrok")
    expect(clash).to_contain_text("tidak dapat diubah")
    expect(clash.locator("textarea")).to_have_value(re.compile("99"))
    assert site.cells("pegawai")[("sd", "l")] == "15"
    # It is still there after a reload, and gone only when its owner says so.
    page.reload()
    expect(clash.locator("textarea")).to_have_value(re.compile("99"))
    clash.get_by_role("button", name="Buang").click()
    expect(clash).to_be_hidden()


def test_two_numbers_give_the_percentage(site: Site, new_context: Open) -> None:
    page = open_isian(enter(new_context(), site, site.cast.operator_dinkes), site, "ikk")
    box = page.locator("section.ik", has_text="ibu hamil mendapatkan pelayanan").first
    box.locator("input[inputmode]").nth(0).fill("8.720")
    box.locator("input[inputmode]").nth(1).fill("10.000")
    expect(box.locator("output.result")).to_have_text("87,20")
    state(page).to_have_text(SAVED)
    box.get_by_text("Sumber dan sifat angka").first.click()
    box.get_by_label("Sumber data").first.fill("Profil Kesehatan 2025")
    state(page).to_have_text(SAVED)
    page.reload()
    box = page.locator("section.ik", has_text="ibu hamil mendapatkan pelayanan").first
    expect(box.locator("input[inputmode]").nth(0)).to_have_value("8.720")
    expect(box.locator("output.result")).to_have_text("87,20")
    box.locator("input[type=file]").set_input_files(
        {"name": "profil.pdf", "mimeType": "application/pdf", "buffer": b"bukan pdf"}
    )
    box.get_by_role("button", name="Unggah").click()
    expect(page.locator(".error")).to_be_visible()


def test_history_and_restore(site: Site, new_context: Open) -> None:
    rina = open_isian(enter(new_context(), site, site.cast.operator_dinkes), site, "uraian")
    editor = rina.get_by_role("textbox", name="Uraian Keadaan")
    editor.fill("Semula begini")
    state(rina).to_have_text(SAVED)
    joko = open_isian(enter(new_context(), site, site.cast.operator_dinkes_2), site, "uraian")
    joko.get_by_role("textbox", name="Uraian Keadaan").fill("Kini begitu")
    state(joko).to_have_text(SAVED)
    joko.get_by_role("link", name="Riwayat").click()
    panel = joko.locator("#panel")
    expect(panel.locator("ins").first).to_contain_text("Kini")
    expect(panel.locator("del").first).to_contain_text("Semula")
    panel.locator("summary", has_text="Versi 1").click()
    panel.get_by_role("button", name="Pulihkan versi 1").click()
    expect(joko.get_by_role("textbox", name="Uraian Keadaan")).to_have_text("Semula begini")


def test_obstacle_rests_and_ends(site: Site, new_context: Open) -> None:
    page = open_isian(enter(new_context(), site, site.cast.operator_dinkes), site, "pegawai")
    page.locator("summary", has_text="Ada Kendala").click()
    page.get_by_label("Sebab").select_option(label="Data belum rilis")
    page.get_by_role("button", name="Laporkan ke sekretariat").click()
    expect(page.locator(".ok")).to_contain_text("Kendala tercatat")
    page.goto(f"{site.url}/tugas")
    expect(page.locator("tr", has_text="Jumlah Pegawai")).to_contain_text("Ada kendala")
