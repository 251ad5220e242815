"""Data awal: numbers of the four years before the data year, entered once and seen everywhere.

A portal that begins has no last years. Who owns a number, or a sekretariat for all, types it here
or brings it in as Excel; forms, checks and books then show it as the value of its year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

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

from portal import indonesian, uploads
from portal.db import db
from portal.figures import catalogue, flow, queries, rules
from portal.figures.flow import DatumKey
from portal.figures.rules import DatumView
from portal.figures.shape import Element, Group
from portal.imports import grid, layouts
from portal.outlines.parts import Column
from portal.people.rules import Permission, Role
from portal.reports import figures_bridge
from portal.uploads import Kind
from portal.web import outgoing, sheet_file
from portal.web.figures_scope import Scope, data_year
from portal.web.gate import actor, needs
from portal.web.sheet_shape import Shape, SheetRow, Spot, column_of, datum_value

bp = Blueprint("past", __name__)
YEARS_BACK = 4
SOURCE = "Data awal"
MARK = "selaras:data-awal"
LONGEST = 120


@dataclass(frozen=True)
class Field:
    """One number of one year on the page."""

    name: str
    year: int
    shown: str
    rev: int
    open: bool
    problem: str = ""


@dataclass(frozen=True)
class Row:
    """One datum with its years."""

    element: Element
    fields: tuple[Field, ...]


@dataclass
class Desk:
    """What the actor may enter of one urusan."""

    group: Group
    elements: tuple[Element, ...]
    years: tuple[int, ...]
    whole: bool  # a sekretariat: for all units
    scopes: dict[int, Scope] = field(default_factory=dict)

    @cached_property
    def views(self) -> Mapping[str, Mapping[str, DatumView]]:
        """Statements of all years, in one query."""
        return queries.values_of(
            [e.key for e in self.elements], [str(y) for y in self.years], queries.region_id()
        )

    @cached_property
    def followed(self) -> dict[int, frozenset[str]]:
        """Numbers that follow stated months, by year."""
        keys = [e.key for e in self.elements]
        return {y: flow.made_by_months(keys, y, queries.region_id()) for y in self.years}

    def view(self, element: Element, year: int) -> DatumView | None:
        """The newest statement of a year."""
        return self.views[str(year)].get(element.key)

    def writes(self, element: Element, year: int) -> bool:
        """True when the actor may enter the number: no report of that year has sent it."""
        scope = self.scopes[year]
        if element.key in self.followed[year]:
            return False
        if not self.whole:
            return scope.writes(element)
        return element.reference or not scope.held(element)


def years() -> tuple[int, ...]:
    """The years that are entered here, oldest first."""
    return tuple(data_year() - n for n in range(YEARS_BACK, 0, -1))


def _whole() -> bool:
    """True for a sekretariat, which enters for every unit."""
    return bool(actor().region_wide) and bool(actor().units(Role.SEKRETARIAT))


def _open(element: Element, scope: Scope, whole: bool) -> bool:
    return whole or queries.may_write(actor(), element, scope.duties)


def groups() -> dict[str, tuple[Group, tuple[Element, ...]]]:
    """Urusan in which the actor enters something, with its numbers."""
    scope, whole = Scope(actor(), years()[-1]), _whole()
    found: dict[str, list[Element]] = {}
    for element in catalogue.current().elements.values():
        if not element.service and _open(element, scope, whole):
            found.setdefault(element.group, []).append(element)
    book = catalogue.current().groups
    return {key: (book[key], tuple(found[key])) for key in book if key in found}


def desk() -> Desk | None:
    """The urusan of the page; None when the actor has nothing to enter; 404 for another's."""
    known = groups()
    if not known:
        return None
    asked = request.values.get("urusan", "") or next(iter(known))
    if asked not in known:
        abort(404)
    group, elements = known[asked]
    scopes = {y: Scope(actor(), y) for y in years()}
    return Desk(group, elements, years(), _whole(), scopes)


