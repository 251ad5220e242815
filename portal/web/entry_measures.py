"""The form of a measures part: one month at a time (or all), the year's targets, what comes out.

Inputs are figures: their names are targets of data (``d:ibu_hamil_dilayani~03:value``), so the
same saving, conflicts and history serve them with and without JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from portal import indonesian
from portal.figures import queries, rollup, rules, spm
from portal.figures.rules import DatumView
from portal.figures.services import GROUPS
from portal.figures.shape import Service
from portal.outlines import measured, measures
from portal.outlines.measured import REALISASI, TARGET, Setting
from portal.outlines.parts import Measures
from portal.outlines.schema import Placed
from portal.people import queries as people
from portal.people.rules import Actor
from portal.reports import measures_bridge
from portal.reports import queries as entries
from portal.reports.queries import Desk
from portal.web.entry_view import Cell, Head, Row, TableView
from portal.web.incoming import whole

ALL = "semua"
YEAR_WORDS = {
    "recipients": "Harus dilayani setahun", "quality": "Harus dipenuhi setahun",
}  # fmt: skip
MONTH_WORDS = {"recipients": "Terlayani", "quality": "Terpenuhi"}


@dataclass(frozen=True)
class Input:
    """One number that can be typed, and what stands in it now."""

    target: str
    shown: str
    rev: int
    at: datetime | None
    month: int  # 0 = of the year
    raw: str = ""


@dataclass(frozen=True)
class MonthLink:
    """One month above the form: its name, its address, how much of it is filled."""

    value: str
    label: str
    filled: int
    asked: int
    here: bool


@dataclass(frozen=True)
class MeasuresView:
    """What the page of a measures part prints beside its table."""

    table: TableView
    inputs: tuple[Input, ...]  # all that may be typed, shown or not
    months: tuple[MonthLink, ...]
    month: int  # the month of the form, 0 = all months
    copy_from: int  # last filled month whose stock may be taken over, 0 = none
    note: str = ""


@dataclass(frozen=True)
class RowSpot:
    """A row of the form: one element (or several that only add up)."""

    uid: str
    title: str
    group: str
    unit: str
    needs: tuple[tuple[str, str], ...]  # element, measure
    meets: str  # element by month, "" = none
    year_only: tuple[tuple[str, str], ...] = ()  # further numbers of the year


def maker(actor: Actor, desk: Desk, placed: Placed) -> Maker:
    """What the rows of an isian are made from, for those who write them elsewhere (Excel)."""
    return Maker(actor, desk, placed, False)


def view(actor: Actor, desk: Desk, placed: Placed, asked: str, reading_only: bool) -> MeasuresView:
    """The form for ``asked``: ``1`` .. ``12``, ``semua``, or "" = the first month not complete."""
    return Maker(actor, desk, placed, reading_only).view(asked)


class Maker:
    """Holds what all rows of one page need, read once."""

    def __init__(self, actor: Actor, desk: Desk, placed: Placed, reading_only: bool) -> None:
        part = placed.part
        assert isinstance(part, Measures)  # noqa: S101 - the page has asked
        self.part, self.desk = part, desk
        self.at, self.stored = measures_bridge.setting_of(desk.entry.report, placed)
        self.open = desk.may_write and not reading_only
        self.behalf = entries.enters_for(actor, desk.entry)
        self.actor, self.duties = actor, queries.writers_by_duty()
        self.names = queries.owner_names(people.today())
        self.inputs: list[Input] = []
        self.lines = {line.uid: line for line in measures.lines_of(part, placed.item, self.at)}
        self.monthly = part.of in MONTH_WORDS

    # --- what may be typed --------------------------------------------------------------------

    def may(self, element: str) -> bool:
        """True when the actor types this element here."""
        found = self.at.book.elements[element]
        return self.open and (
            self.behalf or queries.may_write(self.actor, found, self.duties)
        )  # fmt: skip

    def cell(self, element: str, month: int, measure: str, labels: str) -> Cell:
        """An input for a number that is ours, a text for another's."""
        seen = self.stored.view(element, month, measure)
        found = self.at.book.elements[element]
        shown = (seen.raw or rules.show(seen.value, found.kind, found.places)) if seen else ""
        target = measures_bridge.target(element, month, measure)
        if not self.may(element):
            return Cell("text", target, shown or ("" if month else "…"), number=True)
        if follows(seen):
            return Cell("text", target, shown, number=True)
        self.inputs.append(Input(target, shown, seen.rev if seen else 0, seen.at if seen else None,
                                 month, seen.raw if seen else ""))  # fmt: skip
        return Cell("in", target, shown, seen.rev if seen else 0, _doubt(seen), number=True,
                    labels=labels)  # fmt: skip

    # --- rows ---------------------------------------------------------------------------------

    def spots(self) -> Iterator[tuple[Service, list[RowSpot]]]:
        """Rows under their service."""
        for group, _ in self.at.groups:
            for service in self.at.book.services_of(group):
                yield service, list(self._spots(service))

    def _spots(self, service: Service) -> Iterator[RowSpot]:
        of, title = self.part.of, f"{service.code} {service.title}"
        if of == "quality":
            for item in service.quality_in(self.at.year):
                yield RowSpot(item.element, item.text, GROUPS[item.group], item.unit,
                            ((item.element, TARGET),), item.element)  # fmt: skip
        elif of == "staff":
            yield RowSpot(service.key, title, "", "orang", (), "",
                        tuple((k, REALISASI) for k in service.staff))  # fmt: skip
        else:
            yield from self._people(service, title)

    def _people(self, service: Service, title: str) -> Iterator[RowSpot]:
        """One row for a service; one for each element where several add up."""
        if len(service.part) == 1 and len(service.whole) == 1:
            yield RowSpot(service.key, title, "", service.unit, ((service.whole[0], REALISASI),),
                        service.part[0])  # fmt: skip
            return
        pairs = len(service.part) == len(service.whole)
        for n, key in enumerate(service.part):
            needs: tuple[tuple[str, str], ...] = ()
            if pairs:
                needs = ((service.whole[n], REALISASI),)
            if not pairs and n == 0:
                needs = tuple((k, REALISASI) for k in service.whole)
            yield RowSpot(key, f"{service.code} {self.at.book.elements[key].title}", "",
                        service.unit, needs, key)  # fmt: skip

    # --- the page -----------------------------------------------------------------------------

    def view(self, asked: str) -> MeasuresView:
        """The table of one month, of all months, or of numbers of the year only."""
        spots = [(service, own) for service, own in self.spots()]
        every = [spot for _, own in spots for spot in own]
        for spot in every:  # all that may be typed, in whatever month
            for element, measure in (*spot.needs, *spot.year_only):
                self.cell(element, 0, measure, "")
            for month in self.at.months if spot.meets else ():
                self.cell(spot.meets, month, REALISASI, "")
        inputs = tuple({i.target: i for i in self.inputs}.values())
        month = self._month(asked, inputs)
        shown = [] if not self.monthly else [month] if month else list(self.at.months)
        rows = tuple(self._rows(spots, shown))
        table = TableView(self._heads(shown), rows, None, True, "", (), ())
        return MeasuresView(
            table, inputs, self._links(inputs, month), month, self._last(inputs, month, every),
            self._note(),
        )  # fmt: skip

    def _month(self, asked: str, inputs: tuple[Input, ...]) -> int:
        if not self.monthly or asked == ALL or not self.open:
            return 0
        if whole(asked) in self.at.months:
            return int(asked)
        for month in self.at.months:
            own = [i for i in inputs if i.month == month]
            if own and not all(i.shown for i in own):
                return month
        return 0

    def _links(self, inputs: tuple[Input, ...], month: int) -> tuple[MonthLink, ...]:
        if not self.monthly or not self.open:
            return ()
        out = []
        for m in self.at.months:
            own = [i for i in inputs if i.month == m]
            filled = sum(1 for i in own if i.shown)
            out.append(MonthLink(str(m), measures.MONTHS[m - 1], filled, len(own), m == month))
        return (*out, MonthLink(ALL, "Semua bulan", 0, 0, not month))

    def _last(self, inputs: tuple[Input, ...], month: int, spots: list[RowSpot]) -> int:
        """Last filled month before this one whose stock (drugs, staff, pupils) may be copied."""
        book = self.at.book.elements
        stock = {s.meets for s in spots if s.meets and book[s.meets].roll == "last"}
        own = [i for i in inputs if i.month and _element(i) in stock]
        if not month or not any(i.month == month and not i.shown for i in own):
            return 0
        return max((i.month for i in own if i.shown and i.month < month), default=0)

    def _note(self) -> str:
        foreign = {
            self.at.book.elements[key].owner
            for service, own in self.spots() for spot in own
            for key, _ in (*spot.needs, *spot.year_only, (spot.meets, ""))
            if key and self.open and not self.may(key)
        }  # fmt: skip
        names = sorted({n[0] for d in foreign if (n := self.names.get(d))})
        if not names:
            return ""
        return f"Angka yang tidak dapat diketik di sini diisi oleh {', '.join(names)}."

    # --- cells --------------------------------------------------------------------------------

    def _heads(self, shown: list[int]) -> tuple[tuple[Head, ...], ...]:
        words = [Head("No"), Head("Uraian", "k0"), Head("Satuan", "k1")]
        if self.part.of == "staff":
            return ((*words, Head("PNS", "k2", number=True), Head("Non-PNS", "k3", number=True)),)
        if self.part.of == "quality":
            words.insert(2, Head("Kelompok"))
        words.append(Head(YEAR_WORDS[self.part.of], "k2", number=True))
        if len(shown) == 1 and shown[0] > 1:
            words.append(Head(f"s.d. {measures.MONTHS[shown[0] - 2]}", number=True))
        name = MONTH_WORDS[self.part.of]
        last = measures.MONTHS[self.at.months[-1] - 1]
        ends = [Head(f"Total s.d. {last}", number=True), Head("%", number=True)]
        if len(shown) == 1:
            one = measures.MONTHS[shown[0] - 1]
            words.append(Head(f"{name} {one}", f"m{shown[0]}", number=True))
            words.append(Head("% bulan ini", number=True, help="terhadap jumlah setahun"))
            return ((*words, *ends),)
        above = [replace(head, deep=2) for head in (*words, *ends)]
        below = [Head(measures.MONTHS[m - 1], f"m{m}", number=True) for m in shown]
        return ((*above[:-2], Head(name, span=len(shown)), *above[-2:]), tuple(below))

    def _rows(self, spots: list[tuple[Service, list[RowSpot]]], shown: list[int]) -> Iterator[Row]:
        n = 0
        for service, own in spots:
            split = self.part.of == "quality" or len(own) > 1
            if split:
                title = f"{service.code} {service.title}"
                wide = sum(head.span for head in self._heads(shown)[0])
                yield Row(f"g-{service.key}", "", (Cell("text", "", title),), span=wide)
            for spot in own:
                n += 1
                yield self._row(str(n), spot, shown)

    def _row(self, no: str, spot: RowSpot, shown: list[int]) -> Row:
        cells = [Cell("text", "", spot.title), Cell("text", "", spot.unit)]
        if self.part.of == "quality":
            cells.insert(1, Cell("text", "", spot.group))
        label = f"h-{spot.uid}"
        if spot.year_only:
            cells += [self.cell(k, 0, m, f"k{i} {label}")
                      for i, (k, m) in enumerate(spot.year_only, 2)]  # fmt: skip
            return Row(spot.uid, no, tuple(cells))
        cells.append(self._needed(spot, label))
        needed = self._sum(spot.needs)
        if len(shown) == 1 and shown[0] > 1:
            cells.append(Cell("text", "", self._until(spot.meets, shown[0] - 1), number=True))
        cells += [self.cell(spot.meets, m, REALISASI, f"m{m} {label}") for m in shown]
        if len(shown) == 1:
            value = self.stored.value(spot.meets, shown[0], REALISASI)
            target = f"x:{spot.uid}:bulan{shown[0]:02d}"
            cells.append(Cell("calc", target, measures_bridge.percent(value, needed), number=True))
        total = measured.reached(self.at, spot.meets)
        keys = {c.take: c.key for c in self.part.columns if c.take} | {"%": "persen"}
        cells.append(Cell("calc", f"x:{spot.uid}:{keys.get('met', 'total')}",
                          measures_bridge.shown(0, total), number=True))  # fmt: skip
        reached = measures_bridge.percent(total, needed)
        cells.append(Cell("calc", f"x:{spot.uid}:persen", reached, number=True))
        return Row(spot.uid, no, tuple(cells))

    def _needed(self, spot: RowSpot, label: str) -> Cell:
        if len(spot.needs) == 1:
            element, measure = spot.needs[0]
            return self.cell(element, 0, measure, f"k2 {label}")
        text = measures_bridge.shown(0, self._sum(spot.needs))
        return Cell("text", "", text, number=True)

    def _sum(self, needs: tuple[tuple[str, str], ...]) -> Decimal | None:
        found = [self.stored.value(k, 0, m) for k, m in needs]
        if not found or None in found:
            return None
        return sum((v for v in found if v is not None), Decimal(0))

    def _until(self, element: str, month: int) -> str:
        stock = self.at.book.elements[element].roll == "last"
        roll: spm.Roll = "last" if stock else "sum"
        known = {
            m: v for m in range(1, month + 1)
            if (v := self.stored.value(element, m, REALISASI)) is not None
        }  # fmt: skip
        total = spm.roll_up(known, range(1, month + 1), roll)
        return measures_bridge.shown(0, total)


def follows(seen: DatumView | None) -> bool:
    """True for a number that puskesmas or kecamatan have made: it is typed at theirs."""
    return seen is not None and seen.value is not None and seen.source == rollup.SITES_SOURCE


def _element(given: Input) -> str:
    return given.target.removeprefix("d:").split("~")[0]


def _doubt(seen: DatumView | None) -> str:
    return indonesian.read_number(seen.raw).doubt if seen and seen.raw else ""


def copies(found: MeasuresView, at: Setting) -> list[tuple[str, int, str]]:
    """(target, base, value) that take the stock of the last filled month into the empty fields."""
    by_target = {i.target: i for i in found.inputs}
    out = []
    for one in found.inputs:
        if one.month != found.month or one.shown or not found.copy_from:
            continue
        element = _element(one)
        if at.book.elements[element].roll != "last":
            continue
        before = by_target.get(measures_bridge.target(element, found.copy_from))
        if before is not None and before.shown:
            out.append((one.target, one.rev, before.shown))
    return out
