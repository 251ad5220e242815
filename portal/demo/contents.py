"""Reports of the demo and what stands in them: LPPD of two years, thin LKPJ, SPM and LKjIP.

Isian are opened by the ordinary flow; what is in them is written in bulk, because typing twenty
thousand cells one by one would keep a newcomer waiting for minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal import clock, store
from portal.demo import picture, tables_region, tables_spm, tables_work, texts
from portal.demo.book import Rows, Spot, rows_of
from portal.demo.figure_values import Numbers
from portal.demo.prose import html
from portal.figures import catalogue
from portal.outlines.holes import fill
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
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.rules import PORTAL
from portal.reports import flow, places
from portal.reports.models import Entry, EntryCell, EntryRow, Report, Revision
from portal.reports.states import EntryState

YEAR = 2025
TABLES = {**tables_region.WRITERS, **tables_work.WRITERS, **tables_spm.WRITERS}
#: Last year's LPPD was still made in the older format; this year's opens under the new one.
OLDER = {("lppd", YEAR - 1): "permendagri-18-2020"}
#: First wave of the LKjIP in the demo.
LKJIP = ("DINKES", "DLH", "DISTAN", "DISKOMINFOTIK", "DINSOS")
#: Whose LKjIP is complete: the pilot that was first, and the region's own (typed by its compiler).
LKJIP_DONE = ("DINKES", "BAG-ORG")
TW_SHARE = {"TW1": "0.24", "TW2": "0.49", "TW3": "0.74", "TW4": "1"}
#: Isian of the LPPD 2025 that late Perangkat Daerah have not filled: unit -> parts, () = all.
LATE: dict[str, tuple[str, ...]] = {
    "INSPEKTORAT": (), "BAG-HUKUM": (), "BAG-PBJ": (), "DISPERIN": (),
    "BAPPEDA": ("kinerja_rpjmd", "kinerja_nasional", "saran_tp", "inovasi", "uraian_rpjmd"),
    "BAG-ORG": ("uraian_program", "program_penunjang"),
    "DISPUSIP": ("analisis_urusan", "masalah_urusan"),
    "DISHUB": ("analisis_urusan",),
    "DISKAN": ("keluaran_lain",),
    "KEC-10": (), "KEC-11": (), "KEC-12": (),
}  # fmt: skip


class Filled(NamedTuple):
    """What goes into one isian."""

    fields: dict[str, str]
    rows: Rows


def load(_db: Any = None) -> int:
    """Open the demo's reports and fill them; returns how many isian have content."""
    writer = _Writer()
    count = 0
    for kind, year, period, owner in _books():
        unit = people.unit_by_code(owner) if owner else None
        opened = flow.open_report(
            kind, year, period, unit.id if unit else None, actor=PORTAL,
            edition_code=OLDER.get((kind, year), ""),
        )  # fmt: skip
        count += writer.fill(opened.report)
    return count


def _books() -> Iterator[tuple[str, int, str, str]]:
    yield "lppd", YEAR - 1, "", ""
    yield "lppd", YEAR, "", ""
    yield "lkpj", YEAR, "", ""
    yield "spm", YEAR, "", ""
    for quarter in TW_SHARE:
        yield "spm", YEAR, quarter, ""
    for code in ("", *LKJIP):
        yield "sakip", YEAR, "", code


