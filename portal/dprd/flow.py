"""The only writers of rekomendasi DPRD. Callers commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal import clock
from portal.db import db
from portal.dprd import queries, rules
from portal.dprd.models import Recommendation, RecommendationStep
from portal.people.rules import Actor
from portal.trail import flow as trail

MOST = 8000


class Refused(Exception):
    """A step that is not taken; ``sentence`` says why in Indonesian."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Given:
    """What comes with a recommendation or with a step."""

    text: str = ""
    kode: str = ""
    unit_id: int | None = None
    origin: str = ""
    decision_no: str = ""
    decision_on: date | None = None
    tindak_lanjut: str = ""
    tujuan: str = ""
    alasan: str = ""


def add(year: int, given: Given, actor: Actor) -> Recommendation:
    """Take a recommendation in; with a unit it is Ditugaskan at once."""
    text = given.text.strip()
    if not text:
        raise Refused("Isi bunyi rekomendasinya, seperti dalam Keputusan DPRD.")
    if len(text) > MOST:
        raise Refused(f"Rekomendasi lebih dari {MOST} huruf. Pecah menjadi beberapa butir.")
    last = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.max(Recommendation.position), 0))
        .where(Recommendation.year == year)
    )  # fmt: skip
    found = Recommendation(
        year=year, position=(last or 0) + 10, text=text, kode=given.kode[:20],
        unit_id=given.unit_id, origin=given.origin.strip()[:120],
        decision_no=given.decision_no.strip()[:120], decision_on=given.decision_on,
        tindak_lanjut=given.tindak_lanjut.strip(), tujuan=given.tujuan.strip(), since=clock.now(),
        state=_first_state(given),
    )  # fmt: skip
    db.session.add(found)
    db.session.flush()
    _step(found, "", "menerima rekomendasi DPRD", "", actor)
    return found


def _first_state(given: Given) -> str:
    if given.unit_id is None:
        return "diterima"
    return "ditindaklanjuti" if given.tindak_lanjut.strip() else "ditugaskan"


def act(found: Recommendation, verb: str, given: Given, actor: Actor, version: int) -> None:
    """Take one step; Refused when it is not open to the actor, out of date, or lacks something."""
    step = next((v for v in queries.verbs(actor, found) if v.key == verb), None)
    if step is None:
        raise Refused("Langkah ini tidak terbuka lagi. Muat ulang halaman.")
    if version != found.version:
        raise Refused("Rekomendasi ini baru saja diubah orang lain. Periksa, lalu ulangi.")
    needed = {"unit": given.unit_id, "tindak_lanjut": given.tindak_lanjut.strip(),
              "alasan": given.alasan.strip()}  # fmt: skip
    if step.needs and not needed[step.needs]:
        raise Refused(rules.NEEDS[step.needs])
    if max(len(given.tindak_lanjut), len(given.tujuan), len(given.alasan)) > MOST:
        raise Refused(f"Uraian lebih dari {MOST} huruf. Ringkas, lalu simpan lagi.")
    before = found.state
    if step.key == "tugaskan":
        found.unit_id = given.unit_id
    if step.key == "tanggapi":
        found.tindak_lanjut = given.tindak_lanjut.strip()
        found.tujuan = given.tujuan.strip()
    found.state, found.since = step.goal, clock.now()
    found.version += 1
    _step(found, before, step.label, given.alasan.strip(), actor)


def _step(found: Recommendation, before: str, words: str, note: str, actor: Actor) -> None:
    db.session.add(RecommendationStep(
        recommendation_id=found.id, before=before, after=found.state, note=note,
        by_term_id=actor.term_id, by_label=actor.label, at=clock.now(),
    ))  # fmt: skip
    trail.record(f"dprd:{found.year}", words, f"recommendation:{found.id}", actor,
                 before or None, found.state)  # fmt: skip
    db.session.flush()


def take_over(found: Recommendation, given: Given, source: str, actor: Actor) -> None:
    """Follow-up from a file: what it says replaces what stands there, and the way moves on."""
    before = found.state
    if given.tindak_lanjut.strip():
        found.tindak_lanjut = given.tindak_lanjut.strip()
    if given.tujuan.strip():
        found.tujuan = given.tujuan.strip()
    if found.state in ("ditugaskan", "belum_sesuai") and found.tindak_lanjut:
        found.state, found.since = "ditindaklanjuti", clock.now()
    found.version += 1
    _step(found, before, "memuat tindak lanjut dari berkas", source, actor)
