"""Clean HTML of a narrative as blocks: words are never lost, marks only when unknown."""

from __future__ import annotations

import pytest

from portal.documents import richtext
from portal.documents.tree import Block, ListBlock, Paragraph, Picture, Run, Table, plain

SHA = "cd" * 32


def made(html: str) -> list[Block]:
    def picture(sha: str, alt: str) -> Picture:
        return Picture("k", "Gambar 1.1", alt, sha, "image/png", 10, 10, alt)

    return richtext.blocks_of(html, "n", picture)


def test_styles_and_line_breaks() -> None:
    (block,) = made("<p>Biasa <strong>tebal <em>miring</em></strong><br>baris<sup>2</sup></p>")
    assert isinstance(block, Paragraph)
    assert block.runs == (
        Run("Biasa "), Run("tebal ", bold=True), Run("miring", bold=True, italic=True),
        Run("\nbaris"), Run("2", superscript=True),
    )  # fmt: skip


def test_nested_lists_have_their_printed_marks() -> None:
    (block,) = made(
        "<ol start='3'><li>satu<ol><li>dalam</li><li>lagi</li></ol></li><li><p>dua</p></li></ol>"
    )
    assert isinstance(block, ListBlock)
    assert [(mark, depth, plain(text)) for mark, depth, text in block.items] == [
        ("3.", 0, "satu"), ("a.", 1, "dalam"), ("b.", 1, "lagi"), ("4.", 0, "dua"),
    ]  # fmt: skip


def test_tables_with_spans_and_short_rows() -> None:
    (block,) = made(
        "<table><tr><th>A</th><th>B</th><th>C</th></tr>"
        "<tr><td rowspan='2'>tinggi</td><td colspan='2'>lebar</td></tr>"
        "<tr><td>satu</td></tr></table>"
    )
    assert isinstance(block, Table)
    assert len(block.columns) == 3 and len(block.head) == 1
    first, second = block.rows
    assert [(c.colspan, c.rowspan) for c in first.cells] == [(1, 2), (2, 1)]
    assert [plain(c.text) for c in second.cells] == ["satu", ""]


def test_pictures_stand_between_the_words_around_them() -> None:
    found = made(f"<p>Sebelum <img src='blob:{SHA}' alt='Peta'> sesudah</p>")
    assert [type(block).__name__ for block in found] == ["Paragraph", "Picture", "Paragraph"]
    assert richtext.pictures(f'<img src="blob:{SHA}" alt="">') == [SHA]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("lepas", "lepas"), ("<p>a</p>b", "a b"), ("<h3>Judul</h3><p>isi</p>", "Judul isi"),
        ("<p>a &amp; b &lt;i&gt;</p>", "a & b <i>"), ("<span data-x='1'>x</span>", "x"),
    ],
)  # fmt: skip
def test_words_are_never_lost(html: str, words: str) -> None:
    found = [plain(b.runs) for b in made(html) if isinstance(b, Paragraph)]
    assert " ".join(found) == words


@pytest.mark.parametrize("html", ["", "   ", "<p></p>", "<p><br></p>", "<ul><li></li></ul>"])
def test_nothing_is_nothing(html: str) -> None:
    assert richtext.empty(html) and made(html) == []
