"""Sign in and out; who the actor of a request is."""

from __future__ import annotations

from flask import Blueprint, Flask, g, redirect, render_template, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from portal.people import accounts, queries
from portal.web.gate import public

bp = Blueprint("login", __name__)
manager = LoginManager()


class Account:
    """What Flask-Login wants to know of a person."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, person_id: int, epoch: int) -> None:
        self.person_id = person_id
        self.epoch = epoch

    def get_id(self) -> str:
        """Person and session epoch: a password change ends all other sessions."""
        return f"{self.person_id}:{self.epoch}"


@manager.user_loader  # type: ignore[untyped-decorator]  # flask-login has no types
def _load(token: str) -> Account | None:
    person_id, _, epoch = token.partition(":")
    person = accounts.person_for_session(int(person_id), int(epoch))
    return Account(person.id, person.session_epoch) if person else None


@bp.get("/masuk")
@public
def form() -> str:
    """The login page."""
    return render_template("login/form.html", error="")


@bp.post("/masuk")
@public
def enter() -> Response | tuple[str, int]:
    """Check NIP and password."""
    person = accounts.check_password(request.form.get("login", ""), request.form.get("sandi", ""))
    if person is None:
        return render_template("login/form.html", error="NIP atau kata sandi tidak sesuai."), 422
    session.clear()
    session.permanent = True
    login_user(Account(person.id, person.session_epoch))
    return redirect(url_for("pages.home"))


@bp.post("/keluar")
@public
def leave() -> Response:
    """End the session."""
    logout_user()
    session.clear()
    return redirect(url_for("login.form"))


def _actor() -> None:
    g.actor = queries.actor_of(current_user.person_id) if current_user.is_authenticated else None


def init_app(app: Flask) -> None:
    """Know the person before the gate asks."""
    manager.init_app(app)
    app.register_blueprint(bp)
    app.before_request(_actor)
