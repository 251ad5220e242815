"""Collects blocks into units: new pages, landscape turns, and a bound on the size of a unit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from portal.documents import fit, paging, turning
from portal.documents.html import text_height, text_width
from portal.documents.tree import Block, Gap, Heading, Paragraph, Picture, Table, Unit, plain
from portal.documents.words import block_texts

#: A unit longer than this is broken at the next section.
MAX_PAGES = 30.0
#: A table longer than this is printed in pieces (see ``paging``).
TABLE_PAGES = 8.0
_LINES = {False: 46.0, True: 26.0}  # lines of a page: portrait, landscape
_CHARS = {False: 88.0, True: 150.0}  # letters of a line of text
_TABLE_CHARS = {False: 118.0, True: 205.0}  # letters of a line over all columns of a table


def pages_of(block: Block, landscape: bool) -> float:
    """A rough guess of the pages that a block takes; only for cutting units."""
    if isinstance(block, Table):
        room = _TABLE_CHARS[landscape]
        lines = 3.0 + 0.8 * len(block.notes)
        for row in block.rows:
            tallest = 1
            column = 0
            for cell in row.cells:
                share = sum(c.width for c in block.columns[column : column + cell.colspan]) or 1.0
                text = plain(cell.text)
                column += cell.colspan
                tallest = max(tallest, text.count("\n") + 1 + int(len(text) / (room * share)))
            lines += 0.85 * tallest
        return lines / _LINES[landscape]
    if isinstance(block, Picture):
        return (block.height_mm + 12) / (165 if landscape else 280)
    text = " ".join(block_texts(block))
    return (1.3 + len(text) / _CHARS[landscape]) / _LINES[landscape]


@dataclass
class Units:
    """Builds the units of a book in order.

    Headings, and lines that belong to what follows, wait until the block after them shows whether
    the page is upright or turned, so that none stays behind alone before its landscape table. The
    blocks between two forced page breaks are laid down together (see ``turning``).
    """

    paper: str = "F4"
    done: list[Unit] = field(default_factory=list)
    _chapter: str = ""
    _starts: bool = False
    _key: str = ""
    _landscape: bool = False
    _blocks: list[Block] = field(default_factory=list)
    _waiting: list[Block] = field(default_factory=list)
    _stretch: list[turning.Item] = field(default_factory=list)
    _pages: float = 0.0
    _names: set[str] = field(default_factory=set)
    _anchors: dict[str, int] = field(default_factory=dict)

    def chapter(self, prefix: str, key: str) -> None:
        """Begin a chapter: a new page whose numbers start again at 1."""
        self.flush()
        self._chapter, self._starts = prefix, True
        self._key = key

    def page(self, key: str) -> None:
        """Begin a new page and a unit named ``key``; nothing when only headings wait."""
        self.flush_blocks()
        self._key = key

    def section(self, key: str) -> None:
        """A section begins: cut here when the unit has become too long."""
        if self._pages >= MAX_PAGES and not self._waiting:
            self.flush_blocks()
            self._key = key

    def add(self, block: Block, landscape: bool = False) -> None:
        """Append one block, turning the page when its orientation asks for it."""
        if isinstance(block, Heading) or (
            isinstance(block, Paragraph) and block.style in ("subtitle", "above")
        ):
            self._waiting.append(block)
            return
        before = self._stretch[-1].wide if self._stretch else landscape
        if isinstance(block, Gap):
            landscape = before  # a gap is not worth turning the page
        self._pages = pages_of(block, landscape) + (self._pages if landscape == before else 0.0)
        self._stretch.append(turning.Item((*self._waiting, block), landscape))
        self._waiting = []

    def _lay(self) -> None:
        """Lay the blocks of the stretch down, turning the page where that is best."""
        items, self._stretch = self._stretch, []
        for item, landscape in zip(items, turning.turned(items, self.paper), strict=True):
            *above, block = item.blocks
            if isinstance(block, Table) and pages_of(block, landscape) > TABLE_PAGES:
                self._long(above, block, landscape)
            else:
                self._put([*above, block], landscape)

    def _put(self, blocks: list[Block], landscape: bool) -> None:
        if self._blocks and landscape != self._landscape:
            self._close()
            named = (each.key for each in blocks if isinstance(each, Heading))
            self._key = next(named, self._key)
        self._landscape = landscape
        self._blocks += blocks

    def _long(self, above: list[Block], table: Table, landscape: bool) -> None:
        """A table of many pages in pieces, ``Tabel 1.2 ... (lanjutan)``, a unit each.

        Small units make a change cheap: only the piece with the changed row is printed anew.
        """
        wide, tall = text_width(self.paper, landscape), text_height(self.paper, landscape)
        shares, size = fit.fit(table, wide)
        columns = tuple(
            replace(column, width=share)
            for column, share in zip(table.columns, shares, strict=True)
        )
        table = replace(table, columns=columns, size=size)
        stays = [] if self._blocks and landscape != self._landscape else self._blocks
        used = sum(paging.text_height(block, wide) for block in (*stays, *above))
        ends = [*paging.cuts(table, wide, tall, used), len(table.rows)]
        for at, end in zip([0, *ends], ends, strict=False):
            piece = replace(table, rows=table.rows[at:end])
            if at:
                caption = f"{table.number} {table.caption} (lanjutan)".strip()
                piece = replace(
                    piece, key=self.anchor(f"{table.key}.lanjutan"), number="", caption=caption
                )
                self._close()
            if end < len(table.rows):
                piece = replace(piece, source="", notes=())
            self._put([piece] if at else [*above, piece], landscape)

    def drop(self, heading: Heading) -> None:
        """Forget a heading that still waits: nothing came below it."""
        self._waiting = [each for each in self._waiting if each is not heading]

    def flush(self) -> None:
        """Close the present unit; waiting headings go into it."""
        if self._waiting:
            wide = self._stretch[-1].wide if self._stretch else False
            self._stretch.append(turning.Item(tuple(self._waiting), wide))
            self._waiting = []
        self.flush_blocks()

    def flush_blocks(self) -> None:
        """Close the present unit and leave headings waiting for the next."""
        self._lay()
        self._close()
        self._pages = 0.0

    def _close(self) -> None:
        if self._blocks:
            self.done.append(
                Unit(
                    self._name(self._key or "unit"), self._chapter, self._landscape,
                    tuple(self._blocks), self._starts,
                )
            )  # fmt: skip
            self._starts = False
        self._blocks, self._landscape = [], False

    def anchor(self, key: str) -> str:
        """A key that is unique in the document; the second of a name gets ``.2``."""
        key = re.sub(r"[^A-Za-z0-9_.@-]", "_", key)
        n = self._anchors[key] = self._anchors.get(key, 0) + 1
        return key if n == 1 else f"{key}.{n}"

    def _name(self, key: str) -> str:
        key = re.sub(r"[^A-Za-z0-9_.@-]", "_", key)
        name, n = key, 1
        while name in self._names:
            n += 1
            name = f"{key}.{n}"
        self._names.add(name)
        return name
