"""Posisi berkas of a contract: whose days the delay is, kendala, penundaan, tanggapan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import store, uploads
from portal.contracts import flow as contract_flow
from portal.contracts import queries as contracts
from portal.contracts.kinds import GROUP_OF, HOLDER_LABELS
from portal.contracts.models import Contract, Step
from portal.contracts.plans import node_of
from portal.db import db
from portal.desks import delay, flow, queries
from portal.desks.kinds import HINDRANCE_LABELS, OWNER_GROUPS, OWNER_LABELS, REASONS, UNKNOWN
from portal.desks.models import Hindrance, Pause, Reply
from portal.indonesian import read_date
from portal.notices import absence
from portal.notices import ladder as ladders
from portal.notices import queries as notices
from portal.people.queries import today
from portal.people.rules import Permission
from portal.web.contract_parts import (
    REFUSALS,
    contract_or_404,
    day_of,
    managed_or_403,
    manages,
    number_of,
    tabs,
    worked,
)
from portal.web.gate import actor, needs
from portal.web.incoming import file_of
from portal.web.outgoing import kept

bp = Blueprint("desk_notes", __name__)
HIDDEN = "Sedang dimintai tanggapan"


@dataclass(frozen=True)
class Line:
    """Days of the delay as the reader may see them."""

    label: str
    group: str
    step: str
    days: int


def _own(contract: Contract) -> bool:
    """Of the contract's own OPD, or one whose jabatan has a part in it."""
    who = actor()
    mine = {h.position_id for h in who.holdings}
    return contract.unit_id in who.units() or any(r.position_id in mine for r in contract.roles)


def _lines(contract: Contract, found: delay.Account) -> list[Line]:
    """Whose days: a desk that still has time for its tanggapan is not named above its own OPD."""
    by_node = {node_of(s): s for s in contract.steps}
    held = set()
    if not _own(contract) and found.driving:
        step = by_node[found.driving]
        key = f"step:{step.id}"
        if key not in notices.may_appear_above([key], today(), worked()):
            held.add(found.driving)
    out = []
    for charge in found.charges:
        secret = charge.step in held and charge.stop is None and charge.owner != UNKNOWN
        group = OWNER_GROUPS[GROUP_OF.get(charge.owner, charge.owner)]
        out.append(
            Line(HIDDEN if secret else OWNER_LABELS[charge.owner], "" if secret else group,
                 by_node[charge.step].title, charge.days)
        )  # fmt: skip
    return out


@bp.get("/kontrak/<int:contract_id>/posisi")
@needs(Permission.CONTRACT_READ)
def index(contract_id: int) -> str:
    """Where the file lies, whose days they are, what was said."""
    return _page(contract_or_404(contract_id))


def _page(contract: Contract, error: str = "") -> str:
    who, is_workday = actor(), worked()
    found = queries.account(contract, today(), is_workday)
    open_steps = contract_flow.open_steps(contract)
    by_id = {s.id: s for s in contract.steps}
    late = [s for s in open_steps if s.due_on and s.due_on < today()]
    titles = {node_of(s): s.title for s in contract.steps}
    return render_template(
        "desks/contract.html", contract=contract, tabs=tabs(), account=found,
        lines=_lines(contract, found), beside=[(titles[k], n) for k, n in found.beside.items()],
        told=queries.told(contract.id), steps=by_id, open_steps=open_steps,
        mine=[s for s in open_steps if contracts.holds(who, contract, s)],
        late=[s for s in late if contracts.holds(who, contract, s)],
        manages=manages(who, contract) and who.may(Permission.CONTRACT_WRITE),
        reasons={k: r for k, r in REASONS.items() if not r.everywhere}, all_reasons=REASONS,
        obstacle_labels=HINDRANCE_LABELS, holders=HOLDER_LABELS, error=error, typed=request.form,
        days=ladders.present(today()).response_days, away=_away(contract, late),
        today=today(), own=_own(contract), accept=uploads.accept_list(uploads.EVIDENCE),
    )  # fmt: skip


