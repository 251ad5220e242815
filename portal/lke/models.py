"""What is stored of an evaluation of AKIP."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Exact, Instant


class Evaluation(Base):
    """The LKE of one unit (or of the pemda) for one year, filled by APIP."""

    __tablename__ = "lke_evaluation"
    __table_args__ = (sa.UniqueConstraint("unit_id", "year"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    year: Mapped[int] = mapped_column(index=True)
    edition: Mapped[str] = mapped_column(sa.String(40))
    state: Mapped[str] = mapped_column(sa.String(10), default="disusun")  # | selesai
    prior_value: Mapped[Decimal | None] = mapped_column(Exact)  # of the year before, when typed
    number: Mapped[str] = mapped_column(sa.String(80), default="")  # of the LHE
    finished_on: Mapped[date | None]
    by_label: Mapped[str] = mapped_column(sa.String(200), default="")
    opened_at: Mapped[datetime] = mapped_column(Instant)
    answers: Mapped[list[LkeAnswer]] = relationship(order_by="LkeAnswer.id")
    grades: Mapped[list[LkeGrade]] = relationship(order_by="LkeGrade.sub")
    proofs: Mapped[list[LkeProof]] = relationship(order_by="LkeProof.id")
    advice: Mapped[list[LkeAdvice]] = relationship(order_by="LkeAdvice.id")


class LkeAnswer(Base):
    """Whether one criterion is met, with a note."""

    __tablename__ = "lke_answer"
    __table_args__ = (sa.UniqueConstraint("evaluation_id", "criterion"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(sa.ForeignKey("lke_evaluation.id"))
    criterion: Mapped[str] = mapped_column(sa.String(12))
    met: Mapped[bool]
    note: Mapped[str] = mapped_column(sa.String(1000), default="")


class LkeGrade(Base):
    """The grade of one sub-komponen."""

    __tablename__ = "lke_grade"
    __table_args__ = (sa.UniqueConstraint("evaluation_id", "sub"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(sa.ForeignKey("lke_evaluation.id"))
    sub: Mapped[str] = mapped_column(sa.String(8))
    grade: Mapped[str] = mapped_column(sa.String(2))
    years: Mapped[int] = mapped_column(default=0)  # kept for so many years
    note: Mapped[str] = mapped_column(sa.String(1000), default="")


class LkeProof(Base):
    """What shows that a criterion is met: a file, or where it can be seen."""

    __tablename__ = "lke_proof"
    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(sa.ForeignKey("lke_evaluation.id"), index=True)
    criterion: Mapped[str] = mapped_column(sa.String(12))
    name: Mapped[str] = mapped_column(sa.String(200))
    link: Mapped[str] = mapped_column(sa.String(400), default="")
    sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("blob.sha256"))
    by_label: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)


class LkeAdvice(Base):
    """A recommendation of the LHE and what the unit did about it."""

    __tablename__ = "lke_advice"
    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(sa.ForeignKey("lke_evaluation.id"), index=True)
    component: Mapped[str] = mapped_column(sa.String(4))
    note: Mapped[str] = mapped_column(sa.String(1000), default="")  # catatan
    text: Mapped[str] = mapped_column(sa.String(1000))  # rekomendasi
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(sa.String(16), default="diterima")  # flow.STATES
    reply: Mapped[str] = mapped_column(sa.String(2000), default="")
    sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("blob.sha256"))
    file_name: Mapped[str] = mapped_column(sa.String(200), default="")
    verdict: Mapped[str] = mapped_column(sa.String(500), default="")
    replied_at: Mapped[datetime | None] = mapped_column(Instant)
