"""Perangkat Daerah and people: what is stored."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Instant, JsonText
from portal.people.kinds import Module, Role, Sifat, UnitKind

__all__ = [
    "Contact", "Duty", "Leave", "LoginDelay", "Module", "Person", "Position", "Role", "Setting",
    "Sifat", "Term", "Unit", "UnitKind", "UnitSuccession", "UnitVersion", "Wave", "WaveUnit",
    "WorkDay",
]  # fmt: skip


class Unit(Base):
    """Identity of a Perangkat Daerah; what changes over time is in UnitVersion."""

    __tablename__ = "unit"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    versions: Mapped[list[UnitVersion]] = relationship(
        back_populates="unit",
        foreign_keys="UnitVersion.unit_id",
        order_by="UnitVersion.valid_from",
    )


class UnitVersion(Base):
    """Name, kind and parent of a unit from a date on (``valid_to`` exclusive, None = open)."""

    __tablename__ = "unit_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    name: Mapped[str] = mapped_column(sa.String(200))
    short_name: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[str] = mapped_column(sa.String(20))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    position: Mapped[int] = mapped_column(default=0)
    basis: Mapped[str] = mapped_column(sa.String(200), default="")
    unit: Mapped[Unit] = relationship(back_populates="versions", foreign_keys=[unit_id])


class UnitSuccession(Base):
    """A unit merged into, split from or renamed to another on a date."""

    __tablename__ = "unit_succession"
    __table_args__ = (sa.UniqueConstraint("old_id", "new_id", "on"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    old_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    new_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    on: Mapped[date]
    basis: Mapped[str] = mapped_column(sa.String(200), default="")


class Person(Base):
    """A human being with an account. ``login`` is the NIP, or a name for those without one."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(sa.String(60), unique=True)
    nip: Mapped[str | None] = mapped_column(sa.String(18), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    gelar_depan: Mapped[str] = mapped_column(sa.String(40), default="")
    gelar_belakang: Mapped[str] = mapped_column(sa.String(60), default="")
    pangkat: Mapped[str] = mapped_column(sa.String(60), default="")
    golongan: Mapped[str] = mapped_column(sa.String(10), default="")
    pw_hash: Mapped[str] = mapped_column(sa.String(200), default="")
    must_change_password: Mapped[bool] = mapped_column(default=True)
    session_epoch: Mapped[int] = mapped_column(default=1)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    last_login_at: Mapped[datetime | None] = mapped_column(Instant)


class Contact(Base):
    """A phone number or e-mail address, given for reminders only (UU 27/2022)."""

    __tablename__ = "contact"
    __table_args__ = (sa.UniqueConstraint("person_id", "channel"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    channel: Mapped[str] = mapped_column(sa.String(20))  # sms | email
    address: Mapped[str] = mapped_column(sa.String(200))
    verified_at: Mapped[datetime | None] = mapped_column(Instant)


class Position(Base):
    """A jabatan: work belongs to it, whoever holds it."""

    __tablename__ = "position"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str] = mapped_column(sa.String(200))  # Kepala Dinas Kesehatan
    rank: Mapped[int] = mapped_column(default=0)  # order among jabatan of one role in one unit
    active: Mapped[bool] = mapped_column(default=True)
    unit: Mapped[Unit] = relationship()


class Term(Base):
    """A person holds a jabatan from a date to a date (``valid_to`` inclusive, None = open)."""

    __tablename__ = "term"
    id: Mapped[int] = mapped_column(primary_key=True)
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    sifat: Mapped[str] = mapped_column(sa.String(12), default=Sifat.DEFINITIF)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    sk_no: Mapped[str] = mapped_column(sa.String(120), default="")
    position: Mapped[Position] = relationship()
    person: Mapped[Person] = relationship()


class Leave(Base):
    """A person's cuti (``last_on`` inclusive): reminders wait, or go to the Plh."""

    __tablename__ = "leave"
    __table_args__ = (sa.UniqueConstraint("person_id", "first_on"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date] = mapped_column(index=True)
    basis: Mapped[str] = mapped_column(sa.String(200), default="")  # surat izin cuti


class Duty(Base):
    """Which unit answers for a duty that outlines name (``bappeda``, ``urusan.kesehatan``).

    One unit is ``main``, others support. This is where a region differs from the next.
    """

    __tablename__ = "duty"
    __table_args__ = (sa.UniqueConstraint("key", "unit_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(60), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    main: Mapped[bool] = mapped_column(default=True)


class Wave(Base):
    """A tahap of the roll-out of one module."""

    __tablename__ = "wave"
    id: Mapped[int] = mapped_column(primary_key=True)
    module: Mapped[str] = mapped_column(sa.String(20), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    opens_on: Mapped[date]
    closes_on: Mapped[date | None]


class WaveUnit(Base):
    """A unit belongs to a tahap from a date; the newest row counts, older ones stay."""

    __tablename__ = "wave_unit"
    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(sa.ForeignKey("wave.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    since: Mapped[date]


class Setting(Base):
    """A value of the region from a date on, with its basis (identity, papers, limits)."""

    __tablename__ = "setting"
    __table_args__ = (sa.UniqueConstraint("key", "valid_from"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(80), index=True)
    valid_from: Mapped[date]
    value: Mapped[Any] = mapped_column(JsonText)
    basis: Mapped[str] = mapped_column(sa.String(200), default="")


class WorkDay(Base):
    """A local exception of the work calendar: a holiday, or a day that is worked after all."""

    __tablename__ = "work_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))  # libur | kerja
    name: Mapped[str] = mapped_column(sa.String(120))


class LoginDelay(Base):
    """Failed sign-ins of one typed name; the name itself is not kept, only its hash."""

    __tablename__ = "login_delay"
    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(Instant)
