"""A whole report as one JSON file, out and in: content, states, figures and files.

The file means the same on every server: units by code, files by SHA-256 with their bytes, numbers
as exact text. Exporting what was imported gives the same file again, letter for letter.

Shape (``format`` 1): ``report`` (kind, edition, year, period, owner, dates, settings), ``entries``
(part, repeat, unit, state, ``cells`` as [row, field, value, raw], ``rows`` as [uid, deleted]),
``datums`` (element, unit, period, dims, measure, newest statement), ``documents`` (dokumen
jadi) and ``files`` (SHA-256 -> media type and base64), ``region`` (units, duties,
settings and signers, read by a portal that has no unit yet). History, remarks, receipts and data
dukung stay where they were written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa

from portal import clock, store
from portal.db import db
from portal.figures.models import Datum, DatumRev
from portal.people.models import Unit
from portal.people.rules import Actor
from portal.reports import (
    exchange_budget,
    exchange_files,
    exchange_region,
    flow_open,
    places,
    richtext,
)
from portal.reports.models import (
    Entry,
    EntryCell,
    EntryRow,
    EntryUpload,
    FinishedDocument,
    Report,
)  # fmt: skip
from portal.reports.refusal import Refused
from portal.reports.states import EntryState
from portal.trail.flow import record

FORMAT = 1
YEARS_BACK = 4


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    report: Report
    entries: int
    datums: int
    files: int


# --- out ------------------------------------------------------------------------------------


def export(report: Report) -> dict[str, Any]:
    """The whole content of ``report``; one query per table."""
    codes = _codes()
    entries, documents = _entries(report, codes), _documents(report, codes)
    return {
        "format": FORMAT,
        "report": {
            "kind": report.kind, "edition": report.edition, "year": report.year,
            "period": report.period, "owner": codes[report.owner_unit_id],
            "structure_date": report.structure_date.isoformat(),
            "internal_deadline": _iso(report.internal_deadline),
            "official_deadline": _iso(report.official_deadline),
            "settings": report.settings or {},
        },
        "entries": entries,
        "datums": _datums(report, codes),
        "documents": documents,
        "files": exchange_files.export(entries, documents, exchange_region.pictures()),
        **exchange_budget.export(report, codes),
        **exchange_region.export(report, codes),
    }  # fmt: skip


def _codes() -> dict[int, str]:
    return {unit_id: code for unit_id, code in db.session.execute(sa.select(Unit.id, Unit.code))}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _entries(report: Report, codes: Mapping[int, str]) -> list[dict[str, Any]]:
    rows: dict[int, list[list[Any]]] = {}
    cells: dict[int, list[list[Any]]] = {}
    uploads: dict[int, list[list[str]]] = {}
    mine = sa.select(Entry.id).where(Entry.report_id == report.id)
    for row in db.session.scalars(
        sa.select(EntryRow)
        .where(EntryRow.entry_id.in_(mine))
        .order_by(EntryRow.position, EntryRow.id)
    ):
        rows.setdefault(row.entry_id, []).append([row.uid, row.deleted])
    for cell in db.session.scalars(sa.select(EntryCell).where(EntryCell.entry_id.in_(mine))):
        unseen = [] if cell.carried is None else [cell.carried]  # from last year, not looked at
        cells.setdefault(cell.entry_id, []).append(
            [cell.row, cell.field, cell.value, cell.raw, *unseen]
        )
    for up in db.session.scalars(sa.select(EntryUpload).where(EntryUpload.entry_id.in_(mine))):
        uploads.setdefault(up.entry_id, []).append([up.sha256, up.name])
    found = db.session.scalars(sa.select(Entry).where(Entry.report_id == report.id))
    out = [
        {
            "part": e.part_key, "repeat": e.repeat_key, "unit": codes[e.supplier_unit_id],
            "state": str(e.state), "on_behalf": e.on_behalf, "rows": rows.get(e.id, []),
            "cells": sorted(cells.get(e.id, []), key=lambda c: (c[0], c[1])),
            "uploads": sorted(uploads.get(e.id, [])),
        }
        for e in found
    ]  # fmt: skip
    return sorted(out, key=lambda e: (e["part"], e["repeat"], e["unit"]))


def _periods(year: int, period: str) -> list[str]:
    """Periods of the report's figures, n .. n-4, and the months of its year."""
    tail = f"-{period}" if period else ""
    found = [f"{year - back}{tail}" for back in range(YEARS_BACK + 1)]
    months = [f"{year}-{month:02d}" for month in range(1, 13)]
    return [*dict.fromkeys((*found, str(year), *months))]


