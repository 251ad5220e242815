"""Rungs, slots and the words of messages."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from portal.notices.rules import GSM7, Told, mail_text, rungs_due, slot_at, sms_text

DUE = date(2026, 2, 6)  # a Friday


def weekday(day: date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 2, 2), []),  # four working days ahead
        (date(2026, 2, 3), ["h-3"]),
        (date(2026, 2, 4), ["h-3"]),
        (date(2026, 2, 5), ["h-1"]),
        (DUE, ["h-1"]),
        (date(2026, 2, 7), []),  # Saturday: nobody is late on a day off
        (date(2026, 2, 9), ["lewat"]),
    ],
)
def test_only_the_nearest_rung_is_due(today: date, expected: list[str]) -> None:
    assert rungs_due(DUE, today, (3, 1), weekday) == expected


@pytest.mark.parametrize(
    ("hour", "minute", "slot"),
    [(7, 29, None), (7, 30, "pagi"), (12, 0, "siang"), (17, 59, "sore"), (18, 0, None)],
)
def test_slots_of_a_working_day(hour: int, minute: int, slot: str | None) -> None:
    assert slot_at(datetime(2026, 2, 3, hour, minute), weekday) == slot


def test_nothing_is_sent_on_a_sunday() -> None:
    assert slot_at(datetime(2026, 2, 8, 9, 0), weekday) is None


def test_sms_is_short_plain_and_names_its_sender() -> None:
    told = Told("x", "2 isian LPPD 2025 Dinkes belum dikirim, batas Jumat 6/2", DUE)
    text = sms_text([told], "https://selaras.contohkab.go.id/pesan")
    assert text.startswith("SELARAS: 2 isian LPPD 2025 Dinkes")
    assert len(text) <= 160 and set(text) <= GSM7
    long = sms_text([Told("x", "isian “panjang” " * 20, DUE)], "https://s.go.id/pesan")
    assert len(long) <= 160 and set(long) <= GSM7 and long.endswith("https://s.go.id/pesan")


def test_digest_of_several_names_the_nearest_date() -> None:
    told = [Told("a", "a", date(2026, 2, 9)), Told("b", "b", DUE), Told("c", "c", None)]
    assert sms_text(told, "u") == "SELARAS: 3 hal menunggu Bapak/Ibu, terdekat Jumat 6/2. Buka u"


def test_mail_lists_each_thing_with_its_date_and_the_limit_of_its_use() -> None:
    told = [Told("Isian LPPD dikembalikan", "s", DUE), Told("SPP-LS", "t", None)]
    subject, body = mail_text("Rina, S.KM.", "Operator Dinkes", told, "https://s.go.id", "Contoh")
    assert subject == "2 hal menunggu Bapak/Ibu di Selaras"
    assert "1. Isian LPPD dikembalikan (batas Jumat, 6 Februari 2026)" in body
    assert "bukan dasar penjatuhan hukuman disiplin" in body
