"""Rincian per puskesmas or kecamatan of an isian by month: one grid, its sums are the region's.

Two views of the same cells: one row of the isian with its months, or one month with all its rows.
Inputs are operations on data (``d:ibu_hamil_dilayani@tempat=PKM-01~03:value``) and are saved like
those of the isian itself, with and without JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, Flask, abort, flash, jsonify, redirect, render_template, request
from flask import url_for as to
from werkzeug.wrappers import Response

from portal import clock, indonesian
from portal.db import db
from portal.figures import queries, rollup, rules, sites, spm
from portal.figures.rules import DatumView
from portal.outlines import measures
from portal.outlines.measured import REALISASI
from portal.outlines.parts import Measures
from portal.outlines.schema import Placed
from portal.people.rules import Permission, UnitInfo
from portal.reports import figures_bridge, flow, measures_bridge, places
from portal.reports.ops import Answer, Op
from portal.reports.queries import Desk
from portal.reports.refusal import Refused
from portal.web import entry, entry_form, entry_measures, entry_page
from portal.web.entry_measures import Maker
from portal.web.entry_view import Cell, Head, Row, TableView
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("sites", __name__)
MONTH = "bulan-"


@dataclass(frozen=True)
class Column:
    """One number that every place is asked for: element, month (0 = the year), measure."""

    element: str
    month: int
    measure: str
    label: str
    above: str = ""

    @property
    def key(self) -> str:
        """Its name in computed cells."""
        return f"{self.element}~{self.month:02d}+{self.measure}"


class Board:
    """Everything the page knows of one row or one month, read once."""

    def __init__(self, desk: Desk, placed: Placed, pick: str) -> None:
        self.desk, self.placed, self.pick = desk, placed, pick
        self.maker: Maker = entry_measures.maker(actor(), desk, placed)
        self.at = self.maker.at
        self.year, self.region = self.at.year, desk.entry.report.owner_unit_id
        self.spots = [s for _, own in self.maker.spots() for s in own if s.meets]
        self.month = whole(pick.removeprefix(MONTH)) or 0 if pick.startswith(MONTH) else 0
        if self.month not in self.at.months or not self.by_month:
            self.month = 0
        self.spot = next((s for s in self.spots if s.uid == pick), self.spots[0])
        self.columns = tuple(self._columns())
        keys = {c.element for c in self.columns}
        self.found = queries.by_site(keys, self.year, self.region)
        self.places = queries.sites_of(self.at.book.elements[self.columns[-1].element], self.year)

    @property
    def by_month(self) -> bool:
        """True when all rows of one month fit into a grid."""
        return len(self.spots) <= 15

    def _columns(self) -> Iterator[Column]:
        if self.month:
            for s in self.spots:
                yield Column(s.meets, self.month, REALISASI, s.title)
            return
        if len(self.spot.needs) == 1 and self.maker.may(self.spot.needs[0][0]):
            element, measure = self.spot.needs[0]
            yield Column(element, 0, measure, entry_measures.YEAR_WORDS[self.maker.part.of])
        name = entry_measures.MONTH_WORDS[self.maker.part.of]
        for m in self.at.months:
            yield Column(self.spot.meets, m, REALISASI, measures.MONTHS[m - 1], name)

    # --- numbers ------------------------------------------------------------------------------

    def view(self, column: Column, code: str) -> DatumView | None:
        """The statement of one cell."""
        return self.found.get((column.element, code, column.month, column.measure))

    def total(self, column: Column) -> Decimal | None:
        """What the places add up to; stock of a place counts until it states another."""
        known = {
            (code, m): v.value for (e, code, m, measure), v in self.found.items()
            if e == column.element and measure == column.measure and v.value is not None
        }  # fmt: skip
        roll = self.at.book.elements[column.element].roll
        return sites.total(known, column.month, "last" if roll == "last" else "sum")

    def filled(self, column: Column) -> int:
        """How many places have stated it."""
        views = (self.view(column, p.code) for p in self.places)
        return sum(1 for v in views if v is not None and v.value is not None)

    def notes(self) -> list[str]:
        """Where places are missing, or the region's own number stands beside another sum."""
        return [note for c in self.columns if (note := self._note(c))]

    def _note(self, column: Column) -> str:
        total, filled = self.total(column), self.filled(column)
        view = self.maker.stored.view(column.element, column.month, column.measure)
        own = view is not None and view.source != rollup.SITES_SOURCE and view.value is not None
        if not filled:
            return ""
        left = f"{filled} dari {len(self.places)} tempat terisi"
        said = f"{column.label}: {left}, berjumlah {indonesian.number(total or Decimal(0))}"
        if own and view is not None and view.value != total:
            stands = indonesian.number(view.value or Decimal(0))
            return (f"{said}; angka yang diketik langsung, {stands}, dipakai sampai semua tempat "
                    "terisi.")  # fmt: skip
        return f"{said}." if filled < len(self.places) else ""

    def derived(self) -> dict[str, str]:
        """Computed cells as the browser shows them after a save."""
        out = {f"t:{c.key}": self._shown(c, self.total(c)) for c in self.columns}
        if not self.month:
            for p in self.places:
                out[f"p:{p.code}"], out[f"p:{p.code}:persen"] = self._row_ends(p)
            out["t:jumlah"], out["t:persen"] = self._ends()
        return out | {"t:catatan": " ".join(self.notes())}

    def _shown(self, column: Column, value: Decimal | None) -> str:
        element = self.at.book.elements[column.element]
        return "" if value is None else rules.show(value, element.kind, element.places)

    def _row_ends(self, place: UnitInfo) -> tuple[str, str]:
        """(through the last month, percent) of one place."""
        known = {c.month: v.value for c in self.columns if c.month
                 and (v := self.view(c, place.code)) and v.value is not None}  # fmt: skip
        needed = next((v.value for c in self.columns if not c.month
                       and (v := self.view(c, place.code))), None)  # fmt: skip
        return self._rolled(known, needed)

    def _ends(self) -> tuple[str, str]:
        known = {c.month: v for c in self.columns if c.month and (v := self.total(c)) is not None}
        needed = next((self.total(c) for c in self.columns if not c.month), None)
        return self._rolled(known, needed)

    def _rolled(self, known: Mapping[int, Decimal], needed: Decimal | None) -> tuple[str, str]:
        last = self.at.book.elements[self.spot.meets].roll == "last"
        how: spm.Roll = "last" if last else "sum"
        total = spm.roll_up(known, self.at.months, how)
        return measures_bridge.shown(0, total), measures_bridge.percent(total, needed)

    # --- the grid -----------------------------------------------------------------------------

    def table(self, typed: Mapping[str, str]) -> TableView:
        """The grid; ``typed`` stands in the inputs instead of what is stored (refused forms)."""
        heads = [Head("Tempat layanan", "k0")]
        heads += [Head(c.label, f"k{n}", number=True) for n, c in enumerate(self.columns, 1)]
        rows = tuple(self._row(p, typed) for p in self.places)
        totals = [Cell("text", "", "Jumlah")]
        totals += [Cell("calc", f"t:{c.key}", self._shown(c, self.total(c)), number=True)
                   for c in self.columns]  # fmt: skip
        if not self.month:
            last = measures.MONTHS[self.at.months[-1] - 1]
            heads += [Head(f"Total s.d. {last}", number=True), Head("%", number=True)]
            for key, text in zip(("jumlah", "persen"), self._ends(), strict=True):
                totals.append(Cell("calc", f"t:{key}", text, number=True))
        return TableView((tuple(heads),), rows, None, False, "Jumlah", tuple(totals), ())

    def _row(self, place: UnitInfo, typed: Mapping[str, str]) -> Row:
        cells = [Cell("text", "", place.short_name or place.name)]
        cells += [self._cell(n, c, place, typed) for n, c in enumerate(self.columns, 1)]
        if not self.month:
            for tail, text in zip(("", ":persen"), self._row_ends(place), strict=True):
                cells.append(Cell("calc", f"p:{place.code}{tail}", text, number=True))
        return Row(place.code, "", tuple(cells))

    def _cell(self, n: int, column: Column, place: UnitInfo, typed: Mapping[str, str]) -> Cell:
        view, target = self.view(column, place.code), self.target(column, place)
        shown = typed.get(target, self.text(column, place))
        doubt = indonesian.read_number(view.raw).doubt if view and view.raw else ""
        return Cell(
            "in" if self.maker.may(column.element) else "text", target, shown,
            view.rev if view else 0, doubt,
            tuple((a, b) for a, b in figures_bridge.readings(shown)) if doubt else (),
            number=True, labels=f"k{n} h-{place.code}",
        )  # fmt: skip

    def text(self, column: Column, place: UnitInfo) -> str:
        """What stands in a cell."""
        view = self.view(column, place.code)
        return "" if view is None else view.raw or self._shown(column, view.value)

    def target(self, column: Column, place: UnitInfo) -> str:
        """The operation's target of a cell."""
        return measures_bridge.target(
            column.element, column.month, column.measure, sites.dims_of(place.code)
        )

    def inputs(self) -> Iterator[tuple[str, str, int, str]]:
        """(target, text, revision, label) of every cell that may be typed."""
        for c in self.columns:
            for p in self.places if self.maker.may(c.element) else ():
                view = self.view(c, p.code)
                yield (self.target(c, p), self.text(c, p), view.rev if view else 0,
                       f"{p.name}, {c.label}")  # fmt: skip

    @property
    def saved(self) -> str:
        """When a cell was last stated."""
        times = [v.at for v in self.found.values() if v.at]
        return (f"Tersimpan {entry_page.local_time(max(times))}" if times
                else "Ketikan tersimpan sendiri")  # fmt: skip


