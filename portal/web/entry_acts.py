"""What is done with an isian besides typing: check, send, take back, explain, print, look back."""

from __future__ import annotations

from typing import Any

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
from portal.checks import queries as checks
from portal.db import db
from portal.figures import catalogue, flow_evidence
from portal.figures import flow as figures_flow
from portal.figures import queries as figures
from portal.people.rules import Permission
from portal.reports import examining, figures_bridge, flow, history, queries, receipts
from portal.reports.checks import SEVERITY_LABELS, Finding
from portal.reports.models import Entry, Receipt, Remark
from portal.web import entry_page
from portal.web.entry_figures import anchor
from portal.web.figures_scope import Scope
from portal.web.gate import actor, needs
from portal.web.incoming import whole
from portal.web.outgoing import kept

bp = Blueprint("acts", __name__)


def _back(entry_id: int) -> Response:
    return redirect(url_for("entry.page", entry_id=entry_id))


def _refused(entry_id: int, refusal: Exception) -> Response:
    """The sentence on the section page; nothing was changed."""
    db.session.rollback()
    flash(str(refusal), "error")
    return _back(entry_id)


# --- Periksa isian --------------------------------------------------------------------------


def _groups(found: list[Finding]) -> list[tuple[str, str, list[Finding]]]:
    """(severity, its words, its catatan), without empty ones."""
    groups = [(k, v, [f for f in found if f.severity == k]) for k, v in SEVERITY_LABELS.items()]
    return [g for g in groups if g[2]]


def _narrated(entry: Entry) -> list[Finding]:
    """Numbers that a narrative types beside the name of a figure, where they differ."""
    text = queries.cells_of(entry.id).get(("", "text"))
    if text is None or not text.value:
        return []
    year = entry.report.year
    basis = "Konsistensi tabel dan narasi (Pedoman Reviu LPPD 050/209/IJ)"
    told = checks.of_text(text.value, year, Scope(actor(), year).sees)
    return [Finding("cek", sentence, basis, "f:text", "narasi_angka") for sentence in told]


@bp.get("/isian/<int:entry_id>/periksa")
@needs(Permission.ENTRY_READ)
def check(entry_id: int) -> str:
    """Periksa isian: what stands in the way of sending and what to look at, as a page."""
    made = entry_page.page(actor(), entry_id)
    groups = _groups([*examining.findings(made.entry, actor()), *_narrated(made.entry)])
    return render_template("entry/check.html", page=made, groups=groups, anchor=anchor)


@bp.get("/isian/<int:entry_id>/periksa/panel")
@needs(Permission.ENTRY_READ)
def check_panel(entry_id: int) -> str:
    """The same as a fragment."""
    entry = entry_page.desk_or_404(actor(), entry_id).entry
    groups = _groups([*examining.findings(entry, actor()), *_narrated(entry)])
    return render_template("entry/_check.html", entry=entry, groups=groups, anchor=anchor)


# --- Riwayat --------------------------------------------------------------------------------


@bp.get("/isian/<int:entry_id>/riwayat")
@needs(Permission.ENTRY_READ)
def past(entry_id: int) -> str:
    """Riwayat: who changed what and when, with the difference, as a page."""
    made = entry_page.page(actor(), entry_id)
    return render_template("entry/history.html", page=made, **_past(made.desk))


@bp.get("/isian/<int:entry_id>/riwayat/panel")
@needs(Permission.ENTRY_READ)
def past_panel(entry_id: int) -> str:
    """The same as a fragment."""
    desk = entry_page.desk_or_404(actor(), entry_id)
    return render_template("entry/_history.html", **_past(desk))


def _past(desk: queries.Desk) -> dict[str, Any]:
    return {
        "entry": desk.entry, "writable": desk.may_write,
        "revisions": history.seen_by(actor(), desk),
        "offered": history.offered(desk.entry, actor().person_id),
        "receipts": receipts.of_subject(f"entry:{desk.entry.id}"),
        "number_of": receipts_number,
    }  # fmt: skip


def receipts_number(receipt: Receipt) -> str:
    """``TT-LPPD-2025-DINKES-0007``."""
    return f"{receipt.prefix}-{receipt.n:04d}"


@bp.post("/isian/<int:entry_id>/pulihkan")
@needs(Permission.ENTRY_WRITE)
def restore(entry_id: int) -> Response:
    """Bring an older version back; the present one stays in the history."""
    entry = entry_page.desk_or_404(actor(), entry_id).entry
    number = whole(request.form.get("n", ""))
    if number is None:
        abort(422)
    kept = () if request.form.get("target") else flow.figures_kept(entry, number)
    try:
        changed = flow.restore(entry, number, actor(), request.form.get("target", ""))
        db.session.commit()
    except flow.Refused as refusal:
        return _refused(entry_id, refusal)
    flash(f"Versi {number} dipulihkan: {changed} bagian berubah." if changed
          else "Isian sudah sama dengan versi itu.", "ok")  # fmt: skip
    if kept:
        book = catalogue.current().elements
        names = ", ".join(book[k].title if k in book else k for k in kept)
        flash(f"Angka yang diubah di tempat lain sesudah itu tidak ikut dipulihkan: {names}. "
              "Riwayat tiap angka ada pada halaman datanya.", "warn")  # fmt: skip
    return _back(entry_id)


