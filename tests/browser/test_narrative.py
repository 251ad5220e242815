"""A long narrative in a real browser: what goes over the line, and what a power cut leaves."""

from __future__ import annotations

import base64
import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, Request, expect

from portal.db import db
from portal.figures import flow as figures
from portal.people.queries import actor_of
from portal.reports import flow
from portal.reports.models import Entry
from portal.reports.ops import Op
from tests.browser.conftest import Open, Site, enter, open_isian
from tests.browser.test_entry import SAVED, paste, state
from tests.cast import Member
from tests.entry.test_splice import LONG

#: Everything that the editor can hold, as the server stores it.
MIXED = (
    "<p>Keadaan <strong>umum</strong> dan <em>khusus</em> &amp; <u>lain</u>, 10 m<sup>2</sup></p>"
    "<ul><li>satu<ul><li>dalam</li></ul></li><li>dua</li></ul><ol><li>tiga</li></ol>"
    '<table><tbody><tr><th>A</th><td colspan="2">B<br>C</td></tr>'
    "<tr><td>1</td><td>2</td><td>3</td></tr></tbody></table><p>Akhir<br>kata – “baik” 🙂</p>"
)


def write(site: Site, who: Member, text: str, base: int = 0) -> str:
    """Store a narrative as if it had been typed before; what is stored."""
    with site.app.app_context():
        entry = db.session.get(Entry, site.entries["uraian"])
        actor = actor_of(who.person_id)
        assert entry is not None and actor is not None
        answer = flow.apply_op(entry, Op(f"before-{base}-{len(text)}", "f:text", base, text), actor)
        db.session.commit()
        assert answer.status == "ok"
        db.session.remove()
    return site.cells("uraian")[("", "text")]


def bytes_of(request: Request) -> tuple[int, int]:
    """(bytes up, bytes down) of one request with its headers, as the browser counted them."""
    sizes = request.sizes()
    return (
        sizes["requestHeadersSize"] + sizes["requestBodySize"],
        sizes["responseHeadersSize"] + sizes["responseBodySize"],
    )


def caret_into(page: Page, paragraph: int) -> None:
    """Put the caret at the end of a paragraph of the editor."""
    page.evaluate(
        """n => {
          const p = document.querySelectorAll(".rich p")[n];
          document.querySelector(".rich").focus();
          getSelection().selectAllChildren(p);
          getSelection().collapseToEnd();
        }""",
        paragraph,
    )


def saved(page: Page) -> None:
    """Wait until nothing is left to send."""
    expect(page.locator("#kabar")).to_have_text(SAVED)


def test_typing_in_thirty_kilobytes_sends_two(site: Site, new_context: Open) -> None:
    who = site.cast.operator_dinkes
    write(site, who, LONG)
    page = open_isian(enter(new_context(), site, who), site, "uraian")
    caret_into(page, 60)
    for n in range(3):
        with page.expect_request_finished(lambda r: r.url.endswith("/op")) as sent:
            page.keyboard.type(f" kata ke-{n}")
        saved(page)
        up, down = bytes_of(sent.value)
        assert up <= 2048 and down <= 2048, (up, down)
        assert sent.value.response().json()["answers"][0]["status"] == "ok"
    more = " kata ke-0 kata ke-1 kata ke-2</p><p>61. "
    assert site.cells("uraian")[("", "text")] == LONG.replace("</p><p>61. ", more)


def test_browser_and_server_write_the_same_text(site: Site, new_context: Open) -> None:
    """What the editor serialises is what the server stores, so that only changes travel."""
    who = site.cast.operator_dinkes
    stored = write(site, who, MIXED)
    page = open_isian(enter(new_context(tolerate="inline style"), site, who), site, "uraian")
    assert page.evaluate("S.html(document.querySelector('.rich'))") == stored
    # A Word paste comes back from the server as it went out.
    word = (
        "<h1>Judul &amp; <span style='font-weight:bold'>tebal</span></h1><div>Satu<p>Dua "
        "<b style='font-weight:normal'>biasa</b></p></div><p class=MsoNormal>&nbsp;</p>"
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>"
        "<span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>Butir</p>"
        "<table><tr><td><p>A</p><p>B</p></td><td>  C  </td></tr></table><p>Ekor</p>"
    )
    paste(page, ".rich", "Judul", word)
    saved(page)
    again = site.cells("uraian")[("", "text")]
    assert page.evaluate("S.html(document.querySelector('.rich'))") == again
    assert "<li>Butir</li>" in again and "<td>A<br>B</td><td>C</td>" in again


