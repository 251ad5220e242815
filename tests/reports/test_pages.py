"""The pages of review, recap, reports and documents, as a browser without JavaScript sees them."""

from __future__ import annotations

import io
import re
from unittest.mock import Mock

import openpyxl
import pytest
import sqlalchemy as sa
from docx import Document
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from portal.db import db
from portal.people.models import UnitVersion
from portal.people.rules import PORTAL
from portal.reports import flow, history, queries
from portal.reports.models import Deadline, Entry, FinishedDocument, Receipt, Report, Verifier
from portal.trail.flow import record
from tests.cast import Cast, post, sign_in
from tests.reports.conftest import Pick, save

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest

GOOD = "<p>Dinas Kesehatan menyelenggarakan urusan kesehatan di dua kecamatan.</p>"


@pytest.fixture
def sent(pick: Pick, cast: Cast) -> Entry:
    entry = pick("uraian", item="kesehatan")
    save(entry, cast, "operator_dinkes", "f:text", GOOD)
    flow.act(entry, "kirim", cast.actor("operator_dinkes"), entry.version)
    db.session.commit()
    return entry


def test_the_whole_way_through_the_pages(
    sent: Entry, cast: Cast, client: FlaskClient, report: Report
) -> None:
    sign_in(client, cast.apip)
    queue = client.get("/persetujuan").text
    assert "Penugasan Reviu" in queue and "Uraian Urusan Kesehatan" in queue
    assert "<h2>Dinas Kesehatan (1)</h2>" in queue
    page = client.get(f"/reviu/{sent.id}").text
    assert "menyelenggarakan urusan kesehatan" in page and "Tidak dapat diyakini" in page
    assert sent.read_at is not None
    bare = post(client, f"/reviu/{sent.id}/langkah",
                {"langkah": "selesai_reviu", "versi": str(sent.version)})  # fmt: skip
    assert bare.status_code == 422 and "Pilih dahulu putusan reviu" in bare.text
    done = post(client, f"/reviu/{sent.id}/langkah", {
        "langkah": "selesai_reviu", "versi": str(sent.version), "putusan": "sesuai"})  # fmt: skip
    assert done.status_code == 302 and sent.state == "selesai_direviu"

    sign_in(client, cast.kepala_dinkes)
    assert "1 hal menunggu Bapak/Ibu" in client.get("/persetujuan").text
    post(client, "/persetujuan", {"isian": f"{sent.id}:{sent.version}"})
    assert sent.state == "disahkan"

    sign_in(client, cast.sekretariat)
    unit = client.get(f"/rekap/{report.id}/pd/{cast.units['DINKES']}").text
    assert "Disahkan Kepala PD" in unit
    for state, word in (("diterima", "diterima"), ("terkunci", "dikunci")):
        back = f"/rekap/{report.id}/pd/{cast.units['DINKES']}"
        done = post(client, "/persetujuan", {"isian": f"{sent.id}:{sent.version}", "kembali": back})
        assert done.location == back and sent.state == state
        assert f"Satu isian {word}." in client.get(back).text
    record(f"report:{report.id}", "catatan lain", f"entry:{sent.id}", PORTAL, None, "sepatah kata")
    db.session.commit()
    opened = post(client, f"/reviu/{sent.id}/langkah", {
        "langkah": "buka_kembali", "versi": str(sent.version), "dasar": "Nota Dinas 900/1",
        "alasan": "Salah ketik", "sampai": "6/2/2026"})  # fmt: skip
    assert opened.status_code == 302 and sent.state == "dibuka_kembali"
    said = "sampai dengan 6 Februari 2026. Dasar: Nota Dinas 900/1. Alasan: Salah ketik."
    assert said in client.get(f"/rekap/{report.id}/pd/{cast.units['DINKES']}").text
    sign_in(client, cast.operator_dinkes)
    assert said in client.get(f"/isian/{sent.id}").text


