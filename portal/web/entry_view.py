"""What a section page shows, as plain values: templates only print it.

Built from the outline, the stored cells and last year's content; one view per kind of part.
Names of inputs are the targets of operations (``f:text``, ``c:<row>:<column>``), so a page works
the same with and without JavaScript.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from portal.figures.expr import Expr, dotted
from portal.outlines import sums
from portal.outlines.parts import Budget, Column, ColumnType, FixedRow, Table
from portal.outlines.table_checks import numeric
from portal.reports import derived, reading
from portal.reports.queries import CellView
from portal.web.entry_window import Window

_OPS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


@dataclass(frozen=True)
class Cell:
    """One cell of a form table. ``how``: in | area | choice | text | calc."""

    how: str
    target: str = ""
    shown: str = ""
    rev: int = 0
    doubt: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    last: str = ""
    number: bool = False
    rpn: str = ""
    places: int | None = None
    labels: str = ""  # ids of the column's and the row's headings
    carried: int = 0  # year it was brought over from, while nobody has looked at it


@dataclass(frozen=True)
class Head:
    """One heading: ``span`` columns, or two rows when it has no group."""

    text: str
    id: str = ""
    span: int = 1
    deep: int = 1
    number: bool = False
    help: str = ""
    unit: str = ""
    example: str = ""


@dataclass(frozen=True)
class Row:
    """One row of a form table."""

    uid: str
    no: str
    cells: tuple[Cell, ...]
    level: int = 0
    free: bool = False
    gone: bool = False
    span: int = 0  # a heading over so many columns; its one cell is the text


@dataclass(frozen=True)
class TableView:
    """A table as it is filled."""

    heads: tuple[tuple[Head, ...], ...]
    rows: tuple[Row, ...]
    blank: Row | None  # the pattern of a new row, for tables with free rows
    numbered: bool
    total_label: str
    totals: tuple[Cell, ...]
    columns: tuple[Column, ...]
    window: Window | None = None  # of a long table: which rows these are


def places_of(column: Column) -> int | None:
    """Digits behind the comma of a computed number, as ``derived.show`` writes it."""
    return column.places if column.places is not None else derived.PLACES.get(column.type)


def rpn(expr: Expr) -> str:
    """The formula for the browser in reverse Polish, "" when it needs more than + - * /."""
    out: list[str] = []

    def walk(node: ast.expr) -> bool:
        if isinstance(node, ast.BinOp) and type(node.op) in _OPS:
            done = walk(node.left) and walk(node.right)
            out.append(_OPS[type(node.op)])
            return done
        if isinstance(node, ast.Constant):
            out.append(str(node.value))
            return True
        name = dotted(node)
        out.append(name or "")
        return name is not None

    return " ".join(out) if walk(expr.tree) else ""


def typed_text(
    column: Column, cell: CellView | None
) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """(what stands in the input, the question about it, possible answers)."""
    if cell is None:
        return "", "", ()
    if cell.raw:
        again = reading.read(column.type, cell.raw, column.choices)
        return cell.raw, again.doubt, again.choices
    return reading.show(column.type, cell.value, column.places), "", ()


@dataclass
class _Maker:
    """Makes the rows of one table."""

    columns: tuple[Column, ...]
    last: Mapping[str, str]
    writable: bool

    def cell(self, column: Column, place: int, uid: str, stored: CellView | None,
             fixed: str | None, number: Decimal | None) -> Cell:  # fmt: skip
        """One cell: a given text, a computed value, or an input."""
        target = f"c:{uid}:{column.key}"
        is_number = numeric(column)
        if fixed is not None:
            return Cell("text", target, fixed, number=is_number)
        if sums.computed(column):
            formula = rpn(sums.expression(column.formula)) if column.formula else ""
            return Cell("calc", target, derived.show(column, number), number=True, rpn=formula,
                        places=places_of(column), last=self.last.get(target, ""))  # fmt: skip
        shown, doubt, choices = typed_text(column, stored)
        rev = stored.rev if stored else 0
        last, carried = self.last.get(target, ""), stored.carried if stored else 0
        if not self.writable:
            return Cell("text", target, shown, rev, doubt, last=last, number=is_number,
                        carried=carried)  # fmt: skip
        how = "in"
        if column.type is ColumnType.CHOICE:
            how, choices = "choice", tuple((c, c) for c in column.choices)
        elif column.type is ColumnType.TEXT and column.width >= 2:
            how = "area"
        return Cell(how, target, shown, rev, doubt, choices, last, is_number,
                    labels=f"k{place} h-{uid}", carried=carried)  # fmt: skip

    def row(self, uid: str, no: str, cells: Mapping[str, CellView], given: FixedRow | None,
            numbers: Mapping[str, Decimal | None], free: bool,
            gone: bool = False) -> Row:  # fmt: skip
        """One row with its cells in the order of the columns."""
        texts = given.cells if given else {}
        made = []
        for place, column in enumerate(self.columns):
            fixed: str | None = texts.get(column.key)
            if given and given.sum_of and numeric(column) and column.rolls and fixed is None:
                value = numbers.get(column.key)
                target = f"c:{uid}:{column.key}"
                made.append(Cell("calc", target, derived.show(column, value), number=True,
                                 last=self.last.get(target, "")))  # fmt: skip
                continue
            made.append(self.cell(column, place, uid, cells.get(column.key), fixed,
                                  numbers.get(column.key)))  # fmt: skip
        return Row(uid, no, tuple(made), given.level if given else 0, free, gone)


def heads_of(
    columns: tuple[Column, ...], numbered: bool, free: bool
) -> tuple[tuple[Head, ...], ...]:
    """One row of headings, or two when columns are grouped."""
    grouped = any(c.group for c in columns)
    deep = 2 if grouped else 1
    top: list[Head] = [Head("No", deep=deep)] if numbered else []
    below: list[Head] = []
    at = 0
    while at < len(columns):
        column = columns[at]
        if not column.group:
            top.append(_head(column, at, deep))
            at += 1
            continue
        end = at
        while end < len(columns) and columns[end].group == column.group:
            below.append(_head(columns[end], end, 1))
            end += 1
        top.append(Head(column.group, span=end - at))
        at = end
    if free:
        top.append(Head("", deep=deep))
    return (tuple(top), tuple(below)) if grouped else (tuple(top),)


def _head(column: Column, at: int, deep: int) -> Head:
    unit = column.unit or {"rupiah": "Rp", "percent": "%"}.get(column.type.value, "")
    return Head(column.label, f"k{at}", deep=deep, number=numeric(column), help=column.help,
                unit="" if unit in column.label else unit, example=column.example)  # fmt: skip


def table_view(
    part: Table | Budget, given: tuple[FixedRow, ...],
    rows: Iterable[tuple[str, bool]], cells: Mapping[tuple[str, str], CellView],
    last: Mapping[str, str],
    writable: bool, window: Window | None = None,
) -> TableView:  # fmt: skip
    """The form of a table. ``rows`` are the free rows as (uid, deleted), in order.

    With a ``window`` only its rows are made; totals are those of the whole table.
    """
    columns = part.columns
    by_row: dict[str, dict[str, CellView]] = {}
    for (uid, name), cell in cells.items():
        if uid:
            by_row.setdefault(uid, {})[name] = cell
    free = part.rows.kind == "free"
    uids = list(rows) if free else [(item.key, False) for item in given]
    values = [
        (uid, derived.numbers(columns, {k: c.value for k, c in by_row.get(uid, {}).items()}))
        for uid, gone in uids if not gone
    ]  # fmt: skip
    filled = sums.fill_table(part, values)
    maker = _Maker(columns, last, writable)
    by_key = {item.key: item for item in given}
    numbered = isinstance(part, Table) and part.numbered
    made = tuple(
        maker.row(
            uid, str(n), by_row.get(uid, {}), by_key.get(uid), filled.get(uid, {}), free, gone
        )
        for n, (uid, gone) in list(enumerate(uids, 1))[_span(window)]
    )
    blank = maker.row("__", "#N", {}, None, {}, True) if free and writable else None
    return TableView(
        heads_of(columns, numbered, free and writable), made, blank, numbered,
        part.total if isinstance(part, Table) else "", _totals(part, filled, window is None),
        columns, window,
    )  # fmt: skip


def _span(window: Window | None) -> slice:
    return slice(window.first, window.first + window.size) if window else slice(None)


def _totals(
    part: Table | Budget, filled: Mapping[str, sums.Numbers], whole: bool
) -> tuple[Cell, ...]:
    """The row of totals; the browser adds up itself only what it shows ``whole``."""
    if not isinstance(part, Table) or not part.total:
        return ()
    numbers = sums.total_row(part, list(filled.values()))
    return tuple(
        Cell("calc" if c.total else "text", f"t:{c.key}", derived.show(c, numbers.get(c.key)),
             number=numeric(c), rpn="sum" if whole and c.total == "sum" else "",
             places=places_of(c))
        for c in part.columns
    )  # fmt: skip
