"""Sheets of isian as files: written with the revision of every cell, read back against it.

A sheet carries its isian, whose it is and of which year, the id of each row, and beside it what
stood in each cell when the file went out. So a cell that nobody has changed in Excel never writes
over a newer one, and one that both have changed is a question, not a loss.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.imports import grid, layouts
from portal.outlines.parts import Column
from portal.outlines.table_checks import numeric
from portal.reports import reading
from portal.web.sheet_shape import Shape, SheetRow, Spot

HEAD = 4  # row of the headings, from 0
MARK = "isian:"
LIST_MARK = "selaras:daftar"
ID, STAMP = "ID", "Versi"
_STAMPED = re.compile(r"([a-z][a-z0-9_]*)=(\d+):([0-9a-f]{8})")


def label(column: Column) -> str:
    """Heading of a column: group, label and unit in one cell."""
    text = f"{column.group}: {column.label}" if column.group else column.label
    return f"{text} ({column.unit})" if column.unit and column.unit not in text else text


def short(column: Column, value: str) -> str:
    """Eight letters that tell one value from another; 7000000 and 7000000.00 are the same."""
    if value and numeric(column):
        with contextlib.suppress(ArithmeticError):
            value = format(Decimal(value).normalize(), "f")
    return hashlib.sha256(value.encode()).hexdigest()[:8]


# --- out ------------------------------------------------------------------------------------


def write(book: layouts.Book, shape: Shape, name: str) -> None:
    """One sheet; grey cells are printed or computed and not read back."""
    sheet = book.work.add_worksheet(name)
    sheet.write_string(0, 0, shape.mark)
    sheet.write_string(1, 0, shape.header)
    sheet.write_string(0, 2, shape.title, book.work.add_format({"bold": True, "font_size": 13}))
    sheet.write_string(1, 2, shape.about)
    free = "; baris baru tanpa ID" if shape.free else ""
    sheet.write_string(2, 2, f"Isi sel putih saja. Kolom {ID} dan {STAMP} jangan diubah{free}.")
    sheet.set_column(0, 0, 6, None, {"hidden": not shape.free})
    sheet.set_column(1, 1, 6, None, {"hidden": True})
    sheet.write_string(HEAD, 0, ID, book.head)
    sheet.write_string(HEAD, 1, STAMP, book.head)
    for at, column in enumerate(shape.columns, 2):
        sheet.set_column(at, at, max(10, min(50, column.width * 9)))
        sheet.write_string(HEAD, at, label(column), book.head)
    grey = {"bg_color": "#EEEEEE", "border": 1, "valign": "top", "text_wrap": True}
    plain, strong = (book.work.add_format({**grey, "bold": b}) for b in (False, True))
    for line, row in enumerate(shape.rows, HEAD + 1):
        sheet.write_string(line, 0, row.uid, book.text)
        sheet.write_string(line, 1, _stamp(shape, row), book.text)
        for at, column in enumerate(shape.columns, 2):
            spot = row.cells.get(column.key)
            if spot is None:
                sheet.write_blank(line, at, None, plain)
            elif not spot.target:
                sheet.write_string(line, at, spot.value, strong if spot.strong else plain)
            else:
                book.put(sheet, line, at, _out(spot.column or column, spot.value))
    sheet.freeze_panes(HEAD + 1, 3)


def _stamp(shape: Shape, row: SheetRow) -> str:
    """``pagu=3:ab12cd34``: revision and value of each cell that somebody has written."""
    columns = {c.key: c for c in shape.columns}
    return ";".join(
        f"{key}={spot.rev}:{short(spot.column or columns[key], spot.value)}"
        for key, spot in row.cells.items() if spot.target and (spot.rev or spot.value)
    ) or "-"  # fmt: skip


def _out(column: Column, value: str) -> Decimal | str:
    if value and numeric(column):
        try:
            return Decimal(value)
        except ArithmeticError:
            return value
    return reading.show(column.type, value, column.places)


# --- back -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One cell that the sheet changes; ``newer`` when somebody changed it since the file."""

    target: str
    label: str
    old: str
    new: str
    value: str  # as an operation takes it
    base: int
    newer: bool = False
    by: str = ""


