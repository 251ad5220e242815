"""Files of strange layout: headings anywhere, merged cells, numbers as text; out and in again."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
import xlsxwriter

from portal.budget import queries
from portal.budget.models import BudgetLine, BudgetRev, ImportRun
from portal.db import db
from portal.dprd.models import Recommendation
from portal.imports import flow, grid, layouts
from portal.imports.flow import Where
from portal.imports.targets import TARGETS
from portal.people.rules import PORTAL
from tests.cast import Cast

HEAD = ["idCapai", "KD", "PROGRAM/KEG/SUB KEGIATAN", "INDIKATOR", "SATUAN", "TARGET",
        "REALISASI TARGET", "ALOKASI                         [ Rp ]",
        "REALISASI                                 [ Rp ]", "PERSENTASE                [ % ]",
        "PERMASALAHAN", "UPAYA MENGATASI PERMASALAHAN", "TINDAK LANJUT REKOMENDASI"]  # fmt: skip
LETTERS = ["a", "c", "d", "e", "f", "g", "h", "i", "j", "k = ( j / i ) * 100", "l", "m", "n"]
ROWS = [
    [None, "1.02.02", "Program Upaya Kesehatan", "", "", "", "", 900, "", "", "", "", ""],
    [None, "1.02.02.2.02", "Penyediaan Layanan", "", "", "", "", "", "", "", "", "", ""],
    [None, "1.02.02.2.02.0001", "Ibu Hamil", "Jumlah ibu", "orang", "1.250", 1198,
     "412.500.000,00", "Rp 398.114.000,-", "", "Jarak", "Posyandu", ""],
    [None, "1.2.2.2.2.2", "Balita", "Jumlah balita", "anak", 40, 0, 100000000, "-", "", "", "", ""],
]  # fmt: skip


def lkpj_form(rows: list[list[object]] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "FORMULIR INPUT DATA CAPAIAN KINERJA"
    sheet.merge_cells("A1:M2")
    for line, label in ((3, "ID OPD"), (4, "NAMA OPD"), (5, "TAHUN ANGGARAN")):
        sheet.cell(line, 1, label)
        sheet.merge_cells(start_row=line, end_row=line, start_column=1, end_column=2)
    for at, cells in enumerate([HEAD, LETTERS, *(ROWS if rows is None else rows)], 7):
        for column, value in enumerate(cells, 1):
            if value not in ("", None):
                sheet.cell(at, column, value)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def lra_file() -> bytes:
    """The layout of a kabupaten: code and name indented over several columns, cells merged."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["E4"] = "LAPORAN REALISASI ANGGARAN PENDAPATAN DAN BELANJA DAERAH"
    sheet.merge_cells("E4:S4")
    heads = (("B14", "KODE REKENING", "B14:F15"), ("G14", "URAIAN", "G14:O15"),
             ("Q14", "ANGGARAN", "Q14:R15"), ("S14", "REALISASI", None))  # fmt: skip
    for cell, words, span in heads:
        sheet[cell] = words
        if span:
            sheet.merge_cells(span)
    rows = [("4", "H", "PENDAPATAN DAERAH", "=SUM(Q19:Q20)", None),
            ("4.1", "I", "PENDAPATAN ASLI DAERAH (PAD)", 1500, 1450.5),
            ("4.2", "I", "PENDAPATAN TRANSFER", "9.000,00", 8900)]  # fmt: skip
    for at, (code, column, name, plan, done) in enumerate(rows, 18):
        sheet[f"D{at}"] = code
        sheet.merge_cells(f"D{at}:F{at}")
        sheet[f"{column}{at}"] = name
        sheet.merge_cells(f"{column}{at}:O{at}")
        sheet[f"Q{at}"] = plan
        sheet[f"R{at}"] = done
        sheet.merge_cells(f"R{at}:S{at}")
    return saved(book)


def taken(data: bytes, target: str, where: Where, name: str = "berkas.xlsx"):  # type: ignore[no-untyped-def]
    found = flow.read(TARGETS[target], data, name)
    return found, flow.plan(found, where)


