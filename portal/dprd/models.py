"""Rekomendasi DPRD on last year's LKPJ and what Perangkat Daerah did with them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant


class Recommendation(Base):
    """One recommendation; ``year`` is the data year of the LKPJ that tells of its follow-up."""

    __tablename__ = "recommendation"
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    position: Mapped[int] = mapped_column(default=0)
    decision_no: Mapped[str] = mapped_column(sa.String(120), default="")  # Keputusan DPRD
    decision_on: Mapped[date | None]
    kode: Mapped[str] = mapped_column("code", sa.String(20), default="")  # bidang urusan: 1.02
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    origin: Mapped[str] = mapped_column(sa.String(120), default="")  # Pansus, Fraksi, Komisi
    text: Mapped[str] = mapped_column(sa.Text)
    tindak_lanjut: Mapped[str] = mapped_column(sa.Text, default="")
    tujuan: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[str] = mapped_column(sa.String(20), default="diterima")
    version: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime] = mapped_column(Instant)


class RecommendationStep(Base):
    """One step of a recommendation on its way; never changed."""

    __tablename__ = "recommendation_step"
    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), index=True)
    before: Mapped[str] = mapped_column(sa.String(20), default="")
    after: Mapped[str] = mapped_column(sa.String(20))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime] = mapped_column(Instant)
