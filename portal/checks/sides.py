"""Reading one side of a link from the sheet: match key and quantity -> value and place. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fnmatch import fnmatchcase

from portal import indonesian
from portal.checks.sheet import ColumnIn, LineIn, Place, Sheet, TableIn
from portal.checks.spec import Service, ServiceTable, Side
from portal.figures import rules as figures
from portal.figures.expr import Undefined, evaluate, parse

#: The book of figures that no isian asks for.
CARRIER = "lppd"
#: (match key, quantity)
Key = tuple[str, str]


@dataclass(frozen=True)
class Found:
    """A value of one side, where it stands, and the satuan written beside it."""

    value: Decimal
    place: Place
    unit: str = ""


def shown(value: Decimal) -> str:
    """A number as a note says it."""
    return indonesian.number(value)


def normal(text: str) -> str:
    """Text for matching: letters and digits, small, single blanks."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def read(sheet: Sheet, side: Side) -> Iterator[tuple[Key, Found]]:
    """All values of a side; a table whose part is not in any report gives none."""
    if side.elements:
        yield from _elements(sheet, side)
    elif side.indicators:
        yield from _indicators(sheet, side)
    else:
        tables = sheet.old_tables if side.back else sheet.tables
        for table in tables.get((side.kind, side.part), ()):
            if table.book.period in ("", "TW4"):
                yield from _table(sheet, side, table)


def _table(sheet: Sheet, side: Side, table: TableIn) -> Iterator[tuple[Key, Found]]:
    wanted = [line for line in table.lines if not side.rows or fnmatchcase(line.uid, side.rows)]
    if side.match in ("total", "unit"):
        key = table.topic if side.match == "total" else table.unit
        yield from _sums(side, table, [ln for ln in wanted if not ln.summed], key)
        return
    if side.match == "unit_row":
        yield from _by_unit(sheet, side, table, wanted)
        return
    for line in wanted:
        if line.summed and side.match.startswith("text:"):
            continue
        match = _match(sheet, side, table, line)
        if match is None:
            continue
        for quantity, column in side.columns.items():
            value = line.numbers.get(column)
            if value is not None:
                unit = line.texts.get(side.unit, "") if side.unit else ""
                yield (match, quantity), Found(value, cell_place(table, line, column), unit)


def _match(sheet: Sheet, side: Side, table: TableIn, line: LineIn) -> str | None:
    own = table.unit if table.book.kind == "sakip" and table.unit == table.book.owner else ""
    if side.match.startswith("text:"):
        text = normal(line.texts.get(side.match[5:], ""))
        return f"{own}|{table.topic}|{text}" if text else None
    if side.match.startswith("year:"):
        return table.topic if line.texts.get(side.match[5:]) == str(sheet.year) else None
    if side.match == "digits":
        return "".join(c for c in line.uid if c.isdigit())
    return f"{own}|{table.topic}|{line.uid}"


def _by_unit(
    sheet: Sheet, side: Side, table: TableIn, lines: list[LineIn]
) -> Iterator[tuple[Key, Found]]:
    """Rows that are about a Perangkat Daerah; those of one house are added up."""
    groups: dict[tuple[str, str], list[LineIn]] = {}
    for line in lines:
        unit = sheet.unit_keys.get(line.uid, "")
        for quantity, column in side.columns.items():
            if unit and column in line.numbers:
                groups.setdefault((unit, quantity), []).append(line)
    for (unit, quantity), found in groups.items():
        column = side.columns[quantity]
        total = sum((line.numbers[column] for line in found), Decimal(0))
        place = cell_place(table, found[0], column)
        if len(found) > 1:
            label = f"{place.label} dan {len(found) - 1} baris di bawahnya"
            place = replace(place, label=label, value=with_unit(total, table.columns.get(column)))
        yield (unit, quantity), Found(total, place)


def _sums(side: Side, table: TableIn, lines: list[LineIn], key: str) -> Iterator[tuple[Key, Found]]:
    for quantity, column in side.columns.items():
        values = [v for line in lines if (v := line.numbers.get(column)) is not None]
        if values:
            place = table_place(table, column, sum(values, Decimal(0)))
            yield (key, quantity), Found(sum(values, Decimal(0)), place)


def where(table: TableIn) -> str:
    """``LPPD 2025, Jumlah Penduduk``: the report, the part, and whose it is when many have one."""
    return f"{table.book.title}, {table.section}, “{table.title}”"


