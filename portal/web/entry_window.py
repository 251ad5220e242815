"""Long tables come in pages: an old PC opens fifty rows at once, however many there are.

Totals and computed cells are always those of the whole table. Without JavaScript the pages are
links; with it the next rows are fetched when somebody walks or pastes beyond the last one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: Tables up to this many rows are one page.
MOST = 100
#: Rows of one page of a longer table.
SIZE = 50
#: Rows that are fetched at once at most (a block pasted from Excel).
MOST_FETCHED = 500


@dataclass(frozen=True)
class Window:
    """Which rows of a table are shown: ``first`` counts from 0."""

    first: int
    size: int
    count: int  # rows of the whole table

    @property
    def number(self) -> int:
        """This page, from 1."""
        return self.first // SIZE + 1

    @property
    def pages(self) -> tuple[tuple[int, int, int], ...]:
        """(number, first row, last row) of every page, rows from 1."""
        return tuple(
            (n // SIZE + 1, n + 1, min(n + SIZE, self.count)) for n in range(0, self.count, SIZE)
        )

    @property
    def last(self) -> bool:
        """True when the last row of the table is among them."""
        return self.first + self.size >= self.count


def window(uids: Sequence[str], asked: Mapping[str, str]) -> Window | None:
    """The page that an address asks for; None for a table that is short enough for one.

    ``hal`` is its number (too large: the last), ``baris`` a row that must be on it, ``sesudah``
    with ``banyak`` the rows that follow a row.
    """
    count = len(uids)
    if count <= MOST:
        return None
    places = {uid: n for n, uid in enumerate(uids)}
    if "sesudah" in asked:
        first = places.get(asked["sesudah"], count) + 1
        size = min(_number(asked.get("banyak", ""), SIZE), MOST_FETCHED)
        return Window(min(first, count), size, count)
    row = places.get(asked.get("baris", ""))
    page = row // SIZE if row is not None else _number(asked.get("hal", ""), 1) - 1
    return Window(min(page, (count - 1) // SIZE) * SIZE, SIZE, count)


def _number(text: str, default: int) -> int:
    """A whole number from 1 to 9999, else the default."""
    good = text.isascii() and text.isdigit() and len(text) < 5 and int(text) > 0
    return int(text) if good else default
