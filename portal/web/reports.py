"""Laporan: the books of a kind, opening one, its state by chapter, and Jadwal."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import sqlalchemy as sa
from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import indonesian
from portal.db import db
from portal.outlines import loader
from portal.people import queries as people
from portal.people.kinds import UnitKind
from portal.people.rules import Permission
from portal.reports import flow, places, queries
from portal.reports.books import closed
from portal.reports.models import Deadline, Entry, Report, Verifier
from portal.reports.rules import APPROVED_STATES, KIND_LABELS, KIND_SHORT, state_label
from portal.trail.models import TrailEntry
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("reports", __name__)

#: Dates in the Jadwal that belong to no report; who compiles SAKIP sets them.
BESIDE = {"pk": "Perjanjian Kinerja", "renaksi": "Rencana Aksi"}


def _beside(may: frozenset[str]) -> frozenset[str]:
    return frozenset(BESIDE) if "sakip" in may else frozenset()


@bp.get("/laporan/<kind>/kelola")
@needs(Permission.REPORT_READ)
def of_kind(kind: str) -> str:
    """The reports of one kind that the actor may read; the sekretariat opens new ones here."""
    return _kind_page(kind)


def _kind_page(kind: str, problem: str = "") -> str:
    if kind not in KIND_LABELS:
        abort(404)
    may_open = actor().may(Permission.REPORT_MANAGE) and kind in actor().region_wide
    units = {u.id: u for u in people.units_on(people.today())}
    editions = loader.current().of_kind(kind)
    return render_template(
        "reports/kind.html", kind=kind, name=KIND_LABELS[kind], short=KIND_SHORT[kind],
        reports=queries.reports_for(actor(), kind), units=units, title=queries.report_title,
        may_open=may_open, editions=editions, problem=problem, year=people.today().year - 1,
        periods=sorted({p for e in editions for p in e.periods}),
        each=any(e.owner == "each_unit" for e in editions),
        typed=request.form, wave=_closed(kind),
    )  # fmt: skip


def _closed(kind: str) -> object | None:
    """The tahap of the actor's unit when this kind is not yet open to it."""
    unit, today = actor().unit_id, people.today()
    if unit is None or not actor().may(Permission.ENTRY_WRITE) or actor().region_wide:
        return None
    if people.module_open(unit, kind, today):
        return None
    return people.module_wave(unit, kind, today) or "belum"


@bp.post("/laporan/buka")
@needs(Permission.REPORT_MANAGE)
def open_report() -> Response | tuple[str, int]:
    """Open a report, or bring an open one up to its outline."""
    form = request.form
    kind = form.get("kind", "")
    if kind not in KIND_LABELS or kind not in actor().region_wide:
        abort(404)
    year = whole(form.get("tahun", ""))
    if year is None or not 2000 <= year <= 2100:
        return _kind_page(kind, "Tulis tahun data empat angka, misalnya 2025."), 422
    try:
        opened = _open(kind, year, form.get("periode", ""), form.get("format", ""))
        db.session.commit()
    except flow.Refused as no:
        db.session.rollback()
        return _kind_page(kind, no.sentence), 422
    created = sum(o.created for o in opened)
    flash(f"Laporan terbuka: {len(opened)} buku, {created} isian baru.", "ok")
    missing = sorted({part for o in opened for part in o.unassigned})
    if missing:
        flash(f"{len(missing)} bagian belum punya pengampu dan sementara pada penyusun: "
              f"{', '.join(missing[:8])}.", "warn")  # fmt: skip
    if len(opened) == 1:
        return redirect(url_for("reports.show", report_id=opened[0].report.id))
    return redirect(url_for("reports.of_kind", kind=kind))


def _open(kind: str, year: int, period: str, code: str = "") -> list[flow.Opened]:
    known = loader.current()
    try:
        edition = known.edition(kind, code) if code else known.for_year(kind, year)
    except LookupError as error:
        raise flow.Refused(str(error)) from error
    owners = flow.owners_of(edition)
    if not owners:
        raise flow.Refused("Belum ada perangkat daerah yang menyusun laporan ini.")
    return [
        flow.open_report(kind, year, period, u.id, actor=actor(), edition_code=code) for u in owners
    ]


@bp.get("/laporan/<int:report_id>")
@needs(Permission.REPORT_READ)
def show(report_id: int) -> str:
    """One report: its dates, its chapters with how far they are, and where to go from here."""
    report = queries.report_for(actor(), report_id)
    if report is None:
        abort(404)
    try:
        edition = places.edition_of(report)
        where = places.places_of(report)
    except LookupError:
        edition, where = None, {}
    return render_template(
        "reports/show.html", report=report, title=queries.report_title(report), edition=edition,
        owner=people.unit_info(report.owner_unit_id, people.today()),
        chapters=_chapters(report, where), compiles=report.kind in actor().region_wide,
        own=queries.tasks(actor()) if actor().may(Permission.ENTRY_WRITE) else [],
    )  # fmt: skip


