"""The versions of a RAK and the rows of the SP2D register."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal

import sqlalchemy as sa

from portal.absorption import rules
from portal.absorption.flow_lines import Rows, program_of
from portal.absorption.models import RakChange, RakVersion, Sp2d
from portal.absorption.rules import ZERO
from portal.budget.models import BudgetLine
from portal.db import db


@dataclass(frozen=True)
class Change:
    """A version of the RAK beside the one before it."""

    row: RakVersion
    months: list[Decimal]
    before: list[Decimal] | None  # the version of the same level before it
    rows: list[RakChange] = field(default_factory=list)

    @property
    def lowered(self) -> list[tuple[int, Decimal]]:
        """Months whose cumulative target was lowered, and by how much."""
        return rules.lowered(self.before, self.months) if self.before is not None else []

    @property
    def lowered_rows(self) -> list[tuple[RakChange, Decimal]]:
        """Rows of the RAK rinci whose target went down, by the most; the highest first."""
        found = [(r, max((a for _, a in _went_down(r)), default=ZERO)) for r in self.rows]
        return sorted((p for p in found if p[1]), key=lambda p: (-p[1], p[0].sub_code))


def _went_down(row: RakChange) -> list[tuple[int, Decimal]]:
    def read(given: list[str]) -> list[Decimal]:
        return [Decimal(m) for m in given] or [ZERO] * 12

    return rules.lowered(read(row.before), read(row.after))


def versions(unit_id: int, year: int) -> list[Change]:
    """Versions of a unit's RAK of both levels, the newest first; two queries."""
    rows = list(db.session.scalars(
        sa.select(RakVersion).where(RakVersion.unit_id == unit_id, RakVersion.year == year)
        .order_by(RakVersion.n)
    ))  # fmt: skip
    changes: dict[int, list[RakChange]] = {}
    for one in db.session.scalars(
        sa.select(RakChange).where(RakChange.version_id.in_([r.id for r in rows]))
        .order_by(RakChange.sub_code, RakChange.fund)
    ):  # fmt: skip
        changes.setdefault(one.version_id, []).append(one)
    out: list[Change] = []
    last: dict[str, list[Decimal]] = {}
    for row in rows:
        months_ = [Decimal(m) for m in row.months]
        out.append(Change(row, months_, last.get(row.level), changes.get(row.id, [])))
        last[row.level] = months_
    return out[::-1]


def newest(unit_ids: Collection[int], year: int) -> dict[int, RakVersion]:
    """The newest version of each unit, of whichever level; one query."""
    last = (
        sa.select(sa.func.max(RakVersion.id))
        .where(RakVersion.year == year, RakVersion.unit_id.in_(unit_ids))
        .group_by(RakVersion.unit_id)
    )
    rows = db.session.scalars(sa.select(RakVersion).where(RakVersion.id.in_(last)))
    return {row.unit_id: row for row in rows}


# --- RAK rinci as a tree ------------------------------------------------------------------------


@dataclass
class Node:
    """A program with the rows of its sub kegiatan: sums of rupiah."""

    code: str
    name: str
    whole: Decimal = ZERO
    now: Decimal = ZERO
    rows: list[tuple[str, str, str, Decimal, Decimal]] = field(default_factory=list)


def tree(unit_id: int, year: int, lines: Rows, fund: str, sub: str, month: int) -> list[Node]:
    """Programs with (sub kegiatan, name, source, year, up to the month); one query for names."""
    if not lines:
        return []
    names = dict(db.session.execute(
        sa.select(BudgetLine.kode, BudgetLine.uraian)
        .where(BudgetLine.year == year, BudgetLine.unit_id == unit_id)
    ).all())  # fmt: skip
    out: dict[str, Node] = {}
    for (code, of_fund), months in lines.items():
        if (fund and of_fund != fund) or (sub and code != sub):
            continue
        program = program_of(code)
        node = out.setdefault(program, Node(program, names.get(program, "")))
        whole, now = sum(months, ZERO), sum(months[:month], ZERO)
        node.whole, node.now = node.whole + whole, node.now + now
        node.rows.append((code, names.get(code, ""), of_fund, whole, now))
    return list(out.values())


# --- register SP2D ------------------------------------------------------------------------------


def register(unit_ids: Collection[int], year: int, most: int = 100) -> tuple[list[Sp2d], int]:
    """The newest rows of the register, and how many there are."""
    where = (Sp2d.year == year, Sp2d.unit_id.in_(unit_ids))
    rows = db.session.scalars(
        sa.select(Sp2d).where(*where).order_by(Sp2d.on.desc(), Sp2d.id.desc()).limit(most)
    )
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Sp2d).where(*where))
    return list(rows), total or 0
