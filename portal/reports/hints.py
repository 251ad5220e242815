"""Soft remarks while somebody types an indicator: said at the field, never in the way of a save.

The same rules as Periksa isian (figures/checks.py), those that a typed number can break: exactly
last year's number, a jump, another unit of measure, more part than whole, out of bounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from portal.figures import checks, queries
from portal.figures.checks import Facts
from portal.figures.shape import Indicator
from portal.outlines.parts import Indicators
from portal.outlines.schema import Placed
from portal.people import queries as people
from portal.reports import figures_bridge
from portal.reports.models import Entry

#: The reason box opens with this one.
COPY = "copy"
#: An answer names at most so many fields; an autosave is at most 2 KB.
MOST = 12

#: Target -> [[rule, sentence], ...]; an empty list takes earlier remarks back.
Hints = dict[str, list[list[str]]]


def after(entry: Entry, placed: Placed | None, element: str) -> Hints:
    """Remarks on the indicators that ``element`` is part of, for the answer to an operation."""
    if placed is None or not isinstance(placed.part, Indicators):
        return {}
    year = entry.report.year
    asked = [i for i in figures_bridge.indicators_of(placed, year) if element in i.elements]
    if not asked:
        return {}
    period = figures_bridge.period_of(entry.report)
    facts = queries.facts(asked, period, entry.report.owner_unit_id, people.today())
    found = told(facts, asked)
    if len(found) > MOST:
        return {t: v for t, v in found.items() if v or t == checks.target(element)}
    return found


def told(facts: Facts, asked: Iterable[Indicator]) -> Hints:
    """Every value field of these indicators with its remarks."""
    given = list(asked)
    found: Hints = {}
    for e in facts.catalogue.elements_of(given):
        view = facts.now.get(e.key)
        here = facts if view is None else _without_reason(facts, e.key)
        lines = [*checks.against_last_year(here, e), *checks.bounds(facts, e)]
        found[checks.target(e.key)] = [
            [c.key, c.sentence.removeprefix(f"{e.title}: ")] for c in lines
        ]
    for i in given:
        for c in (*checks.part_above_whole(facts, i), *checks.result_bounds(facts, i)):
            found.setdefault(c.target, []).append([c.key, c.sentence])
    return found


def _without_reason(facts: Facts, key: str) -> Facts:
    """The reason that was given keeps its box open, so that it can be read and changed."""
    return replace(facts, now={**facts.now, key: replace(facts.now[key], same="")})
