"""Format Laporan: DRAF until a named official has compared; wordings with their basis."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db
from portal.outlines import flow, loader, queries
from portal.outlines.models import ComparisonRecord, Wording
from portal.people.refusal import Refused
from portal.trail.models import TrailEntry
from tests.cast import Cast, post, sign_in

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest

LPPD = ("lppd", "permendagri-18-2020")
URL = "/format/lppd/permendagri-18-2020"
GOOD = {
    "compared_by": "Siti Aminah, S.STP., Kepala Bagian Tata Pemerintahan",
    "on": "2026-01-12",
    "against": "Salinan Permendagri 19/2024 dari JDIH Kemendagri",
    "note": "Judul 2.3 berbeda.",
}


def test_a_format_is_a_draft_until_somebody_compared_it(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.sekretariat)
    page = client.get(URL).text
    assert "Belum dicocokkan" in page
    assert "19/2024" in page
    assert queries.comparison(*LPPD) is None
    answer = post(client, f"{URL}/pencocokan", GOOD)
    assert answer.status_code == 302
    record = queries.comparison(*LPPD)
    assert record is not None and record.on == date(2026, 1, 12)
    assert record.by_label.startswith("Lina Marlina")
    page = client.get(URL).text
    assert "Sudah dicocokkan" in page and "12 Januari 2026" in page
    entry = db.session.scalars(
        sa.select(TrailEntry).where(TrailEntry.verb == "mencatat pencocokan")
    ).one()
    assert entry.after["naskah"] == GOOD["against"]


def test_a_changed_outline_is_uncompared_again(
    cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow.record_comparison(
        *LPPD, "Siti", date(2026, 1, 12), "naskah", "", cast.actor("sekretariat")
    )
    assert queries.comparison(*LPPD) is not None
    known = loader.current()
    changed = loader.Outlines(known.editions, {**known.digests, LPPD: "0" * 64})
    monkeypatch.setattr(loader, "current", lambda: changed)
    assert queries.comparison(*LPPD) is None
    assert len(queries.comparisons(*LPPD)) == 1


def test_withdrawing_needs_a_reason_and_keeps_the_record(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.sekretariat)
    post(client, f"{URL}/pencocokan", GOOD)
    record = db.session.scalars(sa.select(ComparisonRecord)).one()
    assert post(client, f"{URL}/pencocokan/{record.id}/cabut", {"why": " "}).status_code == 422
    assert queries.comparison(*LPPD) is not None
    answer = post(client, f"{URL}/pencocokan/{record.id}/cabut", {"why": "Salah naskah"})
    assert answer.status_code == 302
    assert queries.comparison(*LPPD) is None
    assert queries.comparisons(*LPPD)[0].withdrawn_why == "Salah naskah"
    again = post(client, f"{URL}/pencocokan/{record.id}/cabut", {"why": "lagi"})
    assert again.status_code == 422 and "sudah dicabut" in again.text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"compared_by": " "}, "nama dan jabatan"),
        ({"on": ""}, "Isi tanggal pencocokan"),
        ({"on": "31/13/2025"}, "Isi tanggal pencocokan"),
        ({"on": "2026-02-03"}, "belum tiba"),
        ({"against": ""}, "Tulis naskah"),
        ({"against": "x" * 301}, "paling panjang 300"),
        ({"note": "x" * 4001}, "paling panjang 4000"),
    ],
)
def test_a_bad_form_says_what_to_do_and_loses_nothing(
    cast: Cast, client: FlaskClient, change: dict[str, str], sentence: str
) -> None:
    sign_in(client, cast.sekretariat)
    answer = post(client, f"{URL}/pencocokan", {**GOOD, **change})
    assert answer.status_code == 422
    assert sentence in answer.text
    kept = {**GOOD, **change}["note"][:20]
    assert kept in answer.text
    assert queries.comparison(*LPPD) is None


def test_wordings_wait_for_their_official_text(cast: Cast, client: FlaskClient) -> None:
    edition = loader.current().edition(*LPPD)
    waiting = queries.uncertain(edition)
    assert len(waiting) > 60
    assert {w.no for w in waiting} >= {"1.b.1.K1"} or any(w.no.startswith("1.b") for w in waiting)
    one = next(w for w in waiting if w.key.startswith("indicator:"))
    sign_in(client, cast.sekretariat)
    page = client.get(f"{URL}/rumusan/{one.key}").text
    assert "(kosong)" in page and one.guess in page
    body = {"text": "Jumlah <b>layanan</b> resmi", "basis": "Lampiran I halaman 41"}
    assert post(client, f"{URL}/rumusan/{one.key}", body).status_code == 302
    post(client, f"{URL}/rumusan/{one.key}", body)  # the same again changes nothing
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Wording)) == 1
    post(client, f"{URL}/rumusan/{one.key}", {**body, "text": "Jumlah layanan"})
    assert queries.wordings(*LPPD)[one.key].text == "Jumlah layanan"
    assert [w.text for w in queries.history(*LPPD, one.key)] == [
        "Jumlah layanan", "Jumlah <b>layanan</b> resmi",
    ]  # fmt: skip
    page = client.get(f"{URL}/rumusan/{one.key}").text
    assert "<b>layanan</b>" not in page and "&lt;b&gt;layanan" in page


def test_a_wording_needs_text_and_basis(cast: Cast, client: FlaskClient) -> None:
    one = queries.uncertain(loader.current().edition(*LPPD))[0]
    sign_in(client, cast.sekretariat)
    answer = post(client, f"{URL}/rumusan/{one.key}", {"text": "Resmi", "basis": ""})
    assert answer.status_code == 422
    assert "Tulis dasar rumusan" in answer.text and "Resmi" in answer.text
    with pytest.raises(Refused):
        flow.record_wording(*LPPD, one.key, "", "x", cast.actor("sekretariat"))


def test_who_only_reads_cannot_record(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.operator_dinkes)
    assert client.get("/format").status_code == 200
    page = client.get(URL).text
    assert "Catat pencocokan" not in page
    assert post(client, f"{URL}/pencocokan", GOOD).status_code == 403
    assert post(client, f"{URL}/rumusan/x", {"text": "a", "basis": "b"}).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/format/lppd/tiada", "/format/rlppd/permendagri-18-2020", f"{URL}/rumusan/indicator:tiada"],
)
def test_unknown_places_are_not_found(cast: Cast, client: FlaskClient, path: str) -> None:
    sign_in(client, cast.sekretariat)
    assert client.get(path).status_code == 404
    assert post(client, f"{URL}/pencocokan/999/cabut", {"why": "x"}).status_code == 404


def test_the_command_names_file_line_and_reason(app: Flask, tmp_path: object) -> None:
    run = app.test_cli_runner().invoke
    good = run(args=["outline", "check"])
    assert good.exit_code == 0, good.output
    assert "LPPD permendagri-18-2020" in good.output
    file = f"{tmp_path}/lppd.yaml"
    with open(file, "w", encoding="utf-8") as out:  # noqa: PTH123 - a test's own file
        out.write("format: 2\nkind: lppd\n")
    bad = run(args=["outline", "check", file])
    assert bad.exit_code == 1
    assert f"{file}:1: " in bad.output and "Traceback" not in bad.output
