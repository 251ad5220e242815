"""Write what must be told, pack it into messages, send each message once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.clock import IsWorkday
from portal.config import Config
from portal.db import Base, changed_rows, db
from portal.notices import channels, due
from portal.notices.models import Attempt, Message, MessageNotice, MessageState, Notice
from portal.notices.rules import SMS_MOST, Told, mail_text, slot_at, sms_text
from portal.people import queries, workdays
from portal.people import region as identity
from portal.people.models import Contact, Person, Position

LEASE = timedelta(minutes=2)
#: A notice that found no way out for so long is told in the inbox only.
STALE = timedelta(days=7)
TRIES = 3


def tick() -> list[int]:
    """Insert every notice that should exist and does not, pack messages, return those to send.

    Level-triggered: a doubled or missed tick does no harm. Commits what it wrote.
    """
    config: Config = current_app.config["SELARAS"]
    today = clock.today(config.zone)
    is_workday = workdays.checker(today - timedelta(days=60), today + timedelta(days=60))
    _insert_notices(today, is_workday)
    slot = slot_at(clock.local(clock.now(), config.zone), is_workday)
    if slot and queries.setting("pesan_aktif", today, True):
        _pack(config, today, slot)
    db.session.commit()
    return _waiting()


def _insert_if_new(model: type[Base], values: dict[str, object]) -> bool:
    """INSERT ... ON CONFLICT DO NOTHING; True when the row is new."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    return changed_rows(insert(model).values(**values).on_conflict_do_nothing()) > 0


def _insert_notices(today: date, is_workday: IsWorkday) -> None:
    columns = (Notice.subject, Notice.cycle, Notice.rung, Notice.person_id)
    known = {tuple(row) for row in db.session.execute(sa.select(*columns))}
    for one in due.all_due(today, is_workday):
        if (one.subject, one.cycle, one.rung, one.person_id) in known:
            continue
        _insert_if_new(
            Notice,
            {
                "subject": one.subject, "cycle": one.cycle, "rung": one.rung,
                "person_id": one.person_id, "position_id": one.position_id,
                "title": one.title[:200], "short": one.short[:120], "link": one.link,
                "due_on": one.due_on, "at": clock.now(), "read_at": None,
            },
        )  # fmt: skip


def _pack(config: Config, today: date, slot: str) -> None:
    """One digest per person, channel and slot, of what that channel has not carried yet."""
    carried = sa.exists().where(
        MessageNotice.notice_id == Notice.id,
        MessageNotice.message_id == Message.id,
        Message.channel == Contact.channel,
    )
    rows = db.session.execute(
        sa.select(Notice, Contact, Person, Position.title)
        .join(Contact, Contact.person_id == Notice.person_id)
        .join(Person, Person.id == Notice.person_id)
        .join(Position, Position.id == Notice.position_id)
        .where(Notice.at >= clock.now() - STALE, Notice.read_at.is_(None), ~carried,
               Contact.channel.in_(_usable(config)))
        .order_by(Contact.id, Notice.due_on, Notice.id)
    ).all()  # fmt: skip
    parcels: dict[int, list[Any]] = {}
    for row in rows:
        parcels.setdefault(row.Contact.id, []).append(row)
    region = identity.region(today).full
    for parcel in parcels.values():
        _write_message(config, today, slot, region, parcel)


def _usable(config: Config) -> tuple[str, ...]:
    """SMS always has its spool; e-mail needs a server in the configuration."""
    return ("sms", "email") if config.smtp_url else ("sms",)


def _write_message(config: Config, today: date, slot: str, region: str, parcel: list[Any]) -> None:
    contact, person, title = parcel[0].Contact, parcel[0].Person, parcel[0].title
    told = [Told(row.Notice.title, row.Notice.short, row.Notice.due_on) for row in parcel]
    if contact.channel == "sms":
        subject, body = "", sms_text(told, f"{config.base_url}/pesan")[:SMS_MOST]
    else:
        subject, body = mail_text(queries.full_name(person), title, told, config.base_url, region)
    new = _insert_if_new(
        Message,
        {
            "person_id": person.id, "channel": contact.channel, "day": today, "slot": slot,
            "address": contact.address, "subject_line": subject[:200], "body": body,
            "state": MessageState.WAITING, "created_at": clock.now(),
        },
    )  # fmt: skip
    if not new:
        return  # this slot has its digest; what came later waits for the next
    message_id = db.session.scalar(
        sa.select(Message.id).where(
            Message.person_id == person.id, Message.channel == contact.channel,
            Message.day == today, Message.slot == slot,
        )
    )  # fmt: skip
    db.session.execute(
        sa.insert(MessageNotice),
        [{"message_id": message_id, "notice_id": row.Notice.id} for row in parcel],
    )


def _waiting() -> list[int]:
    """Messages to send: waiting ones, and those whose sender died (once more, then doubtful)."""
    return list(
        db.session.scalars(
            sa.select(Message.id).where(
                sa.or_(
                    Message.state == MessageState.WAITING,
                    sa.and_(Message.state == MessageState.SENDING,
                            Message.lease_until < clock.now()),
                )
            ).order_by(Message.id)
        )
    )  # fmt: skip


def send_message(message_id: int) -> None:
    """Claim one message, write the attempt, send, write the outcome.

    A sender killed between sending and recording leaves a lease that runs out: the message is
    sent once more and marked "mungkin terkirim dua kali", never silently lost.
    """
    now = clock.now()
    claimed = changed_rows(
        sa.update(Message)
        .where(
            Message.id == message_id,
            sa.or_(
                Message.state == MessageState.WAITING,
                sa.and_(Message.state == MessageState.SENDING, Message.lease_until < now),
            ),
        )
        .values(state=MessageState.SENDING, lease_until=now + LEASE)
    )
    if claimed == 0:
        db.session.rollback()
        return
    message = db.session.get_one(Message, message_id, populate_existing=True)
    doubtful = any(a.accepted_at is None and not a.error for a in message.attempts)
    attempt = Attempt(message_id=message.id, n=len(message.attempts) + 1, started_at=now)
    db.session.add(attempt)
    db.session.commit()
    _send(message, attempt, doubtful)


def _send(message: Message, attempt: Attempt, doubtful: bool) -> None:
    config: Config = current_app.config["SELARAS"]
    try:
        attempt.provider_id = channels.send(
            config, message.channel, message.id, message.address, message.subject_line,
            message.body,
        )  # fmt: skip
        attempt.accepted_at = clock.now()
        message.state = MessageState.DOUBTFUL if doubtful else MessageState.SENT
    except channels.ChannelError as error:
        attempt.error = str(error)
        again = attempt.n < TRIES
        message.state = MessageState.WAITING if again else MessageState.FAILED
    message.lease_until = None
    db.session.commit()


def mark_read(person_id: int, notice_id: int, at: datetime) -> Notice | None:
    """The person has opened the notice; None when it is somebody else's."""
    notice = db.session.scalar(
        sa.select(Notice).where(Notice.id == notice_id, Notice.person_id == person_id)
    )
    if notice is not None and notice.read_at is None:
        notice.read_at = at
    return notice
