"""When to remind, when to send, and with which words: pure, day and calendar are handed in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.clock import IsWorkday, add_workdays, workdays_between
from portal.indonesian import DAYS, day_and_date

SMS_MOST = 160
#: The letters of GSM 03.38 that our texts use; one letter outside makes an SMS three times dearer.
GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_PLAIN = str.maketrans({"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...",
                        "•": "-", "\u00a0": " "})  # fmt: skip
#: Minutes until the next try after 1, 2, 3 ... failures; the last one repeats.
PAUSES = (1, 5, 30, 120)
#: A message older than this is given up; what it told stays in the inbox.
GIVE_UP = timedelta(days=2)
#: Tries on one gateway before the next one in the row is asked.
TRIES_EACH = 2


@dataclass(frozen=True)
class Rung:
    """One step of a ladder. ``before``/``after``: days ahead of and behind the limit.

    ``needs`` names rungs that must have been told so many working days ago; ``above`` marks what
    goes beyond the desk's own Perangkat Daerah; ``calendar`` counts calendar days.
    """

    key: str
    label: str
    to: str  # holder | kepala | sekda
    before: int = 0
    after: int = 0
    at_once: bool = False
    needs: tuple[tuple[str, int], ...] = ()
    act: str = ""  # penjelasan | naskah
    urgent: bool = False
    above: bool = False
    calendar: bool = False


@dataclass(frozen=True)
class Hours:
    """Local hours in which messages may go out, and when the daily digest leaves."""

    begins: time
    ends: time
    digest: time


@dataclass(frozen=True)
class Standing:
    """What the ladder must know of one subject: its limit, what was told when, what holds it."""

    due_on: date | None
    told: Mapping[str, date]  # rung -> local day on which it was first told, in this cycle
    quiet_until: date | None = None  # kendala accepted, explanation with a promised day
    above_from: date | None = None
    counted: IsWorkday | None = None  # days on which somebody can answer for the desk


def rungs_due(
    rungs: Iterable[Rung], standing: Standing, today: date, response_days: int,
    is_workday: IsWorkday,
) -> list[Rung]:  # fmt: skip
    """The rungs that should have been told by ``today``.

    Ahead of the limit only the nearest rung: whoever enters late is not told three times at once.
    Behind it every rung whose day has come and whose ``needs`` were told long enough ago; so
    after a week without a ticker the holder hears first, his kepala a working day later, and
    nobody above before that, and not before ``response_days`` of tanggapan are over.
    """
    if standing.quiet_until is not None and today <= standing.quiet_until:
        return []
    every = tuple(rungs)
    found = [rung for rung in every if rung.at_once]
    if standing.due_on is None:
        return found
    if today <= standing.due_on:
        return found + _ahead(every, standing.due_on, today, is_workday)
    return found + [
        rung for rung in every
        if rung.after and today >= _behind(standing.due_on, rung, is_workday)
        and _ready(rung, standing, today, response_days, is_workday)
    ]  # fmt: skip


def _ahead(rungs: Iterable[Rung], due: date, today: date, is_workday: IsWorkday) -> list[Rung]:
    reached = [
        rung for rung in rungs
        if rung.before and rung.before >= (
            (due - today).days if rung.calendar else workdays_between(today, due, is_workday)
        )
    ]  # fmt: skip
    return [min(reached, key=lambda rung: rung.before)] if reached else []


def _behind(due: date, rung: Rung, is_workday: IsWorkday) -> date:
    if rung.calendar:
        return due + timedelta(days=rung.after)
    return add_workdays(due, rung.after, is_workday)


def _ready(
    rung: Rung, standing: Standing, today: date, response_days: int, is_workday: IsWorkday
) -> bool:
    for key, days in rung.needs:
        told = standing.told.get(key)
        if told is None or today < add_workdays(told, days, is_workday):
            return False
    if not rung.above:
        return True
    if standing.above_from is not None and today < standing.above_from:
        return False
    return above_open(standing.told, today, response_days, is_workday, standing.counted)


def above_open(
    told: Mapping[str, date], today: date, response_days: int, is_workday: IsWorkday,
    counted: IsWorkday | None = None,
) -> bool:  # fmt: skip
    """Whether a late desk may be seen above its own Perangkat Daerah on ``today``.

    Its holder had notice and ``response_days`` whole hari kerja for a tanggapan since, and its
    kepala heard at least one working day ago. ``counted``: the hari kerja on which somebody can
    answer; while the holder is on leave without a Plh. the time does not run.
    """
    holder, kepala = told.get("lewat"), told.get("kepala")
    if holder is None or kepala is None:
        return False
    return (
        today > add_workdays(holder, response_days, counted or is_workday)
        and today >= add_workdays(kepala, 1, is_workday)
    )  # fmt: skip


def first_above(told: date, response_days: int, is_workday: IsWorkday) -> date:
    """The first day on which a desk may appear above, when its holder was told on ``told``."""
    return add_workdays(add_workdays(told, response_days, is_workday), 1, is_workday)


def sending_open(local: datetime, hours: Hours, is_workday: IsWorkday, urgent: bool) -> bool:
    """Whether a message may leave at a local time; ordinary ones on working days only."""
    return hours.begins <= local.time() < hours.ends and (urgent or is_workday(local.date()))


def digest_open(local: datetime, hours: Hours, is_workday: IsWorkday) -> bool:
    """Whether the one digest of the day may be packed."""
    return sending_open(local, hours, is_workday, False) and local.time() >= hours.digest


def next_try(now: datetime, failures: int) -> datetime:
    """When to try again after so many failures (1 or more)."""
    return now + timedelta(minutes=PAUSES[min(failures, len(PAUSES)) - 1])


def short_date(day: date) -> str:
    """``Jumat 6/2``: a date in an SMS."""
    return f"{DAYS[day.weekday()]} {day.day}/{day.month}"


def date_words(due: date | None, today: date) -> dict[str, str]:
    """``batas``, ``tgl`` and ``hari`` of the texts."""
    if due is None:
        return {"batas": "", "tgl": "", "hari": ""}
    return {"batas": day_and_date(due), "tgl": short_date(due),
            "hari": f"{abs((due - today).days)} hari"}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What a message says about one thing."""

    title: str  # for e-mail and inbox
    short: str  # for an SMS
    due_on: date | None
    label: str = "Pengingat"
    code: str = ""  # of the short link


