"""Takes the sheet of a year out of the database: a fixed number of queries for each report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import sqlalchemy as sa

from portal.checks import performance, spec
from portal.checks.sheet import Book, ColumnIn, LineIn, Sheet, TableIn, TextIn
from portal.db import db
from portal.figures import catalogue, spm
from portal.figures import queries as figures
from portal.figures.models import Measure
from portal.outlines import sums, trees
from portal.outlines.parts import Budget, FixedRow, Indicators, Measures, Narrative, Part, Table
from portal.outlines.schema import Placed
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.rules import UnitInfo
from portal.reports import derived, figures_bridge, measures_bridge, places, queries
from portal.reports.content import EntryContent
from portal.reports.models import Report
from portal.reports.reading import NUMERIC


@dataclass
class _Year:
    """What is gathered on the way."""

    tables: dict[tuple[str, str], list[TableIn]] = field(default_factory=dict)
    texts: list[TextIn] = field(default_factory=list)
    homes: dict[str, int] = field(default_factory=dict)
    books: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    wanted: frozenset[tuple[str, str]] = field(default_factory=lambda: spec.reuse().parts)
    hidden: set[str] = field(default_factory=set)  # elements of isian that were not handed over


def sheet(year: int) -> Sheet:
    """All reports of ``year`` as the sekretariat may see them: what was handed over, no drafts."""
    units = {u.id: u for u in people.units_on(people.today())}
    now, last = _Year(), _Year()
    listed = _reports(year)
    for report in listed:
        _book(report, units, now)
    for report in _reports(year - 1):
        if report.kind == "lppd":
            _book(report, units, last)
    told = now.tables.get(("lppd", "program_kegiatan"), []) + now.tables.get(
        ("lkpj", "lkpj_capaian"), [])  # fmt: skip
    for key, found_tables in performance.tables(
        year, units, listed, frozenset(t.unit for t in told)
    ).items():
        now.tables.setdefault(key, []).extend(found_tables)
    book = catalogue.current()
    region = next((u.id for u in units.values() if u.code == "PEMDA"), 0)
    found = figures.values_of(book.elements, [str(year), str(year - 1)], region)
    hidden = now.hidden - now.homes.keys()
    months, needed = _services(year, region, hidden)
    return Sheet(
        year, people.today(), book,
        {k: v for k, v in found[str(year)].items() if k not in hidden}, found[str(year - 1)],
        _frozen(now.tables), _frozen(last.tables), tuple(now.texts),
        {u.code: u.short_name for u in units.values()},
        {places.thing_key(u.code): _house(u, units) for u in units.values()},
        _owners(units), now.homes, {k: tuple(v) for k, v in now.books.items()},
        months, needed, frozenset(hidden), figures.thresholds(),
    )  # fmt: skip


def _services(
    year: int, region: int, hidden: set[str]
) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """What the months of SPM give for the year, and how much mutu is asked for; one statement."""
    book = catalogue.current()
    keys = [key for key, e in book.elements.items() if e.roll and key not in hidden]
    done: dict[str, dict[int, Decimal]] = {}
    needed: dict[str, Decimal] = {}
    for (key, month, measure), view in figures.series_of(keys, year, region).items():
        if view.value is None:
            continue
        if measure == Measure.TARGET and not month:
            needed[key] = view.value
        elif measure == Measure.REALISASI and month:
            done.setdefault(key, {})[month] = view.value
    rolled = {
        key: value for key, found in done.items()
        if (value := spm.roll_up(found, range(1, 13), _roll(book.elements[key].roll))) is not None
    }  # fmt: skip
    return rolled, needed


def _roll(word: str) -> spm.Roll:
    return "last" if word == "last" else "sum"


def _reports(year: int) -> list[Report]:
    return list(db.session.scalars(
        sa.select(Report).where(Report.year == year)
        .order_by(Report.kind, Report.period, Report.owner_unit_id)
    ))  # fmt: skip


def _frozen(
    given: Mapping[tuple[str, str], list[TableIn]],
) -> dict[tuple[str, str], tuple[TableIn, ...]]:
    return {key: tuple(found) for key, found in given.items()}


def _owners(units: Mapping[int, UnitInfo]) -> dict[str, str]:
    duties = figures.writers_by_duty()
    mains = {key: main for key, (main, _s) in people.duties().items()}
    found = {}
    for key, e in catalogue.current().elements.items():
        own = duties.get(f"element:{key}")
        unit = next(iter(own)) if own else mains.get(e.owner)
        info = units.get(unit) if unit is not None else None
        found[key] = info.code if info else ""
    return found


def _book(report: Report, units: Mapping[int, UnitInfo], year: _Year) -> None:
    try:
        where = places.places_of(report)
        edition = places.edition_of(report)
    except LookupError:
        return
    workflow = queries.workflow_of(report, edition)
    codes = {unit_id: unit.code for unit_id, unit in units.items()}
    owner = codes.get(report.owner_unit_id, "")
    title = queries.report_title(report)
    if edition.owner == "each_unit" and report.owner_unit_id in units:
        title = f"{title} {units[report.owner_unit_id].short_name}"
    book = Book(report.id, report.kind, report.period, owner, title)
    lists = places.things(report.structure_date)
    given: dict[tuple[str, str], tuple[FixedRow, ...]] = {}
    for entry in queries.contents(report):
        key = (entry.part_key, entry.repeat_key)
        placed = where.get(key)
        if placed is None:
            continue
        seen = workflow.open_to(Role.SEKRETARIAT.value, entry.state) or entry.on_behalf
        part = placed.part
        if isinstance(part, Indicators | Measures):
            _figures(report, placed, entry.entry_id, seen, year)
        elif seen and (report.kind, part.key) in year.wanted and isinstance(part, Table | Budget):
            if not entry.rows:
                continue
            if key not in given:
                given[key] = places.given_rows(edition, part, lists)
            made = _table(book, entry, placed, codes, given[key])
            year.tables.setdefault((report.kind, part.key), []).append(made)
        elif seen and isinstance(part, Narrative) and entry.fields.get("text"):
            year.texts.append(TextIn(
                book, entry.entry_id, codes.get(entry.supplier_unit_id, ""), entry.part_key,
                entry.repeat_key, places.part_title(placed), places.section_title(placed),
                entry.fields["text"],
            ))  # fmt: skip


def _figures(report: Report, placed: Placed, entry_id: int, seen: bool, year: _Year) -> None:
    """Which isian asks for an element; one that stands in drafts only is not looked at."""
    if isinstance(placed.part, Measures):
        keys = measures_bridge.elements_of(report, placed)
    else:
        keys = list(figures_bridge.elements_of(placed, report.year))
    if seen:
        year.homes |= {k: year.homes.get(k, entry_id) for k in keys}
        for key in keys:
            held = year.books.setdefault(key, [])
            if (report.id, report.kind) not in held:
                held.append((report.id, report.kind))
    else:
        year.hidden |= set(keys)


def _table(
    book: Book, entry: EntryContent, placed: Placed, codes: Mapping[int, str],
    given: Iterable[FixedRow],
) -> TableIn:  # fmt: skip
    part = placed.part
    assert isinstance(part, Table | Budget)  # noqa: S101 - asked by the caller
    columns = {
        c.key: ColumnIn(c.key, c.label, c.unit or ("%" if c.type == "percent" else ""),
                        c.type in NUMERIC, not sums.computed(c))
        for c in part.columns
    }  # fmt: skip
    fixed = {item.key: item for item in given}
    return TableIn(
        book, entry.entry_id, codes.get(entry.supplier_unit_id, ""), entry.part_key,
        entry.repeat_key, places.part_title(placed), places.section_title(placed), columns,
        tuple(_lines(part, entry, fixed)), _topic(placed),
    )  # fmt: skip


def _topic(placed: Placed) -> str:
    """The same word for a bidang in every report, whatever its key there."""
    return (placed.item.duty or placed.item.key) if placed.item else ""


def _house(unit: UnitInfo, units: Mapping[int, UnitInfo]) -> str:
    """The unit whose budget holds this one's: a bagian stands under the sekretariat daerah."""
    parent = units.get(unit.parent_id) if unit.parent_id else None
    return parent.code if parent is not None and unit.kind == "bagian" else unit.code


