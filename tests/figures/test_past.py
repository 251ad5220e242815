"""Data awal: last years' numbers entered once, then seen as last year's values everywhere."""

from __future__ import annotations

import io

import openpyxl
import pytest
from sqlalchemy import event

from portal.db import db
from portal.documents import snapshot
from portal.figures import queries
from portal.figures.flow import LISTENERS
from portal.people.rules import PORTAL
from portal.reports import flow_open
from tests.cast import post, sign_in

KEY = "ibu_hamil_sasaran"


@pytest.fixture
def operator(client, cast):
    return sign_in(client, cast.operator_dinkes)


def value(year, key=KEY):
    view = queries.values([key], str(year), queries.region_id()).get(key)
    return None if view is None else view.value


def test_entered_once_and_last_years_value_everywhere(operator, cast):
    page = operator.get("/data/awal").text
    assert f'name="n:{KEY}:2021"' in page and f'name="n:{KEY}:2025"' not in page
    form = {"urusan": "kesehatan", f"n:{KEY}:2024": "1.180", f"n:{KEY}:2021": "1.020",
            "n:ibu_hamil_dilayani:2024": "1.062", "sumber": "LPPD 2024"}  # fmt: skip
    assert post(operator, "/data/awal", form).status_code == 302
    assert post(operator, "/data/awal", form).status_code == 302  # a double click
    assert (value(2024), value(2021)) == (1180, 1020)
    view = queries.values([KEY], "2024", queries.region_id())[KEY]
    assert (view.source, view.rev) == ("LPPD 2024", 2)
    report = flow_open.open_report("lppd", 2025, actor=PORTAL).report
    db.session.commit()
    assert snapshot.take(report)["datums"][f"{KEY}|2021|PEMDA"]["value"] == "1020"
    entry = next(e for e in report.entries if e.part_key.startswith("hasil")
                 and e.supplier_unit_id == cast.units["DINKES"])  # fmt: skip
    assert "1.180" in operator.get(f"/isian/{entry.id}").text
    assert LISTENERS


def test_a_wrong_number_keeps_what_was_typed_and_writes_nothing(operator):
    form = {"urusan": "kesehatan", f"n:{KEY}:2024": "seribu", f"n:{KEY}:2023": "1.150"}
    refused = post(operator, "/data/awal", form)
    assert refused.status_code == 422
    assert 'value="seribu"' in refused.text and 'value="1.150"' in refused.text
    assert "Contoh" in refused.text and value(2023) is None


def test_another_units_urusan_is_not_there_and_a_sekretariat_enters_for_all(client, cast):
    sign_in(client, cast.operator_distan)
    assert client.get("/data/awal?urusan=kesehatan").status_code == 404
    form = {"urusan": "kesehatan", f"n:{KEY}:2024": "1.180"}
    assert post(client, "/data/awal", form).status_code == 404
    sign_in(client, cast.sekretariat)
    assert post(client, "/data/awal", form).status_code == 302
    assert value(2024) == 1180


def test_excel_goes_out_and_comes_back_once(operator):
    url = "/data/awal/unduh?urusan=kesehatan"
    book = openpyxl.load_workbook(io.BytesIO(operator.get(url).data))
    sheet = book.active
    heads = {str(c.value): n for n, c in enumerate(sheet[5], 1)}
    line = next(r[0].row for r in sheet.iter_rows() if r[0].value == KEY)
    sheet.cell(line, heads["2023"], 1150)
    sheet.cell(line, heads["2022"], "1,5 juta")

    def send(urusan="kesehatan"):
        out = io.BytesIO()
        book.save(out)
        return post(operator, "/data/awal/unggah", {
            "urusan": urusan, "berkas": (io.BytesIO(out.getvalue()), "awal.xlsx"),
        }, content_type="multipart/form-data")  # fmt: skip

    refused = send()
    assert refused.status_code == 422 and f"Baris {line}, kolom 2022" in refused.text
    assert value(2023) is None  # nothing half written
    sheet.cell(line, heads["2022"], "1.500")
    assert send().status_code == 302
    assert (value(2023), value(2022)) == (1150, 1500)
    assert send().status_code == 302
    assert "tidak ada yang diubah" in operator.get("/data/awal").text
    sheet["A2"] = "pendidikan|data-awal|2024|"
    assert "urusan atau tahun lain" in send().text


def test_the_page_asks_the_same_few_queries_for_few_and_many_numbers(client, cast):
    counts, asked = {}, []

    def note(*args):
        asked.append(args[2])

    sign_in(client, cast.sekretariat)
    client.get("/data/awal?urusan=kesehatan")
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for urusan in ("persandian", "kesehatan"):
            asked.clear()
            assert client.get(f"/data/awal?urusan={urusan}").status_code == 200
            counts[urusan] = len(asked)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert counts["kesehatan"] <= counts["persandian"] + 4
    assert counts["kesehatan"] < 45
