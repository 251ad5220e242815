"""What the lines of measures read: one service, its counts by month, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from portal.figures import spm
from portal.figures.shape import Catalogue, Service
from portal.outlines.parts import Measures

TARGET, REALISASI = "target", "realisasi"


class Numbers(Protocol):
    """Where values come from: the database, or the snapshot of a book."""

    def value(self, element: str, month: int, measure: str) -> Decimal | None:
        """The value of a month (1..12) or of the year (0); None when there is none."""
        ...


@dataclass(frozen=True)
class Activity:
    """A line of the budget that carries a service: its tag, whose it is, its money in rupiah.

    ``quarters`` holds what was spent in each triwulan (1..4) that somebody has stated, ``spent``
    the realisasi of the year.
    """

    service: str  # key: ks1
    unit: str  # code of the Perangkat Daerah
    supplier: str  # its name
    code: str  # 1.02.02.2.02.0001
    title: str
    fund: str = ""
    pagu: Decimal | None = None
    spent: Decimal | None = None
    quarters: Mapping[int, Decimal] = field(default_factory=dict)

    def through(self, months: Sequence[int]) -> Decimal | None:
        """Spent through the end of the period; the year's own number counts for a whole year."""
        if len(months) == 12 and self.spent is not None:
            return self.spent
        return spm.roll_up(self.quarters, range(1, max(months) // 3 + 1), "sum")


@dataclass(frozen=True)
class Setting:
    """What lines are made from. ``period`` is "" for a year or TW1..TW4."""

    book: Catalogue
    numbers: Numbers
    year: int
    period: str
    method: spm.Method
    groups: tuple[tuple[str, str], ...] = ()  # (catalogue group, title) in the order of the book
    activities: tuple[Activity, ...] = ()  # lines of the budget with a service's tag

    def of_service(self, service: Service) -> tuple[Activity, ...]:
        """Lines of the budget that carry a service, by Perangkat Daerah and code."""
        return tuple(a for a in self.activities if a.service == service.key)

    @property
    def months(self) -> tuple[int, ...]:
        """Months that the report covers."""
        return spm.months_until(self.period)


def elements_of(part: Measures, groups: Iterable[str], book: Catalogue, year: int) -> list[str]:
    """Elements behind a part, each once, in the order of its rows."""
    found: dict[str, None] = {}
    for group in groups:
        for service in book.services_of(group):
            keys: tuple[str, ...] = ()
            if part.of in ("recipients", "index", "fullness"):
                keys += (*service.whole, *service.part)
            if part.of in ("quality", "index", "fullness"):
                keys += tuple(item.element for item in service.quality_in(year))
            if part.of in ("staff", "fullness"):
                keys += service.staff
            found.update(dict.fromkeys(keys))
    return list(found)


def reached(at: Setting, element: str) -> Decimal | None:
    """The value through the end of the report's period: its months rolled up, else the year's.

    Without months a whole year has the number of the year; a triwulan then has none.
    """
    roll: spm.Roll = "last" if at.book.elements[element].roll == "last" else "sum"
    known = {
        m: v for m in at.months if (v := at.numbers.value(element, m, REALISASI)) is not None
    }  # fmt: skip
    if known:
        return spm.roll_up(known, at.months, roll)
    return at.numbers.value(element, 0, REALISASI) if len(at.months) == 12 else None


def add_known(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, None as soon as one of them is not stated."""
    found = list(values)
    if not found or any(value is None for value in found):
        return None
    return sum((value for value in found if value is not None), Decimal(0))


def needed(at: Setting, service: Service) -> Decimal | None:
    """Number to be served in the year; it is not divided by triwulan."""
    return add_known(at.numbers.value(key, 0, REALISASI) for key in service.whole)


def met(at: Setting, service: Service) -> Decimal | None:
    """Number served through the end of the period."""
    return add_known(reached(at, key) for key in service.part)


def quality_counts(at: Setting, service: Service) -> list[spm.Count]:
    """Required and fulfilled of every mutu row that applies in the year."""
    return [
        spm.Count(at.numbers.value(item.element, 0, TARGET), reached(at, item.element))
        for item in service.quality_in(at.year)
    ]


def score(at: Setting, service: Service) -> spm.Score:
    """IP of one service."""
    count = spm.Count(needed(at, service), met(at, service))
    return spm.service(count, quality_counts(at, service), at.method)


def sum_known(values: Iterable[Decimal | None]) -> Decimal | None:
    """Sum of what is stated; None when nothing is."""
    found = [value for value in values if value is not None]
    return sum(found, Decimal(0)) if found else None


def money(at: Setting, service: Service) -> tuple[Decimal | None, Decimal | None]:
    """(alokasi of the year, realisasi through the period) of a service, from its budget lines."""
    own = at.of_service(service)
    return sum_known(a.pagu for a in own), sum_known(a.through(at.months) for a in own)
