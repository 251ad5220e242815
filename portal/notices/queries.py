"""Reads of the inbox, of what was sent, of what was asked; the proof is in proof.py."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.clock import IsWorkday
from portal.db import db
from portal.notices import absence, gateways, recipients, rules
from portal.notices import ladder as ladders
from portal.notices.channels.base import CHANNELS
from portal.notices.due import chunks
from portal.notices.models import (
    Attempt,
    Explanation,
    LetterDraft,
    Message,
    Notice,
    PushSubscription,
)
from portal.notices.proof import Proof, proof
from portal.people import queries
from portal.people.kinds import SEKDA_UNIT, Role
from portal.people.models import Contact, Unit
from portal.people.rules import Actor

__all__ = ["Proof", "inbox", "proof", "unread"]

STATE_WORDS = {
    "waiting": "Menunggu",
    "sending": "Sedang dikirim",
    "sent": "Terkirim ke penyedia layanan",
    "delivered": "Sampai",
    "read": "Dibaca",
    "failed": "Gagal",
    "dropped": "Tidak jadi dikirim, sudah selesai",
}
DOUBT = "Mungkin terkirim dua kali"
WHY_WORDS = {"selesai": "Selesai", "jadwal": "Jadwal disesuaikan",
             "pindah": "Berpindah ke pejabat lain", "dibaca": "Sudah dibaca"}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A notice as the inbox shows it."""

    notice: Notice
    label: str
    words: str  # of a closed one: why


def inbox(person_id: int, most: int = 60) -> tuple[list[Shown], list[Shown]]:
    """What still waits (nearest limit first, the newest rung of each thing), and what is over."""
    ladder = ladders.present(queries.today())
    rows = db.session.scalars(
        sa.select(Notice).where(Notice.person_id == person_id, Notice.closed_at.is_(None))
        .order_by(Notice.at.desc(), Notice.id.desc())
    )  # fmt: skip
    newest: dict[str, Notice] = {}
    for notice in rows:
        newest.setdefault(notice.subject, notice)
    far = date.max
    waiting = sorted(newest.values(), key=lambda n: (n.due_on or far, -n.id))
    over = db.session.scalars(
        sa.select(Notice).where(Notice.person_id == person_id, Notice.closed_at.is_not(None))
        .order_by(Notice.closed_at.desc(), Notice.id.desc()).limit(most)
    )  # fmt: skip
    return (
        [Shown(n, _label(ladder, n), "") for n in waiting],
        [Shown(n, _label(ladder, n), WHY_WORDS.get(n.closed_why, "Selesai")) for n in over],
    )


def _label(ladder: ladders.Ladder, notice: Notice) -> str:
    return "Jawaban" if notice.rung == "jawaban" else ladder.label(notice.subject, notice.rung)


def unread(person_id: int) -> int:
    """How many open notices the person has not opened."""
    return db.session.scalar(
        sa.select(sa.func.count(Notice.id)).where(
            Notice.person_id == person_id, Notice.read_at.is_(None), Notice.closed_at.is_(None)
        )
    ) or 0  # fmt: skip


def waiting(person_id: int) -> int:
    """How many things still wait for the person, as the inbox counts them."""
    return db.session.scalar(
        sa.select(sa.func.count(sa.distinct(Notice.subject))).where(
            Notice.person_id == person_id, Notice.closed_at.is_(None)
        )
    ) or 0  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """One message with the outcome of its last attempt."""

    message: Message
    word: str
    error: str
    attempts: int
    channel: str


def sent_messages(most: int = 50, doubtful: bool = False) -> list[Sent]:
    """The register of messages for the admin, newest first: two queries.

    ``doubtful``: only those that may have gone out twice and that nobody has looked at.
    """
    query = sa.select(Message).order_by(Message.id.desc()).limit(most)
    if doubtful:
        query = query.where(Message.doubtful, Message.seen_by == "")
    messages = list(db.session.scalars(query))
    attempts: dict[int, list[Attempt]] = {}
    for attempt in db.session.scalars(
        sa.select(Attempt)
        .where(Attempt.message_id.in_([m.id for m in messages]))
        .order_by(Attempt.n)
    ):
        attempts.setdefault(attempt.message_id, []).append(attempt)
    labels = {g.key: g.label for g in gateways.setup().gateways}
    return [
        Sent(m, STATE_WORDS[m.state], tries[-1].error if tries else "", len(tries),
             labels.get(tries[-1].gateway, "") if tries else CHANNELS.get(m.channel, m.channel))
        for m in messages
        for tries in (attempts.get(m.id, []),)
    ]  # fmt: skip


def counts(days: int = 7) -> dict[str, int]:
    """Messages of the last days by state: one query."""
    since = clock.now() - timedelta(days=days)
    rows = db.session.execute(
        sa.select(Message.state, sa.func.count(Message.id))
        .where(Message.created_at >= since)
        .group_by(Message.state)
    )
    found = {str(row[0]): int(row[1]) for row in rows}
    return {state: found[state] for state in STATE_WORDS if state in found}


def trials(person_id: int) -> list[Sent]:
    """The person's own "uji kirim" of today, newest first."""
    today = queries.today()
    return [
        one for one in _of_person(person_id, today)
        if one.message.slot.startswith("uji")
    ]  # fmt: skip


