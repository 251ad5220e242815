"""Pemeriksaan Isian: contradictions between all reports of a year, exceptions, Lampiran Kerja."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from portal.checks import flow, marks, printed, queries, spec
from portal.checks.models import CheckException
from portal.checks.rules import SEVERITY_WORDS
from portal.db import db
from portal.documents import papers, worksheet
from portal.figures import catalogue
from portal.figures import queries as figures
from portal.figures import rules as figure_rules
from portal.lke import queries as lke
from portal.people import queries as people
from portal.people.rules import Actor, Permission
from portal.reports import carriers, figures_bridge
from portal.reports import queries as reports
from portal.reports.models import Entry
from portal.reports.refusal import Refused
from portal.sakip import queries as sakip
from portal.web.gate import actor, needs
from portal.web.incoming import whole
from portal.web.outgoing import download

bp = Blueprint("checks", __name__)

KINDS = {"lppd": "LPPD", "lkpj": "LKPJ", "spm": "SPM", "sakip": "LKjIP"}


@bp.get("/pemeriksaan")
@needs(Permission.ENTRY_READ)
def index() -> BaseResponse | str:
    """The notes of the newest year that has reports."""
    found = queries.years()
    if not found:
        return render_template("checks/none.html")
    return redirect(url_for("checks.show", year=found[0]))


@bp.get("/pemeriksaan/<int:year>")
@needs(Permission.ENTRY_READ)
def show(year: int) -> str:
    """All notes that the actor can settle, by Perangkat Daerah, weight and report."""
    return _page(year)


def _page(year: int, problem: str = "", typed: str = "", at: str = "") -> str:
    if year not in queries.years():
        abort(404)
    result = queries.check_year(year)
    seen = queries.visible(actor(), result.open)
    unit, weight = request.values.get("pd", ""), request.values.get("berat", "")
    kind, rule = request.values.get("laporan", ""), request.values.get("aturan", "")
    notes = [
        n for n in seen
        if (not unit or unit in n.settlers) and (not weight or n.severity == weight)
        and (not kind or kind in n.kinds) and (not rule or n.rule == rule)
    ]  # fmt: skip
    codes = {code for n in seen for code in n.settlers}
    excepted = result.excepted if actor().roles & queries.ALL_SEE else ()
    return render_template(
        "checks/show.html", year=year, years=queries.years(), notes=notes, total=len(seen),
        blocking=sum(n.blocks for n in seen), excepted=excepted, names=result.sheet.unit_names,
        units=sorted(codes), rules=spec.rules(), words=SEVERITY_WORDS, kinds=KINDS,
        chosen={"pd": unit, "berat": weight, "laporan": kind, "aturan": rule},
        settles=_settles(), page_of=page_of, problem=problem, typed=typed, at=at, actor=actor(),
    )  # fmt: skip


#: Pages of what is no isian: word of the address -> endpoint, name of its number, its reader.
PAGES: dict[str, tuple[str, str, Callable[[Actor, int], object | None]]] = {
    "indikator": ("sakip.indicator", "indicator_id", sakip.indicator_for),
    "pk": ("sakip_pk.show", "agreement_id", sakip.agreement_for),
    "lke": ("lke.show", "evaluation_id", lke.evaluation_for),
}


def page_of(address: str, year: int) -> str:
    """Where a place of SAKIP is seen and mended; "" for a reader who has no page of it."""
    word, _, number = address.partition(":")
    if not number or not actor().may(Permission.SAKIP_READ):
        return ""
    if word in PAGES:
        endpoint, name, seen_by = PAGES[word]
        if seen_by(actor(), int(number)) is None:
            return ""
        values: dict[str, Any] = {name: int(number)}
        return url_for(endpoint, **values)
    code = next((u.code for u in people.units_on(people.today()) if u.id == int(number)), "")
    if word == "renaksi":
        return url_for("sakip_plan.plan", tahun=year, unit=code)
    return url_for("budget.index", tahun=year, unit=code)


def _settles() -> bool:
    return actor().may(Permission.REPORT_MANAGE)


@bp.post("/pemeriksaan/<int:year>/kecualikan")
@needs(Permission.REPORT_MANAGE)
def except_(year: int) -> BaseResponse | tuple[str, int]:
    """Dikecualikan dengan alasan."""
    form = request.form
    note_id, reason = form.get("catatan", ""), form.get("alasan", "")
    note = next((n for n in queries.check_year(year).open if n.id == note_id), None)
    if note is None:
        return _page(year, "Catatan ini sudah tidak ada; angkanya mungkin sudah diperbaiki."), 409
    try:
        if not set(note.kinds) & actor().region_wide:
            raise Refused("Pengecualian diputuskan oleh sekretariat penyusun laporan itu.")
        flow.except_note(year, note, form.get("cetak", ""), reason, actor())
        db.session.commit()
    except Refused as no:
        db.session.rollback()
        return _page(year, no.sentence, reason, note_id), 409 if no.stale else 422
    flash("Dikecualikan. Alasannya tercetak pada Lampiran Kerja, tidak pada laporan.", "ok")
    return redirect(url_for("checks.show", year=year))


@bp.post("/pemeriksaan/kecuali/<int:exception_id>/cabut")
@needs(Permission.REPORT_MANAGE)
def withdraw(exception_id: int) -> BaseResponse:
    """Take an exception back."""
    row = db.session.get(CheckException, exception_id)
    if row is None:
        abort(404)
    try:
        flow.withdraw(row, actor())
        db.session.commit()
        flash("Pengecualian dicabut; catatan itu terbuka lagi.", "ok")
    except Refused as no:
        db.session.rollback()
        flash(no.sentence, "warn")
    return redirect(url_for("checks.show", year=row.year))


@bp.get("/pemeriksaan/<int:year>/lampiran-kerja.<ending>")
@needs(Permission.REPORT_MANAGE)
def annex(year: int, ending: str) -> Response:
    """Lampiran Kerja (tidak untuk dipublikasikan): exceptions with reason and person."""
    if ending not in ("docx", "pdf") or year not in queries.years():
        abort(404)
    result = queries.check_year(year)
    document = worksheet.document(result, people.today())
    return download(papers.printed(document, ending),
                    f"Lampiran Kerja {year} (tidak untuk dipublikasikan).{ending}")  # fmt: skip


@bp.get("/data/pemakaian")
@needs(Permission.FIGURES_READ)
def reuse() -> str:
    """Where each datum is used: the reuse matrix and the SPM-IKK overlap, with their sources."""
    return render_template("checks/reuse.html", reuse=spec.reuse())


# --- perlu ditinjau ulang -------------------------------------------------------------------


@bp.get("/tinjau-ulang")
@needs(Permission.ENTRY_READ)
def again() -> str:
    """Isian whose figures changed after they were verified."""
    wanted = request.args.get("laporan", "")
    found = marks.open_marks(actor(), whole(wanted))
    groups: dict[int, list[marks.Mark]] = {}
    for mark in found:
        groups.setdefault(mark.entry.id, []).append(mark)
    return render_template(
        "checks/again.html", groups=list(groups.values()), report_title=reports.report_title,
    )  # fmt: skip


@bp.post("/isian/<int:entry_id>/sudah-ditinjau")
@needs(Permission.ENTRY_READ)
def settled(entry_id: int) -> BaseResponse:
    """The isian stands with the new figures."""
    entry = reports.entry_for(actor(), entry_id)
    if entry is None:
        abort(404)
    try:
        count = marks.settle(entry, actor())
        db.session.commit()
        flash(f"Ditandai sudah ditinjau ulang: {count} perubahan angka.", "ok")
    except Refused as no:
        db.session.rollback()
        flash(no.sentence, "warn")
    return redirect(url_for("checks.again"))


# --- chips ----------------------------------------------------------------------------------


@bp.get("/isian/<int:entry_id>/angka")
@needs(Permission.ENTRY_READ)
def figures_for(entry_id: int) -> Response:
    """Figures that the editor offers as chips: ``{"figures": [{"ref", "title", "value"}]}``."""
    entry = reports.entry_for(actor(), entry_id)
    if entry is None:
        abort(404)
    return jsonify(figures=offered(entry, request.args.get("cari", "")))


def offered(entry: Entry, wanted: str, most: int = 20) -> list[dict[str, str]]:
    """Elements and indicators whose title holds all words of ``wanted``, with present values."""
    words = wanted.casefold().split()
    book, period = catalogue.current(), figures_bridge.period_of(entry.report)
    last = figures.previous_period(period)
    hits: list[tuple[str, str]] = [
        (f"i.{i.key}", f"{i.no} {i.shown_title} ({i.unit})")
        for i in book.of(year=entry.report.year) if i.level != "keluaran"
    ]  # fmt: skip
    hits += [(e.key, f"{e.title} ({e.unit})") for e in book.elements.values()]
    hits = [h for h in hits if all(w in h[1].casefold() for w in words)][:most]
    keys = {k for key, _ in hits for k in (
        book.indicators[key[2:]].elements if key.startswith("i.") else (key,))}  # fmt: skip
    found = figures.values_of(sorted(keys), [period, last], entry.report.owner_unit_id)
    unsent = carriers.unsent(entry, [book.elements[k] for k in keys if k in book.elements])
    out = []
    for key, title in hits:
        asked = book.indicators[key[2:]].elements if key.startswith("i.") else (key,)
        if unsent.intersection(asked):
            value = "belum dikirim"
        elif key.startswith("i."):
            one = book.indicators[key[2:]]
            value = figure_rules.evaluate(one, found[period], found[last], book.elements).text
        else:
            value = figure_rules.show_view(found[period].get(key), book.elements[key])
        out.append({"ref": f"{key}|{period}", "title": title, "value": value})
    return out


def printed_line(key: str, year: int) -> str:
    """``LPPD II.2.2, SPM II.3``: where an element is printed; the index is read once a request."""
    held: dict[int, printed.Index] = g.setdefault("printed_index", {})
    if year not in held:
        held[year] = printed.index(year)
    return printed.line(held[year].of_element(key))


def init_app(app: Flask) -> None:
    """Register the blueprint and what other pages show of it."""
    app.register_blueprint(bp)
    app.add_template_global(marks.of_entry, "tinjau_ulang")
    app.add_template_global(lambda report_id=None: marks.count_open(actor(), report_id),
                            "jumlah_tinjau")  # fmt: skip
    app.add_template_global(printed_line, "dicetak_di")