def _chapters(report: Report, where: places.Places) -> list[dict[str, object]]:
    counts: dict[str, Counter[str]] = {}
    titles: dict[str, tuple[str, str]] = {}
    for part, repeat, state in db.session.execute(
        sa.select(Entry.part_key, Entry.repeat_key, Entry.state)
        .where(Entry.report_id == report.id).order_by(Entry.position, Entry.id)
    ):  # fmt: skip
        placed = where.get((part, repeat))
        if placed is None:
            continue
        chapter = placed.chapter
        titles[chapter.key] = (chapter.label, chapter.title)
        counts.setdefault(chapter.key, Counter())[state] += 1
    workflow = queries.workflow_of(report)
    return [
        {
            "label": label, "title": title, "n": sum(counts[key].values()),
            "approved": sum(counts[key][s] for s in APPROVED_STATES),
            "states": [(s, state_label(s, workflow), n) for s, n in counts[key].items()],
        }
        for key, (label, title) in titles.items()
    ]  # fmt: skip


# --- Jadwal ---------------------------------------------------------------------------------


@bp.get("/jadwal")
@needs(Permission.REPORT_READ)
def schedule() -> str:
    """Deadlines of every report, with their legal basis; the sekretariat changes its own."""
    return _schedule()


def _schedule(problem: str = "", typed: dict[str, str] | None = None) -> str:
    rows = db.session.scalars(
        sa.select(Deadline).order_by(Deadline.year.desc(), Deadline.kind, Deadline.period,
                                     Deadline.level)
    ).all()  # fmt: skip
    may = actor().region_wide if actor().may(Permission.REPORT_MANAGE) else frozenset()
    return render_template(
        "reports/schedule.html", rows=rows, may=may | _beside(may), names=KIND_SHORT | BESIDE,
        problem=problem, typed=typed or {},
        verifiers=_verifiers(next(iter(sorted(may)), "")) if may else [], kinds=sorted(may),
        closed=_closed_periods(), reasons=_reasons([row.id for row in rows]),
    )  # fmt: skip


def _closed_periods() -> dict[tuple[str, int, str], str]:
    """Why the filling of a period is closed, by kind, year and period."""
    return {
        (r.kind, r.year, r.period): why for r in db.session.scalars(sa.select(Report))
        if (why := closed(r))
    }  # fmt: skip


def _reasons(ids: list[int]) -> dict[int, list[tuple[str, str, datetime]]]:
    """Reasons of the last changes of each row, newest first: what, why, when."""
    found: dict[int, list[tuple[str, str, datetime]]] = {}
    for act in db.session.scalars(
        sa.select(TrailEntry).where(TrailEntry.subject.in_([f"deadline:{i}" for i in ids]))
        .order_by(TrailEntry.id.desc())
    ):  # fmt: skip
        why = (act.after or {}).get("alasan", "")
        own = found.setdefault(int(act.subject.partition(":")[2]), [])
        if why and len(own) < 3:
            own.append((act.verb, why, act.at))
    return found


def _verifiers(kind: str) -> list[tuple[object, bool]]:
    on = {
        v.unit_id for v in db.session.scalars(
            sa.select(Verifier).where(Verifier.kind == kind, Verifier.active)
        )
    }  # fmt: skip
    units = people.units_on(people.today())
    house = {k.value for k in UnitKind} - {UnitKind.PEMDA.value, UnitKind.UPT.value}
    return [(u, u.id in on) for u in units if u.kind in house]


@bp.post("/jadwal/<int:deadline_id>")
@needs(Permission.REPORT_MANAGE)
def change(deadline_id: int) -> Response | tuple[str, int]:
    """Set the three dates and the basis of one row."""
    row = db.session.get(Deadline, deadline_id)
    if row is None or row.kind not in actor().region_wide | _beside(actor().region_wide):
        abort(404)
    form = request.form
    days = [indonesian.read_date(form.get(k, "")) for k in ("buka", "internal", "resmi")]
    try:
        if None in days:
            raise flow.Refused("Tulis tanggal seperti 6/2/2026 atau 6 Februari 2026.")
        opens, internal, official = (d for d in days if d is not None)
        if "tutup" in form:
            flow.close_filling(row, form["tutup"] == "1", form.get("alasan", ""), actor())
        else:
            flow.set_deadline(row, opens, internal, official, form.get("dasar", ""), actor(),
                              form.get("alasan", ""))  # fmt: skip
        db.session.commit()
    except flow.Refused as no:
        db.session.rollback()
        return _schedule(no.sentence, {"id": str(deadline_id), **form.to_dict()}), 422
    flash("Jadwal tersimpan.", "ok")
    return redirect(url_for("reports.schedule"))


@bp.post("/jadwal/verifikator")
@needs(Permission.REPORT_MANAGE)
def verifiers() -> Response:
    """Which Perangkat Daerah have their verifikator look first."""
    kind = request.form.get("kind", "")
    if kind not in actor().region_wide:
        abort(404)
    wanted = {u for u in map(whole, request.form.getlist("unit")) if u is not None}
    flow.set_verifiers(kind, wanted, actor())
    db.session.commit()
    flash("Pengaturan verifikator tersimpan; berlaku untuk pengiriman berikutnya.", "ok")
    return redirect(url_for("reports.schedule"))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
