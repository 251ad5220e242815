"""The words of a document in reading order: what both printers must show, and nothing else.

Page numbers, contents lists and stamped marks are left out: they differ between PDF and Word by
nature. Tests compare this list with the text that was read back from either file.
"""

from __future__ import annotations

from collections.abc import Iterator

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
    blocks,
    gap_words,
    plain,
    source_words,
)  # fmt: skip


def words(document: Document) -> list[str]:
    """Cover, preface and units as single words, split at any blank."""
    out: list[str] = []
    for line, _large in document.cover.lines if document.cover else ():
        out += line.split()
    if document.cover and document.cover.foot:
        out += document.cover.foot.split()
    for _unit, block in blocks(document):
        for text in block_texts(block):
            out += text.split()
    return out


def block_texts(block: Block) -> Iterator[str]:  # noqa: C901 - one line for each kind of block
    """The texts of one block in the order in which a reader meets them."""
    match block:
        case Heading():
            yield f"{block.number} {block.text}"
        case Paragraph():
            yield plain(block.runs)
        case ListBlock():
            for mark, _depth, text in block.items:
                yield f"{mark} {plain(text)}"
        case Table():
            yield f"{block.number} {block.caption}"
            for cells in (*block.head, *(row.cells for row in block.rows)):
                yield from (plain(cell.text) for cell in cells)
            if block.source:
                yield source_words(block.source)
            yield from block.notes
        case Picture():
            yield f"{block.number} {block.caption}"
            if block.source:
                yield source_words(block.source)
        case Gap():
            yield gap_words(block)
        case Signature():
            yield from (block.place_date, *block.office, block.name, *block.under)
