"""Takes the snapshot of a report: everything that compiling reads, as plain canonical JSON.

It asks the database a constant number of queries, however large the book. The snapshot holds
codes and natural keys, never database ids, so that it means the same on every server. It is kept
beside the files that were made from it ("Data per ...").
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.db import canonical_json, db
from portal.documents import borrowing, richtext, sources
from portal.figures import catalogue, services, spm
from portal.figures import queries as figures
from portal.figures.catalogue import FOLDER
from portal.figures.models import Datum, DatumRev, Measure
from portal.outlines import loader
from portal.outlines import queries as outlines
from portal.outlines.parts import Measures
from portal.outlines.schema import Edition, placed_parts
from portal.people import queries as people
from portal.people.kinds import Role, UnitKind
from portal.people.region import Region, region
from portal.people.rules import UnitInfo
from portal.reports import carriers, measures_bridge, months_sent, places
from portal.reports import queries as reports
from portal.reports.models import FinishedDocument, Report
from portal.reports.rules import state_label
from portal.reports.states import EntryState
from portal.store import Blob, StoreError, path_of

VERSION = 1
#: Years before the data year whose figures a book may show (n-1 .. n-4).
YEARS_BACK = 4
COMPILER = Role.SEKRETARIAT.value


def take(
    report: Report, *, number: int = 1, final: bool = False, sign_on: date | None = None,
    waived: Mapping[str, str] | None = None, paper: str = "", today: date | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The snapshot of ``report`` as it stands now.

    ``number`` is that of the Konsep or of the issue (0 = first Naskah Final); ``sign_on`` the date
    of signature, None while it is open; ``waived`` reasons for parts that stay missing, by key.
    """
    today = today or people.today()
    edition = places.edition_of(report)
    units = people.units_on(report.structure_date)
    codes = {unit.id: unit.code for unit in units}
    here = region(today)
    root = next((u for u in units if u.kind == UnitKind.PEMDA), None)
    entries = _entries(report, codes)
    lent = borrowing.take(report, edition, codes, _entries) | sources.take(report, edition)
    lent |= _name(edition, today)
    seen = [*entries, *(e for other in lent.get("borrowed", {}).values() for e in other["entries"])]
    return {
        **lent,
        "v": VERSION,
        "edition": {"code": edition.code,
                    "sha": loader.current().digest(report.kind, report.edition)},
        "outline": edition.model_dump(mode="json"),
        "catalogue": catalogue_sha(),
        "wordings": {key: row.text
                     for key, row in outlines.wordings(report.kind, report.edition).items()},
        "report": {
            "kind": report.kind, "year": report.year, "period": report.period,
            "owner": codes.get(report.owner_unit_id, ""),
            "structure_date": report.structure_date.isoformat(),
        },
        "region": _region(here, root),
        "units": {u.code: {"name": u.name, "short": u.short_name, "kind": u.kind,
                           "position": u.position} for u in units},
        "duties": _duties(units),
        "things": {name: [item.model_dump(mode="json") for item in items]
                   for name, items in reports.things(report.structure_date).items()},
        "entries": entries,
        "datums": _datums(report, root, codes),
        "series": _series(report, edition, root),
        **_activities(report, edition),
        "method": measures_bridge.method_choices(),
        "pictures": _pictures(seen, here.lambang),
        "labels": _labels(report, edition),
        "visible_states": sorted(_visible(report, edition)),
        "paper": paper or _setting(report, "paper") or here.kertas,
        "final": final,
        "waived": dict(waived or {}),
        "sign": _sign(report, edition, here, units, sign_on, today),
        "marks": {"number": number, "date": today.isoformat(), "sample": here.demo,
                  "unmatched": _unmatched(edition)},
    }  # fmt: skip


def _name(edition: Edition, today: date) -> dict[str, Any]:
    """How the region calls the book, where the format leaves it to the region."""
    if not edition.names:
        return {}
    chosen = str(people.setting(edition.name_setting, today, "") or "")
    short = chosen if chosen in edition.names else next(iter(edition.names))
    return {"name": {"short": short, "full": edition.names[short]}}


def digest(snapshot: Mapping[str, Any], scope: str, formats: str) -> str:
    """SHA-256 of what decides the content: all but the running number of the Konsep."""
    marks = {key: value for key, value in snapshot["marks"].items() if key != "number"}
    body = {**snapshot, "marks": marks, "scope": scope, "formats": formats}
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()


def _setting(report: Report, key: str) -> str:
    return str((report.settings or {}).get(key, "") or "")


