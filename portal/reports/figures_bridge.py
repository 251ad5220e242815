"""Figures inside an isian: which datum a target means, and how the figures room answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.people.rules import Actor
from portal.reports.models import Entry
from portal.reports.refusal import Refused
from portal.reports.rules import Target


@dataclass(frozen=True)
class Put:
    """What the figures room said, in the words of an operation."""

    status: str
    rev: int = 0
    shown: str = ""
    doubt: str = ""
    other: str = ""
    choices: list[list[str]] = field(default_factory=list)
    theirs: str = ""
    theirs_by: str = ""
    reason: str = ""
    before: dict[str, str] | None = None
    derived: dict[str, str] = field(default_factory=dict)


def put(entry: Entry, target: Target, value: str, base: int, actor: Actor) -> Put:  # noqa: ARG001
    """Save one attribute of one datum that the isian asks for."""
    raise Refused("Isian indikator belum tersedia.")
