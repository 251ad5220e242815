"""Serah terima jabatan: what a leaving holder hands over, for him, his successor, and the admin."""

from __future__ import annotations

import io
from datetime import date, timedelta

import sqlalchemy as sa
from flask import Blueprint, Flask, abort, render_template, request, send_file
from werkzeug.wrappers import Response

from portal.db import db
from portal.documents import handover, papers
from portal.indonesian import read_date
from portal.people import queries
from portal.people.kinds import SIFAT_PREFIX, Sifat
from portal.people.models import Position, Term
from portal.people.rules import Permission
from portal.trail import flow as trail
from portal.web.gate import actor, needs

bp = Blueprint("succession", __name__)

#: How long a term that has ended is listed.
RECENT = timedelta(days=90)


def _seen() -> sa.ColumnElement[bool]:
    """Terms that concern the actor: his own, and those of the jabatan that he holds."""
    who = actor()
    if who.may(Permission.PEOPLE_ADMIN):
        return sa.true()
    seats = [h.position_id for h in (who.acting, *who.others) if h is not None]
    return sa.or_(Term.person_id == who.person_id, Term.position_id.in_(seats))


@bp.get("/serah-terima")
@needs(Permission.SELF)
def index() -> str:
    """Terms that end or ended lately; one's own present ones stand above, for who will leave."""
    today = queries.today()
    since = read_date(request.args.get("sejak", "")) or today - RECENT
    rows = db.session.execute(
        sa.select(Term, Position).join(Position, Term.position_id == Position.id)
        .where(_seen(), sa.or_(
            sa.and_(Term.valid_to.is_not(None), Term.valid_to >= since - timedelta(days=1)),
            Term.person_id == actor().person_id,
        ))
        .order_by(sa.func.coalesce(Term.valid_to, date.max).desc(), Position.id, Term.id)
    ).all()  # fmt: skip
    units = {u.id: u.short_name for u in queries.units_on(today)}
    return render_template(
        "admin/handovers.html", prefix=SIFAT_PREFIX, units=units, since=since, today=today,
        rows=[(term, seat) for term, seat in rows if term.sifat != Sifat.PLH],
        name=queries.full_name,
    )  # fmt: skip


def _term(term_id: int) -> Term:
    found = db.session.scalar(sa.select(Term).where(Term.id == term_id, _seen()))
    if found is None:
        abort(404)
    return found


@bp.get("/serah-terima/<int:term_id>")
@needs(Permission.SELF)
def show(term_id: int) -> str:
    """What lies on the jabatan, and what becomes of both accounts."""
    made = handover.gather(_term(term_id))
    left = queries.actor_of(made.term.person_id)
    return render_template(
        "admin/handover.html", made=made, name=queries.full_name, today=queries.today(),
        idle=left is not None and left.acting is None, prefix=SIFAT_PREFIX,
        admin=actor().may(Permission.PEOPLE_ADMIN),
    )  # fmt: skip


@bp.get("/serah-terima/<int:term_id>/berita-acara")
@needs(Permission.SELF)
def minutes(term_id: int) -> Response:
    """The Berita Acara to print and sign."""
    made = handover.gather(_term(term_id))
    data = papers.printed(handover.document(made), "pdf")
    trail.record(f"position:{made.term.position_id}", "cetak berita acara serah terima",
                 f"term:{term_id}", actor(), None,
                 {"isian": len(made.isian), "langkah": len(made.steps)})  # fmt: skip
    db.session.commit()
    name = f"Serah-Terima-{made.unit.code if made.unit else term_id}-{made.on.isoformat()}.pdf"
    return send_file(io.BytesIO(data), mimetype="application/pdf", download_name=name)


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
