"""Sheets of figures: read from Excel, OpenDocument or CSV, and written as Excel."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from portal.figures.catalogue import Catalogue, Indicator
from portal.figures.rules import DatumView
from portal.workbooks import workbook

#: Rows that are looked through for the header, and that are read at all.
HEADER_WITHIN = 20
MOST_ROWS = 5000

ALIASES: dict[str, frozenset[str]] = {
    "no": frozenset({"no ikk", "nomor ikk", "kode ikk", "noikk", "no indikator", "ikk no",
                     "no ikk keluaran", "no ikk hasil", "no ikk outcome"}),
    "element": frozenset({"kode unsur", "kode elemen", "unsur kode", "kode elemen data"}),
    "part": frozenset({"pembilang", "nilai pembilang", "numerator", "pembilang nilai",
                       "elemen data pembilang", "capaian elemen"}),
    "whole": frozenset({"penyebut", "nilai penyebut", "denominator", "penyebut nilai",
                        "elemen data penyebut"}),
    "source": frozenset({"sumber", "sumber data", "keterangan sumber data", "sumber keterangan",
                         "keterangan sumber", "sumber data keterangan"}),
    "result": frozenset({"capaian", "capaian kinerja", "hasil", "nilai capaian"}),
}  # fmt: skip
_LAST_RESORT = {"no": frozenset({"no", "nomor", "kode"}), "part": frozenset({"nilai", "jumlah"})}


class SheetError(Exception):
    """A sheet that cannot be used at all; the message is a sentence for the user."""


@dataclass(frozen=True)
class SheetRow:
    """One row as it stands in the sheet; ``line`` counts from 1 as Excel does."""

    line: int
    no: str
    element: str
    part: Any
    whole: Any
    source: str
    result: Any = None


def read(data: bytes, is_csv: bool = False) -> list[SheetRow]:
    """Rows below the header, of the first sheet that has one.

    The header may stand anywhere in the first 20 rows and use the usual names. SheetError says
    what is missing.
    """
    for rows in _sheets(data, is_csv):
        found = _header(rows[:HEADER_WITHIN])
        if found is not None:
            at, columns = found
            return list(_rows(rows, at, columns))
    raise SheetError(
        "Kolom “No IKK” dan “Pembilang” tidak ditemukan dalam 20 baris pertama. Judul kolom yang "
        "dikenal: No IKK, Pembilang, Penyebut, Sumber."
    )


def _sheets(data: bytes, is_csv: bool) -> Iterable[list[list[Any]]]:
    if is_csv:
        yield _csv(data)
        return
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for name in book.sheet_names:
                yield book.get_sheet_by_name(name).to_python(skip_empty_area=False)[:MOST_ROWS]
    except (CalamineError, OSError, ValueError) as error:
        raise SheetError(
            "Lembar tidak dapat dibaca. Buka di Excel, simpan ulang sebagai .xlsx, lalu coba lagi."
        ) from error


def _csv(data: bytes) -> list[list[Any]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";\t,", key=first.count)
    return list(csv.reader(io.StringIO(text), delimiter=separator))[:MOST_ROWS]


def _word(cell: Any) -> str:
    return " ".join(re.sub(r"[^a-z ]", " ", str(cell).lower()).split())


def _header(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]] | None:
    """Index of the header row and the column of each name in it."""
    for at, row in enumerate(rows):
        words = [_word(cell) for cell in row]
        columns: dict[str, int] = {}
        for names in (ALIASES, _LAST_RESORT):
            for key, known in names.items():
                hit = next((i for i, w in enumerate(words) if w in known), None)
                if hit is not None and hit not in columns.values():
                    columns.setdefault(key, hit)
        if "no" in columns and "part" in columns:
            return at, columns
    return None


def _rows(rows: Sequence[Sequence[Any]], at: int, columns: dict[str, int]) -> Iterable[SheetRow]:
    for index, row in enumerate(rows[at + 1 :], at + 2):

        def cell(key: str, row: Sequence[Any] = row) -> Any:
            column = columns.get(key)
            return row[column] if column is not None and column < len(row) else ""

        no = str(cell("no")).strip()
        given = (cell("part"), cell("whole"))
        if not no and all(g in ("", None) for g in given):
            continue
        yield SheetRow(index, no, str(cell("element")).strip(), *given,
                       " ".join(str(cell("source")).split()), cell("result"))  # fmt: skip


def as_number(cell: Any) -> Decimal | str | None:
    """A cell's number: exact for Excel numbers, the text itself to be read, None when empty."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool | date | datetime):
        return str(cell)
    if isinstance(cell, int | float):
        value = Decimal(repr(cell))
        if not value.is_finite() or abs(value.adjusted()) > 20:  # no figure: asked about as a text
            return repr(cell)
        return value.quantize(Decimal(1)) if value == value.to_integral_value() else value
    text = str(cell).strip()
    return text or None


