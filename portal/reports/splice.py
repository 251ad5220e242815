"""A long text that changed in one place travels as that place only. Pure.

Both sides hold the text that the server confirmed last. A cut says: of that text (known by its
checksum) ``deleted`` bytes from byte ``start`` on become ``inserted``. Bytes are UTF-8, so that a
browser, which counts letters otherwise, means the same place.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

#: Longest correction that is sent with an answer; beyond it the browser sends all once more.
MOST_FIX = 1000
#: Letters from which on a cell's text is worth cutting.
LONG = 300


@dataclass(frozen=True)
class Cut:
    """Where a text changes: byte offsets into the text whose CRC-32 is ``crc``."""

    start: int
    deleted: int
    crc: int


def checksum(text: str) -> int:
    """CRC-32 of the text in UTF-8, as the browser computes it."""
    return zlib.crc32(text.encode("utf-8"))


def joined(old: str, cut: Cut, inserted: str) -> str | None:
    """``old`` with the cut filled; None when the cut was made for another text."""
    data = old.encode("utf-8")
    if zlib.crc32(data) != cut.crc or not 0 <= cut.start <= cut.start + cut.deleted <= len(data):
        return None
    made = data[: cut.start] + inserted.encode("utf-8") + data[cut.start + cut.deleted :]
    try:
        return made.decode("utf-8")
    except UnicodeDecodeError:
        return None


def between(old: str, new: str) -> tuple[int, int, str]:
    """(start, deleted, inserted) that turns ``old`` into ``new``; whole letters only."""
    a, b = old.encode("utf-8"), new.encode("utf-8")
    most = min(len(a), len(b))
    start = _common(a, b, most)
    while start and start < len(b) and b[start] & 0xC0 == 0x80:
        start -= 1
    while start and start < len(a) and a[start] & 0xC0 == 0x80:
        start -= 1
    end = _common(a[::-1], b[::-1], most - start)
    while end and (b[len(b) - end] & 0xC0 == 0x80 or a[len(a) - end] & 0xC0 == 0x80):
        end -= 1
    return start, len(a) - end - start, b[start : len(b) - end].decode("utf-8")


def _common(a: bytes, b: bytes, most: int) -> int:
    """Length of the common beginning, by halves: texts are long and mostly equal."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
