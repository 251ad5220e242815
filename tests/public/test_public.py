"""RLPPD: chosen parts of an issued LPPD, nothing unsafe in what is published."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from portal import store
from portal.config import ROOT
from portal.db import db
from portal.documents import building, snapshot
from portal.documents import flow as documents
from portal.documents.tree import Document, Table, blocks, plain
from portal.figures.models import Evidence
from portal.indonesian import rupiah
from portal.outlines import flow as outlines
from portal.outlines import loader
from portal.public import making, queries, rules, spec
from portal.public.models import Publication
from portal.reports.models import Entry, EntryCell, Report
from tests.cast import Cast, post, sign_in
from tests.sakip.test_pages import count_queries

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest

NIP, PHONE, MAIL, PLACE = (
    "19800115 200501 1 003", "0812-3456-7890", "kepala@contoh.go.id", "-1.267512, 116.831234",
)  # fmt: skip
BASIS = "Nota PPID Utama Nomor 480/12/2026"


def photo() -> bytes:
    """A JPEG that says where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "Foto oleh 198001152005011003"
    exif.get_ifd(0x8825).update({1: "S", 2: (1.0, 16.0, 3.0), 3: "E", 4: (116.0, 49.0, 52.0)})
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "#88aacc").save(out, "JPEG", exif=exif)
    return out.getvalue()


def typed(report: Report, part: str, field: str) -> EntryCell:
    """One typed value of the LPPD."""
    return db.session.scalars(
        sa.select(EntryCell)
        .join(Entry, Entry.id == EntryCell.entry_id)
        .where(Entry.report_id == report.id, Entry.part_key == part, EntryCell.field == field)
    ).first()  # type: ignore[return-value]


def issued(report: Report, cast: Cast, matched: bool = True) -> None:
    """Compare the format, build the Naskah Final (or a Perbaikan) and issue it."""
    who = cast.actor("sekretariat")
    if matched and not making.latest_issue(report.id):
        outlines.record_comparison(
            "lppd", report.edition, "Siti Aminah, Kepala Bagian", date(2026, 1, 12),
            "Salinan lampiran dari JDIH", "", who)  # fmt: skip
    build = documents.request_build(
        report, actor=who, final=True, sign_on=date(2026, 3, 27), formats="pdf"
    ).build
    db.session.commit()
    building.run_build(build.id)
    db.session.refresh(build)
    documents.issue(build, date(2026, 3, 30), "Perbaikan isi", who)
    db.session.commit()


def form(report: Report, **more: Any) -> dict[str, Any]:
    """What the page sends."""
    found = making.latest_issue(report.id)
    return {"versi": queries.next_version(report.id), "lppd": found[0].id if found else 0,
            "dasar": BASIS} | more  # fmt: skip