def _lines(
    part: Table | Budget, entry: EntryContent, fixed: Mapping[str, FixedRow]
) -> list[LineIn]:
    if isinstance(part, trees.TREES):
        made = trees.with_rows(part, [(r.uid, r.cells) for r in entry.rows])
        part = made if isinstance(made, Budget) else part
        fixed = {item.key: item for item in part.rows.items}
    typed = [(r.uid, derived.numbers(part.columns, r.cells)) for r in entry.rows]
    known = {uid for uid, _ in typed}
    if fixed:
        typed = [(uid, n) for uid, n in typed if uid in fixed]
        typed += [(key, {}) for key in fixed if key not in known]
    filled = sums.fill_table(part, typed)
    cells = {r.uid: r.cells for r in entry.rows}
    lines = []
    for n, (uid, _) in enumerate(typed, 1):
        texts = {**(fixed[uid].cells if uid in fixed else {}), **cells.get(uid, {})}
        numbers: dict[str, Decimal] = {
            k: v for k, v in filled.get(uid, {}).items() if v is not None
        }
        label = _label(part, texts) or f"ke-{n}"
        summed = uid in fixed and bool(fixed[uid].sum_of)
        lines.append(LineIn(uid, label, texts, numbers, summed))
    return lines


def _label(part: Part, texts: Mapping[str, str]) -> str:
    """How a row is named: its code and first words, at most sixty letters."""
    code = ""
    for column in getattr(part, "columns", ()):
        text = texts.get(column.key, "").strip()
        if column.type != "text" or len(text) < 4:
            continue
        if any(c.isalpha() for c in text):
            return f"“{f'{code} {text}'.strip()[:60]}”"
        code = code or text
    return f"“{code}”" if code else ""
