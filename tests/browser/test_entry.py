"""Filling an isian in a real browser: nothing typed is ever lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Site, enter, open_isian
from tests.cast import PASSWORD

pytestmark = pytest.mark.long

SAVED = re.compile(r"^Tersimpan \d\d\.\d\d WITA$")


def state(page: Page):
    return expect(page.locator("#kabar"))


def cell(page: Page, target: str):
    return page.locator(f'[name="{target}"]')


def paste(page: Page, selector: str, text: str, html: str = "", rtf: str = "") -> None:
    """Paste as the clipboard would, without asking the machine for its own."""
    page.eval_on_selector(
        selector,
        """(el, [text, html, rtf]) => {
          el.focus();
          const data = new DataTransfer();
          data.setData("text/plain", text);
          if (html) data.setData("text/html", html);
          if (rtf) data.setData("text/rtf", rtf);
          const how = {clipboardData: data, bubbles: true, cancelable: true};
          el.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        [text, html, rtf],
    )


def test_fill_a_table_and_see_it_saved(site: Site, new_context: Open) -> None:
    page = open_isian(enter(new_context(), site, site.cast.operator_dinkes), site, "pegawai")
    cell(page, "c:sd:l").click()
    page.keyboard.type("1.200")
    page.keyboard.press("Enter")
    expect(cell(page, "c:smp:l")).to_be_focused()
    page.keyboard.type("300")
    page.keyboard.press("ArrowUp")
    expect(cell(page, "c:sd:l")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("800")
    # Sums and shares stand there while typing, before any answer.
    expect(page.locator('output[data-t="c:sd:jml"]')).to_have_text("2.000")
    expect(page.locator('output[data-t="c:sd:persen"]')).to_have_text("40,00")
    expect(page.locator('output[data-t="t:l"]')).to_have_text("1.500")
    state(page).to_have_text(SAVED)
    assert site.cells("pegawai") == {("sd", "l"): "1200", ("smp", "l"): "300", ("sd", "p"): "800"}
    page.reload()
    expect(cell(page, "c:sd:l")).to_have_value("1.200")


def test_a_doubtful_number_is_asked_about(site: Site, new_context: Open) -> None:
    page = open_isian(enter(new_context(), site, site.cast.operator_dinkes), site, "kegiatan")
    page.get_by_role("button", name="Tambah baris").click()
    pagu = page.locator('tbody.rows [name$=":pagu"]')
    pagu.fill("1,234.5")
    expect(page.locator(".ask")).to_contain_text("cara Inggris")
    page.locator(".ask button").first.click()
    expect(page.locator(".ask")).to_have_count(0)
    state(page).to_have_text(SAVED)
    assert list(site.cells("kegiatan").values()) == ["1234.5"]


def test_paste_a_block_from_excel(site: Site, new_context: Open) -> None:
    page = open_isian(enter(new_context(), site, site.cast.operator_dinkes), site, "kegiatan")
    page.get_by_role("button", name="Tambah baris").click()
    block = (
        "Imunisasi\tRp 1.250.000,00\t31 Maret 2025\tDAU\r\n"
        '"Posyandu ""Melati""\nkeliling"\t2.000.000\t'
        "1/4/2025\tDAK\r\nGizi\t500000\t\tPAD\r\n"
    )
    paste(page, 'tbody.rows [name$=":nama"]', block)
    expect(page.locator("tbody.rows tr")).to_have_count(3)
    state(page).to_have_text(SAVED)
    stored = list(site.cells("kegiatan").values())
    assert "1250000.00" in stored or "1250000" in stored
    assert 'Posyandu "Melati" keliling' in " ".join(stored).replace("\n", " ")
    assert "2025-04-01" in stored and "PAD" in stored
    expect(page.locator('output[data-t="t:pagu"]')).to_have_text("3.750.000,00")
    page.reload()
    expect(page.locator("tbody.rows tr")).to_have_count(3)


def test_a_row_goes_and_comes_back(site: Site, new_context: Open) -> None:
    page = open_isian(enter(new_context(), site, site.cast.operator_dinkes), site, "kegiatan")
    page.get_by_role("button", name="Tambah baris").click()
    page.locator('tbody.rows [name$=":pagu"]').fill("100")
    expect(page.locator('output[data-t="t:pagu"]')).to_have_text("100,00")
    page.get_by_role("button", name="Hapus").click()
    expect(page.locator('output[data-t="t:pagu"]')).to_have_text("")
    state(page).to_have_text(SAVED)
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator('output[data-t="t:pagu"]')).to_have_text("100,00")
    state(page).to_have_text(SAVED)


