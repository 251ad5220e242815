"""Writes data dukung: files and links that prove an indicator."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from portal import clock, store
from portal.db import db
from portal.figures import catalogue, queries
from portal.figures.flow import Refused
from portal.figures.models import Evidence
from portal.people.rules import Actor, Role
from portal.trail import flow as trail


@dataclass(frozen=True)
class Proof:
    """What is handed in: a checked file, or a link that is kept as a link only."""

    name: str
    data: bytes = b""
    media: str = ""
    link: str = ""
    restricted: bool = False  # holds names of persons


def add_evidence(indicator: str, year: int, unit_id: int, proof: Proof, actor: Actor) -> Evidence:
    """Keep a checked file, or a link, as data dukung of an indicator.

    The file has passed ``uploads.check``. The unit must own one of the indicator's elements, or
    compile; Refused otherwise. StoreError when the disk refuses.
    """
    found = catalogue.current().indicators.get(indicator)
    if found is None:
        raise Refused("Indikator ini tidak dikenal.")
    duties = queries.writers_by_duty()
    book = catalogue.current()
    mine = any(queries.may_write(actor, book.elements[k], duties) for k in found.elements)
    if not mine and not actor.units(Role.SEKRETARIAT):
        raise Refused(f"Data dukung IKK {found.no} diunggah oleh Perangkat Daerah pengampunya.")
    sha = store.put(proof.data, proof.media).sha256 if proof.data else None
    db.session.flush()  # the blob stands before what points to it
    if (known := _same(queries.evidence_subject(indicator, year), unit_id, sha, proof)) is not None:
        return known  # a double click, or the same file chosen again
    row = Evidence(
        subject=queries.evidence_subject(indicator, year), unit_id=unit_id, sha256=sha,
        link=proof.link, name=proof.name, restricted=proof.restricted, by_term_id=actor.term_id,
        at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    trail.record(f"evidence:{indicator}:{year}", "evidence.add", f"evidence:{row.id}", actor,
                 None, {"name": proof.name, "sha256": sha, "link": proof.link})  # fmt: skip
    return row


def _same(subject: str, unit_id: int, sha: str | None, proof: Proof) -> Evidence | None:
    """The data dukung that this very file or link already is; a stricter class is taken over."""
    found = db.session.scalar(
        sa.select(Evidence).where(
            Evidence.subject == subject, Evidence.unit_id == unit_id, Evidence.sha256 == sha,
            Evidence.link == proof.link, Evidence.removed_at.is_(None),
        ).order_by(Evidence.id).limit(1)
    )  # fmt: skip
    if found is not None and proof.restricted:
        found.restricted = True
    return found


def remove_evidence(row: Evidence, actor: Actor) -> None:
    """Take a data dukung off the list; the file stays in the store and the act in the record."""
    if row.removed_at is not None:
        raise Refused("Data dukung ini sudah dihapus.")
    if row.unit_id not in actor.units(Role.OPERATOR, Role.SEKRETARIAT):
        raise Refused("Data dukung hanya dapat dihapus oleh Perangkat Daerah yang mengunggahnya.")
    row.removed_at = clock.now()
    db.session.flush()
    stream = row.subject.replace("indicator:", "evidence:", 1)
    trail.record(stream, "evidence.remove", f"evidence:{row.id}", actor,
                 {"name": row.name, "sha256": row.sha256}, None)  # fmt: skip
