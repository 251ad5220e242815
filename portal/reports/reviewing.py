"""What the Inspektorat has said of a report: its numbers as they were sent, and the putusan.

One read for any number of Perangkat Daerah, in a constant number of queries. What a Perangkat
Daerah has not sent (or got back) is counted and never shown. The isian of the Inspektorat itself
are not reviewed by it and stand nowhere here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from flask import current_app

from portal import clock, indonesian
from portal.db import db
from portal.figures import catalogue, rules
from portal.figures import queries as figures
from portal.figures.models import Evidence
from portal.figures.shape import Element, Indicator
from portal.outlines import queries as outlines
from portal.people import queries as people
from portal.people.kinds import Role, UnitKind
from portal.people.rules import Actor, UnitInfo
from portal.reports import carriers, figures_bridge, places, queries
from portal.reports.models import Entry, Report, Verdict
from portal.reports.rules import state_label
from portal.reports.workflow import Choice

#: What is counted beside the putusan of workflows.yaml.
OPEN, UNSENT = "belum_dinilai", "belum_dikirim"


@dataclass(frozen=True)
class Judged:
    """A putusan in its words; ``stale``: what it was given for has changed since."""

    key: str
    label: str
    note: str
    office: str  # jabatan of the reviewer
    at: datetime
    good: bool = False
    stale: bool = False


@dataclass(frozen=True)
class Number:
    """One element behind an IKK, as it was sent."""

    title: str
    unit: str
    value: Decimal | None
    text: str
    source: str


@dataclass(frozen=True)
class Proof:
    """A data dukung; a file with names of persons is never named here (UU 27/2022)."""

    name: str
    sha: str  # first letters of its SHA-256, "" for a link

    @property
    def words(self) -> str:
        """``1.b.7_Dinkes.pdf (1a2b3c4d)``."""
        return f"{self.name} ({self.sha or 'tautan, belum diarsipkan'})"


@dataclass(frozen=True)
class Line:
    """One IKK of an isian that was sent."""

    entry_id: int
    key: str
    no: str
    title: str
    unit: str
    value: Decimal | None
    text: str  # the value as it prints, or why there is none
    numbers: tuple[Number, ...]
    proofs: tuple[Proof, ...]
    verdict: Judged | None

    @property
    def standing(self) -> str:
        """Key of the putusan that counts, or ``belum_dinilai``."""
        return _standing(self.verdict)


@dataclass(frozen=True)
class Piece:
    """One isian that was sent, with the putusan on the whole of it."""

    entry_id: int
    section: str
    title: str
    label: str
    verdict: Judged | None
    lines: tuple[Line, ...]

    @property
    def standing(self) -> str:
        """Key of the putusan that counts, or ``belum_dinilai``."""
        return _standing(self.verdict)


@dataclass(frozen=True)
class Review:
    """One Perangkat Daerah; ``unsent`` counts isian and IKK that are not with the Inspektorat."""

    unit: UnitInfo
    pieces: tuple[Piece, ...]
    unsent: int
    unsent_lines: int

    @property
    def lines(self) -> tuple[Line, ...]:
        """All IKK that were sent, in the order of the book."""
        return tuple(line for piece in self.pieces for line in piece.lines)

    @property
    def by_line(self) -> Counter[str]:
        """Number of IKK by putusan, with ``belum_dinilai`` and ``belum_dikirim``."""
        return Counter(line.standing for line in self.lines) + Counter({UNSENT: self.unsent_lines})

    @property
    def by_piece(self) -> Counter[str]:
        """Number of isian by putusan, likewise."""
        return Counter(piece.standing for piece in self.pieces) + Counter({UNSENT: self.unsent})


def _standing(verdict: Judged | None) -> str:
    return OPEN if verdict is None or verdict.stale else verdict.key


def judged(counts: Mapping[str, int]) -> int:
    """How many of these have a putusan that counts."""
    return sum(n for key, n in counts.items() if key not in (OPEN, UNSENT))


# --- who may read ---------------------------------------------------------------------------


def inspects(actor: Actor) -> bool:
    """True for the Inspektorat: its auditors, and its head."""
    if Role.APIP in actor.roles:
        return True
    if Role.KEPALA not in actor.roles:
        return False
    return bool(actor.units() & {u.id for u in people.units_on(people.today(), _INSPECTORATE)})


_INSPECTORATE = (str(UnitKind.INSPEKTORAT),)


def inspectorate() -> UnitInfo | None:
    """The Inspektorat of the region, today."""
    return next(iter(people.units_on(people.today(), _INSPECTORATE)), None)


def report_for(actor: Actor, report_id: int) -> Report | None:
    """A report that the Inspektorat reviews, for the actor; None (404) otherwise."""
    report = db.session.get(Report, report_id)
    if report is None or not queries.workflow_of(report).reviewed:
        return None
    return report if inspects(actor) else queries.report_for(actor, report_id)


def reports_for(actor: Actor) -> list[Report]:
    """The reports whose isian pass the Inspektorat, newest year first."""
    if not inspects(actor):
        found = queries.reports_for(actor)
    else:
        order = (Report.year.desc(), Report.kind, Report.period, Report.id)
        found = list(db.session.scalars(sa.select(Report).order_by(*order)))
    return [r for r in found if queries.workflows().of(r.kind).reviewed]


# --- reading --------------------------------------------------------------------------------


def reviews(report: Report, unit_id: int | None = None) -> list[Review]:
    """The Perangkat Daerah of a report (or the one) in the region's order."""
    query = sa.select(Entry).where(Entry.report_id == report.id)
    if unit_id is not None:
        query = query.where(Entry.supplier_unit_id == unit_id)
    units = {u.id: u for u in people.units_on(report.structure_date)
             if u.kind != UnitKind.INSPEKTORAT}  # fmt: skip
    entries = [
        e for e in db.session.scalars(query.order_by(Entry.position, Entry.id))
        if e.supplier_unit_id in units
    ]  # fmt: skip
    book = _Book(report, entries)
    by_unit: dict[int, list[Entry]] = {}
    for entry in entries:
        by_unit.setdefault(entry.supplier_unit_id, []).append(entry)
    found = [book.review(units[unit], some) for unit, some in by_unit.items()]
    return sorted(found, key=lambda r: (r.unit.position, r.unit.id))


