"""Perlu ditinjau ulang: isian that were verified with a figure which changed afterwards.

Level-triggered where it can be: a mark is one row per isian and figure; changing the figure again
moves ``after``, and a figure that returns to what was seen takes the mark away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal import clock
from portal.checks import printed
from portal.checks.models import FigureRef, FormulaSeen
from portal.db import db
from portal.figures import catalogue
from portal.figures.flow import LISTENERS, DatumKey
from portal.figures.models import DatumRev
from portal.figures.rules import DatumView, show_view
from portal.people import queries as people
from portal.people.rules import PORTAL, Actor
from portal.reports import places
from portal.reports.models import Entry, EntryCell, Report
from portal.reports.refusal import Refused
from portal.reports.states import EntryState
from portal.trail.flow import record

S = EntryState
#: Verified: beyond "Dikirim ke verifikator PD".
VERIFIED = (S.DIREVIU, S.SELESAI_DIREVIU, S.DISAHKAN, S.DITERIMA, S.TERKUNCI)


def changed(key: DatumKey, before: DatumRev | None, after: DatumRev, actor: Actor) -> None:
    """Listener of figures: mark every verified isian that depends on the datum."""
    element = catalogue.current().elements.get(key.element)
    if element is None or key.dims:
        return
    was, now = (_shown(key.element, rev) for rev in (before, after))
    if was == now:
        return
    ref, seen = f"datum:{key.element}:{key.period}", before.n if before else 0
    title = f"{element.title} tahun {key.period}"
    for entry in dependents(key.element, key.period):
        _mark(entry, ref, title, seen, was, now, actor)


def _shown(key: str, rev: DatumRev | None) -> str:
    if rev is None:
        return "belum diisi"
    view = DatumView(key, rev.value, rev.text or "", rev.raw or "", rev.vintage)
    return show_view(view, catalogue.current().elements[key]) or "belum diisi"


def dependents(element: str, period: str) -> list[Entry]:
    """Verified isian that print the element, or name it in a narrative by reference."""
    year = int(period[:4])
    found: dict[int, Entry] = {}
    wanted = printed.index(year).parts_of(element)
    for report in _reports(period):
        parts = [(p, r) for k, p, r in wanted if k == report.kind]
        if parts:
            for entry in _verified(report.id, parts):
                found[entry.id] = entry
    for entry in _chips(element, period):
        found[entry.id] = entry
    return list(found.values())


def _reports(period: str) -> list[Report]:
    year, _, part = period.partition("-")
    query = sa.select(Report).where(Report.year == int(year), Report.period.in_(
        [part] if part else ["", "TW4"]))  # fmt: skip
    return list(db.session.scalars(query))


def _verified(report_id: int, parts: Iterable[tuple[str, str]]) -> list[Entry]:
    keys = list(parts)
    rows = db.session.scalars(sa.select(Entry).where(
        Entry.report_id == report_id, Entry.state.in_(VERIFIED),
        Entry.part_key.in_({part for part, _ in keys}),
    ))  # fmt: skip
    return [e for e in rows if (e.part_key, e.repeat_key) in set(keys)]


def _chips(element: str, period: str) -> list[Entry]:
    refs = [element]
    refs += [f"i.{i.key}" for i in catalogue.current().users(element)]
    likes = [EntryCell.value.like(f'%data-fig="{ref}|{period}"%') for ref in refs]
    return list(db.session.scalars(
        sa.select(Entry).join(EntryCell, EntryCell.entry_id == Entry.id)
        .join(Report, Entry.report_id == Report.id)
        .where(Report.year.in_([int(period[:4]), int(period[:4]) + 1]),
               EntryCell.field == "text", Entry.state.in_(VERIFIED), sa.or_(*likes))
    ))  # fmt: skip


def _mark(
    entry: Entry, ref: str, title: str, seen: int, before: str, after: str, actor: Actor
) -> None:
    row = db.session.scalar(
        sa.select(FigureRef).where(
            FigureRef.entry_id == entry.id, FigureRef.ref == ref, FigureRef.settled_at.is_(None)
        )
    )
    if row is None:
        row = FigureRef(entry_id=entry.id, ref=ref, title=title[:300], seen_rev=seen,
                        before=before[:300], at=clock.now(), by_label="")  # fmt: skip
        db.session.add(row)
    elif row.before == after:
        db.session.delete(row)  # as it was when the isian was verified
        db.session.flush()
        return
    row.after, row.by_label, row.at = after[:300], actor.label, clock.now()
    db.session.flush()
    record(
        f"report:{entry.report_id}", "perlu ditinjau ulang", f"entry:{entry.id}", actor,
        {"angka": title, "nilai": before}, {"nilai": after},
    )  # fmt: skip


def formulas_changed(actor: Actor = PORTAL) -> int:
    """Mark isian whose indicator got another formula since last seen; returns how many.

    Called by the ticker. The first time all formulas are only written down.
    """
    book = catalogue.current()
    seen = {r.indicator: r for r in db.session.scalars(sa.select(FormulaSeen))}
    count = 0
    for one in book.indicators.values():
        row = seen.get(one.key)
        if row is None:
            db.session.add(FormulaSeen(indicator=one.key, formula=one.formula, at=clock.now()))
        elif row.formula != one.formula:
            count += _formula(one.key, one.no, row.formula, one.formula, actor)
            row.formula, row.at = one.formula, clock.now()
    db.session.flush()
    return count


def _formula(key: str, no: str, before: str, after: str, actor: Actor) -> int:
    count = 0
    for report in db.session.scalars(
        sa.select(Report).where(Report.year >= people.today().year - 1)
    ):
        wanted = printed.index(report.year).parts_of_indicator(key)
        parts = [(p, r) for k, p, r in wanted if k == report.kind]
        for entry in _verified(report.id, parts) if parts else ():
            _mark(entry, f"formula:{key}", f"Rumus IKK {no}", 0, before, after, actor)
            count += 1
    return count


# --- reading --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mark:
    """One open mark with the isian it is on."""

    row: FigureRef
    entry: Entry
    report: Report
    title: str
    section: str
    unit: str
    mine: bool

    @property
    def at(self) -> datetime:
        """When the figure changed."""
        return self.row.at


def of_entry(entry_id: int) -> list[FigureRef]:
    """Open marks of one isian, newest first."""
    return list(db.session.scalars(
        sa.select(FigureRef)
        .where(FigureRef.entry_id == entry_id, FigureRef.settled_at.is_(None))
        .order_by(FigureRef.at.desc(), FigureRef.id.desc())
    ))  # fmt: skip


def open_marks(actor: Actor, report_id: int | None = None) -> list[Mark]:
    """Open marks on isian that the actor may see; the own unit's, or of reports it compiles."""
    query = (
        sa.select(FigureRef, Entry, Report)
        .join(Entry, FigureRef.entry_id == Entry.id).join(Report, Entry.report_id == Report.id)
        .where(FigureRef.settled_at.is_(None))
        .order_by(Report.year.desc(), Report.kind, Entry.position, FigureRef.id)
    )  # fmt: skip
    if report_id is not None:
        query = query.where(Report.id == report_id)
    units = {u.id: u for u in people.units_on(people.today())}
    outlines: dict[int, places.Places] = {}
    found = []
    for row, entry, report in db.session.execute(query):
        mine = entry.supplier_unit_id in actor.units()
        if not mine and report.kind not in actor.region_wide:
            continue
        if report.id not in outlines:
            try:
                outlines[report.id] = places.places_of(report)
            except LookupError:
                outlines[report.id] = {}
        placed = outlines[report.id].get((entry.part_key, entry.repeat_key))
        unit = units.get(entry.supplier_unit_id)
        found.append(Mark(
            row, entry, report, places.part_title(placed) if placed else entry.part_key,
            places.section_title(placed) if placed else "", unit.short_name if unit else "", mine,
        ))  # fmt: skip
    return found