def test_line_cut_and_restored_while_typing(site: Site, new_context: Open) -> None:
    context = new_context()
    page = open_isian(enter(context, site, site.cast.operator_dinkes), site, "pegawai")
    context.set_offline(True)
    cell(page, "c:sd:l").fill("11")
    state(page).to_contain_text("Gagal tersimpan, dicoba lagi. 1 ketikan aman")
    cell(page, "c:sd:p").fill("12")
    state(page).to_contain_text("2 ketikan aman")
    assert site.cells("pegawai") == {}
    context.set_offline(False)
    state(page).to_have_text(SAVED)
    assert site.cells("pegawai") == {("sd", "l"): "11", ("sd", "p"): "12"}


def test_the_journal_goes_on_after_a_save_that_was_tried_again(
    site: Site, new_context: Open
) -> None:
    context = new_context()
    page = open_isian(enter(context, site, site.cast.operator_dinkes), site, "pegawai")
    context.set_offline(True)
    cell(page, "c:sd:l").fill("11")
    state(page).to_contain_text("Gagal tersimpan, dicoba lagi. 1 ketikan aman")
    with page.expect_event("requestfailed"):
        page.evaluate("dispatchEvent(new Event('online'))")  # the line seemed to be back
    cell(page, "c:sd:p").fill("12")
    state(page).to_contain_text("2 ketikan aman")
    page.close()
    context.set_offline(False)
    page = open_isian(context.new_page(), site, "pegawai")
    state(page).to_have_text(SAVED)
    assert site.cells("pegawai") == {("sd", "l"): "11", ("sd", "p"): "12"}
    # What was confirmed is gone from the journal: the next page has nothing to send again.
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.url.endswith("/op") else None)
    open_isian(page, site, "pegawai")
    cell(page, "c:smp:l").fill("7")
    state(page).to_have_text(SAVED)
    assert len(sent) == 1


def test_typing_during_a_slow_save_is_not_lost(site: Site, new_context: Open) -> None:
    page = open_isian(enter(new_context(), site, site.cast.operator_dinkes), site, "pegawai")
    held: list = []
    page.route("**/op", lambda route: held.append(route) if not held else route.continue_())
    cell(page, "c:sd:l").fill("1")
    with page.expect_request("**/op"):
        cell(page, "c:sd:l").blur()
    cell(page, "c:sd:l").fill("123")
    state(page).to_have_text("Menyimpan…")
    held[0].continue_()
    state(page).to_have_text(SAVED)
    expect(cell(page, "c:sd:l")).to_have_value("123")
    assert site.cells("pegawai") == {("sd", "l"): "123"}


