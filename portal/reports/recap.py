"""Recap per Perangkat Daerah, the text for the WA group, the matrix; few queries, any size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from portal import indonesian
from portal.db import db
from portal.people import queries as people
from portal.people.kinds import UnitKind
from portal.people.rules import UnitInfo
from portal.reports import places, queries
from portal.reports.models import Entry, FinishedDocument, Obstacle, Report
from portal.reports.rules import APPROVED_STATES, OPEN_STATES, state_label
from portal.reports.states import EntryState

S = EntryState


@dataclass(frozen=True)
class Line:
    """One Perangkat Daerah, or the totals."""

    unit: UnitInfo | None
    counts: Counter[str]
    obstacles: int = 0
    documents: int = 0
    on_behalf: int = 0

    def _of(self, *states: str) -> int:
        return sum(self.counts[s] for s in states)

    @property
    def entries(self) -> int:
        """All isian of the unit."""
        return sum(self.counts.values())

    @property
    def empty(self) -> int:
        """Belum diisi."""
        return self._of(S.KOSONG)

    @property
    def draft(self) -> int:
        """Draf, including what was reopened."""
        return self._of(S.DRAF, S.DIBUKA_KEMBALI)

    @property
    def sent(self) -> int:
        """Dikirim, at the verifikator PD."""
        return self._of(S.DIKIRIM)

    @property
    def reviewed(self) -> int:
        """Direviu Inspektorat."""
        return self._of(S.DIREVIU)

    @property
    def returned(self) -> int:
        """Dikembalikan."""
        return self._of(S.DIKEMBALIKAN)

    @property
    def unstamped(self) -> int:
        """Reviewed, but not yet signed and stamped by the head."""
        return self._of(S.SELESAI_DIREVIU)

    @property
    def approved(self) -> int:
        """Disahkan Kepala PD and what came after."""
        return self._of(*APPROVED_STATES)

    @property
    def accepted(self) -> int:
        """Diterima sekretariat, and locked."""
        return self._of(S.DITERIMA, S.TERKUNCI)

    @property
    def accepted_percent(self) -> int:
        """Percent of isian that the sekretariat has accepted, rounded down."""
        return 100 * self.accepted // self.entries if self.entries else 0

    @property
    def standing(self) -> str:
        """``kurang`` | ``direviu`` | ``belum_dicap`` | ``disahkan``: the worst isian decides."""
        if self._of(*OPEN_STATES, S.DIKIRIM):
            return "kurang"
        if self.reviewed:
            return "direviu"
        return "belum_dicap" if self.unstamped else "disahkan"


@dataclass(frozen=True)
class Recap:
    """All Perangkat Daerah of a report in the region's order, and their totals."""

    report: Report
    lines: list[Line]
    total: Line
    at: datetime | None = None


#: Column heads of the recap, with the attribute of Line that fills them.
COLUMNS = (
    ("Isian", "entries"), ("Belum diisi", "empty"), ("Draf", "draft"), ("Dikirim", "sent"),
    ("Direviu", "reviewed"), ("Dikembalikan", "returned"), ("Belum dicap", "unstamped"),
    ("Disahkan", "approved"), ("Diterima", "accepted"), ("Kendala", "obstacles"),
    ("Dokumen Jadi", "documents"),
)  # fmt: skip


