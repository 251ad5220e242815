"""Identitas Daerah: names, arms and habits of the region, each from a date on."""

from __future__ import annotations

import io

import sqlalchemy as sa
from flask import (
    Blueprint,
    Flask,
    abort,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response

from portal import store
from portal.db import db
from portal.people import flow_region, queries
from portal.people.models import Setting
from portal.people.refusal import Refused
from portal.people.region import BY_KEY, FIELDS, region
from portal.people.rules import Permission
from portal.web.admin_forms import day, text
from portal.web.gate import actor, needs, public

bp = Blueprint("settings", __name__)


def _page(refusal: Refused | None = None) -> str:
    today = queries.today()
    history = db.session.scalars(
        sa.select(Setting).where(Setting.key.in_(tuple(BY_KEY)))
        .order_by(Setting.valid_from.desc(), Setting.id.desc()).limit(60)
    ).all()  # fmt: skip
    now = region(today)
    values = {f.key: request.form.get(f.key, "") if refusal else getattr(now, f.key)
              for f in FIELDS}  # fmt: skip
    return render_template("admin/settings.html", fields=FIELDS, values=values, labels=BY_KEY,
                           history=history, refusal=refusal, today=today,
                           typed=request.form if refusal else {})  # fmt: skip


@bp.get("/admin/identitas")
@needs(Permission.PEOPLE_ADMIN)
def index() -> str:
    """The identity as it stands, and what changed when."""
    return _page()


@bp.post("/admin/identitas")
@needs(Permission.PEOPLE_ADMIN)
def save() -> Response | tuple[str, int]:
    """Write what is different, from one date on and with one basis."""
    try:
        valid_from, basis = day("valid_from", "Berlaku sejak"), text("basis")
        for field in FIELDS:
            if field.kind != "picture":
                value = text(field.key) == "1" if field.kind == "yesno" else text(field.key)
                flow_region.save_setting(field.key, value, valid_from, basis, actor())
        upload = request.files.get("lambang")
        if upload is not None and upload.filename:
            flow_region.save_lambang(upload.stream.read(), upload.filename, valid_from, basis,
                                     actor())  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        return _page(refusal), 422
    db.session.commit()
    flash("Identitas daerah tersimpan.", "ok")
    return redirect(url_for("settings.index"))


@bp.get("/lambang.png")
@public
def arms() -> Response:
    """The region's arms, also on the login page; 404 when none was uploaded."""
    sha = region(queries.today()).lambang
    if not sha:
        abort(404)
    blob = db.session.get(store.Blob, sha)
    try:
        data = store.read(sha)
    except store.StoreError:
        abort(404)
    return send_file(io.BytesIO(data), mimetype=blob.media if blob else "image/png", max_age=3600)


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
