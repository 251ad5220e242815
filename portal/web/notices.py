"""Pemberitahuan: the inbox of a person, short links, and his own channels."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.db import db
from portal.jobs.queue import enqueue
from portal.notices import flow, flow_send, flow_settings, gateways, queries
from portal.notices.channels.base import CHANNELS
from portal.notices.channels.push import public_key
from portal.notices.pack import number_of
from portal.people import queries as people
from portal.people.models import Leave
from portal.people.refusal import Refused
from portal.people.rules import Permission
from portal.web.admin_forms import day, found, text
from portal.web.gate import actor, needs
from portal.web.kept import local_path

bp = Blueprint("notices", __name__)


def _me() -> int:
    return actor().person_id or 0


@bp.get("/pesan")
@needs(Permission.SELF)
def inbox() -> str:
    """What still waits for the person, and what is over."""
    waiting, over = queries.inbox(_me())
    return render_template("notices/inbox.html", waiting=waiting, over=over, today=people.today(),
                           leads=queries.leads(actor()))  # fmt: skip


def _open(notice_id: int) -> Response:
    notice = flow.mark_read(_me(), notice_id, clock.now())
    if notice is None:
        abort(404)
    link = local_path(notice.link)
    db.session.commit()
    return redirect(link)


@bp.post("/pesan/<int:notice_id>/buka")
@needs(Permission.SELF)
def open_notice(notice_id: int) -> Response:
    """Mark as read and go to what it is about."""
    return _open(notice_id)


@bp.get("/p/<code>")
@needs(Permission.SELF)
def short_link(code: str) -> Response:
    """The link of an SMS: after a login it opens what the notice is about."""
    number = number_of(code)
    if number is None or number >= 2**31:
        abort(404)
    return _open(number)


def _own(refusal: Refused | None = None, channel: str = "") -> str:
    today = people.today()
    working = {g.channel for g in gateways.in_order(today)}
    leaves = db.session.query(Leave).filter(Leave.person_id == _me(), Leave.last_on >= today)
    setup = gateways.setup()
    return render_template(
        "notices/own.html", ways=queries.own_ways(_me()), channels=CHANNELS, working=working,
        trials=queries.trials(_me()), refusal=refusal, wrong=channel, typed=request.form,
        leaves=leaves.order_by(Leave.first_on).all(),
        push_key=public_key(setup.vapid) if setup.push_contact else "",
    )  # fmt: skip


@bp.get("/pesan/saluran")
@needs(Permission.SELF)
def own() -> str:
    """Own addresses, a trial of each, and own cuti."""
    return _own()


@bp.post("/pesan/saluran/<channel>")
@needs(Permission.SELF)
def save_own(channel: str) -> Response | tuple[str, int]:
    """Keep or withdraw an address."""
    try:
        flow_settings.save_contact(_me(), channel, text("alamat"), actor())
    except Refused as refusal:
        db.session.rollback()
        return _own(refusal, channel), 422
    db.session.commit()
    flash("Alamat tersimpan." if text("alamat") else "Alamat dihapus.", "ok")
    return redirect(url_for("notices.own"))


@bp.post("/pesan/saluran/<channel>/uji")
@needs(Permission.SELF)
def trial(channel: str) -> Response | tuple[str, int]:
    """Uji kirim ke nomor saya."""
    try:
        message = flow_send.trial(_me(), channel)
    except Refused as refusal:
        db.session.rollback()
        return _own(refusal, channel), 422
    message_id = message.id
    db.session.commit()
    enqueue("message", message_id)
    flash("Uji kirim sudah diserahkan. Hasilnya tampil di halaman ini dalam satu menit.", "ok")
    return redirect(url_for("notices.own"))


@bp.post("/pesan/cuti")
@needs(Permission.SELF)
def save_leave() -> Response | tuple[str, int]:
    """Note one's own cuti."""
    try:
        flow_settings.save_leave(_me(), day("first_on", "Mulai cuti"), day("last_on", "Sampai"),
                                 text("basis"), actor())  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        return _own(refusal, "cuti"), 422
    db.session.commit()
    flash("Cuti tercatat. Pengingat diteruskan kepada Plh., atau menunggu Bapak/Ibu kembali.", "ok")
    return redirect(url_for("notices.own"))


@bp.post("/pesan/cuti/<int:leave_id>/hapus")
@needs(Permission.SELF)
def remove_leave(leave_id: int) -> Response:
    """Take one's own cuti back; somebody else's is a 404."""
    row = found(Leave, leave_id)
    if row.person_id != _me():
        abort(404)
    flow_settings.remove_leave(row, actor())
    db.session.commit()
    flash("Catatan cuti dihapus.", "ok")
    return redirect(url_for("notices.own"))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
