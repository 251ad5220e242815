"""Riwayat: the record, and the proof that it is whole."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask import Blueprint, Flask, render_template, request

from portal.db import db
from portal.figures import catalogue
from portal.people import flow_region
from portal.people.rules import Permission
from portal.reports.models import Entry
from portal.reports.rules import OPEN_STATES
from portal.trail import flow as trail
from portal.trail.models import TrailEntry
from portal.web.figures_scope import Scope
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("trail", __name__, url_prefix="/admin/riwayat")
PAGE = 100


@bp.get("")
@needs(Permission.TRAIL_READ)
def index() -> str:
    """Newest acts first, of one stream or of all."""
    stream = request.args.get("alur", "").strip()[:80]
    query = sa.select(TrailEntry).order_by(TrailEntry.id.desc()).limit(PAGE)
    if stream:
        query = query.where(TrailEntry.stream == stream)
    before = whole(request.args.get("sebelum", ""))
    if before:
        query = query.where(TrailEntry.id < before)
    rows = db.session.scalars(query).all()
    return render_template(
        "admin/trail.html", rows=rows, stream=stream, more=len(rows) == PAGE,
        hidden=_hidden(rows),
    )  # fmt: skip


def _hidden(rows: Sequence[TrailEntry]) -> frozenset[int]:
    """Acts whose before and after this reader may not see: numbers and isian not yet sent.

    The record proves that something was done, by whom and when; what an operator is still typing
    is his office's own until it is sent.
    """
    scopes: dict[int, Scope] = {}
    book = catalogue.current().elements
    ids = {n for r in rows if (n := _entry_id(r)) is not None}
    open_ones = dict(
        db.session.execute(
            sa.select(Entry.id, Entry.supplier_unit_id)
            .where(Entry.id.in_(ids), Entry.state.in_([str(s) for s in OPEN_STATES]))
        ).all()
    ) if ids else {}  # fmt: skip
    out = set()
    for row in rows:
        kind, _, rest = row.stream.partition(":")
        if kind == "figure":
            key, _, period = rest.rpartition(":")
            year = whole(period[:4]) or 0
            scope = scopes.setdefault(year, Scope(actor(), year))
            if key not in book or not scope.sees(book[key]):
                out.add(row.id)
        elif (n := _entry_id(row)) in open_ones and open_ones[n] not in actor().units():
            out.add(row.id)
    return frozenset(out)


def _entry_id(row: TrailEntry) -> int | None:
    kind, _, number = row.subject.partition(":")
    return whole(number) if kind == "entry" else None


@bp.get("/periksa")
@needs(Permission.TRAIL_READ)
def check() -> str:
    """Read every stream again and say what does not fit."""
    head = trail.last_head()
    whole = trail.verify_head(head.day, flow_region.day_end(head.day)) if head else None
    return render_template("admin/trail_check.html", faults=trail.verify_all(), head=head,
                           whole=whole, streams=len(trail.streams()))  # fmt: skip


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
