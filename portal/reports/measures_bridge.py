"""Parts of kind ``measures`` inside an isian: their numbers, their setting, what checks say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from portal import indonesian
from portal.budget import queries as budget
from portal.budget import rules as budget_rules
from portal.figures import catalogue, queries, services, spm
from portal.figures.rules import DatumView
from portal.figures.shape import Service
from portal.outlines import measured, measures
from portal.outlines.measured import REALISASI, TARGET, Activity, Setting
from portal.outlines.measures import Line
from portal.outlines.parts import Measures
from portal.outlines.schema import Placed
from portal.people import queries as people
from portal.people.region import region
from portal.reports import places
from portal.reports.models import Entry, Report

#: Words of the settings page -> choices of the index (figures/spm.py).
METHOD_WORDS = {
    "rows": {"Rerata baris": "mean_rows", "Rasio gabungan": "pooled"},
    "untargeted": {"Dikeluarkan": "keluarkan", "Dihitung 100": "anggap_100"},
    "region": {"Rerata bidang": "bidang", "Rerata layanan": "layanan"},
}


def method_choices() -> dict[str, str]:
    """The region's own choices for the index, as codes; what it has not chosen is left out."""
    here = region(people.today())
    chosen = {
        "rows": here.indeks_mutu, "untargeted": here.indeks_tanpa_sasaran,
        "region": here.indeks_daerah,
    }  # fmt: skip
    return {k: METHOD_WORDS[k][v] for k, v in chosen.items() if v in METHOD_WORDS[k]}


Slot = tuple[str, str]  # element, measure


@dataclass
class Stored:
    """Numbers of one region and year from the database, read once."""

    keys: tuple[str, ...]
    year: int
    unit_id: int
    extra: dict[tuple[str, int, str], Decimal | None] = field(default_factory=dict)

    @cached_property
    def views(self) -> queries.Series:
        """All statements by element, month and measure."""
        return queries.series_of(self.keys, self.year, self.unit_id)

    def view(self, element: str, month: int = 0, measure: str = REALISASI) -> DatumView | None:
        """One statement, None when nobody has made it."""
        return self.views.get((element, month, measure))

    def value(self, element: str, month: int, measure: str) -> Decimal | None:
        """Its number; a typing that was not understood is none."""
        found = self.view(element, month, measure)
        return None if found is None or found.raw else found.value


def groups_of(report: Report, placed: Placed, part: Measures) -> tuple[tuple[str, str], ...]:
    """(catalogue group, title) that the part is about, in the order of the book."""
    items = places.edition_of(report).lists.get(part.over, ()) if part.over else ()
    known = tuple((item.group, item.title) for item in items)
    return measures.groups_of(part, placed.item, known)


def elements_of(report: Report, placed: Placed) -> list[str]:
    """Elements behind a measures part; [] for other parts."""
    part = placed.part
    if not isinstance(part, Measures):
        return []
    groups = [group for group, _ in groups_of(report, placed, part)]
    return measured.elements_of(part, groups, catalogue.current(), report.year)


def setting_of(report: Report, placed: Placed) -> tuple[Setting, Stored]:
    """What the lines of a part are made from, with the numbers as they stand now."""
    part = placed.part
    assert isinstance(part, Measures)  # noqa: S101 - callers have asked
    book = catalogue.current()
    stored = Stored(tuple(elements_of(report, placed)), report.year, report.owner_unit_id)
    return Setting(
        book, stored, report.year, report.period, services.method(book, method_choices()),
        groups_of(report, placed, part), tagged(part, report.year),
    ), stored  # fmt: skip


#: Parts that look at the money of services.
WITH_MONEY = ("money", "activities", "fullness")


def tagged(part: Measures, year: int) -> tuple[Activity, ...]:
    """Budget lines with the tag of a service, for parts that print money."""
    return activities(year) if part.of in WITH_MONEY else ()


def activities(year: int) -> tuple[Activity, ...]:
    """All budget lines of a year that carry the tag of a service, in a fixed number of queries."""
    units = {u.id: u for u in people.units_on(people.today())}
    known = {service.key for service in catalogue.current().services_of()}
    found = [
        Activity(
            line.service, units[line.unit_id].code, units[line.unit_id].name, line.code,
            line.title, line.funds, line.pagu, line.spent, line.quarters,
        )
        for line in budget.tagged(year) if line.service in known and line.unit_id in units
    ]  # fmt: skip
    where = {u.code: u.position for u in units.values()}
    return tuple(sorted(found, key=lambda a: (where[a.unit], a.unit, budget_rules.order(a.code))))


