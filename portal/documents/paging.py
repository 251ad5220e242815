"""Where the rows of a table may part: which belong together, and where a long table is cut.

A table of many pages is printed in pieces, so that a change renders few pages anew. Cut at a
guessed place a piece would leave its last page half empty; so the heights of the rows are laid
out here with the widths of the very font, and a piece ends where its last page is full.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from portal.documents import fit, fonts
from portal.documents.tree import (
    Block,
    Cell,
    Gap,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Row,
    Table,
    gap_words,
    plain,
    source_words,
)  # fmt: skip

MM = 72 / 25.4
#: Pages of a piece, and from which page on it may also end before a group that finds no room.
PIECE_PAGES, EARLY_PAGES = 6, 3
#: A page that is filled so far may end before a group; a rest smaller than this is not cut off.
FULL, REST = 0.85, 0.6
#: The estimate is kept a little below the page, so that no piece spills a row onto one more.
_SAFE = 0.985
_LINE, _PAD = 1.22, 1.4 * MM + 0.5  # style.css: line height of tables, padding and border of a cell
_CHAIN = 4  # so many rows at most hang together
_SIGNS = 6  # of two signatures: place, office, space, name, what stands under it
#: A paragraph of fewer letters may be a single line.
ONE_LINE = 170
_SHORT = 200  # letters of a cell that takes no large part of a page


def glued(rows: Sequence[Row], plain_table: bool = False) -> list[bool]:
    """For each row whether it must not be parted from the next.

    A heading row (group, or a sum that stands above its parts) keeps a row of its own with it, and
    the sum at the end two rows before it. A table of a few short rows is not parted, nor one of
    signatures side by side (``plain_table``).
    """
    count = len(rows)
    few = _SIGNS if plain_table else _CHAIN
    if count <= few and all(len(plain(c.text)) < _SHORT for row in rows for c in row.cells):
        return [index < count - 1 for index in range(count)]
    out = [False] * count
    for index in range(count - 1):
        row, after = rows[index], rows[index + 1]
        heads = row.kind == "group" or (row.kind == "total" and after.kind != "group")
        sums = after.kind == "total" and (index + 2 == count or rows[index + 2].kind == "group")
        near = count >= 5 and index >= count - 3
        chained = index >= _CHAIN - 1 and all(out[index - _CHAIN + 1 : index])
        out[index] = (heads or sums or near or (index == 0 and count > 2)) and not chained
    return out


@lru_cache(maxsize=40_000)
def lines(text: str, width: float, bold: bool) -> int:
    """Lines of ``text`` in ``width`` ems; a word that is too long is broken."""
    if len(text) * 0.72 < width and "\n" not in text:
        return 1
    face = fonts.faces()["Bold" if bold else "Regular"]
    space = face.width(" ", 1)
    count = 0
    for part in text.split("\n"):
        count += 1
        used = 0.0
        for word in part.split():
            size = face.width(word, 1)
            if used and used + space + size > width:
                count, used = count + 1, 0.0
            used += size + (space if used else 0.0)
            while used > width > 0:
                count, used = count + 1, used - width
    return count


def row_height(cells: Iterable[Cell], widths: Sequence[float], size: float, bold: bool) -> float:
    """Points that a row takes; cells over several rows are left out."""
    most, column = 1, 0
    for cell in cells:
        room = sum(widths[column : column + cell.colspan]) - 2.0 * MM - 0.5 - cell.indent * 3 * MM
        column += cell.colspan
        if cell.rowspan == 1:
            strong = bold or any(run.bold for run in cell.text)
            most = max(most, lines(plain(cell.text), round(max(room, 4.0) / size, 2), strong))
    return most * size * _LINE + _PAD


def head_floor(table: Table, widths: Sequence[float], size: float) -> float:
    """Points of the last head row that make room for words that stand over several head rows.

    0 where there are none. LibreOffice does not see to it itself where the head is repeated.
    ``widths`` of the columns in points.
    """
    last = len(table.head) - 1
    heights = [_PAD] * (last + 1)
    tall: list[tuple[int, float]] = []  # where a cell over several rows begins, its points
    covered: dict[int, int] = {}  # column -> last head row that a cell above reaches into
    for index, cells in enumerate(table.head):
        column = 0
        for cell in cells:
            while covered.get(column, -1) >= index:
                column += 1
            room = sum(widths[column : column + cell.colspan]) - 2.0 * MM - 0.5
            count = lines(plain(cell.text), round(max(room, 4.0) / size, 2), True)
            needed = count * size * _LINE + _PAD
            if cell.rowspan == 1:
                heights[index] = max(heights[index], needed)
            elif index + cell.rowspan > last:
                tall.append((index, needed))
            for one in range(column, column + cell.colspan):
                covered[one] = index + cell.rowspan - 1
            column += cell.colspan
    floor = max((needed - sum(heights[top:last]) for top, needed in tall), default=0.0)
    return floor if tall and floor > heights[last] else 0.0


def text_height(block: Block, wide: float) -> float:
    """Points that a block other than a numbered table takes; close enough for where a page ends."""
    width = wide * MM
    match block:
        case Heading():
            size = (14.0, 12.0, 11.0, 11.0)[block.level - 1]
            count = lines(f"{block.number} {block.text}".strip(), round(width / size, 2), True)
            return count * size * 1.25 + (8, 8.5, 7, 5.5)[block.level - 1] * MM
        case Paragraph():
            size = 8.5 if block.style in ("note", "above") else 11.0
            return lines(plain(block.runs), round(width / size, 2), False) * size * 1.4 + 2.5 * MM
        case ListBlock():
            room = round((width - 9 * MM) / 11, 2)
            return sum(lines(plain(t), room, False) * 15.4 + MM for _, _, t in block.items)
        case Gap():
            count = lines(gap_words(block), round((width - 8 * MM) / 11, 2), True)
            return count * 15.4 + 12 * MM
        case Picture():
            return (block.height_mm + 15) * MM
        case Table():
            shares, size = fit.fit(block, wide)
            rows = _whole(block, [share * width for share in shares], size)
            return _caption(block, wide) + rows + _below(block, width)
        case _:
            return 20.0


def foothold(block: Block, wide: float) -> float:
    """Points of a block that stand on one page in any case; ``wide`` in millimetres."""
    if isinstance(block, Table):
        shares, size = fit.fit(block, wide)
        widths = [share * wide * MM for share in shares]
        head = sum(row_height(cells, widths, size, True) for cells in block.head)
        runs = _runs(block, widths, size)
        first = runs[0][1] if runs else 0.0
        below = _below(block, wide * MM) if len(runs) == 1 else 0.0
        return _caption(block, wide) + head + first + below
    whole = text_height(block, wide)
    return whole if isinstance(block, Picture | Heading | Gap) else min(whole, 40.0)


def _caption(table: Table, wide: float) -> float:
    if not table.caption:
        return 0.0
    return lines(table.caption, round((wide - 16) * MM / 10, 2), True) * 12.5 + 4.5 * MM


def _below(table: Table, width: float) -> float:
    """Source line and notes, or the space in their place."""
    room = round(width / 8.5, 2)
    said = (*((source_words(table.source),) if table.source else ()), *table.notes)
    return 1.5 * MM + (sum(lines(n, room, False) * 11.05 + MM for n in said) or 4 * MM)


def _whole(table: Table, widths: Sequence[float], size: float) -> float:
    head = sum(row_height(cells, widths, size, True) for cells in table.head)
    return head + sum(row_height(r.cells, widths, size, r.kind != "body") for r in table.rows)


def _runs(table: Table, widths: Sequence[float], size: float) -> list[tuple[int, float]]:
    """Rows that hang together: index of the first, and points of them all."""
    out: list[tuple[int, float]] = []
    joined = False
    for index, (row, keep) in enumerate(zip(table.rows, glued(table.rows), strict=True)):
        height = row_height(row.cells, widths, size, row.kind != "body")
        if joined:
            out[-1] = (out[-1][0], out[-1][1] + height)
        else:
            out.append((index, height))
        joined = keep
    return out


def cuts(table: Table, wide: float, tall: float, used: float) -> list[int]:
    """First rows of the pieces after the first.

    ``wide`` and ``tall`` are the room between the margins in millimetres, ``used`` the points
    that stand above the table on its first page.
    """
    shares, size = fit.fit(table, wide)
    widths = [share * wide * MM for share in shares]
    head = sum(row_height(cells, widths, size, True) for cells in table.head)
    room = tall * MM * _SAFE - head
    caption = lines(table.caption, round((wide - 16) * MM / 10, 2), True) + 1
    above = caption * 12.5 + 4.5 * MM
    runs = _runs(table, widths, size)
    rest = sum(height for _, height in runs)
    left = room - above - used % (tall * MM)
    pages, out = 1, []
    for first, height in runs:
        group = table.rows[first].kind == "group"
        ends = pages >= PIECE_PAGES and height > left
        ends |= pages >= EARLY_PAGES and group and left < room * (1 - FULL)
        if ends and rest > room * REST:
            out.append(first)
            pages, left = 1, room - above
        elif height > left:
            pages, left = pages + 1, room
        left -= height
        while left < 0:  # a row taller than a page
            pages, left = pages + 1, left + room
        rest -= height
    return out
