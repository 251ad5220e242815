"""Capaian: index and fullness of a report as they stand now, before any book is built.

The own numbers count as soon as they are typed, those of others once they were sent.
"""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, Flask, abort, render_template

from portal.outlines import measures
from portal.outlines.parts import Column, Measures, typed
from portal.outlines.schema import Edition, Placed, placed_parts
from portal.people.rules import Permission
from portal.reports import derived, measures_bridge, months_sent, places, queries
from portal.reports.models import Report
from portal.reports.reading import NUMERIC
from portal.web.gate import actor, needs

bp = Blueprint("measures", __name__)


class Shown(NamedTuple):
    """One table of the page."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]  # kind, cells; a group has one cell
    numeric: frozenset[str]


def parts_of(edition: Edition) -> list[Placed]:
    """Parts that say how far the whole region is; [] for books without such tables."""
    return [
        p for p in placed_parts(edition)
        if isinstance(p.part, Measures) and not typed(p.part) and not p.part.group
    ]  # fmt: skip


@bp.get("/laporan/<int:report_id>/capaian")
@needs(Permission.REPORT_READ)
def show(report_id: int) -> str:
    """Tables of the report that are computed over the region; 404 when it has none."""
    report = queries.report_for(actor(), report_id)
    if report is None:
        abort(404)
    found = parts_of(places.edition_of(report))
    if not found:
        abort(404)
    return render_template(
        "reports/measures.html", report=report, title=queries.report_title(report),
        tables=[_table(report, placed) for placed in found],
    )  # fmt: skip


def _table(report: Report, placed: Placed) -> Shown:
    part = placed.part
    assert isinstance(part, Measures)  # noqa: S101 - parts_of has chosen
    whole, _ = measures_bridge.setting_of(report, placed)
    at = months_sent.for_reader(whole, report, actor())
    columns = measures.columns_of(part, at.months)
    rows = []
    for line in measures.lines_of(part, None, at):
        cells = tuple(
            derived.show(c, line.numbers.get(c.key)) or line.texts.get(c.key, "") for c in columns
        )
        rows.append((line.kind, (line.texts[""],) if line.kind == "group" else cells))
    title = part.title.replace("{periode}", "").strip()
    return Shown(
        title, columns, tuple(rows), frozenset(c.key for c in columns if c.type in NUMERIC)
    )


def init_app(app: Flask) -> None:
    """Register the blueprint, and tell templates which reports have such a page."""
    app.register_blueprint(bp)
    app.jinja_env.globals["has_measures"] = lambda edition: bool(edition and parts_of(edition))
