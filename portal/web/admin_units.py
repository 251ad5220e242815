"""Perangkat Daerah: the tree, its versions, its jabatan."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.db import db
from portal.indonesian import read_date
from portal.people import flow, flow_units, queries
from portal.people.flow_units import VersionData
from portal.people.kinds import KIND_LABELS, ROLE_LABELS, SIFAT_PREFIX
from portal.people.models import Duty, Person, Position, Term, Unit, UnitSuccession
from portal.people.refusal import Refused
from portal.people.rules import Permission
from portal.web.admin_forms import chosen, day, found, saved, text, whole
from portal.web.gate import actor, needs
from portal.web.incoming import whole as spelled

bp = Blueprint("units", __name__, url_prefix="/admin/perangkat-daerah")


@bp.get("")
@needs(Permission.PEOPLE_ADMIN)
def index() -> str:
    """The tree on a date."""
    on = read_date(request.args.get("per", "")) or queries.today()
    wanted = request.args.get("cari", "").strip().lower()
    units = queries.units_on(on)
    shown = [
        u for u in units if not wanted or wanted in f"{u.code} {u.name} {u.short_name}".lower()
    ]
    return render_template("admin/units.html", units=shown, on=on, kinds=KIND_LABELS,
                           search=request.args.get("cari", ""), total=len(units),
                           heads=_heads(on))  # fmt: skip


def _heads(on: date) -> dict[int, str]:
    rows = db.session.execute(
        sa.select(Position.unit_id, Person.name, Term.sifat)
        .join(Term, Term.position_id == Position.id).join(Person, Person.id == Term.person_id)
        .where(Position.role == "kepala", Term.valid_from <= on,
               sa.or_(Term.valid_to.is_(None), Term.valid_to >= on))
        .order_by(Term.id)
    )  # fmt: skip
    return {unit: SIFAT_PREFIX[sifat] + name for unit, name, sifat in rows}


def _typed_version() -> VersionData:
    return VersionData(
        day("valid_from", "Berlaku sejak"), text("name"), text("short_name"), text("kind"),
        chosen("parent_id"), whole("position"), text("basis"),
    )  # fmt: skip


def _choices(on: date | None = None) -> dict[str, Any]:
    return {"kinds": KIND_LABELS, "all_units": queries.units_on(on or queries.today()),
            "roles": ROLE_LABELS}  # fmt: skip


@bp.get("/baru")
@needs(Permission.PEOPLE_ADMIN)
def new() -> str:
    """Form of a new unit."""
    return render_template("admin/unit_new.html", refusal=None, typed={}, **_choices())


@bp.post("/baru")
@needs(Permission.PEOPLE_ADMIN)
def create() -> Response | tuple[str, int]:
    """Add a unit."""
    try:
        unit = flow_units.add_unit(text("code"), _typed_version(), actor())
    except Refused as refusal:
        db.session.rollback()
        return render_template("admin/unit_new.html", refusal=refusal, typed=request.form,
                               **_choices()), 422  # fmt: skip
    db.session.commit()
    flash("Perangkat daerah ditambahkan.", "ok")
    return redirect(url_for("units.show", unit_id=unit.id))


def _show(unit: Unit, refusal: Refused | None = None) -> str:
    rows = db.session.execute(
        sa.select(Position, Term, Person)
        .outerjoin(Term, Term.position_id == Position.id)
        .outerjoin(Person, Person.id == Term.person_id)
        .where(Position.unit_id == unit.id)
        .order_by(Position.role, Position.rank, Position.id, Term.valid_from.desc())
    ).all()
    positions: dict[int, tuple[Position, list[Any]]] = {}
    for position, term, person in rows:
        terms = positions.setdefault(position.id, (position, []))[1]
        if term is not None:
            terms.append((term, person))
    successions = db.session.scalars(
        sa.select(UnitSuccession).where(
            sa.or_(UnitSuccession.old_id == unit.id, UnitSuccession.new_id == unit.id)
        )
    ).all()
    names = {u.id: u.versions[-1].name for u in db.session.scalars(sa.select(Unit)) if u.versions}
    duties = db.session.scalars(
        sa.select(Duty).where(Duty.unit_id == unit.id).order_by(Duty.key)
    ).all()
    return render_template(
        "admin/unit.html", unit=unit, last=unit.versions[-1], names=names, refusal=refusal,
        positions=list(positions.values()), successions=successions, duties=duties,
        prefix=SIFAT_PREFIX, today=queries.today(), typed=request.form if refusal else {},
        **_choices(),
    )  # fmt: skip


@bp.get("/<int:unit_id>")
@needs(Permission.PEOPLE_ADMIN)
def show(unit_id: int) -> str:
    """One unit: versions, successions, jabatan with their holders, duties."""
    return _show(found(Unit, unit_id))


def _page(unit_id: int) -> str:
    return url_for("units.show", unit_id=unit_id)


@bp.post("/<int:unit_id>/versi")
@needs(Permission.PEOPLE_ADMIN)
def version(unit_id: int) -> Response | tuple[str, int]:
    """Name, kind or parent from a date on."""
    unit = found(Unit, unit_id)
    return saved(
        lambda: flow_units.add_version(unit, _typed_version(), actor()),
        lambda refusal: _show(unit, refusal),
        "Versi baru tersimpan. Laporan tahun sebelumnya tetap memakai versi pada tahunnya.",
        _page(unit_id),
    )


@bp.post("/<int:unit_id>/tutup")
@needs(Permission.PEOPLE_ADMIN)
def close(unit_id: int) -> Response | tuple[str, int]:
    """End a unit, naming who comes after it."""
    unit = found(Unit, unit_id)

    def work() -> None:
        successors = [found(Unit, spelled(n)) for n in request.form.getlist("penerus") if n]
        flow_units.close_unit(unit, day("on", "Tidak berlaku mulai"), successors,
                              text("basis"), actor())  # fmt: skip

    return saved(
        work, lambda refusal: _show(unit, refusal),
        "Perangkat daerah ditutup mulai tanggal itu. Isian yang sudah ada tetap ada.",
        _page(unit_id),
    )  # fmt: skip


@bp.post("/<int:unit_id>/jabatan")
@needs(Permission.PEOPLE_ADMIN)
def position(unit_id: int) -> Response | tuple[str, int]:
    """Add a jabatan to the unit."""
    unit = found(Unit, unit_id)
    return saved(
        lambda: flow.save_position(None, unit, text("role"), text("title"), actor()),
        lambda refusal: _show(unit, refusal),
        "Jabatan ditambahkan. Isi pejabatnya lewat Pejabat & Akun atau Mutasi.", _page(unit_id),
    )  # fmt: skip


@bp.post("/jabatan/<int:position_id>")
@needs(Permission.PEOPLE_ADMIN)
def change_position(position_id: int) -> Response | tuple[str, int]:
    """Correct a jabatan's name and role, or let it rest; its work and its history stay."""
    seat = found(Position, position_id)
    unit = found(Unit, seat.unit_id)

    def work() -> None:
        if text("aktif"):
            flow.set_position_active(seat, text("aktif") == "1", actor())
        else:
            flow.save_position(seat, unit, text("role"), text("title"), actor())

    return saved(
        work, lambda refusal: _show(unit, Refused(str(refusal), f"title-{position_id}")),
        "Jabatan tersimpan.", _page(unit.id),
    )  # fmt: skip


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
