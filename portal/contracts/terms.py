"""Ketentuan Kontrak: thresholds and rates as data, by default, by region and by contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal import yamlfile
from portal.db import db
from portal.people.models import Setting
from portal.works.rules import Thresholds

#: Settings of the region: ``kontrak.ketentuan.<key>``; value {"value": "1", ...}, basis beside it.
PREFIX = "kontrak.ketentuan."
UNITS = {"persen": "%", "permil": "permil", "hari": "hari kalender", "rupiah": "rupiah"}


@dataclass(frozen=True)
class Term:
    """One term with its value, where that comes from, and its legal source."""

    key: str
    title: str
    unit: str
    value: Decimal
    basis: str
    origin: str = "bawaan"  # | daerah | kontrak
    sure: str = "sure"


@lru_cache(maxsize=4)
def load(path: Path) -> dict[str, Term]:
    """The defaults of a file; raises KeyError or InvalidOperation for an unusable row."""
    raw = yamlfile.load(path)
    return {
        key: Term(key, row["title"], row["unit"], Decimal(row["value"]), row["basis"],
                  sure=row["sure"])
        for key, row in raw.items()
    }  # fmt: skip


def defaults() -> dict[str, Term]:
    """What holds where nobody has set another."""
    return load(Path(current_app.config["SELARAS"].templates) / "contracts" / "ketentuan.yaml")


def region(on: date) -> dict[str, Term]:
    """The terms of the region on a day; one query."""
    out = dict(defaults())
    rows = db.session.scalars(
        sa.select(Setting)
        .where(Setting.key.startswith(PREFIX), Setting.valid_from <= on)
        .order_by(Setting.valid_from)
    )
    for row in rows:
        key = row.key.removeprefix(PREFIX)
        value = _decimal(row.value)
        if key in out and value is not None:
            known = defaults()[key]
            out[key] = Term(key, known.title, known.unit, value, row.basis, "daerah", "sure")
    return out


def of_contract(on: date, own: Mapping[str, Any]) -> dict[str, Term]:
    """The terms of a contract signed on a day; ``own`` holds what its SSKK sets."""
    out = region(on)
    for key, row in own.items():
        value = _decimal(row.get("value"))
        if key in out and value is not None:
            known = out[key]
            out[key] = Term(key, known.title, known.unit, value, row.get("basis", ""), "kontrak")
    return out


def thresholds(terms: Mapping[str, Term]) -> Thresholds:
    """Ambang kontrak kritis of a contract."""
    return Thresholds(
        terms["kritis_batas"].value, terms["kritis_awal"].value, terms["kritis_akhir"].value
    )


def _decimal(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
