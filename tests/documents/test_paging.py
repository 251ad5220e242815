"""Which rows stay together, and where long tables are cut."""

import pytest

from portal.documents import html, paging
from portal.documents.docx_table import table_xml
from portal.documents.tree import Cell, Column, Row, Run, Table
from tests.apart import apart

pytestmark = pytest.mark.once


def row(text: str, kind: str = "body") -> Row:
    return Row((Cell((Run(text),)), Cell((Run("1.250.000.000"),))), kind)  # type: ignore[arg-type]


def test_a_heading_row_keeps_a_row_and_the_sum_keeps_two() -> None:
    rows = [row("Dinas Kesehatan", "group"), *(row(f"baris {n}") for n in range(6)),
            row("Dinas Sosial", "group"), *(row(f"baris {n}") for n in range(6)),
            row("Jumlah", "total")]  # fmt: skip
    kept = paging.glued(rows)
    assert kept[0] and kept[7]
    assert kept[-3:] == [True, True, False]
    assert not any(kept[1:6])


def test_signatures_side_by_side_are_not_parted() -> None:
    """Place, offices, space, names, pangkat and NIP."""
    rows = [row(text) for text in ("Contoh, 10 Maret 2026", "BUPATI", "", "Nama", "NIP")]
    assert paging.glued(rows, plain_table=True) == [True, True, True, True, False]


def test_not_all_rows_hang_together() -> None:
    kept = paging.glued([row("PENDAPATAN", "total") for _ in range(40)])
    assert not all(kept[:-1])


def long(count: int) -> Table:
    """A table of groups whose rows have one to four lines."""
    rows = [
        row(f"Kelompok {n}", "group") if n % 45 == 0 else
        row("Pelaksanaan pelayanan dasar masyarakat di kecamatan kepulauan " * (1 + n * 7 % 4))
        for n in range(count)
    ]  # fmt: skip
    head = ((Cell((Run("Uraian"),)), Cell((Run("Anggaran (Rp)"),))),)
    columns = (Column(0.7), Column(0.3, "right"))
    return Table("t.panjang", "Tabel 1.1", "Kegiatan", columns, head, tuple(rows), size=8.5)


@apart
def test_pieces_end_where_their_last_page_is_full() -> None:
    """Laid out by the printer itself: the first piece fills the pages it takes."""
    from portal.documents import render  # noqa: PLC0415 (WeasyPrint only where it is used)

    table = long(260)
    wide, tall = html.text_width("F4", False), html.text_height("F4", False)
    ends = [*paging.cuts(table, wide, tall, 0), len(table.rows)]
    assert len(ends) > 1
    piece = Table(
        "t", "", table.caption, table.columns, table.head, table.rows[: ends[0]], size=8.5
    )
    page = html.page(html.block(piece, wide, tall), "portrait")
    pages = render.setter("F4").layout(page, render._nothing).pages
    assert paging.EARLY_PAGES <= len(pages) <= paging.PIECE_PAGES
    last = [box for box in pages[-1]._page_box.descendants() if box.element_tag == "tr"][-1]
    lowest = (last.position_y + last.height) / 96 * 25.4
    assert lowest > html.MARGINS[2] + tall * 0.6


def test_the_last_head_row_makes_room_for_words_that_stand_over_both() -> None:
    def table(words: str) -> Table:
        head = (
            (Cell((Run("Keuangan"),), colspan=2), Cell((Run(words),), rowspan=2)),
            (Cell((Run("Alokasi"),)), Cell((Run("Realisasi"),))),
        )
        columns = (Column(0.4), Column(0.4), Column(0.2))
        return Table("t.kepala", "Tabel 1.1", "Kegiatan", columns, head, (), size=8.5)

    widths = [160.0, 160.0, 60.0]
    assert paging.head_floor(table("Upaya"), widths, 8.5) == 0
    floor = paging.head_floor(table("Upaya Mengatasi Permasalahan dan Kendala"), widths, 8.5)
    one = 8.5 * 1.22 + 1.4 * paging.MM + 0.5
    assert floor > one  # the rest of four lines, of which the first row takes one
    xml = table_xml(table("Upaya Mengatasi Permasalahan dan Kendala"), 7600)
    assert xml.count('w:hRule="atLeast"') == 1
    assert xml.index('w:hRule="atLeast"') > xml.index("Keuangan")
