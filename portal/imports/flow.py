"""Reads a file, says what it would change, writes it: right rows, or none. Callers commit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal import clock, uploads
from portal.budget import flow as budget
from portal.budget import nomenclature, queries, rules
from portal.budget.models import (
    AccountLine,
    BudgetLine,
    BudgetRev,
    CashPlan,
    ImportMapping,
    ImportRun,
)
from portal.db import db
from portal.dprd import flow as dprd
from portal.dprd.models import Recommendation
from portal.imports import grid, mapping, planning, reading
from portal.imports.mapping import Layout
from portal.imports.planning import Plan, PlanRow
from portal.imports.targets import Target
from portal.people import queries as people
from portal.people.rules import Actor
from portal.trail import flow as trail
from portal.uploads import Kind


@dataclass(frozen=True)
class Read:
    """A file that was read: its sheets, where its table lies, whether that was remembered."""

    target: Target
    sheets: list[grid.Sheet]
    layout: Layout
    remembered: str = ""


@dataclass(frozen=True)
class Where:
    """Whose rows they are: the budget year, the unit (the region for its own accounts)."""

    year: int
    unit_id: int | None


def read(target: Target, data: bytes, name: str) -> Read:
    """Take a file in and find its table. uploads.Refused and grid.SheetError carry sentences."""
    checked = uploads.check(data, name, uploads.SHEETS)
    sheets = grid.read(checked.data, checked.kind is Kind.CSV)
    found = mapping.guess(target, sheets)
    known = db.session.scalar(
        sa.select(ImportMapping).where(
            ImportMapping.target == target.key, ImportMapping.mark == found.mark
        )
    )
    if known is not None:
        columns = {k: int(v) for k, v in known.columns.items()}
        layout = Layout(found.sheet, found.header, columns, found.labels, found.mark)
        return Read(target, sheets, layout, known.label or "tanpa nama")
    return Read(target, sheets, found)


def with_choice(found: Read, sheet: int, header: int, columns: Mapping[str, int]) -> Read:
    """The same file with the table where the user says it lies."""
    layout = mapping.laid(found.target, found.sheets, sheet, header, columns)
    return Read(found.target, found.sheets, layout)


def lacking(found: Read) -> list[str]:
    """Fields without which nothing can be read, by label."""
    return [
        f.label for f in found.target.fields if f.required and f.key not in found.layout.columns
    ]


def plan(found: Read, where: Where) -> Plan:
    """What the file would change; nothing is written."""
    names = nomenclature.for_year(where.year)
    sheet = found.sheets[found.layout.sheet]
    rows = reading.rows(found.target, sheet, found.layout, names.bidang)
    if found.target.key in ("capaian", "lra"):
        kind: Any = "accounts" if found.target.key == "lra" else "programs"
        now = {r.uid: r.cells for r in queries.rows(kind, where.year, where.unit_id or 0)}
        return planning.tree_plan(found.target, rows, now)
    if found.target.key == "kas":
        return planning.cash_plan(
            found.target, rows, unit_names(), where.unit_id, _cash_now(where.year)
        )
    return planning.dprd_plan(found.target, rows, unit_names(), names.bidang, _dprd_now(where.year))


def unit_names() -> dict[str, int]:
    """Names, short names and codes of today's units in small letters."""
    out: dict[str, int] = {}
    for unit in people.units_on(people.today()):
        for name in (unit.code, unit.short_name, unit.name):
            out.setdefault(name.casefold().strip(), unit.id)
    return out


def _cash_now(year: int) -> dict[tuple[int, int, str], Decimal | None]:
    found = db.session.scalars(sa.select(CashPlan).where(CashPlan.year == year))
    out: dict[tuple[int, int, str], Decimal | None] = {}
    for row in found:
        for sort, value in (("rencana", row.rencana), ("realisasi", row.realisasi)):
            if value is not None:
                out[row.unit_id, row.month, sort] = value
    return out


def _dprd_now(year: int) -> dict[tuple[str, str], dict[str, str]]:
    found = db.session.scalars(sa.select(Recommendation).where(Recommendation.year == year))
    return {
        (r.kode, " ".join(r.text.split())): {"tindak_lanjut": r.tindak_lanjut, "tujuan": r.tujuan}
        for r in found
    }


# --- writing --------------------------------------------------------------------------------