def _of_person(person_id: int, day: date) -> list[Sent]:
    messages = db.session.scalars(
        sa.select(Message).where(Message.person_id == person_id, Message.day == day)
        .order_by(Message.id.desc())
    )  # fmt: skip
    labels = {g.key: g.label for g in gateways.setup().gateways}
    return [
        Sent(m, STATE_WORDS[m.state], m.attempts[-1].error if m.attempts else "", len(m.attempts),
             labels.get(m.attempts[-1].gateway if m.attempts else m.gateway, "")
             or CHANNELS.get(m.channel, m.channel))
        for m in messages
    ]  # fmt: skip


def own_ways(person_id: int) -> dict[str, str]:
    """The person's addresses by channel; push: how many browsers."""
    rows = db.session.execute(
        sa.select(Contact.channel, Contact.address).where(Contact.person_id == person_id)
    )
    found = {channel: address for channel, address in rows}
    browsers = db.session.scalar(
        sa.select(sa.func.count(PushSubscription.id))
        .where(PushSubscription.person_id == person_id)
    )  # fmt: skip
    if browsers:
        found["push"] = f"{browsers} peramban"
    return found


#: Rungs that tell the holder and his kepala of a step past its limit, or past its plan.
TOLD = {"lewat": "lewat", "kepala": "kepala", "rencana": "lewat", "rencana-kepala": "kepala"}


def may_appear_above(keys: Collection[str], today: date, is_workday: IsWorkday) -> set[str]:
    """Which of these late subjects a board above the own Perangkat Daerah may show as late.

    Notice and two hari kerja of tanggapan are over, and the kepala heard a working day ago.
    """
    zone = current_app.config["SELARAS"].zone
    days = ladders.present(today).response_days
    told: dict[str, dict[str, date]] = {}
    seats: dict[str, set[int]] = {}
    for some in chunks(keys):
        rows = db.session.execute(
            sa.select(Notice.subject, Notice.rung, Notice.position_id, sa.func.min(Notice.at))
            .where(Notice.subject.in_(some), Notice.rung.in_(TOLD))
            .group_by(Notice.subject, Notice.rung, Notice.position_id)
        )  # fmt: skip
        for subject, rung, seat, at in rows:
            day, when = clock.local(at, zone).date(), told.setdefault(subject, {})
            when[TOLD[rung]] = min(day, when.get(TOLD[rung], day))
            if TOLD[rung] == "lewat" and seat is not None:
                seats.setdefault(subject, set()).add(seat)
    began = [when["lewat"] for when in told.values() if "lewat" in when]
    known = absence.load({p for s in seats.values() for p in s}, min(began, default=today), today)
    return {
        key for key, when in told.items()
        if rules.above_open(when, today, days, is_workday,
                            known.counted(seats.get(key, ()), is_workday))
    }  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """An explanation with its unit's name and whether the actor answers it."""

    row: Explanation
    unit: str
    mine: bool


def _leads(actor: Actor) -> bool:
    """Pimpinan and the Sekda see every question."""
    today = queries.today()
    people = recipients.on(today)
    sekda = set(people.sekda())
    return Role.PIMPINAN in actor.roles or any(h.position_id in sekda for h in actor.holdings)


def leads(actor: Actor) -> bool:
    """Whether the actor may ask for explanations and decide on letters."""
    return _leads(actor)


def seat_leads(actor: Actor) -> bool:
    """Whether the acting jabatan is that of the Sekda: one query, for the menu of each page."""
    return Role.KEPALA in actor.roles and bool(db.session.scalar(
        sa.select(Unit.id).where(Unit.code == SEKDA_UNIT, Unit.id == actor.unit_id)
    ))  # fmt: skip


def explanations_for(actor: Actor, most: int = 100) -> list[Asked]:
    """Questions that the actor asked, answers, or may see; open ones first."""
    query = sa.select(Explanation).order_by(
        Explanation.answered_at.is_not(None), Explanation.answer_by, Explanation.id.desc()
    )
    if not _leads(actor):
        query = query.where(_visible(actor))
    return _asked(actor, list(db.session.scalars(query.limit(most))))


def explanation_for(actor: Actor, explanation_id: int) -> Asked | None:
    """One question; None when it is foreign to the actor."""
    query = sa.select(Explanation).where(Explanation.id == explanation_id)
    if not _leads(actor):
        query = query.where(_visible(actor))
    found = _asked(actor, list(db.session.scalars(query)))
    return found[0] if found else None


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.or_(
        Explanation.unit_id.in_(_answers_for(actor)),
        sa.and_(Explanation.asked_person_id == actor.person_id,
                Explanation.asked_person_id.is_not(None)),
    )  # fmt: skip


def _answers_for(actor: Actor) -> set[int]:
    """Units for which the actor answers: his own, and those below it without a kepala."""
    mine = actor.units(Role.KEPALA, Role.VERIFIKATOR)
    if not mine:
        return set()
    people = recipients.on(queries.today())
    held = {h.position_id for h in actor.holdings}
    below = {unit for unit in people.parents if held & set(people.head_of(unit))}
    return set(mine) | below


def _asked(actor: Actor, rows: list[Explanation]) -> list[Asked]:
    names = recipients.on(queries.today()).names if rows else {}
    answers = _answers_for(actor) if rows else set()
    return [Asked(row, names.get(row.unit_id, ""), row.unit_id in answers) for row in rows]


def letters() -> list[tuple[LetterDraft, str]]:
    """Naskah surat, those that wait for the decision first, with the unit's name."""
    names = recipients.on(queries.today()).names
    rows = db.session.scalars(
        sa.select(LetterDraft)
        .order_by(LetterDraft.decided_at.is_not(None), LetterDraft.id.desc())
        .limit(100)
    )
    return [(row, names.get(row.unit_id, "")) for row in rows]
