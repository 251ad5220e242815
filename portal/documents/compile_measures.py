"""Measures tables of a book: services with their months, mutu, money, staff, and index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.documents.compile_book import Book
from portal.documents.compile_cells import columns_of, head_of, label, number_text, run
from portal.documents.compile_tables import ZERO_NOTE
from portal.documents.inputs import Inputs, number
from portal.documents.tree import Block, Cell, Row, Run, Table
from portal.figures import services, spm
from portal.outlines import measures, sums
from portal.outlines.measured import Activity, Setting
from portal.outlines.measures import Line
from portal.outlines.parts import Column, Measures
from portal.outlines.schema import Placed

EMPTY = "belum diisi"


@dataclass(frozen=True)
class Frozen:
    """Numbers of a snapshot: months and years of the region."""

    series: Mapping[str, Any]
    year: int
    unit: str

    def value(self, element: str, month: int, measure: str) -> Decimal | None:
        """The stated number, None when there is none."""
        period = spm.month_key(self.year, month) if month else str(self.year)
        return number(self.series.get(f"{element}|{period}|{self.unit}|{measure}"))


def setting_of(inputs: Inputs, part: Measures, catalogue: Any) -> Setting:
    """What the lines of a part are made from."""
    items = inputs.edition.lists.get(part.over, ()) if part.over else ()
    numbers = Frozen(inputs.data.get("series", {}), inputs.year, inputs.data["region"]["unit"])
    return Setting(
        catalogue, numbers, inputs.year, inputs.data["report"]["period"],
        services.method(catalogue, inputs.data.get("method", {})),
        tuple((item.group, item.title) for item in items),
        tuple(_activity(given) for given in inputs.data.get("activities", ())),
    )  # fmt: skip


def _activity(given: Mapping[str, Any]) -> Activity:
    """A budget line of a snapshot."""
    spent = {int(q): v for q, text in given["quarters"].items() if (v := number(text)) is not None}
    return Activity(
        given["service"], given["unit"], given["supplier"], given["code"], given["title"],
        given["fund"], number(given["pagu"]), number(given["spent"]), spent,
    )  # fmt: skip


def lines(book: Book, placed: Placed, part: Measures) -> tuple[list[Line], Setting]:
    """The rows of a part, and what they were made from."""
    at = setting_of(book.inputs, part, book.catalogue)
    return measures.lines_of(part, placed.item, at), at


def table(book: Book, placed: Placed, part: Measures) -> list[Block]:
    """The table of a part, [] when no number has been stated."""
    found, at = lines(book, placed, part)
    if not measures.any_value(found):
        return []
    columns = measures.columns_of(part, at.months)
    rows, n = [], 0
    for line in found:
        n += line.kind == "body"
        rows.append(_row(part, columns, line, n, placed.repeat_key))
    if part.total:
        words = book.words(part.total, placed.item)
        totals = measures.total_of(part, found, at)
        rows.append(_total(f"{part.key}@{placed.repeat_key}@", columns, words, totals,
                           part.numbered))  # fmt: skip
    labels = [label(c, book.words(c.label, placed.item)) for c in columns]
    named = [c.model_copy(update={"group": book.words(c.group, placed.item)}) for c in columns]
    return [Table(
        key=book.units.anchor(f"t.{part.key}.{placed.repeat_key}"), number=book.table_number(),
        caption=book.title(placed), columns=columns_of(columns, part.numbered),
        head=head_of(named, labels, part.numbered), rows=tuple(rows),
        source=book.words(part.source, placed.item).removeprefix("Sumber:").strip(),
        notes=(ZERO_NOTE,) if any(_by_zero(c, ln) for ln in found for c in columns) else (),
    )]  # fmt: skip


def _by_zero(column: Column, line: Line) -> bool:
    return (
        line.kind != "group" and bool(column.formula) and column.key not in line.numbers
        and "pembagi" in sums.why(column, line.numbers)
    )  # fmt: skip


def _row(part: Measures, columns: Sequence[Column], line: Line, n: int, repeat: str) -> Row:
    if line.kind == "group":
        wide = len(columns) + part.numbered
        return Row((Cell(run(line.texts[""]), colspan=wide, align="left"),), "group")
    cells = [Cell(run(str(n) if line.kind == "body" else ""))] if part.numbered else []
    takes = {c.key: c.take for c in part.columns}
    for column in columns:
        cells.append(_cell(f"{part.key}@{repeat}@", column, line, takes.get(column.key, "month")))
    return Row(tuple(cells), "total" if line.kind == "total" else "body")


def _cell(own: str, column: Column, line: Line, take: str) -> Cell:
    if column.key in line.numbers:
        value = number_text(column, line.numbers[column.key])
        ref = line.refs.get(column.key, "") or f"calc:{own}:{line.uid}:{column.key}"
        return Cell(run(value, ref))
    if column.key in line.texts:
        return Cell(run(line.texts[column.key]))
    if _by_zero(column, line):
        return Cell(run("n/a"))
    if take in ("needed", "met", "pns", "non_pns"):
        return Cell((Run(EMPTY, italic=True),))
    return Cell(())


def _total(
    own: str, columns: Sequence[Column], words: str, totals: Mapping[str, Decimal | None],
    numbered: bool,
) -> Row:  # fmt: skip
    lead = next((i for i, c in enumerate(columns) if c.total), len(columns))
    cells = [Cell(run(words), colspan=lead + numbered, align="center")]
    for column in columns[lead:]:
        value = totals.get(column.key) if column.total else None
        ref = f"total:{own}::{column.key}"
        cells.append(Cell(run(number_text(column, value), ref) if value is not None else ()))
    return Row(tuple(cells), "total")
