"""The LKPJ: every chapter and table in its place, every row, sums that are the APBD's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask

from portal.db import db
from portal.demo import budget, contents, figures, numbers, people
from portal.documents import snapshot
from portal.documents.borrowing import all_parts
from portal.documents.compile import compile_report
from portal.documents.tree import Document, Table, blocks, dump, plain
from portal.figures import catalogue
from portal.outlines import loader
from portal.outlines.parts import Borrowed
from portal.reports import places
from portal.reports import queries as reports


@pytest.fixture
def book(app: Flask) -> Iterator[Document]:
    people.load(db)
    figures.load(db)
    budget.load(db)
    contents.load(db)
    db.session.commit()
    owner = next(u for u in snapshot.people.units_on(snapshot.people.today()) if u.kind == "pemda")
    report = reports.find_report("lkpj", 2025, "", owner.id)
    assert report is not None
    taken = snapshot.take(report)
    yield compile_report(places.edition_of(report), taken, catalogue.current())


def tables(document: Document) -> list[Table]:
    return [block for _, block in blocks(document) if isinstance(block, Table)]


def texts(row: object) -> list[str]:
    return [plain(cell.text) for cell in row.cells]  # type: ignore[attr-defined]


def amount(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


def test_every_borrowed_part_exists(app: Flask) -> None:
    outlines = loader.current()
    for part in all_parts(outlines.for_year("lkpj", 2025)):
        if isinstance(part, Borrowed):
            other = outlines.for_year(part.report, 2025)
            assert part.part in {p.key for p in all_parts(other)}, part.part


@pytest.mark.once
def test_the_whole_book(book: Document) -> None:
    text = dump(book)
    for chapter in ("BAB I ", "BAB II ", "BAB III ", "BAB IV ", "BAB V "):
        assert f"h1 {chapter}" in text
    for number, title in (
        ("2.1", "Pendapatan Daerah"), ("2.2", "Belanja Daerah"), ("2.3", "Pembiayaan Daerah"),
        ("3.2", "Kebijakan Strategis yang Ditetapkan dan Pelaksanaannya"),
        ("3.3", "Tindak Lanjut Rekomendasi DPRD Tahun Anggaran Sebelumnya"),
    ):  # fmt: skip
        assert f"h2 {number} {title}" in text
    assert book.lists == ("contents", "tables", "figures")
    assert "sign BUPATI CONTOH," in text
    assert "BELUM DIISI" not in text
    order = [
        text.index(f"Capaian Program dan Kegiatan Urusan {name} ")
        for name in ("Pendidikan", "Kesehatan", "Sosial", "Tenaga Kerja", "Kearsipan", "Pariwisata")
    ]
    assert order == sorted(order)
    found = tables(book)
    _every_row(found)
    _recap(found)
    _accounts(found)
    _dprd(text)
    _health(found)


def _capaian(found: list[Table]) -> list[Table]:
    """With the pieces of long tables, whose captions say (lanjutan)."""
    return [t for t in found if "Capaian Program dan Kegiatan" in t.caption]


def _every_row(found: list[Table]) -> None:
    """Each sub kegiatan of every unit stands once, those without realisasi too."""
    printed = [
        (texts(r)[0], texts(r)) for t in _capaian(found) for r in t.rows if r.kind != "group"
    ]
    subs = [cells for code, cells in printed if code.count(".") == 5]
    assert len(subs) > 900
    assert sum(1 for cells in subs if cells[8] == "0") >= 3
    pagu = sum((amount(cells[7]) for cells in subs), Decimal(0))
    assert pagu == numbers.account(2025, "5").anggaran
    done = sum((amount(cells[8]) for cells in subs), Decimal(0))
    assert done == numbers.account(2025, "5").realisasi


def _recap(found: list[Table]) -> None:
    recap = next(t for t in found if t.caption.startswith("Rekapitulasi Program"))
    last = texts(recap.rows[-1])
    assert amount(last[-3]) == numbers.account(2025, "5").anggaran
    assert len(recap.rows) > 35


def _accounts(found: list[Table]) -> None:
    real = next(
        t for t in found if t.caption.startswith("Anggaran dan Realisasi Pendapatan Daerah")
    )
    first = texts(real.rows[0])
    line = numbers.account(2025, "4")
    assert first[:2] == ["4", "PENDAPATAN DAERAH"]
    assert (amount(first[2]), amount(first[3])) == (line.anggaran, line.realisasi)
    tax = next(t for t in found if t.caption.startswith("Anggaran dan Realisasi Pajak Daerah"))
    assert len(tax.rows) == 8 and any("unaudited" in note for note in tax.notes)
    net = next(t for t in found if t.caption.startswith("Anggaran dan Realisasi Pembiayaan"))
    assert amount(texts(net.rows[0])[2]) == numbers.account(2025, "6").anggaran


def _dprd(text: str) -> None:
    assert "Keputusan DPRD Nomor 4 Tahun 2025 tanggal 28 April 2025" in text
    assert "Memperbaiki pemerataan guru" in text


def _health(found: list[Table]) -> None:
    pieces = [t for t in _capaian(found) if "Urusan Kesehatan" in t.caption]
    table = replace(pieces[0], rows=tuple(row for t in pieces for row in t.rows))
    head = [plain(c.text) for c in table.head[0]]
    assert "Fisik" in head and "Keuangan" in head
    assert len(table.head) == 2
    assert table.rows[0].kind == "group" and plain(table.rows[0].cells[0].text) == "Dinas Kesehatan"
    assert plain(table.rows[-1].cells[0].text) == "Jumlah Kesehatan"
    programs = [r for r in table.rows if r.kind == "total"][:-1]
    money = sum((amount(texts(r)[7]) for r in programs), Decimal(0))
    assert amount(texts(table.rows[-1])[1]) == money
