"""Where upright text and wide tables alternate, pages are turned where that is best."""

import pytest

from portal.documents import turning
from portal.documents.compile_units import Units
from portal.documents.tree import Block, Cell, Column, Heading, Paragraph, Row, Run, Table

pytestmark = pytest.mark.once

SENTENCE = "Pelayanan dasar dilaksanakan pada dua belas kecamatan sepanjang tahun laporan. "


def text(pages: float) -> Paragraph:
    """About so many upright pages of prose."""
    return Paragraph((Run(SENTENCE * round(pages * 56)),))


def table(columns: int, rows: int, number: str) -> Table:
    cells = tuple(Cell((Run(number),)) for _ in range(columns))
    shares = tuple(Column(1 / columns, "right") for _ in range(columns))
    return Table(
        "t", "Tabel 1.1", "Jumlah", shares, (cells,), tuple(Row(cells) for _ in range(rows))
    )


MONTHS = table(18, 12, "1.250.000")  # too wide for an upright page
FEW = table(4, 6, "1.250")


def turned(*wishes: tuple[Block, bool]) -> str:
    items = [turning.Item((block,), wide) for block, wide in wishes]
    return "".join("L" if wide else "P" for wide in turning.turned(items, "F4"))


def test_what_the_format_asks_for_alone_stays() -> None:
    assert turned((FEW, True), (FEW, True)) == "LL"
    assert turned((FEW, False), (text(0.1), False)) == "PP"


def test_a_wide_table_is_never_upright() -> None:
    assert turned((text(0.9), False), (MONTHS, True), (text(0.9), False)) == "PLP"


def test_a_short_rest_goes_along_to_the_turned_page() -> None:
    """Else a page would hold three lines, and the next a table that leaves room for them."""
    assert turned((text(0.9), False), (text(0.1), False), (MONTHS, True)) == "PLL"


def test_narrow_tables_that_were_turned_with_others_join_upright_text() -> None:
    assert turned((FEW, True), (text(0.3), False), (FEW, True)) == "PPP"


def test_a_chapter_begins_upright() -> None:
    heading = Heading(1, "BAB II", "PENERAPAN", "bab2")
    opening = turning.Item((heading, text(0.2)), False)
    assert turning.turned([opening, turning.Item((MONTHS,), True)], "F4") == [False, True]


def test_units_follow_and_lose_nothing() -> None:
    units = Units()
    units.chapter("II", "bab2")
    units.add(Heading(1, "BAB II", "PENERAPAN", "bab2"))
    first, rest = text(0.84), text(0.12)
    for block, wide in ((first, False), (rest, False), (MONTHS, True), (FEW, False)):
        units.add(block, wide)
    units.flush()
    assert [unit.landscape for unit in units.done] == [False, True]
    assert units.done[0].blocks[1:] == (first,)
    assert units.done[1].blocks == (rest, MONTHS, FEW)
    assert [unit.starts_chapter for unit in units.done] == [True, False]
