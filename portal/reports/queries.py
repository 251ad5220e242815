"""Reads of reports and isian, scoped to an Actor.

For pages of one isian: ``entry_for`` (None = 404), then ``desk_of`` for what may be done with it,
``place_of`` for its part of the outline and ``content_of`` for what is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from flask import current_app

from portal.db import db
from portal.outlines.schema import Edition, Placed
from portal.people import queries as people
from portal.people import rules as people_rules
from portal.people.kinds import Role, UnitKind
from portal.people.rules import Actor, Permission, Stage, UnitInfo
from portal.reports import places, trees
from portal.reports.books import (
    closed,
    deadline_of,
    find_report,
    report_for,
    report_title,
    reports_for,
)
from portal.reports.content import (
    CellView,
    EntryContent,
    RowContent,
    cells_of,
    content_of,
    contents,
    rows_of,
    uploads_of,
)
from portal.reports.models import (
    Entry,
    EntrySupport,
    Obstacle,
    Remark,
    Report,
    Verifier,
)
from portal.reports.places import Things
from portal.reports.rules import OPEN_STATES, state_label
from portal.reports.states import EntryState
from portal.reports.workflow import Facts, Transition, Workflow, Workflows, current


@dataclass(frozen=True)
class Desk:
    """What one actor may do with one isian now."""

    entry: Entry
    unit: UnitInfo
    workflow: Workflow
    facts: Facts
    may_write: bool
    why_not: str  # a sentence when may_write is False
    verbs: tuple[Transition, ...]
    supports: bool = False  # the actor's unit only helps

    @property
    def label(self) -> str:
        """The state in words."""
        return state_label(self.entry.state, self.workflow, self.facts.apip_own)


@dataclass(frozen=True)
class Task:
    """One row of Tugas Saya."""

    entry_id: int
    report_id: int
    report: str  # LPPD 2025
    title: str
    section: str
    group: str  # Narasi | Tabel | IKK | Gambar
    unit: str
    state: str
    label: str
    deadline: date | None
    late: bool
    supports: bool  # our unit only helps
    on_behalf: bool
    remarks: int  # open catatan
    obstacle: bool
    position: int


GROUPS = {
    "narrative": "Narasi", "list": "Narasi", "table": "Tabel", "budget": "Tabel",
    "programs": "Tabel", "accounts": "Tabel",
    "indicators": "IKK", "picture": "Gambar",
}  # fmt: skip


def workflows() -> Workflows:
    """The workflows of this installation."""
    return current(current_app.config["SELARAS"].templates / "workflows.yaml")


def workflow_of(report: Report, edition: Edition | None = None) -> Workflow:
    """The way of a report's isian; the edition may name one, else its kind decides."""
    try:
        edition = edition or places.edition_of(report)
    except LookupError:
        return workflows().of(report.kind)
    return workflows().of(report.kind, edition.workflow)


def things(on: date) -> Things:
    """The region's own lists on a date (kecamatan, perangkat_daerah, desa_kelurahan)."""
    return places.things(on)


# --- one isian -----------------------------------------------------------------------------


def entry_for(actor: Actor, entry_id: int) -> Entry | None:
    """The isian when the actor may see it now; None (404) for a stranger.

    Own unit, its kepala above, a supporting unit: always. Inspektorat and sekretariat: only in
    the states that workflows.yaml opens to them, and what the sekretariat enters on behalf.
    """
    entry = db.session.get(Entry, entry_id)
    if entry is None:
        return None
    desk = desk_of(actor, entry)
    return entry if desk is not None else None


def entry_desk(actor: Actor, entry_id: int) -> Desk | None:
    """``entry_for`` with what the actor may do; one call for a page."""
    entry = db.session.get(Entry, entry_id)
    return desk_of(actor, entry) if entry is not None else None


def desk_of(actor: Actor, entry: Entry, units: dict[int, UnitInfo] | None = None) -> Desk | None:
    """What the actor may do with the isian; None when the actor may not even see it."""
    units = units or {u.id: u for u in people.units_on(people.today())}
    unit = units.get(entry.supplier_unit_id) or people.unit_info(
        entry.supplier_unit_id, entry.report.structure_date
    )
    if unit is None:
        return None
    if unit.id not in units and unit.id in people.left_to(actor.units()):
        actor = actor.heir_of(unit.id)  # merged or split: the heir reads and finishes its isian
    workflow = workflow_of(entry.report)
    supports = _supports(actor, entry)
    if not supports and not _sees(actor, entry, unit, workflow):
        return None
    facts = facts_of(entry, unit)
    may_write, why_not = _may_write(actor, entry, unit, workflow, supports)
    verbs = tuple(
        t for t in workflow.verbs_from(entry.state, facts)
        if may_do(actor, t, entry, unit, facts)
    )  # fmt: skip
    return Desk(entry, unit, workflow, facts, may_write, why_not, verbs, supports)


