"""Serah terima at a mutasi: what lies on the jabatan, who may look, the Berita Acara."""

from __future__ import annotations

import io
from datetime import date

import pytest
from pypdf import PdfReader

from portal.db import db
from portal.people import flow, queries
from portal.people.models import Person, Term
from portal.people.rules import PORTAL
from portal.reports import flow_open
from tests.cast import post, sign_in


@pytest.fixture
def moved(cast):
    """The operator of Dinkes left yesterday; a new one took over and has not signed in yet."""
    flow_open.open_report("lppd", 2025, actor=PORTAL)
    old = db.session.get(Term, cast.operator_dinkes.term_id)
    flow.end_term(old, date(2026, 2, 1), PORTAL)
    person = Person(login="199001012015011001", name="Yuni Kartika", nip="199001012015011001",
                    must_change_password=False)  # fmt: skip
    db.session.add(person)
    db.session.flush()
    data = flow.TermData(date(2026, 2, 2), None, "definitif", "821/7/2026")
    flow.save_term(None, old.position, person, data, PORTAL)
    db.session.commit()
    return old


def test_the_admin_sees_what_is_handed_over_and_both_accounts(moved, cast, client):
    sign_in(client, cast.admin)
    assert "Operator Dinas Kesehatan" in client.get("/serah-terima").text
    page = client.get(f"/serah-terima/{moved.id}").text
    for words in ("Rina Wulandari", "Yuni Kartika", "LPPD 2025", "tidak lagi membuka pekerjaan",
                  "Tutup akun", "Buat slip akun"):  # fmt: skip
        assert words in page, words


def test_the_berita_acara_names_both_and_the_open_work(moved, cast, client):
    sign_in(client, cast.admin)
    answer = client.get(f"/serah-terima/{moved.id}/berita-acara")
    assert answer.mimetype == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.data)).pages
    text = " ".join(p.extract_text() for p in pages)
    for words in ("BERITA ACARA SERAH TERIMA", "Senin, 2 Februari 2026", "Rina Wulandari",
                  "Yuni Kartika", "PIHAK KEDUA", "Mengetahui", "Siti Aminah"):  # fmt: skip
        assert words in text, words


def test_only_those_whom_it_concerns_look(moved, cast, client):
    sign_in(client, cast.operator_distan)
    assert client.get(f"/serah-terima/{moved.id}").status_code == 404
    assert client.get(f"/serah-terima/{moved.id}/berita-acara").status_code == 404
    assert "Rina" not in client.get("/serah-terima").text
    sign_in(client, cast.operator_dinkes)  # no jabatan any more, yet it was his
    assert client.get(f"/serah-terima/{moved.id}").status_code == 200
    assert "Tutup akun" not in client.get(f"/serah-terima/{moved.id}").text
    sign_in(client, cast.ppk)
    assert client.get(f"/serah-terima/{cast.ppk.term_id}").status_code == 200


def test_a_mutasi_leads_to_its_handovers(cast, client):
    sign_in(client, cast.admin)
    seat = db.session.get(Term, cast.kepala_distan.term_id).position_id
    form = {"peran": "kepala", "effective": "3 Februari 2026", "sk_no": "821/9/2026",
            f"baru.{seat}": cast.camat.login, f"sifat.{seat}": "definitif",
            "langkah": "terapkan"}  # fmt: skip
    answer = post(client, "/admin/akun/mutasi", form)
    assert answer.status_code == 302 and "/serah-terima" in answer.location, answer.text[-800:]
    page = client.get(answer.location).text
    assert "Agus Salim" in page and "Rudi Gunawan" in page


def test_neighbours_in_a_jabatan(moved):
    after = queries.neighbours(moved)[1]
    assert after.person.name == "Yuni Kartika" and queries.neighbours(after)[0].id == moved.id
