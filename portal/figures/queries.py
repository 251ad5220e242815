"""Reads of figures: many data in one statement, their history, their evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.db import db
from portal.figures import catalogue, sites, spm
from portal.figures.catalogue import Element, Indicator, Thresholds
from portal.figures.checks import Facts
from portal.figures.models import Datum, DatumRev, ElementOwner, Evidence, Measure
from portal.figures.rules import DatumView
from portal.people import queries as people
from portal.people.rules import Actor, Permission, Role, UnitInfo

Periods = dict[str, dict[str, DatumView]]


def region_id() -> int:
    """The unit under which numbers of the whole region stand (PEMDA); LookupError without one."""
    unit = people.unit_by_code("PEMDA")
    if unit is None:
        raise LookupError("Perangkat Daerah belum dimuat: unit PEMDA tidak ada.")
    return unit.id


def _view(datum: Any, rev: Any) -> DatumView:
    return DatumView(
        element=datum.element, value=rev.value, text=rev.text or "", raw=rev.raw or "",
        vintage=rev.vintage, na_reason=rev.na_reason, expected_on=rev.expected_on,
        source=rev.source, same=rev.same_as_last_year, rev=rev.n, by_label=rev.by_label,
        at=rev.at, unit_id=datum.unit_id, period=datum.period, dims=datum.dims,
    )  # fmt: skip


def _heads() -> Any:
    return sa.select(Datum, DatumRev).join(
        DatumRev, sa.and_(DatumRev.datum_id == Datum.id, DatumRev.n == Datum.head)
    )


def values_of(
    keys: Iterable[str], periods: Iterable[str], unit_id: int, measure: str = Measure.REALISASI,
    dims: str = "",
) -> Periods:  # fmt: skip
    """The newest statements of many elements in several periods, in one statement to the database.

    The result has every period asked for, also an empty one; ``dims`` asks for one place.
    """
    asked = list(periods)
    out: Periods = {period: {} for period in asked}
    rows = db.session.execute(
        _heads().where(
            Datum.element.in_(list(keys)), Datum.period.in_(asked), Datum.unit_id == unit_id,
            Datum.dims == dims, Datum.measure == measure,
        )
    )  # fmt: skip
    for datum, rev in rows:
        out[datum.period][datum.element] = _view(datum, rev)
    return out


Series = dict[tuple[str, int, str], DatumView]


def series_of(keys: Iterable[str], year: int, unit_id: int) -> Series:
    """(element, month 1..12 or 0 = the year, measure) -> newest statement, in one statement."""
    months = {spm.month_key(year, m): m for m in range(1, 13)} | {str(year): 0}
    rows = db.session.execute(
        _heads().where(
            Datum.element.in_(list(keys)), Datum.period.in_(list(months)),
            Datum.unit_id == unit_id, Datum.dims == "",
        )
    )  # fmt: skip
    return {(d.element, months[d.period], str(d.measure)): _view(d, rev) for d, rev in rows}


def values(keys: Iterable[str], period: str, unit_id: int) -> dict[str, DatumView]:
    """The newest statements of many elements in one period, in one statement to the database."""
    return values_of(keys, [period], unit_id)[period]


def by_dims(
    keys: Iterable[str], periods: Iterable[str], unit_id: int
) -> dict[tuple[str, str, str], DatumView]:
    """(element, period, ``kecamatan=KEC-01``) -> newest statement, in one statement; the number
    of the whole region stands under ``""``."""
    rows = db.session.execute(
        _heads().where(
            Datum.element.in_(list(keys)), Datum.period.in_(list(periods)),
            Datum.unit_id == unit_id, Datum.measure == Measure.REALISASI,
        )
    )  # fmt: skip
    return {(d.element, d.period, d.dims): _view(d, rev) for d, rev in rows}


BySite = dict[tuple[str, str, int, str], DatumView]


def by_site(keys: Iterable[str], year: int, unit_id: int) -> BySite:
    """(element, place, month 1..12 or 0 = the year, measure) -> newest statement of the places
    where people are served, in one statement."""
    months = {spm.month_key(year, m): m for m in range(1, 13)} | {str(year): 0}
    rows = db.session.execute(
        _heads().where(
            Datum.element.in_(list(keys)), Datum.period.in_(list(months)),
            Datum.unit_id == unit_id, Datum.dims.like(f"{sites.DIM}=%"),
        )
    )  # fmt: skip
    return {
        (d.element, sites.code_of(d.dims), months[d.period], str(d.measure)): _view(d, rev)
        for d, rev in rows
    }  # fmt: skip


def sites_of(element: Element, year: int) -> list[UnitInfo]:
    """Places where an element may be counted in a year: the UPT of its owner (puskesmas), the
    kecamatan for an owner without any; [] for an element that no service counts."""
    if not element.roll and element.key not in {
        k for service in catalogue.current().services for k in service.whole
    }:  # fmt: skip
        return []
    units = people.units_on(min(date(year, 12, 31), people.today()), ("upt", "kecamatan"))
    owners = writers(element)
    own = [u for u in units if u.kind == "upt" and u.parent_id in owners]
    return own or [u for u in units if u.kind == "kecamatan"]


def districts(year: int) -> list[UnitInfo]:
    """Kecamatan by which the numbers of a year are kept: those at its end, or today."""
    on = min(date(year, 12, 31), people.today())
    return people.units_on(on, ("kecamatan",))


def knows_dims(element: Element, dims: str, period: str) -> bool:
    """True when the element is kept by this dimension (``kecamatan=KEC-01``) in the period."""
    name, _, code = dims.partition("=")
    if name == sites.DIM and period[:4].isdigit():
        return code in {u.code for u in sites_of(element, int(period[:4]))}
    if not element.by or name != element.by or not period[:4].isdigit():
        return False
    return code in {u.code for u in districts(int(period[:4]))}


def history(key: str, period: str, unit_id: int, dims: str = "") -> list[DatumView]:
    """All statements of one datum, newest first."""
    rows = db.session.execute(
        sa.select(Datum, DatumRev)
        .join(DatumRev, DatumRev.datum_id == Datum.id)
        .where(Datum.element == key, Datum.period == period, Datum.unit_id == unit_id,
               Datum.dims == dims)
        .order_by(DatumRev.n.desc())
    ).all()  # fmt: skip
    return [_view(datum, rev) for datum, rev in rows]


def previous_period(period: str) -> str:
    """The same period of the year before: ``2025-TW1`` -> ``2024-TW1``."""
    year, dash, rest = period.partition("-")
    return f"{int(year) - 1}{dash}{rest}"


def facts(
    indicators: Iterable[Indicator], period: str, unit_id: int, today: date,
    with_evidence: bool = False,
) -> Facts:  # fmt: skip
    """What the checks look at for these indicators: two periods in one statement."""
    book = catalogue.current()
    asked = list(indicators)
    keys = {k for i in asked for k in i.elements}
    keys |= {k for s in book.sums if keys & {s.whole, *s.parts} for k in (s.whole, *s.parts)}
    before = previous_period(period)
    found = values_of(sorted(keys), [period, before], unit_id)
    year = int(period[:4])
    proven = frozenset(evidence_counts(asked, year)) if with_evidence else None
    return Facts(book, year, found[period], found[before], today, thresholds(), proven)


def thresholds() -> Thresholds:
    """Limits of the checks as this installation has them."""
    return catalogue.thresholds()


def writers(element: Element) -> frozenset[int]:
    """Units that may type an element: its own owner, else the units of its owner duty."""
    return owners_in(writers_by_duty(), element)


def writers_by_duty() -> dict[str, frozenset[int]]:
    """Duty -> units that answer for it, all duties at once.

    ``element:<key>`` stands for an element that changed hands ("Ini bukan data kami").
    """
    found = {
        key: frozenset(x for x in (main, *support) if x is not None)
        for key, (main, support) in people.duties().items()
    }
    return found | {f"element:{key}": frozenset({unit}) for key, unit in element_owners().items()}


def element_owners() -> dict[str, int]:
    """Elements that another unit than their duty's owns today, in one statement."""
    rows = db.session.execute(
        sa.select(ElementOwner.element, ElementOwner.unit_id)
        .where(ElementOwner.valid_from <= people.today())
        .order_by(ElementOwner.valid_from, ElementOwner.id)
    )
    return {element: unit for element, unit in rows}


