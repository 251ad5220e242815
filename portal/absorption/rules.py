"""Sums, deviations, colours and forecasts of absorption. Pure; money is Decimal.

Realisation is what the SP2D register says (cash); returns (STS, contra-post) are negative rows.
Totals of a Perangkat Daerah or of the region are sums of rupiah, divided once: percentages are
never averaged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

ZERO = Decimal(0)
HUNDRED = Decimal(100)
HIGH, MIDDLE, LOW = "hijau", "kuning", "merah"


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """``part`` in percent of ``whole``; None when there is nothing to divide by."""
    return part / whole * HUNDRED if whole else None


@dataclass(frozen=True)
class Position:
    """Pagu (DPA or DPPA in force), RAK up to the month, SP2D up to the day."""

    pagu: Decimal = ZERO
    rak: Decimal = ZERO
    spent: Decimal = ZERO

    def __add__(self, other: Position) -> Position:
        return Position(self.pagu + other.pagu, self.rak + other.rak, self.spent + other.spent)

    @property
    def absorbed(self) -> Decimal | None:
        """Serapan keuangan: SP2D in percent of the pagu."""
        return share(self.spent, self.pagu)

    @property
    def planned(self) -> Decimal | None:
        """Capaian RAK: the cash plan up to now in percent of the pagu."""
        return share(self.rak, self.pagu)

    @property
    def deviation(self) -> Decimal | None:
        """Serapan less capaian RAK in percentage points; negative is behind."""
        if self.absorbed is None or self.planned is None:
            return None
        return self.absorbed - self.planned

    @property
    def lag(self) -> Decimal | None:
        """How much of the plan is missing, in percent of it; negative when ahead."""
        if not self.rak:
            return None
        return (self.rak - self.spent) / self.rak * HUNDRED


def total(parts: Iterable[Position]) -> Position:
    """Rupiah are summed, then divided."""
    return sum(parts, Position())


@dataclass(frozen=True)
class Money:
    """Where the money of a contract is: one sum in four places that exclude each other."""

    paid: Decimal
    billed: Decimal  # a file lies on a desk
    earned: Decimal  # worked, not billed yet
    rest: Decimal  # not worked yet


def split(value: Decimal, progress: Decimal | None, paid: Decimal, billed: Decimal) -> Money:
    """Paid, billed, earned and not yet worked; the four sum up to ``value``.

    ``progress`` is the reported physical percentage. Uang muka can be paid ahead of the work.
    """
    paid = min(paid, value)
    billed = min(billed, value - paid)
    reached = value * min(max(progress or ZERO, ZERO), HUNDRED) / HUNDRED
    earned = min(max(reached - paid - billed, ZERO), value - paid - billed)
    earned = earned.quantize(Decimal("0.01"))
    return Money(paid, billed, earned, value - paid - billed - earned)


def pace_end(
    starts: date, ends: date, reported: date, progress: Decimal, pace_from: Decimal
) -> date:
    """When the work ends at the pace up to the last report; ``ends`` while it is too early to say.

    ``pace_from``: percent of the contract's time that must have gone by. Without any progress the
    pace says only that the work is not done by ``ends`` plus the time that went by.
    """
    gone, whole = (reported - starts).days + 1, max((ends - starts).days + 1, 1)
    if gone <= 0 or gone * HUNDRED < whole * pace_from:
        return ends
    if progress <= 0:
        return ends + timedelta(days=gone)
    return starts + timedelta(days=min(int(-(-gone * HUNDRED // progress)) - 1, 3_650))


# --- RAK rinci beside the RAK per OPD -----------------------------------------------------------

#: What a number of the RAK stands on.
FINE, COARSE, SHARED = "rinci", "opd", "porsi"
STANDS = {
    FINE: "RAK rinci per sub kegiatan dan sumber dana",
    COARSE: "RAK tingkat OPD",
    SHARED: "porsi pagu dari RAK tingkat OPD",
}


@dataclass(frozen=True)
class Clash:
    """RAK rinci and RAK per OPD of one unit that say something else (rupiah)."""

    fine_year: Decimal
    coarse_year: Decimal
    fine_now: Decimal
    coarse_now: Decimal

    @property
    def in_year(self) -> bool:
        """True when the sums of the year differ, False when only the months do."""
        return self.fine_year != self.coarse_year

    @property
    def gap(self) -> Decimal:
        """RAK rinci less RAK per OPD: of the year, else up to the month."""
        return (self.fine_year - self.coarse_year) if self.in_year else (
            self.fine_now - self.coarse_now)  # fmt: skip


def clash(
    fine_now: Decimal, coarse_now: Decimal, fine_year: Decimal, coarse_year: Decimal
) -> Clash | None:
    """What the two disagree on; None when they agree or there is no RAK per OPD at all."""
    if not coarse_year or (fine_now, fine_year) == (coarse_now, coarse_year):
        return None
    return Clash(fine_year, coarse_year, fine_now, coarse_now)


def part(amount: Decimal, of: Decimal, whole: Decimal) -> Decimal:
    """The part of an amount that follows the pagu, to the rupiah, half up."""
    if not whole:
        return ZERO
    return (amount * of / whole).quantize(Decimal(1), rounding="ROUND_HALF_UP")


def lowered(before: Sequence[Decimal], after: Sequence[Decimal]) -> list[tuple[int, Decimal]]:
    """Months (1..12) whose cumulative target went down, and by how much."""
    out, now, was = [], ZERO, ZERO
    for n, (a, b) in enumerate(zip(after, before, strict=True), start=1):
        now, was = now + a, was + b
        if now < was:
            out.append((n, was - now))
    return out


# --- colours ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bands:
    """A colour scheme: floors by month, as data of the region.

    ``rak``: floors in points of deviation from the RAK. ``persen``: floors in percent of pagu.
    """

    kind: str
    floors: Mapping[int, tuple[Decimal, Decimal]]  # month -> (yellow from, green from)
    source: str = ""

    def of(self, month: int, at: Position) -> str:
        """hijau, kuning, merah; "" while there is nothing to compare."""
        measured = at.deviation if self.kind == "rak" else at.absorbed
        if measured is None or month not in self.floors:
            return ""
        low, high = self.floors[month]
        return HIGH if measured >= high else MIDDLE if measured >= low else LOW


BAND_WORDS = {HIGH: "sesuai rencana", MIDDLE: "di bawah rencana", LOW: "jauh di bawah rencana",
              "": "belum ada rencana"}  # fmt: skip


# --- forecast of the year -----------------------------------------------------------------------

#: How the forecast and its two rivals are called on the page of the score.
METHODS = {"selaras": "Perkiraan Selaras", "tahun_lalu": "Porsi tahun lalu",
           "garis_lurus": "Garis lurus"}  # fmt: skip


@dataclass(frozen=True)
class Course:
    """The year of one unit: pagu, RAK and SP2D by month (cumulative, 12 values each)."""

    pagu: Decimal
    plan: tuple[Decimal, ...]
    spent: tuple[Decimal, ...]


def cumulative(months: Mapping[int, Decimal]) -> tuple[Decimal, ...]:
    """Amounts by month as running sums of a year."""
    out, so_far = [], ZERO
    for month in range(1, 13):
        so_far += months.get(month, ZERO)
        out.append(so_far)
    return tuple(out)


def straight_line(now: Course, month: int) -> Decimal:
    """The pace so far until December, never above the pagu."""
    return min(now.spent[month - 1] / month * 12, now.pagu)


def last_year(now: Course, month: int, before: Course) -> Decimal:
    """As much of the year is done as last year in the same month, never above the pagu."""
    done, whole = before.spent[month - 1], before.spent[11]
    if not done or not whole:
        return straight_line(now, month)
    return min(now.spent[month - 1] * whole / done, now.pagu)


def projected(now: Course, month: int, before: Course) -> Decimal:
    """What is left of the RAK at the pace at which the RAK was kept so far, halfway to the share
    of last year."""
    planned, spent = now.plan[month - 1], now.spent[month - 1]
    if not planned:
        return last_year(now, month, before)
    kept = min(spent / planned, Decimal(1))
    by_plan = min(spent + (now.plan[11] - planned) * kept, now.pagu)
    return (by_plan + last_year(now, month, before)) / 2


@dataclass(frozen=True)
class Score:
    """Back-test of one method: its errors in points of pagu at the same month of a past year."""

    method: str
    errors: tuple[Decimal, ...]

    @property
    def mean(self) -> Decimal | None:
        """Mean absolute error in percentage points."""
        if not self.errors:
            return None
        return sum((abs(e) for e in self.errors), ZERO) / len(self.errors)


def back_test(years: Sequence[tuple[Course, Course]], month: int) -> dict[str, Score]:
    """How far each method would have been off: (the past year, the year before it) by unit."""
    errors: dict[str, list[Decimal]] = {m: [] for m in METHODS}
    for past, before in years:
        if not past.pagu:
            continue
        made = {
            "selaras": projected(past, month, before),
            "garis_lurus": straight_line(past, month),
            "tahun_lalu": last_year(past, month, before),
        }
        for method, guess in made.items():
            errors[method].append((past.spent[11] - guess) / past.pagu * HUNDRED)
    return {m: Score(m, tuple(sorted(e))) for m, e in errors.items()}


@dataclass(frozen=True)
class Forecast:
    """Perkiraan akhir tahun in percent of the pagu, from - to, whole percents."""

    low: int
    high: int


def forecast(now: Course, month: int, before: Course, score: Score) -> Forecast | None:
    """From - to: eight of ten past errors around the middle, and what last year's share says."""
    if not now.pagu or not now.spent[month - 1]:
        return None
    middle = projected(now, month, before) / now.pagu * HUNDRED
    rival = last_year(now, month, before) / now.pagu * HUNDRED
    floor = now.spent[month - 1] / now.pagu * HUNDRED
    low_error, high_error = band(score.errors)
    low = max(floor, min(middle + min(low_error, -Decimal(1)), rival))
    high = min(HUNDRED, max(middle + max(high_error, Decimal(1)), rival))
    return Forecast(int(min(low, high)), int(-(-max(low, high) // 1)))


def band(errors: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """The tenth and the ninetieth of hundred errors, in order; wide while there are few."""
    if len(errors) < 5:
        return Decimal(-8), Decimal(8)
    last = len(errors) - 1
    return errors[last // 10], errors[last - last // 10]
