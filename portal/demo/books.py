"""Issued books of the demo: LPPD of last year, its Perbaikan ke-1, and the RLPPD for everybody.

Nothing of it is built while the region is loaded: the ticker orders one build after the other and
a worker makes them, in the first minutes of a portal that runs.
"""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.db import db
from portal.demo.contents import YEAR
from portal.documents import flow, queries
from portal.documents.models import Build, BuildState
from portal.figures import flow as figures
from portal.figures import queries as values
from portal.figures.statements import DatumKey
from portal.jobs.queue import enqueue
from portal.outlines import flow as formats
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.models import Position, Setting, Term, Unit
from portal.people.rules import PORTAL, Actor
from portal.public import flow as public
from portal.public import queries as publications
from portal.reports.models import Entry, EntryCell, EntryRow, Report
from portal.reports.refusal import Refused
from portal.trail.flow import record

log = logging.getLogger("selaras.demo")
KEY = "demo.books"
#: Date and note of the Naskah Final and of its Perbaikan.
ISSUES = (
    (date(YEAR, 3, 27), ""),
    (date(YEAR, 4, 24), "Jumlah koperasi dan daftar penghargaan diperbaiki setelah pencocokan data "
     "bersama Dinas Koperasi (data contoh)."),
)  # fmt: skip
BASIS = "Nota Dinas PPID 480/17/PPID (data contoh)"
ELEMENT = "koperasi_total"
CORRECTED = "diperbaiki"
WAITING = (BuildState.QUEUED, BuildState.RUNNING)


def load(_db: Any) -> None:
    """Nothing yet: what is to be done is found by the ticker."""


def tick() -> list[int]:
    """The next step towards the published RLPPD, until all of it is there."""
    mark = db.session.scalar(sa.select(Setting).where(Setting.key == KEY))
    if mark is None or mark.value not in (True, CORRECTED):
        return []
    report = db.session.scalar(
        sa.select(Report).where(Report.kind == "lppd", Report.year == YEAR - 1)
    )
    office = _office()
    try:
        more = report is not None and office is not None and _next(report, office, mark)
    except Refused as no:  # somebody has changed the demo: it is theirs now
        log.warning("the books of the demo stop here: %s", no)
        db.session.rollback()
        more = False
    if not more:
        mark.value = "selesai"
    db.session.commit()
    return []


def _office() -> Actor | None:
    """Who compiles the LPPD."""
    row = db.session.scalars(
        sa.select(Term).join(Position, Position.id == Term.position_id)
        .join(Unit, Unit.id == Position.unit_id)
        .where(Position.role == Role.SEKRETARIAT, Unit.code == "BAG-TAPEM",
               Term.valid_to.is_(None))
        .order_by(Term.id)
    ).first()  # fmt: skip
    return people.actor_of(row.person_id, row.position_id) if row else None


def _next(report: Report, office: Actor, mark: Setting) -> bool:
    """One step; False when there is nothing left to do, or somebody took another way."""
    done = queries.issues_of([report.id])
    if len(done) >= len(ISSUES):
        if not publications.versions(report.id):
            newest = max(issue.id for issue, _ in done)
            public.publish(report, 1, newest, BASIS, office)
        return False
    on, note = ISSUES[len(done)]
    build = db.session.scalars(
        sa.select(Build)
        .where(Build.report_id == report.id, Build.final, Build.scope == "",
               Build.number == len(done))
        .order_by(Build.id.desc())
    ).first()  # fmt: skip
    if build is None:
        if not done:
            _compared(report, office)
        elif mark.value != CORRECTED:
            _correct(report)
            mark.value = CORRECTED
            db.session.commit()  # the snapshot takes seconds; nobody waits for this write
        made = flow.request_build(report, actor=office, final=True, sign_on=on).build
        db.session.commit()
        enqueue("build", made.id)
        return True
    if build.state == BuildState.DONE:
        flow.issue(build, on, note, office)
        return True
    return build.state in WAITING


def _compared(report: Report, office: Actor) -> None:
    """The format of the fictional region counts as compared, else no RLPPD could be published."""
    formats.record_comparison(
        report.kind, report.edition, "Pejabat contoh, Kepala Bagian Tata Pemerintahan",
        date(YEAR, 2, 3), "Naskah contoh (data contoh, bukan pencocokan yang sebenarnya)",
        "Hanya untuk daerah contoh. Daerah yang sebenarnya mencocokkan sendiri dengan lampiran "
        "peraturannya.", office,
    )  # fmt: skip
    db.session.commit()


def _correct(report: Report) -> None:
    """What the Perbaikan corrects: a figure, a sentence, a row."""
    region = values.region_id()
    view = values.values_of([ELEMENT], [str(report.year)], region)[str(report.year)].get(ELEMENT)
    if view is not None and view.value is not None:
        key = DatumKey(ELEMENT, region, str(report.year))
        figures.put(key, "value", format(view.value + 3, "f"), view.rev, PORTAL, behalf=True)
    text = _entry(report, "uraian_urusan", "koperasi")
    cell = db.session.scalar(sa.select(EntryCell).where(EntryCell.entry_id == text.id,
                                                        EntryCell.field == "text"))  # fmt: skip
    if cell is not None:
        cell.value = (cell.value or "") + (
            "<p>Pendataan ulang bersama kecamatan menambah koperasi yang tercatat aktif.</p>"
        )
    prizes = _entry(report, "penghargaan", "")
    rows = db.session.scalars(
        sa.select(EntryRow).where(EntryRow.entry_id == prizes.id).order_by(EntryRow.position)
    ).all()
    if rows:
        last = db.session.scalars(
            sa.select(EntryCell).where(EntryCell.entry_id == prizes.id,
                                       EntryCell.row == rows[-1].uid)
        ).all()  # fmt: skip
        db.session.add(EntryRow(entry_id=prizes.id, uid="perbaikan", deleted=False,
                                position=rows[-1].position + 1))  # fmt: skip
        for n, one in enumerate(last):
            words = "Penghargaan Koperasi Daerah" if n == 0 else one.value
            db.session.add(
                EntryCell(
                    entry_id=prizes.id,
                    row="perbaikan",
                    field=one.field,
                    value=words,
                    by_label=PORTAL.label,
                    at=clock.now(),
                )
            )
    record(f"report:{report.id}", "data contoh", "perbaikan", PORTAL, None,
           {"isian": [text.id, prizes.id]})  # fmt: skip


def _entry(report: Report, part: str, repeat: str) -> Entry:
    return db.session.scalars(
        sa.select(Entry).where(Entry.report_id == report.id, Entry.part_key == part,
                               Entry.repeat_key == repeat)
    ).one()  # fmt: skip
