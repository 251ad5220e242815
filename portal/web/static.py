"""Static files and pages on a bad line: compressed, and never fetched twice.

A static address carries the hash of its bytes (``?v=...``), so a browser may keep the file for a
year; a changed file has a new address. Our own scripts and styles are sent without comments and
needless blanks, so that they can be explained in the source without costing the reader bytes; what
one page needs comes as one file. Files are served before the session is looked at: an answer that
everybody shares carries no cookie.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import brotli
from flask import Flask, current_app, request
from werkzeug.security import safe_join
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

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


_assets: dict[tuple[Path, ...], Asset] = {}

#: Files that are sent as one: what a page with a table, a narrative, any other isian needs.
BUNDLES = {
    "isian-tabel.js": ("app.js", "grid.js", "entry.js"),
    "isian-narasi.js": ("app.js", "rich.js", "entry.js"),
    "tugas.js": ("app.js", "left.js"),
    "isian-ikk.js": ("app.js", "figures.js", "entry.js"),
    "isian.js": ("app.js", "entry.js"),
}

#: Strings and patterns, which stay as they are; everything else may lose blanks.
_LITERAL = re.compile(
    r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"""
    r"""|(?<=[(,=:\[!&|?{};])\ ?/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*)"""
)
_AROUND = re.compile(r" *([{}()\[\],;:?=<>&|!*]) *")
_PLUS = re.compile(r" ([+-]) (?![+-])")


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


def tight(script: str) -> str:
    """A script without blanks around its signs; strings, patterns and line ends stay."""
    parts = _LITERAL.split(script)
    for n in range(0, len(parts), 2):
        parts[n] = _PLUS.sub(r"\1", _AROUND.sub(r"\1", parts[n]))
    return "".join(parts)


def _own(path: Path) -> bytes:
    """The bytes of a file as they are sent."""
    data = path.read_bytes()
    if "vendor" in path.parts or path.suffix not in {".js", ".css"}:
        return data
    text = lean(data.decode("utf-8"))
    return (tight(text) if path.suffix == ".js" else text).encode("utf-8")


def asset(path: Path) -> Asset:
    """The file (or bundle) at ``path``, made once per change; OSError when it is not there."""
    names = BUNDLES.get(path.name)
    paths = tuple(path.parent / name for name in names) if names else (path,)
    stats = [p.stat() for p in paths]
    stamp = (max(s.st_mtime_ns for s in stats), sum(s.st_size for s in stats))
    known = _assets.get(paths)
    if known is not None and known.stamp == stamp:
        return known
    data = b"".join(_own(p) for p in paths)
    media = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    worth = path.suffix in {".js", ".css", ".svg", ".html"}
    made = Asset(
        stamp=stamp,
        version=hashlib.sha256(data).hexdigest()[:12],
        media="text/javascript" if path.suffix == ".js" else media,
        plain=data,
        gzip=gzip.compress(data, 9, mtime=0) if worth else b"",
        brotli=brotli.compress(data, quality=11) if worth else b"",
    )
    _assets[paths] = made
    return made


def _path(folder: str, filename: str) -> Path | None:
    found = safe_join(folder, filename)
    return Path(found) if found is not None else None


class StaticFiles:
    """Answers for the static folder, before the portal is asked."""

    def __init__(self, app: Flask) -> None:
        self.folder, self.prefix = str(app.static_folder), f"{app.static_url_path}/"
        self.inner = app.wsgi_app

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """The WSGI call: a static file, or whatever the portal answers."""
        request = Request(environ)
        if request.path.startswith(self.prefix) and request.method in {"GET", "HEAD"}:
            found = self._find(request.path.removeprefix(self.prefix))
            if found is not None:
                return _answer(request, found)(environ, start)
        return self.inner(environ, start)

    def _find(self, filename: str) -> Asset | None:
        path = _path(self.folder, filename)
        try:
            return asset(path) if path is not None else None
        except OSError:
            return None  # the portal answers 404 in its own words


def _answer(request: Request, found: Asset) -> Response:
    """One static file, compressed as the browser likes it, kept for a year at its hash."""
    body, encoding = found.plain, ""
    accepted = request.accept_encodings
    if found.brotli and accepted["br"] > 0:
        body, encoding = found.brotli, "br"
    elif found.gzip and accepted["gzip"] > 0:
        body, encoding = found.gzip, "gzip"
    response = Response(body, mimetype=found.media)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["X-Content-Type-Options"] = "nosniff"
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
    path = _path(str(current_app.static_folder), values["filename"])
    try:
        values["v"] = asset(path).version if path is not None else ""
    except OSError:
        current_app.logger.warning("static file %s is missing", values["filename"])


def _compress(response: Response) -> Response:
    """Gzip pages and JSON; files and streams go as they are."""
    if (
        response.direct_passthrough
        or response.is_streamed
        or "Content-Encoding" in response.headers
        or not (response.mimetype or "").startswith(_TEXT)
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
    app.wsgi_app = StaticFiles(app)  # type: ignore[assignment]  # the way Flask documents
    app.url_defaults(_version)
    app.after_request(_compress)
