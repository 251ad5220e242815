"""Names of urusan, bidang and accounts by nomenclature, as data: reports_templates/nomenclature."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from flask import current_app

from portal import yamlfile
from portal.budget.rules import Kind


@dataclass(frozen=True)
class Nomenclature:
    """One nomenclature: its code, the years it applies to, names by code."""

    code: str
    title: str
    applies_from: int
    sure: str
    bidang: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)

    def name(self, kind: Kind, code: str) -> str:
        """Official name of a bidang or of an account, "" when it is not listed."""
        return (self.bidang if kind == "programs" else self.accounts).get(code, "")


def for_year(year: int) -> Nomenclature:
    """The newest nomenclature that applies to a budget year; LookupError when there is none."""
    folder = current_app.config["SELARAS"].templates / "nomenclature"
    stamp = tuple(sorted((str(f), f.stat().st_mtime_ns) for f in folder.glob("*.yaml")))
    for found in _load(stamp):
        if found.applies_from <= year:
            return found
    raise LookupError(f"Belum ada nomenklatur program untuk tahun {year}.")


@lru_cache(maxsize=4)
def _load(stamp: tuple[tuple[str, int], ...]) -> tuple[Nomenclature, ...]:
    found = []
    for name, _ in stamp:
        data = yamlfile.load(Path(name))
        found.append(Nomenclature(
            str(data["code"]), str(data["title"]), int(data["applies_from"]), str(data["sure"]),
            {str(k): str(v) for k, v in data["bidang"].items()},
            {str(k): str(v) for k, v in data["accounts"].items()},
        ))  # fmt: skip
    return tuple(sorted(found, key=lambda n: -n.applies_from))