def gsm(text: str) -> str:
    """``text`` in letters of GSM-7: what has a plain twin gets it, the rest becomes a blank."""
    out = []
    for letter in text.translate(_PLAIN):
        if letter in GSM7:
            out.append(letter)
        else:
            plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
            out.append(plain if plain and set(plain) <= GSM7 else " ")
    return "".join(out)


def sms_text(told: Sequence[Told], base_url: str) -> str:
    """At most 160 letters of GSM-7, sender first, one link that needs a login."""
    address = base_url.removeprefix("https://")
    if len(told) == 1:
        link = f"{address}/p/{told[0].code}" if told[0].code else f"{address}/pesan"
        text = f"SELARAS: {told[0].short}"
    else:
        dates = sorted(t.due_on for t in told if t.due_on)
        nearest = f", terdekat {short_date(dates[0])}" if dates else ""
        link, text = f"{address}/pesan", f"SELARAS: {len(told)} hal menunggu Bapak/Ibu{nearest}"
    tail = gsm(f". Buka {link}")
    plain = _fitting(" ".join(gsm(text).split()), SMS_MOST - len(tail))
    return (plain + tail)[:SMS_MOST]


def _fitting(plain: str, most: int) -> str:
    """At most so many letters: the last sentence goes first, then whole words."""
    if len(plain) > most:
        plain = plain.rpartition(". ")[0] or plain
    if len(plain) > most:
        cut = plain[: most - 2]
        plain = (cut.rpartition(" ")[0] if cut.count(" ") > 2 else cut).rstrip(" ,.") + ".."
    return plain


def mail_text(
    name: str, title: str, told: Sequence[Told], base_url: str, region: str, info: str = ""
) -> tuple[str, str]:
    """Subject and body of a digest for e-mail and WhatsApp; ``info``: whom to ask."""
    subject = f"{len(told)} hal menunggu Bapak/Ibu di Selaras"
    if len(told) == 1:
        subject = told[0].title.partition(". ")[0]  # what and until when; the rest stands below
    lines = [f"Yth. Bapak/Ibu {name},", title, ""]
    number = 0
    for label in dict.fromkeys(one.label for one in told):
        lines.append(f"{label}:")
        for one in (t for t in told if t.label == label):
            number += 1
            lines.append(f"{number}. {one.title}.")
        lines.append("")
    lines += [
        f"Buka: {base_url}/pesan",
        "Bila ada kendala, catat kendalanya di portal agar dapat dibantu.",
        *([f"Narahubung: {info}"] if info else []),
        "",
        f"Pesan otomatis portal Selaras {region}. Abaikan bila sudah diselesaikan.",
        "Pengingat ini alat bantu pengendalian kegiatan, bukan dasar penjatuhan hukuman disiplin.",
    ]
    return subject[:200], "\n".join(lines)


def shared_text(told: Sequence[Told], base_url: str, region: str) -> str:
    """The long text for WhatsApp and the like: no person is named in it."""
    lines = ["Yth. Bapak/Ibu, Selaras mengingatkan:"]
    lines += [f"- {one.short}" for one in told[:8]]
    if len(told) > 8:
        lines.append(f"- dan {len(told) - 8} hal lain")
    lines += [f"Buka: {base_url}/pesan", f"Pesan otomatis portal Selaras {region}. "
              "Abaikan bila sudah diselesaikan."]  # fmt: skip
    return "\n".join(lines)
