"""The form of an indicator part: two numbers with human labels, never a percentage typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from portal import indonesian
from portal.figures import catalogue, queries, rules
from portal.figures.catalogue import Element, Indicator
from portal.figures.checks import Facts
from portal.figures.models import Evidence, Vintage
from portal.people import queries as people
from portal.people.rules import Actor
from portal.reports import carriers, figures_bridge, hints
from portal.reports import queries as entries
from portal.reports.models import Entry
from portal.reports.queries import Desk
from portal.web import wording
from portal.web.entry_view import rpn


@dataclass(frozen=True)
class ElementView:
    """One number (or choice) of an indicator."""

    key: str
    title: str
    unit: str
    target: str
    shown: str
    raw: str
    last: str
    last_value: str
    choices: tuple[str, ...]
    writable: bool
    why_not: str  # who types it, when it is not us
    vintage: str
    na_reason: str
    expected_on: str
    source: str
    same: str
    help: str
    usual_source: str
    remarks: tuple[str, ...] = ()  # soft ones, said at the field
    equal: bool = False  # exactly last year's: a gentle question follows
    rev: int = 0
    at: datetime | None = None

    @property
    def doubt(self) -> str:
        """The question about a spelling that was kept but not understood."""
        return indonesian.read_number(self.raw).doubt if self.raw else ""

    @property
    def attrs(self) -> tuple[tuple[str, str], ...]:
        """What its inputs show, by the attribute of the datum."""
        return (
            ("value", self.shown), ("vintage", self.vintage), ("na_reason", self.na_reason),
            ("expected_on", self.expected_on), ("source", self.source), ("same", self.same),
        )  # fmt: skip

    @property
    def told(self) -> bool:
        """True when the nature of the number is out of the ordinary, so its box is open."""
        return self.vintage != Vintage.TETAP


@dataclass(frozen=True)
class IndicatorView:
    """One indicator as it is filled."""

    key: str
    no: str
    title: str
    guess: bool
    unit: str
    formula_text: str
    result: str
    reason: str
    last: str
    rpn: str
    places: int
    note: str
    rows: tuple[ElementView, ...]
    evidence: tuple[Evidence, ...]
    may_prove: bool
    hidden: int = 0  # data dukung with names of persons, not for this actor
    names: bool = False  # an upload must say whether it holds names of persons


VINTAGES = tuple((str(k), v) for k, v in rules.VINTAGE_LABELS.items())


def form_rpn(indicator: Indicator) -> str:
    """The formula for the browser, with the targets of the inputs as its names."""
    text = rpn(indicator.expr) if not indicator.previous else ""
    known = set(indicator.elements)
    return " ".join(f"d:{w}:value" if w in known else w for w in text.split(" "))


def indicator_views(actor: Actor, desk: Desk) -> tuple[IndicatorView, ...]:
    """All indicators of the part with this and last year's numbers, in a few queries."""
    entry = desk.entry
    asked = figures_bridge.indicators_of(entries.place_of(entry), entry.report.year)
    maker = _Maker(actor, desk, asked)
    return tuple(maker.indicator(i) for i in asked)


