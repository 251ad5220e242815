"""Numbers by month as others may see them: only what an isian has carried off its owner's desk.

A month is carried by every report of its kind and year that covers it; Triwulan I that was sent
shows January to March, also while the report of the year is still being filled.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

import sqlalchemy as sa

from portal.db import db
from portal.figures import catalogue, spm
from portal.figures import queries as figures
from portal.outlines.measured import REALISASI, Activity, Numbers, Setting
from portal.outlines.parts import Measures, typed
from portal.outlines.schema import placed_parts
from portal.people import queries as people
from portal.people.rules import Actor
from portal.reports import measures_bridge, places, trees
from portal.reports.models import Entry, Report
from portal.reports.rules import OPEN_STATES

YEAR = 12


@dataclass(frozen=True)
class Sent:
    """Numbers of which a stranger sees what was sent.

    ``until``: element -> the last month that was sent (12 with a report of the year); an element
    that is not in it is nobody's secret, 0 says that nothing of it was sent.
    """

    numbers: Numbers
    until: dict[str, int]
    served: frozenset[str]

    def value(self, element: str, month: int, measure: str) -> Decimal | None:
        """The number, None when it was not sent."""
        last = self.until.get(element, YEAR)
        of_year = month == 0 and measure == REALISASI and element in self.served
        if last < (YEAR if of_year else max(month, 1)):
            return None
        return self.numbers.value(element, month, measure)


def for_reader(at: Setting, report: Report, actor: Actor) -> Setting:
    """The setting of a table as ``actor`` may see it: the own numbers, of others the sent ones."""
    services = at.book.services
    served = {k for s in services for k in s.part} | {
        i.element for s in services for i in s.quality_in(at.year)
    }
    until = _until(report, actor)
    return replace(at, numbers=Sent(at.numbers, until, frozenset(served)),
                   activities=tuple(_activities(at.activities, report.year, actor)))  # fmt: skip


def _until(report: Report, actor: Actor) -> dict[str, int]:
    """Element of others -> the last month that a report of this kind and year has sent."""
    owners = _owners()
    found = until(report.year, report.kind)
    return {k: last for k, last in found.items() if not owners[k] & actor.units()}


def _owners() -> dict[str, frozenset[int]]:
    duties, book = figures.writers_by_duty(), catalogue.current().elements
    return {k: figures.owners_in(duties, e) for k, e in book.items() if not e.reference}


def until(year: int, kind: str = "") -> dict[str, int]:
    """Element -> the last month that the reports of a year have sent, of one kind or of any."""
    alike = sa.select(Report).where(Report.year == year)
    if kind:
        alike = alike.where(Report.kind == kind)
    reports = {r.id: r for r in db.session.scalars(alike)}
    entries: dict[tuple[int, str, str], list[Entry]] = {}
    for entry in db.session.scalars(sa.select(Entry).where(Entry.report_id.in_(reports))):
        entries.setdefault((entry.report_id, entry.part_key, entry.repeat_key), []).append(entry)
    owners = _owners()
    out: dict[str, int] = {}
    for one in reports.values():
        carried = _carried(one, entries, owners)
        last = spm.months_until(one.period)[-1]
        for element, sent in carried.items():
            out[element] = max(out.get(element, 0), last if sent else 0)
    return out


def _carried(
    report: Report, entries: dict[tuple[int, str, str], list[Entry]],
    owners: dict[str, frozenset[int]],
) -> dict[str, bool]:  # fmt: skip
    """Element -> True when every isian of its owner that asks for it was sent."""
    out: dict[str, bool] = {}
    for placed in placed_parts(places.edition_of(report)):
        if not (isinstance(placed.part, Measures) and typed(placed.part)):
            continue
        found = entries.get((report.id, placed.part.key, placed.repeat_key), [])
        for element in measures_bridge.elements_of(report, placed):
            if element in owners:
                mine = [e for e in found if e.supplier_unit_id in owners[element]] or found
                sent = bool(mine) and not any(e.state in OPEN_STATES for e in mine)
                out[element] = out.get(element, True) and sent
    return out


def _activities(found: Iterable[Activity], year: int, actor: Actor) -> Iterable[Activity]:
    """Lines of the budget; what others have spent only after their isian was sent."""
    units = {u.code: u.id for u in people.units_on(people.today())}
    shown: dict[str, bool] = {}
    for line in found:
        if line.unit not in shown:
            unit_id = units[line.unit]
            shown[line.unit] = unit_id in actor.units() or bool(
                trees.locked("programs", year, unit_id)
            )
        yield line if shown[line.unit] else replace(line, spent=None, quarters={})