def test_a_unit_moved_to_a_later_tahap_is_told_at_once_and_loses_nothing(
    pick: Pick, cast: Cast, client: FlaskClient
) -> None:
    entry = pick("uraian", item="kesehatan")
    save(entry, cast, "operator_dinkes", "f:text", GOOD)
    db.session.commit()
    ids = []
    for name, opens in (("Tahap 1", "2026-01-05"), ("Tahap 3", "2027-01-04")):
        sign_in(client, cast.admin)
        post(client, "/admin/tahapan/tahap", {"modul": "lppd", "name": name, "opens_on": opens})
        ids = re.findall(r'<option value="(\d+)">Tahap', client.get("/admin/tahapan").text)
    for wave, shut in ((ids[1], True), (ids[0], False)):
        sign_in(client, cast.admin)
        post(client, "/admin/tahapan/pindah",
             {"modul": "lppd", "wave_id": wave, "unit": cast.units["DINKES"]})  # fmt: skip
        page = sign_in(client, cast.operator_dinkes).get(f"/isian/{entry.id}").text
        assert ("Belum dibuka untuk perangkat daerah ini" in page) is shut
    assert "menyelenggarakan urusan kesehatan" in page


def test_a_file_too_large_says_how_large_it_may_be_and_leads_back(
    report: Report, cast: Cast, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, cast.operator_dinkes)
    monkeypatch.setitem(client.application.config, "MAX_CONTENT_LENGTH", 200)
    url = f"/laporan/{report.id}/dokumen-jadi"
    huge = post(client, url, {"berkas": "x" * 400}, headers={"Referer": f"http://localhost{url}"})
    assert huge.status_code == 413 and "Paling besar 25 MB" in huge.text
    assert f'{url}">Kembali ke halaman tadi' in huge.text


def test_a_full_disk_is_told_and_nothing_is_half_done(
    sent: Entry, cast: Cast, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, cast.apip)
    full = OperationalError("UPDATE", {}, Exception("database or disk is full"))
    monkeypatch.setattr(flow, "act", Mock(side_effect=full))
    answer = post(client, f"/reviu/{sent.id}/langkah", {
        "langkah": "selesai_reviu", "versi": str(sent.version), "putusan": "sesuai"})  # fmt: skip
    assert answer.status_code == 503 and "Ruang penyimpanan server penuh" in answer.text
    assert sent.state == "direviu"


def test_stale_form_gets_409_and_keeps_the_typing(
    sent: Entry, cast: Cast, client: FlaskClient
) -> None:
    sign_in(client, cast.apip)
    answer = post(client, f"/reviu/{sent.id}/langkah", {
        "langkah": "kembalikan_reviu", "versi": "0",
        "catatan": "Penyebut belum sama."})  # fmt: skip
    assert answer.status_code == 409
    assert "sudah lama terbuka" in answer.text and "Penyebut belum sama." in answer.text
    assert sent.state == "direviu"


@pytest.mark.parametrize(
    ("who", "code"),
    [("operator_distan", 404), ("kepala_distan", 404), ("sekretariat_lkpj", 404),
     ("pimpinan", 403), ("operator_dinkes", 200), ("apip", 200)],
)  # fmt: skip
def test_strangers_get_404_and_other_roles_403(
    sent: Entry, cast: Cast, client: FlaskClient, who: str, code: int
) -> None:
    sign_in(client, cast.people[who])
    assert client.get(f"/reviu/{sent.id}").status_code == code
    answer = post(client, f"/reviu/{sent.id}/langkah",
                  {"langkah": "sahkan", "versi": str(sent.version)})  # fmt: skip
    assert answer.status_code == (code if code != 200 else 403)


def test_recap_counts_text_and_excel(
    sent: Entry, cast: Cast, client: FlaskClient, report: Report, pick: Pick
) -> None:
    name = db.session.scalars(
        sa.select(UnitVersion).where(UnitVersion.unit_id == cast.units["DISTAN"])
    ).one()
    name.name = '=HYPERLINK("http://jahat";"Distan")'
    flow.report_obstacle(pick("uraian", item="pertanian"), "jaringan", "",
                         cast.actor("operator_distan"))  # fmt: skip
    db.session.commit()
    sign_in(client, cast.sekretariat)
    page = client.get(f"/rekap/{report.id}").text
    row = re.search(r"Dinas Kesehatan</a>.*?</tr>", page, re.S)
    assert row and re.findall(r'<td class="n">(\d*)</td>', row[0])[:5] == ["2", "1", "", "", "1"]
    text = re.search(r'<textarea id="wa"[^>]*>(.*?)</textarea>', page, re.S)
    assert text
    lines = text[1].strip().split("\n")
    assert lines[0] == "REKAP ISIAN LPPD TA 2025, Senin 2 Februari 2026 pukul 08.00 WITA"
    assert lines[1:3] == ["Sudah disahkan : 0 PD", "Sedang direviu Inspektorat : 0 PD"]
    assert lines[3].startswith("Belum lengkap (") and "Dinkes" in lines[3]
    assert "Batas pengisian Jumat 6 Februari pukul 16.00 WITA." in lines[4]
    assert not any(m.name in text[1] for m in cast.people.values())
    data = client.get(f"/rekap/{report.id}/excel").data
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    cells = {c.value: c.data_type for row in sheet.iter_rows() for c in row if c.value is not None}
    assert cells[name.name] == "s"
    total = [c.value for c in sheet[sheet.max_row]]
    assert total[1:3] == ["Jumlah", 13]
    assert "Petugas" not in client.get(f"/rekap/{report.id}/kendala").text
    assert "Jaringan atau listrik" in client.get(f"/rekap/{report.id}/kendala").text
    assert client.get(f"/rekap/{report.id}/matriks").status_code == 200


