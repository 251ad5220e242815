"""The budget and rekomendasi DPRD behind a report, in the file of ``flask report export``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.budget import flow, queries, rules
from portal.budget.models import AccountLine, BudgetLine
from portal.db import db
from portal.dprd.models import Recommendation
from portal.outlines.parts import Recommendations
from portal.people.rules import Actor
from portal.reports import places, trees
from portal.reports.models import Report

_TEXTS = ("kode", "decision_no", "origin", "text", "tindak_lanjut", "tujuan", "state")


def export(report: Report, codes: Mapping[int, str]) -> dict[str, Any]:
    """``budget`` and ``recommendations`` when the report prints them; {} otherwise."""
    out: dict[str, Any] = {}
    if trees.parts_of(report):
        out["budget"] = {
            "programs": _rows(BudgetLine, "programs", report.year, codes),
            "accounts": _rows(AccountLine, "accounts", report.year, codes),
        }
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


def _put(kind: Any, year: int, unit: int, code: str, cells: Mapping[str, str], actor: Actor) -> int:
    line, made = flow.ensure_line(kind, year, unit, code, cells.get("uraian", ""))
    changed = made
    for name in ("uraian", *rules.fields(kind)):
        saved = flow.put(line, name, cells.get(name, ""), None, actor)
        changed |= saved.status == "ok"
    return int(changed)