def _away(contract: Contract, late: Sequence[Step]) -> list[str]:
    """Desks whose time for a tanggapan stands still, for their own OPD; no person is named."""
    if not late or not _own(contract):
        return []
    seats = {r.role: r.position_id for r in contract.roles}
    found = {(seats[s.holder], s.desk) for s in late if s.holder in seats}
    return absence.words(sorted(found), today())


@bp.get("/kontrak/<int:contract_id>/posisi/<any(tanggapan,kendala,penundaan):kind>/<int:row_id>")
@needs(Permission.CONTRACT_READ)
def file(contract_id: int, kind: str, row_id: int) -> Response:
    """The paper behind a tanggapan, a kendala or a penundaan."""
    told = queries.told(contract_or_404(contract_id).id)
    rows: dict[str, Sequence[Reply | Hindrance | Pause]] = {
        "tanggapan": told.replies, "kendala": told.obstacles, "penundaan": told.pauses,
    }  # fmt: skip
    found = next((row for row in rows[kind] if row.id == row_id), None)
    if found is None or not found.sha256:
        abort(404)
    try:
        return kept(found.sha256, found.file_name)
    except store.StoreError as gone:
        flash(str(gone), "error")
        return redirect(url_for("desk_notes.index", contract_id=contract_id))


def _held_step(contract: Contract) -> Step:
    step = next((s for s in contract.steps if s.id == number_of(request.form.get("langkah", ""))),
                None)  # fmt: skip
    if step is None or not contracts.holds(actor(), contract, step):
        abort(403)
    return step


def _refused(contract_id: int, refusal: Exception) -> tuple[str, int]:
    db.session.rollback()
    return _page(contract_or_404(contract_id), str(refusal)), 422


def _back(contract_id: int, words: str) -> Response:
    db.session.commit()
    flash(words, "ok")
    return redirect(url_for("desk_notes.index", contract_id=contract_id))


@bp.post("/kontrak/<int:contract_id>/kendala")
@needs(Permission.CONTRACT_WRITE)
def obstacle(contract_id: int) -> Response | tuple[str, int]:
    """Catat Kendala, by whoever holds the step."""
    contract = contract_or_404(contract_id)
    step = _held_step(contract)
    try:
        typed = request.form.get("perkiraan", "").strip()
        expected = day_of("perkiraan", "Perkiraan selesai") if typed else None
        flow.state_obstacle(
            contract, step.id, request.form.get("kendala", ""), expected, actor(), file_of()
        )
    except REFUSALS as refusal:
        return _refused(contract_id, refusal)
    return _back(contract_id, "Kendala tercatat. Atasan langsung diberi tahu.")


@bp.post("/kontrak/<int:contract_id>/tanggapan")
@needs(Permission.CONTRACT_WRITE)
def reply(contract_id: int) -> Response | tuple[str, int]:
    """Tanggapan of the desk, or of the penyedia by who keeps its record."""
    contract = contract_or_404(contract_id)
    step = _held_step(contract)
    try:
        flow.reply(contract, step.id, request.form.get("tanggapan", ""), actor(), file_of(),
                   request.form.get("pihak", ""))  # fmt: skip
    except REFUSALS as refusal:
        return _refused(contract_id, refusal)
    return _back(contract_id, "Tanggapan tersimpan dan terlihat di samping posisi berkas.")


@bp.post("/kontrak/<int:contract_id>/penundaan")
@needs(Permission.CONTRACT_WRITE)
def pause(contract_id: int) -> Response | tuple[str, int]:
    """Penundaan tercatat by the PPK or PPTK, with its document."""
    contract = managed_or_403(contract_id)
    try:
        flow.pause(
            contract, request.form.get("sebab", ""), _span(), request.form.get("nomor", ""),
            file_of(), actor(), step_id=number_of(request.form.get("langkah", "")) or None,
            note=request.form.get("catatan", ""),
        )  # fmt: skip
    except REFUSALS as refusal:
        return _refused(contract_id, refusal)
    return _back(contract_id, "Penundaan tercatat, dan tidak dibebankan pada meja mana pun.")


def _span() -> tuple[date, date | None]:
    typed = request.form.get("sampai", "").strip()
    until = day_of("sampai", "Tanggal selesai") if typed else None
    return day_of("sejak", "Tanggal mulai"), until


