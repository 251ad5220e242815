"""Riwayat: the record, and the proof that it is whole."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Flask, render_template, request

from portal.db import db
from portal.people import flow_region
from portal.people.rules import Permission
from portal.trail import flow as trail
from portal.trail.models import TrailEntry
from portal.web.gate import needs
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
    return render_template("admin/trail.html", rows=rows, stream=stream, more=len(rows) == PAGE)


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
