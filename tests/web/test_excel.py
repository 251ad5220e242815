"""Excel of isian: newer cells are asked about, right rows may be written alone, months come back."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from html import unescape

import openpyxl
import pytest
import sqlalchemy as sa

from portal.budget import flow as budget
from portal.budget import queries
from portal.db import db
from portal.figures import queries as figures
from portal.people.queries import actor_of
from portal.people.rules import PORTAL
from portal.reports import flow_open
from portal.reports.models import Entry
from tests.cast import post, sign_in
from tests.imports.test_import import lkpj_form

SUB = "1.02.02.2.02.0002"
FORM = "multipart/form-data"


@pytest.fixture
def table(client, cast):
    """The isian of Dinkes that the budget feeds, with the rows of a file in it."""
    from tests.budget.test_pages import imported  # noqa: PLC0415

    report = flow_open.open_report("lkpj", 2025, actor=PORTAL).report
    db.session.commit()
    sign_in(client, cast.operator_dinkes)
    imported(client, lkpj_form())
    return db.session.scalars(
        sa.select(Entry).where(
            Entry.report_id == report.id, Entry.part_key == "lkpj_capaian",
            Entry.supplier_unit_id == cast.units["DINKES"],
        )
    ).one()  # fmt: skip


def months(cast, part):
    report = flow_open.open_report(
        "spm", 2025, "TW1", actor=actor_of(cast.sekretariat.person_id)
    ).report
    db.session.commit()
    return db.session.scalars(
        sa.select(Entry).where(
            Entry.report_id == report.id, Entry.part_key == part,
            Entry.repeat_key == "bidang_kesehatan",
        )
    ).one()  # fmt: skip


def opened(client, url):
    book = openpyxl.load_workbook(io.BytesIO(client.get(url).data))
    return book, book.worksheets[-1]


def column(sheet, *words):
    heads = [str(c.value or "") for c in sheet[5]]
    return next(n for n, h in enumerate(heads, 1) if all(w in h for w in words))


def line(sheet, uid):
    return next(r[0].row for r in sheet.iter_rows() if r[0].value == uid)


def send(client, url, book, **more):
    out = io.BytesIO()
    book.save(out)
    return post(client, url, {"berkas": (io.BytesIO(out.getvalue()), "isian.xlsx"), **more},
                content_type=FORM)  # fmt: skip


def cell(cast, key, uid=SUB):
    rows = {r.uid: r.cells for r in queries.rows("programs", 2025, cast.units["DINKES"])}
    return rows[uid][key]


def test_a_cell_changed_meanwhile_is_asked_about_and_others_stay_newer(client, cast, table):
    url = f"/isian/{table.id}/excel"
    book, sheet = opened(client, url)
    stored = queries.line("programs", 2025, cast.units["DINKES"], SUB)
    for key, value in (("realisasi", "8000000.00"), ("masalah", "Hujan")):
        budget.put(stored, key, value, None, PORTAL)
    db.session.commit()
    sheet.cell(line(sheet, SUB), column(sheet, "Keuangan", "Realisasi"), 7_000_000)
    sheet.cell(line(sheet, SUB), column(sheet, "Upaya"), "Lembur")
    asked = send(client, url, book)
    assert asked.status_code == 422
    text = unescape(asked.text)
    assert "8.000.000,00" in text and "7.000.000,00" in text  # side by side
    assert cell(cast, "upaya") != "Lembur"
    assert text.count('name="pakai"') == 1  # the Permasalahan of the portal is newer, untouched
    ticket = re.search(r'name="ticket" value="([^"]+)"', asked.text)[1]
    assert post(client, url, {"ticket": ticket}).status_code == 302
    assert (cell(cast, "upaya"), cell(cast, "realisasi")) == ("Lembur", "8000000.00")
    assert cell(cast, "masalah") == "Hujan"
    pick = f"isian:{table.id}|c:{SUB}:realisasi"
    assert post(client, url, {"ticket": ticket, "pakai": pick}).status_code == 302
    assert cell(cast, "realisasi") == "7000000.00"


def test_right_rows_alone_only_when_asked_for(client, cast, table):
    url = f"/isian/{table.id}/excel"
    book, sheet = opened(client, url)
    money = column(sheet, "Keuangan", "Realisasi")
    sheet.cell(line(sheet, SUB), money, 5_000_000)
    sheet.cell(line(sheet, "1.02.02.2.02.0001"), money, "banyak")
    refused = send(client, url, book)
    assert refused.status_code == 422 and "Belum ada yang ditulis" in refused.text
    assert "kolom Keuangan: Realisasi (Rp)" in refused.text and "Contoh" in refused.text
    assert cell(cast, "realisasi") != "5000000.00"
    ticket = re.search(r'name="ticket" value="([^"]+)"', refused.text)[1]
    assert post(client, url, {"ticket": ticket}).status_code == 302
    assert cell(cast, "realisasi") == "5000000.00"
    sign_in(client, cast.operator_distan)  # the preview belongs to who made it
    other = post(client, "/tugas/excel", {"ticket": ticket})
    assert other.status_code == 422 and "kedaluwarsa" in other.text


def test_a_sheet_of_another_year_or_unit_is_refused_with_its_name(client, table):
    url = f"/isian/{table.id}/excel"
    book, sheet = opened(client, url)
    assert sheet["A2"].value == "DINKES|lkpj|2025|"
    sheet["A2"] = "DISDIK|lkpj|2024|"
    refused = send(client, url, book)
    assert refused.status_code == 422
    assert "DISDIK, LKPJ 2024" in refused.text and "Unduh format Excel" in refused.text
    sheet["A2"], sheet["A1"] = "DINKES|lkpj|2025|", "isian:999999"
    assert "isian" in send(client, url, book).text


def test_months_of_services_go_out_and_come_back(client, cast):
    entry = months(cast, "spm_penerima")
    sign_in(client, cast.operator_dinkes)
    url = f"/isian/{entry.id}/excel"
    book, sheet = opened(client, url)
    assert [c.value for c in sheet[5]][2:] == [
        "Uraian", "Satuan", "Harus dilayani setahun", "Jan", "Feb", "Mar",
    ]  # fmt: skip
    row = line(sheet, "ks1")
    for at, value in ((5, 1200), (6, 98), (7, "102")):
        sheet.cell(row, at, value)
    assert send(client, url, book).status_code == 302
    found = figures.series_of(
        ["ibu_hamil_dilayani", "ibu_hamil_sasaran"], 2025, entry.report.owner_unit_id
    )
    assert found["ibu_hamil_sasaran", 0, "realisasi"].value == 1200
    assert found["ibu_hamil_dilayani", 2, "realisasi"].value == 102
    assert found["ibu_hamil_dilayani", 0, "realisasi"].value == Decimal(200)  # the year follows
    again = send(client, url, openpyxl.load_workbook(io.BytesIO(client.get(url).data)))
    assert again.status_code == 302
    assert "tidak ada yang diubah" in client.get(f"/isian/{entry.id}").text
    sheet.cell(row, 6, "=1+1").data_type = "s"  # a text that looks like a formula
    assert "rumus" in send(client, url, book).text


def test_one_workbook_holds_tables_indicators_and_months(client, cast, table):
    lppd = flow_open.open_report("lppd", 2025, actor=PORTAL).report
    months(cast, "spm_mutu")
    sign_in(client, cast.operator_dinkes)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/tugas/excel").data))
    kinds = {ws["A1"].value for ws in book.worksheets}
    assert "selaras:daftar" in kinds
    entries = {
        e.id: e.part_key for e in db.session.scalars(
            sa.select(Entry).where(Entry.supplier_unit_id == cast.units["DINKES"]))
    }  # fmt: skip
    parts = {entries[int(k.removeprefix("isian:"))] for k in kinds if k.startswith("isian:")}
    assert {"lkpj_capaian", "spm_mutu", "spm_penerima", "spm_tahapan"} <= parts
    ikk = next(p for p in parts if p.startswith("hasil"))
    sheet = next(ws for ws in book.worksheets
                 if entries.get(int(str(ws["A1"].value).rpartition(":")[2] or 0)
                                if str(ws["A1"].value).startswith("isian:") else 0) == ikk)  # fmt: skip
    sheet.cell(line(sheet, "ibu_bersalin_sasaran"), 7, 1500)
    sheet.cell(line(sheet, "ibu_bersalin_sasaran"), 8, "Profil Kesehatan")
    sheet.cell(line(sheet, "bayi_baru_lahir_sasaran"), 7, "seribu lima")
    wrong = send(client, "/tugas/excel", book)
    assert wrong.status_code == 422 and "Contoh" in wrong.text
    sheet.cell(line(sheet, "bayi_baru_lahir_sasaran"), 7).value = None
    done = send(client, "/tugas/excel", book)
    assert done.status_code == 302, done.text[done.text.find("<h1") :][:1500]
    view = figures.values(["ibu_bersalin_sasaran"], "2025", lppd.owner_unit_id)
    assert view["ibu_bersalin_sasaran"].value == 1500
    assert view["ibu_bersalin_sasaran"].source == "Profil Kesehatan"
