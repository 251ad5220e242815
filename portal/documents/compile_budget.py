"""Programs and accounts of the budget -> tables: rows of the tree, percent columns, totals, recaps.

A row that has money or a result is never left out, whatever its realisasi: an unrealised kegiatan
is part of the account. Sums are of rupiah, percentages of sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.budget import rules
from portal.documents import compile_tables as tables
from portal.documents.compile_book import Book
from portal.documents.compile_cells import bare_source, columns_of, head_of, label, number_text, run
from portal.documents.inputs import EntryIn
from portal.documents.tree import Block, Cell, Row, Table
from portal.indonesian import number
from portal.outlines import sums, trees
from portal.outlines.parts import Accounts, ColumnType, Programs, TreeRecap, TreeTable
from portal.outlines.parts import Column as OutlineColumn
from portal.outlines.schema import Placed

UNAUDITED = "Angka realisasi belum diaudit (unaudited)."
#: Parts of the outline that this module prints.
PARTS = (Programs, Accounts, TreeTable, TreeRecap)
_MONEY = ("murni", "pagu", "realisasi", "sebelum", "setelah")


@dataclass(frozen=True)
class Own:
    """The rows of one Perangkat Daerah (or of the region, for accounts)."""

    entry: EntryIn
    lines: tuple[tables.Line, ...]


def part(book: Book, placed: Placed, landscape: bool) -> bool:
    """Put a budget part into the book; False when it left nothing behind."""
    kind = placed.part
    if isinstance(kind, TreeTable):
        return _tree_table(book, placed, kind, landscape)
    if isinstance(kind, TreeRecap):
        return _recap(book, placed, kind, landscape)
    if isinstance(kind, Programs | Accounts):
        return _typed(book, placed, kind, landscape)
    return False


def source_part(book: Book, key: str) -> Programs | Accounts | None:
    """The typed part behind a table."""
    if not book.trees:
        book.trees.update(trees.tree_parts(book.inputs.edition))
    return book.trees.get(key)


def owns(book: Book, kind: Programs | Accounts) -> list[Own]:
    """Rows by isian, of those that were handed over; computed once for a book."""
    known = book.tree_lines.get(kind.key)
    if known is None:
        known = []
        for entry in book.inputs.of(kind, ""):
            if not book.inputs.visible(entry):
                continue
            cells = [(row.uid, row.cells) for row in entry.rows]
            full = trees.with_rows(kind, cells)
            assert isinstance(full, Programs | Accounts)  # noqa: S101 - with_rows keeps the kind
            lines = tables.lines_of(full, entry, book.inputs)
            if any(_filled(line) for line in lines):
                known.append(Own(entry, tuple(line for line in lines if _filled(line))))
        book.tree_lines[kind.key] = known
    return known


def _filled(line: tables.Line) -> bool:
    """Zero is something; a row without money and result is only a heading of the chart."""
    return any(key in line.numbers for key in (*_MONEY, "target", "capaian"))


def lines_of(book: Book, kind: Programs | Accounts) -> list[tables.Line]:
    """All rows of a part, for charts and sentences."""
    return [line for own in owns(book, kind) for line in own.lines]


# --- a typed part that prints itself --------------------------------------------------------


def _typed(book: Book, placed: Placed, kind: Programs | Accounts, landscape: bool) -> bool:
    """Gaps and marks of the isian; the rows too when no other part prints them."""
    wide = landscape or kind.landscape
    entries = book.inputs.of(kind, "")
    found = {own.entry.unit: own for own in owns(book, kind)}
    left = False
    if not entries and kind.required:
        left = book.wanted(placed)
        book.emit(book.gap(placed, None), wide, left)
    for entry in entries:
        wanted = book.wanted(placed, entry.unit)
        if entry.unit in found:
            marks = book.pending(placed, entry) if kind.printed else _lacking(book, placed, entry)
        else:
            marks = book.gap(placed, entry) if kind.required else []
        book.emit(marks, wide, wanted)
        left |= bool(marks) and wanted
    if kind.printed and found:
        rows = TreeTable(
            kind="tree_table", key=kind.key, title=kind.title, of=kind.key, columns=kind.columns,
            total=kind.total if isinstance(kind, Programs) else "", source=kind.source,
            depth=kind.depth,
        )  # fmt: skip
        left |= _print(book, placed, rows, kind, list(found.values()), wide)
    return left


def _lacking(book: Book, placed: Placed, entry: EntryIn) -> list[Block]:
    """Recorded as not yet accepted, marked where the rows print."""
    book.pending(placed, entry)
    return []


# --- rows under codes -----------------------------------------------------------------------


def codes_of(kind: TreeTable, placed: Placed) -> tuple[str, ...]:
    """Heads of the rows that print; () for all."""
    if kind.codes != ("item",):
        return kind.codes
    text = placed.item.cells.get("kode", "") if placed.item else ""
    return tuple(code.strip() for code in text.split(",") if code.strip())


def _chosen(own: Own, codes: Sequence[str]) -> tuple[tables.Line, ...]:
    if not codes:
        return own.lines
    below = tuple(f"{code}." for code in codes)
    return tuple(ln for ln in own.lines if ln.uid.startswith(below) or ln.uid in codes)


def _tree_table(book: Book, placed: Placed, kind: TreeTable, landscape: bool) -> bool:
    source = source_part(book, kind.of)
    if source is None:
        return False
    wide = landscape or kind.landscape
    codes = codes_of(kind, placed)
    found = [Own(own.entry, lines) for own in owns(book, source) if (lines := _chosen(own, codes))]
    if kind.detail and not any(ln.uid not in codes for own in found for ln in own.lines):
        return False
    left = _waiting(book, placed, source, codes, wide)
    if not found:
        return left
    return _print(book, placed, kind, source, found, wide) or left


def _waiting(
    book: Book, placed: Placed, source: Programs | Accounts, codes: Sequence[str], wide: bool
) -> bool:
    """Marks of rows that belong here and were not handed over, or not yet accepted."""
    left = False
    for entry in book.inputs.of(source, ""):
        if book.inputs.visible(entry) and book.accepted(entry):
            continue
        below = tuple(f"{code}." for code in codes)
        if codes and not any(r.uid.startswith(below) or r.uid in codes for r in entry.rows):
            continue
        wanted = book.wanted(placed, entry.unit)
        marks: list[Block] = []
        if not book.inputs.visible(entry):
            marks = book.gap_only(placed, entry)
        elif not book.accepted(entry):
            marks = book.pending_only(entry)
        book.emit(marks, wide, wanted)
        left |= bool(marks) and wanted
    return left


def _print(
    book: Book, placed: Placed, kind: TreeTable, source: Programs | Accounts,
    found: Sequence[Own], wide: bool,
) -> bool:  # fmt: skip
    mine = [own for own in found if book.wanted(placed, own.entry.unit)]
    if not mine:
        book.table_number()  # counted, not printed
        return False
    rows: list[Row] = []
    tops: list[tables.Line] = []
    grouped = isinstance(source, Programs)
    codes = ",".join(codes_of(kind, placed))
    for own in mine:
        first = _tops(source, own.lines)
        tops += first
        if grouped:
            rows.append(_unit_row(book, kind, own, first, codes))
        rows += [_row(kind, line, grouped) for line in own.lines if line.level <= kind.depth]
    if kind.total:
        words = book.words(kind.total, placed.item)
        rows.append(_total(kind, words, tops, f"{source.key}@@*:{codes}"))
    book.emit([_framed(book, placed, kind, source, rows, mine)], wide, True)
    return True


def _tops(source: Programs | Accounts, lines: Sequence[tables.Line]) -> list[tables.Line]:
    """Rows that no other row of these adds up."""
    nodes = rules.tree(trees.kind_of(source), [line.uid for line in lines])
    inner = {c.removeprefix("-") for node in nodes for c in node.children}
    return [line for line in lines if line.uid not in inner]


def summed(columns: Sequence[OutlineColumn], lines: Sequence[tables.Line]) -> dict[str, Decimal]:
    """Money over rows, and the formulas over those sums; other columns are left out."""
    found: dict[str, Decimal | None] = {}
    for column in columns:
        if column.type is ColumnType.RUPIAH and not sums.computed(column):
            values = [ln.numbers[column.key] for ln in lines if column.key in ln.numbers]
            found[column.key] = sum(values, Decimal(0)) if values else None
    full = sums.fill_row(columns, found)
    money = {c.key for c in columns if c.rolls}
    return {k: v for k, v in full.items() if v is not None and k in money}


def _lead(columns: Sequence[OutlineColumn]) -> int:
    """Columns before the first that a sum fills."""
    for index, column in enumerate(columns):
        if column.type is ColumnType.RUPIAH:
            return index
    return len(columns)


def _named_in(kind: TreeTable, column: OutlineColumn) -> str:
    """A computed column with its table, for another table may compute it otherwise."""
    return f"{column.key}@{kind.key}" if sums.computed(column) else column.key


def _sum_cells(kind: TreeTable, text: Cell, found: dict[str, Decimal], of: str) -> tuple[Cell, ...]:
    cells = [text]
    for column in kind.columns[_lead(kind.columns) :]:
        value = found.get(column.key)
        ref = f"total:{of}:{_named_in(kind, column)}"
        cells.append(Cell(run(number_text(column, value), ref) if value is not None else ()))
    return tuple(cells)


def _unit_row(
    book: Book, kind: TreeTable, own: Own, tops: Sequence[tables.Line], codes: str
) -> Row:
    name = Cell(
        run(book.inputs.unit_name(own.entry.unit)), colspan=_lead(kind.columns), align="left"
    )
    of = f"{own.entry.ref}:{codes}"
    return Row(_sum_cells(kind, name, summed(kind.columns, tops), of), "group")


def _total(kind: TreeTable, text: str, tops: Sequence[tables.Line], of: str) -> Row:
    words = Cell(run(text), colspan=_lead(kind.columns), align="center")
    return Row(_sum_cells(kind, words, summed(kind.columns, tops), of), "total")


def _row(kind: TreeTable, line: tables.Line, programs: bool) -> Row:
    filled = sums.fill_row(kind.columns, line.numbers)
    computed = {
        c.key: f"calc:{line.of}:{line.uid}:{_named_in(kind, c)}"
        for c in kind.columns if sums.computed(c)
    }  # fmt: skip
    shown = tables.Line(
        line.uid, line.texts, {k: v for k, v in filled.items() if v is not None},
        line.refs | computed, line.level, line.summed, line.of,
    )  # fmt: skip
    cells = []
    for column in kind.columns:
        deep = max(line.level - 1, 0) if column.key == "uraian" else 0
        cells.append(tables.cell_of(column, shown, deep))
    strong = line.level <= 1 if programs else line.summed
    return Row(tuple(cells), "total" if strong else "body")


def _framed(
    book: Book, placed: Placed, kind: TreeTable, source: Programs | Accounts, rows: list[Row],
    mine: Sequence[Own],
) -> Table:  # fmt: skip
    labels = [label(c, book.words(c.label, placed.item)) for c in kind.columns]
    columns = [
        c.model_copy(update={"group": book.words(c.group, placed.item)}) for c in kind.columns
    ]
    notes = []
    shown = [line for own in mine for line in own.lines]
    if tables.zero_divisor(kind.columns, shown):
        notes.append(tables.ZERO_NOTE)
    if source.unaudited:
        notes.append(UNAUDITED)
    where = book.words(kind.source or source.source, placed.item)
    return Table(
        key=book.units.anchor(f"t.{kind.key}.{placed.repeat_key}"), number=book.table_number(),
        caption=book.title(placed), columns=columns_of(kind.columns, False),
        head=head_of(columns, labels, False), rows=tuple(rows),
        source=bare_source(where), notes=tuple(notes),
    )  # fmt: skip


# --- recapitulation -------------------------------------------------------------------------

_RECAP = (
    OutlineColumn(key="nama", label="Urusan", width=5),
    OutlineColumn(key="program", label="Program", group="Jumlah", type=ColumnType.WHOLE),
    OutlineColumn(key="kegiatan", label="Kegiatan", group="Jumlah", type=ColumnType.WHOLE),
    OutlineColumn(key="sub", label="Sub Kegiatan", group="Jumlah", type=ColumnType.WHOLE),
    OutlineColumn(key="pagu", label="Anggaran (Rp)", type=ColumnType.RUPIAH, places=0, width=2.2),
    OutlineColumn(key="realisasi", label="Realisasi (Rp)", type=ColumnType.RUPIAH, places=0,
                  width=2.2),
    OutlineColumn(key="persen", label="%", type=ColumnType.PERCENT, places=2, width=0.9,
                  formula="realisasi / pagu * 100"),
)  # fmt: skip


def _recap(book: Book, placed: Placed, kind: TreeRecap, landscape: bool) -> bool:
    source = source_part(book, kind.of)
    found = owns(book, source) if source is not None else []
    if source is None or not found:
        return False
    if not book.wanted(placed):
        book.table_number()
        return False
    columns = _RECAP
    if not kind.over:
        columns = (_RECAP[0].model_copy(update={"label": "Perangkat Daerah"}), *_RECAP[1:])
    named = list(_named(book, kind, found))
    rows = [
        Row((Cell(run(str(n))), Cell(run(name)), *_recap_cells(columns, lines, of)))
        for n, (name, lines, of) in enumerate(named, 1)
    ]
    everything = [line for _, lines, _ in named for line in lines]
    codes = ",".join(of.rpartition(":")[2] for _, _, of in named) if kind.over else ""
    words = Cell(run(book.words(kind.total, placed.item)), colspan=2, align="center")
    of = f"{source.key}@@*:{codes}"
    rows.append(Row((words, *_recap_cells(columns, everything, of)), "total"))
    labels = [label(c, c.label) for c in columns]
    table = Table(
        key=book.units.anchor(f"t.{kind.key}.{placed.repeat_key}"), number=book.table_number(),
        caption=book.title(placed), columns=columns_of(columns, True),
        head=head_of(columns, labels, True), rows=tuple(rows),
        source=bare_source(book.words(kind.source or source.source, placed.item)),
        notes=(UNAUDITED,) if source.unaudited else (),
    )  # fmt: skip
    book.emit([table], landscape or kind.landscape, True)
    return True


def _named(
    book: Book, kind: TreeRecap, found: Sequence[Own]
) -> Iterable[tuple[str, list[tables.Line], str]]:
    """(name, rows, isian:codes that they are) by item of the lists, or by Perangkat Daerah."""
    if not kind.over:
        for own in found:
            yield book.inputs.unit_name(own.entry.unit), list(own.lines), f"{own.entry.ref}:"
        return
    for name in kind.over:
        for item in book.inputs.list_of(name):
            codes = [c.strip() for c in item.cells.get("kode", "").split(",") if c.strip()]
            lines = [line for own in found for line in _chosen(own, codes)] if codes else []
            if lines:
                yield item.title, lines, f"{kind.of}@@*:{','.join(codes)}"


def _recap_cells(
    columns: Sequence[OutlineColumn], lines: Sequence[tables.Line], of: str
) -> tuple[Cell, ...]:
    leaves = [line for line in lines if not line.summed]
    counts = {
        "program": len({_program(line.uid) for line in lines}),
        "kegiatan": sum(line.level == 2 for line in lines),
        "sub": sum(line.level == 3 for line in lines),
    }
    money = summed(columns, leaves)
    cells = []
    for column in columns[1:]:
        if column.key in counts:
            cells.append(Cell(run(number(counts[column.key], 0), f"total:{of}:{column.key}")))
        else:
            value = money.get(column.key)
            cells.append(Cell(run(number_text(column, value), f"total:{of}:{column.key}")
                              if value is not None else ()))  # fmt: skip
    return tuple(cells)


def _program(code: str) -> str:
    return ".".join(rules.segments(code)[:3])
