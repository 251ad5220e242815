"""The RLPPD of a report: from the snapshot of its issued LPPD, or of today for a first look."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flask import current_app
from PIL import Image

from portal import store
from portal.documents import flow, kept, naming, queries, rulebook, snapshot
from portal.documents.charts import Memory
from portal.documents.compile import Compiled, compile_whole
from portal.documents.compile_book import Missing
from portal.documents.models import Build, Issue
from portal.documents.pdf import build_pdf
from portal.documents.tree import Document, Picture, Unit, blocks
from portal.figures import catalogue
from portal.outlines.schema import Edition
from portal.public import spec
from portal.reports.models import Report
from portal.reports.refusal import Refused
from portal.store import StoreError


@dataclass
class Draft:
    """What would be published: the tree, its pictures without metadata, where it came from."""

    document: Document
    issue: Issue | None  # None: no LPPD has been issued, a look at what stands today
    spec: spec.Spec
    missing: tuple[Missing, ...]
    unknown: tuple[str, ...]  # parts that the LPPD format does not have
    pictures: dict[str, bytes] = field(default_factory=dict)  # SHA-256 in the tree -> clean bytes
    cleaned: dict[str, str] = field(default_factory=dict)  # SHA-256 in the tree -> what was in it
    origins: dict[str, str] = field(default_factory=dict)  # SHA-256 in the tree -> as handed in
    vectors: dict[str, bytes] = field(default_factory=dict)
    file_name: str = ""

    def asset(self, sha: str) -> bytes:
        """Bytes for the printer: pictures and charts of this draft, the emblem, fonts."""
        found = self.pictures.get(sha) or self.vectors.get(sha)
        return found if found is not None else store.read(sha)


def latest_issue(report_id: int) -> tuple[Issue, Build] | None:
    """The newest issued LPPD of a report."""
    found = queries.issues_of([report_id])
    return max(found, key=lambda pair: pair[0].number) if found else None


def issued_of(report_ids: list[int]) -> dict[int, Issue]:
    """The newest issue by report, for lists."""
    out: dict[int, Issue] = {}
    for issue, _build in queries.issues_of(report_ids):
        if issue.report_id not in out or out[issue.report_id].number < issue.number:
            out[issue.report_id] = issue
    return out


def issue_names(report_id: int) -> dict[int, str]:
    """``Naskah final``, ``Perbaikan ke-1`` by id of the issue."""
    return {i.id: naming.nature(True, i.number) for i, _build in queries.issues_of([report_id])}


def draft(report: Report) -> Draft:
    """The RLPPD as it would be published now. Refused when no choice of parts fits the year."""
    issued = latest_issue(report.id)
    if issued is None:
        return made_of(report, None, snapshot.take(report), catalogue.current())
    issue, build = issued
    if build.snapshot_sha is None:
        raise Refused("Data masukan LPPD yang ditetapkan tidak tersimpan. Susun ulang LPPD.")
    try:
        taken = json.loads(store.read(build.snapshot_sha))
    except StoreError as error:
        raise Refused(
            "Data masukan LPPD yang ditetapkan tidak ditemukan di penyimpanan. Minta admin "
            "Diskominfo memulihkannya dari cadangan."
        ) from error
    return made_of(report, issue, taken, rulebook.of_build(build, taken["catalogue"]))


def made_of(report: Report, issue: Issue | None, taken: Mapping[str, Any], book: Any) -> Draft:
    """Compile the chosen parts of a snapshot of the LPPD; numbers come from it alone."""
    folder = Path(current_app.config["SELARAS"].templates) / "rlppd"
    chosen = spec.for_year(folder, report.year)
    source = Edition.model_validate(taken["outline"])
    made = spec.edition_of(chosen, source)
    data = {key: value for key, value in taken.items() if key != "name"}
    data["outline"] = made.edition.model_dump(mode="json")
    charts = Memory()
    found: Compiled = compile_whole(made.edition, data, spec.Chosen(book, made.only), "", charts)
    kept = tuple(m for m in found.missing if not flow.missing_reasons(m.key, taken["waived"]))
    out = Draft(found.document, issue, chosen, kept, made.unknown, vectors=dict(charts.bytes))
    out.file_name = naming.file_name({**data, "final": True}, "", "pdf").replace(
        f"_{naming.safe(naming.nature(True, int(taken['marks']['number'])))}", "")  # fmt: skip
    _clean_pictures(out)
    return out


def _clean_pictures(draft_: Draft) -> None:
    """Every picture of the tree gives way to its like without EXIF, GPS, or comments.

    The clean one has a name of its own, so that no cached page with the old bytes is ever used.
    """
    wanted = [b.sha256 for _, b in blocks(draft_.document) if isinstance(b, Picture)]
    if draft_.document.cover and draft_.document.cover.emblem:
        wanted.append(draft_.document.cover.emblem)
    names: dict[str, str] = {}
    for sha in dict.fromkeys(wanted):
        data = draft_.vectors.get(sha)
        try:
            clean, had = clean_picture(store.read(sha) if data is None else data)
        except StoreError:
            continue  # the printer says which picture is gone
        name = names[sha] = hashlib.sha256(clean).hexdigest()
        draft_.pictures[name] = clean
        draft_.origins[name] = sha
        if had:
            draft_.cleaned[name] = had
    draft_.document = _renamed(draft_.document, names)


def _renamed(document: Document, names: Mapping[str, str]) -> Document:
    def unit(old: Unit) -> Unit:
        return replace(old, blocks=tuple(
            replace(b, sha256=names.get(b.sha256, b.sha256)) if isinstance(b, Picture) else b
            for b in old.blocks
        ))  # fmt: skip

    cover = document.cover
    if cover is not None:
        cover = replace(cover, emblem=names.get(cover.emblem, cover.emblem))
    return replace(document, cover=cover, units=tuple(unit(each) for each in document.units))


def clean_picture(data: bytes) -> tuple[bytes, str]:
    """Pixels alone, and what else the file held ("" when nothing). Not a picture: unchanged."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            exif = picture.getexif()
            had = "lokasi GPS" if exif.get_ifd(0x8825) else "data EXIF" if len(exif) else ""
            if not had and {"comment", "XML:com.adobe.xmp", "xmp"} & set(picture.info):
                had = "keterangan di dalam berkas"
            form = "JPEG" if picture.format == "JPEG" else "PNG"
            modes = ("L", "RGB") if form == "JPEG" else ("L", "LA", "RGB", "RGBA")
            wide = "RGBA" if form == "PNG" and "transparency" in picture.info else "RGB"
            bare = picture.copy() if picture.mode in modes else picture.convert(wide)
    except (OSError, ValueError, SyntaxError):
        return data, ""
    bare.info.clear()
    out = io.BytesIO()
    bare.save(out, form, **({"quality": 88} if form == "JPEG" else {"optimize": True}), exif=b"")
    return out.getvalue(), had


def pdf(draft_: Draft, document: Document | None = None) -> bytes:
    """The PDF by the house's printer; pages that a look has made are not made again."""
    pieces = kept.Pieces(store.root())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rlppd.pdf"
        processes = current_app.config["SELARAS"].build_processes
        build_pdf(document or draft_.document, path, pieces, draft_.asset, processes)
        pieces.note_use()
        return path.read_bytes()


def marked(draft_: Draft) -> Document:
    """The tree for a look before publication: nobody may take it for the published one."""
    words = "PRATINJAU, belum diterbitkan"
    return replace(draft_.document, marks=replace(draft_.document.marks, draft=words))
