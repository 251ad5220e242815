"""Dates, plans and stays of a chronology in words."""

from __future__ import annotations

from datetime import date, datetime

from flask import current_app

from portal import clock
from portal.chronology.queries import StepLine
from portal.contracts.kinds import HOLDER_LABELS
from portal.contracts.planning import Days
from portal.desks.models import Hold
from portal.indonesian import clock_time

PLAN_WORDS = {
    "awal": "awal", "selesai": "mengikuti langkah lain", "adendum": "adendum",
    "kalender": "kalender", "batas": "batas diubah", "buka": "dibuka kembali",
    "perbaikan": "jenis atau metode diperbaiki",
}  # fmt: skip
OUTCOMES = {"diteruskan": "diteruskan", "dikembalikan": "dikembalikan"}


def day(found: date | None) -> str:
    """``3/3/2026``."""
    return f"{found.day}/{found.month}/{found.year}" if found else ""


def moment(at: datetime | None) -> str:
    """``3/3/2026 pukul 10.15 WITA``."""
    if at is None:
        return ""
    config = current_app.config["SELARAS"]
    return (f"{day(clock.local(at, config.zone).date())} "
            f"{clock_time(at, config.zone, config.zone_label)}")  # fmt: skip


def plans_words(line: StepLine) -> str:
    """Every planned date once: a plan that left the date alone is not repeated."""
    out: list[str] = []
    last: date | None = None
    for plan in line.plans:
        planned = plan.due_on or plan.plan_on
        if planned is None or planned == last:
            continue
        out.append(f"{day(planned)} ({PLAN_WORDS.get(plan.kind, plan.kind)})")
        last = planned
    return "; ".join(out) or "tanpa batas tersendiri"


def stays_words(line: StepLine, days: Days) -> str:
    """On whose desks the file of a step lay, from when to when, and how many days each."""
    out = []
    for n, hold in enumerate(line.stays):
        out.append(_stay(hold, days, line.step.done_on if n == len(line.stays) - 1 else None))
    if not out and line.step.ready_on:
        return f"{HOLDER_LABELS[line.step.holder]}: di meja sejak {day(line.step.ready_on)}"
    return "; ".join(out)


def _stay(hold: Hold, days: Days, done_on: date | None) -> str:
    left = hold.left_on or done_on
    words = [f"{HOLDER_LABELS[hold.holder]}: tiba {day(hold.arrived_on)}"]
    if hold.received_on:
        words.append(f"diterima {day(hold.received_on)}")
    if left:
        words.append(f"{OUTCOMES.get(hold.outcome, 'selesai')} {day(left)}, "
                     f"{days.between(hold.received_on or hold.arrived_on, left)} hari")  # fmt: skip
    if hold.slip_no:
        words.append(f"lembar {hold.slip_no}")
    if hold.note:
        words.append(hold.note)
    return ", ".join(words)
