"""Figures inside an isian: which data it asks for, saving them, what the checks say of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from portal import indonesian
from portal.figures import catalogue, checks, flow, queries, rules
from portal.figures.shape import Element, Indicator
from portal.outlines.schema import Indicators, Placed
from portal.people import queries as people
from portal.people.rules import Actor
from portal.reports import queries as entries
from portal.reports import reading
from portal.reports.models import Entry, Report
from portal.reports.refusal import Refused
from portal.reports.rules import Target


@dataclass(frozen=True)
class Put:
    """What the figures room said, in the words of an operation."""

    status: str
    rev: int = 0
    shown: str = ""
    doubt: str = ""
    other: str = ""
    choices: list[list[str]] = field(default_factory=list)
    theirs: str = ""
    theirs_by: str = ""
    reason: str = ""
    before: dict[str, str] | None = None
    derived: dict[str, str] = field(default_factory=dict)


def period_of(report: Report) -> str:
    """Period of the report's data: ``2025`` or ``2025-TW1``."""
    return f"{report.year}-{report.period}" if report.period else str(report.year)


def indicators_of(placed: Placed | None, year: int) -> tuple[Indicator, ...]:
    """Indicators that a part asks for, in the order of the book; () for other parts."""
    if placed is None or not isinstance(placed.part, Indicators):
        return ()
    group = placed.part.group
    if group == "item":
        group = placed.item.group if placed.item else ""
    found = catalogue.current().of(placed.part.level, group)
    return tuple(i for i in found if i.applies(year))


def elements_of(placed: Placed | None, year: int) -> dict[str, Element]:
    """Elements behind the part's indicators, by key."""
    book = catalogue.current()
    return {k: book.elements[k] for i in indicators_of(placed, year) for k in i.elements}


def put(entry: Entry, target: Target, value: str, base: int, actor: Actor) -> Put:
    """Save one attribute of one datum that the isian asks for.

    ``=1234.5`` is a confirmed canonical number. Only the element's owner writes; the sekretariat
    for a unit outside its tahap.
    """
    placed = entries.place_of(entry)
    element = elements_of(placed, entry.report.year).get(target.element)
    if element is None:
        raise Refused("Data ini tidak diminta oleh isian ini. Muat ulang halaman.")
    unit, period = entry.report.owner_unit_id, period_of(entry.report)
    typed = _plain_number(value) if target.attr == "value" else value
    before = queries.values([target.element], period, unit).get(target.element)
    answer = flow.put(
        flow.DatumKey(target.element, unit, period, target.dims), target.attr, typed, base, actor,
        behalf=entries.enters_for(actor, entry),
    )  # fmt: skip
    refused = answer.status == "refused"
    stood = {"v": rules.show_view(before, element)} if before else None
    return Put(
        answer.status, answer.rev, answer.shown, "" if refused else answer.doubt, answer.other,
        _choices(value) if answer.doubt and not refused else [], answer.theirs, answer.theirs_by,
        answer.doubt if refused else "", stood,
        results(entry, placed, only=target.element) if answer.status == "ok" else {},
    )  # fmt: skip


def _plain_number(value: str) -> str:
    """A confirmed ``=1.234`` in a spelling with one reading only."""
    if not value.startswith("="):
        return value
    try:
        number = Decimal(value[1:])
    except ArithmeticError:
        return value
    text = indonesian.number(number)
    return text if indonesian.read_number(text).sure else text + "0"


def _choices(value: str) -> list[list[str]]:
    found = indonesian.read_number(value)
    options = [v for v in (found.value, found.other) if v is not None]
    return [[indonesian.number(v), "=" + reading.canonical(v)] for v in options]


def results(entry: Entry, placed: Placed | None, only: str = "") -> dict[str, str]:
    """``i:<indicator>`` -> its computed value as it prints, or the reason why there is none."""
    asked = [
        i for i in indicators_of(placed, entry.report.year) if not only or only in i.elements
    ]  # fmt: skip
    book, period = catalogue.current(), period_of(entry.report)
    keys = {k for i in asked for k in i.elements}
    last = queries.previous_period(period)
    found = queries.values_of(sorted(keys), [period, last], entry.report.owner_unit_id)
    out = {}
    for indicator in asked:
        result = rules.evaluate(indicator, found[period], found[last], book.elements)
        out[f"i:{indicator.key}"] = result.text or result.reason
    return out


def remarks(entry: Entry, placed: Placed | None, actor: Actor | None = None) -> list[checks.Check]:
    """What the checks of the figures room say of this isian's indicators.

    With ``actor``, element rules look only at what that actor may change.
    """
    asked = indicators_of(placed, entry.report.year)
    if not asked:
        return []
    facts = queries.facts(
        asked, period_of(entry.report), entry.report.owner_unit_id, people.today(),
        with_evidence=True,
    )  # fmt: skip
    mine = None
    if actor is not None:
        duties, book = queries.writers_by_duty(), catalogue.current()
        wanted = {k for i in asked for k in i.elements}
        if entries.enters_for(actor, entry):
            mine = list(wanted)
        else:
            mine = [k for k in wanted if queries.may_write(actor, book.elements[k], duties)]
    return checks.check(facts, asked, mine)
