"""Tanda Terima: numbered per kind, year and unit, without gaps."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import db
from portal.people.rules import Actor
from portal.reports.models import Receipt, Report
from portal.reports.rules import KIND_SHORT

TRIES = 8


def prefix_of(report: Report, unit_code: str) -> str:
    """``TT-LPPD-2025-DINKES``, with the period where there is one."""
    kind = KIND_SHORT.get(report.kind, report.kind).upper()
    period = f"-{report.period}" if report.period else ""
    return f"TT-{kind}-{report.year}{period}-{unit_code}"


def issue(
    report: Report, unit_code: str, subject: str, actor: Actor, data: dict[str, Any]
) -> Receipt:
    """The next Tanda Terima of the unit, in the present transaction.

    A rollback takes the number with it, so there are no gaps; two at once meet at the unique
    number and the second takes the next one.
    """
    prefix = prefix_of(report, unit_code)
    for attempt in range(TRIES):
        last = db.session.scalar(sa.select(sa.func.max(Receipt.n)).where(Receipt.prefix == prefix))
        receipt = Receipt(
            prefix=prefix, n=(last or 0) + 1, subject=subject, by_label=actor.label,
            at=clock.now(), data=data,
        )  # fmt: skip
        try:
            with db.session.begin_nested():
                db.session.add(receipt)
            return receipt
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def of_subject(subject: str) -> list[Receipt]:
    """All Tanda Terima of an isian (``entry:12``) or a document (``document:3``), newest first."""
    return list(
        db.session.scalars(
            sa.select(Receipt).where(Receipt.subject == subject).order_by(Receipt.id.desc())
        )
    )
