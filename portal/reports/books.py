"""Reads of whole reports, scoped to an Actor."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from portal import indonesian
from portal.db import db
from portal.people import queries as people
from portal.people import rules as people_rules
from portal.people.kinds import UnitKind
from portal.people.rules import Actor, Permission
from portal.reports.models import Deadline, Report
from portal.reports.rules import KIND_SHORT

#: Key of a report's settings while its filling is closed: [day, reason].
CLOSED = "ditutup"


def closed(report: Report) -> str:
    """Why nobody may type into a report now, "" while its filling is open."""
    found = (report.settings or {}).get(CLOSED)
    if not found:
        return ""
    day = indonesian.long_date(date.fromisoformat(found[0]))
    reason = str(found[1]).rstrip(". ")
    return f"Pengisian ditutup {day}: {reason}. Minta sekretariat membukanya bila perlu."


def report_title(report: Report) -> str:
    """``LPPD 2025``, ``SPM 2025 Triwulan I``."""
    period = indonesian.TRIWULAN.get(report.period, report.period)
    return f"{KIND_SHORT.get(report.kind, report.kind)} {report.year} {period}".strip()


def report_for(actor: Actor, report_id: int) -> Report | None:
    """The report when the actor may read it; None (404) otherwise.

    A book of the region is readable by whoever may read reports; a book of one unit (LKjIP) by
    that unit, those above it, Inspektorat, pimpinan and the sekretariat of that kind.
    """
    report = db.session.get(Report, report_id)
    if report is None or not actor.may(Permission.REPORT_READ):
        return None
    owner = people.unit_info(report.owner_unit_id, people.today())
    if owner is None or owner.kind == UnitKind.PEMDA:
        return report
    seen = people_rules.sees_unit(actor, Permission.REPORT_READ, owner, report.kind)
    return report if seen else None


def reports_for(actor: Actor, kind: str = "") -> list[Report]:
    """All reports that the actor may read, newest year first."""
    if not actor.may(Permission.REPORT_READ):
        return []
    query = sa.select(Report).order_by(Report.year.desc(), Report.kind, Report.period, Report.id)
    if kind:
        query = query.where(Report.kind == kind)
    units = {u.id: u for u in people.units_on(people.today())}
    found = []
    for report in db.session.scalars(query):
        owner = units.get(report.owner_unit_id)
        if owner is None or owner.kind == UnitKind.PEMDA or people_rules.sees_unit(
            actor, Permission.REPORT_READ, owner, report.kind
        ):  # fmt: skip
            found.append(report)
    return found


def find_report(kind: str, year: int, period: str = "", owner_unit_id: int | None = None) -> (
    Report | None
):  # fmt: skip
    """The report of a kind, year and period; of the region when no owner is named."""
    query = sa.select(Report).where(
        Report.kind == kind, Report.year == year, Report.period == period
    )
    if owner_unit_id is not None:
        query = query.where(Report.owner_unit_id == owner_unit_id)
    return db.session.scalars(query.order_by(Report.id)).first()


def deadline_of(kind: str, year: int, period: str = "", level: str = "pemda") -> Deadline | None:
    """The stored Jadwal row."""
    return db.session.scalar(
        sa.select(Deadline).where(
            Deadline.kind == kind, Deadline.year == year, Deadline.period == period,
            Deadline.level == level,
        )
    )  # fmt: skip
