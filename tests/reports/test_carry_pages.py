"""Pages of last year's content and of two formats, as the sekretariat and an operator use them."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.config import Config
from portal.db import db
from portal.reports import carry
from portal.reports.models import Report
from tests.cast import Cast, post, sign_in
from tests.reports.test_carry import NEWER, book, one  # noqa: F401 - book is a fixture


@pytest.fixture
def config(config: Config, tmp_path: Path) -> Config:
    """Two formats: one until 2025, one from 2026."""
    (tmp_path / "templates" / "lppd" / "uji-baru.yaml").write_text(NEWER, encoding="utf-8")
    return config


def test_from_opening_to_sending(cast: Cast, client: FlaskClient, book: Report) -> None:  # noqa: F811
    sign_in(client, cast.sekretariat)
    assert "Isi dari tahun lalu" in client.get(f"/laporan/{book.id}").text
    page = client.get(f"/laporan/{book.id}/tahun-lalu").text
    assert "4 isian dapat menerima isi tahun 2025" in page
    assert "dahulu isu daerah dan sekarang isu pusat" in page  # a key that changed its meaning
    for _ in range(2):  # a double click
        assert post(client, f"/laporan/{book.id}/tahun-lalu", {}).status_code == 302
    page = client.get(f"/laporan/{book.id}/tahun-lalu").text
    assert "Menunggu diperiksa: 4 isian" in page and "Dinas Kesehatan" in page
    staff = one(book, "pegawai", cast.units["DINKES"])
    sign_in(client, cast.operator_dinkes)
    form = client.get(f"/isian/{staff.id}").text
    assert "Dari tahun lalu, belum diperiksa" in form and "dari 2025, belum diperiksa" in form
    assert "belum diperiksa" in client.get(f"/isian/{staff.id}/kirim").text
    assert post(client, f"/isian/{staff.id}/sudah-diperiksa", {}).status_code == 302
    assert "belum diperiksa" not in client.get(f"/isian/{staff.id}").text
    text = one(book, "gambaran")
    assert post(client, f"/isian/{text.id}/sudah-diperiksa", {}).status_code == 404  # a stranger


def test_bad_input_is_named_with_what_to_do(
    cast: Cast, client: FlaskClient, report: Report
) -> None:
    sign_in(client, cast.sekretariat)
    page = client.get(f"/laporan/{report.id}/tahun-lalu").text
    assert "LPPD 2024 tidak ada di portal" in page
    refused = post(client, f"/laporan/{report.id}/tahun-lalu", {})
    assert refused.status_code == 422 and "flask report import" in refused.text
    form = {"kind": "lppd", "tahun": "2024", "format": "uji-baru"}
    wrong = post(client, "/laporan/buka", form)
    assert wrong.status_code == 422 and "berlaku mulai data tahun 2026" in wrong.text
    assert 'value="uji-baru" selected' in wrong.text  # nothing typed is lost
    assert sign_in(client, cast.operator_dinkes).get(
        f"/laporan/{report.id}/tahun-lalu").status_code == 403  # fmt: skip


def test_the_plan_asks_a_constant_number_of_queries(book: Report) -> None:  # noqa: F811
    carry.plan(book)
    asked: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        carry.plan(book)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    entries = db.session.scalar(sa.text("select count(*) from entry"))
    assert len(asked) < 24 < (entries or 0) * 4


def test_two_formats_side_by_side(cast: Cast, client: FlaskClient, report: Report) -> None:
    sign_in(client, cast.operator_dinkes)
    page = client.get("/format/banding").text
    for words in ("Makna berubah", "dahulu isu daerah", "Berganti nama", "kunci “profil” menjadi",
                  "Belum dicocokkan", "2026"):  # fmt: skip
        assert words in page, words
    same = client.get("/format/banding?lama=lppd:uji&baru=lppd:uji")
    assert same.status_code == 422 and "format yang sama" in same.text
    gone = client.get("/format/banding?lama=lppd:uji&baru=lppd:tiada")
    assert gone.status_code == 422 and "Pilih dua format" in gone.text
