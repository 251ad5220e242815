"""Reads about people and units."""

from __future__ import annotations

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import current_app

from portal import clock
from portal.db import db
from portal.people.models import Person, Position, Role, Term
from portal.people.rules import Actor, Holding

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("no such person")


def person_for_session(person_id: int, epoch: int) -> Person | None:
    """The person of a session, unless disabled or signed out everywhere."""
    person = db.session.get(Person, person_id)
    if person is None or person.disabled_at is not None or person.session_epoch != epoch:
        return None
    return person


def check_password(login: str, password: str) -> Person | None:
    """The person with this login and password, or None after the same time."""
    person = db.session.scalar(sa.select(Person).where(Person.login == login.strip()))
    try:
        _hasher.verify(person.pw_hash if person and person.pw_hash else _NOBODY, password)
    except (Argon2Error, InvalidHashError):
        return None
    return person if person is not None and person.disabled_at is None else None


def actor_of(person_id: int) -> Actor | None:
    """The person with the jabatan held on today's local date."""
    person = db.session.get(Person, person_id)
    if person is None:
        return None
    today = clock.today(current_app.config["SELARAS"].zone)
    rows = db.session.execute(
        sa.select(Term, Position)
        .join(Position, Term.position_id == Position.id)
        .where(
            Term.person_id == person_id,
            Term.valid_from <= today,
            sa.or_(Term.valid_to.is_(None), Term.valid_to >= today),
            Position.active,
        )
        .order_by(Term.valid_from, Term.id)
    ).all()
    holdings = tuple(
        Holding(t.id, p.id, p.unit_id, Role(p.role), p.title, t.sifat) for t, p in rows
    )
    return Actor(person.id, person.name, holdings, holdings[0] if holdings else None)
