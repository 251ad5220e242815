"""Pictures of an isian: taken in by the one door for files, known by their hash."""

from __future__ import annotations

import sqlalchemy as sa

from portal import clock, store, uploads
from portal.db import db
from portal.people.rules import Actor
from portal.reports import queries, richtext_writer
from portal.reports.models import Entry, EntryUpload
from portal.reports.refusal import Refused


def add_upload(entry: Entry, data: bytes, name: str, actor: Actor) -> str:
    """Keep a picture for this isian and return its SHA-256; Refused with a sentence."""
    desk = queries.desk_of(actor, entry)
    if desk is None or not desk.may_write:
        raise Refused(desk.why_not if desk else "Isian ini bukan milik perangkat daerah Bapak/Ibu.")
    return keep_picture(entry, data, name, actor)


def keep_picture(entry: Entry, data: bytes, name: str, actor: Actor) -> str:
    """``add_upload`` without asking who; for callers that have asked."""
    try:
        checked = uploads.check(data, name, uploads.PICTURES)
        blob = store.put(checked.data, checked.media)
    except uploads.Refused as error:
        raise Refused(str(error)) from error
    except store.StoreError as error:
        raise Refused(str(error)) from error
    known = db.session.scalar(
        sa.select(EntryUpload.id).where(
            EntryUpload.entry_id == entry.id, EntryUpload.sha256 == blob.sha256
        )
    )
    if known is None:
        db.session.flush()
        db.session.add(EntryUpload(
            entry_id=entry.id, sha256=blob.sha256, name=checked.name, by_label=actor.label,
            at=clock.now(),
        ))  # fmt: skip
        db.session.flush()
    return blob.sha256


def keeper(entry: Entry, actor: Actor) -> richtext_writer.Keep:
    """What takes in the pictures of a paste into this isian."""

    def keep(data: bytes, name: str) -> str | richtext_writer.Declined:
        try:
            return keep_picture(entry, data, name, actor)
        except Refused as refusal:
            return richtext_writer.Declined(refusal.sentence)

    return keep
