"""Pendampingan dan permintaan data: the letter, two consents, the link, the register of packs."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import store
from portal.chronology import queries as chronology
from portal.contracts.flow import Refused
from portal.contracts.models import Contract
from portal.counsel import flow, queries, rules
from portal.counsel.models import Assistance
from portal.db import db
from portal.documents.naming import safe
from portal.people.queries import today
from portal.people.rules import Permission, Role
from portal.trail import flow as trail
from portal.web import chronology_paper
from portal.web.contract_parts import (
    REFUSALS,
    contract_or_404,
    day_of,
    manages,
    number_of,
    worked,
)
from portal.web.gate import actor, needs
from portal.web.outgoing import download

bp = Blueprint("counsel", __name__)


def _found(access_id: int) -> Assistance:
    found = queries.found_for(actor(), access_id)
    if found is None:
        abort(404)
    return found


@bp.get("/pendampingan")
@needs(Permission.CONTRACT_READ)
def index() -> str:
    """Accesses and the register of packs."""
    found = queries.listed(actor())
    ids = {c.contract_id for a in found for c in a.contracts}
    return render_template("counsel/index.html", found=found, known=queries.contracts_of(ids),
                           kinds=rules.KINDS, word=rules.word, today=today())  # fmt: skip


@bp.get("/kontrak/<int:contract_id>/pendampingan")
@needs(Permission.CONTRACT_READ)
def new(contract_id: int) -> str:
    """The letter as a form."""
    return _form(contract_or_404(contract_id))


def _form(contract: Contract, error: str = "") -> str:
    return render_template("counsel/new.html", contract=contract, kinds=rules.KINDS, error=error,
                           typed=request.form, may=_may(contract), today=today())  # fmt: skip


def _may(contract: Contract) -> bool:
    return manages(actor(), contract) or contract.unit_id in actor().units(Role.KEPALA)


@bp.post("/kontrak/<int:contract_id>/pendampingan")
@needs(Permission.CONTRACT_READ)
def save(contract_id: int) -> Response | tuple[str, int]:
    """Enter the letter."""
    contract = contract_or_404(contract_id)
    if not _may(contract):
        abort(403)
    form = request.form
    try:
        made = flow.ask(
            flow.NewAssistance(
                form.get("jenis", ""), form.get("penerima", ""), form.get("nomor", ""),
                day_of("tanggal", "Tanggal surat"), form.get("penanda", ""),
                form.get("tujuan", ""), day_of("dari", "Berlaku dari"),
                day_of("sampai", "Berlaku sampai"),
            ),
            _contracts(contract, form.get("lain", "")), actor(),
        )  # fmt: skip
    except REFUSALS as refusal:
        db.session.rollback()
        return _form(contract_or_404(contract_id), str(refusal)), 422
    db.session.commit()
    flash("Tercatat. Menunggu persetujuan PA dan diketahui Inspektur.", "ok")
    return redirect(url_for("counsel.show", access_id=made.id))


def _contracts(contract: Contract, others: str) -> list[Contract]:
    """The contract and others of the same unit, named by their numbers."""
    out = [contract]
    for line in filter(None, (x.strip() for x in others.splitlines())):
        found = db.session.query(Contract).filter_by(unit_id=contract.unit_id, number=line).first()
        if found is None:
            raise Refused(f"Kontrak nomor {line[:80]} tidak ada di perangkat daerah ini.")
        if found not in out:
            out.append(found)
    return out


@bp.get("/pendampingan/<int:access_id>")
@needs(Permission.CONTRACT_READ)
def show(access_id: int) -> str:
    """One access: its basis, who agreed, what was handed out, who looked."""
    return _page(_found(access_id))


def _page(access: Assistance, link: tuple[str, str] | None = None, error: str = "") -> str:
    me = actor()
    return render_template(
        "counsel/show.html", a=access, known=queries.contracts_of([c.contract_id for c in
                                                                  access.contracts]),
        kinds=rules.KINDS, word=rules.word(access, today()), open=rules.is_open(access, today()),
        head=access.unit_id in me.units(Role.KEPALA), inspektur=queries.is_inspektur(me),
        keeps=_keeps(access), link=link, error=error, today=today(),
    )  # fmt: skip


def _keeps(access: Assistance) -> bool:
    """Who hands out links and packs: PPK, PPTK or kepala of the unit."""
    return access.unit_id in actor().units(Role.KEPALA, Role.PPK, Role.PPTK)


@bp.post("/pendampingan/<int:access_id>/<any(setujui, ketahui, cabut):act>")
@needs(Permission.CONTRACT_ANSWER)
def decide(access_id: int, act: str) -> Response:
    """PA agrees, Inspektur knows, either ends it."""
    access = _found(access_id)
    try:
        {"setujui": flow.approve, "ketahui": flow.know, "cabut": flow.withdraw}[act](
            access, actor()
        )
    except PermissionError:
        abort(403)
    db.session.commit()
    flash("Tercatat.", "ok")
    return redirect(url_for("counsel.show", access_id=access_id))


@bp.post("/pendampingan/<int:access_id>/tautan")
@needs(Permission.CONTRACT_READ)
def link(access_id: int) -> str | tuple[str, int]:
    """A new link and its password, shown this once."""
    access = _found(access_id)
    if not _keeps(access):
        abort(403)
    try:
        secret, password = flow.make_link(access, actor())
    except Refused as refusal:
        return _page(access, error=str(refusal)), 422
    db.session.commit()
    return _page(access, (url_for("counsel_guest.enter", secret=secret, _external=True), password))


@bp.post("/pendampingan/<int:access_id>/paket")
@needs(Permission.CONTRACT_READ)
def pack(access_id: int) -> Response | tuple[str, int]:
    """Make a numbered pack of one contract, marked with recipient and letter."""
    access = _found(access_id)
    if not _keeps(access):
        abort(403)
    chosen = number_of(request.form.get("kontrak", ""))
    contract = db.session.get(Contract, chosen)
    if contract is None or chosen not in {c.contract_id for c in access.contracts}:
        abort(404)
    if access.kind != "permintaan" or not rules.is_open(access, today()):
        return _page(access, error="Paket diterbitkan setelah disetujui PA, diketahui Inspektur, "
                     "dan pada masanya."), 422  # fmt: skip
    n = flow.next_number()
    number = f"PKT-{n:03d}/{today().year}"
    words = f"{number}, untuk {access.recipient}, surat {access.letter_no}"
    found = chronology.of(contract, today())
    made = chronology_paper.outside(found, today(), worked(), words,
                                    f"{access.recipient} {access.letter_no}")  # fmt: skip
    flow.issue(access, contract, chronology_paper.printed(made, "pdf"), n,
               f"Paket_{safe(number)}_{safe(contract.number)}.pdf", actor())  # fmt: skip
    db.session.commit()
    flash(f"Paket {number} terbit dan tercatat di register.", "ok")
    return redirect(url_for("counsel.show", access_id=access_id))


@bp.get("/pendampingan/<int:access_id>/paket/<int:pack_id>")
@needs(Permission.CONTRACT_READ)
def file(access_id: int, pack_id: int) -> Response:
    """The bytes of a pack, while its access is open."""
    access = _found(access_id)
    found = queries.pack_of(access, pack_id, today())
    if found is None:
        abort(404)
    data = store.read(found.sha256)
    trail.record(f"contract:{found.contract_id}", f"paket {found.number} diunduh",
                 f"assistance:{access.id}", actor())  # fmt: skip
    db.session.commit()
    return download(data, found.name)


def init_app(app: Flask) -> None:
    """Register the blueprint; every contract page knows whether somebody outside reads it."""
    app.register_blueprint(bp)
    app.jinja_env.globals["pendampingan"] = lambda contract_id: queries.open_on(
        contract_id, today()
    )
