"""Open a report: its isian come from the outline, the duties and the units of its year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import db
from portal.outlines import loader
from portal.outlines.duties import COMPILER, ITEM
from portal.outlines.parts import Supplier
from portal.outlines.schema import Edition, Placed
from portal.people import queries as people
from portal.people.kinds import UnitKind
from portal.people.rules import Actor, UnitInfo
from portal.reports import calendar, places
from portal.reports.books import CLOSED
from portal.reports.models import Deadline, Entry, EntrySupport, Report, Verifier
from portal.reports.refusal import Refused
from portal.reports.states import EntryState
from portal.trail.flow import record


@dataclass(frozen=True)
class Opened:
    """What opening did; ``unassigned`` = parts whose duty no unit holds, so the compiler does."""

    report: Report
    created: int
    kept: int
    unassigned: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Region:
    """Units and duties of one moment, read once for a whole book."""

    units: tuple[UnitInfo, ...]
    duties: dict[str, tuple[int | None, tuple[int, ...]]]
    compiler: int
    owner: int
    closed: frozenset[int]  # units outside their tahap

    def main(self, duty: str) -> int | None:
        return self.duties.get(duty, (None, ()))[0]


def open_report(
    kind: str,
    year: int,
    period: str = "",
    owner_unit: int | None = None,
    *,
    actor: Actor,
    edition_code: str = "",
) -> Opened:
    """Open the report, or bring an open one up to the outline; asked twice it adds nothing.

    ``owner_unit`` is the unit whose book it is: None = the region, for a book that each unit
    writes (LKjIP) it must be named. A year opens under the newest format that applies to it, or
    under the one of ``edition_code``; an open book keeps its own. Refused with a sentence when
    the kind has no format for the year or the period is not one of its periods.
    """
    edition = _edition(kind, year, edition_code)
    if period and period not in edition.periods:
        known = ", ".join(edition.periods) or "tahunan saja"
        raise Refused(f"{kind.upper()} tidak memakai periode {period}. Yang ada: {known}.")
    owner = _owner(edition, owner_unit)
    claim(sa.and_(Report.kind == kind, Report.year == year, Report.owner_unit_id == owner.id))
    report = _report(edition, year, period, owner, actor)
    if edition_code and report.edition != edition_code:
        raise Refused(
            f"Laporan ini sudah dibuka dengan format {report.edition} dan tetap memakainya. Isian "
            "yang ada tidak dipindahkan ke format lain."
        )
    created, kept, unassigned = _entries(report, places.edition_of(report))
    if created:
        record(
            f"report:{report.id}", "menambah isian", f"report:{report.id}", actor,
            None, {"isian": created},
        )  # fmt: skip
    return Opened(report, created, kept, unassigned)


def _edition(kind: str, year: int, code: str) -> Edition:
    """The format that a year opens under; a chosen one must have begun by then."""
    known = loader.current()
    try:
        edition = known.edition(kind, code) if code else known.for_year(kind, year)
    except LookupError as error:
        raise Refused(str(error)) from error
    if code and (edition.applies_from > year or (edition.applies_to or year) < year):
        raise Refused(
            f"Format {edition.code} berlaku mulai data tahun {edition.applies_from}"
            f"{f' sampai {edition.applies_to}' if edition.applies_to else ''}, jadi tidak dapat "
            f"dipakai untuk tahun {year}. Pilih format lain."
        )
    return edition


def claim(which: sa.ColumnElement[bool]) -> None:
    """Begin the transaction with a write that changes nothing.

    SQLite then waits here for other writers (a savepoint alone would commit on its own), and
    PostgreSQL locks the report's row.
    """
    db.session.execute(
        sa.update(Report).where(which).values(year=Report.year)
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def owners_of(edition: Edition) -> list[UnitInfo]:
    """Units that write this book: the region, or each unit of the edition's kinds."""
    units = people.units_on(people.today())
    if edition.owner == "pemda":
        return [u for u in units if u.kind == UnitKind.PEMDA]
    return [u for u in units if u.kind in edition.owner_kinds]


