"""Data menurut kecamatan: one grid of all numbers that are kept by kecamatan, typed like Excel.

Inputs are named as operations on data (``d:penduduk@kecamatan=KEC-01:value``), so that the page
saves each cell by itself as an isian does, and as a whole form without JavaScript. What the
kecamatan add up to is computed and held against the number of the region.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask import (
    Blueprint,
    Flask,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from portal import clock, indonesian
from portal.db import db
from portal.figures import catalogue, districts, flow, queries, rules
from portal.figures.flow import DatumKey
from portal.figures.rules import DatumView
from portal.figures.shape import Element
from portal.people import queries as people
from portal.people.rules import Permission, UnitInfo
from portal.reports import figures_bridge
from portal.reports.ops import Answer, Op
from portal.reports.rules import TargetError, parse_target
from portal.web import entry_page
from portal.web.entry_view import Cell, Head, Row, TableView
from portal.web.figures import asked_year, year_choices
from portal.web.figures_scope import Scope, data_year
from portal.web.gate import actor, needs
from portal.web.incoming import whole
from portal.web.ops_in import lean, read_ops

bp = Blueprint("districts", __name__)

Views = Mapping[tuple[str, str, str], DatumView]


def columns() -> tuple[Element, ...]:
    """Elements that are kept by kecamatan, in the order of the catalogue."""
    return tuple(e for e in catalogue.current().elements.values() if e.by == "kecamatan")


@dataclass(frozen=True)
class Note:
    """Under the grid: one element's sum beside the number of the region."""

    element: Element
    sentence: str
    differs: bool
    takes: bool  # the actor may make the sum the number of the region


class Board:
    """Everything the page knows of one year, read once."""

    def __init__(self, year: int) -> None:
        self.year, self.period = year, str(year)
        self.scope = Scope(actor(), year)
        self.columns = tuple(e for e in columns() if self.scope.sees(e))
        self.writes = {e.key: self.scope.writes(e) for e in self.columns}
        self.places = queries.districts(year)
        self.found: Views = queries.by_dims(
            [e.key for e in self.columns], [str(year), str(year - 1)], queries.region_id()
        )

    def view(self, key: str, place: UnitInfo, year: int = 0) -> DatumView | None:
        """The statement of one cell."""
        return self.found.get((key, str(year or self.year), f"kecamatan={place.code}"))

    def spread(self, element: Element) -> districts.Spread:
        """The column added up."""
        views = [self.view(element.key, p) for p in self.places]
        region = self.found.get((element.key, self.period, ""))
        return districts.spread((v.value if v else None for v in views),
                                region.value if region else None)  # fmt: skip

    def row_note(self, place: UnitInfo) -> str:
        """What does not add up in one kecamatan."""
        views = {e.key: self.view(e.key, place) for e in self.columns}
        return districts.row_note(
            [(s.whole, s.parts) for s in catalogue.current().sums],
            {k: v.value if v else None for k, v in views.items()},
            {e.key: e.title for e in self.columns},
        )

    def notes(self) -> list[Note]:
        """One per column."""
        made = []
        for e in self.columns:
            spread = self.spread(e)
            made.append(Note(e, spread.sentence(e.unit), spread.differs,
                             self.writes[e.key] and spread.complete
                             and spread.total != spread.region))  # fmt: skip
        return made

    def derived(self) -> dict[str, str]:
        """Totals and notes as the browser shows them after a save."""
        out = {f"t:{e.key}": self._total(e) for e in self.columns}
        out |= {f"s:{n.element.key}": n.sentence for n in self.notes()}
        return out | {f"n:{p.code}": self.row_note(p) for p in self.places}

    def _total(self, element: Element) -> str:
        total = self.spread(element).total
        return rules.show(total, element.kind, element.places)

    def table(self, typed: Mapping[str, str]) -> TableView:
        """The grid; ``typed`` stands in the inputs instead of what is stored (refused forms)."""
        heads = [Head("Kecamatan", "k0")]
        heads += [Head(e.title, f"k{n}", number=True,
                       unit="" if e.unit in e.title.lower() else e.unit)
                  for n, e in enumerate(self.columns, 1)]  # fmt: skip
        heads.append(Head("Catatan", f"k{len(self.columns) + 1}"))
        rows = tuple(self._row(p, typed) for p in self.places)
        totals = (Cell("text", "", "Jumlah kecamatan"), *(
            Cell("calc", f"t:{e.key}", self._total(e), number=True,
                 rpn="sum" if self.writes[e.key] else "", places=e.places)
            for e in self.columns
        ), Cell("text"))  # fmt: skip
        return TableView((tuple(heads),), rows, None, False, "Jumlah kecamatan", totals, ())

    def _row(self, place: UnitInfo, typed: Mapping[str, str]) -> Row:
        cells = [Cell("text", "", place.name.removeprefix("Kecamatan "))]
        for n, e in enumerate(self.columns, 1):
            view, last = self.view(e.key, place), self.view(e.key, place, self.year - 1)
            target = target_of(e.key, place.code)
            shown = typed.get(target, _shown(view, e))
            doubt = indonesian.read_number(view.raw).doubt if view and view.raw else ""
            cells.append(Cell(
                "in" if self.writes[e.key] else "text", target, shown, view.rev if view else 0,
                doubt, tuple((a, b) for a, b in figures_bridge.readings(shown)) if doubt else (),
                rules.show(last.value, e.kind, e.places) if last else "", True,
                labels=f"k{n} h-{place.code}",
            ))  # fmt: skip
        cells.append(Cell("calc", f"n:{place.code}", self.row_note(place)))
        return Row(place.code, "", tuple(cells))


