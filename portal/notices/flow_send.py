"""Send each message once: claim, write the attempt, hand it over, write the outcome.

Whoever is killed between the hand-over and its record leaves a lease that runs out: the message
is sent once more and marked "mungkin terkirim dua kali", never silently lost, never silently
doubled.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.config import Config
from portal.db import changed_rows, db
from portal.notices import gateways
from portal.notices import ladder as ladders
from portal.notices.channels.base import CHANNELS, ChannelError, Gateway, Parcel
from portal.notices.models import Attempt, Message, MessageNotice, MessageState, Notice
from portal.notices.rules import GIVE_UP, TRIES_EACH, next_try, sending_open
from portal.notices.telling import insert_if_new, stream_of
from portal.people import queries, workdays
from portal.people.models import Contact
from portal.people.refusal import Refused
from portal.people.rules import PORTAL
from portal.trail import flow as trail

LEASE = timedelta(minutes=2)
#: "Uji kirim" per person and day.
TRIALS = 6
TRIAL = "uji"
#: How long a round may believe what it read of settings and gateways.
SHARED = timedelta(seconds=20)

_OPEN = (MessageState.WAITING, MessageState.SENDING)


def _claimable(now: datetime) -> sa.ColumnElement[bool]:
    """Waiting and its time has come, or its sender died."""
    return sa.or_(
        sa.and_(Message.state == MessageState.WAITING,
                sa.or_(Message.not_before.is_(None), Message.not_before <= now)),
        sa.and_(Message.state == MessageState.SENDING, Message.lease_until < now),
    )  # fmt: skip


def waiting() -> list[int]:
    """Messages that may be sent now; none in quiet hours, except trials."""
    now = clock.now()
    rows = db.session.execute(
        sa.select(Message.id, Message.slot).where(_claimable(now)).order_by(Message.id)
    ).all()
    if not rows:
        return []
    may = _Round()
    return [row.id for row in rows if may.send(row.slot)]


class _Round:
    """What all messages of one round share: the window, the gateways, the cap on money."""

    def __init__(self) -> None:
        config: Config = current_app.config["SELARAS"]
        self.today = clock.today(config.zone)
        self.ladder = ladders.present(self.today)
        local = clock.local(clock.now(), config.zone)
        is_workday = workdays.calendar().is_workday
        on = bool(queries.setting(gateways.SWITCH, self.today, True))
        self.ways = gateways.in_order(self.today)
        self.began = clock.now()
        self._daily = on and sending_open(local, self.ladder.hours, is_workday, False)
        self._urgent = on and sending_open(local, self.ladder.hours, is_workday, True)

    def send(self, slot: str) -> bool:
        if slot.startswith(TRIAL):
            return True
        return self._urgent if slot.startswith("segera") else self._daily


def send_waiting() -> dict[str, int]:
    """Send everything that waits, one after the other; counts by state afterwards."""
    counts: dict[str, int] = {}
    share: _Round | None = None
    for message_id in waiting():
        if share is None or clock.now() - share.began > SHARED:
            share = _Round()
        state = send_message(message_id, share)
        if state:
            counts[state] = counts.get(state, 0) + 1
    return counts


def send_message(message_id: int, share: _Round | None = None) -> str:
    """Claim one message and carry it one attempt further; "" when it is not its turn."""
    now = clock.now()
    claimed = changed_rows(
        sa.update(Message)
        .where(Message.id == message_id, _claimable(now))
        .values(state=MessageState.SENDING, lease_until=now + LEASE)
        .execution_options(synchronize_session=False)
    )
    if claimed == 0:
        db.session.rollback()
        return ""
    message = db.session.get_one(Message, message_id, populate_existing=True)
    share = share or _Round()
    if not share.send(message.slot):
        return _end(message, MessageState.WAITING)
    if _settled(message):
        return _end(message, MessageState.DROPPED)
    return _carry(message, share)


def _settled(message: Message) -> bool:
    """Everything it tells is settled, read, or another desk's by now."""
    if message.slot.startswith(TRIAL):
        return False
    still = sa.exists().where(
        MessageNotice.message_id == message.id, MessageNotice.notice_id == Notice.id,
        Notice.closed_at.is_(None), Notice.read_at.is_(None),
    )  # fmt: skip
    return not db.session.scalar(sa.select(still))