def test_the_form_of_the_opd(cast: Cast) -> None:
    where = Where(2025, cast.units["DINKES"])
    data = lkpj_form()
    found, made = taken(data, "capaian", where)
    assert found.layout.header == 6
    assert not flow.lacking(found)
    assert [(r.line, r.key, r.state) for r in made.rows] == [
        (9, "1.02.02", "baru"), (10, "1.02.02.2.02", "baru"), (11, "1.02.02.2.02.0001", "baru"),
        (12, "1.02.02.2.02.0002", "baru"),
    ]  # fmt: skip
    assert "dibaca 0" in made.rows[3].notes[0]
    assert "900" in made.rows[0].notes[0] and "512.500.000" in made.rows[0].notes[0]
    run = flow.apply(made, where, data, "berkas.xlsx", cast.actor("operator_dinkes"))
    db.session.commit()
    assert (run.added, run.changed, run.left_out) == (4, 0, 0)
    rows = {r.uid: r.cells for r in queries.rows("programs", 2025, cast.units["DINKES"])}
    assert rows["1.02.02.2.02.0001"]["pagu"] == "412500000.00"
    assert Decimal(rows["1.02.02.2.02.0001"]["target"]) == 1250
    assert rows["1.02.02.2.02.0002"]["realisasi"] == "0.00"
    assert rows["1.02.02"]["pagu"] == ""  # a sum is never stored
    rev = db.session.scalars(sa.select(BudgetRev).where(BudgetRev.field == "realisasi")).first()
    assert rev is not None and rev.by_label.startswith("Rina")


def test_the_same_file_twice_changes_nothing(cast: Cast) -> None:
    where, actor = Where(2025, cast.units["DINKES"]), cast.actor("operator_dinkes")
    data = lkpj_form()
    _, made = taken(data, "capaian", where)
    flow.apply(made, where, data, "a.xlsx", actor)
    db.session.commit()
    before = db.session.scalar(sa.select(sa.func.count()).select_from(BudgetRev))
    _, again = taken(data, "capaian", where)
    assert again.unchanged and again.count("sama") == 4
    assert flow.applied_before(data, "capaian", where) is not None
    rows = [list(row) for row in ROWS]
    rows[2][8] = 400_000_000
    changed = lkpj_form(rows)
    _, made = taken(changed, "capaian", where)
    assert [(c.field, c.old, c.new) for r in made.writes for c in r.changes] == [
        ("realisasi", "398.114.000", "400.000.000")
    ]
    flow.apply(made, where, changed, "a.xlsx", actor)
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BudgetLine)) == 4
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BudgetRev)) == before + 1


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (1, "1.02.02.2.02.0001", "baris 11"),
        (1, "X.XX.01.2.01.0001", "X.XX"),
        (7, "12.5", "Mana yang dimaksud"),
        (7, "dua juta", "Contoh"),
        (8, 1.23456, "sen"),
    ],
)
def test_each_wrong_row_tells_row_column_rule_and_example(
    cast: Cast, column: int, value: object, words: str
) -> None:
    rows = [list(row) for row in ROWS]
    rows[3][column] = value
    where = Where(2025, cast.units["DINKES"])
    _, made = taken(lkpj_form(rows), "capaian", where)
    wrong = [r for r in made.rows if r.state == "salah"]
    assert [r.line for r in wrong] == [12]
    assert words in " ".join(wrong[0].problems)


def test_an_lra_with_merged_and_shifted_cells(cast: Cast) -> None:
    where = Where(2025, cast.units["PEMDA"])
    data = lra_file()
    _, made = taken(data, "lra", where)
    assert [r.key for r in made.rows] == ["4", "4.1", "4.2"]
    flow.apply(made, where, data, "lra.xlsx", cast.actor("sekretariat_lkpj"))
    db.session.commit()
    rows = {r.uid: r.cells for r in queries.rows("accounts", 2025, cast.units["PEMDA"])}
    assert rows["4.1"]["setelah"] == "1500.00" and rows["4.1"]["realisasi"] == "1450.50"
    assert rows["4.2"]["setelah"] == "9000.00" and rows["4.2"]["uraian"] == "PENDAPATAN TRANSFER"
    assert queries.account_total(2025, cast.units["PEMDA"], "4", "realisasi") == Decimal("10350.50")