@bp.post("/isian/<int:entry_id>/bahan")
@needs(Permission.ENTRY_WRITE)
def use_last_year(entry_id: int) -> Response:
    """Pakai sebagai bahan: last year's narrative becomes this year's draft."""
    entry = entry_page.desk_or_404(actor(), entry_id).entry
    cell = queries.cells_of(entry_id).get(("", "text"))
    base = cell.rev if cell else 0
    try:
        answer = flow.use_last_year(entry, actor(), f"bahan-{entry_id}-{base}", base)
        db.session.commit()
    except flow.Refused as refusal:
        return _refused(entry_id, refusal)
    if answer.status == "refused":
        flash(answer.reason, "error")
    else:
        flash("Narasi tahun lalu dipakai sebagai bahan dan bertanda “belum diperiksa”. Sesuaikan "
              "dengan keadaan tahun ini, atau tekan Sudah saya periksa.", "ok")  # fmt: skip
    return _back(entry_id)


# --- Kirim and Tarik kembali ----------------------------------------------------------------


@bp.get("/isian/<int:entry_id>/kirim")
@needs(Permission.ENTRY_SEND)
def send_page(entry_id: int) -> str:
    """The last look before sending."""
    return _send_page(entry_id)


def _send_page(entry_id: int, error: str = "") -> str:
    made = entry_page.page(actor(), entry_id)
    groups = _groups(examining.findings(made.entry, actor()))
    blocked = any(k == "perbaiki" for k, _, _ in groups)
    kirim = made.desk.workflow.transitions.get("kirim")
    return render_template(
        "entry/send.html", page=made, groups=groups, anchor=anchor, blocked=blocked, error=error,
        ready=any(v.verb == "kirim" for v in made.desk.verbs), kirim=kirim,
    )  # fmt: skip


def _act(entry: Entry, verb: str) -> flow.Done:
    version = whole(request.form.get("version", ""))
    if version is None:
        abort(422)
    what = flow.Act(content_rev=whole(request.form.get("content_rev", "")))
    return flow.act(entry, verb, actor(), version, what)


@bp.post("/isian/<int:entry_id>/kirim")
@needs(Permission.ENTRY_SEND)
def send(entry_id: int) -> Response | tuple[str, int]:
    """Kirim: the next desk gets it, the sender a numbered Tanda Terima."""
    entry = entry_page.desk_or_404(actor(), entry_id).entry
    try:
        done = _act(entry, "kirim")
        db.session.commit()
    except flow.Refused as refusal:
        db.session.rollback()
        return _send_page(entry_id, str(refusal)), 422
    if done.receipt is None:
        return _back(entry_id)
    return redirect(url_for("acts.receipt", receipt_id=done.receipt.id))


@bp.post("/isian/<int:entry_id>/tarik")
@needs(Permission.ENTRY_SEND)
def take_back(entry_id: int) -> Response:
    """Tarik kembali, as long as nobody has opened it."""
    entry = entry_page.desk_or_404(actor(), entry_id).entry
    try:
        _act(entry, "tarik")
        db.session.commit()
    except flow.Refused as refusal:
        return _refused(entry_id, refusal)
    flash("Isian ditarik kembali menjadi draf. Jangan lupa mengirimnya lagi.", "ok")
    return _back(entry_id)


@bp.get("/tanda-terima/<int:receipt_id>")
@needs(Permission.ENTRY_READ)
def receipt(receipt_id: int) -> str:
    """A Tanda Terima to print."""
    return render_template("entry/receipt.html", **receipt_view(receipt_id))


def receipt_view(receipt_id: int) -> dict[str, Any]:
    """The receipt of an isian that the actor may see; any other does not exist for him."""
    found = db.session.get(Receipt, receipt_id)
    kind, _, number = found.subject.partition(":") if found else ("", "", "")
    about = whole(number)
    if found is None or kind != "entry" or about is None:
        abort(404)
    desk = entry_page.desk_or_404(actor(), about)
    back = next((v for v in desk.verbs if v.verb == "tarik"), None)
    newest = desk.entry.receipt_no == receipts_number(found)
    return {"receipt": found, "number": receipts_number(found), "desk": desk,
            "pdf": "documents_in.receipt_pdf" in current_app.view_functions,
            "take_back": back if newest else None}  # fmt: skip


