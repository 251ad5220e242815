"""Susun Dokumen: order a build, watch it, download its files, issue the Naskah Final."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.db import db
from portal.documents import flow, naming, queries, scope, snapshot
from portal.documents.models import Build, BuildState
from portal.jobs.queue import enqueue
from portal.outlines.parts import ColumnType
from portal.outlines.schema import Edition
from portal.people.rules import Permission
from portal.reports import places, reading
from portal.reports import queries as reports
from portal.reports.models import Report
from portal.reports.refusal import Refused
from portal.reports.rules import STATE_LABELS
from portal.web.gate import actor, needs

bp = Blueprint("builds", __name__)

STATE_WORDS = {
    BuildState.QUEUED: "Dalam antrean",
    BuildState.RUNNING: "Sedang disusun",
    BuildState.DONE: "Selesai",
    BuildState.FAILED: "Gagal",
}
STATE_CLASS = {BuildState.DONE: "selesai", BuildState.FAILED: "gagal", BuildState.RUNNING: "due"}
KIND_WORDS = {
    "missing": "belum ada isinya", "unaccepted": "belum diterima",
    "document": "dokumen jadi, belum terstruktur",
}  # fmt: skip


@bp.get("/susun")
@needs(Permission.REPORT_READ)
def index() -> str:
    """Reports that the actor compiles, and the files that may be downloaded (Unduhan)."""
    who = actor()
    readable = reports.reports_for(who)
    mine = [report for report in readable if queries.compiles(who, report)]
    return render_template(
        "builds/index.html", reports=mine, titles=_titles(readable),
        issues=queries.issues_of([report.id for report in readable]),
        builds=queries.finished_builds([report.id for report in mine]), words=_words,
    )  # fmt: skip


@bp.get("/arsip")
@needs(Permission.REPORT_READ)
def archive() -> str:
    """Every issued book, with number, date and authenticity code; nothing is ever removed."""
    readable = reports.reports_for(actor())
    return render_template(
        "builds/archive.html", titles=_titles(readable), words=_words,
        issues=queries.issues_of([report.id for report in readable]),
    )  # fmt: skip


@bp.get("/susun/<int:report_id>")
@needs(Permission.REPORT_BUILD)
def compose(report_id: int) -> str:
    """Choose what to build; what is missing stands before the button."""
    return _compose(_report(report_id))


@bp.post("/susun/<int:report_id>")
@needs(Permission.REPORT_BUILD)
def order(report_id: int) -> Response | tuple[str, int]:
    """Order a Konsep, of the whole book or of a part."""
    report = _report(report_id)
    form = request.form
    try:
        done = flow.request_build(
            report, actor=actor(), part=form.get("bagian", ""),
            formats=",".join(form.getlist("format")), paper=_paper(form.get("kertas", "")),
        )  # fmt: skip
    except Refused as refused:
        return _compose(report, refused.sentence), 422
    return _sent(done)


@bp.get("/susun/<int:report_id>/final")
@needs(Permission.REPORT_BUILD)
def final(report_id: int) -> str:
    """Signing date, and a reason for each part that is still missing."""
    return _final(_report(report_id))


@bp.post("/susun/<int:report_id>/final")
@needs(Permission.REPORT_BUILD)
def order_final(report_id: int) -> Response | tuple[str, int]:
    """Order the Naskah Final; nothing that was typed is lost when it is refused."""
    report = _report(report_id)
    form = request.form
    waived = {
        key.removeprefix("alasan."): value.strip()
        for key, value in form.items()
        if key.startswith("alasan.") and value.strip()
    }
    typed = form.get("tanggal", "")
    on = _day(typed)
    if typed.strip() and on is None:
        sentence = f"Tanggal “{typed}” tidak dapat dibaca. Contoh: 27 Maret 2026."
        return _final(report, sentence, typed, waived), 422
    try:
        done = flow.request_build(
            report, actor=actor(), final=True, sign_on=on, waived=waived,
            formats="pdf,docx",
        )  # fmt: skip
    except Refused as refused:
        return _final(report, refused.sentence, typed, waived), 422
    return _sent(done)


@bp.get("/penyusunan/<int:build_id>")
@needs(Permission.REPORT_READ)
def show(build_id: int) -> str:
    """One build with its own address: where it stands, its files, what was missing."""
    build = _build(build_id)
    return render_template("builds/show.html", **_shown(build))


@bp.get("/penyusunan/<int:build_id>/keadaan")
@needs(Permission.REPORT_READ)
def state(build_id: int) -> str:
    """The part of the page that moves; it asks again by itself while the build is under way."""
    return render_template("builds/_state.html", **_shown(_build(build_id)))


@bp.post("/penyusunan/<int:build_id>/batal")
@needs(Permission.REPORT_BUILD)
def cancel(build_id: int) -> Response | tuple[str, int]:
    """Take back an order that nobody has begun."""
    build = _own(build_id)
    try:
        flow.cancel(build, actor())
    except Refused as refused:
        return render_template("builds/show.html", **_shown(build), error=refused.sentence), 422
    db.session.commit()
    flash("Penyusunan dibatalkan.", "ok")
    return redirect(url_for("builds.show", build_id=build.id))


@bp.post("/penyusunan/<int:build_id>/tetapkan")
@needs(Permission.REPORT_ISSUE)
def issue(build_id: int) -> Response | tuple[str, int]:
    """Tetapkan naskah final: from now on these bytes are the official ones."""
    build = _own(build_id)
    typed = request.form.get("tanggal", "")
    on = _day(typed)
    try:
        if on is None:
            raise Refused("Isi tanggal penetapan, misalnya 27 Maret 2026.")
        flow.issue(build, on, request.form.get("catatan", ""), actor())
    except Refused as refused:
        page = render_template(
            "builds/show.html", **_shown(build), error=refused.sentence, typed=request.form
        )
        return page, 409 if refused.stale else 422
    db.session.commit()
    flash("Naskah final ditetapkan. Berkasnya disimpan tetap dan tidak akan berubah.", "ok")
    return redirect(url_for("builds.show", build_id=build.id))


# --- shared by the pages --------------------------------------------------------------------


def _report(report_id: int) -> Report:
    report = reports.report_for(actor(), report_id)
    if report is None or not queries.compiles(actor(), report):
        abort(404)
    return report


def _build(build_id: int) -> Build:
    build = queries.build_for(actor(), build_id)
    if build is None:
        abort(404)
    return build


def _own(build_id: int) -> Build:
    build = _build(build_id)
    _report(build.report_id)
    return build


def _sent(done: flow.Requested) -> Response:
    """Commit, then send the job; the page of the build says how it stands."""
    db.session.commit()
    if done.build.state == BuildState.QUEUED:  # sending twice is harmless, waiting is not
        enqueue("build", done.build.id)
    elif done.build.state == BuildState.DONE:
        flash("Isian belum berubah sejak dokumen ini disusun, jadi berkas yang ada dipakai.", "ok")
    return redirect(url_for("builds.show", build_id=done.build.id))


def _edition(report: Report) -> Edition:
    try:
        return places.edition_of(report)
    except LookupError:
        abort(404)


def _compose(report: Report, error: str = "") -> str:
    edition = _edition(report)
    taken = snapshot.take(report)
    return render_template(
        "builds/compose.html", report=report, edition=edition, title=_title(report),
        missing=queries.missing_of(taken), labels=taken["labels"], kinds=KIND_WORDS,
        chapters=edition.chapters, urusan=_urusan(edition), units=_units(taken),
        paper=taken["paper"], builds=queries.builds_of(report.id), words=_words, error=error,
        part=request.form.get("bagian", request.args.get("bagian", "")),
        unmatched=taken["marks"]["unmatched"],
    )  # fmt: skip


def _final(
    report: Report, error: str = "", typed: str = "", waived: dict[str, str] | None = None
) -> str:
    taken = snapshot.take(report)
    number = queries.next_issue(report.id)
    return render_template(
        "builds/final.html", report=report, title=_title(report), error=error, typed=typed,
        missing=queries.missing_of(taken), labels=taken["labels"], kinds=KIND_WORDS,
        waived=waived or {}, nature=naming.nature(True, number),
        unmatched=taken["marks"]["unmatched"],
    )  # fmt: skip


def _shown(build: Build) -> dict[str, object]:
    report = reports.report_for(actor(), build.report_id)
    if report is None:  # _build has looked
        abort(404)
    return {
        "build": build, "report": report, "title": _title(report), "words": _words(build),
        "issue": queries.issue_of(build.id), "compiles": queries.compiles(actor(), report),
        "kinds": KIND_WORDS, "code": queries.code_of, "under_way": build.state in (
            BuildState.QUEUED, BuildState.RUNNING),
        "labels": STATE_LABELS,
        "percent": round(100 * build.done / build.total) if build.total else 0,
    }  # fmt: skip


def _words(build: Build) -> dict[str, str]:
    """What screens say of a build: its nature, its part, its state."""
    label = STATE_WORDS[BuildState(build.state)]
    if build.state == BuildState.RUNNING and build.step:
        label = f"{label} ({build.step})"
    return {
        "nature": naming.nature(build.final, build.number), "state": label,
        "class": STATE_CLASS.get(BuildState(build.state), ""), "part": _part(build),
    }  # fmt: skip


def _part(build: Build) -> str:
    report = db.session.get_one(Report, build.report_id)
    if not build.scope:
        return "Seluruh dokumen"
    try:
        return scope.label(build.scope, places.edition_of(report), queries.unit_names(report))
    except (LookupError, scope.ScopeError):
        return build.scope


def _title(report: Report) -> str:
    return reports.report_title(report)


def _titles(found: list[Report]) -> dict[int, str]:
    return {report.id: _title(report) for report in found}


def _urusan(edition: Edition) -> list[tuple[str, str]]:
    """Items of the edition that have sections of their own, each once and told apart."""
    found: dict[str, str] = {}
    for items in edition.lists.values():
        for item in items:
            if item.duty.startswith(("urusan_", "penunjang_")):
                spm = "SPM " if item.key.startswith("spm_") else ""
                found.setdefault(item.key, f"{spm}{item.title}")
    return sorted(found.items(), key=lambda pair: pair[1])


def _units(taken: dict[str, Any]) -> list[tuple[str, str]]:
    """Suppliers of this report in the order of the Perangkat Daerah."""
    codes = {entry["unit"] for entry in taken["entries"]}
    known = [(unit["position"], code, unit["name"]) for code, unit in taken["units"].items()]
    return [(code, name) for _, code, name in sorted(known) if code in codes]


def _paper(text: str) -> str:
    return text if text in ("F4", "A4") else ""


def _day(text: str) -> date | None:
    found = reading.read(ColumnType.DATE, text[:40])
    return date.fromisoformat(found.value) if found.value else None


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
