"""Figures inside an isian: which data it asks for, saving them, what the checks say of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal import indonesian
from portal.figures import catalogue, checks, flow, queries, rules, spm
from portal.figures.models import Measure
from portal.figures.shape import Element, Indicator
from portal.outlines.parts import Indicators, Measures
from portal.outlines.schema import Placed
from portal.people import queries as people
from portal.people.rules import Actor
from portal.reports import chips, measures_bridge, reading
from portal.reports import queries as entries
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
    before: dict[str, Any] | None = None
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


def _asked(entry: Entry, placed: Placed | None) -> dict[str, Element]:
    """Every element that the isian asks for."""
    if placed is not None and isinstance(placed.part, Measures):
        book = catalogue.current()
        return {k: book.elements[k] for k in measures_bridge.elements_of(entry.report, placed)}
    return elements_of(placed, entry.report.year)


def _key(entry: Entry, placed: Placed | None, target: Target) -> flow.DatumKey:
    """The datum of a target: by month or for the year in measures, else of the report's period."""
    unit, period = entry.report.owner_unit_id, period_of(entry.report)
    if placed is not None and isinstance(placed.part, Measures):
        year = entry.report.year
        period = spm.month_key(year, target.month) if target.month else str(year)
    elif target.month or target.measure:
        raise Refused("Data ini tidak diminta oleh isian ini. Muat ulang halaman.")
    return flow.DatumKey(
        target.element, unit, period, target.dims, target.measure or Measure.REALISASI
    )


def put(entry: Entry, target: Target, value: str, base: int, actor: Actor) -> Put:
    """Save one attribute of one datum that the isian asks for.

    ``=1234.5`` is a confirmed canonical number. Only the element's owner writes; the sekretariat
    for a unit outside its tahap.
    """
    placed = entries.place_of(entry)
    element = _asked(entry, placed).get(target.element)
    if element is None:
        raise Refused("Data ini tidak diminta oleh isian ini. Muat ulang halaman.")
    key = _key(entry, placed, target)
    _refuse_held(entry, element, key)
    typed = plain_number(value) if target.attr == "value" else value
    before = _stands(key)
    answer = flow.put(key, target.attr, typed, base, actor, behalf=entries.enters_for(actor, entry))
    refused = answer.status == "refused"
    stood = {"v": rules.show_view(before, element), "rev": before.rev} if before else None
    return Put(
        answer.status, answer.rev, answer.shown, "" if refused else answer.doubt, answer.other,
        readings(value) if answer.doubt and not refused else [], answer.theirs, answer.theirs_by,
        answer.doubt if refused else "", stood,
        results(entry, placed, only=target.element)
        if answer.status == "ok" and not key.dims else {},
    )  # fmt: skip


def restore(
    entry: Entry, target: Target, n: int, seen: int, actor: Actor, behalf: bool = False
) -> Put:
    """Make statement ``n`` of a datum the newest again (0 = none yet); ``seen`` is the newest one
    that this isian knows. ``behalf`` for the portal itself."""
    placed = entries.place_of(entry)
    element = _asked(entry, placed).get(target.element)
    if element is None:
        return Put("refused")
    key = _key(entry, placed, target)
    if not behalf and _held_elsewhere(entry, element, key) is not None:
        return Put("refused")
    stood = _stands(key)
    answer = flow.restore(key, n, seen, actor, behalf or entries.enters_for(actor, entry))
    was = {"v": rules.show_view(stood, element), "rev": stood.rev} if stood else None
    return Put(answer.status, answer.rev, answer.shown, before=was)


def head_of(entry: Entry, target: Target) -> int:
    """Number of the newest statement of a datum, 0 for none."""
    key = _key(entry, entries.place_of(entry), target)
    view = _stands(key)
    return view.rev if view else 0


def _stands(key: flow.DatumKey) -> rules.DatumView | None:
    """The newest statement of one number."""
    found = queries.values_of([key.element], [key.period], key.unit_id, key.measure, key.dims)
    return found[key.period].get(key.element)


def _refuse_held(entry: Entry, element: Element, key: flow.DatumKey) -> None:
    """A number that was sent or locked in one isian cannot be changed through another."""
    if (other := _held_elsewhere(entry, element, key)) is not None:
        raise Refused(
            f"“{element.title}” sudah dikirim dalam isian LPPD {other.report.year}, sehingga tidak "
            "dapat diubah di sini. Minta isian itu dikembalikan atau dibuka kembali dahulu."
        )


