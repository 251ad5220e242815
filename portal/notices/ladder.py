"""The ladder as data: reports_templates/notices/ladder.yaml, and what the region changed of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app

from portal import yamlfile
from portal.notices.rules import Hours, Rung
from portal.people import queries

#: The region's own values: ``{"step.h-3": 5, "cap_week": 4, ...}``, dated and with a basis.
SETTING = "pengingat.tangga"
TARGETS = ("holder", "kepala", "sekda")


class LadderError(Exception):
    """The ladder's file is wrong; the message says where."""


@dataclass(frozen=True)
class OneLadder:
    """The rungs of one kind of subject; ``calendar`` counts calendar days."""

    key: str
    title: str
    calendar: bool
    rungs: tuple[Rung, ...]

    @property
    def lead(self) -> int:
        """The most days that any rung looks ahead."""
        return max((rung.before for rung in self.rungs), default=0)


@dataclass(frozen=True)
class Ladder:
    """All ladders with the limits on sending."""

    hours: Hours
    cap_week: int
    cap_urgent: int
    cost_cap: Decimal
    answer_days: int
    response_days: int
    source: str
    ladders: Mapping[str, OneLadder] = field(default_factory=dict)

    def label(self, subject: str, rung: str) -> str:
        """What a rung of a subject (``step:12``) is called on the screen."""
        prefix = subject.partition(":")[0]
        for key in ({"entry": "returned"}.get(prefix, prefix), "step", "slack"):
            one = self.ladders.get(key)
            found = next((r.label for r in one.rungs if r.key == rung), "") if one else ""
            if found:
                return found
        return "Pemberitahuan"


def _time(raw: str) -> time:
    hour, _, minute = str(raw).partition(":")
    return time(int(hour), int(minute or 0))


def _rung(raw: Mapping[str, Any], calendar: bool) -> Rung:
    known = {"key", "label", "before", "after", "to", "needs", "act", "urgent", "above", "at_once"}
    if set(raw) - known:
        raise LadderError(f"{raw.get('key')}: unknown {sorted(set(raw) - known)}")
    if raw["to"] not in TARGETS:
        raise LadderError(f"{raw['key']}: to must be one of {TARGETS}")
    ways = [w for w in ("before", "after", "at_once") if w in raw]
    if len(ways) != 1:
        raise LadderError(f"{raw['key']}: exactly one of before, after, at_once")
    return Rung(
        raw["key"], raw["label"], raw["to"], int(raw.get("before", 0)), int(raw.get("after", 0)),
        bool(raw.get("at_once")), tuple((k, int(v)) for k, v in raw.get("needs", {}).items()),
        raw.get("act", ""), bool(raw.get("urgent")), bool(raw.get("above")), calendar,
    )  # fmt: skip


def read(raw: Mapping[str, Any]) -> Ladder:
    """The ladder of a parsed file; raises LadderError with the rung at fault."""
    try:
        ladders = {
            key: OneLadder(key, one["title"], one.get("days") == "kalender",
                           tuple(_rung(r, one.get("days") == "kalender") for r in one["rungs"]))
            for key, one in raw["ladders"].items()
        }  # fmt: skip
        hours = raw["hours"]
        return Ladder(
            Hours(_time(hours["from"]), _time(hours["to"]), _time(hours["digest"])),
            int(raw["cap_week"]), int(raw["cap_urgent"]), Decimal(raw["cost_cap"]),
            int(raw["answer_days"]), int(raw["response_days"]), str(raw["source"]), ladders,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise LadderError(f"ladder.yaml: {error!r}") from error


@lru_cache(maxsize=4)
def _file(path: Path) -> Any:
    return yamlfile.load(path)


def _folder() -> Path:
    folder: Path = current_app.config["SELARAS"].templates / "notices"
    return folder


def default() -> Ladder:
    """The ladder as the portal brings it."""
    return read(_file(_folder() / "ladder.yaml"))


def present(on: date) -> Ladder:
    """The ladder in force on ``on``: the portal's with the region's own numbers."""
    return changed(default(), queries.setting(SETTING, on, {}) or {})


def changed(ladder: Ladder, own: Mapping[str, Any]) -> Ladder:
    """``ladder`` with the numbers of ``own`` (``step.h-3`` -> days, ``cap_week`` -> count)."""
    ladders = {
        key: replace(one, rungs=tuple(_moved(r, own.get(f"{key}.{r.key}")) for r in one.rungs))
        for key, one in ladder.ladders.items()
    }
    hours = Hours(
        _time(own.get("from", ladder.hours.begins.strftime("%H:%M"))),
        _time(own.get("to", ladder.hours.ends.strftime("%H:%M"))),
        _time(own.get("digest", ladder.hours.digest.strftime("%H:%M"))),
    )
    counts = {k: int(own.get(k, getattr(ladder, k)))
              for k in ("cap_week", "cap_urgent", "answer_days", "response_days")}  # fmt: skip
    cost = Decimal(str(own.get("cost_cap", ladder.cost_cap)))
    return replace(ladder, hours=hours, cost_cap=cost, ladders=ladders, **counts)  # type: ignore[arg-type]  # all of them are counts


def _moved(rung: Rung, days: Any) -> Rung:
    if days is None or rung.at_once:
        return rung
    return replace(rung, before=int(days)) if rung.before else replace(rung, after=int(days))


def texts() -> dict[str, dict[str, dict[str, str]]]:
    """Texts by ladder and rung."""
    found: dict[str, dict[str, dict[str, str]]] = _file(_folder() / "texts.yaml")
    return found


def text_of(ladder: str, rung: str) -> dict[str, str]:
    """``title`` and ``short`` of a rung: its own, that of all ``h-N``, or the default."""
    every = texts()
    family = "h" if rung.startswith("h-") else rung
    for where in (every.get(ladder, {}), every["default"]):
        found = where.get(rung) or where.get(family)
        if found:
            return found
    raise LadderError(f"texts.yaml: no text for {ladder}.{rung}")
