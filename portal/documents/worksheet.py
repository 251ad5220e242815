"""Lampiran Kerja (tidak untuk dipublikasikan): open notes and exceptions; never part of a book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal.checks.queries import Result
from portal.checks.rules import SEVERITY_WORDS
from portal.documents.tree import (
    Cell,
    Column,
    Document,
    Heading,
    Marks,
    Paragraph,
    Row,
    Run,
    Table,
    Unit,
)  # fmt: skip
from portal.indonesian import long_date
from portal.people.region import region

TITLE = "Lampiran Kerja (tidak untuk dipublikasikan)"


def document(result: Result, today: date) -> Document:
    """The worksheet of a year as a tree: what is let pass and why, then what is still open."""
    here = region(today)
    intro = Paragraph((Run(
        f"Catatan pemeriksaan isian laporan tahun {result.year}, keadaan {long_date(today)}. "
        "Lembar ini hanya untuk kerja sekretariat dan tidak menjadi bagian dari laporan mana pun."
    ),))  # fmt: skip
    title = Heading(1, "", TITLE.upper(), "lampiran_kerja", listed=False)
    parts = (title, intro, _excepted(result), _open(result))
    unit = Unit("lampiran_kerja", "", True, parts, True)
    sample = "DATA CONTOH" if here.demo else ""
    return Document(
        f"{TITLE} {result.year}", TITLE, here.full, "id", "F4", None, None, (), (unit,),
        Marks(footer=f"{TITLE}, {result.year}", sample=sample),
    )  # fmt: skip


def _table(key: str, number: str, caption: str, heads: tuple[tuple[str, float], ...],
           rows: Sequence[tuple[str, ...]]) -> Table:  # fmt: skip
    columns = tuple(Column(width, "center" if n == 0 else "left")
                    for n, (_, width) in enumerate(heads))  # fmt: skip
    head = tuple(Cell((Run(text, bold=True),), align="center") for text, _ in heads)
    body = [
        Row(tuple(Cell((Run(text),) if text else ()) for text in (str(n), *row)))
        for n, row in enumerate(rows, start=1)
    ] or [Row((Cell((Run("Tidak ada."),), len(heads), align="left"),))]
    return Table(key, number, caption, columns, (head,), tuple(body))


def _excepted(result: Result) -> Table:
    rows = [
        (note.sentence, note.basis, row.reason,
         f"{row.by_label}, {long_date(row.at.date())}")
        for note, row in result.excepted
    ]  # fmt: skip
    heads = (("No", 0.05), ("Catatan", 0.40), ("Dasar", 0.17), ("Alasan dikecualikan", 0.22),
             ("Oleh", 0.16))  # fmt: skip
    return _table("dikecualikan", "Tabel 1", "Catatan yang Dikecualikan dengan Alasan", heads, rows)


def _open(result: Result) -> Table:
    names = result.sheet.unit_names
    rows = [
        (SEVERITY_WORDS[n.severity], n.sentence, n.basis,
         ", ".join(names.get(code, code) for code in n.settlers))
        for n in result.open
    ]  # fmt: skip
    heads = (("No", 0.05), ("Sifat", 0.12), ("Catatan", 0.45), ("Dasar", 0.20),
             ("Diselesaikan oleh", 0.18))  # fmt: skip
    return _table("terbuka", "Tabel 2", "Catatan yang Masih Terbuka", heads, rows)
