"""Typed values as officials print them, and the heads of tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from portal.documents.tree import Align, Cell, Column, Run, Text
from portal.indonesian import long_date, number
from portal.outlines.parts import Column as OutlineColumn
from portal.outlines.parts import ColumnType

NUMBERS = frozenset(
    {ColumnType.WHOLE, ColumnType.DECIMAL, ColumnType.PERCENT, ColumnType.RUPIAH}
)  # fmt: skip
_ALIGN: dict[ColumnType, Align] = {
    ColumnType.TEXT: "left", ColumnType.DATE: "center", ColumnType.CHOICE: "center",
}  # fmt: skip
NO_WIDTH = 0.055
ROUND_PERCENT = 2


def said(column: OutlineColumn) -> str:
    """The unit as it must stand in the head: a percent or money column says so once."""
    if column.unit:
        return column.unit
    return {ColumnType.PERCENT: "%", ColumnType.RUPIAH: "Rp"}.get(column.type, "")


def label(column: OutlineColumn, words: str) -> str:
    """Label with its unit, unless the label names it already."""
    unit = said(column)
    if not unit or unit in words or (unit == "Rp" and "rupiah" in words.lower()):
        return words
    return f"{words} ({unit})"


def value_text(column: OutlineColumn, value: str) -> str:
    """A canonical value as it is printed; a text that is no number stays as it is."""
    if not value:
        return ""
    if column.type in NUMBERS:
        try:
            return number_text(column, Decimal(value))
        except InvalidOperation:
            return value
    if column.type is ColumnType.DATE:
        try:
            return long_date(date.fromisoformat(value))
        except ValueError:
            return value
    return value


def number_text(column: OutlineColumn, value: Decimal) -> str:
    """``1.234.567,89`` with the places of the column; money that is below zero in brackets."""
    places = column.places
    if column.type is ColumnType.RUPIAH:
        text = number(abs(value), 2 if places is None else places)
        return f"({text})" if value < 0 else text
    if column.type is ColumnType.WHOLE:
        return number(value, 0)
    if column.type is ColumnType.PERCENT and places is None:
        places = ROUND_PERCENT
    if column.formula and places is None:
        places = ROUND_PERCENT
    return number(value, places)


def run(text: str, datum: str = "", bold: bool = False) -> Text:
    """One run, () for an empty text."""
    return (Run(text, bold=bold, datum=datum),) if text else ()


def align(column: OutlineColumn) -> Align:
    """Numbers right, dates and choices centred, words left."""
    return _ALIGN.get(column.type, "right")


def columns_of(columns: Sequence[OutlineColumn], numbered: bool) -> tuple[Column, ...]:
    """Widths as shares that add up to 1, with the column "No" in front."""
    room = 1.0 - (NO_WIDTH if numbered else 0.0)
    total = sum(c.width for c in columns) or 1.0
    out = [Column(NO_WIDTH, "center")] if numbered else []
    out += [Column(round(room * c.width / total, 6), align(c)) for c in columns]
    return tuple(out)


def head_of(
    columns: Sequence[OutlineColumn], labels: Sequence[str], numbered: bool
) -> tuple[tuple[Cell, ...], ...]:
    """One head row, or two when columns stand under a common heading."""
    grouped = any(c.group for c in columns)
    tall = 2 if grouped else 1
    first = [_head("No", rowspan=tall)] if numbered else []
    second: list[Cell] = []
    index = 0
    while index < len(columns):
        group = columns[index].group
        if not group:
            first.append(_head(labels[index], rowspan=tall))
            index += 1
            continue
        end = index
        while end < len(columns) and columns[end].group == group:
            second.append(_head(labels[end]))
            end += 1
        first.append(_head(group, colspan=end - index))
        index = end
    return (tuple(first), tuple(second)) if grouped else (tuple(first),)


def _head(text: str, rowspan: int = 1, colspan: int = 1) -> Cell:
    return Cell((Run(text, bold=True),), colspan=colspan, rowspan=rowspan, align="center")


def bare_source(text: str) -> str:
    """Printers add the word "Sumber" themselves."""
    return text.removeprefix("Sumber:").strip()