@bp.post("/kontrak/<int:contract_id>/penundaan/<int:pause_id>/akhiri")
@needs(Permission.CONTRACT_WRITE)
def end(contract_id: int, pause_id: int) -> Response | tuple[str, int]:
    """The pause is over; the clocks go on the day after."""
    contract = managed_or_403(contract_id)
    found = db.session.get(Pause, pause_id)
    if found is None or found.contract_id != contract.id:
        abort(404)
    try:
        flow.end_pause(found, day_of("sampai", "Tanggal selesai"), actor())
    except REFUSALS as refusal:
        return _refused(contract_id, refusal)
    return _back(contract_id, "Penundaan diakhiri.")


# --- the kepala answers -------------------------------------------------------------------------


@bp.get("/kendala")
@needs(Permission.CONTRACT_ANSWER)
def obstacles() -> str:
    """Kendala of contracts that wait for the kepala."""
    found = queries.open_obstacles(actor())
    return render_template("desks/obstacles.html", found=found, error="", typed={}, wrong=0)


@bp.post("/kendala/<int:hindrance_id>")
@needs(Permission.CONTRACT_ANSWER)
def answer(hindrance_id: int) -> Response | tuple[str, int]:
    """Accept a kendala, or say why not."""
    waiting = queries.open_obstacles(actor())
    found = next((o for o, _c, _s in waiting if o.id == hindrance_id), None)
    if found is None:
        known = db.session.get(Hindrance, hindrance_id)
        if known is None or contracts.contract_for(actor(), known.contract_id) is None:
            abort(404)
        flash("Kendala ini sudah dijawab.", "warn")
        return redirect(url_for("desk_notes.obstacles"))
    until = read_date(request.form.get("sampai", ""))
    try:
        flow.answer_obstacle(found, request.form.get("jawab") == "terima",
                             request.form.get("jawaban", ""), actor(), worked(), until)  # fmt: skip
    except REFUSALS as refusal:
        db.session.rollback()
        waiting = queries.open_obstacles(actor())
        return render_template("desks/obstacles.html", found=waiting, error=str(refusal),
                               typed=request.form, wrong=hindrance_id), 422  # fmt: skip
    db.session.commit()
    flash("Jawaban tersimpan.", "ok")
    return redirect(url_for("desk_notes.obstacles"))


# --- BPKAD declares for all ---------------------------------------------------------------------


@bp.get("/gangguan")
@needs(Permission.CONTRACT_DECLARE)
def outages() -> str:
    """ "SIPD gangguan" and "kas kosong": declared once for all contracts."""
    return _outages()


def _outages(error: str = "") -> str:
    return render_template(
        "desks/outages.html", found=queries.declared(), error=error, typed=request.form,
        reasons={k: r for k, r in REASONS.items() if r.everywhere}, today=today(),
        accept=uploads.accept_list(uploads.EVIDENCE),
    )  # fmt: skip


@bp.post("/gangguan")
@needs(Permission.CONTRACT_DECLARE)
def declare() -> Response | tuple[str, int]:
    """Stop the clocks of these desks for everybody, with the document."""
    try:
        flow.pause(None, request.form.get("sebab", ""), _span(), request.form.get("nomor", ""),
                   file_of(), actor(), note=request.form.get("catatan", ""))  # fmt: skip
    except REFUSALS as refusal:
        db.session.rollback()
        return _outages(str(refusal)), 422
    db.session.commit()
    flash("Pernyataan tersimpan. Jam semua meja yang terdampak berhenti sejak tanggal itu.", "ok")
    return redirect(url_for("desk_notes.outages"))


@bp.post("/gangguan/<int:pause_id>/akhiri")
@needs(Permission.CONTRACT_DECLARE)
def end_outage(pause_id: int) -> Response | tuple[str, int]:
    """Over: the clocks go on the day after."""
    found = db.session.get(Pause, pause_id)
    if found is None or found.contract_id is not None:
        abort(404)
    try:
        flow.end_pause(found, day_of("sampai", "Tanggal selesai"), actor())
    except REFUSALS as refusal:
        db.session.rollback()
        return _outages(str(refusal)), 422
    db.session.commit()
    flash("Gangguan dinyatakan selesai.", "ok")
    return redirect(url_for("desk_notes.outages"))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
