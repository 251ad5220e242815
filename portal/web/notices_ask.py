"""Permintaan penjelasan and Naskah surat: asked by leaders, answered by kepala PD."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.contracts.models import Contract
from portal.db import db
from portal.documents import papers
from portal.notices import flow_explain, flow_letters, queries
from portal.notices.models import LetterDraft
from portal.people import queries as people
from portal.people.models import Unit
from portal.people.refusal import Refused
from portal.people.rules import Permission
from portal.web import notices_paper
from portal.web.admin_forms import chosen, found, maybe_day, text
from portal.web.gate import actor, needs
from portal.web.kept import local_path
from portal.web.outgoing import download

bp = Blueprint("notices_ask", __name__)


@bp.get("/penjelasan")
@needs(Permission.SELF)
def index() -> str:
    """Questions that the actor asked or answers."""
    return render_template("notices/questions.html", asked=queries.explanations_for(actor()),
                           today=people.today())  # fmt: skip


def _one(explanation_id: int, refusal: Refused | None = None) -> str:
    asked = queries.explanation_for(actor(), explanation_id)
    if asked is None:
        abort(404)
    return render_template("notices/question.html", asked=asked, q=asked.row, refusal=refusal,
                           typed=request.form if refusal else {}, today=people.today())  # fmt: skip


@bp.get("/penjelasan/<int:explanation_id>")
@needs(Permission.SELF)
def show(explanation_id: int) -> str:
    """One question with its answer, or the form for it."""
    return _one(explanation_id)


@bp.post("/penjelasan/<int:explanation_id>")
@needs(Permission.SELF)
def answer(explanation_id: int) -> Response | tuple[str, int]:
    """Three fields: sebab, tindak lanjut, perkiraan selesai."""
    asked = queries.explanation_for(actor(), explanation_id)
    if asked is None:
        abort(404)
    if not asked.mine:
        abort(403)
    try:
        flow_explain.answer(asked.row, text("cause"), text("action"),
                            maybe_day("promised_on", "Perkiraan selesai"), actor())  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        return _one(explanation_id, refusal), 422
    db.session.commit()
    flash("Penjelasan terkirim kepada yang meminta. Terima kasih.", "ok")
    return redirect(url_for("notices_ask.show", explanation_id=explanation_id))


@bp.post("/penjelasan/minta")
@needs(Permission.SELF)
def ask() -> Response | tuple[str, int]:
    """Minta penjelasan: pimpinan and the Sekda ask the kepala of a Perangkat Daerah."""
    if not queries.leads(actor()):
        abort(403)
    unit = found(Unit, chosen("unit_id"))
    contract = found(Contract, chosen("contract_id")) if text("contract_id") else None
    subject = text("subject") or f"unit:{unit.id}"
    try:
        if len(subject) > 80 or ":" not in subject:
            raise Refused("Hal yang ditanyakan tidak dikenal. Muat ulang halaman asalnya.")
        made = flow_explain.ask(
            subject, unit.id, text("question"), actor(), contract.id if contract else None,
            f"/kontrak/{contract.id}" if contract else "",
        )  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        flash(str(refusal), "error")
        if text("next"):
            return redirect(local_path(text("next")))
        asked = queries.explanations_for(actor())
        return render_template("notices/questions.html", asked=asked, today=people.today()), 422
    made_id = made.id
    db.session.commit()
    flash("Permintaan penjelasan terkirim kepada kepala perangkat daerah.", "ok")
    if text("next"):
        return redirect(local_path(text("next")))
    return redirect(url_for("notices_ask.show", explanation_id=made_id))


def _letters(refusal: Refused | None = None, letter_id: int = 0) -> str:
    return render_template("notices/letters.html", letters=queries.letters(), refusal=refusal,
                           wrong=letter_id, typed=request.form if refusal else {},
                           decisions=flow_letters.DECISIONS)  # fmt: skip


def _leader() -> None:
    if not queries.leads(actor()):
        abort(404)


@bp.get("/naskah-surat")
@needs(Permission.SELF)
def letters() -> str:
    """Drafts that wait for the Sekda's decision; for others the page does not exist."""
    _leader()
    return _letters()


@bp.get("/naskah-surat/<int:letter_id>.docx")
@needs(Permission.SELF)
def letter(letter_id: int) -> Response:
    """The draft as Word; number, date and signature stay empty."""
    _leader()
    draft = found(LetterDraft, letter_id)
    data = papers.printed(notices_paper.letter(draft, people.today()), "docx")
    name = notices_paper.letter_name(draft, people.today())
    return download(data, name)


@bp.post("/naskah-surat/<int:letter_id>")
@needs(Permission.SELF)
def decide(letter_id: int) -> Response | tuple[str, int]:
    """The decision, once."""
    _leader()
    draft = found(LetterDraft, letter_id)
    try:
        flow_letters.decide(draft, text("decision"), text("note"), actor())
    except Refused as refusal:
        db.session.rollback()
        return _letters(refusal, letter_id), 422
    db.session.commit()
    flash("Keputusan tercatat.", "ok")
    return redirect(url_for("notices_ask.letters"))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
