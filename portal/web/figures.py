"""Data/Indikator: the numbers of the region, each once, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.checks import printed
from portal.db import db
from portal.figures import catalogue, checks, districts, flow, queries, rules, sheet
from portal.figures.catalogue import CLUSTERS, Element, Group, Indicator
from portal.figures.flow import DatumKey
from portal.figures.models import Evidence
from portal.figures.rules import DatumView, Result
from portal.outlines.queries import indicator_titles
from portal.people import queries as people
from portal.people.rules import Permission, Role
from portal.web.figures_scope import Scope, data_year
from portal.web.gate import actor, needs
from portal.web.incoming import whole
from portal.web.outgoing import download

bp = Blueprint("figures", __name__)

HIDDEN = "belum dikirim"
#: The fields of the element form, in their order.
FIELDS = ("value", "vintage", "na_reason", "expected_on", "source", "same")


def asked_year() -> int:
    """Year of the page: ?tahun=, else the year whose data are collected; 404 for nonsense."""
    raw = request.values.get("tahun", "")
    if not raw:
        return data_year()
    year = whole(raw)
    if year is None or not 2015 <= year <= data_year() + 1:
        abort(404)
    return year


@dataclass
class Line:
    """One indicator in a list: what three years give, and what is to be seen to."""

    indicator: Indicator
    results: list[str] = field(default_factory=list)
    result: Result | None = None
    evidence: int = 0
    blocking: int = 0
    looking: int = 0
    owner: str = ""


def _periods(year: int) -> list[str]:
    return [str(year - 3), str(year - 2), str(year - 1), str(year)]


def _results(i: Indicator, found: queries.Periods, year: int, scope: Scope) -> list[Result]:
    """Results of the two years before and of ``year``; a draft of others stays hidden."""
    elements = catalogue.current().elements
    out = [
        rules.evaluate(i, found[str(y)], found[str(y - 1)], elements)
        for y in (year - 2, year - 1, year)
    ]
    if not scope.sees_indicator(i):
        out[-1] = Result(None, HIDDEN, HIDDEN, kind="missing")
    return out


def _lines(indicators: list[Indicator], year: int, scope: Scope) -> list[Line]:
    book = catalogue.current()
    keys = {k for i in indicators for k in i.elements}
    found = queries.values_of(sorted(keys), _periods(year), queries.region_id())
    proven = queries.evidence_counts(indicators, year)
    owners = queries.owner_names(people.today())
    facts = checks.Facts(book, year, found[str(year)], found[str(year - 1)], people.today(),
                         queries.thresholds())  # fmt: skip
    lines = []
    for i in indicators:
        results = _results(i, found, year, scope)
        line = Line(i, [r.text for r in results], results[-1], proven.get(i.key, 0))
        line.owner = queries.named_owner(owners, book.elements[i.elements[0]])[1] or "belum ada"
        if results[-1].reason != HIDDEN:
            remarks = checks.check(facts, [i])
            line.blocking = sum(c.blocks for c in remarks)
            line.looking = len(remarks) - line.blocking
        lines.append(line)
    return lines


def _groups() -> list[tuple[str, list[Group]]]:
    """Groups that hold indicators, under the names of their clusters."""
    groups = catalogue.current().groups.values()
    return [
        (name, [g for g in groups if g.cluster == cluster])
        for cluster, name in CLUSTERS.items() if cluster != "referensi"
    ]  # fmt: skip


def _own_group(scope: Scope) -> str:
    """The first group that the actor's unit answers for, else the first of all."""
    groups = [g for g in catalogue.current().groups.values() if g.cluster != "referensi"]
    mine = [g for g in groups if scope.duties.get(g.duty, frozenset()) & scope.actor.units()]
    return (mine or groups)[0].key


@bp.get("/data")
@needs(Permission.FIGURES_READ)
def index() -> str:
    """Indicators of one urusan with the results of three years."""
    year = asked_year()
    scope = Scope(actor(), year)
    book = catalogue.current()
    group = book.groups.get(request.args.get("urusan") or _own_group(scope))
    if group is None or group.cluster == "referensi":
        abort(404)
    lines = _lines(book.of(group=group.key, year=year), year, scope)
    return render_template(
        "figures/index.html", year=year, years=year_choices(), group=group, groups=_groups(),
        lines=lines, may_write=actor().may(Permission.FIGURES_WRITE),
    )  # fmt: skip


def year_choices() -> list[int]:
    """The years that a page of data offers."""
    return [data_year() - n for n in range(4)]


@dataclass(frozen=True)
class ElementLine:
    """One element on an indicator's page: values of three years and who owns it."""

    element: Element
    shown: tuple[str, str, str]
    view: DatumView | None
    owner: str
    mine: bool
    change: str  # page of the element


