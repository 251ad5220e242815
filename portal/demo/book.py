"""What every writer of demo contents gets: the year, the place in the book, the shared numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from portal.demo.prose import rng_of
from portal.outlines.schema import ListItem

Rows = list[tuple[str, dict[str, str]]]


@dataclass(frozen=True)
class Spot:
    """One isian to be filled. ``share`` is the part of the year behind a TW report (1 = all)."""

    kind: str
    year: int
    part: str
    item: str  # key of the repeated thing, "" = none
    title: str  # its title
    unit: str  # code of the supplier
    unit_name: str
    things: Mapping[str, Sequence[ListItem]]
    figures: Mapping[str, Decimal]  # element -> value of the region in that year
    before: Mapping[str, Decimal]  # the year before
    share: Decimal = Decimal(1)

    @property
    def quarter(self) -> str:
        """``Triwulan II`` through which the report looks; the year ends with the fourth."""
        return (
            f"Triwulan {('I', 'II', 'III', 'IV')[min(int(self.share * 4 + Decimal('0.9')), 4) - 1]}"
        )

    def rng(self, *more: object) -> Random:
        """A generator of this spot's own."""
        return rng_of(self.kind, self.part, self.item, self.unit, self.year, *more)


TableWriter = Callable[[Spot], Rows]
TextWriter = Callable[[Spot], str]


def rows_of(dicts: Sequence[Mapping[str, object]]) -> Rows:
    """Free rows with ids of their own; numbers as canonical text."""
    return [(f"d{n:04d}", {k: cell(v) for k, v in d.items()}) for n, d in enumerate(dicts, 1)]


def cell(value: object) -> str:
    """A value as it is stored: canonical number or text."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def money(value: int | Decimal) -> str:
    """Rupiah as it is stored."""
    return format(Decimal(value).quantize(Decimal("0.01")), "f")