def test_anggaran_kas_with_names_and_without(cast: Cast) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A3"] = "TARGET (MENURUT ANGGARAN KAS) DAN REALISASI KEUANGAN"
    sheet.merge_cells("A3:T3")
    months = ["Januari", "Februari", "Maret", "Triwulan I", "April", "Mei", "Juni"]
    for n, word in enumerate(["Nama OPD", "Total Anggaran", None, "Rincian", *months], 1):
        sheet.cell(7, n, word)
    sheet.append([None, "BELANJA", "Rp. ", "Target", 41897000, 40897000, 40897000, "=SUM(E8:G8)"])
    sheet.append(["Dinas Pertanian", None, None, "Realisasi", "1.000", "-", 5])
    sheet.append(["Dinas Antariksa", None, None, "Target", 1, 2, 3])
    where = Where(2025, cast.units["DINKES"])
    data = saved(book)
    _, made = taken(data, "kas", where)
    assert [r.state for r in made.rows] == ["baru", "baru", "salah"]
    assert "Antariksa" in made.rows[2].problems[0]
    flow.apply(made, where, data, "kas.xlsx", PORTAL)
    db.session.commit()
    assert queries.cash(2025, cast.units["DINKES"])[1].rencana == Decimal("41897000.00")
    assert queries.cash(2025, cast.units["DISTAN"])[2].realisasi == 0


def test_recommendations_by_urusan_and_unit(cast: Cast) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for at, cells in enumerate([
        ["Kode", "Urusan / OPD / Rekomendasi DPRD", None, "Tindak Lanjut", "Tujuan"],
        [1, "URUSAN PEMERINTAHAN WAJIB YANG BERKAITAN DENGAN PELAYANAN DASAR"],
        [1.02, "DINAS KESEHATAN"], [None, "a.", "Menambah dokter", "Penugasan khusus", "Kurang"],
        [None, "b.", "Menambah obat"],
    ], 3):  # fmt: skip
        for n, value in enumerate(cells, 1):
            sheet.cell(at, n, value)
    sheet.merge_cells("B3:C3")
    where = Where(2025, None)
    data = saved(book)
    _, made = taken(data, "dprd", where)
    flow.apply(made, where, data, "dprd.xlsx", cast.actor("sekretariat_lkpj"))
    db.session.commit()
    found = db.session.scalars(sa.select(Recommendation).order_by(Recommendation.id)).all()
    assert [(r.kode, r.text, r.state) for r in found] == [
        ("1.02", "Menambah dokter", "ditindaklanjuti"), ("1.02", "Menambah obat", "ditugaskan"),
    ]  # fmt: skip
    assert {r.unit_id for r in found} == {cast.units["DINKES"]}
    assert taken(data, "dprd", where)[1].unchanged


def test_what_goes_out_comes_back(cast: Cast) -> None:
    where, actor = Where(2025, cast.units["DINKES"]), cast.actor("operator_dinkes")
    data = lkpj_form()
    flow.apply(taken(data, "capaian", where)[1], where, data, "a.xlsx", actor)
    db.session.commit()
    line = queries.line("programs", 2025, cast.units["DINKES"], "1.02.02.2.02.0001")
    assert line is not None
    line.masalah = '=HYPERLINK("http://x")'  # type: ignore[union-attr]
    db.session.commit()
    book = layouts.Book("LKPJ")
    rows = [(r.uid, r.cells) for r in queries.rows("programs", 2025, cast.units["DINKES"])]
    layouts.capaian(book, ("DINKES", "Dinas Kesehatan"), 2025, rows)
    out = book.bytes()
    sheet = openpyxl.load_workbook(io.BytesIO(out)).active
    cell = next(c for r in sheet.iter_rows() for c in r if str(c.value).startswith("=HYP"))
    assert cell.data_type == "s"  # a text, no formula
    found, made = taken(out, "capaian", where)
    assert made.unchanged, [(r.line, r.changes, r.problems) for r in made.rows]
    assert found.layout.header == 6


