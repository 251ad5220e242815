"""Reads about formats: what is uncertain, what was recorded, whether a format was compared."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from portal.db import db
from portal.figures import catalogue
from portal.outlines import loader
from portal.outlines.duties import ITEM
from portal.outlines.models import ComparisonRecord, Wording
from portal.outlines.parts import Indicators, Matrix
from portal.outlines.schema import Edition, placed_parts

#: How the key of an indicator's wording begins.
INDICATOR = "indicator:"


@dataclass(frozen=True)
class Uncertain:
    """A wording that nobody has confirmed: where it stands, what is guessed, what was recorded."""

    key: str
    no: str
    place: str
    guess: str
    recorded: Wording | None

    @property
    def done(self) -> bool:
        """True when an official wording was recorded."""
        return self.recorded is not None


def comparison(kind: str, code: str) -> ComparisonRecord | None:
    """The record that makes the format ``sudah dicocokkan``; None = it prints as DRAF.

    Only a record of the outline as it stands today counts.
    """
    return db.session.scalar(
        sa.select(ComparisonRecord)
        .where(
            ComparisonRecord.kind == kind, ComparisonRecord.edition == code,
            ComparisonRecord.outline_sha == loader.current().digest(kind, code),
            ComparisonRecord.withdrawn_at.is_(None),
        )
        .order_by(ComparisonRecord.id.desc())
        .limit(1)
    )  # fmt: skip


def comparisons(kind: str, code: str) -> list[ComparisonRecord]:
    """Every record of a format, newest first, also those of an older file or withdrawn."""
    return list(
        db.session.scalars(
            sa.select(ComparisonRecord)
            .where(ComparisonRecord.kind == kind, ComparisonRecord.edition == code)
            .order_by(ComparisonRecord.id.desc())
        )
    )


def comparison_by_id(kind: str, code: str, record_id: int) -> ComparisonRecord | None:
    """One record of a format, or None."""
    found = db.session.get(ComparisonRecord, record_id)
    return found if found is not None and (found.kind, found.edition) == (kind, code) else None


def wordings(kind: str, code: str) -> dict[str, Wording]:
    """The official wordings that were recorded for a format, by key; one query."""
    rows = db.session.scalars(
        sa.select(Wording).where(Wording.kind == kind, Wording.edition == code).order_by(Wording.id)
    )
    return {row.key: row for row in rows}


def indicator_titles(kind: str = "", code: str = "") -> dict[str, str]:
    """Indicator key -> the newest wording recorded, for one format or for any; one query."""
    query = (
        sa.select(Wording.key, Wording.text).where(Wording.key.startswith(INDICATOR))
        .order_by(Wording.id)
    )  # fmt: skip
    if kind:
        query = query.where(Wording.kind == kind, Wording.edition == code)
    return {key.removeprefix(INDICATOR): text for key, text in db.session.execute(query)}


def history(kind: str, code: str, key: str) -> list[Wording]:
    """All wordings that were ever recorded for a key, newest first."""
    return list(
        db.session.scalars(
            sa.select(Wording)
            .where(Wording.kind == kind, Wording.edition == code, Wording.key == key)
            .order_by(Wording.id.desc())
        )
    )


def uncertain(edition: Edition) -> list[Uncertain]:
    """Every wording of the format that is a guess, in the order of the book."""
    known = wordings(edition.kind, edition.code)
    return [
        Uncertain(key, no, place, guess, known.get(key))
        for key, no, place, guess in _guesses(edition)
    ]


def _guesses(edition: Edition) -> list[tuple[str, str, str, str]]:
    found: dict[str, tuple[str, str, str, str]] = {}
    for placed in placed_parts(edition):
        part = placed.part
        item = placed.item.title if placed.item else ""
        if isinstance(part, Matrix):
            continue
        if isinstance(part, Indicators):
            group = part.group
            if group == ITEM:
                group = placed.item.group if placed.item else ""
            for one in catalogue.current().of(part.level, group):
                if not one.title:
                    key = f"indicator:{one.key}"
                    place = item or part.title
                    found.setdefault(key, (key, one.no, place, one.guess_title))
        elif part.sure == "guess":
            key = f"part:{part.key}:{placed.repeat_key}" if item else f"part:{part.key}"
            found.setdefault(key, (key, "", item or placed.chapter.title, part.title.format_map(
                {"item": item, "tahun": "tahun laporan"}
            ) if "{" in part.title else part.title))  # fmt: skip
    return list(found.values())
