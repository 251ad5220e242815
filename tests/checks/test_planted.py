"""The demo holds no contradiction, and 200 planted ones are all found."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa

from portal.checks import flow, queries
from portal.db import db
from portal.demo import load as demo
from portal.people.rules import PORTAL
from portal.reports.models import Entry, Report
from portal.reports.refusal import Refused
from tests.checks.planter import plant

YEAR = 2025


@pytest.fixture
def region(app):
    """The demo region with the LKjIP handed over as well."""
    demo.load_all()
    reports = sa.select(Report.id).where(Report.kind == "sakip")
    db.session.execute(
        sa.update(Entry).where(Entry.report_id.in_(reports)).values(state="diterima")
    )
    db.session.commit()


def test_demo_is_clean_and_all_planted_contradictions_are_found(region):
    started = time.process_time()
    clean = queries.check_year(YEAR)
    spent = time.process_time() - started
    assert [n.sentence for n in clean.open] == []
    assert spent < 3

    planted = plant(clean.sheet)
    db.session.commit()
    assert len(planted) == 200
    assert len({p.kind for p in planted}) >= 25
    notes = list(queries.check_year(YEAR).open)
    missed = [p for p in planted if not p.found(notes)]
    assert missed == [], "\n".join(map(str, missed))
    for note in notes:
        assert len(note.places) >= 2 and note.basis and note.advice and note.sentence
        assert note.settlers, note.sentence
        words = f"{note.title} {note.sentence} {note.advice}".casefold()
        assert "temuan" not in words and "tidak wajar" not in words

    one = next(n for n in notes if n.blocks)
    with pytest.raises(Refused, match="Alasan wajib diisi"):
        flow.except_note(YEAR, one, one.print, "ok", PORTAL)
    flow.except_note(YEAR, one, one.print, "Beda tanggal tarik data, lihat berita acara.", PORTAL)
    db.session.commit()
    after = queries.check_year(YEAR)
    assert one.id not in {n.id for n in after.open}
    assert [n.id for n, _ in after.excepted] == [one.id]
