"""Due dates and the standing of steps: pure, the calendar and today are handed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.clock import IsWorkday, add_workdays, workdays_between


class Standing(StrEnum):
    """Status words of a step on the screen (value = label)."""

    NOT_YET = "Belum waktunya"
    RUNNING = "Berjalan"
    NEAR = "Mendekati batas"
    LATE = "Lewat batas"
    DONE = "Selesai"
    DONE_LATE = "Selesai lewat batas"
    OPENING = "Data awal"
    VOID = "Tidak berlaku"


@dataclass(frozen=True)
class Stage:
    """A tonggak of a template; ``days`` count from ``after`` in working or calendar days."""

    key: str
    title: str
    holder: str
    after: str  # key of another stage, "start" or "contract_end"
    days: int
    kind: str  # kerja | kalender
    basis: str


def plan(
    stages: Iterable[Stage],
    signed_on: date,
    ends_on: date,
    done: Mapping[str, date],
    is_workday: IsWorkday,
) -> dict[str, date]:
    """Due date of every stage: from what is done where it is done, else from what is planned.

    A date that falls on a day off moves to the next working day.
    """
    due: dict[str, date] = {}
    for stage in stages:
        start = {"start": signed_on, "contract_end": ends_on}.get(stage.after)
        if start is None:
            start = done.get(stage.after, due[stage.after])
        if stage.kind == "kerja":
            due[stage.key] = add_workdays(start, stage.days, is_workday)
        else:
            due[stage.key] = add_workdays(start + timedelta(days=stage.days), 0, is_workday)
    return due


def standing(
    state: str,
    due: date | None,
    done_on: date | None,
    current: bool,
    today: date,
    is_workday: IsWorkday,
) -> Standing:
    """How a step stands today; ``current`` is True for the step that lies on a desk."""
    if state == "opening":
        return Standing.OPENING
    if state == "void":
        return Standing.VOID
    if done_on is not None:
        return Standing.DONE_LATE if due is not None and done_on > due else Standing.DONE
    if due is not None and today > due:
        return Standing.LATE
    if not current:
        return Standing.NOT_YET
    if due is not None and workdays_between(today, due, is_workday) <= 3:
        return Standing.NEAR
    return Standing.RUNNING
