"""The standing of steps and the checks of a contract: pure, calendar and today are handed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.clock import IsWorkday, workdays_between
from portal.contracts.kinds import StepState


class Standing(StrEnum):
    """Status words of a step on the screen (value = label)."""

    NOT_YET = "Belum waktunya"
    RUNNING = "Berjalan"
    NEAR = "Mendekati batas"
    LATE = "Lewat batas"
    ASKED = "Sedang dimintai tanggapan"  # to those above its Perangkat Daerah, for a while
    DONE = "Selesai"
    DONE_LATE = "Selesai lewat batas"
    ADJUSTED = "Jadwal disesuaikan"
    OPENING = "Data awal"
    VOID = "Tidak berlaku"


#: Working days before its limit from which a step reads "Mendekati batas", and the highest sum of
#: added value in percent of the first contract (Perpres 16/2018 Pasal 54(2)): where the region
#: says nothing else (Ketentuan Kontrak).
NEAR_DAYS = 3
MOST_ADDED = Decimal(10)


def standing(
    state: str,
    due: date | None,
    done_on: date | None,
    current: bool,
    today: date,
    is_workday: IsWorkday,
    adjusted: bool = False,
    near: int = NEAR_DAYS,
) -> Standing:
    """How a step stands today; ``current`` is True for a step that lies on a desk.

    It is late from the first working day after its limit, so that a Saturday is nobody's fault.
    An addendum that moved the date of a step that is not late yet shows as Jadwal disesuaikan.
    """
    if state == StepState.OPENING:
        return Standing.OPENING
    if state == StepState.VOID:
        return Standing.VOID
    if done_on is not None:
        return Standing.DONE_LATE if due is not None and done_on > due else Standing.DONE
    if due is not None and current and workdays_between(due, today, is_workday):
        return Standing.LATE
    if not current:
        return Standing.ADJUSTED if adjusted else Standing.NOT_YET
    if due is not None and workdays_between(today, due, is_workday) <= near:
        return Standing.NEAR
    return Standing.ADJUSTED if adjusted else Standing.RUNNING


@dataclass(frozen=True)
class Added:
    """The sum of all changes of value against what may be added to the first contract."""

    total: Decimal
    most: Decimal

    @property
    def allowed(self) -> bool:
        """Perpres 16/2018 Pasal 54(2): together at most so much of the first contract."""
        return self.total <= self.most


def added(
    first_value: Decimal, changes: Iterable[Decimal], most: Decimal = MOST_ADDED
) -> Added:  # fmt: skip
    """All addenda together, a reduction counted against an addition (rupiah); ``most`` percent."""
    return Added(sum(changes, Decimal(0)), first_value * most / 100)


def without_ppn(value: Decimal, percent: Decimal) -> Decimal:
    """The value before PPN, to the sen, half up."""
    return (value * 100 / (100 + percent)).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