def owners_in(duties: dict[str, frozenset[int]], element: Element) -> frozenset[int]:
    """The units of ``writers_by_duty`` that own one element."""
    own = duties.get(f"element:{element.key}")
    return own if own is not None else duties.get(element.owner, frozenset())


def may_write(actor: Actor, element: Element, duties: dict[str, frozenset[int]]) -> bool:
    """True when the acting jabatan belongs to a unit that owns the element.

    An element whose duty no unit holds is left to the sekretariat, so that no number is orphaned.
    """
    if actor.looking or not actor.may(Permission.FIGURES_WRITE):
        return False
    owners = owners_in(duties, element)
    if not owners:
        return bool(actor.units(Role.SEKRETARIAT))
    return bool(owners & actor.units(Role.OPERATOR, Role.SEKRETARIAT))


def owned_elements(actor: Actor) -> list[Element]:
    """Elements that the actor may type, in the order of the catalogue.

    What belongs to one jenis pelayanan (mutu, anggaran) has forms and sheets of its own.
    """
    duties = writers_by_duty()
    return [
        e for e in catalogue.current().elements.values()
        if not e.service and may_write(actor, e, duties)
    ]  # fmt: skip


def owner_name(element: Element, on: date) -> str:
    """Who types the element: ``Dinas Kesehatan``; a sentence when nobody does."""
    main = element_owners().get(element.key)
    if main is None:
        main, _support = people.duty_units(element.owner)
    info = people.unit_info(main, on) if main is not None else None
    return info.name if info else "belum ada Perangkat Daerah pengampu"


