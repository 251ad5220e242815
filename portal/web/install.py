"""The portal on a phone: manifest, service worker at the root, offline shell, page with a QR."""

from __future__ import annotations

from pathlib import Path

import segno
from flask import Blueprint, Flask, current_app, jsonify, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.people.rules import Permission
from portal.web.gate import needs, public
from portal.web.static import asset

bp = Blueprint("install", __name__)
SIZES = (192, 512)


@bp.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """What a phone needs to know to put the portal beside its other apps."""
    made = jsonify(
        name="Selaras", short_name="Selaras", lang="id", start_url="/", scope="/",
        display="standalone", background_color="#f3f6f8", theme_color="#0d3a5c",
        icons=[
            {"src": url_for("static", filename=f"icon-{n}.png"), "sizes": f"{n}x{n}",
             "type": "image/png", "purpose": "any maskable"} for n in SIZES
        ],
    )  # fmt: skip
    made.mimetype = "application/manifest+json"
    return made


@bp.get("/sw.js")
@public
def worker() -> Response:
    """The service worker; at the root, so that it may answer for every page."""
    found = asset(Path(str(current_app.static_folder)) / "sw.js")
    made = Response(found.plain, mimetype="text/javascript")
    made.headers["Cache-Control"] = "no-cache"
    return made


@bp.get("/luring")
@public
def offline() -> str:
    """The shell that is shown without a connection."""
    return render_template("boards/offline.html")


@bp.get("/pasang")
@needs(Permission.SELF)
def page() -> str:
    """How to put the portal on a phone."""
    address = request.url_root
    code = segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=2)
    return render_template("boards/install.html", address=address, code=code)


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
