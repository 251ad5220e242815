"""Gather what the checks of one isian look at, and run them."""

from __future__ import annotations

import sqlalchemy as sa

from portal.db import db
from portal.people.rules import Actor
from portal.reports import carry, figures_bridge, history, places, queries
from portal.reports.checks import Around, Finding, Typed, check
from portal.reports.models import Entry, Remark
from portal.reports.states import EntryState


def findings(entry: Entry, actor: Actor | None = None) -> list[Finding]:
    """Catatan pemeriksaan of one isian, what blocks sending first.

    With ``actor``, a number that another Perangkat Daerah owes is not held against this one.
    """
    placed = queries.place_of(entry)
    if placed is None:
        return []
    edition = places.edition_of(entry.report)
    last = history.last_year(entry)
    around = Around(
        basis=placed.part.basis or edition.regulation,
        given=places.given_rows(edition, placed.part, places.things(entry.report.structure_date)),
        year=entry.report.year,
        before=_typed(last.content) if last else None,
        unanswered=_unanswered(entry),
        carried=carry.open_marks(entry.id),
        figures=tuple(
            Finding("perbaiki" if c.blocks else "cek", c.sentence, c.basis, c.target, c.key)
            for c in figures_bridge.remarks(entry, placed, actor)
        ),
    )
    raw = {where: cell.raw for where, cell in queries.cells_of(entry.id).items() if cell.raw}
    content = queries.content_of(entry)
    return check(placed.part, _typed(content, raw), around)


def _typed(content: queries.EntryContent, raw: dict[tuple[str, str], str] | None = None) -> Typed:
    return Typed(content.fields, tuple((r.uid, r.cells) for r in content.rows), raw or {})


def _unanswered(entry: Entry) -> tuple[str, ...]:
    if entry.state != EntryState.DIKEMBALIKAN:
        return ()
    return tuple(
        db.session.scalars(
            sa.select(Remark.target)
            .where(Remark.entry_id == entry.id, Remark.resolved_at.is_(None), Remark.answer == "")
            .order_by(Remark.id)
        )
    )