class _Maker:
    """Holds what all indicators of one page need, read once."""

    def __init__(self, actor: Actor, desk: Desk, asked: tuple[Indicator, ...]) -> None:
        self.actor, self.desk = actor, desk
        self.entry: Entry = desk.entry
        self.book = catalogue.current()
        self.period = figures_bridge.period_of(self.entry.report)
        self.before = queries.previous_period(self.period)
        keys = sorted({k for i in asked for k in i.elements})
        found = queries.values_of(keys, [self.period, self.before], self.entry.report.owner_unit_id)
        self.now, self.then = found[self.period], found[self.before]
        self.unsent = carriers.unsent(self.entry, [self.book.elements[k] for k in keys])
        self.now = {k: v for k, v in self.now.items() if k not in self.unsent}
        self.duties = queries.writers_by_duty()
        self.names = queries.owner_names(people.today())
        self.behalf = entries.enters_for(actor, self.entry)
        self.shown_in: dict[str, str] = {}
        self.by_month = self._months(keys)
        self.titles = wording.of_report(self.entry.report)
        year, today = self.entry.report.year, people.today()
        facts = Facts(self.book, year, self.now, self.then, today, queries.thresholds())
        self.hints = hints.told(facts, asked)
        self.proofs = queries.evidence_by_indicator(asked, year, actor)

    def _months(self, keys: list[str]) -> frozenset[str]:
        """Elements whose year is made by its months, so that it is typed there."""
        rolled = [k for k in keys if self.book.elements[k].roll]
        if not rolled or "-" in self.period:
            return frozenset()
        report = self.entry.report
        found = queries.series_of(rolled, report.year, report.owner_unit_id)
        return frozenset(k for (k, month, _), view in found.items() if month and view.value)

    def indicator(self, one: Indicator) -> IndicatorView:
        result = rules.evaluate(one, self.now, self.then, self.book.elements)
        last = rules.evaluate(one, self.then, {}, self.book.elements)
        rows = tuple(self.element(self.book.elements[k], one) for k in one.elements)
        year = self.entry.report.year
        return IndicatorView(
            one.key, one.no, self.titles.get(one.key, one.shown_title),
            not one.title and one.key not in self.titles, one.unit, one.formula_text,
            result.text, result.reason, rules.last_year_indicator(last, one, self.then, year - 1),
            form_rpn(one), one.places, one.note, rows,
            tuple(self.proofs[one.key][0]),
            self.desk.may_write and any(r.writable for r in rows), self.proofs[one.key][1],
            any(self.book.elements[k].restricted for k in one.elements),
        )  # fmt: skip

    def element(self, element: Element, one: Indicator) -> ElementView:
        """An input at its first place on the page; further on, and for others, a text."""
        view = self.now.get(element.key)
        last = self.then.get(element.key)
        writable, why = self._may(element)
        if element.key in self.shown_in:
            writable, why = False, f"diisi pada {self.shown_in[element.key]}"
        else:
            self.shown_in[element.key] = f"IKK {one.no}" if one.no else one.shown_title
        raw = view.raw if view else ""
        shown = raw or (plain_text(view, element) if view else "")
        target = f"d:{element.key}:value"
        said = self.hints.get(target, []) if writable else []
        made = ElementView(
            element.key, element.title, element.unit, target, shown, raw,
            rules.last_year_line(last, self.entry.report.year - 1, element),
            plain_text(last, element) if last else "",
            element.choices or (("Ya", "Tidak") if element.kind == "yesno" else ()),
            writable, why, view.vintage if view else Vintage.TETAP,
            view.na_reason if view else "",
            view.expected_on.strftime("%d-%m-%Y") if view and view.expected_on else "",
            view.source if view else "", view.same if view else "", element.help, element.source,
            tuple(text for rule, text in said if rule != hints.COPY),
            any(rule == hints.COPY for rule, _ in said),
            view.rev if view else 0, view.at if view else None,
        )  # fmt: skip
        return made

    def _may(self, element: Element) -> tuple[bool, str]:
        if not self.desk.may_write:
            return False, ""
        if element.key in self.by_month:
            return False, "terkumpul dari isian bulanan SPM"
        if self.behalf or queries.may_write(self.actor, element, self.duties):
            return True, ""
        name = queries.named_owner(self.names, element)[0]
        later = ", belum dikirim" if element.key in self.unsent else ""
        return False, f"diisi {name}{later}" if name else "belum ada pengampu"


def plain_text(view: rules.DatumView, element: Element) -> str:
    """The number without its marks, as it stands in an input."""
    if view.not_released:
        return ""
    return view.text or rules.show(view.value, element.kind, element.places)


def anchor(target: str) -> str:
    """The id on the page to which a catatan's link leads."""
    if target.startswith(("c:", "r:")):
        return f"b-{target.split(':')[1]}"
    if target.startswith("d:"):
        return f"u-{re.split(r'[:@~+]', target)[1]}"
    if target.startswith(("i:", "e:")):
        return f"i-{target[2:]}"
    return "isian"
