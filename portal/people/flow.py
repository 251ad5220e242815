"""Verbs of people, jabatan and terms of office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.db import db
from portal.people import accounts, queries, terms
from portal.people.kinds import Role, Sifat
from portal.people.models import Person, Position, Term, Unit
from portal.people.nip import read_nip
from portal.people.refusal import Refused
from portal.people.rules import Actor
from portal.people.terms import Span
from portal.trail import flow as trail


@dataclass(frozen=True)
class PersonData:
    """What the form of a person holds."""

    name: str
    nip: str = ""
    login: str = ""  # only for those without a NIP
    gelar_depan: str = ""
    gelar_belakang: str = ""
    pangkat: str = ""
    golongan: str = ""


def save_person(person: Person | None, data: PersonData, actor: Actor) -> Person:
    """Add or change a person; a NIP or login that another has is refused with the name."""
    clean = _clean_person(person, data)
    before = _person_facts(person) if person else None
    if person is None:
        person = Person(must_change_password=True, **clean)
        db.session.add(person)
    else:
        for key, value in clean.items():
            setattr(person, key, value)
    db.session.flush()
    after = _person_facts(person)
    if after != before:
        verb = "person.change" if before else "person.add"
        trail.record(f"person:{person.id}", verb, f"person:{person.id}", actor, before, after)
    return person


def _clean_person(person: Person | None, data: PersonData) -> dict[str, Any]:
    name = " ".join(data.name.split())
    if not 2 <= len(name) <= 120:
        raise Refused("Isi nama lengkap tanpa gelar. Contoh: Siti Aminah.", "name")
    nip, login = None, data.login.strip().lower()
    if data.nip.strip():
        read = read_nip(data.nip, queries.today())
        if read.error:
            raise Refused(read.error, "nip")
        nip = login = read.digits
    elif not 4 <= len(login) <= 60 or login.isdigit() or not login.isascii():
        raise Refused("Isi NIP 18 angka. Bila tidak ber-NIP (misalnya kepala daerah), isi nama "
                      "masuk 4-60 huruf. Contoh: bupati.", "nip")  # fmt: skip
    other = db.session.scalar(sa.select(Person).where(
        Person.login == login, Person.id != (person.id if person else 0)))  # fmt: skip
    if other is not None:
        raise Refused(f"NIP atau nama masuk ini sudah dipakai {other.name}. Cari dahulu nama itu "
                      "pada daftar Pejabat & Akun.", "nip")  # fmt: skip
    return {
        "name": name, "nip": nip, "login": login,
        "gelar_depan": data.gelar_depan.strip()[:40],
        "gelar_belakang": data.gelar_belakang.strip().lstrip(",").strip()[:60],
        "pangkat": data.pangkat.strip()[:60], "golongan": data.golongan.strip()[:10],
    }  # fmt: skip


def _person_facts(person: Person) -> dict[str, str]:
    return {
        "nip": person.nip or "", "login": person.login, "name": queries.full_name(person),
        "pangkat": person.pangkat, "golongan": person.golongan,
    }  # fmt: skip


def save_position(
    position: Position | None, unit: Unit, role: str, title: str, actor: Actor
) -> Position:
    """Add a jabatan to a unit, or change its role and title."""
    title = " ".join(title.split())
    if role not in set(Role):
        raise Refused("Pilih peran jabatan dari daftar.", "role")
    if not 3 <= len(title) <= 200:
        raise Refused("Isi nama jabatan. Contoh: Kepala Dinas Kesehatan.", "title")
    before = {"role": position.role, "title": position.title} if position else None
    if position is None:
        rank = db.session.scalar(
            sa.select(sa.func.count()).select_from(Position)
            .where(Position.unit_id == unit.id, Position.role == role)
        )  # fmt: skip
        position = Position(unit_id=unit.id, role=role, title=title, rank=rank or 0)
        db.session.add(position)
    else:
        position.role, position.title = role, title
    db.session.flush()
    trail.record(f"unit:{unit.id}", "position.save", f"position:{position.id}", actor, before,
                 {"role": role, "title": title})  # fmt: skip
    return position


def set_position_active(position: Position, active: bool, actor: Actor) -> None:
    """Let a jabatan rest, or be filled again; one that is held is refused with the holder's name.

    Its history, and the work that lies on it, stay as they are.
    """
    if not active:
        holder = db.session.scalar(
            sa.select(Person.name).join(Term, Term.person_id == Person.id).where(
                Term.position_id == position.id,
                sa.or_(Term.valid_to.is_(None), Term.valid_to >= queries.today()),
            )
        )  # fmt: skip
        if holder is not None:
            raise Refused(f"Jabatan {position.title} masih dipegang {holder}. Akhiri dahulu masa "
                          "jabatannya, lalu nonaktifkan jabatan ini.", "title")  # fmt: skip
    if position.active == active:
        return
    position.active = active
    db.session.flush()
    trail.record(f"unit:{position.unit_id}", "position.active", f"position:{position.id}", actor,
                 {"active": not active}, {"active": active, "title": position.title})  # fmt: skip


@dataclass(frozen=True)
class TermData:
    """What the form of a term holds."""

    start: date
    end: date | None = None
    sifat: str = Sifat.DEFINITIF
    sk_no: str = ""


def spans(position_id: int) -> list[Span]:
    """The terms of a jabatan, as the rules want them."""
    rows = db.session.execute(
        sa.select(Term, Person).join(Person, Term.person_id == Person.id)
        .where(Term.position_id == position_id).order_by(Term.valid_from)
    )  # fmt: skip
    return [Span(t.valid_from, t.valid_to, t.sifat, p.name, t.id) for t, p in rows]


def save_term(
    term: Term | None, position: Position, person: Person, data: TermData, actor: Actor
) -> Term:
    """Let a person hold a jabatan from a date on, or correct a term; overlaps are refused."""
    if data.sifat not in set(Sifat):
        raise Refused("Pilih sifat jabatan: definitif, Plt., Plh., atau Pj.", "sifat")
    span = Span(data.start, data.end, data.sifat, person.name, term.id if term else None)
    fault = terms.fault(span, spans(position.id))
    if fault:
        raise Refused(fault, "start")
    before = _term_facts(term) if term else None
    if term is None:
        term = Term(position_id=position.id, person_id=person.id)
        db.session.add(term)
    term.valid_from, term.valid_to = data.start, data.end
    term.sifat, term.sk_no = data.sifat, data.sk_no.strip()[:120]
    db.session.flush()
    trail.record(f"unit:{position.unit_id}", "term.change" if before else "term.add",
                 f"position:{position.id}", actor, before, _term_facts(term))  # fmt: skip
    return term


def end_term(term: Term, on: date, actor: Actor) -> None:
    """Let ``on`` be the last day of a term; work stays with the jabatan."""
    if on < term.valid_from:
        raise Refused("Hari terakhir lebih awal daripada tanggal mulai.", "end")
    before = _term_facts(term)
    term.valid_to = on
    db.session.flush()
    trail.record(f"unit:{term.position.unit_id}", "term.end", f"position:{term.position_id}",
                 actor, before, _term_facts(term))  # fmt: skip


def _term_facts(term: Term) -> dict[str, Any]:
    return {
        "person": term.person_id, "sifat": term.sifat, "from": term.valid_from.isoformat(),
        "to": term.valid_to.isoformat() if term.valid_to else None, "sk": term.sk_no,
    }  # fmt: skip


def person_by_login(typed: str) -> Person:
    """The person with this NIP or login; Refused with a sentence when there is none."""
    login = accounts.normal_login(typed)
    person = db.session.scalar(sa.select(Person).where(Person.login == login))
    if person is None:
        raise Refused(f"Tidak ada orang dengan NIP “{typed.strip()}”. Tambahkan dahulu di Pejabat "
                      "& Akun, atau impor dari SIMPEG.", "nip")  # fmt: skip
    return person
