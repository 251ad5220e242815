"""What officials record about a format: its official wordings and its comparison with the law."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant


class Wording(Base):
    """An official wording that the format does not know; the newest row of a key counts."""

    __tablename__ = "wording"
    __table_args__ = (sa.Index("ix_wording_place", "kind", "edition", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    edition: Mapped[str] = mapped_column(sa.String(60))
    key: Mapped[str] = mapped_column(sa.String(120))  # indicator:1.a.1.K3, part:keluaran_lain
    text: Mapped[str] = mapped_column(sa.String(600))
    basis: Mapped[str] = mapped_column(sa.String(300))
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)


class ComparisonRecord(Base):
    """A named official has compared a format with the regulation's annex.

    It holds for the outline that was compared (``outline_sha``): a changed file is uncompared
    again. A record is withdrawn with a reason, never deleted.
    """

    __tablename__ = "comparison_record"
    __table_args__ = (sa.Index("ix_comparison_record_place", "kind", "edition"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    edition: Mapped[str] = mapped_column(sa.String(60))
    outline_sha: Mapped[str] = mapped_column(sa.String(64))
    compared_by: Mapped[str] = mapped_column(sa.String(200))  # name and jabatan of the official
    on: Mapped[date]
    against: Mapped[str] = mapped_column(sa.String(300))  # dengan naskah apa
    note: Mapped[str] = mapped_column(sa.Text, default="")
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by: Mapped[str] = mapped_column(sa.String(200), default="")
    withdrawn_why: Mapped[str] = mapped_column(sa.String(300), default="")
