"""Mutasi: one screen for the day of a pelantikan."""

from __future__ import annotations

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.db import db
from portal.people import flow_moves, queries
from portal.people.flow_moves import Move
from portal.people.kinds import ROLE_LABELS, SIFAT_LABELS, SIFAT_PREFIX, Role, Sifat
from portal.people.models import Person, Position, Term
from portal.people.refusal import Refused
from portal.people.rules import Permission
from portal.web.admin_forms import day, text
from portal.web.admin_people import bp
from portal.web.gate import actor, needs
from portal.web.incoming import whole


def _seats(role: str) -> list[tuple[Position, str, str]]:
    """Jabatan of one role in the region's order, with unit and present holder."""
    units = {u.id: u for u in queries.units_on(queries.today())}
    order = {unit_id: n for n, unit_id in enumerate(units)}
    rows = db.session.scalars(
        sa.select(Position).where(Position.role == role, Position.active)
    ).all()
    held = _holders([p.id for p in rows])
    rows = sorted(rows, key=lambda p: (order.get(p.unit_id, 999), p.rank, p.id))
    return [(p, units[p.unit_id].short_name, held.get(p.id, "lowong"))
            for p in rows if p.unit_id in units]  # fmt: skip


def _holders(positions: list[int]) -> dict[int, str]:
    today = queries.today()
    rows = db.session.execute(
        sa.select(Term.position_id, Term.sifat, Person.name)
        .join(Person, Person.id == Term.person_id)
        .where(Term.position_id.in_(positions), Term.valid_from <= today,
               sa.or_(Term.valid_to.is_(None), Term.valid_to >= today))
    )  # fmt: skip
    return {position: SIFAT_PREFIX[sifat] + name for position, sifat, name in rows}


def _typed() -> list[Move]:
    moves = []
    for key in request.form:
        name, _, position = key.partition(".")
        seat = whole(position)
        if name != "baru" or seat is None:
            continue
        login = text(key)
        vacate = text(f"lowong.{position}") == "1"
        if login or vacate:
            sifat = text(f"sifat.{position}")
            moves.append(Move(seat, login,
                              sifat if sifat in set(Sifat) else Sifat.DEFINITIF,
                              vacate and not login))  # fmt: skip
    return moves


def _page(role: str, steps: list[flow_moves.Step] | None = None,
          refusal: Refused | None = None) -> str:  # fmt: skip
    return render_template(
        "admin/moves.html", role=role, roles=ROLE_LABELS, seats=_seats(role), steps=steps,
        refusal=refusal, typed=request.form,
        sifat=[(k, v) for k, v in SIFAT_LABELS.items() if k != Sifat.PLH],
    )  # fmt: skip


def _role(raw: str) -> str:
    return raw if raw in set(Role) else str(Role.KEPALA)


@bp.get("/mutasi")
@needs(Permission.PEOPLE_ADMIN)
def moves() -> str:
    """The table of jabatan with an empty place for each new holder."""
    return _page(_role(request.args.get("peran", "")))


@bp.post("/mutasi")
@needs(Permission.PEOPLE_ADMIN)
def make_moves() -> str | Response | tuple[str, int]:
    """Look at what would happen, then do it in one go."""
    role = _role(text("peran"))
    try:
        effective = day("effective", "Berlaku mulai")
        if text("langkah") != "terapkan":
            steps = flow_moves.plan(effective, _typed())
            if not steps:
                raise Refused("Belum ada jabatan yang diisi. Isi NIP pejabat baru atau beri tanda "
                              "lowong.")  # fmt: skip
            return _page(role, steps)
        done = flow_moves.apply(effective, _typed(), text("sk_no"), actor())
    except Refused as refusal:
        db.session.rollback()
        return _page(role, refusal=refusal), 422
    db.session.commit()
    flash(f"Mutasi dicatat untuk {len(done)} jabatan. Pekerjaan tetap pada jabatannya dan "
          "diteruskan oleh pejabat yang baru. Serah terimanya di bawah ini.", "ok")  # fmt: skip
    if any(step.ends for step in done):
        return redirect(url_for("succession.index", sejak=effective.strftime("%d-%m-%Y")))
    return redirect(url_for("accounts.moves", peran=role))