def recap(report: Report) -> Recap:
    """Counts per unit and state; five queries whatever the number of units and isian."""
    counts: dict[int, Counter[str]] = {}
    behalf: Counter[int] = Counter()
    for unit_id, state, on_behalf, n in db.session.execute(
        sa.select(Entry.supplier_unit_id, Entry.state, Entry.on_behalf, sa.func.count())
        .where(Entry.report_id == report.id)
        .group_by(Entry.supplier_unit_id, Entry.state, Entry.on_behalf)
    ):
        counts.setdefault(unit_id, Counter())[state] += n
        behalf[unit_id] += n if on_behalf else 0
    obstacles = _per_unit(
        sa.select(Entry.supplier_unit_id, sa.func.count())
        .join(Obstacle, Obstacle.entry_id == Entry.id)
        .where(Entry.report_id == report.id, Obstacle.closed_at.is_(None))
        .group_by(Entry.supplier_unit_id)
    )
    documents = _per_unit(
        sa.select(FinishedDocument.unit_id, sa.func.count(sa.distinct(FinishedDocument.part_key)))
        .where(FinishedDocument.report_id == report.id)
        .group_by(FinishedDocument.unit_id)
    )
    units = {u.id: u for u in people.units_on(report.structure_date)}
    lines = [
        Line(units.get(u), counts.get(u, Counter()), obstacles.get(u, 0), documents.get(u, 0),
             behalf[u])
        for u in counts.keys() | documents.keys()
    ]  # fmt: skip
    lines.sort(key=lambda line: (line.unit.position, line.unit.id) if line.unit else (9999, 0))
    return Recap(report, lines, _total(lines))


def _per_unit(query: sa.Select[int, int]) -> dict[int, int]:
    return {row[0]: row[1] for row in db.session.execute(query).all()}


def _total(lines: Iterable[Line]) -> Line:
    found = list(lines)
    counts: Counter[str] = Counter()
    for line in found:
        counts.update(line.counts)
    return Line(
        None, counts, sum(x.obstacles for x in found), sum(x.documents for x in found),
        sum(x.on_behalf for x in found),
    )  # fmt: skip


def group_text(found: Recap, now: datetime, zone_label: str, hour: str, desk: str) -> str:
    """Text for the WA group: by Perangkat Daerah, no person's name; pure.

    ``now`` is local time; ``hour`` the hour of the deadline; ``desk`` a sentence or "".
    """
    report, groups = found.report, _groups(found)
    lines = [
        f"REKAP ISIAN {queries.report_title(report).replace(' ', ' TA ', 1)}, "
        f"{indonesian.day_and_date(now.date()).replace(',', '')} pukul {now:%H.%M} {zone_label}",
        f"Sudah disahkan : {len(groups['disahkan'])} PD",
    ]
    if groups["direviu"] or queries.workflow_of(report).open_to("apip", S.DIREVIU):
        lines.append(f"Sedang direviu Inspektorat : {len(groups['direviu'])} PD")
    for key, words in (("kurang", "Belum lengkap"), ("belum_dicap", "Belum dicap")):
        if groups[key]:
            lines.append(f"{words} ({len(groups[key])}): {', '.join(groups[key])}")
    if report.internal_deadline:
        due = indonesian.day_and_date(report.internal_deadline).replace(",", "")
        short = due.rsplit(" ", 1)[0]
        tail = f" {desk}" if desk else ""
        lines.append(f"Batas pengisian {short} pukul {hour} {zone_label}.{tail}")
    lines.append("Terima kasih atas kerja samanya.")
    return "\n".join(lines)


def _groups(found: Recap) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {"kurang": [], "direviu": [], "belum_dicap": [], "disahkan": []}
    for line in found.lines:
        if line.entries:
            name = line.unit.short_name if line.unit else "?"
            groups[line.standing].append(name)
    return groups


# --- matrix ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """Isian of one unit in one section: how many, how many approved, the state furthest behind."""

    n: int
    approved: int
    state: str
    label: str


@dataclass(frozen=True)
class Matrix:
    """Perangkat Daerah x section; ``cells[unit_id, section_key]``."""

    sections: list[tuple[str, str, str]]  # key, short label, title
    units: list[UnitInfo]
    cells: dict[tuple[int, str], Cell] = field(default_factory=dict)


_ORDER = [
    S.KOSONG, S.DRAF, S.DIBUKA_KEMBALI, S.DIKEMBALIKAN, S.DIKIRIM, S.DIREVIU, S.SELESAI_DIREVIU,
    S.DISAHKAN, S.DITERIMA, S.TERKUNCI,
]  # fmt: skip


