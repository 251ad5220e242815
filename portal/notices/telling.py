"""One notice: its row, unique, and its entry in the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.db import Base, db
from portal.notices import recipients
from portal.notices.models import Notice
from portal.people import queries
from portal.people.rules import PORTAL
from portal.trail import flow as trail


def insert_if_new(model: type[Base], values: Mapping[str, object]) -> bool:
    """INSERT ... ON CONFLICT DO NOTHING; True when the row is new.

    Asked by RETURNING: psycopg tells no count of rows for an insert that returns its key.
    """
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    key = list(sa.inspect(model).primary_key)
    done = insert(model).values(**values).on_conflict_do_nothing().returning(*key)
    return db.session.execute(done).first() is not None


def stream_of(contract_id: int) -> str:
    """The chain in the record that keeps the proof of notice of one contract."""
    return f"notice:contract:{contract_id}"


def write(values: dict[str, object]) -> bool:
    """One notice with its entry in the contract's chain; False when it is there already."""
    values = {**values, "at": clock.now(), "read_at": None, "closed_at": None, "closed_why": ""}
    if not insert_if_new(Notice, values):
        return False
    contract_id, limit = values["contract_id"], values["due_on"]
    if isinstance(contract_id, int):
        trail.record(
            stream_of(contract_id), "pemberitahuan dibuat", str(values["subject"]), PORTAL, None,
            {"jenjang": values["rung"], "putaran": values["cycle"], "isi": values["title"],
             "jabatan": values["position_id"],
             "batas": limit.isoformat() if isinstance(limit, date) else None},
        )  # fmt: skip
    return True


@dataclass(frozen=True)
class Telling:
    """A notice that somebody's act causes at once (a file came back, a question was asked)."""

    subject: str
    cycle: int
    rung: str
    position_id: int
    title: str
    short: str
    link: str
    due_on: date | None = None
    contract_id: int | None = None
    unit_id: int | None = None
    urgent: bool = False


def tell(one: Telling) -> int:
    """Tell whoever holds a jabatan today; returns how many persons are told anew. Flushes."""
    people = recipients.on(queries.today())
    new = 0
    for person in people.told(one.position_id):
        new += write(
            {
                "subject": one.subject, "cycle": one.cycle, "rung": one.rung, "person_id": person,
                "position_id": one.position_id,
                "unit_id": one.unit_id or people.unit_of.get(one.position_id),
                "contract_id": one.contract_id, "title": one.title[:300],
                "short": one.short[:160], "link": one.link, "due_on": one.due_on,
                "urgent": one.urgent,
            }
        )  # fmt: skip
    return new
