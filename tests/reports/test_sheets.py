"""Lembar Pengesahan Data: printed for the head, signed on paper, handed in as a scan."""

from __future__ import annotations

import io
from datetime import date

import pytest
from PIL import Image
from pypdf import PdfReader

from portal import store
from portal.db import db
from portal.reports import flow, flow_sheets
from portal.reports.models import ApprovalSheet, Entry, Receipt
from tests.cast import post, sign_in
from tests.reports.test_review import do, filled  # noqa: F401 - a fixture

pytestmark = pytest.mark.strictest

TODAY = "02-02-2026"


def photo() -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (600, 900), "white").save(out, "JPEG")
    out.seek(0)
    return out, "lembar.jpg"


@pytest.fixture
def reviewed(filled, cast) -> Entry:  # noqa: F811 - the fixture of the same name
    do(filled, "kirim", cast, "operator_dinkes")
    do(filled, "selesai_reviu", cast, "apip", flow.Act(verdict="sesuai"))
    return filled


def printed(client, report) -> ApprovalSheet:
    answer = post(client, f"/laporan/{report.id}/pengesahan", {})
    assert answer.status_code == 302, answer.text[-600:]
    return db.session.query(ApprovalSheet).order_by(ApprovalSheet.n.desc()).first()


def hand_in(client, sheet, **fields):
    form = {"tanggal": TODAY, "berkas": photo(), **fields}
    return post(client, f"/pengesahan/{sheet.id}", {k: v for k, v in form.items() if v})


def test_printed_signed_and_handed_in_it_approves(reviewed, cast, report, client):
    sign_in(client, cast.operator_dinkes)
    assert "menunggu tanda tangan dan cap" in client.get("/tugas").text
    sheet = printed(client, report)
    assert sheet.number == "LP-LPPD-2025-DINKES-01" and printed(client, report).id == sheet.id
    words = PdfReader(io.BytesIO(store.read(sheet.sha256))).pages[0].extract_text()
    for text in ("LEMBAR PENGESAHAN DATA", sheet.number, "KEPALA DINAS KESEHATAN", "Siti Aminah"):
        assert text in words, text
    assert client.get(f"/pengesahan/{sheet.id}/cetak").mimetype == "application/pdf"
    done = hand_in(client, sheet)
    assert done.status_code == 302
    db.session.refresh(reviewed)
    assert reviewed.state == "disahkan"
    assert sheet.signer == "Kepala Dinas Kesehatan (Siti Aminah)"
    assert sheet.signed_on == date(2026, 2, 2) and sheet.receipt_no.startswith("TT-LPPD-2025-")
    page = client.get(f"/laporan/{report.id}/pengesahan").text
    assert "Sudah diunggah" in page and "Rina Wulandari" in page
    again = hand_in(client, sheet)
    assert again.status_code == 422 and "sudah diunggah" in again.text
    assert db.session.query(Receipt).filter(Receipt.subject == f"sheet:{sheet.id}").count() == 1


def test_what_changed_after_the_print_needs_a_new_sheet(reviewed, cast, report, client):
    sign_in(client, cast.operator_dinkes)
    sheet = printed(client, report)
    do(reviewed, "kembalikan_kepala", cast, "kepala_dinkes", flow.Act(remark="Perbaiki kalimat."))
    late = hand_in(client, sheet)
    assert late.status_code == 422 and "Cetak lembar yang baru" in late.text
    db.session.refresh(reviewed)
    assert reviewed.state == "dikembalikan" and sheet.scan_at is None


@pytest.mark.parametrize(("fields", "said"), [
    ({"tanggal": ""}, "Isi tanggal tanda tangan"),
    ({"tanggal": "kemarin"}, "Isi tanggal tanda tangan"),
    ({"tanggal": "03-02-2026"}, "belum tiba"),
    ({"tanggal": "01-02-2026"}, "dicetak 2 Februari 2026"),
    ({"berkas": None}, "Pilih dahulu pindaian"),
    ({"berkas": b"MZ\x90"}, "bukan"),
])  # fmt: skip
def test_bad_scans_are_refused_and_approve_nothing(
    reviewed, cast, report, client, fields, said
):  # fmt: skip
    sign_in(client, cast.operator_dinkes)
    sheet = printed(client, report)
    program = fields.get("berkas")
    answer = hand_in(
        client,
        sheet,
        **fields | ({"berkas": (io.BytesIO(program), "lembar.pdf")} if program else {}),
    )
    assert answer.status_code == 422 and said in answer.text, answer.text[-1500:]
    db.session.refresh(reviewed)
    assert reviewed.state == "selesai_direviu" and sheet.scan_at is None


def test_nobody_approves_without_paper_or_for_others(reviewed, cast, report, client):
    sign_in(client, cast.operator_dinkes)
    bare = post(client, f"/reviu/{reviewed.id}/langkah",
                {"langkah": "sahkan_lembar", "versi": str(reviewed.version)})  # fmt: skip
    assert bare.status_code in {403, 404, 422}
    db.session.refresh(reviewed)
    assert reviewed.state == "selesai_direviu"
    sheet = printed(client, report)
    sign_in(client, cast.operator_distan)
    assert client.get(f"/pengesahan/{sheet.id}/cetak").status_code == 404
    assert hand_in(client, sheet).status_code == 404
    dinkes = cast.units["DINKES"]
    assert client.get(f"/laporan/{report.id}/pengesahan?unit={dinkes}").status_code == 404
    empty = post(client, f"/laporan/{report.id}/pengesahan", {})
    assert empty.status_code == 422 and "belum dapat dicetak" in empty.text
    sign_in(client, cast.kepala_dinkes)
    assert client.get(f"/laporan/{report.id}/pengesahan").status_code == 200
    assert post(client, f"/laporan/{report.id}/pengesahan", {}).status_code == 403
    sign_in(client, cast.sekretariat)
    assert client.get(f"/laporan/{report.id}/pengesahan?unit={dinkes}").status_code == 200


def test_status_words(reviewed, cast, report):
    unit = cast.info("DINKES")
    content = flow_sheets.content_of(report, unit)
    assert flow_sheets.status(content, [], date(2026, 2, 2)) == "Belum dicetak"
    sheet, *_ = flow_sheets.prepare(report, unit, cast.actor("operator_dinkes"))
    assert flow_sheets.status(content, [sheet], date(2026, 2, 2)) == "Dicetak"
    assert flow_sheets.status(content, [sheet], date(2026, 2, 3)) == "Belum ditandatangani/dicap"
