"""Data Dukung: files and links that prove the indicators of one's own unit."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import store, uploads
from portal.db import db
from portal.figures import catalogue, flow_evidence, queries
from portal.figures.catalogue import Indicator
from portal.figures.flow import Refused
from portal.figures.flow_evidence import Proof
from portal.figures.models import Evidence
from portal.people import queries as people
from portal.people.rules import Permission, Role
from portal.uploading.kinds import EXTENSIONS
from portal.web.figures import asked_year, indicator_page
from portal.web.figures_scope import Scope, data_year
from portal.web.gate import actor, needs
from portal.web.outgoing import kept

bp = Blueprint("evidence", __name__)


@bp.get("/data-dukung")
@needs(Permission.FIGURES_READ)
def index() -> str:
    """Own indicators with the number of their data dukung; those without come first."""
    year = asked_year()
    book = catalogue.current()
    scope = Scope(actor(), year)
    mine = [
        i for i in book.of(year=year)
        if any(scope.owns(book.elements[k]) and not book.elements[k].reference for k in i.elements)
    ]  # fmt: skip
    counts = queries.evidence_counts(mine, year)
    files = queries.evidence_by(actor().units(), year)
    lines = sorted(((i, counts.get(i.key, 0)) for i in mine), key=lambda line: line[1] > 0)
    return render_template(
        "evidence/index.html", year=year, years=[data_year() - n for n in range(4)], lines=lines,
        files=[(row, book.indicators.get(row.subject.split(":")[1])) for row in files],
    )  # fmt: skip


@bp.post("/data/indikator/<key>/dukung")
@needs(Permission.FIGURES_WRITE)
def add(key: str) -> Response | tuple[str, int]:
    """Hand in a file or a link for an indicator."""
    i = catalogue.current().indicators.get(key)
    if i is None:
        abort(404)
    year = asked_year()
    if not Scope(actor(), year).proves(i):
        abort(403)
    typed = {"link": request.form.get("link", ""), "nama": request.form.get("nama", "")}
    try:
        proof, notes = _proof(i, year)
        unit = actor().unit_id
        if unit is None:
            abort(403)
        flow_evidence.add_evidence(key, year, unit, proof, actor())
    except (uploads.Refused, Refused, store.StoreError) as no:
        db.session.rollback()
        return indicator_page(key, str(no), typed), 422
    db.session.commit()
    flash(f"Data dukung “{proof.name}” tersimpan.", "ok")
    for note in notes:
        flash(note, "note")
    return redirect(url_for("figures.indicator", key=key, tahun=year) + "#dukung")


def _proof(i: Indicator, year: int) -> tuple[Proof, tuple[str, ...]]:
    """What was handed in: exactly one of a file and a link."""
    book = catalogue.current()
    file, link = request.files.get("berkas"), request.form.get("link", "").strip()
    answer = request.form.get("nama", "")
    if any(book.elements[k].restricted for k in i.elements) and answer not in ("ya", "tidak"):
        raise Refused("Jawab dahulu: apakah berkas ini memuat nama orang?")
    restricted = answer == "ya"
    if file is not None and file.filename:
        checked = uploads.check(file.read(), file.filename, uploads.EVIDENCE)
        name = _good_name(i, year, checked.name, EXTENSIONS[checked.kind])
        return Proof(name, checked.data, checked.media, "", restricted), checked.notes
    if not link:
        raise Refused("Pilih berkas, atau tempel tautan (misalnya Google Drive).")
    parts = urlsplit(link)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(link) > 500:
        raise Refused(
            "Tautan tidak sah. Salin alamat lengkapnya, misalnya https://drive.google.com/..."
        )
    return Proof(f"Tautan {parts.hostname}"[:200], link=link, restricted=restricted), ()


def _good_name(i: Indicator, year: int, given: str, ending: str) -> str:
    """``1.b.7_Dinkes_2025 - Rekap puskesmas.pdf``: sorts by indicator in a folder."""
    unit = people.unit_info(actor().unit_id or 0, people.today())
    short = unit.short_name.replace(" ", "") if unit else "PD"
    stem = given.removesuffix(ending)
    return f"{i.no}_{short}_{year} - {stem}"[:180] + ending


def _readable(evidence_id: int) -> tuple[Evidence, Indicator, int]:
    """The row, its indicator and year; 404 for what the actor may not see."""
    row = queries.evidence_for(evidence_id)
    if row is None or not queries.may_read_evidence(actor(), row):
        abort(404)
    _word, key, year = row.subject.split(":")
    i = catalogue.current().indicators.get(key)
    if i is None:
        abort(404)
    own = row.unit_id in actor().units()
    if not own and not Scope(actor(), int(year)).sees_indicator(i):
        abort(404)
    return row, i, int(year)


@bp.get("/data/dukung/<int:evidence_id>")
@needs(Permission.FIGURES_READ)
def download(evidence_id: int) -> Response:
    """The file as it was kept, always as a download."""
    row, _i, _year = _readable(evidence_id)
    if row.sha256 is None:
        abort(404)
    try:
        return kept(row.sha256, row.name)
    except store.StoreError as gone:
        flash(str(gone), "error")
        return redirect(url_for("evidence.index"))


@bp.post("/data/dukung/<int:evidence_id>/hapus")
@needs(Permission.FIGURES_WRITE)
def remove(evidence_id: int) -> Response:
    """Take a data dukung off the list; the record keeps that it was there."""
    row, i, year = _readable(evidence_id)
    if row.unit_id not in actor().units(Role.OPERATOR, Role.SEKRETARIAT):
        abort(403)
    flow_evidence.remove_evidence(row, actor())
    db.session.commit()
    flash(f"Data dukung “{row.name}” dihapus dari daftar.", "ok")
    return redirect(url_for("figures.indicator", key=i.key, tahun=year) + "#dukung")


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