def _end(message: Message, state: MessageState, not_before: datetime | None = None) -> str:
    message.state, message.lease_until, message.not_before = state, None, not_before
    db.session.commit()
    return str(state)


def _carry(message: Message, share: _Round) -> str:
    """One attempt over the gateway whose turn it is."""
    for broken in message.attempts:
        if broken.accepted_at is None and not broken.error:
            broken.error = "pengirim terhenti sebelum hasilnya dicatat"
            message.doubtful = True
    choice = _choose(message, share)
    if choice.gateway is None:
        if not message.attempts or message.attempts[-1].error != choice.reason:
            message.attempts.append(
                Attempt(n=len(message.attempts) + 1, started_at=clock.now(), error=choice.reason)
            )
        _record(message, message.attempts[-1], "pesan gagal")
        return _end(message, MessageState.FAILED)
    attempt = Attempt(
        message_id=message.id, n=len(message.attempts) + 1, gateway=choice.gateway.key,
        started_at=clock.now(), cost=choice.gateway.cost,
    )  # fmt: skip
    message.attempts.append(attempt)
    db.session.commit()
    return _hand_over(message, attempt, choice.gateway)


@dataclass(frozen=True)
class _Choice:
    gateway: Gateway | None
    reason: str = ""


def _choose(message: Message, share: _Round) -> _Choice:
    """The first gateway in the row with tries left and money for it; then round again."""
    ways = [g for g in share.ways if g.channel == message.channel]
    if message.gateway:  # a trial of one gateway, also of one that is switched off
        named = gateways.setup().of(message.gateway)
        ways = [named] if named is not None else []
    if not ways:
        return _Choice(None, "tidak ada saluran yang aktif")
    tries: dict[str, int] = {}
    dead = set()
    for attempt in message.attempts:
        tries[attempt.gateway] = tries.get(attempt.gateway, 0) + 1
        if attempt.failed_at is not None:
            dead.add(attempt.gateway)
    alive = [g for g in ways if g.key not in dead]
    if not alive or clock.now() - message.created_at > GIVE_UP:
        return _Choice(None, "semua saluran menolak" if not alive else "dua hari tidak terkirim")
    used = gateways.spent(share.today) if any(g.cost for g in alive) else Decimal(0)
    payable = [g for g in alive if not g.cost or used + g.cost <= share.ladder.cost_cap]
    if not payable:
        return _Choice(None, "batas biaya bulan ini tercapai")
    for gateway in payable:
        if tries.get(gateway.key, 0) < TRIES_EACH:
            return _Choice(gateway)
    return _Choice(min(payable, key=lambda g: tries[g.key]))


def _hand_over(message: Message, attempt: Attempt, gateway: Gateway) -> str:
    parcel = Parcel(
        message.id, message.person_id, message.address, message.subject_line, message.body,
        message.short, secrets.token_urlsafe(24), message.created_at,
        message.slot.startswith("segera"),
    )  # fmt: skip
    try:
        attempt.provider_id = gateway.send(parcel)
    except ChannelError as error:
        return _failed(message, attempt, error)
    attempt.accepted_at = clock.now()
    _record(message, attempt, "pesan diterima penyedia")
    return _end(message, MessageState.SENT)


def _failed(message: Message, attempt: Attempt, error: ChannelError) -> str:
    """Try again later, or over the next gateway at once when this one will never take it."""
    attempt.error = str(error)[:500]
    if error.maybe:
        message.doubtful = True
    else:
        attempt.cost = Decimal(0)
    if error.final:
        attempt.failed_at = clock.now()
    if message.slot.startswith(TRIAL):
        return _end(message, MessageState.FAILED)
    _record(message, attempt, "pesan ditolak penyedia")
    later = None if error.final else next_try(clock.now(), len(message.attempts))
    return _end(message, MessageState.WAITING, later)


