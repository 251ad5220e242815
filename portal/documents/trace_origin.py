"""What stands behind a printed number: datum, person, evidence or import file, approval.

References (``Run.datum``), each with its value in the store:

- ``datum:<element>[+<element>]:<period>[:<measure>]``; the period is ``2025``, ``2025-03``,
  ``2025-Q1`` (three months) or ``2025-TW1`` (through the end of the triwulan);
- ``indicator:<key>:<period>``, ``laju:<key>:<period>``;
- ``cell:<part>@<repeat>@<UNIT>:<row>:<column>``, ``calc:`` for what a row computes;
- ``total:<part>@<repeat>@<UNIT or *>:<codes>:<column>`` for sums over rows (of some codes);
- ``indeks:<code>:<period>:<slot>``, ``keterisian:<group>:<year>:<slot>``, ``layanan:<code>``;
- ``computed:<part>@<repeat>`` for a sentence, ``text:<part>@<repeat>@<UNIT>`` for a narrative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

import sqlalchemy as sa

from portal.db import db
from portal.documents.borrowing import all_parts
from portal.figures import catalogue, rollup, spm
from portal.figures import queries as figures
from portal.figures import rules as figure_rules
from portal.figures.models import Evidence, Measure
from portal.figures.rules import DatumView
from portal.indonesian import number, period_name
from portal.outlines.parts import Borrowed, Measures
from portal.outlines.schema import Edition, Placed, placed_parts
from portal.people import queries as people
from portal.people.kinds import Role
from portal.reports import figures_bridge, measures_bridge, places
from portal.reports import queries as reports
from portal.reports.models import Entry, Report
from portal.reports.rules import state_label
from portal.trail.models import TrailEntry

#: Parts that a page shows of a sum; the others are counted.
MOST = 60


@dataclass(frozen=True)
class Approval:
    """One step of the isian that a number came through."""

    verb: str
    by: str
    at: datetime


@dataclass
class Origin:
    """What stands behind a printed number. ``exact`` is the stored or recomputed value."""

    ref: str
    kind: str  # datum | indikator | sel | hitungan | jumlah | narasi | format
    title: str
    value: str = ""
    exact: Decimal | None = None
    formula: str = ""
    person: str = ""
    at: datetime | None = None
    source: str = ""
    rev: int = 0
    entry_id: int = 0
    link: str = ""  # key of the element or the indicator
    state: str = ""  # where the isian stands: Diterima, ...
    parts: list[Origin] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    left_out: int = 0  # parts that are not listed


class Tracer:
    """Answers for one report; keeps what it read, so that many numbers are cheap.

    ``ask`` reads a reference (trace.read); ``most``: parts that a sum lists, None for all.
    """

    def __init__(
        self, report: Report, ask: Callable[[Tracer, str], Origin | None],
        most: int | None = MOST,
    ) -> None:  # fmt: skip
        self.report, self.ask, self.most = report, ask, most
        self.book = catalogue.current()
        self._homes: dict[str, tuple[Entry, Placed] | None] = {}
        self._approved: dict[int, tuple[str, list[Approval], list[str]]] = {}
        self._proofs: dict[tuple[str, int], list[str]] = {}
        self._views: dict[tuple[str, str, int, str], DatumView | None] = {}
        #: rows and lines that other modules of tracing have read, by isian
        self.kept: dict[object, object] = {}

    def follow(self, ref: str) -> Origin | None:
        """What stands behind a reference; None when it names nothing that the portal holds."""
        key = ("origin", ref)
        if key not in self.kept:
            self.kept[key] = self.ask(self, ref)
        return self.kept[key]  # type: ignore[return-value]

    # --- where things stand

    @cached_property
    def reports(self) -> list[Report]:
        """The report and those that it borrows parts from."""
        found = [self.report]
        kinds = {p.report for p in all_parts(places.edition_of(self.report))
                 if isinstance(p, Borrowed)}  # fmt: skip
        for kind in sorted(kinds):
            other = reports.find_report(kind, self.report.year, "", self.report.owner_unit_id)
            if other is not None:
                found.append(other)
        return found

    @cached_property
    def places(self) -> list[tuple[Report, dict[tuple[str, str], Placed]]]:
        """Where the parts of these reports stand, those that nobody types too."""
        out = []
        for report in self.reports:
            things = places.things(report.structure_date)
            parts = placed_parts(places.edition_of(report), dict(things))
            every = {(p.part.key, p.repeat_key): p for p in parts}
            out.append((report, every | places.places_of(report)))
        return out

    @cached_property
    def entries(self) -> dict[tuple[int, str, str], list[Entry]]:
        """Isian by report, part and repetition."""
        out: dict[tuple[int, str, str], list[Entry]] = {}
        asked = [r.id for r in self.reports]
        for entry in db.session.scalars(
            sa.select(Entry).where(Entry.report_id.in_(asked)).order_by(Entry.position, Entry.id)
        ):
            out.setdefault((entry.report_id, entry.part_key, entry.repeat_key), []).append(entry)
        return out

    def edition(self, report: Report) -> Edition:
        """The edition of a report; looked up once."""
        key = ("edition", report.id)
        if key not in self.kept:
            self.kept[key] = places.edition_of(report)
        return self.kept[key]  # type: ignore[return-value]

    def seen(self, entry: Entry) -> bool:
        """True when the isian was handed over, so that a book adds it up."""
        key = ("readers", entry.report_id)
        if key not in self.kept:
            workflow = reports.workflow_of(entry.report, self.edition(entry.report))
            self.kept[key] = workflow.readers.get(Role.SEKRETARIAT.value, frozenset())
        return entry.state in self.kept[key]  # type: ignore[operator]

    @cached_property
    def unit_codes(self) -> dict[int, str]:
        """Codes of the units on the structure date."""
        return {u.id: u.code for u in people.units_on(self.report.structure_date)}

    def placed(self, part: str, repeat: str) -> tuple[Report, Placed] | None:
        """Where a part stands: in the report, else in one that it borrows from."""
        for report, where in self.places:
            if (part, repeat) in where:
                return report, where[part, repeat]
        return None

    def homes(self, where: str) -> list[tuple[Entry, Placed]]:
        """The isian of ``part@repeat@UNIT``, of all units for ``*``."""
        part, repeat, code = where.split("@")
        found = self.placed(part, repeat)
        if found is None:
            return []
        report, placed = found
        mine = self.entries.get((report.id, part, repeat), [])
        return [
            (e, placed) for e in mine
            if code == "*" or self.unit_codes.get(e.supplier_unit_id) == code
        ]  # fmt: skip

    @cached_property
    def asking(self) -> dict[str, int]:
        """Element -> the isian that asks for it: of the report, else of another of the year."""
        out: dict[str, int] = {}
        known = {r.id for r in self.reports}
        others = db.session.scalars(
            sa.select(Report).where(Report.year == self.report.year, Report.period == "")
            .order_by(Report.id)
        )  # fmt: skip
        for report in (*self.reports, *(r for r in others if r.id not in known)):
            first: dict[tuple[str, str], int] = {}
            for entry in db.session.scalars(
                sa.select(Entry).where(Entry.report_id == report.id).order_by(Entry.id)
            ):
                first.setdefault((entry.part_key, entry.repeat_key), entry.id)
            try:
                where = places.places_of(report)
            except LookupError:
                continue  # an edition that is no longer here
            for key, placed in where.items():
                if key not in first:
                    continue
                keys: Iterable[str] = figures_bridge.elements_of(placed, report.year)
                if isinstance(placed.part, Measures):
                    keys = measures_bridge.elements_of(report, placed)
                for element in keys:
                    out.setdefault(element, first[key])
        return out

    def settled(self, origin: Origin) -> Origin:
        """With the state, the approvals and the files of its isian."""
        if origin.entry_id:
            state, steps, files = self._steps(origin.entry_id)
            origin.state, origin.approvals = state, steps
            origin.evidence = list(dict.fromkeys([*origin.evidence, *files]))
        return origin

    def _steps(self, entry_id: int) -> tuple[str, list[Approval], list[str]]:
        if entry_id not in self._approved:
            entry = db.session.get(Entry, entry_id)
            rows = db.session.scalars(
                sa.select(TrailEntry).where(TrailEntry.subject == f"entry:{entry_id}")
                .order_by(TrailEntry.id)
            )  # fmt: skip
            files = db.session.scalars(
                sa.select(Evidence.name).where(
                    Evidence.subject == f"entry:{entry_id}", Evidence.removed_at.is_(None)
                ).order_by(Evidence.id)
            )  # fmt: skip
            state = ""
            if entry is not None:
                workflow = reports.workflow_of(entry.report, self.edition(entry.report))
                state = state_label(entry.state, workflow)
            self._approved[entry_id] = (
                state, [Approval(r.verb, r.actor, r.at) for r in rows], list(files),
            )  # fmt: skip
        return self._approved[entry_id]

    def shortened(self, origin: Origin, parts: list[Origin]) -> Origin:
        """With its parts, as many as a page shows."""
        kept = parts if self.most is None else parts[: self.most]
        origin.parts, origin.left_out = kept, len(parts) - len(kept)
        return origin

    # --- figures

    @cached_property
    def _units(self) -> list[int]:
        root = people.unit_by_code("PEMDA")
        return list(dict.fromkeys([self.report.owner_unit_id, *([root.id] if root else [])]))

    def view(self, element: str, period: str, measure: str = "") -> DatumView | None:
        """The newest statement, the owner's own before the region's."""
        measure = measure or Measure.REALISASI
        for unit in self._units:
            key = (element, period, unit, measure)
            if key not in self._views:
                asked = figures.values_of([element], [period], unit, measure)[period]
                self._views[key] = asked.get(element)
            if self._views[key] is not None:
                return self._views[key]
        return None

    def preload(self, elements: Iterable[str], periods: Iterable[str]) -> None:
        """Read many statements in a few questions to the database."""
        keys, when = list(elements), list(periods)
        for unit in self._units:
            for measure in Measure:
                found = figures.values_of(keys, when, unit, measure)
                for period in when:
                    for key in keys:
                        self._views[key, period, unit, measure] = found[period].get(key)

    def data(self, names: list[str], period: str, measure: str) -> Origin | None:
        """One datum, or several that are printed as their sum."""
        found = [o for n in names if (o := self.datum(n, period, measure)) is not None]
        if len(names) == 1 or not found:
            return found[0] if found else None
        made = Origin(
            f"datum:{'+'.join(names)}:{period}", "hitungan", f"Jumlah {len(names)} data, {period}",
            formula=" + ".join(o.title for o in found), entry_id=found[0].entry_id, parts=found,
        )  # fmt: skip
        made.exact = sum((o.exact for o in found if o.exact is not None), Decimal(0))
        made.value = number(made.exact)
        return self.settled(made)

    def datum(self, element: str, period: str, measure: str = "") -> Origin | None:
        """One datum with its person; a triwulan or a year of months with the months."""
        e = self.book.elements.get(element)
        if e is None:
            return None
        ref = f"datum:{element}:{period}{f':{measure}' if measure else ''}"
        when = period_name(period) if period[5:].isdigit() else period
        title = f"{e.title}, {when}" + (f" ({measure})" if measure else "")
        months = [] if measure else self._months(element, period)
        view = self.view(element, period, measure)
        if view is None and not months:
            return None
        made = Origin(ref, "datum", title, link=element, entry_id=self.asking.get(element, 0))
        if view is not None:
            made.value, made.exact = figure_rules.show_view(view, e), view.value
            made.person, made.at, made.source, made.rev = (
                view.by_label, view.at, view.source, view.rev)  # fmt: skip
        if months:
            made.kind, made.parts = "hitungan", [o for _, o in months]
            values = {m: o.exact for m, o in months if o.exact is not None}
            last = e.roll == "last"
            made.exact = spm.roll_up(values, values, "last" if last else "sum")
            made.value = number(made.exact, e.places) if made.exact is not None else ""
            made.formula = "nilai bulan terakhir" if last else "jumlah bulan"
        elif view is not None and view.source == rollup.SITES_SOURCE:
            made.parts = self._sites(element, period, measure or Measure.REALISASI)
            made.kind, made.formula = "hitungan", "jumlah tempat layanan"
        for i in self.book.users(element):
            made.evidence += self.proofs(i.key, int(period[:4]))
        made.evidence = list(dict.fromkeys(made.evidence))
        return self.settled(made)

    def _months(self, element: str, period: str) -> list[tuple[int, Origin]]:
        """The months that a year or a triwulan of an element is made of, when it has months."""
        year, _, when = period.partition("-")
        if not self.book.elements[element].roll or when.isdigit():
            return []
        if when.startswith("Q"):
            q = int(when[1:])
            asked: Iterable[int] = range(3 * q - 2, 3 * q + 1)
        else:
            asked = spm.months_until(when)
        out = []
        for m in asked:
            key = spm.month_key(int(year), m)
            if self.view(element, key) is not None:
                one = self.datum(element, key)
                if one is not None:
                    out.append((m, one))
        return out

    def _sites(self, element: str, period: str, measure: str) -> list[Origin]:
        """What the puskesmas or kecamatan have stated of one month or year."""
        year, _, month = period.partition("-")
        e, out = self.book.elements[element], []
        for unit in self._units:
            found = figures.by_site([element], int(year), unit)
            for place in figures.sites_of(e, int(year)):
                view = found.get((element, place.code, int(month or 0), measure))
                if view is not None:
                    out.append(Origin(
                        f"datum:{element}:{period}", "datum", f"{e.title}, {place.name}",
                        figure_rules.show_view(view, e), view.value, person=view.by_label,
                        at=view.at, source=view.source, rev=view.rev, link=element,
                        entry_id=self.asking.get(element, 0),
                    ))  # fmt: skip
        return out

    def proofs(self, indicator: str, year: int) -> list[str]:
        """Names of the data dukung of an indicator."""
        key = (indicator, year)
        if key not in self._proofs:
            self._proofs[key] = [
                "berkas terbatas (memuat nama orang)" if f.restricted else f.name
                for f in figures.evidence_of(indicator, year)
            ]
        return self._proofs[key]

    def indicator(self, key: str, period: str, rate: bool = False) -> Origin | None:
        """An indicator with its formula and data; ``rate``: its laju."""
        one = self.book.indicators.get(key)
        if one is None:
            return None
        before = figures.previous_period(period)
        parts = [p for k in one.elements if (p := self.datum(k, period)) is not None]
        parts += [p for k in one.previous if (p := self.datum(k, before)) is not None]
        result = self._result(key, period)
        made = Origin(
            f"indicator:{key}:{period}", "indikator", f"{one.no} {one.shown_title}, {period}",
            result.text, result.value, one.formula_text, link=key, parts=parts,
        )  # fmt: skip
        if rate:
            laju = figure_rules.laju(result, self._result(key, before))
            made.ref, made.value, made.exact = f"laju:{key}:{period}", laju.text, laju.value
            made.title, made.formula = f"Laju {made.title}", "(n - (n-1)) / (n-1) x 100"
            made.parts = [p for q in (period, before) if (p := self.indicator(key, q)) is not None]
        made.evidence = list(self.proofs(key, int(period[:4])))
        made.entry_id = self.asking.get(one.elements[0], 0) if one.elements else 0
        return self.settled(made)

    def _result(self, key: str, period: str) -> figure_rules.Result:
        one = self.book.indicators[key]
        now, before = ({k: v for k in (*one.elements, *one.previous)
                        if (v := self.view(k, when)) is not None}
                       for when in (period, figures.previous_period(period)))  # fmt: skip
        return figure_rules.evaluate(one, now, before, self.book.elements)
