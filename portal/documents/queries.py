"""Reads of builds and issued files, scoped to an Actor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from portal import store
from portal.db import db
from portal.documents.charts import Drawn, Spec
from portal.documents.compile import compile_whole
from portal.documents.compile_book import Missing
from portal.documents.diagram import Diagram
from portal.documents.models import Build, BuildFile, BuildState, Issue
from portal.figures import catalogue
from portal.outlines.schema import Edition
from portal.people import queries as people
from portal.people.rules import Actor, Permission
from portal.reports import queries as reports
from portal.reports.models import Report


@dataclass(frozen=True)
class Download:
    """One file that may be fetched."""

    file: BuildFile
    build: Build
    issue: Issue | None


def build_for(actor: Actor, build_id: int) -> Build | None:
    """The build when the actor may see it; None (404) otherwise.

    Those who compile see all builds of their reports; others see issued books, and what they may
    read of them, only.
    """
    build = db.session.get(Build, build_id)
    if build is None:
        return None
    report = reports.report_for(actor, build.report_id)
    if report is None:
        return None
    if compiles(actor, report) or issue_of(build.id) is not None:
        return build
    return None


def compiles(actor: Actor, report: Report) -> bool:
    """True when the actor orders builds of this report: the compiling office of its kind.

    A book that each Perangkat Daerah writes (LKjIP) is also theirs to print.
    """
    if not actor.may(Permission.REPORT_BUILD):
        return False
    return report.kind in actor.region_wide or report.owner_unit_id in actor.units()


def compiled_by(actor: Actor) -> list[Report]:
    """Reports that the actor compiles, newest first."""
    return [report for report in reports.reports_for(actor) if compiles(actor, report)]


def builds_of(report_id: int, limit: int = 20) -> list[Build]:
    """The latest builds of a report with their files, newest first."""
    return list(
        db.session.scalars(
            sa.select(Build)
            .options(selectinload(Build.files))
            .where(Build.report_id == report_id)
            .order_by(Build.id.desc())
            .limit(limit)
        )
    )


def issues_of(report_ids: list[int]) -> list[tuple[Issue, Build]]:
    """Issued files of these reports, newest first."""
    rows = db.session.execute(
        sa.select(Issue, Build)
        .join(Build, Issue.build_id == Build.id)
        .options(selectinload(Build.files))
        .where(Issue.report_id.in_(report_ids))
        .order_by(Issue.at.desc(), Issue.id.desc())
    )
    return [(issue, build) for issue, build in rows]


def finished_builds(report_ids: list[int], limit: int = 60) -> list[Build]:
    """Finished builds with files, newest first."""
    return list(
        db.session.scalars(
            sa.select(Build)
            .options(selectinload(Build.files))
            .where(Build.report_id.in_(report_ids), Build.state == BuildState.DONE)
            .order_by(Build.id.desc())
            .limit(limit)
        )
    )


def newest_final(report_id: int) -> Build | None:
    """The newest finished Naskah Final of a report, issued or not."""
    return db.session.scalar(
        sa.select(Build)
        .where(Build.report_id == report_id, Build.final, Build.state == BuildState.DONE)
        .order_by(Build.id.desc())
        .limit(1)
    )


def issue_of(build_id: int) -> Issue | None:
    """The issue of a build, None when it was never issued."""
    return db.session.scalar(sa.select(Issue).where(Issue.build_id == build_id))


def next_number(report_id: int, scope: str, final: bool) -> int:
    """Konsep 1, 2, 3 ... of a book or of one of its parts; 0, 1 ... for what will be issued."""
    if final:
        return next_issue(report_id)
    last = db.session.scalar(
        sa.select(sa.func.max(Build.number)).where(
            Build.report_id == report_id, Build.scope == scope, Build.final.is_(False)
        )
    )
    return (last or 0) + 1


def next_issue(report_id: int) -> int:
    """0 for the first Naskah Final, then the number of the Perbaikan."""
    last = db.session.scalar(
        sa.select(sa.func.max(Issue.number)).where(Issue.report_id == report_id)
    )
    return 0 if last is None else last + 1


def finished_with(report_id: int, sha: str, engine: Mapping[str, str]) -> Build | None:
    """The finished build with the same inputs and the same engine, when its files are kept."""
    found = db.session.scalars(
        sa.select(Build)
        .where(
            Build.report_id == report_id, Build.inputs_sha == sha, Build.state == BuildState.DONE
        )
        .order_by(Build.id.desc())
        .limit(1)
    ).first()
    if found is None or found.manifest != dict(engine) or not found.files:
        return None
    kept = all(store.state_of(file.sha256) == "utuh" for file in found.files)
    return found if kept else None


def missing_of(snapshot: Mapping[str, Any], scope: str = "") -> list[Missing]:
    """What is not ready for a Naskah Final, as compiling itself would find it."""
    edition = Edition.model_validate(snapshot["outline"])
    return list(compile_whole(edition, snapshot, catalogue.current(), scope, _Undrawn()).missing)


class _Undrawn:
    """A chart maker for looking only: nothing is drawn."""

    def chart(self, spec: Spec | Diagram) -> Drawn:
        """A name in place of the pictures."""
        return Drawn(spec.key(), "")


def unit_names(report: Report) -> dict[str, str]:
    """Code -> name of every unit on the structure date of a report."""
    return {unit.code: unit.name for unit in people.units_on(report.structure_date)}


def find_sha(sha: str) -> Download | None:
    """The newest file with this SHA-256, for "Periksa keaslian berkas"; issued before Konsep."""
    rows = db.session.execute(
        sa.select(BuildFile, Build, Issue)
        .join(Build, BuildFile.build_id == Build.id)
        .outerjoin(Issue, Issue.build_id == Build.id)
        .where(BuildFile.sha256 == sha)
        .order_by(Issue.id.is_(None), Build.id.desc())
        .limit(1)
    ).first()
    return Download(rows[0], rows[1], rows[2]) if rows else None


def code_of(sha: str) -> str:
    """Kode keaslian as people read it: ``7F3A-92C1``."""
    return f"{sha[:4]}-{sha[4:8]}".upper()
