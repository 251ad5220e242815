"""Verbs of accounts: sign in, passwords, phone number, open and close an account."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal import clock
from portal.db import db
from portal.people import accounts, passwords
from portal.people.models import Contact, LoginDelay, Person
from portal.people.refusal import Refused
from portal.people.rules import Actor
from portal.trail import flow as trail

#: What is said to whoever typed a wrong pair; the same for a login that does not exist.
WRONG = "NIP atau kata sandi tidak sesuai. Periksa 18 angka NIP dan huruf besar-kecil kata sandi."


class TooEarly(Refused):
    """The account's waiting time after wrong passwords is not over; ``left`` says how long."""

    def __init__(self, left: timedelta) -> None:
        super().__init__(
            f"Terlalu banyak percobaan untuk NIP ini. Tunggu {passwords.waiting_words(left)}, "
            "lalu coba lagi."
        )
        self.left = left


def sign_in(login: str, password: str) -> Person:
    """The person who may enter; raises Refused (wrong pair) or TooEarly. Writes the attempt.

    The caller commits in either case: a refused attempt has to be remembered as well.
    """
    now = clock.now()
    key = _delay_key(login)
    delay = db.session.get(LoginDelay, key)
    if delay is not None:
        until = passwords.wait_until(delay.failures, delay.last_at)
        if now < until:
            raise TooEarly(until - now)
    person = accounts.check_password(login, password[: passwords.LONGEST])
    if person is None:
        _count_failure(key, now)
        raise Refused(WRONG)
    if delay is not None:
        db.session.delete(delay)
    person.last_login_at = now
    return person


def _delay_key(login: str) -> str:
    return hashlib.sha256(accounts.normal_login(login).encode()).hexdigest()


def _count_failure(key: str, now: datetime) -> None:
    """One UPDATE first, so that two wrong attempts at once both count."""
    stale = now - timedelta(days=1)
    db.session.execute(sa.delete(LoginDelay).where(LoginDelay.last_at < stale))
    raised = db.session.connection().execute(
        sa.update(LoginDelay).where(LoginDelay.key == key)
        .values(failures=LoginDelay.failures + 1, last_at=now)
    )  # fmt: skip
    if raised.rowcount == 0:
        db.session.add(LoginDelay(key=key, failures=1, last_at=now))
        db.session.flush()


def change_password(person: Person, old: str, new: str, again: str, actor: Actor) -> None:
    """Replace the password; all other sessions of the person end."""
    if not accounts.verify_password(person, old):
        raise Refused("Kata sandi lama tidak sesuai. Ketik kata sandi yang dipakai saat masuk "
                      "tadi.", "sandi_lama")  # fmt: skip
    _replace(person, new, again, actor, "account.password")


def first_password(person: Person, new: str, again: str, actor: Actor) -> None:
    """Replace the printed initial password at the first sign-in."""
    if not person.must_change_password:
        raise Refused("Kata sandi sudah pernah diganti. Ubah lewat halaman Akun.")
    if accounts.verify_password(person, new):
        raise Refused("Kata sandi baru harus berbeda dengan kata sandi pada slip.", "sandi_baru")
    _replace(person, new, again, actor, "account.first_password")


def _replace(person: Person, new: str, again: str, actor: Actor, verb: str) -> None:
    fault = passwords.fault(new, again, person.login, person.name)
    if fault:
        raise Refused(fault, "sandi_baru")
    person.pw_hash = accounts.hash_password(new)
    person.must_change_password = False
    person.session_epoch += 1
    db.session.flush()
    trail.record(f"person:{person.id}", verb, f"person:{person.id}", actor)


def reset_password(person: Person, actor: Actor) -> str:
    """A new initial password for the slip; it is returned once and kept only as a hash."""
    if person.disabled_at is not None:
        raise Refused(f"Akun {person.name} sedang ditutup. Buka dahulu akunnya.")
    password = passwords.initial_password()
    person.pw_hash = accounts.hash_password(password)
    person.must_change_password = True
    person.session_epoch += 1
    db.session.execute(sa.delete(LoginDelay).where(LoginDelay.key == _delay_key(person.login)))
    db.session.flush()
    trail.record(f"person:{person.id}", "account.reset", f"person:{person.id}", actor)
    return password


def set_open(person: Person, is_open: bool, actor: Actor) -> None:
    """Close an account (its sessions end) or open it again; terms and work stay as they are."""
    if is_open == (person.disabled_at is None):
        return
    if not is_open and person.id == actor.person_id:
        raise Refused("Akun sendiri tidak dapat ditutup. Minta admin lain melakukannya.")
    person.disabled_at = None if is_open else clock.now()
    person.session_epoch += 1
    db.session.flush()
    verb = "account.open" if is_open else "account.close"
    trail.record(f"person:{person.id}", verb, f"person:{person.id}", actor)


def save_phone(person: Person, typed: str, actor: Actor) -> None:
    """Keep, change or (empty) withdraw the phone number for reminders.

    UU 27/2022: given for reminders of the office only, may be refused; the record says that it
    changed, not which number it is.
    """
    number = read_phone(typed)
    contact = db.session.scalar(
        sa.select(Contact).where(Contact.person_id == person.id, Contact.channel == "sms")
    )
    if (contact.address if contact else "") == number:
        return
    if not number and contact is not None:
        db.session.delete(contact)
    elif contact is not None:
        contact.address, contact.verified_at = number, None
    else:
        db.session.add(Contact(person_id=person.id, channel="sms", address=number))
    db.session.flush()
    trail.record(f"person:{person.id}", "account.phone", f"person:{person.id}", actor,
                 None, {"given": bool(number)})  # fmt: skip


def read_phone(typed: str) -> str:
    """An Indonesian mobile number as ``+628...``; "" stays ""; else Refused with an example."""
    bare = re.sub(r"[\s.\-()]", "", typed)
    if not bare:
        return ""
    found = re.fullmatch(r"(?:\+?62|0)(8\d{7,11})", bare)
    if found is None:
        raise Refused(f"Nomor HP “{typed.strip()}” tidak dapat dibaca. Contoh: 0812 3456 7890. "
                      "Boleh dikosongkan.", "hp")  # fmt: skip
    return f"+62{found[1]}"
