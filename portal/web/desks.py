"""Antrean Berkas: payment files on my desk, oldest first; received, returned, handed on."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import uploads
from portal.contracts.kinds import HOLDER_LABELS
from portal.contracts.models import Contract, Step, StepState
from portal.db import db
from portal.desks import flow, pasted, queries, rules
from portal.desks.kinds import PAPERS, REASONS
from portal.people.queries import today, units_on
from portal.people.rules import Permission
from portal.web.contract_parts import REFUSALS, contract_or_404, day_of, worked
from portal.web.gate import actor, needs
from portal.web.incoming import file_of

bp = Blueprint("desks", __name__, url_prefix="/antrean")


@bp.get("")
@needs(Permission.CONTRACT_WRITE)
def queue() -> str:
    """Files on the desks of the actor, oldest first."""
    found = queries.queue(actor(), today(), worked())
    short = {u.id: u.short_name for u in units_on(today())}
    stopped = [p for p in queries.declared() if p.until is None]
    return render_template(
        "desks/queue.html", found=found, holders=HOLDER_LABELS, units=short, stopped=stopped,
        reasons=REASONS,
    )  # fmt: skip


def _file_or_404(contract_id: int, step_id: int) -> tuple[Contract, Step]:
    contract = contract_or_404(contract_id)
    step = next((s for s in contract.steps if s.id == step_id), None)
    if step is None:
        abort(404)
    return contract, step


def _held_or_403(contract_id: int, step_id: int) -> tuple[Contract, Step]:
    contract, step = _file_or_404(contract_id, step_id)
    if not _on_my_desk(contract, step):
        abort(403)
    return contract, step


def _on_my_desk(contract: Contract, step: Step) -> bool:
    mine = {h.position_id for h in actor().holdings}
    held = {r.role for r in contract.roles if r.position_id in mine}
    return step.holder in held or queries.PASSES.get(step.key) in held


@bp.get("/<int:contract_id>/<int:step_id>")
@needs(Permission.CONTRACT_WRITE)
def show(contract_id: int, step_id: int) -> str | Response:
    """One file: its checklist, and where it goes."""
    contract, step = _file_or_404(contract_id, step_id)
    if step.state != StepState.OPEN or not _on_my_desk(contract, step):
        return redirect(url_for("desk_notes.index", contract_id=contract.id))
    return _page(contract, step)


def _page(contract: Contract, step: Step, error: str = "") -> str:
    now, first = queries.present_holds([step.id])
    hold, main = now.get(step.id), first.get(step.id, step.holder)
    arrived = hold.arrived_on if hold else step.ready_on or today()
    is_workday = worked()
    started = rules.clock_start(
        arrived, hold.received_on if hold else None, is_workday, queries.receipt(arrived)
    )
    bill = next((b for b in contract.billings if b.instance == step.instance), None)
    earlier = [h for h in queries.told(contract.id).holds if h.step_id == step.id and h.left_on]
    return render_template(
        "desks/file.html", contract=contract, step=step, hold=hold, away=step.holder != main,
        main=HOLDER_LABELS[main], arrived=arrived, bill=bill, earlier=earlier, error=error,
        days=rules.days_on_desk(min(started, today()), None, today(), is_workday),
        papers=PAPERS, senders=queries.senders(step, contract), holders=HOLDER_LABELS,
        typed=request.form, ticked=request.form.getlist("kurang"), today=today(),
        accept=uploads.accept_list(uploads.EVIDENCE),
    )  # fmt: skip


def _refused(contract: Contract, step: Step, refusal: Exception) -> tuple[str, int]:
    db.session.rollback()
    again, file = contract_or_404(contract.id), step.id
    step = next(s for s in again.steps if s.id == file)
    if step.state != StepState.OPEN:
        return render_template("desks/gone.html", contract=again, error=str(refusal)), 422
    return _page(again, step, str(refusal)), 422


@bp.post("/<int:contract_id>/<int:step_id>/terima")
@needs(Permission.CONTRACT_WRITE)
def receive(contract_id: int, step_id: int) -> Response | tuple[str, int]:
    """Terima: the checklist is ticked, the clock of this desk starts."""
    contract, step = _held_or_403(contract_id, step_id)
    try:
        hold = flow.receive(
            contract, step.id, request.form.getlist("kurang"), request.form.get("catatan", ""),
            actor(), worked(),
        )  # fmt: skip
    except REFUSALS as refusal:
        return _refused(contract, step, refusal)
    db.session.commit()
    flash("Berkas diterima, belum lengkap." if hold.lacking else "Berkas diterima lengkap.", "ok")
    return redirect(url_for("desks.show", contract_id=contract.id, step_id=step.id))


@bp.post("/<int:contract_id>/<int:step_id>/kembalikan")
@needs(Permission.CONTRACT_WRITE)
def give_back(contract_id: int, step_id: int) -> Response | tuple[str, int]:
    """Kembalikan: what is missing is ticked; the slip is printed."""
    contract, step = _held_or_403(contract_id, step_id)
    try:
        hold = flow.give_back(
            contract, step.id, request.form.get("kepada", ""), request.form.getlist("kurang"),
            request.form.get("catatan", ""), actor(),
        )  # fmt: skip
    except REFUSALS as refusal:
        return _refused(contract, step, refusal)
    db.session.commit()
    return redirect(url_for("desks.slip", contract_id=contract.id, number=hold.slip_no))


@bp.post("/<int:contract_id>/<int:step_id>/serahkan")
@needs(Permission.CONTRACT_WRITE)
def hand_back(contract_id: int, step_id: int) -> Response | tuple[str, int]:
    """Serahkan kembali: completed, the file goes back to the desk that asked."""
    contract, step = _held_or_403(contract_id, step_id)
    try:
        flow.hand_back(contract, step.id, request.form.get("catatan", ""), actor())
    except REFUSALS as refusal:
        return _refused(contract, step, refusal)
    db.session.commit()
    flash("Berkas diserahkan kembali.", "ok")
    return redirect(url_for("desks.queue"))


@bp.post("/<int:contract_id>/<int:step_id>/teruskan")
@needs(Permission.CONTRACT_WRITE)
def forward(contract_id: int, step_id: int) -> Response | tuple[str, int]:
    """Teruskan: number and date of SPP, SPM-LS or SP2D."""
    contract, step = _held_or_403(contract_id, step_id)
    try:
        flow.forward(
            contract, step.id, day_of("tanggal", "Tanggal dokumen"), request.form.get("nomor", ""),
            actor(), worked(), file_of(),
        )  # fmt: skip
    except REFUSALS as refusal:
        return _refused(contract, step, refusal)
    db.session.commit()
    flash(f"{step.title}: tercatat dan diteruskan.", "ok")
    return redirect(url_for("desks.queue"))


@bp.get("/<int:contract_id>/slip/<number>")
@needs(Permission.CONTRACT_READ)
def slip(contract_id: int, number: str) -> str:
    """The slip that goes back with the file, to print."""
    contract = contract_or_404(contract_id)
    hold = queries.returned_slip(contract.id, number)
    if hold is None:
        abort(404)
    step = next(s for s in contract.steps if s.id == hold.step_id)
    nxt = next(
        (h for h in queries.told(contract.id).holds if h.step_id == step.id and h.n == hold.n + 1),
        None,
    )
    return render_template(
        "desks/slip.html", contract=contract, hold=hold, step=step, papers=PAPERS,
        holders=HOLDER_LABELS, to=HOLDER_LABELS[nxt.holder] if nxt else "",
    )  # fmt: skip


# --- SP2D from the register ---------------------------------------------------------------------


@bp.get("/sp2d")
@needs(Permission.CONTRACT_WRITE)
def paste() -> str:
    """Paste SP2D numbers from the register."""
    return render_template("desks/paste.html", found=None, text="", error="")


@bp.post("/sp2d")
@needs(Permission.CONTRACT_WRITE)
def match() -> str | Response | tuple[str, int]:
    """What the pasted lines would finish; written when ``terapkan`` was pressed."""
    text = request.form.get("tempel", "")[:200_000]
    lines = rules.read_paste(text)
    if not lines:
        return render_template(
            "desks/paste.html", found=None, text=text,
            error="Tidak ada baris yang dapat dibaca. Salin kolom nomor SP2D, tanggal, nomor SPM, "
                  "dan jumlah dari register, lalu tempel di sini.",
        ), 422  # fmt: skip
    found = pasted.matches(actor(), lines)
    if request.form.get("terapkan"):
        return _apply(found, text)
    return render_template("desks/paste.html", found=found, text=text, error="")


def _apply(found: list[pasted.Match], text: str) -> str | Response | tuple[str, int]:
    who, is_workday, done = actor(), worked(), 0
    line = 0
    try:
        for each in found:
            line = each.pasted.line
            if each.contract is None or each.step is None or each.pasted.on is None:
                continue
            flow.forward(each.contract, each.step.id, each.pasted.on, each.pasted.number, who,
                         is_workday)  # fmt: skip
            done += 1
    except REFUSALS as refusal:
        db.session.rollback()
        again = pasted.matches(who, rules.read_paste(text))
        error = f"Baris {line}: {refusal} Belum ada yang disimpan."
        return render_template("desks/paste.html", found=again, text=text, error=error), 422
    db.session.commit()
    left = len(found) - done
    flash(f"{done} SP2D tercatat." + (f" {left} baris tidak cocok." if left else ""), "ok")
    return redirect(url_for("desks.queue"))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
