"""Admin pages at work: forms that are refused keep what was typed, slips, import, mutasi."""

import io
import re
from datetime import date

import pytest
import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from portal.db import db
from portal.people import accounts, queries, region
from portal.people.models import Person, Position, Term, WorkDay
from tests.cast import PASSWORD, Cast, post, sign_in

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest

ON = date(2026, 2, 2)


@pytest.fixture
def admin(cast: Cast, client: FlaskClient) -> FlaskClient:
    return sign_in(client, cast.admin)


def test_a_refused_form_keeps_what_was_typed(cast: Cast, admin: FlaskClient) -> None:
    answer = post(admin, "/admin/akun/baru", {"name": "Ratna <Sari>", "nip": "12"})
    assert answer.status_code == 422
    assert "harus 18 angka" in answer.text
    assert "Ratna &lt;Sari&gt;" in answer.text
    answer = post(admin, "/admin/perangkat-daerah/baru",
                  {"code": "DPMPTSP", "name": "Dinas PM", "valid_from": "31-02-2026"})  # fmt: skip
    assert answer.status_code == 422
    assert "bukan tanggal" in answer.text
    assert "Dinas PM" in answer.text


def test_a_person_gets_a_jabatan_and_a_slip(cast: Cast, admin: FlaskClient, app: Flask) -> None:
    made = post(admin, "/admin/akun/baru", {"name": "Ratna Sari", "nip": "199001012015012001"})
    person_id = int(made.headers["Location"].rsplit("/", 1)[1])
    term = db.session.get(Term, cast.operator_distan.term_id)
    clash = post(admin, f"/admin/akun/{person_id}/masa-jabatan",
                 {"position_id": term.position_id, "sifat": "definitif",
                  "start": "2026-02-02"})  # fmt: skip
    assert clash.status_code == 422
    assert "Budi Hartono memangku jabatan ini" in clash.text
    ended = post(admin, f"/admin/akun/masa-jabatan/{term.id}/akhiri", {"end": "01-02-2026"})
    assert ended.status_code == 302
    held = post(admin, f"/admin/akun/{person_id}/masa-jabatan",
                {"position_id": term.position_id, "sifat": "definitif",
                 "start": "2026-02-02"})  # fmt: skip
    assert held.status_code == 302
    slip = post(admin, "/admin/akun/slip", {"orang": str(person_id)})
    assert "Musnahkan setelah masuk" in slip.text
    password = re.search(r'class="secret">([^<]+)<', slip.text)
    assert password
    entered = app.test_client()
    answer = post(entered, "/masuk", {"login": "199001012015012001", "sandi": password[1]})
    assert answer.headers["Location"].startswith("/akun/pertama")


def test_the_code_on_the_slip_names_nobody(cast: Cast, admin: FlaskClient) -> None:
    picture = admin.get("/admin/akun/alamat.svg")
    assert picture.mimetype == "image/svg+xml"
    assert b"<script" not in picture.data


def test_a_closed_account_is_out_at_once(cast: Cast, admin: FlaskClient, app: Flask) -> None:
    other = sign_in(app.test_client(), cast.operator_dinkes)
    post(admin, f"/admin/akun/{cast.operator_dinkes.person_id}/akun", {"buka": "0"})
    assert other.get("/akun").status_code == 302
    own = post(admin, f"/admin/akun/{cast.admin.person_id}/akun", {"buka": "0"})
    assert own.status_code == 422
    post(admin, f"/admin/akun/{cast.operator_dinkes.person_id}/akun", {"buka": "1"})
    assert accounts.check_password(cast.operator_dinkes.login, PASSWORD)


def workbook(*lines: list[str]) -> io.BytesIO:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    for n, line in enumerate([["NIP", "Nama", "Unit Kerja", "Jabatan"], *lines]):
        page.write_row(n, 0, line)
    book.close()
    out.seek(0)
    return out


def test_an_import_is_looked_at_before_it_is_applied(cast: Cast, admin: FlaskClient) -> None:
    file = workbook(["199001012015012001", "Ratna Sari", "Dinkes", "Operator Gizi"],
                    ["123", "Pendek", "", ""])  # fmt: skip
    looked = post(admin, "/admin/akun/impor", {"berkas": (file, "pegawai.xlsx")})
    assert "Orang baru." in looked.text
    assert "harus 18 angka" in looked.text
    assert db.session.query(Person).filter_by(nip="199001012015012001").count() == 0
    key = re.search(r'name="kunci" value="([0-9a-f]{32})"', looked.text)
    assert key
    stranger = sign_in(admin, cast.operator_dinkes)
    assert post(stranger, "/admin/akun/impor/terapkan", {"kunci": key[1]}).status_code == 403
    sign_in(admin, cast.admin)
    done = post(admin, "/admin/akun/impor/terapkan", {"kunci": key[1]})
    assert "1 orang baru" in done.text
    assert post(admin, "/admin/akun/impor/terapkan", {"kunci": key[1]}).status_code == 404
    assert post(admin, "/admin/akun/impor/terapkan", {"kunci": "../../x"}).status_code == 404


