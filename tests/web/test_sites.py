"""Rincian per puskesmas or kecamatan as an operator fills it: typed, posted, by Excel."""

from __future__ import annotations

import io
import re
from html import unescape

import openpyxl
import pytest

from portal.db import db
from portal.documents import trace
from portal.figures import queries
from portal.people.queries import actor_of
from portal.reports import flow_open
from portal.reports.models import Entry
from tests.cast import post, sign_in, token

KS1 = "d:ibu_hamil_dilayani@tempat="


@pytest.fixture
def entry(cast):
    made = flow_open.open_report("spm", 2025, "TW1", actor=actor_of(cast.sekretariat.person_id))
    db.session.commit()
    return db.session.query(Entry).filter_by(
        report_id=made.report.id, part_key="spm_penerima", repeat_key="bidang_kesehatan"
    ).one().id  # fmt: skip


@pytest.fixture
def operator(client, cast):
    return sign_in(client, cast.operator_dinkes)


def places(client, entry):
    page = client.get(f"/isian/{entry}/rincian/ks1").text
    return list(dict.fromkeys(re.findall(r"d:ibu_hamil_dilayani@tempat=([A-Z0-9-]+)~01", page)))


def year():
    return queries.values(["ibu_hamil_dilayani"], "2025", queries.region_id())[
        "ibu_hamil_dilayani"].value  # fmt: skip


def test_typed_cells_become_the_month_of_the_isian(operator, entry):
    codes = places(operator, entry)
    assert codes == ["PKM-01"]
    ops = [{"op_id": f"op-{c}", "target": f"{KS1}{c}~02:value", "base": 0, "value": "1.120"}
           for c in codes]  # fmt: skip
    answer = operator.post(f"/isian/{entry}/rincian/ks1/op", json={"ops": ops},
                           headers={"X-CSRFToken": token(operator)}).json  # fmt: skip
    assert {a["status"] for a in answer["answers"]} == {"ok"}
    assert answer["derived"]["t:jumlah"] == f"{1120 * len(codes):,}".replace(",", ".")
    assert year() == 1120 * len(codes)
    form = operator.get(f"/isian/{entry}?bulan=2").text
    assert 'name="d:ibu_hamil_dilayani~02:value"' not in form  # made by its places
    assert "Isi per puskesmas atau kecamatan" in form
    history = unescape(operator.get(f"/isian/{entry}/riwayat").text)
    assert f"{codes[0]}, bulan 2" in history
    report = db.session.get(Entry, entry).report
    behind = trace.origin(report, "datum:ibu_hamil_dilayani:2025")
    assert behind is not None
    assert [p.title.rpartition(", ")[2] for p in behind.parts] == ["Februari 2025"]
    month = trace.origin(report, "datum:ibu_hamil_dilayani:2025-02")
    assert month is not None
    assert [(p.value, p.person) for p in month.parts] == [
        ("1.120", "Rina Wulandari (Operator Dinas Kesehatan)")]  # fmt: skip


def test_without_javascript_and_with_a_wrong_number(operator, entry):
    code = places(operator, entry)[0]
    answer = post(operator, f"/isian/{entry}/rincian/bulan-1", {f"{KS1}{code}~01:value": "44"})
    assert answer.status_code == 302
    assert year() == 44
    again = post(operator, f"/isian/{entry}/rincian/ks1", {f"{KS1}{code}~01:value": "4x4"})
    assert again.status_code == 422
    page = unescape(again.text)
    assert "Belum semua tersimpan" in page
    assert 'value="4x4"' in page


def test_the_sheet_with_places_goes_out_and_comes_back(operator, entry):
    code = places(operator, entry)[0]
    data = operator.get(f"/isian/{entry}/excel?rincian=1").data
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.active
    row = next(r for r in sheet.iter_rows(min_row=6) if r[0].value == f"ks1@{code}")
    heads = {c.value: c.column for c in sheet[5]}
    sheet.cell(row[0].row, heads["Mar"]).value = 31
    out = io.BytesIO()
    book.save(out)
    for said in ("1 sel ditulis", "tidak ada yang diubah"):
        answer = operator.post(
            f"/isian/{entry}/excel", content_type="multipart/form-data",
            data={"csrf_token": token(operator), "berkas": (io.BytesIO(out.getvalue()), "a.xlsx")},
        )  # fmt: skip
        assert answer.status_code == 302
        assert said in operator.get(f"/isian/{entry}").text
    assert year() == 31


def test_a_stranger_finds_no_such_isian(client, cast, entry):
    sign_in(client, cast.operator_distan)
    assert client.get(f"/isian/{entry}/rincian").status_code == 404
