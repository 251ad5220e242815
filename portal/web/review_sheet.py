"""The Kertas Kerja Reviu of one Perangkat Daerah as a workbook."""

from __future__ import annotations

import io
from typing import Any

from portal import indonesian, workbooks
from portal.documents.review_papers import verdict_words
from portal.people import queries as people
from portal.people.region import region
from portal.reports.models import Report
from portal.reports.queries import report_title
from portal.reports.reviewing import Judged, Line, Number, Review, day

_LINES = (
    ("No IKK", 10), ("IKK", 44), ("Capaian", 12), ("Satuan", 12), ("Keterangan capaian", 22),
    ("Data yang dikirim", 40), ("Nilai", 14), ("Satuan data", 12), ("Sumber data", 28),
    ("Data dukung (awal SHA-256)", 40), ("Putusan", 20), ("Catatan", 36), ("Pereviu", 26),
    ("Tanggal", 18),
)  # fmt: skip
_PIECES = (
    ("Bagian", 44), ("Isian", 44), ("Status", 22), ("Putusan", 20), ("Catatan", 36),
    ("Pereviu", 26), ("Tanggal", 18),
)  # fmt: skip
_TOP = 3  # rows above the head

Heads = tuple[tuple[str, int], ...]


class _Sheet:
    """One worksheet: text is written as text and never becomes a formula or a link."""

    def __init__(self, book: Any, name: str, heads: Heads, titles: tuple[str, ...]) -> None:
        self.words = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        self.number = book.add_format({"border": 1, "valign": "top", "num_format": "#,##0.00##"})
        self.whole = book.add_format({"border": 1, "valign": "top", "num_format": "#,##0"})
        head = book.add_format({"bold": True, "border": 1, "text_wrap": True,
                                "bg_color": "#E9EFF4"})  # fmt: skip
        self.sheet, self.row = book.add_worksheet(name), _TOP
        self.sheet.set_landscape()
        self.sheet.set_paper(14)  # folio, the nearest to F4 that Excel knows
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(_TOP)
        self.sheet.freeze_panes(_TOP + 1, 0)
        for n, title in enumerate(titles):
            self.sheet.write_string(n, 0, title)
        for column, (label, width) in enumerate(heads):
            self.sheet.write_string(_TOP, column, label, head)
            self.sheet.set_column(column, column, width)

    def add(self, *cells: Any) -> None:
        """One row; what is no text is a number, None an empty cell."""
        self.row += 1
        for column, cell in enumerate(cells):
            if cell is None or isinstance(cell, str):
                self.sheet.write_string(self.row, column, cell or "", self.words)
            else:
                shape = self.whole if cell == int(cell) else self.number
                self.sheet.write_number(self.row, column, float(cell), shape)


def workbook(report: Report, review: Review) -> bytes:
    """Per IKK (one row for each number behind it) and per isian."""
    out = io.BytesIO()
    book = workbooks.workbook(out)
    here = region(people.today())
    name = f"Kertas Kerja Reviu {report_title(report)}, {review.unit.name}"
    state = f"Data sebagaimana dikirim, keadaan {indonesian.long_date(people.today())}"
    titles = (f"{name} (DATA CONTOH)" if here.demo else name, here.full, state)
    book.set_properties({"title": titles[0]})
    lines = _Sheet(book, "IKK", _LINES, titles)
    for line in review.lines:
        for n, number in enumerate(line.numbers or (None,)):
            _row(lines, line, number, first=n == 0)
    pieces = _Sheet(book, "Isian", _PIECES, titles)
    for piece in review.pieces:
        pieces.add(piece.section, piece.title, piece.label, *_verdict(piece.verdict))
    book.close()
    return out.getvalue()


def _row(sheet: _Sheet, line: Line, number: Number | None, *, first: bool) -> None:
    told = line.text if line.value is None or not line.unit else ""
    proofs = "\n".join(p.words for p in line.proofs) or "Belum ada"
    beside = (
        (number.title, number.text if number.value is None else number.value, number.unit,
         number.source)
        if number else ("", "", "", "")
    )  # fmt: skip
    if first:
        sheet.add(line.no, line.title, line.value, line.unit, told, *beside, proofs,
                  *_verdict(line.verdict))  # fmt: skip
    else:
        sheet.add(line.no, "", "", "", "", *beside, "", "", "", "", "")


def _verdict(found: Judged | None) -> tuple[str, str, str, str]:
    label, note, _ = verdict_words(found)
    if found is None:
        return label, note, "", ""
    return label, note, found.office, indonesian.long_date(day(found.at))
