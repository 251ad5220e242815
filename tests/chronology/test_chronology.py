"""Berkas kronologi: everything is in it, no person is, and an altered byte is found."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from docx import Document as Docx
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from portal import clock, store
from portal.chronology import queries, rules
from portal.contracts.models import Contract
from portal.db import db
from portal.desks import flow as desks
from portal.people import workdays
from portal.people.models import Person
from portal.people.queries import today
from portal.trail import flow as trail
from portal.trail.models import TrailEntry
from portal.works.models import Photo, Progress
from tests.cast import Cast, post, sign_in
from tests.desks.test_desks import contract as _contract
from tests.trail.test_trail import unguarded
from tests.uploads.test_uploads import pdf

signed = _contract  # the fixture of the desks: signed, at work, SPP with the bendahara


@pytest.fixture
def contract(signed: Contract, cast: Cast) -> Iterator[Contract]:
    picture = io.BytesIO()
    Image.new("RGB", (1600, 1200), "teal").save(picture, "JPEG")
    photo = store.put(picture.getvalue(), "image/jpeg").sha256
    paper = store.put(pdf(1), "application/pdf").sha256
    week = Progress(contract_id=signed.id, week=1, plan=1, on=date(2026, 1, 12), planned=Decimal(10),
                    actual=Decimal(8), by_label="PPK", at=clock.now())  # fmt: skip
    db.session.add(week)
    db.session.flush()
    db.session.add(Photo(progress_id=week.id, sha256=photo, name="galian.jpg", taken="2026:01:12",
                         latitude=Decimal(-8), longitude=Decimal(115)))  # fmt: skip
    spp = next(s for s in signed.steps if s.key == "spp")
    desks.receive(signed, spp.id, [], "", cast.actor("bendahara"), workdays.calendar().is_workday)
    desks.state_obstacle(signed, spp.id, "Kuitansi belum bermeterai, menunggu penyedia", None,
                         cast.actor("bendahara"), (paper, "memo.pdf"))  # fmt: skip
    db.session.commit()
    yield signed


def test_all_is_in_it_and_no_person(cast: Cast, contract: Contract, client: FlaskClient) -> None:
    sign_in(client, cast.ppk)
    assert b"Rantai catatan utuh" in client.get(f"/kontrak/{contract.id}/kronologi").data
    got = client.get(f"/kontrak/{contract.id}/kronologi.docx")
    assert got.status_code == 200
    book = Docx(io.BytesIO(got.data))
    words = "\n".join([
        *(p.text for p in book.paragraphs),
        *(c.text for t in book.tables for r in t.rows for c in r.cells),
    ])  # fmt: skip
    for part in ("602/15/PUPR", "spmk/1", "Kuitansi belum bermeterai", "UTUH", "Foto minggu ke-1",
                 "berkas diterima", "SP2D"):  # fmt: skip
        assert part in words, part
    found = queries.of(contract, today())
    for file in found.files:
        assert rules.code(file.sha256) in words
        assert f"{file.sha256[:32]} {file.sha256[32:]}" in words
    for name in db.session.scalars(sa.select(Person.name)):
        assert name not in words
    # the page and the file were recorded, the file with its hash
    db.session.expire_all()
    verbs = [a.verb for a in queries.record_of(contract.id)[1]]
    assert verbs[-2:] == [queries.VIEWED, queries.TAKEN]
    assert queries.taken(contract.id)[0].name.endswith(".docx")
    sign_in(client, cast.operator_dinkes)
    assert client.get(f"/kontrak/{contract.id}/kronologi").status_code in (403, 404)


def test_pack_and_an_altered_byte_of_row_and_of_file(
    app: Flask, contract: Contract, tmp_path: Path
) -> None:
    runner = app.test_cli_runner()
    done = runner.invoke(
        args=["contract", "pack", str(contract.id), "--out", str(tmp_path / "paket")]
    )
    assert done.exit_code == 0, done.output
    assert {p.suffix for p in (tmp_path / "paket").iterdir()} == {".pdf", ".docx", ""}
    whole = runner.invoke(args=["trail", "verify"])
    assert whole.exit_code == 0 and "Utuh" in whole.output, whole.output

    stream, photo = f"contract:{contract.id}", db.session.scalars(sa.select(Photo.sha256)).one()
    path = store.path_of(photo)
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.chmod(0o640)
    path.write_bytes(data)
    unguarded("UPDATE trail SET after = substr(after, 1, length(after) - 1) WHERE seq = 2 "
              "AND stream LIKE 'contract:%'")  # fmt: skip
    db.session.expire_all()
    bad = runner.invoke(args=["trail", "verify"])
    assert bad.exit_code == 1
    assert f"alur {stream} catatan ke-2: berubah" in bad.output
    assert f"berkas {photo}: berubah (dipakai work_photo:" in bad.output
    found = queries.of(db.session.get_one(Contract, contract.id), today())
    assert [f.seq for f in found.chain.faults] == [2] and found.damaged[0].sha256 == photo


def test_the_page_of_authenticity_knows_a_chronology(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    sign_in(client, cast.people["ppk"])
    data = client.get(f"/kontrak/{contract.id}/kronologi.docx").data
    sign_in(client, cast.people["admin"])

    def asked(content: bytes) -> str:
        return post(client, "/keaslian", {"berkas": (io.BytesIO(content), "a.docx")}).text

    assert "Berkas asli" in asked(data) and "Tidak dikenal" in asked(data + b" ")


def test_rows_taken_out_are_named(app: Flask, contract: Contract) -> None:
    stream = f"contract:{contract.id}"
    step = next(s for s in contract.steps if s.key == "bast")
    act = sa.select(TrailEntry.id).where(TrailEntry.subject == f"step:{step.id}")
    unguarded(f"DELETE FROM trail WHERE id = {db.session.scalar(act)}")  # noqa: S608 - a number
    found = trail.all_faults()
    assert {f.what for f in found} == {"hilang"}
    out = app.test_cli_runner().invoke(args=["trail", "verify"]).output
    assert f"alur {stream} catatan ke-{found[0].seq}: hilang" in out
    assert f"langkah {step.id} ({step.title}): selesai tanpa catatan riwayat" in out


def test_office_instead_of_person() -> None:
    assert rules.office("Rina, S.T. (Kepala Bidang (Bina Marga))") == "Kepala Bidang (Bina Marga)"
    assert rules.office("Selaras") == "Selaras (otomatis)"
    assert rules.office("Rina Contoh") == "Pejabat tanpa jabatan"
