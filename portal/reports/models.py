"""What is stored of reports: the report, its isian, their rows and cells, their review."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Instant, JsonText
from portal.reports.states import EntryState

__all__ = ["EntryState"]  # the stored words, for those who know them from here


class Report(Base):
    """One book: kind x year x period x owner."""

    __tablename__ = "report"
    __table_args__ = (sa.UniqueConstraint("kind", "year", "period", "owner_unit_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    edition: Mapped[str] = mapped_column(sa.String(60))
    year: Mapped[int]
    period: Mapped[str] = mapped_column(sa.String(12), default="")  # "" = the year, TW1..TW4
    owner_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    structure_date: Mapped[date]  # whose structure of Perangkat Daerah the book shows
    opened_at: Mapped[datetime] = mapped_column(Instant)
    outline_sha: Mapped[str] = mapped_column(sa.String(64), default="")
    internal_deadline: Mapped[date | None]
    official_deadline: Mapped[date | None]
    settings: Mapped[Any] = mapped_column(JsonText, default=dict)  # paper, signing date, ...
    entries: Mapped[list[Entry]] = relationship(back_populates="report")


class Entry(Base):
    """An isian: one part of a report, for one repetition, from one supplier."""

    __tablename__ = "entry"
    __table_args__ = (
        sa.UniqueConstraint("report_id", "part_key", "repeat_key", "supplier_unit_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("report.id"), index=True)
    part_key: Mapped[str] = mapped_column(sa.String(80))
    repeat_key: Mapped[str] = mapped_column(sa.String(80), default="")
    supplier_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)  # order in the book
    state: Mapped[str] = mapped_column(sa.String(20), default=EntryState.KOSONG)
    state_since: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=0)  # rises with every change of state
    content_rev: Mapped[int] = mapped_column(default=0)  # rises with every saved operation
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)  # opened by the next desk
    receipt_no: Mapped[str] = mapped_column(sa.String(60), default="")
    on_behalf: Mapped[bool] = mapped_column(default=False)  # entered by the secretariat
    reopened_until: Mapped[date | None]
    reopened_after: Mapped[int] = mapped_column(default=0)  # newest revision when it was reopened
    reopened_from: Mapped[str] = mapped_column(sa.String(20), default="")  # where it stood before
    report: Mapped[Report] = relationship(back_populates="entries")


class EntrySupport(Base):
    """A Perangkat Daerah pendukung: may help to fill an isian, the main supplier sends it."""

    __tablename__ = "entry_support"
    __table_args__ = (sa.UniqueConstraint("entry_id", "unit_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)


class EntryUpload(Base):
    """A picture that belongs to an isian; only these may stand in its text."""

    __tablename__ = "entry_upload"
    __table_args__ = (sa.UniqueConstraint("entry_id", "sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("blob.sha256"))
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    by_label: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime] = mapped_column(Instant)


class EntryRow(Base):
    """A row of a table or list; its id is made by the browser and stays for good."""

    __tablename__ = "entry_row"
    __table_args__ = (sa.UniqueConstraint("entry_id", "uid"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    uid: Mapped[str] = mapped_column(sa.String(40))
    position: Mapped[int]
    deleted: Mapped[bool] = mapped_column(default=False)
    by_label: Mapped[str] = mapped_column(sa.String(200), default="")  # who moved or deleted it


class EntryCell(Base):
    """One field of an isian; ``row`` is "" for fields that stand outside a table."""

    __tablename__ = "entry_cell"
    __table_args__ = (sa.UniqueConstraint("entry_id", "row", "field"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    row: Mapped[str] = mapped_column(sa.String(40), default="")
    field: Mapped[str] = mapped_column(sa.String(60))
    rev: Mapped[int] = mapped_column(default=1)
    value: Mapped[str | None] = mapped_column(sa.Text)  # text, canonical number, clean HTML
    raw: Mapped[str | None] = mapped_column(sa.Text)  # typed but not yet understood
    by_label: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime] = mapped_column(Instant)
    carried: Mapped[int | None]  # year it was brought over from; None once somebody has looked


class SaveOp(Base):
    """The answer that was given to one operation of one person; given again when asked again."""

    __tablename__ = "save_op"
    __table_args__ = (sa.UniqueConstraint("person_id", "op_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    op_id: Mapped[str] = mapped_column(sa.String(60))
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    result: Mapped[Any] = mapped_column(JsonText)
    at: Mapped[datetime] = mapped_column(Instant)


class Revision(Base):
    """What one person changed in one isian within ten minutes."""

    __tablename__ = "revision"
    __table_args__ = (sa.UniqueConstraint("entry_id", "n"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    n: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime] = mapped_column(Instant)
    delta: Mapped[Any] = mapped_column(JsonText)  # {target: [before, after]}
    note: Mapped[str] = mapped_column(sa.String(120), default="")  # suntingan sekretariat, ...


class Remark(Base):
    """A catatan on a part or a field: asked, answered, settled."""

    __tablename__ = "remark"
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    target: Mapped[str] = mapped_column(sa.String(120), default="")  # field, or "" = whole part
    text: Mapped[str] = mapped_column(sa.Text)
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by: Mapped[str] = mapped_column(sa.String(200), default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_by: Mapped[str] = mapped_column(sa.String(200), default="")
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)


class Obstacle(Base):
    """Ada Kendala: why an isian cannot go on; quiets reminders and lands at the secretariat."""

    __tablename__ = "obstacle"
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(30))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    by_label: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)
    quiet_until: Mapped[date]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[str] = mapped_column(sa.String(200), default="")
    answer: Mapped[str] = mapped_column(sa.Text, default="")


class FinishedDocument(Base):
    """Dokumen Jadi: a part or a report that an OPD hands in as a file."""

    __tablename__ = "finished_document"
    __table_args__ = (sa.UniqueConstraint("report_id", "unit_id", "part_key", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("report.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    part_key: Mapped[str] = mapped_column(sa.String(80), default="")  # "" = the whole report
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("blob.sha256"))
    name: Mapped[str] = mapped_column(sa.String(200))
    pages: Mapped[int | None]
    notes: Mapped[Any] = mapped_column(JsonText, default=list)  # what the check noticed
    receipt_no: Mapped[str] = mapped_column(sa.String(60))
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)


class Receipt(Base):
    """A numbered Tanda Terima; numbers run per kind, year and unit without gaps."""

    __tablename__ = "receipt"
    __table_args__ = (sa.UniqueConstraint("prefix", "n"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(sa.String(60))  # TT-LPPD-2025-DINKES
    n: Mapped[int]
    subject: Mapped[str] = mapped_column(sa.String(120), index=True)  # entry:12, document:3
    by_label: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)
    data: Mapped[Any] = mapped_column(JsonText)


class Verdict(Base):
    """What the Inspektorat says of an isian (target "") or of one indicator (``i:1.b.3``)."""

    __tablename__ = "verdict"
    __table_args__ = (sa.UniqueConstraint("entry_id", "target"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    target: Mapped[str] = mapped_column(sa.String(120), default="")
    key: Mapped[str] = mapped_column(sa.String(40))  # a key of workflows.yaml, verdicts
    note: Mapped[str] = mapped_column(sa.Text, default="")
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)


class Verifier(Base):
    """A Perangkat Daerah that wants its verifikator to look before anything leaves the house."""

    __tablename__ = "verifier"
    __table_args__ = (sa.UniqueConstraint("unit_id", "kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    active: Mapped[bool] = mapped_column(default=True)


class Deadline(Base):
    """Jadwal: when filling opens, ends inside the region, and ends by law.

    ``level`` says whose report: "pemda" or "unit" (LKjIP of a Perangkat Daerah).
    """

    __tablename__ = "deadline"
    __table_args__ = (sa.UniqueConstraint("kind", "year", "period", "level"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    year: Mapped[int]
    period: Mapped[str] = mapped_column(sa.String(12), default="")
    level: Mapped[str] = mapped_column(sa.String(12), default="pemda")
    opens: Mapped[date]
    internal: Mapped[date]
    official: Mapped[date]
    basis: Mapped[str] = mapped_column(sa.String(300), default="")


class ApprovalSheet(Base):
    """Lembar Pengesahan Data: printed for one unit, signed and stamped, its scan handed in.

    ``lines`` are the isian that it names with the content that was printed ([entry id, content
    revision]); only these pass when the scan comes in, and only while they are unchanged.
    """

    __tablename__ = "approval_sheet"
    __table_args__ = (sa.UniqueConstraint("report_id", "unit_id", "n"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("report.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    n: Mapped[int]
    number: Mapped[str] = mapped_column(sa.String(60))  # LP-LPPD-2025-DINKES-01
    lines: Mapped[Any] = mapped_column(JsonText, default=list)
    seal: Mapped[str] = mapped_column(sa.String(64))
    sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("blob.sha256"))  # as it was printed
    by_term_id: Mapped[int | None] = mapped_column(sa.ForeignKey("term.id"))
    by_label: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)
    signed_on: Mapped[date | None]
    signer: Mapped[str] = mapped_column(sa.String(300), default="")  # title and name on that day
    scan_sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("blob.sha256"))
    scan_name: Mapped[str] = mapped_column(sa.String(200), default="")
    scan_by: Mapped[str] = mapped_column(sa.String(200), default="")
    scan_at: Mapped[datetime | None] = mapped_column(Instant)
    receipt_no: Mapped[str] = mapped_column(sa.String(60), default="")
