"""Kontrak: the register, Langkah Saya, one contract, and finishing a step in a few touches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from portal import store, uploads
from portal.contracts import flow, queries, reshape, terms
from portal.contracts.kinds import (
    DETAILS,
    FUNDS,
    HOLDER_LABELS,
    METHODS,
    PHASES,
    ROLES,
    STATE_LABELS,
    TYPES,
)
from portal.contracts.models import Contract, Step, StepState
from portal.contracts.planning import Days
from portal.contracts.queries import Filter, StepView
from portal.db import db
from portal.people import queries as people
from portal.people.models import Position
from portal.people.queries import today
from portal.people.rules import Permission, UnitInfo
from portal.web import contract_parts as parts
from portal.web.gate import actor, needs
from portal.web.incoming import file_of, whole
from portal.web.outgoing import kept
from portal.works import queries as works

bp = Blueprint("contracts", __name__, url_prefix="/kontrak")
SIZE = 40


@dataclass(frozen=True)
class Line:
    """A contract in a list with the most urgent step that lies on a desk."""

    contract: Contract
    view: StepView | None
    more: int  # other steps on desks
    unit: UnitInfo | None


def _chosen() -> Filter:
    """The filter that the address names; unknown values are left out."""
    args = request.args
    state = args.get("status", "")
    late_on = Days(parts.worked()).rolled(today(), "mundur") if state == "lewat" else None
    return Filter(
        unit_id=whole(args.get("opd", "")) or None, fund=args.get("dana", "").strip()[:60],
        wave_id=whole(args.get("tahap", "")) or None,
        method=args.get("metode", "") if args.get("metode") in METHODS else "",
        state=state if state in STATE_LABELS else "",
        late_on=late_on, late_steps=parts.shown_late(late_on) if late_on else None,
        year=whole(args.get("tahun", ""), 2100) or None, text=args.get("cari", "").strip()[:80],
    )  # fmt: skip


@bp.get("")
@needs(Permission.CONTRACT_READ)
def index() -> str:
    """The register: filtered, paged, running contracts first."""
    chosen = _chosen()
    me = actor()
    page = queries.register(me, chosen, whole(request.args.get("hal", ""), 9999) or 1, SIZE)
    units = {u.id: u for u in people.units_on(today())}
    own = queries.units_of(me, units.values())
    funds, waves = queries.funds_of(me) or list(FUNDS), queries.waves()
    return render_template(
        "contracts/index.html", rows=_lines(page.contracts, units), page=page, chosen=chosen,
        late=chosen.late_on is not None, units=[(u.id, u.short_name) for u in own],
        funds=[(f, f) for f in funds], waves=[(w.id, w.name) for w in waves],
        methods=METHODS, states=STATE_LABELS, holders=HOLDER_LABELS, types=TYPES,
        total=queries.sum_of(me, chosen), narrowed=chosen != Filter(), page_url=_page_url,
        said=_said(chosen, units, {w.id: w.name for w in waves}),
        importing="contract_import.form" in current_app.view_functions,
    )  # fmt: skip


def _said(chosen: Filter, units: dict[int, UnitInfo], waves: dict[int, str]) -> list[str]:
    """The filter in words."""
    unit = units.get(chosen.unit_id or 0)
    found = (
        unit.short_name if unit else "", f"dana {chosen.fund}" if chosen.fund else "",
        waves.get(chosen.wave_id or 0, ""), METHODS.get(chosen.method, "").lower(),
        STATE_LABELS.get(chosen.state, "").lower(), "lewat batas" if chosen.late_on else "",
        f"tahun {chosen.year}" if chosen.year else "",
        f"“{chosen.text}”" if chosen.text else "",
    )  # fmt: skip
    return [words for words in found if words]


def _page_url(number: int) -> str:
    """The same list, another page."""
    kept = {k: v for k, v in request.args.items() if v and k != "hal"}
    return url_for("contracts.index", **{**kept, "hal": str(number)})  # type: ignore[arg-type]


def _lines(found: Sequence[Contract], units: dict[int, UnitInfo]) -> list[Line]:
    steps = queries.on_desks([c.id for c in found])
    is_workday, now = parts.worked(), today()
    first = [(c.unit_id, queries.view(steps[c.id][0], now, is_workday))
             for c in found if steps.get(c.id)]  # fmt: skip
    views = {v.step.contract_id: v for v in parts.veiled(first)}
    return [
        Line(c, views.get(c.id), max(len(steps.get(c.id, [])) - 1, 0), units.get(c.unit_id))
        for c in found
    ]


@bp.get("/langkah-saya")
@needs(Permission.CONTRACT_WRITE)
def mine() -> str:
    """The steps that lie on the desk of the actor's jabatan, the most urgent first."""
    me = actor()
    is_workday, now = parts.worked(), today()
    found = queries.my_steps(me)
    shown = found[:SIZE]
    views = [(c, queries.view(s, now, is_workday)) for c, s in shown]
    units = {u.id: u for u in people.units_on(now)}
    return render_template("contracts/mine.html", rows=views, total=len(found), units=units,
                           today=now, recorded=_recorded(me, shown))  # fmt: skip