def words_for(found: list[UnitInfo]) -> str:
    """What the places are called: puskesmas, kecamatan, UPT."""
    if found and all(u.kind == "kecamatan" for u in found):
        return "kecamatan"
    return "puskesmas dan UPT" if any("Puskesmas" in u.name for u in found) else "UPT"


# --- pages ----------------------------------------------------------------------------------


def _board(entry_id: int, pick: str) -> Board | None:
    """None for an isian that is not kept by month."""
    desk = entry_page.desk_or_404(actor(), entry_id)
    placed = entry_page.placed_or_404(desk.entry)
    part = placed.part
    if not isinstance(part, Measures) or part.of not in entry_measures.MONTH_WORDS:
        return None
    return Board(desk, placed, pick)


@bp.get("/isian/<int:entry_id>/rincian")
@needs(Permission.ENTRY_READ)
def index(entry_id: int) -> Response:
    """The row or month chosen (``?pilih=``), else the first row."""
    board = _board(entry_id, request.args.get("pilih", ""))
    if board is None:
        return redirect(to("entry.page", entry_id=entry_id))
    pick = f"{MONTH}{board.month}" if board.month else board.spot.uid
    return redirect(to("sites.page", entry_id=entry_id, pick=pick))


@bp.get("/isian/<int:entry_id>/rincian/<pick>")
@needs(Permission.ENTRY_READ)
def page(entry_id: int, pick: str) -> Response | str:
    """The grid of one row or one month."""
    board = _board(entry_id, pick)
    return redirect(to("entry.page", entry_id=entry_id)) if board is None else _page(board)


