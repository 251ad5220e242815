"""Bring last year's content into a newly opened book; confirm what was brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.db import db
from portal.people.rules import Actor, Permission
from portal.reports import carry, queries
from portal.reports.flow_open import claim
from portal.reports.flow_save import lock, touch
from portal.reports.models import Entry, EntryCell, EntryRow, EntryUpload, Report
from portal.reports.refusal import Refused
from portal.reports.richtext import pictures
from portal.reports.rules import TargetError, parse_target
from portal.trail.flow import record


@dataclass(frozen=True)
class Carried:
    """What was done: isian and cells that took something, and the isian that did not."""

    entries: int
    cells: int
    left: int


def carry_over(report: Report, actor: Actor, numbers: bool = False) -> Carried:
    """Fill the empty isian of ``report`` from last year's book; asked twice it adds nothing.

    ``numbers`` also takes the numbers of tables. Every cell is marked with its year; an isian
    stays "Belum diisi" until somebody of its Perangkat Daerah confirms or changes it. Refused
    with a sentence when there is no book of last year.
    """
    claim(Report.id == report.id)
    plan = carry.plan(report, numbers)
    if plan.source is None or plan.reason:
        raise Refused(plan.reason)
    year, now = plan.source.year, clock.now()
    rows: list[dict[str, Any]] = []
    cells: list[dict[str, Any]] = []
    uploads: list[dict[str, Any]] = []
    for line in plan.takes:
        assert line.take is not None  # noqa: S101 - takes are the lines with one
        entry = line.entry.id
        common = {"entry_id": entry, "rev": 1, "raw": None, "at": now, "carried": year,
                  "by_label": f"dari laporan {year}, dibawa {actor.label}"[:200]}  # fmt: skip
        for name, value in line.take.fields.items():
            cells.append({**common, "row": "", "field": name, "value": value})
            uploads += _uploads(entry, name, value, year, actor)
        for n, (uid, found) in enumerate(line.take.rows, 1):
            rows.append({"entry_id": entry, "uid": uid, "position": n * 1000, "deleted": False,
                         "by_label": common["by_label"]})  # fmt: skip
            cells += [{**common, "row": uid, "field": k, "value": v} for k, v in found.items()]
        line.entry.content_rev += 1
    for model, values in ((EntryRow, rows), (EntryCell, cells), (EntryUpload, uploads)):
        if values:
            db.session.execute(sa.insert(model), values)
    db.session.flush()
    done = Carried(len(plan.takes), len(cells), len(plan.lines) - len(plan.takes))
    if done.entries:
        record(
            f"report:{report.id}", "membawa isi tahun lalu", f"report:{report.id}", actor, None,
            {"dari": year, "isian": done.entries, "sel": done.cells, "angka": numbers,
             "format": [plan.source.edition, report.edition]},
        )  # fmt: skip
    return done


def _uploads(entry: int, name: str, value: str, year: int, actor: Actor) -> list[dict[str, Any]]:
    """Pictures that come along belong to the new isian as well."""
    shas = {value} if name == "file" else set(pictures(value)) if name == "text" else set()
    return [
        {"entry_id": entry, "sha256": sha, "name": f"gambar {year}", "by_label": actor.label,
         "at": clock.now()}
        for sha in sorted(shas)
    ]  # fmt: skip


def confirm(entry: Entry, actor: Actor, targets: tuple[str, ...] = ()) -> int:
    """ "Sudah diperiksa": what came from last year holds for this year too; how many cells.

    Without ``targets`` all of the isian, else these fields, or whole rows (``r:<uid>``). Only who
    may write the isian can say so; it is recorded, and makes an untouched isian a draft.
    """
    lock(entry)
    desk = queries.desk_of(actor, entry)
    if desk is None or not desk.may_write or not actor.may(Permission.ENTRY_WRITE):
        raise Refused(desk.why_not if desk else "Isian ini bukan milik perangkat daerah Bapak/Ibu.")
    query = sa.select(EntryCell).where(
        EntryCell.entry_id == entry.id, EntryCell.carried.is_not(None)
    )
    if targets:
        query = query.where(sa.or_(*(_which(target) for target in targets)))
    found = list(db.session.scalars(query.order_by(EntryCell.id)))
    years = sorted({cell.carried for cell in found if cell.carried is not None})
    for cell in found:
        cell.carried = None
    if found:
        touch(entry, actor)
        record(
            f"report:{entry.report_id}", "memeriksa isi tahun lalu", f"entry:{entry.id}", actor,
            None, {"sel": len(found), "tahun": years, "bagian": list(targets) or "semua"},
        )  # fmt: skip
    return len(found)


def _which(text: str) -> sa.ColumnElement[bool]:
    try:
        target = parse_target(text)
    except TargetError as error:
        raise Refused(str(error)) from error
    if target.kind == "r":
        return EntryCell.row == target.row
    return sa.and_(EntryCell.row == target.row, EntryCell.field == target.field)
