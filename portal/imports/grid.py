"""A spreadsheet as rows of plain cells, from .xlsx, .xls, .ods or .csv; formulas give results."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from portal.imports import ods

MOST_ROWS = 20_000
MOST_COLUMNS = 120


class SheetError(Exception):
    """A file that cannot be read at all; the message is a sentence for the user."""


@dataclass(frozen=True)
class Sheet:
    """One sheet; ``merged`` holds (first row, first column, last row, last column) from 0."""

    name: str
    rows: list[list[Any]]
    merged: tuple[tuple[int, int, int, int], ...] = ()


def read(data: bytes, is_csv: bool) -> list[Sheet]:
    """All sheets that hold something; SheetError with a sentence when there is none."""
    if is_csv:
        return [Sheet("CSV", _csv(data))]
    found = []
    spans = ods.merged(data)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for name in book.sheet_names:
                sheet = book.get_sheet_by_name(name)
                if sheet.height > MOST_ROWS:
                    raise SheetError(
                        f"Lembar “{name}” lebih dari {MOST_ROWS} baris. Hapus baris kosong di "
                        "bawah tabel atau bagi menjadi beberapa berkas."
                    )
                rows = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS)
                rows = [row[:MOST_COLUMNS] for row in rows]
                if any(cell not in ("", None) for row in rows for cell in row):
                    found.append(Sheet(name, rows, spans.get(name) or _merged(sheet)))
    except (CalamineError, OSError, ValueError) as error:
        raise SheetError(
            "Lembar tidak dapat dibaca. Buka di Excel, simpan ulang sebagai .xlsx, lalu coba lagi."
        ) from error
    if not found:
        raise SheetError("Berkas ini tidak berisi apa pun. Periksa apakah berkasnya benar.")
    return found


def _merged(sheet: Any) -> tuple[tuple[int, int, int, int], ...]:
    """Merged cells, where the format tells them."""
    ranges = sheet.merged_cell_ranges or []
    return tuple((r1, c1, r2, c2) for (r1, c1), (r2, c2) in ranges)


def _csv(data: bytes) -> list[list[Any]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    first = max(text.splitlines()[:20] or [""], key=len)
    separator = max(";\t,", key=first.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    if len(rows) > MOST_ROWS:
        raise SheetError(f"Berkas lebih dari {MOST_ROWS} baris. Bagi menjadi beberapa berkas.")
    return [row[:MOST_COLUMNS] for row in rows]