def test_only_those_who_look_over_the_region_see_the_recap(
    report: Report, cast: Cast, client: FlaskClient
) -> None:
    for who, code in (("operator_dinkes", 404), ("kepala_dinkes", 404), ("apip", 200),
                      ("pimpinan", 200)):  # fmt: skip
        sign_in(client, cast.people[who])
        assert client.get(f"/rekap/{report.id}").status_code == code, who


def test_recap_asks_the_same_number_of_questions_for_any_size(
    report: Report, cast: Cast, client: FlaskClient
) -> None:
    first = db.session.scalars(sa.select(Entry).where(Entry.part_key == "pegawai")).first()
    assert first is not None
    first.state = "disahkan"
    db.session.commit()
    sign_in(client, cast.sekretariat)
    counted: list[str] = []
    engine = db.engine

    def count(*args: object) -> None:
        counted.append(str(args[2]))

    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        numbers = {}
        for size in ("small", "big"):
            for url in (f"/rekap/{report.id}", f"/rekap/{report.id}/matriks", "/persetujuan",
                        "/tugas?semua=1"):  # fmt: skip
                counted.clear()
                assert client.get(url).status_code == 200
                numbers[size, url] = len(counted)
            extra = [
                Entry(report_id=report.id, part_key="pegawai", repeat_key=f"{size}{n}",
                      supplier_unit_id=unit, state="disahkan", position=90_000 + n,
                      state_since=report.opened_at)
                for n, unit in enumerate(list(cast.units.values()) * 5)
            ]  # fmt: skip
            db.session.add_all(extra)
            db.session.commit()
        for url in {u for _, u in numbers}:
            assert numbers["small", url] == numbers["big", url], url
            assert numbers["big", url] <= 30, url
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)


def test_secretariat_edits_words_never_numbers(
    sent: Entry, cast: Cast, client: FlaskClient
) -> None:
    sent.state = "diterima"
    db.session.commit()
    sign_in(client, cast.sekretariat)
    page = client.get(f"/rekap/isian/{sent.id}").text
    assert "Suntingan sekretariat" in page
    done = post(client, f"/rekap/isian/{sent.id}/sunting",
                {"rev": "1", "teks": "Dinas Kesehatan bekerja di dua kecamatan."})  # fmt: skip
    assert done.status_code == 302
    assert queries.content_of(sent).fields["text"].startswith("<p>Dinas Kesehatan bekerja")
    assert history.history(sent)[0].note == "suntingan sekretariat"
    table = db.session.scalars(sa.select(Entry).where(Entry.part_key == "pegawai")).first()
    assert table is not None
    table.state = "diterima"
    op = flow.Op("angka-1", "c:b1:laki", 0, "5")
    answer = flow.apply_op(table, op, cast.actor("sekretariat"), "suntingan sekretariat")
    assert answer.status == "refused"


