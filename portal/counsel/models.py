"""What is stored of reading from outside: its basis, its term, who agreed, what was handed out."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Instant


class Assistance(Base):
    """A Pendampingan (a page to read) or a Permintaan data (numbered packs), for a time.

    Nothing is open before the PA has approved it and the Inspektur has recorded that he knows of
    it. The link and its password are kept as hashes only.
    """

    __tablename__ = "assistance"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(14))  # rules.KINDS
    recipient: Mapped[str] = mapped_column(sa.String(160))
    letter_no: Mapped[str] = mapped_column(sa.String(120))
    letter_on: Mapped[date]
    signatory: Mapped[str] = mapped_column(sa.String(160))  # jabatan of who signed the letter
    purpose: Mapped[str] = mapped_column(sa.String(500))
    from_on: Mapped[date]
    until_on: Mapped[date] = mapped_column(index=True)
    made_by: Mapped[str] = mapped_column(sa.String(200))
    made_at: Mapped[datetime] = mapped_column(Instant)
    approved_by: Mapped[str] = mapped_column(sa.String(200), default="")
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    known_by: Mapped[str] = mapped_column(sa.String(200), default="")
    known_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by: Mapped[str] = mapped_column(sa.String(200), default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    secret_sha256: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    pw_hash: Mapped[str] = mapped_column(sa.String(200), default="")
    wrong: Mapped[int] = mapped_column(default=0)  # wrong passwords since the link was made
    contracts: Mapped[list[AssistanceContract]] = relationship(order_by="AssistanceContract.id")
    packs: Mapped[list[IssuedPack]] = relationship(order_by="IssuedPack.id")


class AssistanceContract(Base):
    """A contract that an access opens."""

    __tablename__ = "assistance_contract"
    __table_args__ = (sa.UniqueConstraint("assistance_id", "contract_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    assistance_id: Mapped[int] = mapped_column(sa.ForeignKey("assistance.id"))
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"), index=True)


class IssuedPack(Base):
    """A numbered pack that was handed out: the register."""

    __tablename__ = "issued_pack"
    __table_args__ = (sa.UniqueConstraint("year", "n"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    assistance_id: Mapped[int] = mapped_column(sa.ForeignKey("assistance.id"), index=True)
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contract.id"))
    year: Mapped[int]
    n: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("blob.sha256"))
    name: Mapped[str] = mapped_column(sa.String(200))
    by: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)

    @property
    def number(self) -> str:
        """``PKT-003/2026``."""
        return f"PKT-{self.n:03d}/{self.year}"