def _sees(actor: Actor, entry: Entry, unit: UnitInfo, workflow: Workflow) -> bool:
    role = actor.acting.role if actor.acting else ""
    stage = Stage.DRAFT
    if workflow.open_to(role, entry.state):
        stage = Stage.SENT
    elif entry.on_behalf:
        stage = Stage.ON_BEHALF
    return people_rules.sees_entry(actor, Permission.ENTRY_READ, unit, entry.report.kind, stage)


def _supports(actor: Actor, entry: Entry) -> bool:
    mine = actor.units()
    if not mine or entry.supplier_unit_id in mine:
        return False
    found = db.session.scalar(
        sa.select(EntrySupport.id)
        .where(EntrySupport.entry_id == entry.id, EntrySupport.unit_id.in_(mine))
        .limit(1)
    )
    return found is not None


def facts_of(entry: Entry, unit: UnitInfo) -> Facts:
    """What transitions of this isian depend on."""
    verifier = db.session.scalar(
        sa.select(Verifier.active).where(
            Verifier.unit_id == entry.supplier_unit_id, Verifier.kind == entry.report.kind
        )
    )
    return Facts(
        verifier=bool(verifier) and not entry.on_behalf,
        apip_own=unit.kind == UnitKind.INSPEKTORAT,
        unread=entry.read_at is None,
        on_behalf=entry.on_behalf,
    )


def enters_for(actor: Actor, entry: Entry) -> bool:
    """True when the sekretariat may enter this isian for a unit outside its tahap."""
    return (
        entry.on_behalf
        and Role.SEKRETARIAT in actor.roles
        and entry.report.kind in actor.region_wide
    )


def _may_write(
    actor: Actor, entry: Entry, unit: UnitInfo, workflow: Workflow, supports: bool
) -> tuple[bool, str]:
    if not actor.may(Permission.ENTRY_WRITE):
        return False, "Jabatan ini hanya membaca."
    if actor.looking:
        return False, "Lihat sebagai: halaman ini hanya dapat dibaca."
    until = entry.reopened_until
    if entry.state == EntryState.DIBUKA_KEMBALI and until and until < people.today():
        return False, "Masa Buka Kembali sudah berakhir."
    if entry.state not in workflow.editable:
        label = state_label(entry.state, workflow, unit.kind == UnitKind.INSPEKTORAT)
        return False, f"Isian berstatus “{label}” sehingga tidak dapat diubah."
    if entry.state != EntryState.DIBUKA_KEMBALI and (why := closed(entry.report)):
        return False, why
    if enters_for(actor, entry):
        return True, ""
    if not supports and unit.id not in actor.units(Role.OPERATOR, Role.SEKRETARIAT):
        return False, "Isian ini milik perangkat daerah lain."
    if entry.on_behalf:
        return False, (
            "Belum dibuka untuk perangkat daerah ini. Sementara itu sekretariat yang mengisikan."
        )
    return True, ""


def may_do(
    actor: Actor, transition: Transition, entry: Entry, unit: UnitInfo, facts: Facts
) -> bool:
    """True when the actor holds the permission in the relation that the workflow asks for."""
    if not actor.may(transition.permission):
        return False
    own = unit.id in actor.units()
    if transition.relation == "own":
        if facts.on_behalf and transition.permission is Permission.ENTRY_SEND:
            return enters_for(actor, entry)
        return own
    if transition.relation == "own_or_above":
        return own or bool(actor.units() & set(unit.ancestors))
    if transition.relation == "region":
        return not own
    return entry.report.kind in actor.region_wide


def place_of(entry: Entry) -> Placed | None:
    """Where the isian stands in the outline; None when the outline no longer has it."""
    found = places.places_of(entry.report).get((entry.part_key, entry.repeat_key))
    return trees.placed_with_rows(entry, found) if found is not None else None


def obstacle_of(entry_id: int) -> Obstacle | None:
    """The open Ada Kendala of the isian."""
    return db.session.scalars(
        sa.select(Obstacle)
        .where(Obstacle.entry_id == entry_id, Obstacle.closed_at.is_(None))
        .order_by(Obstacle.id.desc())
    ).first()