@dataclass
class Line:
    """What one row of the sheet does; a row with a problem writes nothing."""

    line: int
    title: str = ""
    changes: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass
class Outcome:
    """What a sheet does, row by row; ``problems`` are those of the sheet as a whole."""

    shape: Shape
    sheet: str
    lines: list[Line] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        """All that is wrong, sheet first."""
        return [*self.problems, *(p for line in self.lines for p in line.problems)]

    @property
    def newer(self) -> list[tuple[Line, Change]]:
        """Cells that both sides have changed."""
        return [(ln, c) for ln in self.lines if not ln.problems for c in ln.changes if c.newer]

    @property
    def plain(self) -> list[Change]:
        """Changes of right rows that nobody has touched meanwhile."""
        return [c for ln in self.lines if not ln.problems for c in ln.changes if not c.newer]


def marked(sheet: grid.Sheet) -> tuple[str, str]:
    """(number of the isian, whose sheet it is) as the portal wrote them; ("", "") without."""
    first = [str(row[0]) if row else "" for row in sheet.rows[:2]] + ["", ""]
    number = first[0].removeprefix(MARK)
    if not first[0].startswith(MARK) or not number.isdigit() or len(number) > 12:
        return "", ""
    return number, first[1] if first[1].count("|") == 3 else ""


def read(shape: Shape, sheet: grid.Sheet) -> Outcome:
    """What the sheet changes in the isian; each wrong cell with row, column, rule and example."""
    out = Outcome(shape, sheet.name)
    at = next((n for n, row in enumerate(sheet.rows[:30]) if row and _word(row[0]) == "id"), None)
    if at is None:
        out.problems.append(
            "Baris judul dengan kolom ID tidak ditemukan. Unduh format Excel isian ini lagi."
        )
        return out
    heads = {_word(cell): n for n, cell in enumerate(sheet.rows[at])}
    where = {c.key: n for c in shape.typed if (n := heads.get(_word(label(c)))) is not None}
    reader = _Reader(shape, where, heads.get(_word(STAMP)), {r.uid: r for r in shape.rows})
    for n in range(at + 1, len(sheet.rows)):
        found = reader.line(sheet.rows[n], n + 1)
        if found is not None and (found.changes or found.problems):
            out.lines.append(found)
    return out


