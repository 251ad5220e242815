"""Clocks of desks: when one starts, when a limit is over, what may be seen above. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from portal.clock import IsWorkday, add_workdays, workdays_between
from portal.desks.kinds import RECEIPT_DAYS, UNKNOWN
from portal.indonesian import read_date, read_number


def clock_start(
    arrived: date, received: date | None, is_workday: IsWorkday, within: int = RECEIPT_DAYS
) -> date:
    """The day on which the desk's clock starts: Terima, at the latest ``within`` working days
    after the file arrived, so that a file that nobody acknowledges does not lie there uncounted."""
    latest = add_workdays(arrived, within, is_workday)
    return min(received, latest) if received is not None else latest


def days_on_desk(start: date, left: date | None, today: date, is_workday: IsWorkday) -> int:
    """Lama di meja: working days from the start of the clock to leaving, or to today."""
    end = left or today
    return workdays_between(start, end, is_workday) if end > start else 0


def typical(days: Iterable[int]) -> Decimal | None:
    """The median of working days on a desk, to half a day; None without files."""
    found = sorted(days)
    return Decimal(str(median(found))) if found else None


@dataclass(frozen=True)
class StayRow:
    """A stay as stored: desk, arrival, acknowledgement."""

    desk: str
    arrived: date
    received: date | None


def stays(
    rows: Sequence[StayRow], main: str, is_workday: IsWorkday,
    within: Callable[[date], int] = lambda _day: RECEIPT_DAYS,
) -> list[tuple[date, str]]:  # fmt: skip
    """Where a file lay from which day: on its way (UNKNOWN) until the clock of a desk starts.

    The first day on a desk is the working day after its clock started. ``main`` is the desk of
    the step itself: what waits there on its own, unacknowledged, is not on its way.
    """
    out: list[tuple[date, str]] = []
    for n, row in enumerate(rows):
        if n == 0 and row.desk == main:
            out.append((row.arrived, row.desk))
            continue
        start = clock_start(row.arrived, row.received, is_workday, within(row.arrived))
        if start > row.arrived:
            out.append((add_workdays(row.arrived, 1, is_workday), UNKNOWN))
        out.append((add_workdays(start, 1, is_workday), row.desk))
    return out


# --- lines pasted from the register of SP2D -----------------------------------------------------


@dataclass(frozen=True)
class Pasted:
    """One line of the register: number and date of the SP2D, of the SPM, and the money."""

    line: int
    text: str
    number: str = ""
    on: date | None = None
    spm: str = ""
    amount: Decimal | None = None
    trouble: str = ""


_SP2D = re.compile(r"SP2D", re.IGNORECASE)
_SPM = re.compile(r"SPM", re.IGNORECASE)
_MOST_LINES = 2000


def read_paste(text: str) -> list[Pasted]:
    """Lines as Excel gives them (cells by tab, or ``;``): the number of the SP2D holds "SP2D",
    that of the SPM "SPM"; a date; the largest number is the money. Header lines are passed over.
    """
    out: list[Pasted] = []
    for n, line in enumerate(text.splitlines()[:_MOST_LINES], start=1):
        cells = [c.strip() for c in re.split(r"\t|;", line) if c.strip()]
        if not cells or (n == 1 and not any(read_date(c) for c in cells)):
            continue
        out.append(_pasted(n, line.strip(), cells))
    return out


def _pasted(n: int, text: str, cells: list[str]) -> Pasted:
    number = next((c for c in cells if _SP2D.search(c)), "")
    spm = next((c for c in cells if _SPM.search(c) and c != number), "")
    on = next((d for c in cells if c not in (number, spm) and (d := read_date(c))), None)
    amounts = [
        v for c in cells
        if c not in (number, spm) and read_date(c) is None and (v := read_number(c).value)
    ]  # fmt: skip
    amount = max(amounts, default=None)
    trouble = ""
    if not number:
        trouble = "Nomor SP2D tidak ditemukan pada baris ini. Contoh: 00123/SP2D/LS/2026"
    elif on is None:
        trouble = "Tanggal SP2D tidak ditemukan. Contoh: 12/3/2026"
    return Pasted(n, text[:300], number[:120], on, spm[:120], amount, trouble)
