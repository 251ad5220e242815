"""Send each message once: claim, write the attempt, hand it over, write the outcome.

Whoever is killed between the hand-over and its record leaves a lease that runs out: the message
is sent once more and marked "mungkin terkirim dua kali", never silently lost, never silently
doubled.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

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
    session = db.session()
    session.expire_on_commit = False  # between claim and record the row is ours: no second look
    try:
        return _claimed(db.session.get_one(Message, message_id, populate_existing=True), share)
    finally:
        session.expire_on_commit = True
        session.expire_all()


def _claimed(message: Message, share: _Round | None) -> str:
    share = share or _Round()
    if not share.send(message.slot):
        return _end(message, MessageState.WAITING)
    told = _told(message.id)
    settled = all(row.closed_at or row.read_at for row in told)
    if settled and not message.slot.startswith(TRIAL):
        return _end(message, MessageState.DROPPED)  # everything it tells is over by now
    return _Carrying(message, share, _by_contract(told)).go()


def _told(message_id: int) -> Sequence[Any]:
    """What a message tells: subject, rung, contract, and whether it is over."""
    return db.session.execute(
        sa.select(Notice.contract_id, Notice.subject, Notice.rung, Notice.closed_at,
                  Notice.read_at)
        .join(MessageNotice, MessageNotice.notice_id == Notice.id)
        .where(MessageNotice.message_id == message_id)
        .order_by(Notice.contract_id, Notice.id)
    ).all()  # fmt: skip


def _by_contract(told: Sequence[Any]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in told:
        if row.contract_id is not None:
            found.setdefault(row.contract_id, []).append(f"{row.subject} {row.rung}")
    return found


def contracts_of(message_id: int) -> dict[int, list[str]]:
    """The contracts that a message speaks of, with their subjects."""
    return _by_contract(_told(message_id))


@dataclass(frozen=True)
class _Choice:
    gateway: Gateway | None
    reason: str = ""


@dataclass(frozen=True)
class _Carrying:
    """One message that this process has claimed, and one attempt of it."""

    message: Message
    share: _Round
    contracts: dict[int, list[str]]

    def go(self) -> str:
        """One attempt over the gateway whose turn it is; the message's state afterwards."""
        message = self.message
        for broken in message.attempts:
            if broken.accepted_at is None and not broken.error:
                broken.error = "pengirim terhenti sebelum hasilnya dicatat"
                message.doubtful = True
        choice = self._choose()
        attempt = Attempt(n=len(message.attempts) + 1, started_at=clock.now(), gateway="",
                          error=choice.reason, cost=Decimal(0))  # fmt: skip
        message.attempts.append(attempt)
        if choice.gateway is None:
            self._record(attempt, "pesan gagal")
            return _end(message, MessageState.FAILED)
        attempt.gateway, attempt.cost = choice.gateway.key, choice.gateway.cost
        db.session.commit()
        return self._hand_over(attempt, choice.gateway)

    def _choose(self) -> _Choice:
        """The first gateway in the row with tries left and money for it; then round again."""
        message, share = self.message, self.share
        ways = [g for g in share.ways if g.channel == message.channel]
        if message.gateway:  # a trial of one gateway, also of one that is switched off
            named = gateways.setup().of(message.gateway)
            ways = [named] if named is not None else []
        if not ways:
            return _Choice(None, "tidak ada saluran yang aktif")
        tries = Counter(attempt.gateway for attempt in message.attempts)
        dead = {attempt.gateway for attempt in message.attempts if attempt.failed_at is not None}
        alive = [g for g in ways if g.key not in dead]
        if not alive:
            return _Choice(None, "semua saluran menolak")
        if clock.now() - message.created_at > GIVE_UP:
            return _Choice(None, "dua hari tidak terkirim")
        used = gateways.spent(share.today) if any(g.cost for g in alive) else Decimal(0)
        payable = [g for g in alive if not g.cost or used + g.cost <= share.ladder.cost_cap]
        if not payable:
            return _Choice(None, "batas biaya bulan ini tercapai")
        fresh = next((g for g in payable if tries[g.key] < TRIES_EACH), None)
        return _Choice(fresh or min(payable, key=lambda g: tries[g.key]))

    def _hand_over(self, attempt: Attempt, gateway: Gateway) -> str:
        message = self.message
        parcel = Parcel(
            message.id, message.person_id, message.address, message.subject_line, message.body,
            message.short, secrets.token_urlsafe(24), message.created_at,
            message.slot.startswith("segera"),
        )  # fmt: skip
        try:
            attempt.provider_id = gateway.send(parcel)
        except ChannelError as error:
            return self._failed(attempt, error)
        attempt.accepted_at = clock.now()
        self._record(attempt, "pesan diterima penyedia")
        return _end(message, MessageState.SENT)

    def _failed(self, attempt: Attempt, error: ChannelError) -> str:
        """Try again later, or over the next gateway at once when this one will never take it."""
        message = self.message
        attempt.error = str(error)[:500]
        if error.maybe:
            message.doubtful = True
        else:
            attempt.cost = Decimal(0)
        if error.final:
            attempt.failed_at = clock.now()
        if message.slot.startswith(TRIAL):
            return _end(message, MessageState.FAILED)
        self._record(attempt, "pesan ditolak penyedia")
        later = None if error.final else next_try(clock.now(), len(message.attempts))
        return _end(message, MessageState.WAITING, later)

    def _record(self, attempt: Attempt, verb: str) -> None:
        """One entry in the chain of every contract that the message speaks of."""
        for contract_id, subjects in self.contracts.items():
            trail.record(
                stream_of(contract_id), verb, f"message:{self.message.id}", PORTAL, None,
                facts(self.message, attempt, subjects),
            )  # fmt: skip


def _end(message: Message, state: MessageState, not_before: datetime | None = None) -> str:
    message.state, message.lease_until, message.not_before = state, None, not_before
    db.session.commit()
    return str(state)


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