def test_reports_are_opened_and_dates_changed(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.sekretariat)
    bad = post(client, "/laporan/buka", {"kind": "lppd", "tahun": "dua ribu"})
    assert bad.status_code == 422 and "empat angka" in bad.text
    assert post(client, "/laporan/buka", {"kind": "lkpj", "tahun": "2025"}).status_code == 404
    opened = post(client, "/laporan/buka", {"kind": "lppd", "tahun": "2025"})
    assert opened.status_code == 302
    assert "PENDAHULUAN" in client.get(opened.location).text
    row = db.session.scalars(sa.select(Deadline)).one()
    assert (str(row.internal), str(row.official)) == ("2026-02-06", "2026-03-31")
    wrong = post(client, f"/jadwal/{row.id}",
                 {"buka": "2/1/2026", "internal": "1/4/2026", "resmi": "31/3/2026"})  # fmt: skip
    assert wrong.status_code == 422 and "Urutan tanggal" in wrong.text
    moved = {"buka": "2/1/2026", "internal": "13 Februari 2026", "resmi": "31/3/2026",
             "dasar": "SE Sekda 1/2026"}  # fmt: skip
    assert post(client, f"/jadwal/{row.id}", moved).status_code == 422  # asks why
    post(client, f"/jadwal/{row.id}", {**moved, "alasan": "Perpanjangan batas"})
    report = db.session.scalars(sa.select(Report)).one()
    assert str(report.internal_deadline) == "2026-02-13"
    post(client, "/jadwal/verifikator", {"kind": "lppd", "unit": str(cast.units["DINKES"])})
    assert db.session.scalars(sa.select(Verifier)).one().active


def _docx(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_finished_documents_are_taken_in_with_a_receipt(
    report: Report, cast: Cast, client: FlaskClient
) -> None:
    sign_in(client, cast.operator_dinkes)
    url = f"/laporan/{report.id}/dokumen-jadi"
    assert client.get(url).status_code == 200

    def hand_in(data: bytes, name: str, **more: str) -> object:
        return post(client, url, {"berkas": (io.BytesIO(data), name), **more},
                    content_type="multipart/form-data")  # fmt: skip

    good = hand_in(_docx("LAPORAN DINAS KESEHATAN", "TAHUN 2025"), "lppd.docx")
    assert good.status_code == 302  # type: ignore[attr-defined]
    page = client.get(good.location).text  # type: ignore[attr-defined]
    assert "TT-LPPD-2025-DINKES-0001" in page and "dokumen, belum terstruktur" in page
    old = hand_in(_docx("LAPORAN", "TAHUN 2023"), "lppd.docx")
    assert "tidak menyebut tahun 2025; yang tertulis 2023" in client.get(old.location).text  # type: ignore[attr-defined]
    bad = hand_in(b"MZ\x90\x00program", "lppd.docx")
    assert bad.status_code == 422 and "program" in bad.text  # type: ignore[attr-defined]
    empty = post(client, url, {})
    assert empty.status_code == 422 and "Pilih dahulu" in empty.text
    foreign = hand_in(_docx("X 2025"), "x.docx", unit=str(cast.units["DISTAN"]))
    assert foreign.status_code == 422  # type: ignore[attr-defined]
    stored = db.session.scalars(sa.select(FinishedDocument).order_by(FinishedDocument.id)).all()
    assert [(d.version, d.unit_id) for d in stored] == [
        (1, cast.units["DINKES"]), (2, cast.units["DINKES"])]  # fmt: skip
    assert db.session.scalars(sa.select(Receipt.n).order_by(Receipt.n)).all() == [1, 2]
    got = client.get(f"/dokumen-jadi/{stored[0].id}")
    assert got.data[:2] == b"PK" and got.status_code == 200
    pdf = client.get("/tanda-terima/1/pdf")
    assert pdf.data[:5] == b"%PDF-" and pdf.mimetype == "application/pdf"
    sign_in(client, cast.operator_distan)
    assert client.get(f"/dokumen-jadi/{stored[0].id}").status_code == 404
    assert client.get("/tanda-terima/1/pdf").status_code == 404


def test_each_unit_opens_its_own_page_without_error(
    report: Report, sent: Entry, cast: Cast, client: FlaskClient
) -> None:
    for who in cast.people.values():
        sign_in(client, who)
        for url in ("/persetujuan", "/rekap", f"/rekap/{report.id}", f"/laporan/{report.id}",
                    "/jadwal", "/laporan/lppd/kelola", f"/reviu/{sent.id}",
                    f"/laporan/{report.id}/dokumen-jadi", f"/rekap/isian/{sent.id}"):  # fmt: skip
            assert client.get(url).status_code in {200, 302, 403, 404}, (who.key, url)