def test_an_answer_that_got_lost_is_asked_for_again(site: Site, new_context: Open) -> None:
    """The server saved, the line broke before the answer: sent again, saved once."""
    page = open_isian(enter(new_context(), site, site.cast.operator_dinkes), site, "pegawai")
    lost: list = []

    def lose(route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    page.route("**/op", lose)
    cell(page, "c:sd:l").fill("77")
    state(page).to_contain_text("dicoba lagi")
    state(page).to_have_text(SAVED)
    assert lost[0].json()["answers"][0]["status"] == "ok"
    assert site.cells("pegawai") == {("sd", "l"): "77"}
    expect(page.locator("#bentrok")).to_be_hidden()


def test_tab_closed_while_offline_then_reopened(site: Site, new_context: Open) -> None:
    context = new_context()
    page = open_isian(enter(context, site, site.cast.operator_dinkes), site, "pegawai")
    context.set_offline(True)
    cell(page, "c:smp:l").fill("45")
    state(page).to_contain_text("1 ketikan aman")
    page.close()
    context.set_offline(False)
    tasks = context.new_page()
    tasks.goto(f"{site.url}/tugas")
    expect(tasks.locator("#tertinggal")).to_contain_text("Jumlah Pegawai (1 ketikan)")
    again = open_isian(context.new_page(), site, "pegawai")
    expect(cell(again, "c:smp:l")).to_have_value("45")
    state(again).to_have_text(SAVED)
    assert site.cells("pegawai") == {("smp", "l"): "45"}


def test_the_journal_is_offered_only_to_its_owner(site: Site, new_context: Open) -> None:
    context = new_context()
    page = open_isian(enter(context, site, site.cast.operator_dinkes), site, "pegawai")
    context.set_offline(True)
    cell(page, "c:smp:l").fill("45")
    state(page).to_contain_text("1 ketikan aman")
    page.close()
    context.clear_cookies()  # before the line is back: a page that still closes may send no more
    context.set_offline(False)
    other = open_isian(enter(context, site, site.cast.operator_dinkes_2), site, "pegawai")
    expect(cell(other, "c:smp:l")).to_have_value("")
    assert site.cells("pegawai") == {}


def test_session_expired_while_typing(site: Site, new_context: Open) -> None:
    context = new_context()
    page = open_isian(enter(context, site, site.cast.operator_dinkes), site, "pegawai")
    context.clear_cookies()
    cell(page, "c:sd:l").fill("5")
    expect(page.get_by_role("heading", name="Sesi berakhir")).to_be_visible()
    cell(page, "c:sd:p").fill("6")
    state(page).to_contain_text("2 ketikan aman di komputer ini")
    panel = page.locator("#masuk-lagi")
    panel.locator("[name=login]").fill(site.cast.operator_dinkes.login)
    panel.locator("[name=sandi]").fill("salah")
    panel.get_by_role("button", name="Masuk").click()
    expect(panel).to_contain_text("tidak sesuai")
    panel.locator("[name=sandi]").fill(PASSWORD)
    panel.get_by_role("button", name="Masuk").click()
    expect(panel).to_have_count(0)
    state(page).to_have_text(SAVED)
    assert site.cells("pegawai") == {("sd", "l"): "5", ("sd", "p"): "6"}


def test_another_person_in_the_same_browser_saves_nothing_of_mine(
    site: Site, new_context: Open
) -> None:
    context = new_context()
    page = open_isian(enter(context, site, site.cast.operator_dinkes), site, "pegawai")
    context.clear_cookies()
    enter(context, site, site.cast.operator_dinkes_2)
    cell(page, "c:sd:l").fill("5")
    expect(page.get_by_role("heading", name="Sesi berakhir")).to_be_visible()
    assert site.cells("pegawai") == {}


def test_conflict_of_two_people(site: Site, new_context: Open) -> None:
    rina = open_isian(enter(new_context(), site, site.cast.operator_dinkes), site, "pegawai")
    joko = open_isian(enter(new_context(), site, site.cast.operator_dinkes_2), site, "pegawai")
    cell(rina, "c:sd:l").fill("10")
    state(rina).to_have_text(SAVED)
    # Another field of the same table is no conflict.
    cell(joko, "c:sd:p").fill("3")
    state(joko).to_have_text(SAVED)
    cell(joko, "c:sd:l").fill("20")
    clash = joko.locator("#bentrok")
    expect(clash).to_contain_text("Diubah dua orang: Laki-laki")
    expect(clash).to_contain_text("10")
    expect(clash).to_contain_text("Rina Wulandari")
    assert site.cells("pegawai")[("sd", "l")] == "10"
    clash.get_by_role("button", name="Pakai ketikan saya").click()
    expect(clash).to_be_hidden()
    state(joko).to_have_text(SAVED)
    assert site.cells("pegawai")[("sd", "l")] == "20"
    cell(rina, "c:sd:l").fill("30")
    rina.get_by_role("button", name="Pakai isian Joko").click()
    expect(cell(rina, "c:sd:l")).to_have_value("20")
    state(rina).to_have_text(SAVED)
    assert site.cells("pegawai")[("sd", "l")] == "20"


def test_rich_text_and_a_word_paste(site: Site, new_context: Open) -> None:
    # Chromium's own editing tries inline styles; our policy refuses them, as it should.
    context = new_context(tolerate="inline style")
    page = open_isian(enter(context, site, site.cast.operator_dinkes), site, "uraian")
    editor = page.get_by_role("textbox", name="Uraian Keadaan")
    editor.click()
    page.keyboard.type("Keadaan umum ")
    page.keyboard.press("Control+b")
    page.keyboard.type("baik")
    state(page).to_have_text(SAVED)
    text = site.cells("uraian")[("", "text")]
    assert "<strong>baik</strong>" in text
    page.keyboard.press("Control+b")
    page.keyboard.press("Enter")
    word = (
        "<html><head><style>p{color:red}</style></head><body>"
        '<p class=MsoNormal style="color:red">Satu <b>dua</b><script>alert(1)</script></p>'
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>"
        "<span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>Butir</p>"
        "<table><tr><td style='width:9pt'>A</td><td>B</td></tr></table>"
        '<img src="file:///C:/rahasia.png"><img src="https://contoh.test/x.png"></body></html>'
    )
    paste(page, ".rich", "Satu dua", word)
    state(page).to_have_text(SAVED)
    expect(editor.locator("li")).to_have_text("Butir")
    page.wait_for_function("!document.querySelector('.rich img')")
    expect(editor.locator("td")).to_have_count(2)
    page.get_by_role("button", name="Simpan Draf").click()
    state(page).to_have_text(SAVED)
    text = site.cells("uraian")[("", "text")]
    assert "<li>Butir</li>" in text and "<td>A</td>" in text
    assert "script" not in text and "color" not in text and "img" not in text


def test_a_long_narrative_goes_up_packed(site: Site, new_context: Open) -> None:
    page = open_isian(enter(new_context(), site, site.cast.operator_dinkes), site, "uraian")
    text = "Jumlah puskesmas yang memberi pelayanan kesehatan ibu hamil sesuai standar naik. " * 60
    with page.expect_request("**/op") as sent:
        page.get_by_role("textbox", name="Uraian Keadaan").fill(text)
    state(page).to_have_text(SAVED)
    assert sent.value.headers["content-encoding"] == "gzip"
    assert text.strip() in site.cells("uraian")[("", "text")]


def test_without_javascript(site: Site, new_context: Open) -> None:
    context = new_context(java_script_enabled=False)
    page = enter(context, site, site.cast.operator_dinkes)
    page.goto(site.isian("pegawai"))
    cell(page, "c:sd:l").fill("1.2.3,4")
    cell(page, "c:sd:p").fill("7")
    page.get_by_role("button", name="Simpan Draf").click()
    expect(page.locator(".ok")).to_contain_text("Tersimpan")
    expect(cell(page, "c:sd:l")).to_have_value("1.2.3,4")
    expect(page.locator(".ask")).to_contain_text("tidak dapat dibaca sebagai angka")
    assert site.cells("pegawai") == {("sd", "l"): "1.2.3,4", ("sd", "p"): "7"}
    page.goto(site.isian("uraian"))
    page.fill("textarea", "Satu **tebal**\n\n- a\n- b")
    page.get_by_role("button", name="Simpan Draf").click()
    expect(page.locator("textarea")).to_have_value("Satu **tebal**\n\n- a\n- b")
    assert site.cells("uraian")[("", "text")] == (
        "<p>Satu <strong>tebal</strong></p><ul><li>a</li><li>b</li></ul>"
    )
    page.goto(site.isian("kegiatan"))
    page.get_by_role("button", name="Tambah baris").click()
    page.locator('tbody.rows [name$=":nama"]').fill("Imunisasi")
    page.get_by_role("button", name="Simpan Draf").click()
    assert list(site.cells("kegiatan").values()) == ["Imunisasi"]