def test_a_table_pasted_in_a_list_stands_below_it(site: Site, new_context: Open) -> None:
    page = open_isian(enter(new_context(), site, site.cast.operator_dinkes), site, "uraian")
    paste(page, ".rich", "x", "<ul><li>Satu</li></ul>")
    page.locator(".rich li").click()
    paste(page, ".rich", "x", "<table><tr><td>No</td><td>Uraian</td></tr></table>")
    state(page).to_have_text(SAVED)
    text = site.cells("uraian")[("", "text")]
    assert "<ul><li>Satu</li></ul>" in text and "<table>" in text and "<li>Satu<" in text


def test_a_text_that_the_browser_knows_wrongly_is_sent_whole(site: Site, new_context: Open) -> None:
    """Stored before the present rules: the first save carries all, the next one the change."""
    who = site.cast.operator_dinkes
    write(site, who, LONG)
    with site.app.app_context():
        from portal.reports.models import EntryCell  # noqa: PLC0415

        cell = db.session.query(EntryCell).filter_by(entry_id=site.entries["uraian"]).one()
        cell.value = LONG.replace("<p>5. ", "<p>  5. ")
        db.session.commit()
    page = open_isian(enter(new_context(), site, who), site, "uraian")
    answers: list[str] = []
    page.on(
        "requestfinished",
        lambda r: (
            r.url.endswith("/op") and answers.append(r.response().json()["answers"][0]["status"])
        ),
    )
    caret_into(page, 9)
    page.keyboard.type(" satu")
    saved(page)
    page.keyboard.type(" dua")
    saved(page)
    assert answers[0] == "whole" and "whole" not in answers[1:]
    assert "satu dua" in site.cells("uraian")[("", "text")]


@pytest.mark.parametrize("asked", ["before", "after"])
def test_power_cut_while_typing_a_long_text(site: Site, new_context: Open, asked: str) -> None:
    """The page is gone, the answer never came: what was typed is sent on return, once."""
    who = site.cast.operator_dinkes
    write(site, who, LONG)
    context = new_context()
    page = open_isian(enter(context, site, who), site, "uraian")
    lost: list[int] = []

    def cut(route) -> None:  # type: ignore[no-untyped-def]
        if asked == "after":
            lost.append(route.fetch().status)  # saved, but nobody is told
        route.abort()

    context.route("**/op", cut)
    caret_into(page, 3)
    page.keyboard.type(" tahan listrik")
    state(page).to_contain_text("ketikan aman")
    page.close(run_before_unload=False)
    context.unroute("**/op")
    page = open_isian(context.new_page(), site, "uraian")
    saved(page)
    text = site.cells("uraian")[("", "text")]
    assert text.count("tahan listrik") == 1 and len(text) > 30_000
    expect(page.locator(".rich")).to_contain_text("tahan listrik")
    if asked == "after":
        assert lost and set(lost) == {200}


