"""Beranda, help and other pages that belong to no room; what every page shows around itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Flask, abort, current_app, g, jsonify, render_template, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from portal.people import queries as people
from portal.people.rules import Actor, Permission
from portal.web.gate import actor, needs, public
from portal.web.menu import KINDS, SHORT, Item, menu_of

bp = Blueprint("pages", __name__)

SIFAT = {"plt": "Plt. ", "plh": "Plh. ", "pj": "Pj. "}


@dataclass(frozen=True)
class Layout:
    """What the frame of every page needs: who acts, where he may go, whose portal it is."""

    region: str = ""
    zone: str = ""
    demo: bool = False
    actor: Actor | None = None
    acting_title: str = ""
    account_url: str = ""
    menu: tuple[Item, ...] = ()
    kinds: dict[str, str] = field(default_factory=lambda: KINDS)
    counts: dict[str, int] = field(default_factory=dict)


def acting_title(who: Actor) -> str:
    """``Plt. Kepala Dinas Kesehatan``; "" for a person without a jabatan today."""
    return SIFAT.get(who.acting.sifat, "") + who.acting.title if who.acting else ""


def layout() -> Layout:
    """The frame of the present page; one query for the region's settings."""
    who: Actor | None = getattr(g, "actor", None)
    known = people.settings(people.today(), ("nama", "jenis", "demo"))
    views = current_app.view_functions
    return Layout(
        region=f"{known.get('jenis', '')} {known.get('nama', '')}".strip(),
        zone=current_app.config["SELARAS"].zone_label,
        demo=bool(known.get("demo")),
        actor=who,
        acting_title=acting_title(who) if who else "",
        account_url=url_for("account.index") if who and "account.index" in views else "",
        menu=menu_of(who, views) if who else (),
    )


def _frame() -> dict[str, Any]:
    return {"layout": layout()}


@bp.get("/")
@needs(Permission.SELF)
def home() -> str:
    """Beranda."""
    return render_template("pages/home.html", actor=actor())


@bp.get("/laporan/<kind>")
@needs(Permission.REPORT_READ)
def reports(kind: str) -> str:
    """The reports of one kind that the actor may see."""
    if kind not in KINDS:
        abort(404)
    return render_template("pages/reports.html", kind=kind, name=KINDS[kind], short=SHORT[kind])


@bp.get("/bantuan")
@needs(Permission.SELF)
def help_page() -> str:
    """How to fill, in one page, and whom to ask."""
    return render_template("pages/help.html")


@bp.get("/token")
@public
def token() -> Response:
    """A fresh CSRF token for a page that stood open for long, and whose session it is."""
    who: Actor | None = getattr(g, "actor", None)
    return jsonify(token=generate_csrf(), person=who.person_id if who else None)


@bp.get("/sehat")
@public
def health() -> str:
    """Answer of the web server to those who watch it."""
    return "sehat"


def init_app(app: Flask) -> None:
    """Register the blueprint and the frame."""
    app.register_blueprint(bp)
    app.context_processor(_frame)
