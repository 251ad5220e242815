"""SIMPEG lists in the layouts that offices really have."""

import io
from datetime import date

import pytest
import xlsxwriter

from portal.db import db
from portal.people import flow_import, queries, simpeg
from portal.people.models import Person
from portal.people.rules import PORTAL
from portal.people.simpeg import SheetError
from tests.cast import Cast

TODAY = date(2026, 2, 2)
HEAD = ["No", "NIP", "Nama", "Pangkat", "Gol. Ruang", "Unit Kerja", "Jabatan", "TMT Jabatan"]


def sheet(*lines: list[object], head: list[str] = HEAD, above: int = 2) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("Data")
    page.write(0, 0, "DAFTAR PEGAWAI")
    for n, line in enumerate([head, *lines]):
        for at, value in enumerate(line):
            page.write(above + n, at, value)
    book.close()
    return out.getvalue()


def read(*lines: list[object]) -> list[simpeg.ImportRow]:
    return simpeg.read_sheet(sheet(*lines), TODAY)


def test_rows_are_read_wherever_the_header_stands() -> None:
    (row,) = read([1, "19900101 201501 2 001", "dr. Ratna Sari, M.Kes.", "Penata", "III/c",
                   "Dinas Kesehatan", "Sekretaris Dinas Kesehatan", "05-01-2026"])  # fmt: skip
    assert (row.line, row.nip, row.name) == (4, "199001012015012001", "Ratna Sari")
    assert (row.gelar_depan, row.gelar_belakang) == ("dr.", "M.Kes.")
    assert (row.role, row.since, row.faults) == ("verifikator", "2026-01-05", [])


def test_wrong_rows_have_their_reason_and_right_ones_stay() -> None:
    rows = read(
        [1, "199001012015012001", "Ratna Sari"], [2, 199001012015012001, "Excel Bulat"],
        [3, "199001012015012001", "Ratna Lagi"], [4, "123", "Pendek"],
        ["", "", ""], [5, "199202022017021002", ""],
    )  # fmt: skip
    assert [len(r.faults) for r in rows] == [0, 1, 1, 1, 1]
    assert "dibulatkan Excel" in rows[1].faults[0]
    assert "baris 4" in rows[2].faults[0]


@pytest.mark.parametrize("data", [b"", b"bukan excel", b"PK\x03\x04rusak"])
def test_a_file_that_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(SheetError, match="Excel"):
        simpeg.read_sheet(data, TODAY)


def test_a_sheet_without_nip_is_refused() -> None:
    with pytest.raises(SheetError, match="NIP dan Nama"):
        simpeg.read_sheet(sheet(["x"], head=["Nama", "Alamat"]), TODAY)


def test_applying_writes_the_right_rows_once(cast: Cast) -> None:
    rows = read(
        [1, "199001012015012001", "Ratna Sari, S.E.", "Penata", "III/c", "Dinkes",
         "Operator Gizi", ""],
        [2, cast.operator_dinkes.login, "Rina Wulandari", "Pengatur", "II/d", "", "", ""],
        [3, "123", "Pendek"],
        [4, "199202022017021002", "Doni", "", "", "Dinas Antah", "Operator X", ""],
        [5, "199303032018031003", "Eka", "", "", "Dinas Kesehatan", "Kepala Dinas Kesehatan", ""],
    )  # fmt: skip
    flow_import.preview(rows)
    assert rows[0].notes == ["Orang baru."]
    assert "pangkat kosong menjadi Pengatur" in rows[1].notes[0]
    assert "tidak dikenal" in rows[3].notes[1]
    outcome = flow_import.apply(rows, TODAY, PORTAL)
    assert (outcome.added, outcome.changed, outcome.refused, outcome.terms) == (3, 1, 1, 1)
    assert "Siti Aminah memangku jabatan ini" in rows[4].notes[-1]
    names = [h.name for h in queries.holders(cast.units["DINKES"], "operator", TODAY)]
    assert "Ratna Sari, S.E." in names
    again = flow_import.apply(read([1, "199001012015012001", "Ratna Sari, S.E.", "Penata",
                                    "III/c", "Dinkes", "Operator Gizi", ""]), TODAY,
                              PORTAL)  # fmt: skip
    assert (again.same, again.added, again.terms) == (1, 0, 0)
    assert db.session.query(Person).filter_by(nip="199001012015012001").count() == 1


def test_markup_stays_text() -> None:
    (row,) = read([1, "199001012015012001", "Ratna <b>Sari</b>"])
    assert row.name == "Ratna <b>Sari</b>"
