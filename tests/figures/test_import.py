"""Sheets in and out: wrong rows told by number, right rows kept, nothing before --apply."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook

from portal import uploads
from portal.db import db
from portal.figures import catalogue, flow, flow_import, queries, sheet
from portal.figures.flow import DatumKey
from portal.figures.rules import DatumView
from portal.people.rules import PORTAL


def book(rows, at=4, header=("No. IKK", "IKK Outcome", "Pembilang", "Penyebut", "Sumber Data")):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as work:
        work.add_worksheet("Petunjuk").write(0, 0, "Isi lembar berikut")
        page = work.add_worksheet("IKK")
        page.write(0, 0, "PEMERINTAH KABUPATEN CONTOH")
        for column, name in enumerate(header):
            page.write(at, column, name)
        for line, row in enumerate(rows, at + 1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(line, column, value)
                else:
                    page.write(line, column, value)
    return out.getvalue()


ROWS = [
    ("1.b.3", "Ibu hamil", "4.716", 4986, "Profil Kesehatan 2025"),
    ("1.b.4", "Bersalin", 4559.0, "4.759", "Profil Kesehatan 2025"),
    ("1.b.5", "Bayi", "1.2.3,4", 4533, "Profil"),
    ("1.b.99", "Tidak ada", 1, 2, ""),
    ("1 B 6.", "Balita", "1,234", 21874, "Profil"),
    ("1.b.2", "RS", 2.5, 3, "SIRS"),
    ("1.c.7", "Jalan", 555.71, 812.46, "SK Jalan"),
    ("", "", "", "", ""),
    ("1.b.3", "Lagi", 1, 1, ""),
    ("1.b.8", "Produktif", 120000, 999, "Profil"),
]


@pytest.fixture
def rina(cast):
    return cast.actor("operator_dinkes")


def test_rows_are_planned_one_by_one(cast, rina):
    made = flow_import.planned(book(ROWS), "ikk.xlsx", 2025, rina)
    state = {row.line: row for row in made.rows}
    assert [c.new for c in state[6].changes] == ["4.716", "Profil Kesehatan 2025", "4.986",
                                                 "Profil Kesehatan 2025"]  # fmt: skip
    assert "tidak dapat dibaca" in state[8].problems[0]
    assert state[8].writes == []  # half a row would give a wrong result
    assert "1.b.99" in state[9].problems[0]
    assert "Mana yang dimaksud" in state[10].problems[0]
    assert "bilangan bulat" in state[11].problems[0]
    assert not state[12].changes and "tidak diubah" in state[12].notes[0]
    assert "baris 6" in state[14].problems[0]
    assert "Disdukcapil" in state[15].notes[0] or "Kependudukan" in state[15].notes[0]
    assert 13 not in state
    assert queries.values(catalogue.current().elements, "2025", queries.region_id()) == {}


def test_apply_writes_the_right_rows_only(cast, rina):
    made = flow_import.planned(book(ROWS), "ikk.xlsx", 2025, rina)
    written, left = flow_import.apply(made, 2025, rina)
    db.session.commit()
    assert written == len(made.changes) and not left
    now = queries.values(catalogue.current().elements, "2025", queries.region_id())
    assert now["ibu_hamil_dilayani"].value == Decimal(4716)
    assert now["ibu_hamil_dilayani"].source == "Profil Kesehatan 2025"
    assert "bayi_baru_lahir_dilayani" not in now and "jalan_mantap" not in now
    again = flow_import.planned(book(ROWS), "ikk.xlsx", 2025, rina)
    assert not again.changes


def test_a_change_since_the_preview_is_not_overwritten(cast, rina):
    made = flow_import.planned(book(ROWS), "ikk.xlsx", 2025, rina)
    key = DatumKey("ibu_hamil_dilayani", queries.region_id(), "2025")
    flow.put(key, "value", "4.700", 0, cast.actor("operator_dinkes_2"))
    _written, left = flow_import.apply(made, 2025, rina)
    assert "4.700" in left[0] and "Joko" in left[0]


def test_a_number_that_follows_its_months_is_told_before_anything_is_written(cast, rina):
    month = DatumKey("ibu_hamil_dilayani", queries.region_id(), "2025-01")
    assert flow.put(month, "value", "400", 0, rina).status == "ok"
    made = flow_import.planned(book(ROWS), "ikk.xlsx", 2025, rina)
    assert "isian bulanan SPM" in made.rows[0].problems[0]
    assert flow_import.apply(made, 2025, rina)[1] == []


def test_csv_and_other_column_names(cast, rina):
    text = "NO IKK;NILAI PEMBILANG;NILAI PENYEBUT;SUMBER\n1.b.3;4716;4986;Profil\n"
    made = flow_import.planned(text.encode("cp1252"), "x.csv", 2025, rina)
    assert [c.new for c in made.changes if c.attr == "value"] == ["4.716", "4.986"]


def test_several_elements_need_their_code(cast):
    header = ("No IKK", "Kode Unsur", "Pembilang", "Sumber")
    rows = [("1.c.3", "", 5, ""), ("1.c.3", "irigasi_luas", "6.842,75", "SK"),
            ("1.c.3", "paud_5_6", 1, ""), ("4.a.6", "", "WTP", "LHP BPK"),
            ("4.d.3", "aset_daftar", "Ya", ""), ("2.m.3", "", 27, "KONI")]  # fmt: skip
    made = flow_import.planned(book(rows, header=header), "x.xlsx", 2025, PORTAL, behalf=True)
    assert "Kode unsur" in made.rows[0].problems[0]
    assert made.rows[1].changes[0].new == "6.842,75"
    assert "bukan unsur" in made.rows[2].problems[0]
    assert made.rows[3].changes[0].new == "Wajar Tanpa Pengecualian (WTP)"
    flow_import.apply(made, 2025, PORTAL, behalf=True)
    now = queries.values(catalogue.current().elements, "2025", queries.region_id())
    assert now["medali"].value == 27 and now["aset_daftar"].value == 1


def test_a_typed_capaian_is_compared_and_never_written(cast, rina):
    header = ("No IKK", "Pembilang", "Penyebut", "Capaian")
    made = flow_import.planned(
        book([("1.b.3", 50, 100, "40,00"), ("1.b.4", 50, 100, 50)], header=header),
        "x.xlsx", 2025, rina,
    )  # fmt: skip
    assert "tertulis 40" in made.rows[0].notes[0]
    assert made.rows[1].notes == []


@pytest.mark.parametrize("data", [b"a;b\n1;2\n", book([], header=("A", "B"))])
def test_a_sheet_without_the_columns_is_refused(cast, rina, data):
    with pytest.raises(sheet.SheetError, match="No IKK"):
        flow_import.planned(data, "x", 2025, rina)


def test_a_renamed_file_is_refused(cast, rina):
    with pytest.raises(uploads.Refused):
        flow_import.planned(b"%PDF-1.7", "ikk.xlsx", 2025, rina)


def test_export_round_trips_and_holds_no_formula(cast):
    book_, unit = catalogue.current(), queries.region_id()
    views = [
        DatumView(e.key, value=Decimal("0.5") if e.places else Decimal(1), unit_id=unit,
                  period="2025", source="=HYPERLINK(\"http://x\")")
        for e in book_.elements.values() if e.numeric
    ]  # fmt: skip
    flow.put_many(views, PORTAL)
    now = queries.values(book_.elements, "2025", unit)
    data = sheet.write(book_, book_.of(), now, "Data IKK Tahun 2025")
    page = load_workbook(io.BytesIO(data))["IKK"]
    kinds = {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s", "n"}
    made = flow_import.planned(data, "x.xlsx", 2025, PORTAL, behalf=True)
    assert made.changes == []
    assert {r.no for r in made.rows if r.problems} <= {"4.a.3", "4.a.4"}  # level 0,5
    assert data == sheet.write(book_, book_.of(), now, "Data IKK Tahun 2025")


def test_command_line(app, cast, tmp_path):
    file = Path(tmp_path / "ikk.xlsx")
    file.write_bytes(book(ROWS))
    run = app.test_cli_runner()
    seen = run.invoke(args=["figures", "import", str(file), "--year", "2025", "--unit", "DINKES"])
    assert seen.exit_code == 0, seen.output
    assert "baris 8, IKK 1.b.5: SALAH" in seen.output and "Belum ada yang ditulis" in seen.output
    assert queries.values(catalogue.current().elements, "2025", queries.region_id()) == {}
    done = run.invoke(
        args=["figures", "import", str(file), "--year", "2025", "--unit", "DINKES", "--apply"]
    )
    assert done.exit_code == 0 and "isian ditulis" in done.output
    now = queries.values(catalogue.current().elements, "2025", queries.region_id())
    assert "jalan_mantap" not in now and now["ibu_hamil_dilayani"].value == 4716
    out = tmp_path / "keluar.xlsx"
    assert run.invoke(args=["figures", "export", str(out), "--year", "2025"]).exit_code == 0
    assert out.read_bytes()[:2] == b"PK"
    looked = run.invoke(args=["figures", "check", "--year", "2025"])
    assert "perlu diperbaiki" in looked.output
    wrong = run.invoke(args=["figures", "import", str(file), "--year", "2025", "--unit", "XX"])
    assert wrong.exit_code == 1 and "tidak ada" in wrong.output