def rows(one: Desk, typed: Mapping[str, str], problems: Mapping[str, str]) -> list[Row]:
    """The page's rows; what was typed and not taken stays in its field."""
    out = []
    for element in one.elements:
        fields = []
        for year in one.years:
            view = one.view(element, year)
            name = f"n:{element.key}:{year}"
            shown = typed.get(name, rules.show_view(view, element) if view else "")
            if view is not None and view.raw and name not in typed:
                shown = view.raw
            fields.append(Field(name, year, shown, view.rev if view else 0,
                                one.writes(element, year), problems.get(name, "")))  # fmt: skip
        out.append(Row(element, tuple(fields)))
    return out


def _page(
    one: Desk | None, problems: Mapping[str, str] | None = None, notes: Iterable[str] = ()
) -> str:
    typed = request.form if problems else {}
    return render_template(
        "figures/past.html", desk=one, years=years(), groups=[g for g, _ in groups().values()],
        rows=rows(one, typed, problems or {}) if one else [], problems=problems or {},
        notes=list(notes), source=request.form.get("sumber", ""),
        accept=uploads.accept_list(uploads.SHEETS),
    )  # fmt: skip


@bp.get("/data/awal")
@needs(Permission.FIGURES_READ)
def page() -> str:
    """Numbers of the last four years of one urusan."""
    return _page(desk())


# --- writing --------------------------------------------------------------------------------


def put(one: Desk, element: Element, year: int, value: str, base: int, source: str) -> str:
    """Write one number of one year; returns why not, "" when it stands there now."""
    if not one.writes(element, year):
        return f"{element.title} {year} tidak dapat diubah: laporannya sudah dikirim."
    if len(value) > LONGEST:
        return "Terlalu panjang. Contoh: 1.250."
    if element.numeric and element.kind != "yesno" and value and not value.startswith("="):
        read = indonesian.read_number(value)
        if read.value is None or not read.sure:
            return f"{read.doubt} Contoh: 1.250."
    key = DatumKey(element.key, queries.region_id(), str(year))
    sent = figures_bridge.plain_number(value)
    answer = flow.put(key, "value", sent, base, actor(), behalf=one.whole)
    if answer.status == "conflict":
        return f"Sementara itu diubah menjadi {answer.theirs} oleh {answer.theirs_by}."
    if answer.status == "refused":
        return answer.doubt
    if answer.status == "ok" and value:
        view = one.view(element, year)
        words = source or ("" if view is not None and view.source else SOURCE)
        if words:
            flow.put(key, "source", words, answer.rev, actor(), behalf=one.whole)
    return ""


@bp.post("/data/awal")
@needs(Permission.FIGURES_WRITE)
def save() -> Response | tuple[str, int]:
    """Write what changed on the page: all of it, or nothing and the reasons."""
    one = desk()
    if one is None:
        abort(403)
    problems: dict[str, str] = {}
    source = " ".join(request.form.get("sumber", "").split())[:300]
    for element in one.elements:
        for year in one.years:
            name = f"n:{element.key}:{year}"
            if name not in request.form or not one.writes(element, year):
                continue
            value, view = request.form[name].strip(), one.view(element, year)
            stood = rules.show_view(view, element) if view else ""
            if value == stood or (view is not None and value == view.raw):
                continue
            base = request.form.get(f"b:{element.key}:{year}", "0")
            rev = int(base) if base.isdigit() and len(base) < 10 else 0
            if no := put(one, element, year, value, rev, source):
                problems[name] = no
    if problems:
        db.session.rollback()
        return _page(desk(), problems), 422
    db.session.commit()
    flash("Data awal tersimpan.", "ok")
    return redirect(url_for("past.page", urusan=one.group.key))


# --- Excel ----------------------------------------------------------------------------------


