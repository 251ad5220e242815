"""Work and money of a contract: pure functions over Decimal; rupiah half up, percent 0 to 100."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

HUNDRED = Decimal(100)
_RUPIAH = Decimal("0.01")


def rupiah(value: Decimal) -> Decimal:
    """To the sen, half up."""
    return value.quantize(_RUPIAH, ROUND_HALF_UP)


# --- denda, kesempatan --------------------------------------------------------------------------


def days_late(ends_on: date, finished: date) -> int:
    """Calendar days after the last day of the contract; 0 when it was kept."""
    return max(0, (finished - ends_on).days)


def fine(
    net: Decimal, days: int, permil: Decimal = Decimal(1), part: Decimal = HUNDRED,
    cap: Decimal | None = None,
) -> Decimal:  # fmt: skip
    """Denda keterlambatan: 1/1000 a calendar day of the value before PPN, or of the late part
    (Perpres 16/2018 Pasal 79 ayat 4 dan 5).

    ``part`` is the late part in percent; ``cap`` the most in percent of ``net`` where the contract
    sets one. Raises ValueError below 0.
    """
    if net < 0 or days < 0 or permil < 0 or not 0 <= part <= HUNDRED:
        raise ValueError("fine of less than nothing")
    found = net * part / HUNDRED * permil / 1000 * days
    return rupiah(found if cap is None else min(found, net * cap / HUNDRED))


def chance_ends(ends_on: date, days: int = 50) -> date:
    """Last day of a pemberian kesempatan (Perpres 16/2018 Pasal 56; PerLKPP 12/2021: 50 days)."""
    return ends_on + timedelta(days=days)


def last_day(starts_on: date, days: int, first_counts: bool) -> date:
    """Last day of a contract of ``days`` calendar days; texts differ on whether the day of the
    SPMK is day 1, so this only checks a typed date."""
    return starts_on + timedelta(days=days - 1 if first_counts else days)


# --- kurva-S ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """A work item: value before PPN, planned from the first to the last week (1 = first)."""

    name: str
    value: Decimal
    first: int
    last: int


def weights(items: Sequence[Item]) -> list[Decimal]:
    """Bobot of each item in percent of all, unrounded; they sum to 100 (0 without value)."""
    total = sum((i.value for i in items), Decimal(0))
    if total == 0:
        return [Decimal(0)] * len(items)
    return [i.value * HUNDRED / total for i in items]


def planned(items: Sequence[Item], weeks: int) -> list[Decimal]:
    """Cumulative plan in percent at the end of week 1 to ``weeks``: each item spread evenly over
    its weeks; the last is 100 when every item ends in time."""
    shares = weights(items)
    out = []
    for week in range(1, weeks + 1):
        done = Decimal(0)
        for item, share in zip(items, shares, strict=True):
            length = item.last - item.first + 1
            passed = min(max(week - item.first + 1, 0), length)
            done += share * passed / length
        out.append(done)
    return out


def actual(items: Sequence[Item], percents: Sequence[Decimal]) -> Decimal:
    """Realisasi kumulatif: bobot x progress of each item (0 to 100); in percent, unrounded."""
    found = zip(weights(items), percents, strict=True)
    return sum((w * p / HUNDRED for w, p in found), Decimal(0))


def week_of(starts_on: date, day: date) -> int:
    """Week 1 begins on the first day of the contract; 0 before it."""
    return 0 if day < starts_on else (day - starts_on).days // 7 + 1


def weeks_of(starts_on: date, ends_on: date) -> int:
    """How many weeks a contract has; the last one may be short."""
    return week_of(starts_on, ends_on)


# --- kontrak kritis -----------------------------------------------------------------------------


class Critical(StrEnum):
    """Which threshold of the SSUK is reached; "" for none."""

    NO = ""
    EARLY = "a"  # plan to 70 %, behind by more than 10 points
    LATE = "b"  # plan above 70 %, behind by more than 5 points
    YEAR = "c"  # plan above 70 %, behind by at most 5 points, and past the end of the year


@dataclass(frozen=True)
class Thresholds:
    """Ambang kontrak kritis in percentage points (SSUK); each contract may set its own."""

    boundary: Decimal = Decimal(70)
    early: Decimal = Decimal(10)
    late: Decimal = Decimal(5)


def critical(
    plan: Decimal, real: Decimal, crosses_year: bool, limits: Thresholds | None = None
) -> Critical:
    """Whether the threshold of a kontrak kritis is met; only the PPK declares one.

    A plan of exactly the boundary counts as early; a gap of exactly the threshold is none under
    (a) and (b); exactly ``late`` with work past 31 December counts under (c).
    """
    known = limits or Thresholds()
    gap = plan - real
    if plan <= known.boundary:
        return Critical.EARLY if gap > known.early else Critical.NO
    if gap > known.late:
        return Critical.LATE
    return Critical.YEAR if crosses_year and gap > 0 else Critical.NO


def crosses_year(real: Decimal, week: int, starts_on: date, ends_on: date) -> bool:
    """Whether the work will pass 31 December of the year in which the contract ends: at the pace
    so far when there is one, else when the contract itself does."""
    close = date(ends_on.year if ends_on.year == starts_on.year else starts_on.year, 12, 31)
    if real >= HUNDRED:
        return False
    if real <= 0 or week <= 0:
        return ends_on > close
    need = int((HUNDRED * week / real).to_integral_value(rounding="ROUND_CEILING"))
    return starts_on + timedelta(days=need * 7 - 1) > close


# --- uang muka ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class AdvanceClass:
    """What an uang muka may be for a contract: at least or at most ``percent`` of its value."""

    percent: Decimal
    at_least: bool
    basis: str

    def amount(self, value: Decimal) -> Decimal:
        """The bound in rupiah."""
        return rupiah(value * self.percent / HUNDRED)

    def allows(self, value: Decimal, advance: Decimal) -> bool:
        """Whether an uang muka of this size keeps to the bound (none at all always does)."""
        bound = self.amount(value)
        return advance == 0 or (advance >= bound if self.at_least else advance <= bound)


def advance_class(
    value: Decimal, *, small: bool, consulting: bool, multi_year: bool, rule: str
) -> AdvanceClass:
    """The class of uang muka by rule version.

    Perpres 16/2018 Pasal 29: at most 30 % for small business, 20 % for others and consultants,
    15 % of a multi-year contract. Perpres 46/2025: small business 50-200 juta at least 50 %, to
    2,5 miliar at least 30 %, to 15 miliar at most 30 %; others and consultants at most 20 %;
    multi-year at most 15 %.
    """
    new = "46" in rule
    basis = "Perpres 46/2025 (Pasal 29)" if new else "Perpres 16/2018 Pasal 29"
    if multi_year:
        return AdvanceClass(Decimal(15), False, basis)
    if not small or consulting:
        return AdvanceClass(Decimal(20), False, basis)
    if new and Decimal(50_000_000) <= value <= Decimal(200_000_000):
        return AdvanceClass(Decimal(50), True, basis)
    if new and Decimal(200_000_000) < value <= Decimal(2_500_000_000):
        return AdvanceClass(Decimal(30), True, basis)
    return AdvanceClass(Decimal(30), False, basis)


# --- payments -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Payment:
    """One payment of a contract in rupiah, before tax."""

    gross: Decimal
    advance: Decimal  # angsuran uang muka
    retention: Decimal
    fine: Decimal

    @property
    def net(self) -> Decimal:
        """What is paid out before tax; never changed by rounding twice."""
        return self.gross - self.advance - self.retention - self.fine


def termin(
    value: Decimal, span: tuple[Decimal, Decimal], advance: Decimal = Decimal(0),
    retention: Decimal = Decimal(0), fined: Decimal = Decimal(0),
) -> Payment:  # fmt: skip
    """A payment from one cumulative progress to the next (percent).

    ``bruto = K x (p1 - p0)``; the uang muka is paid back in proportion; ``retention`` is the
    percent held back (5 % where maintenance follows and no jaminan pemeliharaan is given, Perpres
    16/2018 Pasal 35 dan 53). Sums of payments meet the whole: each is the difference of two
    rounded cumulative amounts. Raises ValueError when progress runs backwards.
    """
    before, after = span
    if not 0 <= before <= after <= HUNDRED:
        raise ValueError("progress runs from 0 to 100")

    def part(whole: Decimal) -> Decimal:
        return rupiah(whole * after / HUNDRED) - rupiah(whole * before / HUNDRED)

    return Payment(part(value), part(advance), part(value * retention / HUNDRED), fined)


def schedule(
    value: Decimal, steps: Sequence[Decimal], advance: Decimal, retention: Decimal
) -> list[Payment]:
    """The payments of cumulative progress steps; the last should be 100."""
    spans = zip([Decimal(0), *steps], steps, strict=False)
    return [termin(value, span, advance, retention) for span in spans]


def shares(parts: Mapping[str, Decimal], amount: Decimal) -> dict[str, Decimal]:
    """``amount`` split over sources of money in the proportion of ``parts``; exact to the sen.

    The largest part takes what rounding leaves.
    """
    total = sum(parts.values(), Decimal(0))
    if total <= 0:
        return {}
    out = {key: rupiah(amount * part / total) for key, part in parts.items()}
    largest = max(parts, key=lambda key: (parts[key], key))
    out[largest] += amount - sum(out.values(), Decimal(0))
    return out
