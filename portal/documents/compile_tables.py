"""Tables, budget tables: rows in their order, computed columns, sums, totals.

Rows are never hidden because they are zero: an unrealised kegiatan is part of the account. What a
table computes by itself comes from outlines.sums, so that the book and the form cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from portal.documents.compile_cells import NUMBERS, number_text, run, value_text
from portal.documents.inputs import EntryIn, Inputs, number
from portal.documents.tree import Cell, Row
from portal.outlines import sums
from portal.outlines.parts import Budget, FixedRow
from portal.outlines.parts import Column as OutlineColumn
from portal.outlines.parts import Table as TablePart
from portal.outlines.schema import row_of

Numbers = Mapping[str, Decimal | None]
ZERO_NOTE = "n/a: nilai tidak dapat dihitung karena pembagi = 0."


@dataclass
class Line:
    """A row on its way into the book: texts and exact numbers by column key."""

    uid: str
    texts: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, Decimal] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)  # column -> where it was typed
    level: int = 0
    summed: bool = False
    of: str = ""  # the isian that it belongs to, for tracing

    def ref(self, column: str) -> str:
        """Where a printed value comes from: its cell, or the computation of its row."""
        typed = self.refs.get(column, "")
        return typed or (f"calc:{self.of}:{self.uid}:{column}" if self.of else "")


def lines_of(part: TablePart | Budget, entry: EntryIn | None, inputs: Inputs) -> list[Line]:
    """All lines of one entry: of the person, of the format, or one per thing of the region."""
    typed = {row.uid: row.cells for row in entry.rows} if entry else {}
    plan = given_rows(part, inputs)
    if part.rows.kind == "free":
        lines = [_line(part, FixedRow.model_construct(key=uid, cells={}), cells, entry)
                 for uid, cells in typed.items()]  # fmt: skip
    else:
        lines = [_line(part, fixed, typed.get(fixed.key, {}), entry) for fixed in plan]
    filled = sums.fill_table(part, [(line.uid, line.numbers) for line in lines])
    for line in lines:
        found = {k: v for k, v in filled[line.uid].items() if v is not None}
        for key in found.keys() - line.numbers.keys():
            line.refs.pop(key, None)
        line.numbers = found
    return lines


def given_rows(part: TablePart | Budget, inputs: Inputs) -> tuple[FixedRow, ...]:
    """Rows that the format prescribes or that the things of the region make."""
    if part.rows.kind == "fixed":
        return part.rows.items
    if part.rows.kind == "over":
        return tuple(row_of(part, item) for item in inputs.list_of(part.rows.over))
    return ()


def _line(
    part: TablePart | Budget, fixed: FixedRow, typed: Mapping[str, str], entry: EntryIn | None
) -> Line:
    line = Line(fixed.key, level=fixed.level, summed=bool(fixed.sum_of),
                of=entry.ref if entry else "")  # fmt: skip
    for column in part.columns:
        given = fixed.cells.get(column.key)
        value = typed.get(column.key, "") if given is None else given
        if sums.computed(column) or not value:
            continue
        if line.summed and column.type in NUMBERS and column.rolls:
            continue  # the sum is computed, whatever an older version has stored
        if given is None and entry is not None:
            line.refs[column.key] = f"cell:{entry.ref}:{fixed.key}:{column.key}"
        found = number(value) if column.type in NUMBERS else None
        if found is None:
            line.texts[column.key] = value_text(column, value)
        else:
            line.numbers[column.key] = found
    return line


def typed_any(lines: Sequence[Line]) -> bool:
    """True when a person has typed at least one cell."""
    return any(line.refs for line in lines)


def rows_of(part: TablePart | Budget, lines: Sequence[Line], numbered: bool) -> list[Row]:
    """Printed rows with "No" in front."""
    rows = []
    for n, line in enumerate(lines, start=1):
        cells = [Cell(run(str(n)))] if numbered else []
        for index, column in enumerate(part.columns):
            cells.append(cell_of(column, line, line.level if index == 0 else 0))
        rows.append(Row(tuple(cells), "total" if line.summed else "body"))
    return rows


def zero_divisor(columns: Sequence[OutlineColumn], lines: Sequence[Line]) -> bool:
    """True when a formula of a row has no value because it would divide by zero."""
    return any(_by_zero(column, line) for line in lines for column in columns)


def _by_zero(column: OutlineColumn, line: Line) -> bool:
    return (
        bool(column.formula)
        and column.key not in line.numbers
        and "pembagi" in sums.why(column, line.numbers)
    )


def cell_of(column: OutlineColumn, line: Line, indent: int) -> Cell:
    """One printed cell of a row."""
    if column.key in line.numbers:
        text = number_text(column, line.numbers[column.key])
    elif _by_zero(column, line):
        text = "n/a"
    else:
        text = line.texts.get(column.key, "")
    ref = line.ref(column.key) if column.key in line.numbers else line.refs.get(column.key, "")
    return Cell(run(text, ref), indent=indent)


def whose(lines: Sequence[Line]) -> str:
    """The isian that lines belong to, ``part@repeat@*`` for those of many units."""
    of = {line.of for line in lines if line.of}
    if len(of) == 1:
        return of.pop()
    return f"{min(of).rpartition('@')[0]}@*" if of else "@@*"


def total_row(part: TablePart, label: str, lines: Sequence[Line], numbered: bool) -> Row:
    """``Jumlah`` over the leading columns without a total, then the totals."""
    totals = sums.total_row(part, [ln.numbers for ln in lines if not ln.summed])
    columns = part.columns
    lead = next((i for i, c in enumerate(columns) if c.total), len(columns))
    span = lead + (1 if numbered else 0)
    cells = [Cell(run(label), colspan=span, align="center")] if span else []
    for column in columns[lead:]:
        value = totals.get(column.key) if column.total else None
        ref = f"total:{whose(lines)}::{column.key}"
        cells.append(Cell(run(number_text(column, value), ref) if value is not None else ()))
    return Row(tuple(cells), "total")
