"""Sign in and out; who the actor of a request is."""

from __future__ import annotations

from flask import (
    Blueprint,
    Flask,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from portal.db import db
from portal.people import accounts, flow_accounts, queries
from portal.people.flow_accounts import TooEarly
from portal.people.models import Person
from portal.people.refusal import Refused
from portal.web import kept
from portal.web.gate import in_background, public
from portal.web.incoming import whole

bp = Blueprint("login", __name__)
manager = LoginManager()
#: One office often stands behind one address, so the bound per address is wide; what protects a
#: single account is the waiting time in people/flow_accounts.py.
limiter = Limiter(get_remote_address, strategy="fixed-window")


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
    who, when = whole(person_id), whole(epoch)
    if who is None or when is None:
        return None
    person = accounts.person_for_session(who, when)
    return Account(person.id, person.session_epoch) if person else None


@bp.get("/masuk")
@public
def form() -> str | Response:
    """The login page; who is signed in already goes on."""
    target = kept.local_path(request.args.get("next", "/"))
    if current_user.is_authenticated:
        return redirect(target)
    return kept.login_page([], target)


@bp.get("/masuk/kotak")
@public
def box() -> str:
    """The login form alone, for the dialog over a page whose session has ended."""
    return render_template("login/_form.html", error="", next="/", login="", kept=[], small=True)


@bp.post("/masuk")
@public
@limiter.limit("60 per minute; 600 per hour")
def enter() -> Response | tuple[str, int]:
    """Check NIP and password. A script (header X-Selaras) gets 204 and a fresh CSRF token."""
    target = kept.local_path(request.form.get("next", "/"))
    try:
        person = flow_accounts.sign_in(request.form.get("login", ""), request.form.get("sandi", ""))
    except Refused as refusal:
        db.session.commit()
        return _refused(refusal, target)
    db.session.commit()
    start_session(person)
    if in_background():
        answer = make_response("", 204)
        answer.headers["X-CSRFToken"] = generate_csrf()
        answer.headers["X-Selaras-Orang"] = str(person.id)
        return answer
    return _go_on(person, target)


def _refused(refusal: Refused, target: str) -> tuple[str, int]:
    code = 429 if isinstance(refusal, TooEarly) else 422
    if in_background():
        return str(refusal), code
    return kept.login_page(kept.carried(), target, str(refusal)), code


def _go_on(person: Person, target: str) -> Response | tuple[str, int]:
    found = kept.carried()
    if found and not person.must_change_password:
        return kept.resume_page(found, target), 200
    if person.must_change_password:
        return redirect(url_for("account.first", next=target))
    actor = queries.actor_of(person.id)
    if actor is not None and actor.others:
        return redirect(url_for("account.choose", next=target))
    return redirect(target)


def start_session(person: Person) -> None:
    """A new session for the person; nothing of an earlier one stays."""
    session.clear()
    session.permanent = True
    login_user(Account(person.id, person.session_epoch))


@bp.post("/keluar")
@public
def leave() -> Response:
    """End the session."""
    logout_user()
    session.clear()
    return redirect(url_for("login.form"))


def _actor() -> None:
    g.actor, g.must_change = None, False
    if request.endpoint == "static" or not current_user.is_authenticated:
        return
    position = session.get("jabatan")
    g.actor = queries.actor_of(current_user.person_id, position)
    person = db.session.get(Person, current_user.person_id)
    g.must_change = person is not None and person.must_change_password


def init_app(app: Flask) -> None:
    """Know the person before the gate asks; count attempts in Redis when there is one."""
    redis = app.config["SELARAS"].redis_url
    app.config.update(
        RATELIMIT_STORAGE_URI=_storage(redis),
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=bool(redis),
        RATELIMIT_HEADERS_ENABLED=False,
    )
    manager.init_app(app)
    limiter.init_app(app)
    app.register_blueprint(bp)
    app.before_request(_actor)
    app.context_processor(lambda: {"helpdesk": helpdesk} if request.blueprint == "login" else {})


def helpdesk() -> str:
    """Whom to ask for a new slip, from Identitas Daerah."""
    return str(queries.setting("narahubung", queries.today(), ""))


def _storage(redis_url: str) -> str:
    if redis_url.startswith("unix://"):
        return f"redis+{redis_url}"
    return redis_url or "memory://"
