"""Pasted text keeps its words and its form, and nothing else."""

from __future__ import annotations

import base64
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from portal.reports import queries, richtext
from portal.reports.richtext import clean
from tests.cast import Cast
from tests.reports.conftest import Pick, save

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{}</style></head>
<body><!--StartFragment--><h2>Judul</h2>
<p class=MsoNormal>Teks <b>tebal</b> <span style='font-style: italic'>miring</span><o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span style='font:7pt'>&nbsp;&nbsp; </span></span><![endif]>Satu</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span
style='mso-list:Ignore'>a.<span>&nbsp;</span></span>Anak</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span
style='mso-list:Ignore'>2.</span>Dua</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span
style='mso-list:Ignore'>·<span>&nbsp;</span></span>Butir</p>
<table border=1><tr><td colspan=2><p>A</p><p>B</p></td></tr><tr><td>1 &lt; 2</td><td>C</td>
</tr></table>
<!--EndFragment--></body></html>"""


def test_word_paste_keeps_paragraphs_lists_and_tables() -> None:
    assert clean(WORD, frozenset()).html == (
        "<p><strong>Judul</strong></p><p>Teks <strong>tebal</strong> <em>miring</em></p>"
        "<ol><li>Satu<ol><li>Anak</li></ol></li><li>Dua</li></ol><ul><li>Butir</li></ul>"
        '<table><tbody><tr><td colspan="2">A<br>B</td></tr>'
        "<tr><td>1 &lt; 2</td><td>C</td></tr></tbody></table>"
    )


@pytest.mark.parametrize("hostile", [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '<a href="javascript:x">k</a>',
    "<svg><script>1</script></svg>", '<p style="background:url(http://x)">t</p>',
    "<iframe src=http://x></iframe>", '<img src="http://x/p.png">', "<math><mi xlink:href=x>",
    '<img src="blob:' + "a" * 64 + '">', "<table><td><script>x</script></table>",
    '<img src="/isian/1/gambar/../../masuk">', "<!--[if gte mso 9]><xml><o:x/></xml><![endif]-->",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
])  # fmt: skip
def test_hostile_markup_leaves_nothing_behind(hostile: str) -> None:
    html = clean(f"<p>aman</p>{hostile}<p>tetap</p>", frozenset()).html
    assert "aman" in html
    for bad in ("script", "onerror", "javascript", "http", "style", "svg", "img", "iframe", "<a"):
        assert bad not in html.replace("&lt;", ""), html


def test_remote_picture_is_named_to_the_writer() -> None:
    notes = clean('<p>x</p><img src="http://x/p.png">', frozenset()).notes
    assert len(notes) == 1 and "di luar portal" in notes[0]


def test_own_pictures_stay_and_turn_with_the_screen() -> None:
    sha = "ab" * 32
    stored = clean(f'<p><img src="/isian/12/gambar/{sha}" alt="peta"></p>', frozenset({sha})).html
    assert stored == f'<p><img src="blob:{sha}" alt="peta"></p>'
    assert richtext.on_screen(stored, "/isian/12/gambar/") == (
        f'<p><img src="/isian/12/gambar/{sha}" alt="peta"></p>'
    )


def test_plain_text_becomes_paragraphs_and_loses_nothing() -> None:
    assert clean("halo\ndunia\n\n3 < 5 & <dua>", frozenset()).html == (
        "<p>halo<br>dunia</p><p>3 &lt; 5 &amp; &lt;dua&gt;</p>"
    )


def test_too_much_is_a_sentence() -> None:
    with pytest.raises(richtext.TooMuch, match="terlalu panjang"):
        clean("kata " * 200_000, frozenset())


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="<>/abpliuoemsgtrd =\"'&;:-!\n\xa0{}", max_size=200))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(f"<p>{text}</p>", frozenset()).html
    assert clean(once, frozenset()).html == once


def test_pasted_picture_becomes_an_upload(pick: Pick, cast: Cast) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    data = base64.b64encode(out.getvalue()).decode()
    entry = pick("uraian", item="kesehatan")
    answer = save(entry, cast, "operator_dinkes", "f:text",
                  f'<p>Peta:</p><p><img src="data:image/png;base64,{data}"></p>')  # fmt: skip
    assert answer.status == "ok"
    shas = richtext.pictures(queries.content_of(entry).fields["text"])
    assert len(shas) == 1 and set(shas) == queries.uploads_of(entry.id)
    bad = save(entry, cast, "operator_dinkes", "f:text",
               '<p>x</p><img src="data:image/png;base64,TVqQAAMAAAA=">', base=1)  # fmt: skip
    assert bad.status == "ok" and len(bad.notes) == 1
    other = pick("uraian", item="pertanian")
    stolen = save(other, cast, "operator_distan", "f:text", f'<p>y<img src="blob:{shas[0]}"></p>')
    assert "img" not in stolen.shown
