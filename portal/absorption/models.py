"""What is stored of absorption: the RAK and its versions, the SP2D register, and their sums."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant, JsonText, Rupiah


class RakVersion(Base):
    """The whole cash plan of a unit as somebody set it.

    ``level`` says which of the two: ``opd`` (in force: CashPlan) or ``rinci`` (in force: RakLine;
    ``months`` are their sums, what moved stands in RakChange). Kept so that a target that was
    lowered stays visible: who, when, on which paper. ``note`` is read by Bappeda, BPKAD and the
    Sekda only.
    """

    __tablename__ = "rak_version"
    __table_args__ = (sa.UniqueConstraint("year", "unit_id", "n"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    n: Mapped[int]
    level: Mapped[str] = mapped_column(sa.String(8), default="opd")
    months: Mapped[list[str]] = mapped_column(JsonText)  # 12 amounts as canonical text
    document: Mapped[str] = mapped_column(sa.String(200), default="")  # DPA/DPPA number, letter
    note: Mapped[str] = mapped_column(sa.String(600), default="")
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime] = mapped_column(Instant)


class RakLine(Base):
    """RAK rinci: what a unit plans to spend on one sub kegiatan from one source of money."""

    __tablename__ = "rak_line"
    __table_args__ = (
        sa.UniqueConstraint("year", "unit_id", "sub_code", "fund"),
        sa.Index("ix_rak_line_sub", "year", "sub_code"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    sub_code: Mapped[str] = mapped_column(sa.String(40))  # as text: 1.03.10.2.01.0005
    fund: Mapped[str] = mapped_column(sa.String(60))
    months: Mapped[list[str]] = mapped_column(JsonText)  # 12 amounts as canonical text


class RakChange(Base):
    """What a version of the RAK rinci changed of one row; never changed itself."""

    __tablename__ = "rak_change"
    __table_args__ = (sa.UniqueConstraint("version_id", "sub_code", "fund"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("rak_version.id"), index=True)
    sub_code: Mapped[str] = mapped_column(sa.String(40))
    fund: Mapped[str] = mapped_column(sa.String(60))
    before: Mapped[list[str]] = mapped_column(JsonText)  # 12 amounts, empty: a new row
    after: Mapped[list[str]] = mapped_column(JsonText)  # 12 amounts, empty: taken off


class RakSum(Base):
    """RAK rinci summed by unit, program, source of money and month: what boards read."""

    __tablename__ = "rak_sum"
    __table_args__ = (sa.UniqueConstraint("year", "unit_id", "program", "fund", "month"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    program: Mapped[str] = mapped_column(sa.String(20))  # 1.03.10
    fund: Mapped[str] = mapped_column(sa.String(60))
    month: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(Rupiah)


class Sp2d(Base):
    """A row of the SP2D register; a return (STS, contra-post) is a negative row of its own.

    ``seq`` tells several rows of one number apart (one for each account). A row without a
    contract is belanja non-kontrak.
    """

    __tablename__ = "sp2d"
    __table_args__ = (
        sa.UniqueConstraint("source", "year", "number", "seq"),
        sa.Index("ix_sp2d_unit", "year", "unit_id", "on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(sa.String(20), default="register")
    year: Mapped[int]
    number: Mapped[str] = mapped_column(sa.String(80))
    seq: Mapped[int] = mapped_column(default=1)
    on: Mapped[date]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(sa.String(10), default="")  # LS, UP, GU, TU, STS
    sub_code: Mapped[str] = mapped_column(sa.String(40), default="")  # sub kegiatan, as text
    account: Mapped[str] = mapped_column(sa.String(40), default="")  # kode rekening, as text
    fund: Mapped[str] = mapped_column(sa.String(60), default="")
    about: Mapped[str] = mapped_column(sa.String(300), default="")
    amount: Mapped[Decimal] = mapped_column(Rupiah)
    contract_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contract.id"), index=True)
    run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import_run.id"))


class SpendSum(Base):
    """SP2D summed by unit, program, source of money and month: what boards read."""

    __tablename__ = "spend_sum"
    __table_args__ = (
        sa.UniqueConstraint("year", "unit_id", "program", "fund", "month", "contracted"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    program: Mapped[str] = mapped_column(sa.String(20), default="")  # 1.03.10
    fund: Mapped[str] = mapped_column(sa.String(60), default="")
    month: Mapped[int]
    contracted: Mapped[bool] = mapped_column(default=False)
    amount: Mapped[Decimal] = mapped_column(Rupiah)


class BoardSums(Base):
    """What boards need to know of all contracts, summed; made anew when something changed."""

    __tablename__ = "board_sums"
    key: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    day: Mapped[date]
    mark: Mapped[str] = mapped_column(sa.String(80))
    body: Mapped[dict[str, Any]] = mapped_column(JsonText)
    at: Mapped[datetime] = mapped_column(Instant)
