"""What is kept of a practice: a sample contract that is no Contract, so nothing else can see it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant, JsonText


class PracticeRun(Base):
    """The sandbox of one trainee: how far he is, what he typed, whether he ever finished."""

    __tablename__ = "practice_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    step: Mapped[int] = mapped_column(default=0)  # steps done, 0 to rules.STEPS
    typed: Mapped[list[str]] = mapped_column(JsonText, default=list)  # one line per step
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)  # the first time, kept on reset
