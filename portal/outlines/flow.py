"""Record an official wording, or that a format was compared with the regulation's annex."""

from __future__ import annotations

from datetime import date

from portal import clock
from portal.db import db
from portal.outlines import loader, queries
from portal.outlines.models import ComparisonRecord, Wording
from portal.people import queries as people
from portal.people.refusal import Refused
from portal.people.rules import Actor
from portal.trail.flow import record

LONGEST = {"text": 600, "basis": 300, "compared_by": 200, "against": 300, "note": 4000, "why": 300}


def _asked(value: str, field: str, sentence: str) -> str:
    text = " ".join(value.split()) if field != "note" else value.strip()
    if not text:
        raise Refused(sentence, field)
    if len(text) > LONGEST[field]:
        raise Refused(f"Isian ini paling panjang {LONGEST[field]} huruf.", field)
    return text


def record_wording(
    kind: str, code: str, key: str, text: str, basis: str, actor: Actor
) -> Wording:  # fmt: skip
    """Keep the official wording of one guessed place; the same text twice changes nothing."""
    text = _asked(text, "text", "Tulis rumusan resmi sebagaimana tertulis dalam naskah peraturan.")
    basis = _asked(
        basis, "basis",
        "Tulis dasar rumusan itu, misalnya: Lampiran I Permendagri 19/2024 halaman 41.",
    )  # fmt: skip
    before = queries.wordings(kind, code).get(key)
    if before is not None and (before.text, before.basis) == (text, basis):
        return before
    row = Wording(
        kind=kind, edition=code, key=key, text=text, basis=basis,
        by_term_id=actor.term_id, by_label=actor.label, at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record(
        f"format:{kind}:{code}", "mencatat rumusan resmi", key, actor,
        {"text": before.text, "basis": before.basis} if before else None,
        {"text": text, "basis": basis},
    )  # fmt: skip
    return row


def record_comparison(
    kind: str, code: str, compared_by: str, on: date | None, against: str, note: str, actor: Actor
) -> ComparisonRecord:
    """Record who compared the format, when and with which text; it no longer prints as DRAF."""
    compared_by = _asked(
        compared_by, "compared_by",
        "Tulis nama dan jabatan pejabat yang mencocokkan, misalnya: Siti Aminah, S.STP., "
        "Kepala Bagian Tata Pemerintahan.",
    )  # fmt: skip
    if on is None:
        raise Refused("Isi tanggal pencocokan, misalnya 12 Januari 2026.", "on")
    if on > people.today():
        raise Refused("Tanggal pencocokan belum tiba. Isi tanggal hari ini atau sebelumnya.", "on")
    against = _asked(
        against, "against",
        "Tulis naskah yang dipakai, misalnya: salinan Permendagri 19/2024 dari JDIH Kemendagri.",
    )  # fmt: skip
    if len(note) > LONGEST["note"]:
        raise Refused(f"Catatan paling panjang {LONGEST['note']} huruf.", "note")
    row = ComparisonRecord(
        kind=kind, edition=code, outline_sha=loader.current().digest(kind, code),
        compared_by=compared_by, on=on, against=against, note=note.strip(),
        by_term_id=actor.term_id, by_label=actor.label, at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record(
        f"format:{kind}:{code}", "mencatat pencocokan", f"comparison:{row.id}", actor, None,
        {"oleh": compared_by, "tanggal": on.isoformat(), "naskah": against,
         "sistematika": row.outline_sha},
    )  # fmt: skip
    return row


def withdraw(row: ComparisonRecord, why: str, actor: Actor) -> None:
    """Take a comparison back; the format prints as DRAF again."""
    if row.withdrawn_at is not None:
        raise Refused("Catatan pencocokan ini sudah dicabut.")
    row.withdrawn_why = _asked(why, "why", "Tulis alasan pencabutan.")
    row.withdrawn_at, row.withdrawn_by = clock.now(), actor.label
    record(
        f"format:{row.kind}:{row.edition}", "mencabut pencocokan", f"comparison:{row.id}", actor,
        {"oleh": row.compared_by}, {"alasan": row.withdrawn_why},
    )  # fmt: skip
