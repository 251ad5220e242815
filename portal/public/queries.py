"""Reads of what is published; open to anybody."""

from __future__ import annotations

import sqlalchemy as sa

from portal.db import db
from portal.figures.models import Evidence
from portal.public import making, rules
from portal.public.models import Publication
from portal.public.rules import Finding


def versions(report_id: int) -> list[Publication]:
    """All versions of a report, newest first."""
    return list(db.session.scalars(
        sa.select(Publication).where(Publication.report_id == report_id)
        .order_by(Publication.version.desc())
    ))  # fmt: skip


def of_reports(report_ids: list[int]) -> dict[int, list[Publication]]:
    """Versions by report, newest first."""
    out: dict[int, list[Publication]] = {key: [] for key in report_ids}
    for row in db.session.scalars(
        sa.select(Publication).where(Publication.report_id.in_(report_ids))
        .order_by(Publication.version.desc())
    ):  # fmt: skip
        out[row.report_id].append(row)
    return out


def newest(year: int) -> Publication | None:
    """The newest version of a year, withdrawn or not; None when it was never published."""
    return db.session.scalar(
        sa.select(Publication).where(Publication.year == year)
        .order_by(Publication.version.desc(), Publication.id.desc()).limit(1)
    )  # fmt: skip


def years() -> list[Publication]:
    """The newest version of every year, newest year first."""
    found: dict[int, Publication] = {}
    for row in db.session.scalars(
        sa.select(Publication).order_by(Publication.year.desc(), Publication.version.desc())
    ):
        found.setdefault(row.year, row)
    return list(found.values())


def next_version(report_id: int) -> int:
    """1 for the first."""
    last = db.session.scalar(
        sa.select(sa.func.max(Publication.version)).where(Publication.report_id == report_id)
    )
    return (last or 0) + 1


def findings(draft: making.Draft) -> list[Finding]:
    """What would be unsafe, in the order of the book; first what stops publication."""
    closed = _restricted(set(draft.origins.values()))
    hidden = {name for name, origin in draft.origins.items() if origin in closed}
    found = rules.findings(draft.document, draft.cleaned, hidden)
    gaps = {f.shown for f in found if f.kind == "isian"}
    for each in draft.missing:
        shown_as = f"{each.title} ({each.supplier})"
        if shown_as not in gaps:
            what = "Isian belum diterima" if each.kind == "unaccepted" else "Isian belum ada"
            found.append(Finding("isian", what, f"“{each.section}”", shown_as))
    found += [
        Finding("susunan", "Bagian RLPPD tidak ada dalam format LPPD ini", f"“{key}”")
        for key in draft.unknown
    ]
    return sorted(found, key=lambda each: not each.blocks)


def _restricted(shas: set[str]) -> set[str | None]:
    """Which of these files were handed in as data pribadi/terbatas."""
    if not shas:
        return set()
    return set(db.session.scalars(
        sa.select(Evidence.sha256).where(Evidence.sha256.in_(sorted(shas)), Evidence.restricted)
    ))  # fmt: skip
