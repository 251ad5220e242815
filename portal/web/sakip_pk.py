"""Perjanjian Kinerja: the list of a year, preparing, both pages, confirming as a party, files."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.db import db
from portal.documents.papers import printed
from portal.indonesian import read_date
from portal.people import queries as people
from portal.people.kinds import UnitKind
from portal.people.rules import Permission, UnitInfo
from portal.sakip import flow_pk, papers, queries, rules
from portal.sakip.models import Agreement
from portal.sakip.refusal import Refused
from portal.web import outgoing
from portal.web import sakip_scope as scope
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("sakip_pk", __name__)


@bp.get("/sakip/pk")
@needs(Permission.SAKIP_READ)
def index() -> str:
    """Perjanjian Kinerja of a year: of one unit in full, of the others by status."""
    return _index()


def _index(refused: Refused | None = None) -> str:
    year, listed = scope.asked_year(), scope.units()
    unit = scope.asked_unit(listed)
    every = queries.agreements(year, [u.id for u in listed])
    newest = {a.unit_id: a for a in every if a.form in ("pd", "kepala_daerah")}
    mine = [a for a in every if a.unit_id == unit.id]
    writes = queries.writes(actor(), unit)
    lower = writes and unit.kind != UnitKind.PEMDA
    seats = queries.seats([unit.id], people.today())
    return render_template(
        "sakip/pk_index.html", mine=mine, newest=newest, labels=rules.PK_LABELS, writes=writes,
        forms=rules.PK_FORMS, own_form="kepala_daerah" if unit.kind == UnitKind.PEMDA else "pd",
        seats=seats, titles={s.position_id: s for s in seats}, refused=refused,
        typed=request.form if refused else {}, programs=_nodes(year, unit, "program", lower),
        kegiatan=_nodes(year, unit, "kegiatan", lower), lower=lower,
        ticked={whole(n) for n in request.form.getlist("nodes")} if refused else set(),
        waiting=queries.waiting_for(actor()), all_names={u.id: u.name for u in listed},
        **scope.frame(year, unit, listed, "sakip_pk.index"),
    )  # fmt: skip


def _nodes(year: int, unit: UnitInfo, level: str, wanted: bool) -> list[tuple[int, str]]:
    if not wanted:
        return []
    return [(n.id, n.title) for n in queries.nodes(year, [unit.id]) if n.level == level]


@bp.post("/sakip/pk")
@needs(Permission.SAKIP_WRITE)
def prepare() -> Response | tuple[str, int]:
    """A draft of a Perjanjian Kinerja, or of its perubahan."""
    year, unit = scope.asked_year(), scope.asked_unit(scope.units())
    form = request.form
    first, second = whole(form.get("first", "")), whole(form.get("second", ""))
    parties = flow_pk.Parties(first, second) if first else None
    nodes = [n for n in map(whole, form.getlist("nodes")) if n is not None]
    try:
        made = flow_pk.prepare(
            year, unit, form.get("form", ""), actor(), parties=parties, nodes=nodes,
            reason=form.get("reason", "")[:500],
        )  # fmt: skip
    except Refused as refused:
        db.session.rollback()
        return _index(refused), 422
    db.session.commit()
    return redirect(url_for("sakip_pk.show", agreement_id=made.id))


def _found(agreement_id: int) -> Agreement:
    found = queries.agreement_for(actor(), agreement_id)
    if found is None:
        abort(404)
    return found


@bp.get("/sakip/pk/<int:agreement_id>")
@needs(Permission.SAKIP_READ)
def show(agreement_id: int) -> str:
    """Both pages as they print, with the steps that are open to the actor."""
    return _page(_found(agreement_id))


def _page(found: Agreement, refused: Refused | None = None) -> str:
    unit = people.unit_info(found.unit_id, people.today())
    gaps = ""
    if unit is not None and found.state in ("draf", "dikembalikan"):
        try:
            flow_pk.refuse_gaps(found, flow_pk.live_content(found), unit)
        except Refused as lacking:
            gaps = lacking.sentence
    return render_template(
        "sakip/pk.html", pk=found, pk_unit=unit, blocks=papers.agreement(found), gaps=gaps,
        labels=rules.PK_LABELS, forms=rules.PK_FORMS, verbs=queries.pk_verbs(actor(), found),
        refused=refused, typed=request.form if refused else {}, title=_title(found, unit),
        trail=queries.history(f"sakip:{found.year}", f"agreement:{found.id}"),
        writes=unit is not None and queries.writes(actor(), unit), today=people.today(),
        **scope.frame(found.year, unit, [unit] if unit else [], "sakip_pk.index"),
    )  # fmt: skip


def _title(found: Agreement, unit: UnitInfo | None) -> str:
    words = rules.title_of(found.number, found.year).title().replace("Ke-", "ke-")
    return f"{words} {unit.name if unit else ''}".strip()


@bp.post("/sakip/pk/<int:agreement_id>")
@needs(Permission.SAKIP_READ)
def act(agreement_id: int) -> Response | tuple[str, int]:
    """One step: put forward, confirm as first or second party, return, take back."""
    found = _found(agreement_id)
    form = request.form
    typed = form.get("on", "").strip()
    day = read_date(typed) if typed else None
    try:
        if typed and day is None:
            raise Refused(f"Tanggal “{typed[:30]}” tidak dikenal. Contoh: 12 Januari 2026.",
                          field="on")  # fmt: skip
        flow_pk.act(found, form.get("langkah", ""), whole(form.get("version", "")) or 0, actor(),
                    note=form.get("note", ""), on=day)  # fmt: skip
    except Refused as refused:
        db.session.rollback()
        return _page(_found(agreement_id), refused), 422
    db.session.commit()
    flash(f"Status: {rules.PK_LABELS[found.state]}.", "ok")
    return redirect(url_for("sakip_pk.show", agreement_id=agreement_id))


@bp.get("/sakip/pk/<int:agreement_id>/unduh.<ending>")
@needs(Permission.SAKIP_READ)
def download(agreement_id: int, ending: str) -> Response:
    """The Perjanjian Kinerja as PDF or DOCX; what is not agreed yet is marked KONSEP."""
    found = _found(agreement_id)
    if ending not in ("pdf", "docx"):
        abort(404)
    unit = people.unit_info(found.unit_id, people.today())
    agreed = found.state in ("disepakati", "diganti")
    made = scope.paper(_title(found, unit), papers.agreement(found), "" if agreed else "KONSEP")
    change = f"-Perubahan-{found.number}" if found.number else ""
    code = unit.code if unit else ""
    return outgoing.download(printed(made, ending), f"PK{change}_{found.year}_{code}.{ending}")


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
