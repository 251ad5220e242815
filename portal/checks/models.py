"""What is stored of checks: exceptions, isian to look at again, figures that change hands."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant, JsonText


class CheckException(Base):
    """Dikecualikan dengan alasan: one note with these very values is let pass, by a person.

    ``print`` holds places and values: when a value changes, the note is open again.
    """

    __tablename__ = "check_exception"
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    note_id: Mapped[str] = mapped_column(sa.String(16), index=True)
    print: Mapped[str] = mapped_column(sa.String(16))
    rule: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(300))
    sentence: Mapped[str] = mapped_column(sa.Text)
    basis: Mapped[str] = mapped_column(sa.String(300), default="")
    places: Mapped[Any] = mapped_column(JsonText, default=list)  # [[label, value], ...]
    reason: Mapped[str] = mapped_column(sa.Text)
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by: Mapped[str] = mapped_column(sa.String(200), default="")


class FigureRef(Base):
    """An isian that was verified with a figure which changed afterwards: perlu ditinjau ulang.

    ``seen_rev`` is the revision of the figure with which the isian was verified; ``before`` and
    ``after`` are what it read then and reads now. Settled when somebody confirms the isian.
    """

    __tablename__ = "figure_ref"
    __table_args__ = (sa.Index("ix_figure_ref_open", "entry_id", "settled_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    ref: Mapped[str] = mapped_column(sa.String(120))  # datum:<element>:<period> | formula:<key>
    title: Mapped[str] = mapped_column(sa.String(300))
    seen_rev: Mapped[int] = mapped_column(default=0)
    before: Mapped[str] = mapped_column(sa.String(300), default="")
    after: Mapped[str] = mapped_column(sa.String(300), default="")
    by_label: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_by: Mapped[str] = mapped_column(sa.String(200), default="")


class FormulaSeen(Base):
    """The formula of an indicator as the portal knew it last; a change marks its isian."""

    __tablename__ = "formula_seen"
    indicator: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    formula: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime] = mapped_column(Instant)


class HandoverState(StrEnum):
    """Where "Ini bukan data kami" stands."""

    DIAJUKAN = "diajukan"  # asked; the receiving OPD is to answer
    DISETUJUI = "disetujui"  # the receiving OPD consents; the sekretariat is to settle
    DITOLAK = "ditolak"  # by the receiving OPD
    DITETAPKAN = "ditetapkan"  # settled: the owner changes from a date
    TIDAK_DITETAPKAN = "tidak_ditetapkan"  # the sekretariat leaves it where it is
    DIBATALKAN = "dibatalkan"  # taken back by who asked


class Handover(Base):
    """Ini bukan data kami: elements or an isian that another Perangkat Daerah should own."""

    __tablename__ = "handover"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(120), index=True)  # indicator:1.b.3 | entry:12
    title: Mapped[str] = mapped_column(sa.String(300))
    elements: Mapped[Any] = mapped_column(JsonText, default=list)
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("entry.id"))
    from_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    to_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.String(20), default=HandoverState.DIAJUKAN)
    asked_by: Mapped[str] = mapped_column(sa.String(200))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by: Mapped[str] = mapped_column(sa.String(200), default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    decision: Mapped[str] = mapped_column(sa.Text, default="")
    decided_by: Mapped[str] = mapped_column(sa.String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    valid_from: Mapped[date | None]
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
