"""Numbers by the place where people are served (puskesmas, kecamatan) make those of the region.

Pure. A place states what it did in a month; the region's month is what the places add up to, and
the months make the year (spm.py). Source of the practice: monthly entry of running applications by
puskesmas and by kecamatan (likely); no regulation prescribes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from portal.figures import spm
from portal.figures.spm import Roll

#: Name of the dimension; its value is the code of the unit: ``tempat=PKM-01``.
DIM = "tempat"


def dims_of(code: str) -> str:
    """The dimension of one place."""
    return f"{DIM}={code}"


def code_of(dims: str) -> str:
    """The place of a dimension, "" for another dimension."""
    name, _, code = dims.partition("=")
    return code if name == DIM else ""


def total(values: Mapping[tuple[str, int], Decimal], month: int, how: Roll) -> Decimal | None:
    """What the places make of one month (0 = of the year); ``values`` by (place, month).

    ``sum`` adds what was stated in the month. ``last`` is for what is at hand: a place that has
    not stated the month still has what it had before. None when no place states the month.
    """
    stated = [v for (_, m), v in values.items() if m == month]
    if not stated:
        return None
    if how == "sum" or not month:
        return sum(stated, Decimal(0))
    places = {code for code, _ in values}
    until = range(1, month + 1)
    held = (spm.roll_up(_of(values, code), until, "last") for code in places)
    return sum((v for v in held if v is not None), Decimal(0))


def _of(values: Mapping[tuple[str, int], Decimal], code: str) -> dict[int, Decimal]:
    return {m: v for (c, m), v in values.items() if c == code and m}


def filled(values: Mapping[tuple[str, int], Decimal], month: int, codes: frozenset[str]) -> int:
    """How many of the places have stated a month."""
    return sum(1 for code, m in values if m == month and code in codes)
