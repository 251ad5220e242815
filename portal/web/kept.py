"""Forms that arrived when nobody was signed in any more: carried through the login, not lost."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import render_template, request

_PREFIX = "titip."
_LARGEST = 2_000_000
STALE = "Halaman ini sudah lama terbuka. Mohon ketik sekali lagi kata sandinya."


def same_origin() -> bool:
    """True when the browser says that one of our own pages sent this."""
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.host


def keepable() -> bool:
    """True for a plain form of ours whose text can be sent again."""
    return (
        request.method == "POST"
        and same_origin()
        and (request.content_length or 0) <= _LARGEST
        and not request.path.startswith(("/masuk", "/keluar"))
    )


def fields() -> list[tuple[str, str]]:
    """What the refused request carried, without passwords and tokens."""
    return [
        (k, v)
        for k, v in request.form.items(multi=True)
        if k != "csrf_token" and not k.startswith("sandi")
    ]


def carried() -> list[tuple[str, str]]:
    """What the login form carries for the request before it."""
    return [
        (k.removeprefix(_PREFIX), v)
        for k, v in request.form.items(multi=True)
        if k.startswith(_PREFIX)
    ]


def login_page(found: list[tuple[str, str]], target: str, error: str = "") -> str:
    """The login form with the kept fields inside."""
    return render_template("login/form.html", error=error, next=target,
                           login=request.form.get("login", "") if error else "",
                           kept=[(_PREFIX + k, v) for k, v in found], files=_files())  # fmt: skip


def resume_page(found: list[tuple[str, str]], target: str) -> str:
    """One button that sends the kept fields again, with a fresh token."""
    return render_template("login/resume.html", fields=found, target=target, files=_files())


def _files() -> bool:
    return any(upload.filename for upload in request.files.values())


def local_path(target: str) -> str:
    """``target`` when it is a path of this portal, else "/": no other host, no way back in."""
    parts = urlsplit(target)
    safe = (
        target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and not parts.scheme
        and not parts.netloc
        and not any(c < " " or c == "\\" for c in target)
        and parts.path not in {"/masuk", "/keluar"}
    )
    return target if safe else "/"
