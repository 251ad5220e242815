"""Merged cells of an OpenDocument sheet, which the reader of cells does not tell."""

from __future__ import annotations

import io
import zipfile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
#: Rows and columns beyond which nothing is looked at; the reader of cells has the same limits.
_FURTHEST = (20_000, 120)
Ranges = tuple[tuple[int, int, int, int], ...]


def merged(data: bytes) -> dict[str, Ranges]:
    """Sheet name -> (first row, first column, last row, last column) from 0; {} for other files."""
    found: dict[str, list[tuple[int, int, int, int]]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            if "content.xml" not in book.namelist():
                return {}
            _walk(book.read("content.xml"), found)
    except (zipfile.BadZipFile, ParseError, DefusedXmlException, KeyError, ValueError):
        return {}
    return {name: tuple(ranges) for name, ranges in found.items()}


def _walk(content: bytes, found: dict[str, list[tuple[int, int, int, int]]]) -> None:
    """Count rows and cells, with those that stand for many."""
    own: list[tuple[int, int, int, int]] = []
    row = column = 0
    for event, node in iterparse(io.BytesIO(content), events=("start", "end")):
        if event == "start" and node.tag == f"{_TABLE}table":
            own = found.setdefault(node.get(f"{_TABLE}name", ""), [])
            row = 0
        elif event == "start" and node.tag == f"{_TABLE}table-row":
            column = 0
        elif event == "end" and node.tag == f"{_TABLE}table-row":
            row += _count(node, "number-rows-repeated")
            node.clear()
        elif event == "end" and node.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            wide, deep = _count(node, "number-columns-spanned"), _count(node, "number-rows-spanned")
            if (wide > 1 or deep > 1) and row < _FURTHEST[0] and column < _FURTHEST[1]:
                own.append((row, column, row + deep - 1, column + wide - 1))
            column += _count(node, "number-columns-repeated")


def _count(node: object, name: str) -> int:
    """A repeated or spanned number, 1 without."""
    text = node.get(f"{_TABLE}{name}", "1")  # type: ignore[attr-defined]
    return max(int(text), 1) if text.isdigit() and len(text) < 8 else 1
