"""Rungs, hours and the words of messages."""

from __future__ import annotations

import string
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import yamlfile
from portal.clock import add_workdays
from portal.config import ROOT
from portal.notices import ladder
from portal.notices.pack import code_of, number_of
from portal.notices.rules import (
    GSM7,
    Hours,
    Rung,
    Standing,
    Told,
    digest_open,
    mail_text,
    next_try,
    rungs_due,
    sending_open,
    sms_text,
)

DUE = date(2026, 2, 6)  # a Friday
FILE = yamlfile.load(ROOT / "reports_templates/notices/ladder.yaml")
STEP = ladder.read(FILE).ladders["step"].rungs
GUARANTEE = ladder.read(FILE).ladders["guarantee"].rungs
HOURS = Hours(time(7), time(20), time(7, 30))


def weekday(day: date) -> bool:
    return day.weekday() < 5


def keys(rungs: tuple[Rung, ...], today: date, **more: Any) -> list[str]:
    standing = Standing(more.pop("due", DUE), more.pop("told", {}), **more)
    return [r.key for r in rungs_due(rungs, standing, today, 2, weekday)]


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
    assert keys(STEP, today) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [(30, "h-30"), (20, "h-30"), (14, "h-14"), (8, "h-14"), (7, "h-7"), (0, "h-7"), (31, None)],
)
def test_guarantees_count_calendar_days(day: int, expected: str | None) -> None:
    end = date(2026, 6, 30)
    assert keys(GUARANTEE, end - timedelta(days=day), due=end) == ([expected] if expected else [])


def test_a_kendala_holds_every_rung_back_up_to_its_day() -> None:
    late = date(2026, 2, 9)
    assert keys(STEP, late, quiet_until=late) == []
    assert keys(STEP, date(2026, 2, 10), quiet_until=late) == ["lewat"]


def test_above_own_office_only_after_notice_tanggapan_and_the_kepala() -> None:
    told = {"lewat": date(2026, 2, 9), "kepala": date(2026, 2, 10)}
    assert "atasan" not in keys(STEP, date(2026, 2, 11), told=told)
    assert "atasan" in keys(STEP, date(2026, 2, 12), told=told)  # Tue, Wed were for the tanggapan
    late = {"lewat": date(2026, 2, 9), "kepala": date(2026, 2, 12)}
    assert "atasan" not in keys(STEP, date(2026, 2, 12), told=late)
    assert "atasan" not in keys(STEP, date(2026, 2, 12), told=told, above_from=date(2026, 2, 13))


@given(
    late_by=st.integers(0, 40),
    ticks=st.lists(st.integers(1, 9), min_size=1, max_size=25),
    off=st.sets(st.integers(0, 90), max_size=20),
)
def test_however_the_ticker_limps_the_order_holds(
    late_by: int, ticks: list[int], off: set[int]
) -> None:
    """Holder, then his kepala, then above; one working day between, two for the tanggapan."""

    def works(day: date) -> bool:
        return weekday(day) and (day - DUE).days not in off

    told: dict[str, date] = {}
    today = DUE + timedelta(days=late_by)
    for pause in ticks:
        for rung in rungs_due(STEP, Standing(DUE, dict(told)), today, 2, works):
            told.setdefault(rung.key, today)
        today += timedelta(days=pause)
    if "kepala" in told:
        assert told["kepala"] >= add_workdays(told["lewat"], 1, works)
    for above in ("atasan", "naskah"):
        if above in told:
            assert told[above] >= add_workdays(told["kepala"], 1, works)
            assert told[above] > add_workdays(told["lewat"], 2, works)
    if "naskah" in told:
        assert told["naskah"] >= add_workdays(told["penjelasan"], 4, works)


@pytest.mark.parametrize(
    ("at", "ordinary", "urgent", "digest"),
    [
        (datetime(2026, 2, 3, 6, 59), False, False, False),
        (datetime(2026, 2, 3, 7, 0), True, True, False),
        (datetime(2026, 2, 3, 7, 30), True, True, True),
        (datetime(2026, 2, 3, 19, 59), True, True, True),
        (datetime(2026, 2, 3, 20, 0), False, False, False),
        (datetime(2026, 2, 8, 9, 0), False, True, False),  # Sunday
    ],
)
def test_quiet_hours(at: datetime, ordinary: bool, urgent: bool, digest: bool) -> None:
    assert sending_open(at, HOURS, weekday, False) is ordinary
    assert sending_open(at, HOURS, weekday, True) is urgent
    assert digest_open(at, HOURS, weekday) is digest


def test_pauses_grow() -> None:
    now = datetime(2026, 2, 3, 8, 0)
    assert [int((next_try(now, n) - now).total_seconds() / 60) for n in (1, 2, 3, 4, 9)] == [
        1, 5, 30, 120, 120,
    ]  # fmt: skip


