"""What makes a table of an outline wrong: its columns, rows, formulas and sums; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.figures.expr import FormulaError, parse
from portal.outlines.duties import REGION_LISTS
from portal.outlines.parts import Accounts, Budget, Column, ColumnType, FixedRow, Programs, Table
from portal.outlines.schema import Edition

Path = tuple[str | int, ...]
NUMERIC = frozenset({ColumnType.WHOLE, ColumnType.DECIMAL, ColumnType.PERCENT, ColumnType.RUPIAH})


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where in the file."""

    path: Path
    reason: str


Problems = Iterator[Problem]


def twice(keys: Sequence[tuple[str, Path]], what: str) -> Problems:
    """A key that stands a second time."""
    count = Counter(key for key, _ in keys)
    seen: set[str] = set()
    for key, path in keys:
        if count[key] > 1 and key in seen:
            yield Problem((*path, "key"), f"kunci {what} “{key}” sudah dipakai di atas.")
        seen.add(key)


def known_list(edition: Edition, name: str) -> bool:
    """True for a list of the edition or of the region."""
    return name in edition.lists or name in REGION_LISTS


def unknown(what: str, word: str, known: Sequence[str]) -> str:
    """A sentence for a word that is not among the known ones."""
    return f"{what} “{word}” tidak dikenal; yang ada: {', '.join(known) or 'tidak ada'}."


def check_table(edition: Edition, part: Table | Budget, path: Path) -> Problems:
    """All that is wrong with one table."""
    columns = [(column.key, (*path, "columns", i)) for i, column in enumerate(part.columns)]
    if not columns:
        yield Problem(path, f"tabel “{part.key}” tanpa kolom.")
    yield from twice(columns, "kolom")
    known = {column.key: column for column in part.columns}
    for column, (_, where) in zip(part.columns, columns, strict=True):
        yield from check_column(column, where, known)
    if isinstance(part, Table) and not part.total and any(c.total for c in part.columns):
        yield Problem(path, "ada kolom berjumlah, tetapi label baris jumlah (total) kosong.")
    if not isinstance(part, Programs | Accounts):  # their rows are those of the budget
        yield from _rows(edition, part, path, known)
    yield from _formula_circle(part, path)


def numeric(column: Column) -> bool:
    """True when the column holds numbers, typed or computed."""
    return column.type in NUMERIC


def check_column(column: Column, path: Path, known: dict[str, Column]) -> Problems:
    """All that is wrong with one column beside the others."""
    if column.width <= 0:
        yield Problem((*path, "width"), "lebar kolom harus lebih dari 0.")
    if column.places is not None and not 0 <= column.places <= 8:
        yield Problem((*path, "places"), "angka di belakang koma harus 0 sampai 8.")
    if (column.type is ColumnType.CHOICE) != bool(column.choices):
        yield Problem((*path, "choices"), "pilihan (choices) hanya dan harus ada pada tipe choice.")
    if (column.formula or column.total or column.share_of) and not numeric(column):
        yield Problem((*path, "type"), "kolom rumus atau berjumlah harus bertipe angka.")
    numbers = {key for key, each in known.items() if numeric(each)}
    if column.share_of and (column.formula or column.share_of not in numbers - {column.key}):
        reason = unknown("kolom angka", column.share_of, sorted(numbers - {column.key}))
        yield Problem((*path, "share_of"), reason)
    if column.formula:
        yield from _formula(column.formula, (*path, "formula"), numbers)
    if column.total and column.total != "sum":
        totalled = {key for key in numbers if known[key].total == "sum"}
        yield from _formula(column.total, (*path, "total"), totalled)


def _formula(text: str, path: Path, known: set[str]) -> Problems:
    try:
        expr = parse(text)
    except FormulaError as error:
        yield Problem(path, str(error))
        return
    if expr.previous:
        yield Problem(path, "prev() hanya untuk indikator, bukan untuk kolom tabel.")
    for name in expr.names:
        if name not in known:
            yield Problem(path, unknown("kolom angka", name, sorted(known)))


def _formula_circle(part: Table | Budget, path: Path) -> Problems:
    uses: dict[str, tuple[str, ...]] = {}
    for column in part.columns:
        try:
            uses[column.key] = parse(column.formula).names if column.formula else ()
        except FormulaError:
            return  # told already
    for i, column in enumerate(part.columns):
        if column.formula and _reaches(column.key, column.key, uses):
            where = (*path, "columns", i, "formula")
            yield Problem(where, f"rumus kolom “{column.key}” memakai dirinya sendiri.")


def _reaches(start: str, goal: str, uses: dict[str, tuple[str, ...]]) -> bool:
    seen: set[str] = set()
    todo = list(uses.get(start, ()))
    while todo:
        name = todo.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            todo += uses.get(name, ())
    return False


def _rows(edition: Edition, part: Table | Budget, path: Path, known: dict[str, Column]) -> Problems:
    rows, here = part.rows, (*path, "rows")
    if (rows.kind == "fixed") != bool(rows.items):
        yield Problem(here, "baris tetap (items) hanya dan harus ada pada kind fixed.")
    if (rows.kind == "over") != bool(rows.over):
        yield Problem(here, "over hanya dan harus ada pada kind over.")
    if rows.kind == "over" and not _known_rows(edition, rows.over):
        yield Problem((*here, "over"), unknown("daftar", rows.over, REGION_LISTS))
    if rows.kind == "over" and (rows.into not in known or numeric(known[rows.into])):
        yield Problem((*here, "into"), "into harus menyebut satu kolom teks dari tabel ini.")
    if not 0 <= rows.least <= rows.most:
        yield Problem((*here, "least"), "jumlah baris paling sedikit melebihi paling banyak.")
    if isinstance(part, Budget) and rows.kind != "fixed":
        yield Problem(here, "tabel anggaran memerlukan baris tetap.")
    yield from _fixed_rows(rows.items, (*here, "items"), known)


def _known_rows(edition: Edition, over: str) -> bool:
    """A known list, or one for every item of a list that the section repeats over."""
    if "{item}" not in over:
        return known_list(edition, over)
    return any(
        all(over.replace("{item}", item.key) in edition.lists for item in items)
        for items in edition.lists.values()
    )


def _fixed_rows(items: tuple[FixedRow, ...], path: Path, known: dict[str, Column]) -> Problems:
    yield from twice([(row.key, (*path, i)) for i, row in enumerate(items)], "baris")
    adds = {row.key: row.sum_of for row in items}
    for i, row in enumerate(items):
        for key in row.cells:
            if key not in known:
                yield Problem((*path, i, "cells"), unknown("kolom", key, list(known)))
        for key in row.sum_of:
            if key.removeprefix("-") not in adds:
                yield Problem((*path, i, "sum_of"), f"baris “{key}” tidak ada dalam tabel ini.")
        if _reaches(row.key, row.key, {k: _plain(v) for k, v in adds.items()}):
            yield Problem((*path, i, "sum_of"), f"baris “{row.key}” menjumlahkan dirinya sendiri.")


def _plain(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key.removeprefix("-") for key in keys)
