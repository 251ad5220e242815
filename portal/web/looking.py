"""Lihat sebagai: the helpdesk sees what a person sees, to help on the phone; it can do nothing.

Nobody acts in another's name. The look is announced on every page by a banner, stands in the
record with its reason, ends by itself, and is read-only twice: no request that changes something
passes the gate, and nothing that a page would note down (opened, read) is kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, Flask, abort, flash, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.db import db
from portal.people import queries
from portal.people.models import Person
from portal.people.rules import Actor, Permission
from portal.trail import flow as trail
from portal.web.admin_forms import found
from portal.web.gate import actor, needs

bp = Blueprint("looking", __name__)

LONGEST = timedelta(minutes=30)
KEY = "lihat"
#: Personal pages that stay shut, and the one door out.
_SHUT = frozenset({"account", "succession"})
_OUT = frozenset({"looking.stop", "login.leave", "pages.token"})


def _until() -> datetime | None:
    raw = session.get(KEY)
    try:
        return datetime.fromisoformat(raw["sampai"]) if raw else None
    except (KeyError, TypeError, ValueError):
        return None


def _look() -> None:
    """Put the other person's eyes on, after the one signed in is known."""
    g.viewer = None
    who: Actor | None = getattr(g, "actor", None)
    until = _until()
    if who is None or until is None:
        return
    raw = session[KEY]
    other = queries.actor_of(int(raw["orang"]), raw.get("jabatan"))
    if clock.now() >= until or not who.may(Permission.PEOPLE_ADMIN) or other is None:
        session.pop(KEY)
        return
    g.viewer, g.actor = who, other.looked_at()
    if request.endpoint in _OUT:
        return
    if request.method not in {"GET", "HEAD"} or (request.blueprint or "") in _SHUT:
        abort(403)
    kept = db.session()
    kept.commit = kept.rollback  # type: ignore[method-assign]  # what a page notes is not kept


def _hands_back(_error: BaseException | None) -> None:
    """The session of the next request commits again."""
    if getattr(g, "viewer", None) is not None:
        db.session().__dict__.pop("commit", None)


@bp.post("/admin/akun/<int:person_id>/lihat")
@needs(Permission.PEOPLE_ADMIN)
def start(person_id: int) -> Response:
    """Begin to look as a person, for a reason that is recorded."""
    person = found(Person, person_id)
    back = redirect(url_for("accounts.show", person_id=person_id))
    reason = " ".join(request.form.get("keperluan", "").split())[:200]
    other = queries.actor_of(person.id)
    if len(reason) < 5:
        flash("Tulis dahulu keperluannya, misalnya “membantu Ibu Rina lewat telepon”.", "error")
        return back
    if other is None or other.acting is None or person.disabled_at is not None:
        flash("Orang ini tidak memangku jabatan hari ini, sehingga tidak ada yang dapat dilihat.",
              "warn")  # fmt: skip
        return back
    if other.may(Permission.PEOPLE_ADMIN):
        flash("Halaman admin tidak dapat dilihat sebagai admin lain.", "warn")
        return back
    until = clock.now() + LONGEST
    session[KEY] = {"orang": person.id, "sampai": until.isoformat()}
    trail.record(f"person:{person.id}", "lihat sebagai: mulai", f"person:{person.id}", actor(),
                 None, {"keperluan": reason, "sampai": until.isoformat()})  # fmt: skip
    db.session.commit()
    return redirect(url_for("pages.home"))


@bp.post("/lihat-sebagai/selesai")
@needs(Permission.SELF)
def stop() -> Response:
    """Back to one's own eyes."""
    viewer: Actor | None = g.viewer
    raw = session.pop(KEY, None)
    if viewer is None or raw is None:
        return redirect(url_for("pages.home"))
    trail.record(f"person:{raw['orang']}", "lihat sebagai: selesai", f"person:{raw['orang']}",
                 viewer, None, None)  # fmt: skip
    db.session.commit()
    flash("Lihat sebagai selesai.", "ok")
    return redirect(url_for("accounts.show", person_id=raw["orang"]))


def _banner() -> dict[str, object]:
    viewer = getattr(g, "viewer", None)
    return {"viewer": viewer, "viewed_until": _until() if viewer else None}


def init_app(app: Flask) -> None:
    """After web/login.py has said who it is, before the gate asks what he may."""
    app.before_request(_look)
    app.teardown_request(_hands_back)
    app.context_processor(_banner)
    app.register_blueprint(bp)