@pytest.mark.parametrize("kind", ["lra", "kas", "dprd"])
def test_the_other_layouts_come_back_too(cast: Cast, kind: str) -> None:
    test_an_lra_with_merged_and_shifted_cells(cast)
    test_anggaran_kas_with_names_and_without(cast)
    test_recommendations_by_urusan_and_unit(cast)
    book = layouts.Book("x")
    where = Where(2025, cast.units["PEMDA"] if kind == "lra" else None)
    if kind == "lra":
        rows = [(r.uid, r.cells) for r in queries.rows("accounts", 2025, cast.units["PEMDA"])]
        layouts.lra(book, "Kabupaten Contoh", 2025, rows)
    elif kind == "kas":
        layouts.kas(book, 2025, [
            (name, {m: (p.rencana, p.realisasi)
                    for m, p in queries.cash(2025, cast.units[u]).items()})
            for u, name in (("DINKES", "Dinas Kesehatan"), ("DISTAN", "Dinas Pertanian"))
        ])  # fmt: skip
    else:
        found = db.session.scalars(sa.select(Recommendation)).all()
        items = [{"rekomendasi": r.text, "tindak_lanjut": r.tindak_lanjut, "tujuan": r.tujuan}
                 for r in found]  # fmt: skip
        layouts.dprd(book, [("1.02", "URUSAN WAJIB", "Dinas Kesehatan", items)])
    _, made = taken(book.bytes(), kind, where)
    assert made.unchanged, [(r.line, r.state, r.changes, r.problems) for r in made.rows]


def test_csv_with_indonesian_numbers(cast: Cast) -> None:
    text = "Kode;Uraian;Anggaran;Realisasi\n4.1;PAD;1.500.000,50;1.450.000,00\n"
    where = Where(2025, cast.units["PEMDA"])
    _, made = taken(text.encode(), "lra", where, "lra.csv")
    assert [c.new for c in made.rows[0].changes] == ["PAD", "1.500.000,5", "1.450.000"]


def test_two_row_headings_with_groups(cast: Cast) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for column, word in enumerate(("KODE", "OPD/PROGRAM/KEG/SUB KEGIATAN", "INDIKATOR")):
            sheet.merge_range(4, column, 5, column, word)
        sheet.merge_range(4, 3, 4, 5, "FISIK")
        sheet.merge_range(4, 6, 4, 8, "KEUANGAN")
        for column, word in enumerate(("TARGET", "REAL", "%", "ALOKASI", "REAL", "%"), 3):
            sheet.write(5, column, word)
        for column, value in enumerate(("1.02.02.2.02.0001", "Ibu", "Jumlah", 5, 4, 80, 10, 9, 90)):
            sheet.write(6, column, value)
    where = Where(2025, cast.units["DINKES"])
    found, made = taken(out.getvalue(), "capaian", where)
    new = {c.field: c.new for c in made.rows[0].changes}
    assert (new["target"], new["capaian"], new["pagu"], new["realisasi"]) == ("5", "4", "10", "9")
    assert found.layout.header == 5


def test_a_mapping_is_remembered_for_the_source(cast: Cast) -> None:
    text = b"Rek;Nama;Nilai A;Nilai B\n4.1;PAD;10;9\n"
    where = Where(2025, cast.units["PEMDA"])
    found, _ = taken(text, "lra", where, "x.csv")
    assert flow.lacking(found)
    chosen = flow.with_choice(found, 0, 0, {"kode": 0, "uraian": 1, "setelah": 2, "realisasi": 3})
    assert [c.new for c in flow.plan(chosen, where).rows[0].changes] == ["PAD", "10", "9"]
    flow.remember(chosen, "Ekspor lama", PORTAL)
    db.session.commit()
    later, made = taken(text.replace(b"9", b"8"), "lra", where, "y.csv")
    # the heading was guessed at row 0 without columns, so its words are the same
    assert later.remembered == "Ekspor lama"
    assert made.rows[0].changes[-1].new == "8"


def test_an_empty_or_broken_file_is_refused_with_a_sentence(app: object, tmp_path: Path) -> None:
    with pytest.raises(grid.SheetError, match="tidak berisi"):
        flow.read(TARGETS["lra"], saved(openpyxl.Workbook()), "kosong.xlsx")
    assert db.session.scalar(sa.select(ImportRun)) is None


def test_a_sheet_of_another_kind_is_not_called_the_same(cast: Cast) -> None:
    """An LRA with accounts, read as a form of programs, holds nothing of that kind."""
    _, made = taken(lra_file(), "capaian", Where(2025, cast.units["DINKES"]))
    assert made.nothing
    assert not made.unchanged
