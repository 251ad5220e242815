"""One statement of one datum: found, compared, appended; told to whoever listens.

Below flow.py and rollup.py, which decide what may be written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import db
from portal.figures.models import Datum, DatumRev, Measure
from portal.people.rules import Actor

#: Told after a datum changed: key, the statement before (None = none), the new one, who.
Listener = Callable[["DatumKey", "DatumRev | None", "DatumRev", Actor], None]
LISTENERS: list[Listener] = []


def tell(key: DatumKey, before: DatumRev | None, after: DatumRev, actor: Actor) -> None:
    """Let every listener know of a new statement."""
    for listener in LISTENERS:
        listener(key, before, after, actor)


@dataclass(frozen=True)
class DatumKey:
    """Which number: element x unit x period x dimension x measure.

    Numbers of the region stand under PEMDA (``queries.region_id()``); ``dims`` is
    ``kecamatan=KEC-01``, ``tempat=PKM-01`` or "".
    """

    element: str
    unit_id: int
    period: str
    dims: str = ""
    measure: str = Measure.REALISASI


def datum_of(key: DatumKey) -> Datum:
    """The row of a number, made when it is first asked for."""
    query = sa.select(Datum).where(
        Datum.element == key.element, Datum.unit_id == key.unit_id, Datum.period == key.period,
        Datum.dims == key.dims, Datum.measure == key.measure,
    )  # fmt: skip
    datum = db.session.scalar(query)
    if datum is not None:
        return datum
    datum = Datum(
        element=key.element, unit_id=key.unit_id, period=key.period, dims=key.dims,
        measure=key.measure, head=0,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(datum)
            db.session.flush()
    except IntegrityError:  # somebody made it in between
        return db.session.scalars(query).one()
    return datum


def rev_of(datum: Datum, n: int) -> DatumRev | None:
    """Statement ``n`` of a number, None for 0 and for one that there is not."""
    if n <= 0:
        return None
    return db.session.scalar(
        sa.select(DatumRev).where(DatumRev.datum_id == datum.id, DatumRev.n == n)
    )


VALUE_COLUMNS = ("value", "text", "raw")


def append(
    datum: Datum, head: DatumRev | None, columns: Mapping[str, Any], actor: Actor
) -> DatumRev | None:
    """The next revision, or None when somebody else was first."""
    moved: Any = db.session.execute(
        sa.update(Datum)
        .where(Datum.id == datum.id, Datum.head == datum.head)
        .values(head=Datum.head + 1)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:
        return None
    db.session.refresh(datum)
    carried = {
        c: getattr(head, c)
        for c in (*VALUE_COLUMNS, "vintage", "na_reason", "expected_on", "source",
                  "same_as_last_year")
    } if head else {}  # fmt: skip
    rev = DatumRev(
        datum_id=datum.id, n=datum.head, by_term_id=actor.term_id, by_label=actor.label,
        at=clock.now(), **{**carried, **columns},
    )  # fmt: skip
    db.session.add(rev)
    db.session.flush()
    return rev


def plain(rev: DatumRev | None, column: str) -> Any:
    """What a column of a statement says, as the record keeps it."""
    if rev is None:
        return None
    if column == "value":
        return rev.raw or rev.text or (None if rev.value is None else format(rev.value, "f"))
    found = getattr(rev, column)
    return found.isoformat() if isinstance(found, date) else found
