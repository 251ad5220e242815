"""SAKIP: the first page of the room, the pohon kinerja with its figure, indicators."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import (
    Blueprint,
    Flask,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from portal.db import db
from portal.documents import compile_fed, diagram
from portal.people import queries as people
from portal.people.kinds import UnitKind
from portal.people.rules import Permission, UnitInfo
from portal.sakip import achievements, feeds, flow, overview, pointers, queries, rules, spec
from portal.sakip.models import KinerjaIndicator, KinerjaNode
from portal.sakip.refusal import Refused
from portal.web import sakip_scope as scope
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("sakip", __name__)
#: Room of the figure on screen, in millimetres of the drawing.
WIDE, TALL = 270.0, 200.0


@bp.get("/sakip")
@needs(Permission.SAKIP_READ)
def index() -> str:
    """How far the units are: IKU, Perjanjian Kinerja, Rencana Aksi, capaian."""
    year, listed = scope.asked_year(), scope.units()
    unit = scope.asked_unit(listed)
    found = overview.rows(year, listed)
    return render_template(
        "sakip/index.html", rows=found, labels=rules.PK_LABELS,
        waiting=queries.waiting_for(actor()),
        names={u.id: u for u in listed}, deadlines=queries.deadlines(year),
        opens=queries.KIND in actor().region_wide and actor().may(Permission.SAKIP_WRITE),
        **scope.frame(year, unit, listed, "sakip.index"),
    )  # fmt: skip


@bp.post("/sakip")
@needs(Permission.SAKIP_WRITE)
def open_year() -> Response:
    """Set the Jadwal of Perjanjian Kinerja and Rencana Aksi for a year, so that they remind."""
    year = scope.asked_year()
    if queries.KIND not in actor().region_wide:
        abort(404)
    overview.open_year(year, actor())
    db.session.commit()
    flash(f"Jadwal SAKIP {year} terbuka. Tanggalnya dapat diubah pada halaman Jadwal.", "ok")
    return redirect(url_for("sakip.index", tahun=year))


# --- tree -----------------------------------------------------------------------------------


@bp.get("/sakip/pohon")
@needs(Permission.SAKIP_READ)
def tree() -> str:
    """The tree of a unit: the figure, and the same as a list to edit."""
    return _tree()


def _tree(refused: Refused | None = None) -> str:
    year, listed = scope.asked_year(), scope.units()
    unit = scope.asked_unit(listed)
    branches = queries.tree(year, unit)
    flat = list(queries.walk(branches))
    pages = diagram.pages(_boxes(flat), WIDE, TALL)
    writes = queries.writes(actor(), unit)
    return render_template(
        "sakip/tree.html", branches=flat, levels=rules.LEVELS, pages=pages,
        spoken=[diagram.spoken(p.boxes) for p in pages], writes=writes, refused=refused,
        typed=request.form if refused else {}, parents=_parents(year, unit) if writes else [],
        own=[(lv, rules.LEVELS[lv]) for lv in flow.levels_of(unit)],
        names={u.id: u for u in people.units_on(people.today())},
        **scope.frame(year, unit, listed, "sakip.tree"),
    )  # fmt: skip


def _boxes(flat: list[queries.Branch]) -> list[diagram.Box]:
    """What the figure shows: down to the programs; the list below it shows everything."""
    top = [b for b in flat if b.node.level not in ("kegiatan", "sub_kegiatan")]
    names = {b.node.id: str(n) for n, b in enumerate(top, start=1)}
    known = {u.id: u for u in people.units_on(people.today())}
    return compile_fed.boxes_of([feeds.node_of(b, known, names) for b in top])


def _parents(year: int, unit: UnitInfo) -> list[tuple[int, str]]:
    """Nodes below which a node of this unit may hang."""
    above = queries.root()
    houses = {unit.id} | ({above.id} if above and above.id != unit.id else set())
    found = [n for n in queries.nodes(year, houses) if n.level != "sub_kegiatan"]
    found.sort(key=lambda n: (list(rules.LEVELS).index(n.level), n.position, n.id))
    return [(n.id, f"{rules.LEVELS[n.level]}: {n.title[:110]}") for n in found]


@bp.get("/sakip/pohon.svg")
@needs(Permission.SAKIP_READ)
def figure() -> Response:
    """One picture of the tree, drawn here; its words stand in the page as well."""
    year, listed = scope.asked_year(), scope.units()
    unit = scope.asked_unit(listed)
    pages = diagram.pages(_boxes(list(queries.walk(queries.tree(year, unit)))), WIDE, TALL)
    n = whole(request.args.get("bagian", "")) or 1
    if not 1 <= n <= len(pages):
        abort(404)
    answer = make_response(diagram.svg(pages[n - 1]))
    answer.headers["Content-Type"] = "image/svg+xml"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@bp.post("/sakip/pohon")
@needs(Permission.SAKIP_WRITE)
def add_node() -> Response | tuple[str, int]:
    """Hang a node into the tree."""
    year, unit = scope.asked_year(), scope.asked_unit(scope.units())
    try:
        flow.add_node(year, unit, _node_given(), actor())
    except Refused as refused:
        db.session.rollback()
        return _tree(refused), 422
    db.session.commit()
    flash("Simpul ditambahkan.", "ok")
    return redirect(url_for("sakip.tree", tahun=year, unit=unit.code) + "#daftar")


def _node_given() -> flow.NodeGiven:
    form = request.form
    return flow.NodeGiven(
        form.get("level", ""), form.get("title", ""), whole(form.get("parent_id", "")),
        form.get("code", ""), min(whole(form.get("position", "")) or 0, 10**6),
    )  # fmt: skip


def _node(node_id: int) -> tuple[KinerjaNode, UnitInfo]:
    found = queries.node_for(actor(), node_id)
    unit = people.unit_info(found.unit_id, people.today()) if found else None
    if found is None or unit is None:
        abort(404)
    return found, unit


@bp.get("/sakip/simpul/<int:node_id>")
@needs(Permission.SAKIP_READ)
def node(node_id: int) -> str:
    """One node with its indicators."""
    return _node_page(*_node(node_id))


def _node_page(found: KinerjaNode, unit: UnitInfo, refused: Refused | None = None) -> str:
    year, writes = scope.asked_year(), queries.writes(actor(), unit)
    own = queries.indicators(year, [found.id])
    rows = queries.years_of([i.id for i in own], [year])
    return render_template(
        "sakip/node.html", node=found, writes=writes, refused=refused, levels=rules.LEVELS,
        own=[(lv, rules.LEVELS[lv]) for lv in flow.levels_of(unit)],
        parents=[p for p in _parents(year, unit) if p[0] != found.id] if writes else [],
        typed=request.form if refused else {}, indicators=own, rows=rows, shown=achievements.shown,
        directions=rules.SHORT_DIRECTIONS,
        **scope.frame(year, unit, [unit], "sakip.tree"),
    )  # fmt: skip


@bp.post("/sakip/simpul/<int:node_id>")
@needs(Permission.SAKIP_WRITE)
def change_node(node_id: int) -> Response | tuple[str, int]:
    """Change a node, or take it out from this year on (``henti``)."""
    found, unit = _node(node_id)
    year, version = scope.asked_year(), whole(request.form.get("version", "")) or 0
    try:
        if "henti" in request.form:
            flow.end_node(year, unit, found, version, actor())
        else:
            flow.change_node(year, unit, found, _node_given(), version, actor())
    except Refused as refused:
        db.session.rollback()
        return _node_page(*_node(node_id), refused), 422
    db.session.commit()
    flash("Simpul dihentikan." if "henti" in request.form else "Simpul tersimpan.", "ok")
    if "henti" in request.form:
        return redirect(url_for("sakip.tree", tahun=year, unit=unit.code))
    return redirect(url_for("sakip.node", node_id=node_id, tahun=year))


# --- indicators -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Form:
    """What the form of an indicator offers."""

    pointers: dict[str, list[pointers.Choice]] = field(default_factory=dict)
    holders: list[UnitInfo] = field(default_factory=list)


def _form() -> _Form:
    groups: dict[str, list[pointers.Choice]] = {}
    for choice in pointers.choices():
        groups.setdefault(choice.group, []).append(choice)
    houses = queries.HOUSE | {UnitKind.BAGIAN.value}
    return _Form(groups, [u for u in people.units_on(people.today()) if u.kind in houses])


@bp.get("/sakip/simpul/<int:node_id>/indikator")
@needs(Permission.SAKIP_WRITE)
def new_indicator(node_id: int) -> str | Response:
    """The empty form of an indicator."""
    found, unit = _node(node_id)
    if not queries.writes(actor(), unit):
        flash(f"Indikator {unit.name} diisi oleh operatornya atau penyusun SAKIP.", "warn")
        return redirect(url_for("sakip.node", node_id=node_id, tahun=scope.asked_year()))
    return _indicator_page(found, unit, None)


def _indicator_page(
    node: KinerjaNode, unit: UnitInfo, one: KinerjaIndicator | None,
    refused: Refused | None = None,
) -> str:  # fmt: skip
    year = scope.asked_year()
    row = queries.year_of(one.id, year) if one else None
    lines = achievements.of_nodes(year, [node]) if one else []
    line = next((ln for ln in lines if one and ln.indicator.id == one.id), None)
    return render_template(
        "sakip/indicator.html", node=node, one=one, row=row, refused=refused, line=line,
        writes=queries.writes(actor(), unit), form=_form(), typed=request.form if refused else {},
        directions=rules.DIRECTIONS, rolls=rules.ROLLS, predicates=spec.current().predicates,
        plain=scope.plain, shown=achievements.shown, pointer_label=pointers.label,
        **scope.frame(year, unit, [unit], "sakip.tree"),
    )  # fmt: skip


@bp.post("/sakip/simpul/<int:node_id>/indikator")
@needs(Permission.SAKIP_WRITE)
def add_indicator(node_id: int) -> Response | tuple[str, int]:
    """Give a node an indicator."""
    found, unit = _node(node_id)
    year = scope.asked_year()
    try:
        flow.add_indicator(year, unit, found, _indicator_given(), actor())
    except Refused as refused:
        db.session.rollback()
        return _indicator_page(*_node(node_id), None, refused), 422
    db.session.commit()
    flash("Indikator ditambahkan.", "ok")
    return redirect(url_for("sakip.node", node_id=node_id, tahun=year))


def _indicator(indicator_id: int) -> tuple[KinerjaIndicator, KinerjaNode, UnitInfo]:
    found = queries.indicator_for(actor(), indicator_id)
    if found is None:
        abort(404)
    one, node_ = found
    return one, node_, _node(node_.id)[1]


@bp.get("/sakip/indikator/<int:indicator_id>")
@needs(Permission.SAKIP_READ)
def indicator(indicator_id: int) -> str:
    """One indicator: what it means, how it is counted, its years."""
    one, node_, unit = _indicator(indicator_id)
    return _indicator_page(node_, unit, one)


@bp.post("/sakip/indikator/<int:indicator_id>")
@needs(Permission.SAKIP_WRITE)
def change_indicator(indicator_id: int) -> Response | tuple[str, int]:
    """Change an indicator and its target, or stop using it from this year on (``henti``)."""
    one, node_, unit = _indicator(indicator_id)
    year, version = scope.asked_year(), whole(request.form.get("version", "")) or 0
    try:
        if "henti" in request.form:
            flow.end_indicator(year, unit, one, version, actor())
        else:
            flow.change_indicator(year, unit, one, _indicator_given(), version, actor())
    except Refused as refused:
        db.session.rollback()
        one, node_, unit = _indicator(indicator_id)
        return _indicator_page(node_, unit, one, refused), 422
    db.session.commit()
    flash("Indikator dihentikan." if "henti" in request.form else "Indikator tersimpan.", "ok")
    if "henti" in request.form:
        return redirect(url_for("sakip.node", node_id=node_.id, tahun=year))
    return redirect(url_for("sakip.indicator", indicator_id=indicator_id, tahun=year))


def _indicator_given() -> flow.IndicatorGiven:
    form = request.form
    predicate = form.get("predicate", "")
    places = whole(form.get("places", "2"))
    return flow.IndicatorGiven(
        title=form.get("title", ""),
        satuan=form.get("satuan", ""),
        places=2 if places is None else places,
        definition=form.get("definition", "")[:4000],
        formula=form.get("formula", "")[:4000],
        direction=form.get("direction", ""),
        roll=form.get("roll", "last"),
        source=form.get("source", ""),
        holder_unit_id=_holder(form.get("holder_unit_id", "")),
        pointer=form.get("pointer", ""),
        predicate=predicate,
        iku="iku" in form,
        final_year=scope_year(form.get("final_year", "")),
        final_target=scope.typed_number(
            form.get("final_target", ""), "Target akhir", "final_target", predicate
        ),
        target=scope.typed_number(
            form.get("target", ""), f"Target {scope.asked_year()}", "target", predicate
        ),
    )


def _holder(raw: str) -> int | None:
    wanted = whole(raw)
    return wanted if wanted in {u.id for u in people.units_on(people.today())} else None


def scope_year(raw: str) -> int:
    """A year of a form, 0 when it is empty; Refused for anything else."""
    if not raw.strip():
        return 0
    year = whole(raw.strip())
    if year is None or not 2000 <= year <= 2100:
        raise Refused("Tahun akhir Renstra/RPJMD ditulis empat angka, misalnya 2029.",
                      field="final_year")  # fmt: skip
    return year


@bp.get("/sakip/iku")
@needs(Permission.SAKIP_READ)
def iku() -> str:
    """Indikator Kinerja Utama of a unit, as the form of PER/20/M.PAN/11/2008 has them."""
    year, listed = scope.asked_year(), scope.units()
    unit = scope.asked_unit(listed)
    lines = achievements.lines(year, unit, back=0)
    return render_template(
        "sakip/iku.html", lines=[ln for ln in lines if ln.indicator.iku], shown=achievements.shown,
        names={u.id: u.name for u in people.units_on(people.today())},
        directions=rules.SHORT_DIRECTIONS, pointer_label=pointers.label,
        **scope.frame(year, unit, listed, "sakip.iku"),
    )  # fmt: skip


def init_app(app: Flask) -> None:
    """Register the blueprint; what waits is asked for by pages that show it."""
    app.register_blueprint(bp)
    app.jinja_env.globals["sakip_tasks"] = lambda: overview.tasks(actor())
