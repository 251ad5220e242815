"""Apa yang berubah as a page and as PDF; Perbaikan ke-1 with its list; building again."""

from __future__ import annotations

import io
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import event

from portal.db import db
from portal.documents import changes, flow
from portal.documents.models import Build
from portal.reports.models import Report
from tests.cast import Cast, post, sign_in
from tests.documents.conftest import Order
from tests.documents.test_build import change
from tests.documents.test_changes import made

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest

DAY = date(2026, 3, 27)


def issued(order: Order, cast: Cast, note: str = "") -> Build:
    build = made(order, final=True, sign_on=DAY)
    flow.issue(build, DAY, note, cast.actor("sekretariat"))
    db.session.commit()
    return build


def test_a_perbaikan_has_its_list_of_changes(
    order: Order, report: Report, cast: Cast, client: FlaskClient
) -> None:
    first = issued(order, cast)
    change(report, "luas", "luas", "140.25")
    change(report, "akhir", "text", "<p>Demikian <b>laporan</b> ini & selesai.</p>")
    issued(order, cast, "Luas wilayah diperbaiki.")
    sign_in(client, cast.kepala_dinkes)  # who only reads sees what was issued
    archive = client.get("/arsip").text
    assert "Daftar perubahan" in archive
    page = client.get(f"/perubahan/{report.id}").text
    assert "<b>Naskah final</b>" in page and "<b>Perbaikan ke-1</b>" in page
    assert "140,25" in page and "dihitung portal" in page and "Luas wilayah diperbaiki." in page
    assert "<ins>" in page or "Kalimat" in page
    path = f"/perubahan/{report.id}/daftar-perubahan.pdf?dari={first.id}&ke={first.id + 1}"
    answer = client.get(path)
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    words = "".join(p.extract_text() for p in PdfReader(io.BytesIO(answer.data)).pages)
    assert "140,25" in words and "Perbaikan ke-1" in words


def test_bad_choices_are_sentences(
    order: Order, report: Report, cast: Cast, client: FlaskClient
) -> None:
    sign_in(client, cast.sekretariat)
    assert "Belum ada dokumen utuh" in client.get(f"/perubahan/{report.id}").text
    build = made(order)
    for query in (f"dari={build.id}&ke={build.id}", "dari=99&ke=98", f"dari=x&ke={build.id}"):
        answer = client.get(f"/perubahan/{report.id}?{query}")
        assert answer.status_code == 422 and "Pilih dua versi" in answer.text, query
    pdf = client.get(f"/perubahan/{report.id}/daftar-perubahan.pdf?dari=1&ke=1")
    assert pdf.status_code == 422
    sign_in(client, cast.kepala_dinkes)  # a Konsep does not exist for others
    page = client.get(f"/perubahan/{report.id}?dari={build.id}&ke=kini").text
    assert "Belum ada dokumen utuh" in page and "Konsep 1" not in page


def test_building_again_is_a_page(
    order: Order, report: Report, cast: Cast, client: FlaskClient, app: Flask
) -> None:
    build = issued(order, cast)
    sign_in(client, cast.kepala_dinkes)
    page = post(client, f"/penyusunan/{build.id}/uji", {})
    assert page.status_code == 200 and "kata dan angka <b>sama</b>" in page.text
    build.manifest = {**build.manifest, "weasyprint": "60.0"}
    db.session.commit()
    page = post(client, f"/penyusunan/{build.id}/uji", {})
    assert "weasyprint: dahulu 60.0" in page.text


def test_comparing_asks_few_queries(order: Order, report: Report, cast: Cast) -> None:
    made(order)
    change(report, "luas", "luas", "141.00")
    made(order)
    actor = cast.actor("sekretariat")
    asked: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        known = changes.versions(actor, report)
        changes.between(actor, report, *changes.usual(known))
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) < 14
