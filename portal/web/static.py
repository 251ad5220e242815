"""Static files and pages on a bad line: compressed, and never fetched twice.

A static address carries the hash of its bytes (``?v=...``), so a browser may keep the file for a
year; a changed file has a new address. Our own scripts and styles are sent without comments and
indentation, so that they can be explained in the source without costing the reader bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli
from flask import Flask, abort, current_app, request
from werkzeug.security import safe_join
from werkzeug.wrappers import Response

YEAR = 31_536_000
SMALL = 600  # bytes under which compression gains nothing
_TEXT = ("text/", "application/json", "image/svg+xml", "application/javascript")
_COMMENT = re.compile(r"^\s*(//.*|/\*.*\*/)\s*$")


@dataclass(frozen=True)
class Asset:
    """One static file in the three shapes in which it may be sent."""

    stamp: tuple[int, int]  # mtime in ns, size: a changed file is read again
    version: str
    media: str
    plain: bytes
    gzip: bytes
    brotli: bytes


_assets: dict[Path, Asset] = {}


def lean(source: str) -> str:
    """Our own script or style without comment lines, block comments on lines, and indentation.

    Works by line only: strings and patterns inside a line are never touched. Files must not
    hold template literals over several lines.
    """
    out, inside = [], False
    for line in source.splitlines():
        text = line.strip()
        if inside:
            inside = "*/" not in text
            continue
        if not text or _COMMENT.match(text):
            continue
        if text.startswith("/*"):
            inside = "*/" not in text
            continue
        out.append(text)
    return "\n".join(out) + "\n"


def asset(path: Path) -> Asset:
    """The file at ``path``, read and compressed once per change; OSError when it is not there."""
    stat = path.stat()
    stamp = (stat.st_mtime_ns, stat.st_size)
    known = _assets.get(path)
    if known is not None and known.stamp == stamp:
        return known
    data = path.read_bytes()
    media = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if path.suffix in {".js", ".css"} and "vendor" not in path.parts:
        data = lean(data.decode("utf-8")).encode("utf-8")
    worth = path.suffix in {".js", ".css", ".svg", ".html"}
    made = Asset(
        stamp=stamp,
        version=hashlib.sha256(data).hexdigest()[:12],
        media="text/javascript" if path.suffix == ".js" else media,
        plain=data,
        gzip=gzip.compress(data, 9, mtime=0) if worth else b"",
        brotli=brotli.compress(data, quality=11) if worth else b"",
    )
    _assets[path] = made
    return made


def _path(filename: str) -> Path:
    found = safe_join(str(current_app.static_folder), filename)
    if found is None:
        abort(404)
    return Path(found)


def serve(filename: str) -> Response:
    """One static file, compressed as the browser likes it, kept for a year at its hash."""
    try:
        found = asset(_path(filename))
    except OSError:
        abort(404)
    body, encoding = found.plain, ""
    accepted = request.accept_encodings
    if found.brotli and accepted["br"] > 0:
        body, encoding = found.brotli, "br"
    elif found.gzip and accepted["gzip"] > 0:
        body, encoding = found.gzip, "gzip"
    response = Response(body, mimetype=found.media)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.vary.add("Accept-Encoding")
    response.set_etag(found.version + encoding)
    if request.args.get("v") == found.version:
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)


def _version(endpoint: str, values: dict[str, Any]) -> None:
    """Put the hash behind every static address that a page names."""
    if endpoint != "static" or "filename" not in values:
        return
    try:
        values["v"] = asset(_path(values["filename"])).version
    except OSError:
        current_app.logger.warning("static file %s is missing", values["filename"])


def _compress(response: Response) -> Response:
    """Gzip pages and JSON; files and streams go as they are."""
    if (
        response.direct_passthrough
        or response.is_streamed
        or "Content-Encoding" in response.headers
        or not response.mimetype.startswith(_TEXT)
        or request.accept_encodings["gzip"] <= 0
    ):
        return response
    data = response.get_data()
    if len(data) < SMALL:
        return response
    response.set_data(gzip.compress(data, 6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def init_app(app: Flask) -> None:
    """Serve static files ourselves; compress what goes out."""
    app.view_functions["static"] = serve
    app.url_defaults(_version)
    app.after_request(_compress)
