"""Beranda and other pages that belong to no room."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template

from portal.people.rules import Permission
from portal.web.gate import actor, needs, public

bp = Blueprint("pages", __name__)


@bp.get("/")
@needs(Permission.SELF)
def home() -> str:
    """Beranda."""
    return render_template("pages/home.html", actor=actor())


@bp.get("/sehat")
@public
def health() -> str:
    """Answer of the web server to those who watch it."""
    return "sehat"


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