def shape(one: Desk) -> Shape:
    """The page as a sheet."""
    columns = [Column(key="data", label="Data", width=6), Column(key="satuan", label="Satuan")]
    columns += [Column(key=f"t{y}", label=str(y), width=2) for y in one.years]
    found = []
    for element in one.elements:
        cells = {"data": Spot(value=element.title), "satuan": Spot(value=element.unit)}
        for year in one.years:
            view, key = one.view(element, year), f"t{year}"
            column = column_of(key, str(year), element)
            if one.writes(element, year):
                cells[key] = Spot(f"{element.key}:{year}", datum_value(view, element),
                                  view.rev if view else 0, view.by_label if view else "",
                                  column)  # fmt: skip
            else:
                cells[key] = Spot(value=rules.show_view(view, element) if view else "")
        found.append(SheetRow(element.key, cells))
    title = f"Data awal {one.group.label}"
    header = f"{one.group.key}|data-awal|{one.years[-1]}|"
    about = f"{one.group.label}, tahun {one.years[0]} s.d. {one.years[-1]}"
    return Shape(None, title, tuple(columns), tuple(found), other=(MARK, header, about))


@bp.get("/data/awal/unduh")
@needs(Permission.FIGURES_READ)
def download() -> Response:
    """The same as Excel; uploading it again changes nothing."""
    one = desk()
    if one is None:
        abort(404)
    book = layouts.Book(f"Data awal {one.group.label}")
    sheet_file.write(book, shape(one), "Data awal")
    return outgoing.download(book.bytes(), f"Data_Awal_{one.group.key}_{one.years[-1]}.xlsx")


@bp.post("/data/awal/unggah")
@needs(Permission.FIGURES_WRITE)
def upload() -> Response | tuple[str, int]:
    """The filled sheet: all of it, or nothing and the reasons."""
    one = desk()
    if one is None:
        abort(403)
    notes: list[str] = []
    written = 0
    try:
        outcome = _read(one)
    except (uploads.Refused, grid.SheetError) as no:
        notes = [getattr(no, "sentence", "") or str(no)]
    else:
        notes = outcome.wrong + [
            f"Baris {ln.line}, kolom {c.label}: di portal kini {c.old or '(kosong)'} ({c.by}), "
            f"dalam berkas {c.new}. Unduh lagi, lalu ubah di sana." for ln, c in outcome.newer
        ]  # fmt: skip
        notes, written = (notes, 0) if notes else _apply(one, outcome)
    if notes:
        db.session.rollback()
        return _page(desk(), notes=notes), 422
    db.session.commit()
    flash(f"{written} angka ditulis dari Excel." if written else
          "Isi berkas sama dengan yang sudah ada; tidak ada yang diubah.", "ok")  # fmt: skip
    return redirect(url_for("past.page", urusan=one.group.key))


def _read(one: Desk) -> sheet_file.Outcome:
    file = request.files.get("berkas")
    if file is None or not file.filename:
        raise grid.SheetError("Pilih berkas Excel yang sudah diisi lebih dahulu.")
    checked = uploads.check(file.read(), file.filename, uploads.SHEETS)
    sheets = grid.read(checked.data, checked.kind is Kind.CSV)
    made = shape(one)
    first = [str(row[0]) if row else "" for row in sheets[0].rows[:2]] + ["", ""]
    if first[0] == MARK and first[1] != made.header:
        raise grid.SheetError(
            f"Berkas ini untuk urusan atau tahun lain ({first[1].replace('|', ' ').strip()}). "
            f"Halaman ini: {made.about}."
        )
    return sheet_file.read(made, sheets[0])


def _apply(one: Desk, outcome: sheet_file.Outcome) -> tuple[list[str], int]:
    book, notes, written = catalogue.current(), [], 0
    for change in outcome.plain:
        key, _, year = change.target.rpartition(":")
        no = put(one, book.elements[key], int(year), change.value, change.base, "")
        if no:
            notes.append(f"{book.elements[key].title}, {year}: {no}")
        written += not no
    return notes, written


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
