"""The budget and rekomendasi DPRD behind a report, in the file of ``flask report export``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.budget import flow, queries, rules
from portal.budget.models import AccountLine, BudgetFund, BudgetLine, BudgetPeriod, CashPlan
from portal.db import db
from portal.dprd.models import Recommendation
from portal.outlines.parts import Measures, Recommendations
from portal.outlines.schema import placed_parts
from portal.people.rules import Actor
from portal.reports import places, trees
from portal.reports.measures_bridge import WITH_MONEY
from portal.reports.models import Report

_TEXTS = ("kode", "decision_no", "origin", "text", "tindak_lanjut", "tujuan", "state")


def export(report: Report, codes: Mapping[int, str]) -> dict[str, Any]:
    """``budget`` and ``recommendations`` when the report prints them; {} otherwise.

    ``budget`` has ``programs`` and ``accounts`` as [unit, code, cells], ``quarters`` as [unit,
    code, TW1, realisasi, capaian], ``funds`` as [unit, code, source, pagu] and ``cash`` as [unit,
    month, rencana, realisasi]; money is exact text in rupiah.
    """
    out: dict[str, Any] = {}
    if trees.parts_of(report) or _prints_money(report):
        out["budget"] = {
            "programs": _rows(BudgetLine, "programs", report.year, codes),
            "accounts": _rows(AccountLine, "accounts", report.year, codes),
            "quarters": _below(BudgetPeriod, ("period", "realisasi", "capaian"), report, codes),
            "funds": _below(BudgetFund, ("fund", "pagu"), report, codes),
            "cash": sorted(
                [codes[c.unit_id], c.month, queries.spelled(c.rencana),
                 queries.spelled(c.realisasi)]
                for c in db.session.scalars(sa.select(CashPlan).where(CashPlan.year == report.year))
            ),
        }  # fmt: skip
    asked = any(
        isinstance(part, Recommendations)
        for chapter in places.edition_of(report).chapters
        for section in chapter.sections for part in section.parts
    )  # fmt: skip
    if asked:
        found = db.session.scalars(
            sa.select(Recommendation).where(Recommendation.year == report.year)
            .order_by(Recommendation.position, Recommendation.id)
        )  # fmt: skip
        out["recommendations"] = [
            {**{k: getattr(r, k) for k in _TEXTS}, "unit": codes.get(r.unit_id or 0, ""),
             "on": r.decision_on.isoformat() if r.decision_on else ""}
            for r in found
        ]  # fmt: skip
    return out


def _prints_money(report: Report) -> bool:
    """True for a book that prints the budget lines with the tag of a service."""
    parts = (p.part for p in placed_parts(places.edition_of(report)))
    return any(isinstance(p, Measures) and p.of in WITH_MONEY for p in parts)


def _below(
    model: Any, names: tuple[str, ...], report: Report, codes: Mapping[int, str]
) -> list[list[str]]:
    """Rows that hang on lines of the programs of the year; those of a line in their own order."""
    rows = db.session.execute(
        sa.select(BudgetLine.unit_id, BudgetLine.kode, model)
        .join(model, model.line_id == BudgetLine.id).where(BudgetLine.year == report.year)
        .order_by(model.id)
    )  # fmt: skip
    found = [
        [codes[unit], code, *(queries.spelled(getattr(row, name)) for name in names)]
        for unit, code, row in rows
    ]
    return sorted(found, key=lambda row: row[:2])


def _rows(model: Any, kind: Any, year: int, codes: Mapping[int, str]) -> list[list[Any]]:
    names = ("uraian", *rules.fields(kind))
    found = [
        [codes[r.unit_id], r.kode, {k: v for k in names if (v := queries.spelled(getattr(r, k)))}]
        for r in db.session.scalars(sa.select(model).where(model.year == year))
    ]
    return sorted(found, key=lambda row: (row[0], rules.order(row[1])))


def load(data: Mapping[str, Any], report: Report, units: Mapping[str, int], actor: Actor) -> int:
    """Put budget and recommendations in; returns how many rows were touched."""
    count = 0
    for kind in ("programs", "accounts"):
        for unit, code, cells in data.get("budget", {}).get(kind, []):
            count += _put(kind, report.year, units[unit], code, cells, actor)
    count += _put_below(data.get("budget", {}), report.year, units, actor)
    known = {
        (r.kode, r.text)
        for r in db.session.scalars(
            sa.select(Recommendation).where(Recommendation.year == report.year)
        )
    }
    for n, raw in enumerate(data.get("recommendations", []), 1):
        if (raw["kode"], raw["text"]) in known:
            continue
        db.session.add(Recommendation(
            **{k: raw[k] for k in _TEXTS}, year=report.year, position=n * 10, since=clock.now(),
            unit_id=units.get(raw["unit"]),
            decision_on=date.fromisoformat(raw["on"]) if raw["on"] else None,
        ))  # fmt: skip
        count += 1
    db.session.flush()
    return count


def _put_below(
    given: Mapping[str, Any], year: int, units: Mapping[str, int], actor: Actor
) -> int:  # fmt: skip
    """Triwulan, sources of money and anggaran kas; returns how many rows were touched."""
    lines = {
        (line.unit_id, line.kode): line
        for line in db.session.scalars(sa.select(BudgetLine).where(BudgetLine.year == year))
    }
    count = 0
    for unit, code, period, spent, done in given.get("quarters", []):
        line = lines[units[unit], code]
        count += flow.put_period(line, period, _exact(spent), _exact(done), actor)
    funds: dict[tuple[int, str], dict[str, Decimal]] = {}
    for unit, code, fund, pagu in given.get("funds", []):
        funds.setdefault((units[unit], code), {})[fund] = _exact(pagu) or Decimal(0)
    for key, amounts in funds.items():
        stood = {f.fund: f.pagu for f in queries.funds(lines[key].id)}
        if stood != amounts:
            flow.put_funds(lines[key], amounts, actor)
            count += 1
    for unit, month, planned, spent in given.get("cash", []):
        for field, amount in (("rencana", planned), ("realisasi", spent)):
            count += flow.put_cash(year, units[unit], int(month), field, _exact(amount), actor)
    return count


def _exact(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _put(kind: Any, year: int, unit: int, code: str, cells: Mapping[str, str], actor: Actor) -> int:
    line, made = flow.ensure_line(kind, year, unit, code, cells.get("uraian", ""))
    changed = made
    for name in ("uraian", *rules.fields(kind)):
        saved = flow.put(line, name, cells.get(name, ""), None, actor)
        changed |= saved.status == "ok"
    return int(changed)
