"""What is stored of what was given to the public."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant, JsonText


class Publication(Base):
    """One version of the RLPPD of a year: the bytes that anybody may read, kept as published."""

    __tablename__ = "publication"
    __table_args__ = (sa.UniqueConstraint("report_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("report.id"), index=True)
    year: Mapped[int] = mapped_column(index=True)
    version: Mapped[int]
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))  # the LPPD it was taken from
    spec: Mapped[str] = mapped_column(sa.String(60))  # code of the choice of parts
    title: Mapped[str] = mapped_column(sa.String(200))
    body_sha: Mapped[str] = mapped_column(sa.ForeignKey("blob.sha256"))  # the page, without frame
    pdf_sha: Mapped[str] = mapped_column(sa.ForeignKey("blob.sha256"))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    pictures: Mapped[Any] = mapped_column(JsonText, default=dict)  # name on the page -> SHA-256
    basis: Mapped[str] = mapped_column(sa.String(500))  # dasar publikasi, catatan PPID
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200))  # person and jabatan, for the portal
    by_title: Mapped[str] = mapped_column(sa.String(200))  # jabatan alone, for the public
    at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_label: Mapped[str] = mapped_column(sa.String(200), default="")
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(500), default="")