class _Reader:
    """Reads the rows of one sheet."""

    def __init__(
        self, shape: Shape, where: dict[str, int], stamp: int | None, known: dict[str, SheetRow]
    ) -> None:
        self.shape, self.where, self.stamp, self.known = shape, where, stamp, known
        self.seen: dict[str, int] = {}

    def line(self, row: list[Any], line: int) -> Line | None:
        """One row; None when it is empty."""
        uid = str(row[0]).strip().removesuffix(".0") if row and row[0] not in (None, "") else ""
        values = {
            key: row[n] for key, n in self.where.items()
            if n < len(row) and row[n] not in (None, "")
        }  # fmt: skip
        if not uid and not values:
            return None
        out = Line(line, self._title(uid, values))
        if not uid and not self.shape.free:
            out.problems.append(
                f"Baris {line}: tanpa ID. Baris tabel ini ditetapkan format; isi pada baris yang "
                "ada."
            )
            return out
        if uid and uid in self.seen:
            out.problems.append(
                f"Baris {line}: ID sama dengan baris {self.seen[uid]}. Kosongkan ID baris yang "
                "baru."
            )
            return out
        if uid and uid not in self.known:
            out.problems.append(
                f"Baris {line}: ID “{uid[:30]}” tidak ada dalam isian ini. Baris itu mungkin sudah "
                "dihapus; unduh lagi, atau kosongkan ID untuk menambahkannya."
            )
            return out
        if uid:
            self.seen[uid] = line
        else:
            told = f"{self.shape.mark}:{line}:{sorted(map(str, values.values()))}"
            uid = "x" + hashlib.sha256(told.encode()).hexdigest()[:12]
        self._cells(uid, row, values, out)
        return out

    def _title(self, uid: str, values: dict[str, Any]) -> str:
        stood = self.known.get(uid)
        texts = [s.value for s in stood.cells.values() if not s.target] if stood else []
        texts += [str(v) for v in values.values()]
        return next((t[:80] for t in texts if any(c.isalpha() for c in t)), uid)

    def _cells(self, uid: str, row: list[Any], values: dict[str, Any], out: Line) -> None:
        stood = self.known.get(uid)
        then = self._then(row)
        for column in self.shape.typed:
            if column.key not in self.where:
                continue
            spot = stood.cells.get(column.key) if stood else self.shape.new_cell(uid, column)
            if spot is None or not spot.target:
                continue
            read = _read_cell(spot.column or column, values.get(column.key, ""))
            if read.value is None:
                out.problems.append(self._wrong(column, spot, read, out.line))
            elif not _equal(spot.column or column, read.value, spot.value):
                change = _change(column, spot, read.value, then)
                if change is not None:
                    out.changes.append(change)

    def _wrong(self, column: Column, spot: Spot, read: reading.Reading, line: int) -> str:
        kind = (spot.column or column).type.value
        example = column.example or _EXAMPLES.get(kind, "teks")
        more = "" if "Contoh" in read.doubt else f" Contoh: {example}."
        return f"Baris {line}, kolom {label(column)}: {read.doubt}{more}"

    def _then(self, row: list[Any]) -> dict[str, tuple[int, str]] | None:
        """What stood in the row when the file went out; None when the file does not say."""
        text = str(row[self.stamp]) if self.stamp is not None and self.stamp < len(row) else ""
        if not text.strip():
            return None
        return {k: (int(n), sha) for k, n, sha in _STAMPED.findall(text)}


def _change(
    column: Column, spot: Spot, value: str, then: dict[str, tuple[int, str]] | None
) -> Change | None:
    """The change of one cell; None when Excel holds what stood there when the file went out."""
    kind = spot.column or column
    newer = False
    if then is not None:
        rev, sha = then.get(column.key, (0, short(kind, "")))
        moved = rev != spot.rev and short(kind, spot.value) != sha
        if moved and short(kind, value) == sha:
            return None  # untouched in Excel, changed here since
        newer = moved
    sent = f"={value}" if value and numeric(kind) else value
    return Change(spot.target, label(column), reading.show(kind.type, spot.value),
                  reading.show(kind.type, value), sent, spot.rev, newer, spot.by)  # fmt: skip


_EXAMPLES = {"rupiah": "1.250.000,00", "whole": "1.250", "decimal": "12,5", "percent": "87,2",
             "date": "31 Maret 2026", "choice": "pilih dari daftar"}  # fmt: skip


def _read_cell(column: Column, value: Any) -> reading.Reading:
    if isinstance(value, datetime | date):
        text = value.strftime("%d-%m-%Y")
    elif isinstance(value, bool):
        text = str(value)
    elif isinstance(value, int | float):
        number = Decimal(repr(value))
        if number == number.to_integral_value():
            number = number.quantize(Decimal(1))
        text = f"={format(number, 'f')}" if numeric(column) else format(number, "f")
    else:
        text = str(value)
        if numeric(column) and text.startswith("="):
            return reading.Reading(None, text, f"“{text[:40]}” rumus, bukan angka.")
    try:
        return reading.read(column.type, text, column.choices)
    except reading.TooMuch as error:
        return reading.Reading(None, text[:60], str(error))


def _equal(column: Column, new: str, old: str) -> bool:
    if numeric(column) and new and old:
        try:
            return Decimal(new) == Decimal(old)
        except ArithmeticError:
            return False
    return new == old


def _word(cell: Any) -> str:
    return " ".join(re.sub(r"[^a-z0-9% ]", " ", str(cell).lower()).split())
