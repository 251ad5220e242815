"""Numbers back out: any printed number of a book to its datum, person, evidence and approval.

``printed`` walks the compiled tree and yields every number with the reference of its run
(``Run.datum``); ``origin`` reads what stands behind a reference in the store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.db import db
from portal.documents import queries, snapshot
from portal.documents.compile import compile_whole
from portal.documents.tree import Document, Heading, ListBlock, Paragraph, Table, Text, blocks
from portal.figures import catalogue
from portal.figures import queries as figures
from portal.figures import rules as figure_rules
from portal.figures.models import Measure
from portal.indonesian import number
from portal.outlines.schema import Edition
from portal.people import queries as people
from portal.reports import figures_bridge, measures_bridge, places
from portal.reports.models import Entry, EntryCell, Report
from portal.trail.models import TrailEntry

NUMBER = re.compile(r"\(?-?\d[\d.]*(?:,\d+)?\)?")


@dataclass(frozen=True)
class Printed:
    """One printed number: its words, where it stands, and where it comes from ("" = the format)."""

    text: str
    ref: str
    heading: str
    table: str = ""
    row: str = ""


@dataclass(frozen=True)
class Approval:
    """One step of the isian that a number came through."""

    verb: str
    by: str
    at: datetime


@dataclass
class Origin:
    """What stands behind a printed number."""

    ref: str
    kind: str  # datum | indikator | sel | hitungan | jumlah
    title: str
    value: str = ""
    formula: str = ""
    person: str = ""
    at: datetime | None = None
    source: str = ""
    rev: int = 0
    entry_id: int = 0
    link: str = ""  # key of the element or the indicator
    parts: list[Origin] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)


def compiled(report: Report) -> Document:
    """The book as it stands now, without charts."""
    taken = snapshot.take(report)
    return of_snapshot(taken)


def of_snapshot(taken: Mapping[str, Any]) -> Document:
    """The book of a snapshot, e.g. of a build that was made earlier."""
    edition = Edition.model_validate(taken["outline"])
    return compile_whole(edition, taken, catalogue.current(), "", queries._Undrawn()).document


def printed(document: Document) -> Iterator[Printed]:
    """Every run that holds a number, in the order of the book; heads of tables are format."""
    heading = ""
    for _unit, block in blocks(document):
        if isinstance(block, Heading):
            heading = f"{block.number} {block.text}".strip()
        elif isinstance(block, Paragraph):
            yield from _runs(block.runs, heading)
        elif isinstance(block, ListBlock):
            for _mark, _depth, text in block.items:
                yield from _runs(text, heading)
        elif isinstance(block, Table):
            name = f"{block.number} {block.caption}".strip()
            for row in block.rows:
                words = next((t for c in row.cells if len(t := _words(c.text)) > 3), "")
                for cell in row.cells:
                    yield from _runs(cell.text, heading, name, words)


def _words(text: Text) -> str:
    found = "".join(run.text for run in text)
    return found if any(c.isalpha() for c in found) else ""


def _runs(text: Text, heading: str, table: str = "", row: str = "") -> Iterator[Printed]:
    for run in text:
        if any(c.isdigit() for c in run.text):
            yield Printed(run.text, run.datum, heading, table, row[:80])


def search(document: Document, wanted: str, most: int = 200) -> list[Printed]:
    """Printed numbers that are what somebody types from the paper, traced ones first."""
    asked = wanted.strip().strip("()%* ")
    if not any(c.isdigit() for c in asked):
        return []
    found = [
        p for p in printed(document)
        if p.text.strip("()%* ") == asked
        or asked in {n.strip("()") for n in NUMBER.findall(p.text)}
    ]  # fmt: skip
    return sorted(found, key=lambda p: not p.ref)[:most]


# --- origins --------------------------------------------------------------------------------


def origin(report: Report, ref: str) -> Origin | None:
    """What stands behind a reference; None when it names nothing that the portal holds."""
    kind, _, rest = ref.partition(":")
    if kind == "datum":
        names, _, when = rest.partition(":")
        period, _, measure = when.partition(":")
        return _data(report, names.split("+"), period, measure)
    if kind in ("indicator", "laju"):
        key, _, period = rest.rpartition(":")
        return _indicator(report, key, period, kind == "laju")
    if kind in ("cell", "calc") and "@" in rest:
        return _cell(report, kind, rest)
    if kind == "layanan":
        return Origin(ref, "format", f"Jenis pelayanan SPM {rest}, menurut format")
    if kind in ("total", "calc", "computed", "indeks", "keterisian"):
        return _sum(report, ref, rest.split(":")[0])
    return None


def _data(report: Report, names: list[str], period: str, measure: str) -> Origin | None:
    """One datum, or several that are printed as their sum."""
    found = [o for n in names if (o := _datum(report, n, period, measure)) is not None]
    if len(names) == 1 or not found:
        return found[0] if found else None
    made = Origin(
        f"datum:{'+'.join(names)}:{period}", "hitungan", f"Jumlah {len(names)} data, {period}",
        formula=" + ".join(o.title for o in found), parts=found, entry_id=found[0].entry_id,
    )  # fmt: skip
    values = [v for o in found if (v := as_number(o.value)) is not None]
    made.value = number(sum(values, Decimal(0)))
    made.approvals = _approvals(made.entry_id)
    return made


def _region_units(report: Report) -> list[int]:
    root = people.unit_by_code("PEMDA")
    return [report.owner_unit_id, *([root.id] if root else [])]


def _datum(report: Report, element: str, period: str, measure: str = "") -> Origin | None:
    e = catalogue.current().elements.get(element)
    if e is None:
        return None
    for unit in _region_units(report):
        asked = figures.values_of([element], [period], unit, measure or Measure.REALISASI)
        view = asked[period].get(element)
        if view is not None:
            found = Origin(
                f"datum:{element}:{period}", "datum", f"{e.title}, {period}",
                figure_rules.show_view(view, e), "", view.by_label, view.at, view.source, view.rev,
                link=element,
            )  # fmt: skip
            for i in catalogue.current().users(element):
                found.evidence += [f.name for f in figures.evidence_of(i.key, int(period[:4]))]
            found.evidence = list(dict.fromkeys(found.evidence))
            found.entry_id = _home(report, element)
            found.approvals = _approvals(found.entry_id)
            return found
    return None


def _home(report: Report, element: str) -> int:
    """The isian of the report that asks for an element."""
    for (part, repeat), placed in places.places_of(report).items():
        asked = figures_bridge.elements_of(placed, report.year)
        if element in asked or element in measures_bridge.elements_of(report, placed):
            entry = db.session.scalar(sa.select(Entry.id).where(
                Entry.report_id == report.id, Entry.part_key == part, Entry.repeat_key == repeat
            ).order_by(Entry.id))  # fmt: skip
            return entry or 0
    return 0


def _indicator(report: Report, key: str, period: str, rate: bool = False) -> Origin | None:
    one = catalogue.current().indicators.get(key)
    if one is None:
        return None
    parts = [p for k in one.elements if (p := _datum(report, k, period)) is not None]
    before = figures.previous_period(period)
    parts += [p for k in one.previous if (p := _datum(report, k, before)) is not None]
    unit = _region_units(report)[-1]
    found = figures.values_of(one.elements, [period, before], unit)
    result = figure_rules.evaluate(one, found[period], found[before], catalogue.current().elements)
    made = Origin(
        f"indicator:{key}:{period}", "indikator", f"{one.no} {one.shown_title}, {period}",
        result.text, one.formula_text, parts=parts, link=key,
    )  # fmt: skip
    if rate:
        earlier = figures.values_of(one.elements, [before, figures.previous_period(before)], unit)
        then = figure_rules.evaluate(one, earlier[before], earlier[figures.previous_period(before)],
                                     catalogue.current().elements)  # fmt: skip
        made.value = figure_rules.laju(result, then).text
        made.title, made.formula = f"Laju {made.title}", "(n - (n-1)) / (n-1) x 100"
        made.parts = [p for q in (period, before) if (p := _indicator(report, key, q)) is not None]
    made.evidence = [f.name for f in figures.evidence_of(key, int(period[:4]))]
    made.entry_id = parts[0].entry_id if parts else 0
    made.approvals = _approvals(made.entry_id)
    return made


def _cell(report: Report, kind: str, rest: str) -> Origin | None:
    """``part@repeat@UNIT:row:column``: who typed it and when, or the formula of its column."""
    where, _, tail = rest.partition(":")
    row, _, column = tail.rpartition(":")
    part, repeat, code = where.split("@")
    unit = people.unit_by_code(code)
    entry = db.session.scalar(sa.select(Entry).where(
        Entry.report_id == report.id, Entry.part_key == part, Entry.repeat_key == repeat,
        Entry.supplier_unit_id == (unit.id if unit else 0),
    ))  # fmt: skip
    placed = places.places_of(report).get((part, repeat))
    if entry is None or placed is None:
        return None
    found = next((c for c in places.columns_of(placed.part) if c.key == column), None)
    label = found.label if found else column
    made = Origin(
        f"{kind}:{rest}", "sel" if kind == "cell" else "hitungan",
        f"{places.part_title(placed)}, kolom {label}", entry_id=entry.id,
        approvals=_approvals(entry.id), formula=_formula(found, kind),
    )  # fmt: skip
    cell = db.session.scalar(sa.select(EntryCell).where(
        EntryCell.entry_id == entry.id, EntryCell.row == row, EntryCell.field == column
    ))  # fmt: skip
    if cell is not None:
        made.value, made.person, made.at, made.rev = (
            cell.value or "", cell.by_label, cell.at, cell.rev)  # fmt: skip
    elif kind == "calc":
        made.parts = [
            Origin(f"cell:{where}:{row}:{c.field}", "sel", c.field, c.value or "", "", c.by_label,
                   c.at, rev=c.rev, entry_id=entry.id)
            for c in db.session.scalars(sa.select(EntryCell).where(
                EntryCell.entry_id == entry.id, EntryCell.row == row).order_by(EntryCell.id))
        ]  # fmt: skip
    return made


def _formula(column: Any, kind: str) -> str:
    if kind == "cell" or column is None:
        return ""
    return column.formula or (f"persen dari jumlah {column.share_of}" if column.share_of else
                              "penjumlahan baris di bawahnya")  # fmt: skip


def _sum(report: Report, ref: str, part: str) -> Origin | None:
    """A total, a computed sentence or an index: the isian that it is made from."""
    title = next(
        (places.part_title(p) for (key, _), p in places.places_of(report).items() if key == part),
        part,
    )
    entries = db.session.scalars(sa.select(Entry).where(
        Entry.report_id == report.id, Entry.part_key == part).order_by(Entry.id)).all()  # fmt: skip
    made = Origin(ref, "jumlah", f"Jumlah atau hitungan: {title}")
    if entries:
        made.entry_id = entries[0].id
        made.approvals = _approvals(entries[0].id)
    return made


def _approvals(entry_id: int) -> list[Approval]:
    """What was done with the isian, oldest first."""
    if not entry_id:
        return []
    rows = db.session.scalars(
        sa.select(TrailEntry)
        .where(TrailEntry.subject == f"entry:{entry_id}")
        .order_by(TrailEntry.id)
    )
    return [Approval(row.verb, row.actor, row.at) for row in rows]


def as_number(text: str) -> Decimal | None:
    """A printed number as a value: ``(1.234,50)`` is below zero; None for other words."""
    bare = text.strip().rstrip("*").strip()
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()")
    if not re.fullmatch(r"-?\d{1,3}(?:\.\d{3})*(?:,\d+)?|-?\d+(?:,\d+)?", bare):
        return None
    value = Decimal(bare.replace(".", "").replace(",", "."))
    return -value if negative else value
