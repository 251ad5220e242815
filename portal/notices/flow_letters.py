"""Naskah surat: what would be written to a kepala PD, for the Sekda's decision.

The portal neither sends nor numbers a letter, and never calls it teguran (PP 94/2021: that is a
disciplinary measure which only a superior may take).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.db import changed_rows, db
from portal.notices.due import Due
from portal.notices.models import LetterDraft
from portal.notices.telling import insert_if_new
from portal.people.refusal import Refused
from portal.people.rules import Actor
from portal.trail import flow as trail

DECISIONS = {"dipakai": "Dipakai, dinomori dan ditandatangani di luar portal",
             "tidak": "Tidak dikirim"}  # fmt: skip


def prepare(fresh: list[Due], today: date) -> None:
    """One open draft per Perangkat Daerah; what becomes due later joins the open one."""
    by_unit: dict[int, list[Due]] = defaultdict(list)
    for one in fresh:
        if one.unit_id is not None:
            by_unit[one.unit_id].append(one)
    for unit_id, found in by_unit.items():
        insert_if_new(
            LetterDraft,
            {"unit_id": unit_id, "open_key": unit_id, "made_on": today, "items": [],
             "decision": "", "note": "", "decided_by": "", "decided_at": None},
        )  # fmt: skip
        draft = db.session.scalars(
            sa.select(LetterDraft).where(LetterDraft.open_key == unit_id)
            .execution_options(populate_existing=True)
        ).one()  # fmt: skip
        known = {item["subject"] for item in draft.items}
        draft.items = [*draft.items, *(_item(o) for o in found if o.subject.key not in known)]
    db.session.flush()


def _item(one: Due) -> dict[str, Any]:
    """A row of the attachment: contract, step, limit, desk; no person, no company, no money."""
    subject = one.subject
    return {
        "subject": subject.key, "contract_id": subject.contract_id,
        "kontrak": subject.words.get("nomor", ""), "tahap": subject.words.get("apa", ""),
        "batas": subject.due_on.isoformat() if subject.due_on else "",
        "meja": subject.words.get("meja", ""),
    }  # fmt: skip


def decide(draft: LetterDraft, decision: str, note: str, actor: Actor) -> None:
    """The Sekda takes the draft or leaves it; a second decision is refused."""
    if decision not in DECISIONS:
        raise Refused("Pilih keputusan dari daftar.", "decision")
    words = " ".join(note.split())[:300]
    if decision == "tidak" and not words:
        raise Refused("Tulis alasan singkat. Contoh: sudah dijelaskan dalam rapat.", "note")
    changed = changed_rows(
        sa.update(LetterDraft)
        .where(LetterDraft.id == draft.id, LetterDraft.decided_at.is_(None))
        .values(decision=decision, note=words, decided_by=actor.title, decided_at=clock.now(),
                open_key=None)
    )  # fmt: skip
    if changed == 0:
        raise Refused("Naskah ini sudah diputuskan. Muat ulang halaman.")
    db.session.refresh(draft)
    trail.record(f"unit:{draft.unit_id}", "naskah surat diputuskan", f"letter:{draft.id}", actor,
                 None, {"keputusan": decision, "catatan": words})  # fmt: skip
