"""Evaluasi AKIP: the LKE of Inspektorat, its LHE, recommendations and their follow-up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask import (
    Blueprint,
    Flask,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from portal import store, uploads
from portal.db import db
from portal.documents import papers
from portal.documents.tree import Block, Document, ListBlock, Run
from portal.indonesian import long_date, number, read_date, read_number
from portal.lke import catalogue, flow, queries, rules
from portal.lke.models import Evaluation, LkeAdvice
from portal.lke.rules import Worksheet
from portal.people import queries as people
from portal.people.region import region
from portal.people.rules import Permission
from portal.web.gate import actor, needs
from portal.web.incoming import file_of, whole
from portal.web.outgoing import download, kept

bp = Blueprint("lke", __name__, url_prefix="/evaluasi-akip")
REFUSALS = (flow.Refused, uploads.Refused, store.StoreError)


def _year() -> int:
    asked = whole(request.values.get("tahun", "")) or people.today().year - 1
    return asked if 2015 <= asked <= 2100 else people.today().year - 1


def _found(evaluation_id: int) -> Evaluation:
    found = queries.evaluation_for(actor(), evaluation_id)
    if found is None:
        abort(404)
    return found


@bp.get("")
@needs(Permission.LKE_READ)
def index() -> str:
    """Units with their value and predicate."""
    return _index()


def _index(error: str = "") -> str:
    year = _year()
    lines = queries.lines(actor(), year)
    return render_template(
        "lke/index.html", year=year, lines=lines, error=error, sheet=catalogue.for_year(year),
        may={ln.unit.id for ln in lines if flow.may_evaluate(actor(), ln.unit.id)},
    )  # fmt: skip


@bp.post("")
@needs(Permission.LKE_WRITE)
def start() -> Response | tuple[str, int]:
    """Open the evaluation of a unit."""
    unit = whole(request.form.get("unit", "")) or 0
    if unit not in {u.id for u in people.units_on(people.today()) if u.kind in queries.KINDS}:
        abort(404)
    try:
        made = flow.start(unit, _year(), actor())
    except REFUSALS as refusal:
        db.session.rollback()
        return _index(str(refusal)), 422
    db.session.commit()
    return redirect(url_for("lke.show", evaluation_id=made.id))


@bp.get("/<int:evaluation_id>")
@needs(Permission.LKE_READ)
def show(evaluation_id: int) -> str:
    """The worksheet with its score."""
    return _page(_found(evaluation_id))


def _page(found: Evaluation, error: str = "", at: str = "") -> str:
    sheet = queries.sheet_of(found)
    unit = people.unit_info(found.unit_id, people.today())
    proofs: dict[str, list] = {}  # type: ignore[type-arg]  # LkeProof rows
    for proof in found.proofs:
        proofs.setdefault(proof.criterion, []).append(proof)
    return render_template(
        "lke/show.html", found=found, sheet=sheet, unit=unit, score=flow.value(found),
        answers={a.criterion: a for a in found.answers}, grades={g.sub: g for g in found.grades},
        proofs=proofs, lacking=flow.lacking(found), error=error, at=at, typed=request.form,
        may=flow.may_evaluate(actor(), found.unit_id) and actor().may(Permission.LKE_WRITE),
        own=found.unit_id in actor().units(), states=flow.STATES, today=people.today(),
        prior=queries.prior_of(found)[0], accept=uploads.accept_list(uploads.EVIDENCE),
    )  # fmt: skip


def _refused(evaluation_id: int, refusal: Exception, at: str = "") -> tuple[str, int]:
    db.session.rollback()
    return _page(_found(evaluation_id), str(refusal), at), 422


def _back(found: Evaluation, words: str, at: str = "") -> Response:
    db.session.commit()
    flash(words, "ok")
    return redirect(url_for("lke.show", evaluation_id=found.id, _anchor=at or None))


@bp.post("/<int:evaluation_id>/sub/<sub>")
@needs(Permission.LKE_WRITE)
def answer(evaluation_id: int, sub: str) -> Response | tuple[str, int]:
    """Criteria, grade and note of one sub-komponen, with new data dukung beside them."""
    found = _found(evaluation_id)
    known = queries.sheet_of(found).sub(sub)
    if known is None:
        abort(404)
    keys = [c.key for c in known.criteria]
    form = request.form
    try:
        for key in keys:
            _proof(found, key)
        flow.answer(found, flow.SubAnswers(
            sub, {k: form.get(f"k:{k}") == "ya" for k in keys if form.get(f"k:{k}")},
            {k: form.get(f"n:{k}", "") for k in keys}, form.get("nilai", ""),
            min(whole(form.get("tahun_bertahan", "")) or 0, 50), form.get("catatan", ""),
        ), actor())  # fmt: skip
    except REFUSALS as refusal:
        return _refused(evaluation_id, refusal, sub)
    return _back(found, f"{sub} {known.title} tersimpan.", f"s{sub}")


def _proof(found: Evaluation, key: str) -> None:
    name = request.form.get(f"b:{key}", "").strip()
    file = file_of(f"f:{key}")
    if file is not None:
        flow.prove(found, key, name or file[1], actor(), sha256=file[0])
    elif name.startswith(("http://", "https://")):
        flow.prove(found, key, name, actor(), link=name)
    elif name:
        flow.prove(found, key, name, actor())


@bp.get("/<int:evaluation_id>/bukti/<int:proof_id>")
@needs(Permission.LKE_READ)
def proof(evaluation_id: int, proof_id: int) -> Response:
    """A file of data dukung."""
    found = _found(evaluation_id)
    row = next((p for p in found.proofs if p.id == proof_id and p.sha256), None)
    if row is None or row.sha256 is None:
        abort(404)
    return kept(row.sha256, row.name)


@bp.post("/<int:evaluation_id>/selesai")
@needs(Permission.LKE_WRITE)
def finish(evaluation_id: int) -> Response | tuple[str, int]:
    """Selesai, or Buka kembali."""
    found = _found(evaluation_id)
    try:
        if request.form.get("buka"):
            flow.reopen(found, request.form.get("alasan", ""), actor())
            return _back(found, "Evaluasi dibuka kembali.")
        flow.finish(found, request.form.get("nomor", ""), _day("tanggal", "Tanggal LHE"), actor(),
                    _value("nilai_lalu"))  # fmt: skip
    except REFUSALS as refusal:
        return _refused(evaluation_id, refusal, "selesai")
    return _back(found, "Evaluasi selesai. LHE dapat diunduh.")


def _day(name: str, label: str) -> date:
    found = read_date(request.form.get(name, ""))
    if found is None or not 2000 <= found.year <= 2100:
        raise flow.Refused(f"{label} belum benar. Contoh: 12/3/2026")
    return found


def _value(name: str) -> Decimal | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    read = read_number(text)
    if read.value is None or not read.sure:
        raise flow.Refused("Nilai tahun lalu belum benar. Contoh: 68,25")
    return read.value


@bp.post("/<int:evaluation_id>/rekomendasi")
@needs(Permission.LKE_WRITE)
def advise(evaluation_id: int) -> Response | tuple[str, int]:
    """A recommendation of the LHE."""
    found = _found(evaluation_id)
    form = request.form
    try:
        due = _day("batas", "Batas tindak lanjut") if form.get("batas", "").strip() else None
        flow.advise(found, form.get("komponen", ""), form.get("rekomendasi", ""), actor(),
                    form.get("catatan", ""), due)  # fmt: skip
    except REFUSALS as refusal:
        return _refused(evaluation_id, refusal, "rekomendasi")
    return _back(found, "Rekomendasi tersimpan.", "rekomendasi")


def _advice(found: Evaluation, advice_id: int) -> LkeAdvice:
    row = next((a for a in found.advice if a.id == advice_id), None)
    if row is None:
        abort(404)
    return row


@bp.post("/<int:evaluation_id>/rekomendasi/<int:advice_id>/tindak-lanjut")
@needs(Permission.LKE_READ)
def follow_up(evaluation_id: int, advice_id: int) -> Response | tuple[str, int]:
    """What the evaluated unit did."""
    found = _found(evaluation_id)
    row = _advice(found, advice_id)
    if found.unit_id not in actor().units():
        abort(403)
    try:
        flow.follow_up(found, row, request.form.get("tindak_lanjut", ""), actor(), file_of())
    except REFUSALS as refusal:
        return _refused(evaluation_id, refusal, "rekomendasi")
    return _back(found, "Tindak lanjut tersimpan.", "rekomendasi")


@bp.post("/<int:evaluation_id>/rekomendasi/<int:advice_id>/nilai")
@needs(Permission.LKE_WRITE)
def judge(evaluation_id: int, advice_id: int) -> Response | tuple[str, int]:
    """APIP on a follow-up."""
    found = _found(evaluation_id)
    row = _advice(found, advice_id)
    try:
        flow.judge(found, row, request.form.get("hasil") == "selesai",
                   request.form.get("catatan", ""), actor())  # fmt: skip
    except REFUSALS as refusal:
        return _refused(evaluation_id, refusal, "rekomendasi")
    return _back(found, "Penilaian tindak lanjut tersimpan.", "rekomendasi")


@bp.get("/<int:evaluation_id>/lhe.<any(pdf,docx):ending>")
@needs(Permission.LKE_READ)
def report(evaluation_id: int, ending: str) -> Response:
    """The LHE as a paper."""
    found = _found(evaluation_id)
    made = paper(found)
    name = f"{made.title}.{ending}".replace("/", "-").replace(" ", "-")
    return download(papers.printed(made, ending), name)


def paper(found: Evaluation) -> Document:
    """Laporan Hasil Evaluasi: the table of components, catatan and rekomendasi."""
    sheet, score = queries.sheet_of(found), flow.value(found)
    unit = people.unit_info(found.unit_id, people.today())
    name = unit.name if unit else ""
    prior, before = queries.prior_of(found)
    rows = [
        (c.title, number(c.weight, 2), number(before.components[c.key], 2) if before else "n/a",
         number(score.components[c.key], 2))
        for c in sheet.components
    ]  # fmt: skip
    result = (
        ("Nilai Akuntabilitas Kinerja", number(Decimal(100), 2),
         number(prior, 2) if prior is not None else "n/a", number(score.total, 2)),
        ("Predikat", "", _predicate(sheet, prior), score.predicate.key),
    )  # fmt: skip
    blocks: list[Block] = [
        papers.title("Laporan Hasil Evaluasi Akuntabilitas Kinerja Instansi Pemerintah", "judul"),
        papers.centred(name.upper()), papers.centred(f"Tahun {found.year}"),
        papers.centred(f"Nomor: {found.number or '.......................'}"),
        papers.text(
            f"Berdasarkan {sheet.basis}, evaluasi atas {name} tahun {found.year} memperoleh nilai "
            f"{number(score.total, 2)} dengan predikat {score.predicate.key} "
            f"({score.predicate.label})."
        ),
        papers.table("nilai", "Hasil evaluasi", (
            ("No", 0.07), ("Komponen", 0.43), ("Bobot", 0.14), (f"Nilai {found.year - 1}", 0.18),
            (f"Nilai {found.year}", 0.18)), rows, frozenset({2, 3, 4}), result),
        papers.table("sub", "Nilai per sub-komponen", (
            ("No", 0.07), ("Sub-komponen", 0.43), ("Bobot", 0.14), ("Nilai", 0.12), ("Skor", 0.24)),
            [(f"{s.key} {c.title}: {s.title}", number(s.weight, 2),
              next((g.grade for g in found.grades if g.sub == s.key), "belum"),
              number(score.subs[s.key], 2)) for c in sheet.components for s in c.subs],
            frozenset({2, 4})),
        papers.heading("Catatan dan rekomendasi"), *_advices(found, sheet),
    ]  # fmt: skip
    here = region(people.today())
    on = found.finished_on or people.today()
    head = people.holder(_inspektorat(), "kepala", on)
    blocks.append(papers.signed(head, here, on))
    state = "" if found.state == "selesai" else "Konsep "
    return papers.paper(f"{state}LHE AKIP {found.year} {name}", blocks,
                        f"{state}LHE AKIP {name}, {long_date(on)}")  # fmt: skip


def _predicate(sheet: Worksheet, prior: Decimal | None) -> str:
    return rules.predicate(sheet, prior).key if prior is not None else "n/a"


def _inspektorat() -> int:
    return next((u.id for u in people.units_on(people.today()) if u.kind == "inspektorat"), 0)


def _advices(found: Evaluation, sheet: Worksheet) -> list[Block]:
    out: list[Block] = []
    for component in sheet.components:
        rows = [a for a in found.advice if a.component == component.key]
        if rows:
            out.append(papers.heading(component.title))
            out.append(ListBlock(tuple(
                (f"{n}.", 0, (Run(f"{a.note} Rekomendasi: {a.text}" if a.note else a.text),))
                for n, a in enumerate(rows, start=1)
            )))  # fmt: skip
    return out or [papers.text("Tidak ada.")]


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