def _region(here: Region, root: UnitInfo | None) -> dict[str, str]:
    return {
        "name": here.nama, "full_name": here.full, "province": here.provinsi,
        "capital": here.ibu_kota, "head": here.kepala_daerah, "emblem": here.lambang,
        "unit": root.code if root else "",
    }  # fmt: skip


def _duties(units: Iterable[UnitInfo]) -> dict[str, str]:
    names = {unit.id: unit.name for unit in units}
    return {
        key: names[main]
        for key, (main, _support) in sorted(people.duties().items())
        if main in names
    }


def _entries(report: Report, codes: Mapping[int, str]) -> list[dict[str, Any]]:
    handed = {
        (row.part_key, row.unit_id): row.name
        for row in db.session.execute(
            sa.select(FinishedDocument.part_key, FinishedDocument.unit_id, FinishedDocument.name)
            .where(FinishedDocument.report_id == report.id)
            .order_by(FinishedDocument.version)
        )
    }
    found = []
    for entry in reports.contents(report):
        unit = entry.supplier_unit_id
        document = handed.get((entry.part_key, unit)) or handed.get(("", unit), "")
        found.append({
            "part": entry.part_key, "repeat": entry.repeat_key, "unit": codes.get(unit, f"#{unit}"),
            "state": str(entry.state), "fields": dict(entry.fields),
            "rows": [[row.uid, dict(row.cells)] for row in entry.rows], "document": document,
        })  # fmt: skip
    found.sort(key=lambda e: (e["part"], e["repeat"], e["unit"]))
    return found


def _datums(
    report: Report, root: UnitInfo | None, codes: Mapping[int, str]
) -> dict[str, dict[str, Any]]:
    """The newest statement of every element of the region and of the owner, n .. n-4.

    A number of the year itself whose isian was not sent is left out: the sekretariat never sees
    what was not sent, not in the matrix or a sentence of a Konsep either.
    """
    suffix = f"-{report.period}" if report.period else ""
    periods = [f"{report.year - back}{suffix}" for back in range(YEARS_BACK + 1)]
    owners = {report.owner_unit_id} | ({root.id} if root else set())
    hidden = carriers.unseen(report.year)  # matrices, chips and texts print what was sent
    rows = db.session.execute(
        sa.select(
            Datum.element, Datum.period, Datum.unit_id, DatumRev.value, DatumRev.text,
            DatumRev.vintage, DatumRev.na_reason, DatumRev.expected_on, DatumRev.source,
        )
        .join(DatumRev, sa.and_(DatumRev.datum_id == Datum.id, DatumRev.n == Datum.head))
        .where(
            Datum.period.in_(periods), Datum.unit_id.in_(owners), Datum.dims == "",
            Datum.measure == Measure.REALISASI,
        )
    )  # fmt: skip
    return {
        f"{row.element}|{row.period}|{codes.get(row.unit_id, '')}": {
            "value": None if row.value is None else format(row.value, "f"),
            "text": row.text or "", "vintage": str(row.vintage), "na_reason": row.na_reason,
            "expected_on": row.expected_on.isoformat() if row.expected_on else "",
            "source": row.source,
        }
        for row in rows
        if not (row.element in hidden and row.period == str(report.year))
    }  # fmt: skip


def _series(report: Report, edition: Edition, root: UnitInfo | None) -> dict[str, str]:
    """Numbers by month and measure behind the measures parts of the outline, if it has any.

    One that no isian of the year, of any book, has sent so far is left out.
    """
    if root is None or not any(isinstance(p.part, Measures) for p in placed_parts(edition)):
        return {}
    book = catalogue.current()
    keys = [k for k, e in book.elements.items() if e.roll or e.service]
    keys += [k for service in book.services for k in service.whole]
    found = figures.series_of(keys, report.year, root.id)
    hidden, sent = carriers.unseen(report.year), months_sent.until(report.year)
    periods = {0: str(report.year)} | {m: spm.month_key(report.year, m) for m in range(1, 13)}
    return {
        f"{element}|{periods[month]}|{root.code}|{measure}": format(view.value, "f")
        for (element, month, measure), view in sorted(found.items())
        if view.value is not None and not view.raw
        and not (element in hidden and sent.get(element, 0) < max(month, 1))
    }  # fmt: skip


