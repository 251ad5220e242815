"""The neutral document: what compiling makes and both printers print.

A Document is a cover, front matter and units. A unit is the smallest piece that starts on a new
page in one orientation; printers may render units apart. Every number that a reader sees
(chapters, tables, figures, cells) stands here as text; no printer counts or rounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style. ``datum`` names the stored thing a number came from."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    superscript: bool = False
    datum: str = ""


Text = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 is the bab (number ``BAB II``), 2 ``2.1``, 3 ``2.1.1``, 4 ``a.``."""

    level: int
    number: str
    text: str
    key: str  # anchor; unique in the document
    listed: bool = True  # stands in the daftar isi


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Body text, a note, a centred line; ``subtitle`` and ``above`` stay with what follows."""

    runs: Text
    style: Literal["body", "note", "center", "plain", "subtitle", "above"] = "body"


@dataclass(frozen=True, slots=True)
class ListBlock:
    """Items with their printed marks (``1.``, ``a.``, ``•``); depth 0 or 1."""

    items: tuple[tuple[str, int, Text], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """Width is a share (they add up to 1); align is for body cells."""

    width: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Cell:
    """Text of a cell; spans count columns and rows."""

    text: Text
    colspan: int = 1
    rowspan: int = 1
    align: Align | None = None
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A body row; ``total`` and ``group`` rows print bold."""

    cells: tuple[Cell, ...]
    kind: Literal["body", "total", "group"] = "body"


@dataclass(frozen=True, slots=True)
class Table:
    """A captioned table. ``number`` is ``Tabel 2.1``, "" for a table inside a narrative."""

    key: str
    number: str
    caption: str
    columns: tuple[Column, ...]
    head: tuple[tuple[Cell, ...], ...]
    rows: tuple[Row, ...]
    source: str = ""
    notes: tuple[str, ...] = ()
    plain: bool = False  # running text side by side, without lines: Nama : ..., two signatures
    size: float = 0.0  # points of the type of a piece, as the whole table has it; 0: what fits


@dataclass(frozen=True, slots=True)
class Picture:
    """A captioned picture; bytes lie in the store. ``vector`` is an SVG twin for the PDF."""

    key: str
    number: str  # Gambar 2.1
    caption: str
    sha256: str
    media: str
    width_mm: float
    height_mm: float
    alt: str
    source: str = ""
    vector: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A required part that is missing: printed as a marked gap in a Konsep."""

    title: str
    supplier: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Signature block, right half; four free lines between office and name."""

    place_date: str
    office: tuple[str, ...]  # ("BUPATI CONTOH,",)
    name: str
    under: tuple[str, ...] = ()  # pangkat, NIP; empty for a kepala daerah


@dataclass(frozen=True, slots=True)
class Spacer:
    """An empty line."""


Block = Heading | Paragraph | ListBlock | Table | Picture | Gap | Signature | Spacer


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest piece that starts on a new page, in one orientation."""

    key: str
    chapter: str  # "II": prefix of the page numbers; "" for front matter (i, ii, iii)
    landscape: bool
    blocks: tuple[Block, ...]
    starts_chapter: bool = False  # page numbers begin anew at 1


@dataclass(frozen=True, slots=True)
class Cover:
    """Stacked, centred lines; ``emblem`` is the lambang daerah in the store, or ""."""

    emblem: str
    lines: tuple[tuple[str, bool], ...]  # text, large
    foot: str = ""  # only on a Konsep

    @property
    def stacked(self) -> tuple[tuple[str, bool], ...]:
        """The lines with the space above them; a cover without a lambang begins lower."""
        return (("", False),) * (2 if self.emblem else 7) + self.lines


@dataclass(frozen=True, slots=True)
class Marks:
    """What is stamped on every page and is no part of the content."""

    footer: str = ""  # name of the document
    draft: str = ""  # KONSEP 3, data per 2 Maret 2026
    watermark: str = ""  # DRAF, while the format is belum dicocokkan
    sample: str = ""  # DATA CONTOH


@dataclass(frozen=True, slots=True)
class Document:
    """A whole book, ready for both printers."""

    title: str  # also the title in the metadata of the files
    subject: str
    author: str  # the region, never a person
    language: str
    paper: Literal["F4", "A4"]
    cover: Cover | None
    preface: Unit | None
    lists: tuple[Literal["contents", "tables", "figures"], ...]
    units: tuple[Unit, ...]
    marks: Marks = field(default_factory=Marks)
    before: tuple[Unit, ...] = ()  # between cover and preface, without page numbers
    after: tuple[Unit, ...] = ()  # between preface and contents

    @property
    def front(self) -> tuple[Unit, ...]:
        """All units before the contents, in the order of the book."""
        preface = (self.preface,) if self.preface else ()
        return (*self.before, *preface, *self.after)


def blocks(document: Document) -> Iterator[tuple[Unit, Block]]:
    """All blocks in the order of the book, front matter first."""
    for unit in (*document.front, *document.units):
        for block in unit.blocks:
            yield unit, block


def plain(text: Text) -> str:
    """The words of a text."""
    return "".join(run.text for run in text)


def dump(document: Document) -> str:
    """The document as plain lines, for golden tests and for comparing two builds."""
    out = [f"document {document.title!r} {document.paper}"]
    if document.cover:
        out += [f"  cover {line!r}" for line, _ in document.cover.lines]
    seen: Unit | None = None
    for unit, block in blocks(document):
        if unit is not seen:
            turn = "landscape" if unit.landscape else "portrait"
            out.append(f"unit {unit.key} chapter={unit.chapter or '-'} {turn}")
            seen = unit
        out += [f"  {line}" for line in _lines(block)]
    return "\n".join(out) + "\n"


def _lines(block: Block) -> list[str]:
    match block:
        case Heading():
            return [f"h{block.level} {block.number} {block.text}"]
        case Paragraph():
            return [f"p.{block.style} {plain(block.runs)}"]
        case ListBlock():
            return [f"li{depth} {mark} {plain(text)}" for mark, depth, text in block.items]
        case Table():
            return _table_lines(block)
        case Picture():
            return [f"picture {block.number} {block.caption}", f"  source {block.source}"]
        case Gap():
            return [f"gap {block.title} ({block.supplier})"]
        case Signature():
            lines = (block.place_date, *block.office, block.name, *block.under)
            return [f"sign {line}" for line in lines]
        case Spacer():
            return ["space"]


def _table_lines(table: Table) -> list[str]:
    out = [f"table {table.number} {table.caption}"]
    out += ["  head " + " | ".join(plain(c.text) for c in row) for row in table.head]
    out += [f"  {r.kind} " + " | ".join(plain(c.text) for c in r.cells) for r in table.rows]
    if table.source:
        out.append(f"  source {table.source}")
    return out + [f"  note {note}" for note in table.notes]


# Words that both printers add by themselves stand here once, so that they cannot differ.

CONTENTS_TITLES = {
    "contents": "DAFTAR ISI",
    "tables": "DAFTAR TABEL",
    "figures": "DAFTAR GAMBAR",
}


def source_words(source: str) -> str:
    """The line under a table or picture; ``source`` comes without the word."""
    return f"Sumber: {source}"


def gap_words(gap: Gap) -> str:
    """The marked gap of a Konsep."""
    return f"[BELUM DIISI] {gap.title} (pengampu: {gap.supplier})"
