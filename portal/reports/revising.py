"""The history of an isian: changes of one person within ten minutes are one revision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.db import db
from portal.people.rules import Actor
from portal.reports.models import Entry, Revision

#: Changes of one person within this time are one line of the history.
GROUP = timedelta(minutes=10)

#: (isian, who, target, before, after): how row operations tell the history.
Noted = Callable[[Entry, Actor, str, Any, Any], None]


def note_change(
    entry: Entry, actor: Actor, target: str, before: Any, after: Any, note: str = ""
) -> None:
    """Put a change into the person's present revision of the isian, or begin one."""
    now = clock.now()
    latest = db.session.scalars(
        sa.select(Revision).where(
            Revision.entry_id == entry.id, Revision.person_id == actor.person_id,
            Revision.note == note, Revision.started_at > now - GROUP,
            Revision.started_at >= entry.state_since,
        ).order_by(Revision.n.desc()).limit(1)
    ).first()  # fmt: skip
    if latest is not None and latest.by_label == actor.label:
        delta = dict(latest.delta)
        first = delta[target][0] if target in delta else before
        delta[target] = [first, after]
        latest.delta, latest.ended_at = delta, now
        return
    n = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.max(Revision.n), 0)).where(Revision.entry_id == entry.id)
    )
    db.session.add(Revision(
        entry_id=entry.id, n=(n or 0) + 1, person_id=actor.person_id, by_label=actor.label,
        started_at=now, ended_at=now, delta={target: [before, after]}, note=note,
    ))  # fmt: skip
    db.session.flush()
