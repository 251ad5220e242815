"""Anggaran: the tree of a Perangkat Daerah, its sums beside BPKAD's total, downloads, lines."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

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

from portal.budget import flow, nomenclature, queries, rules
from portal.budget.models import BudgetLine
from portal.budget.queries import TreeRow
from portal.db import db
from portal.dprd import queries as dprd
from portal.figures import catalogue
from portal.imports import layouts
from portal.indonesian import read_number
from portal.people import queries as people
from portal.people.kinds import Role, UnitKind
from portal.people.region import region
from portal.people.rules import Permission, UnitInfo, sees_unit
from portal.reports import trees
from portal.web import outgoing
from portal.web.figures_scope import data_year
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("budget", __name__)
QUARTERS = ("TW1", "TW2", "TW3", "TW4")
HOUSE = ("sekretariat", "inspektorat", "dinas", "badan", "kecamatan")
#: What an isian says about a year; pagu stands in the APBD that everybody may read.
HELD_BACK = ("realisasi", "capaian", "masalah", "upaya", "tindak_lanjut")


def asked_year() -> int:
    """Year of the query or form, the data year when it is none."""
    raw = request.values.get("tahun", "")
    year = whole(raw) or 0
    return year if 2000 <= year <= 2100 else data_year()


def units() -> list[UnitInfo]:
    """Units whose budget the actor may see, PEMDA (accounts) last."""
    found = people.units_on(people.today())
    mine = [u for u in found if sees_unit(actor(), Permission.FIGURES_READ, u)]
    return [u for u in mine if u.kind in HOUSE]


def root() -> UnitInfo | None:
    """The region's own unit."""
    return next((u for u in people.units_on(people.today()) if u.kind == UnitKind.PEMDA), None)


def asked_unit(open_to: list[UnitInfo]) -> UnitInfo | None:
    """The unit of the query; 404 for one that the actor does not see."""
    raw = request.values.get("unit", "")
    if not raw:
        own = [u for u in open_to if u.id in actor().units()]
        return next(iter(own or open_to), None)
    found = next((u for u in open_to if u.code == raw), None)
    if found is None:
        abort(404)
    return found


def why_not(kind: Any, year: int, unit_id: int) -> str:
    """Why the actor may not write these rows now; "" when he may."""
    if not queries.may_write(actor(), kind, unit_id, people.duties()):
        return "Anggaran ini diisi perangkat daerahnya sendiri."
    return trees.locked(kind, year, unit_id)


def veiled(year: int, unit: UnitInfo) -> bool:
    """True while realisasi and narrative of the unit lie on its own desk and the actor is none of
    its house: sent with any book they are open to all who may read figures."""
    if year < data_year() or unit.id in actor().units():
        return False
    now = people.today()
    guest = Role.SEKRETARIAT in actor().roles and people.module_open(unit.id, "lkpj", now)
    if not guest and queries.may_write(actor(), "programs", unit.id, people.duties()):
        return False
    return not trees.locked("programs", year, unit.id)


def _rows(year: int, unit: UnitInfo) -> list[TreeRow]:
    """Rows of a unit as the actor may see them."""
    found = queries.rows("programs", year, unit.id)
    if not veiled(year, unit):
        return found
    return [replace(r, cells=r.cells | dict.fromkeys(HELD_BACK, "")) for r in found]


@bp.get("/anggaran")
@needs(Permission.FIGURES_READ)
def index() -> str:
    """The tree of one unit with its sums."""
    return _index()


def _index(refused: str = "") -> str:
    year, open_to = asked_year(), units()
    unit = asked_unit(open_to)
    rows = _rows(year, unit) if unit else []
    cells = {r.uid: r for r in rows}
    money = ("murni", "pagu", "realisasi")
    sums = rules.rolled(
        "programs", {c: {k: r.number(k) for k in money} for c, r in cells.items()}, money
    )
    lines = [
        {"id": cells[n.code].id, "code": n.code, "depth": n.depth, "sum": bool(n.children),
         "title": cells[n.code].cells["uraian"], "cells": cells[n.code].cells,
         **sums[n.code], "persen": rules.percent(sums[n.code]["realisasi"], sums[n.code]["pagu"])}
        for n in rules.tree("programs", cells)
    ]  # fmt: skip
    no = why_not("programs", year, unit.id) if unit else ""
    return render_template(
        "budget/index.html", year=year, years=_years(), units=open_to, unit=unit, lines=lines,
        totals=_totals(sums, lines), against=_against(year), why_not=no, refused=refused,
        runs=queries.runs([unit.id]) if unit else [], typed=request.form,
        writes=actor().may(Permission.FIGURES_WRITE),
        veiled=unit is not None and veiled(year, unit),
    )  # fmt: skip


