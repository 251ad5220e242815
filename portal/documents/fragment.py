"""A relocatable piece of a PDF: pages with their tags, ready to be appended to any file.

A fragment holds finished PDF objects in which every number that depends on the place in the file
(object numbers, keys of the parent tree) stands in a field of seven bytes whose position is
known. Joining then means filling in fields and copying bytes: no parsing, no object graph.

Objects are numbered from ``LOCAL`` up; the numbers below are slots that the joiner fills.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from array import array
from dataclasses import dataclass, field

#: Slots of the joiner: node above the pages, element above the tags, fonts and form of the marks.
OUTER_PAGES, OUTER_TAGS, FONT, FONT_BOLD, MARKS = range(5)
LOCAL = 5

_WIDTH = 7  # up to 9,999,999 objects in a file
_MAGIC = b"SLRF1\n"
_FIELD = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>|(\d+) 0 ([RS])\b", re.S)
_U = "I" if array("I").itemsize == 4 else "L"


@dataclass(frozen=True, slots=True)
class Page:
    """A page object and its size in points."""

    number: int  # local number of the page object
    mark: int  # local number of the stream with its marks, which the joiner writes
    width: float
    height: float


@dataclass
class Region:
    """Bytes with fields to fill: ``at[i]`` is the position of a field for slot ``slot[i]``."""

    data: bytes = b""
    at: array[int] = field(default_factory=lambda: array(_U))
    slot: array[int] = field(default_factory=lambda: array(_U))
    numbers: array[int] = field(default_factory=lambda: array(_U))  # objects in this region
    starts: array[int] = field(default_factory=lambda: array(_U))  # their positions

    def filled(self, table: list[bytes]) -> bytearray:
        """The bytes with ``table[slot]`` (seven bytes each) in every field."""
        out = bytearray(self.data)
        for at, slot in zip(self.at, self.slot, strict=True):
            out[at : at + _WIDTH] = table[slot]
        return out


@dataclass
class Fragment:
    """Pages of one unit. ``direct`` are whole stream objects, ``packed`` go into a stream."""

    count: int  # local objects
    parents: int  # keys used in the parent tree
    pages: list[Page]
    anchors: dict[str, tuple[int, float, float]]  # key -> page index, x, y in points
    pages_node: int
    tags_node: int
    parents_node: int
    direct: Region
    packed: Region

    def table(self, slots: tuple[int, ...], base: int, parent_base: int) -> list[bytes]:
        """What stands in the fields when the objects begin at ``base``."""
        wide = b"%-" + str(_WIDTH).encode() + b"d"
        numbers = (
            *slots,
            *range(base, base + self.count),
            *range(parent_base, parent_base + self.parents),
        )
        return [wide % number for number in numbers]

    def place(self, local: int, base: int) -> int:
        """Number in the file of a local object."""
        return base + local - LOCAL

    def to_bytes(self) -> bytes:
        """Compact form for the cache."""
        head = {
            "count": self.count,
            "parents": self.parents,
            "pages": [[p.number, p.mark, p.width, p.height] for p in self.pages],
            "anchors": self.anchors,
            "nodes": [self.pages_node, self.tags_node, self.parents_node],
        }
        packed = zlib.compress(_region_bytes(self.packed), 3)
        parts = [json.dumps(head).encode(), _region_bytes(self.direct), packed]
        body = b"".join(struct.pack("<I", len(part)) + part for part in parts)
        return _MAGIC + struct.pack("<I", zlib.crc32(body)) + body

    @classmethod
    def from_bytes(cls, data: bytes) -> Fragment:
        """Read the compact form; ValueError when it is damaged or of another version."""
        view = memoryview(data)
        start = len(_MAGIC) + 4
        if data[: len(_MAGIC)] != _MAGIC or len(data) < start:
            raise ValueError("not a fragment of this version")
        if struct.unpack("<I", view[start - 4 : start])[0] != zlib.crc32(view[start:]):
            raise ValueError("damaged fragment")
        parts, at = [], start
        while at < len(view):
            (size,) = struct.unpack("<I", view[at : at + 4])
            parts.append(view[at + 4 : at + 4 + size])
            at += 4 + size
        head = json.loads(bytes(parts[0]))
        pages_node, tags_node, parents_node = head["nodes"]
        return cls(
            head["count"],
            head["parents"],
            [Page(*page) for page in head["pages"]],
            {key: tuple(value) for key, value in head["anchors"].items()},
            pages_node,
            tags_node,
            parents_node,
            _region(parts[1]),
            _region(memoryview(zlib.decompress(parts[2]))),
        )


def _region_bytes(region: Region) -> bytes:
    arrays = (region.at, region.slot, region.numbers, region.starts)
    sizes = struct.pack("<5I", len(region.data), *(len(a) for a in arrays))
    return sizes + b"".join(a.tobytes() for a in arrays) + region.data


def _region(view: memoryview) -> Region:
    size, *lengths = struct.unpack("<5I", view[:20])
    arrays, at = [], 20
    for length in lengths:
        one = array(_U)
        one.frombytes(view[at : at + 4 * length])
        arrays.append(one)
        at += 4 * length
    return Region(bytes(view[at : at + size]), *arrays)


class Maker:
    """Collects objects; references are written ``N 0 R`` with local numbers, keys ``N 0 S``."""

    def __init__(self) -> None:
        self._count = 0
        self._parents = 0
        self._packed: list[tuple[int, bytes]] = []
        self._direct: list[tuple[int, bytes, bytes]] = []

    def number(self) -> int:
        """The local number of an object that will be added later."""
        self._count += 1
        return LOCAL + self._count - 1

    def parent_key(self) -> int:
        """The next key of the parent tree."""
        self._parents += 1
        return self._parents - 1

    def add(self, text: bytes, number: int | None = None) -> int:
        """An object that is no stream."""
        number = self.number() if number is None else number
        self._packed.append((number, text))
        return number

    def add_stream(self, entries: bytes, data: bytes, number: int | None = None) -> int:
        """A stream; ``entries`` is the inside of its dictionary without Length."""
        number = self.number() if number is None else number
        head = b"<<" + entries + b"/Length %d>>" % len(data)
        self._direct.append((number, head, data))
        return number

    def add_deflated(self, entries: bytes, data: bytes, number: int | None = None) -> int:
        """A stream that is compressed here."""
        return self.add_stream(entries + b"/Filter/FlateDecode", zlib.compress(data, 6), number)

    def finish(
        self,
        pages: list[Page],
        anchors: dict[str, tuple[int, float, float]],
        nodes: tuple[int, int, int],
    ) -> Fragment:
        """The fragment; ``nodes`` are the numbers of its Pages, Sect and parent tree leaf."""
        return Fragment(
            self._count, self._parents, pages, anchors, *nodes,
            self._make_direct(), self._make_packed(),
        )  # fmt: skip

    def _make_packed(self) -> Region:
        region = Region()
        out: list[bytes] = []
        size = 0
        for number, text in self._packed:
            fixed = self._fields(text, region, size)
            region.numbers.append(number)
            region.starts.append(size)
            out += (fixed, b"\n")
            size += len(fixed) + 1
        region.data = b"".join(out)
        return region

    def _make_direct(self) -> Region:
        region = Region()
        out: list[bytes] = []
        size = 0
        for number, head, data in self._direct:
            region.numbers.append(number)
            region.starts.append(size)
            region.at.append(size)
            region.slot.append(number)
            start = b" " * _WIDTH + b" 0 obj\n"
            fixed = self._fields(head, region, size + len(start))
            pieces = (start, fixed, b"\nstream\n", data, b"\nendstream\nendobj\n")
            out += pieces
            size += sum(map(len, pieces))
        region.data = b"".join(out)
        return region

    def _fields(self, text: bytes, region: Region, base: int) -> bytes:
        """``text`` with wide fields; their positions go into ``region``."""
        out: list[bytes] = []
        done = 0
        size = base
        for found in _FIELD.finditer(text):
            if found[1] is None:
                continue
            before = text[done : found.start()]
            slot = int(found[1])
            region.at.append(size + len(before))
            if found[2] == b"R":
                tail = b" 0 R"
            else:
                tail = b""
                slot += LOCAL + self._count
            region.slot.append(slot)
            out += (before, b" " * _WIDTH, tail)
            size += len(before) + _WIDTH + len(tail)
            done = found.end()
        out.append(text[done:])
        return b"".join(out)


def stream_index(numbers: list[int], starts: array[int]) -> bytes:
    """The pairs at the head of an object stream."""
    return b" ".join(b"%d %d" % pair for pair in zip(numbers, starts, strict=True)) + b"\n"


__all__ = ["FONT", "FONT_BOLD", "LOCAL", "MARKS", "OUTER_PAGES", "OUTER_TAGS", "Fragment", "Maker",
           "Page", "Region", "stream_index"]  # fmt: skip
