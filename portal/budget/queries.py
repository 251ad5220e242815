"""Reads of the budget: rows as canonical texts, sums by unit, the last imports."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.budget import rules
from portal.budget.models import (
    AccountLine,
    BudgetFund,
    BudgetLine,
    BudgetPeriod,
    CashPlan,
    ImportRun,
)
from portal.budget.rules import Kind
from portal.db import db
from portal.people.rules import Actor, Permission, Role


@dataclass(frozen=True)
class TreeRow:
    """One row: its code, its canonical cells, and who wrote each field last."""

    id: int
    uid: str
    cells: dict[str, str]
    heads: Mapping[str, Any] = field(default_factory=dict)

    def number(self, key: str) -> Decimal | None:
        """A cell as a number, None when empty."""
        return Decimal(self.cells[key]) if self.cells.get(key) else None


MODELS: dict[str, Any] = {
    "programs": BudgetLine, "accounts": AccountLine,
}  # fmt: skip


def spelled(value: object) -> str:
    """A stored value as canonical text."""
    if value is None:
        return ""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def rows_by_unit(kind: Kind, year: int, units: Collection[int]) -> dict[int, list[TreeRow]]:
    """Rows of units in the order of their codes; a constant number of queries."""
    model = MODELS[kind]
    found = list(
        db.session.scalars(sa.select(model).where(model.year == year, model.unit_id.in_(units)))
    )
    extra = _extra(year, units) if kind == "programs" else {}
    out: dict[int, list[TreeRow]] = {}
    for line in found:
        cells = {key: spelled(getattr(line, key)) for key in (*rules.GIVEN, *rules.fields(kind))}
        cells |= {k: v for k, v in extra.get(line.id, {}).items() if not cells.get(k)}
        row = TreeRow(line.id, line.kode, cells, line.heads or {})
        out.setdefault(line.unit_id, []).append(row)
    for rows in out.values():
        rows.sort(key=lambda r: rules.order(r.uid))
    return out


def _extra(year: int, units: Collection[int]) -> dict[int, dict[str, str]]:
    """What stands beside a line: the year from its triwulan, its sources of money."""
    which = sa.select(BudgetLine.id).where(BudgetLine.year == year, BudgetLine.unit_id.in_(units))
    out: dict[int, dict[str, str]] = {}
    amounts: dict[int, list[BudgetPeriod]] = {}
    for period in db.session.scalars(
        sa.select(BudgetPeriod).where(BudgetPeriod.line_id.in_(which)).order_by(BudgetPeriod.period)
    ):
        amounts.setdefault(period.line_id, []).append(period)
    for line_id, periods in amounts.items():
        done = rules.year_amount(None, [p.realisasi for p in periods])
        reached = rules.year_amount(None, [p.capaian for p in periods])
        out[line_id] = {"realisasi": spelled(done), "capaian": spelled(reached)}
    for fund in db.session.scalars(
        sa.select(BudgetFund).where(BudgetFund.line_id.in_(which)).order_by(BudgetFund.id)
    ):
        cell = out.setdefault(fund.line_id, {})
        cell["sumber_dana"] = ", ".join(filter(None, (cell.get("sumber_dana"), fund.fund)))
    return out


@dataclass(frozen=True)
class Tagged:
    """A line with money that carries the tag of an SPM service, its own or that of a row above."""

    service: str
    unit_id: int
    code: str
    title: str
    funds: str
    pagu: Decimal | None
    spent: Decimal | None
    quarters: dict[int, Decimal]


def tagged(year: int) -> list[Tagged]:
    """Lines of all units that carry an SPM tag; a row hands its tag down to the rows below it."""
    tags = (
        sa.select(BudgetLine.unit_id).where(BudgetLine.year == year, BudgetLine.spm != "")
        .distinct()
    )  # fmt: skip
    units = list(db.session.scalars(tags))
    if not units:
        return []
    amounts: dict[int, dict[int, Decimal]] = {}
    for line_id, period, amount in db.session.execute(
        sa.select(BudgetPeriod.line_id, BudgetPeriod.period, BudgetPeriod.realisasi)
        .join(BudgetLine, BudgetLine.id == BudgetPeriod.line_id)
        .where(BudgetLine.year == year, BudgetLine.unit_id.in_(units))
    ):
        if amount is not None and period[:2] == "TW":
            amounts.setdefault(line_id, {})[int(period[2:])] = amount
    out: list[Tagged] = []
    for unit_id, found in rows_by_unit("programs", year, units).items():
        by_code = {row.uid: row for row in found}
        inner = {c for node in rules.tree("programs", by_code) if node.children
                 for c in (node.code,)}  # fmt: skip
        for row in found:
            above = (by_code[p].cells.get("spm", "") for p in rules.parents(row.uid)
                     if p in by_code)  # fmt: skip
            service = row.cells.get("spm", "") or next(filter(None, above), "")
            if service and row.uid not in inner:
                out.append(Tagged(
                    service, unit_id, row.uid, row.cells["uraian"],
                    row.cells.get("sumber_dana", ""), row.number("pagu"), row.number("realisasi"),
                    amounts.get(row.id, {}),
                ))  # fmt: skip
    return out


def rows(kind: Kind, year: int, unit_id: int) -> list[TreeRow]:
    """Rows of one unit."""
    return rows_by_unit(kind, year, [unit_id]).get(unit_id, [])


def line(kind: Kind, year: int, unit_id: int, code: str) -> BudgetLine | AccountLine | None:
    """One stored row."""
    model = MODELS[kind]
    found: BudgetLine | AccountLine | None = db.session.scalar(
        sa.select(model).where(model.year == year, model.unit_id == unit_id, model.kode == code)
    )
    return found


def sums_by_unit(year: int, key: str, units: Iterable[int]) -> dict[int, Decimal | None]:
    """Total of ``pagu`` or ``realisasi`` by Perangkat Daerah."""
    found = rows_by_unit("programs", year, list(units))
    return {
        unit: rules.total("programs", {r.uid: {key: r.number(key)} for r in mine}, key)
        for unit, mine in found.items()
    }


def account_total(year: int, region: int, code: str, key: str) -> Decimal | None:
    """An account of the region, summed from below."""
    mine = {r.uid: {key: r.number(key)} for r in rows("accounts", year, region)}
    return rules.rolled("accounts", mine, (key,)).get(code, {}).get(key)


def cash(year: int, unit_id: int) -> dict[int, CashPlan]:
    """Anggaran kas of a unit by month."""
    found = db.session.scalars(
        sa.select(CashPlan).where(CashPlan.year == year, CashPlan.unit_id == unit_id)
    )
    return {plan.month: plan for plan in found}


def periods(line_ids: Collection[int]) -> dict[tuple[int, str], BudgetPeriod]:
    """Triwulan of lines."""
    found = db.session.scalars(sa.select(BudgetPeriod).where(BudgetPeriod.line_id.in_(line_ids)))
    return {(p.line_id, p.period): p for p in found}


def funds(line_id: int) -> list[BudgetFund]:
    """Sources of money of one line."""
    return list(
        db.session.scalars(
            sa.select(BudgetFund).where(BudgetFund.line_id == line_id).order_by(BudgetFund.id)
        )
    )


def runs(unit_ids: Collection[int], limit: int = 10) -> list[ImportRun]:
    """The newest imports for these units."""
    return list(
        db.session.scalars(
            sa.select(ImportRun).where(ImportRun.unit_id.in_(unit_ids))
            .order_by(ImportRun.id.desc()).limit(limit)
        )
    )  # fmt: skip


def may_write(actor: Actor, kind: Kind, unit_id: int, duties: Mapping[str, Any]) -> bool:
    """True for the unit's own operator, and for the account keeper and the compilers of LKPJ.

    The accounts of the region belong to BPKAD; the sekretariat enters for units outside their
    tahap.
    """
    if not actor.may(Permission.FIGURES_WRITE):
        return False
    own = actor.units(Role.OPERATOR, Role.SEKRETARIAT)
    if "lkpj" in actor.region_wide:
        return True
    keeper = duties.get("bpkad", (None, ()))[0]
    if keeper is not None and keeper in own:
        return True
    return kind == "programs" and unit_id in own
