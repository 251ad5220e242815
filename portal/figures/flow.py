"""The only writer of figures: one field of one datum at a time, with its revision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal import clock, indonesian
from portal.db import db
from portal.figures import catalogue, queries, rollup, statements
from portal.figures.catalogue import Element
from portal.figures.models import Datum, DatumRev, Measure, Vintage
from portal.figures.rollup import made_by_months
from portal.figures.rules import DatumView, show
from portal.figures.statements import LISTENERS, VALUE_COLUMNS, DatumKey, plain
from portal.people import queries as people
from portal.people.rules import Actor
from portal.trail import flow as trail

__all__ = ["LISTENERS", "DatumKey", "Put", "Refused", "made_by_months", "put", "put_many",
           "refusal", "restore"]  # fmt: skip
#: Fields of a datum that an operation may name.
ATTRS = ("value", "vintage", "na_reason", "expected_on", "source", "same")
_COLUMN = {"same": "same_as_last_year"}
_LONGEST = {"source": 300, "na_reason": 300, "same": 300}


class Refused(Exception):
    """Something that may not be written; the message is a sentence for the user."""


@dataclass(frozen=True)
class Put:
    """Answer to one operation on one field of one datum.

    ``status``: ok, same (nothing to do), conflict (somebody else changed this field; ``theirs``
    and ``theirs_by`` say how), refused (``doubt`` says why). ``shown`` is the value as it reads
    now; ``doubt`` asks about a spelling with two readings, ``other`` is the second one.
    """

    status: str
    rev: int
    at: datetime | None = None
    shown: str = ""
    doubt: str = ""
    other: str = ""
    theirs: str = ""
    theirs_by: str = ""


@dataclass
class _Change:
    """What an operation would write."""

    columns: dict[str, Any] = field(default_factory=dict)
    doubt: str = ""
    other: str = ""


def put(
    key: DatumKey, attr: str, value: str, base_rev: int, actor: Actor, behalf: bool = False
) -> Put:
    """Write one field of a datum; the caller commits.

    ``base_rev`` is the revision that the writer has seen (0 = none). Two people who changed
    different fields do not disturb each other. ``behalf`` is set by a caller that has made sure
    that the actor stands in for the owner (sekretariat before the owner's tahap). Only the
    owner's units may write; everybody else is told who owns the number.
    """
    found = catalogue.current().elements.get(key.element)
    if found is None or attr not in ATTRS:
        return Put("refused", 0, doubt="Isian ini tidak dikenal. Muat ulang halaman.")
    if not behalf and not queries.may_write(actor, found, queries.writers_by_duty()):
        return Put("refused", 0, doubt=refusal(found))
    if key.dims and not queries.knows_dims(found, key.dims, key.period):
        return Put("refused", 0, doubt=f"“{found.title}” tidak diisi menurut {key.dims}.")
    try:
        change = _read(found, attr, value)
    except Refused as no:
        return Put("refused", 0, doubt=str(no), shown=value)
    datum = statements.datum_of(key)
    head = statements.rev_of(datum, datum.head)
    column = _COLUMN.get(attr, attr)
    if _equal(head, change, attr):
        return Put("same", datum.head, head.at if head else None, _shown(head, found, attr),
                   change.doubt, change.other)  # fmt: skip
    if attr == "value" and (why := rollup.why_not(key, found, head)):
        return Put("refused", datum.head, doubt=why, shown=_shown(head, found, attr))
    if _moved(datum, head, base_rev, attr):
        return _conflict(datum, head, found, attr)
    rev = statements.append(datum, head, change.columns, actor)
    if rev is None:
        db.session.refresh(datum)
        return _conflict(datum, statements.rev_of(datum, datum.head), found, attr)
    trail.record(
        f"figure:{key.element}:{key.period}", f"figures.put.{attr}", f"datum:{datum.id}", actor,
        plain(head, column), plain(rev, column),
    )  # fmt: skip
    if attr == "value":
        rollup.after(key, found, actor)
    statements.tell(key, head, rev, actor)
    return Put("ok", rev.n, rev.at, _shown(rev, found, attr), change.doubt, change.other)


def refusal(element: Element) -> str:
    """Why an element is read-only, and who owns it."""
    owner = queries.owner_name(element, people.today())
    return (
        f"“{element.title}” diisi oleh {owner} dan hanya dapat dibaca di sini. Bila angkanya "
        f"keliru, sampaikan kepada {owner}."
    )


def _read(element: Element, attr: str, value: str) -> _Change:
    """Understand what was typed; a doubtful number is kept as typed and asked about."""
    text = value.strip()
    if attr == "value":
        return _read_value(element, text)
    if attr == "vintage":
        if text not in list(Vintage):
            raise Refused("Sifat angka tidak dikenal. Pilih salah satu dari daftar.")
        return _Change({"vintage": text})
    if attr == "expected_on":
        day = indonesian.read_date(text) if text else None
        if text and day is None:
            raise Refused(f"“{text}” bukan tanggal. Tulis hari/bulan/tahun, misalnya 30/4/2026.")
        return _Change({"expected_on": day})
    clean = " ".join(text.split())
    if len(clean) > _LONGEST[attr]:
        raise Refused(f"Terlalu panjang: paling banyak {_LONGEST[attr]} huruf.")
    return _Change({_COLUMN.get(attr, attr): clean})


def _read_value(element: Element, text: str) -> _Change:
    empty: dict[str, Any] = {"value": None, "text": None, "raw": None}
    if not text:
        return _Change(empty)
    if element.kind == "choice":
        if text not in element.choices:
            raise Refused(f"“{text}” tidak ada dalam pilihan {element.title}.")
        return _Change({**empty, "text": text})
    if element.kind == "yesno":
        answer = {"ya": 1, "1": 1, "ada": 1, "tidak": 0, "0": 0}.get(text.lower())
        if answer is None:
            raise Refused("Jawab Ya atau Tidak.")
        return _Change({**empty, "value": Decimal(answer)})
    read = indonesian.read_number(text)
    if read.value is None or read.doubt:
        other = indonesian.number(read.other) if read.other is not None else ""
        return _Change({**empty, "raw": text[:120]}, read.doubt, other)
    return _Change({**empty, "value": read.value})


#: What a statement says, and what it says when nothing is stated.
_NOTHING: dict[str, Any] = {
    "value": None, "text": None, "raw": None, "vintage": Vintage.TETAP, "na_reason": "",
    "expected_on": None, "source": "", "same_as_last_year": "",
}  # fmt: skip


def _state(rev: DatumRev | None, attr: str) -> tuple[Any, ...]:
    """What one field says; a datum without revisions says the same as an empty one."""
    if attr == "value":
        return tuple(getattr(rev, c) if rev else None for c in VALUE_COLUMNS)
    blank: Any = {"vintage": Vintage.TETAP, "expected_on": None}.get(attr, "")
    return (getattr(rev, _COLUMN.get(attr, attr)) if rev else blank,)


def _equal(head: DatumRev | None, change: _Change, attr: str) -> bool:
    if attr == "value":
        return tuple(change.columns[c] for c in VALUE_COLUMNS) == _state(head, attr)
    return (change.columns[_COLUMN.get(attr, attr)],) == _state(head, attr)


def _moved(datum: Datum, head: DatumRev | None, base_rev: int, attr: str) -> bool:
    """True when this very field changed after the revision that the writer saw."""
    if base_rev == datum.head:
        return False
    seen = statements.rev_of(datum, base_rev)
    return _state(seen, attr) != _state(head, attr)


def _conflict(datum: Datum, head: DatumRev | None, element: Element, attr: str) -> Put:
    return Put(
        "conflict", datum.head, head.at if head else None, "",
        theirs=_shown(head, element, attr), theirs_by=head.by_label if head else "",
    )  # fmt: skip


def _shown(rev: DatumRev | None, element: Element, attr: str) -> str:
    if rev is None:
        return ""
    if attr == "value":
        return rev.raw or rev.text or show(rev.value, element.kind, element.places)
    found = getattr(rev, _COLUMN.get(attr, attr))
    return indonesian.long_date(found) if isinstance(found, date) else str(found or "")


def restore(key: DatumKey, n: int, base_rev: int, actor: Actor, behalf: bool = False) -> Put:
    """Make an older statement the newest one again, as a new revision; 0 = nothing stated yet.

    ``behalf`` as in ``put``.
    """
    found = catalogue.current().elements.get(key.element)
    may = behalf or (
        found is not None and queries.may_write(actor, found, queries.writers_by_duty())
    )
    if found is None or not may:
        return Put("refused", 0, doubt=refusal(found) if found else "Isian ini tidak dikenal.")
    datum = statements.datum_of(key)
    old, head = statements.rev_of(datum, n), statements.rev_of(datum, datum.head)
    if (old is None and n) or base_rev != datum.head:
        return _conflict(datum, head, found, "value")
    if not behalf and (why := rollup.why_not(key, found, head)):
        return Put("refused", datum.head, doubt=why)
    columns = {c: getattr(old, c) if old else blank for c, blank in _NOTHING.items()}
    rev = statements.append(datum, head, columns, actor)
    if rev is None:
        return _conflict(datum, head, found, "value")
    trail.record(
        f"figure:{key.element}:{key.period}", "figures.restore", f"datum:{datum.id}", actor,
        plain(head, "value"), plain(rev, "value"),
    )  # fmt: skip
    rollup.after(key, found, actor)
    statements.tell(key, head, rev, actor)
    return Put("ok", rev.n, rev.at, _shown(rev, found, "value"))


def put_many(
    views: Iterable[DatumView], actor: Actor, verb: str = "figures.load",
    measure: str = Measure.REALISASI,
) -> int:  # fmt: skip
    """Write many new data at once (demo, first take-over); existing ones are left alone.

    Returns how many were written. One act in the record names the number and the periods.
    """
    given = list(views)
    periods = sorted({v.period for v in given})
    held = {
        tuple(row)
        for row in db.session.execute(
            sa.select(Datum.element, Datum.unit_id, Datum.period, Datum.dims).where(
                Datum.period.in_(periods), Datum.measure == measure
            )
        )
    }
    fresh = [v for v in given if (v.element, v.unit_id, v.period, v.dims) not in held]
    if not fresh:
        return 0
    rows = [
        {"element": v.element, "unit_id": v.unit_id, "period": v.period, "dims": v.dims,
         "measure": measure, "head": 1}
        for v in fresh
    ]  # fmt: skip
    ids = db.session.scalars(
        sa.insert(Datum).returning(Datum.id, sort_by_parameter_order=True), rows
    ).all()
    now = clock.now()
    db.session.execute(sa.insert(DatumRev), [
        {"datum_id": id_, "n": 1, "value": v.value, "text": v.text or None, "raw": v.raw or None,
         "vintage": v.vintage, "na_reason": v.na_reason, "expected_on": v.expected_on,
         "source": v.source, "same_as_last_year": v.same, "by_term_id": actor.term_id,
         "by_label": v.by_label or actor.label, "at": v.at or now}
        for id_, v in zip(ids, fresh, strict=True)
    ])  # fmt: skip
    trail.record("figures", verb, f"periods:{','.join(periods)}", actor, None,
                 {"data": len(fresh)})  # fmt: skip
    return len(fresh)
