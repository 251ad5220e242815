"""Rows of a mapped sheet as fields: numbers understood or questioned, codes as text. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from portal import indonesian
from portal.budget import rules
from portal.imports.grid import Sheet
from portal.imports.mapping import Layout, letter
from portal.imports.targets import Field, Target

MAX_TEXT = 4000
SEN = Decimal("0.01")


@dataclass
class Row:
    """One row of the sheet: canonical texts by field, what is wrong, what should be known."""

    line: int  # from 1, as Excel counts
    cells: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Cells:
    """Cells of a sheet by field, through merged headings and merged cells."""

    sheet: Sheet
    layout: Layout
    spans: Mapping[str, tuple[int, ...]]
    by_row: Mapping[int, tuple[tuple[int, int, int], ...]]  # row -> (first row, c1, c2)

    def get(self, at: int, key: str) -> Any:
        row = self.sheet.rows[at]
        for column in self.spans.get(key, ()):
            if column >= len(row) or row[column] in ("", None):
                continue
            if not self._beyond(at, column, self.spans[key]):
                return row[column]
        for column in self.spans.get(key, ())[:1]:
            for first, c1, c2 in self.by_row.get(at, ()):
                if c1 <= column <= c2 and not self._other(key, c1):
                    found = self.sheet.rows[first]
                    return found[c1] if c1 < len(found) else ""
        return ""

    def _other(self, key: str, column: int) -> bool:
        return any(column == span[0] for name, span in self.spans.items() if name != key)

    def _beyond(self, at: int, column: int, span: tuple[int, ...]) -> bool:
        """True when a cell further right reaches into the next heading: it belongs there."""
        return column != span[0] and any(
            c1 <= column <= c2 and c2 > span[-1] for _, c1, c2 in self.by_row.get(at, ())
        )


def _cells(sheet: Sheet, layout: Layout) -> _Cells:
    spans: dict[str, tuple[int, ...]] = {}
    taken = set(layout.columns.values())
    for key, column in layout.columns.items():
        last = column
        for r1, c1, r2, c2 in sheet.merged:
            if r1 <= layout.header <= r2 and c1 <= column <= c2:
                last = max(last, c2)
        more = [c for c in range(column + 1, last + 1) if c not in taken]
        spans[key] = (column, *more)
    by_row: dict[int, list[tuple[int, int, int]]] = {}
    for r1, c1, r2, c2 in sheet.merged:
        for at in range(r1, r2 + 1):
            by_row.setdefault(at, []).append((r1, c1, c2))
    return _Cells(sheet, layout, spans, {k: tuple(v) for k, v in by_row.items()})


def rows(target: Target, sheet: Sheet, layout: Layout, bidang: Mapping[str, str]) -> Iterator[Row]:
    """Every row below the heading that holds something in a mapped column."""
    cells = _cells(sheet, layout)
    columns = set(layout.columns.values())
    start = 1 + max(
        [layout.header]
        + [r2 for r1, c1, r2, c2 in sheet.merged
           if r1 <= layout.header <= r2 and columns & set(range(c1, c2 + 1))]
    )  # fmt: skip
    for at in range(start, len(sheet.rows)):
        given = {f.key: cells.get(at, f.key) for f in target.fields if f.key in layout.columns}
        if all(_empty(v) for v in given.values()) or _letters(given):
            continue
        row = Row(at + 1)
        for each in target.fields:
            if each.key in given:
                where = letter(layout.columns[each.key])
                _read(target, each, given[each.key], where, row, bidang)
        yield row


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _letters(given: Mapping[str, Any]) -> bool:
    """The row under a heading that names columns: ``c d e f g``, or ``1 2 3 4``."""
    texts = [str(v).strip().removesuffix(".0") for v in given.values() if not _empty(v)]
    if len(texts) < 3:
        return False
    if sum(len(t) == 1 and t.isalpha() for t in texts) >= len(texts) - 1:
        return True
    numbers = [int(t) for t in texts if t.isdigit() and len(t) < 3]
    return len(numbers) == len(texts) and all(b - a in (1, 2) for a, b in pairwise(numbers))


def _read(
    target: Target, each: Field, value: Any, where: str, row: Row, bidang: Mapping[str, str]
) -> None:
    if _empty(value):
        return
    if each.sort == "code":
        try:
            kind: rules.Kind = "accounts" if target.key == "lra" else "programs"
            row.cells[each.key] = rules.clean_code(kind, value, bidang)
        except rules.CodeError as error:
            row.problems.append(f"Kolom {where} ({each.label}): {error}")
        return
    if each.sort == "text":
        row.cells[each.key] = _text(each, value, where, row)
        return
    number = _number(each, value, where, row)
    if number is not None:
        row.cells[each.key] = format(number, "f")


def _text(each: Field, value: Any, where: str, row: Row) -> str:
    if isinstance(value, float):
        value = format(Decimal(repr(value)), "f").removesuffix(".0")
    text = " ".join(str(value).split()) if each.key != "tindak_lanjut" else str(value).strip()
    if len(text) > MAX_TEXT:
        row.problems.append(
            f"Kolom {where} ({each.label}): lebih dari {MAX_TEXT} huruf. Ringkas isinya."
        )
    return text[:MAX_TEXT]


def _number(each: Field, value: Any, where: str, row: Row) -> Decimal | None:
    place = f"Kolom {where} ({each.label})"
    if isinstance(value, bool | date | datetime):
        row.problems.append(f"{place}: “{value}” bukan angka. Contoh: {each.example}.")
        return None
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        if not number.is_finite():
            row.problems.append(f"{place}: bukan angka. Contoh: {each.example}.")
            return None
    else:
        text = str(value).strip()
        if each.sort == "rupiah" and text.strip("-– ") == "":
            row.notes.append(f"{place}: “{text}” dibaca 0.")
            return Decimal(0)
        read = indonesian.read_number(text)
        if read.value is None or not read.sure:
            row.problems.append(f"{place}: {read.doubt} Contoh: {each.example}.")
            return None
        number = read.value
    if each.sort == "rupiah":
        rounded = number.quantize(SEN)
        if abs(rounded - number) > Decimal("0.000001"):
            row.problems.append(
                f"{place}: {number} lebih teliti daripada sen. Contoh: {each.example}."
            )
            return None
        number = rounded
    if number == number.to_integral_value():
        number = number.quantize(Decimal(1))
    return number
