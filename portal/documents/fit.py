"""Column widths such that no number and, where possible, no word is broken over two lines.

The outline gives shares. A year with longer numbers must not print ``1.250.0`` above ``00,00``:
columns that need more take it from those with room to spare, then the type becomes smaller. Room
that short entries leave unused goes to columns whose words would wrap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from portal.documents import fonts
from portal.documents.tree import Cell, Table, plain

#: Sizes of table type in points, best first.
SIZES = (8.5, 8.0, 7.5, 7.0, 6.5)

_MM = 72 / 25.4
_PADDING = 2.0 * _MM + 1.0  # both sides and the border
_INDENT = 3.0 * _MM

#: A column of words keeps this part of its share while smaller type can help instead.
_KEPT = 0.75


#: Letters of an entry that count: longer ones wrap anyway.
_LONG = 90
_MOST, _ALIKE = 0.8, 1.4  # a fifth of the entries that is so much longer than the rest may wrap
_AIR = 1.12  # a column of short entries keeps so much more than they need


@lru_cache(maxsize=20_000)
def _unbroken(text: str, bold: bool, numbers: bool) -> float:
    """Width at one point of the widest piece of ``text`` that must stay together."""
    face = fonts.faces()["Bold" if bold else "Regular"]
    widest = 0.0
    for token in text.split():
        if numbers and not any(c.isdigit() for c in token):
            continue
        pieces = (token,) if any(c.isdigit() for c in token) else tuple(token.split("-"))
        widest = max(widest, *(face.width(piece, 1) for piece in pieces))
    return widest


def _placed(rows: Sequence[tuple[Cell, ...]], count: int) -> Iterator[tuple[int, int, Cell]]:
    """Row, column and cell of all cells that stand in one column only."""
    open_until = [0] * count
    for number, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while column < count and open_until[column] > number:
                column += 1
            if column >= count:
                break
            if cell.colspan == 1:
                yield number, column, cell
            for at in range(column, min(column + cell.colspan, count)):
                open_until[at] = number + cell.rowspan
            column += cell.colspan


def _needed(table: Table, numbers: bool) -> list[float]:
    """For each column the widest piece at one point; cells over several columns ask nothing."""
    out = [0.0] * len(table.columns)
    rows = [*table.head, *(row.cells for row in table.rows)]
    bold = [True] * len(table.head) + [row.kind != "body" for row in table.rows]
    for number, column, cell in _placed(rows, len(out)):
        out[column] = max(out[column], _cell(cell, bold[number], numbers))
    return out


def _cell(cell: Cell, bold: bool, numbers: bool) -> float:
    widest = 0.0
    for run in cell.text:
        widest = max(widest, _unbroken(run.text, bold or run.bold, numbers))
    return widest + (cell.indent * _INDENT / SIZES[0] if cell.indent else 0.0)


def _lines(table: Table) -> tuple[list[float], list[float]]:
    """For each column the width at one point that holds every entry on a line, and the usual ones.

    Both are equal unless a few entries are much longer than the others. A head may take two lines;
    rows with merged cells do not count.
    """
    count = len(table.columns)
    every, most = [0.0] * count, [0.0] * count
    rows = [row.cells for row in table.rows if len(row.cells) == count]
    for at, cells in enumerate(zip(*rows, strict=True)):
        texts = [c.text[0].text if len(c.text) == 1 else plain(c.text) for c in cells]
        longest = max(texts, key=len)
        every[at] = most[at] = _line(longest[:_LONG])
        texts = [text for text in texts if len(text) * _ALIKE < len(longest)]
        if len(texts) >= len(cells) * _MOST:
            most[at] = _line(max(texts, key=len)[:_LONG])
    for _, at, cell in _placed(table.head, len(every)):
        half = _line(plain(cell.text)) / 2
        every[at], most[at] = max(every[at], half), max(most[at], half)
    return every, most


@lru_cache(maxsize=5_000)
def _line(text: str) -> float:
    face = fonts.faces()["Bold"]
    return max((face.width(part, 1) for part in text.split("\n")), default=0.0)


def fit(table: Table, wide_mm: float) -> tuple[list[float], float]:
    """Shares of the columns (they add up to 1) and the size of the type in points."""
    return _settled(table, wide_mm, lambda numbers: _needed(table, numbers))


def quick(table: Table, wide_mm: float) -> tuple[list[float], float]:
    """As ``fit``, but of the body only the longest text without a space is measured: numbers."""
    return _settled(table, wide_mm, lambda _numbers: _longest(table))


def _settled(
    table: Table, wide_mm: float, needed: Callable[[bool], list[float]]
) -> tuple[list[float], float]:
    total = wide_mm * _MM
    shares = [column.width for column in table.columns]
    whole = sum(shares) or 1.0
    if table.size:
        return [share / whole for share in shares], table.size
    given = [share / whole * total for share in shares]
    for numbers, kept in ((False, _KEPT), (False, 0.0), (True, 0.0)):
        pieces = needed(numbers)
        floor = [
            width * kept if column.align == "left" else 0.0
            for column, width in zip(table.columns, given, strict=True)
        ]
        for size in SIZES:
            need = [
                max(piece * size * 1.01 + _PADDING, least)
                for piece, least in zip(pieces, floor, strict=True)
            ]
            if sum(need) <= total:
                wide = [piece * size * 1.01 + _PADDING for piece in pieces]
                widths = _eased(_shift(given, need), wide, _lines(table), size)
                return [width / total for width in widths], size
    return [width / total for width in given], SIZES[-1]


def _eased(
    widths: list[float], need: list[float], lines: tuple[list[float], list[float]], size: float
) -> list[float]:
    """Room that short entries leave unused goes to columns whose entries take a second line.

    In equal parts, so that what wants little is served in full and long texts take the rest.
    """
    whole, most = ([line * size * 1.01 + _PADDING for line in each] for each in lines)
    spare = [
        max(0.0, width - max(least, full * _AIR))
        for width, least, full in zip(widths, need, whole, strict=True)
    ]
    wants = {at: full - widths[at] for at, full in enumerate(most) if full > widths[at]}
    room = min(sum(spare), sum(wants.values()))
    if room < 1.0:
        return widths
    taken = room / sum(spare)
    out = [width - own * taken for width, own in zip(widths, spare, strict=True)]
    left = room
    for done, (at, want) in enumerate(sorted(wants.items(), key=lambda pair: (pair[1], pair[0]))):
        share = min(want, left / (len(wants) - done))
        out[at] += share
        left -= share
    return out


def _longest(table: Table) -> list[float]:
    """Width at one point of the longest text of one word in each column; a row with merged cells
    is counted from its end."""
    best = [""] * len(table.columns)
    for row in table.rows:
        for column, cell in enumerate(row.cells, start=len(best) - len(row.cells)):
            text = cell.text[0].text if cell.text else ""
            if len(text) > len(best[column]) and " " not in text and "\n" not in text:
                best[column] = text
    out = [_unbroken(text, True, False) for text in best]
    for cells in table.head:
        if len(cells) == len(out):
            out = [max(w, _cell(c, True, False)) for w, c in zip(out, cells, strict=True)]
    return out


def _shift(given: list[float], need: list[float]) -> list[float]:
    """Widths of at least ``need``; what is missing comes from columns with room to spare."""
    lack = sum(max(0.0, n - g) for g, n in zip(given, need, strict=True))
    if not lack:
        return given
    spare = sum(max(0.0, g - n) for g, n in zip(given, need, strict=True))
    return [n if n >= g else g - (g - n) * lack / spare for g, n in zip(given, need, strict=True)]


def long_cell(shares: list[float], size: float, wide_mm: float, tall_mm: float) -> list[int]:
    """Letters that fill about a third of a page in each column.

    A row of more than that is broken over pages: kept together it would leave a hole before it,
    and one taller than a page would lose the repeated head.
    """
    lines = tall_mm / 3 * _MM / (size * 1.22)
    letter = size * 0.5
    return [int(lines * max(1.0, (share * wide_mm * _MM - _PADDING) / letter)) for share in shares]
