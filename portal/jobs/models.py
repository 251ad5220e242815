"""What is stored of the jobs room: who may do a thing that only one process should do."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant


class Lease(Base):
    """A right that one holder has until it runs out; ``tick`` is the ticker's."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(sa.String(120))
    until: Mapped[datetime] = mapped_column(Instant)