class _Writer:
    """Fills reports; numbers and names are made once for all of them."""

    def __init__(self) -> None:
        self.numbers = Numbers(catalogue.current())
        self.now = clock.now()
        self.names: dict[int, str] = {}
        self.map = store.put(picture.map_png(), "image/png").sha256

    def fill(self, report: Report) -> int:
        """Content for every isian of one report that is still empty."""
        session = sa.orm.object_session(report)
        assert session is not None  # noqa: S101 - the report was just opened
        units = {u.id: u for u in people.units_on(report.structure_date)}
        placed = places.places_of(report)
        things = places.things(report.structure_date)
        rows: list[dict[str, Any]] = []
        cells: list[dict[str, Any]] = []
        revisions: list[dict[str, Any]] = []
        states: list[dict[str, Any]] = []
        entries = list(
            session.scalars(
                sa.select(Entry).where(Entry.report_id == report.id, Entry.content_rev == 0)
            )
        )
        for entry in entries:
            place = placed.get((entry.part_key, entry.repeat_key))
            if place is None:
                continue
            unit = units[entry.supplier_unit_id]
            spot = Spot(
                report.kind, report.year, entry.part_key, entry.repeat_key,
                place.item.title if place.item else "", unit.code, unit.name, things,
                self.numbers.values[str(report.year)], self.numbers.values[str(report.year - 1)],
                Decimal(TW_SHARE.get(report.period, "1")),
            )  # fmt: skip
            filled = self._content(place.part, spot)
            if filled is None or _late(spot):
                continue
            at = self.now - timedelta(days=30 + len(states) % 17, minutes=37 * len(states) % 480)
            by = self._name(entry.supplier_unit_id)
            rows += [
                {
                    "entry_id": entry.id,
                    "uid": uid,
                    "position": n * 1000,
                    "deleted": False,
                    "by_label": by,
                }
                for n, (uid, _) in enumerate(filled.rows, 1)
            ]
            fresh = list(_cells(entry.id, filled, by, at))
            cells += fresh
            revisions.append(_revision(entry.id, fresh, by, at))
            states.append({"id": entry.id, "state": _state(spot), "state_since": at,
                           "sent_at": at, "content_rev": max(len(fresh), 1)})  # fmt: skip
        for model, found in ((EntryRow, rows), (EntryCell, cells), (Revision, revisions)):
            if found:
                session.execute(sa.insert(model), found)
        if states:
            session.execute(sa.update(Entry), states)
        session.flush()
        session.expire_all()
        return len(states)

    def _name(self, unit_id: int) -> str:
        """How the record names the operator of a unit."""
        if unit_id not in self.names:
            held = people.holder(unit_id, Role.OPERATOR, people.today())
            self.names[unit_id] = f"{held.name} ({held.title})"[:200] if held else "Data contoh"
        return self.names[unit_id]

    def _content(self, part: Part, spot: Spot) -> Filled | None:
        if isinstance(part, Indicators | Measures | Programs | Accounts):
            return Filled({}, [])  # its numbers are data, not cells
        if isinstance(part, Narrative):
            text = _preface(part, spot) if part.starter else _text(spot)
            return Filled({"text": text}, []) if text else None
        if isinstance(part, Picture):
            return Filled({"file": self.map, "caption": f"Peta Wilayah Administrasi Kabupaten "
                           f"Contoh Tahun {spot.year}"}, [])  # fmt: skip
        if isinstance(part, ListPart):
            return Filled({}, rows_of([{"text": t} for t in texts.LISTS.get(spot.part, ())]))
        if isinstance(part, Table | Budget) and spot.part in TABLES:
            found = TABLES[spot.part](spot)
            return Filled({}, found) if found else None
        return None


def _text(spot: Spot) -> str:
    writer = texts.WRITERS.get(spot.part)
    return writer(spot) if writer else ""


def _preface(part: Narrative, spot: Spot) -> str:
    words = {
        "daerah": "Kabupaten Contoh", "nama_daerah": "Contoh", "provinsi": "Contoh",
        "ibu_kota": "Contoh", "kepala": "Bupati", "tahun": str(spot.year),
        "periode": f"Tahun {spot.year}", "unit": spot.unit_name,
        "instansi": "Pemerintah Kabupaten Contoh" if spot.unit == "BAG-ORG" else spot.unit_name,
        "judul": "Laporan Kinerja Instansi Pemerintah", "singkatan": "LKjIP",
    }  # fmt: skip
    paragraphs = [" ".join(p.split()) for p in part.starter.split("\n\n")]
    return html([fill(p, words) for p in paragraphs if p])


def _late(spot: Spot) -> bool:
    """True for what is left missing in the LPPD of this year."""
    if spot.kind != "lppd" or spot.year != YEAR or spot.unit not in LATE:
        return False
    return not LATE[spot.unit] or spot.part in LATE[spot.unit]


def _state(spot: Spot) -> str:
    """Last year is locked, this year handed over, the LKjIP still a draft."""
    if spot.year < YEAR:
        return EntryState.TERKUNCI
    draft = spot.kind == "sakip" and spot.unit not in LKJIP_DONE
    return EntryState.DRAF if draft else EntryState.DITERIMA


def _cells(entry_id: int, filled: Filled, by: str, at: datetime) -> Iterator[dict[str, Any]]:
    shared = {"entry_id": entry_id, "rev": 1, "raw": None, "by_label": by, "at": at}
    for name, value in filled.fields.items():
        yield {**shared, "row": "", "field": name, "value": value}
    for uid, row in filled.rows:
        for name, value in row.items():
            yield {**shared, "row": uid, "field": name, "value": value}


def _revision(
    entry_id: int, cells: Iterable[dict[str, Any]], by: str, at: datetime
) -> dict[str, Any]:
    """The first typing of an isian, as its history shows it."""
    delta = {
        (f"c:{c['row']}:{c['field']}" if c["row"] else f"f:{c['field']}"): [None, {"v": c["value"]}]
        for c in list(cells)[:40]
    }
    return {
        "entry_id": entry_id, "n": 1, "person_id": None, "by_label": by, "started_at": at,
        "ended_at": at + timedelta(minutes=9), "delta": delta,
    }  # fmt: skip
