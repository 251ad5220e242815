"""Where the isian of the demo stand: something waits on every desk, and no batas has passed yet.

The demo is walked on any day of the year, so the batas of this year's reports are set from the
day of loading, and say so.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.demo import review
from portal.demo.contents import YEAR
from portal.people import queries, workdays
from portal.people.models import Unit
from portal.people.rules import PORTAL
from portal.reports.models import Deadline, Entry, EntryState, Remark, Report, Verifier
from portal.trail import flow as trail

S = EntryState
#: What waits where in the LPPD of this year: the first isian of a unit take these states in turn.
DESKS: dict[str, tuple[EntryState, ...]] = {
    "DINKES": (S.DRAF, S.DIKEMBALIKAN, S.DRAF, S.DRAF, S.DIKIRIM, S.DIREVIU, S.SELESAI_DIREVIU,
               S.SELESAI_DIREVIU, S.SELESAI_DIREVIU, S.DISAHKAN),
    "DISTAN": (S.DRAF, S.DIREVIU, S.SELESAI_DIREVIU, S.SELESAI_DIREVIU),
    "DLH": (S.DIREVIU, S.DIREVIU, S.DISAHKAN),
    "DISKOMINFOTIK": (S.DRAF, S.SELESAI_DIREVIU, S.DISAHKAN),
    "DINSOS": (S.DISAHKAN, S.DISAHKAN, S.DRAF),
    "DISDIK": (S.DIREVIU, S.DIREVIU, S.SELESAI_DIREVIU),
}  # fmt: skip
REMARK = (
    "Mohon lengkapi sumber data dan dokumen pendukung, lalu sesuaikan uraian dengan angka pada "
    "tabel."
)


def load(_db: Any) -> None:
    """Spread the isian over the desks and move the internal batas ahead of today."""
    session = _db.session
    today = queries.today()
    is_workday = workdays.checker(today, today + timedelta(days=60))
    _ahead(session, clock.add_workdays(today, 9, is_workday))
    report = session.scalar(sa.select(Report).where(Report.kind == "lppd", Report.year == YEAR))
    units = {unit.code: unit.id for unit in session.scalars(sa.select(Unit))}
    session.add(Verifier(kind="lppd", unit_id=units["DINKES"]))
    for code, states in DESKS.items():
        entries = session.scalars(
            sa.select(Entry)
            .where(Entry.report_id == report.id, Entry.supplier_unit_id == units[code],
                   Entry.state == S.DITERIMA,
                   Entry.part_key != "program_kegiatan")  # its rows are those of the LKPJ, sent
            .order_by(Entry.position)
            .limit(len(states))
        )  # fmt: skip
        for entry, state in zip(entries, states, strict=False):
            _put(session, report, entry, state)


def _ahead(session: Any, internal: date) -> None:
    """Both batas of this year's reports, as a region on a late start would set them."""
    basis = "Jadwal latihan (data contoh)"
    official = internal + timedelta(days=30)
    session.execute(
        sa.update(Deadline)
        .where(Deadline.year == YEAR)
        .values(internal=internal, official=official, basis=basis)
    )
    session.execute(
        sa.update(Report)
        .where(Report.year == YEAR)
        .values(internal_deadline=internal, official_deadline=official)
    )


def _put(session: Any, report: Report, entry: Entry, state: EntryState) -> None:
    before = entry.state
    entry.state, entry.state_since = state, clock.now() - timedelta(days=1)
    entry.version += 1
    if state in (S.DRAF, S.DIKIRIM, S.DIREVIU):
        entry.read_at = None
    if state is S.DRAF:
        entry.sent_at = None
    if state is S.DIKEMBALIKAN:
        who = review.auditor()
        session.add(Remark(
            entry_id=entry.id, text=REMARK, by_term_id=who.term_id if who else None,
            by_label=who.label if who else "Inspektorat", at=clock.now() - timedelta(days=1),
        ))  # fmt: skip
    trail.record(f"report:{report.id}", "data contoh", f"entry:{entry.id}", PORTAL,
                 {"state": str(before)}, {"state": str(state)})  # fmt: skip
