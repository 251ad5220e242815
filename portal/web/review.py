"""Menunggu Persetujuan and Penugasan Reviu: the desks of verifikator, kepala and Inspektorat."""

from __future__ import annotations

from itertools import groupby

import sqlalchemy as sa
from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import indonesian
from portal.db import db
from portal.people.kinds import Role
from portal.people.rules import Permission
from portal.reports import (
    desks,
    examining,
    figures_bridge,
    flow,
    history,
    places,
    queries,
    receipts,
)
from portal.reports.models import Entry, Remark, Verdict
from portal.reports.rules import state_label
from portal.reports.states import EntryState
from portal.web.entry_reading import read_view
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("review", __name__)

#: Verbs that belong to the pages of entry, not to a checking desk.
_SENDING = frozenset({"kirim", "tarik", "sahkan_lembar"})

#: What was done to several isian at once, by the state that they have reached.
_DONE: dict[str, str] = {
    EntryState.DISAHKAN: "disetujui", EntryState.DITERIMA: "diterima",
    EntryState.TERKUNCI: "dikunci",
}  # fmt: skip


@bp.get("/persetujuan")
@needs(Permission.ENTRY_READ)
def waiting() -> str:
    """What waits for this jabatan, by Perangkat Daerah; for a kepala the five movers first."""
    who = actor()
    found = desks.waiting(who)
    groups = [
        (unit, list(lines)) for unit, lines in groupby(found, key=lambda w: w.unit)
    ]  # fmt: skip
    head = Role.KEPALA in who.roles
    return render_template(
        "review/waiting.html", groups=groups, count=len(found), head=head,
        movers=desks.movers(found) if head else [], apip=Role.APIP in who.roles,
    )  # fmt: skip


@bp.post("/persetujuan")
@needs(Permission.ENTRY_READ)
def many() -> Response:
    """Approve (or accept) the ticked isian, each by itself; those that cannot are named."""
    done: dict[str, int] = {}
    refused = []
    for raw in request.form.getlist("semua_isian" if "semua" in request.form else "isian"):
        number, version = (whole(each) for each in raw.partition(":")[::2])
        if number is None or version is None:
            continue
        desk = queries.entry_desk(actor(), number)
        verb = next((v.verb for v in desk.verbs if v.many), "") if desk else ""
        if desk is None or not verb:
            refused.append("Satu isian sudah tidak di meja ini.")
            continue
        try:
            flow.act(desk.entry, verb, actor(), version)
            db.session.commit()
            done[desk.entry.state] = done.get(desk.entry.state, 0) + 1
        except flow.Refused as no:
            db.session.rollback()
            refused.append(no.sentence)
    for state, count in done.items():
        flash(f"{count if count > 1 else 'Satu'} isian {_DONE.get(state, 'diteruskan')}.", "ok")
    for sentence in dict.fromkeys(refused):
        flash(sentence, "warn")
    if not done and not refused:
        flash("Centang dahulu isiannya.", "warn")
    back = request.form.get("kembali", "")
    return redirect(back if back.startswith("/rekap/") else url_for("review.waiting"))


@bp.get("/reviu/<int:entry_id>")
@needs(Permission.ENTRY_READ)
def show(entry_id: int) -> str:
    """One isian on one screen: claim, evidence, checks, remarks, verdict."""
    return _page(entry_id)


def _desk(entry_id: int) -> queries.Desk:
    desk = queries.entry_desk(actor(), entry_id)
    if desk is None:
        abort(404)
    return desk


def _page(entry_id: int, problem: str = "", typed: dict[str, str] | None = None) -> str:
    desk = _desk(entry_id)
    entry = desk.entry
    if flow.mark_read(entry, actor()):
        db.session.commit()
        desk = _desk(entry_id)
    placed = queries.place_of(entry)
    if placed is None:
        abort(404)
    base = f"/isian/{entry.id}/gambar/"
    return render_template(
        "review/show.html", desk=desk, entry=entry, report=entry.report,
        report_title=queries.report_title(entry.report), title=places.part_title(placed),
        section=places.section_title(placed), view=read_view(entry, placed, base),
        verbs=[v for v in desk.verbs if v.verb not in _SENDING],
        findings=examining.findings(entry), remarks=queries.remarks_of(entry.id),
        history=history.seen_by(actor(), desk)[:20], verdicts=queries.workflows().verdicts,
        given=_verdicts(entry), receipts=receipts.of_subject(f"entry:{entry.id}"),
        obstacle=queries.obstacle_of(entry.id), problem=problem, typed=typed or {},
        label=lambda target: history.label_of(placed.part, target) if target else "",
    )  # fmt: skip


