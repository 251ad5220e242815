"""Akun: one's own password, phone number and jabatan."""

from __future__ import annotations

import sqlalchemy as sa
from flask import (
    Blueprint,
    Flask,
    abort,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from portal.db import db
from portal.people import flow_accounts, queries
from portal.people.models import Contact, Person
from portal.people.refusal import Refused
from portal.people.rules import Permission
from portal.web import kept
from portal.web.gate import actor, needs
from portal.web.login import start_session

bp = Blueprint("account", __name__)


def _me() -> Person:
    person = db.session.get(Person, actor().person_id)
    if person is None:
        abort(401)
    return person


def _phone(person: Person) -> str:
    found = db.session.scalar(
        sa.select(Contact.address).where(Contact.person_id == person.id, Contact.channel == "sms")
    )
    return found or ""


def _page(refusal: Refused | None = None) -> str:
    person = _me()
    who = actor()
    units = {unit.id: unit for unit in queries.units_on(queries.today())}
    held = [h for h in (who.acting, *who.others) if h is not None]
    phone = request.form.get("hp", "") if refusal and refusal.field == "hp" else _phone(person)
    return render_template("account/index.html", person=person, name=queries.full_name(person),
                           held=held, acting=who.acting, units=units, phone=phone,
                           refusal=refusal)  # fmt: skip


@bp.get("/akun")
@needs(Permission.SELF)
def index() -> str:
    """Own account."""
    return _page()


@bp.post("/akun/sandi")
@needs(Permission.SELF)
def password() -> Response | tuple[str, int]:
    """Change the password; this session goes on, all others end."""
    person = _me()
    try:
        flow_accounts.change_password(
            person, request.form.get("sandi_lama", ""), request.form.get("sandi_baru", ""),
            request.form.get("sandi_ulang", ""), actor(),
        )  # fmt: skip
    except Refused as refusal:
        return _page(refusal), 422
    db.session.commit()
    _go_on_as(person)
    flash("Kata sandi sudah diganti. Di komputer lain, akun ini perlu masuk kembali.", "ok")
    return redirect(url_for("account.index"))


def _go_on_as(person: Person) -> None:
    position = session.get("jabatan")
    start_session(person)
    if position is not None:
        session["jabatan"] = position


@bp.post("/akun/hp")
@needs(Permission.SELF)
def phone() -> Response | tuple[str, int]:
    """Keep or withdraw the phone number."""
    try:
        flow_accounts.save_phone(_me(), request.form.get("hp", ""), actor())
    except Refused as refusal:
        return _page(refusal), 422
    db.session.commit()
    flash("Nomor HP tersimpan." if request.form.get("hp", "").strip() else
          "Nomor HP dihapus. Pengingat tetap tampil di portal.", "ok")  # fmt: skip
    return redirect(url_for("account.index"))


@bp.get("/akun/pertama")
@needs(Permission.SELF)
def first() -> str | Response:
    """Choose one's own password at the first sign-in."""
    target = kept.local_path(request.args.get("next", "/"))
    if not _me().must_change_password:
        return redirect(target)
    return render_template("account/first.html", next=target, phone="", refusal=None)


@bp.post("/akun/pertama")
@needs(Permission.SELF)
def save_first() -> Response | tuple[str, int]:
    """Both at once: the new password and, when given, the phone number."""
    person, target = _me(), kept.local_path(request.form.get("next", "/"))
    try:
        flow_accounts.save_phone(person, request.form.get("hp", ""), actor())
        flow_accounts.first_password(
            person, request.form.get("sandi_baru", ""), request.form.get("sandi_ulang", ""),
            actor(),
        )  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        return render_template("account/first.html", next=target, refusal=refusal,
                               phone=request.form.get("hp", "")), 422  # fmt: skip
    db.session.commit()
    _go_on_as(person)
    flash("Kata sandi baru tersimpan. Musnahkan slip akun.", "ok")
    if actor().others:
        return redirect(url_for("account.choose", next=target))
    return redirect(target)


@bp.get("/akun/jabatan")
@needs(Permission.SELF)
def choose() -> str | Response:
    """Which jabatan to act under, for a person who holds several."""
    target = kept.local_path(request.args.get("next", "/"))
    who = actor()
    if not who.others:
        return redirect(target)
    held = [h for h in (who.acting, *who.others) if h is not None]
    units = {unit.id: unit for unit in queries.units_on(queries.today())}
    return render_template("account/choose.html", held=held, units=units, next=target,
                           acting=who.acting)  # fmt: skip


@bp.post("/akun/jabatan")
@needs(Permission.SELF)
def switch() -> Response:
    """Take up another jabatan that one holds today; any other is a 404."""
    wanted = request.form.get("jabatan", "")
    who = actor()
    held = {str(h.position_id): h for h in (who.acting, *who.others) if h is not None}
    if wanted not in held:
        abort(404)
    session["jabatan"] = held[wanted].position_id
    flash(f"Sekarang bertindak sebagai {held[wanted].full_title}.", "ok")
    return redirect(kept.local_path(request.form.get("next", "/")))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