def remember(found: Read, label: str, actor: Actor) -> None:
    """Keep the mapping for the next file with the same heading."""
    layout = found.layout
    stored = db.session.scalar(
        sa.select(ImportMapping).where(
            ImportMapping.target == found.target.key, ImportMapping.mark == layout.mark
        )
    )
    if stored is None:
        stored = ImportMapping(target=found.target.key, mark=layout.mark, columns={},
                               at=clock.now())  # fmt: skip
        db.session.add(stored)
    stored.columns, stored.label = dict(layout.columns), label.strip()[:120]
    stored.by_label, stored.at = actor.label, clock.now()
    db.session.flush()


def apply(made: Plan, where: Where, data: bytes, name: str, actor: Actor) -> ImportRun:
    """Write the right rows of a plan; the caller decides whether wrong ones stop it."""
    run = ImportRun(
        target=made.target, year=where.year, unit_id=where.unit_id, name=name[:200],
        sha256=hashlib.sha256(data).hexdigest(), same=made.count("sama"),
        left_out=made.count("salah"), added=made.count("baru"), changed=made.count("berubah"),
        by_term_id=actor.term_id, by_label=actor.label, at=clock.now(),
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    write = {"capaian": _tree, "lra": _tree, "kas": _kas, "dprd": _dprd}[made.target]
    write(made, where, run, actor)
    trail.record(
        f"budget:{where.year}:{where.unit_id or 0}", "mengimpor berkas", f"import:{run.id}", actor,
        None, {"berkas": run.name, "baru": run.added, "berubah": run.changed},
    )  # fmt: skip
    db.session.flush()
    return run


def _tree(made: Plan, where: Where, run: ImportRun, actor: Actor) -> None:
    kind: Any = "accounts" if made.target == "lra" else "programs"
    model: Any = AccountLine if kind == "accounts" else BudgetLine
    unit = where.unit_id or 0
    lines: dict[str, Any] = {
        line.kode: line
        for line in db.session.scalars(
            sa.select(model).where(model.year == where.year, model.unit_id == unit)
        )
    }
    for row in sorted(made.writes, key=lambda r: len(r.key)):
        line = lines.get(row.key)
        if line is None:
            title = row.extra.get("uraian", "")
            line, _ = budget.ensure_line(kind, where.year, unit, row.key, title)
            lines[row.key] = line
        _write(line, kind, row, run, actor)
    db.session.flush()


def _write(line: Any, kind: Any, row: PlanRow, run: ImportRun, actor: Actor) -> None:
    """All changed fields of one line, with one revision each."""
    sorts = {**rules.fields(kind), "uraian": "text"}
    now = clock.now()
    heads = dict(line.heads or {})
    for change in row.changes:
        value = row.extra[change.field]
        before = queries.spelled(getattr(line, change.field))
        if change.field == "uraian":
            value = value[:600]
        setattr(line, change.field, value if sorts[change.field] == "text" else Decimal(value))
        n = (heads.get(change.field) or [0])[0] + 1
        heads[change.field] = [n, actor.label, now.isoformat(), ""]
        db.session.add(BudgetRev(
            subject=budget.subject(line), field=change.field, n=n, before=before, after=value,
            run_id=run.id, by_term_id=actor.term_id, by_label=actor.label, at=now,
        ))  # fmt: skip
    line.heads = heads


def _kas(made: Plan, where: Where, run: ImportRun, actor: Actor) -> None:
    for row in made.writes:
        unit, _, sort = row.key.partition(":")
        for month, text in row.extra.items():
            budget.put_cash(where.year, int(unit), int(month), sort, Decimal(text), actor, run.id)


def _dprd(made: Plan, where: Where, run: ImportRun, actor: Actor) -> None:
    stood = {
        (r.kode, " ".join(r.text.split())): r
        for r in db.session.scalars(
            sa.select(Recommendation).where(Recommendation.year == where.year)
        )
    }
    for row in made.writes:
        extra = row.extra
        known = stood.get((extra["kode"], extra["rekomendasi"]))
        given = dprd.Given(
            text=extra["rekomendasi"], kode=extra["kode"],
            unit_id=int(extra["unit"]) if extra["unit"] else None,
            tindak_lanjut=extra.get("tindak_lanjut", ""), tujuan=extra.get("tujuan", ""),
        )  # fmt: skip
        if known is None:
            dprd.add(where.year, given, actor)
        else:
            dprd.take_over(known, given, run.name, actor)


def applied_before(data: bytes, target: str, where: Where) -> ImportRun | None:
    """The newest run that took in exactly this file for the same year and unit."""
    return db.session.scalar(
        sa.select(ImportRun).where(
            ImportRun.sha256 == hashlib.sha256(data).hexdigest(), ImportRun.target == target,
            ImportRun.year == where.year, ImportRun.unit_id == where.unit_id,
        ).order_by(ImportRun.id.desc())
    )  # fmt: skip