def lines(report: Report, placed: Placed) -> list[Line]:
    """The rows of a part as they print now."""
    part = placed.part
    assert isinstance(part, Measures)  # noqa: S101 - callers have asked
    return measures.lines_of(part, placed.item, setting_of(report, placed)[0])


def derived(entry: Entry, placed: Placed, element: str) -> dict[str, str]:
    """``x:<row>:<column>`` of the computed cells of the rows that an element stands in."""
    part = placed.part
    if not isinstance(part, Measures):
        return {}
    at, _ = setting_of(entry.report, placed)
    every = measures.columns_of(part, at.months)
    columns = [c for c in every if c.formula or _reached(part, c.key)]
    touched = {element, *(s.key for s in at.book.services if element in (
        *s.part, *s.whole, *s.staff))}  # fmt: skip
    found = measures.lines_of(part, placed.item, at)
    out = {
        f"x:{line.uid}:{c.key}": shown(c.places, line.numbers.get(c.key))
        for line in found if line.uid in touched for c in columns
    }  # fmt: skip
    out |= _by_element(part, at, touched)
    if part.total:
        totals = measures.total_of(part, found, at)
        out |= {f"x:jumlah:{k}": shown(_places(part, k), v) for k, v in totals.items()}
    return out


def _by_element(part: Measures, at: Setting, touched: set[str]) -> dict[str, str]:
    """The same for forms: a row for each element of a service, and the percent of each month."""
    out: dict[str, str] = {}
    total = next((c.key for c in part.columns if c.take == "met"), "")
    for group, _ in at.groups:
        for service in at.book.services_of(group):
            for _, needs, meets in _pairs(part, service, at):
                if not touched & {service.key, *(k for k, _ in (*needs, *meets))}:
                    continue
                paired = len(needs) == len(meets)
                for n, (element, _) in enumerate(meets):
                    of = [needs[n]] if paired else []
                    uid = service.key if len(meets) == len(needs) == 1 else ""
                    uid = element if part.of == "quality" or not uid else uid
                    out |= _row(at, uid, element, of, total)
    return out


def _row(at: Setting, uid: str, element: str, of: list[Slot], total: str) -> dict[str, str]:
    whole = at.numbers.value(of[0][0], 0, of[0][1]) if of else None
    reached = measured.reached(at, element)
    out = {f"x:{uid}:{total}": shown(0, reached)}
    out[f"x:{uid}:persen"] = percent(reached, whole)
    for m in at.months:
        out[f"x:{uid}:bulan{m:02d}"] = percent(at.numbers.value(element, m, REALISASI), whole)
    return out


def percent(value: Decimal | None, whole: Decimal | None) -> str:
    """Percent of the number of the year; more than 100 stays visible, it is asked about."""
    found = None if value is None or whole is None else spm.monthly_percent(value, whole)
    return "" if found is None else indonesian.number(found, 2)


def _reached(part: Measures, key: str) -> bool:
    return any(c.key == key and c.take == "met" for c in part.columns)


def _places(part: Measures, key: str) -> int | None:
    return next((c.places for c in part.columns if c.key == key), 0)


def shown(places_: int | None, value: Decimal | None) -> str:
    """A computed number as it prints."""
    return "" if value is None else indonesian.number(value, places_)


# --- checks ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Remark:
    """One catatan; ``blocks`` stands in the way of sending."""

    blocks: bool
    sentence: str
    target: str
    key: str


def remarks(entry: Entry, placed: Placed, mine: Iterable[str] | None = None) -> list[Remark]:
    """What is not filled, more than needed, or not the sum of its months.

    Permendagri 59/2021 Ps 24: the report is complete at the end of its period. More served than
    needed happens and is asked about, never refused. ``mine`` = elements that the reader types.
    """
    part = placed.part
    if not isinstance(part, Measures):
        return []
    at, stored = setting_of(entry.report, placed)
    own = None if mine is None else set(mine)
    found: list[Remark] = []
    for group, _ in at.groups:
        for service in at.book.services_of(group):
            for name, needs, meets in _pairs(part, service, at):
                found += _one(at, stored, name, needs, meets, own)
    return found


