"""An isian for reading: what review, approval and the sekretariat's pages show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from portal.figures import catalogue
from portal.figures import queries as figures
from portal.figures import rules as figure_rules
from portal.outlines import measures
from portal.outlines.parts import (
    Budget,
    Column,
    Indicators,
    ListPart,
    Measures,
    Narrative,
    Picture,
    Table,
)
from portal.outlines.schema import Placed
from portal.reports import (
    carriers,
    chips,
    derived,
    figures_bridge,
    history,
    measures_bridge,
    places,
    queries,
    reading,
    richtext,
)
from portal.reports.models import Entry
from portal.reports.reading import NUMERIC
from portal.reports.rules import plain
from portal.web import wording
from portal.web.gate import actor


@dataclass(frozen=True)
class ElementLine:
    """One number behind an indicator, with its human label and last year's beside it."""

    title: str
    now: str
    before: str
    unit: str
    source: str
    by_label: str


@dataclass(frozen=True)
class IndicatorView:
    """One indicator: what is claimed, from which numbers, with which data dukung."""

    key: str
    no: str
    title: str
    unit: str
    result: str
    reason: str
    before: str
    formula: str
    elements: tuple[ElementLine, ...]
    evidence: tuple[Any, ...]
    hidden: int = 0  # with names of persons, not for this actor


@dataclass(frozen=True)
class ReadView:
    """What a template prints of one isian; only the parts that its kind has are filled."""

    kind: str
    title: str
    html: str = ""
    before: str = ""  # last year's words, plain
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, tuple[str, ...]], ...] = ()
    totals: tuple[str, ...] = ()
    total_label: str = ""
    items: tuple[str, ...] = ()
    picture: str = ""
    caption: str = ""
    indicators: tuple[IndicatorView, ...] = ()
    numeric: frozenset[str] = field(default_factory=frozenset)

    @property
    def blank(self) -> bool:
        """True when there is nothing to read."""
        return not (self.html or self.rows or self.items or self.picture or self.indicators)


def live(entry: Entry, text: str, attribute: str = "") -> str:
    """A narrative with its numbers by reference as they stand now; unsent ones are left alone."""
    named = {k for ref in chips.references(text) for k in figures_bridge.elements_behind(ref)}
    if not named:
        return text
    book = catalogue.current().elements
    unsent = carriers.unsent(entry, [book[k] for k in sorted(named)])
    return figures_bridge.with_figures(text, entry.report, unsent, attribute)


def read_view(entry: Entry, placed: Placed, base: str) -> ReadView:
    """The isian as its part prints; ``base`` is where its pictures are (``/isian/12/gambar/``)."""
    part, title = placed.part, places.part_title(placed)
    if isinstance(part, Indicators):
        return ReadView("indicators", title, indicators=_indicators(entry, placed))
    if isinstance(part, Measures):
        return _measures(entry, placed, part, title)
    content = queries.content_of(entry)
    if isinstance(part, Narrative):
        last = history.last_year(entry)
        text = content.fields.get("text", "")
        html = richtext.on_screen(live(entry, text), base)
        return ReadView("narrative", title, html=html,
                        before=plain(last.value("text")) if last else "")  # fmt: skip
    if isinstance(part, Picture):
        sha = content.fields.get("file", "")
        return ReadView("picture", title, picture=f"{base}{sha}" if sha else "",
                        caption=content.fields.get("caption", ""))  # fmt: skip
    if isinstance(part, ListPart):
        return ReadView("list", title, items=tuple(r.cells.get("text", "") for r in content.rows))
    if isinstance(part, Table | Budget):
        return _table(entry, part, content, title)
    return ReadView(part.kind, title)


def _table(
    entry: Entry, part: Table | Budget, content: queries.EntryContent, title: str
) -> ReadView:
    computed = derived.shown(part, content)
    edition = places.edition_of(entry.report)
    given = places.given_rows(edition, part, places.things(entry.report.structure_date))
    printed = {item.key: item.cells for item in given}
    typed = {row.uid: row.cells for row in content.rows}
    order = [item.key for item in given] or [row.uid for row in content.rows]
    if not typed:
        return ReadView("table", title)
    rows = []
    for uid in order:
        cells = []
        for column in part.columns:
            found = printed.get(uid, {}).get(column.key)
            if found is None:
                value = typed.get(uid, {}).get(column.key, "")
                found = computed.get(f"c:{uid}:{column.key}") or reading.show(
                    column.type, value, column.places
                )
            cells.append(found)
        rows.append((uid, tuple(cells)))
    totals = tuple(computed.get(f"t:{c.key}", "") for c in part.columns)
    label = part.total if isinstance(part, Table) else ""
    return ReadView(
        "table", title, columns=part.columns, rows=tuple(rows),
        totals=totals if any(totals) else (), total_label=label,
        numeric=frozenset(c.key for c in part.columns if c.type in NUMERIC),
    )  # fmt: skip


def _measures(entry: Entry, placed: Placed, part: Measures, title: str) -> ReadView:
    """The table as the book prints it, up to the end of the report's period."""
    at, _ = measures_bridge.setting_of(entry.report, placed)
    columns = measures.columns_of(part, at.months)
    found = measures.lines_of(part, placed.item, at)
    if not measures.any_value(found):
        return ReadView("table", title)
    rows = []
    for line in found:
        cells = [
            derived.show(c, line.numbers[c.key]) if c.key in line.numbers
            else line.texts.get(c.key, "") for c in columns
        ]  # fmt: skip
        if line.kind == "group":
            cells[0] = line.texts[""]
        rows.append((line.uid, tuple(cells)))
    totals = measures.total_of(part, found, at) if part.total else {}
    return ReadView(
        "table", title, columns=columns, rows=tuple(rows),
        totals=tuple(derived.show(c, totals.get(c.key)) for c in columns) if totals else (),
        total_label=part.total, numeric=frozenset(c.key for c in columns if c.type in NUMERIC),
    )  # fmt: skip


def _indicators(entry: Entry, placed: Placed) -> tuple[IndicatorView, ...]:
    report = entry.report
    asked = figures_bridge.indicators_of(placed, report.year)
    book, period = catalogue.current(), figures_bridge.period_of(report)
    last = figures.previous_period(period)
    keys = sorted({k for i in asked for k in i.elements})
    views = dict(figures.values_of(keys, [period, last], report.owner_unit_id))
    unsent = carriers.unsent(entry, [book.elements[k] for k in keys])
    views[period] = {k: v for k, v in views[period].items() if k not in unsent}
    titles = wording.of_report(report)
    proofs = figures.evidence_by_indicator(asked, report.year, actor())
    found = []
    for indicator in asked:
        now = figure_rules.evaluate(indicator, views[period], views[last], book.elements)
        then = figure_rules.evaluate(indicator, views[last], {}, book.elements)
        found.append(IndicatorView(
            indicator.key, indicator.no, titles.get(indicator.key, indicator.shown_title),
            indicator.unit, now.text, now.reason, then.text, indicator.formula_text,
            tuple(_element(book.elements[k], views[period].get(k), views[last].get(k))
                  for k in indicator.elements),
            tuple(proofs[indicator.key][0]), proofs[indicator.key][1],
        ))  # fmt: skip
    return tuple(found)


def _element(element: Any, now: Any, before: Any) -> ElementLine:
    return ElementLine(
        element.title, figure_rules.show_view(now, element),
        figure_rules.show_view(before, element), element.unit, now.source if now else "",
        now.by_label if now else "",
    )  # fmt: skip
