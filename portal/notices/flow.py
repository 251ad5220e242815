"""Write what must be told, close what is settled, pack it into messages."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.clock import IsWorkday
from portal.db import db
from portal.notices import due, flow_explain, flow_letters, pack, recipients
from portal.notices.due import Due, chunks
from portal.notices.flow_receipts import sweep_spools
from portal.notices.flow_send import send_message, waiting
from portal.notices.models import Notice
from portal.notices.recipients import People
from portal.notices.sources import sources
from portal.notices.telling import Telling, stream_of, tell, write
from portal.people import workdays
from portal.people.rules import PORTAL
from portal.trail import flow as trail

__all__ = ["Telling", "mark_read", "send_message", "tell", "tick", "write_due"]


def tick() -> list[int]:
    """Insert every notice that should exist and does not, pack messages, return those to send.

    Level-triggered: a doubled or missed tick does no harm. Commits what it wrote.
    """
    zone = current_app.config["SELARAS"].zone
    today = clock.today(zone)
    is_workday = workdays.calendar().is_workday
    people = recipients.on(today)
    write_due(today, is_workday, people)
    db.session.commit()
    sweep_spools()
    pack.pack(today, is_workday, people)
    db.session.commit()
    return waiting()


def write_due(today: date, is_workday: IsWorkday, people: People) -> list[Due]:
    """Close what is settled, then write what is due; returns the notices that are new."""
    close_settled(people)
    fresh = [one for one in due.all_due(today, is_workday, people) if one.new]
    written = [one for one in fresh if _insert(one)]
    acts = {(one.rung.act, one.subject.key): one for one in written if one.rung.act}
    for (act, _), one in acts.items():
        if act == "penjelasan":
            made = flow_explain.open_for(one, today, is_workday)
            _lead_to(one, f"/penjelasan/{made.id}")
        elif act == "naskah":
            _lead_to(one, "/naskah-surat")
    flow_letters.prepare([one for (act, _), one in acts.items() if act == "naskah"], today)
    return written


def _lead_to(one: Due, link: str) -> None:
    """Let the notices of a rung that asks for something open what they ask for."""
    db.session.execute(
        sa.update(Notice)
        .where(Notice.subject == one.subject.key, Notice.cycle == one.subject.cycle,
               Notice.rung == one.rung.key)
        .values(link=link).execution_options(synchronize_session=False)
    )  # fmt: skip


def _insert(one: Due) -> bool:
    subject = one.subject
    return write(
        {
            "subject": subject.key, "cycle": subject.cycle, "rung": one.rung.key,
            "person_id": one.person_id, "position_id": one.position_id, "unit_id": one.unit_id,
            "contract_id": subject.contract_id, "title": one.title, "short": one.short,
            "link": subject.link, "due_on": subject.due_on, "urgent": one.rung.urgent,
        }
    )  # fmt: skip


def close_settled(people: People) -> int:
    """Close open notices whose subject is settled, planned anew, or on another desk.

    Subjects without a source (told by ``tell``) stay open until they are read.
    """
    rows = db.session.execute(
        sa.select(Notice.id, Notice.subject, Notice.cycle, Notice.position_id, Notice.person_id)
        .where(Notice.closed_at.is_(None))
    ).all()  # fmt: skip
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        wanted[row.subject.partition(":")[0]].add(row.subject)
    alive: dict[str, int] = {}
    known = set()
    for source in sources():
        known.add(source.name)
        for some in chunks(wanted.get(source.name, set())):
            alive.update(source.alive(some))
    closing: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.person_id not in people.told(row.position_id):
            closing["pindah"].append(row.id)
        elif row.subject.partition(":")[0] in known and alive.get(row.subject) != row.cycle:
            closing["jadwal" if row.subject in alive else "selesai"].append(row.id)
    for why, found in closing.items():
        _close(found, why)
    return sum(map(len, closing.values()))


def _close(notices: list[int], why: str) -> None:
    for start in range(0, len(notices), 500):
        db.session.execute(
            sa.update(Notice)
            .where(Notice.id.in_(notices[start : start + 500]), Notice.closed_at.is_(None))
            .values(closed_at=clock.now(), closed_why=why)
            .execution_options(synchronize_session=False)
        )


def mark_read(person_id: int, notice_id: int, at: datetime) -> Notice | None:
    """The person has opened the notice; None when it is somebody else's."""
    notice = db.session.scalar(
        sa.select(Notice).where(Notice.id == notice_id, Notice.person_id == person_id)
    )
    if notice is None or notice.read_at is not None:
        return notice
    notice.read_at = at
    if notice.subject.partition(":")[0] not in {source.name for source in sources()}:
        notice.closed_at, notice.closed_why = at, "dibaca"  # nothing else will ever settle it
    db.session.flush()
    if notice.contract_id is not None:
        trail.record(
            stream_of(notice.contract_id), "pemberitahuan dibuka", notice.subject, PORTAL, None,
            {"jenjang": notice.rung, "putaran": notice.cycle, "jabatan": notice.position_id},
        )  # fmt: skip
    return notice
