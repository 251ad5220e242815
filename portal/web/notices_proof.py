"""Bukti pemberitahuan of one contract: on the screen, as PDF and as DOCX."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, render_template
from werkzeug.wrappers import Response

from portal.contracts import queries as contracts
from portal.contracts.models import Contract
from portal.documents import papers
from portal.notices import queries
from portal.people import queries as people
from portal.people.rules import Permission
from portal.web import notices_paper
from portal.web.contract_parts import tabs
from portal.web.gate import actor, needs
from portal.web.outgoing import download

bp = Blueprint("notices_proof", __name__, url_prefix="/kontrak")


def _contract(contract_id: int) -> Contract:
    found = contracts.contract_for(actor(), contract_id)
    if found is None:
        abort(404)
    return found


@bp.get("/<int:contract_id>/bukti-pemberitahuan")
@needs(Permission.CONTRACT_READ)
def show(contract_id: int) -> str:
    """What was told about the contract, to which jabatan, and what became of it."""
    contract = _contract(contract_id)
    return render_template("notices/proof.html", contract=contract,
                           proof=queries.proof(contract_id),
                           tabs=tabs(), words=queries.STATE_WORDS, doubt=queries.DOUBT)  # fmt: skip


@bp.get("/<int:contract_id>/bukti-pemberitahuan.<any(pdf, docx):kind>")
@needs(Permission.CONTRACT_READ)
def paper(contract_id: int, kind: str) -> Response:
    """The same on paper."""
    contract = _contract(contract_id)
    today = people.today()
    made = notices_paper.proof_paper(contract.number, queries.proof(contract_id), today)
    name = notices_paper.proof_name(contract.number, today)
    return download(papers.printed(made, kind), f"{name}.{kind}")


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
