"""What should be told today: reads isian and steps, writes nothing.

Level-triggered: the same day gives the same list, however often it is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.clock import IsWorkday
from portal.contracts.models import Contract, ContractRole, Step, StepState
from portal.db import db
from portal.notices.rules import rungs_due, short_date
from portal.people.kinds import Role
from portal.people.models import Position, Term
from portal.people.queries import open_units, units_on
from portal.reports.models import Entry, EntryState, Obstacle, Report

#: Working days before a deadline on which the pengampu is reminded.
REPORT_RUNGS = (3, 1)
STEP_RUNGS = (3, 1)
_NOT_SENT = (EntryState.KOSONG, EntryState.DRAF, EntryState.DIKEMBALIKAN, EntryState.DIBUKA_KEMBALI)


@dataclass(frozen=True)
class Due:
    """One duty to tell one jabatan."""

    subject: str
    cycle: int
    rung: str
    position_id: int
    person_id: int
    title: str
    short: str
    link: str
    due_on: date | None


@dataclass(frozen=True)
class _Holder:
    position_id: int
    person_id: int
    unit_id: int
    role: str


def _holders(on: date, roles: tuple[Role, ...]) -> dict[tuple[int, str], list[_Holder]]:
    """Who holds a jabatan of these roles today, by unit and role: one query."""
    rows = db.session.execute(
        sa.select(Position.id, Term.person_id, Position.unit_id, Position.role)
        .join(Term, Term.position_id == Position.id)
        .where(
            Position.active,
            Position.role.in_(roles),
            Term.valid_from <= on,
            sa.or_(Term.valid_to.is_(None), Term.valid_to >= on),
        )
        .order_by(Position.id, Term.id)
    )
    found: dict[tuple[int, str], list[_Holder]] = defaultdict(list)
    for row in rows:
        found[row.unit_id, row.role].append(_Holder(*row))
    return found


def all_due(today: date, is_workday: IsWorkday) -> Iterator[Due]:
    """Everything that somebody must have been told by ``today``."""
    operators = _holders(today, (Role.OPERATOR,))
    names = {unit.id: unit.short_name for unit in units_on(today)}
    yield from _returned(operators, names)
    yield from _report_deadlines(today, is_workday, operators, names)
    yield from _steps(today, is_workday)


def _returned(
    operators: dict[tuple[int, str], list[_Holder]], names: dict[int, str]
) -> Iterator[Due]:
    rows = db.session.execute(
        sa.select(Entry.id, Entry.version, Entry.supplier_unit_id, Report.kind, Report.year,
                  Report.internal_deadline)
        .join(Report, Entry.report_id == Report.id)
        .where(Entry.state == EntryState.DIKEMBALIKAN)
        .order_by(Entry.id)
    )  # fmt: skip
    for row in rows:
        book = f"{row.kind.upper()} {row.year}"
        until = row.internal_deadline
        limit = f", perbaikan s.d. {short_date(until)}" if until else ""
        unit = names.get(row.supplier_unit_id, "")
        for holder in operators.get((row.supplier_unit_id, Role.OPERATOR), ()):
            yield Due(
                f"entry:{row.id}", row.version, "dikembalikan", holder.position_id,
                holder.person_id, f"Isian {book} {unit} dikembalikan untuk perbaikan",
                f"1 isian {book} {unit} dikembalikan untuk perbaikan{limit}",
                f"/isian/{row.id}", until,
            )  # fmt: skip


def _report_deadlines(
    today: date, is_workday: IsWorkday,
    operators: dict[tuple[int, str], list[_Holder]], names: dict[int, str],
) -> Iterator[Due]:  # fmt: skip
    quiet = sa.exists().where(
        Obstacle.entry_id == Entry.id, Obstacle.closed_at.is_(None), Obstacle.quiet_until >= today
    )
    rows = db.session.execute(
        sa.select(Report.id, Report.kind, Report.year, Report.internal_deadline,
                  Entry.supplier_unit_id, sa.func.count(Entry.id).label("count"))
        .join(Entry, Entry.report_id == Report.id)
        .where(Entry.state.in_(_NOT_SENT), Report.internal_deadline.is_not(None), ~quiet)
        .group_by(Report.id, Report.kind, Report.year, Report.internal_deadline,
                  Entry.supplier_unit_id)
        .order_by(Report.id, Entry.supplier_unit_id)
    ).all()  # fmt: skip
    opened = {kind: open_units(kind, today) for kind in {row.kind for row in rows}}
    for row in rows:
        units = opened[row.kind]
        if units is not None and row.supplier_unit_id not in units:
            continue  # not yet in its tahap: the secretariat enters for it
        for rung in rungs_due(row.internal_deadline, today, REPORT_RUNGS, is_workday):
            yield from _deadline_notices(row, rung, operators, names)


def _deadline_notices(
    row: Any, rung: str, operators: dict[tuple[int, str], list[_Holder]],
    names: dict[int, str],
) -> Iterator[Due]:  # fmt: skip
    book = f"{row.kind.upper()} {row.year}"
    unit = names.get(row.supplier_unit_id, "")
    due: date = row.internal_deadline
    words = (
        f"lewat batas {short_date(due)}, mohon kirim atau isi kendala"
        if rung == "lewat"
        else f"belum dikirim, batas {short_date(due)}"
    )
    for holder in operators.get((row.supplier_unit_id, Role.OPERATOR), ()):
        yield Due(
            f"report:{row.id}:unit:{row.supplier_unit_id}", due.toordinal(), rung,
            holder.position_id, holder.person_id,
            f"{row.count} isian {book} {unit} {words}", f"{row.count} isian {book} {unit} {words}",
            f"/tugas?laporan={row.id}", due,
        )  # fmt: skip


def _steps(today: date, is_workday: IsWorkday) -> Iterator[Due]:
    """The one open step of each contract that lies on a desk and is near or past its date."""
    first = (
        sa.select(Step.contract_id, sa.func.min(Step.position).label("position"))
        .where(Step.state == StepState.OPEN)
        .group_by(Step.contract_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(Step.id, Step.title, Step.due_on, Contract.id.label("contract_id"),
                  Contract.number, Contract.plan_version, ContractRole.position_id, Term.person_id)
        .join(first, sa.and_(Step.contract_id == first.c.contract_id,
                             Step.position == first.c.position))
        .join(Contract, Step.contract_id == Contract.id)
        .join(ContractRole, sa.and_(ContractRole.contract_id == Contract.id,
                                    ContractRole.role == Step.holder))
        .join(Term, Term.position_id == ContractRole.position_id)
        .where(Step.due_on.is_not(None), Contract.goes_live <= today, Term.valid_from <= today,
               sa.or_(Term.valid_to.is_(None), Term.valid_to >= today))
        .order_by(Step.id, Term.id)
    )  # fmt: skip
    for row in rows:
        for rung in rungs_due(row.due_on, today, STEP_RUNGS, is_workday):
            day = short_date(row.due_on)
            words = f"lewat batas {day}" if rung == "lewat" else f"batas {day}"
            text = f"{row.title}, kontrak {row.number}, {words}"
            yield Due(
                f"step:{row.id}", row.plan_version, rung, row.position_id, row.person_id,
                text, text, f"/kontrak/{row.contract_id}", row.due_on,
            )  # fmt: skip
