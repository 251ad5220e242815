"""Dokumen Jadi: an OPD hands in its finished part or report as a file."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import IO

import sqlalchemy as sa
from defusedxml import ElementTree
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from sqlalchemy.exc import IntegrityError

from portal import clock, store, uploads
from portal.db import db
from portal.people import queries as people
from portal.people.rules import Actor, Permission
from portal.reports import places, queries
from portal.reports.flow_open import claim
from portal.reports.models import Entry, FinishedDocument, Receipt, Report
from portal.reports.receipts import issue
from portal.reports.refusal import Refused
from portal.trail.flow import record

TRIES = 8
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_YEAR = re.compile(r"\b(20\d{2})\b")


@dataclass(frozen=True)
class HandedIn:
    """The document and its Tanda Terima; ``notes`` are what the check noticed."""

    document: FinishedDocument
    receipt: Receipt
    notes: tuple[str, ...]


def hand_in(
    report: Report, unit_id: int, part_key: str, data: bytes, name: str, actor: Actor
) -> HandedIn:
    """Take a finished document in; a new one for the same part is the next version.

    ``part_key`` "" is the whole report. PDF, DOCX or XLSX, told by the bytes. What is doubtful
    (another year on the cover, one page only) is noted, not refused: it counts as tersampaikan.
    """
    _may(report, unit_id, part_key, actor)
    try:
        checked = uploads.check(data, name, uploads.DOCUMENTS)
        blob = store.put(checked.data, checked.media)
    except uploads.Refused as no:
        raise Refused(no.sentence) from no
    except store.StoreError as error:
        raise Refused(str(error)) from error
    notes = (*checked.notes, *cover_notes(checked, report))
    unit = people.unit_info(unit_id, people.today())
    if unit is None:
        raise Refused("Perangkat daerah ini tidak ada.")
    claim(Report.id == report.id)
    db.session.flush()
    document = _next_version(report, unit_id, part_key, blob.sha256, checked, notes, actor)
    receipt = issue(
        report, unit.code, f"document:{document.id}", actor,
        {"report": queries.report_title(report), "unit": unit.name,
         "part": part_title(report, part_key), "section": "Dokumen Jadi",
         "name": checked.name, "version": document.version, "pages": checked.pages,
         "sha256": blob.sha256, "notes": list(notes)},
    )  # fmt: skip
    document.receipt_no = f"{receipt.prefix}-{receipt.n:04d}"
    record(
        f"report:{report.id}", "unggah dokumen jadi", f"document:{document.id}", actor, None,
        {"unit": unit.code, "part": part_key, "version": document.version,
         "sha256": blob.sha256, "receipt": document.receipt_no},
    )  # fmt: skip
    db.session.flush()
    return HandedIn(document, receipt, notes)


def _may(report: Report, unit_id: int, part_key: str, actor: Actor) -> None:
    if not actor.may(Permission.ENTRY_SEND):
        raise Refused("Dokumen Jadi diunggah oleh operator perangkat daerah.")
    if unit_id not in actor.units() and report.kind not in actor.region_wide:
        raise Refused("Dokumen hanya dapat diunggah untuk perangkat daerah sendiri.")
    if part_key and part_key not in {k for k, _ in parts_for(report, unit_id)}:
        raise Refused("Bagian itu bukan tugas perangkat daerah ini dalam laporan ini.")


def parts_for(report: Report, unit_id: int) -> list[tuple[str, str]]:
    """Parts that the unit supplies: (part key, title), in the order of the book."""
    where = places.places_of(report)
    found: dict[str, str] = {}
    for entry in db.session.scalars(
        sa.select(Entry).where(Entry.report_id == report.id, Entry.supplier_unit_id == unit_id)
        .order_by(Entry.position, Entry.id)
    ):  # fmt: skip
        placed = where.get((entry.part_key, entry.repeat_key))
        if placed is not None:
            found.setdefault(entry.part_key, placed.part.title)
    return list(found.items())


def part_title(report: Report, part_key: str) -> str:
    """``Seluruh laporan`` or the part's title."""
    if not part_key:
        return "Seluruh laporan"
    for (key, _), placed in places.places_of(report).items():
        if key == part_key:
            return places.part_title(placed)
    return part_key


