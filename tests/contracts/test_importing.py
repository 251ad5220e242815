"""Lists of contracts come in: sheets of any heading, LKPP's JSON, twice, with wrong rows."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient

from portal.contracts import flow, importing, queries, reading
from portal.contracts.importing import Where
from portal.contracts.models import Contract
from portal.db import db
from portal.notices import due
from portal.people import workdays
from portal.people.queries import today
from portal.people.rules import PORTAL
from tests.cast import Cast, post, sign_in
from tests.imports.test_formats import ods

#: The layout of a real regional application, with a title above and a number row below.
HEAD = ("NO", "KODE", "NAMA KEGIATAN", "NO. KONTRAK", "TGL. KONTRAK", "NILAI KONTRAK",
        "WAKTU PEKERJAAN", "NAMA PERUSAHAAN", "SUMBER DANA", "TAHAP TERAKHIR")  # fmt: skip


def sheet(rows: list[tuple[Any, ...]], head: tuple[str, ...] = HEAD) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet("Kegiatan")
    page.write(0, 0, "DAFTAR KONTRAK TAHUN 2025")
    page.write_row(3, 0, head)
    for at, row in enumerate(rows, start=4):
        page.write_row(at, 0, row)
    book.close()
    return out.getvalue()


def running(count: int) -> list[tuple[Any, ...]]:
    return [
        (n, "1.03.10.2.01.0005", f"Rehabilitasi jalan {n}", f"602/{n}/PUPR/2025", "15 Agustus 2025",
         f"{100 + n}.500.000,00", "150 hari kalender", f"CV Contoh {n}", "PEN",
         "SPMK" if n % 2 else "")
        for n in range(1, count + 1)
    ]  # fmt: skip


def brought(cast: Cast, data: bytes, name: str = "daftar.xlsx") -> tuple[Any, list[Any]]:
    found = reading.read(data, name)
    made, drafts = importing.plan(found, Where(cast.units["DPUPR"], None))
    importing.apply(made, drafts, data, name, PORTAL)
    db.session.commit()
    return made, drafts


def test_forty_running_contracts_raise_no_notice_about_the_past(cast: Cast) -> None:
    made, _ = brought(cast, sheet(running(40)))
    assert made.count("baru") == 40 and not made.count("salah")
    contracts = db.session.scalars(sa.select(Contract)).all()
    assert len(contracts) == 40 and {c.fund for c in contracts} == {"PEN"}
    assert contracts[0].ends_on == date(2026, 1, 11)
    worked = workdays.calendar().is_workday
    today = date(2026, 2, 2)
    late = [v for c in contracts for v in queries.views(c, today, worked) if v.late_days]
    assert late == []
    steps = [o for o in due.all_due(today, worked) if o.subject.key.startswith("step:")]
    assert steps == []
    later = due.all_due(date(2026, 2, 6), worked)
    assert any(o.subject.key.startswith("step:") for o in later)  # the clock runs from go-live


def test_the_same_file_twice_changes_nothing_and_says_so(cast: Cast) -> None:
    data = sheet(running(3))
    brought(cast, data)
    found = reading.read(data, "daftar.xlsx")
    made, _ = importing.plan(found, Where(cast.units["DPUPR"], None))
    assert made.unchanged and made.count("sama") == 3
    assert importing.applied_before(data) is not None


def test_a_changed_file_fills_names_in_and_leaves_money_to_an_addendum(cast: Cast) -> None:
    brought(cast, sheet(running(1)))
    row = list(running(1)[0])
    row[5], row[7] = "175.000.000", "CV Contoh Baru"
    made, _ = brought(cast, sheet([tuple(row)]))
    assert made.count("berubah") == 1
    assert any("addendum" in note for note in made.rows[0].notes)
    contract = db.session.scalars(sa.select(Contract)).one()
    assert (contract.vendor, contract.value) == ("CV Contoh Baru", Decimal("101500000"))


def test_wrong_rows_name_what_is_wrong(cast: Cast) -> None:
    rows = running(4)
    rows[0] = (*rows[0][:4], "besok", *rows[0][5:])
    rows[1] = (*rows[1][:5], "seratus juta", *rows[1][6:])
    rows[2] = (*rows[2][:3], "", *rows[2][4:])
    rows.append(rows[3])
    found = reading.read(sheet(rows), "daftar.xlsx")
    made, _ = importing.plan(found, Where(cast.units["DPUPR"], None))
    told = " ".join(p for r in made.rows for p in r.problems)
    for words in ("“besok” belum benar", "“seratus juta” belum benar", "Nomor kontrak kosong",
                  "sudah ada pada baris 8"):  # fmt: skip
        assert words in told
    foreign, _ = importing.plan(found, Where(cast.units["DPUPR"], frozenset()))
    assert foreign.count("salah") == 5


LKPP = [
    {"tahun_anggaran": 2025, "kd_lpse": 1, "kd_tender": 77, "no_kontrak": "602/77",
     "tgl_kontrak": "2025-09-01 00:00:00", "nilai_kontrak": 1110000000,
     "cara_pembayaran_kontrak": "Termin", "no_spmk": "SPMK/77", "tgl_spmk": "02-09-2025",
     "waktu_penyelesaian_spmk": "180 hari", "tgl_mulai_kerja_spmk": "02-09-2025",
     "tgl_selesai_kerja_spmk": "28 Februari 2026", "no_bap": f"BAP/{n}",
     "tgl_bap": "2025-11-01", "besar_pembayaran_bap": 100000000 * n, "progres_fisik_bap": f"{30 * n}.00",
     "nama_penyedia": "PT Contoh Karya", "npwp_penyedia": "01.234.567.8-901.000"}
    for n in (1, 2)
]  # fmt: skip
SPPBJ = {"tahun_anggaran": 2025, "kd_tender": 77, "no_sppbj": "SPPBJ/77", "tgl_sppbj": "2025-08-20",
         "status_sppbj": "Selesai"}  # fmt: skip


def test_ekontrak_json_with_the_field_names_of_lkpp(cast: Cast) -> None:
    data = json.dumps({"data": [*LKPP, SPPBJ]}).encode()
    made, _ = brought(cast, data, "ekontrak.json")
    assert made.count("baru") == 1
    contract = db.session.scalars(sa.select(Contract)).one()
    assert (contract.number, contract.method, contract.vendor_npwp) == (
        "602/77", "tender", "012345678901000")  # fmt: skip
    assert (contract.net, contract.ends_on) == (Decimal("1000000000.00"), date(2026, 2, 28))
    steps = {s.key: s for s in contract.steps if not s.instance}
    assert (steps["spmk"].state, steps["spmk"].done_on, steps["spmk"].doc_no) == (
        "opening", date(2025, 9, 2), "SPMK/77")  # fmt: skip
    assert steps["sppbj"].doc_no == "SPPBJ/77" and steps["selesai"].state == "open"
    again, _ = importing.plan(reading.read(data, "e.json"), Where(cast.units["DPUPR"], None))
    assert again.unchanged
    bills = {b.instance: (b.percent, b.amount) for b in contract.billings}
    assert bills == {
        "t1": (Decimal("30.00"), Decimal("100000000.00")),
        "t2": (Decimal("60.00"), Decimal("200000000.00")),
        "akhir": (Decimal(100), Decimal("810000000.00")),
    }  # fmt: skip
    chain = {(s.key, s.instance): s for s in contract.steps if s.instance[:1] == "t"}
    assert {s.state for (_, i), s in chain.items() if i == "t1"} == {"opening"}
    assert (chain["tagihan", "t2"].state, chain["tagihan", "t2"].doc_no) == ("opening", "BAP/2")
    assert chain["spp", "t2"].ready_on == today() and chain["spp", "t2"].due_on > today()
    later = [{**LKPP[0], "no_bast": "BAST/77", "tgl_bast": "2026-01-30"}]
    flow.finish(contract, steps["selesai"].id, date(2026, 1, 29), "S/1", PORTAL,
                workdays.calendar().is_workday)  # fmt: skip
    brought(cast, json.dumps(later).encode(), "ekontrak.json")
    assert (steps["bast"].state, steps["bast"].doc_no) == ("done", "BAST/77")
    last = [*later, {**LKPP[0], "no_bap": "BAP/3", "tgl_bap": "2026-02-01",
                     "besar_pembayaran_bap": 810000000, "progres_fisik_bap": "100"}]  # fmt: skip
    for _ in range(2):
        brought(cast, json.dumps([*LKPP, *last]).encode(), "ekontrak.json")
    tagihan = next(s for s in contract.steps if (s.key, s.instance) == ("tagihan", "akhir"))
    assert (tagihan.state, tagihan.doc_no) == ("done", "BAP/3")


@pytest.mark.parametrize("bad", [b"{", b"[1]", b'"x"', b"[" * 100_000, b"\xff\xfe"])
def test_json_that_is_none_gets_a_sentence(cast: Cast, bad: bytes) -> None:
    try:
        found = reading.read(bad, "x.json")
    except flow.Refused as refused:
        assert "JSON" in str(refused)
    else:
        assert found.rows == []


def test_through_the_page_a_mapping_is_corrected_and_kept(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.ppk)
    head = tuple("URAIAN" if h == "NAMA KEGIATAN" else h for h in HEAD)
    data = sheet(running(2), head)
    page = post(client, "/kontrak/impor", {"berkas": (io.BytesIO(data), "daftar.xlsx")})
    assert page.status_code == 200 and "Nama pekerjaan belum ditemukan" in page.text
    ticket = page.text.split('name="ticket" value="')[1].split('"')[0]
    columns = {"k:nomor": "3", "k:judul": "2", "k:nilai": "5", "k:tanggal": "4", "k:hari": "6",
               "k:penyedia": "7", "k:dana": "8", "lembar": "0", "judul": "4"}  # fmt: skip
    form = {"ticket": ticket, **columns, "nama_sumber": "SIMDA lama", "aksi": "semua"}
    done = post(client, "/kontrak/impor/kolom", form)
    assert done.status_code == 302
    assert db.session.scalar(sa.select(sa.func.count(Contract.id))) == 2
    again = post(client, "/kontrak/impor", {"berkas": (io.BytesIO(data), "daftar.xlsx")})
    assert "diingat" in again.text and "tidak ada yang akan diubah" in again.text
    assert post(client, "/kontrak/impor", {}).status_code == 422
    assert post(client, "/kontrak/impor/kolom", {"ticket": "x"}).status_code == 422


def test_from_the_shell(cast: Cast, app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "daftar.xlsx"
    file.write_bytes(sheet(running(2)))
    run = app.test_cli_runner().invoke
    args = ["contract", "import", str(file), "--mapping", "otomatis", "--unit", "DPUPR"]
    look = run(args=args)
    assert look.exit_code == 0 and "2 baru" in look.output and "--apply" in look.output
    assert db.session.scalar(sa.select(sa.func.count(Contract.id))) == 0
    assert "Tertulis" in run(args=[*args, "--apply"]).output
    assert "tidak ada yang diubah" in run(args=[*args, "--apply"]).output
    assert "belum ada" in run(args=[*args[:4], "apa", *args[5:]]).output
    days = run(args=["calendar", "add-days", "2026-03-13", "5", "--kind", "kerja"])
    assert days.output.startswith("2026-03-27")
    rolled = run(args=["calendar", "add-days", "2026-03-13", "8", "--kind", "kalender"])
    assert rolled.output.startswith("2026-03-25")


def test_the_sample_list_comes_in_without_a_wrong_row(cast: Cast) -> None:
    file = Path(__file__).parents[2] / "reports_templates" / "contracts" / "contoh-daftar.csv"
    found = reading.read(file.read_bytes().replace(b"2026", b"2025"), file.name)
    mine = [replace(g, cells={**g.cells, "opd": "DPUPR"}) for g in found.rows]
    made, _ = importing.plan(replace(found, rows=mine), Where(None, None))
    assert made.count("baru") == 40
    assert made.rows[0].changes[-1].new == "26 Juni 2025 s.d. 24 Agustus 2025"
    assert made.rows[0].notes == ["Tanggal selesai dihitung dari 60 hari: 24 Agustus 2025."]


@pytest.mark.once
@pytest.mark.parametrize("ending", ["ods", "xls"])
def test_the_list_comes_as_an_older_office_saved_it(cast: Cast, ending: str) -> None:
    """The same three rows as OpenDocument and as Excel 97 wrote them."""
    old = (Path(__file__).parent / "files" / "daftar.xls").read_bytes()
    made, _ = brought(cast, old if ending == "xls" else ods(sheet(running(3))), f"daftar.{ending}")
    assert made.count("baru") == 3, [r.problems for r in made.rows]
    assert db.session.scalar(sa.select(sa.func.sum(Contract.value))) == Decimal("307500000.00")
