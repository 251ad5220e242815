"""Bring the figures of an isian back to an older version, each as a new statement of its own.

A figure is typed once and may be changed in other places too (another isian, an import). One that
was changed elsewhere since is left as it is: undoing that would undo another's work unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from portal.db import db
from portal.people.rules import Actor
from portal.reports import figures_bridge
from portal.reports.models import Entry, Revision
from portal.reports.revising import note_change
from portal.reports.rules import Target, parse_target

State = dict[str, Any] | None


def put_back(
    entry: Entry, wanted: Mapping[str, State], actor: Actor, note: str, behalf: bool = False
) -> int:
    """Restore every figure among ``wanted`` (target -> state then); how many changed."""
    last, changed = _last_known(entry), 0
    for datum, rev in _figures(wanted).items():
        if rev is None or datum not in last:
            continue
        answer = figures_bridge.restore(entry, datum, rev, last[datum], actor, behalf)
        if answer.status != "ok":
            continue
        changed += 1
        note_change(entry, actor, datum.text, answer.before,
                    {"v": answer.shown, "rev": answer.rev}, note)  # fmt: skip
    return changed


def left_alone(entry: Entry, wanted: Mapping[str, State]) -> tuple[str, ...]:
    """Elements that ``put_back`` would not touch: changed elsewhere since, or noted without a
    number of their statement."""
    last = _last_known(entry)
    return tuple(
        datum.element for datum, rev in _figures(wanted).items()
        if rev is None or datum not in last
        or figures_bridge.head_of(entry, datum) != last[datum]
    )  # fmt: skip


def _figures(wanted: Mapping[str, State]) -> dict[Target, int | None]:
    """Datum -> number of its statement then; None when the history does not say."""
    found: dict[Target, int | None] = {}
    for text, state in wanted.items():
        if not text.startswith("d:"):
            continue
        datum = replace(parse_target(text), attr="value")
        rev = 0 if state is None else state.get("rev")
        known = found.get(datum, rev)
        found[datum] = None if rev is None or known is None else min(rev, known)
    return found


def _last_known(entry: Entry) -> dict[Target, int]:
    """Datum -> its newest statement that this isian made."""
    found: dict[Target, int] = {}
    for delta in db.session.scalars(sa.select(Revision.delta).where(Revision.entry_id == entry.id)):
        for text, (_, after) in delta.items():
            if text.startswith("d:") and after and "rev" in after:
                datum = replace(parse_target(text), attr="value")
                found[datum] = max(found.get(datum, 0), after["rev"])
    return found