# --- Catatan, Ada Kendala -------------------------------------------------------------------


@bp.post("/isian/<int:entry_id>/catatan/<int:remark_id>")
@needs(Permission.ENTRY_WRITE)
def answer(entry_id: int, remark_id: int) -> Response:
    """Answer a catatan, or say that it is mended."""
    entry = entry_page.desk_or_404(actor(), entry_id).entry
    remark = db.session.get(Remark, remark_id)
    if remark is None or remark.entry_id != entry.id:
        abort(404)
    try:
        flow.answer_remark(entry, remark, request.form.get("jawaban", ""), actor())
        db.session.commit()
    except flow.Refused as refusal:
        return _refused(entry_id, refusal)
    flash("Jawaban tersimpan.", "ok")
    return _back(entry_id)


@bp.post("/isian/<int:entry_id>/kendala")
@needs(Permission.ENTRY_WRITE)
def obstacle(entry_id: int) -> Response:
    """Ada Kendala: reminders rest for some days, the sekretariat is told."""
    entry = entry_page.desk_or_404(actor(), entry_id).entry
    try:
        open_one = queries.obstacle_of(entry_id)
        if request.form.get("selesai") and open_one is not None:
            flow.close_obstacle(entry, open_one, "", actor())
            said = "Kendala dicabut. Pengingat berjalan lagi."
        else:
            flow.report_obstacle(entry, request.form.get("sebab", ""),
                                 request.form.get("uraian", ""), actor())  # fmt: skip
            said = "Kendala tercatat dan diteruskan ke sekretariat. Pengingat didiamkan sementara."
        db.session.commit()
    except flow.Refused as refusal:
        return _refused(entry_id, refusal)
    flash(said, "ok")
    return _back(entry_id)


# --- Cetak, data dukung ---------------------------------------------------------------------


@bp.get("/isian/<int:entry_id>/cetak")
@needs(Permission.ENTRY_READ)
def print_page(entry_id: int) -> str:
    """Cetak isian saya: the part as it will look, to show the head before sending."""
    made = entry_page.page(actor(), entry_id, reading_only=True)
    return render_template("entry/print.html", page=made)


def _indicators(entry: Entry) -> frozenset[str]:
    """Keys of the indicators that the isian asks for."""
    placed = queries.place_of(entry)
    return frozenset(i.key for i in figures_bridge.indicators_of(placed, entry.report.year))


def _names_persons(indicator: str) -> bool:
    """True where proofs hold names as a rule (UU 27/2022); the page Data Dukung asks instead."""
    book = catalogue.current()
    return any(book.elements[k].restricted for k in book.indicators[indicator].elements)


@bp.post("/isian/<int:entry_id>/bukti")
@needs(Permission.FIGURES_WRITE)
def prove(entry_id: int) -> Response:
    """Upload data dukung for the indicators of this isian."""
    desk = entry_page.desk_or_404(actor(), entry_id)
    if not desk.may_write:
        abort(403)
    kept = 0
    asked = _indicators(desk.entry)
    try:
        for name, file in request.files.items():
            if not name.startswith("berkas:") or not file.filename:
                continue
            key = name.removeprefix("berkas:")
            if key not in asked:
                abort(404)
            checked = uploads.check(file.read(), file.filename)
            named = _names_persons(key) and request.form.get(f"nama:{key}") != "tidak"
            proof = flow_evidence.Proof(checked.name, checked.data, checked.media, restricted=named)
            flow_evidence.add_evidence(
                key, desk.entry.report.year, desk.entry.supplier_unit_id, proof, actor()
            )
            if named:
                flash(
                    f"“{checked.name}” disimpan sebagai data dukung terbatas (dapat memuat nama "
                    "orang): hanya unit ini dan Inspektorat yang dapat membukanya.", "ok",
                )  # fmt: skip
            kept += 1
        db.session.commit()
    except (figures_flow.Refused, uploads.Refused, store.StoreError) as refusal:
        return _refused(entry_id, refusal)
    flash(f"{kept} data dukung tersimpan." if kept else "Pilih berkas lebih dahulu.",
          "ok" if kept else "warn")  # fmt: skip
    return _back(entry_id)


@bp.get("/isian/<int:entry_id>/bukti/<int:evidence_id>")
@needs(Permission.ENTRY_READ)
def evidence(entry_id: int, evidence_id: int) -> Response:
    """Download one data dukung."""
    desk = entry_page.desk_or_404(actor(), entry_id)
    found = figures.evidence_for(evidence_id)
    subjects = {
        figures.evidence_subject(key, desk.entry.report.year) for key in _indicators(desk.entry)
    }
    if (
        found is None
        or found.subject not in subjects
        or not figures.may_read_evidence(actor(), found)
    ):
        abort(404)
    if found.sha256 is None:
        return redirect(found.link)
    return kept(found.sha256, found.name)


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