def target_of(key: str, code: str) -> str:
    """``d:penduduk@kecamatan=KEC-01:value``."""
    return f"d:{key}@kecamatan={code}:value"


def _shown(view: DatumView | None, element: Element) -> str:
    if view is None:
        return ""
    return view.raw or rules.show(view.value, element.kind, element.places)


def _year_or_404(year: int) -> int:
    if not 2015 <= year <= data_year() + 1:
        abort(404)
    return year


@bp.get("/data/kecamatan")
@needs(Permission.FIGURES_READ)
def index() -> Response:
    """The grid of the year asked for (``?tahun=``)."""
    return redirect(url_for("districts.page", year=asked_year()))


@bp.get("/data/kecamatan/<int:year>")
@needs(Permission.FIGURES_READ)
def page(year: int) -> str:
    """The grid of one year."""
    return _page(Board(_year_or_404(year)))


def _page(board: Board, problems: list[tuple[str, Answer]] | None = None,
          typed: Mapping[str, str] | None = None) -> str:  # fmt: skip
    return render_template(
        "figures/districts.html", year=board.year, years=year_choices(), me=actor(),
        view=board.table(typed or {}), notes=board.notes(), problems=problems or [],
        writable=any(board.writes.values()), saved=_saved(board),
        owners=sorted({queries.owner_name(e, people.today()) for e in board.columns}),
    )  # fmt: skip


def _saved(board: Board) -> str:
    times = [v.at for (_, period, dims), v in board.found.items()
             if v.at and dims and period == board.period]  # fmt: skip
    return (
        f"Tersimpan {entry_page.local_time(max(times))}" if times else "Ketikan tersimpan sendiri"
    )


@bp.post("/data/kecamatan/<int:year>/op")
@needs(Permission.FIGURES_WRITE)
def save_ops(year: int) -> Response | tuple[Response, int]:
    """Cells as they are typed, each committed by itself; the answers in the same order."""
    _year_or_404(year)
    ops = read_ops(actor().person_id)
    if ops == 401:
        abort(401)
    if isinstance(ops, int):
        return jsonify(error="Permintaan tidak dapat dibaca."), ops
    scope = Scope(actor(), year)
    answers = [(op, _apply(scope, op)) for op in ops]
    return jsonify(
        answers=[lean(op, answer) for op, answer in answers],
        derived=Board(year).derived(), at=entry_page.local_time(clock.now()), state="",
    )  # fmt: skip