def _verdicts(entry: Entry) -> dict[str, Verdict]:
    """Verdicts so far by target; "" is the whole isian."""
    return {
        v.target: v
        for v in db.session.scalars(sa.select(Verdict).where(Verdict.entry_id == entry.id))
    }


@bp.post("/reviu/<int:entry_id>/langkah")
@needs(Permission.ENTRY_READ)
def step(entry_id: int) -> Response | tuple[str, int]:
    """Do one verb; a refused one shows the page again with what was typed."""
    desk = _desk(entry_id)
    form = request.form
    wanted = desk.workflow.transitions.get(form.get("langkah", ""))
    if wanted is not None and not actor().may(wanted.permission):
        abort(403)
    what = flow.Act(
        remark=form.get("catatan", ""), target=form.get("bagian", ""),
        basis=form.get("dasar", ""), reason=form.get("alasan", ""),
        until=indonesian.read_date(form.get("sampai", "")),
        verdict=form.get("putusan", ""),
    )  # fmt: skip
    version = whole(form.get("versi", ""))
    try:
        done = flow.act(
            desk.entry, form.get("langkah", ""), actor(),
            -1 if version is None else version, what,
        )  # fmt: skip
        db.session.commit()
    except flow.Refused as no:
        db.session.rollback()
        return _page(entry_id, no.sentence, form.to_dict()), 409 if no.stale else 422
    after = queries.entry_desk(actor(), entry_id)
    label = state_label(done.entry.state, desk.workflow)
    flash(f"Tercatat: isian kini berstatus “{label}”.", "ok")
    if after is None or not [v for v in after.verbs if v.verb not in _SENDING]:
        return redirect(url_for("review.waiting"))
    return redirect(url_for("review.show", entry_id=entry_id))


@bp.post("/reviu/<int:entry_id>/putusan")
@needs(Permission.ENTRY_REVIEW)
def verdict(entry_id: int) -> Response | tuple[str, int]:
    """The Inspektorat's verdict on one indicator; the isian itself gets one when it is passed."""
    desk = _desk(entry_id)
    if not any(v.permission is Permission.ENTRY_REVIEW for v in desk.verbs):
        abort(403)
    form = request.form
    target = form.get("bagian", "")
    known = {f"i:{i.key}" for i in figures_bridge.indicators_of(
        queries.place_of(desk.entry), desk.entry.report.year)}  # fmt: skip
    if target not in known:
        abort(404)
    try:
        flow.set_verdict(
            desk.entry, target, form.get("putusan", ""), form.get("catatan", ""), actor()
        )
        db.session.commit()
    except flow.Refused as no:
        db.session.rollback()
        return _page(entry_id, no.sentence, form.to_dict()), 422
    return redirect(url_for("review.show", entry_id=entry_id) + "#" + target[2:])


@bp.post("/reviu/<int:entry_id>/catatan")
@needs(Permission.ENTRY_READ)
def remark(entry_id: int) -> Response | tuple[str, int]:
    """Put a catatan on a part or a field without returning the isian yet."""
    desk = _desk(entry_id)
    try:
        flow.add_remark(
            desk.entry, request.form.get("bagian", ""), request.form.get("catatan", ""), actor()
        )
        db.session.commit()
    except flow.Refused as no:
        db.session.rollback()
        return _page(entry_id, no.sentence, request.form.to_dict()), 422
    return redirect(url_for("review.show", entry_id=entry_id) + "#catatan")


@bp.post("/catatan/<int:remark_id>/selesai")
@needs(Permission.ENTRY_READ)
def resolve(remark_id: int) -> Response | tuple[str, int]:
    """A catatan is settled."""
    found = db.session.get(Remark, remark_id)
    desk = queries.entry_desk(actor(), found.entry_id) if found else None
    if found is None or desk is None:
        abort(404)
    try:
        flow.resolve_remark(desk.entry, found, actor())
        db.session.commit()
    except flow.Refused as no:
        db.session.rollback()
        return _page(desk.entry.id, no.sentence), 422
    return redirect(url_for("review.show", entry_id=desk.entry.id) + "#catatan")


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
