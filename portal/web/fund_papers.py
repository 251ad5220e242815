"""Rekap Serapan per Sumber Dana to sign, as a page and as a sheet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from portal.absorption import basis
from portal.absorption.slices import FundRow
from portal.documents import papers
from portal.documents.tree import Block, Document, Table
from portal.indonesian import number
from portal.people.region import region
from portal.people.rules import UnitInfo
from portal.web.board_papers import pct, signed, source_words, summed
from portal.workbooks import workbook

_HEADS = (("No", 0.04), ("Sumber dana", 0.15), ("Pagu (Rp)", 0.155),
          ("RAK s.d. bulan ini (Rp)", 0.155), ("SP2D kontrak (Rp)", 0.14),
          ("SP2D non-kontrak (Rp)", 0.14), ("Jumlah SP2D (Rp)", 0.145), ("Serapan %", 0.075),
          ("RAK %", 0.075))  # fmt: skip


def _cells(row: FundRow) -> tuple[str, ...]:
    amounts = (row.at.pagu, row.at.rak, row.contracted, row.uncontracted, row.at.spent)
    return (row.fund, *(number(v, 2) for v in amounts), pct(row.at.absorbed), pct(row.at.planned))


def _fund_table(rows: Sequence[FundRow]) -> Table:
    return summed(papers.table(
        "dana", "Serapan per Sumber Dana", _HEADS, [_cells(r) for r in rows],
        frozenset(range(2, 9)),
    ))  # fmt: skip


def funds_pdf(rows: Sequence[FundRow], unit: UnitInfo | None, on: date) -> bytes:
    """The recap to sign."""
    name = "Rekapitulasi Serapan per Sumber Dana"
    blocks: list[Block] = [
        papers.title(name, "judul"),
        papers.centred(f"{unit.name if unit else region(on).full}, Tahun Anggaran {on.year}"),
        papers.text(source_words(on)), _fund_table(rows),
        papers.text(basis.fund_words(rows[-1])), papers.space(), signed(unit, on),
    ]  # fmt: skip
    made = papers.paper(name, blocks, name)
    return papers.printed(_landscape(made), "pdf")


def _landscape(made: Document) -> Document:
    return replace(made, units=tuple(replace(unit, landscape=True) for unit in made.units))


def funds_xlsx(rows: Sequence[FundRow], unit: UnitInfo | None, on: date) -> bytes:
    """The recap as a sheet with real numbers and the block to sign."""
    here, out = region(on), io.BytesIO()
    with workbook(out) as work:
        sheet = work.add_worksheet("Sumber Dana")
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        bold = work.add_format({"bold": True})
        head = work.add_format({"bold": True, "border": 1, "align": "center", "text_wrap": True})
        money = work.add_format({"num_format": "#,##0.00", "border": 1})
        words = work.add_format({"border": 1})
        if here.demo:
            sheet.write(0, 0, "DATA CONTOH", bold)
        sheet.write(1, 0, "REKAPITULASI SERAPAN PER SUMBER DANA", bold)
        sheet.write(2, 0, f"{unit.name if unit else here.full}, Tahun Anggaran {on.year}", bold)
        sheet.write(3, 0, source_words(on))
        for column, (title, width) in enumerate(_HEADS):
            sheet.write(5, column, title, head)
            sheet.set_column(column, column, max(6, width * 120))
        for n, row in enumerate(rows):
            last = n == len(rows) - 1
            sheet.write(6 + n, 0, "" if last else n + 1, words)
            sheet.write_string(6 + n, 1, row.fund, words)
            for column, value in enumerate(
                (row.at.pagu, row.at.rak, row.contracted, row.uncontracted, row.at.spent), start=2
            ):
                sheet.write_number(6 + n, column, float(value), money)
            for column, percent in enumerate((row.at.absorbed, row.at.planned), start=7):
                sheet.write(6 + n, column, "n/a" if percent is None else round(float(percent), 2),
                            money)  # fmt: skip
        sheet.write(7 + len(rows), 0, basis.fund_words(rows[-1]))
        block = signed(unit, on)
        at = 9 + len(rows)
        lines = (block.place_date, *block.office, "", "", "", block.name, *block.under)
        for n, line in enumerate(lines):
            sheet.write(at + n, 4, line)
    return out.getvalue()