def _held_elsewhere(entry: Entry, element: Element, key: flow.DatumKey) -> Entry | None:
    from portal.reports import carriers  # noqa: PLC0415 - it asks this module for the elements

    if key.period != str(entry.report.year) or key.measure != Measure.REALISASI:
        return None
    return carriers.held_by(element, entry.report.year, besides=entry)


def plain_number(value: str) -> str:
    """A confirmed ``=1.234`` in a spelling with one reading only."""
    if not value.startswith("="):
        return value
    try:
        number = Decimal(value[1:])
    except ArithmeticError:
        return value
    if not number.is_finite() or abs(number.adjusted()) > reading.MAX_NUMBER:
        return value
    text = indonesian.number(number)
    return text if indonesian.read_number(text).sure else text + "0"


def readings(value: str) -> list[list[str]]:
    """The ways to read a doubtful number, each as shown and as it is sent."""
    found = indonesian.read_number(value)
    options = [v for v in (found.value, found.other) if v is not None]
    return [[indonesian.number(v), "=" + reading.canonical(v)] for v in options]


def results(entry: Entry, placed: Placed | None, only: str = "") -> dict[str, str]:
    """``i:<indicator>`` -> its computed value as it prints, or the reason why there is none."""
    if placed is not None and isinstance(placed.part, Measures):
        return measures_bridge.derived(entry, placed, only)
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
    if placed is not None and isinstance(placed.part, Measures):
        return _measured(entry, placed, actor)
    asked = indicators_of(placed, entry.report.year)
    if not asked:
        return []
    facts = queries.facts(
        asked, period_of(entry.report), entry.report.owner_unit_id, people.today(),
        with_evidence=True,
    )  # fmt: skip
    mine = None
    if actor is not None:
        mine = _mine(entry, actor, {k for i in asked for k in i.elements})
    return checks.check(facts, asked, mine)


def _mine(entry: Entry, actor: Actor, wanted: Iterable[str]) -> list[str]:
    """Those elements that the actor may type in this isian."""
    if entries.enters_for(actor, entry):
        return list(wanted)
    duties, book = queries.writers_by_duty(), catalogue.current()
    return [k for k in wanted if queries.may_write(actor, book.elements[k], duties)]


MEASURES_BASIS = "Permendagri 59/2021 Pasal 24 ayat (1); lampiran tabel penerima dan mutu minimal"


def _measured(entry: Entry, placed: Placed, actor: Actor | None) -> list[checks.Check]:
    """The catatan of a measures part in the words of the other checks."""
    asked = measures_bridge.elements_of(entry.report, placed)
    mine = None if actor is None else _mine(entry, actor, asked)
    words = {True: checks.PERBAIKI, False: checks.CEK}
    return [
        checks.Check(r.key, words[r.blocks], r.sentence, MEASURES_BASIS, r.target)
        for r in measures_bridge.remarks(entry, placed, mine)
    ]


def elements_behind(ref: str) -> tuple[str, ...]:
    """Keys of the elements that a number by reference (``i.1.b.3|2025``) is made from."""
    key, book = ref.partition("|")[0], catalogue.current()
    if key.startswith("i.") and key[2:] in book.indicators:
        return book.indicators[key[2:]].elements
    return (key,) if key in book.elements else ()


def with_figures(
    html: str, report: Report, hidden: frozenset[str] = frozenset(), attribute: str = ""
) -> str:
    """A narrative with the present values of its numbers by reference.

    A number that needs a ``hidden`` element (not sent by its owner) keeps what the text showed.
    """
    refs = chips.references(html)
    if not refs:
        return html
    book = catalogue.current()
    pairs = [ref.partition("|") for ref in refs]
    keys = {k for ref in refs for k in elements_behind(ref)}
    periods = {p for _, _, p in pairs} | {queries.previous_period(p) for _, _, p in pairs}
    found = queries.values_of(sorted(keys), sorted(periods), report.owner_unit_id)

    def value(ref: str) -> str | None:
        key, _, period = ref.partition("|")
        if hidden.intersection(elements_behind(ref)):
            return None
        if key.startswith("i."):
            one = book.indicators.get(key[2:])
            before = found[queries.previous_period(period)]
            return (rules.evaluate(one, found[period], before, book.elements).text or None
                    if one else None)  # fmt: skip
        element = book.elements.get(key)
        return rules.show_view(found[period].get(key), element) or None if element else None

    return chips.fill(html, value, attribute)
