"""Origins of money: a line of the budget, its triwulan, the file that it was imported from."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from portal.budget import queries as budget
from portal.budget.models import BudgetLine, BudgetPeriod, BudgetRev, ImportRun
from portal.budget.queries import TreeRow
from portal.db import db
from portal.documents.trace_origin import Origin, Tracer
from portal.indonesian import long_date, number
from portal.outlines.measured import Activity
from portal.outlines.parts import Accounts, Programs
from portal.outlines.trees import kind_of
from portal.people import queries as people
from portal.reports import measures_bridge, trees
from portal.reports.models import Entry
from portal.reports.places import columns_of

if TYPE_CHECKING:
    from portal.outlines.schema import Placed

Rows = dict[str, TreeRow]


def rows_of(tracer: Tracer, entry: Entry, part: Programs | Accounts) -> Rows:
    """The rows of an isian that the budget feeds, by code; read once."""
    key = ("rows", entry.id)
    if key not in tracer.kept:
        tracer.kept[key] = {row.uid: row for row in trees.rows_of(entry, part)}
    return tracer.kept[key]  # type: ignore[return-value]


def cell(tracer: Tracer, entry: Entry, placed: Placed, code: str, column: str) -> Origin | None:
    """One field of a row: who wrote it when, from which file, and its triwulan."""
    part = placed.part
    assert isinstance(part, Programs | Accounts)  # noqa: S101 - asked by the caller
    row = rows_of(tracer, entry, part).get(code)
    if row is None:
        return None
    found = next((c for c in columns_of(part) if c.key == column), None)
    unit = tracer.unit_codes.get(trees.unit_of(entry, part), "")
    made = Origin(
        f"cell:{part.key}@@{tracer.unit_codes.get(entry.supplier_unit_id, '')}:{code}:{column}",
        "sel", f"{code} {row.cells.get('uraian', '')}, {unit}, {found.label if found else column}",
        entry_id=entry.id,
    )  # fmt: skip
    _written(tracer, made, row, column, kind_of(part))
    if kind_of(part) == "programs" and column in ("realisasi", "capaian"):
        made.parts = _quarters(tracer, made, row, column)
        if made.parts and not made.person:
            made.formula = "dari triwulan"
    return tracer.settled(made)


def _written(tracer: Tracer, made: Origin, row: TreeRow, column: str, kind: str) -> None:
    text = row.cells.get(column, "")
    made.exact = number_of(text)
    made.value = number(made.exact) if made.exact is not None else text
    n, by, at, _raw = row.heads.get(column) or (0, "", "", "")
    made.rev, made.person = int(n), by
    made.at = datetime.fromisoformat(at) if at else None
    line = "line" if kind == "programs" else "account"
    made.evidence += _files(tracer, f"{line}:{row.id}", column, int(n))


def _files(tracer: Tracer, subject: str, field: str, n: int) -> list[str]:
    """The imported file that wrote a revision, if one did."""
    query = (
        sa.select(BudgetRev.subject, BudgetRev.field, BudgetRev.n, ImportRun)
        .join(ImportRun, BudgetRev.run_id == ImportRun.id)
    )  # fmt: skip
    if tracer.most is None:  # many numbers are asked for: read all at once
        if ("files",) not in tracer.kept:
            tracer.kept["files",] = {(s, f, m): run for s, f, m, run in db.session.execute(query)}
        every: Any = tracer.kept["files",]
        run = every.get((subject, field, n))
    else:
        row = db.session.execute(query.where(
            BudgetRev.subject == subject, BudgetRev.field == field, BudgetRev.n == n)
        ).first()  # fmt: skip
        run = row[3] if row else None
    if run is None:
        return []
    return [f"Berkas {run.name}, diunggah {run.by_label} {long_date(run.at.date())}"]


def _quarters(tracer: Tracer, of: Origin, row: TreeRow, column: str) -> list[Origin]:
    """The triwulan of a line, each with its person."""
    if ("quarters", "all") not in tracer.kept:
        held: dict[int, list[BudgetPeriod]] = {}
        for one in db.session.scalars(
            sa.select(BudgetPeriod).join(BudgetLine, BudgetPeriod.line_id == BudgetLine.id)
            .where(BudgetLine.year == tracer.report.year).order_by(BudgetPeriod.period)
        ):  # fmt: skip
            held.setdefault(one.line_id, []).append(one)
        tracer.kept["quarters", "all"] = held
    mine: Any = tracer.kept["quarters", "all"]
    out = []
    for one in mine.get(row.id, ()):
        value = getattr(one, column)
        if value is None:
            continue
        made = Origin(f"{of.ref}.{one.period}", "sel", f"{of.title}, {one.period}",
                      number(value), value, entry_id=of.entry_id)  # fmt: skip
        n, by, at, _raw = row.heads.get(f"{column}.{one.period}") or (0, "", "", "")
        made.rev, made.person = int(n), by
        made.at = datetime.fromisoformat(at) if at else None
        made.evidence = _files(tracer, f"line:{row.id}", f"{column}.{one.period}", int(n))
        out.append(made)
    return out


def number_of(text: str) -> Decimal | None:
    """A canonical cell as a number."""
    try:
        return Decimal(text) if text else None
    except ArithmeticError:
        return None


# --- lines with the tag of a service --------------------------------------------------------


def line(tracer: Tracer, ref: str, rest: str) -> Origin | None:
    """``2025:DINKES:1.02...:pagu``; also ``realisasi``, ``TW2`` (through) and ``Q2`` (alone)."""
    names = rest.split(":")
    if len(names) != 4 or not names[0].isdigit():
        return None
    year, code, what = int(names[0]), names[2], names[3]
    owner = people.unit_by_code(names[1])
    if owner is None:
        return None
    row = _rows_of_unit(tracer, year, owner.id).get(code)
    if row is None:
        return None
    made = Origin(ref, "sel", f"{code} {row.cells.get('uraian', '')}, {names[1]}, {what}",
                  entry_id=_program_entry(tracer, owner.id))  # fmt: skip
    field = "pagu" if what == "pagu" else "realisasi"
    _written(tracer, made, row, field, "programs")
    if field == "realisasi":
        quarters = _quarters(tracer, made, row, field)
        if what != "realisasi":
            last = int(what[-1])
            wanted = (last,) if what.startswith("Q") else range(1, last + 1)
            quarters = [q for q in quarters if int(q.ref[-1]) in wanted]
            if quarters and not (what == "TW4" and made.person):
                made.exact = sum((q.exact for q in quarters if q.exact is not None), Decimal(0))
                made.value, made.formula = number(made.exact), "jumlah triwulan"
        made.parts = quarters
    return tracer.settled(made)


def _rows_of_unit(tracer: Tracer, year: int, unit_id: int) -> Rows:
    key = ("unit rows", year, unit_id)
    if key not in tracer.kept:
        tracer.kept[key] = {r.uid: r for r in budget.rows("programs", year, unit_id)}
    return tracer.kept[key]  # type: ignore[return-value]


def _program_entry(tracer: Tracer, unit_id: int) -> int:
    """The isian in which a unit types its programs, of any report of the year."""
    key = ("program entries",)
    if key not in tracer.kept:
        kinds = {p.key for r in tracer.reports for p in trees.parts_of(r).values()
                 if isinstance(p, Programs)} | {"lkpj_capaian"}  # fmt: skip
        tracer.kept[key] = {
            unit: entry for unit, entry in db.session.execute(
                sa.select(Entry.supplier_unit_id, sa.func.min(Entry.id))
                .where(Entry.part_key.in_(kinds), Entry.report.has(year=tracer.report.year))
                .group_by(Entry.supplier_unit_id)
            )
        }  # fmt: skip
    found: Any = tracer.kept[key]
    return int(found.get(unit_id, 0))


def tagged(tracer: Tracer, ref: str, rest: str) -> Origin | None:
    """``ks1:2025:pagu``: the sum of the lines that carry a service."""
    names = rest.split(":")
    if len(names) != 3 or not names[1].isdigit():
        return None
    parts = [
        o for a in _tagged_lines(tracer, int(names[1])) if a.service == names[0]
        and (o := line(tracer, f"anggaran:{names[1]}:{a.unit}:{a.code}:{names[2]}",
                       f"{names[1]}:{a.unit}:{a.code}:{names[2]}"))
    ]  # fmt: skip
    made = Origin(ref, "jumlah", f"Anggaran SPM {names[0].upper()} {names[1]}, {names[2]}",
                  formula="jumlah sub kegiatan bertanda SPM")  # fmt: skip
    values = [o.exact for o in parts if o.exact is not None]
    made.exact = sum(values, Decimal(0)) if values else None
    made.value = number(made.exact) if made.exact is not None else ""
    made.entry_id = parts[0].entry_id if parts else 0
    return tracer.settled(tracer.shortened(made, parts))


def _tagged_lines(tracer: Tracer, year: int) -> tuple[Activity, ...]:
    key = ("tagged", year)
    if key not in tracer.kept:
        tracer.kept[key] = measures_bridge.activities(year)
    return tracer.kept[key]  # type: ignore[return-value]
