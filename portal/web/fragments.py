"""Whether a request asks for a fragment: from htmx, or from our own scripts."""

from __future__ import annotations

from flask import Flask
from htmx_flask import Htmx, request


def wanted() -> bool:
    """True when a script will put the answer into a page that is already open."""
    return bool(request.htmx) or "X-Selaras" in request.headers


def init_app(app: Flask) -> None:
    """Let requests know htmx (``request.htmx``)."""
    Htmx(app)
