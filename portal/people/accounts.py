"""Reads and checks of accounts: sessions and passwords."""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from portal.db import db
from portal.people.models import Person

_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """A hash that no password fits, so that an unknown login costs the same time."""
    return _hasher.hash("no such person")


def hash_password(password: str) -> str:
    """The argon2id hash that is stored."""
    return _hasher.hash(password)


def fits(pw_hash: str, password: str) -> bool:
    """True when the password fits this hash."""
    try:
        return _hasher.verify(pw_hash, password)
    except (Argon2Error, InvalidHashError):
        return False


def person_for_session(person_id: int, epoch: int) -> Person | None:
    """The person of a session, unless disabled or signed out everywhere."""
    person = db.session.get(Person, person_id)
    if person is None or person.disabled_at is not None or person.session_epoch != epoch:
        return None
    return person


def verify_password(person: Person | None, password: str) -> bool:
    """True when the password fits; takes the same time for a person who does not exist."""
    try:
        _hasher.verify(person.pw_hash if person and person.pw_hash else _nobody(), password)
    except (Argon2Error, InvalidHashError):
        return False
    return person is not None and bool(person.pw_hash)


def check_password(login: str, password: str) -> Person | None:
    """The person with this login and password, or None after the same time."""
    person = db.session.scalar(sa.select(Person).where(Person.login == normal_login(login)))
    if not verify_password(person, password) or person is None:
        return None
    return person if person.disabled_at is None else None


def normal_login(typed: str) -> str:
    """A NIP typed with blanks or dots (``19800101 200501 1 001``) as its digits; names small."""
    bare = typed.strip()
    digits = "".join(c for c in bare if c not in " .-\u00a0")
    return digits if digits.isdigit() else bare.lower()
