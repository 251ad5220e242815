"""Pengingat for the admin: what was sent, gateways, the ladder, cuti, the demo's clock."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.db import db
from portal.jobs.queue import enqueue
from portal.notices import demo_clock, flow_send, flow_settings, gateways, ladder, queries
from portal.notices.channels.base import CHANNELS
from portal.notices.models import Message
from portal.people import queries as people
from portal.people.models import Leave, Person
from portal.people.refusal import Refused
from portal.people.region import region
from portal.people.rules import Permission
from portal.web.admin_forms import chosen, day, found, text
from portal.web.gate import actor, needs

bp = Blueprint("notices_admin", __name__, url_prefix="/admin/pengingat")


@bp.get("")
@needs(Permission.PEOPLE_ADMIN)
def index() -> str:
    """Which messages went out, over which channel, with which outcome."""
    today = people.today()
    return render_template(
        "notices/admin.html", sent=queries.sent_messages(),
        doubtful=queries.sent_messages(20, doubtful=True), counts=queries.counts(),
        words=queries.STATE_WORDS, on=people.setting(gateways.SWITCH, today, True),
        spent=gateways.spent(today), cap=ladder.present(today).cost_cap,
        demo=region(today).demo, today=today,
    )  # fmt: skip


@bp.post("/saklar")
@needs(Permission.PEOPLE_ADMIN)
def switch() -> Response:
    """All messages off, or on again."""
    on = text("nyala") == "1"
    flow_settings.switch(on, actor())
    db.session.commit()
    flash("Pesan dikirim lagi." if on else "Semua pesan dihentikan. Pemberitahuan di portal tetap "
          "berjalan.", "ok" if on else "warn")  # fmt: skip
    return redirect(url_for("notices_admin.index"))


@bp.post("/pesan/<int:message_id>/dilihat")
@needs(Permission.PEOPLE_ADMIN)
def seen(message_id: int) -> Response:
    """A message that may have gone out twice was looked at."""
    flow_settings.seen(found(Message, message_id), actor())
    db.session.commit()
    return redirect(url_for("notices_admin.index"))


def _channels(refusal: Refused | None = None) -> str:
    today = people.today()
    return render_template(
        "notices/channels.html", choices=gateways.choices(today), refusal=refusal,
        typed=request.form, cap=ladder.present(today).cost_cap, spent=gateways.spent(today),
        trials=queries.trials(actor().person_id or 0), channels=CHANNELS,
        ways=queries.own_ways(actor().person_id or 0),
    )  # fmt: skip


@bp.get("/saluran")
@needs(Permission.PEOPLE_ADMIN)
def channels() -> str:
    """Gateways in the order of fail-over."""
    return _channels()


@bp.post("/saluran")
@needs(Permission.PEOPLE_ADMIN)
def save_channels() -> Response | tuple[str, int]:
    """Switch gateways on and off, and put them in order."""
    try:
        flow_settings.save_channels(
            set(request.form.getlist("on")), set(request.form.getlist("accepted")),
            request.form, text("basis"), actor(),
        )  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        return _channels(refusal), 422
    db.session.commit()
    flash("Saluran tersimpan.", "ok")
    return redirect(url_for("notices_admin.channels"))


@bp.post("/saluran/uji")
@needs(Permission.PEOPLE_ADMIN)
def trial() -> Response | tuple[str, int]:
    """Uji kirim ke nomor saya, over one named gateway."""
    gateway = gateways.setup().of(text("gateway"))
    if gateway is None:
        abort(404)
    try:
        message = flow_send.trial(actor().person_id or 0, gateway.channel, gateway.key)
    except Refused as refusal:
        db.session.rollback()
        return _channels(refusal), 422
    message_id = message.id
    db.session.commit()
    enqueue("message", message_id)
    flash("Uji kirim sudah diserahkan. Hasilnya tampil di bawah dalam satu menit.", "ok")
    return redirect(url_for("notices_admin.channels"))


def _ladder(refusal: Refused | None = None) -> str:
    today = people.today()
    return render_template(
        "notices/ladder.html", now=ladder.present(today), usual=ladder.default(),
        counts=flow_settings.COUNTS, times=flow_settings.TIMES, refusal=refusal,
        typed=request.form if refusal else {}, text_of=ladder.text_of,
    )  # fmt: skip


@bp.get("/tangga")
@needs(Permission.PEOPLE_ADMIN)
def rungs() -> str:
    """The ladder with its days, and the limits on sending."""
    return _ladder()


@bp.post("/tangga")
@needs(Permission.PEOPLE_ADMIN)
def save_rungs() -> Response | tuple[str, int]:
    """Let the region's own numbers hold from today on."""
    try:
        flow_settings.save_ladder(request.form, text("basis"), actor())
    except Refused as refusal:
        db.session.rollback()
        return _ladder(refusal), 422
    db.session.commit()
    flash("Tangga pengingat tersimpan dan berlaku mulai hari ini.", "ok")
    return redirect(url_for("notices_admin.rungs"))


def _leaves(refusal: Refused | None = None) -> str:
    rows = db.session.query(Leave, Person).join(Person, Person.id == Leave.person_id)
    persons = db.session.query(Person).filter(Person.disabled_at.is_(None))
    return render_template(
        "notices/leaves.html", refusal=refusal, typed=request.form if refusal else {},
        rows=rows.filter(Leave.last_on >= people.today()).order_by(Leave.first_on).all(),
        persons=[(p.id, people.full_name(p)) for p in persons.order_by(Person.name)],
    )  # fmt: skip


@bp.get("/cuti")
@needs(Permission.PEOPLE_ADMIN)
def leaves() -> str:
    """Who is on leave today or later."""
    return _leaves()


@bp.post("/cuti")
@needs(Permission.PEOPLE_ADMIN)
def save_leave() -> Response | tuple[str, int]:
    """Note somebody's cuti."""
    try:
        person = chosen("person_id")
        if person is None:
            raise Refused("Pilih pejabatnya dari daftar.", "person_id")
        flow_settings.save_leave(person, day("first_on", "Mulai cuti"), day("last_on", "Sampai"),
                                 text("basis"), actor())  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        return _leaves(refusal), 422
    db.session.commit()
    flash("Cuti tercatat.", "ok")
    return redirect(url_for("notices_admin.leaves"))


@bp.post("/cuti/<int:leave_id>/hapus")
@needs(Permission.PEOPLE_ADMIN)
def remove_leave(leave_id: int) -> Response:
    """Take a cuti out again."""
    flow_settings.remove_leave(found(Leave, leave_id), actor())
    db.session.commit()
    flash("Catatan cuti dihapus.", "ok")
    return redirect(url_for("notices_admin.leaves"))


@bp.post("/jam")
@needs(Permission.PEOPLE_ADMIN)
def move_clock() -> Response | tuple[str, int]:
    """The demo's clock: one day on, or to a date; a portal with real data answers 404."""
    if not region(people.today()).demo:
        abort(404)
    try:
        wanted = day("sampai", "Tanggal")
        days = demo_clock.walk(wanted)
    except Refused as refusal:
        db.session.rollback()
        flash(str(refusal), "error")
        return redirect(url_for("notices_admin.index"))
    told, sent = sum(d.notices for d in days), sum(d.messages for d in days)
    flash(f"Jam contoh maju {len(days)} hari: {told} pemberitahuan dibuat, {sent} pesan dikirim.",
          "ok")  # fmt: skip
    return redirect(url_for("notices_admin.index"))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
