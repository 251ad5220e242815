"""Deadlines that the law gives, until a letter of the year says otherwise. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

_QUARTER_END = {"TW1": (3, 31), "TW2": (6, 30), "TW3": (9, 30), "TW4": (12, 31)}


@dataclass(frozen=True)
class Dates:
    """When filling opens, ends inside the region and ends by law, with the basis."""

    opens: date
    internal: date
    official: date
    basis: str


def default_dates(kind: str, year: int, period: str = "", level: str = "pemda") -> Dates:
    """The dates of a report of data year ``year``; internal ones are a proposal of the portal.

    LPPD and LKPJ: 3 months after the year ends (PP 13/2019; Permendagri 18/2020 Ps 11).
    SPM: every 3 months, by the 20th of the month after (surat Ditjen Bina Bangda 2024; dates
    change yearly by letter); the yearly one travels with LPPD. LKjIP: a unit 2 months, the region
    3 months after the year ends (Perpres 29/2014; PermenPANRB 53/2014).
    """
    after = year + 1
    if kind == "spm" and period in _QUARTER_END:
        month, day = _QUARTER_END[period]
        end = date(year, month, day)
        official = date(end.year + (end.month == 12), end.month % 12 + 1, 20)
        return Dates(
            end + timedelta(days=1), official - timedelta(days=7), official,
            "Permendagri 59/2021 Ps 24 ayat (1); tanggal 20 menurut surat Ditjen Bina Bangda, "
            "sesuaikan dengan surat tahun berjalan",
        )  # fmt: skip
    if kind == "sakip" and level == "unit":
        last = date(after, 3, 1) - timedelta(days=1)
        return Dates(
            date(after, 1, 2), date(after, 1, 31), last,
            "Perpres 29/2014; PermenPANRB 53/2014 (2 bulan setelah tahun anggaran berakhir)",
        )  # fmt: skip
    if kind == "pk":
        return Dates(
            date(year, 1, 2), date(year, 1, 24), date(year, 1, 31),
            "PermenPANRB 53/2014 (satu bulan setelah DPA disahkan; sesuaikan dengan tanggal DPA)",
        )  # fmt: skip
    if kind == "renaksi":
        month, day = _QUARTER_END.get(period, (1, 17))
        end = date(year, month, day)
        return Dates(
            end + timedelta(days=1), end + timedelta(days=10), end + timedelta(days=15),
            "Perpres 29/2014; pengukuran kinerja triwulanan (batas daerah, dapat diubah)",
        )  # fmt: skip
    basis = {
        "lppd": "PP 13/2019 Ps 11; Permendagri 18/2020 Ps 11 ayat (3)",
        "lkpj": "UU 23/2014 Ps 71 ayat (2); PP 13/2019",
        "spm": "Permendagri 59/2021; dilaporkan bersama LPPD",
        "sakip": "Perpres 29/2014; PermenPANRB 53/2014",
    }.get(kind, "")
    internal = date(after, 2, 13) if kind == "lkpj" else date(after, 2, 6)
    return Dates(date(after, 1, 2), internal, date(after, 3, 31), basis)


def structure_date(year: int, period: str = "") -> date:
    """Whose structure of Perangkat Daerah the book shows: the last day of its data period."""
    month, day = _QUARTER_END.get(period, (12, 31))
    return date(year, month, day)
