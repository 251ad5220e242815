"""Rekomendasi DPRD of last year with their follow-up, grouped urusan > Perangkat Daerah."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.budget import rules
from portal.documents.compile_book import Book, note
from portal.documents.compile_cells import bare_source, columns_of, head_of, label, run
from portal.documents.inputs import day
from portal.documents.tree import Block, Cell, Paragraph, Row, Run, Table
from portal.dprd.rules import letter
from portal.indonesian import long_date
from portal.outlines.parts import Recommendations
from portal.outlines.schema import Placed

NOTHING = "Tidak ada rekomendasi DPRD atas LKPJ tahun sebelumnya yang dicatat."


def blocks(book: Book, placed: Placed, kind: Recommendations) -> list[Block]:
    """The Keputusan DPRD in a sentence, then the table; a note when there are none."""
    found = book.inputs.data.get("recommendations", [])
    if not found:
        return [note(NOTHING)]
    labels = [label(c, book.words(c.label, placed.item)) for c in kind.columns]
    table = Table(
        key=book.units.anchor(f"t.{kind.key}"), number=book.table_number(),
        caption=book.title(placed), columns=columns_of(kind.columns, False),
        head=head_of(kind.columns, labels, False), rows=tuple(_rows(book, kind, found)),
        source=bare_source(book.words(kind.source, placed.item)),
    )  # fmt: skip
    return [*_decisions(found), table]


def _decisions(found: list[Mapping[str, Any]]) -> list[Block]:
    named = list(dict.fromkeys((r["nomor"], r["tanggal"]) for r in found if r["nomor"]))
    if not named:
        return []
    words = []
    for number, on in named:
        when = day(on)
        words.append(f"Nomor {number}" + (f" tanggal {long_date(when)}" if when else ""))
    text = f"Rekomendasi ditetapkan dengan Keputusan DPRD {' dan '.join(words)}."
    return [Paragraph((Run(text),))]


def _rows(book: Book, kind: Recommendations, found: list[Mapping[str, Any]]) -> list[Row]:
    """Group rows for urusan and unit, then lettered items; nothing is left out."""
    rows: list[Row] = []
    wide = len(kind.columns)
    ordered = sorted(
        enumerate(found),
        key=lambda pair: (rules.order(pair[1]["kode"] or "9"),
                          book.inputs.unit_position(pair[1]["unit"]), pair[0]),
    )  # fmt: skip
    names = book.inputs.bidang_names()
    at: tuple[str, str] | None = None
    n = 0
    for _, each in ordered:
        if at is None or at[0] != each["kode"]:
            code, name = each["kode"], names.get(each["kode"], "")
            text = f"URUSAN {name.upper()}" if name else "LINTAS URUSAN"
            rows.append(Row((Cell(run(code)), Cell(run(text), wide - 1, align="left")), "group"))
            at = None
        if at is None or at[1] != each["unit"]:
            unit = book.inputs.unit_name(each["unit"]) if each["unit"] else "Belum ditugaskan"
            rows.append(Row((Cell(()), Cell(run(unit), wide - 1, align="left")), "group"))
            n = 0
        at = (each["kode"], each["unit"])
        n += 1
        cells = []
        for column in kind.columns:
            text = letter(n) if column.key == "kode" else str(each.get(column.key, ""))
            cells.append(Cell(run(text)))
        rows.append(Row(tuple(cells)))
    return rows
