"""Isi dari tahun lalu: what a newly opened book may take over, and what of it nobody has looked at.

Words and rows are taken over where the keys of both formats are the same. Numbers are not, unless
asked for: last year's number stands beside every field anyway, and a copied number is the fault
that readers of LPPD and LKPJ complain of first. Everything taken over carries its year
(``EntryCell.carried``) until its Perangkat Daerah confirms or changes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from portal.db import db
from portal.outlines.compare import Compared, Match
from portal.outlines.parts import (
    Accounts,
    Budget,
    Indicators,
    ListPart,
    Measures,
    Narrative,
    Part,
    Picture,
    Programs,
    Table,
)
from portal.outlines.schema import Placed
from portal.people import queries as people
from portal.reports import history, lineage, places
from portal.reports.content import EntryContent, contents
from portal.reports.models import Entry, EntryCell, EntryRow, Report
from portal.reports.reading import NUMERIC
from portal.reports.rules import OPEN_STATES
from portal.reports.states import EntryState

MARK = "dari tahun lalu, belum diperiksa"


@dataclass(frozen=True)
class Take:
    """What one isian takes over: fields, and rows with their cells."""

    fields: dict[str, str]
    rows: tuple[tuple[str, dict[str, str]], ...] = ()

    @property
    def cells(self) -> int:
        """How many cells are written."""
        return len(self.fields) + sum(len(cells) for _, cells in self.rows)


@dataclass(frozen=True)
class Line:
    """One isian of this year: what it takes, or why it takes nothing."""

    entry: Entry
    title: str
    section: str
    unit: str
    take: Take | None
    why: str = ""


@dataclass(frozen=True)
class Plan:
    """What carrying over would do with a report; ``reason`` when it can do nothing at all."""

    report: Report
    source: Report | None
    compared: Compared | None
    lines: tuple[Line, ...]
    reason: str = ""

    @property
    def takes(self) -> list[Line]:
        """The isian that take something."""
        return [line for line in self.lines if line.take is not None]

    @property
    def left(self) -> dict[str, int]:
        """Why the others take nothing -> how many, the most frequent reason first."""
        return dict(Counter(line.why for line in self.lines if line.take is None).most_common())


def plan(report: Report, numbers: bool = False) -> Plan:
    """What last year's book gives to ``report``; a constant number of queries."""
    source = history.last_report(report)
    if source is None:
        return Plan(report, None, None, (), (
            f"Laporan {report.kind.upper()} {report.year - 1} tidak ada di portal, jadi tidak ada "
            "isi tahun lalu yang dapat dibawa. Muat dahulu dengan perintah flask report import, "
            "atau mulai dari isian kosong."
        ))  # fmt: skip
    compared = lineage.compared(report, source)
    if compared is None:
        return Plan(report, source, None, (), (
            f"Berkas format laporan tahun {source.year} ({source.edition}) tidak ada lagi di "
            "reports_templates. Kembalikan berkasnya, lalu ulangi."
        ))  # fmt: skip
    units = {u.id: u.short_name for u in people.units_on(report.structure_date)}
    where, year = places.places_of(report), _Year(report, source, compared, numbers)
    entries = db.session.scalars(
        sa.select(Entry).where(Entry.report_id == report.id).order_by(Entry.position, Entry.id)
    )
    lines = []
    for entry in entries:
        placed = where.get((entry.part_key, entry.repeat_key))
        if placed is not None:
            take, why = year.take(entry, placed)
            unit = units.get(entry.supplier_unit_id, "")
            title, section = places.part_title(placed), places.section_title(placed)
            lines.append(Line(entry, title, section, unit, take, why))
    return Plan(report, source, compared, tuple(lines))


def _by_place(found: Iterable[EntryContent]) -> dict[tuple[str, str], list[EntryContent]]:
    then: dict[tuple[str, str], list[EntryContent]] = {}
    for content in found:
        then.setdefault((content.part_key, content.repeat_key), []).append(content)
    return then


def _filled(report: Report) -> frozenset[int]:
    """Isian in which something stands already: a cell, or a row."""
    mine = sa.select(Entry.id).where(Entry.report_id == report.id)
    asked = (
        sa.select(EntryCell.entry_id).where(EntryCell.entry_id.in_(mine)).distinct(),
        sa.select(EntryRow.entry_id).where(EntryRow.entry_id.in_(mine)).distinct(),
    )
    return frozenset(row for query in asked for row in db.session.scalars(query))


