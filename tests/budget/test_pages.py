"""Anggaran, impor, rekomendasi DPRD and Excel of isian, used without JavaScript."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import openpyxl
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.budget import queries
from portal.budget.models import BudgetLine, BudgetRev
from portal.db import db
from portal.dprd.models import Recommendation
from portal.people.rules import PORTAL
from portal.reports import flow
from portal.reports.models import Entry, Report
from tests.cast import Cast, post, sign_in
from tests.imports.test_import import lkpj_form

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest


@pytest.fixture
def report(cast: Cast) -> Report:
    opened = flow.open_report("lkpj", 2025, actor=PORTAL)
    db.session.commit()
    return opened.report


def entry_of(report: Report, part: str, unit: int) -> Entry:
    return db.session.scalars(
        sa.select(Entry).where(
            Entry.report_id == report.id, Entry.part_key == part, Entry.supplier_unit_id == unit
        )
    ).one()


def imported(client: FlaskClient, data: bytes, act: str = "semua") -> object:
    page = post(client, "/anggaran/impor", {
        "jenis": "capaian", "tahun": "2025", "unit": "DINKES",
        "berkas": (io.BytesIO(data), "form.xlsx"),
    }, content_type="multipart/form-data")  # fmt: skip
    assert page.status_code == 200, page.text
    form = {n: v for n, v in re.findall(r'name="(ticket|judul)"[^>]*value="([^"]*)"', page.text)}
    for name, options in re.findall(r'<select id="k-\w+" name="([^"]+)">(.*?)</select>', page.text):
        chosen = re.search(r'value="(\d+)" selected', options)
        form[name] = chosen[1] if chosen else ""
    return post(client, "/anggaran/impor/kolom", form | {"aksi": act, "nama_sumber": "OPD"})


def test_from_file_to_isian_and_back(client: FlaskClient, cast: Cast, report: Report) -> None:
    sign_in(client, cast.operator_dinkes)
    done = imported(client, lkpj_form())
    assert done.status_code == 302  # type: ignore[attr-defined]
    again = client.get("/anggaran?tahun=2025&unit=DINKES").text
    assert "1.02.02.2.02.0001" in again and "512.500.000" in again
    assert "4 baris baru" in again
    entry = entry_of(report, "lkpj_capaian", cast.units["DINKES"])
    page = client.get(f"/isian/{entry.id}").text
    assert 'name="c:1.02.02.2.02.0001:realisasi"' in page
    assert 'name="c:1.02.02:pagu"' not in page  # a sum is not typed
    saved = post(client, f"/isian/{entry.id}", {"awal": "", "c:1.02.02.2.02.0002:masalah": "Hujan"})
    assert saved.status_code == 302
    rows = {r.uid: r.cells for r in queries.rows("programs", 2025, cast.units["DINKES"])}
    assert rows["1.02.02.2.02.0002"]["masalah"] == "Hujan"
    db.session.refresh(entry)
    assert entry.state == "draf"
    same = imported(client, lkpj_form())
    assert same.status_code == 302  # type: ignore[attr-defined]
    assert "tidak ada yang diubah" in client.get("/anggaran").text


def test_wrong_rows_stop_all_or_are_left_out_by_choice(client: FlaskClient, cast: Cast) -> None:
    from tests.imports.test_import import ROWS  # noqa: PLC0415

    sign_in(client, cast.operator_dinkes)
    rows = [list(r) for r in ROWS]
    rows[3][7] = "dua juta"
    bad = lkpj_form(rows)
    refused = imported(client, bad)
    assert refused.status_code == 422  # type: ignore[attr-defined]
    assert "tidak ada yang ditulis" in refused.text  # type: ignore[attr-defined]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BudgetLine)) == 0
    assert imported(client, bad, "benar").status_code == 302  # type: ignore[attr-defined]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BudgetLine)) == 3


def test_strangers_see_no_budget_and_bring_nothing_in(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.operator_distan)
    assert client.get("/anggaran?unit=DINKES").status_code == 404
    assert client.get("/anggaran/unduh/capaian?unit=DINKES").status_code == 404
    page = post(client, "/anggaran/impor", {
        "jenis": "lra", "tahun": "2025", "berkas": (io.BytesIO(lkpj_form()), "x.xlsx"),
    }, content_type="multipart/form-data")  # fmt: skip
    assert page.status_code == 422 and "BPKAD" in page.text


def test_a_sent_isian_closes_the_budget(client: FlaskClient, cast: Cast, report: Report) -> None:
    sign_in(client, cast.operator_dinkes)
    imported(client, lkpj_form())
    entry = entry_of(report, "lkpj_capaian", cast.units["DINKES"])
    entry.state = "disahkan"
    db.session.commit()
    refused = post(client, "/anggaran/baris", {"tahun": "2025", "unit": "DINKES",
                   "kode": "1.02.03", "uraian": "Program"})  # fmt: skip
    assert refused.status_code == 422 and "sudah dikirim" in refused.text


def test_lines_by_hand_with_quarters_and_funds(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.operator_dinkes)
    post(client, "/anggaran/baris", {"tahun": "2025", "unit": "DINKES",
         "kode": "1.2.2.2.1.1", "uraian": "Ibu hamil"})  # fmt: skip
    line = db.session.scalars(
        sa.select(BudgetLine).where(BudgetLine.kode == "1.02.02.2.01.0001")
    ).one()
    url = f"/anggaran/baris/{line.id}"
    ok = post(client, url, {"r:TW1": "1.000.000", "r:TW2": "Rp 500.000,-", "c:TW1": "3",
                            "d:DAU": "2.000.000", "spm": "ks1"})  # fmt: skip
    assert ok.status_code == 302
    row = next(r for r in queries.rows("programs", 2025, cast.units["DINKES"]) if r.id == line.id)
    assert row.cells["realisasi"] == "1500000.00" and row.cells["sumber_dana"] == "DAU"
    bad = post(client, url, {"r:TW1": "banyak"})
    assert bad.status_code == 422 and 'value="banyak"' in bad.text
    line.pagu = Decimal(5)
    db.session.commit()
    assert post(client, url, {"d:DAU": "2.000.000"}).status_code == 422
    assert post(client, url, {"hapus": "1"}).status_code == 422  # it holds money
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BudgetRev)) > 3


def test_a_recommendation_goes_its_way(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.sekretariat_lkpj)
    post(client, "/rekomendasi", {"tahun": "2025", "nomor": "4 Tahun 2025",
         "tanggal": "28 April 2025", "kode": "1.02", "rekomendasi": "Tambah dokter"})  # fmt: skip
    found = db.session.scalars(sa.select(Recommendation)).one()
    url = f"/rekomendasi/{found.id}"
    assert found.state == "diterima"
    assert post(client, url, {"langkah": "tugaskan", "version": "0"}).status_code == 422
    unit = str(cast.units["DINKES"])
    post(client, url, {"langkah": "tugaskan", "version": "0", "unit_id": unit})
    sign_in(client, cast.operator_distan)
    assert client.get(url).status_code == 404
    sign_in(client, cast.operator_dinkes)
    assert post(client, url, {"langkah": "setujui", "version": "1"}).status_code == 422
    post(client, url, {"langkah": "tanggapi", "version": "1", "tindak_lanjut": "Penugasan"})
    sign_in(client, cast.sekretariat_lkpj)
    late = post(client, url, {"langkah": "setujui", "version": "1"})
    assert late.status_code == 422 and "diubah orang lain" in late.text
    post(client, url, {"langkah": "tolak", "version": "2", "alasan": "Belum lengkap"})
    db.session.refresh(found)
    assert found.state == "belum_sesuai"
    sign_in(client, cast.operator_dinkes)
    post(client, url, {"langkah": "tanggapi", "version": "3", "tindak_lanjut": "Lengkap"})
    sign_in(client, cast.sekretariat_lkpj)
    post(client, url, {"langkah": "setujui", "version": "4"})
    db.session.refresh(found)
    assert found.state == "selesai"
    assert "Belum lengkap" in client.get(url).text


def test_excel_of_an_isian_comes_back(client: FlaskClient, cast: Cast, report: Report) -> None:
    sign_in(client, cast.operator_dinkes)
    imported(client, lkpj_form())
    entry = entry_of(report, "lkpj_capaian", cast.units["DINKES"])
    data = client.get(f"/isian/{entry.id}/excel").data
    same = post(client, f"/isian/{entry.id}/excel", {"berkas": (io.BytesIO(data), "i.xlsx")},
                content_type="multipart/form-data")  # fmt: skip
    assert same.status_code == 302
    assert "tidak ada yang diubah" in client.get(f"/isian/{entry.id}").text
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.active
    heads = [c.value for c in sheet[5]]
    column = (
        heads.index("Keuangan (Rp): Realisasi") + 1
        if "Keuangan (Rp): Realisasi" in heads
        else (
            next(
                n
                for n, h in enumerate(heads, 1)
                if h and h.startswith("Keuangan") and "Realisasi" in h
            )
        )
    )
    line = next(r[0].row for r in sheet.iter_rows() if r[0].value == "1.02.02.2.02.0002")
    sheet.cell(line, column, 7_000_000)
    out = io.BytesIO()
    book.save(out)
    post(client, f"/isian/{entry.id}/excel", {"berkas": (io.BytesIO(out.getvalue()), "i.xlsx")},
         content_type="multipart/form-data")  # fmt: skip
    rows = {r.uid: r.cells for r in queries.rows("programs", 2025, cast.units["DINKES"])}
    assert rows["1.02.02.2.02.0002"]["realisasi"] == "7000000.00"
    sheet.cell(line, column, "banyak")
    out = io.BytesIO()
    book.save(out)
    file = (io.BytesIO(out.getvalue()), "i.xlsx")
    bad = post(client, f"/isian/{entry.id}/excel", {"berkas": file},
               content_type="multipart/form-data")  # fmt: skip
    assert bad.status_code == 422
    assert f"Baris {line}" in bad.text and "Contoh" in bad.text


def test_one_workbook_with_all_tables(client: FlaskClient, cast: Cast, report: Report) -> None:
    sign_in(client, cast.operator_dinkes)
    imported(client, lkpj_form())
    data = client.get("/tugas/excel").data
    assert len(openpyxl.load_workbook(io.BytesIO(data)).sheetnames) >= 1
    same = post(client, "/tugas/excel", {"berkas": (io.BytesIO(data), "semua.xlsx")},
                content_type="multipart/form-data")  # fmt: skip
    assert same.status_code == 302
    other = sign_in(client, cast.operator_distan)
    foreign = post(other, "/tugas/excel", {"berkas": (io.BytesIO(data), "semua.xlsx")},
                   content_type="multipart/form-data")  # fmt: skip
    assert foreign.status_code == 422 and "bukan milik" in foreign.text