def _record(message: Message, attempt: Attempt, verb: str) -> None:
    """One entry in the chain of every contract that the message speaks of."""
    db.session.flush()
    for contract_id, subjects in contracts_of(message.id).items():
        trail.record(
            stream_of(contract_id), verb, f"message:{message.id}", PORTAL, None,
            facts(message, attempt, subjects),
        )  # fmt: skip


def contracts_of(message_id: int) -> dict[int, list[str]]:
    """The contracts that a message speaks of, with their subjects."""
    rows = db.session.execute(
        sa.select(Notice.contract_id, Notice.subject, Notice.rung)
        .join(MessageNotice, MessageNotice.notice_id == Notice.id)
        .where(MessageNotice.message_id == message_id, Notice.contract_id.is_not(None))
        .order_by(Notice.contract_id, Notice.id)
    )  # fmt: skip
    found: dict[int, list[str]] = {}
    for contract_id, subject, rung in rows:
        if contract_id is not None:
            found.setdefault(contract_id, []).append(f"{subject} {rung}")
    return found


def facts(message: Message, attempt: Attempt, subjects: list[str]) -> dict[str, object]:
    """What is proved of an attempt: no number, no name, the text by its hash."""
    text = message.body + "\n" + message.short
    moments = {"diterima": attempt.accepted_at, "sampai": attempt.delivered_at,
               "dibaca": attempt.read_at}  # fmt: skip
    return {
        "saluran": message.channel, "gateway": attempt.gateway, "percobaan": attempt.n,
        "nomor_penyedia": attempt.provider_id, "perihal": subjects,
        "teks_sha256": hashlib.sha256(text.encode()).hexdigest(), "ragu": message.doubtful,
        "galat": attempt.error,
        **{key: at.isoformat() for key, at in moments.items() if at is not None},
    }  # fmt: skip


def trial(person_id: int, channel: str, gateway: str = "") -> Message:
    """ "Uji kirim ke nomor saya": a message of its own, outside of quiet hours and digests.

    Raises Refused without an address, without a gateway, or after TRIALS of the day.
    """
    config: Config = current_app.config["SELARAS"]
    today = clock.today(config.zone)
    if channel not in CHANNELS:
        raise Refused("Saluran tidak dikenal.")
    address = db.session.scalar(
        sa.select(Contact.address)
        .where(Contact.person_id == person_id, Contact.channel == channel)
    )  # fmt: skip
    if address is None and channel != "push":
        raise Refused(f"{CHANNELS[channel]}: alamat Bapak/Ibu belum diisi. Isi dahulu di bawah.")
    used = db.session.scalar(
        sa.select(sa.func.count(Message.id)).where(
            Message.person_id == person_id, Message.day == today, Message.slot.like(f"{TRIAL}-%")
        )
    ) or 0  # fmt: skip
    if used >= TRIALS:
        raise Refused(f"Uji kirim paling banyak {TRIALS} kali sehari. Coba lagi besok.")
    text = f"SELARAS: uji kirim. Bila pesan ini sampai, saluran ini siap dipakai. {config.base_url}"
    values = {
        "person_id": person_id, "channel": channel, "day": today, "slot": f"{TRIAL}-{used + 1}",
        "address": address or "", "subject_line": "Uji kirim Selaras", "body": text,
        "short": text[:160], "gateway": gateway, "state": MessageState.WAITING, "doubtful": False,
        "seen_by": "", "lease_until": None, "not_before": None, "created_at": clock.now(),
    }  # fmt: skip
    insert_if_new(Message, values)
    return db.session.scalars(
        sa.select(Message).filter_by(person_id=person_id, channel=channel, day=today,
                                     slot=values["slot"])
    ).one()  # fmt: skip