def _recorded(me: Any, found: Sequence[tuple[Contract, Step]]) -> dict[int, str]:
    """Steps that lie elsewhere but are recorded by the actor (penyedia, pengawas)."""
    mine = {h.position_id for h in me.holdings}
    out = {}
    for contract, step in found:
        held = {r.role for r in contract.roles if r.position_id in mine}
        if step.holder not in held:
            out[step.id] = HOLDER_LABELS[step.holder]
    return out


@bp.get("/kalender")
@needs(Permission.CONTRACT_READ)
def calendar() -> str:
    """Limits of the coming weeks in the contracts of the actor, day by day."""
    now = today()
    until = now + timedelta(days=terms.whole("kalender_hari", now))
    found = queries.due_between(actor(), now - timedelta(days=7), until)
    days = [(day, list(rows)) for day, rows in groupby(found, key=lambda r: r[1].due_on)]
    guarantees = queries.guarantees_ending(actor(), now, until)
    return render_template("contracts/calendar.html", days=days, today=now, holders=HOLDER_LABELS,
                           guarantees=guarantees, count=len(found))  # fmt: skip


@bp.get("/<int:contract_id>")
@needs(Permission.CONTRACT_READ)
def show(contract_id: int) -> str:
    """One contract with its steps."""
    return _page(parts.contract_or_404(contract_id))


def _page(contract: Contract, error: str = "") -> str:
    me = actor()
    views = parts.veiled([
        (contract.unit_id, v) for v in queries.views(contract, today(), parts.worked())
    ])  # fmt: skip
    current = sorted((v for v in views if v.current),
                     key=lambda v: (v.step.due_on or date.max, v.step.position))  # fmt: skip
    groups = [
        (PHASES.get(phase, "Tahapan"), list(rows))
        for phase, rows in groupby(views, key=lambda v: v.step.phase)
    ]  # fmt: skip
    return render_template(
        "contracts/show.html", contract=contract, views=views, current=current, error=error,
        former=queries.former(contract),
        groups=groups, may=[v.step.id for v in current if queries.may_finish(me, contract, v.step)],
        manages=parts.manages(me, contract), tabs=parts.tabs(), holders=HOLDER_LABELS, types=TYPES,
        methods=METHODS, states=STATE_LABELS, details=DETAILS, roles=_titles(contract),
        bills={b.instance: b.title for b in contract.billings}, today=today(),
        unit=people.unit_info(contract.unit_id, today()),
    )  # fmt: skip


def _titles(contract: Contract) -> list[tuple[str, str]]:
    """Role and jabatan of the contract, in the order of the roles."""
    rows = db.session.execute(
        sa.select(Position.id, Position.title)
        .where(Position.id.in_([r.position_id for r in contract.roles]))
    )  # fmt: skip
    names = {position_id: title for position_id, title in rows}
    held = {r.role: names.get(r.position_id, "") for r in contract.roles}
    return [(label, held.get(role, "belum ditetapkan")) for role, label in ROLES.items()
            if role in held or role in ("pa", "ppk_skpd")]  # fmt: skip


