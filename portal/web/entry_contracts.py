"""Ambil dari kontrak: sentences and figures of contracts for an isian, put in when confirmed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from markupsafe import escape
from werkzeug.wrappers import Response

from portal.chronology import stories
from portal.chronology.stories import Story
from portal.db import db
from portal.indonesian import number
from portal.outlines.parts import Narrative, Part, Programs, Table
from portal.people.queries import today
from portal.people.rules import Permission
from portal.reports import flow, queries
from portal.reports.models import Entry
from portal.reports.ops import Op
from portal.reports.refusal import Refused
from portal.reports.rules import plain
from portal.web import entry_form, entry_page
from portal.web.gate import actor, needs

bp = Blueprint("entry_contracts", __name__)
PROBLEM, EFFORT = "masalah", ("upaya", "solusi")


@dataclass(frozen=True)
class Offer:
    """One thing that can be put in: where and what."""

    key: str
    label: str
    text: str
    targets: tuple[tuple[str, str], ...]  # target, value


def wants(part: Part) -> bool:
    """True for parts that tell permasalahan: narratives by their title, tables by a column."""
    if isinstance(part, Narrative):
        return "permasalahan" in part.title.lower() or "kendala" in part.title.lower()
    return isinstance(part, Table | Programs) and any(c.key == PROBLEM for c in part.columns)


def offered(entry: Entry, part: Part) -> bool:
    """Whether the button stands on the page of the isian."""
    return wants(part) and stories.exist(entry.supplier_unit_id, entry.report.year)


def _offers(made: entry_page.Page) -> list[Offer]:
    part, entry = made.part, made.entry
    found = stories.of(entry.supplier_unit_id, entry.report.year, today())
    if isinstance(part, Programs):
        return [o for s in found for o in _of_line(s, made)]
    out = []
    for story in found:
        text = " ".join(x for x in (story.problem, story.effort) if x)
        key = _short(story.code or story.problem)
        if isinstance(part, Table):
            effort = next((c.key for c in part.columns if c.key in EFFORT), "")
            cells = [(f"c:k{key}:{PROBLEM}", story.problem)]
            cells += [(f"c:k{key}:{effort}", story.effort)] if effort and story.effort else []
            out.append(Offer(key, _label(story), text, tuple(cells)))
        else:
            out.append(Offer(key, _label(story), text, (("f:text", text),)))
    return out


def _of_line(story: Story, made: entry_page.Page) -> list[Offer]:
    """Offers for a row of the budget tree: words, and figures where nothing stands yet."""
    rows = {r.uid: r for r in made.table.rows} if made.table else {}
    row = rows.get(story.code)
    if row is None:
        return []
    now = {c.target: c.shown for c in row.cells}
    words = [(f"c:{story.code}:{PROBLEM}", story.problem)]
    words += [(f"c:{story.code}:upaya", story.effort)] if story.effort else []
    key = _short(story.code)
    out = [Offer(key, _label(story), " ".join(v for _, v in words), tuple(words))]
    if story.paid and not now.get(f"c:{story.code}:realisasi", ""):
        out.append(Offer(f"{key}r", f"Realisasi keuangan {story.code}", stories.money_words(story),
                         ((f"c:{story.code}:realisasi", number(story.paid, 2)),)))  # fmt: skip
    unit = now.get(f"c:{story.code}:satuan", "").strip().lower()
    reached = f"c:{story.code}:capaian"
    if story.physical is not None and unit in ("%", "persen") and not now.get(reached, ""):
        value = number(story.physical, 2)
        out.append(Offer(f"{key}f", f"Realisasi fisik {story.code}", _percent(story.physical),
                         ((reached, value),)))  # fmt: skip
    return out


def _percent(value: Decimal) -> str:
    return f"fisik {number(value, 2)}% menurut laporan kemajuan kontrak"


def _label(story: Story) -> str:
    facts = [f"{story.contracts} kontrak", stories.money_words(story)]
    if story.physical is not None:
        facts.insert(1, _percent(story.physical))
    return f"{story.code or 'Tanpa kode sub kegiatan'}: {', '.join(facts)}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _page_of(entry_id: int) -> entry_page.Page:
    made = entry_page.page(actor(), entry_id, every=True)
    if not wants(made.part):
        abort(404)
    return made


@bp.get("/isian/<int:entry_id>/kontrak")
@needs(Permission.ENTRY_WRITE)
def show(entry_id: int) -> str:
    """What the contracts of the unit offer to this isian."""
    made = _page_of(entry_id)
    return render_template("entry/contracts.html", page=made, offers=_offers(made))


@bp.post("/isian/<int:entry_id>/kontrak")
@needs(Permission.ENTRY_WRITE)
def take(entry_id: int) -> Response:
    """Put in what was ticked; what stands there already stays, and nothing goes in twice."""
    made = _page_of(entry_id)
    if not made.writable:
        abort(403)
    chosen = set(request.form.getlist("ambil"))
    done = 0
    for offer in _offers(made):
        if offer.key in chosen:
            done += _put(entry_id, offer)
    flash(f"{done} bagian diambil dari kontrak. Baca dan sesuaikan sebelum dikirim." if done
          else "Tidak ada yang ditambahkan: belum dipilih, atau sudah ada dalam isian.",
          "ok" if done else "warn")  # fmt: skip
    return redirect(url_for("entry.page", entry_id=entry_id))


def _put(entry_id: int, offer: Offer) -> int:
    done = 0
    for target, value in offer.targets:
        made = entry_page.page(actor(), entry_id, every=True)
        known = entry_form.shown_now(made).get(target)
        if target == "f:text":
            cell = queries.cells_of(entry_id).get(("", "text"))
            html = (cell.value if cell else "") or ""
            if value in plain(html):
                continue
            done += _apply(made.entry, target, cell.rev if cell else 0,
                           f"{html}<p>{escape(value)}</p>")  # fmt: skip
            continue
        if isinstance(made.part, Table) and known is None:
            uid = target.split(":")[1]
            if uid not in {r.uid for r in queries.rows_of(entry_id)}:
                _apply(made.entry, f"r:{uid}", 0, "add")
        text = known.text.strip() if known else ""
        if value in text:
            continue
        joined = f"{text} {value}".strip()
        done += _apply(made.entry, target, known.rev if known else 0, joined)
    return done


def _apply(entry: Entry, target: str, base: int, value: str) -> int:
    number_of = hashlib.sha256(f"{entry.id}|{target}|{base}|{value}".encode()).hexdigest()[:24]
    try:
        answer = flow.apply_op(entry, Op(f"kontrak-{number_of}", target, base, value), actor())
    except Refused as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
        return 0
    db.session.commit()
    if answer.status == "refused":
        flash(answer.reason, "error")
    return int(answer.status == "ok")


def init_app(app: Flask) -> None:
    """Register the blueprint; the page of an isian asks whether to show the button."""
    app.register_blueprint(bp)
    app.jinja_env.globals["dari_kontrak"] = offered
