"""Planned and spent money as boards read it: pagu, SP2D, RAK; by unit, narrowed exactly.

The RAK of a unit stands on its RAK rinci (sub kegiatan x sumber dana) where there is one, else on
its RAK per OPD. The two are never added up in one unit, and each number tells on which it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.absorption import rules
from portal.absorption.models import RakLine, RakSum, Sp2d, SpendSum
from portal.absorption.rules import COARSE, FINE, SHARED
from portal.budget.models import BudgetFund, BudgetLine, CashPlan
from portal.db import db

ZERO = Decimal(0)
#: SP2D that hand out cash but realise nothing yet: it is realised when it is accounted for (GU).
NOT_SPENT = ("UP", "TU")
Spent = dict[int, dict[tuple[str, bool], Decimal]]  # unit -> (fund, of a contract) -> rupiah


@dataclass(frozen=True)
class Planned:
    """The RAK of one unit up to a month (rupiah) and what it stands on."""

    amount: Decimal = ZERO
    stands: str = ""  # rules.STANDS; "" without a RAK
    clash: rules.Clash | None = None  # both are there and say something else


def pagu(year: int, fund: str = "", sub: str = "") -> dict[int, Decimal]:
    """Pagu by unit; of one source of money from the split of the lines: one query."""
    amount = BudgetFund.pagu if fund else BudgetLine.pagu
    query = sa.select(BudgetLine.unit_id, sa.func.sum(amount)).where(BudgetLine.year == year)
    if fund:
        query = query.join(BudgetFund, BudgetFund.line_id == BudgetLine.id).where(
            BudgetFund.fund == fund
        )
    if sub:
        query = query.where(BudgetLine.kode == sub)
    rows = db.session.execute(query.group_by(BudgetLine.unit_id))
    return {unit: found or ZERO for unit, found in rows}


def spent(year: int, month: int, sub: str = "") -> tuple[Spent, set[str]]:
    """SP2D up to a month by unit, source of money, with or without a contract; the sources."""
    if sub:
        rows: Any = db.session.execute(_of_sub(
            sa.select(Sp2d.unit_id, Sp2d.fund, Sp2d.contract_id.is_not(None),
                      sa.func.sum(Sp2d.amount)), year, sub)
            .where(sa.extract("month", Sp2d.on) <= month)
            .group_by(Sp2d.unit_id, Sp2d.fund, Sp2d.contract_id.is_not(None)))  # fmt: skip
    else:
        rows = db.session.execute(
            sa.select(SpendSum.unit_id, SpendSum.fund, SpendSum.contracted,
                      sa.func.sum(SpendSum.amount))
            .where(SpendSum.year == year, SpendSum.month <= month)
            .group_by(SpendSum.unit_id, SpendSum.fund, SpendSum.contracted)
        )  # fmt: skip
    out: Spent = {}
    funds = set()
    for unit, fund, contracted, amount in rows:
        out.setdefault(unit, {})[fund, bool(contracted)] = amount
        funds.add(fund)
    return out, funds


def _of_sub(query: Any, year: int, sub: str) -> Any:
    return query.where(Sp2d.year == year, Sp2d.sub_code == sub, Sp2d.kind.not_in(NOT_SPENT))


# --- RAK up to a month --------------------------------------------------------------------------


def planned(
    year: int, month: int, fund: str = "", sub: str = "",
    shares: tuple[Mapping[int, Decimal], Mapping[int, Decimal]] | None = None,
) -> dict[int, Planned]:  # fmt: skip
    """The RAK of every unit up to a month: two queries, three for one sub kegiatan.

    Narrowed, it is exact where there is a RAK rinci; elsewhere the part of the RAK per OPD that
    follows the pagu (``shares``: the pagu of what is asked, and the whole one).
    """
    fine, out = _fine(year, month, fund), {}
    exact = _of_lines(year, month, fund, sub) if sub else {}
    for unit, now, all_ in db.session.execute(
        sa.select(CashPlan.unit_id, sa.func.sum(CashPlan.rencana).filter(CashPlan.month <= month),
                  sa.func.sum(CashPlan.rencana))
        .where(CashPlan.year == year).group_by(CashPlan.unit_id)
    ):  # fmt: skip
        if unit in fine:
            clash = rules.clash(fine[unit].now, now or ZERO, fine[unit].year, all_ or ZERO)
            out[unit] = Planned(ZERO, FINE, clash)
        elif all_ and (fund or sub):
            part, whole = shares or (pagu(year, fund, sub), pagu(year))
            cut = rules.part(now or ZERO, part.get(unit, ZERO), whole.get(unit, ZERO))
            out[unit] = Planned(cut, SHARED if cut else "")
        elif all_:
            out[unit] = Planned(now or ZERO, COARSE)
    for unit, sums in fine.items():
        amount = exact.get(unit, ZERO) if sub else sums.asked
        out[unit] = Planned(amount, FINE, out[unit].clash if unit in out else None)
    return out


@dataclass(frozen=True)
class _Sums:
    asked: Decimal  # of the source of money that is asked, up to the month
    now: Decimal
    year: Decimal


def _fine(year: int, month: int, fund: str) -> dict[int, _Sums]:
    until = RakSum.month <= month
    asked = sa.and_(until, RakSum.fund == fund) if fund else until
    rows = db.session.execute(
        sa.select(RakSum.unit_id, sa.func.sum(RakSum.amount).filter(asked),
                  sa.func.sum(RakSum.amount).filter(until), sa.func.sum(RakSum.amount))
        .where(RakSum.year == year).group_by(RakSum.unit_id)
    )  # fmt: skip
    return {u: _Sums(*(x or ZERO for x in sums)) for u, *sums in rows}


def _of_lines(year: int, month: int, fund: str, sub: str) -> dict[int, Decimal]:
    out: dict[int, Decimal] = {}
    for unit, of_fund, months in db.session.execute(
        sa.select(RakLine.unit_id, RakLine.fund, RakLine.months)
        .where(RakLine.year == year, RakLine.sub_code == sub)
    ):  # fmt: skip
        if not fund or of_fund == fund:
            out[unit] = out.get(unit, ZERO) + sum(map(Decimal, months[:month]), ZERO)
    return out


# --- month by month -----------------------------------------------------------------------------


def months(
    unit_ids: Collection[int], year: int, fund: str = "", sub: str = ""
) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...]]:
    """RAK and SP2D of some units, cumulative by month: three queries, five when narrowed."""
    plan: dict[int, Decimal] = {}
    for by_month in plans(unit_ids, (year,), fund, sub).values():
        for month, amount in by_month.items():
            plan[month] = plan.get(month, ZERO) + amount
    if sub:
        at = sa.extract("month", Sp2d.on)
        query = _of_sub(sa.select(at, sa.func.sum(Sp2d.amount)), year, sub).where(
            Sp2d.unit_id.in_(unit_ids)).group_by(at)  # fmt: skip
        query = query.where(Sp2d.fund == fund) if fund else query
    else:
        query = (
            sa.select(SpendSum.month, sa.func.sum(SpendSum.amount))
            .where(SpendSum.year == year, SpendSum.unit_id.in_(unit_ids))
            .group_by(SpendSum.month)
        )
        query = query.where(SpendSum.fund == fund) if fund else query
    done = {int(m): a or ZERO for m, a in db.session.execute(query)}
    return rules.cumulative(plan), rules.cumulative(done)


def plans(
    unit_ids: Collection[int], years: Collection[int], fund: str = "", sub: str = ""
) -> dict[tuple[int, int], dict[int, Decimal]]:
    """(year, unit) -> month -> RAK, from what each unit stands on; two queries for everything."""
    out: dict[tuple[int, int], dict[int, Decimal]] = {}
    asked = RakSum.fund == fund if fund else sa.true()
    for year, unit, month, amount in db.session.execute(
        sa.select(RakSum.year, RakSum.unit_id, RakSum.month,
                  sa.func.sum(RakSum.amount).filter(asked))
        .where(RakSum.year.in_(years), RakSum.unit_id.in_(unit_ids))
        .group_by(RakSum.year, RakSum.unit_id, RakSum.month)
    ):  # fmt: skip
        out.setdefault((year, unit), {})[month] = amount or ZERO
    fine = set(out)
    for year in {y for y, _ in fine} if sub else ():
        exact = _lines_by_month(year, fund, sub)
        out |= {key: exact.get(key[1], {}) for key in fine if key[0] == year}
    cut = {y: (pagu(y, fund, sub), pagu(y)) for y in years} if fund or sub else {}
    for year, unit, month, given in db.session.execute(
        sa.select(CashPlan.year, CashPlan.unit_id, CashPlan.month, CashPlan.rencana)
        .where(CashPlan.year.in_(years), CashPlan.unit_id.in_(unit_ids))
    ):  # fmt: skip
        if (year, unit) not in fine:
            amount = given or ZERO
            if year in cut:
                part, whole = (p.get(unit, ZERO) for p in cut[year])
                amount = rules.part(amount, part, whole)
            out.setdefault((year, unit), {})[month] = amount
    return out


def _lines_by_month(year: int, fund: str, sub: str) -> dict[int, dict[int, Decimal]]:
    out: dict[int, dict[int, Decimal]] = {}
    for unit, of_fund, given in db.session.execute(
        sa.select(RakLine.unit_id, RakLine.fund, RakLine.months)
        .where(RakLine.year == year, RakLine.sub_code == sub)
    ):  # fmt: skip
        if not fund or of_fund == fund:
            cell = out.setdefault(unit, {})
            for month, amount in enumerate(given, start=1):
                cell[month] = cell.get(month, ZERO) + Decimal(amount)
    return out
