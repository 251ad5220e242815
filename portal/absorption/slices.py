"""The same money cut another way: by source of money, by program."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from portal.absorption import rules
from portal.absorption.models import SpendSum
from portal.absorption.queries import ZERO, _pagu, _spent
from portal.absorption.rules import Position
from portal.budget.models import BudgetFund, BudgetLine
from portal.db import db
from portal.people.rules import UnitInfo


@dataclass(frozen=True)
class FundRow:
    """A row of the Rekap Serapan per Sumber Dana."""

    fund: str
    at: Position
    contracted: Decimal
    uncontracted: Decimal


def by_fund(units: Collection[UnitInfo], today: date) -> list[FundRow]:
    """Pagu and SP2D of some units by source of money; the last row sums them up."""
    ids, year = {u.id for u in units}, today.year
    pagu: dict[str, Decimal] = {}
    for fund, amount in db.session.execute(
        sa.select(BudgetFund.fund, sa.func.sum(BudgetFund.pagu))
        .join(BudgetLine, BudgetLine.id == BudgetFund.line_id)
        .where(BudgetLine.year == year, BudgetLine.unit_id.in_(ids)).group_by(BudgetFund.fund)
    ):  # fmt: skip
        pagu[fund] = amount or ZERO
    whole = sum((a for u, a in _pagu(year, "").items() if u in ids), ZERO)
    rest = whole - sum(pagu.values(), ZERO)
    if rest:
        pagu["Belum dirinci"] = rest
    spent: dict[tuple[str, bool], Decimal] = {}
    for unit, cells in _spent(year, today.month)[0].items():
        if unit in ids:
            for (fund, contracted), amount in cells.items():
                key = (fund or "Belum dirinci", contracted)
                spent[key] = spent.get(key, ZERO) + amount
    names = sorted(set(pagu) | {f for f, _ in spent}, key=lambda f: (-pagu.get(f, ZERO), f))
    rows = [
        FundRow(f, Position(pagu.get(f, ZERO), ZERO,
                            spent.get((f, True), ZERO) + spent.get((f, False), ZERO)),
                spent.get((f, True), ZERO), spent.get((f, False), ZERO))
        for f in names
    ]  # fmt: skip
    return [*rows, FundRow("Jumlah", rules.total(r.at for r in rows),
                           sum((r.contracted for r in rows), ZERO),
                           sum((r.uncontracted for r in rows), ZERO))]  # fmt: skip


def by_program(unit_id: int, today: date, fund: str = "") -> list[tuple[str, str, Position]]:
    """Program code, name, pagu and SP2D of one unit: three queries."""
    year = today.year
    part = sa.func.substr(BudgetLine.kode, 1, 7)
    amount = BudgetFund.pagu if fund else BudgetLine.pagu
    query = sa.select(part, sa.func.sum(amount)).where(
        BudgetLine.year == year, BudgetLine.unit_id == unit_id
    )
    if fund:
        query = query.join(BudgetFund, BudgetFund.line_id == BudgetLine.id).where(
            BudgetFund.fund == fund)  # fmt: skip
    pagu = {c: a or ZERO for c, a in db.session.execute(query.group_by(part)) if len(c) == 7}
    spending = sa.select(SpendSum.program, sa.func.sum(SpendSum.amount)).where(
        SpendSum.year == year, SpendSum.unit_id == unit_id, SpendSum.month <= today.month
    )
    if fund:
        spending = spending.where(SpendSum.fund == fund)
    spent = dict(db.session.execute(spending.group_by(SpendSum.program)).all())
    names = dict(db.session.execute(
        sa.select(BudgetLine.kode, BudgetLine.uraian).where(
            BudgetLine.year == year, BudgetLine.unit_id == unit_id,
            sa.func.length(BudgetLine.kode) == 7)
    ).all())  # fmt: skip
    return [
        (code, names.get(code, "") or "Tanpa program",
         Position(pagu.get(code, ZERO), ZERO, spent.get(code, ZERO)))
        for code in sorted({*pagu, *spent}) if pagu.get(code) or spent.get(code)
    ]  # fmt: skip