def count_open(actor: Actor, report_id: int | None = None) -> int:
    """How many isian are to be looked at again, for banners; one statement."""
    query = (
        sa.select(sa.func.count(sa.distinct(FigureRef.entry_id)))
        .join(Entry, FigureRef.entry_id == Entry.id).join(Report, Entry.report_id == Report.id)
        .where(FigureRef.settled_at.is_(None), sa.or_(
            Entry.supplier_unit_id.in_(actor.units()), Report.kind.in_(actor.region_wide)))
    )  # fmt: skip
    if report_id is not None:
        query = query.where(Report.id == report_id)
    return db.session.scalar(query) or 0


def settle(entry: Entry, actor: Actor) -> int:
    """ "Sudah ditinjau": the isian stands with the new figures; returns how many marks closed."""
    if entry.supplier_unit_id not in actor.units() and entry.report.kind not in actor.region_wide:
        raise Refused("Isian ini milik perangkat daerah lain.")
    rows = of_entry(entry.id)
    if not rows:
        raise Refused("Tidak ada yang perlu ditinjau ulang lagi.", stale=True)
    for row in rows:
        row.settled_at, row.settled_by = clock.now(), actor.label
    record(
        f"report:{entry.report_id}", "sudah ditinjau ulang", f"entry:{entry.id}", actor,
        None, {"angka": [row.title for row in rows]},
    )  # fmt: skip
    db.session.flush()
    return len(rows)


if changed not in LISTENERS:
    LISTENERS.append(changed)
