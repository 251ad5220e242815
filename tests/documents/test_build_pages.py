"""Susun Dokumen as the secretariat walks it, without JavaScript, and what strangers get."""

from __future__ import annotations

import errno
import io
import os
import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from portal import store
from portal.db import db
from portal.documents import building, flow
from portal.documents.models import Build, BuildState
from portal.reports.models import Report
from portal.web import builds as pages
from tests.cast import Cast, post, sign_in
from tests.documents.conftest import Order

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What was handed to the courier; each must be in the database already."""
    found: list[tuple[str, int]] = []

    def note(name: str, row_id: int) -> bool:
        db.session.rollback()
        assert db.session.get(Build, row_id) is not None
        found.append((name, row_id))
        return True

    monkeypatch.setattr(pages, "enqueue", note)
    return found


@pytest.fixture
def office(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.sekretariat)


def done(build: Build) -> Build:
    flow.run_build(build.id)
    db.session.refresh(build)
    assert build.state == BuildState.DONE, build.reason
    return build


def test_from_the_menu_to_the_downloaded_file(
    office: FlaskClient, report: Report, sent: list[tuple[str, int]]
) -> None:
    assert f"/susun/{report.id}" in office.get("/susun").text
    page = office.get(f"/susun/{report.id}").text
    assert "Semua bagian wajib sudah diterima" in page and "Satu bab" in page
    answer = post(office, f"/susun/{report.id}", {"bagian": "", "format": ["pdf", "docx"]})
    assert answer.status_code == 302
    where = answer.headers["Location"]
    assert sent and sent[0][0] == "build"
    page = office.get(where).text
    assert "Dalam antrean" in page and "every 2s" in page and "http-equiv" in page
    build = done(db.session.get_one(Build, sent[0][1]))
    page = office.get(where).text
    assert "Selesai" in page and "every 2s" not in page
    links = re.findall(r'href="(/unduh/[^"]+)"', page)
    assert len(links) == 2
    file = office.get(next(link for link in links if link.endswith("pdf")))
    assert file.data == store.read(next(f.sha256 for f in build.files if f.format == "pdf"))
    assert "LPPD_Kabupaten-Contoh_2025_Konsep-1.pdf" in file.headers["Content-Disposition"]
    assert file.mimetype == "application/pdf"
    file.close()


def test_asking_twice_leads_to_the_same_page(
    office: FlaskClient, report: Report, sent: list[tuple[str, int]]
) -> None:
    form = {"format": ["pdf"]}
    first = post(office, f"/susun/{report.id}", form).headers["Location"]
    assert post(office, f"/susun/{report.id}", form).headers["Location"] == first
    assert {row_id for _, row_id in sent} == {int(first.rsplit("/", 1)[1])}


def test_the_fragment_tells_the_bab(office: FlaskClient, order: Order) -> None:
    build = order()
    building.claim(build.id)
    building.progress(build.id, 1, 2, 8, "Bab II dari V")
    db.session.expire_all()  # written by the worker's own connection
    fragment = office.get(f"/penyusunan/{build.id}/keadaan").text
    assert "Sedang disusun (Bab II dari V)" in fragment and "<html" not in fragment
    assert 'value="25"' in fragment


def test_a_failure_says_why_and_offers_to_try_again(office: FlaskClient, order: Order) -> None:
    build = order()
    build.state, build.reason, build.active = BuildState.FAILED, "Gambar “Peta” hilang.", None
    db.session.commit()
    page = office.get(f"/penyusunan/{build.id}").text
    assert "Gagal" in page and "Gambar “Peta” hilang." in page and "Susun ulang" in page


def test_bad_input_is_a_sentence(office: FlaskClient, report: Report) -> None:
    answer = post(office, f"/susun/{report.id}", {"bagian": "bab:XX", "format": ["pdf"]})
    assert answer.status_code == 422 and "tidak ada dalam format ini" in answer.text
    answer = post(office, f"/susun/{report.id}", {"bagian": ""})
    assert answer.status_code == 422 and "pdf dan docx" in answer.text


def test_final_to_issue(office: FlaskClient, report: Report, sent: list[tuple[str, int]]) -> None:
    answer = post(office, f"/susun/{report.id}/final", {"tanggal": "tahun depan"})
    assert answer.status_code == 422 and "tahun depan" in answer.text
    answer = post(office, f"/susun/{report.id}/final", {"tanggal": "27 Maret 2026"})
    assert answer.status_code == 302
    build = done(db.session.get_one(Build, sent[0][1]))
    page = office.get(f"/penyusunan/{build.id}").text
    assert "Tetapkan naskah final" in page and "27 Maret 2026" in page
    assert post(office, f"/penyusunan/{build.id}/tetapkan", {"tanggal": ""}).status_code == 422
    answer = post(office, f"/penyusunan/{build.id}/tetapkan", {"tanggal": "27 Maret 2026"})
    assert answer.status_code == 302
    assert "Ditetapkan pada 27 Maret 2026" in office.get(f"/penyusunan/{build.id}").text
    assert (
        post(office, f"/penyusunan/{build.id}/tetapkan", {"tanggal": "1/4/2026"}).status_code == 409
    )
    assert "Naskah final" in office.get("/arsip").text


def test_a_lost_file_and_a_full_disk_are_sentences(
    office: FlaskClient, order: Order, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = done(order(formats="pdf"))
    store.path_of(build.files[0].sha256).unlink()
    answer = office.get(f"/unduh/{build.id}/pdf")
    assert answer.status_code == 410 and "Susun ulang" in answer.text

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = post(office, f"/susun/{report.id}", {"kertas": "A4", "format": ["pdf"]})
    assert answer.status_code == 422 and "penuh" in answer.text


def test_cancel(office: FlaskClient, order: Order) -> None:
    build = order()
    assert post(office, f"/penyusunan/{build.id}/batal").status_code == 302
    assert "Dibatalkan oleh" in office.get(f"/penyusunan/{build.id}").text
    assert post(office, f"/penyusunan/{build.id}/batal").status_code == 422


@pytest.mark.parametrize("who", ["sekretariat_lkpj", "sekretariat_sakip"])
def test_another_office_does_not_see_our_builds(
    client: FlaskClient, cast: Cast, order: Order, report: Report, who: str
) -> None:
    build = done(order(formats="pdf"))
    sign_in(client, cast.people[who])
    for url in (f"/susun/{report.id}", f"/penyusunan/{build.id}", f"/unduh/{build.id}/pdf"):
        assert client.get(url).status_code == 404, url
    assert post(client, f"/susun/{report.id}", {"format": ["pdf"]}).status_code == 404
    assert post(client, f"/penyusunan/{build.id}/batal").status_code == 404


def test_an_operator_may_not_build_and_sees_issued_books_only(
    client: FlaskClient, cast: Cast, order: Order, report: Report
) -> None:
    draft = done(order(formats="pdf"))
    book = done(order(final=True, sign_on=date(2026, 3, 27), formats="pdf"))
    sign_in(client, cast.operator_dinkes)
    assert client.get(f"/susun/{report.id}").status_code == 403
    assert client.get(f"/penyusunan/{draft.id}").status_code == 404
    assert client.get(f"/unduh/{book.id}/pdf").status_code == 404
    flow.issue(book, date(2026, 3, 27), "", cast.actor("sekretariat"))
    db.session.commit()
    sign_in(client, cast.operator_dinkes)
    page = client.get("/susun").text
    assert "Unduhan" in page and f"/unduh/{book.id}/pdf" in page and "Susun dokumen" not in page
    with client.get(f"/unduh/{book.id}/pdf") as file:
        assert file.status_code == 200


def test_authenticity(office: FlaskClient, order: Order) -> None:
    build = done(order(formats="pdf"))
    data = store.read(build.files[0].sha256)

    def asked(content: bytes) -> str:
        return post(
            office, "/keaslian", {"berkas": (io.BytesIO(content), "laporan.pdf")},
            content_type="multipart/form-data",
        ).text  # fmt: skip

    assert "Berkas asli" in asked(data)
    assert "Tidak dikenal" in asked(data + b" ")
    assert "Berkas asli" in post(office, "/keaslian", {"kode": build.files[0].sha256.upper()}).text
    assert post(office, "/keaslian", {"kode": "7F3A"}).status_code == 422
