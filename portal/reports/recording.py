"""Write to the trail while others write to the same stream."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.people.rules import Actor
from portal.trail import flow as trail
from portal.trail.models import TrailEntry

TRIES = 8


def record(
    stream: str, verb: str, subject: str, actor: Actor, before: Any = None, after: Any = None
) -> TrailEntry:
    """``trail.flow.record``, tried again when another writer took the next number first.

    The savepoint keeps the rest of the transaction; PostgreSQL lets the second writer wait until
    the first has committed, so a second try sees the new head.
    """
    for attempt in range(TRIES):
        try:
            with db.session.begin_nested():
                return trail.record(stream, verb, subject, actor, before, after)
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")