@pytest.mark.parametrize(("data", "name"), [
    (b"MZ\x90\x00" * 30, "pegawai.xlsx"), (b"nip,nama\n1,2\n", "pegawai.csv"), (b"", "a.xlsx"),
])  # fmt: skip
def test_a_file_that_is_no_workbook_is_refused(
    cast: Cast, admin: FlaskClient, data: bytes, name: str
) -> None:
    answer = post(admin, "/admin/akun/impor", {"berkas": (io.BytesIO(data), name)})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_mutasi_is_looked_at_first(cast: Cast, admin: FlaskClient) -> None:
    seat = db.session.get(Term, cast.kepala_distan.term_id).position_id
    typed = {"peran": "kepala", "effective": "2026-02-09", f"baru.{seat}": cast.camat.login}
    looked = post(admin, "/admin/akun/mutasi", {**typed, "langkah": "periksa"})
    assert "Yang akan terjadi" in looked.text
    assert "Rudi Gunawan" in looked.text
    holder = queries.holder(cast.units["DISTAN"], "kepala", date(2026, 2, 9))
    assert holder and holder.name == "Agus Salim"
    done = post(admin, "/admin/akun/mutasi", {**typed, "langkah": "terapkan"})
    assert done.status_code == 302
    holder = queries.holder(cast.units["DISTAN"], "kepala", date(2026, 2, 9))
    assert holder and holder.name == "Rudi Gunawan"
    empty = post(admin, "/admin/akun/mutasi", {"effective": "", "langkah": "periksa"})
    assert empty.status_code == 422


def test_tahap_is_set_up_and_units_move(cast: Cast, admin: FlaskClient) -> None:
    for name, opens in (("Tahap 1", "2026-01-05"), ("Tahap 2", "2026-06-01")):
        post(admin, "/admin/tahapan/tahap", {"modul": "lppd", "name": name, "opens_on": opens})
    page = admin.get("/admin/tahapan?modul=lppd").text
    first, later = re.findall(r'<option value="(\d+)">Tahap', page)
    dinkes = cast.units["DINKES"]
    post(admin, "/admin/tahapan/pindah", {"modul": "lppd", "wave_id": first, "unit": dinkes})
    assert queries.module_open(dinkes, "lppd", ON)
    post(admin, "/admin/tahapan/pindah", {"modul": "lppd", "wave_id": later, "unit": dinkes})
    assert not queries.module_open(dinkes, "lppd", ON)
    assert post(admin, "/admin/tahapan/pindah", {"modul": "lppd"}).status_code == 422


def test_identity_with_arms(cast: Cast, admin: FlaskClient) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 50), "red").save(picture, "PNG")
    picture.seek(0)
    assert admin.get("/lambang.png").status_code == 404
    usual = {f.key: f.default for f in region.FIELDS if f.kind == "choice"}
    typed = {**usual, "jenis": "Kota", "nama": "Contoh", "kepala_daerah": "Wali Kota", "kertas": "A4",
             "kata_pd": "OPD", "demo": "1", "valid_from": "2026-02-02", "basis": "Uji"}  # fmt: skip
    saved = post(admin, "/admin/identitas", {**typed, "lambang": (picture, "lambang.png")})
    assert saved.status_code == 302
    assert region.region(ON).full == "Kota Contoh"
    assert admin.get("/lambang.png").status_code == 200
    assert "DATA CONTOH" in admin.get("/akun").text
    bad = post(
        admin,
        "/admin/identitas",
        {**typed, "nama": "Lain", "lambang": (io.BytesIO(b"<svg/>"), "lambang.png")},
    )
    assert bad.status_code == 422
    assert 'value="Lain"' in bad.text
    assert region.region(ON).nama == "Contoh"


def test_a_local_holiday(cast: Cast, admin: FlaskClient) -> None:
    post(admin, "/admin/kalender", {"day": "06-02-2026", "kind": "libur", "name": "Hari jadi"})
    assert db.session.get(WorkDay, date(2026, 2, 6)).name == "Hari jadi"
    assert "Hari jadi" in admin.get("/admin/kalender").text
    assert post(admin, "/admin/kalender", {"day": "x", "kind": "libur"}).status_code == 422


def test_a_jabatan_is_renamed_and_rests_when_nobody_holds_it(
    cast: Cast, admin: FlaskClient
) -> None:
    seat = Position(unit_id=cast.units["DINKES"], role="operator", title="Operator lama")
    held = db.session.get_one(Term, cast.operator_dinkes.term_id).position_id
    db.session.add(seat)
    db.session.commit()
    page = f"/admin/perangkat-daerah/{cast.units['DINKES']}"
    way = f"/admin/perangkat-daerah/jabatan/{seat.id}"
    post(admin, way, {"title": "Operator LPPD Dinkes", "role": "operator"})
    assert "Operator LPPD Dinkes" in admin.get(page).text
    assert post(admin, way, {"aktif": "0"}).status_code == 302
    assert "tidak aktif" in admin.get(page).text
    refused = post(admin, f"/admin/perangkat-daerah/jabatan/{held}", {"aktif": "0"})
    assert refused.status_code == 422 and "masih dipegang Rina Wulandari" in refused.text
    short = post(admin, way, {"title": "x", "role": "operator"})
    assert short.status_code == 422 and "Isi nama jabatan" in short.text


def test_a_duty_is_given(cast: Cast, admin: FlaskClient) -> None:
    post(admin, "/admin/pengampu", {"key": "urusan_pangan", "main": cast.units["DISTAN"]})
    assert queries.duty_units("urusan_pangan") == (cast.units["DISTAN"], ())
    assert post(admin, "/admin/pengampu", {"key": "x", "main": "99999"}).status_code == 422


def test_the_record_shows_who_did_what(cast: Cast, admin: FlaskClient) -> None:
    post(admin, "/admin/pengampu", {"key": "urusan_pangan", "main": cast.units["DISTAN"]})
    page = admin.get("/admin/riwayat?alur=region").text
    assert "duty.save" in page
    assert "Fitri Handayani (Admin Selaras)" in page
    assert "semuanya utuh" in admin.get("/admin/riwayat/periksa").text
