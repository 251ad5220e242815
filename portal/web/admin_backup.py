"""Cadangan: what is kept where, how much room is left, and a copy of all of it now."""

from __future__ import annotations

import shutil

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal import backup
from portal.db import db
from portal.people.rules import Permission
from portal.trail import flow as trail
from portal.web.gate import actor, needs

bp = Blueprint("backup", __name__, url_prefix="/admin/cadangan")


@bp.get("")
@needs(Permission.PEOPLE_ADMIN)
def index() -> str:
    """Sizes, room, and the Cadangan that are there. The copies stay on the server: in them lies
    also what operators have not sent."""
    config = current_app.config["SELARAS"]
    try:
        size, refused = backup.database_of(config).stat().st_size, ""
    except backup.BackupError as no:
        size, refused = 0, str(no)
    kept = backup.kept_files(config)
    return render_template(
        "admin/backup.html", found=backup.listed(config), database=size, refused=refused,
        files=len(kept), bytes=sum(p.stat().st_size for p in kept), keep=backup.KEEP,
        free=shutil.disk_usage(config.instance).free, folder=config.instance / backup.FOLDER,
    )  # fmt: skip


@bp.post("")
@needs(Permission.PEOPLE_ADMIN)
def make() -> Response:
    """Make one now, on the server."""
    try:
        made = backup.make(current_app.config["SELARAS"])
    except backup.BackupError as no:
        flash(str(no), "error")
        return redirect(url_for("backup.index"))
    trail.record("portal", "membuat cadangan", "cadangan", actor(), None,
                 {"berkas": made.name, "byte": made.size})  # fmt: skip
    db.session.commit()
    flash(f"Cadangan {made.name} selesai dibuat.", "ok")
    return redirect(url_for("backup.index"))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
