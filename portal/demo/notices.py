"""Reminders of the demo: addresses that belong to nobody, and what the last days brought.

The days before the demo's today are lived through, so that the inbox, the register of messages
and the proof of each contract have a history. SMS and e-mail go into folders of the instance.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.db import db
from portal.notices import flow, flow_explain, flow_send, pack, recipients
from portal.notices.models import Explanation
from portal.people import queries, workdays
from portal.people.kinds import Role
from portal.people.models import Contact, Position, Term
from portal.people.rules import PORTAL, Actor

#: Working days lived through before the demo's today.
DAYS = 9
_ROLES = (Role.PPK, Role.PPTK, Role.BENDAHARA, Role.PPK_SKPD, Role.BUD, Role.KEPALA, Role.OPERATOR,
          Role.ADMIN)  # fmt: skip


def load(_db: Any) -> None:
    """Addresses first, then one morning after the other."""
    _addresses()
    zone = current_app.config["SELARAS"].zone
    calendar = workdays.calendar()
    today = queries.today()
    for n in range(DAYS, 0, -1):
        day = calendar.add(today, -n)
        with clock.frozen(datetime.combine(day, time(8, 0), tzinfo=zone).astimezone(UTC)):
            people = recipients.on(day)
            flow.write_due(day, calendar.is_workday, people)
            pack.pack(day, calendar.is_workday, people)
            db.session.commit()
            flow_send.send_waiting()
            if n == 1:
                _explain(people)
    flow.write_due(today, calendar.is_workday, recipients.on(today))


def _addresses() -> None:
    """A number and an e-mail for whoever holds a step or heads an office; none is real."""
    rows = db.session.execute(
        sa.select(Term.person_id).distinct()
        .join(Position, Position.id == Term.position_id)
        .where(Position.role.in_(_ROLES), Term.valid_to.is_(None))
        .order_by(Term.person_id)
    )  # fmt: skip
    for (person_id,) in rows:
        db.session.add(Contact(person_id=person_id, channel="sms",
                               address=f"+6281200{person_id:06d}"))  # fmt: skip
        db.session.add(Contact(person_id=person_id, channel="email",
                               address=f"pejabat{person_id}@contohkab.example"))  # fmt: skip
    db.session.flush()


def _explain(people: recipients.People) -> None:
    """The kepala of one office answers the oldest question."""
    asked = db.session.scalars(
        sa.select(Explanation).where(Explanation.answered_at.is_(None)).order_by(Explanation.id)
    ).first()
    if asked is None:
        return
    head = next(iter(people.told(p) for p in people.head_of(asked.unit_id)), [])
    actor: Actor = queries.actor_of(head[0]) or PORTAL if head else PORTAL
    flow_explain.answer(
        asked, "Berita acara hasil pemeriksaan masih dilengkapi penyedia dan pengawas lapangan.",
        "Pemeriksaan ulang dijadwalkan pekan ini bersama PPTK; berkas diajukan sesudahnya.",
        people.today + timedelta(days=5), actor,
    )  # fmt: skip
