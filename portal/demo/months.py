"""Demo numbers of the services by month for the data year: people, mutu, staff.

They add up to the very numbers of the year that LPPD has: months of people who come once are split
from the year's number, what is at hand grows towards it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random

from portal.demo.prose import rng_of
from portal.figures import flow, spm
from portal.figures.models import Measure
from portal.figures.rules import DatumView
from portal.figures.shape import Catalogue, Service
from portal.people.rules import Actor

STAFF = {"pendidikan": (90, 640), "kesehatan": (34, 210)}


def load(book: Catalogue, values: dict[str, Decimal], year: int, region: int) -> int:
    """Write the months, targets and pagu of ``year``; returns how many data were written."""
    actor = Actor(None, "Data contoh")
    real: list[DatumView] = []
    targets: list[DatumView] = []
    for service in book.services_of():
        rng = rng_of("layanan", service.code, year)
        real += _people(service, values, year, region, rng)
        for view, is_target in _quality(service, values, year, region, rng):
            (targets if is_target else real).append(view)
        real += _staff(service, year, region, rng)
    made = flow.put_many(real, actor, "figures.demo")
    return made + flow.put_many(targets, actor, "figures.demo", Measure.TARGET)


def _view(key: str, value: Decimal | int, year: int, month: int, region: int) -> DatumView:
    period = spm.month_key(year, month) if month else str(year)
    return DatumView(key, value=Decimal(value), unit_id=region, period=period,
                     source="Laporan bulanan (data contoh)")  # fmt: skip


def _people(
    service: Service, values: dict[str, Decimal], year: int, region: int, rng: Random
) -> Iterator[DatumView]:
    for key in service.part:
        whole = values[key]
        if service.roll == "last":
            for month in range(1, 13):
                part = whole if month == 12 else int(whole * (880 + 10 * month) / 1000)
                yield _view(key, part, year, month, region)
            continue
        left, weights = int(whole), [rng.randint(80, 120) for _ in range(12)]
        for month, weight in enumerate(weights, 1):
            share = left if month == 12 else int(whole) * weight // sum(weights)
            left -= share
            yield _view(key, share, year, month, region)


def _quality(
    service: Service, values: dict[str, Decimal], year: int, region: int, rng: Random
) -> Iterator[tuple[DatumView, bool]]:
    """Goods and services follow the people to be served, staff is counted in dozens."""
    people = int(sum((values[k] for k in service.whole), Decimal(0)))
    for item in service.quality_in(year):
        needed = _needed(item.group, item.unit, people, rng)
        reached = needed * rng.randint(820, 1000) // 1000 if rng.random() < 0.6 else needed
        yield _view(item.element, needed, year, 0, region), True
        for month in range(1, 13):
            have = reached if month == 12 else reached * (700 + 25 * month) // 1000
            yield _view(item.element, have, year, month, region), False
        yield _view(item.element, reached, year, 0, region), False


def _needed(group: str, unit: str, people: int, rng: Random) -> int:
    if group == "sdm":
        return rng.randint(12, 96)
    if unit in ("dokumen", "kegiatan", "kejadian", "rombel", "satuan", "paket", "buah"):
        return rng.randint(4, 60)
    return max(people, 1)


def _staff(service: Service, year: int, region: int, rng: Random) -> Iterator[DatumView]:
    low, high = STAFF.get(service.group, (6, 28))
    pns, others = service.staff
    yield _view(pns, rng.randint(low, high), year, 0, region)
    yield _view(others, rng.randint(low // 2, high // 2), year, 0, region)
