"""Indicator tables: makro with its laju, keluaran, hasil and penunjang with the official columns.

Columns as in domain/lppd_lkpj.md 2.2. Percentages are always computed from elements here and never
read from anywhere; a division by zero says so and is not 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from portal.documents.compile_book import Book
from portal.documents.compile_cells import run
from portal.documents.inputs import EntryIn
from portal.documents.tree import Block, Cell, Column, Row, Run, Table, Text
from portal.figures.catalogue import Element, Indicator
from portal.indonesian import long_date, number
from portal.outlines.schema import Indicators, Matrix, Placed

UNNAMED = "(nama resmi belum dicocokkan)"
VINTAGES = {
    "sementara": ("*", "*) Angka sementara."),
    "sangat_sementara": ("**", "**) Angka sangat sementara."),
    "belum_diaudit": ("***", "***) Belum diaudit."),
}
_HASIL = (
    ("No", 0.04), ("Urusan", 0.10), ("No IKK", 0.06), ("IKK Outcome", 0.19),
    ("Rumus/Persamaan", 0.21), ("Satuan", 0.07), ("Elemen Data", 0.17),
    ("Capaian Kinerja", 0.07), ("Sumber Data", 0.09),
)  # fmt: skip
_KELUARAN = (
    ("No", 0.05), ("Urusan Pemerintahan", 0.16), ("No. IKK Keluaran", 0.11),
    ("IKK Keluaran", 0.38), ("Capaian Kinerja", 0.14), ("Sumber Data", 0.16),
)  # fmt: skip


@dataclass
class Notes:
    """Footnotes of one table, each once, in order of appearance."""

    marks: dict[str, str] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)

    def vintage(self, name: str) -> str:
        """The mark of a vintage, "" for tetap."""
        if name not in VINTAGES:
            return ""
        mark, words = VINTAGES[name]
        self.marks[mark] = words
        return mark

    def na(self, reason: str) -> str:
        """``1)`` for a reason why there is no value."""
        if reason not in self.reasons:
            self.reasons.append(reason)
        return f"{self.reasons.index(reason) + 1})"

    def lines(self) -> tuple[str, ...]:
        """What stands under the table."""
        marks = [self.marks[mark] for mark in sorted(self.marks, key=len)]
        return (*marks, *(f"n/a {n}) {text}" for n, text in enumerate(self.reasons, start=1)))


def indicators(book: Book, placed: Placed, part: Indicators, entry: EntryIn) -> list[Block]:
    """The table of one level and group, [] when no element has been typed."""
    del entry  # indicators have no cells: datums carry them
    group = part.group
    if group == "item":
        group = placed.item.key if placed.item else ""
    found = tuple(book.catalogue.of(part.level, group, book.inputs.year))
    title = placed.item.title if placed.item else _group_title(book, group)
    if not found or not any(_stated(book, each) for each in found):
        return []
    return [_table(book, placed, part.level, [(title, found)])]


def matrix(book: Book, placed: Placed, part: Matrix) -> list[Block]:
    """All indicators of a level in one table, a group row for each urusan."""
    groups = []
    for item in book.inputs.list_of(part.over):
        found = tuple(book.catalogue.of(part.level, item.key, book.inputs.year))
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
    notes = Notes()
    build = {"makro": _makro_row, "keluaran": _keluaran_row}.get(level, _hasil_row)
    rows: list[Row] = []
    n = 0
    columns, head = _frame(book, level)
    for title, found in groups:
        if len(groups) > 1:
            rows.append(Row((Cell(run(title), len(columns), align="left"),), "group"))
        for indicator in found:
            n += 1
            rows.append(build(book, n, title, indicator, notes))
    sources = _sources(book, [i for _, found in groups for i in found]) if level == "makro" else ""
    return Table(
        key=book.units.anchor(f"t.{placed.part.key}.{placed.repeat_key}"),
        number=book.table_number(), caption=book.title(placed), columns=columns, head=head,
        rows=tuple(rows), source=sources, notes=notes.lines(),
    )  # fmt: skip


def _frame(book: Book, level: str) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    year = book.inputs.year
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


def _name(indicator: Indicator) -> Text:
    """The official wording; where nobody has it, an open place and never a guess."""
    return run(indicator.title) or (Run(UNNAMED, italic=True),)


def _makro_row(book: Book, n: int, _title: str, indicator: Indicator, notes: Notes) -> Row:
    before = _result(book, indicator, 1)
    now = _result(book, indicator, 0)
    return Row((
        Cell(run(str(n))), Cell(_name(indicator)), Cell(run(indicator.unit)),
        Cell(_value(book, indicator, 1, notes)), Cell(_value(book, indicator, 0, notes)),
        Cell(_growth(before.value, now.value, notes)),
    ))  # fmt: skip


def _growth(before: Decimal | None, now: Decimal | None, notes: Notes) -> Text:
    """Laju (%) = (capaian n - capaian n-1) / capaian n-1 x 100, also for percentages."""
    if before is None or now is None:
        return _na("Laju tidak dapat dihitung karena salah satu capaian belum tersedia.", notes)
    if before == 0:
        return _na("Laju tidak dapat dihitung karena capaian tahun lalu = 0.", notes)
    return run(number((now - before) / before * 100, 2))


def _keluaran_row(book: Book, n: int, title: str, indicator: Indicator, notes: Notes) -> Row:
    value = _value(book, indicator, 0, notes)
    unit = f" {indicator.unit}" if indicator.unit and not value[0].text.startswith("n/a") else ""
    return Row((
        Cell(run(str(n))), Cell(run(title)), Cell(run(indicator.no)), Cell(_name(indicator)),
        Cell((*value, *run(unit))), Cell(run(_sources(book, [indicator]))),
    ))  # fmt: skip


def _hasil_row(book: Book, n: int, title: str, indicator: Indicator, notes: Notes) -> Row:
    return Row((
        Cell(run(str(n))), Cell(run(title)), Cell(run(indicator.no)), Cell(_name(indicator)),
        Cell(run(indicator.formula_text)), Cell(run(indicator.unit)),
        Cell(_elements(book, indicator, notes)), Cell(_value(book, indicator, 0, notes)),
        Cell(run(_sources(book, [indicator]))),
    ))  # fmt: skip


def _elements(book: Book, indicator: Indicator, notes: Notes) -> Text:
    """The elements with their values, a line each."""
    out: list[Run] = []
    for key in indicator.elements:
        element = book.catalogue.elements.get(key)
        if element is None:
            continue
        out += [Run("\n")] if out else []
        out += [Run(f"{element.title}: "), *_element_value(book, element, notes)]
    return tuple(out)


def _element_value(book: Book, element: Element, notes: Notes) -> Text:
    period = book.inputs.period
    datum = book.inputs.datum(element.key, period)
    ref = f"datum:{element.key}:{period}"
    if datum is None:
        return (Run("belum diisi", italic=True),)
    if datum.get("na_reason") or datum.get("vintage") == "belum_rilis":
        return _na(_na_reason(datum), notes)
    mark = notes.vintage(datum.get("vintage", ""))
    text = datum.get("text") or ""
    if datum.get("value") is not None:
        text = number(Decimal(datum["value"]), _places(element))
        text += f" {element.unit}" if element.unit else ""
    return _marked(text, mark, ref)


def _places(element: Element) -> int | None:
    return element.places if element.kind not in ("count", "rupiah") else None


def _value(book: Book, indicator: Indicator, back: int, notes: Notes) -> Text:
    """The computed capaian with its mark, or n/a with the reason under the table."""
    result = _result(book, indicator, back)
    period = book.inputs.period_back(back)
    views = _views(book, indicator.elements, back)
    if result.value is None and not result.text:
        reasons = [_na_reason(v) for v in _raw(book, indicator.elements, back) if _is_na(v)]
        return _na(reasons[0] if reasons else result.reason or "Data belum diisi.", notes)
    marks = [notes.vintage(view.vintage) for view in views.values()]
    mark = max(marks, key=len, default="")
    text = result.text
    if result.value is not None:
        text = number(result.value, indicator.places)
    return _marked(text, mark, f"indicator:{indicator.key}:{period}")


def _marked(text: str, mark: str, ref: str) -> Text:
    found = (Run(text, datum=ref),)
    return (*found, Run(mark, superscript=True)) if mark else found


def _na(reason: str, notes: Notes) -> Text:
    return (Run("n/a "), Run(notes.na(reason), superscript=True))


def _is_na(datum: Mapping[str, Any]) -> bool:
    return bool(datum.get("na_reason")) or datum.get("vintage") == "belum_rilis"


def _na_reason(datum: Mapping[str, Any]) -> str:
    words = (datum.get("na_reason") or "Belum rilis").rstrip(".")
    if datum.get("expected_on"):
        day = long_date(date.fromisoformat(datum["expected_on"]))
        words += f"; diperkirakan tersedia {day}"
    return f"{words}."


def _raw(book: Book, keys: Iterable[str], back: int) -> list[Mapping[str, Any]]:
    period = book.inputs.period_back(back)
    found = (book.inputs.datum(key, period) for key in keys)
    return [datum for datum in found if datum is not None]


def _views(book: Book, keys: Iterable[str], back: int) -> dict[str, Any]:
    """The datums of a period as the rules of the figures know them."""
    period = book.inputs.period_back(back)
    out = {}
    for key in keys:
        datum = book.inputs.datum(key, period)
        if datum is not None:
            out[key] = view(key, datum)
    return out


def view(key: str, datum: Mapping[str, Any]) -> Any:
    """A datum of the snapshot as figures.queries would give it."""
    from portal.figures.queries import DatumView  # noqa: PLC0415

    return DatumView(key, datum)


def _result(book: Book, indicator: Indicator, back: int) -> Any:
    from portal.figures import rules as figures  # noqa: PLC0415

    return figures.evaluate(
        indicator, _views(book, indicator.elements, back),
        _views(book, indicator.elements, back + 1),
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
