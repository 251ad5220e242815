"""Deadlines of reports, and isian that were returned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date

import sqlalchemy as sa

from portal.db import db
from portal.notices.sources import Subject, ids
from portal.people.kinds import Role
from portal.people.models import Position
from portal.people.queries import open_units, units_on
from portal.reports.models import Entry, EntryState, Obstacle, Report

_NOT_SENT = (EntryState.KOSONG, EntryState.DRAF, EntryState.DIKEMBALIKAN, EntryState.DIBUKA_KEMBALI)


def _operators() -> dict[int, tuple[int, ...]]:
    """The jabatan of operators, by unit: one query."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = db.session.execute(
        sa.select(Position.unit_id, Position.id)
        .where(Position.role == Role.OPERATOR, Position.active)
        .order_by(Position.id)
    )
    for unit_id, position_id in rows:
        found[unit_id].append(position_id)
    return {unit: tuple(positions) for unit, positions in found.items()}


def _book(kind: str, year: int) -> str:
    return f"{kind.upper()} {year}"


class Returned:
    """An isian that came back: told at once, again only when it is returned again."""

    name, ladder = "entry", "returned"

    def due(self, limit: date, today: date) -> Iterator[Subject]:  # noqa: ARG002 - of the protocol
        """All isian that stand returned; the index on the state keeps it cheap."""
        rows = db.session.execute(
            sa.select(Entry.id, Entry.version, Entry.supplier_unit_id, Report.kind, Report.year,
                      Report.internal_deadline)
            .join(Report, Entry.report_id == Report.id)
            .where(Entry.state == EntryState.DIKEMBALIKAN)
            .order_by(Entry.id)
        ).all()  # fmt: skip
        if not rows:
            return
        operators, names = _operators(), {u.id: u.short_name for u in units_on(today)}
        for row in rows:
            words = {"buku": _book(row.kind, row.year), "pd": names.get(row.supplier_unit_id, "")}
            yield Subject(
                f"entry:{row.id}", row.version, "returned",
                operators.get(row.supplier_unit_id, ()), row.internal_deadline,
                f"/isian/{row.id}", words, unit_id=row.supplier_unit_id,
            )  # fmt: skip

    def alive(self, keys: Collection[str]) -> dict[str, int]:
        """Isian that still stand returned."""
        named = ids(keys)
        rows = db.session.execute(
            sa.select(Entry.id, Entry.version)
            .where(Entry.id.in_(named), Entry.state == EntryState.DIKEMBALIKAN)
        )  # fmt: skip
        return {named[row.id]: row.version for row in rows}


class Deadlines:
    """What one Perangkat Daerah still owes to one report: ``report:3:unit:7``."""

    name, ladder = "report", "report"

    def due(self, limit: date, today: date) -> Iterator[Subject]:
        """Units with isian that are not sent, of reports whose batas internal comes near."""
        owed = self._owed(limit, today)
        operators, names = _operators(), {u.id: u.short_name for u in units_on(today)}
        opened = {kind: open_units(kind, today) for kind in {key[1] for key in owed}}
        for (report_id, kind, year, due, unit_id), count in owed.items():
            units = opened[kind]
            if units is not None and unit_id not in units:
                continue  # not yet in its tahap: the secretariat enters for it
            words = {"jumlah": str(count), "buku": _book(kind, year), "pd": names.get(unit_id, "")}
            yield Subject(
                f"report:{report_id}:unit:{unit_id}", due.toordinal(), "report",
                operators.get(unit_id, ()), due, f"/tugas?laporan={report_id}", words,
                unit_id=unit_id,
            )  # fmt: skip

    def _owed(self, limit: date, today: date) -> Mapping[tuple[int, str, int, date, int], int]:
        quiet = sa.exists().where(
            Obstacle.entry_id == Entry.id, Obstacle.closed_at.is_(None),
            Obstacle.quiet_until >= today,
        )  # fmt: skip
        key = (Report.id, Report.kind, Report.year, Report.internal_deadline,
               Entry.supplier_unit_id)  # fmt: skip
        query = (
            sa.select(*key, sa.func.count(Entry.id))
            .join(Entry, Entry.report_id == Report.id)
            .where(Entry.state.in_(_NOT_SENT), Report.internal_deadline <= limit, ~quiet)
            .group_by(*key).order_by(Report.id, Entry.supplier_unit_id)
        )  # fmt: skip
        return {(row[0], row[1], row[2], row[3], row[4]): row[5]
                for row in db.session.execute(query) if row[3] is not None}  # fmt: skip

    def alive(self, keys: Collection[str]) -> dict[str, int]:
        """Units that still owe something; a kendala that is accepted makes it quiet, not gone."""
        wanted = {(int(k.split(":")[1]), int(k.split(":")[3])): k for k in keys}
        rows = db.session.execute(
            sa.select(Report.id, Entry.supplier_unit_id, Report.internal_deadline).distinct()
            .join(Entry, Entry.report_id == Report.id)
            .where(Entry.state.in_(_NOT_SENT), Report.internal_deadline.is_not(None),
                   Report.id.in_({report for report, _ in wanted}))
        )  # fmt: skip
        return {wanted[row[0], row[1]]: row[2].toordinal() for row in rows
                if row[2] is not None and (row[0], row[1]) in wanted}  # fmt: skip


RETURNED = Returned()
DEADLINES = Deadlines()

__all__ = ["DEADLINES", "RETURNED"]
