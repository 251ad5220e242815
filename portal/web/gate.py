"""The gate: nobody passes a route that has not declared a permission."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.people.rules import Actor, Permission

View = TypeVar("View", bound=Callable[..., Any])


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


def _check() -> Response | None:
    if request.endpoint is None:
        return None  # 404 and 405 are answered by Flask
    if request.endpoint == "static":
        return None
    view = current_app.view_functions[request.endpoint]
    if not hasattr(view, "permission"):
        current_app.logger.error("route %s declares no permission", request.endpoint)
        abort(403)
    wanted: Permission | None = view.permission
    if wanted is None:
        return None
    if getattr(g, "actor", None) is None:
        if request.headers.get("HX-Request") or request.headers.get("X-Selaras"):
            abort(401)
        return redirect(url_for("login.form", next=request.full_path.rstrip("?")))
    if not g.actor.may(wanted):
        abort(403)
    return None


def init_app(app: Flask) -> None:
    """Stand before every request, after the person is known (see web/login.py)."""
    app.before_request(_check)
