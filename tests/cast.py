"""A small cast of people and units, known by name, for the tests of every room.

``cast`` lays down a few Perangkat Daerah with duties and one person per jabatan; ``sign_in``
puts one of them into a client without paying for argon2; ``token`` and ``post`` send forms as a
browser would, with the CSRF token of the session.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask, current_app, g
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from portal.db import db
from portal.people import accounts, queries
from portal.people.models import Duty, Person, Position, Setting, Term, Unit, UnitVersion
from portal.people.rules import Actor, UnitInfo

PASSWORD = "sandi-untuk-tes-2026"
SINCE = date(2021, 1, 4)

#: code, name, short name, kind, parent
UNITS = (
    ("PEMDA", "Pemerintah Kabupaten Contoh", "Pemkab Contoh", "pemda", None),
    ("SETDA", "Sekretariat Daerah", "Setda", "sekretariat", "PEMDA"),
    ("BAG-TAPEM", "Bagian Tata Pemerintahan", "Bagian Tapem", "bagian", "SETDA"),
    ("BAG-ORG", "Bagian Organisasi", "Bagian Organisasi", "bagian", "SETDA"),
    ("INSPEKTORAT", "Inspektorat Daerah", "Inspektorat", "inspektorat", "PEMDA"),
    ("DISDIK", "Dinas Pendidikan dan Kebudayaan", "Disdik", "dinas", "PEMDA"),
    ("DINKES", "Dinas Kesehatan", "Dinkes", "dinas", "PEMDA"),
    ("DPUPR", "Dinas Pekerjaan Umum dan Penataan Ruang", "DPUPR", "dinas", "PEMDA"),
    ("DISDUKCAPIL", "Dinas Kependudukan dan Pencatatan Sipil", "Disdukcapil", "dinas", "PEMDA"),
    ("DISKOMINFOTIK", "Dinas Komunikasi, Informatika, dan Statistik", "Diskominfotik", "dinas",
     "PEMDA"),
    ("DISTAN", "Dinas Pertanian", "Distan", "dinas", "PEMDA"),
    ("BAPPEDA", "Badan Perencanaan Pembangunan Daerah", "Bappeda", "badan", "PEMDA"),
    ("BPKAD", "Badan Pengelolaan Keuangan dan Aset Daerah", "BPKAD", "badan", "PEMDA"),
    ("KEC-01", "Kecamatan Contoh Kota", "Kec. Contoh Kota", "kecamatan", "PEMDA"),
    ("KEC-02", "Kecamatan Contoh Utara", "Kec. Contoh Utara", "kecamatan", "PEMDA"),
    ("KEL-01", "Kelurahan Pasar", "Kel. Pasar", "kelurahan", "KEC-01"),
    ("PKM-01", "Puskesmas Contoh Kota", "Puskesmas Contoh Kota", "upt", "DINKES"),
)  # fmt: skip

DUTIES = {
    "sekretariat_lppd": "BAG-TAPEM", "sekretariat_spm": "BAG-TAPEM",
    "sekretariat_lkpj": "BAPPEDA", "sekretariat_sakip": "BAG-ORG",
    "tapem": "BAG-TAPEM", "organisasi": "BAG-ORG", "bappeda": "BAPPEDA", "bpkad": "BPKAD",
    "inspektorat": "INSPEKTORAT", "adminduk": "DISDUKCAPIL", "urusan_adminduk": "DISDUKCAPIL",
    "urusan_pendidikan": "DISDIK", "urusan_kebudayaan": "DISDIK", "urusan_kesehatan": "DINKES",
    "urusan_pupr": "DPUPR", "urusan_kominfo": "DISKOMINFOTIK",
    "urusan_statistik": "DISKOMINFOTIK", "urusan_pertanian": "DISTAN",
    "penunjang_keuangan": "BPKAD",
}  # fmt: skip

#: key, name, unit, role, title; the key is the name tests use
PEOPLE = (
    ("operator_dinkes", "Rina Wulandari", "DINKES", "operator", "Operator Dinas Kesehatan"),
    ("operator_dinkes_2", "Joko Prasetyo", "DINKES", "operator", "Operator II Dinas Kesehatan"),
    ("verifikator_dinkes", "Hadi Susilo", "DINKES", "verifikator", "Sekretaris Dinas Kesehatan"),
    ("kepala_dinkes", "Siti Aminah", "DINKES", "kepala", "Kepala Dinas Kesehatan"),
    ("operator_distan", "Budi Hartono", "DISTAN", "operator", "Operator Dinas Pertanian"),
    ("kepala_distan", "Agus Salim", "DISTAN", "kepala", "Kepala Dinas Pertanian"),
    ("operator_tapem", "Dewi Lestari", "BAG-TAPEM", "operator", "Operator Bagian Tapem"),
    ("apip", "Made Wirawan", "INSPEKTORAT", "apip", "Auditor Ahli Muda"),
    ("inspektur", "Yusuf Rahman", "INSPEKTORAT", "kepala", "Inspektur Daerah"),
    ("sekretariat", "Lina Marlina", "BAG-TAPEM", "sekretariat", "Sekretariat LPPD"),
    ("sekretariat_lkpj", "Eko Nugroho", "BAPPEDA", "sekretariat", "Sekretariat LKPJ"),
    ("sekretariat_sakip", "Tri Utami", "BAG-ORG", "sekretariat", "Sekretariat SAKIP"),
    ("pimpinan", "Ahmad Fauzi", "PEMDA", "pimpinan", "Bupati Contoh"),
    ("sekda", "Bambang Wijaya", "SETDA", "kepala", "Sekretaris Daerah"),
    ("admin", "Fitri Handayani", "DISKOMINFOTIK", "admin", "Admin Selaras"),
    ("camat", "Rudi Gunawan", "KEC-01", "kepala", "Camat Contoh Kota"),
    ("operator_kelurahan", "Nur Hayati", "KEL-01", "operator", "Operator Kelurahan Pasar"),
    ("ppk", "Andi Saputra", "DPUPR", "ppk", "PPK Bidang Bina Marga"),
    ("pptk", "Wati Suryani", "DPUPR", "pptk", "PPTK Bidang Bina Marga"),
    ("bendahara", "Sri Rahayu", "DPUPR", "bendahara", "Bendahara Pengeluaran DPUPR"),
    ("ppk_skpd", "Indah Permata", "DPUPR", "ppk_skpd", "PPK-SKPD DPUPR"),
    ("bud", "Hendra Kusuma", "BPKAD", "bud", "Kuasa BUD"),
    ("ukpbj", "Rahmat Hidayat", "SETDA", "ukpbj", "Pokja Pemilihan"),
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """One of the cast, as plain values."""

    key: str
    person_id: int
    term_id: int
    unit_id: int
    role: str
    name: str
    login: str


@dataclass(frozen=True)
class Cast:
    """Units by code and people by key: ``cast.units["DINKES"]``, ``cast.operator_dinkes``."""

    units: dict[str, int]
    people: dict[str, Member]

    def __getattr__(self, key: str) -> Member:
        try:
            return self.people[key]
        except KeyError:
            raise AttributeError(key) from None

    def actor(self, key: str) -> Actor:
        """The Actor of one of the cast, today."""
        actor = queries.actor_of(self.people[key].person_id)
        assert actor is not None
        return actor

    def info(self, code: str) -> UnitInfo:
        """UnitInfo of a unit, today."""
        unit = queries.unit_info(self.units[code], queries.today())
        assert unit is not None
        return unit


_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def _cheap_hash() -> str:
    return _CHEAP.hash(PASSWORD)


def _lay(rows: Iterable[Any]) -> None:
    """Add rows in one statement, in their order; they know their numbers afterwards."""
    db.session.add_all(rows)
    db.session.flush()


def _person(number: int, name: str) -> Person:
    nip = f"19800101200501{1 if number % 2 else 2}{number:03d}"
    return Person(login=nip, nip=nip, name=name, pw_hash=_cheap_hash(),
                  must_change_password=False)  # fmt: skip


def make_cast() -> Cast:
    """Lay the cast down in the present database and commit it."""
    units = {code: Unit(code=code) for code, *_ in UNITS}
    _lay(units.values())
    for position, (code, name, short, kind, parent) in enumerate(UNITS):
        db.session.add(UnitVersion(
            unit_id=units[code].id, valid_from=SINCE, name=name, short_name=short, kind=kind,
            parent_id=units[parent].id if parent else None, position=position,
        ))  # fmt: skip
    db.session.add_all(Duty(key=key, unit_id=units[code].id) for key, code in DUTIES.items())
    db.session.add_all(
        Setting(key=key, valid_from=SINCE, value=value)
        for key, value in {"nama": "Contoh", "jenis": "Kabupaten", "provinsi": "Contoh",
                           "ibu_kota": "Contoh", "kepala_daerah": "Bupati"}.items()
    )  # fmt: skip
    persons = [_person(n, name) for n, (_, name, *_) in enumerate(PEOPLE, 1)]
    positions = [Position(unit_id=units[code].id, role=role, title=title)
                 for _, _, code, role, title in PEOPLE]  # fmt: skip
    _lay(persons)
    _lay(positions)
    terms = [Term(position_id=position.id, person_id=person.id, valid_from=SINCE)
             for person, position in zip(persons, positions, strict=True)]  # fmt: skip
    _lay(terms)
    people = {
        key: Member(key, person.id, term.id, units[code].id, role, name, person.login)
        for (key, name, code, role, _), person, term in zip(PEOPLE, persons, terms, strict=True)
    }
    db.session.commit()
    return Cast({code: unit.id for code, unit in units.items()}, people)


@pytest.fixture
def cast(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The cast in the database of this test; passwords cost nothing to check."""
    monkeypatch.setattr(accounts, "_hasher", _CHEAP)
    monkeypatch.setattr(accounts, "_nobody", _cheap_hash)
    return make_cast()


def sign_in(client: FlaskClient, member: Member) -> FlaskClient:
    """Put ``member`` into the client's session, as after a login."""
    epoch = db.session.scalar(sa.select(Person.session_epoch).where(Person.id == member.person_id))
    g.pop("_login_user", None)  # the tests' app context outlives a request, and its memory too
    with client.session_transaction() as session:
        session.clear()
        session["_user_id"] = f"{member.person_id}:{epoch}"
        session["_fresh"] = True
        session["csrf_token"] = "token-of-the-tests"
        session.permanent = True
    return client


def token(client: FlaskClient) -> str:
    """The CSRF token of the client's session, made when it has none."""
    with client.session_transaction() as session:
        raw = session.setdefault("csrf_token", "token-of-the-tests")
    return str(
        URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw)
    )


def post(client: FlaskClient, url: str, data: dict[str, Any] | None = None,
         **more: Any) -> TestResponse:  # fmt: skip
    """POST a form with the CSRF token, as the page's own form would."""
    return client.post(url, data={**(data or {}), "csrf_token": token(client)}, **more)
