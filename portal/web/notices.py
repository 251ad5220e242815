"""Pemberitahuan: the inbox of a person, and the register of messages for the admin."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, redirect, render_template
from werkzeug.wrappers import Response

from portal import clock
from portal.db import db
from portal.notices import flow, queries
from portal.people.rules import Permission
from portal.web.gate import actor, needs

bp = Blueprint("notices", __name__)


@bp.get("/pesan")
@needs(Permission.SELF)
def inbox() -> str:
    """What the person was told, newest first."""
    me = actor()
    return render_template("notices/inbox.html", notices=queries.inbox(me.person_id or 0))


@bp.post("/pesan/<int:notice_id>/buka")
@needs(Permission.SELF)
def open_notice(notice_id: int) -> Response:
    """Mark as read and go to what it is about."""
    notice = flow.mark_read(actor().person_id or 0, notice_id, clock.now())
    if notice is None:
        abort(404)
    link = notice.link
    db.session.commit()
    return redirect(link)


@bp.get("/admin/pengingat")
@needs(Permission.PEOPLE_ADMIN)
def admin() -> str:
    """Which messages went out, over which channel, with which outcome."""
    return render_template("notices/admin.html", sent=queries.sent_messages())


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