def _element_lines(keys: tuple[str, ...], year: int, scope: Scope) -> list[ElementLine]:
    book = catalogue.current()
    found = queries.values_of(keys, _periods(year), queries.region_id())
    owners = queries.owner_names(people.today())
    lines = []
    for key in keys:
        e = book.elements[key]
        views = [found[str(y)].get(key) for y in (year - 2, year - 1, year)]
        seen = scope.sees(e)
        shown = [rules.show_view(v, e) for v in views]
        if not seen:
            shown[-1] = HIDDEN
        lines.append(ElementLine(
            e, (shown[0], shown[1], shown[2]), views[-1] if seen else None,
            queries.named_owner(owners, e)[0] or "belum ada pengampu", scope.owns(e),
            url_for("figures.element", key=key, tahun=year),
        ))  # fmt: skip
    return lines


@bp.get("/data/indikator/<key>")
@needs(Permission.FIGURES_READ)
def indicator(key: str) -> str:
    """One indicator: formula, elements, three years, sources, data dukung, where it is printed."""
    return indicator_page(key)


def indicator_page(key: str, refused: str = "", form: dict[str, str] | None = None) -> str:
    """The page, also when an upload was refused; ``form`` keeps what was typed."""
    i = catalogue.current().indicators.get(key)
    if i is None:
        abort(404)
    year = asked_year()
    scope = Scope(actor(), year)
    seen = scope.sees_indicator(i)
    facts = queries.facts([i], str(year), queries.region_id(), people.today(), True)
    found = queries.values_of(i.elements, _periods(year), queries.region_id())
    results = _results(i, found, year, scope)
    change = rules.laju(results[-1], results[-2])
    rate = change if i.level == "makro" else None
    trend = rules.merit(change.value, i.direction) if change.value is not None else ""
    return render_template(
        "figures/indicator.html", i=i, group=catalogue.current().groups[i.group], year=year,
        years=year_choices(), results=results, rate=rate, trend=trend,
        elements=_element_lines(i.elements, year, scope),
        remarks=checks.check(facts, [i]) if seen else [], labels=checks.SEVERITY_LABELS,
        vintages=rules.VINTAGE_LABELS, notes=rules.footnotes(results), places=printed_in(i, year),
        moves=any(scope.owns(catalogue.current().elements[k]) for k in i.elements)
        and actor().may(Permission.FIGURES_WRITE),
        outputs=[o for o in catalogue.current().of("keluaran", i.group) if o.parent == i.key],
        **evidence_context(i, year, scope, refused, form),
    )  # fmt: skip


def evidence_context(
    i: Indicator, year: int, scope: Scope, refused: str = "", form: dict[str, str] | None = None
) -> dict[str, Any]:
    """What the list of data dukung needs."""
    book = catalogue.current()
    rows: list[Evidence] = []
    seen = scope.sees_indicator(i)
    if seen or scope.proves(i):  # who hands in before the isian was sent sees his own
        rows = [
            row for row in queries.evidence_of(i.key, year)
            if queries.may_read_evidence(actor(), row) and (seen or row.unit_id in actor().units())
        ]  # fmt: skip
    own = actor().units(Role.OPERATOR, Role.SEKRETARIAT)
    return {
        "proofs": [(row, row.unit_id in own) for row in rows],
        "proves": scope.proves(i), "refused": refused, "form": form or {},
        "restricted": any(book.elements[k].restricted for k in i.elements),
    }  # fmt: skip


def printed_in(i: Indicator, year: int) -> list[str]:
    """Where the indicator stands in the books, and where its numbers must be the same."""
    return list(dict.fromkeys(
        f"{p.long}{' (angka yang sama)' if p.how == 'same' else ''}"
        for p in printed.index(year).of_indicator(i.key)
    ))  # fmt: skip


@bp.get("/data/rujukan")
@needs(Permission.FIGURES_READ)
def reference() -> str:
    """Reference data: shared by many indicators, typed by their owner alone."""
    year = asked_year()
    scope = Scope(actor(), year)
    book = catalogue.current()
    keys = tuple(k for k, e in book.elements.items() if e.reference)
    lines = _element_lines(keys, year, scope)
    used = {k: len(book.users(k)) for k in keys}
    return render_template(
        "figures/reference.html", year=year, years=year_choices(), lines=lines, used=used
    )


@bp.get("/data/unsur/<key>")
@needs(Permission.FIGURES_READ)
def element(key: str) -> str:
    """One element: three years, history, where it is used, and the form for its owner."""
    return _element_page(key)


