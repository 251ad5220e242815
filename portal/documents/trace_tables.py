"""Origins of cells, of what a row computes, of sums over rows, and of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from portal.db import db
from portal.documents import trace_budget, trace_measures
from portal.documents.borrowing import all_parts
from portal.documents.compile_cells import number_text
from portal.documents.trace_origin import Origin, Tracer
from portal.figures.expr import Undefined, evaluate
from portal.indonesian import number
from portal.outlines import holes, sums, trees
from portal.outlines.parts import (
    Budget,
    Column,
    ColumnType,
    Computed,
    FixedRow,
    Measures,
    Table,
    TreeTable,
)
from portal.outlines.schema import Placed
from portal.reports import places
from portal.reports import queries as reports
from portal.reports.content import cells_of
from portal.reports.models import Entry, EntryCell

Numbers = Mapping[str, Decimal | None]
COUNTS = {"program": ("program", 1), "kegiatan": ("kegiatan", 2), "sub": ("sub kegiatan", 3)}


@dataclass
class Filled:
    """The rows of one isian with their exact numbers, computed ones too."""

    columns: tuple[Column, ...]
    numbers: dict[str, dict[str, Decimal | None]]
    items: dict[str, FixedRow]
    cells: dict[str, Mapping[str, str]]

    def column(self, key: str) -> Column | None:
        """A column by key, as people type it."""
        return next((c for c in self.columns if c.key == key), None)

    @property
    def tops(self) -> list[str]:
        """Rows that no other row adds up."""
        inner = {c.removeprefix("-") for i in self.items.values() for c in i.sum_of}
        return [uid for uid in self.numbers if uid not in inner]


def filled(tracer: Tracer, entry: Entry, placed: Placed) -> Filled:
    """The table of an isian; read once."""
    key = ("filled", entry.id)
    if key not in tracer.kept:
        tracer.kept[key] = _filled(tracer, entry, placed)
    return tracer.kept[key]  # type: ignore[return-value]


def _filled(tracer: Tracer, entry: Entry, placed: Placed) -> Filled:
    part = placed.part
    assert isinstance(part, Table | Budget)  # noqa: S101 - asked by the callers
    if isinstance(part, trees.TREES):
        rows = trace_budget.rows_of(tracer, entry, part)
        cells: dict[str, Mapping[str, str]] = {uid: row.cells for uid, row in rows.items()}
        full = trees.with_rows(part, list(cells.items()))
        assert isinstance(full, Table | Budget)  # noqa: S101 - with_rows keeps the kind
        part, given = full, full.rows.items
    else:
        cells = {r.uid: r.cells for r in reports.content_of(entry).rows}
        things = places.things(entry.report.structure_date)
        given = places.given_rows(tracer.edition(entry.report), part, things)
    items = {item.key: item for item in given}
    uids = list(items) or list(cells)
    typed = [(uid, _numbers(part.columns, items.get(uid), cells.get(uid, {}))) for uid in uids]
    return Filled(part.columns, sums.fill_table(part, typed), items, cells)


def _column(tracer: Tracer, entry: Entry, table: Filled, name: str) -> Column | None:
    """A column by key; ``persen@<table>`` is computed by the table that prints a budget part."""
    key, _, printing = name.partition("@")
    for part in all_parts(tracer.edition(entry.report)) if printing else ():
        if isinstance(part, TreeTable) and part.key == printing:
            return next((c for c in part.columns if c.key == key), None)
    return table.column(key)


def _numbers(
    columns: Sequence[Column], item: FixedRow | None, cells: Mapping[str, str]
) -> dict[str, Decimal | None]:
    given = item.cells if item is not None else {}
    return {
        c.key: trace_budget.number_of(given.get(c.key) or cells.get(c.key, ""))
        for c in columns if not sums.computed(c)
        and c.type in (ColumnType.WHOLE, ColumnType.DECIMAL, ColumnType.PERCENT, ColumnType.RUPIAH)
    }  # fmt: skip


# --- cells ----------------------------------------------------------------------------------


def cell(tracer: Tracer, kind: str, rest: str) -> Origin | None:
    """``part@repeat@UNIT:row:column``: who typed it and when, or the formula of its column."""
    where, _, tail = rest.partition(":")
    row, _, column = tail.rpartition(":")
    if where.endswith("@"):
        return trace_measures.row(tracer, f"{kind}:{rest}", where, row, column)
    homes = tracer.homes(where)
    if not homes:
        return None
    entry, placed = homes[0]
    if kind == "calc":
        return _calc(tracer, f"calc:{rest}", entry, placed, row, column)
    if isinstance(placed.part, trees.TREES):
        found = trace_budget.cell(tracer, entry, placed, row, column)
        if found is not None:
            found.ref = f"cell:{rest}"
        return found
    return typed(tracer, f"cell:{rest}", entry, placed, row, column)


def typed(
    tracer: Tracer, ref: str, entry: Entry, placed: Placed, row: str, column: str
) -> Origin | None:
    """A cell that a person typed."""
    key = ("cells", entry.id)
    if key not in tracer.kept:
        found = db.session.scalars(sa.select(EntryCell).where(EntryCell.entry_id == entry.id))
        tracer.kept[key] = {(c.row, c.field): c for c in found}
    stood: dict[tuple[str, str], EntryCell] = tracer.kept[key]  # type: ignore[assignment]
    one = stood.get((row, column))
    if one is None:
        return None
    label = next((c.label for c in places.columns_of(placed.part) if c.key == column), column)
    exact = trace_budget.number_of(one.value or "")
    made = Origin(
        ref, "sel", f"{places.part_title(placed)}, kolom {label}", one.value or one.raw or "",
        exact, "", one.by_label, one.at, "", one.rev, entry.id,
    )  # fmt: skip
    made.value = number(exact) if exact is not None else made.value
    return tracer.settled(made)


def _calc(
    tracer: Tracer, ref: str, entry: Entry, placed: Placed, row: str, column: str
) -> Origin | None:
    table = filled(tracer, entry, placed)
    found, numbers = _column(tracer, entry, table, column), table.numbers.get(row)
    if found is None or numbers is None:
        return None
    where = ref.partition(":")[2].partition(":")[0]
    exact = numbers.get(found.key)
    if found is not table.column(found.key):
        exact = sums.fill_row((*table.columns, found), numbers).get(found.key)
    column = found.key
    made = Origin(
        ref, "hitungan", f"{places.part_title(placed)}, {_row_name(table, row)}, {found.label}",
        number_text(found, exact) if exact is not None else "", exact, entry_id=entry.id,
    )  # fmt: skip
    item = table.items.get(row)
    parts: list[Origin] = []
    if found.formula:
        made.formula = found.formula
        names = sums.expression(found.formula).names
        parts = [o for n in names if (o := _beside(tracer, table, where, row, n)) is not None]
    elif found.share_of:
        made.formula = f"persen dari jumlah {found.share_of}"
        parts = [o for o in (_beside(tracer, table, where, row, found.share_of),
                             total(tracer, f"total:{where}::{found.share_of}")) if o]  # fmt: skip
    elif item is not None and item.sum_of:
        minus = any(c.startswith("-") for c in item.sum_of)
        made.formula = "selisih baris di bawahnya" if minus else "penjumlahan baris di bawahnya"
        for code in item.sum_of:
            one = _beside(tracer, table, where, code.removeprefix("-"), column, deep=False)
            if one is not None and one.exact is not None:
                if code.startswith("-"):
                    one.exact, one.title = -one.exact, f"dikurangi {one.title}"
                parts.append(one)
    return tracer.settled(tracer.shortened(made, parts))


def _beside(
    tracer: Tracer, table: Filled, where: str, row: str, column: str, deep: bool = True
) -> Origin | None:
    """Another cell of the table: typed, or computed (``deep``: with what it is made from)."""
    item, found = table.items.get(row), table.column(column)
    exact = table.numbers.get(row, {}).get(column)
    if found is None or exact is None:
        return None
    if sums.computed(found) or (item is not None and item.sum_of and found.rolls):
        if deep:
            return cell(tracer, "calc", f"{where}:{row}:{column}")
        title = f"{_row_name(table, row)}, {found.label}"
        ref = f"calc:{where}:{row}:{column}"
        return Origin(ref, "hitungan", title, number_text(found, exact), exact)
    return cell(tracer, "cell", f"{where}:{row}:{column}")


def _row_name(table: Filled, row: str) -> str:
    given = table.items[row].cells if row in table.items else {}
    texts = {**given, **table.cells.get(row, {})}
    code = texts.get("kode", "")
    words = next((t for k, t in texts.items() if k != "kode" and any(c.isalpha() for c in t)), "")
    return f"{code} {words}".strip()[:120] or f"baris {row}"


# --- sums -----------------------------------------------------------------------------------


def total(tracer: Tracer, ref: str) -> Origin | None:
    """``part@repeat@UNIT:codes:column``: a sum over rows, or a formula over such sums."""
    rest = ref.partition(":")[2]
    where, _, tail = rest.partition(":")
    codes, _, column = tail.rpartition(":")
    if where.endswith("@") and not where.endswith("@@*"):
        return trace_measures.total(tracer, ref, where, column)
    homes = [(e, p) for e, p in tracer.homes(where) if isinstance(p.part, Table | Budget)]
    if not homes:
        return None
    tables = [(e, p, filled(tracer, e, p)) for e, p in homes if tracer.seen(e)]
    title = f"Jumlah {places.part_title(homes[0][1])}"
    made = Origin(ref, "jumlah", title, entry_id=homes[0][0].id)
    if column in COUNTS and not any(t.column(column) for _, _, t in tables):
        return _count(tracer, made, [t for _, _, t in tables], codes, column)
    found = next((c for e, _, t in tables if (c := _column(tracer, e, t, column))), None)
    formula = _formula(found, column)
    if formula:
        return _of_sums(tracer, made, found, formula, f"{where}:{codes}")
    parts = [o for e, p, t in tables for o in _rows(tracer, e, p, t, codes, column)]
    values = [o.exact for o in parts if o.exact is not None]
    made.exact = sum(values, Decimal(0)) if values else None
    if made.exact is not None:
        made.value = number_text(found, made.exact) if found else number(made.exact)
    made.title = f"{title}, {found.label}" if found else title
    made.formula = f"penjumlahan {len(parts)} baris"
    return tracer.settled(tracer.shortened(made, parts))


def _formula(column: Column | None, key: str) -> str:
    """What a total cell computes from other totals, "" when it adds up."""
    if column is None:
        return "realisasi / pagu * 100" if key == "persen" else ""
    if column.formula:
        return column.formula
    return column.total if column.total and column.total != "sum" else ""


def _of_sums(
    tracer: Tracer, made: Origin, column: Column | None, formula: str, where: str
) -> Origin:
    expression = sums.expression(formula)
    parts = [o for n in expression.names if (o := total(tracer, f"total:{where}:{n}")) is not None]
    known = {o.ref.rpartition(":")[2]: o.exact for o in parts}
    result = evaluate(expression, {n: known.get(n) for n in expression.names})
    made.formula, made.parts = formula, parts
    if not isinstance(result, Undefined):
        made.exact = result
        made.value = number_text(column, result) if column else number(result, 2)
    return tracer.settled(made)


def _rows(
    tracer: Tracer, entry: Entry, placed: Placed, table: Filled, codes: str, column: str
) -> list[Origin]:
    """The rows that a sum adds: those that no other of them adds up."""
    unit = tracer.unit_codes.get(entry.supplier_unit_id, "")
    where = f"{entry.part_key}@{entry.repeat_key}@{unit}"
    heads = [c for c in codes.split(",") if c]
    mine = {u for u in table.numbers if not heads or any(
        u == h or u.startswith(f"{h}.") for h in heads)}  # fmt: skip
    inner = {c.removeprefix("-") for u in mine if u in table.items for c in table.items[u].sum_of}
    if not isinstance(placed.part, trees.TREES):
        mine = {u for u in mine if u not in table.items or not table.items[u].sum_of}
        inner = set()
    return [
        o for u in table.numbers if u in mine and u not in inner
        and (o := _beside(tracer, table, where, u, column, deep=False)) is not None
    ]  # fmt: skip


def _count(
    tracer: Tracer, made: Origin, tables: Sequence[Filled], codes: str, column: str
) -> Origin:
    """How many programs, kegiatan or sub kegiatan have money or a result."""
    words, level = COUNTS[column]
    heads = [c for c in codes.split(",") if c]
    n, programs = 0, set()
    for table in tables:
        for uid, numbers in table.numbers.items():
            if heads and not any(uid == h or uid.startswith(f"{h}.") for h in heads):
                continue
            if not any(v is not None for v in numbers.values()):
                continue
            programs.add(".".join(uid.split(".")[:3]))
            n += table.items[uid].level == level
    made.exact = Decimal(len(programs) if level == 1 else n)
    made.value, made.formula = number(made.exact, 0), f"banyaknya {words} yang berisi angka"
    where = made.ref.partition(":")[2].rpartition(":")[0]
    made.parts = [o for o in (total(tracer, f"total:{where}:pagu"),) if o is not None]
    made.title = f"Banyaknya {words}"
    return tracer.settled(made)


# --- texts ----------------------------------------------------------------------------------


def text(tracer: Tracer, ref: str, where: str) -> Origin | None:
    """A narrative: who wrote it last."""
    homes = tracer.homes(where)
    if not homes:
        return None
    entry, placed = homes[0]
    found = cells_of(entry.id).get(("", "text"))
    made = Origin(ref, "narasi", f"Narasi {places.part_title(placed)}", entry_id=entry.id)
    if found is not None:
        made.person, made.at, made.rev = found.by_label, found.at, found.rev
    return tracer.settled(made)


def sentence(tracer: Tracer, ref: str, where: str) -> Origin | None:
    """A sentence of the format whose holes are filled from tables."""
    key, _, repeat = where.partition("@")
    found = tracer.placed(key, repeat)
    if found is None or not isinstance(found[1].part, Computed):
        return None
    part = found[1].part
    made = Origin(ref, "hitungan", places.part_title(found[1]), formula=part.text)
    for hole in holes.holes(part.text):
        if not hole.kind:
            continue
        name = hole.names[0]
        at = tracer.placed(name, repeat) or tracer.placed(name, "")
        if at is None:
            continue
        one = _hole(tracer, at[1], hole)
        own = f"{name}@{at[1].repeat_key}@*"
        if one is None:
            homes = tracer.homes(own)
            entry_id = homes[0][0].id if homes else 0
            one = Origin(f"text:{own}", "jumlah", places.part_title(at[1]), entry_id=entry_id)
        made.parts.append(one)
        made.entry_id = made.entry_id or one.entry_id
    return tracer.settled(made)


def _hole(tracer: Tracer, placed: Placed, hole: holes.Hole) -> Origin | None:
    """The sum or the cell that a hole names; None for a count or an extreme."""
    where = f"{placed.part.key}@{placed.repeat_key}@"
    if hole.kind == "sum":
        return total(tracer, f"total:{where}*::{hole.names[1]}")
    if hole.kind != "value":
        return None
    _, uid, column = hole.names
    if isinstance(placed.part, Measures):
        return tracer.follow(f"calc:{where}:{uid}:{column}")
    for entry, _ in tracer.homes(f"{where}*"):
        own = f"{where}{tracer.unit_codes.get(entry.supplier_unit_id, '')}:{uid}:{column}"
        one = tracer.follow(f"calc:{own}")
        if one is not None:
            return one if one.parts else tracer.follow(f"cell:{own}") or one
    return None
