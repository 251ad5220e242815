"""Verbs of the region: settings with a date and a basis, tahap, the local work calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal import store, uploads
from portal.db import db
from portal.people import queries
from portal.people.kinds import Module
from portal.people.models import Setting, Unit, Wave, WaveUnit, WorkDay
from portal.people.refusal import Refused
from portal.people.region import BY_KEY, Field
from portal.people.rules import Actor
from portal.trail import flow as trail

_ARMS = uploads.Limits(bytes=5 * 1024 * 1024, side=1_600)


def save_setting(key: str, value: Any, valid_from: date, basis: str, actor: Actor) -> None:
    """Let a setting of the region hold from a date on; an equal value is not written again."""
    field = BY_KEY.get(key)
    if field is None:
        raise Refused("Butir identitas ini tidak dikenal.")
    value = _clean_setting(field, value)
    row = _setting_of(key, valid_from)
    if queries.setting(key, valid_from, field.default) == value and (
        row is None or row.basis == basis
    ):
        return
    keep_setting(key, value, valid_from, basis, actor)


def keep_setting(key: str, value: Any, valid_from: date, basis: str, actor: Actor) -> None:
    """Write what a room has checked, with its legal basis, into the settings and the record."""
    before = queries.setting(key, valid_from)
    row = _setting_of(key, valid_from)
    if row is None:
        row = Setting(key=key, valid_from=valid_from)
        db.session.add(row)
    row.value, row.basis = value, " ".join(basis.split())[:200]
    db.session.flush()
    trail.record("region", "setting.save", f"setting:{key}", actor, before,
                 {"value": value, "from": valid_from.isoformat(), "basis": row.basis})  # fmt: skip


def _setting_of(key: str, valid_from: date) -> Setting | None:
    return db.session.scalar(
        sa.select(Setting).where(Setting.key == key, Setting.valid_from == valid_from)
    )


def _clean_setting(field: Field, value: Any) -> Any:
    if field.kind == "yesno":
        return bool(value)
    text = " ".join(str(value).split())
    if field.kind == "choice" and text not in field.choices:
        raise Refused(f"{field.label}: pilih {' atau '.join(field.choices)}.", field.key)
    if len(text) > field.longest:
        raise Refused(f"{field.label} paling panjang {field.longest} huruf.", field.key)
    return text


def save_lambang(data: bytes, name: str, valid_from: date, basis: str, actor: Actor) -> None:
    """Keep the region's arms, drawn anew from PNG or JPEG, and let them hold from a date on."""
    try:
        picture = uploads.check(data, name, uploads.PICTURES, _ARMS)
    except uploads.Refused as refusal:
        raise Refused(f"Lambang daerah: {refusal.sentence}", "lambang") from refusal
    blob = store.put(picture.data, picture.media)
    save_setting("lambang", blob.sha256, valid_from, basis, actor)


def save_wave(
    wave: Wave | None, module: str, name: str, dates: tuple[date, date | None], actor: Actor
) -> Wave:
    """Add or change a tahap of a module; ``dates`` are first and last day (None = open)."""
    name = " ".join(name.split())
    if module not in set(Module):
        raise Refused("Pilih modul dari daftar.", "module")
    if not 1 <= len(name) <= 80:
        raise Refused("Isi nama tahap. Contoh: Tahap 1.", "name")
    opens, closes = dates
    if closes is not None and closes < opens:
        raise Refused("Tanggal tutup lebih awal daripada tanggal buka.", "closes_on")
    before = _wave_facts(wave) if wave else None
    if wave is None:
        wave = Wave(module=module)
        db.session.add(wave)
    wave.name, wave.opens_on, wave.closes_on = name, opens, closes
    db.session.flush()
    trail.record("region", "wave.save", f"wave:{wave.id}", actor, before, _wave_facts(wave))
    return wave


def _wave_facts(wave: Wave) -> dict[str, Any]:
    return {
        "module": wave.module, "name": wave.name, "opens_on": wave.opens_on.isoformat(),
        "closes_on": wave.closes_on.isoformat() if wave.closes_on else None,
    }  # fmt: skip


def move_to_wave(units: Iterable[Unit], wave: Wave, since: date, actor: Actor) -> int:
    """Move units forward or back into ``wave`` from a date on; returns how many moved.

    Nothing that was entered is touched: membership only says who may work, from when.
    """
    present = queries.unit_waves(wave.module, since)
    moved = 0
    for unit in units:
        old = present.get(unit.id)
        if old is not None and old.id == wave.id:
            continue
        db.session.add(WaveUnit(wave_id=wave.id, unit_id=unit.id, since=since))
        db.session.flush()
        trail.record(f"unit:{unit.id}", "wave.move", f"unit:{unit.id}", actor,
                     {"wave": old.name if old else None},
                     {"module": wave.module, "wave": wave.name,
                      "since": since.isoformat()})  # fmt: skip
        moved += 1
    return moved


def save_work_day(day: date, kind: str, name: str, actor: Actor) -> None:
    """A local exception of the calendar: ``libur``, ``kerja``, or "" to take it back."""
    row = db.session.get(WorkDay, day)
    before = {"kind": row.kind, "name": row.name} if row else None
    if kind not in {"libur", "kerja", ""}:
        raise Refused("Pilih libur atau tetap masuk kerja.", "kind")
    if kind and not name.strip():
        raise Refused("Isi keterangannya. Contoh: Hari jadi kabupaten.", "name")
    if row is not None and not kind:
        db.session.delete(row)
    elif kind:
        row = row or WorkDay(day=day)
        row.kind, row.name = kind, name.strip()[:120]
        db.session.add(row)
    db.session.flush()
    trail.record("region", "calendar.save", f"day:{day.isoformat()}", actor, before,
                 {"kind": kind, "name": name.strip()} if kind else None)  # fmt: skip


def day_end(day: date) -> datetime:
    """The instant at which the region's ``day`` ends, in UTC."""
    zone = current_app.config["SELARAS"].zone
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def keep_trail_head() -> tuple[int, ...]:
    """Keep yesterday's head of the trail when it is not kept yet; nothing to send."""
    yesterday = queries.today() - timedelta(days=1)
    trail.keep_head(yesterday, day_end(yesterday))
    return ()