COLUMNS = (
    ("No IKK", 10), ("Indikator", 60), ("Kode unsur", 24), ("Pembilang adalah", 48),
    ("Pembilang", 18), ("Penyebut adalah", 40), ("Penyebut", 18), ("Satuan", 12), ("Sumber", 40),
)  # fmt: skip


def write(
    book: Catalogue,
    indicators: Iterable[Indicator],
    now: dict[str, DatumView],
    title: str,
    titles: Mapping[str, str] | None = None,
) -> bytes:
    """The same layout as Excel, filled with what is there; read() takes it back.

    Texts are written as texts: one that begins with ``=``, ``+``, ``-`` or ``@`` is no formula.
    """
    out = io.BytesIO()
    with workbook(out) as work:
        work.set_properties({"title": title, "created": datetime(2000, 1, 1)})
        sheet = work.add_worksheet("IKK")
        bold = work.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1,
                                "text_wrap": True, "valign": "top"})  # fmt: skip
        text = work.add_format({"text_wrap": True, "valign": "top", "border": 1, "num_format": "@"})
        number = work.add_format({"num_format": "#,##0.######", "valign": "top", "border": 1})
        sheet.write_string(0, 0, title, work.add_format({"bold": True, "font_size": 13}))
        for column, (name, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, name, bold)
        sheet.freeze_panes(3, 2)
        for at, cells in enumerate(_lines(book, indicators, now, titles or {}), 3):
            for column, value in enumerate(cells):
                if isinstance(value, Decimal) and len(value.as_tuple().digits) <= 15:
                    sheet.write_number(at, column, float(value), number)
                else:
                    sheet.write_string(at, column, _spelled(value), text)
        sheet.repeat_rows(2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    return out.getvalue()


def _spelled(value: Decimal | str) -> str:
    """Text of a cell; numbers beyond Excel's 15 digits stay exact as text."""
    return format(value, "f").replace(".", ",") if isinstance(value, Decimal) else value


def official_title(indicator: Indicator, titles: Mapping[str, str]) -> str:
    """The recorded or official title; a guessed one says that it is a guess."""
    known = indicator.title or titles.get(indicator.key, "")
    return known or f"{indicator.guess_title} (rumusan resmi belum dicocokkan)"


def _lines(
    book: Catalogue, indicators: Iterable[Indicator], now: dict[str, DatumView],
    titles: Mapping[str, str],
) -> Iterable[list[Decimal | str]]:  # fmt: skip
    for i in indicators:
        name = official_title(i, titles)
        if len(i.part) == len(i.whole) == 1:
            above, below = book.elements[i.part[0]], book.elements[i.whole[0]]
            yield [i.no, name, "", above.title, _cell(now, above.key), below.title,
                   _cell(now, below.key), above.unit, _source(now, above.key)]  # fmt: skip
            continue
        for key in i.elements:
            e = book.elements[key]
            yield [i.no, name, key, e.title, _cell(now, key), "", "", e.unit,
                   _source(now, key)]  # fmt: skip


def _cell(now: dict[str, DatumView], key: str) -> Decimal | str:
    view = now.get(key)
    if view is None or view.not_released:
        return ""
    return view.value if view.value is not None else view.text or view.raw


def _source(now: dict[str, DatumView], key: str) -> str:
    view = now.get(key)
    return view.source if view else ""
