"""What is stored of SAKIP: the tree, indicators with their years, PK, Rencana Aksi, reviu."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Exact, Instant, JsonText


class KinerjaNode(Base):
    """A node of the pohon kinerja, valid for the years ``since`` to ``until`` (0 = open).

    ``unit_id`` is the PEMDA unit for the upper levels, else the Perangkat Daerah. ``code`` is the
    code of the budget line behind a program, kegiatan or sub kegiatan.
    """

    __tablename__ = "kinerja_node"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("kinerja_node.id"), index=True)
    level: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str] = mapped_column(sa.String(600))
    code: Mapped[str] = mapped_column(sa.String(40), default="")
    position: Mapped[int] = mapped_column(default=0)
    since: Mapped[int]
    until: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class KinerjaIndicator(Base):
    """An indicator of a node: what it means, how it is counted, where its number comes from.

    ``pointer`` names a stored figure (``service:KS1``, ``indicator:1.b.3``, ``element:penduduk``);
    then nobody types its realisasi. ``direction`` is the method of its capaian, ``roll`` how the
    triwulan make the year, ``predicate`` a table of words (opini BPK) or "".
    """

    __tablename__ = "kinerja_indicator"
    id: Mapped[int] = mapped_column(primary_key=True)
    node_id: Mapped[int] = mapped_column(sa.ForeignKey("kinerja_node.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(400))
    iku: Mapped[bool] = mapped_column(default=True)
    satuan: Mapped[str] = mapped_column(sa.String(80), default="")
    places: Mapped[int] = mapped_column(default=2)
    definition: Mapped[str] = mapped_column(sa.Text, default="")
    formula: Mapped[str] = mapped_column(sa.Text, default="")
    direction: Mapped[str] = mapped_column(sa.String(10), default="")
    roll: Mapped[str] = mapped_column(sa.String(10), default="last")
    source: Mapped[str] = mapped_column(sa.String(300), default="")
    holder_unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    pointer: Mapped[str] = mapped_column(sa.String(80), default="")
    predicate: Mapped[str] = mapped_column(sa.String(20), default="")
    final_year: Mapped[int] = mapped_column(default=0)
    final_target: Mapped[Decimal | None] = mapped_column(Exact)
    position: Mapped[int] = mapped_column(default=0)
    since: Mapped[int]
    until: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class KinerjaYear(Base):
    """An indicator in one year: target, realisasi (only where no figure and no triwulan gives it),
    standards to compare with, and the three words of its analysis."""

    __tablename__ = "kinerja_year"
    __table_args__ = (sa.UniqueConstraint("indicator_id", "year"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("kinerja_indicator.id"), index=True)
    year: Mapped[int]
    target: Mapped[Decimal | None] = mapped_column(Exact)
    realised: Mapped[Decimal | None] = mapped_column(Exact)
    provincial: Mapped[Decimal | None] = mapped_column(Exact)
    national: Mapped[Decimal | None] = mapped_column(Exact)
    standard_note: Mapped[str] = mapped_column(sa.String(300), default="")
    support: Mapped[str] = mapped_column(sa.Text, default="")
    obstacle: Mapped[str] = mapped_column(sa.Text, default="")
    effort: Mapped[str] = mapped_column(sa.Text, default="")
    by_label: Mapped[str] = mapped_column(sa.String(200), default="")


class KinerjaQuarter(Base):
    """Rencana Aksi of an indicator in one triwulan: target, realisasi, what hindered, what next."""

    __tablename__ = "kinerja_quarter"
    __table_args__ = (sa.UniqueConstraint("indicator_id", "year", "quarter"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("kinerja_indicator.id"), index=True)
    year: Mapped[int]
    quarter: Mapped[str] = mapped_column(sa.String(3))  # TW1..TW4
    target: Mapped[Decimal | None] = mapped_column(Exact)
    realised: Mapped[Decimal | None] = mapped_column(Exact)
    action: Mapped[str] = mapped_column(sa.Text, default="")  # what will be done
    obstacle: Mapped[str] = mapped_column(sa.Text, default="")
    follow_up: Mapped[str] = mapped_column(sa.Text, default="")
    by_label: Mapped[str] = mapped_column(sa.String(200), default="")


class ActionPlan(Base):
    """The Rencana Aksi of a unit in a year; ``version`` guards against writing over each other."""

    __tablename__ = "action_plan"
    __table_args__ = (sa.UniqueConstraint("unit_id", "year"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    year: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    #: what was handed over: "RENCANA", "TW1".. -> [when, by]
    sent: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)


class Agreement(Base):
    """A Perjanjian Kinerja: a draft while it is prepared, frozen content from Ajukan on.

    ``number`` 0 is the first, 1.. are its perubahan. Parties are jabatan; the names come from who
    holds them on the date of signature. ``content`` holds the rows as they were put forward.
    """

    __tablename__ = "agreement"
    __table_args__ = (
        sa.UniqueConstraint("year", "unit_id", "form", "first_position_id", "number"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    form: Mapped[str] = mapped_column(sa.String(20))  # kepala_daerah | pd | eselon3 | eselon4
    number: Mapped[int] = mapped_column(default=0)
    first_position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"))
    second_position_id: Mapped[int | None] = mapped_column(sa.ForeignKey("position.id"))
    nodes: Mapped[list[int]] = mapped_column(
        JsonText, default=list
    )  # of lower forms: what is chosen
    reason: Mapped[str] = mapped_column(sa.String(500), default="")  # of a perubahan
    state: Mapped[str] = mapped_column(sa.String(20), default="draf")
    content: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
    signed_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.String(500), default="")  # why it was returned
    first_at: Mapped[datetime | None] = mapped_column(Instant)
    first_by: Mapped[str] = mapped_column(sa.String(200), default="")
    second_at: Mapped[datetime | None] = mapped_column(Instant)
    second_by: Mapped[str] = mapped_column(sa.String(200), default="")
    since: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)


class LkjReview(Base):
    """Reviu of a LKjIP by APIP: who, when, with which words; the newest one counts.

    ``print`` is the fingerprint of the numbers that were reviewed.
    """

    __tablename__ = "lkj_review"
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(120))
    on: Mapped[date]
    statement: Mapped[str] = mapped_column(sa.Text)
    checklist: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
    print: Mapped[str] = mapped_column(sa.String(64), default="")
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