def _apply(scope: Scope, op: Op) -> Answer:
    """One cell. Asked twice, the second finds its value there and changes nothing."""
    try:
        target = parse_target(op.target)
    except TargetError as error:
        return Answer(op.op_id, "refused", reason=str(error))
    element = catalogue.current().elements.get(target.element)
    if element is None or not target.dims or target.month or target.measure or op.cut:
        return Answer(op.op_id, "refused",
                      reason="Isian yang dituju tidak dikenal. Muat ulang halaman.")  # fmt: skip
    if not scope.writes(element):
        return Answer(op.op_id, "refused", reason=flow.refusal(element))
    put = flow.put(DatumKey(element.key, queries.region_id(), str(scope.year), target.dims),
                   target.attr, figures_bridge.plain_number(op.value), op.base,
                   actor())  # fmt: skip
    db.session.commit()
    refused = put.status == "refused"
    return Answer(
        op.op_id, put.status, put.rev, shown=put.shown, doubt="" if refused else put.doubt,
        choices=figures_bridge.readings(op.value) if put.doubt and not refused else [],
        theirs=put.theirs, theirs_by=put.theirs_by, reason=put.doubt if refused else "",
    )  # fmt: skip


@bp.post("/data/kecamatan/<int:year>")
@needs(Permission.FIGURES_WRITE)
def save(year: int) -> Response | tuple[str, int]:
    """The whole grid without JavaScript: what was changed is saved, cell by cell."""
    board = Board(_year_or_404(year))
    if not any(board.writes.values()):
        abort(403)
    problems, saved = [], 0
    for op in _changed(board):
        answer = _apply(board.scope, op)
        if answer.status in {"conflict", "refused"} or answer.doubt:
            problems.append((_label(board, op.target), answer))
        saved += answer.status == "ok"
    if problems:
        return _page(Board(year), problems, request.form), 422
    if saved:
        flash(f"Tersimpan {entry_page.local_time(clock.now())}.", "ok")
    return redirect(url_for("districts.page", year=year))


def _changed(board: Board) -> Iterator[Op]:
    """Cells whose posted text is neither what stands there nor what the page had shown."""
    for e in board.columns:
        for place in board.places:
            target = target_of(e.key, place.code)
            if not board.writes[e.key] or target not in request.form:
                continue
            typed = request.form[target].strip()
            seen = whole(request.form.get(f"r.{target}", "0")) or 0
            view = board.view(e.key, place)
            if typed == _shown(view, e):
                continue
            if view is not None and view.rev != seen and typed == _past(e, place, board, seen):
                continue  # untouched here, changed by somebody else meanwhile
            yield Op("form-op", target, seen, typed)


def _past(element: Element, place: UnitInfo, board: Board, n: int) -> str:
    """What the cell showed at its statement ``n``."""
    past = queries.history(element.key, board.period, queries.region_id(),
                           f"kecamatan={place.code}")  # fmt: skip
    return next((_shown(v, element) for v in past if v.rev == n), "")


def _label(board: Board, target: str) -> str:
    for e in board.columns:
        for place in board.places:
            if target == target_of(e.key, place.code):
                return f"{e.title}, {place.name}"
    return target


@bp.post("/data/kecamatan/<int:year>/jumlah")
@needs(Permission.FIGURES_WRITE)
def take_sum(year: int) -> Response:
    """The kecamatan's sum becomes the number of the region: typed once, not twice."""
    board = Board(_year_or_404(year))
    element = next((e for e in board.columns if e.key == request.form.get("unsur")), None)
    if element is None:
        abort(404)
    if not board.writes[element.key]:
        abort(403)
    spread = board.spread(element)
    back = redirect(url_for("districts.page", year=year))
    if not spread.complete or spread.total is None:
        flash(f"{element.title}: {spread.sentence(element.unit)}. Lengkapi dahulu.", "warn")
        return back
    stood = board.found.get((element.key, board.period, ""))
    put = flow.put(DatumKey(element.key, queries.region_id(), board.period), "value",
                   _exact(spread.total), stood.rev if stood else 0, actor())  # fmt: skip
    db.session.commit()
    if put.status == "refused":
        flash(put.doubt, "error")
    elif put.status == "conflict":
        flash("Angka kabupaten/kota baru saja diubah orang lain. Periksa, lalu ulangi.", "warn")
    else:
        flash(f"{element.title} tahun {year}: {put.shown} {element.unit}.", "ok")
    return back


def _exact(value: Decimal) -> str:
    return figures_bridge.plain_number(f"={value:f}")


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