def words_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def pictures_of(pdf: bytes) -> list[bytes]:
    """Raw streams of all pictures in a PDF."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return [o.read_raw_bytes() for o in file.objects
                if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"]  # fmt: skip


# --- the choice as data ---------------------------------------------------------------------


@pytest.mark.parametrize("code", ["permendagri-18-2020", "permendagri-19-2024"])
def test_the_choice_of_the_house_names_only_parts_of_the_lppd(code: str) -> None:
    folder = ROOT / "reports_templates"
    chosen = spec.for_year(folder / "rlppd", 2025)
    made = spec.edition_of(chosen, loader.load_all(folder).edition("lppd", code))
    assert made.unknown == ()
    assert [c.key for c in made.edition.chapters] == [
        "rlppd_makro", "rlppd_layanan_dasar", "rlppd_eppd_opini", "rlppd_anggaran",
        "rlppd_inovasi"]  # fmt: skip
    assert made.only == {"penunjang_keuangan": frozenset({"4.a.6"})}
    assert len(made.edition.lists["rlppd_ikk_dasar_urusan"]) == 6
    assert made.edition.preface is None and made.edition.sign_in is None


# --- what is unsafe -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [(NIP, "nip"), ("NIP. 198001152005011003", "nip"), ("6401234567890001", "nik"),
     (PHONE, "telepon"), ("+62 812 3456 7890", "telepon"), ("Telp. (0541) 123456", "telepon"),
     (MAIL, "email"), (PLACE, "gps"), ("1°16'03,5\" LS", "gps"),
     ("https://maps.app.goo.gl/x", "gps"), ("KONSEP 3", "konsep"), ("DRAF", "konsep")],
)  # fmt: skip
def test_each_is_found(text: str, kind: str) -> None:
    assert [k for k, _n, _s in rules.in_text(f"Hubungi {text} sekarang")] == [kind]


@pytest.mark.parametrize(
    "text",
    ["Rp1.250.000.000.000,00", "5.1.02.01.01.0024", "1.02.02.2.01.0003", "480/12/2026",
     "87,2035 %", "Peraturan Nomor 18 Tahun 2020", "konsepsi daerah", "2024 2025 2026",
     "Pasal 69, Pasal 70", "116,83", "1.234.567 jiwa", "08.00 WITA"],
)  # fmt: skip
def test_numbers_of_a_report_are_left_alone(text: str) -> None:
    assert list(rules.in_text(text)) == []


@given(st.decimals(min_value=0, max_value=10**15, places=2))
def test_no_amount_of_money_is_taken_for_a_number_of_a_person(value: Any) -> None:
    assert list(rules.in_text(f"Rp{rupiah(value)}")) == []


# --- from the issued LPPD to the public page ------------------------------------------------


def test_publish_read_republish_withdraw(
    app: Flask, client: FlaskClient, report: Report, cast: Cast
) -> None:
    office, guest = sign_in(client, cast.sekretariat), app.test_client()
    where = f"/susun-rlppd/{report.id}"
    assert 'href="/susun-rlppd"' in office.get("/susun").text
    page = office.get(where).text
    assert "belum ditetapkan" in page and "Menunggu LPPD ditetapkan" in page
    answer = post(office, where, form(report))
    assert answer.status_code == 422 and "LPPD tahun ini belum ditetapkan" in answer.text
    assert guest.get("/rlppd/2025").status_code == 404

    issued(report, cast)
    assert "Tidak ada yang menghalangi" in office.get(where).text
    short = post(office, where, form(report, dasar="ok"))
    assert (
        short.status_code == 422 and "Tulis dasar publikasi" in short.text and ">ok<" in short.text
    )
    sent = form(report)
    assert post(office, where, sent).status_code == 302
    assert post(office, where, sent).status_code == 302  # double click
    assert db.session.scalar(sa.select(sa.func.count(Publication.id))) == 1

    shown = guest.get("/rlppd/2025")
    assert shown.status_code == 200 and "Set-Cookie" not in shown.headers
    assert (
        shown.headers["Cache-Control"].startswith("public")
        and "Cookie" not in shown.headers["Vary"]
    )
    assert (
        guest.get("/rlppd/2025", headers={"If-None-Match": shown.headers["ETag"]}).status_code
        == 304
    )
    assert "<table>" in shown.text and BASIS in shown.text and 'scope="col"' in shown.text
    name = cast.actor("sekretariat").name
    assert name not in shown.text  # the jabatan alone
    mine = office.get("/rlppd/2025")
    assert "Set-Cookie" not in mine.headers and mine.data == shown.data
    file = guest.get("/rlppd/2025.pdf")
    assert file.mimetype == "application/pdf" and "Set-Cookie" not in file.headers
    meta = " ".join(map(str, (PdfReader(io.BytesIO(file.data)).metadata or {}).values()))
    assert name not in meta and name not in words_of(file.data)
    assert "/rlppd/2025" in guest.get("/rlppd").text

    issued(report, cast)  # Perbaikan ke-1
    assert "LPPD sudah diperbaiki" in office.get("/susun-rlppd").text
    stale = post(office, where, {**sent, "versi": 2})
    assert stale.status_code == 409
    assert post(office, where, form(report)).status_code == 302
    assert "versi 2" in guest.get("/rlppd/2025").text

    bad = post(
        office, f"{where}/tarik", {"versi": 2, "alasan": f"Hubungi {PHONE} untuk keterangan"}
    )
    assert bad.status_code == 422 and "nomor telepon" in bad.text
    assert (
        post(
            office, f"{where}/tarik", {"versi": 2, "alasan": "Angka IPM diperbaiki BPS"}
        ).status_code
        == 302
    )
    gone = guest.get("/rlppd/2025")
    assert gone.status_code == 410 and "Angka IPM diperbaiki BPS" in gone.text
    assert guest.get("/rlppd/2025.pdf").status_code == 410


def test_numbers_are_those_of_the_lppd(report: Report, cast: Cast) -> None:
    issued(report, cast)
    build = making.latest_issue(report.id)
    assert build is not None
    draft = making.draft(report)
    book = building.compile_snapshot(
        json.loads(store.read(build[1].snapshot_sha or "")), ""
    ).document
    theirs, ours = tables(book), tables(draft.document)
    assert ours and all(rows in theirs for rows in ours)


def tables(document: Document) -> list[list[str]]:
    """The cells of each table."""
    return [[plain(c.text) for r in b.rows for c in r.cells]
            for _, b in blocks(document) if isinstance(b, Table)]  # fmt: skip


@pytest.mark.parametrize("secret", [NIP, PHONE, MAIL, PLACE, "KONSEP 2"])
def test_a_planted_secret_stops_publication_and_names_the_place(
    app: Flask, client: FlaskClient, report: Report, cast: Cast, secret: str
) -> None:
    cell = typed(report, "geo", "text")
    cell.value = f"<p>Keterangan {secret} lebih lanjut.</p>"
    db.session.commit()
    issued(report, cast)
    office = sign_in(client, cast.sekretariat)
    answer = post(office, f"/susun-rlppd/{report.id}", form(report))
    assert answer.status_code == 422 and "BAB I WILAYAH" in answer.text
    assert "RLPPD belum dapat diterbitkan" in answer.text
    assert app.test_client().get("/rlppd/2025").status_code == 404
    assert db.session.scalar(sa.select(sa.func.count(Publication.id))) == 0


def test_published_bytes_hold_no_secret(
    app: Flask, client: FlaskClient, report: Report, cast: Cast
) -> None:
    """Secrets stand in parts of the LPPD that are not chosen, and inside the picture."""
    typed(report, "akhir", "text").value = f"<p>{NIP} {PHONE} {MAIL} {PLACE} KONSEP 1</p>"
    map_ = typed(report, "peta", "file")
    map_.value = store.put(photo(), "image/jpeg").sha256
    db.session.commit()
    assert Image.open(io.BytesIO(store.read(map_.value))).getexif().get_ifd(0x8825)
    issued(report, cast)
    book = making.latest_issue(report.id)
    assert book is not None
    assert NIP in words_of(store.read(book[1].files[0].sha256))  # the LPPD itself has it
    office = sign_in(client, cast.sekretariat)
    page = office.get(f"/susun-rlppd/{report.id}").text
    assert "Dibersihkan:" in page and "lokasi GPS" in page and "Menghalangi:" not in page
    assert post(office, f"/susun-rlppd/{report.id}", form(report)).status_code == 302

    guest = app.test_client()
    html, file = guest.get("/rlppd/2025").text, guest.get("/rlppd/2025.pdf").data
    for text in (html, words_of(file)):
        assert list(rules.in_text(text)) == []
        for secret in (NIP, PHONE, MAIL, PLACE, "KONSEP", "19800115"):
            assert secret not in text
    source = html.split('<img src="', 1)[1].split('"', 1)[0]
    image = guest.get(source).data
    images = pictures_of(file)
    assert images
    for data in (image, file, *images):
        assert b"Exif" not in data and b"19800115" not in data
    assert len(Image.open(io.BytesIO(image)).getexif()) == 0
    assert b"19800115" not in b"".join(
        v.encode() for v in map(str, guest.get(source).headers.values())
    )


def test_restricted_unmatched_and_unaccepted_stop(report: Report, cast: Cast) -> None:
    map_ = typed(report, "peta", "file")
    unit = db.session.get_one(Entry, map_.entry_id).supplier_unit_id
    db.session.add(Evidence(subject="indicator:1.b.1:2025", unit_id=unit, sha256=map_.value,
                            name="daftar.png", restricted=True, at=report.opened_at))  # fmt: skip
    luas = db.session.scalars(
        sa.select(Entry).where(Entry.report_id == report.id, Entry.part_key == "luas")
    ).first()
    assert luas is not None
    luas.state = "disahkan"
    db.session.commit()
    draft = making.draft(report)  # nothing issued: a look at today
    kinds = {f.kind for f in queries.findings(draft) if f.blocks}
    assert {"terbatas", "isian", "konsep"} <= kinds
    assert draft.document.marks.watermark == "DRAF"
    assert snapshot.take(report)["marks"]["unmatched"]


def test_only_the_compiling_office(app: Flask, report: Report, cast: Cast) -> None:
    operator = sign_in(app.test_client(), cast.operator_dinkes)
    assert operator.get(f"/susun-rlppd/{report.id}").status_code == 403
    assert app.test_client().get("/susun-rlppd").status_code == 302


def test_lists_ask_the_same_number_of_questions(
    client: FlaskClient, report: Report, cast: Cast
) -> None:
    issued(report, cast)
    office = sign_in(client, cast.sekretariat)
    post(office, f"/susun-rlppd/{report.id}", form(report))
    before = [count_queries(office, url) for url in ("/susun-rlppd", "/rlppd")]
    first = db.session.scalars(sa.select(Publication)).one()
    keys = [c.key for c in Publication.__table__.columns if c.key not in ("id", "version", "year")]
    for version in range(2, 8):
        same = {key: getattr(first, key) for key in keys}
        db.session.add(Publication(version=version, year=2025 + version, **same))
    db.session.commit()
    after = [count_queries(office, url) for url in ("/susun-rlppd", "/rlppd")]
    assert all(b <= a + 1 for a, b in zip(before, after, strict=True))