@bp.get("/<int:contract_id>/langkah/<int:step_id>")
@needs(Permission.CONTRACT_READ)
def step(contract_id: int, step_id: int) -> str:
    """One step: what it asks, its plans, and the short form when it lies on the actor's desk."""
    contract = parts.contract_or_404(contract_id)
    return step_page(contract, step_of(contract, step_id))


def step_of(contract: Contract, step_id: int) -> Step:
    """The step of that contract, or no such page."""
    found = next((s for s in contract.steps if s.id == step_id), None)
    if found is None:
        abort(404)
    return found


def step_page(contract: Contract, found: Step, error: str = "") -> str:
    """The page of one step, with the refusal of what was tried on it."""
    (view,) = parts.veiled([(contract.unit_id, queries.view(found, today(), parts.worked()))])
    me = actor()
    return render_template(
        "contracts/step.html", contract=contract, v=view, error=error, typed=request.form,
        may=view.current and queries.may_finish(me, contract, found), today=today(),
        manages=parts.manages(me, contract), plans=queries.plans_of(found.id),
        evidence=queries.evidence_of(contract, found), holders=HOLDER_LABELS,
        accept=uploads.accept_list(uploads.EVIDENCE),
        bill=next((b.title for b in contract.billings if b.instance == found.instance), ""),
        draft=works.WARNINGS.get(found.key), trial=found.key[:3] == "scm",
        chain=[s for s in reshape.chain_of(contract, found) if s.state == StepState.OPEN],
    )  # fmt: skip


@bp.post("/<int:contract_id>/selesai")
@needs(Permission.CONTRACT_WRITE)
def finish(contract_id: int) -> Response | tuple[str, int]:
    """Finish a step with date, number and file."""
    me = actor()
    contract = parts.contract_or_404(contract_id)
    step_id = parts.number_of(request.form.get("langkah", ""))
    found = next((s for s in contract.steps if s.id == step_id), None)
    if found is None:
        abort(403)
    if not queries.may_finish(me, contract, found):
        abort(403)
    title = found.title
    try:
        if _just_done(found):  # a double click
            return _back(contract_id)
        until = parts.day_of("uji", "Akhir uji coba") if request.form.get("uji") else None
        number = request.form.get("nomor", "")
        flow.finish(contract, step_id, parts.day_of("tanggal", "Tanggal dokumen"), number, me,
                    parts.worked(), file_of())  # fmt: skip
        if until is not None:
            reshape.agree_trial(contract, found, until, number, me, parts.worked())
    except parts.REFUSALS as refusal:
        db.session.rollback()
        return step_page(parts.contract_or_404(contract_id), found, str(refusal)), 422
    db.session.commit()
    flash(f"{title}: tercatat selesai.", "ok")
    return _back(contract_id)


def _just_done(found: Step) -> bool:
    """Whether the same person has recorded the same paper already."""
    return (
        found.done_on is not None and found.done_by == actor().label
        and found.doc_no == request.form.get("nomor", "").strip()[:120]
        and found.done_on == parts.day_of("tanggal", "Tanggal dokumen")
    )  # fmt: skip


def _back(contract_id: int) -> Response:
    if request.form.get("kembali") == "langkah-saya":
        return redirect(url_for("contracts.mine"))
    return redirect(url_for("contracts.show", contract_id=contract_id))


@bp.get("/<int:contract_id>/langkah/<int:step_id>/berkas")
@needs(Permission.CONTRACT_READ)
def file(contract_id: int, step_id: int) -> Response:
    """The paper that finished a step."""
    contract = parts.contract_or_404(contract_id)
    found = step_of(contract, step_id)
    if not found.sha256:
        abort(404)
    try:
        return kept(found.sha256, found.file_name)
    except store.StoreError as gone:
        flash(str(gone), "error")
        return redirect(url_for("contracts.step", contract_id=contract_id, step_id=step_id))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
