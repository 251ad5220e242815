"""Parts of the outline -> blocks: narrative, list, computed text, picture, chart, table, budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from portal.documents import compile_budget, compile_dprd, compile_fed, compile_measures, richtext
from portal.documents import compile_tables as tables
from portal.documents.compile_book import Book, is_text, note
from portal.documents.compile_cells import (
    bare_source,
    columns_of,
    head_of,
    label,
    run,
)  # fmt: skip
from portal.documents.compile_drawn import chart, computed
from portal.documents.compile_indicators import figure_text, indicators, matrix
from portal.documents.inputs import EntryIn
from portal.documents.tree import (
    Block,
    Cell,
    ListBlock,
    Paragraph,
    Picture,
    Row,
    Run,
    Table,
)  # fmt: skip
from portal.outlines.parts import (
    FED,
    Borrowed,
    Budget,
    Chart,
    Computed,
    Indicators,
    ListPart,
    Matrix,
    Measures,
    Narrative,
    Recommendations,
    applies,
    typed,
)
from portal.outlines.parts import Column as OutlineColumn
from portal.outlines.parts import Picture as PicturePart
from portal.outlines.parts import Table as TablePart
from portal.outlines.schema import Placed
from portal.reports import chips

UNAUDITED = "Angka realisasi belum diaudit (unaudited)."
#: A table of many Perangkat Daerah with more rows than this becomes a table for each of them.
SPLIT_ROWS = 150
ELSEWHERE = (*compile_budget.PARTS, Borrowed, Recommendations, *FED)


def part(book: Book, placed: Placed, titled: bool, landscape: bool) -> bool:
    """Put one part into the book; False when it left nothing behind."""
    if not applies(placed.part, book.inputs.year):
        return False
    kind = placed.part
    if isinstance(kind, ELSEWHERE):
        return _elsewhere(book, placed, titled, landscape)
    if isinstance(kind, Chart):
        return _emit(book, placed, chart(book, placed, kind), landscape)
    if isinstance(kind, Matrix):
        return _emit(book, placed, matrix(book, placed, kind), kind.landscape or landscape)
    if isinstance(kind, Measures) and not typed(kind):
        made = compile_measures.table(book, placed, kind)
        return _emit(book, placed, made, kind.landscape or landscape)
    if isinstance(kind, Computed):
        return _emit(book, placed, computed(book, placed, kind), landscape)
    entries = book.inputs.of(kind, placed.repeat_key)
    head = [_subtitle(book, placed)] if titled and is_text(kind) else []
    if isinstance(kind, TablePart) and len(entries) > 1:
        return _joined(book, placed, kind, entries, landscape)
    if not entries:
        return _nobody(book, placed, head, landscape)
    left = False
    for entry in entries:
        above = [_unit_name(book, entry)] if len(entries) > 1 else []
        left |= _entry(book, placed, entry, [*head, *above], landscape)
        head = []
    return left


def _elsewhere(book: Book, placed: Placed, titled: bool, landscape: bool) -> bool:
    """Parts whose content is kept outside the isian of this report."""
    kind = placed.part
    if isinstance(kind, Borrowed):
        return _borrowed(book, placed, kind, titled, landscape)
    if isinstance(kind, Recommendations):
        found = compile_dprd.blocks(book, placed, kind)
        return _emit(book, placed, found, kind.landscape or landscape)
    if isinstance(kind, FED):
        return compile_fed.part(book, placed, landscape)
    return compile_budget.part(book, placed, landscape)


def _borrowed(
    book: Book, placed: Placed, kind: Borrowed, titled: bool, landscape: bool
) -> bool:  # fmt: skip
    """A part of another report of the year as it stands there, under the number of this book."""
    found = book.inputs.borrowed(kind.report, kind.part)
    if found is None:
        name = kind.report.upper()
        words = f"[{book.title(placed)}: diambil dari {name} tahun ini, yang belum dibuka]"
        return _emit(book, placed, [note(words)], landscape)
    own = found.model_copy(update={"title": kind.title or found.title, "required": kind.required})
    there = Placed(placed.chapter, placed.sections, own, placed.item)
    return part(book, there, titled, landscape)


def _emit(book: Book, placed: Placed, blocks: Sequence[Block], landscape: bool) -> bool:
    wanted = book.wanted(placed)
    book.emit(blocks, landscape, wanted)
    return bool(blocks) and wanted


def _nobody(book: Book, placed: Placed, head: Sequence[Block], landscape: bool) -> bool:
    """A part without any isian: the region has named nobody for it."""
    if not placed.part.required:
        return False
    return _emit(book, placed, [*head, *book.gap(placed, None)], landscape)


def _entry(
    book: Book, placed: Placed, entry: EntryIn, head: Sequence[Block], landscape: bool
) -> bool:  # fmt: skip
    """One isian: its content, its gap, or nothing when it is optional and empty."""
    wide = landscape or bool(getattr(placed.part, "landscape", False))
    blocks = content(book, placed, entry, wide) if book.inputs.visible(entry) else []
    if blocks:
        landscape = wide
        blocks = [*book.pending(placed, entry), *blocks]
    elif placed.part.required or entry.document:
        blocks = book.gap(placed, entry)
    wanted = book.wanted(placed, entry.unit)
    book.emit([*head, *blocks] if blocks else [], landscape, wanted)
    return bool(blocks) and wanted


def content(book: Book, placed: Placed, entry: EntryIn, landscape: bool) -> list[Block]:
    """The blocks of one isian, [] when there is nothing in it."""
    kind = placed.part
    if isinstance(kind, Narrative):
        return narrative(book, placed, entry, landscape)
    if isinstance(kind, ListPart):
        return _list(kind, entry)
    if isinstance(kind, PicturePart):
        return _picture(book, placed, kind, entry, landscape)
    if isinstance(kind, Indicators):
        return indicators(book, placed, kind, entry)
    if isinstance(kind, Measures):
        return compile_measures.table(book, placed, kind)
    if isinstance(kind, TablePart | Budget):
        return _table(book, placed, kind, entry)
    return []


def _subtitle(book: Book, placed: Placed) -> Paragraph:
    return Paragraph((Run(book.words(placed.part.title, placed.item), bold=True),), "subtitle")


def _unit_name(book: Book, entry: EntryIn) -> Paragraph:
    return Paragraph((Run(book.inputs.unit_name(entry.unit), bold=True),), "subtitle")


def narrative(book: Book, placed: Placed, entry: EntryIn, landscape: bool) -> list[Block]:
    """Clean HTML as blocks; pictures with a text of their own are numbered."""
    source = entry.fields.get("text", "")
    if richtext.empty(source):
        return []

    def picture(sha: str, alt: str) -> Picture:
        return book.picture(sha, alt.strip(), landscape=landscape, numbered=bool(alt.strip()))

    key = book.units.anchor(f"n.{placed.part.key}.{placed.repeat_key}.{entry.unit}")
    live = chips.fill(source, lambda ref: figure_text(book, ref), "datum")
    return richtext.blocks_of(live, key, picture, f"text:{entry.ref}")


def _list(kind: ListPart, entry: EntryIn) -> list[Block]:
    texts = [(row.uid, row.cells.get("text", "").strip()) for row in entry.rows]
    items = tuple(
        (richtext.mark(kind.style, n, 0), 0, (Run(text, datum=f"cell:{entry.ref}:{uid}:text"),))
        for n, (uid, text) in enumerate([found for found in texts if found[1]], start=1)
    )
    return [ListBlock(items)] if items else []


def _picture(
    book: Book, placed: Placed, kind: PicturePart, entry: EntryIn, landscape: bool
) -> list[Block]:
    sha = entry.fields.get("file", "")
    if not sha:
        return []
    caption = entry.fields.get("caption", "").strip() or book.title(placed)
    source = book.words(kind.source, placed.item)
    return [book.picture(sha, caption, source, landscape)]


def _table(book: Book, placed: Placed, kind: TablePart | Budget, entry: EntryIn) -> list[Block]:
    lines = tables.lines_of(kind, entry, book.inputs)
    if not tables.typed_any(lines):
        return []
    numbered = isinstance(kind, TablePart) and kind.numbered
    rows = tables.rows_of(kind, lines, numbered)
    if isinstance(kind, TablePart) and kind.total:
        rows.append(tables.total_row(kind, book.words(kind.total, placed.item), lines, numbered))
    return [_framed(book, placed, kind, rows, lines, entry.unit)]


Filled = list[tuple[EntryIn, list[tables.Line]]]


def _joined(
    book: Book, placed: Placed, kind: TablePart, entries: Sequence[EntryIn], landscape: bool
) -> bool:
    """One table over several Perangkat Daerah; a long one becomes a table for each of them.

    Tables of the other units count too, so that a part of the book has the numbers of the whole.
    """
    filled: Filled = []
    before: list[Block] = []
    for entry in entries:
        wanted = book.wanted(placed, entry.unit)
        seen = book.inputs.visible(entry)
        own = tables.lines_of(kind, entry, book.inputs) if seen else []
        if tables.typed_any(own):
            filled.append((entry, own))
            before += book.pending(placed, entry) if wanted else []
        elif wanted and (kind.required or entry.document):
            before += book.gap(placed, entry)
    wide = landscape or kind.landscape
    book.emit(before, wide if filled else landscape, True)
    if not filled:
        return bool(before)
    if sum(len(lines) for _, lines in filled) > SPLIT_ROWS:
        return _apart(book, placed, kind, filled, wide) or bool(before)
    mine = [(entry, lines) for entry, lines in filled if book.wanted(placed, entry.unit)]
    if not mine:
        book.table_number()  # counted, not printed
        return bool(before)
    book.emit([_together(book, placed, kind, mine)], wide, True)
    return True


def _together(book: Book, placed: Placed, kind: TablePart, filled: Filled) -> Table:
    """A group row for each Perangkat Daerah, one total over all."""
    rows: list[Row] = []
    lines: list[tables.Line] = []
    for entry, own in filled:
        name = Cell(run(book.inputs.unit_name(entry.unit)), _wide(kind), align="left")
        rows.append(Row((name,), "group"))
        rows += tables.rows_of(kind, own, kind.numbered)
        lines += own
    if kind.total:
        words = book.words(kind.total, placed.item)
        rows.append(tables.total_row(kind, words, lines, kind.numbered))
    return _framed(book, placed, kind, rows, lines, "bersama")


def _apart(book: Book, placed: Placed, kind: TablePart, filled: Filled, wide: bool) -> bool:
    """A table with its own total and its own page for each unit, a recapitulation before them."""
    left = False
    if kind.total and any(column.total for column in kind.columns):
        recap = _recap(book, placed, kind, filled)
        left = book.wanted(placed)
        book.emit([recap], wide, left)
    for entry, lines in filled:
        rows = tables.rows_of(kind, lines, kind.numbered)
        if kind.total:
            words = book.words(kind.total, placed.item)
            rows.append(tables.total_row(kind, words, lines, kind.numbered))
        table = _framed(book, placed, kind, rows, lines, entry.unit)
        if book.wanted(placed, entry.unit):
            name = book.inputs.unit_name(entry.unit)
            book.units.page(f"{kind.key}.{placed.repeat_key}.{entry.unit}")
            book.emit([replace(table, caption=f"{table.caption} – {name}")], wide, True)
            left = True
    return left


def _recap(book: Book, placed: Placed, kind: TablePart, filled: Filled) -> Table:
    """The totals of each Perangkat Daerah, and of all."""
    columns = tuple(c for c in kind.columns if c.total)
    name = OutlineColumn(
        key="perangkat_daerah_", label="Perangkat Daerah", width=2.5 * _mean(columns)
    )
    recap = kind.model_copy(update={"columns": (name, *columns), "numbered": True})
    rows = []
    for n, (entry, lines) in enumerate(filled, start=1):
        total = tables.total_row(kind, "", lines, False)
        cells = [c for c, column in zip(_spread(total), kind.columns, strict=True) if column.total]
        unit = Cell(run(book.inputs.unit_name(entry.unit)))
        rows.append(Row((Cell(run(str(n))), unit, *cells)))
    everything = [line for _, lines in filled for line in lines]
    words = book.words(kind.total, placed.item)
    rows.append(tables.total_row(recap, words, everything, True))
    table = _framed(book, placed, recap, rows, (), "rekapitulasi")
    return replace(table, caption=f"Rekapitulasi {table.caption}", notes=())


def _spread(row: Row) -> list[Cell]:
    """The cells of a row, one for each column."""
    return [cell for cell in row.cells for _ in range(cell.colspan)]


def _mean(columns: Sequence[OutlineColumn]) -> float:
    return sum(column.width for column in columns) / len(columns)


def _wide(kind: TablePart) -> int:
    return len(kind.columns) + kind.numbered


def _framed(
    book: Book, placed: Placed, kind: TablePart | Budget, rows: list[Row],
    lines: Sequence[tables.Line], unit: str,
) -> Table:  # fmt: skip
    numbered = isinstance(kind, TablePart) and kind.numbered
    labels = [label(column, book.words(column.label, placed.item)) for column in kind.columns]
    columns = [
        column.model_copy(update={"group": book.words(column.group, placed.item)})
        for column in kind.columns
    ]
    notes = [tables.ZERO_NOTE] if tables.zero_divisor(kind.columns, lines) else []
    if isinstance(kind, Budget) and kind.unaudited:
        notes.append(UNAUDITED)
    return Table(
        key=book.units.anchor(f"t.{kind.key}.{placed.repeat_key}.{unit}"),
        number=book.table_number(), caption=book.title(placed),
        columns=columns_of(kind.columns, numbered), head=head_of(columns, labels, numbered),
        rows=tuple(rows), source=bare_source(book.words(kind.source, placed.item)),
        notes=tuple(notes),
    )  # fmt: skip
