"""Numbers that follow others: places make the month of the region, months make the year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from portal.figures import catalogue, queries, sites, spm, statements
from portal.figures.models import DatumRev, Measure, Vintage
from portal.figures.rules import DatumView
from portal.figures.shape import Element
from portal.figures.statements import DatumKey
from portal.people.rules import Actor
from portal.trail import flow as trail

FROM_MONTHS = (
    "“{}” setahun terkumpul dari isian bulanan SPM, sehingga tidak diketik di sini. Bila keliru, "
    "perbaiki bulannya pada isian SPM; angka ini ikut berubah."
)
FROM_SITES = (
    "“{}” terkumpul dari rincian per tempat layanan, sehingga tidak diketik di sini. Bila keliru, "
    "perbaiki angka puskesmas atau kecamatannya; jumlahnya ikut berubah."
)
MONTHS_SOURCE = "Rekapitulasi isian bulanan"
SITES_SOURCE = "Rekapitulasi rincian tempat layanan"


def why_not(key: DatumKey, element: Element, head: DatumRev | None) -> str:
    """Why a number is not typed because it follows others, "" when it is typed."""
    if made_by_sites(key, head):
        return FROM_SITES.format(element.title)
    return FROM_MONTHS.format(element.title) if _made_by_months(key, element) else ""


def made_by_sites(key: DatumKey, head: DatumRev | None) -> bool:
    """True for a number of the region that its places have made."""
    return (
        not key.dims and head is not None and head.value is not None
        and head.source == SITES_SOURCE
    )  # fmt: skip


def made_by_months(keys: Iterable[str], year: int, unit_id: int) -> frozenset[str]:
    """Those elements whose number of the year follows stated months, in one statement."""
    asked = [k for k in keys if catalogue.current().elements[k].roll]
    return frozenset(
        element for (element, month, measure), view
        in queries.series_of(asked, year, unit_id).items()
        if month and measure == Measure.REALISASI and view.value is not None
    )  # fmt: skip


def following(
    keys: Iterable[str], year: int, unit_id: int, now: Mapping[str, DatumView]
) -> dict[str, str]:
    """Element -> why its number of the year is not typed, of those that follow others."""
    book, asked = catalogue.current().elements, list(keys)
    by_sites = {k: FROM_SITES for k in asked if k in now and now[k].source == SITES_SOURCE}
    by_months = dict.fromkeys(made_by_months(asked, year, unit_id), FROM_MONTHS)
    return {k: why.format(book[k].title) for k, why in (by_months | by_sites).items()}


def _made_by_months(key: DatumKey, element: Element) -> bool:
    """True for the number of a year whose months were stated: it follows them."""
    if not element.roll or key.dims or key.measure != Measure.REALISASI or "-" in key.period:
        return False
    return bool(made_by_months([key.element], int(key.period), key.unit_id))


def after(key: DatumKey, element: Element, actor: Actor) -> None:
    """A value was stated: what follows it is made anew."""
    if sites.code_of(key.dims):
        _from_sites(key, element, actor)
    elif element.roll and key.measure == Measure.REALISASI:
        _from_months(key, element, actor)


def _from_months(key: DatumKey, element: Element, actor: Actor) -> None:
    """A month was stated: the year becomes the sum of its months, or the last filled one.

    So a number typed by month is the number of the year everywhere else (SPM KS1 = IKK 1.b.3).
    """
    year, dash, month = key.period.partition("-")
    if not dash or not month.isdigit() or key.dims:
        return
    found = queries.series_of([key.element], int(year), key.unit_id)
    months = {
        m: v.value for (_, m, measure), v in found.items()
        if m and measure == Measure.REALISASI and v.value is not None
    }  # fmt: skip
    total = spm.roll_up(months, range(1, 13), "last" if element.roll == "last" else "sum")
    if total is not None:
        _state(DatumKey(key.element, key.unit_id, year), total, MONTHS_SOURCE, False, actor)


def _from_sites(key: DatumKey, element: Element, actor: Actor) -> None:
    """A place has stated a number: the region's becomes what the places add up to.

    What is at hand (``last``) moves the later months too. A number that the region has typed
    itself stands until every place has stated its own, so that half a sum never replaces it.
    """
    year, _, month = key.period.partition("-")
    first = int(month or 0)
    known = {
        (code, m): v.value
        for (_, code, m, measure), v in queries.by_site([key.element], int(year),
                                                        key.unit_id).items()
        if measure == key.measure and v.value is not None
    }  # fmt: skip
    asked = frozenset(u.code for u in queries.sites_of(element, int(year)))
    last = element.roll == "last"
    for m in range(first, 13) if first and last else (first,):
        period = spm.month_key(int(year), m) if m else year
        own = DatumKey(key.element, key.unit_id, period, "", key.measure)
        whole = bool(asked) and sites.filled(known, m, asked) == len(asked)
        total = sites.total(known, m, "last" if last else "sum")
        if _place_sum(own, total, whole, actor) and m:
            _from_months(own, element, actor)


def _place_sum(own: DatumKey, total: Decimal | None, whole: bool, actor: Actor) -> bool:
    """Put a sum of places under the region; False when the region's own number stays."""
    datum = statements.datum_of(own)
    head = statements.rev_of(datum, datum.head)
    made = made_by_sites(own, head)
    stands = head is not None and (head.value is not None or bool(head.raw))
    if total is None and not made:
        return False
    if stands and not made and not whole:
        return False
    return _state(own, total, SITES_SOURCE, True, actor)


def _state(
    key: DatumKey, value: Decimal | None, source: str, always: bool, actor: Actor
) -> bool:  # fmt: skip
    """The next statement of a number that follows others; False when nothing changed.

    ``always`` puts ``source`` in place of another; else only an empty one is filled.
    """
    datum = statements.datum_of(key)
    head = statements.rev_of(datum, datum.head)
    same = head is not None and head.value == value and not head.raw
    if same and (not always or (head is not None and head.source == source)):
        return False
    columns: dict[str, Any] = {"value": value, "text": None, "raw": None}
    if always or head is None or not head.source:
        columns["source"] = source
    if head is not None and head.vintage == Vintage.BELUM_RILIS:
        columns["vintage"] = Vintage.TETAP
    rev = statements.append(datum, head, columns, actor)
    if rev is None:  # somebody wrote it in the same moment: theirs is newer
        return False
    trail.record(
        f"figure:{key.element}:{key.period}", "figures.roll_up", f"datum:{datum.id}", actor,
        statements.plain(head, "value"), statements.plain(rev, "value"),
    )  # fmt: skip
    statements.tell(key, head, rev, actor)
    return True
