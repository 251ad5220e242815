"""The demo holds no contradiction, and 200 planted ones are all found."""

from __future__ import annotations

import html
import io
import zipfile
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from portal.checks import flow, queries
from portal.db import db
from portal.demo import load as demo
from portal.documents import queries as builds
from portal.documents import snapshot, trace, tree
from portal.people.models import Person
from portal.people.rules import PORTAL
from portal.reports import queries as reports
from portal.reports.models import Entry, Report
from portal.reports.refusal import Refused
from tests.cast import post, sign_in
from tests.checks.planter import plant

#: What is looked at here is the same on every database, and costs much.
pytestmark = pytest.mark.once

YEAR = 2025
SEKRETARIAT = "198203162011032974"  # of the LPPD in the demo
REASON = "Beda tanggal tarik data, diterangkan dalam berita acara rekonsiliasi 12/BA/2026."


@pytest.fixture
def region(app):
    """The demo region with the LKjIP handed over as well."""
    demo.load_all()
    sakip = sa.select(Report.id).where(Report.kind == "sakip")
    db.session.execute(sa.update(Entry).where(Entry.report_id.in_(sakip)).values(state="diterima"))
    db.session.commit()


def test_demo_is_clean_and_all_planted_contradictions_are_found(app, region):
    clean = queries.check_year(YEAR)
    assert [n.sentence for n in clean.open] == []

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
    _naskah_final_waits_for_what_blocks(app)


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
