"""A book as plain lines with the origin of every number: kept beside each build.

Two builds are compared by their lines, without compiling them again, and an issued year that is
built again on another engine can be shown to say the same. Lines hold words and references only;
numbers of tables, pictures and pages do not count as words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.db import canonical_json
from portal.documents.tree import (
    Block,
    Document,
    Gap,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Signature,
    Table,
    Text,
    blocks,
    plain,
)

VERSION = 1
CONTINUED = ".lanjutan"
#: Reference of a cell that a cell of a row above covers.
BELOW = "^"

Runs = list[list[str]]  # [text, reference]


@dataclass(frozen=True)
class Line:
    """One block: its kind, the chapter it stands in, and what it says (see ``_data``)."""

    kind: str  # h heading, p text, t table, i picture, g gap, s signature, c cover
    chapter: str
    data: dict[str, Any]


def lines_of(document: Document) -> list[Line]:
    """The lines of a book in reading order; a table of many pages is one line."""
    out: list[Line] = []
    if document.cover:
        out.append(Line("c", "", {"lines": [text for text, _ in document.cover.lines if text]}))
    for unit, block in blocks(document):
        for kind, data in _data(block):
            if kind == "t" and CONTINUED in data["key"] and out and out[-1].kind == "t":
                out[-1].data["rows"].extend(data["rows"])
                continue
            out.append(Line(kind, unit.chapter, data))
    return out


def text_of(lines: list[Line]) -> str:
    """The lines as canonical JSON, the same for the same words whatever prints them."""
    body = [[line.kind, line.chapter, line.data] for line in lines]
    return canonical_json({"v": VERSION, "lines": body})


def digest(lines: list[Line]) -> str:
    """SHA-256 of the lines."""
    return hashlib.sha256(text_of(lines).encode()).hexdigest()


def read(data: bytes) -> list[Line]:
    """The lines that ``text_of`` wrote; ValueError for anything else."""
    found = json.loads(data)
    if found.get("v") != VERSION:
        raise ValueError("lines of another version")
    return [Line(kind, chapter, body) for kind, chapter, body in found["lines"]]


def _data(block: Block) -> Iterator[tuple[str, dict[str, Any]]]:
    match block:
        case Heading():
            yield "h", {"level": block.level, "number": block.number, "text": block.text,
                        "key": block.key}  # fmt: skip
        case Paragraph():
            yield "p", {"runs": _runs(block.runs)}
        case ListBlock():
            for _mark, depth, text in block.items:
                yield "p", {"runs": _runs(text), "depth": depth}
        case Table():
            yield "t", {
                "key": block.key, "number": block.number, "caption": block.caption,
                "head": _labels(block), "rows": _rows(block),
                "source": block.source, "notes": list(block.notes),
            }  # fmt: skip
        case Picture():
            # a chart is drawn from a table that stands in the book; its bytes say nothing new
            sha = "" if block.vector or block.key.startswith("g.") else block.sha256
            yield "i", {"key": block.key, "number": block.number, "caption": block.caption,
                        "sha": sha}  # fmt: skip
        case Gap():
            yield "g", {"title": block.title, "supplier": block.supplier}
        case Signature():
            yield "s", {"lines": [block.place_date, *block.office, block.name, *block.under]}


def _runs(text: Text) -> Runs:
    """Neighbours of one origin are one run: bold and italic are no words."""
    out: Runs = []
    for run in text:
        if out and out[-1][1] == run.datum:
            out[-1][0] += run.text
        else:
            out.append([run.text, run.datum])
    return out


def _rows(table: Table) -> list[list[Any]]:
    """[kind, cells] of each row, one cell for every column.

    A cell over several columns is followed by empty ones; under one over several rows stands
    ``BELOW``, so that every cell keeps to its column.
    """
    reach: dict[int, int] = {}  # column -> rows that a cell above still covers
    out = []
    for row in table.rows:
        cells: list[Runs] = []
        for cell in row.cells:
            cells += _covered(reach, len(cells))
            at = len(cells)
            cells.append(_runs(cell.text))
            cells += [[] for _ in range(cell.colspan - 1)]
            reach |= {at + n: cell.rowspan - 1 for n in range(cell.colspan) if cell.rowspan > 1}
        cells += _covered(reach, len(cells))
        out.append([row.kind, cells])
    return out


def _covered(reach: dict[int, int], at: int) -> list[Runs]:
    """Cells from column ``at`` on that a cell of a row above covers; each counts one row less."""
    found: list[Runs] = []
    while reach.get(at + len(found)):
        reach[at + len(found)] -= 1
        found.append([["", BELOW]])
    return found


def _labels(table: Table) -> list[str]:
    """Full label of every column: ``Anggaran (Rp) Sebelum Perubahan``; groups stand before."""
    width = len(table.columns)
    grid: list[list[str]] = [["" for _ in range(width)] for _ in table.head]
    taken = [[False] * width for _ in table.head]
    for r, cells in enumerate(table.head):
        at = 0
        for cell in cells:
            while at < width and taken[r][at]:
                at += 1
            words = plain(cell.text)
            for down in range(r, min(r + cell.rowspan, len(table.head))):
                for across in range(at, min(at + cell.colspan, width)):
                    taken[down][across] = True
                    grid[down][across] = words if down == r else ""
            at += cell.colspan
    return [" ".join(dict.fromkeys(row[n] for row in grid if row[n])) for n in range(width)]
