"""Beranda, help and other pages that belong to no room; what every page shows around itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    g,
    jsonify,
    redirect,
    render_template,
    url_for,
)
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from portal.notices import queries as notices
from portal.people import queries as people
from portal.people import workdays
from portal.people.rules import Actor, Permission, Role
from portal.reports import queries as reports_queries
from portal.reports import reviewing
from portal.web import home as screens
from portal.web.gate import actor, needs, public
from portal.web.menu import KINDS, SHORT, Item, menu_of, open_to

bp = Blueprint("pages", __name__)

#: Pages of one report that other rooms offer, with their words; each takes ``report_id``.
REPORT_PAGES = (
    ("reports.show", "Buka"), ("recap.show", "Rekap"), ("builds.compose", "Susun dokumen"),
    ("documents_in.index", "Unggah Dokumen Jadi"),
)  # fmt: skip

#: Roles that look over the whole region, and so may read the recap.
RECAP_READERS = frozenset({Role.SEKRETARIAT, Role.APIP, Role.PIMPINAN, Role.ADMIN})


@dataclass(frozen=True)
class Layout:
    """What the frame of every page needs: who acts, where he may go, whose portal it is."""

    region: str = ""
    zone: str = ""
    demo: bool = False
    actor: Actor | None = None
    acting_title: str = ""
    account_url: str = ""
    switch_url: str = ""  # when the person holds several jabatan
    inbox_url: str = ""
    unread: int = 0
    muted: bool = False  # an admin has stopped all messages
    menu: tuple[Item, ...] = ()
    kinds: dict[str, str] = field(default_factory=lambda: KINDS)
    counts: dict[str, int] = field(default_factory=dict)


def acting_title(who: Actor) -> str:
    """``Plt. Kepala Dinas Kesehatan``; "" for a person without a jabatan today."""
    return who.acting.full_title if who.acting else ""


def layout() -> Layout:
    """The frame of the present page; one query for the region's settings."""
    who: Actor | None = getattr(g, "actor", None)
    known = people.settings(people.today(), ("nama", "jenis", "demo", "pesan_aktif"))
    views = current_app.view_functions
    return Layout(
        region=f"{known.get('jenis', '')} {known.get('nama', '')}".strip(),
        zone=current_app.config["SELARAS"].zone_label,
        demo=bool(known.get("demo")),
        muted=known.get("pesan_aktif") is False,
        actor=who,
        acting_title=acting_title(who) if who else "",
        account_url=url_for("account.index")
        if who and not who.looking and "account.index" in views
        else "",
        switch_url=url_for("account.choose")
        if who and who.others and "account.choose" in views
        else "",
        inbox_url=url_for("notices.inbox") if who and "notices.inbox" in views else "",
        unread=notices.unread(who.person_id or 0) if who else 0,
        menu=_menu(who, views) if who else (),
    )


def _menu(who: Actor, views: Mapping[str, Any]) -> tuple[Item, ...]:
    inspektur = Role.KEPALA in who.roles and reviewing.inspects(who)
    return menu_of(who, views, sekda=notices.seat_leads(who), inspektur=inspektur)


def _frame() -> dict[str, Any]:
    return {"layout": layout()}


#: Where a role's day begins, when that page exists.
FIRST_SCREENS = {
    Role.SEKRETARIAT: "recap.index",
    Role.PPK: "contracts.mine",
    Role.PPTK: "contracts.mine",
    Role.BENDAHARA: "desks.queue",
    Role.PPK_SKPD: "desks.queue",
    Role.BUD: "desks.queue",
    Role.UKPBJ: "contracts.mine",
    Role.PIMPINAN: "summary.index",
}

#: Roles whose day begins with what others sent them.
DESKS = frozenset({Role.VERIFIKATOR, Role.KEPALA, Role.APIP})


@dataclass(frozen=True)
class Waiting:
    """What one report still asks of the actor's unit."""

    report: str
    count: int
    deadline: date | None  # the nearest one
    due: int  # how many of them are due on that day
    workdays: int  # left until the deadline, negative when it has passed


def waiting_of(found: list[reports_queries.Task], today: date) -> list[Waiting]:
    """Open isian by report, the nearest deadline first."""
    by_report: dict[str, list[reports_queries.Task]] = {}
    for task in found:
        by_report.setdefault(task.report, []).append(task)
    made = []
    for report, rows in by_report.items():
        due = min((t.deadline for t in rows if t.deadline), default=None)
        left = workdays.workdays_between(today, due) if due and due >= today else 0
        same = sum(t.deadline == due for t in rows)
        made.append(Waiting(report, len(rows), due, same, -1 if due and due < today else left))
    return sorted(made, key=lambda w: (w.deadline or date.max, w.report))


@bp.get("/")
@needs(Permission.SELF)
def home() -> str | Response:
    """Beranda: what waits for this jabatan, in a few lines."""
    who = actor()
    role = who.acting.role if who.acting else None
    first = FIRST_SCREENS.get(role) if role else None
    if first in current_app.view_functions:
        return redirect(url_for(first))
    if role in DESKS:
        head, apip = role is Role.KEPALA, role is Role.APIP
        found = screens.desk_screen(who, head=head, apip=apip)
        return render_template("pages/desk.html", actor=who, found=found, head=head, apip=apip)
    return _desk_of_entry(who)


def _desk_of_entry(who: Actor) -> str:
    found = reports_queries.tasks(who) if who.may(Permission.ENTRY_WRITE) else []
    returned = [t for t in found if t.state == "dikembalikan"]
    return render_template(
        "pages/home.html", actor=who, tasks=found, returned=returned,
        waiting=waiting_of(found, people.today()),
    )  # fmt: skip


@bp.get("/laporan/<kind>")
@needs(Permission.REPORT_READ)
def reports(kind: str) -> str:
    """The reports of one kind that the actor may see."""
    if kind not in KINDS:
        abort(404)
    found = reports_queries.reports_for(actor(), kind)
    titles = {report.id: reports_queries.report_title(report) for report in found}
    units = {u.id: u.name for u in people.units_on(people.today())}
    mine = {t.report_id for t in reports_queries.tasks(actor(), everything=True)}
    return render_template(
        "pages/reports.html", kind=kind, name=KINDS[kind], short=SHORT[kind], reports=found,
        titles=titles, units=units, mine=mine,
        places=_places(kind),
    )  # fmt: skip


def _places(kind: str) -> list[tuple[str, str]]:
    """Pages of one report that exist here and are open to the actor; no door that stays shut."""
    who, views = actor(), current_app.view_functions
    shut = set() if who.roles & RECAP_READERS else {"recap.show"}
    if kind not in who.region_wide:
        shut.add("builds.compose")
    return [
        (e, text) for e, text in REPORT_PAGES
        if e in views and e not in shut and open_to(who, views[e])
    ]  # fmt: skip


@bp.get("/bantuan")
@needs(Permission.SELF)
def help_page() -> str:
    """How to fill, in one page, and whom to ask."""
    return render_template("pages/help.html")


@bp.get("/token")
@public
def token() -> Response:
    """A fresh CSRF token for a page that stood open for long, and whose session it is."""
    who: Actor | None = getattr(g, "actor", None)
    return jsonify(token=generate_csrf(), person=who.person_id if who else None)


@bp.get("/sehat")
@public
def health() -> str:
    """Answer of the web server to those who watch it."""
    return "sehat"


def init_app(app: Flask) -> None:
    """Register the blueprint and the frame."""
    app.register_blueprint(bp)
    app.context_processor(_frame)
