"""A PDF file being written: objects one after the other, their places, the end of the file."""

from __future__ import annotations

import hashlib
import zlib
from array import array
from collections.abc import Iterable
from typing import BinaryIO

from portal.documents.fragment import stream_index

#: Numbers of the objects that every file has.
CATALOG, PAGES, TAGS, BOOK, PARENTS, INFO, META = range(1, 8)
_FIRST_FREE = 8


class Output:
    """Writes objects and remembers where they begin."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._hash = hashlib.sha256()
        self.position = 0
        self.next = _FIRST_FREE
        self._where = bytearray()  # seven bytes an object: kind, place (4), index (2)
        self._waiting: list[tuple[int, bytes]] = []
        self.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def write(self, data: bytes | bytearray) -> None:
        """Append bytes."""
        self._out.write(data)
        self._hash.update(data)
        self.position += len(data)

    def digest(self) -> str:
        """SHA-256 of what was written so far."""
        return self._hash.hexdigest()

    def number(self, count: int = 1) -> int:
        """Reserve ``count`` numbers and return the first."""
        self.next += count
        return self.next - count

    def _set(self, number: int, kind: int, place: int, index: int) -> None:
        need = (number + 1) * 7
        if len(self._where) < need:
            self._where.extend(bytes(need - len(self._where)))
        entry = bytes((kind,)) + place.to_bytes(4, "big") + index.to_bytes(2, "big")
        self._where[number * 7 : need] = entry

    def located(self, numbers: Iterable[int], starts: Iterable[int]) -> None:
        """Objects that begin at these distances from the present position."""
        for number, start in zip(numbers, starts, strict=True):
            self._set(number, 1, self.position + start, 0)

    def stream(self, entries: bytes, data: bytes, number: int | None = None) -> int:
        """A stream object, written at once; ``entries`` is the inside of its dictionary."""
        number = self.number() if number is None else number
        self._set(number, 1, self.position, 0)
        self.write(
            b"%d 0 obj\n<<%s/Length %d>>\nstream\n" % (number, entries, len(data))
            + data
            + b"\nendstream\nendobj\n"
        )
        return number

    def add(self, text: bytes, number: int | None = None) -> int:
        """Any other object; it goes into the next object stream."""
        number = self.number() if number is None else number
        self._waiting.append((number, text))
        if len(self._waiting) >= 2000:
            self.flush()
        return number

    def flush(self) -> None:
        """Write the waiting objects as one object stream."""
        if not self._waiting:
            return
        starts, size = array("L"), 0
        for _, text in self._waiting:
            starts.append(size)
            size += len(text) + 1
        numbers = [number for number, _ in self._waiting]
        data = b"\n".join(text for _, text in self._waiting)
        self._waiting = []
        self.packed(numbers, starts, data)

    def packed(self, numbers: list[int], starts: array[int], data: bytes | bytearray) -> None:
        """An object stream of finished objects."""
        head = stream_index(numbers, starts)
        body = zlib.compress(head + data, 5)
        entries = b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(numbers), len(head))
        own = self.stream(entries, body)
        for index, number in enumerate(numbers):
            self._set(number, 2, own, index)

    def close(self) -> None:
        """Cross-reference stream and trailer."""
        self.flush()
        start, number = self.position, self.number()
        self._set(number, 1, start, 0)
        self._where[0:7] = b"\x00\x00\x00\x00\x00\xff\xff"
        identity = self.digest()[:32].encode()
        table = zlib.compress(bytes(self._where), 6)
        self.write(
            b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]"
            b"/Filter/FlateDecode/Length %d>>\nstream\n"
            % (number, number + 1, CATALOG, INFO, identity, identity, len(table))
        )
        self.write(table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start)