def with_unit(value: Decimal, column: ColumnIn | None) -> str:
    """``Rp1.000`` or ``12 orang``."""
    unit = column.unit if column else ""
    if unit == "Rp":
        return f"Rp{shown(value)}"
    return f"{shown(value)} {unit}".strip()


def cell_place(table: TableIn, line: LineIn, column: str) -> Place:
    """A cell as a place."""
    found = table.columns.get(column)
    label = found.label if found else column
    value = line.numbers.get(column)
    return Place(
        f"{where(table)}, baris {line.label}, kolom {label}",
        with_unit(value, found) if value is not None else line.texts.get(column, ""),
        table.unit, table.book.kind, table.book.report_id, table.entry_id,
        f"c:{line.uid}:{column}", address=line.address,
    )  # fmt: skip


def table_place(table: TableIn, column: str, total: Decimal) -> Place:
    """The total of a column as a place."""
    found = table.columns.get(column)
    return Place(
        f"{where(table)}, jumlah kolom {found.label if found else column}", with_unit(total, found),
        table.unit, table.book.kind, table.book.report_id, table.entry_id, "",
    )  # fmt: skip


def element_place(sheet: Sheet, key: str, value: str) -> Place:
    """A datum as a place."""
    e = sheet.catalogue.elements[key]
    return Place(
        f"Data/Indikator, {e.title}, tahun {sheet.year}", f"{value} {e.unit}".strip(),
        sheet.owners.get(key, ""), "" if key in sheet.books else CARRIER, 0,
        sheet.homes.get(key, 0), f"d:{key}:value", key, books=sheet.books.get(key, ()),
    )  # fmt: skip


def element_value(sheet: Sheet, formula: str) -> tuple[Decimal, tuple[str, ...]] | None:
    """A formula over this year's elements with the names in it; None when one has no value."""
    try:
        parsed = parse(formula)
    except ValueError:
        return None
    if any(name not in sheet.catalogue.elements for name in parsed.names):
        return None
    values = {k: v.value for k in parsed.names if (v := sheet.now.get(k)) and not v.raw}
    found = evaluate(parsed, values)
    return None if isinstance(found, Undefined) else (found, parsed.names)


def _elements(sheet: Sheet, side: Side) -> Iterator[tuple[Key, Found]]:
    for quantity, formula in side.elements.items():
        found = element_value(sheet, formula)
        if found is not None:
            value, names = found
            yield ("", quantity), Found(value, element_place(sheet, names[0], shown(value)))


#: Words of makro that other tables use for the same thing.
_SAME = {
    "tingkat pengangguran terbuka": "angka pengangguran",
    "laju pertumbuhan ekonomi": "pertumbuhan ekonomi",
    "persentase penduduk miskin": "angka kemiskinan",
}


def _indicators(sheet: Sheet, side: Side) -> Iterator[tuple[Key, Found]]:
    back = {v: k for k, v in _SAME.items()}
    for one in sheet.catalogue.of(side.indicators, year=sheet.year):
        result = figures.evaluate(one, sheet.now, sheet.before, sheet.catalogue.elements)
        if result.value is None:
            continue
        name = normal(one.shown_title)
        place = element_place(sheet, one.elements[0], shown(result.value))
        found = Found(result.value, place, one.unit)
        yield (f"||{name}", side.quantity), found
        if name in back:
            yield (f"||{back[name]}", side.quantity), found


def service_sides(
    sheet: Sheet, service: Service, tables: tuple[ServiceTable, ...],
    lines: dict[tuple[str, str, str], list[tuple[TableIn, LineIn]]],
) -> Iterator[tuple[str, list[Found]]]:  # fmt: skip
    """People to be served and served of one service: the elements first, then each table."""
    for quantity, formula in (("needed", service.needed), ("served", service.served)):
        found: list[Found] = []
        value = element_value(sheet, formula) if formula else None
        if value is not None:
            e = sheet.catalogue.elements[value[1][0]]
            place = element_place(sheet, value[1][0], shown(value[0]))
            found.append(Found(value[0], place, e.unit))
        for t in tables:
            column = t.needed if quantity == "needed" else t.served
            for table, line in lines.get((t.kind, t.part, service.service), ()):
                number = line.numbers.get(column)
                if number is not None:
                    unit = line.texts.get(t.unit, "") if t.unit else ""
                    found.append(Found(number, cell_place(table, line, column), unit))
        if len(found) > 1:
            yield quantity, found