def owner_names(on: date) -> dict[str, tuple[str, str]]:
    """Duty -> name and short name of its main unit, all at once; also ``element:<key>``."""
    units = {u.id: u for u in people.units_on(on)}
    mains = {key: main for key, (main, _s) in people.duties().items()}
    mains |= {f"element:{key}": unit for key, unit in element_owners().items()}
    return {
        key: (units[main].name, units[main].short_name)
        for key, main in mains.items() if main is not None and main in units
    }  # fmt: skip


def named_owner(names: dict[str, tuple[str, str]], element: Element) -> tuple[str, str]:
    """Name and short name of an element's owner out of ``owner_names``; ("", "") for nobody."""
    return names.get(f"element:{element.key}") or names.get(element.owner, ("", ""))


def evidence_subject(indicator: str, year: int) -> str:
    """What an evidence row is about."""
    return f"indicator:{indicator}:{year}"


def evidence_of(indicator: str, year: int) -> list[Evidence]:
    """Data dukung of one indicator that was not removed, oldest first."""
    return list(
        db.session.scalars(
            sa.select(Evidence)
            .where(Evidence.subject == evidence_subject(indicator, year),
                   Evidence.removed_at.is_(None))
            .order_by(Evidence.id)
        )
    )  # fmt: skip


def evidence_by_indicator(
    indicators: Iterable[Indicator], year: int, actor: Actor
) -> dict[str, tuple[list[Evidence], int]]:
    """Indicator key -> (what the actor may open, how many more are restricted), in one statement.

    A file with names of persons is not even named to others (UU 27/2022): its name says too much.
    """
    subjects = {evidence_subject(i.key, year): i.key for i in indicators}
    rows = db.session.scalars(
        sa.select(Evidence)
        .where(Evidence.subject.in_(list(subjects)), Evidence.removed_at.is_(None))
        .order_by(Evidence.id)
    )
    out: dict[str, tuple[list[Evidence], int]] = {key: ([], 0) for key in subjects.values()}
    for row in rows:
        seen, hidden = out[subjects[row.subject]]
        if may_read_evidence(actor, row):
            seen.append(row)
        else:
            out[subjects[row.subject]] = (seen, hidden + 1)
    return out


def evidence_counts(indicators: Iterable[Indicator], year: int) -> dict[str, int]:
    """Number of data dukung by indicator key, in one statement; none is left out."""
    subjects = {evidence_subject(i.key, year): i.key for i in indicators}
    rows = db.session.execute(
        sa.select(Evidence.subject, sa.func.count())
        .where(Evidence.subject.in_(list(subjects)), Evidence.removed_at.is_(None))
        .group_by(Evidence.subject)
    )
    return {subjects[subject]: count for subject, count in rows}


def evidence_for(evidence_id: int) -> Evidence | None:
    """One data dukung that was not removed."""
    found = db.session.get(Evidence, evidence_id)
    return found if found is not None and found.removed_at is None else None


def may_read_evidence(actor: Actor, evidence: Evidence) -> bool:
    """Own unit, APIP and sekretariat; files with names of persons never the sekretariat.

    UU 27/2022 Whether the isian was sent is asked by the caller.
    """
    if evidence.restricted and actor.looking:
        return False
    if evidence.unit_id in actor.units():
        return True
    if evidence.restricted:
        return bool(actor.units(Role.APIP))
    return bool(actor.units(Role.APIP, Role.SEKRETARIAT))


def evidence_by(unit_ids: Iterable[int], year: int) -> list[Evidence]:
    """Data dukung that these units handed in for a year, newest first."""
    return list(
        db.session.scalars(
            sa.select(Evidence)
            .where(Evidence.unit_id.in_(list(unit_ids)), Evidence.removed_at.is_(None),
                   Evidence.subject.like(f"indicator:%:{year}"))
            .order_by(Evidence.id.desc())
        )
    )  # fmt: skip