def _activities(report: Report, edition: Edition) -> dict[str, Any]:
    """``activities``: budget lines with the tag of a service, when the outline prints money."""
    parts = (p.part for p in placed_parts(edition))
    if not any(isinstance(p, Measures) and p.of in measures_bridge.WITH_MONEY for p in parts):
        return {}
    return {"activities": [
        {"service": a.service, "unit": a.unit, "supplier": a.supplier, "code": a.code,
         "title": a.title, "fund": a.fund, "pagu": _spelled(a.pagu), "spent": _spelled(a.spent),
         "quarters": {str(q): _spelled(v) for q, v in sorted(a.quarters.items())}}
        for a in measures_bridge.activities(report.year)
    ]}  # fmt: skip


def _spelled(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _visible(report: Report, edition: Edition) -> frozenset[str]:
    """States whose content the compiling office may read, as the workflow says."""
    return reports.workflow_of(report, edition).readers.get(COMPILER, frozenset())


def _labels(report: Report, edition: Edition) -> dict[str, str]:
    flow = reports.workflow_of(report, edition)
    return {state.value: state_label(state.value, flow) for state in EntryState}


def _unmatched(edition: Edition) -> bool:
    """True while nobody has recorded a comparison of the format with the annex."""
    return outlines.comparison(edition.kind, edition.code) is None


def catalogue_sha() -> str:
    """SHA-256 over the files of the catalogue: a changed formula is a changed input."""
    digest = hashlib.sha256()
    for path in (*sorted(FOLDER.glob("*.yaml")), services.FILE):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _sign(
    report: Report, edition: Edition, here: Region, units: Iterable[UnitInfo],
    sign_on: date | None, today: date,
) -> dict[str, Any]:  # fmt: skip
    """Who signs on the date of signature (not of building), and how."""
    on = sign_on or _day(_setting(report, "sign_on"))
    behalf = edition.signer == "kepala_daerah" and _setting(report, "signer") == "an_sekda"
    signer = "sekda" if behalf else edition.signer
    root = next((u.id for u in units if u.kind == UnitKind.PEMDA), None)
    if signer == "kepala_pd" and report.owner_unit_id == root:
        signer = "kepala_daerah"  # the book of the region itself
    unit, roles = _office(signer, report, units)
    who = None
    for role in roles:
        who = who or (people.holder(unit, role, on or today) if unit else None)
    return {
        "signer": signer, "on": on.isoformat() if on else None,
        "about": today.replace(day=1).isoformat(),  # month of an open date: that of the Konsep
        "official": asdict_official(who) if who else None, "on_behalf": behalf,
        "sekda_nip": bool(here.sekda_pangkat), "nip_groups": bool(here.nip_kelompok),
    }  # fmt: skip


def asdict_official(who: Any) -> dict[str, str]:
    """The holder without ids, as signature.Official takes it."""
    keys = ("name", "bare_name", "sifat", "nip", "pangkat", "golongan", "title")
    return {key: str(getattr(who, key) or "") for key in keys}


def _office(
    signer: str, report: Report, units: Iterable[UnitInfo]
) -> tuple[int | None, tuple[Role, ...]]:
    """Unit and roles in which the signer is found."""
    if signer == "kepala_pd":
        return report.owner_unit_id, (Role.KEPALA,)
    code = "SETDA" if signer == "sekda" else ""
    for unit in units:
        if (code and unit.code == code) or (not code and unit.kind == UnitKind.PEMDA):
            return unit.id, ((Role.KEPALA, Role.PIMPINAN) if code else (Role.PIMPINAN, Role.KEPALA))
    return None, ()


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _pictures(entries: Iterable[Mapping[str, Any]], emblem: str) -> dict[str, Any]:
    """Width, height and media type of each picture in the texts; null when the file is gone."""
    wanted: set[str] = {emblem} if emblem else set()
    for entry in entries:
        for name, value in entry["fields"].items():
            if name == "file" and len(value) == 64:
                wanted.add(value)
            elif "<img" in value:
                wanted.update(richtext.pictures(value))
    if not wanted:
        return {}
    media = {
        row.sha256: row.media
        for row in db.session.execute(
            sa.select(Blob.sha256, Blob.media).where(Blob.sha256.in_(sorted(wanted)))
        )
    }
    found: dict[str, Any] = {}
    for sha in sorted(wanted):
        size = _size(sha)
        found[sha] = [*size, media.get(sha, "image/png")] if size else None
    return found


def _size(sha: str) -> tuple[int, int] | None:
    """Pixels of a PNG or JPEG, read from its first bytes."""
    try:
        from PIL import Image  # noqa: PLC0415 - only when a book has pictures

        with Image.open(path_of(sha)) as image:
            return image.size
    except (OSError, StoreError, ValueError):
        return None
