"""The gate: nobody passes a route that has not declared a permission."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, make_response, redirect, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from portal.people.rules import Actor, Permission
from portal.web import fragments, kept
from portal.web.security import csrf

View = TypeVar("View", bound=Callable[..., Any])

#: What a person with an initial password may open before choosing one of his own.
_BEFORE_FIRST_PASSWORD = frozenset(
    {"account.first", "account.save_first", "login.leave", "pages.token"}
)


def needs(permission: Permission) -> Callable[[View], View]:
    """Declare what a route asks of the actor."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]  # read by the gate
        return view

    return mark


def public(view: View) -> View:
    """Declare a route that needs nobody signed in (login, static files, health)."""
    view.permission = None  # type: ignore[attr-defined]  # read by the gate
    return view


def actor() -> Actor:
    """Who acts in this request; 401 when nobody is signed in."""
    found: Actor | None = getattr(g, "actor", None)
    if found is None:
        abort(401)
    return found


def in_background() -> bool:
    """True for requests of a script: they want a status, not a page."""
    return fragments.wanted()


def _check() -> Response | None:
    if request.endpoint is None or request.endpoint == "static":
        return None  # 404 and 405 are answered by Flask
    view = current_app.view_functions[request.endpoint]
    if not hasattr(view, "permission"):
        current_app.logger.error("route %s declares no permission", request.endpoint)
        abort(403)
    wanted: Permission | None = view.permission
    if wanted is not None:
        refused = _admit(wanted)
        if refused is not None:
            return refused
    return _known_form()


def _admit(wanted: Permission) -> Response | None:
    who: Actor | None = getattr(g, "actor", None)
    if who is None:
        return _ask_to_sign_in()
    if getattr(g, "must_change", False) and request.endpoint not in _BEFORE_FIRST_PASSWORD:
        if in_background() or request.method not in {"GET", "HEAD"}:
            abort(401)
        return redirect(url_for("account.first", next=_here()))
    if not who.may(wanted):
        g.other_jabatan = [h for h in who.others if who.taking_up(h).may(wanted)]
        abort(403)
    return None


def _ask_to_sign_in() -> Response:
    if in_background():
        abort(401)
    if kept.keepable():
        return make_response(kept.login_page(kept.fields(), _here()), 401)
    return redirect(url_for("login.form", next=_here() if request.method == "GET" else None))


def _here() -> str:
    return request.full_path.rstrip("?")


def _target() -> str:
    return kept.local_path(request.form.get("next", "/"))


def _known_form() -> Response | None:
    """Every change carries the session's token; an outdated one of our own page is renewed."""
    try:
        csrf.protect(apply_exemptions=True)
    except CSRFError:
        if request.endpoint == "login.enter":
            return make_response(kept.login_page(kept.carried(), _target(), kept.STALE), 422)
        signed_in = getattr(g, "actor", None) is not None
        if signed_in and not in_background() and kept.keepable():
            return make_response(kept.resume_page(kept.fields(), _here()), 400)
        raise
    return None


def init_app(app: Flask) -> None:
    """Stand before every request, after the person is known (see web/login.py)."""
    app.before_request(_check)