def test_conflict_of_long_texts_marks_the_words(site: Site, new_context: Open) -> None:
    cast = site.cast
    write(site, cast.operator_dinkes, "<p>Jumlah dokter 40 orang.</p><p>Tetap sama.</p>")
    rina = open_isian(enter(new_context(), site, cast.operator_dinkes), site, "uraian")
    joko = open_isian(enter(new_context(), site, cast.operator_dinkes_2), site, "uraian")
    caret_into(rina, 0)
    rina.keyboard.type(" Naik dua.")
    saved(rina)
    caret_into(joko, 0)
    joko.keyboard.type(" Turun satu.")
    clash = joko.get_by_role("region", name="Perlu dipilih")
    expect(clash).to_be_visible()
    expect(clash).to_be_focused()
    mine, theirs = clash.get_by_role("group").nth(0), clash.get_by_role("group").nth(1)
    expect(mine.locator("mark")).to_have_text(re.compile("^Turun satu"))
    expect(theirs.locator("mark")).to_have_text(re.compile("Naik dua"))
    expect(theirs).to_contain_text("Jumlah dokter 40 orang.")
    left, right = mine.bounding_box(), theirs.bounding_box()
    assert left and right and left["y"] == right["y"] and left["x"] < right["x"]
    clash.get_by_role("button", name="Pakai ketikan saya").click()
    expect(clash).to_be_hidden()
    expect(joko.locator(".rich")).to_be_focused()
    saved(joko)
    assert "Turun satu" in site.cells("uraian")[("", "text")]


def put_figure(site: Site, value: str, base: int) -> int:
    """State the number of expectant mothers to be served; its revision."""
    with site.app.app_context():
        actor = actor_of(site.cast.operator_dinkes.person_id)
        assert actor is not None
        key = figures.DatumKey("ibu_hamil_sasaran", site.cast.units["PEMDA"], "2025")
        answer = figures.put(key, "value", value, base, actor)
        db.session.commit()
        db.session.remove()
    assert answer.status == "ok"
    return answer.rev


def test_a_number_by_reference_is_put_in_and_follows_its_figure(
    site: Site, new_context: Open
) -> None:
    who = site.cast.operator_dinkes
    rev = put_figure(site, "8720", 0)
    write(site, who, "<p>Sasaran ibu hamil</p><p>Akhir</p>")
    page = open_isian(enter(new_context(), site, who), site, "uraian")
    caret_into(page, 0)
    page.get_by_title("Sisipkan angka dari data").click()
    page.get_by_label("Cari angka").fill("sasaran ibu hamil")
    page.get_by_role("button", name="8.720").first.click()
    page.keyboard.type("orang.")
    saved(page)
    span = '<span data-fig="ibu_hamil_sasaran|2025">8.720</span>'
    stored = site.cells("uraian")[("", "text")]
    assert span in stored and stored.index(span) < stored.index("Akhir")
    assert "orang." in stored and "orang." not in span

    put_figure(site, "9001", rev)
    page.reload()
    chip = page.locator(".rich [data-fig]")
    expect(chip).to_have_attribute("data-now", "9.001")  # what is seen; the text stays as stored
    assert page.evaluate("S.html(document.querySelector('.rich'))") == stored
    caret_into(page, 1)
    page.keyboard.type(" kata")
    saved(page)
    assert site.cells("uraian")[("", "text")] == stored.replace("Akhir", "Akhir kata")


def test_pictures_of_a_word_paste_come_along(site: Site, new_context: Open) -> None:
    """From the page itself (data:) and from beside it (RTF); of a lost one the clerk is told."""
    page = open_isian(
        enter(new_context("Content Security"), site, site.cast.operator_dinkes), site, "uraian"
    )
    data = io.BytesIO()
    Image.new("RGB", (30, 20), "#3366aa").save(data, "png")
    inside = base64.b64encode(data.getvalue()).decode()
    beside = (
        r"{\rtf1 {\*\shppict{\pict{\*\picprop{\sp{\sn shapeType}{\sv 75}}}\pngblip\bliptag-12"
        r"{\*\blipuid 00ff}" + data.getvalue().hex() + r"}}{\nonshppict{\pict\wmetafile8 0100}}}"
    )
    html = (
        f"<p>Satu <img src='data:image/png;base64,{inside}'></p>"
        "<p><img src='file:///C:/clip_image001.png'> dua</p><p><img src='file:///C:/x.wmf'>tiga</p>"
    )
    paste(page, ".rich", "Satu dua tiga", html, beside)
    expect(page.locator(".lost")).to_contain_text("1 gambar tidak ikut tertempel")
    saved(page)
    stored = site.cells("uraian")[("", "text")]
    assert len(re.findall(r'<img src="blob:[0-9a-f]{64}"', stored)) == 2
    assert "tiga" in stored