def _datums(report: Report, codes: Mapping[int, str]) -> list[dict[str, Any]]:
    found = db.session.execute(
        sa.select(Datum, DatumRev)
        .join(DatumRev, sa.and_(DatumRev.datum_id == Datum.id, DatumRev.n == Datum.head))
        .where(Datum.period.in_(_periods(report.year, report.period)))
    )
    out = [
        {
            "element": d.element, "unit": codes[d.unit_id], "period": d.period, "dims": d.dims,
            "measure": str(d.measure), "value": None if r.value is None else format(r.value, "f"),
            "text": r.text, "raw": r.raw, "vintage": str(r.vintage), "na_reason": r.na_reason,
            "expected_on": _iso(r.expected_on), "source": r.source,
            "same": r.same_as_last_year,
        }
        for d, r in found
    ]  # fmt: skip
    return sorted(
        out, key=lambda d: [d[k] for k in ("element", "unit", "period", "dims", "measure")]
    )


def _documents(report: Report, codes: Mapping[int, str]) -> list[dict[str, Any]]:
    found = db.session.scalars(
        sa.select(FinishedDocument).where(FinishedDocument.report_id == report.id)
    )
    out = [
        {
            "unit": codes[d.unit_id], "part": d.part_key, "version": d.version, "name": d.name,
            "sha256": d.sha256, "pages": d.pages, "notes": d.notes, "receipt": d.receipt_no,
        }
        for d in found
    ]  # fmt: skip
    return sorted(out, key=lambda d: (d["unit"], d["part"], d["version"]))


# --- in -------------------------------------------------------------------------------------


def load(data: Any, kind: str, year: int, *, actor: Actor, replace: bool = False) -> Imported:
    """Put an exported report into this portal, as it was exported.

    A report that holds content already is only replaced when ``replace`` says so. Refused with a
    sentence, and nothing written, when the file is not an export, is of another report, names
    units that do not exist here, or carries bytes that do not fit their SHA-256.
    """
    head = _head(data, kind, year)
    exchange_region.found(data, actor)
    units = {code: unit_id for unit_id, code in _codes().items()}
    _check_units(data, units)
    opened = flow_open.open_report(kind, year, head["period"], units[head["owner"]], actor=actor)
    report = opened.report
    if report.edition != head["edition"]:
        raise Refused(
            f"Berkas memakai format {head['edition']}, laporan di portal ini {report.edition}."
        )
    before = export(report)
    if {**before, "region": None} == {**data, "region": None}:
        return Imported(report, 0, 0, 0)
    if not replace and any(e["cells"] or e["rows"] for e in before["entries"]):
        raise Refused(
            f"{kind.upper()} {year} di portal ini sudah berisi. Tambahkan --replace untuk "
            "menggantinya dengan isi berkas."
        )
    files = exchange_files.keep(data["files"])
    _put_head(report, head)
    count = _put_entries(report, data["entries"], units, actor, fresh=not opened.kept)
    _put_documents(report, data["documents"], units, actor)
    datums = _put_datums(data["datums"], units, actor)
    datums += exchange_budget.load(data, report, units, actor)
    record(
        f"report:{report.id}", "memuat isi laporan dari berkas", f"report:{report.id}", actor,
        {"isian": len(before["entries"])}, {"isian": count, "data": datums, "berkas": files},
    )  # fmt: skip
    db.session.flush()
    return Imported(report, count, datums, files)


