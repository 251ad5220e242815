"""SPM within itself: the months against the year, those served against those to be served. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from portal.checks import sides
from portal.checks.sheet import Note, Place, Sheet
from portal.figures.shape import Service

if TYPE_CHECKING:
    from portal.checks.rules import Maker


def check(sheet: Sheet, maker: Maker) -> Iterator[Note]:
    """All notes on the services of a year."""
    ratios = {(i.part, i.whole) for i in sheet.catalogue.of(year=sheet.year) if i.inside}
    for service in sheet.catalogue.services_of():
        if (service.part, service.whole) not in ratios:  # else the IKK says it
            yield from _served(sheet, service, maker)
        yield from _quality(sheet, service, maker)
        asked = (*service.part, *(q.element for q in service.quality_in(sheet.year)))
        yield from _months(sheet, service, asked, maker)


def _value(sheet: Sheet, key: str) -> Decimal | None:
    view = sheet.now.get(key)
    return view.value if view is not None and not view.raw else None


def _sum(sheet: Sheet, keys: Iterable[str]) -> Decimal | None:
    found = [_value(sheet, k) for k in keys]
    if not found or any(v is None for v in found):
        return None
    return sum((v for v in found if v is not None), Decimal(0))


def _served(sheet: Sheet, service: Service, maker: Maker) -> Iterator[Note]:
    """More were served than had to be (it happens; it is looked at, never refused)."""
    needed, served = _sum(sheet, service.whole), _sum(sheet, service.part)
    if needed is None or served is None or served <= needed:
        return
    one, all_ = (sides.element_place(sheet, keys[0], sides.shown(value))
                 for keys, value in ((service.part, served), (service.whole, needed)))  # fmt: skip
    yield maker.note(
        "terlayani_melebihi", f"spm|{service.code}", f"SPM {service.code} {service.title}",
        f"SPM {service.code}: yang terlayani {sides.shown(served)}, lebih banyak daripada yang "
        f"harus dilayani {sides.shown(needed)}.", (one, all_),
    )  # fmt: skip


def _quality(sheet: Sheet, service: Service, maker: Maker) -> Iterator[Note]:
    for item in service.quality_in(sheet.year):
        have, needed = _value(sheet, item.element), sheet.needed.get(item.element)
        if have is None or needed is None or have <= needed:
            continue
        place = sides.element_place(sheet, item.element, sides.shown(have))
        yield maker.note(
            "terlayani_melebihi", f"mutu|{item.element}", f"SPM {service.code}: {item.text}"[:200],
            f"SPM {service.code}, {item.text}: yang terpenuhi {sides.shown(have)}, lebih banyak "
            f"daripada yang harus dipenuhi {sides.shown(needed)}.",
            (place, _beside(sheet, item.element, "jumlah yang harus dipenuhi", needed)),
        )  # fmt: skip


def _months(
    sheet: Sheet, service: Service, keys: Iterable[str], maker: Maker
) -> Iterator[Note]:  # fmt: skip
    """The year is what its months give (Permendagri 59/2021: laporan triwulan and tahunan)."""
    for key in dict.fromkeys(keys):
        year, months = _value(sheet, key), sheet.months.get(key)
        if year is None or months is None or year == months:
            continue
        e = sheet.catalogue.elements[key]
        yield maker.note(
            "bulan_setahun", f"bulan|{key}", f"SPM {service.code}: {e.title}"[:200],
            f"SPM {service.code}, {e.title}: setahun {sides.shown(year)}, tetapi isian bulanan "
            f"sampai Desember memberi {sides.shown(months)}.",
            (sides.element_place(sheet, key, sides.shown(year)),
             _beside(sheet, key, "isian bulanan Januari-Desember", months)),
        )  # fmt: skip


def _beside(sheet: Sheet, key: str, what: str, value: Decimal) -> Place:
    """Another statement of the same datum."""
    e = sheet.catalogue.elements[key]
    return Place(
        f"SPM {sheet.year}, {e.title}, {what}", f"{sides.shown(value)} {e.unit}".strip(),
        sheet.owners.get(key, ""), "" if key in sheet.books else "spm", 0, sheet.homes.get(key, 0),
        f"d:{key}:value", key, books=sheet.books.get(key, ()),
    )  # fmt: skip