def _page(
    board: Board, problems: list[tuple[str, Answer]] | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    return render_template(
        "entry/sites.html", board=board, e=board.desk.entry, me=actor(), desk=board.desk,
        title=places.part_title(board.placed), view=board.table(typed or {}), month=MONTH,
        problems=problems or [], writable=any(True for _ in board.inputs()),
        places=words_for(board.places), names=measures.MONTHS, notes=" ".join(board.notes()),
    )  # fmt: skip


@bp.post("/isian/<int:entry_id>/rincian/<pick>/op")
@needs(Permission.ENTRY_WRITE)
def save_ops(entry_id: int, pick: str) -> Response | tuple[Response, int]:
    """Cells as they are typed, saved as those of the isian; the sums after them."""
    answer = entry.save_ops(entry_id)
    board = None if isinstance(answer, tuple) else _board(entry_id, pick)
    if board is None or isinstance(answer, tuple):
        return answer
    return jsonify({**(answer.get_json() or {}), "derived": board.derived()})


@bp.post("/isian/<int:entry_id>/rincian/<pick>")
@needs(Permission.ENTRY_WRITE)
def save(entry_id: int, pick: str) -> Response | tuple[str, int]:
    """The whole grid without JavaScript: what was changed is saved, cell by cell."""
    board = _board(entry_id, pick)
    if board is None:
        return redirect(to("entry.page", entry_id=entry_id))
    if not board.desk.may_write:
        abort(403)
    problems, saved = [], 0
    for label, op in _changed(board):
        answer = _apply(board, op)
        if answer.status in {"conflict", "refused"} or answer.doubt:
            problems.append((label, answer))
        saved += answer.status == "ok"
    if problems:
        again = _board(entry_id, pick) or board
        return _page(again, problems, request.form), 422
    if saved:
        flash(f"Tersimpan {entry_page.local_time(clock.now())}.", "ok")
    return redirect(to("sites.page", entry_id=entry_id, pick=pick))


def _changed(board: Board) -> Iterator[tuple[str, Op]]:
    """Cells whose posted text is neither what stands there nor what the page had shown."""
    for target, shown, rev, label in board.inputs():
        typed = request.form.get(target, shown).strip()
        if typed == shown or typed == request.form.get(f"l.{target}"):
            continue
        seen = whole(request.form.get(f"r.{target}", "0")) or 0
        yield label, entry_form.made(board.desk.entry.id, target, seen, typed, str(rev))


def _apply(board: Board, op: Op) -> Answer:
    try:
        answer = flow.apply_op(board.desk.entry, op, actor())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        answer = Answer(op.op_id, "refused", reason=refusal.sentence)
    return answer


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
