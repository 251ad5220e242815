"""The pages of contracts: register, Langkah Saya, a step on a phone, data and changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.contracts import flow
from portal.contracts.models import Addendum, Contract, ContractFund, Guarantee, Step
from portal.db import db
from portal.people import workdays
from portal.people.models import Position
from tests.cast import Cast, post, sign_in
from tests.contracts.test_flow import new_contract

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest


#: The calendar of the cast's region, which has no exception of its own.
worked = workdays.WorkCalendar().is_workday


@pytest.fixture
def contract(cast: Cast) -> Contract:
    made = flow.register(
        new_contract(cast, method="tender", signed=True, terms=1, ends_on=date(2026, 6, 30)),
        cast.actor("ppk"), worked)  # fmt: skip
    db.session.commit()
    return made


FORM = {
    "jenis": "konstruksi", "metode": "tender", "status": "berjalan", "nomor": "602/99/PUPR",
    "judul": "Pembangunan jembatan", "nilai": "1.000.000.000,00", "penyedia": "PT Contoh",
    "tanggal_kontrak": "5/1/2026", "mulai": "6/1/2026", "selesai": "30/6/2026",
    "dana": "PEN", "jumlah_0": "600.000.000", "dana_1": "DAU", "jumlah_1": "400.000.000",
    "bayar": "termin", "termin": "2", "uang_muka": "200.000.000", "pemeliharaan": "retensi",
}  # fmt: skip


def test_the_form_makes_a_contract_and_a_double_click_makes_no_second(
    cast: Cast, client: FlaskClient
) -> None:
    sign_in(client, cast.ppk)
    page = client.get("/kontrak/baru?jenis=konstruksi&metode=tender")
    assert page.status_code == 200 and "Pemenang ditetapkan" in page.text
    first = post(client, "/kontrak/baru", FORM)
    again = post(client, "/kontrak/baru", FORM)
    assert (first.status_code, again.status_code) == (302, 302)
    assert first.location == again.location
    made = db.session.scalars(sa.select(Contract)).one()
    assert (made.fund, made.terms, made.retention, made.net) == (
        "PEN", 2, "retensi", Decimal("900900900.90"))  # fmt: skip
    assert sum(db.session.scalars(sa.select(ContractFund.amount))) == made.value
    shown = client.get(first.location).text
    assert "PEN Rp600.000.000,00" in shown and "Langkah sekarang" in shown


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nilai": "seratus juta"}, "Nilai kontrak belum benar"),
        ({"judul": ""}, "Nama pekerjaan wajib diisi"),
        ({"selesai": "1/1/2026"}, "mendahului tanggal mulai"),
        ({"jumlah_1": "1"}, "Jumlah sumber dana tidak sama"),
        ({"tanggal_kontrak": "3/2/2026"}, "masa depan"),
        ({"peran_ppk": "99999"}, "Pilih pejabat untuk PPK"),
        ({"termin": "99"}, "antara 0 dan 24"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(
    cast: Cast, client: FlaskClient, change: dict[str, str], words: str
) -> None:
    sign_in(client, cast.ppk)
    answer = post(client, "/kontrak/baru", {**FORM, **change})
    assert answer.status_code == 422 and words in answer.text
    assert "602/99/PUPR" in answer.text and "PT Contoh" in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Contract.id))) == 0


def test_a_value_above_the_ceiling_of_its_method_is_asked_about(
    cast: Cast, client: FlaskClient
) -> None:
    sign_in(client, cast.ppk)
    form = {**FORM, "metode": "pengadaan_langsung", "bayar": "sekaligus"}
    made = post(client, "/kontrak/baru", form)
    assert made.status_code == 302
    assert "melebihi batas pengadaan langsung Rp400.000.000,00" in client.get(made.location).text


def test_a_step_is_finished_from_langkah_saya(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    sign_in(client, cast.ppk)
    mine = client.get("/kontrak/langkah-saya").text
    spmk = next(s for s in contract.steps if s.key == "spmk")
    page = f"/kontrak/{contract.id}/langkah/{spmk.id}"
    assert f"{page}?dari=langkah-saya" in mine
    shown = client.get(f"{page}?dari=langkah-saya").text
    assert "2 Februari 2026" in shown and 'value="langkah-saya"' in shown
    paper = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(paper)
    picture = (BytesIO(paper.getvalue()), "spmk.pdf")
    form = {"langkah": spmk.id, "tanggal": "12/1/2026", "nomor": "SPMK/1",
            "kembali": "langkah-saya", "berkas": picture}  # fmt: skip
    answer = post(client, f"/kontrak/{contract.id}/selesai", form)
    assert answer.status_code == 302 and answer.location == "/kontrak/langkah-saya"
    del form["berkas"]
    assert post(client, f"/kontrak/{contract.id}/selesai", form).status_code == 302  # double click
    other = {**form, "nomor": "SPMK/2"}
    assert post(client, f"/kontrak/{contract.id}/selesai", other).status_code == 422
    db.session.refresh(spmk)
    assert (spmk.state, spmk.done_on, spmk.file_name) == ("done", date(2026, 1, 12), "spmk.pdf")
    got = client.get(f"{page}/berkas")
    assert got.status_code == 200 and got.data.startswith(b"%PDF")
    sign_in(client, cast.kepala_dinkes)
    assert client.get(f"{page}/berkas").status_code == 404
    assert client.get(page).status_code == 404


def test_addendum_guarantee_event_and_limit_through_the_pages(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    sign_in(client, cast.ppk)
    base = f"/kontrak/{contract.id}"
    add = {"jenis": "perubahan", "nomor": "602/15.1", "tanggal": "2/2/2026", "selesai": "31/8/2026",
           "nilai": "20.000.000", "dasar": "hasil MC-0"}  # fmt: skip
    guard = {"jenis": "pelaksanaan", "nomor": "BG-9", "penerbit": "Bank Contoh",
             "nilai": "7.500.000", "mulai": "5/1/2026", "sampai": "31/7/2026"}  # fmt: skip
    assert post(client, f"{base}/jaminan", guard).status_code == 302
    assert post(client, f"{base}/jaminan", guard).status_code == 422
    bad = post(client, f"{base}/addendum", {**add, "nilai": "20.000.000.000"})
    assert bad.status_code == 422 and "Pasal 54" in bad.text and "hasil MC-0" in bad.text
    answer = post(client, f"{base}/addendum", {**add, "nilai": "10.000.000"})
    assert answer.status_code == 302
    page = client.get(f"{base}/data").text
    assert "berakhir 31 Juli 2026, sebelum pekerjaan selesai" in page
    assert db.session.scalars(sa.select(Addendum.days_change)).all() == [62]
    made = db.session.scalars(sa.select(Guarantee)).one()
    back = {"status": "dikembalikan", "tanggal": "2/2/2026"}
    assert post(client, f"{base}/jaminan/{made.id}", back).status_code == 302
    assert post(client, f"{base}/jaminan/{made.id}", back).status_code == 422
    event = {"kejadian": "kahar", "tanggal": "2/2/2026"}
    assert post(client, f"{base}/kejadian", event).status_code == 302
    assert post(client, f"{base}/kejadian", event).status_code == 422  # double click
    assert post(client, f"{base}/kejadian", {**event, "kejadian": "x"}).status_code == 422
    spmk = next(s for s in contract.steps if s.key == "spmk")
    limit = {"langkah": spmk.id, "hari": "7", "satuan": "kalender", "dasar": "SSKK 4"}
    assert post(client, f"{base}/langkah/batas", {**limit, "hari": "x"}).status_code == 422
    assert post(client, f"{base}/langkah/batas", limit).status_code == 302
    assert "SSKK 4" in client.get(f"{base}/langkah/{spmk.id}").text
    assert post(client, f"{base}/rinci", {}).status_code == 302
    assert client.get(base).status_code == 200
    sign_in(client, cast.bendahara)
    assert post(client, f"{base}/addendum", add).status_code == 403
    sign_in(client, cast.kepala_dinkes)
    assert client.get(f"{base}/data").status_code == 404


def test_the_register_is_filtered_paged_and_asks_few_questions(
    cast: Cast, app: Flask, client: FlaskClient
) -> None:
    many = [
        new_contract(cast, number=f"602/{n}", value=Decimal(1000), fund="PEN" if n % 3 else "DAU",
                     signed=True, last_done="spmk" if n % 2 else "")
        for n in range(45)
    ]  # fmt: skip
    flow.register_many(many, cast.actor("ppk"), flow.Days(worked))
    db.session.commit()
    sign_in(client, cast.bud)
    asked: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    counts = []
    for address in ("/kontrak", "/kontrak?hal=2", "/kontrak?dana=PEN&status=lewat&tahap=1"):
        asked.clear()
        page = client.get(address)
        counts.append(len(asked))
        assert page.status_code == 200
        if address == "/kontrak":
            assert "45 kontrak" in page.text and "halaman 1 dari 2" in page.text
    assert max(counts) <= 22, counts
    found = client.get("/kontrak?dana=DAU").text
    assert "15 kontrak, nilai Rp15.000,00 dari DAU" in found
    assert "Tidak ada kontrak yang cocok" in client.get("/kontrak?cari=zzz").text
    calendar = client.get("/kontrak/kalender")
    assert calendar.status_code == 200 and "602/1" in calendar.text


def test_taking_a_step_back_through_its_page(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    sign_in(client, cast.ppk)
    signed = next(s for s in contract.steps if s.key == "kontrak")
    base = f"/kontrak/{contract.id}/langkah"
    refused = post(client, f"{base}/buka", {"langkah": signed.id, "alasan": ""})
    assert refused.status_code == 422 and "Alasan wajib" in refused.text
    again = post(client, f"{base}/buka", {"langkah": signed.id, "alasan": "salah nomor"})
    assert again.status_code == 302
    assert db.session.get(Step, signed.id).state == "open"  # type: ignore[union-attr]
    answer = post(client, f"{base}/batal", {"langkah": signed.id, "alasan": "x"})
    assert answer.status_code == 422 and "wajib" in answer.text


def test_another_jabatan_takes_up_a_part_of_the_contract(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    sign_in(client, cast.ppk)
    held = {r.role: r.position_id for r in contract.roles}
    seat = Position(unit_id=cast.units["DPUPR"], role="bendahara", title="Bendahara II", rank=1)
    db.session.add(seat)
    db.session.commit()
    base = f"/kontrak/{contract.id}"
    form = {f"peran_{k}": v for k, v in held.items()}
    bad = post(client, f"{base}/pejabat", {**form, "peran_bendahara": ""})
    assert bad.status_code == 422 and "Pejabat belum lengkap" in bad.text
    assert post(client, f"{base}/pejabat", {**form, "peran_bud": seat.id}).status_code == 422
    assert post(client, f"{base}/pejabat", {**form, "peran_bendahara": seat.id}).status_code == 302
    db.session.expire_all()
    assert {r.role: r.position_id for r in contract.roles}["bendahara"] == seat.id
    assert client.get(f"{base}/data").status_code == 200
