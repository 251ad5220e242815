"""When to remind, in which slot to send, and with which words: pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from portal.clock import IsWorkday, add_workdays, workdays_between
from portal.indonesian import DAYS, day_and_date

#: Slots of a working day; a message goes out in the newest one that has begun.
SLOTS = (("pagi", time(7, 30)), ("siang", time(12, 0)), ("sore", time(15, 30)))
QUIET_FROM = time(18, 0)
SMS_MOST = 160
#: The letters of GSM 03.38 that our texts use; one letter outside makes an SMS three times dearer.
GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


@dataclass(frozen=True)
class Told:
    """What a message says about one thing."""

    title: str  # for e-mail and inbox
    short: str  # for an SMS
    due_on: date | None


def slot_at(local: datetime, is_workday: IsWorkday) -> str | None:
    """The slot that is open at a local time, None outside of working days and hours."""
    if not is_workday(local.date()) or local.time() >= QUIET_FROM:
        return None
    open_now = [name for name, begins in SLOTS if begins <= local.time()]
    return open_now[-1] if open_now else None


def rungs_due(due: date, today: date, before: Sequence[int], is_workday: IsWorkday) -> list[str]:
    """The rungs of the ladder that should exist today: ``h-3``, ``h-1``, ``lewat``.

    ``before`` names working days ahead of ``due``. Only the nearest rung is due: whoever enters
    late is not told three times at once. ``lewat`` begins on the working day after ``due``.
    """
    if today > due:
        return ["lewat"] if today >= add_workdays(due, 1, is_workday) else []
    ahead = workdays_between(today, due, is_workday)
    reached = [n for n in before if ahead <= n]
    return [f"h-{min(reached)}"] if reached else []


def short_date(day: date) -> str:
    """``Jumat 6/2``: a date in an SMS."""
    return f"{DAYS[day.weekday()]} {day.day}/{day.month}"


def sms_text(told: Sequence[Told], link: str) -> str:
    """At most 160 letters of GSM-7, sender first, one link, no names and no money."""
    if len(told) == 1:
        text = f"SELARAS: {told[0].short}. Buka {link}"
    else:
        dates = sorted(t.due_on for t in told if t.due_on)
        nearest = f", terdekat {short_date(dates[0])}" if dates else ""
        text = f"SELARAS: {len(told)} hal menunggu Bapak/Ibu{nearest}. Buka {link}"
    plain = "".join(letter if letter in GSM7 else " " for letter in text)
    if len(plain) <= SMS_MOST:
        return plain
    tail = f"... Buka {link}"
    return plain[: SMS_MOST - len(tail)] + tail


def mail_text(
    name: str, title: str, told: Sequence[Told], base_url: str, region: str
) -> tuple[str, str]:
    """Subject and body of an e-mail digest."""
    subject = told[0].title if len(told) == 1 else f"{len(told)} hal menunggu Bapak/Ibu di Selaras"
    lines = [f"Yth. Bapak/Ibu {name},", f"{title}", "", "Selaras mengingatkan:"]
    for number, one in enumerate(told, start=1):
        until = f" (batas {day_and_date(one.due_on)})" if one.due_on else ""
        lines.append(f"{number}. {one.title}{until}")
    lines += [
        "",
        f"Buka: {base_url}/pesan",
        "Bila ada kendala, pilih tombol Ada Kendala pada isian agar dapat dibantu.",
        "",
        f"Pesan otomatis portal Selaras {region}. Abaikan bila sudah diselesaikan.",
        "Pengingat ini alat bantu pengendalian kegiatan, bukan dasar penjatuhan hukuman disiplin.",
    ]
    return subject, "\n".join(lines)