def _pairs(
    part: Measures, service: Service, at: Setting
) -> Iterator[tuple[str, list[Slot], list[Slot]]]:
    """(name of the row, what must be served, what was)."""
    if part.of == "recipients":
        yield (f"{service.code} {service.title}", [(k, REALISASI) for k in service.whole],
               [(k, REALISASI) for k in service.part])  # fmt: skip
    elif part.of == "quality":
        for item in service.quality_in(at.year):
            yield (f"{service.code}, {item.text}", [(item.element, TARGET)],
                   [(item.element, REALISASI)])  # fmt: skip
    elif part.of == "staff":
        yield f"personil {service.code}", [(k, REALISASI) for k in service.staff], []


def _one(
    at: Setting, stored: Stored, name: str, needs: list[Slot], meets: list[Slot],
    own: set[str] | None,
) -> Iterator[Remark]:  # fmt: skip
    for element, measure in needs:
        if (own is None or element in own) and at.numbers.value(element, 0, measure) is None:
            yield Remark(True, f"{name}: “{_words(at, element, measure)}” belum diisi.",
                         target(element, 0, measure), "kosong")  # fmt: skip
    for element, _ in meets:
        if (own is None or element in own) and measured.reached(at, element) is None:
            yield Remark(
                True, f"{name}: “{at.book.elements[element].title}” belum diisi sampai dengan "
                f"{measures.MONTHS[at.months[-1] - 1]} {at.year}.",
                target(element, at.months[-1]), "kosong",
            )  # fmt: skip
        yield from _months(at, stored, name, element)
    if meets:
        yield from _more(at, name, needs, meets)


def _words(at: Setting, element: str, measure: str) -> str:
    title = at.book.elements[element].title
    return "Jumlah mutu yang harus dipenuhi" if measure == TARGET else title


def _months(at: Setting, stored: Stored, name: str, element: str) -> Iterator[Remark]:
    """A doubtful month, and a year that is not what its months make."""
    known = {}
    for m in range(1, 13):
        view = stored.view(element, m)
        if view is not None and view.raw:
            yield Remark(
                True, f"{name}, {measures.MONTHS[m - 1]}: “{view.raw}” belum dapat dipastikan. "
                "Ketik ulang. Contoh: 1.234.", target(element, m), "ragu",
            )  # fmt: skip
        elif view is not None and view.value is not None:
            known[m] = view.value
    year = stored.value(element, 0, REALISASI)
    roll: spm.Roll = "last" if at.book.elements[element].roll == "last" else "sum"
    rolled = spm.roll_up(known, range(1, 13), roll)
    if rolled is not None and year is not None and rolled != year:
        yield Remark(
            True, f"{name}: isian bulanan menghasilkan {indonesian.number(rolled)}, sedangkan "
            f"angka tahun {at.year} {indonesian.number(year)}. Keduanya harus sama; angka tahun "
            "diperbarui bila salah satu bulan disimpan.", target(element, 0), "bulanan",
        )  # fmt: skip


def _more(at: Setting, name: str, needs: list[Slot], meets: list[Slot]) -> Iterator[Remark]:
    asked = [at.numbers.value(k, 0, m) for k, m in needs]
    done = [measured.reached(at, k) for k, _ in meets]
    if None in asked or None in done:
        return
    most = sum((v for v in asked if v is not None), Decimal(0))
    reached = sum((v for v in done if v is not None), Decimal(0))
    if reached > most:
        yield Remark(
            False, f"{name}: capaian {indonesian.number(reached)} lebih dari yang harus dipenuhi "
            f"{indonesian.number(most)}. Memang demikian? Indeks dihitung paling tinggi 100 %.",
            target(meets[0][0], at.months[-1]), "lebih",
        )  # fmt: skip


def target(element: str, month: int = 0, measure: str = REALISASI, dims: str = "") -> str:
    """The operation's target of one number, of one place with ``dims``."""
    more = f"@{dims}" if dims else ""
    more += f"~{month:02d}" if month else ""
    more += f"+{measure}" if measure != REALISASI else ""
    return f"d:{element}{more}:value"
