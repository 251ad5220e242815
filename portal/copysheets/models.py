"""What was copied: which row of which screen, by whom, when, and the values of that moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant, JsonText


class CopyTick(Base):
    """ "Sudah disalin": one row of a screen for a year, period and book; the newest tick counts."""

    __tablename__ = "copy_tick"
    __table_args__ = (
        sa.UniqueConstraint("sheet", "year", "period", "owner_unit_id", "screen", "row"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    sheet: Mapped[str] = mapped_column(sa.String(40))
    year: Mapped[int]
    period: Mapped[str] = mapped_column(sa.String(12), default="")
    owner_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))  # whose book
    screen: Mapped[str] = mapped_column(sa.String(120))  # hasil@kesehatan
    row: Mapped[str] = mapped_column(sa.String(160))  # 1.b.3
    values: Mapped[Any] = mapped_column(JsonText, default=dict)  # field -> what was copied
    active: Mapped[bool] = mapped_column(default=True)  # False = taken back
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime] = mapped_column(Instant)