class _Year:
    """Last year's contents beside this year's empty isian, read once for a whole book."""

    def __init__(self, report: Report, source: Report, compared: Compared, numbers: bool) -> None:
        self.report, self.source, self.compared = report, source, compared
        self.numbers = numbers
        self.then = _by_place(contents(source))
        self.filled = _filled(report)
        self.edition = places.edition_of(report)
        self.things = places.things(report.structure_date)

    def take(self, entry: Entry, placed: Placed) -> tuple[Take | None, str]:
        """What an isian takes over, or why it takes nothing."""
        part = placed.part
        if entry.id in self.filled or entry.state != EntryState.KOSONG:
            return None, "sudah ada isinya"
        if why := _never(part):
            return None, why
        match = lineage.match_of(self.report, self.source, entry.part_key)
        if match is None:
            said = self.compared.refused.get(entry.part_key, "")
            return None, said or "bagian baru dalam format ini"
        item = lineage.item_of(self.report, self.source, entry.repeat_key)
        if item is None:
            return None, "butirnya berganti arti dalam format ini"
        nothing = f"tahun {self.source.year} tidak ada isinya"
        old = _source(entry, self.then.get((match.was, item), []))
        if old is None:
            return None, nothing
        columns = self.compared.carries.get(entry.part_key, match).columns
        given = places.given_rows(self.edition, part, self.things)
        take = taken(part, old, Match(match.key, match.was, columns),
                     frozenset(item.key for item in given), self.numbers)  # fmt: skip
        if take.cells:
            return take, ""
        return None, "hanya angka, diisi baru" if old.rows else nothing


def _never(part: Part) -> str:
    """Why a part is filled anew every year, "" when its words may be taken over."""
    if isinstance(part, Indicators | Measures):
        return "angka tahun ini, diisi baru (nilai tahun lalu tampil di sampingnya)"
    if isinstance(part, Programs | Accounts):
        return "barisnya berasal dari anggaran tahun ini"
    if isinstance(part, Narrative) and part.starter:
        return "naskah awalnya disediakan format"
    return ""


def _source(entry: Entry, found: list[EntryContent]) -> EntryContent | None:
    """Last year's isian of the same supplier, or of the only one that had it and handed it in."""
    own = [c for c in found if c.supplier_unit_id == entry.supplier_unit_id]
    if own:
        return own[0]
    if len(found) == 1 and found[0].state not in OPEN_STATES:
        return found[0]
    return None


def taken(
    part: Part, old: EntryContent, match: Match, given: frozenset[str], numbers: bool
) -> Take:
    """What ``part`` takes of last year's content; pure.

    ``given`` are the keys of prescribed rows: a row that the format no longer has stays behind.
    """
    if isinstance(part, Narrative):
        return Take({"text": old.fields["text"]} if old.fields.get("text") else {})
    if isinstance(part, Picture):
        return Take({k: v for k in ("file", "caption") if (v := old.fields.get(k))})
    if isinstance(part, ListPart):
        rows = [(r.uid, {"text": r.cells["text"]}) for r in old.rows if r.cells.get("text")]
        return Take({}, tuple(rows))
    if not isinstance(part, Table | Budget):
        return Take({})
    wanted = {
        c.key for c in part.columns
        if not (c.formula or c.share_of) and (numbers or c.type not in NUMERIC)
    }  # fmt: skip
    columns = match.columns or {key: key for key in wanted}
    found = []
    for row in old.rows:
        if part.rows.kind != "free" and row.uid not in given:
            continue
        cells = {
            here: row.cells[there] for there, here in columns.items()
            if here in wanted and row.cells.get(there)
        }  # fmt: skip
        if cells:
            found.append((row.uid, cells))
    return Take({}, tuple(found))


# --- what nobody has looked at --------------------------------------------------------------


def open_marks(entry_id: int) -> dict[str, int]:
    """Target -> year of every cell of an isian that was taken over and not yet looked at."""
    gone = sa.select(EntryRow.uid).where(EntryRow.entry_id == entry_id, EntryRow.deleted)
    rows = db.session.execute(
        sa.select(EntryCell.row, EntryCell.field, EntryCell.carried)
        .where(EntryCell.entry_id == entry_id, EntryCell.carried.is_not(None),
               EntryCell.row.not_in(gone))
        .order_by(EntryCell.id)
    )  # fmt: skip
    return {
        f"c:{row}:{field}" if row else f"f:{field}": year for row, field, year in rows
        if year is not None
    }  # fmt: skip


def waiting(report: Report) -> dict[int, int]:
    """Unit -> how many of its isian still hold something of last year that nobody looked at."""
    rows = db.session.execute(
        sa.select(Entry.supplier_unit_id, sa.func.count(Entry.id.distinct()))
        .join(EntryCell, EntryCell.entry_id == Entry.id)
        .where(Entry.report_id == report.id, EntryCell.carried.is_not(None))
        .group_by(Entry.supplier_unit_id)
    )
    return {unit: count for unit, count in rows}
