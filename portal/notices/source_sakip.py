"""Perjanjian Kinerja and Rencana Aksi that a Perangkat Daerah owes, by the dates of the Jadwal."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

import sqlalchemy as sa

from portal.db import db
from portal.indonesian import TRIWULAN
from portal.notices.sources import Subject
from portal.people.kinds import Module, Role
from portal.people.models import Position
from portal.people.queries import open_units, units_on
from portal.reports.models import Deadline
from portal.sakip.models import ActionPlan, Agreement
from portal.sakip.queries import HOUSE

Owed = dict[tuple[int, int], Deadline]  # (deadline, unit) -> its row


def _words(row: Deadline) -> str:
    if row.kind == "pk":
        return f"Perjanjian Kinerja {row.year}"
    return f"Rencana Aksi {TRIWULAN.get(row.period, 'target')} {row.year}"


def _link(row: Deadline, code: str) -> str:
    if row.kind == "pk":
        return f"/sakip/pk?tahun={row.year}&unit={code}"
    return f"/sakip/renaksi?tahun={row.year}&unit={code}&bagian={row.period or 'RENCANA'}"


def _owed(rows: list[Deadline], units: Collection[int]) -> Owed:
    """Which unit has not done what is due: three queries, however many units."""
    years = {row.year for row in rows}
    done = {
        (a.year, a.unit_id)
        for a in db.session.execute(
            sa.select(Agreement.year, Agreement.unit_id)
            .where(Agreement.year.in_(years), Agreement.form == "pd",
                   Agreement.state.not_in(("draf", "dikembalikan")))
        )
    }  # fmt: skip
    sent = {
        (p.year, p.unit_id): set(p.sent)
        for p in db.session.scalars(sa.select(ActionPlan).where(ActionPlan.year.in_(years)))
    }
    out: Owed = {}
    for row in rows:
        for unit in units:
            if row.kind == "pk":
                finished = (row.year, unit) in done
            else:
                finished = (row.period or "RENCANA") in sent.get((row.year, unit), ())
            if not finished:
                out[row.id, unit] = row
    return out


def _open(today: date) -> dict[int, str]:
    """Units that fill their SAKIP themselves: id -> short name."""
    opened = open_units(Module.SAKIP, today)
    return {
        u.id: u.short_name for u in units_on(today)
        if u.kind in HOUSE and (opened is None or u.id in opened)
    }  # fmt: skip


class Performance:
    """``sakip:<deadline>:unit:<unit>``; a Jadwal that is moved reminds anew."""

    name, ladder = "sakip", "report"

    def due(self, limit: date, today: date) -> Iterator[Subject]:
        """What is owed and whose batas internal comes near; at most a year old."""
        rows = list(db.session.scalars(
            sa.select(Deadline)
            .where(Deadline.kind.in_(("pk", "renaksi")), Deadline.internal <= limit,
                   Deadline.year >= today.year - 1, Deadline.opens <= today)
            .order_by(Deadline.id)
        ))  # fmt: skip
        if not rows:
            return
        names = _open(today)
        codes = {u.id: u.code for u in units_on(today)}
        desks: dict[int, list[int]] = {}
        for unit_id, position_id in db.session.execute(
            sa.select(Position.unit_id, Position.id)
            .where(Position.role == Role.OPERATOR, Position.active).order_by(Position.id)
        ):  # fmt: skip
            desks.setdefault(unit_id, []).append(position_id)
        for (row_id, unit), row in _owed(rows, names).items():
            words = {"jumlah": "1", "buku": _words(row), "pd": names[unit]}
            yield Subject(
                f"sakip:{row_id}:unit:{unit}", row.internal.toordinal(), "report",
                tuple(desks.get(unit, ())), row.internal, _link(row, codes[unit]), words,
                unit_id=unit,
            )  # fmt: skip

    def alive(self, keys: Collection[str]) -> dict[str, int]:
        """What is still owed."""
        wanted = {(int(k.split(":")[1]), int(k.split(":")[3])): k for k in keys}
        rows = list(db.session.scalars(
            sa.select(Deadline).where(Deadline.id.in_({row for row, _ in wanted}))
        ))  # fmt: skip
        owed = _owed(rows, {unit for _, unit in wanted}) if rows else {}
        return {wanted[key]: row.internal.toordinal() for key, row in owed.items()
                if key in wanted}  # fmt: skip


PERFORMANCE = Performance()