def _next_version(
    report: Report, unit_id: int, part_key: str, sha256: str, checked: uploads.Checked,
    notes: tuple[str, ...], actor: Actor,
) -> FinishedDocument:  # fmt: skip
    same = sa.and_(
        FinishedDocument.report_id == report.id, FinishedDocument.unit_id == unit_id,
        FinishedDocument.part_key == part_key,
    )  # fmt: skip
    for attempt in range(TRIES):
        last = db.session.scalar(sa.select(sa.func.max(FinishedDocument.version)).where(same))
        document = FinishedDocument(
            report_id=report.id, unit_id=unit_id, part_key=part_key, version=(last or 0) + 1,
            sha256=sha256, name=checked.name, pages=checked.pages, notes=list(notes),
            receipt_no="", by_term_id=actor.term_id, by_label=actor.label, at=clock.now(),
        )  # fmt: skip
        try:
            with db.session.begin_nested():
                db.session.add(document)
            return document
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


# --- what the cover says --------------------------------------------------------------------


def cover_notes(checked: uploads.Checked, report: Report) -> tuple[str, ...]:
    """What to look at: the year on the cover, the number of pages."""
    notes = []
    text = first_page(checked)
    years = set(_YEAR.findall(text))
    if not text.strip():
        if checked.kind is uploads.Kind.PDF:
            notes.append("Halaman pertama tidak memuat teks (hasil pindai?); tahun pada sampul "
                         "belum dapat diperiksa.")  # fmt: skip
    elif str(report.year) not in years:
        seen = f"; yang tertulis {', '.join(sorted(years))}" if years else ""
        notes.append(f"Sampul tidak menyebut tahun {report.year}{seen}. Periksa apakah berkasnya "
                     "benar.")  # fmt: skip
    if checked.kind is uploads.Kind.PDF and checked.pages is not None and checked.pages < 2:
        notes.append("Dokumen hanya 1 halaman.")
    return tuple(notes)


def first_page(checked: uploads.Checked) -> str:
    """Text of the first page of a PDF, the first paragraphs of a DOCX, the first cells of XLSX."""
    try:
        if checked.kind is uploads.Kind.PDF:
            reader = PdfReader(io.BytesIO(checked.data))
            return reader.pages[0].extract_text()[:5000] if reader.pages else ""
        with zipfile.ZipFile(io.BytesIO(checked.data)) as pack:
            if checked.kind is uploads.Kind.DOCX:
                with pack.open("word/document.xml") as part:
                    return _docx_start(part)
            names = set(pack.namelist())
            raw = b""
            if "xl/sharedStrings.xml" in names:
                with pack.open("xl/sharedStrings.xml") as part:
                    raw = part.read(40_000)
            return re.sub(r"<[^<>]+>", " ", raw.decode("utf-8", "replace"))[:3000]
    except (PyPdfError, KeyError, ValueError, zipfile.BadZipFile, ElementTree.ParseError,
            RecursionError):  # fmt: skip
        return ""


def _docx_start(part: IO[bytes]) -> str:
    """The first paragraphs; the rest of the file is not even unpacked."""
    paragraphs = []
    for _, element in ElementTree.iterparse(part, events=("end",)):
        if element.tag != f"{_WORD}p":
            continue
        paragraphs.append("".join(t.text or "" for t in element.iter(f"{_WORD}t")))
        element.clear()
        if len(paragraphs) >= 40:
            break
    return "\n".join(paragraphs)[:5000]


# --- reads ----------------------------------------------------------------------------------


def documents_of(report: Report, units: frozenset[int] | None = None) -> list[FinishedDocument]:
    """Documents of a report (of these units only), newest version of each part first."""
    query = sa.select(FinishedDocument).where(FinishedDocument.report_id == report.id)
    if units is not None:
        query = query.where(FinishedDocument.unit_id.in_(units))
    return list(
        db.session.scalars(
            query.order_by(
                FinishedDocument.unit_id, FinishedDocument.part_key,
                FinishedDocument.version.desc(),
            )
        )
    )  # fmt: skip


def document_for(actor: Actor, document_id: int) -> FinishedDocument | None:
    """A document for its own unit, the Inspektorat, and the sekretariat of its kind of report."""
    found = db.session.get(FinishedDocument, document_id)
    if found is None:
        return None
    report = db.session.get(Report, found.report_id)
    own = found.unit_id in actor.units()
    region = report is not None and (
        report.kind in actor.region_wide or actor.may(Permission.ENTRY_REVIEW)
    )
    return found if actor.may(Permission.ENTRY_READ) and (own or region) else None