class _Book:
    """What all Perangkat Daerah of a report share, read once."""

    def __init__(self, report: Report, entries: list[Entry]) -> None:
        self.report, self.year = report, report.year
        self.workflow = queries.workflow_of(report)
        try:
            self.places = places.places_of(report)
        except LookupError:
            self.places = {}
        self.asked = {
            e.id: figures_bridge.indicators_of(
                self.places.get((e.part_key, e.repeat_key)), report.year
            )
            for e in entries
        }
        self.sent = {e.id for e in entries if self.workflow.open_to(Role.APIP, e.state)}
        shown = [e for e in entries if e.id in self.sent]
        self.choices = {v.key: v for v in queries.workflows().verdicts}
        self.verdicts = _verdicts(report)
        self._figures(shown)
        self.titles = outlines.indicator_titles(report.kind, report.edition)

    def _figures(self, shown: list[Entry]) -> None:
        book = self.elements = catalogue.current().elements
        asked = {e.id: self.asked[e.id] for e in shown}
        wanted: dict[int, list[Element]] = {
            entry_id: [book[k] for k in dict.fromkeys(k for i in some for k in i.elements)]
            for entry_id, some in asked.items()
        }
        period = figures_bridge.period_of(self.report)
        before = figures.previous_period(period)
        keys = sorted({e.key for some in wanted.values() for e in some})
        found = figures.values_of(keys, [period, before], self.report.owner_unit_id)
        self.now, self.then = found[period], found[before]
        self.hidden = carriers.unsent_of(shown, wanted)
        self.proofs = _proofs({i.key for some in asked.values() for i in some}, self.year)

    def review(self, unit: UnitInfo, entries: list[Entry]) -> Review:
        """One Perangkat Daerah."""
        away = [e for e in entries if e.id not in self.sent]
        return Review(
            unit, tuple(self._piece(e) for e in entries if e.id in self.sent), len(away),
            sum(len(self.asked[e.id]) for e in away),
        )  # fmt: skip

    def _piece(self, entry: Entry) -> Piece:
        placed = self.places.get((entry.part_key, entry.repeat_key))
        return Piece(
            entry.id, places.section_title(placed) if placed else "",
            places.part_title(placed) if placed else entry.part_key,
            state_label(entry.state, self.workflow),
            self._judged(entry.id, "", entry.sent_at),
            tuple(self._line(entry, i) for i in self.asked[entry.id]),
        )  # fmt: skip

    def _line(self, entry: Entry, one: Indicator) -> Line:
        hidden = self.hidden[entry.id]
        seen = {k: self.now[k] for k in (*one.elements, *one.previous)
                if k in self.now and k not in hidden}  # fmt: skip
        result = rules.evaluate(one, seen, self.then, self.elements)
        newest = max((v.at for v in seen.values() if v.at), default=None)
        return Line(
            entry.id, one.key, one.no, self.titles.get(one.key, one.shown_title), one.unit,
            None if result.value is None else indonesian.rounded(result.value, one.places),
            result.text or result.reason,
            tuple(self._number(k, seen.get(k)) for k in one.elements),
            self.proofs.get(one.key, ()), self._judged(entry.id, f"i:{one.key}", newest),
        )  # fmt: skip

    def _number(self, key: str, view: rules.DatumView | None) -> Number:
        element = self.elements[key]
        return Number(
            element.title, element.unit, view.value if view else None,
            rules.show_view(view, element), view.source if view else "",
        )  # fmt: skip

    def _judged(self, entry_id: int, target: str, changed: datetime | None) -> Judged | None:
        found = self.verdicts.get((entry_id, target))
        if found is None:
            return None
        choice = self.choices.get(found.key) or Choice(found.key, found.key)
        return Judged(
            found.key, choice.label, found.note, office(found.by_label), found.at, choice.good,
            changed is not None and changed > found.at,
        )  # fmt: skip


def day(at: datetime) -> date:
    """The day of an instant where the region lies."""
    return clock.local(at, current_app.config["SELARAS"].zone).date()


def office(label: str) -> str:
    """The jabatan alone of ``Made Wirawan (Auditor Ahli Muda)``."""
    title = label.partition(" (")[2]
    return title[:-1] if title.endswith(")") else label


def _verdicts(report: Report) -> dict[tuple[int, str], Verdict]:
    rows = db.session.scalars(
        sa.select(Verdict).join(Entry, Verdict.entry_id == Entry.id)
        .where(Entry.report_id == report.id)
    )  # fmt: skip
    return {(row.entry_id, row.target): row for row in rows}


def _proofs(indicators: Iterable[str], year: int) -> dict[str, tuple[Proof, ...]]:
    subjects = {figures.evidence_subject(key, year): key for key in indicators}
    out: dict[str, tuple[Proof, ...]] = {}
    for row in db.session.scalars(
        sa.select(Evidence)
        .where(Evidence.subject.in_(list(subjects)), Evidence.removed_at.is_(None))
        .order_by(Evidence.id)
    ):  # fmt: skip
        name = "Berkas terbatas" if row.restricted else row.name
        key = subjects[row.subject]
        out[key] = (*out.get(key, ()), Proof(name, (row.sha256 or "")[:8]))
    return out
