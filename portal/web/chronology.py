"""Berkas kronologi of one contract: on the screen, as PDF and DOCX; every look is recorded."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Flask, render_template
from werkzeug.wrappers import Response

from portal.chronology import queries, rules
from portal.contracts.kinds import HOLDER_LABELS
from portal.contracts.models import Contract
from portal.db import db
from portal.desks.kinds import REASONS
from portal.people.queries import today
from portal.people.rules import Actor, Permission
from portal.trail import flow as trail
from portal.web import chronology_paper, chronology_words
from portal.web.contract_parts import contract_or_404, tabs, worked
from portal.web.gate import actor, needs
from portal.web.outgoing import download

bp = Blueprint("chronology", __name__, url_prefix="/kontrak")


@bp.get("/<int:contract_id>/kronologi")
@needs(Permission.CONTRACT_READ)
def show(contract_id: int) -> str:
    """The contract from beginning to now, and whether its record is whole."""
    contract = contract_or_404(contract_id)
    found = queries.of(contract, today())
    taken = queries.taken(contract_id)
    trail.record(f"contract:{contract_id}", queries.VIEWED, f"contract:{contract_id}", actor())
    db.session.commit()
    return render_template(
        "chronology/show.html", contract=contract, tabs=tabs(), found=found, taken=taken,
        holders=HOLDER_LABELS, reasons=REASONS, code=rules.code,
        plans=chronology_words.plans_words, titles={s.id: s.title for s in contract.steps},
    )  # fmt: skip


@bp.get("/<int:contract_id>/kronologi.<any(pdf, docx):kind>")
@needs(Permission.CONTRACT_READ)
def paper(contract_id: int, kind: str) -> Response:
    """The chronology as a file."""
    data, name = make(contract_or_404(contract_id), kind, actor())
    db.session.commit()
    return download(data, name)


def make(contract: Contract, kind: str, who: Actor) -> tuple[bytes, str]:
    """The bytes and their name; that it was made is in the record. The caller commits."""
    made = chronology_paper.paper(queries.of(contract, today()), today(), worked())
    data = chronology_paper.printed(made, kind)
    name = f"{chronology_paper.name_of(contract)}.{kind}"
    trail.record(f"contract:{contract.id}", queries.TAKEN, f"contract:{contract.id}", who, None,
                 {"nama": name, "sha256": hashlib.sha256(data).hexdigest()})  # fmt: skip
    return data, name


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
