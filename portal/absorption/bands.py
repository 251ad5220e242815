"""The colour scheme in force: the file's default, or what the region has set for the year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app
from ruamel.yaml import YAML

from portal.absorption.rules import Bands
from portal.people import queries as people

SCHEME = "serapan.skema"
FLOORS = "serapan.batas."


@lru_cache(maxsize=4)
def load(path: Path) -> dict[str, dict[str, Any]]:
    """The schemes of the file."""
    found: dict[str, dict[str, Any]] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return found


def schemes() -> dict[str, dict[str, Any]]:
    """The schemes that come with the portal."""
    config = current_app.config["SELARAS"]
    return load(config.templates / "contracts" / "bands.yaml")


def in_force(on: date) -> Bands:
    """The scheme that the region uses on a day; one query."""
    known = people.settings(on, (SCHEME, FLOORS + "rak", FLOORS + "persen"))
    kind = known.get(SCHEME) or "rak"
    return scheme(kind, known.get(FLOORS + kind))


def scheme(kind: str, own: dict[str, Any] | None = None) -> Bands:
    """One scheme by name, with the region's own floors when there are any."""
    row = schemes()[kind]
    given = (own or {}).get("floors") or row["floors"]
    floors = {int(m): (Decimal(low), Decimal(high)) for m, (low, high) in given.items()}
    return Bands(kind, floors, (own or {}).get("source") or row["source"])
