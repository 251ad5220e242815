"""What a table computes by itself: formula columns, rows that add up, the total row; pure.

Numbers go in as Decimal or None (empty); they come out exact, unrounded. A cell without a value
is None; why a formula has none is told by ``why``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from portal.figures.expr import Expr, Undefined, evaluate, parse
from portal.outlines.parts import Budget, Column, FixedRow, Table
from portal.outlines.table_checks import numeric

Numbers = Mapping[str, Decimal | None]
_EXPRS: dict[str, Expr] = {}


def computed(column: Column) -> bool:
    """True when nobody types the column."""
    return bool(column.formula or column.share_of)


def expression(text: str) -> Expr:
    """The parsed formula; outlines were checked before, so it does parse."""
    found = _EXPRS.get(text)
    if found is None:
        found = _EXPRS[text] = parse(text)
    return found


def fill_row(columns: Sequence[Column], typed: Numbers) -> dict[str, Decimal | None]:
    """The numbers of one row with its formula columns; formulas may use one another."""
    known: dict[str, Decimal | None] = {
        c.key: typed.get(c.key) for c in columns if numeric(c) and not computed(c)
    }
    waiting = [c for c in columns if c.formula]
    while waiting:
        later = [c for c in waiting if not set(expression(c.formula).names) <= known.keys()]
        if len(later) == len(waiting):
            break  # a circle; the checker refuses it
        for column in waiting:
            if column not in later:
                found = evaluate(expression(column.formula), known)
                known[column.key] = None if isinstance(found, Undefined) else found
        waiting = later
    return known


def why(column: Column, numbers: Numbers) -> str:
    """Why a formula cell is empty, as a sentence; "" when it is not."""
    found = evaluate(expression(column.formula), numbers) if column.formula else None
    return found.reason if isinstance(found, Undefined) else ""


def add_rows(
    items: Sequence[FixedRow], columns: Sequence[Column], rows: Mapping[str, Numbers]
) -> dict[str, dict[str, Decimal | None]]:
    """Fixed rows with their sums (``sum_of``, ``-key`` subtracts), then their formula columns.

    A sum over rows that are all empty is empty; single empty rows count as nothing.
    """
    by_key = {item.key: item for item in items}
    plain = [c for c in columns if numeric(c) and not computed(c)]
    done: dict[str, dict[str, Decimal | None]] = {}

    def typed(key: str) -> dict[str, Decimal | None]:
        if key not in done:
            item = by_key[key]
            if not item.sum_of:
                done[key] = {c.key: rows.get(key, {}).get(c.key) for c in plain}
            else:
                parts = [(typed(k.removeprefix("-")), k.startswith("-")) for k in item.sum_of]
                own = rows.get(key, {})
                done[key] = {
                    c.key: _sum(c.key, parts) if c.rolls else own.get(c.key) for c in plain
                }
        return done[key]

    return {item.key: fill_row(columns, typed(item.key)) for item in items}


def _sum(key: str, parts: Sequence[tuple[Numbers, bool]]) -> Decimal | None:
    found = [(-v if minus else v) for row, minus in parts if (v := row[key]) is not None]
    return sum(found, Decimal(0)) if found else None


def total_row(part: Table, rows: Sequence[Numbers]) -> dict[str, Decimal | None]:
    """The total of every column that has one: sums first, then formulas over the sums."""
    sums: dict[str, Decimal | None] = {}
    for column in part.columns:
        if column.total == "sum":
            found = [v for row in rows if (v := row.get(column.key)) is not None]
            sums[column.key] = sum(found, Decimal(0)) if found else None
    out = dict(sums)
    for column in part.columns:
        if column.total and column.total != "sum":
            result = evaluate(expression(column.total), sums)
            out[column.key] = None if isinstance(result, Undefined) else result
    return out


def fill_table(
    part: Table | Budget, rows: Sequence[tuple[str, Numbers]]
) -> dict[str, dict[str, Decimal | None]]:
    """All numbers of a table by row uid; fixed tables come back with all their rows."""
    if part.rows.kind == "fixed":
        filled = add_rows(part.rows.items, part.columns, dict(rows))
    else:
        filled = {uid: fill_row(part.columns, numbers) for uid, numbers in rows}
    for column in part.columns:
        if column.share_of:
            _shares(column, filled, part.rows.items)
    return filled


def _shares(
    column: Column, filled: dict[str, dict[str, Decimal | None]], items: Sequence[FixedRow]
) -> None:
    """Percent of the column's total; rows that add up others are not counted twice."""
    sums = {item.key for item in items if item.sum_of}
    given = {uid: row.get(column.share_of) for uid, row in filled.items()}
    whole = sum((v for uid, v in given.items() if v is not None and uid not in sums), Decimal(0))
    for uid, row in filled.items():
        value = given[uid]
        row[column.key] = None if value is None or whole == 0 else value / whole * 100