def _years() -> list[int]:
    return [data_year() + 1 - n for n in range(6)]


def _totals(sums: Any, lines: list[dict[str, Any]]) -> dict[str, Decimal | None]:
    tops = [ln for ln in lines if ln["depth"] == 1] or lines
    out: dict[str, Decimal | None] = {}
    for key in ("murni", "pagu", "realisasi"):
        found = [v for ln in tops if (v := sums[ln["code"]][key]) is not None]
        out[key] = sum(found, Decimal(0)) if found else None
    out["persen"] = rules.percent(out["realisasi"], out["pagu"])
    return out


def _against(year: int) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    """(what, sum of OPD, total of BPKAD, difference) for who sees the whole region."""
    top = root()
    if top is None or not actor().region_wide:
        return []
    out = []
    house = [u.id for u in people.units_on(people.today())]
    both = (("pagu", "setelah"), ("realisasi", "realisasi"))
    keeps = year < data_year() or queries.may_write(actor(), "accounts", top.id, people.duties())
    for key, field in both if keeps else both[:1]:
        whole = queries.account_total(year, top.id, "5", field)
        mine = {str(k): v for k, v in queries.sums_by_unit(year, key, house).items()}
        total, rest = rules.opd_against_total(mine, whole)
        if whole is not None and rest is not None:
            out.append((key, total, whole, rest))
    return out


@bp.post("/anggaran/baris")
@needs(Permission.FIGURES_WRITE)
def add() -> Response | tuple[str, int]:
    """A program, kegiatan or sub kegiatan that no file brought."""
    year, unit = asked_year(), asked_unit(units())
    if unit is None:
        abort(404)
    try:
        if no := why_not("programs", year, unit.id):
            raise flow.Refused(no)
        line = flow.add_line("programs", year, unit.id, request.form.get("kode", ""),
                             request.form.get("uraian", ""), actor())  # fmt: skip
    except flow.Refused as refused:
        db.session.rollback()
        return _index(refused.sentence), 422
    db.session.commit()
    flash(f"{line.kode} {line.uraian} ditambahkan.", "ok")
    return redirect(url_for("budget.index", tahun=year, unit=unit.code))


def _line(line_id: int) -> tuple[BudgetLine, UnitInfo]:
    line = db.session.get(BudgetLine, line_id)
    unit = next((u for u in units() if line is not None and u.id == line.unit_id), None)
    if line is None or unit is None:
        abort(404)
    return line, unit


@bp.get("/anggaran/baris/<int:line_id>")
@needs(Permission.FIGURES_READ)
def line(line_id: int) -> str:
    """One line: triwulan, sources of money, SPM tag."""
    return _line_page(*_line(line_id))


def _line_page(found: BudgetLine, unit: UnitInfo, refused: str = "") -> str:
    hides = veiled(found.year, unit)
    stored = {} if hides else queries.periods([found.id])
    return render_template(
        "budget/line.html", line=found, unit=unit, refused=refused, typed=request.form,
        quarters=[(q, stored.get((found.id, q))) for q in QUARTERS], names=rules.FUNDS,
        funds={f.fund: f.pagu for f in queries.funds(found.id)}, services=_services(),
        why_not=why_not("programs", found.year, unit.id), inner=_inner(found), veiled=hides,
    )  # fmt: skip


def _inner(found: BudgetLine) -> bool:
    """True for a row that others add up to: it has a tag, but no money of its own."""
    mine = queries.rows("programs", found.year, found.unit_id)
    return any(r.uid != found.kode and rules.under(r.uid, found.kode) for r in mine)


@bp.post("/anggaran/baris/<int:line_id>")
@needs(Permission.FIGURES_WRITE)
def save_line(line_id: int) -> Response | tuple[str, int]:
    """Save or remove one line."""
    found, unit = _line(line_id)
    back = url_for("budget.index", tahun=found.year, unit=unit.code)
    if not queries.may_write(actor(), "programs", unit.id, people.duties()):
        abort(403)
    try:
        if no := trees.locked("programs", found.year, unit.id):
            raise flow.Refused(no)
        if "hapus" in request.form:
            flow.remove_line(found, actor())
        else:
            _save(found)
    except flow.Refused as refused:
        db.session.rollback()
        return _line_page(found, unit, refused.sentence), 422
    db.session.commit()
    flash("Tersimpan.", "ok")
    return redirect(back)


