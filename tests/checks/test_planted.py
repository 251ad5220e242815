"""The demo holds no contradiction, and 200 planted ones are all found."""

from __future__ import annotations

import html
import io
import zipfile
from collections import Counter
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from portal.checks import flow, gather, queries
from portal.db import db
from portal.documents import queries as builds
from portal.documents import snapshot, trace, tree
from portal.people.models import Person
from portal.people.rules import PORTAL
from portal.reports import queries as reports
from portal.reports.models import Entry, Report
from portal.reports.refusal import Refused
from tests.cast import post, sign_in
from tests.checks.planter import false, plant

#: What is looked at here is the same on every database, and costs much.
pytestmark = [pytest.mark.long, pytest.mark.once]

YEAR = 2025
SEKRETARIAT = "198203162011032974"  # of the LPPD in the demo
REASON = "Beda tanggal tarik data, diterangkan dalam berita acara rekonsiliasi 12/BA/2026."


@pytest.fixture
def region(demo_app):
    """The demo region with the LKjIP handed over as well."""
    sakip = sa.select(Report.id).where(Report.kind == "sakip")
    db.session.execute(sa.update(Entry).where(Entry.report_id.in_(sakip)).values(state="diterima"))
    db.session.commit()
    return demo_app


def test_demo_is_clean_and_all_planted_contradictions_are_found(region, monkeypatch):
    clean = queries.check_year(YEAR)
    assert [n.sentence for n in clean.open] == []

    planted = plant(clean.sheet)
    db.session.commit()
    assert len(planted) >= 250
    by_book = Counter(p.book for p in planted)
    assert min(by_book[kind] for kind in ("lppd", "lkpj", "spm", "sakip")) >= 25, by_book
    assert len({p.kind for p in planted}) >= 45
    sheet = gather.sheet(YEAR)
    monkeypatch.setattr(gather, "sheet", lambda _year: sheet)  # nothing planted moves any more
    result = queries.check_year(YEAR)
    notes = list(result.open)
    missed = [p for p in planted if not p.found(notes)]
    assert missed == [], "\n".join(map(str, missed))
    assert false(planted, notes, sheet) == []
    for note in notes:
        assert len(note.places) >= 2 and note.basis and note.advice and note.sentence
        assert note.settlers and note.kinds, note.sentence
        words = f"{note.title} {note.sentence} {note.advice}".casefold()
        assert "temuan" not in words and "tidak wajar" not in words
    assert all(n.report_ids for n in result.blocking)
    _exceptions(notes)
    _naskah_final_waits_for_what_blocks(region)


def _exceptions(notes):
    """A reason lets one note pass, and no other."""
    one = next(n for n in notes if n.blocks)
    with pytest.raises(Refused, match="Alasan wajib diisi"):
        flow.except_note(YEAR, one, one.print, "ok", PORTAL)
    flow.except_note(YEAR, one, one.print, "Beda tanggal tarik data, lihat berita acara.", PORTAL)
    db.session.commit()
    after = queries.check_year(YEAR)
    assert one.id not in {n.id for n in after.open}
    assert [n.id for n, _ in after.excepted] == [one.id]


def _naskah_final_waits_for_what_blocks(app):
    """View and command refuse and name both places; a reason lets pass, and is not in the book."""
    report = reports.find_report("lppd", YEAR)
    client = app.test_client()
    login = db.session.scalars(sa.select(Person).where(Person.login == SEKRETARIAT)).one()
    sign_in(client, SimpleNamespace(person_id=login.id))
    form = {"tanggal": "27 Maret 2026"} | {
        f"alasan.{m.key}": "menyusul dengan surat" for m in builds.missing_of(snapshot.take(report))
    }
    blocking = queries.blocking_for(report)
    refused = post(client, f"/susun/{report.id}/final", form)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert f"Masih ada {len(blocking)} angka bertentangan" in page and "27 Maret 2026" in page
    told = app.test_cli_runner().invoke(args=["report", "check", "lppd", str(YEAR), "--strict"])
    assert told.exit_code == 1 and "[Perlu diperbaiki]" in told.output
    assert all(place.label in told.output for place in blocking[0].places)
    assert blocking[0].sentence in html.unescape(
        client.get(f"/pemeriksaan/{YEAR}").get_data(as_text=True))  # fmt: skip

    url = f"/pemeriksaan/{YEAR}/kecualikan"
    note = {"catatan": blocking[0].id, "cetak": blocking[0].print}
    short = post(client, url, note | {"alasan": "ya"})
    assert short.status_code == 422 and "Alasan wajib diisi" in short.get_data(as_text=True)
    assert post(client, url, note | {"alasan": REASON}).status_code == 302
    for each in blocking[1:]:
        flow.except_note(YEAR, each, each.print, REASON, PORTAL)
    db.session.commit()
    assert queries.blocking_for(report) == []
    assert post(client, f"/susun/{report.id}/final", form).status_code == 302

    annex = client.get(f"/pemeriksaan/{YEAR}/lampiran-kerja.docx")
    with zipfile.ZipFile(io.BytesIO(annex.data)) as file:
        words = file.read("word/document.xml").decode()
    assert REASON in words and "TIDAK UNTUK DIPUBLIKASIKAN" in words
    assert REASON not in tree.dump(trace.compiled(report))
    db.session.expire_all()
    changed = blocking[0]
    assert changed.id in {n.id for n, _ in queries.check_year(YEAR).excepted}