def remarks_of(entry_id: int) -> list[Remark]:
    """All catatan of the isian, open ones first, then newest first."""
    found = db.session.scalars(
        sa.select(Remark).where(Remark.entry_id == entry_id).order_by(Remark.id.desc())
    )
    return sorted(found, key=lambda r: r.resolved_at is not None)


# --- Tugas Saya -----------------------------------------------------------------------------


def tasks(actor: Actor, everything: bool = False) -> list[Task]:
    """What lies on the desk of the actor's unit, easy ones first; operators need nothing else.

    Isian that can be filled (``everything`` adds those already sent), of the own unit, those it
    supports, and for the sekretariat those it enters on behalf. A constant number of queries.
    """
    mine = actor.units()
    if not mine or not actor.may(Permission.ENTRY_WRITE):
        return []
    which: list[sa.ColumnElement[bool]] = [
        Entry.supplier_unit_id.in_(mine | people.left_to(mine)), EntrySupport.id.is_not(None)
    ]  # fmt: skip
    if actor.region_wide:
        which.append(sa.and_(Entry.on_behalf, Report.kind.in_(actor.region_wide)))
    query = (
        sa.select(Entry, Report, EntrySupport.id)
        .join(Report, Entry.report_id == Report.id)
        .outerjoin(
            EntrySupport,
            sa.and_(EntrySupport.entry_id == Entry.id, EntrySupport.unit_id.in_(mine)),
        )
        .where(sa.or_(*which))
        .order_by(Report.year.desc(), Report.kind, Report.period, Entry.position, Entry.id)
    )
    if not everything:
        query = query.where(Entry.state.in_([str(s) for s in OPEN_STATES]))
    rows = [
        (entry, report, support)
        for entry, report, support in db.session.execute(query).all()
        if not (entry.on_behalf and entry.supplier_unit_id in mine and not actor.region_wide)
    ]
    return _as_tasks(actor, rows)


@dataclass
class _Around:
    """What all rows of a list need, read once."""

    units: dict[int, UnitInfo] = field(default_factory=dict)
    remarks: dict[int, int] = field(default_factory=dict)
    obstacles: frozenset[int] = frozenset()


def _around(entry_ids: sa.Select[int]) -> _Around:
    remarks = db.session.execute(
        sa.select(Remark.entry_id, sa.func.count())
        .where(Remark.entry_id.in_(entry_ids), Remark.resolved_at.is_(None))
        .group_by(Remark.entry_id)
    ).all()
    stuck = db.session.scalars(
        sa.select(Obstacle.entry_id)
        .where(Obstacle.entry_id.in_(entry_ids), Obstacle.closed_at.is_(None))
    )  # fmt: skip
    return _Around(
        {u.id: u for u in people.units_on(people.today())},
        {entry_id: n for entry_id, n in remarks}, frozenset(stuck),
    )  # fmt: skip


def _as_tasks(actor: Actor, rows: Sequence[tuple[Entry, Report, int | None]]) -> list[Task]:
    around = _around(sa.select(Entry.id).where(Entry.report_id.in_({r.id for _, r, _ in rows})))
    outline: dict[int, places.Places] = {}
    today, mine = people.today(), actor.units()
    found: list[Task] = []
    for entry, report, support in rows:
        if report.id not in outline:
            outline[report.id] = _places_or_none(report)
        placed = outline[report.id].get((entry.part_key, entry.repeat_key))
        unit = around.units.get(entry.supplier_unit_id)
        due = entry.reopened_until or report.internal_deadline
        open_still = entry.state in OPEN_STATES
        found.append(Task(
            entry.id, report.id, report_title(report),
            places.part_title(placed) if placed else entry.part_key,
            places.section_title(placed) if placed else "",
            GROUPS.get(placed.part.kind, "Narasi") if placed else "Narasi",
            unit.short_name if unit else "", entry.state,
            state_label(entry.state, workflows().of(report.kind)), due,
            bool(open_still and due and due < today),
            support is not None and entry.supplier_unit_id not in mine,
            entry.on_behalf, around.remarks.get(entry.id, 0), entry.id in around.obstacles,
            entry.position,
        ))  # fmt: skip
    return found


def _places_or_none(report: Report) -> places.Places:
    try:
        return places.places_of(report)
    except LookupError:
        return {}


__all__ = [
    "CellView", "Desk", "EntryContent", "RowContent", "Task", "cells_of", "content_of",
    "contents", "deadline_of", "desk_of", "enters_for", "entry_desk", "entry_for", "facts_of",
    "find_report", "may_do", "obstacle_of", "place_of", "remarks_of", "report_for",
    "report_title", "reports_for", "rows_of", "tasks", "things", "uploads_of", "workflow_of",
    "workflows",
]  # fmt: skip
