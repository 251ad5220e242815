"""How templates write dates, times, numbers and money."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from flask import Flask, current_app

from portal import indonesian
from portal.web import wording


def _date(day: date | None) -> str:
    return indonesian.long_date(day) if day else ""


def _day(day: date | None) -> str:
    """``Jumat, 6 Februari 2026``."""
    return indonesian.day_and_date(day) if day else ""


def _moment(instant: datetime | None) -> str:
    """``2 Februari 2026 pukul 08.00 WITA``."""
    if instant is None:
        return ""
    config = current_app.config["SELARAS"]
    day = indonesian.long_date(instant.astimezone(config.zone).date())
    return f"{day} pukul {indonesian.clock_time(instant, config.zone, config.zone_label)}"


def _rupiah(value: Decimal | None) -> str:
    return indonesian.rupiah(value) if value is not None else ""


def _number(value: Decimal | int | None, places: int | None = None) -> str:
    return indonesian.number(value, places) if value is not None else ""


def _office(label: str) -> str:
    """The jabatan alone of ``Rizal Halim, M.H. (Kepala DPUPR)``: contracts name desks."""
    title = label.partition(" (")[2]
    return title[:-1] if title.endswith(")") else label


def init_app(app: Flask) -> None:
    """Make the filters known: tanggal, hari, waktu, rupiah, angka, jabatan."""
    app.add_template_filter(_date, "tanggal")
    app.add_template_filter(_day, "hari")
    app.add_template_filter(_moment, "waktu")
    app.add_template_filter(_rupiah, "rupiah")
    app.add_template_filter(_number, "angka")
    app.add_template_filter(_office, "jabatan")
    wording.init_app(app)
