"""The reviu of the demo region: putusan on what was reviewed, catatan in each of their states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.db import db
from portal.figures import queries as figures
from portal.people import queries as people
from portal.people.kinds import Role, UnitKind
from portal.people.models import Position, Term
from portal.people.rules import Actor
from portal.reports import figures_bridge, places
from portal.reports.models import Entry, Remark, Report, Verdict
from portal.reports.rules import APPROVED_STATES
from portal.reports.states import EntryState

YEAR = 2025
LACKING = "Dokumen pendukung belum diunggah; mohon dilengkapi."
ASKED = "Mohon cantumkan sumber data pada setiap angka dalam uraian."
ANSWER = "Sumber data sudah dicantumkan menurut dokumen perangkat daerah."


def auditor() -> Actor | None:
    """The first auditor of the Inspektorat."""
    person = db.session.scalar(
        sa.select(Term.person_id).join(Position, Term.position_id == Position.id)
        .where(Position.role == Role.APIP).order_by(Position.rank, Term.id).limit(1)
    )  # fmt: skip
    return people.actor_of(person) if person is not None else None


def load(_db: Any) -> None:
    """Putusan on every isian of the LPPD that has passed the Inspektorat, and three catatan."""
    session, who = _db.session, auditor()
    report = session.scalar(sa.select(Report).where(Report.kind == "lppd", Report.year == YEAR))
    if report is None or who is None:
        return
    own = {u.id for u in people.units_on(people.today()) if u.kind == UnitKind.INSPEKTORAT}
    states = [EntryState.SELESAI_DIREVIU, *APPROVED_STATES]
    passed = session.scalars(
        sa.select(Entry).where(Entry.report_id == report.id, Entry.state.in_(states),
                               Entry.supplier_unit_id.not_in(own))
        .order_by(Entry.position, Entry.id)
    ).all()  # fmt: skip
    _judge(session, report, passed, who)
    _ask(session, report, who)


def _judge(session: Any, report: Report, passed: Sequence[Entry], who: Actor) -> None:
    """Sesuai where there are data dukung, else data dukung tidak lengkap."""
    where = places.places_of(report)
    asked = {
        e.id: figures_bridge.indicators_of(where.get((e.part_key, e.repeat_key)), YEAR)
        for e in passed
    }
    counts = figures.evidence_counts([i for some in asked.values() for i in some], YEAR)
    for entry in passed:
        poor = {i.key for i in asked[entry.id] if not counts.get(i.key)}
        targets = [("", bool(poor)), *((f"i:{i.key}", i.key in poor) for i in asked[entry.id])]
        for target, lacks in targets:
            session.add(Verdict(
                entry_id=entry.id, target=target,
                key="data_dukung_kurang" if lacks else "sesuai",
                note=LACKING if lacks and target else "", by_term_id=who.term_id,
                by_label=who.label, at=clock.now(),
            ))  # fmt: skip


def _ask(session: Any, report: Report, who: Actor) -> None:
    """One answered catatan on what is being reviewed, one settled on what was."""
    for state, settled in ((EntryState.DIREVIU, False), (EntryState.SELESAI_DIREVIU, True)):
        entry = session.scalar(
            sa.select(Entry).where(Entry.report_id == report.id, Entry.state == state)
            .order_by(Entry.position, Entry.id).limit(1)
        )  # fmt: skip
        if entry is None:
            continue
        session.add(Remark(
            entry_id=entry.id, text=ASKED, by_term_id=who.term_id, by_label=who.label,
            at=clock.now() - timedelta(days=3), answer=ANSWER,
            answered_by="Operator (data contoh)", answered_at=clock.now() - timedelta(days=2),
            resolved_by=who.label if settled else "",
            resolved_at=clock.now() - timedelta(days=1) if settled else None,
        ))  # fmt: skip
