"""Indicator tables: makro with its laju, keluaran, hasil and penunjang with the official columns.

Percentages are always computed from elements here and never
read from anywhere; a division by zero says so and is not 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from portal.documents.compile_book import Book
from portal.documents.compile_cells import run
from portal.documents.inputs import EntryIn, day
from portal.documents.tree import Block, Cell, Column, Row, Run, Table, Text
from portal.figures import rules as figures
from portal.figures.catalogue import Element, Indicator
from portal.outlines.parts import Indicators, Matrix
from portal.outlines.schema import Placed

UNNAMED = "(nama resmi belum dicocokkan)"
EMPTY = "belum diisi"
_HASIL = (
    ("No", 0.04), ("Urusan", 0.09), ("No IKK", 0.05), ("IKK Outcome", 0.18),
    ("Rumus/Persamaan", 0.20), ("Satuan", 0.06), ("Elemen Data", 0.22),
    ("Capaian Kinerja", 0.07), ("Sumber Data", 0.09),
)  # fmt: skip
_KELUARAN = (
    ("No", 0.05), ("Urusan Pemerintahan", 0.16), ("No. IKK Keluaran", 0.11),
    ("IKK Keluaran", 0.38), ("Capaian Kinerja", 0.14), ("Sumber Data", 0.16),
)  # fmt: skip


def indicators(book: Book, placed: Placed, part: Indicators, entry: EntryIn) -> list[Block]:
    """The table of one level and group, [] when no element has been typed."""
    del entry  # indicators have no cells: datums carry them
    group = part.group
    if group == "item":
        group = (placed.item.group or placed.item.key) if placed.item else ""
    found = tuple(book.catalogue.of(part.level, group, book.inputs.year))
    title = placed.item.title if placed.item else _group_title(book, group)
    if not found or not any(_stated(book, each) for each in found):
        return []
    return [_table(book, placed, part.level, [(title, found)])]


def matrix(book: Book, placed: Placed, part: Matrix) -> list[Block]:
    """All indicators of a level in one table, a group row for each urusan."""
    groups = []
    for item in book.inputs.list_of(part.over):
        found = tuple(book.catalogue.of(part.level, item.group or item.key, book.inputs.year))
        if found:
            groups.append((item.title, found))
    if not any(_stated(book, each) for _, found in groups for each in found):
        return []  # what it is made from has gaps of its own
    return [_table(book, placed, part.level, groups)]


def _group_title(book: Book, group: str) -> str:
    for items in book.inputs.edition.lists.values():
        for item in items:
            if item.key == group:
                return item.title
    return ""


def _stated(book: Book, indicator: Indicator) -> bool:
    return any(book.inputs.datum(key, book.inputs.period) for key in indicator.elements)


def _table(
    book: Book, placed: Placed, level: str, groups: Sequence[tuple[str, Sequence[Indicator]]]
) -> Table:
    results: list[figures.Result] = []
    build = {"makro": _makro_row, "keluaran": _keluaran_row}.get(level, _hasil_row)
    rows: list[Row] = []
    n = 0
    columns, head = _frame(book, level)
    for title, found in groups:
        if len(groups) > 1:
            rows.append(Row((Cell(run(title), len(columns), align="left"),), "group"))
        for indicator in found:
            n += 1
            rows.append(build(book, n, title, indicator, results))
    sources = _sources(book, [i for _, found in groups for i in found]) if level == "makro" else ""
    return Table(
        key=book.units.anchor(f"t.{placed.part.key}.{placed.repeat_key}"),
        number=book.table_number(), caption=book.title(placed), columns=columns, head=head,
        rows=tuple(rows), source=sources,
        notes=tuple(f"{note.rstrip('.')}." for note in figures.footnotes(results)),
    )  # fmt: skip


def _frame(book: Book, level: str) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    year = book.inputs.year
    names: Sequence[tuple[str, float]]
    aligns: Sequence[str]
    if level == "makro":
        names = (
            ("No", 0.06), ("Indikator Kinerja Makro", 0.34), ("Satuan", 0.14),
            (f"Capaian Kinerja Tahun {year - 1}", 0.16), (f"Capaian Kinerja Tahun {year}", 0.16),
            ("Laju (%)", 0.14),
        )  # fmt: skip
        aligns = ("center", "left", "center", "right", "right", "right")
    elif level == "keluaran":
        names, aligns = _KELUARAN, ("center", "left", "center", "left", "right", "left")
    else:
        names = _HASIL
        aligns = ("center", "left", "center", "left", "left", "center", "left", "right", "left")
    columns = tuple(
        Column(width, align)  # type: ignore[arg-type]  # literals above
        for (_, width), align in zip(names, aligns, strict=True)
    )
    if level in ("makro", "keluaran"):
        return columns, (tuple(_head(name) for name, _ in names),)
    first = [_head(name, rowspan=2) for name, _ in names[:6]]
    first += [_head("Capaian Kinerja", colspan=2), _head("Sumber Data", rowspan=2)]
    return columns, (tuple(first), (_head("Elemen Data"), _head("Capaian Kinerja")))


def _head(text: str, rowspan: int = 1, colspan: int = 1) -> Cell:
    return Cell((Run(text, bold=True),), colspan=colspan, rowspan=rowspan, align="center")


def _name(book: Book, indicator: Indicator) -> Text:
    """The official wording; where nobody has it, an open place and never a guess."""
    recorded = book.inputs.data.get("wordings", {}).get(f"indicator:{indicator.key}", "")
    return run(recorded or indicator.title) or (Run(UNNAMED, italic=True),)


def _makro_row(
    book: Book, n: int, _title: str, indicator: Indicator, results: list[figures.Result]
) -> Row:
    before, now = _result(book, indicator, 1), _result(book, indicator, 0)
    rate = figures.laju(now, before)
    results += [before, now, rate]
    return Row((
        Cell(run(str(n))), Cell(_name(book, indicator)), Cell(run(indicator.unit)),
        Cell(_shown(before, _ref(book, indicator, 1))),
        Cell(_shown(now, _ref(book, indicator, 0))),
        Cell(_shown(rate, f"laju:{indicator.key}:{book.inputs.period}")),
    ))  # fmt: skip


def _keluaran_row(
    book: Book, n: int, title: str, indicator: Indicator, results: list[figures.Result]
) -> Row:
    result = _result(book, indicator, 0)
    results.append(result)
    value = _shown(result, _ref(book, indicator, 0))
    unit = run(f" {indicator.unit}") if indicator.unit and result.value is not None else ()
    return Row((
        Cell(run(str(n))), Cell(run(title)), Cell(run(indicator.no)), Cell(_name(book, indicator)),
        Cell((*value, *unit)), Cell(run(_sources(book, [indicator]))),
    ))  # fmt: skip


def _hasil_row(
    book: Book, n: int, title: str, indicator: Indicator, results: list[figures.Result]
) -> Row:
    result = _result(book, indicator, 0)
    results.append(result)
    return Row((
        Cell(run(str(n))), Cell(run(title)), Cell(run(indicator.no)), Cell(_name(book, indicator)),
        Cell(run(indicator.formula_text)), Cell(run(indicator.unit)),
        Cell(_elements(book, indicator)), Cell(_shown(result, _ref(book, indicator, 0))),
        Cell(run(_sources(book, [indicator]))),
    ))  # fmt: skip


def _ref(book: Book, indicator: Indicator, back: int) -> str:
    return f"indicator:{indicator.key}:{book.inputs.period_back(back)}"


def _shown(result: figures.Result, ref: str) -> Text:
    """The computed capaian; never a blank: what is missing or undefined says so."""
    if result.kind == "missing":
        return (Run(EMPTY, italic=True),)
    return run(result.text or figures.NOT_AVAILABLE, ref)


def _elements(book: Book, indicator: Indicator) -> Text:
    """The elements with their values, a line each; those of the year before say so."""
    out: list[Run] = []
    for key in indicator.elements:
        element = book.catalogue.elements.get(key)
        if element is None:
            continue
        if key in indicator.expr.current:
            out += [*_line(out), Run(f"{element.title}: "), *_element(book, element, 0)]
        if key in indicator.previous:
            words = f"{element.title} ({book.inputs.year - 1}): "
            out += [*_line(out), Run(words), *_element(book, element, 1)]
    return tuple(out)


def _line(before: Sequence[Run]) -> Text:
    return (Run("\n"),) if before else ()


def _element(book: Book, element: Element, back: int) -> Text:
    period = book.inputs.period_back(back)
    found = _views(book, [element.key], back).get(element.key)
    text = figures.show_view(found, element) if found is not None else ""
    if not text:
        return (Run(EMPTY, italic=True),)
    numeric = found is not None and found.value is not None and element.kind != "yesno"
    unit = f" {element.unit}" if numeric and element.unit else ""
    return (Run(text, datum=f"datum:{element.key}:{period}"), *run(unit))


def _views(book: Book, keys: Iterable[str], back: int) -> dict[str, figures.DatumView]:
    """The datums of a period as the rules of the figures know them."""
    period = book.inputs.period_back(back)
    found = ((key, book.inputs.datum(key, period)) for key in keys)
    return {key: view(key, datum) for key, datum in found if datum is not None}


def view(key: str, datum: Mapping[str, Any]) -> figures.DatumView:
    """A datum of the snapshot as figures.queries would give it."""
    return figures.DatumView(
        element=key, value=None if datum["value"] is None else Decimal(datum["value"]),
        text=datum["text"], vintage=datum["vintage"], na_reason=datum["na_reason"],
        expected_on=day(datum["expected_on"]), source=datum["source"],
    )  # fmt: skip


def _result(book: Book, indicator: Indicator, back: int) -> figures.Result:
    return figures.evaluate(
        indicator, _views(book, indicator.elements, back),
        _views(book, indicator.elements, back + 1), book.catalogue.elements,
    )  # fmt: skip


def _sources(book: Book, found: Sequence[Indicator]) -> str:
    """All sources once, in order: what was typed with the datum, else the catalogue's."""
    seen: dict[str, None] = {}
    for indicator in found:
        for key in indicator.elements:
            datum = book.inputs.datum(key, book.inputs.period)
            element = book.catalogue.elements.get(key)
            words = (datum or {}).get("source") or getattr(element, "source", "")
            if words:
                seen[words] = None
    return "; ".join(seen)


def figure_text(book: Book, ref: str) -> str | None:
    """The present value of a number by reference in a narrative; None when there is none."""
    key, _, period = ref.partition("|")
    back = book.inputs.year - int(period[:4])
    if not 0 <= back <= 4 or book.inputs.period_back(back) != period:
        return None
    if key.startswith("i."):
        one = book.catalogue.indicators.get(key[2:])
        return _result(book, one, back).text or None if one is not None else None
    element = book.catalogue.elements.get(key)
    found = _views(book, [key], back).get(key)
    return figures.show_view(found, element) or None if element and found else None