def _element_page(key: str, answers: dict[str, Any] | None = None,
                  typed: dict[str, str] | None = None) -> str:  # fmt: skip
    book = catalogue.current()
    e = book.elements.get(key)
    if e is None:
        abort(404)
    year = asked_year()
    scope = Scope(actor(), year)
    if not scope.sees(e):
        abort(404)
    region = queries.region_id()
    found = queries.values_of([key], _periods(year), region)
    now = found[str(year)].get(key, DatumView(key))
    line = _element_lines((key,), year, scope)[0]
    kept = by_district(e, year) if e.by else {"parts": []}
    return render_template(
        "figures/element.html", e=e, line=line, year=year, years=year_choices(), now=now,
        group=book.groups[e.group], history=_statements(key, year, scope.owns(e)),
        writes=scope.writes(e), held=scope.held(e) and scope.owns(e), users=book.users(key),
        vintages=rules.VINTAGE_LABELS, show=rules.show_view, answers=answers or {},
        typed=typed or _typed(now, e),
        last=rules.last_year_line(found[str(year - 1)].get(key), year - 1, e),
        **kept,
    )  # fmt: skip


def by_district(e: Element, year: int) -> dict[str, Any]:
    """The kecamatan of an element with their numbers, and what they add up to."""
    found = queries.by_dims([e.key], [str(year)], queries.region_id())
    views = [(p.name, found.get((e.key, str(year), f"kecamatan={p.code}")))
             for p in queries.districts(year)]  # fmt: skip
    region = found.get((e.key, str(year), ""))
    spread = districts.spread((v.value if v else None for _, v in views),
                              region.value if region else None)  # fmt: skip
    return {"parts": views, "spread": spread}


def _statements(key: str, year: int, owner: bool) -> list[DatumView]:
    """All statements for the owner; others see the one that was sent, not the way to it."""
    found = queries.history(key, str(year), queries.region_id())
    return found if owner or year < data_year() else found[:1]


def _typed(now: DatumView, e: Element) -> dict[str, str]:
    """What the form shows at first: the statement as it stands."""
    return {
        "value": now.raw or now.text or rules.show(now.value, e.kind, e.places),
        "vintage": now.vintage, "na_reason": now.na_reason, "source": now.source, "same": now.same,
        "expected_on": now.expected_on.strftime("%d-%m-%Y") if now.expected_on else "",
    }  # fmt: skip


@bp.post("/data/unsur/<key>")
@needs(Permission.FIGURES_WRITE)
def save(key: str) -> Response | tuple[str, int]:
    """Save the form of an element; every field by itself, so that only equal fields clash."""
    e = catalogue.current().elements.get(key)
    if e is None:
        abort(404)
    year = asked_year()
    scope = Scope(actor(), year)
    if not scope.writes(e):
        abort(403 if scope.sees(e) else 404)
    form = {name: request.form.get(name, "") for name in FIELDS}
    rev = whole(request.form.get("rev", "")) or 0
    where = DatumKey(key, queries.region_id(), str(year))
    answers: dict[str, Any] = {}
    for name in FIELDS:
        if name not in request.form:
            continue
        answer = flow.put(where, name, form[name], rev, actor())
        if answer.status in ("conflict", "refused") or answer.doubt:
            answers[name] = answer
        if answer.status == "ok":
            rev = answer.rev
    db.session.commit()
    if answers:
        return _element_page(key, answers, form), 422
    flash(f"{e.title} tahun {year} tersimpan.", "ok")
    return redirect(url_for("figures.element", key=key, tahun=year))


@bp.post("/data/unsur/<key>/pulihkan")
@needs(Permission.FIGURES_WRITE)
def restore(key: str) -> Response:
    """Make an older statement of an element the newest one again."""
    e = catalogue.current().elements.get(key)
    if e is None:
        abort(404)
    year = asked_year()
    scope = Scope(actor(), year)
    if not scope.writes(e):
        abort(403 if scope.sees(e) else 404)
    n, rev = (whole(request.form.get(x, "")) for x in ("n", "rev"))
    if n is None or rev is None:
        abort(400)
    answer = flow.restore(DatumKey(key, queries.region_id(), str(year)), n, rev, actor())
    db.session.commit()
    if answer.status == "ok":
        flash(f"{e.title} dipulihkan menjadi {answer.shown}.", "ok")
    else:
        flash("Angka ini sudah diubah orang lain. Lihat riwayat terbaru, lalu ulangi.", "warn")
    return redirect(url_for("figures.element", key=key, tahun=year))


@bp.get("/data/ekspor.xlsx")
@needs(Permission.FIGURES_READ)
def export() -> Response:
    """The sheet of an urusan (or of all that the actor sees), ready to be filled and imported."""
    year = asked_year()
    scope = Scope(actor(), year)
    book = catalogue.current()
    group = request.args.get("urusan", "")
    if group and group not in book.groups:
        abort(404)
    indicators = book.of(group=group, year=year)
    now = queries.values(book.elements, str(year), queries.region_id())
    now = {k: v for k, v in now.items() if scope.sees(book.elements[k])}
    data = sheet.write(book, indicators, now, f"Data IKK Tahun {year}", indicator_titles())
    return download(data, f"IKK-{group or 'semua'}-{year}.xlsx")


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