def _services() -> list[tuple[str, str]]:
    """Jenis pelayanan dasar that a line may carry: key, code and title."""
    return [(s.key, f"{s.code} {s.title}") for s in catalogue.current().services_of()]


def _tag() -> str:
    """The SPM tag of the form; Refused for a code that is no service."""
    given = request.form.get("spm", "").strip().lower()
    if given and given not in dict(_services()):
        raise flow.Refused(
            f"“{given[:20]}” bukan kode jenis pelayanan SPM. Pilih dari daftar. Contoh: KS1."
        )
    return given


def _save(found: BudgetLine) -> None:
    if _inner(found):
        flow.put(found, "spm", _tag(), None, actor())
        return
    for quarter in QUARTERS:
        amount = _amount(f"r:{quarter}", "Realisasi " + quarter)
        flow.put_period(found, quarter, amount, _amount(f"c:{quarter}", "Kinerja " + quarter),
                        actor())  # fmt: skip
    given = {name: _amount(f"d:{name}", name) for name in rules.FUNDS}
    flow.put_funds(found, {k: v for k, v in given.items() if v is not None}, actor())
    flow.put(found, "spm", _tag(), None, actor())


def _amount(name: str, label: str) -> Decimal | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    read = read_number(text)
    if read.value is None or not read.sure:
        raise flow.Refused(f"{label}: {read.doubt}")
    if read.value * 100 != (read.value * 100).to_integral_value():
        raise flow.Refused(f"{label}: lebih teliti daripada sen. Contoh: 1.250.000,00.")
    return read.value


# --- downloads ------------------------------------------------------------------------------


@bp.get("/anggaran/unduh/<layout>")
@needs(Permission.FIGURES_READ)
def download(layout: str) -> Response:
    """The budget in the layout in which it also comes in."""
    year, top = asked_year(), root()
    if layout == "capaian":
        unit = asked_unit(units())
        if unit is None:
            abort(404)
        book = layouts.Book(f"LKPJ {unit.short_name} {year}")
        rows = [(r.uid, r.cells) for r in _rows(year, unit)]
        layouts.capaian(book, (unit.code, unit.name), year, rows)
        return outgoing.download(book.bytes(), f"LKPJ_Capaian_{unit.code}_{year}.xlsx")
    if layout == "lra" and top is not None:
        book = layouts.Book(f"LRA {year}")
        rows = [(r.uid, r.cells) for r in queries.rows("accounts", year, top.id)]
        layouts.lra(book, region(people.today()).full, year, rows or _chart(year))
        return outgoing.download(book.bytes(), f"LRA_{year}.xlsx")
    if layout == "kas":
        book = layouts.Book(f"Anggaran kas {year}")
        layouts.kas(book, year, [(u.name, _cash(year, u.id)) for u in units()])
        return outgoing.download(book.bytes(), f"Anggaran_Kas_{year}.xlsx")
    if layout == "dprd":
        book = layouts.Book(f"Rekomendasi DPRD {year}")
        layouts.dprd(book, _groups(year))
        return outgoing.download(book.bytes(), f"Rekomendasi_DPRD_{year}.xlsx")
    abort(404)


def _chart(year: int) -> list[tuple[str, dict[str, str]]]:
    chart = nomenclature.for_year(year).accounts
    return [(code, {"kode": code, "uraian": name}) for code, name in chart.items()]


def _cash(year: int, unit_id: int) -> dict[int, tuple[Decimal | None, Decimal | None]]:
    return {m: (p.rencana, p.realisasi) for m, p in queries.cash(year, unit_id).items()}


def _groups(year: int) -> list[tuple[str, str, str, list[dict[str, str]]]]:
    names = nomenclature.for_year(year).bidang
    who = {u.id: u.name for u in people.units_on(people.today())}
    out: dict[tuple[str, int], list[dict[str, str]]] = {}
    for r in dprd.visible(actor(), year):
        out.setdefault((r.kode, r.unit_id or 0), []).append(
            {"rekomendasi": r.text, "tindak_lanjut": r.tindak_lanjut, "tujuan": r.tujuan}
        )
    ordered = sorted(out.items(), key=lambda pair: (rules.order(pair[0][0] or "9"), pair[0][1]))
    return [
        (code, names.get(code[:1], "LINTAS URUSAN"), who.get(unit, "BELUM DITUGASKAN"), items)
        for (code, unit), items in ordered
    ]


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)


__all__ = ["asked_unit", "asked_year", "bp", "root", "units", "why_not"]
