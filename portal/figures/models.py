"""What is stored of figures: the datum, its revisions, its evidence."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Exact, Instant


class Measure(StrEnum):
    """What a value says about its element."""

    REALISASI = "realisasi"
    TARGET = "target"
    PAGU = "pagu"


class Vintage(StrEnum):
    """Nature of a value; printed with the mark of the official statistics."""

    TETAP = "tetap"
    SEMENTARA = "sementara"  # *
    SANGAT_SEMENTARA = "sangat_sementara"  # **
    BELUM_DIAUDIT = "belum_diaudit"
    BELUM_RILIS = "belum_rilis"  # n/a with a reason and an expected date


class Datum(Base):
    """One number of the region: element x unit x period x dimension x measure, typed once."""

    __tablename__ = "datum"
    __table_args__ = (sa.UniqueConstraint("element", "unit_id", "period", "dims", "measure"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    element: Mapped[str] = mapped_column(sa.String(80), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    period: Mapped[str] = mapped_column(sa.String(12), index=True)  # 2025 | 2025-TW1
    dims: Mapped[str] = mapped_column(sa.String(120), default="")  # kecamatan=6401
    measure: Mapped[str] = mapped_column(sa.String(12), default=Measure.REALISASI)
    head: Mapped[int] = mapped_column(default=0)  # n of the newest revision, 0 = none
    revisions: Mapped[list[DatumRev]] = relationship(back_populates="datum", viewonly=True)


class DatumRev(Base):
    """One statement of a datum; never changed, only followed."""

    __tablename__ = "datum_rev"
    __table_args__ = (sa.UniqueConstraint("datum_id", "n"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    datum_id: Mapped[int] = mapped_column(sa.ForeignKey("datum.id"), index=True)
    n: Mapped[int]
    value: Mapped[Decimal | None] = mapped_column(Exact)
    text: Mapped[str | None] = mapped_column(sa.String(200))  # for choices: WTP, Level 3
    raw: Mapped[str | None] = mapped_column(sa.String(120))  # typed but not yet understood
    vintage: Mapped[str] = mapped_column(sa.String(20), default=Vintage.TETAP)
    na_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    expected_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(sa.String(300), default="")
    same_as_last_year: Mapped[str] = mapped_column(sa.String(300), default="")  # why it is equal
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime] = mapped_column(Instant)
    datum: Mapped[Datum] = relationship(back_populates="revisions")


class Evidence(Base):
    """A file that proves a figure or supports an isian; one file may serve many subjects."""

    __tablename__ = "evidence"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(120), index=True)  # indicator:1.b.3:2025
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("blob.sha256"))
    link: Mapped[str] = mapped_column(sa.String(500), default="")  # a tautan, not archived
    name: Mapped[str] = mapped_column(sa.String(200))
    restricted: Mapped[bool] = mapped_column(default=False)  # names of persons inside
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)


class ElementOwner(Base):
    """Who types an element from a date on, instead of the unit that has its duty.

    Written when "Ini bukan data kami" is settled; the newest row that has begun counts.
    """

    __tablename__ = "element_owner"
    id: Mapped[int] = mapped_column(primary_key=True)
    element: Mapped[str] = mapped_column(sa.String(80), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    valid_from: Mapped[date]
    by_label: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime] = mapped_column(Instant)
