"""Nota pengantar and surat pengantar: live numbers, gaps that are marked, nothing numbered."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from docx import Document
from flask.testing import FlaskClient

from portal import clock
from portal.config import ROOT
from portal.db import db
from portal.documents import letters, papers, snapshot, trace
from portal.documents.tree import Table, blocks
from portal.figures import catalogue
from portal.figures.models import Datum, DatumRev
from portal.reports import flow
from portal.reports.models import Entry, Report
from portal.reports.states import EntryState
from tests.cast import Cast, sign_in


@pytest.fixture
def lkpj(cast: Cast) -> Report:
    found = flow.open_report("lkpj", 2025, actor=cast.actor("sekretariat_lkpj")).report
    for year, value in ((2025, "71.86"), (2024, "71.51")):
        for key in catalogue.current().indicators["makro.ipm"].elements:
            datum = Datum(element=key, unit_id=cast.units["PEMDA"], period=str(year), head=1)
            db.session.add(datum)
            db.session.flush()
            db.session.add(DatumRev(datum_id=datum.id, n=1, value=Decimal(value), at=clock.now()))
    db.session.execute(
        sa.update(Entry).where(Entry.report_id == found.id).values(state=EntryState.DITERIMA)
    )
    db.session.commit()
    return found


def words(data: bytes) -> str:
    found = Document(io.BytesIO(data))
    cells = [c.text for t in found.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in found.paragraphs), *cells])


def test_numbers_come_from_the_book_and_gaps_are_marked(lkpj: Report) -> None:
    made = letters.compose(letters.texts()["nota_pengantar_lkpj"], lkpj)
    text = words(papers.printed(made.document, "docx"))
    assert "NOTA PENGANTAR" in text and "TAHUN ANGGARAN 2025" in text
    values = dict(made.numbers)
    book = trace.of_snapshot(snapshot.take(lkpj))
    printed = {
        run.datum: run.text for _, b in blocks(book) if isinstance(b, Table)
        for row in b.rows for cell in row.cells for run in cell.text
    }  # fmt: skip
    assert values["{ikk:makro.ipm}"] == printed["indicator:makro.ipm:2025"].rstrip("*")
    assert values["{ikk_lalu:makro.ipm}"] in text
    assert "{rp:lkpj_apbd_pendapatan.4.setelah}" in made.missing  # no APBD was typed here
    assert "[angka belum ada]" in text and "{" not in text


def test_the_pages_and_the_file(cast: Cast, client: FlaskClient, lkpj: Report) -> None:
    sign_in(client, cast.sekretariat_lkpj)
    index = client.get("/surat-laporan").text
    assert "Nota Pengantar LKPJ" in index and "Surat Pengantar LKPJ" in index
    page = client.get(f"/surat-laporan/pengantar_lkpj/{lkpj.id}").text
    assert "angka belum ada" in page and "BUPATI" in page
    answer = client.get(f"/surat-laporan/pengantar_lkpj/{lkpj.id}/naskah.docx")
    assert answer.status_code == 200
    text = words(answer.data)
    assert "Nomor" in text and ".........." in text  # number and day are left to people
    for path in (f"/surat-laporan/pengantar_lppd/{lkpj.id}", f"/surat-laporan/tiada/{lkpj.id}"):
        assert client.get(path).status_code == 404
    assert sign_in(client, cast.sekretariat).get(
        f"/surat-laporan/pengantar_lkpj/{lkpj.id}").status_code == 404  # fmt: skip


FILES = sorted((ROOT / "reports_templates" / "letters").glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_the_shipped_letters_are_right(path: Path) -> None:
    found = letters.read(path)
    assert found.key == path.stem and found.sections
    assert "teguran" not in path.read_text("utf-8").lower()


def test_a_wrong_letter_is_named(tmp_path: Path) -> None:
    file = tmp_path / "salah.yaml"
    file.write_text("format: 1\nkey: x\ntitle: X\nkind: lkpj\nform: pidato\n", "utf-8")
    with pytest.raises(letters.LetterError, match=r"salah\.yaml: form"):
        letters.read(file)
