"""Pack notices into messages: one digest per person, day and channel; what is urgent at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.clock import IsWorkday
from portal.config import Config
from portal.db import db
from portal.notices import gateways
from portal.notices import ladder as ladders
from portal.notices.models import Message, MessageNotice, MessageState, Notice, PushSubscription
from portal.notices.recipients import People
from portal.notices.rules import (
    Told,
    digest_open,
    mail_text,
    sending_open,
    shared_text,
    sms_text,
)
from portal.notices.telling import insert_if_new
from portal.people import queries
from portal.people import region as identity
from portal.people.models import Contact, Person

#: A notice that found no way out for so long is told in the inbox only.
STALE = timedelta(days=7)
DAILY = "harian"
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def code_of(number: int) -> str:
    """The short name of a notice in a link: base 32 without letters that look alike."""
    out = ""
    while number or not out:
        number, digit = divmod(number, len(DIGITS))
        out = DIGITS[digit] + out
    return out


def number_of(code: str) -> int | None:
    """The notice behind a short name; None when it is none."""
    number = 0
    if not 1 <= len(code) <= 8:
        return None
    for letter in code.upper():
        if letter not in DIGITS:
            return None
        number = number * len(DIGITS) + DIGITS.index(letter)
    return number


@dataclass(frozen=True)
class _Way:
    """One person over one channel."""

    person_id: int
    channel: str
    address: str


@dataclass(frozen=True)
class _Desk:
    """What all messages of one round share."""

    config: Config
    ladder: ladders.Ladder
    today: date
    region: str
    info: str
    people: People


def pack(today: date, is_workday: IsWorkday, people: People) -> int:
    """Write the messages that should leave now; returns how many are new. Flushes."""
    config: Config = current_app.config["SELARAS"]
    ladder = ladders.present(today)
    local = clock.local(clock.now(), config.zone)
    if not queries.setting(gateways.SWITCH, today, True):
        return 0
    if not sending_open(local, ladder.hours, is_workday, urgent=True):
        return 0
    daily = digest_open(local, ladder.hours, is_workday)
    channels = {g.channel for g in gateways.in_order(today)}
    open_notices = _open(people, None if daily else True)
    ways = _ways(set(open_notices), channels)
    if not ways:
        return 0
    here = identity.region(today)
    desk = _Desk(config, ladder, today, here.full, here.narahubung, people)
    return _write_all(desk, local, daily, ways, open_notices)


def _open(people: People, urgent: bool | None) -> dict[int, list[Notice]]:
    """Unread open notices of the last days by person; those on leave wait."""
    query = (
        sa.select(Notice)
        .where(Notice.closed_at.is_(None), Notice.read_at.is_(None),
               Notice.at >= clock.now() - STALE)
        .order_by(Notice.due_on, Notice.id)
    )  # fmt: skip
    if urgent:
        query = query.where(Notice.urgent)
    found: dict[int, list[Notice]] = defaultdict(list)
    for notice in db.session.scalars(query):
        if notice.person_id not in people.away:
            found[notice.person_id].append(notice)
    return found


def _ways(persons: set[int], channels: set[str]) -> list[_Way]:
    """Addresses of these persons on the channels that work."""
    found: list[_Way] = []
    every = sorted(persons)
    for start in range(0, len(every), 500):
        some = every[start : start + 500]
        rows = db.session.execute(
            sa.select(Contact.person_id, Contact.channel, Contact.address)
            .where(Contact.person_id.in_(some), Contact.channel.in_(channels))
            .order_by(Contact.id)
        )  # fmt: skip
        found += [_Way(*row) for row in rows]
        if "push" in channels:
            rows = db.session.execute(
                sa.select(PushSubscription.person_id).distinct()
                .where(PushSubscription.person_id.in_(some))
            )  # fmt: skip
            found += [_Way(row[0], "push", "") for row in rows]
    return found


def _write_all(
    desk: _Desk, local: datetime, daily: bool, ways: list[_Way],
    open_notices: dict[int, list[Notice]],
) -> int:  # fmt: skip
    history = _history({w.person_id for w in ways}, desk.today)
    names = _names({w.person_id for w in ways})
    written = 0
    for way in ways:
        past = history.get((way.person_id, way.channel), _Past())
        fresh = [n for n in open_notices[way.person_id] if n.id not in past.carried]
        slot = DAILY
        if not daily or past.daily_today:
            fresh, slot = [n for n in fresh if n.urgent], f"segera-{local:%H}"
        cap = desk.ladder.cap_week + (desk.ladder.cap_urgent if any(n.urgent for n in fresh) else 0)
        if fresh and past.week < cap:
            written += _write(desk, way, slot, fresh, names[way.person_id])
    return written


@dataclass
class _Past:
    """What a channel has carried to a person already."""

    carried: frozenset[int] = frozenset()
    week: int = 0
    daily_today: bool = False


def _history(persons: Iterable[int], today: date) -> dict[tuple[int, str], _Past]:
    """Messages of the last days by person and channel, with the notices they carried."""
    found: dict[tuple[int, str], _Past] = defaultdict(_Past)
    every = sorted(persons)
    for start in range(0, len(every), 500):
        rows = db.session.execute(
            sa.select(Message.person_id, Message.channel, Message.day, Message.slot,
                      Message.state, Message.id)
            .where(Message.person_id.in_(every[start : start + 500]),
                   Message.day > today - timedelta(days=STALE.days + 2),
                   Message.slot.not_like("uji%"))
        ).all()  # fmt: skip
        carried = _carried([row.id for row in rows])
        for row in rows:
            past = found[row.person_id, row.channel]
            past.carried |= carried.get(row.id, frozenset())
            if row.state != MessageState.DROPPED and row.day > today - timedelta(days=7):
                past.week += 1
            past.daily_today |= row.day == today and row.slot == DAILY
    return found


def _carried(messages: Sequence[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for start in range(0, len(messages), 500):
        rows = db.session.execute(
            sa.select(MessageNotice.message_id, MessageNotice.notice_id)
            .where(MessageNotice.message_id.in_(messages[start : start + 500]))
        )  # fmt: skip
        for message_id, notice_id in rows:
            found[message_id].add(notice_id)
    return {message: frozenset(notices) for message, notices in found.items()}


def _names(persons: Iterable[int]) -> dict[int, str]:
    rows = db.session.scalars(sa.select(Person).where(Person.id.in_(sorted(persons))))
    return {person.id: queries.full_name(person) for person in rows}


def _write(desk: _Desk, way: _Way, slot: str, fresh: list[Notice], name: str) -> bool:
    """One message with its notices; False when this slot has its message already."""
    label = {n.id: desk.ladder.label(n.subject, n.rung) for n in fresh}
    told = [Told(n.title, n.short, n.due_on, label[n.id], code_of(n.id)) for n in fresh]
    title = desk.people.title_of.get(fresh[0].position_id, "")
    subject, body = mail_text(name, title, told, desk.config.base_url, desk.region, desk.info)
    if way.channel != "email":
        body = shared_text(told, desk.config.base_url, desk.region)
    key = {"person_id": way.person_id, "channel": way.channel, "day": desk.today, "slot": slot}
    new = insert_if_new(
        Message,
        {
            **key, "address": way.address, "subject_line": subject, "body": body,
            "short": sms_text(told, desk.config.base_url), "gateway": "",
            "state": MessageState.WAITING, "doubtful": False, "seen_by": "",
            "lease_until": None, "not_before": None, "created_at": clock.now(),
        },
    )  # fmt: skip
    if not new:
        return False
    message_id = db.session.scalar(sa.select(Message.id).filter_by(**key))
    db.session.execute(
        sa.insert(MessageNotice),
        [{"message_id": message_id, "notice_id": notice.id} for notice in fresh],
    )
    return True
