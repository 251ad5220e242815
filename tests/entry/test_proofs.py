"""Data dukung and catatan: a double click keeps one; names of persons are not even named."""

from __future__ import annotations

import io
import re

from openpyxl import Workbook

from portal.db import db
from portal.figures import catalogue
from portal.figures import queries as figures
from portal.reports.models import Entry, Remark
from tests.cast import post, sign_in


def excel() -> bytes:
    out, book = io.BytesIO(), Workbook()
    book.active["A1"] = "Rekap"
    book.save(out)
    return out.getvalue()


DATA = excel()


def give(client, entry, key, answer="", name="Rekap.xlsx"):
    form = {f"berkas:{key}": (io.BytesIO(DATA), name), f"nama:{key}": answer}
    return post(client, f"/isian/{entry}/bukti", form)


def restricted_and_free() -> tuple[str, str]:
    book = catalogue.current()
    asked = book.of("hasil", "kesehatan")
    named = next(i.key for i in asked if any(book.elements[k].restricted for k in i.elements))
    free = next(i.key for i in asked if not any(book.elements[k].restricted for k in i.elements))
    return named, free


def test_a_missing_proof_leads_to_its_indicator(operator, world_of):
    _, free = restricted_and_free()
    page = operator.get(f"/isian/{world_of.entries['ikk']}/kirim").text
    assert f"#i-{free}" in page
    assert f'id="i-{free}"' in operator.get(f"/isian/{world_of.entries['ikk']}").text


def test_the_same_file_twice_is_one_data_dukung(operator, world_of):
    _, free = restricted_and_free()
    for _ in range(2):
        assert give(operator, world_of.entries["ikk"], free).status_code == 302
    assert len(figures.evidence_of(free, 2025)) == 1


def test_where_persons_may_be_named_it_is_asked_and_hidden(operator, world_of, client):
    named, _ = restricted_and_free()
    entry = world_of.entries["ikk"]
    give(operator, entry, named, name="Daftar pasien Bapak Ahmad.xlsx")
    assert [f.restricted for f in figures.evidence_of(named, 2025)] == [True]
    assert "Memuat nama orang?" in operator.get(f"/isian/{entry}").text
    assert "Bapak Ahmad" in operator.get(f"/isian/{entry}").text
    row = db.session.get(Entry, entry)
    row.state, row.receipt_no = "direviu", "TT"
    db.session.commit()
    sign_in(client, world_of.cast.sekretariat)
    for url in (f"/isian/{entry}", f"/reviu/{entry}", f"/isian/{entry}/cetak"):
        page = client.get(url).text
        assert "Bapak Ahmad" not in page, url
    assert "1 berkas terbatas" in client.get(f"/reviu/{entry}").text
    sign_in(client, world_of.cast.apip)
    page = client.get(f"/reviu/{entry}").text
    assert "Bapak Ahmad" in page
    file = re.search(rf"/isian/{entry}/bukti/\d+", page)
    assert file and client.get(file[0]).data == DATA


def test_a_double_click_on_a_catatan_says_it_once(operator, world_of, client):
    row = db.session.get(Entry, world_of.entries["pegawai"])
    row.state, row.receipt_no = "direviu", "TT"
    db.session.commit()
    sign_in(client, world_of.cast.apip)
    form = {"bagian": "", "catatan": "Sumber data belum ada."}
    for _ in range(2):
        assert post(client, f"/reviu/{row.id}/catatan", form).status_code == 302
    assert db.session.query(Remark).count() == 1
