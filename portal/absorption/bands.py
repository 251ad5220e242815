"""The colour scheme in force: the file's default, or what the region has set for the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal import yamlfile
from portal.absorption.rules import Bands
from portal.contracts.flow import Refused
from portal.db import db
from portal.people import queries as people
from portal.people.flow_region import keep_setting
from portal.people.models import Setting
from portal.people.rules import Actor

SCHEME = "serapan.skema"
FLOORS = "serapan.batas."
#: From which part of its time on a contract is judged by its pace.
PACE = "serapan.laju"
KINDS = ("rak", "persen")


@lru_cache(maxsize=4)
def load(path: Path) -> dict[str, dict[str, Any]]:
    """The schemes of the file."""
    found: dict[str, dict[str, Any]] = yamlfile.load(path)
    return found


def _file() -> dict[str, dict[str, Any]]:
    config = current_app.config["SELARAS"]
    return load(config.templates / "contracts" / "bands.yaml")


def schemes() -> dict[str, dict[str, Any]]:
    """The schemes that come with the portal."""
    return {kind: _file()[kind] for kind in KINDS}


def pace_from(on: date) -> Decimal:
    """Percent of a contract's time after which its pace counts for the list of 31 December."""
    own = people.setting(PACE, on) or {}
    return Decimal(str(own.get("value", _file()["laju"]["value"])))


def pace_source(on: date) -> tuple[str, bool]:
    """Where that percentage comes from, and whether it is the region's own."""
    own = people.setting(PACE, on) or {}
    return own.get("source") or _file()["laju"]["source"], bool(own)


def in_force(on: date) -> Bands:
    """The scheme that the region uses on a day; one query."""
    known = people.settings(on, (SCHEME, FLOORS + "rak", FLOORS + "persen"))
    kind = known.get(SCHEME) or "rak"
    return scheme(kind, known.get(FLOORS + kind))


def chosen(kind: str, on: date) -> Bands:
    """One scheme as it would hold on a day, whether it is the one in use or not."""
    return scheme(kind, people.setting(FLOORS + kind, on))


def scheme(kind: str, own: dict[str, Any] | None = None) -> Bands:
    """One scheme by name, with the region's own floors when there are any."""
    row = schemes()[kind]
    given = (own or {}).get("floors") or row["floors"]
    floors = {int(m): (Decimal(low), Decimal(high)) for m, (low, high) in given.items()}
    return Bands(kind, floors, (own or {}).get("source") or row["source"])


# --- written by the admin -----------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """One decision of the region, for the page."""

    since: date
    what: str
    basis: str


def save(kind: str, floors: Mapping[int, tuple[Decimal, Decimal]], since: date, basis: str,
         actor: Actor) -> None:  # fmt: skip
    """Let a scheme with these floors hold from a date on; raises Refused. The caller commits.

    ``floors``: month -> (yellow from, green from), in points of deviation or percent of pagu.
    """
    if kind not in KINDS:
        raise Refused("Pilih skema dari daftar.")
    if sorted(floors) != list(range(1, 13)):
        raise Refused("Isi batas kedua belas bulan.")
    for month, (low, high) in floors.items():
        if not -100 <= low <= high <= 100:
            raise Refused(f"Bulan {month}: kuning tidak boleh melebihi hijau, keduanya antara -100 "
                          "dan 100. Contoh: -10 dan -3")  # fmt: skip
    plain = {str(m): [format(low, "f"), format(high, "f")] for m, (low, high) in floors.items()}
    _keep(FLOORS + kind, {"floors": plain, "source": basis.strip()[:200]}, since, basis, actor)
    _keep(SCHEME, kind, since, basis, actor)


def back(kind: str, since: date, actor: Actor) -> None:
    """The floors of the file hold again from a date on. The caller commits."""
    if kind not in KINDS:
        raise Refused("Pilih skema dari daftar.")
    _keep(FLOORS + kind, {}, since, "Kembali ke nilai baku", actor)
    _keep(SCHEME, kind, since, "Kembali ke nilai baku", actor)


def save_pace(value: Decimal, since: date, basis: str, actor: Actor) -> None:
    """From which part of its time on a contract's pace counts. The caller commits."""
    if not 0 < value <= 100:
        raise Refused("Bagian waktu kontrak antara 1 dan 100 persen. Contoh: 50")
    _keep(PACE, {"value": format(value, "f"), "source": basis.strip()[:200]}, since, basis, actor)


def _keep(key: str, value: Any, since: date, basis: str, actor: Actor) -> None:
    if not basis.strip():
        raise Refused("Dasar wajib diisi. Contoh: SE Sekretaris Daerah Nomor 900/12/2026")
    keep_setting(key, value, since, basis, actor)


def history() -> list[Kept]:
    """What the region decided, the newest first."""
    titles = {**{FLOORS + kind: row["title"] for kind, row in schemes().items()},
              PACE: _file()["laju"]["title"]}  # fmt: skip
    rows = db.session.scalars(
        sa.select(Setting).where(Setting.key.in_(titles))
        .order_by(Setting.valid_from.desc(), Setting.id.desc())
    )  # fmt: skip
    return [Kept(row.valid_from, titles[row.key], row.basis) for row in rows]
