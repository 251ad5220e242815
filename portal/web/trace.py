"""Telusur angka: from a printed number back to its datum, person, evidence and approval."""

from __future__ import annotations

import json
import re

from flask import Blueprint, Flask, abort, render_template, request

from portal import store
from portal.documents import queries as documents
from portal.documents import trace
from portal.documents.trace_origin import Origin
from portal.figures import catalogue, spm
from portal.people.kinds import Role
from portal.people.rules import Permission
from portal.reports import months_sent
from portal.reports import queries as reports
from portal.web.figures_scope import Scope
from portal.web.gate import actor, needs
from portal.web.incoming import whole

bp = Blueprint("trace", __name__)

_ALL_SEE = frozenset({Role.SEKRETARIAT, Role.APIP})


@bp.get("/telusur/<int:report_id>")
@needs(Permission.ENTRY_READ)
def show(report_id: int) -> str:
    """Type a number from the paper, or follow ``?asal=<reference>`` of one on screen.

    ``?susunan=<build>`` looks into the book of a build instead of the one as it stands now.
    """
    report = reports.report_for(actor(), report_id)
    if report is None:
        abort(404)
    if not actor().roles & _ALL_SEE:
        abort(403)
    ref, wanted = request.args.get("asal", ""), request.args.get("cari", "")
    build_id = request.args.get("susunan", "")
    found: list[trace.Printed] = []
    if wanted:
        found = trace.search(_book(report, build_id), wanted)
    origin = trace.origin(report, ref) if ref else None
    if ref and (origin is None or not _seen(origin)):
        abort(404)
    return render_template(
        "checks/trace.html", report=report, title=reports.report_title(report), found=found,
        wanted=wanted, origin=origin, build=build_id,
    )  # fmt: skip


def _seen(origin: Origin) -> bool:
    """True when all that stands behind the number was sent, so that it may be shown."""
    book, year = catalogue.current(), _year(origin.ref)
    if origin.link in book.elements and not book.elements[origin.link].service:
        element = book.elements[origin.link]
        return Scope(actor(), year).sees(element) or _sent_by_month(element.key, origin.ref)
    if origin.kind == "indikator" and origin.ref.startswith("indicator:"):
        return Scope(actor(), year).sees_indicator(book.indicators[origin.link])
    if not all(_seen(part) for part in origin.parts):
        return False
    return not origin.entry_id or reports.entry_for(actor(), origin.entry_id) is not None


def _sent_by_month(element: str, ref: str) -> bool:
    """True when a report by month has sent the number, whatever the LPPD's isian does."""
    found = re.search(r":(\d{4})(?:-(TW[1-4]|\d{2}))?(?::|$)", ref)
    if found is None:
        return False
    part = found.group(2) or ""
    last = int(part) if part.isdigit() else spm.months_until(part)[-1]
    return months_sent.until(int(found.group(1))).get(element, 0) >= last


def _year(ref: str) -> int:
    """The year that a reference of a datum or an indicator names, 0 for other references."""
    found = re.search(r":((?:19|20)\d{2})(?:$|[-:])", ref)
    return int(found.group(1)) if found else 0


def _book(report, build_id: str):  # type: ignore[no-untyped-def]
    if not build_id:
        return trace.compiled(report)
    number = whole(build_id)
    build = documents.build_for(actor(), number) if number is not None else None
    if build is None or build.report_id != report.id or not build.snapshot_sha:
        abort(404)
    return trace.of_snapshot(json.loads(store.read(build.snapshot_sha)))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
