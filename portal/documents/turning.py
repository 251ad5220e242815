"""Which pages lie on their side, where a format mixes upright text with wide tables.

Every turn ends a page early. So where both stand between two forced page breaks, what could stand
either way joins its neighbours, when that saves pages or turns; what fits only on a page that
lies on its side stays there, and what is all of one kind stays as the format says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.documents import fit, paging
from portal.documents.html import text_height, text_width
from portal.documents.paging import MM
from portal.documents.tree import Block, Heading, Picture, Table

#: Pages that a reader would give for not having to turn the book once.
_TURN = 0.2
#: And for not having a page on its side that the format wants upright.
_LYING = 0.8
#: And for a chapter that begins upright, where the format does not turn its first page.
_OPENING = 1.5
#: A wide table stands upright only if it takes hardly more room and type of this size there.
_MORE, _READABLE = 1.1, 8.0


@dataclass(frozen=True)
class Item:
    """Blocks that stay together; ``wide`` is what the format asks for."""

    blocks: tuple[Block, ...]
    wide: bool


@dataclass(frozen=True)
class _Size:
    tall: tuple[float, float]  # points upright, on its side
    first: tuple[float, float]  # of them, what must stand on the page where it begins
    bound: bool  # fits only on its side
    opening: float  # pages that a page on its side costs because a chapter begins here


def turned(items: Sequence[Item], paper: str) -> list[bool]:
    """For each item whether its page lies on its side."""
    wishes = [item.wide for item in items]
    if all(wishes) or not any(wishes):
        return wishes
    sizes = [_size(item, paper) for item in items]
    room = tuple(text_height(paper, wide) * MM for wide in (False, True))
    count = len(items)
    # best[k]: cost of the first k items, where the last run begins, whether it lies on its side
    best: list[tuple[float, int, bool]] = [(0.0, 0, False)] + [(float("inf"), 0, False)] * count
    for first in range(count):
        for wide in (False, True):
            start = best[first][0] + (_TURN if first else 0.0)
            if first and best[first][2] == wide:
                continue  # the run before would have gone on
            pages, used, lying = 1, 0.0, 0.0
            for at in range(first, count):
                size = sizes[at]
                if size.bound and not wide:
                    break
                pages, used = _fill(pages, used, size.tall[wide], size.first[wide], room[wide])
                if wide and not wishes[at]:
                    lying += _LYING * size.tall[wide] / room[wide] + size.opening
                cost = start + pages + lying
                if cost < best[at + 1][0] - 1e-9:
                    best[at + 1] = (cost, first, wide)
    out = list(wishes)
    end = count
    while end:
        _, first, wide = best[end]
        out[first:end] = [wide] * (end - first)
        end = first
    return out


def _fill(pages: int, used: float, tall: float, first: float, room: float) -> tuple[int, float]:
    """Pages, and points of the last one, after another item."""
    left = room - used
    if used and left < first:
        pages, left = pages + 1, room
    while tall > left:
        tall -= left
        pages, left = pages + 1, room
    return pages, room - left + tall


def _size(item: Item, paper: str) -> _Size:
    *above, last = item.blocks
    tall, first = [], []
    for lying in (False, True):
        wide = text_width(paper, lying)
        over = sum(paging.text_height(block, wide) for block in above)
        tall.append(over + paging.text_height(last, wide))
        first.append(over + paging.foothold(last, wide))
    bound = item.wide and any(_bound(block, tall[0], tall[1], paper) for block in item.blocks)
    opens = any(isinstance(block, Heading) and block.level == 1 for block in item.blocks)
    return _Size(
        (tall[0], tall[1]), (first[0], first[1]), bound, _OPENING if opens else 0.0
    )  # fmt: skip


def _bound(block: Block, upright: float, lying: float, paper: str) -> bool:
    wide = text_width(paper, False)
    if isinstance(block, Picture):
        return block.width_mm > wide
    if not isinstance(block, Table):
        return False
    _, size = fit.fit(block, wide)
    return size < _READABLE or upright * wide > lying * text_width(paper, True) * _MORE
