"""What is stored of documents: the order to build, its files, cached pieces, what was issued."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Instant, JsonText


class BuildState(StrEnum):
    """Dalam antrean, Sedang disusun, Selesai, Gagal."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Build(Base):
    """An order to make the files of a report or of a part of it."""

    __tablename__ = "build"
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("report.id"), index=True)
    scope: Mapped[str] = mapped_column(sa.String(120), default="")  # "" | bab:II | unit:DINKES
    formats: Mapped[str] = mapped_column(sa.String(20), default="pdf,docx")
    paper: Mapped[str] = mapped_column(sa.String(4), default="F4")
    final: Mapped[bool] = mapped_column(default=False)  # Naskah Final; else Konsep
    number: Mapped[int] = mapped_column(default=1)  # Konsep 3, Perbaikan ke-1
    state: Mapped[str] = mapped_column(sa.String(12), default=BuildState.QUEUED, index=True)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    step: Mapped[str] = mapped_column(sa.String(120), default="")  # Bab II dari V
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    inputs_sha: Mapped[str] = mapped_column(sa.String(64), default="")
    snapshot_sha: Mapped[str | None] = mapped_column(sa.ForeignKey("blob.sha256"))
    rules_sha: Mapped[str | None] = mapped_column(sa.ForeignKey("blob.sha256"))  # catalogue then
    lines_sha: Mapped[str | None] = mapped_column(sa.ForeignKey("blob.sha256"))  # its words
    manifest: Mapped[Any] = mapped_column(JsonText, default=dict)
    gaps: Mapped[Any] = mapped_column(JsonText, default=list)  # missing required parts
    sign_on: Mapped[date | None]  # date of signature of a Naskah Final
    #: Report, scope, formats and nature while the build waits or runs, then None: the database
    #: itself refuses a second order of the same thing.
    active: Mapped[str | None] = mapped_column(sa.String(200), unique=True)
    notes: Mapped[Any] = mapped_column(JsonText, default=list)  # what to look at, in words
    files: Mapped[list[BuildFile]] = relationship(back_populates="build")


class BuildFile(Base):
    """One finished file of a build."""

    __tablename__ = "build_file"
    __table_args__ = (sa.UniqueConstraint("build_id", "format"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    build_id: Mapped[int] = mapped_column(sa.ForeignKey("build.id"), index=True)
    format: Mapped[str] = mapped_column(sa.String(8))
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("blob.sha256"))
    name: Mapped[str] = mapped_column(sa.String(200))
    pages: Mapped[int | None]
    build: Mapped[Build] = relationship(back_populates="files")


class Piece(Base):
    """A rendered unit, known by the hash of its content and of the engine that made it."""

    __tablename__ = "piece"
    key_sha: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("blob.sha256"))
    pages: Mapped[int]
    used_at: Mapped[datetime] = mapped_column(Instant)


class Issue(Base):
    """Naskah final: the bytes that were issued, kept for ever."""

    __tablename__ = "issue"
    __table_args__ = (sa.UniqueConstraint("report_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("report.id"), index=True)
    build_id: Mapped[int] = mapped_column(sa.ForeignKey("build.id"))
    number: Mapped[int]  # 0 = Naskah Final, 1 = Perbaikan ke-1
    on: Mapped[date]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)
