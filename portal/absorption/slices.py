"""The same money cut another way: by source of money, by program, by sub kegiatan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.absorption import money, rules
from portal.absorption.models import RakLine, RakSum, Sp2d, SpendSum
from portal.absorption.money import NOT_SPENT
from portal.absorption.rules import ZERO, Position
from portal.budget.models import BudgetFund, BudgetLine, CashPlan
from portal.db import db
from portal.people.rules import UnitInfo

#: Money whose source nobody has named.
UNNAMED = "Belum dirinci"


@dataclass(frozen=True)
class FundRow:
    """A row of the Rekap Serapan per Sumber Dana; ``shared`` is the part of its RAK that follows
    the pagu, of units whose RAK names no source."""

    fund: str
    at: Position
    contracted: Decimal
    uncontracted: Decimal
    shared: Decimal = ZERO


def by_fund(units: Collection[UnitInfo], today: date) -> list[FundRow]:
    """Pagu, RAK and SP2D of some units by source of money; the last row sums them up."""
    ids, year = {u.id for u in units}, today.year
    pagu = _pagu_by_fund(ids, year)
    plan, shared = _plan_by_fund(ids, year, today.month, pagu)
    spent: dict[tuple[str, bool], Decimal] = {}
    for unit, cells in money.spent(year, today.month)[0].items():
        if unit in ids:
            for (fund, contracted), amount in cells.items():
                key = (fund or UNNAMED, contracted)
                spent[key] = spent.get(key, ZERO) + amount
    whole = _summed((fund, amount) for (_, fund), amount in pagu.items())
    names = sorted({*whole, *plan, *(f for f, _ in spent)}, key=lambda f: (-whole.get(f, ZERO), f))
    rows = [
        FundRow(f, Position(whole.get(f, ZERO), plan.get(f, ZERO),
                            spent.get((f, True), ZERO) + spent.get((f, False), ZERO)),
                spent.get((f, True), ZERO), spent.get((f, False), ZERO), shared.get(f, ZERO))
        for f in names
    ]  # fmt: skip
    return [*rows, FundRow("Jumlah", rules.total(r.at for r in rows),
                           sum((r.contracted for r in rows), ZERO),
                           sum((r.uncontracted for r in rows), ZERO),
                           sum((r.shared for r in rows), ZERO))]  # fmt: skip


def _summed(pairs: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    out: dict[str, Decimal] = {}
    for key, amount in pairs:
        out[key] = out.get(key, ZERO) + amount
    return out


def _pagu_by_fund(ids: set[int], year: int) -> dict[tuple[int, str], Decimal]:
    """Pagu by unit and source; what no source is named for stands under UNNAMED."""
    out = {
        (unit, fund): amount or ZERO
        for unit, fund, amount in db.session.execute(
            sa.select(BudgetLine.unit_id, BudgetFund.fund, sa.func.sum(BudgetFund.pagu))
            .join(BudgetLine, BudgetLine.id == BudgetFund.line_id)
            .where(BudgetLine.year == year, BudgetLine.unit_id.in_(ids))
            .group_by(BudgetLine.unit_id, BudgetFund.fund)
        )
    }  # fmt: skip
    named: dict[int, Decimal] = {}
    for (unit, _), amount in out.items():
        named[unit] = named.get(unit, ZERO) + amount
    for unit, whole in money.pagu(year).items():
        if unit in ids and whole != named.get(unit, ZERO):
            out[unit, UNNAMED] = whole - named.get(unit, ZERO)
    return out


def _plan_by_fund(
    ids: set[int], year: int, month: int, pagu: dict[tuple[int, str], Decimal]
) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """RAK up to a month by source, and the part of it that follows the pagu."""
    fine, exact = set(), []
    for unit, fund, amount in db.session.execute(
        sa.select(RakSum.unit_id, RakSum.fund,
                  sa.func.sum(RakSum.amount).filter(RakSum.month <= month))
        .where(RakSum.year == year, RakSum.unit_id.in_(ids))
        .group_by(RakSum.unit_id, RakSum.fund)
    ):  # fmt: skip
        fine.add(unit)
        exact.append((fund, amount or ZERO))
    coarse = dict(db.session.execute(
        sa.select(CashPlan.unit_id, sa.func.sum(CashPlan.rencana))
        .where(CashPlan.year == year, CashPlan.month <= month, CashPlan.unit_id.in_(ids - fine))
        .group_by(CashPlan.unit_id)
    ).all())  # fmt: skip
    whole: dict[int, Decimal] = {}
    for (unit, _), amount in pagu.items():
        whole[unit] = whole.get(unit, ZERO) + amount
    shared = _summed(
        (fund, rules.part(coarse[unit] or ZERO, amount, whole[unit]))
        for (unit, fund), amount in pagu.items() if unit in coarse
    )  # fmt: skip
    return _summed([*exact, *shared.items()]), shared


# --- program and sub kegiatan of one unit -------------------------------------------------------


@dataclass(frozen=True)
class Slice:
    """A program or sub kegiatan; ``exact``: its RAK stands on rows of its own."""

    code: str
    name: str
    at: Position
    exact: bool


def by_program(unit_id: int, today: date, fund: str = "") -> list[Slice]:
    """Programs of one unit with pagu, RAK and SP2D: five queries."""
    part = sa.func.substr(BudgetLine.kode, 1, 7)
    spending = sa.select(SpendSum.program, sa.func.sum(SpendSum.amount)).where(
        SpendSum.year == today.year, SpendSum.unit_id == unit_id, SpendSum.month <= today.month
    )
    if fund:
        spending = spending.where(SpendSum.fund == fund)
    plan = sa.select(RakSum.program, sa.func.sum(RakSum.amount).filter(
        RakSum.month <= today.month, *([RakSum.fund == fund] if fund else []))
    ).where(RakSum.year == today.year, RakSum.unit_id == unit_id)  # fmt: skip
    return _slices(
        unit_id, today.year, 7,
        {c: a for c, a in _pagu_of(unit_id, today.year, part, fund).items() if len(c) == 7},
        dict(db.session.execute(plan.group_by(RakSum.program)).all()),
        dict(db.session.execute(spending.group_by(SpendSum.program)).all()),
    )  # fmt: skip


def by_sub(unit_id: int, today: date, fund: str = "") -> list[Slice]:
    """Sub kegiatan of one unit with pagu, RAK and SP2D: four queries."""
    lines = db.session.execute(
        sa.select(RakLine.sub_code, RakLine.fund, RakLine.months)
        .where(RakLine.year == today.year, RakLine.unit_id == unit_id)
    ).all()  # fmt: skip
    plan = dict.fromkeys((code for code, _, _ in lines), ZERO)
    for code, of_fund, months in lines:
        if not fund or of_fund == fund:
            plan[code] += sum(map(Decimal, months[: today.month]), ZERO)
    spending = sa.select(Sp2d.sub_code, sa.func.sum(Sp2d.amount)).where(
        Sp2d.year == today.year, Sp2d.unit_id == unit_id, Sp2d.kind.not_in(NOT_SPENT),
        sa.extract("month", Sp2d.on) <= today.month,
    )  # fmt: skip
    if fund:
        spending = spending.where(Sp2d.fund == fund)
    return _slices(
        unit_id, today.year, 14, _pagu_of(unit_id, today.year, BudgetLine.kode, fund), plan,
        dict(db.session.execute(spending.group_by(Sp2d.sub_code)).all()),
    )  # fmt: skip


def _pagu_of(unit_id: int, year: int, key: Any, fund: str) -> dict[str, Decimal]:
    amount = BudgetFund.pagu if fund else BudgetLine.pagu
    query = sa.select(key, sa.func.sum(amount)).where(
        BudgetLine.year == year, BudgetLine.unit_id == unit_id
    )
    if fund:
        query = query.join(BudgetFund, BudgetFund.line_id == BudgetLine.id).where(
            BudgetFund.fund == fund)  # fmt: skip
    return {code: a or ZERO for code, a in db.session.execute(query.group_by(key))}


def _slices(
    unit_id: int, year: int, shortest: int, pagu: dict[str, Decimal],
    plan: Mapping[str, Decimal | None], spent: Mapping[str, Decimal],
) -> list[Slice]:  # fmt: skip
    length = sa.func.length(BudgetLine.kode)
    names = dict(db.session.execute(
        sa.select(BudgetLine.kode, BudgetLine.uraian).where(
            BudgetLine.year == year, BudgetLine.unit_id == unit_id,
            length == 7 if shortest == 7 else length >= shortest)
    ).all())  # fmt: skip
    exact = bool(plan)

    def named(code: str) -> str:
        if code in names:
            return names[code] or ""
        return "Tanpa program" if shortest == 7 else "SP2D tidak menyebut sub kegiatannya"

    found = [
        Slice(code, named(code), Position(pagu.get(code, ZERO), plan.get(code) or ZERO,
                                          spent.get(code) or ZERO), exact)
        for code in sorted({*pagu, *plan, *spent})
    ]  # fmt: skip
    return [s for s in found if s.at != Position()]