def _owner(edition: Edition, owner_unit: int | None) -> UnitInfo:
    owners = owners_of(edition)
    if owner_unit is None and edition.owner == "pemda" and owners:
        return owners[0]
    whole = [u for u in owners if u.kind == UnitKind.PEMDA]
    if owner_unit is None and whole:
        return whole[0]  # a book of each unit and of the region: the region's, when none is named
    for unit in owners:
        if unit.id == owner_unit:
            return unit
    if owner_unit is None and edition.owner == "each_unit":
        raise Refused(f"{edition.short} disusun per perangkat daerah; sebutkan kode unitnya.")
    raise Refused(f"Perangkat daerah itu tidak menyusun {edition.short}.")


def _report(edition: Edition, year: int, period: str, owner: UnitInfo, actor: Actor) -> Report:
    found = db.session.scalar(
        sa.select(Report).where(
            Report.kind == edition.kind, Report.year == year, Report.period == period,
            Report.owner_unit_id == owner.id,
        )
    )  # fmt: skip
    if found is not None:
        return found
    level = "pemda" if owner.kind == UnitKind.PEMDA else "unit"
    dates = ensure_deadline(edition.kind, year, period, level)
    report = Report(
        kind=edition.kind, edition=edition.code, year=year, period=period,
        owner_unit_id=owner.id, structure_date=calendar.structure_date(year, period),
        opened_at=clock.now(), outline_sha=loader.current().digest(edition.kind, edition.code),
        internal_deadline=dates.internal, official_deadline=dates.official, settings={},
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(report)
    except IntegrityError:  # somebody opened it in the same moment
        return _report(edition, year, period, owner, actor)
    record(
        f"report:{report.id}", "membuka laporan", f"report:{report.id}", actor, None,
        {"kind": edition.kind, "edition": edition.code, "year": year, "period": period,
         "owner": owner.code, "outline": report.outline_sha},
    )  # fmt: skip
    return report


def ensure_deadline(kind: str, year: int, period: str, level: str) -> Deadline:
    """The Jadwal row; made from the law when nobody has set it."""
    query = sa.select(Deadline).where(
        Deadline.kind == kind, Deadline.year == year, Deadline.period == period,
        Deadline.level == level,
    )  # fmt: skip
    found = db.session.scalar(query)
    if found is not None:
        return found
    dates = calendar.default_dates(kind, year, period, level)
    row = Deadline(
        kind=kind, year=year, period=period, level=level, opens=dates.opens,
        internal=dates.internal, official=dates.official, basis=dates.basis,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return db.session.scalars(query).one()
    return row


def set_deadline(
    row: Deadline, opens: date, internal: date, official: date, basis: str, actor: Actor,
    reason: str = "",
) -> None:  # fmt: skip
    """Change a Jadwal row; open reports of that period take the new dates over.

    A batas that moves while a report is open is told with its reason, e.g. the letter of the year.
    """
    if not opens <= internal <= official:
        raise Refused(
            "Urutan tanggal belum sesuai: buka pengisian, lalu batas internal, lalu batas resmi. "
            "Contoh: 2 Januari, 6 Februari, 31 Maret."
        )
    before, reason = _dates(row), " ".join(reason.split())[:300]
    moved = (internal, official) != (row.internal, row.official)
    reports = _reports_of(row)
    if moved and reports and len(reason) < 5:
        raise Refused(
            "Tulis alasan perubahan batas. Contoh: surat Ditjen Bina Bangda tentang perpanjangan."
        )
    row.opens, row.internal, row.official, row.basis = opens, internal, official, basis.strip()
    for report in reports:
        report.internal_deadline, report.official_deadline = internal, official
    record(
        f"deadline:{row.kind}:{row.year}", "mengubah jadwal", f"deadline:{row.id}", actor,
        before, {**_dates(row), "alasan": reason},
    )  # fmt: skip


def _reports_of(row: Deadline) -> list[Report]:
    """Reports that a Jadwal row is about."""
    pemda = sa.select(Report).where(
        Report.kind == row.kind, Report.year == row.year, Report.period == row.period
    )
    kinds = {u.id: u.kind for u in people.units_on(people.today())}
    return [
        report for report in db.session.scalars(pemda)
        if (kinds.get(report.owner_unit_id, UnitKind.PEMDA) == UnitKind.PEMDA)
        == (row.level == "pemda")
    ]  # fmt: skip


def close_filling(row: Deadline, closed: bool, reason: str, actor: Actor) -> None:
    """Tutup or buka pengisian of all reports of a row; single isian stay open by Buka Kembali."""
    reason = " ".join(reason.split())[:300]
    reports = _reports_of(row)
    if not reports:
        raise Refused("Laporannya belum dibuka, jadi belum ada pengisian yang ditutup.")
    if len(reason) < 5:
        raise Refused("Tulis alasannya. Contoh: batas internal sudah lewat, dokumen disusun.")
    today = people.today().isoformat()
    for report in reports:
        kept = {k: v for k, v in (report.settings or {}).items() if k != CLOSED}
        report.settings = {**kept, CLOSED: [today, reason]} if closed else kept
    record(
        f"deadline:{row.kind}:{row.year}", "menutup pengisian" if closed else "membuka pengisian",
        f"deadline:{row.id}", actor, None, {"alasan": reason},
    )  # fmt: skip


def _dates(row: Deadline) -> dict[str, str]:
    return {
        "opens": row.opens.isoformat(), "internal": row.internal.isoformat(),
        "official": row.official.isoformat(), "basis": row.basis,
    }  # fmt: skip


def _region(report: Report, edition: Edition) -> _Region:
    units = tuple(people.units_on(report.structure_date)) or tuple(people.units_on(people.today()))
    duties = people.duties()
    named = duties.get(edition.secretariat, (None, ()))[0]
    compiler = named or duties.get(people.COMPILERS.get(report.kind, ""), (None, ()))[0]
    opened = people.open_units(report.kind, people.today())
    closed = frozenset() if opened is None else frozenset(u.id for u in units) - opened
    owner = report.owner_unit_id
    if edition.owner == "each_unit" and any(
        u.id == owner and u.kind == UnitKind.PEMDA for u in units
    ):
        owner = compiler or owner  # nobody types for the region itself: its book is compiled
    return _Region(units, duties, compiler or report.owner_unit_id, owner, closed)


def _entries(report: Report, edition: Edition) -> tuple[int, int, tuple[str, ...]]:
    """Create what is missing, put the order right; nothing is ever taken away."""
    region = _region(report, edition)
    stored = {
        (e.part_key, e.repeat_key, e.supplier_unit_id): e
        for e in db.session.scalars(sa.select(Entry).where(Entry.report_id == report.id))
    }
    created, unassigned = 0, []
    for index, placed in enumerate(places.places_of(report).values()):
        mains, support, sure = suppliers(placed, edition, region)
        if not sure:
            unassigned.append(placed.part.key)
        for turn, unit_id in enumerate(mains):
            position = index * 1000 + turn
            key = (placed.part.key, placed.repeat_key, unit_id)
            if key in stored:
                stored[key].position = position
                continue
            entry = _new_entry(report, key, position, unit_id in region.closed)
            db.session.add(entry)
            stored[key] = entry
            created += 1
            if support:
                db.session.flush()
                db.session.add_all(
                    EntrySupport(entry_id=entry.id, unit_id=u) for u in support if u != unit_id
                )
    db.session.flush()
    return created, len(stored) - created, tuple(unassigned)


def _new_entry(report: Report, key: tuple[str, str, int], position: int, on_behalf: bool) -> Entry:
    return Entry(
        report_id=report.id, part_key=key[0], repeat_key=key[1], supplier_unit_id=key[2],
        position=position, state=EntryState.KOSONG, state_since=clock.now(), on_behalf=on_behalf,
    )  # fmt: skip


def suppliers(
    placed: Placed, edition: Edition, region: _Region
) -> tuple[tuple[int, ...], tuple[int, ...], bool]:
    """(main units, one isian each; supporting units, who help; False when nobody holds the duty).

    A part of a repeated thing (kecamatan) whose key is a unit's code goes to that unit when its
    supplier names the unit's kind.
    """
    supplier: Supplier = placed.part.supplier
    item_support = placed.item.support if placed.item and supplier.duty == ITEM else ()
    support = tuple(
        dict.fromkeys(
            u for d in (*supplier.support, *item_support) if (u := region.main(d)) is not None
        )
    )
    if supplier.kinds:
        return _by_kind(placed, supplier, edition, region), support, True
    duty = supplier.duty or COMPILER
    if duty == ITEM:
        duty = placed.item.duty if placed.item and placed.item.duty else COMPILER
    if edition.owner == "each_unit" and duty in (COMPILER, edition.secretariat):
        return (region.owner,), support, True
    if duty == COMPILER:
        return (region.compiler,), support, True
    main, helpers = region.duties.get(duty, (None, ()))
    if edition.owner == "each_unit" and main is None:
        return (region.owner,), support, True
    if main is None:
        return (region.compiler,), support, False
    return (main,), tuple(dict.fromkeys((*helpers, *support))), True


def _by_kind(
    placed: Placed, supplier: Supplier, edition: Edition, region: _Region
) -> tuple[int, ...]:
    if edition.owner == "each_unit":
        return (region.owner,)
    wanted = [u for u in region.units if u.kind in supplier.kinds]
    if placed.item is not None:
        own = [u for u in wanted if places.thing_key(u.code) == placed.item.key]
        if own:
            return (own[0].id,)
    return tuple(u.id for u in wanted)


def sync_waves(today: date | None = None) -> int:
    """Let the tahap decide who enters what is not yet sent; returns how many isian moved.

    Called by the ticker: a unit that was opened takes its isian over with all that is in them, a
    unit that was moved back keeps its content and the sekretariat goes on with it.
    """
    today = today or people.today()
    moved = 0
    opened = {kind: people.open_units(kind, today) for kind in ("lppd", "lkpj", "spm", "sakip")}
    rows = db.session.execute(
        sa.select(Entry, Report.kind)
        .join(Report, Entry.report_id == Report.id)
        .where(Entry.state.in_([EntryState.KOSONG, EntryState.DRAF, EntryState.DIKEMBALIKAN]))
        .order_by(Entry.id)
    )
    for entry, kind in rows:
        units = opened.get(kind)
        on_behalf = units is not None and entry.supplier_unit_id not in units
        if entry.on_behalf != on_behalf:
            entry.on_behalf = on_behalf
            moved += 1
    db.session.flush()
    return moved


def set_verifiers(kind: str, units: set[int], actor: Actor) -> None:
    """Which units send through their verifikator PD; the others send straight on."""
    stored = {
        v.unit_id: v for v in db.session.scalars(sa.select(Verifier).where(Verifier.kind == kind))
    }
    known = {u.id for u in people.units_on(people.today())}
    before = sorted(u for u, v in stored.items() if v.active)
    for unit_id in units & known:
        if unit_id in stored:
            stored[unit_id].active = True
        else:
            db.session.add(Verifier(unit_id=unit_id, kind=kind, active=True))
    for unit_id, row in stored.items():
        if unit_id not in units:
            row.active = False
    db.session.flush()
    record(f"workflow:{kind}", "mengatur verifikator", f"workflow:{kind}", actor,
           {"units": before}, {"units": sorted(units & known)})  # fmt: skip
