"""The versions of a RAK and the rows of the SP2D register."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from portal.absorption.models import RakVersion, Sp2d
from portal.absorption.queries import ZERO
from portal.db import db


@dataclass(frozen=True)
class Change:
    """A version of the RAK beside the one before it."""

    row: RakVersion
    months: list[Decimal]
    before: list[Decimal] | None

    @property
    def lowered(self) -> list[tuple[int, Decimal]]:
        """Months whose cumulative target was lowered, and by how much."""
        if self.before is None:
            return []
        out, now, was = [], ZERO, ZERO
        for n, (a, b) in enumerate(zip(self.months, self.before, strict=True), start=1):
            now, was = now + a, was + b
            if now < was:
                out.append((n, was - now))
        return out


def versions(unit_id: int, year: int) -> list[Change]:
    """Versions of a unit's RAK, the newest first."""
    rows = list(db.session.scalars(
        sa.select(RakVersion).where(RakVersion.unit_id == unit_id, RakVersion.year == year)
        .order_by(RakVersion.n)
    ))  # fmt: skip
    out: list[Change] = []
    for row in rows:
        months_ = [Decimal(m) for m in row.months]
        out.append(Change(row, months_, out[-1].months if out else None))
    return out[::-1]


def register(unit_ids: Collection[int], year: int, most: int = 100) -> tuple[list[Sp2d], int]:
    """The newest rows of the register, and how many there are."""
    where = (Sp2d.year == year, Sp2d.unit_id.in_(unit_ids))
    rows = db.session.scalars(
        sa.select(Sp2d).where(*where).order_by(Sp2d.on.desc(), Sp2d.id.desc()).limit(most)
    )
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Sp2d).where(*where))
    return list(rows), total or 0