def test_sms_is_short_plain_and_names_its_sender() -> None:
    told = Told("x", "SPP-LS Termin 2 kontrak 602/15/PUPR menunggu Bendahara Pengeluaran s.d. "
                "Kamis 12/3", DUE, code="7K2M")  # fmt: skip
    assert sms_text([told], "https://selaras.contohkab.go.id") == (
        "SELARAS: SPP-LS Termin 2 kontrak 602/15/PUPR menunggu Bendahara Pengeluaran s.d. "
        "Kamis 12/3. Buka selaras.contohkab.go.id/p/7K2M"
    )
    several = [Told("a", "a", date(2026, 2, 9)), Told("b", "b", DUE), Told("c", "c", None)]
    assert sms_text(several, "https://u") == (
        "SELARAS: 3 hal menunggu Bapak/Ibu, terdekat Jumat 6/2. Buka u/pesan"
    )
    long = Told("x", "Laporan realisasi fisik dan keuangan OPD (602/14/DPUPR/2026) lewat batas "
                "Selasa 28/7. Mohon selesaikan atau isi kendala", DUE, code="7K2M")  # fmt: skip
    assert sms_text([long], "https://selaras.contohkab.go.id") == (
        "SELARAS: Laporan realisasi fisik dan keuangan OPD (602/14/DPUPR/2026) lewat batas "
        "Selasa 28/7. Buka selaras.contohkab.go.id/p/7K2M"
    )


@given(st.text(max_size=400), st.text(alphabet="0123456789ABCDEFGH", max_size=6))
def test_every_sms_fits_one_message_of_gsm7(words: str, code: str) -> None:
    text = sms_text([Told("x", words, None, code=code)], "https://selaras.contohkab.go.id")
    assert len(text) <= 160 and set(text) <= GSM7
    assert text.startswith("SELARAS:") and "selaras.contohkab.go.id/p" in text


def test_texts_of_the_ladder_hold_no_money_and_no_person() -> None:
    texts = yamlfile.load(ROOT / "reports_templates/notices/texts.yaml")
    known = {"apa", "nomor", "meja", "batas", "tgl", "hari", "pd", "atasan", "jawab", "jawab_tgl",
             "jumlah", "buku", "perbaikan", "perbaikan_tgl", "akhir", "akhir_tgl"}  # fmt: skip
    for rungs in texts.values():
        for text in rungs.values():
            for one in text.values():
                assert {name for _, name, _, _ in string.Formatter().parse(one) if name} <= known
                assert not {"rp", "teguran", "terlambat", "temuan"} & set(one.lower().split())


@given(st.integers(0, 2**31))
def test_short_links_come_back(number: int) -> None:
    assert number_of(code_of(number)) == number
    assert number_of(code_of(number).lower()) == number


@pytest.mark.parametrize("code", ["", "IL", "x" * 9, "../"])
def test_strange_short_links_are_none(code: str) -> None:
    assert number_of(code) is None


def test_mail_groups_what_it_tells_and_says_what_it_is_not() -> None:
    told = [Told("Isian LPPD dikembalikan", "s", DUE, "Pengingat"),
            Told("SPP-LS lewat batas", "t", None, "Pemberitahuan lewat batas")]  # fmt: skip
    subject, body = mail_text("Rina, S.KM.", "Operator Dinkes", told, "https://s.go.id", "Contoh",
                              "Admin, 0556-21002")  # fmt: skip
    assert subject == "2 hal menunggu Bapak/Ibu di Selaras"
    assert "Pengingat:\n1. Isian LPPD dikembalikan." in body and "2. SPP-LS lewat batas." in body
    assert "bukan dasar penjatuhan hukuman disiplin" in body and "0556-21002" in body
    one = Told("SPP-LS, lewat batas Senin. Mulai Kamis tampil di ringkasan Sekda", "s", DUE)
    subject, body = mail_text("Rina", "Kepala", [one], "https://s.go.id", "Contoh")
    assert subject == "SPP-LS, lewat batas Senin" and "1. SPP-LS, lewat batas Senin. Mulai" in body


def test_a_wrong_ladder_is_refused_with_its_rung() -> None:
    wrong = {**FILE, "ladders": {"step": {"title": "x", "rungs": [
        {"key": "h-3", "label": "x", "before": 3, "after": 1, "to": "holder"}]}}}  # fmt: skip
    with pytest.raises(ladder.LadderError, match="h-3"):
        ladder.read(wrong)


def test_the_regions_numbers_win() -> None:
    own = ladder.changed(ladder.read(FILE), {"step.h-3": 5, "step.kepala": 3, "cap_week": 2,
                                             "to": "19:00"})  # fmt: skip
    rungs = {r.key: r for r in own.ladders["step"].rungs}
    assert (rungs["h-3"].before, rungs["kepala"].after) == (5, 3)
    assert (own.cap_week, own.hours.ends, own.ladders["step"].lead) == (2, time(19), 5)
