"""What can be reminded: the subjects, and the places they come from.

A source reads its own room and writes nothing. It is named here by its dotted path, and a room
that this installation does not have is left out; so a room above this one can add a line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from typing import Protocol

SOURCES: list[str] = [
    "portal.notices.source_reports:RETURNED",
    "portal.notices.source_reports:DEADLINES",
    "portal.notices.source_contracts:STEPS",
    "portal.notices.source_contracts:GUARANTEES",
    "portal.notices.absence:UNANSWERED",
    "portal.notices.source_contracts:OBSTACLES",
    "portal.notices.source_sakip:PERFORMANCE",
]


@dataclass(frozen=True)
class Subject:
    """One thing that somebody must do by a date.

    ``key`` is ``<source>:<id>``; a higher ``cycle`` is reminded anew (planned again, reopened,
    returned once more). ``positions`` are the jabatan on whose desk it lies. ``words`` fill the
    texts and hold no rupiah, no company and no person. Until ``quiet_until`` (a kendala was
    accepted) nothing new is told; before ``above_from`` nothing goes above the desk's own
    Perangkat Daerah.
    """

    key: str
    cycle: int
    ladder: str
    positions: tuple[int, ...]
    due_on: date | None
    link: str
    words: Mapping[str, str] = field(default_factory=dict)
    contract_id: int | None = None
    unit_id: int | None = None
    quiet_until: date | None = None
    above_from: date | None = None


class Source(Protocol):
    """Where subjects come from."""

    name: str  # the part of a key before the colon
    ladder: str  # its subjects climb; says how many days ahead ``due`` looks

    def due(self, limit: date, today: date) -> Iterable[Subject]:
        """Open subjects whose day is not after ``limit``; must cost by what is due, not by all."""

    def alive(self, keys: Collection[str]) -> Mapping[str, int]:
        """Of these keys those that are still open, with their present cycle."""


def sources() -> Iterator[Source]:
    """All sources of this installation."""
    for dotted in SOURCES:
        module, _, attribute = dotted.partition(":")
        try:
            found: Source = getattr(import_module(module), attribute)
        except ModuleNotFoundError as error:
            if error.name is None or not module.startswith(error.name):
                raise
            continue
        yield found


def ids(keys: Iterable[str]) -> dict[int, str]:
    """``{7: "step:7"}`` of keys whose second part is a number."""
    return {int(key.split(":")[1]): key for key in keys if key.split(":")[1].isdigit()}
