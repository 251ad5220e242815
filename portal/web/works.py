"""Pekerjaan dan kurva-S, and the money of a contract: items, weeks, photos, bills, terms."""

from __future__ import annotations

import io
from decimal import Decimal

from flask import (
    Blueprint,
    Flask,
    abort,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response

from portal import store, uploads
from portal.contracts import queries as contracts
from portal.contracts import terms
from portal.contracts.models import Contract, StepState
from portal.db import db
from portal.documents import papers
from portal.indonesian import read_number
from portal.people.queries import today
from portal.people.rules import Permission
from portal.web import work_papers
from portal.web.contract_parts import (
    REFUSALS,
    contract_or_404,
    day_of,
    managed_or_403,
    manages,
    number_of,
    rupiah_of,
    tabs,
    worked,
)
from portal.web.gate import actor, needs
from portal.web.outgoing import download
from portal.works import drawing, flow, photos, queries, rules
from portal.works.models import Photo, Progress

bp = Blueprint("works", __name__)
KIND_WORDS = {
    "a": "rencana sampai batas, tertinggal lebih dari ambang",
    "b": "rencana di atas batas, tertinggal lebih dari ambang",
    "c": "tertinggal dan akan melampaui 31 Desember",
}


def _changes(contract: Contract) -> bool:
    return manages(actor(), contract) and actor().may(Permission.CONTRACT_WRITE)


@bp.get("/kontrak/<int:contract_id>/pekerjaan")
@needs(Permission.CONTRACT_READ)
def index(contract_id: int) -> str:
    """Items, kurva-S, weeks."""
    return _page(contract_or_404(contract_id))


def _page(contract: Contract, error: str = "") -> str:
    found = queries.items(contract.id)
    reports = queries.reports(contract.id)
    state = queries.standing(contract, today(), reports)
    last = reports[-1] if reports else None
    week = min(max(rules.week_of(contract.starts_on, today()), 1), state.weeks + 60)
    return render_template(
        "works/index.html", contract=contract, tabs=tabs(), items=found, reports=reports,
        weights=rules.weights(queries.plain(found)), state=state, error=error,
        curve=drawing.curve(state), words=drawing.words(state), last=last, week=week,
        kind=KIND_WORDS.get(state.critical, ""), notes=queries.notes(contract.id),
        may=_changes(contract), typed=request.form, ppk=_is_ppk(contract),
        lines=_lines(found), accept=uploads.accept_list(uploads.PICTURES),
        chain=contracts.step_views(queries.warnings(contract), today(), worked()),
        drafts=queries.WARNINGS, photo_words=photos.words,
        going=any(s.state == StepState.OPEN for s in queries.warnings(contract)),
    )  # fmt: skip


def _lines(found: list) -> str:  # type: ignore[type-arg]  # WorkItem rows
    return "\n".join(
        f"{i.name}; {i.value:.2f}; {i.first_week}; {i.last_week}".replace(".", ",") for i in found
    )


def _is_ppk(contract: Contract) -> bool:
    mine = {h.position_id for h in actor().holdings}
    return any(r.role == "ppk" and r.position_id in mine for r in contract.roles)


def _refused(contract_id: int, refusal: Exception) -> tuple[str, int]:
    db.session.rollback()
    return _page(contract_or_404(contract_id), str(refusal)), 422


def _back(contract_id: int, words: str, endpoint: str = "works.index") -> Response:
    db.session.commit()
    flash(words, "ok")
    return redirect(url_for(endpoint, contract_id=contract_id))


@bp.post("/kontrak/<int:contract_id>/pekerjaan")
@needs(Permission.CONTRACT_WRITE)
def plan(contract_id: int) -> Response | tuple[str, int]:
    """Work items pasted from Excel."""
    contract = managed_or_403(contract_id)
    try:
        weeks = max(rules.weeks_of(contract.starts_on, contract.ends_on), 1)
        items = flow.read_items(request.form.get("pekerjaan", "")[:60_000], weeks)
        flow.plan_work(contract, items, actor())
    except REFUSALS as refusal:
        return _refused(contract_id, refusal)
    return _back(contract_id, "Rincian pekerjaan tersimpan.")


@bp.post("/kontrak/<int:contract_id>/realisasi")
@needs(Permission.CONTRACT_WRITE)
def progress(contract_id: int) -> Response | tuple[str, int]:
    """What each item has reached, with photos."""
    contract = managed_or_403(contract_id)
    try:
        row = flow.report_progress(
            contract, number_of(request.form.get("minggu", "")), _percents(contract),
            request.form.get("catatan", ""), actor(),
        )  # fmt: skip
        for upload in request.files.getlist("foto")[:6]:
            if upload.filename:
                flow.add_photo(row, upload.read(), upload.filename)
    except REFUSALS as refusal:
        return _refused(contract_id, refusal)
    return _back(contract_id, f"Realisasi minggu ke-{row.week} tersimpan.")


def _percents(contract: Contract) -> dict[int, Decimal]:
    out = {}
    for item in queries.items(contract.id):
        text = request.form.get(f"p{item.position}", "").strip()
        read = read_number(text or "0")
        if read.value is None or not read.sure:
            raise flow.Refused(f"Realisasi {item.name} belum benar. Contoh: 37,5")
        out[item.position] = read.value
    return out


@bp.get("/kontrak/<int:contract_id>/foto/<int:photo_id>")
@needs(Permission.CONTRACT_READ)
def photo(contract_id: int, photo_id: int) -> Response:
    """One photo of the work, without what the camera wrote into it."""
    contract = contract_or_404(contract_id)
    row = db.session.get(Photo, photo_id)
    week = db.session.get(Progress, row.progress_id) if row else None
    if row is None or week is None or week.contract_id != contract.id:
        abort(404)
    media = "image/png" if row.name.endswith(".png") else "image/jpeg"
    return send_file(io.BytesIO(store.read(row.sha256)), mimetype=media, download_name=row.name)


@bp.post("/kontrak/<int:contract_id>/kritis")
@needs(Permission.CONTRACT_WRITE)
def critical(contract_id: int) -> Response | tuple[str, int]:
    """The PPK, and nobody else, declares a contract kritis."""
    contract = contract_or_404(contract_id)
    if not _is_ppk(contract):
        abort(403)
    try:
        flow.declare_critical(contract, request.form.get("nomor", ""), actor())
    except REFUSALS as refusal:
        return _refused(contract_id, refusal)
    return _back(contract_id, "Pernyataan kontrak kritis tercatat; rangkaian SCM dan SP dibuka.")


@bp.get("/kontrak/<int:contract_id>/naskah/<any(kurva,scm,sp):paper>.<any(pdf,docx):ending>")
@needs(Permission.CONTRACT_READ)
def paper(contract_id: int, paper: str, ending: str) -> Response:
    """Kurva-S as a paper; the drafts of SCM minutes and of SP I-III to the penyedia."""
    contract = contract_or_404(contract_id)
    stage = min(max(number_of(request.args.get("ke", "1")), 1), 3)
    made = work_papers.make(contract, paper, stage, today())
    name = f"{made.title} {contract.number}".replace("/", "-")
    return download(papers.printed(made, ending), f"{name}.{ending}")


# --- money --------------------------------------------------------------------------------------


@bp.get("/kontrak/<int:contract_id>/uang")
@needs(Permission.CONTRACT_READ)
def money(contract_id: int) -> str:
    """Bills, uang muka, fine, terms."""
    return _money(contract_or_404(contract_id))


def _money(contract: Contract, error: str = "") -> str:
    found = queries.money(contract)
    return render_template(
        "works/money.html", contract=contract, tabs=tabs(), money=found, error=error,
        fine=queries.simulated_fine(contract, today()), terms=queries.own_terms(contract),
        units=terms.UNITS, may=_changes(contract), ppk=_is_ppk(contract), typed=request.form,
        today=today(), chance=rules.chance_ends(
            queries.base_end(contract), int(queries.own_terms(contract)["kesempatan"].value)),
        progress=queries.standing(contract, today()).actual,
    )  # fmt: skip


def _money_refused(contract_id: int, refusal: Exception) -> tuple[str, int]:
    db.session.rollback()
    return _money(contract_or_404(contract_id), str(refusal)), 422


@bp.post("/kontrak/<int:contract_id>/uang/<int:billing_id>")
@needs(Permission.CONTRACT_WRITE)
def pay(contract_id: int, billing_id: int) -> Response | tuple[str, int]:
    """The reckoning of one bill."""
    contract = managed_or_403(contract_id)
    if all(b.id != billing_id for b in contract.billings):
        abort(404)
    try:
        flow.pay(contract, billing_id, flow.NewPayment(
            _number("kemajuan", "Kemajuan", "40"), day_of("tanggal", "Tanggal Berita Acara"),
            request.form.get("nomor", ""), rupiah_of("denda", "Denda", empty=Decimal(0)),
            request.form.get("dasar_denda", ""),
        ), actor())  # fmt: skip
    except REFUSALS as refusal:
        return _money_refused(contract_id, refusal)
    return _back(contract_id, "Perhitungan pembayaran tersimpan.", "works.money")


def _number(name: str, label: str, example: str) -> Decimal:
    read = read_number(request.form.get(name, "").strip() or "0")
    if read.value is None or not read.sure:
        raise flow.Refused(f"{label} belum benar. Contoh: {example}")
    return read.value


@bp.post("/kontrak/<int:contract_id>/ketentuan")
@needs(Permission.CONTRACT_WRITE)
def term(contract_id: int) -> Response | tuple[str, int]:
    """What the SSKK sets otherwise."""
    contract = managed_or_403(contract_id)
    try:
        typed = request.form.get("nilai", "").strip()
        value = _number("nilai", "Nilai ketentuan", "5") if typed else None
        flow.set_term(contract, request.form.get("ketentuan", ""), value,
                      request.form.get("dasar", ""), actor())  # fmt: skip
    except REFUSALS as refusal:
        return _money_refused(contract_id, refusal)
    return _back(contract_id, "Ketentuan kontrak tersimpan.", "works.money")


# --- terms of the region ------------------------------------------------------------------------


@bp.get("/admin/ketentuan-kontrak")
@needs(Permission.PEOPLE_ADMIN)
def region() -> str:
    """Ketentuan Kontrak of the region, with their sources."""
    return _region()


def _region(error: str = "") -> str:
    found = terms.region(today())
    groups = [(title, [t for t in found.values() if t.group == key])
              for key, title in terms.GROUPS.items()]  # fmt: skip
    return render_template("works/terms.html", groups=groups, units=terms.UNITS, error=error,
                           typed=request.form, today=today(), history=terms.history())  # fmt: skip


@bp.post("/admin/ketentuan-kontrak")
@needs(Permission.PEOPLE_ADMIN)
def set_region() -> str | Response | tuple[str, int]:
    """Let another value hold from a date on."""
    try:
        flow.set_region_term(
            request.form.get("ketentuan", ""), _number("nilai", "Nilai", "5"),
            request.form.get("dasar", ""), day_of("sejak", "Berlaku sejak"), actor(),
        )  # fmt: skip
    except REFUSALS as refusal:
        db.session.rollback()
        return _region(str(refusal)), 422
    db.session.commit()
    flash("Ketentuan tersimpan.", "ok")
    return redirect(url_for("works.region"))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
