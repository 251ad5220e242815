"""What is stored of the budget: lines of the program tree, accounts, cash plans, imports."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Exact, Instant, JsonText, Rupiah


class BudgetLine(Base):
    """Program, kegiatan or sub kegiatan of one unit in one year; the level is in its code.

    Money of a line that has lines below it is their sum and is not stored. ``heads`` tells of each
    field who wrote it last: field -> [revision, who, when, typed but not understood].
    """

    __tablename__ = "budget_line"
    __table_args__ = (sa.UniqueConstraint("year", "unit_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    nomenclature: Mapped[str] = mapped_column(sa.String(60), default="")
    kode: Mapped[str] = mapped_column("code", sa.String(40))  # text: 1.02.02.2.02.0001
    uraian: Mapped[str] = mapped_column("title", sa.String(600), default="")
    indikator: Mapped[str] = mapped_column(sa.Text, default="")
    satuan: Mapped[str] = mapped_column(sa.String(80), default="")
    target: Mapped[Decimal | None] = mapped_column(Exact)
    capaian: Mapped[Decimal | None] = mapped_column(Exact)
    murni: Mapped[Decimal | None] = mapped_column(Rupiah)
    pagu: Mapped[Decimal | None] = mapped_column(Rupiah)  # after the change of the APBD
    realisasi: Mapped[Decimal | None] = mapped_column(Rupiah)
    spm: Mapped[str] = mapped_column(sa.String(40), default="")  # key of the SPM service
    masalah: Mapped[str] = mapped_column(sa.Text, default="")
    upaya: Mapped[str] = mapped_column(sa.Text, default="")
    tindak_lanjut: Mapped[str] = mapped_column(sa.Text, default="")
    heads: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)


class BudgetPeriod(Base):
    """Realisasi and capaian of a line in one triwulan; the year is their sum and last value."""

    __tablename__ = "budget_period"
    __table_args__ = (sa.UniqueConstraint("line_id", "period"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("budget_line.id"), index=True)
    period: Mapped[str] = mapped_column(sa.String(12))  # TW1..TW4
    realisasi: Mapped[Decimal | None] = mapped_column(Rupiah)
    capaian: Mapped[Decimal | None] = mapped_column(Exact)


class BudgetFund(Base):
    """The part of a line that one source of money pays (PAD, DAU, DAK Fisik, ...)."""

    __tablename__ = "budget_fund"
    __table_args__ = (sa.UniqueConstraint("line_id", "fund"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("budget_line.id"), index=True)
    fund: Mapped[str] = mapped_column(sa.String(60))
    pagu: Mapped[Decimal | None] = mapped_column(Rupiah)


class AccountLine(Base):
    """An account of the APBD of a unit (the region: its PEMDA unit) in one year."""

    __tablename__ = "account_line"
    __table_args__ = (sa.UniqueConstraint("year", "unit_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    kode: Mapped[str] = mapped_column("code", sa.String(40))  # text: 4.1.01
    uraian: Mapped[str] = mapped_column("title", sa.String(600), default="")
    sebelum: Mapped[Decimal | None] = mapped_column(Rupiah)
    setelah: Mapped[Decimal | None] = mapped_column(Rupiah)
    realisasi: Mapped[Decimal | None] = mapped_column(Rupiah)
    heads: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)


class CashPlan(Base):
    """Anggaran kas: what a unit plans to spend and has spent in one month."""

    __tablename__ = "cash_plan"
    __table_args__ = (sa.UniqueConstraint("year", "unit_id", "month"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    month: Mapped[int]  # 1..12
    rencana: Mapped[Decimal | None] = mapped_column(Rupiah)
    realisasi: Mapped[Decimal | None] = mapped_column(Rupiah)


class BudgetRev(Base):
    """One change of one field; never changed, only followed."""

    __tablename__ = "budget_rev"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(60), index=True)  # line:12 | account:7 | cash:3
    field: Mapped[str] = mapped_column(sa.String(40))
    n: Mapped[int]
    before: Mapped[str] = mapped_column(sa.Text, default="")
    after: Mapped[str] = mapped_column(sa.Text, default="")
    run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import_run.id"))
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime] = mapped_column(Instant)


class ImportMapping(Base):
    """Which column of a source means what, remembered by the words of its heading."""

    __tablename__ = "import_mapping"
    __table_args__ = (sa.UniqueConstraint("target", "mark"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(sa.String(20))
    mark: Mapped[str] = mapped_column(sa.String(64))  # SHA-256 of the heading's words
    label: Mapped[str] = mapped_column(sa.String(120), default="")
    columns: Mapped[dict[str, Any]] = mapped_column(JsonText)
    by_label: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime] = mapped_column(Instant)


class ImportRun(Base):
    """One file that was applied: whose, when, and what it did."""

    __tablename__ = "import_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(sa.String(20))
    year: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime] = mapped_column(Instant)
