"""Pejabat & Akun: people, their terms, and the printed slips of their accounts."""

from __future__ import annotations

import io

import segno
import sqlalchemy as sa
from flask import (
    Blueprint,
    Flask,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response

from portal.db import db
from portal.people import accounts, flow, flow_accounts, queries
from portal.people.flow import PersonData, TermData
from portal.people.kinds import SIFAT_LABELS, SIFAT_PREFIX
from portal.people.models import Person, Position, Term
from portal.people.refusal import Refused
from portal.people.region import region
from portal.people.rules import Permission
from portal.web.admin_forms import chosen, day, found, maybe_day, saved, text
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("accounts", __name__, url_prefix="/admin/akun")

PAGE = 50
FILTERS = {
    "": "Semua", "belum": "Belum pernah masuk", "tanpa": "Tanpa jabatan hari ini",
    "tutup": "Akun ditutup",
}  # fmt: skip


@bp.get("")
@needs(Permission.PEOPLE_ADMIN)
def index() -> str:
    """Search and list people; who never signed in is one filter away."""
    search, only = request.args.get("cari", "").strip(), request.args.get("saring", "")
    query = _filtered(search, only)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    page = max(1, min(whole(request.args.get("hal", "")) or 1, -(-total // PAGE) or 1))
    people = db.session.scalars(
        query.order_by(Person.id).limit(PAGE).offset((page - 1) * PAGE)
    ).all()
    return render_template(
        "admin/people.html", people=people, names={p.id: queries.full_name(p) for p in people},
        held=_held([p.id for p in people]), total=total, page=page, pages=-(-total // PAGE) or 1,
        search=search, only=only, filters=FILTERS,
    )  # fmt: skip


def _filtered(search: str, only: str) -> sa.Select[Person]:
    today = queries.today()
    query = sa.select(Person)
    if search:
        like = f"%{accounts.normal_login(search)}%"
        seated = (
            sa.select(Term.person_id).join(Position, Position.id == Term.position_id)
            .where(sa.func.lower(Position.title).like(like))
        )  # fmt: skip
        query = query.where(sa.or_(sa.func.lower(Person.name).like(like), Person.login.like(like),
                                   Person.id.in_(seated)))  # fmt: skip
    if only == "belum":
        query = query.where(Person.last_login_at.is_(None), Person.disabled_at.is_(None))
    if only == "tutup":
        query = query.where(Person.disabled_at.is_not(None))
    if only == "tanpa":
        holding = sa.select(Term.person_id).where(
            Term.valid_from <= today, sa.or_(Term.valid_to.is_(None), Term.valid_to >= today)
        )
        query = query.where(Person.id.not_in(holding))
    return query


def _held(people: list[int]) -> dict[int, list[str]]:
    today = queries.today()
    rows = db.session.execute(
        sa.select(Term.person_id, Term.sifat, Position.title)
        .join(Position, Position.id == Term.position_id)
        .where(Term.person_id.in_(people), Term.valid_from <= today,
               sa.or_(Term.valid_to.is_(None), Term.valid_to >= today))
        .order_by(Term.valid_from, Term.id)
    )  # fmt: skip
    held: dict[int, list[str]] = {}
    for person_id, sifat, title in rows:
        held.setdefault(person_id, []).append(SIFAT_PREFIX[sifat] + title)
    return held


def _typed_person() -> PersonData:
    return PersonData(text("name"), text("nip"), text("login"), text("gelar_depan"),
                      text("gelar_belakang"), text("pangkat"), text("golongan"))  # fmt: skip


@bp.get("/baru")
@needs(Permission.PEOPLE_ADMIN)
def new() -> str:
    """Form of a new person."""
    return render_template("admin/person_new.html", refusal=None, typed={})


@bp.post("/baru")
@needs(Permission.PEOPLE_ADMIN)
def create() -> Response | tuple[str, int]:
    """Add a person; the account opens with its first slip."""
    try:
        person = flow.save_person(None, _typed_person(), actor())
    except Refused as refusal:
        db.session.rollback()
        return render_template("admin/person_new.html", refusal=refusal, typed=request.form), 422
    db.session.commit()
    flash("Orang ditambahkan. Isi jabatannya, lalu cetak slip akunnya.", "ok")
    return redirect(url_for("accounts.show", person_id=person.id))


def _show(person: Person, refusal: Refused | None = None) -> str:
    terms = db.session.execute(
        sa.select(Term, Position).join(Position, Position.id == Term.position_id)
        .where(Term.person_id == person.id).order_by(Term.valid_from.desc(), Term.id.desc())
    ).all()  # fmt: skip
    units = {u.id: u for u in queries.units_on(queries.today())}
    seats = db.session.scalars(sa.select(Position).where(Position.active)).all()
    order = {unit_id: n for n, unit_id in enumerate(units)}
    seats = sorted(seats, key=lambda p: (order.get(p.unit_id, 999), p.rank, p.id))
    return render_template(
        "admin/person.html", person=person, name=queries.full_name(person), terms=terms,
        units=units, seats=[(p.id, f"{p.title} ({units[p.unit_id].short_name})")
                            for p in seats if p.unit_id in units],
        prefix=SIFAT_PREFIX, sifat=SIFAT_LABELS, refusal=refusal, today=queries.today(),
        typed=request.form if refusal else {},
    )  # fmt: skip


@bp.get("/<int:person_id>")
@needs(Permission.PEOPLE_ADMIN)
def show(person_id: int) -> str:
    """One person: data, terms, account."""
    return _show(found(Person, person_id))


def _page(person_id: int) -> str:
    return url_for("accounts.show", person_id=person_id)


@bp.post("/<int:person_id>")
@needs(Permission.PEOPLE_ADMIN)
def save(person_id: int) -> Response | tuple[str, int]:
    """Correct a person's data."""
    person = found(Person, person_id)
    return saved(
        lambda: flow.save_person(person, _typed_person(), actor()),
        lambda refusal: _show(person, refusal), "Data tersimpan.", _page(person_id),
    )  # fmt: skip


@bp.post("/<int:person_id>/masa-jabatan")
@needs(Permission.PEOPLE_ADMIN)
def term(person_id: int) -> Response | tuple[str, int]:
    """Let the person hold a jabatan."""
    person = found(Person, person_id)

    def work() -> None:
        seat = chosen("position_id")
        if seat is None:
            raise Refused("Pilih jabatannya dari daftar.", "position_id")
        data = TermData(day("start", "Mulai"), maybe_day("end", "Berakhir"), text("sifat"),
                        text("sk_no"))  # fmt: skip
        flow.save_term(None, found(Position, seat), person, data, actor())

    return saved(work, lambda refusal: _show(person, refusal), "Masa jabatan tersimpan.",
                 _page(person_id))  # fmt: skip


@bp.post("/masa-jabatan/<int:term_id>/akhiri")
@needs(Permission.PEOPLE_ADMIN)
def end_term(term_id: int) -> Response | tuple[str, int]:
    """Let a day be the last of a term; its handover follows."""
    ending = found(Term, term_id)
    return saved(
        lambda: flow.end_term(ending, day("end", "Hari terakhir"), actor()),
        lambda refusal: _show(ending.person, refusal),
        "Masa jabatan diakhiri. Pekerjaan tetap pada jabatannya; inilah yang diserahkan.",
        url_for("succession.show", term_id=term_id),
    )  # fmt: skip


@bp.post("/<int:person_id>/akun")
@needs(Permission.PEOPLE_ADMIN)
def access(person_id: int) -> Response | tuple[str, int]:
    """Close or open the account."""
    person, opens = found(Person, person_id), text("buka") == "1"
    said = "Akun dibuka." if opens else "Akun ditutup. Masa jabatan dan riwayatnya tetap tercatat."
    return saved(lambda: flow_accounts.set_open(person, opens, actor()),
                 lambda refusal: _show(person, refusal), said, _page(person_id))  # fmt: skip


@bp.post("/slip")
@needs(Permission.PEOPLE_ADMIN)
def slips() -> str | Response:
    """New initial passwords on slips to print; each is shown this once and stored nowhere."""
    picked = [found(Person, whole(n)) for n in request.form.getlist("orang")[:PAGE]]
    made = []
    for person in picked:
        try:
            made.append((person, flow_accounts.reset_password(person, actor())))
        except Refused as refusal:
            flash(str(refusal), "error")
    if not made:
        flash("Belum ada orang yang dipilih untuk dibuatkan slip.", "warn")
        return redirect(url_for("accounts.index"))
    db.session.commit()
    held = _held([person.id for person, _ in made])
    return render_template(
        "admin/slips.html", region=region(queries.today()), held=held,
        slips=[(person, queries.full_name(person), password) for person, password in made],
        address=f"{current_app.config['SELARAS'].base_url.rstrip('/')}/masuk",
    )  # fmt: skip


@bp.get("/alamat.svg")
@needs(Permission.PEOPLE_ADMIN)
def address_code() -> Response:
    """The QR code of the login address: the address only, never who or which password."""
    base = current_app.config["SELARAS"].base_url.rstrip("/")
    out = io.BytesIO()
    segno.make(f"{base}/masuk", error="m", micro=False).save(out, kind="svg", scale=4, border=2)
    return send_file(io.BytesIO(out.getvalue()), mimetype="image/svg+xml")


def init_app(app: Flask) -> None:
    """Register the blueprint, with Mutasi and the import that share it."""
    from portal.web import admin_import, admin_moves  # noqa: PLC0415 - they hang their views on bp

    assert admin_import and admin_moves  # noqa: S101 - imported for their views
    app.register_blueprint(bp)
