"""The pages of SAKIP as a browser without JavaScript walks them."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pypdf
import pytest
import sqlalchemy as sa
from sqlalchemy import event

from portal.db import db
from portal.notices.source_sakip import PERFORMANCE
from portal.people.rules import PORTAL
from portal.sakip import flow, overview, queries
from portal.sakip.models import Agreement, KinerjaIndicator, KinerjaNode
from tests.cast import post, sign_in
from tests.sakip.conftest import YEAR

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest

UNIT = {"tahun": YEAR, "unit": "DINKES"}


def count_queries(client, url: str) -> int:
    seen = []

    def saw(*_args):
        seen.append(1)

    event.listen(db.engine, "before_cursor_execute", saw)
    try:
        assert client.get(url).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", saw)
    return len(seen)


def test_tree_page_adds_a_node_and_keeps_what_was_typed(world, client):
    sign_in(client, world.cast.operator_dinkes)
    page = client.get(f"/sakip/pohon?tahun={YEAR}&unit=DINKES").text
    assert "Program Upaya Kesehatan" in page and "Gambar pohon kinerja" in page
    assert "Ultimate Outcome: Masyarakat sejahtera" in page  # the figure in words
    svg = client.get(f"/sakip/pohon.svg?tahun={YEAR}&unit=DINKES")
    assert svg.mimetype == "image/svg+xml" and svg.data.startswith(b"<svg")
    bad = post(client, "/sakip/pohon", {**UNIT, "level": "program", "title": "Program Baru",
               "parent_id": world.goal.id, "code": "satu"})  # fmt: skip
    assert bad.status_code == 422 and "bukan kode rekening" in bad.text
    assert 'value="Program Baru"' in bad.text and 'value="satu"' in bad.text
    good = post(client, "/sakip/pohon", {**UNIT, "level": "program", "title": "Program Baru",
                "parent_id": world.goal.id, "code": "1.02.03"})  # fmt: skip
    assert good.status_code == 302
    node = db.session.scalar(sa.select(KinerjaNode).where(KinerjaNode.title == "Program Baru"))
    assert node is not None and node.code == "1.02.03"
    gone = post(client, f"/sakip/simpul/{node.id}", {"tahun": YEAR, "version": 1, "henti": 1})
    assert gone.status_code == 302 and "Program Baru" not in client.get(gone.location).text


def test_indicator_form_says_what_to_do(world, client):
    sign_in(client, world.cast.operator_dinkes)
    url = f"/sakip/simpul/{world.goal.id}/indikator"
    form = {"tahun": YEAR, "title": "Cakupan ASI", "satuan": "%", "target": "60,5", "roll": "last"}
    bad = post(client, url, form)
    assert bad.status_code == 422 and "belum punya metode capaian" in bad.text
    assert 'value="60,5"' in bad.text and 'value="Cakupan ASI"' in bad.text
    for text, sentence in (
        ("12.5", "Target 2026"),
        ("banyak", "Target 2026"),
        ("1.2.3,4", "Target"),
    ):
        refused = post(client, url, {**form, "direction": "up", "target": text})
        assert refused.status_code == 422 and sentence in refused.text
    assert post(client, url, {**form, "direction": "up", "iku": "1"}).status_code == 302
    one = db.session.scalar(
        sa.select(KinerjaIndicator).where(KinerjaIndicator.title == "Cakupan ASI")
    )
    assert one is not None
    page = client.get(f"/sakip/indikator/{one.id}?tahun={YEAR}").text
    assert 'value="60,5"' in page and "makin rendah makin baik" in page.lower()
    assert "Cakupan ASI" in client.get(f"/sakip/iku?tahun={YEAR}").text


def test_two_parties_sign_in_the_portal(world, client):
    cast = world.cast
    sign_in(client, cast.operator_dinkes)
    made = post(client, "/sakip/pk", {**UNIT, "form": "pd"})
    again = post(client, "/sakip/pk", {**UNIT, "form": "pd"})
    assert made.location == again.location
    url = made.location
    bad = post(client, url, {"langkah": "ajukan", "version": 1, "on": "kemarin"})
    assert bad.status_code == 422 and 'value="kemarin"' in bad.text
    assert (
        post(client, url, {"langkah": "ajukan", "version": 1, "on": "15 Januari 2026"}).status_code
        == 302
    )
    assert (
        post(client, url, {"langkah": "ajukan", "version": 1, "on": "15 Januari 2026"}).status_code
        == 422
    )
    sign_in(client, cast.kepala_dinkes)
    assert "menunggu persetujuan" in client.get("/persetujuan").text
    page = client.get(url).text
    assert "Setujui sebagai Pihak Kesatu" in page and "Siti Aminah" in page
    back = post(client, url, {"langkah": "kembalikan_kesatu", "version": 2, "note": ""})
    assert back.status_code == 422 and "perlu diperbaiki" in back.text
    assert post(client, url, {"langkah": "setuju_kesatu", "version": 2}).status_code == 302
    sign_in(client, cast.pimpinan)
    assert "Menunggu persetujuan" in client.get(f"/sakip/pk?tahun={YEAR}").text
    assert post(client, url, {"langkah": "setuju_kedua", "version": 3}).status_code == 302
    assert "Disepakati" in client.get(url).text
    pdf = client.get(f"{url}/unduh.pdf")
    text = " ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf.data)).pages)
    assert "PIHAK KESATU" in text and "Angka Kematian Ibu" in text and "KONSEP" not in text
    assert "Jumlah 1.500" in " ".join(text.split())
    docx = client.get(f"{url}/unduh.docx")
    xml = zipfile.ZipFile(io.BytesIO(docx.data)).read("word/document.xml").decode()
    assert "PIHAK KEDUA" in xml and "Ahmad Fauzi" in xml
    assert client.get(f"{url}/unduh.exe").status_code == 404


def test_rencana_aksi_saves_and_sends_without_a_script(world, client):
    sign_in(client, world.cast.operator_dinkes)
    ids = (world.ks1.id, world.aki.id, world.ikm.id)
    form = {**UNIT, "bagian": "RENCANA", "version": 0}
    form |= {f"target.{i}.TW{n}": f"{n}0,5" for i in ids for n in range(1, 5)}
    key = f"target.{world.ikm.id}.TW2"
    bad = post(client, "/sakip/renaksi", {**form, key: "dua puluh"})
    assert (
        bad.status_code == 422
        and "IKM, Triwulan II" in bad.text
        and 'value="dua puluh"' in bad.text
    )
    assert post(client, "/sakip/renaksi", {**form, "kirim": 1}).status_code == 302
    assert "Terkirim" in client.get(f"/sakip/renaksi?tahun={YEAR}&unit=DINKES").text
    closed = post(client, "/sakip/renaksi", form)
    assert closed.status_code == 422 and "sudah dikirim" in closed.text
    words = post(client, "/sakip/capaian", {**UNIT, f"support.{world.ikm.id}": "Loket ditambah",
                 f"national.{world.ikm.id}": "83,25"})  # fmt: skip
    assert words.status_code == 302
    row = queries.year_of(world.ikm.id, YEAR)
    assert row is not None and row.support == "Loket ditambah" and str(row.national) == "83.25"
    bad = post(client, "/sakip/capaian", {**UNIT, f"national.{world.ikm.id}": "x"})
    assert bad.status_code == 422 and "standar nasional" in bad.text


def test_strangers_meet_a_404(world, client):
    sign_in(client, world.cast.operator_dinkes)
    made = post(client, "/sakip/pk", {**UNIT, "form": "pd"})
    sign_in(client, world.cast.operator_distan)
    for url in (made.location, f"/sakip/simpul/{world.goal.id}", f"/sakip/indikator/{world.ikm.id}",
                "/sakip/pohon?unit=DINKES", "/sakip/renaksi?unit=DINKES",
                f"/sakip/reviu/{world.cast.units['DINKES']}"):  # fmt: skip
        assert client.get(url).status_code == 404, url
    refused = post(client, "/sakip/pohon", {"tahun": YEAR, "unit": "PEMDA", "level": "ultimate",
                   "title": "X"})  # fmt: skip
    assert refused.status_code == 422 and "diisi oleh operatornya" in refused.text
    assert db.session.scalar(sa.select(sa.func.count(Agreement.id))) == 1


@pytest.mark.parametrize("url", [
    f"/sakip?tahun={YEAR}", f"/sakip/pk?tahun={YEAR}", f"/sakip/pohon?tahun={YEAR}&unit=PEMDA",
    "/sakip/reviu?tahun=2025",
])  # fmt: skip
def test_lists_ask_a_constant_number_of_queries(world, client, url):
    sign_in(client, world.cast.pimpinan)
    client.get(url)
    before = count_queries(client, url)
    distan, dinkes = world.cast.info("DISTAN"), world.cast.info("DINKES")
    org = world.cast.actor("sekretariat_sakip")
    for unit in (distan, dinkes):
        for n in range(5):
            node = flow.add_node(YEAR, unit, flow.NodeGiven("sasaran_opd", f"Sasaran {n}"), org)
            flow.add_indicator(YEAR, unit, node, flow.IndicatorGiven(
                f"Indikator {n}", "%", direction="up"), org)  # fmt: skip
    db.session.commit()
    assert count_queries(client, url) <= before + 1
    assert before < 40


def test_what_is_owed_is_reminded_by_the_jadwal(world, client):
    overview.open_year(YEAR, PORTAL)
    db.session.commit()
    today, limit = date(YEAR, 2, 2), date(YEAR, 2, 10)
    due = {s.key: s for s in PERFORMANCE.due(limit, today)}
    mine = [s for s in due.values() if s.unit_id == world.cast.units["DINKES"]]
    assert {s.words["buku"] for s in mine} == {
        "Perjanjian Kinerja 2026",
        "Rencana Aksi target 2026",
    }
    assert PERFORMANCE.alive(list(due)) == {k: s.cycle for k, s in due.items()}
    sign_in(client, world.cast.operator_dinkes)
    tasks = client.get("/tugas").text
    assert (
        "Perjanjian Kinerja 2026 disiapkan" in tasks
        and "Rencana Aksi 2026: target triwulan" in tasks
    )
