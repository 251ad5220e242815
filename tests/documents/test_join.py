"""Fragments and the joiner: fields, trees, order, constant memory."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from portal.documents import contents, fit, fonts, fragment, html, join, marks, pdf, render
from portal.documents.output import Output
from portal.documents.problems import RenderError
from portal.documents.tree import Column, Document, Heading, Row, Run, Table, Unit
from tests.apart import apart
from tests.documents import pdf_sample as sample


@apart
def made(text: str = "Isi.") -> fragment.Fragment:
    page = html.page(f'<h2 id="k">{text}</h2><p>Isi</p>', "portrait")
    return render.setter("F4").unit(page, sample.asset)


def test_fragment_survives_the_cache() -> None:
    piece = made()
    again = fragment.Fragment.from_bytes(piece.to_bytes())
    assert again == piece
    assert again.to_bytes() == piece.to_bytes()


@pytest.mark.parametrize("cut", [0, 3, 40, 2000])
def test_damaged_fragment_is_refused(cut: int) -> None:
    with pytest.raises(ValueError, match="fragment"):
        fragment.Fragment.from_bytes(made().to_bytes()[:cut])
    data = bytearray(made().to_bytes())
    data[cut + 12] ^= 1
    with pytest.raises(ValueError, match="fragment"):
        fragment.Fragment.from_bytes(bytes(data))


def test_fields_leave_strings_alone() -> None:
    maker = fragment.Maker()
    number = maker.add(b"<</T(7 0 R \\) 8 0 S)/H<1234>/P 1 0 R/N 5 0 R/K 0 0 S>>")
    maker.parent_key()
    piece = maker.finish([], {}, (0, 0, 0))
    text = bytes(piece.packed.filled(piece.table((11, 12, 13, 14, 15), 100, 40)))
    assert text == b"<</T(7 0 R \\) 8 0 S)/H<1234>/P 12      0 R/N 100     0 R/K 40     >>\n"
    assert piece.place(number, 100) == 100


def test_a_stream_is_placed_where_the_table_says() -> None:
    out = io.BytesIO()
    file = Output(out)
    number = file.stream(b"/A 1", b"data")
    assert out.getvalue().endswith(
        b"%d 0 obj\n<</A 1/Length 4>>\nstream\ndata\nendstream\nendobj\n" % number
    )


def test_many_units_make_balanced_trees(tmp_path: Path) -> None:
    """150 units: no node of a tree has more than a few dozen children."""
    units = tuple(
        Unit(f"u{n}", "II", False, (Heading(2, f"2.{n}", f"Bagian {n}", f"k{n}"),), n == 1)
        for n in range(1, 151)
    )
    book = sample.document(cover=None, preface=None, units=units)
    out = tmp_path / "many.pdf"
    result = pdf.build_pdf(book, out, pdf.MemoryPieces(), sample.asset, 2)
    with pikepdf.open(out) as file:
        assert file.check_pdf_syntax() == []
        assert len(file.pages) == result.pages
        waiting = [file.Root.Pages, file.Root.StructTreeRoot.ParentTree, file.Root.Names.Dests]
        while waiting:
            node = waiting.pop()
            if "/Kids" in node:
                assert len(node.Kids) <= 64
                waiting += list(node.Kids)
        names = pikepdf.NameTree(file.Root.Names.Dests)
        for index in (1, 77, 150):
            page = names[f"k{index}"][0]
            assert file.pages.index(page) == result.pages - 150 + index - 1
            assert result.labels[f"k{index}"] == f"II-{index}"


def test_chapters_number_their_pages_and_roman_goes_on() -> None:
    numbers = pdf._Numbers()

    def take(kind: str, chapter: str, restart: bool, pages: int) -> list[str]:
        return numbers.take(pdf._Part("", kind, chapter, restart, ""), pages)

    assert take("cover", "", False, 1) == [""]
    assert take("preface", "", False, 2) == ["i", "ii"]
    assert take("list", "", False, 2) == ["iii", "iv"]
    assert take("unit", "I", True, 1) == ["I-1"]
    assert take("unit", "I", False, 2) == ["I-2", "I-3"]
    assert take("unit", "II", False, 1) == ["II-1"]
    assert take("unit", "", False, 1) == ["v"]


def test_roman_numbers() -> None:
    assert [join.roman(n) for n in (1, 4, 9, 14, 40, 99)] == ["i", "iv", "ix", "xiv", "xl", "xcix"]
    assert all(join.from_roman(join.roman(n)) == n for n in range(1, 200))


def test_long_titles_wrap_and_long_lists_turn_the_page() -> None:
    lines = [(2, f"2.{n}", "Urusan pemerintahan bidang " * 6, f"k{n}") for n in range(1, 60)]
    piece = contents.compose("DAFTAR ISI", lines, {"k1": "II-1"}, "F4", "daftar")
    assert len(piece.pages) >= 3
    face = fonts.faces()["Regular"]
    for line in contents.wrap("kata " * 40 + "x" * 90, face, 10, 200)[:-1]:
        assert face.width(line, 10) <= 200
    assert contents.wrap("", face, 10, 200) == [""]


def test_marks_fit_on_the_page() -> None:
    stamp = marks.page_stream("II-14", 600)
    assert b"/Artifact<</Type/Pagination/Subtype/Footer>>BDC" in stamp
    assert b"Footer" not in marks.page_stream("", 600)
    form = marks.form(sample.document().marks, 609.45, 935.43, cover=True)
    assert fonts.faces()["Regular"].encode("LPPD") not in form


@pytest.mark.parametrize(
    "source",
    [
        "https://example.org/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,AA==",
        "asset:../etc/passwd",
    ],
)
@apart
def test_nothing_but_assets_is_fetched(source: str) -> None:
    page = html.page(f'<img src="{source}" alt="x">', "portrait")
    with pytest.raises(RenderError):
        render.setter("F4").unit(page, sample.asset)


def test_words_of_the_tree_are_never_markup() -> None:
    unit = Unit(
        "u", "I", False, (sample.paragraph('<img src="file:///etc/passwd">&amp;\x00\u200b'),)
    )
    body = html.unit_body(unit, "F4")
    assert body == '<p class="body">&lt;img src="file:///etc/passwd"&gt;&amp;amp;</p>'


def _table(number: str, share: float) -> Table:
    head = (sample.cells("Uraian", "Pagu"),)
    rows = (Row(sample.cells("Belanja operasi perangkat daerah", number)),)
    return Table("t", "Tabel 1.1", "x", (Column(1 - share), Column(share, "right")), head, rows)


def test_a_long_number_widens_its_column() -> None:
    shares, size = fit.fit(_table("1.250.000.000.000,00", 0.1), 160)
    assert size == 8.5
    assert sum(shares) == pytest.approx(1)
    width = fonts.faces()["Regular"].width("1.250.000.000.000,00", 8.5)
    assert shares[1] * 160 * marks.MM > width


def test_a_fitting_table_keeps_the_shares_of_the_outline() -> None:
    assert fit.fit(_table("1,00", 0.25), 160) == ([0.75, 0.25], 8.5)


def test_room_that_numbers_leave_goes_to_words_that_would_wrap() -> None:
    """No ``Kecamatan Contoh`` above ``Utara`` beside a column of three digits."""
    columns = (Column(0.2), *(Column(0.2, "right") for _ in range(4)))
    rows = (Row(sample.cells("Kecamatan Hulu Sejahtera Permai", "1", "2", "3", "4")),)
    table = Table("t", "", "", columns, (sample.cells("Kecamatan", *"ABCD"),), rows)
    for measure in (fit.fit, fit.quick):
        shares, size = measure(table, 160)
        needed = fonts.faces()["Bold"].width("Kecamatan Hulu Sejahtera Permai", size)
        assert shares[0] * 160 * marks.MM > needed
        assert sum(shares) == pytest.approx(1)


def test_crowded_columns_take_smaller_type() -> None:
    columns = tuple(Column(0.1, "right") for _ in range(10))
    rows = (Row(sample.cells(*["1.250.000.000,00"] * 10)),)
    shares, size = fit.fit(Table("t", "", "", columns, (), rows), 220)
    assert 6.5 <= size < 8.5
    assert shares == pytest.approx([0.1] * 10)


def test_a_book_without_lists_or_cover_opens(tmp_path: Path) -> None:
    unit = Unit("u", "", False, (sample.Paragraph((Run("Isi."),)),))
    book: Document = sample.document(cover=None, preface=None, lists=(), units=(unit,))
    result = pdf.build_pdf(book, tmp_path / "b.pdf", pdf.MemoryPieces(), sample.asset, 1)
    assert result.pages == 1
    with pikepdf.open(tmp_path / "b.pdf") as file:
        assert file.check_pdf_syntax() == []
        assert "/Outlines" not in file.Root
