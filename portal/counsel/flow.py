"""Writers of accesses from outside; callers commit."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal import clock, store
from portal.contracts.flow import Refused
from portal.contracts.models import Contract
from portal.counsel import queries, rules
from portal.counsel.models import Assistance, AssistanceContract, IssuedPack
from portal.db import changed_rows, db
from portal.people import accounts
from portal.people.queries import today
from portal.people.rules import Actor, Role
from portal.trail import flow as trail


@dataclass(frozen=True)
class Guest:
    """Who reads from outside, as the record names him: an office, never a person."""

    label: str
    term_id: int | None = None


@dataclass(frozen=True)
class NewAssistance:
    """What is asked for."""

    kind: str
    recipient: str
    letter_no: str
    letter_on: date
    signatory: str
    purpose: str
    from_on: date
    until_on: date


def guest(access: Assistance) -> Guest:
    """``Pendamping (Kejaksaan Negeri Contoh, surat B-12/2026)``."""
    return Guest(f"Pendamping ({access.recipient}, surat {access.letter_no})"[:200])


def _told(access: Assistance, verb: str, actor: trail.Acting, after: object = None) -> None:
    """Record an act with the access and with each of its contracts."""
    trail.record(f"assistance:{access.id}", verb, f"assistance:{access.id}", actor, None, after)
    for row in access.contracts:
        trail.record(f"contract:{row.contract_id}", verb, f"assistance:{access.id}", actor, None,
                     after)  # fmt: skip


def ask(new: NewAssistance, contracts: Sequence[Contract], actor: Actor) -> Assistance:
    """Enter a letter that asks for pendampingan or data; opens nothing yet."""
    lacking = {"Penerima": new.recipient, "Nomor surat": new.letter_no,
               "Penanda tangan surat": new.signatory, "Tujuan": new.purpose}  # fmt: skip
    for label, value in lacking.items():
        if not value.strip():
            raise Refused(f"{label} wajib diisi.")
    if new.kind not in rules.KINDS:
        raise Refused("Pilih pendampingan atau permintaan data.")
    if problem := rules.trouble(new.from_on, new.until_on, new.letter_on, today()):
        raise Refused(problem)
    same = sa.select(Assistance).where(
        Assistance.unit_id == contracts[0].unit_id, Assistance.kind == new.kind,
        Assistance.letter_no == new.letter_no.strip(), Assistance.withdrawn_at.is_(None),
    )  # fmt: skip
    if db.session.scalar(same):
        raise Refused(f"Surat nomor {new.letter_no.strip()} sudah dicatat. Buka daftarnya.")
    row = Assistance(
        unit_id=contracts[0].unit_id, kind=new.kind, recipient=new.recipient.strip()[:160],
        letter_no=new.letter_no.strip()[:120], letter_on=new.letter_on,
        signatory=new.signatory.strip()[:160], purpose=new.purpose.strip()[:500],
        from_on=new.from_on, until_on=new.until_on, made_by=actor.label,
        made_at=clock.now(),
    )  # fmt: skip
    row.contracts = [AssistanceContract(contract_id=c.id) for c in contracts]
    db.session.add(row)
    db.session.flush()
    _told(row, f"{new.kind} dicatat", actor, {
        "surat": row.letter_no, "tanggal": row.letter_on.isoformat(), "penerima": row.recipient,
        "dari": row.from_on.isoformat(), "sampai": row.until_on.isoformat()})  # fmt: skip
    return row


def approve(access: Assistance, actor: Actor) -> None:
    """The Pengguna Anggaran (kepala of the unit) agrees; a second click changes nothing."""
    if access.unit_id not in actor.units(Role.KEPALA):
        raise PermissionError
    _claim(access, Assistance.approved_at, "approved", f"{access.kind} disetujui PA", actor)


def know(access: Assistance, actor: Actor) -> None:
    """The Inspektur records that he knows of it."""
    if not queries.is_inspektur(actor):
        raise PermissionError
    _claim(access, Assistance.known_at, "known", f"{access.kind} diketahui Inspektur", actor)


def withdraw(access: Assistance, actor: Actor) -> None:
    """The PA or the Inspektur ends it before its term."""
    if access.unit_id not in actor.units(Role.KEPALA) and not queries.is_inspektur(actor):
        raise PermissionError
    _claim(access, Assistance.withdrawn_at, "withdrawn", f"{access.kind} dicabut", actor)


def _claim(access: Assistance, column: sa.orm.InstrumentedAttribute[object], name: str,
           verb: str, actor: Actor) -> None:  # fmt: skip
    changed = changed_rows(
        sa.update(Assistance).where(Assistance.id == access.id, column.is_(None))
        .values({f"{name}_at": clock.now(), f"{name}_by": actor.label})
    )  # fmt: skip
    db.session.refresh(access)
    if changed:
        _told(access, verb, actor)


def make_link(access: Assistance, actor: Actor) -> tuple[str, str]:
    """A new secret for the address, and a password to be told by another way; the old one dies."""
    if access.kind != "pendampingan" or not rules.is_open(access, today()):
        raise Refused("Tautan dibuat setelah disetujui PA, diketahui Inspektur, dan pada masanya.")
    secret = secrets.token_urlsafe(32)
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    password = "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))
    access.secret_sha256 = hashlib.sha256(secret.encode()).hexdigest()
    access.pw_hash, access.wrong = accounts.hash_password(password), 0
    _told(access, "tautan pendampingan dibuat", actor)
    return secret, password


def enter(access: Assistance, password: str) -> bool:
    """Whether the password fits; every try is recorded, too many kill the link."""
    fits = accounts.fits(access.pw_hash, password)
    if not fits:
        access.wrong += 1
    _told(access, "pendamping masuk" if fits else "sandi pendamping salah", guest(access))
    return fits


def seen(access: Assistance, contract_id: int, what: str) -> None:
    """A look of the guest at a contract or a file."""
    trail.record(f"contract:{contract_id}", f"pendamping membuka {what}",
                 f"assistance:{access.id}", guest(access), None, None)  # fmt: skip


def issue(access: Assistance, contract: Contract, data: bytes, n: int, name: str,
          actor: Actor) -> IssuedPack:  # fmt: skip
    """Enter a pack into the register."""
    sha = store.put(data, "application/pdf").sha256
    row = IssuedPack(assistance_id=access.id, contract_id=contract.id, year=today().year, n=n,
                     sha256=sha, name=name, by=actor.label, at=clock.now())  # fmt: skip
    db.session.add(row)
    db.session.flush()
    _told(access, "paket diterbitkan", actor, {"nomor": row.number, "sha256": sha})
    return row


def next_number() -> int:
    """The next number of the register of this year."""
    last = db.session.scalar(
        sa.select(sa.func.max(IssuedPack.n)).where(IssuedPack.year == today().year)
    )
    return (last or 0) + 1
