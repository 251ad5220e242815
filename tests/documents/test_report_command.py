"""``flask report``: the whole job on the command line, and the file that carries a report."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from portal import clock, store
from portal.db import db
from portal.documents.models import BuildFile
from portal.figures.models import Datum, DatumRev
from portal.people.rules import PORTAL
from portal.reports import exchange
from portal.reports.models import (
    Entry,
    EntryCell,
    EntryRow,
    EntrySupport,
    EntryUpload,
    FinishedDocument,
    Report,
)
from portal.reports.refusal import Refused
from tests.cast import Cast

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["report", *words])


def test_open_twice(app: Flask, cast: Cast) -> None:
    first = run(app, "open", "lppd", "2025")
    assert first.exit_code == 0 and "isian dibuat" in first.output
    assert "LPPD 2025: 0 isian dibuat" in run(app, "open", "lppd", "2025").output


def test_check_names_what_is_missing(app: Flask, report: Report) -> None:
    assert "Semua bagian wajib siap." in run(app, "check", "lppd", "2025").output
    entry = db.session.scalars(sa.select(Entry).where(Entry.part_key == "geo")).one()
    entry.state = "draf"
    db.session.commit()
    found = run(app, "check", "lppd", "2025", "--strict")
    assert found.exit_code == 1
    assert "Bagian Tata Pemerintahan: Keadaan Geografis (Draf)" in found.output


def test_build_prints_path_pages_and_sha(app: Flask, report: Report, tmp_path: Path) -> None:
    out = tmp_path / "hasil"
    found = run(app, "build", "lppd", "2025", "--format", "pdf,docx", "--out", str(out))
    assert found.exit_code == 0, found.output
    for path in out.iterdir():
        assert f"{path}" in found.output
        assert hashlib.sha256(path.read_bytes()).hexdigest() in found.output
    assert sorted(p.suffix for p in out.iterdir()) == [".docx", ".pdf"]
    assert re.search(r"\d+ halaman", found.output)
    again = run(app, "build", "lppd", "2025", "--out", str(out))
    assert "tidak berubah" in again.output


def test_build_of_one_unit(app: Flask, report: Report, tmp_path: Path) -> None:
    found = run(app, "build", "lppd", "2025", "--unit", "DINKES", "--format", "pdf",
                "--out", str(tmp_path / "o"))  # fmt: skip
    assert found.exit_code == 0, found.output
    assert "unit-DINKES" in next((tmp_path / "o").iterdir()).name


def test_verify_makes_the_files_again(app: Flask, report: Report, tmp_path: Path) -> None:
    assert "Belum ada" in run(app, "verify", "lppd", "2025").output
    run(app, "build", "lppd", "2025", "--out", str(tmp_path / "o"))
    found = run(app, "verify", "lppd", "2025")
    assert found.exit_code == 0, found.output
    assert found.output.count("sama ") == 3  # both files, and the words
    file = db.session.scalars(sa.select(BuildFile).where(BuildFile.format == "pdf")).one()
    build = file.build
    file.sha256 = str(build.snapshot_sha)  # as if another engine had made it
    build.manifest = {**build.manifest, "weasyprint": "69.0"}
    db.session.commit()
    found = run(app, "verify", "lppd", "2025")
    assert found.exit_code == 1 and "BEDA" in found.output
    assert "weasyprint: dahulu 69.0" in found.output


def test_final_is_ordered_with_reasons_and_issued(
    app: Flask, report: Report, tmp_path: Path
) -> None:
    entry = db.session.scalars(sa.select(Entry).where(Entry.part_key == "geo")).one()
    entry.state = "draf"
    db.session.commit()
    words = ("build", "lppd", "2025", "--final", "--signed-on", "2026-03-27", "--format", "pdf",
             "--out", str(tmp_path))  # fmt: skip
    assert "Masih ada 1 bagian wajib" in run(app, *words).output
    form = tmp_path / "alasan.txt"
    form.write_text(run(app, "check", "lppd", "2025", "--keys").output, encoding="utf-8")
    refused = run(app, *words, "--reasons", str(form))  # an empty reason is none
    assert refused.exit_code == 1 and "Masih ada 1 bagian wajib" in refused.output
    form.write_text("geo Naskah asli dicari.\n", encoding="utf-8")
    assert "alasan.txt, baris 1" in run(app, *words, "--reasons", str(form)).output
    text = run(app, "check", "lppd", "2025", "--keys").output.splitlines()[1]
    form.write_text(f"{text}Naskah asli sedang dicari.\n", encoding="utf-8")
    done = run(app, *words, "--reasons", str(form))
    assert done.exit_code == 0 and "Naskah-final" in done.output, done.output
    issued = run(app, "issue", "lppd", "2025", "--on", "2026-03-27")
    assert issued.exit_code == 0 and "Naskah final LPPD 2025 ditetapkan." in issued.output
    assert "sudah ditetapkan" in run(app, "issue", "lppd", "2025", "--on", "2026-03-27").output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("build", "lppd", "2031"), "belum dibuka"),
        (("build", "lppd", "2025", "--unit", "ENTAH"), "ENTAH tidak ada"),
        (("build", "lppd", "2025", "--bab", "IX"), "tidak ada dalam format"),
        (("build", "lppd", "2025", "--format", "xls"), "pdf dan docx"),
        (("build", "lppd", "2025", "--bab", "I", "--urusan", "sosial"), "Pilih satu"),
        (("build", "lppd", "2025", "--final"), "Isi tanggal tanda tangan"),
        (("build", "lppd", "2025", "--final", "--bab", "I"), "seluruh dokumen"),
        (("build", "lppd", "2025", "--signed-on", "2026-03-27"), "bersama --final"),
        (("issue", "lppd", "2025", "--on", "2026-03-27"), "Belum ada naskah final"),
        (("open", "lppd", "2025", "--period", "TW1"), "tidak memakai periode"),
    ],
)
def test_wrong_words_end_with_a_sentence(
    app: Flask, report: Report, words: tuple[str, ...], sentence: str
) -> None:
    found = run(app, *words)
    assert found.exit_code == 1 and sentence in found.output and "Traceback" not in found.output


# --- export and import ----------------------------------------------------------------------


@pytest.fixture
def full(report: Report, cast: Cast) -> Report:
    """With what is easily lost: unread typing, deleted rows, exact numbers, n/a, dokumen jadi."""
    entry = db.session.scalars(sa.select(Entry).where(Entry.part_key == "luas")).one()
    now = clock.now()
    other = store.put(b"gambar lain", "image/png")
    db.session.flush()
    db.session.add_all([
        EntryCell(entry_id=entry.id, row="kec_09", field="luas", value=None, raw="1.2.3,4", at=now),
        EntryRow(entry_id=entry.id, uid="hapus", position=9, deleted=True),
        EntryUpload(entry_id=entry.id, sha256=other.sha256, at=now),
    ])  # fmt: skip
    for period, value, vintage in (("2025", "12345678901234567.890", "sementara"),
                                   ("2024", None, "belum_rilis")):  # fmt: skip
        datum = Datum(element="penduduk", unit_id=cast.units["PEMDA"], period=period, head=1)
        db.session.add(datum)
        db.session.flush()
        db.session.add(DatumRev(
            datum_id=datum.id, n=1, value=Decimal(value) if value else None, vintage=vintage,
            na_reason="" if value else "Belum rilis BPS", source="Disdukcapil", at=now,
        ))  # fmt: skip
    blob = store.put(b"%PDF-1.7 dokumen jadi", "application/pdf")
    db.session.flush()
    db.session.add(FinishedDocument(
        report_id=report.id, unit_id=cast.units["DINKES"], part_key="", version=1,
        sha256=blob.sha256, name="lppd dinkes.pdf", pages=12, notes=[], receipt_no="TT-1",
        by_label="Rina", at=now,
    ))  # fmt: skip
    db.session.commit()
    return report


def wipe(report: Report) -> None:
    """As on a server where nobody has typed anything."""
    mine = sa.select(Entry.id).where(Entry.report_id == report.id)
    for model in (EntryCell, EntryRow, EntryUpload):
        db.session.execute(sa.delete(model).where(model.entry_id.in_(mine)))
    db.session.execute(sa.update(Entry).values(state="kosong"))
    db.session.execute(sa.delete(FinishedDocument))
    db.session.execute(sa.delete(DatumRev))
    db.session.execute(sa.delete(Datum))
    db.session.commit()


def test_round_trip_is_exact(app: Flask, full: Report, tmp_path: Path) -> None:
    one, two = tmp_path / "satu.json", tmp_path / "dua.json"
    assert run(app, "export", "lppd", "2025", str(one)).exit_code == 0
    wipe(full)
    for path in sorted(store.root().rglob("*")):
        if path.is_file():
            path.unlink()
    found = run(app, "import", "lppd", "2025", str(one))
    assert found.exit_code == 0, found.output
    assert run(app, "export", "lppd", "2025", str(two)).exit_code == 0
    assert two.read_bytes() == one.read_bytes()
    data = json.loads(one.read_text(encoding="utf-8"))
    assert len(data["files"]) == 3
    assert any(d["value"] == "12345678901234567.890" for d in data["datums"])
    assert any(cell[3] == "1.2.3,4" for e in data["entries"] for cell in e["cells"])


def test_import_makes_the_report_where_it_is_not_open(app: Flask, full: Report) -> None:
    data = exchange.export(full)
    wipe(full)
    db.session.execute(sa.delete(EntrySupport))
    db.session.execute(sa.delete(Entry))
    db.session.execute(sa.delete(Report))
    db.session.commit()
    done = exchange.load(data, "lppd", 2025, actor=PORTAL)
    db.session.commit()
    assert exchange.export(done.report) == data


def test_what_is_there_is_only_replaced_when_asked(full: Report) -> None:
    data = exchange.export(full)
    entry = db.session.scalars(sa.select(Entry).where(Entry.part_key == "akhir")).one()
    cell = db.session.scalars(sa.select(EntryCell).where(EntryCell.entry_id == entry.id)).one()
    cell.value = "<p>Lain.</p>"
    db.session.commit()
    with pytest.raises(Refused, match="--replace"):
        exchange.load(data, "lppd", 2025, actor=PORTAL)
    db.session.rollback()
    exchange.load(data, "lppd", 2025, actor=PORTAL, replace=True)
    db.session.commit()
    assert exchange.export(full) == data
    assert exchange.load(data, "lppd", 2025, actor=PORTAL).entries == 0  # twice changes nothing


def _broken(data: dict[str, Any], how: str) -> Any:
    if how == "kind":
        data["report"]["kind"] = "lkpj"
    elif how == "unit":
        data["entries"][0]["unit"] = "ENTAH"
    elif how == "bytes":
        next(iter(data["files"].values()))["base64"] = "AAAA"
    elif how == "state":
        data["entries"][0]["state"] = "lupa"
    elif how == "number":
        data["datums"][0]["value"] = "12,5"
    elif how == "script":
        cell = next(c for e in data["entries"] for c in e["cells"] if c[:2] == ["", "text"])
        cell[2] += '<p onclick="alert(1)">x</p>'
    elif how == "short":
        del data["entries"]
    return [] if how == "list" else data


@pytest.mark.parametrize(
    "how", ["kind", "unit", "bytes", "state", "number", "script", "short", "list"]
)
def test_a_broken_file_is_refused_and_nothing_is_written(
    app: Flask, full: Report, tmp_path: Path, how: str
) -> None:
    before = exchange.export(full)
    path = tmp_path / "rusak.json"
    path.write_text(json.dumps(_broken(exchange.export(full), how)), encoding="utf-8")
    found = run(app, "import", "lppd", "2025", str(path), "--replace")
    assert found.exit_code == 1 and "Traceback" not in found.output
    db.session.expire_all()
    assert exchange.export(full) == before


def test_a_file_cannot_name_itself_a_page(full: Report) -> None:
    """The kind of a file comes from the other portal; a browser shall not believe it."""
    data = exchange.export(full)
    page = b"<script>alert(1)</script>"
    sha = hashlib.sha256(page).hexdigest()
    data["files"][sha] = {"media": "text/html", "base64": base64.b64encode(page).decode()}
    exchange.load(data, "lppd", 2025, actor=PORTAL, replace=True)
    assert db.session.get_one(store.Blob, sha).media == "application/octet-stream"


def test_no_json_at_all(app: Flask, report: Report, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("{", encoding="utf-8")
    found = run(app, "import", "lppd", "2025", str(path))
    assert found.exit_code == 1 and "JSON" in found.output
