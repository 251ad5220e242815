"""Which column means what: the heading is found, guessed, corrected by people, remembered. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.imports.grid import Sheet
from portal.imports.targets import Target

HEADER_WITHIN = 40
#: Headings of months that differ by their number alone.
_NUMBERED = ("bulan", "bln", "bulan ke", "rak bulan")


@dataclass(frozen=True)
class Layout:
    """Where the table lies in a workbook: sheet, last heading row (from 0), field -> column."""

    sheet: int
    header: int
    columns: Mapping[str, int] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    mark: str = ""


def words(cell: Any) -> str:
    """A heading as small letters and single blanks: ``ALOKASI  [ Rp ]`` is ``alokasi rp``."""
    return " ".join(re.sub(r"[^a-z ]", " ", str(cell).lower().replace("\n", " ")).split())


def labels_of(sheet: Sheet, header: int) -> tuple[str, ...]:
    """The heading of every column, with the group above it where cells are merged."""
    if not 0 <= header < len(sheet.rows):
        return ()
    width = max((len(r) for r in sheet.rows[: header + 1]), default=0)
    rows = [_spread(sheet, n, width) for n in range(max(0, header - 1), header + 1)]
    upper, lower = (rows[0], rows[1]) if len(rows) == 2 else ([""] * width, rows[0])
    if not _is_heading(upper):
        upper = [""] * width
    out = []
    for above, below in zip(upper, lower, strict=True):
        parts = [p for p in (words(above), words(below)) if p]
        out.append(" ".join(dict.fromkeys(parts)))
    return tuple(out)


def _is_heading(row: Sequence[Any]) -> bool:
    """A row of words in several columns, as headings are; titles stand alone in one."""
    return len({words(c) for c in row if words(c)}) >= 2 and not any(
        isinstance(c, int | float) and not isinstance(c, bool) for c in row
    )


def _spread(sheet: Sheet, at: int, width: int) -> list[Any]:
    """A row with merged cells filled in, over the columns and down the rows that they cover."""
    row = list(sheet.rows[at]) + [""] * (width - len(sheet.rows[at]))
    for r1, c1, r2, c2 in sheet.merged:
        if r1 <= at <= r2:
            value = sheet.rows[r1][c1] if c1 < len(sheet.rows[r1]) else ""
            for column in range(c1, min(c2 + 1, width)):
                if row[column] in ("", None):
                    row[column] = value
    return row


def guess(target: Target, sheets: Sequence[Sheet]) -> Layout:
    """The best heading in any sheet; a layout without columns when nothing looks like one."""
    best, score = Layout(0, 0), 0
    for index, sheet in enumerate(sheets):
        for at in range(min(HEADER_WITHIN, len(sheet.rows))):
            labels = labels_of(sheet, at)
            columns = match(target, labels)
            worth = 2 * len(columns) + sum(
                2 for f in target.fields if f.required and f.key in columns
            )
            if worth > score:
                best, score = Layout(index, at, columns, labels), worth
    return with_labels(target, sheets, best)


def with_labels(target: Target, sheets: Sequence[Sheet], layout: Layout) -> Layout:
    """The layout with the headings of its row and the mark by which it is remembered."""
    labels = labels_of(sheets[layout.sheet], layout.header)
    return Layout(layout.sheet, layout.header, dict(layout.columns), labels, mark(target, labels))


def laid(
    target: Target, sheets: Sequence[Sheet], sheet: int, header: int, columns: Mapping[str, int]
) -> Layout:
    """The layout that a user names; a sheet or line that is not there becomes the nearest one."""
    sheet = min(max(sheet, 0), len(sheets) - 1)
    header = min(max(header, 0), max(len(sheets[sheet].rows) - 1, 0))
    return with_labels(target, sheets, Layout(sheet, header, dict(columns)))


def mark(target: Target, labels: Sequence[str]) -> str:
    """SHA-256 of the words of a heading: the same source has the same mark every month."""
    return hashlib.sha256("|".join([target.key, *labels]).encode()).hexdigest()


def match(target: Target, labels: Sequence[str]) -> dict[str, int]:
    """Field -> column, by known headings; the longest known heading wins a column."""
    found: dict[str, int] = {}
    taken: set[int] = set()
    options = sorted(
        ((alias, f.key) for f in target.fields for alias in f.aliases), key=lambda o: -len(o[0])
    )
    for exact in (True, False):
        for alias, key in options:
            if key in found:
                continue
            for column, label in enumerate(labels):
                hit = label == alias if exact else label.endswith(f" {alias}")
                if column not in taken and label and hit:
                    found[key] = column
                    taken.add(column)
                    break
    return _pair(target, labels, found)


def _pair(target: Target, labels: Sequence[str], found: dict[str, int]) -> dict[str, int]:
    """One heading over several columns: the letter of a butir, then its words; twelve months that
    are numbered (``bulan_1`` to ``bulan_12`` are the same letters)."""
    months = [n for n, label in enumerate(labels) if label in _NUMBERED]
    if "b01" not in found and target.field("b01") is not None and len(months) == 12:
        found |= {f"b{n:02d}": column for n, column in enumerate(months, start=1)}
    at = found.get("rekomendasi")
    wanted = target.key == "dprd" and "butir" not in found
    if wanted and at is not None and at + 1 < len(labels) and labels[at + 1] == labels[at]:
        found["butir"], found["rekomendasi"] = at, at + 1
    return found


def letter(column: int) -> str:
    """0 as ``A``, 27 as ``AB``, as Excel calls columns."""
    out = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out
