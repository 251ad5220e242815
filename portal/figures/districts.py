"""Numbers by kecamatan beside the number of the whole region: do they add up? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from portal import indonesian


@dataclass(frozen=True)
class Spread:
    """What the kecamatan of one element add up to, beside the number of the region.

    ``total`` is None while nothing is filled; ``region`` is None while the region's number is
    not typed. ``filled`` of ``asked`` kecamatan have a number.
    """

    total: Decimal | None
    region: Decimal | None
    filled: int
    asked: int

    @property
    def complete(self) -> bool:
        """True when every kecamatan has its number."""
        return self.asked > 0 and self.filled == self.asked

    @property
    def differs(self) -> bool:
        """True when all are filled and their sum is not the number of the region."""
        return self.complete and self.region is not None and self.total != self.region

    def sentence(self, unit: str) -> str:
        """What is to be said of it: an open rest, a difference with both numbers, or agreement."""
        if not self.filled:
            return "belum ada kecamatan yang diisi"
        total = indonesian.number(self.total or Decimal(0))
        if not self.complete:
            return f"baru {self.filled} dari {self.asked} kecamatan terisi, berjumlah {total}"
        if self.region is None:
            return f"jumlah kecamatan {total} {unit}; angka kabupaten/kota belum diisi"
        if not self.differs:
            return f"jumlah kecamatan {total} {unit}, sama dengan angka kabupaten/kota"
        gap = indonesian.number(abs((self.total or Decimal(0)) - self.region))
        return (
            f"perlu dicek: jumlah kecamatan {total} {unit}, angka kabupaten/kota "
            f"{indonesian.number(self.region)}, selisih {gap}"
        )


def spread(values: Iterable[Decimal | None], region: Decimal | None) -> Spread:
    """Add up the numbers of the kecamatan; None is a kecamatan that is not filled."""
    given = list(values)
    known = [v for v in given if v is not None]
    return Spread(sum(known, Decimal(0)) if known else None, region, len(known), len(given))


def row_note(
    sums: Iterable[tuple[str, tuple[str, ...]]], values: Mapping[str, Decimal | None],
    titles: Mapping[str, str],
) -> str:  # fmt: skip
    """What does not add up within one kecamatan (laki-laki + perempuan = penduduk), "" for nothing.

    ``sums`` are (whole, parts) of the catalogue; one with an empty number is not looked at.
    """
    for whole, parts in sums:
        found = [values.get(k) for k in parts]
        stated = values.get(whole)
        if stated is None or None in found:
            continue
        total = sum((v for v in found if v is not None), Decimal(0))
        if total != stated:
            names = " + ".join(titles[k].removeprefix(f"{titles[whole]} ") for k in parts)
            return f"perlu dicek: {names} = {indonesian.number(total)}"
    return ""
