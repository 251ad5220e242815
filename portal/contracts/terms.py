"""Ketentuan Kontrak: thresholds, rates and day counts as data: by default, by region from a date
on, some of them by contract (SSKK)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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

#: Settings of the region: ``kontrak.ketentuan.<key>``; value {"value": "1", ...}, basis beside it.
PREFIX = "kontrak.ketentuan."
UNITS = {"persen": "%", "permil": "permil", "hari": "hari kalender", "kerja": "hari kerja",
         "rupiah": "rupiah"}  # fmt: skip
#: What the terms are about, in the order of the page.
GROUPS = {"uang": "Uang dan kemajuan pekerjaan", "tahap": "Tahapan dan berkas",
          "papan": "Papan dan kalender"}  # fmt: skip
#: Terms that decide steps and their dates: a change plans open steps anew.
PLANNING = ("tenggang_masuk", "tagih_hari", "jamlak_batas")
_KEPT = "ketentuan"


@dataclass(frozen=True)
class Term:
    """One term with its value, where that comes from, and its legal source.

    ``scope``: ``kontrak`` where an SSKK may set another value, else ``daerah``. ``least`` and
    ``most`` bound what may be set; ``whole`` terms are counts of days.
    """

    key: str
    title: str
    unit: str
    value: Decimal
    basis: str
    origin: str = "bawaan"  # | daerah | kontrak
    sure: str = "sure"
    scope: str = "kontrak"
    group: str = "uang"
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(100)

    @property
    def whole(self) -> bool:
        """True for a count of days."""
        return self.unit in ("hari", "kerja")


@lru_cache(maxsize=4)
def load(path: Path) -> dict[str, Term]:
    """The defaults of a file; raises KeyError or InvalidOperation for an unusable row."""
    return {key: _term(key, row) for key, row in yamlfile.load(path).items()}


def _term(key: str, row: Mapping[str, Any]) -> Term:
    return Term(
        key, row["title"], row["unit"], Decimal(row["value"]), row["basis"], sure=row["sure"],
        scope=row.get("scope", "kontrak"), group=row.get("group", "uang"),
        least=Decimal(row.get("least", 0)), most=Decimal(row.get("most", 100)),
    )  # fmt: skip


def defaults() -> dict[str, Term]:
    """What holds where nobody has set another."""
    return load(Path(current_app.config["SELARAS"].templates) / "contracts" / "ketentuan.yaml")


class RegionTerms:
    """What the region set, with the day from which each counts; one query."""

    def __init__(self) -> None:
        rows = db.session.execute(
            sa.select(Setting.key, Setting.valid_from, Setting.value, Setting.basis)
            .where(Setting.key.startswith(PREFIX)).order_by(Setting.valid_from, Setting.id)
        )  # fmt: skip
        self.rows = [(k.removeprefix(PREFIX), since, v, basis) for k, since, v, basis in rows]

    def on(self, day: date) -> dict[str, Term]:
        """The terms of the region on a day."""
        out = dict(defaults())
        for key, since, raw, basis in self.rows:
            value = _decimal(raw)
            if since <= day and key in out and value is not None:
                out[key] = replace(out[key], value=value, basis=basis, origin="daerah",
                                   sure="sure")  # fmt: skip
        return out


def _kept() -> RegionTerms:
    """Read once in a transaction, however many contracts and steps are looked at in it."""
    session = db.session()
    known = session.info.get(_KEPT)
    if known is None or known[0] is not session.get_transaction():
        found = RegionTerms()
        known = session.info[_KEPT] = (session.get_transaction(), found)
    terms: RegionTerms = known[1]
    return terms


def region(on: date) -> dict[str, Term]:
    """The terms of the region on a day."""
    return _kept().on(on)


def value(key: str, on: date) -> Decimal:
    """One term of the region on a day."""
    return region(on)[key].value


def whole(key: str, on: date) -> int:
    """One count of days of the region on a day."""
    return int(value(key, on))


def history() -> list[tuple[Term, date, Decimal | None, str]]:
    """What the region decided: term, since when, value, basis; the newest first."""
    known = defaults()
    return [(known[key], since, _decimal(raw), basis)
            for key, since, raw, basis in reversed(_kept().rows) if key in known]  # fmt: skip


def planning_mark() -> list[Any]:
    """What the region set of the terms that decide steps, in a form to compare."""
    return [[key, since.isoformat(), str(raw)] for key, since, raw, _ in _kept().rows
            if key in PLANNING]  # fmt: skip


def forget() -> None:
    """The region has just set a term: read again."""
    db.session().info.pop(_KEPT, None)


def of_contract(on: date, own: Mapping[str, Any]) -> dict[str, Term]:
    """The terms of a contract signed on a day; ``own`` holds what its SSKK sets."""
    out = {key: term for key, term in region(on).items() if term.scope == "kontrak"}
    for key, row in own.items():
        found = _decimal(row.get("value"))
        if key in out and found is not None:
            out[key] = replace(out[key], value=found, basis=row.get("basis", ""), origin="kontrak",
                               sure="sure")  # fmt: skip
    return out


def _decimal(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
