"""Verbs of Perangkat Daerah: dated versions, successions, duties."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.db import db
from portal.indonesian import long_date
from portal.people import queries
from portal.people.kinds import UnitKind
from portal.people.models import Duty, Unit, UnitSuccession, UnitVersion
from portal.people.refusal import Refused
from portal.people.rules import Actor
from portal.trail import flow as trail


@dataclass(frozen=True)
class VersionData:
    """What the form of a unit's version holds."""

    valid_from: date
    name: str
    short_name: str
    kind: str
    parent_id: int | None
    position: int = 0
    basis: str = ""


def add_unit(code: str, data: VersionData, actor: Actor) -> Unit:
    """A new Perangkat Daerah with its first version."""
    code = code.strip().upper()
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9\-]{1,29}", code):
        raise Refused("Kode terdiri atas 2-30 huruf besar, angka, atau tanda hubung. "
                      "Contoh: DINKES.", "code")  # fmt: skip
    if queries.unit_by_code(code) is not None:
        raise Refused(f"Kode {code} sudah dipakai. Pilih kode lain.", "code")
    unit = Unit(code=code)
    db.session.add(unit)
    db.session.flush()
    _check(unit, data)
    db.session.add(_version(unit, data))
    db.session.flush()
    trail.record(f"unit:{unit.id}", "unit.add", f"unit:{unit.id}", actor, None, _facts(data))
    return unit


def add_version(unit: Unit, data: VersionData, actor: Actor) -> UnitVersion:
    """Name, kind or parent change from a date on; what was before stays as it was.

    A version that begins on the same date as the newest one corrects it.
    """
    _check(unit, data)
    last = unit.versions[-1]
    if data.valid_from < last.valid_from:
        raise Refused(
            f"Versi terbaru berlaku sejak {long_date(last.valid_from)}. Isi tanggal yang sama "
            "untuk memperbaikinya, atau tanggal sesudahnya.",
            "valid_from",
        )
    before = _facts_of(last)
    if data.valid_from == last.valid_from:
        for key, value in _columns(data).items():
            setattr(last, key, value)
        version = last
    else:
        last.valid_to = data.valid_from if last.valid_to is None else last.valid_to
        version = _version(unit, data)
        unit.versions.append(version)
    db.session.flush()
    trail.record(f"unit:{unit.id}", "unit.version", f"unit:{unit.id}", actor, before,
                 _facts(data))  # fmt: skip
    return version


def close_unit(unit: Unit, on: date, successors: Iterable[Unit], basis: str, actor: Actor) -> None:
    """The unit ends on ``on`` (first day it no longer exists); its duties pass to successors."""
    last = unit.versions[-1]
    if on <= last.valid_from:
        raise Refused(f"Tanggal harus sesudah {long_date(last.valid_from)}.", "on")
    below = [u.name for u in queries.units_on(on) if u.parent_id == unit.id]
    if below:
        raise Refused(f"Masih ada yang berada di bawahnya: {', '.join(below[:5])}. Pindahkan "
                      "dahulu induknya.", "on")  # fmt: skip
    found = list(successors)
    if unit in found:
        raise Refused("Penerus tidak boleh perangkat daerah itu sendiri.", "successors")
    last.valid_to = on
    for new in found:
        db.session.add(UnitSuccession(old_id=unit.id, new_id=new.id, on=on, basis=basis[:200]))
    if found:
        _pass_on_duties(unit, found[0])
    db.session.flush()
    trail.record(f"unit:{unit.id}", "unit.close", f"unit:{unit.id}", actor, None,
                 {"on": on.isoformat(), "successors": [u.code for u in found]})  # fmt: skip


def _pass_on_duties(old: Unit, new: Unit) -> None:
    kept = set(db.session.scalars(sa.select(Duty.key).where(Duty.unit_id == new.id)))
    for duty in db.session.scalars(sa.select(Duty).where(Duty.unit_id == old.id)):
        if duty.key in kept:
            db.session.delete(duty)
        else:
            duty.unit_id = new.id


def save_duty(key: str, main: int | None, support: Iterable[int], actor: Actor) -> None:
    """Say which unit answers for a duty and which support it; None leaves it unanswered."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,59}", key):
        raise Refused("Kunci pengampu terdiri atas huruf kecil, angka, dan garis bawah. "
                      "Contoh: urusan_kesehatan.", "key")  # fmt: skip
    before = queries.duty_units(key)
    helpers = [unit for unit in dict.fromkeys(support) if unit != main]
    if before == (main, tuple(helpers)):
        return
    db.session.execute(sa.delete(Duty).where(Duty.key == key))
    if main is not None:
        db.session.add(Duty(key=key, unit_id=main, main=True))
        db.session.flush()
    db.session.add_all(Duty(key=key, unit_id=unit, main=False) for unit in helpers)
    db.session.flush()
    trail.record("region", "duty.save", f"duty:{key}", actor, list(before), [main, helpers])


def _check(unit: Unit, data: VersionData) -> None:
    if not 3 <= len(data.name.strip()) <= 200:
        raise Refused("Isi nama lengkap perangkat daerah. Contoh: Dinas Kesehatan.", "name")
    if not 2 <= len(data.short_name.strip()) <= 60:
        raise Refused("Isi nama pendek, paling panjang 60 huruf. Contoh: Dinkes.", "short_name")
    if data.kind not in set(UnitKind):
        raise Refused("Pilih jenis perangkat daerah dari daftar.", "kind")
    units = {u.id: u for u in queries.units_on(data.valid_from)}
    if data.parent_id is None:
        root = next((u for u in units.values() if u.parent_id is None), None)
        if root is not None and root.id != unit.id:
            raise Refused(f"Pilih induknya. Yang tidak berinduk hanya {root.name}.", "parent_id")
        return
    parent = units.get(data.parent_id)
    if parent is None:
        raise Refused(f"Induk yang dipilih belum ada pada {long_date(data.valid_from)}. Pilih "
                      "induk lain atau tanggal lain.", "parent_id")  # fmt: skip
    if unit.id == parent.id or unit.id in parent.ancestors:
        raise Refused("Induk tidak boleh perangkat daerah itu sendiri atau yang berada di "
                      "bawahnya.", "parent_id")  # fmt: skip


def _columns(data: VersionData) -> dict[str, Any]:
    return {
        "name": " ".join(data.name.split()), "short_name": " ".join(data.short_name.split()),
        "kind": data.kind, "parent_id": data.parent_id, "position": data.position,
        "basis": data.basis.strip()[:200],
    }  # fmt: skip


def _version(unit: Unit, data: VersionData) -> UnitVersion:
    return UnitVersion(unit_id=unit.id, valid_from=data.valid_from, **_columns(data))


def _facts(data: VersionData) -> dict[str, Any]:
    return {**asdict(data), "valid_from": data.valid_from.isoformat()}


def _facts_of(version: UnitVersion) -> dict[str, Any]:
    return {"name": version.name, "kind": version.kind, "parent_id": version.parent_id,
            "valid_from": version.valid_from.isoformat()}  # fmt: skip
