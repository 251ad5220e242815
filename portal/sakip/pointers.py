"""Indicators that point at stored figures: their number is read, never typed again.

``service:KS1`` is a jenis pelayanan dasar (terlayani / harus dilayani x 100), ``indicator:1.b.3``
an indicator of the catalogue, ``element:penduduk`` one element.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from portal.figures import catalogue, queries, spm
from portal.figures import rules as figures
from portal.figures.models import Measure
from portal.figures.shape import Indicator, Service
from portal.sakip.rules import QUARTERS


@dataclass(frozen=True)
class Found:
    """What a figure says: its value, or why there is none; ``ref`` for tracing, ``source``."""

    value: Decimal | None
    reason: str = ""
    ref: str = ""
    source: str = ""


@dataclass(frozen=True)
class Choice:
    """A figure that an indicator may point at."""

    pointer: str
    label: str
    group: str
    unit: str
    duty: str


def choices() -> list[Choice]:
    """All services and indicators of the catalogue, in the order of the books."""
    book = catalogue.current()
    out = [
        Choice(f"service:{s.code}", f"SPM {s.code} {s.title}", "Jenis pelayanan dasar SPM", "%",
               s.duty)
        for s in book.services_of()
    ]  # fmt: skip
    for one in book.indicators.values():
        group = book.groups[one.group]
        out.append(Choice(f"indicator:{one.key}", f"{one.no} {one.shown_title}"[:120], group.label,
                          one.unit, group.duty))  # fmt: skip
    return out


def known(pointer: str) -> bool:
    """True when the catalogue has what the pointer names."""
    return bool(_keys(pointer))


def label(pointer: str) -> str:
    """What a pointer is called on screens; "" for none."""
    one = _target(pointer)
    if isinstance(one, Service):
        return f"SPM {one.code} {one.title}"
    if isinstance(one, Indicator):
        return f"{one.no} {one.shown_title}"
    found = catalogue.current().elements.get(pointer.removeprefix("element:"))
    return found.title if found else ""


def _target(pointer: str) -> Service | Indicator | None:
    kind, _, key = pointer.partition(":")
    book = catalogue.current()
    if kind == "service":
        return next((s for s in book.services_of() if s.code == key), None)
    return book.indicators.get(key) if kind == "indicator" else None


def _keys(pointer: str) -> tuple[str, ...]:
    one = _target(pointer)
    if isinstance(one, Service):
        return (*one.whole, *one.part)
    if isinstance(one, Indicator):
        return (*one.elements, *one.previous)
    key = pointer.removeprefix("element:")
    return (key,) if pointer != key and key in catalogue.current().elements else ()


def of_years(pointers: Iterable[str], years: Collection[int]) -> dict[tuple[str, int], Found]:
    """(pointer, year) -> what the figures of the region say; one statement to the database."""
    wanted = sorted({p for p in pointers if p})
    if not wanted:
        return {}
    keys = dict.fromkeys(k for p in wanted for k in _keys(p))
    periods = sorted({str(y) for year in years for y in (year, year - 1)})
    views = queries.values_of(keys, periods, queries.region_id())
    return {(p, year): _year(p, year, views) for p in wanted for year in years}


def _year(pointer: str, year: int, views: queries.Periods) -> Found:
    one = _target(pointer)
    now = views[str(year)]
    if isinstance(one, Service):
        needed = _sum(now, one.whole)
        value = spm.recipients(spm.Count(needed, _sum(now, one.part)))
        if needed == 0:
            return Found(None, "tidak ada sasaran yang harus dilayani")
        refs = f"datum:{'+'.join(one.part)}:{year}"
        why = "" if value is not None else f"data layanan {one.code} belum lengkap"
        return Found(value, why, refs, _source(now, one.part))
    if isinstance(one, Indicator):
        book = catalogue.current()
        result = figures.evaluate(one, now, views.get(str(year - 1), {}), book.elements)
        return Found(result.value, result.reason, f"indicator:{one.key}:{year}",
                     _source(now, one.elements))  # fmt: skip
    key = pointer.removeprefix("element:")
    view = now.get(key)
    value = view.value if view is not None and not view.raw else None
    return Found(value, "", f"datum:{key}:{year}", _source(now, (key,)))


def _sum(now: dict[str, figures.DatumView], keys: Iterable[str]) -> Decimal | None:
    found = [now[k].value for k in keys if k in now and not now[k].raw]
    listed = tuple(keys)
    if len(found) != len(listed) or any(v is None for v in found):
        return None
    return sum((v for v in found if v is not None), Decimal(0))


def _source(now: dict[str, figures.DatumView], keys: Iterable[str]) -> str:
    named = dict.fromkeys(now[k].source for k in keys if k in now and now[k].source)
    return "; ".join(named)


def of_quarters(pointers: Iterable[str], year: int) -> dict[tuple[str, str], Decimal]:
    """(pointer, triwulan) -> the value reached by the end of the triwulan, for services that are
    counted by month; other figures have no number within the year."""
    services = {p: one for p in set(pointers) if isinstance(one := _target(p), Service)}
    if not services:
        return {}
    keys = dict.fromkeys(k for one in services.values() for k in (*one.whole, *one.part))
    series = queries.series_of(keys, year, queries.region_id())
    done = str(Measure.REALISASI)
    out: dict[tuple[str, str], Decimal] = {}
    for pointer, one in services.items():
        needed = [series.get((k, 0, done)) for k in one.whole]
        if any(v is None or v.value is None for v in needed):
            continue
        whole = sum((v.value for v in needed if v and v.value is not None), Decimal(0))
        for quarter in QUARTERS:
            met = _through(one, series, done, quarter)
            value = spm.percent(met, whole) if met is not None else None
            if value is not None:
                out[pointer, quarter] = value
    return out


def _through(one: Service, series: queries.Series, done: str, quarter: str) -> Decimal | None:
    months = spm.months_until(quarter)
    total = Decimal(0)
    for key in one.part:
        by_month = {
            m: v.value for m in months
            if (v := series.get((key, m, done))) is not None and v.value is not None
        }  # fmt: skip
        if months[-1] not in by_month:
            return None  # the triwulan is not over in the figures
        rolled = spm.roll_up(by_month, months, "last" if one.roll == "last" else "sum")
        if rolled is None:
            return None
        total += rolled
    return total
