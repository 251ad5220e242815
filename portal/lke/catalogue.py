"""Worksheets of reports_templates/lke, checked when they are read."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app

from portal import yamlfile
from portal.lke.rules import Component, Criterion, Grade, Predicate, Sub, Worksheet
from portal.yamlfile import FileError


class WorksheetError(Exception):
    """A worksheet that cannot be used; names the file and the reason."""


def _component(raw: dict[str, Any]) -> Component:
    subs = tuple(
        Sub(s["key"], s["title"], Decimal(s["weight"]),
            tuple(Criterion(c["key"], c["text"], c.get("sure", "likely"), c.get("note", ""))
                  for c in s["criteria"]))
        for s in raw["subs"]
    )  # fmt: skip
    return Component(raw["key"], raw["title"], Decimal(raw["weight"]), subs)


def _check(name: str, found: Worksheet) -> None:
    if sum(c.weight for c in found.components) != 100:
        raise WorksheetError(f"{name}: the weights of the components are not 100")
    for component in found.components:
        if sum(s.weight for s in component.subs) != component.weight:
            raise WorksheetError(f"{name}: weights of {component.key} do not sum up")
    keys = [c.key for s in found.subs for c in s.criteria]
    if len(keys) != len(set(keys)):
        raise WorksheetError(f"{name}: a criterion stands there twice")
    values = [g.value for g in found.grades]
    if values != sorted(values, reverse=True):
        raise WorksheetError(f"{name}: grades run from the highest to the lowest")


@lru_cache(maxsize=8)
def load(folder: Path) -> tuple[Worksheet, ...]:
    """All worksheets of a folder, the oldest first; WorksheetError with file and reason."""
    out = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            raw = yamlfile.load(path)
            before = raw["before"]
            found = Worksheet(
                raw["edition"], raw["title"], raw["basis"], raw["applies_from"],
                tuple(_component(c) for c in raw["components"]),
                tuple(Grade(g["key"], Decimal(g["value"]), Decimal(g["share"]), g["years"],
                            g["meaning"]) for g in raw["grades"]),
                tuple(Predicate(p["key"], Decimal(p["over"]), p["label"])
                      for p in raw["predicates"]),
                before["until"], before["basis"],
                tuple((c["title"], Decimal(c["weight"])) for c in before["components"]),
            )  # fmt: skip
        except (KeyError, TypeError, FileError) as error:
            raise WorksheetError(f"{path.name}: {error}") from error
        _check(path.name, found)
        out.append(found)
    return tuple(sorted(out, key=lambda w: w.applies_from))


def all_sheets() -> tuple[Worksheet, ...]:
    """The worksheets of this portal."""
    return load(Path(current_app.config["SELARAS"].templates) / "lke")


def for_year(year: int) -> Worksheet:
    """The worksheet of an evaluated year; the oldest when none was in force yet."""
    known = all_sheets()
    return max((w for w in known if w.applies_from <= year), key=lambda w: w.applies_from,
               default=known[0])  # fmt: skip


def by_edition(edition: str) -> Worksheet:
    """A worksheet by its edition; LookupError when it is gone."""
    found = next((w for w in all_sheets() if w.edition == edition), None)
    if found is None:
        raise LookupError(f"LKE {edition}")
    return found
