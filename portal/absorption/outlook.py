"""Forecast of the year's end, tested on the year before."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

import sqlalchemy as sa

from portal.absorption import money, rules, sums
from portal.absorption.models import BoardSums, SpendSum
from portal.absorption.queries import Board
from portal.absorption.readers import HOUSE
from portal.absorption.rules import ZERO, Forecast, Score
from portal.budget.models import BudgetLine, CashPlan
from portal.db import db
from portal.people import queries as people


def _courses(years: Iterable[int], unit_ids: Collection[int]) -> dict[int, dict[int, rules.Course]]:
    """RAK and realisation by month of units and years: SP2D sums, else the anggaran kas."""
    years = list(years)
    plan = money.plans(unit_ids, years)
    done: dict[tuple[int, int], dict[int, Decimal]] = {}
    for row in db.session.execute(
        sa.select(CashPlan.year, CashPlan.unit_id, CashPlan.month, CashPlan.realisasi)
        .where(CashPlan.year.in_(years), CashPlan.unit_id.in_(unit_ids),
               CashPlan.realisasi.is_not(None))
    ):  # fmt: skip
        done.setdefault((row.year, row.unit_id), {})[row.month] = row.realisasi
    sp2d: dict[tuple[int, int], dict[int, Decimal]] = {}
    for year, unit, month, amount in db.session.execute(
        sa.select(SpendSum.year, SpendSum.unit_id, SpendSum.month, sa.func.sum(SpendSum.amount))
        .where(SpendSum.year.in_(years), SpendSum.unit_id.in_(unit_ids))
        .group_by(SpendSum.year, SpendSum.unit_id, SpendSum.month)
    ):  # fmt: skip
        sp2d.setdefault((year, unit), {})[month] = amount or ZERO
    pagu = {
        (year, unit): amount or ZERO
        for year, unit, amount in db.session.execute(
            sa.select(BudgetLine.year, BudgetLine.unit_id, sa.func.sum(BudgetLine.pagu))
            .where(BudgetLine.year.in_(years), BudgetLine.unit_id.in_(unit_ids))
            .group_by(BudgetLine.year, BudgetLine.unit_id)
        )
    }  # fmt: skip
    out: dict[int, dict[int, rules.Course]] = {}
    for key in {*plan, *sp2d, *done}:
        year, unit = key
        out.setdefault(year, {})[unit] = rules.Course(
            pagu.get(key, ZERO), rules.cumulative(plan.get(key, {})),
            rules.cumulative(sp2d.get(key) or done.get(key, {})),
        )  # fmt: skip
    return out


def _sum(courses: Iterable[rules.Course]) -> rules.Course:
    found = list(courses)
    zero = (ZERO,) * 12
    return rules.Course(
        sum((c.pagu for c in found), ZERO),
        tuple(sum(m, ZERO) for m in zip(*(c.plan for c in found), strict=True)) if found else zero,
        tuple(sum(m, ZERO) for m in zip(*(c.spent for c in found), strict=True)) if found else zero,
    )  # fmt: skip


@dataclass(frozen=True)
class Outlook:
    """The forecast of some units with the scores of the methods."""

    forecast: Forecast | None
    scores: dict[str, Score]
    month: int
    tested: int  # the year of the back-test
    units: int


def outlook(unit_ids: Collection[int], today: date) -> Outlook:
    """Perkiraan akhir tahun of some units taken together; the last full month counts."""
    year, month = today.year, max(today.month - 1, 1)
    everybody = [u.id for u in people.units_on(today) if u.kind in HOUSE]
    known = _courses((year, year - 1, year - 2), everybody)
    past, older = known.get(year - 1, {}), known.get(year - 2, {})
    pairs = [(past[u], older[u]) for u in past if u in older and past[u].spent[11]]
    scores = rules.back_test(pairs, month)
    now = known.get(year, {})
    mine = [u for u in unit_ids if u in now]
    made = None
    if mine and pairs:
        before = _sum(past[u] for u in mine if u in past)
        made = rules.forecast(_sum(now[u] for u in mine), month, before, scores["selaras"])
    return Outlook(made, scores, month, year - 1, len(pairs))


def foreseen(found: Board) -> Forecast | None:
    """The forecast of a whole board, kept until something changed."""
    ids = sorted(x.unit.id for x in found.lines if x.unit)
    key = "kira:" + sha256(repr(ids).encode()).hexdigest()[:14]
    row = db.session.get(BoardSums, key)
    if row is None or (row.day, row.mark) != (found.today, found.mark):
        made = outlook(ids, found.today).forecast
        body = {"low": made.low, "high": made.high} if made else {}
        row = sums.keep(BoardSums(key=key, day=found.today, mark=found.mark, body=body,
                                  at=found.at))  # fmt: skip
    return Forecast(**row.body) if row.body else None