def _head(data: Any, kind: str, year: int) -> dict[str, Any]:
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(
        data.get("report"), dict
    ):  # fmt: skip
        raise Refused("Berkas ini bukan hasil flask report export (format 1).")
    head: dict[str, Any] = data["report"]
    missing = {"entries", "datums", "documents", "files"} - data.keys()
    missing |= {
        "kind", "edition", "year", "period", "owner", "structure_date", "settings",
        "internal_deadline", "official_deadline",
    } - head.keys()  # fmt: skip
    if missing:
        raise Refused(f"Berkas tidak lengkap: {', '.join(sorted(missing))} tidak ada.")
    if (head["kind"], head["year"]) != (kind, year):
        raise Refused(
            f"Berkas berisi {str(head['kind']).upper()} {head['year']}, bukan "
            f"{kind.upper()} {year}."
        )
    return head


def _check_units(data: Mapping[str, Any], units: Mapping[str, int]) -> None:
    try:
        named = {data["report"]["owner"]}
        named |= {row["unit"] for row in (*data["entries"], *data["datums"], *data["documents"])}
    except (KeyError, TypeError) as error:
        raise Refused(f"Berkas rusak: {error} tidak ada pada salah satu baris.") from error
    strange = sorted(str(code) for code in named - units.keys())
    if strange:
        raise Refused(
            f"Perangkat daerah {', '.join(strange[:5])} tidak ada di portal ini. Tambahkan dahulu, "
            "lalu muat lagi."
        )


def _put_head(report: Report, head: Mapping[str, Any]) -> None:
    report.structure_date = date.fromisoformat(head["structure_date"])
    report.internal_deadline = _date(head["internal_deadline"])
    report.official_deadline = _date(head["official_deadline"])
    report.settings = head["settings"]


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _put_entries(
    report: Report, given: list[dict[str, Any]], units: Mapping[str, int], actor: Actor,
    fresh: bool,
) -> int:  # fmt: skip
    """Isian exactly as in the file: those unknown are made, others of the report are emptied.

    In a ``fresh`` report, opened just now, the others never were and go.
    """
    mine = {
        (e.part_key, e.repeat_key, e.supplier_unit_id): e
        for e in db.session.scalars(sa.select(Entry).where(Entry.report_id == report.id))
    }
    ids = [entry.id for entry in mine.values()]
    for model in (EntryCell, EntryRow, EntryUpload):
        db.session.execute(sa.delete(model).where(model.entry_id.in_(ids)))
    wanted = {(e["part"], e["repeat"], units[e["unit"]]) for e in given}
    for key in mine.keys() - wanted:
        mine[key].state = EntryState.KOSONG
        if fresh:
            db.session.delete(mine[key])
    order = {key: n for n, key in enumerate(places.places_of(report))}
    now = clock.now()
    for raw in given:
        entry = mine.get((raw["part"], raw["repeat"], units[raw["unit"]]))
        if entry is None:
            entry = Entry(
                report_id=report.id, part_key=raw["part"], repeat_key=raw["repeat"],
                supplier_unit_id=units[raw["unit"]], state_since=now,
                position=order.get((raw["part"], raw["repeat"]), len(order)),
            )  # fmt: skip
            db.session.add(entry)
            db.session.flush()
        _put_entry(entry, raw, actor)
    db.session.flush()
    return len(given)


