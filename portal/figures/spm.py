"""Indeks Pencapaian SPM (IP SPM): per jenis pelayanan, bidang urusan, and region. Pure.

Source of the rules: Permendagri 59/2021 and what published forms and applications show
of its lampiran. Each docstring says how sure its rule is; what is not sure is a setting
(``Method``), never a constant hidden in code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

FULL = Decimal(100)
Quality = Literal["mean_rows", "pooled"]
Untargeted = Literal["keluarkan", "anggap_100"]
Region = Literal["bidang", "layanan"]
Roll = Literal["sum", "last"]


@dataclass(frozen=True)
class Method:
    """How the index is computed; the choices are settings of the region, per year.

    ``recipients`` and ``quality`` are the weights 80 % and 20 % (sure: section titles "A ... (80%)"
    and "B ... (20%)" of two independent applications). ``rows`` says how mutu is averaged (mean of
    the rows: likely; pooled: used in practice). ``untargeted`` says what a service without anybody
    to serve counts for (guess: not found in any source). ``region`` says what the index of the
    region is the mean of (bidang: likely; layanan: guess).
    """

    recipients: Decimal = Decimal("0.80")
    quality: Decimal = Decimal("0.20")
    rows: Quality = "mean_rows"
    untargeted: Untargeted = "keluarkan"
    region: Region = "bidang"


@dataclass(frozen=True)
class Count:
    """What must be served or fulfilled, and what was; None = not filled yet."""

    needed: Decimal | None
    met: Decimal | None


@dataclass(frozen=True)
class Score:
    """Index of one service, bidang or region.

    ``value`` is exact, 0..100; None with a ``reason``: ``kosong`` (not filled yet) or
    ``tanpa_sasaran`` (nobody to serve, so left out of the means).
    """

    recipients: Decimal | None = None
    quality: Decimal | None = None
    value: Decimal | None = None
    reason: Literal["", "kosong", "tanpa_sasaran"] = ""


#: Lowest value of each band, highest first; half-open on the unrounded value (our choice: what
#: lies between 89 and 90 is not stated anywhere). Order sure for Utama and Muda, likely for
#: Pratama (one source and elimination); "Madya, Muda, Pratama" is contradicted by two sources.
BANDS: tuple[tuple[Decimal, str], ...] = (
    (Decimal(100), "Tuntas Paripurna"),
    (Decimal(90), "Tuntas Utama"),
    (Decimal(80), "Tuntas Madya"),
    (Decimal(70), "Tuntas Pratama"),
    (Decimal(60), "Tuntas Muda"),
    (Decimal(0), "Belum Tuntas"),
)


def band(value: Decimal) -> str:
    """Kategori of an index in 0..100, on the unrounded value: 99,999 is Tuntas Utama."""
    return next(name for least, name in BANDS if value >= least or least == 0)


def percent(met: Decimal, needed: Decimal) -> Decimal | None:
    """``min(100, met / needed x 100)``; None when nothing is needed.

    Terlayani / harus dilayani x 100: sure. The cap at 100: likely (it follows from a top band of
    exactly 100). More served than needed happens: it is asked about elsewhere, not refused.
    """
    return None if needed <= 0 else min(FULL, max(Decimal(0), met / needed * FULL))


def recipients(count: Count) -> Decimal | None:
    """P: percent of the people to be served who were served, 0..100."""
    if count.needed is None or count.met is None:
        return None
    return percent(count.met, count.needed)


def quality(rows: Iterable[Count], method: Quality = "mean_rows") -> Decimal | None:
    """M: how far the mutu minimal is fulfilled, 0..100; None when no row asks for anything.

    ``mean_rows``: mean of the capped row percentages (likely; the default). ``pooled``: sum
    fulfilled / sum required (used in practice); a row's surplus does not help another row. Rows
    that require nothing are left out; a row that is not filled makes the result None.
    """
    asked = [row for row in rows if row.needed is None or row.needed > 0]
    if not asked or any(row.needed is None or row.met is None for row in asked):
        return None
    pairs = [(row.needed or Decimal(0), row.met or Decimal(0)) for row in asked]
    if method == "pooled":
        met = sum((min(done, needed) for needed, done in pairs), Decimal(0))
        return percent(met, sum((needed for needed, _ in pairs), Decimal(0)))
    found = [percent(done, needed) or Decimal(0) for needed, done in pairs]
    return sum(found, Decimal(0)) / len(found)


def service(served: Count, rows: Sequence[Count], method: Method | None = None) -> Score:
    """IP of one jenis pelayanan: 0.80 x P + 0.20 x M (weights: sure).

    A service whose number to be served is 0 has no value, or 100 with ``anggap_100`` (guess).
    Bidang without rated mutu (every row requires nothing, no rows at all) rest on P alone: with
    nothing asked, nothing is lacking, so M counts as 100.
    """
    method = method or Method()
    if served.needed is not None and served.needed == 0:
        if method.untargeted == "anggap_100":
            return Score(FULL, FULL, FULL)
        return Score(reason="tanpa_sasaran")
    p = recipients(served)
    nothing = all(row.needed is not None and row.needed == 0 for row in rows)
    m = FULL if nothing else quality(rows, method.rows)
    if p is None or m is None:
        return Score(p, m, None, "kosong")
    return Score(p, m, method.recipients * p + method.quality * m)


def mean(scores: Iterable[Score]) -> Score:
    """Arithmetic mean of services or bidang (likely: not confirmed by a readable text).

    Services without anybody to serve are left out. One that is not filled leaves the mean open:
    a mean over the filled ones alone would flatter.
    """
    counted = [score for score in scores if score.reason != "tanpa_sasaran"]
    if not counted:
        return Score(reason="tanpa_sasaran")
    if any(score.value is None for score in counted):
        return Score(_mean([s.recipients for s in counted]), _mean([s.quality for s in counted]),
                     None, "kosong")  # fmt: skip
    return Score(
        _mean([s.recipients for s in counted]), _mean([s.quality for s in counted]),
        _mean([s.value for s in counted]),
    )  # fmt: skip


def _mean(values: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    if len(known) != len(values):
        return None
    return sum(known, Decimal(0)) / len(known)


def region(bidang: Mapping[str, Sequence[Score]], method: Method | None = None) -> Score:
    """IP of the region: mean of the bidang (likely), or of all services (guess)."""
    method = method or Method()
    if method.region == "layanan":
        return mean(score for scores in bidang.values() for score in scores)
    return mean(mean(scores) for scores in bidang.values())


# --- months, quarters, year -----------------------------------------------------------------


def months_until(period: str) -> tuple[int, ...]:
    """Months that a report covers: ``TW2`` -> 1..6; a whole year ("") -> 1..12.

    Capaian of a triwulan is counted from January on: e-SPM asks it cumulatively.
    """
    last = int(period[2]) * 3 if period.startswith("TW") else 12
    return tuple(range(1, last + 1))


def month_key(year: int, month: int) -> str:
    """The period of a month as figures keep it: ``2025-03``."""
    return f"{year}-{month:02d}"


def roll_up(values: Mapping[int, Decimal], months: Iterable[int], how: Roll) -> Decimal | None:
    """Months -> triwulan or year: ``sum`` of what was served, or the ``last`` filled month.

    ``sum`` is for people who come once (a new ibu hamil), ``last`` for what is at hand (pupils,
    households with access, drugs, staff). Empty months count as nothing; no month at all is None.
    """
    found = [(month, values[month]) for month in sorted(months) if month in values]
    if not found:
        return None
    return found[-1][1] if how == "last" else sum((value for _, value in found), Decimal(0))


def monthly_percent(value: Decimal, annual_target: Decimal) -> Decimal | None:
    """Percent of one month against the target of the year, not against a twelfth of it.

    Target 1.200: January 120 -> 10 %, February 100 -> 8,33 % (a running application; likely).
    """
    return None if annual_target <= 0 else value / annual_target * FULL


def fullness(filled: int, asked: int) -> Decimal | None:
    """Tingkat keterisian, 0..100: Kemendagri judges it beside the capaian (sure)."""
    return None if asked <= 0 else Decimal(filled) / Decimal(asked) * FULL
