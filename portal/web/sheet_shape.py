"""Isian as sheets of Excel: their columns, their rows, and what stands in each cell.

Tables, indicators, and the monthly numbers of services have the same shape, so that one writer and
one reader serve them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from portal import indonesian
from portal.figures import flow, rules, sites
from portal.figures import queries as figures
from portal.figures.rules import DatumView
from portal.figures.shape import Element
from portal.outlines import measured, measures, sums
from portal.outlines.parts import Budget, Column, ColumnType, Indicators, ListPart, Measures, Table
from portal.outlines.schema import Placed
from portal.people.rules import Actor
from portal.reports import figures_bridge, measures_bridge, places, queries, reading
from portal.reports import queries as entries
from portal.reports.models import Entry
from portal.reports.queries import Desk
from portal.web import entry_measures, entry_page

YES, NO = "Ya", "Tidak"


@dataclass(frozen=True)
class Spot:
    """One cell: where it is saved ("" = only printed), what stands there, since which revision."""

    target: str = ""
    value: str = ""
    rev: int = 0
    by: str = ""
    column: Column | None = None  # how it is read, where the rows of a column differ
    strong: bool = False


@dataclass(frozen=True)
class SheetRow:
    """One row: its id and its cells by column; a column without a cell is computed."""

    uid: str
    cells: dict[str, Spot] = field(default_factory=dict)


@dataclass(frozen=True)
class Shape:
    """An isian as a sheet."""

    entry: Entry | None
    title: str
    columns: tuple[Column, ...]
    rows: tuple[SheetRow, ...]
    free: bool = False  # new rows may be added
    unit_name: str = ""
    unit_code: str = ""
    other: tuple[str, str, str] = ("", "", "")  # mark, header, words of a sheet without isian

    @property
    def typed(self) -> tuple[Column, ...]:
        """Columns in which somebody may type."""
        return tuple(c for c in self.columns if not sums.computed(c))

    def new_cell(self, uid: str, column: Column) -> Spot:
        """The cell of a row that is new."""
        return Spot(f"c:{uid}:{column.key}")

    @property
    def mark(self) -> str:
        """What its first cell says: ``isian:12``."""
        return f"isian:{self.entry.id}" if self.entry is not None else self.other[0]

    @property
    def header(self) -> str:
        """Whose sheet it is, of which report: ``DINKES|spm|2025|TW1``."""
        if self.entry is None:
            return self.other[1]
        report = self.entry.report
        return f"{self.unit_code}|{report.kind}|{report.year}|{report.period}"

    @property
    def about(self) -> str:
        """The same in words."""
        if self.entry is None:
            return self.other[2]
        report = self.entry.report
        return f"{self.unit_name}, {queries.report_title(report)}"


def shape_of(actor: Actor, desk: Desk, by_place: bool = False) -> Shape | None:
    """The isian as a sheet; None for narratives and pictures.

    ``by_place`` adds a row for every puskesmas or kecamatan under each row that is kept by month.
    """
    placed = queries.place_of(desk.entry)
    if placed is None:
        return None
    part = placed.part
    common = {
        "entry": desk.entry, "title": places.part_title(placed), "unit_name": desk.unit.name,
        "unit_code": desk.unit.code,
    }  # fmt: skip
    if isinstance(part, Measures):
        return _measures(actor, desk, placed, part, by_place, common)
    if isinstance(part, Indicators):
        return _indicators(actor, desk, placed, common)
    if isinstance(part, ListPart):
        part = entry_page.as_table(part)
    if not isinstance(part, Table | Budget):
        return None
    return _table(desk.entry, part, common)


# --- tables ---------------------------------------------------------------------------------


def _table(entry: Entry, part: Table | Budget, common: dict[str, object]) -> Shape:
    stored = queries.cells_of(entry.id)
    given = places.given_rows(
        places.edition_of(entry.report), part, queries.things(entry.report.structure_date)
    )
    free = part.rows.kind == "free"
    known = [(row.uid, {}) for row in queries.rows_of(entry.id)] if free else [
        (item.key, dict(item.cells)) for item in given]  # fmt: skip
    summed = {item.key for item in given if item.sum_of}
    rows = []
    for uid, printed in known:
        cells: dict[str, Spot] = {}
        for column in part.columns:
            if column.key in printed:
                cells[column.key] = Spot(value=printed[column.key], strong=uid in summed)
            elif uid in summed and column.rolls and reading.NUMERIC & {column.type}:
                continue
            elif not sums.computed(column):
                found = stored.get((uid, column.key))
                cells[column.key] = Spot(
                    f"c:{uid}:{column.key}", found.value if found else "",
                    found.rev if found else 0, found.by_label if found else "",
                )  # fmt: skip
        rows.append(SheetRow(uid, cells))
    return Shape(columns=part.columns, rows=tuple(rows), free=free, **common)  # type: ignore[arg-type]


# --- figures --------------------------------------------------------------------------------


def column_of(key: str, label: str, element: Element, group: str = "") -> Column:
    """How a value of an element is read from a sheet."""
    kinds = {"count": ColumnType.WHOLE, "rupiah": ColumnType.RUPIAH, "yesno": ColumnType.CHOICE,
             "choice": ColumnType.CHOICE}  # fmt: skip
    choices = (YES, NO) if element.kind == "yesno" else element.choices
    return Column(key=key, label=label, group=group, choices=choices,
                  type=kinds.get(element.kind, ColumnType.DECIMAL))  # fmt: skip


def datum_value(view: DatumView | None, element: Element) -> str:
    """A stated value as a cell holds it; a typing that was not understood is left out."""
    if view is None or view.raw:
        return ""
    if element.kind == "yesno":
        return "" if view.value is None else YES if view.value else NO
    if element.kind == "choice":
        return view.text
    return "" if view.value is None else format(view.value, "f")


def _spot(element: Element, view: DatumView | None, target: str, column: Column) -> Spot:
    return Spot(target, datum_value(view, element), view.rev if view else 0,
                view.by_label if view else "", column)  # fmt: skip


def _measures(
    actor: Actor, desk: Desk, placed: Placed, part: Measures, by_place: bool,
    common: dict[str, object],
) -> Shape:  # fmt: skip
    maker = entry_measures.maker(actor, desk, placed)
    book, months = maker.at.book, maker.at.months if maker.monthly else ()
    columns = [Column(key="uraian", label="Uraian", width=5), Column(key="satuan", label="Satuan")]
    sample = column_of("x", "", Element("x", "", "", "count", "", 0, False, (), ""))
    year = sample.type
    if part.of == "staff":
        columns += [Column(key="k0", label="PNS", type=year),
                    Column(key="k1", label="Non-PNS", type=year)]  # fmt: skip
    else:
        label = entry_measures.YEAR_WORDS[part.of]
        columns.append(Column(key="k0", label=label, type=year, width=1.6))
        columns += [Column(key=f"m{m:02d}", label=measures.MONTHS[m - 1], type=year)
                    for m in months]  # fmt: skip
    rows = []
    placer = _Places(maker) if by_place else None
    for service, spots in maker.spots():
        if part.of == "quality" or len(spots) > 1:
            title = f"{service.code} {service.title}"
            rows.append(SheetRow(f"g.{service.key}", {"uraian": Spot(value=title, strong=True)}))
        for spot in spots:
            rows.append(SheetRow(spot.uid, dict(_counted(maker, spot, book.elements, months))))
            if placer is not None and months and spot.meets:
                rows += placer.rows(spot, months)
    return Shape(columns=tuple(columns), rows=tuple(rows), **common)  # type: ignore[arg-type]


class _Places:
    """Rows of the places under the rows of an isian by month, read once."""

    def __init__(self, maker: entry_measures.Maker) -> None:
        self.maker, self.year = maker, maker.at.year
        self.found = figures.by_site(maker.stored.keys, self.year, maker.stored.unit_id)

    def rows(self, spot: entry_measures.RowSpot, months: tuple[int, ...]) -> Iterator[SheetRow]:
        """One row for each place that counts for the row."""
        asked = [("k0", *spot.needs[0], 0)] if len(spot.needs) == 1 else []
        asked += [(f"m{m:02d}", spot.meets, measured.REALISASI, m) for m in months]
        for place in figures.sites_of(self.maker.at.book.elements[spot.meets], self.year):
            cells = {"uraian": Spot(value=f"— {place.name}"), "satuan": Spot(value=spot.unit)}
            for key, element, measure, month in asked:
                cells[key] = self._number(element, place.code, month, measure)
            yield SheetRow(f"{spot.uid}@{place.code}", cells)

    def _number(self, key: str, code: str, month: int, measure: str) -> Spot:
        view, element = (
            self.found.get((key, code, month, measure)),
            self.maker.at.book.elements[key],
        )
        if not self.maker.may(key):
            return Spot(value=rules.show_view(view, element) if view else "")
        target = measures_bridge.target(key, month, measure, sites.dims_of(code))
        return _spot(element, view, target, column_of("x", element.title, element))


def _counted(
    maker: entry_measures.Maker, spot: entry_measures.RowSpot, elements: dict[str, Element],
    months: tuple[int, ...],
) -> Iterator[tuple[str, Spot]]:  # fmt: skip
    yield "uraian", Spot(value=spot.title)
    yield "satuan", Spot(value=spot.unit)
    needs = spot.year_only or (spot.needs if len(spot.needs) == 1 else ())
    for n, (element, measure) in enumerate(needs):
        yield f"k{n}", _number(maker, element, 0, measure, elements)
    if len(spot.needs) > 1:
        whole = [maker.stored.value(k, 0, m) for k, m in spot.needs]
        total = sum((v for v in whole if v is not None), Decimal(0))
        yield "k0", Spot(value="" if None in whole else indonesian.number(total))
    for month in months if spot.meets else ():
        yield f"m{month:02d}", _number(maker, spot.meets, month, measured.REALISASI, elements)


def _number(
    maker: entry_measures.Maker, element: str, month: int, measure: str,
    elements: dict[str, Element],
) -> Spot:  # fmt: skip
    view, found = maker.stored.view(element, month, measure), elements[element]
    if not maker.may(element) or entry_measures.follows(view):
        return Spot(value=rules.show_view(view, found) if view else "")
    target = measures_bridge.target(element, month, measure)
    return _spot(found, view, target, column_of("x", found.title, found))


def _indicators(actor: Actor, desk: Desk, placed: Placed, common: dict[str, object]) -> Shape:
    """One row for each datum of the isian, with last year's number beside it."""
    report = desk.entry.report
    asked = figures_bridge.elements_of(placed, report.year)
    period = figures_bridge.period_of(report)
    last = figures.previous_period(period)
    views = figures.values_of(list(asked), [period, last], report.owner_unit_id)
    duties, behalf = figures.writers_by_duty(), entries.enters_for(actor, desk.entry)
    followed = flow.made_by_months(list(asked), report.year, report.owner_unit_id)
    numbers: dict[str, list[str]] = {}
    for one in figures_bridge.indicators_of(placed, report.year):
        for key in one.elements:
            numbers.setdefault(key, []).append(one.no)
    columns = (
        Column(key="no", label="Untuk", width=1.2), Column(key="data", label="Data", width=5),
        Column(key="satuan", label="Satuan"), Column(key="lalu", label=last, width=1.6),
        Column(key="nilai", label=period, width=1.6), Column(key="sumber", label="Sumber", width=4),
    )  # fmt: skip
    rows = []
    for key, element in asked.items():
        view, before = views[period].get(key), views[last].get(key)
        mine = desk.may_write and (behalf or figures.may_write(actor, element, duties))
        cells = {
            "no": Spot(value=", ".join(dict.fromkeys(numbers.get(key, ())))),
            "data": Spot(value=element.title), "satuan": Spot(value=element.unit),
            "lalu": Spot(value=rules.show_view(before, element) if before else ""),
        }  # fmt: skip
        if mine and key not in followed:
            cells["nilai"] = _spot(element, view, f"d:{key}:value",
                                   column_of("nilai", period, element))  # fmt: skip
        else:
            cells["nilai"] = Spot(value=rules.show_view(view, element) if view else "")
        if mine:
            cells["sumber"] = Spot(
                f"d:{key}:source", view.source if view else "", view.rev if view else 0,
                view.by_label if view else "",
            )  # fmt: skip
        else:
            cells["sumber"] = Spot(value=view.source if view else "")
        rows.append(SheetRow(key, cells))
    return Shape(columns=columns, rows=tuple(rows), **common)  # type: ignore[arg-type]


__all__ = ["NO", "YES", "Shape", "SheetRow", "Spot", "column_of", "datum_value", "shape_of"]