def _put_entry(entry: Entry, raw: Mapping[str, Any], actor: Actor) -> None:
    now = clock.now()
    try:
        state = EntryState(raw["state"])
    except ValueError as error:
        raise Refused(f"Status isian “{raw['state']}” tidak dikenal.") from error
    if entry.state != state:
        entry.state, entry.state_since = state, now
        entry.version = (entry.version or 0) + 1
    entry.on_behalf = bool(raw["on_behalf"])
    entry.content_rev = (entry.content_rev or 0) + 1
    for position, (uid, deleted) in enumerate(raw["rows"]):
        db.session.add(
            EntryRow(entry_id=entry.id, uid=str(uid)[:40], position=position, deleted=bool(deleted))
        )
    for row, name, value, typed, *unseen in raw["cells"]:
        if (row, name) == ("", "text") and value and not richtext.is_clean(value):
            raise Refused(
                f"Narasi pada bagian {raw['part']} ({raw['unit']}) memuat HTML yang tidak ditulis "
                "portal, misalnya skrip. Ambil lagi berkasnya dengan flask report export."
            )
        db.session.add(
            EntryCell(
                entry_id=entry.id, row=row, field=name, value=value, raw=typed, at=now,
                by_label=actor.label, carried=unseen[0] if unseen else None,
            )
        )  # fmt: skip
    for sha, name in raw["uploads"]:
        db.session.add(
            EntryUpload(entry_id=entry.id, sha256=sha, name=name, by_label=actor.label, at=now)
        )


def _put_documents(
    report: Report, given: list[dict[str, Any]], units: Mapping[str, int], actor: Actor
) -> None:
    """Dokumen jadi with their bytes; one whose file was left out is left out too."""
    db.session.execute(sa.delete(FinishedDocument).where(FinishedDocument.report_id == report.id))
    for raw in given:
        if db.session.get(store.Blob, raw["sha256"]) is None:
            raise Refused(f"Berkas dokumen jadi “{raw['name']}” tidak ada di dalam file.")
        db.session.add(FinishedDocument(
            report_id=report.id, unit_id=units[raw["unit"]], part_key=raw["part"],
            version=raw["version"], sha256=raw["sha256"], name=raw["name"], pages=raw["pages"],
            notes=raw["notes"], receipt_no=raw["receipt"], by_term_id=actor.term_id,
            by_label=actor.label, at=clock.now(),
        ))  # fmt: skip
    db.session.flush()


def _put_datums(given: list[dict[str, Any]], units: Mapping[str, int], actor: Actor) -> int:
    """New statements where they differ; history is never rewritten. Returns how many."""
    periods = sorted({raw["period"] for raw in given})
    known = {
        (d.element, d.unit_id, d.period, d.dims, str(d.measure)): (d, r)
        for d, r in db.session.execute(
            sa.select(Datum, DatumRev)
            .outerjoin(DatumRev, sa.and_(DatumRev.datum_id == Datum.id, DatumRev.n == Datum.head))
            .where(Datum.period.in_(periods))
        )
    }
    changed = 0
    for raw in given:
        key = (raw["element"], units[raw["unit"]], raw["period"], raw["dims"], raw["measure"])
        datum, rev = known.get(key, (None, None))
        values = _statement(raw)
        if rev is not None and all(getattr(rev, k) == v for k, v in values.items()):
            continue
        if datum is None:
            datum = Datum(element=key[0], unit_id=key[1], period=key[2], dims=key[3],
                          measure=key[4], head=0)  # fmt: skip
            db.session.add(datum)
            db.session.flush()
        datum.head += 1
        db.session.add(DatumRev(
            datum_id=datum.id, n=datum.head, by_term_id=actor.term_id,
            by_label=actor.label, at=clock.now(), **values,
        ))  # fmt: skip
        changed += 1
    db.session.flush()
    return changed


def _statement(raw: Mapping[str, Any]) -> dict[str, Any]:
    try:
        value = None if raw["value"] is None else Decimal(raw["value"])
    except InvalidOperation as error:
        raise Refused(f"Nilai “{raw['value']}” pada {raw['element']} bukan angka.") from error
    return {
        "value": value, "text": raw["text"], "raw": raw["raw"], "vintage": raw["vintage"],
        "na_reason": raw["na_reason"], "expected_on": _date(raw["expected_on"]),
        "source": raw["source"], "same_as_last_year": raw["same"],
    }  # fmt: skip
