"""Format Laporan: the editions, what nobody has confirmed of them, and the record of comparison."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.db import db
from portal.figures import catalogue
from portal.indonesian import read_date
from portal.outlines import flow, loader, queries
from portal.outlines.duties import DUTIES, ITEM
from portal.outlines.models import ComparisonRecord
from portal.outlines.parts import Part, Supplier
from portal.outlines.schema import Chapter, Edition, Section
from portal.people.refusal import Refused
from portal.people.rules import Permission
from portal.web.gate import actor, needs

bp = Blueprint("formats", __name__)

KIND_WORDS = {
    "narrative": "narasi", "table": "tabel", "budget": "tabel anggaran", "indicators": "IKK",
    "matrix": "matriks IKK", "picture": "gambar", "chart": "grafik", "computed": "kalimat hitungan",
    "list": "daftar",
}  # fmt: skip
SURE_WORDS = {"sure": "pasti", "likely": "besar kemungkinan", "guess": "dugaan"}


@dataclass(frozen=True)
class Line:
    """One line of the sistematika: a chapter, a section or a part."""

    depth: int
    title: str
    part: Part | None = None
    note: str = ""


@bp.get("/format")
@needs(Permission.FORMAT_READ)
def index() -> str:
    """All editions and whether somebody has compared them with the regulation."""
    rows = [
        (edition, queries.comparison(edition.kind, edition.code), queries.uncertain(edition))
        for edition in loader.current().all()
    ]
    return render_template("formats/index.html", rows=rows)


@bp.get("/format/<kind>/<code>")
@needs(Permission.FORMAT_READ)
def show(kind: str, code: str) -> str:
    """One edition: its basis, what is uncertain, its sistematika, the comparison."""
    return _page(_edition(kind, code))


@bp.post("/format/<kind>/<code>/pencocokan")
@needs(Permission.FORMAT_CONFIRM)
def compare(kind: str, code: str) -> Response | tuple[str, int]:
    """Record who compared the format with the annex, when and with which text."""
    edition = _edition(kind, code)
    form = request.form
    try:
        flow.record_comparison(
            kind, code, form.get("compared_by", ""), read_date(form.get("on", "")),
            form.get("against", ""), form.get("note", ""), actor(),
        )  # fmt: skip
    except Refused as refused:
        return _page(edition, refused), 422
    db.session.commit()
    flash("Pencocokan dicatat. Format ini tidak lagi dicetak sebagai DRAF.", "ok")
    return redirect(url_for("formats.show", kind=kind, code=code))


@bp.post("/format/<kind>/<code>/pencocokan/<int:record_id>/cabut")
@needs(Permission.FORMAT_CONFIRM)
def withdraw(kind: str, code: str, record_id: int) -> Response | tuple[str, int]:
    """Take a comparison back, with a reason."""
    edition = _edition(kind, code)
    row = queries.comparison_by_id(kind, code, record_id)
    if row is None:
        abort(404)
    try:
        flow.withdraw(row, request.form.get("why", ""), actor())
    except Refused as refused:
        return _page(edition, refused), 422
    db.session.commit()
    flash("Pencocokan dicabut. Format ini dicetak sebagai DRAF.", "ok")
    return redirect(url_for("formats.show", kind=kind, code=code))


@bp.get("/format/<kind>/<code>/rumusan/<key>")
@needs(Permission.FORMAT_READ)
def wording(kind: str, code: str, key: str) -> str:
    """One guessed wording: the guess, what was recorded, the form."""
    return _wording_page(_edition(kind, code), key)


@bp.post("/format/<kind>/<code>/rumusan/<key>")
@needs(Permission.FORMAT_CONFIRM)
def save_wording(kind: str, code: str, key: str) -> Response | tuple[str, int]:
    """Record the official wording with its basis."""
    edition = _edition(kind, code)
    _one(edition, key)
    try:
        flow.record_wording(
            kind, code, key, request.form.get("text", ""), request.form.get("basis", ""), actor()
        )
    except Refused as refused:
        return _wording_page(edition, key, refused), 422
    db.session.commit()
    flash("Rumusan resmi dicatat.", "ok")
    return redirect(url_for("formats.show", kind=kind, code=code) + "#rumusan")


def _edition(kind: str, code: str) -> Edition:
    try:
        return loader.current().edition(kind, code)
    except LookupError:
        abort(404)


def _one(edition: Edition, key: str) -> queries.Uncertain:
    for each in queries.uncertain(edition):
        if each.key == key:
            return each
    abort(404)


def _page(edition: Edition, refused: Refused | None = None) -> str:
    compared: ComparisonRecord | None = queries.comparison(edition.kind, edition.code)
    guesses = queries.uncertain(edition)
    return render_template(
        "formats/show.html", edition=edition, compared=compared,
        records=queries.comparisons(edition.kind, edition.code), guesses=guesses,
        open_guesses=sum(not g.done for g in guesses), lines=_lines(edition),
        may_confirm=actor().may(Permission.FORMAT_CONFIRM), refused=refused,
        form=request.form, kind_words=KIND_WORDS, sure_words=SURE_WORDS,
        supplier=_supplier_words,
    )  # fmt: skip


def _wording_page(edition: Edition, key: str, refused: Refused | None = None) -> str:
    return render_template(
        "formats/wording.html", edition=edition, one=_one(edition, key), refused=refused,
        past=queries.history(edition.kind, edition.code, key), form=request.form,
        may_confirm=actor().may(Permission.FORMAT_CONFIRM),
    )  # fmt: skip


def _lines(edition: Edition) -> list[Line]:
    """The sistematika as lines, in the order of the book."""
    out: list[Line] = []

    def parts(owner: Chapter | Section, depth: int) -> None:
        out.extend(Line(depth, part.title, part) for part in owner.parts)

    def walk(sections: tuple[Section, ...], depth: int) -> None:
        for section in sections:
            note = f"berulang per {section.repeat.over}" if section.repeat else ""
            out.append(Line(depth, section.title, note=note))
            parts(section, depth + 1)
            walk(section.sections, depth + 1)

    for chapter in edition.chapters:
        label = chapter.title if chapter.annex else f"BAB {chapter.label} {chapter.title}"
        out.append(Line(0, label))
        parts(chapter, 1)
        walk(chapter.sections, 1)
    return out


def _supplier_words(supplier: Supplier) -> str:
    if supplier.kinds:
        return f"tiap {', '.join(supplier.kinds)}"
    duty = supplier.duty or ""
    main = "pengampu butirnya" if duty == ITEM else DUTIES.get(duty, duty)
    helpers = ", ".join(DUTIES.get(each, each) for each in supplier.support)
    return f"{main}; dibantu {helpers}" if helpers else main


def init_app(app: Flask) -> None:
    """Refuse to start with a wrong outline; register the blueprint."""
    templates = app.config["SELARAS"].templates
    with app.app_context():
        loader.load_all(templates, catalogue.current())
    app.register_blueprint(bp)