def matrix(report: Report) -> Matrix:
    """One row per unit, one column per first-level section; three queries."""
    where = places.places_of(report)
    sections: dict[str, tuple[str, str, str]] = {}
    found: dict[tuple[int, str], list[str]] = {}
    rows = db.session.execute(
        sa.select(Entry.part_key, Entry.repeat_key, Entry.supplier_unit_id, Entry.state)
        .where(Entry.report_id == report.id).order_by(Entry.position, Entry.id)
    )  # fmt: skip
    for part, repeat, unit_id, state in rows:
        placed = where.get((part, repeat))
        if placed is None:
            continue
        chapter = placed.chapter
        top = placed.sections[0] if placed.sections else None
        key = f"{chapter.key}.{top.key if top else ''}"
        if key not in sections:
            n = sum(1 for k in sections if k.startswith(f"{chapter.key}.")) + 1
            title = (top.title if top else chapter.title).replace("{item}", "...")
            sections[key] = (key, f"{chapter.label}.{n}" if chapter.label else "KP", title)
        found.setdefault((unit_id, key), []).append(state)
    units = {u.id: u for u in people.units_on(report.structure_date)}
    workflow = queries.workflow_of(report)
    cells = {}
    for place, states in found.items():
        worst = min(states, key=lambda s: _ORDER.index(EntryState(s)))
        good = sum(1 for s in states if s in APPROVED_STATES)
        cells[place] = Cell(len(states), good, worst, state_label(worst, workflow))
    named = [units[u] for u in {u for u, _ in found} if u in units]
    named.sort(key=lambda u: (u.position, u.id))
    return Matrix(list(sections.values()), named, cells)


# --- lists ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class EntryLine:
    """One isian of a unit in the sekretariat's list; without its content."""

    entry: Entry
    title: str
    section: str
    label: str
    readable: bool


def unit_entries(report: Report, unit_id: int, role: str, behalf: bool) -> list[EntryLine]:
    """The isian of one unit with their states; ``readable`` when the role may open them.

    ``behalf``: the reader enters for units outside their tahap, so those are open to him.
    """
    where, workflow = places.places_of(report), queries.workflow_of(report)
    unit = people.unit_info(unit_id, report.structure_date)
    apip_own = unit is not None and unit.kind == UnitKind.INSPEKTORAT
    lines = []
    for entry in db.session.scalars(
        sa.select(Entry).where(Entry.report_id == report.id, Entry.supplier_unit_id == unit_id)
        .order_by(Entry.position, Entry.id)
    ):  # fmt: skip
        placed = where.get((entry.part_key, entry.repeat_key))
        lines.append(EntryLine(
            entry, places.part_title(placed) if placed else entry.part_key,
            places.section_title(placed) if placed else "",
            state_label(entry.state, workflow, apip_own),
            workflow.open_to(role, entry.state) or (behalf and entry.on_behalf),
        ))  # fmt: skip
    return lines


@dataclass(frozen=True)
class ObstacleLine:
    """One open kendala."""

    obstacle: Obstacle
    entry: Entry
    unit: UnitInfo | None
    title: str
    reason: str


def obstacles(report: Report, today: date) -> list[ObstacleLine]:
    """Open kendala of a report, oldest first."""
    where = places.places_of(report)
    units = {u.id: u for u in people.units_on(today)}
    reasons = {c.key: c.label for c in queries.workflows().obstacles}
    rows = db.session.execute(
        sa.select(Obstacle, Entry).join(Entry, Obstacle.entry_id == Entry.id)
        .where(Entry.report_id == report.id, Obstacle.closed_at.is_(None))
        .order_by(Obstacle.at, Obstacle.id)
    ).all()  # fmt: skip
    return [
        ObstacleLine(
            obstacle, entry, units.get(entry.supplier_unit_id),
            places.part_title(placed) if (placed := where.get((entry.part_key, entry.repeat_key)))
            else entry.part_key, reasons.get(obstacle.reason, obstacle.reason),
        )
        for obstacle, entry in rows
    ]  # fmt: skip
