"""LKE AKIP of the demo: last year's evaluations finished, one of this year being filled."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.demo.contents import YEAR
from portal.lke import catalogue, flow, rules
from portal.lke.models import Evaluation
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.models import Position, Term, Unit
from portal.sakip.models import KinerjaIndicator, KinerjaNode, KinerjaQuarter

SEED = "selaras-lke-1"
_FINISHED = ("DINKES", "DISDIK", "DPUPR", "DLH", "BAPPEDA")
_ADVICE = (
    ("1", "Sebagian indikator PK belum selaras dengan Renstra.",
     "Menyelaraskan indikator Perjanjian Kinerja dengan Renstra."),
    ("2", "Pengukuran kinerja triwulanan belum dipakai dalam rapat pimpinan.",
     "Membahas capaian Rencana Aksi setiap triwulan dan mencatat tindak lanjutnya."),
    ("3", "Analisis efisiensi pada LKjIP masih umum.",
     "Melengkapi LKjIP dengan analisis efisiensi per sasaran."),
)  # fmt: skip


def load(_db: Any) -> None:
    """Evaluate a few units for the year before, and begin one for the present year."""
    rng = random.Random(SEED)  # noqa: S311 - fiction, not a secret
    today = people.today()
    row = _db.session.scalar(
        sa.select(Term).join(Position, Position.id == Term.position_id)
        .where(Position.role == Role.APIP, Term.valid_to.is_(None)).order_by(Term.id)
    )  # fmt: skip
    apip = people.actor_of(row.person_id, row.position_id)
    if apip is None:
        return
    units = {u.code: u.id for u in _db.session.scalars(sa.select(Unit))}
    year = today.year - 1
    for n, code in enumerate(_FINISHED):
        found = flow.start(units[code], year - (n > 2), apip)
        _fill(found, rng, apip)
        for component, note, text in _ADVICE[: 1 + n % 3]:
            flow.advise(found, component, text, apip, note, today + timedelta(days=60))
        flow.finish(found, f"700/{20 + n}/LHE/{found.year + 1}", today - timedelta(days=20 + n),
                    apip, Decimal("64.50") + n)  # fmt: skip
        _reported(_db.session, found)
    begun = flow.start(units["DISTAN"], year, apip)
    for sub in catalogue.for_year(year).subs[:3]:
        _answer(begun, sub, rng, apip)


def _reported(session: Any, found: Evaluation) -> None:
    """The LKjIP of the data year reports the value of the LHE, also on its Rencana Aksi."""
    last = session.scalar(
        sa.select(KinerjaQuarter)
        .join(KinerjaIndicator, KinerjaIndicator.id == KinerjaQuarter.indicator_id)
        .join(KinerjaNode, KinerjaNode.id == KinerjaIndicator.node_id)
        .where(KinerjaNode.unit_id == found.unit_id, KinerjaQuarter.quarter == "TW4",
               KinerjaQuarter.year == YEAR, KinerjaIndicator.title.startswith("Nilai AKIP"))
    )  # fmt: skip
    if last is not None:
        last.realised = flow.value(found).total


def _fill(found: Any, rng: random.Random, apip: Any) -> None:
    for sub in catalogue.by_edition(found.edition).subs:
        _answer(found, sub, rng, apip)


def _answer(found: Any, sub: rules.Sub, rng: random.Random, apip: Any) -> None:
    met = {c.key: rng.random() < 0.85 for c in sub.criteria}
    sheet = catalogue.by_edition(found.edition)
    grade = rules.highest(sheet, sum(met.values()), len(met), 0)
    for key, yes in met.items():
        if yes:
            flow.prove(found, key, "Dokumen SAKIP perangkat daerah (data contoh)", apip)
    flow.answer(found, flow.SubAnswers(sub.key, met, {}, grade.key), apip)
