"""The DOCX: Word's own structures, equal bytes, the words of the tree."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image

from portal.db import db
from portal.documents import building, queries, snapshot
from portal.documents import tree as t
from portal.documents.docx import build_docx
from portal.reports.models import Report
from tests.documents.word_rules import faults

SHA = "a" * 64
LABELS = {"bab1": "I-1", "latar": "I-1", "luas": "I-2", "bab2": "II-1"}


def words(*texts: str) -> t.Text:
    return tuple(t.Run(text) for text in texts)


def picture_bytes(_sha: str = SHA) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), (200, 220, 240)).save(out, "PNG")
    return out.getvalue()


def book(watermark: str = "DRAF") -> t.Document:
    head = (
        (t.Cell(words("No"), rowspan=2), t.Cell(words("Uraian"), colspan=2)),
        (t.Cell(words("Kecamatan")), t.Cell(words("Luas (km²)"))),
    )
    rows = tuple(
        t.Row((t.Cell(words(str(n))), t.Cell(words(f"Kecamatan {n}")), t.Cell(words("1.234,50"))))
        for n in range(1, 61)
    )
    total = t.Row((t.Cell(words("Jumlah"), colspan=2), t.Cell(words("74.070,00"))), kind="total")
    columns = (t.Column(0.1, "center"), t.Column(0.6), t.Column(0.3, "right"))
    table = t.Table("luas", "Tabel 1.1", "Luas Wilayah", columns, head, (*rows, total),
                    "BPS", ("*) angka sementara",))  # fmt: skip
    first = t.Unit("u1", "I", False, (
        t.Heading(1, "BAB I", "PENDAHULUAN", "bab1"),
        t.Heading(2, "1.1", "Latar Belakang", "latar"),
        t.Heading(3, "1.1.1", "Penjelasan Umum", "umum"),
        t.Heading(4, "a.", "Dasar Pembentukan", "dasar"),
        t.Paragraph((t.Run("Kabupaten "), t.Run("Contoh", bold=True), t.Run(" <lama> & baru"))),
        t.ListBlock((("1.", 0, words("satu")), ("2.", 0, words("dua")))),
        t.ListBlock((("c.", 0, words("mulai dari c")),)),
        table,
        t.Gap("Visi dan Misi", "Bappeda"),
    ), starts_chapter=True)  # fmt: skip
    wide = t.Unit("u2", "I", True, (t.Heading(2, "1.2", "Matriks", "matriks"),
        t.Picture("peta", "Gambar 1.1", "Peta Wilayah", SHA, "image/png", 120, 90, "Peta",
                  "Bappeda"),
    ))  # fmt: skip
    second = t.Unit("u3", "II", False, (
        t.Heading(1, "BAB II", "CAPAIAN KINERJA", "bab2"),
        t.Heading(2, "2.1", "Capaian Makro", "makro"),
        t.Signature("Contoh, 27 Maret 2026", ("BUPATI CONTOH,",), "Dr. Nama Contoh, M.Si."),
    ), starts_chapter=True)  # fmt: skip
    preface = t.Unit("kata", "", False, (
        t.Heading(1, "", "KATA PENGANTAR", "kata"), t.Paragraph(words("Puji syukur.")),
    ))  # fmt: skip
    marks = t.Marks("LPPD Kabupaten Contoh 2025", "KONSEP 3", watermark, "DATA CONTOH")
    cover = t.Cover(SHA, (("LAPORAN", True), ("TAHUN 2025", True)), "KONSEP 3")
    return t.Document("LPPD 2025", "LPPD", "Pemerintah Kabupaten Contoh", "id-ID", "F4", cover,
                      preface, ("contents", "tables", "figures"), (first, wide, second),
                      marks)  # fmt: skip


@pytest.fixture
def built(tmp_path: Path) -> Path:
    out = tmp_path / "buku.docx"
    build_docx(book(), out, picture_bytes, LABELS)
    return out


def body_xml(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read("word/document.xml").decode()


def test_same_document_same_bytes(built: Path, tmp_path: Path) -> None:
    again = tmp_path / "lagi.docx"
    build_docx(book(), again, picture_bytes, LABELS)
    assert again.read_bytes() == built.read_bytes()


def test_word_structures(built: Path) -> None:
    package = docx.Document(str(built))
    styles = {p.style.name for p in package.paragraphs}
    assert {"Heading 1", "Heading 2", "Heading 3", "Heading 4", "Caption", "toc 1"} <= styles
    assert len(package.tables) == 1
    assert len(package.tables[0].rows) == 63
    xml = body_xml(built)
    assert xml.count("<w:tblHeader/>") == 2
    assert 'w:orient="landscape"' in xml
    assert 'w:fmt="lowerRoman"' in xml
    assert xml.count('w:chapStyle="1"') == 3
    assert "SEQ Tabel" in xml and "SEQ Gambar" in xml


def test_contents_are_filled_and_nothing_is_asked_on_opening(built: Path) -> None:
    xml = body_xml(built)
    assert re.search(r"PAGEREF s_bab2 .*?<w:t[^>]*>II-1</w:t>", xml)
    with zipfile.ZipFile(built) as package:
        everything = b"".join(package.read(name) for name in package.namelist())
    assert b"w:dirty" not in everything
    assert b"updateFields" not in everything


def test_excerpt_is_numbered_from_its_own_chapter(tmp_path: Path) -> None:
    whole = book()
    part = t.Document(whole.title, "", whole.author, "id-ID", "A4", None, None, (), whole.units[2:])
    out = tmp_path / "bab2.docx"
    build_docx(part, out, picture_bytes, {})
    with zipfile.ZipFile(out) as package:
        numbering = package.read("word/numbering.xml").decode()
    assert '<w:start w:val="2"/><w:numFmt w:val="upperRoman"/>' in numbering
    assert "BAB II" not in body_xml(out)  # counted by Word, not typed


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    unit = t.Unit("u", "", False, (t.Paragraph(words("</w:t><script>\x00\x0b]]>&amp;")),))
    out = tmp_path / "x.docx"
    build_docx(
        t.Document("x", "", "", "id-ID", "F4", None, None, (), (unit,)), out, picture_bytes, {}
    )
    assert docx.Document(str(out)).paragraphs[0].text == "</w:t><script>]]>&amp;"


@pytest.mark.office
def test_office_program_shows_the_words_in_order(built: Path, tmp_path: Path) -> None:
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(built)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "buku.pdf"), "-"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    flat = " ".join(text[text.index("Puji syukur") :].split())
    place = 0
    for wanted in ("DAFTAR ISI", "II-1", "BAB I PENDAHULUAN", "1.1 Latar Belakang",
                   "1.1.1 Penjelasan Umum", "a. Dasar Pembentukan", "1. satu 2. dua",
                   "c. mulai dari c", "Tabel 1.1 Luas Wilayah", "74.070,00", "Sumber: BPS",
                   "[BELUM DIISI] Visi dan Misi (pengampu: Bappeda)", "1.2 Matriks",
                   "Gambar 1.1 Peta Wilayah", "BAB II CAPAIAN KINERJA", "2.1 Capaian Makro",
                   "BUPATI CONTOH,", "Dr. Nama Contoh, M.Si."):  # fmt: skip
        place = flat.index(wanted, place) + 1


def test_word_finds_nothing_to_repair(built: Path) -> None:
    assert faults(built) == []


def test_a_bold_word_in_a_bold_row_is_bold_once_and_a_kept_line_may_begin_a_page(
    tmp_path: Path,
) -> None:
    total = t.Row((t.Cell((t.Run("Jumlah", bold=True), t.Run("*", superscript=True))),), "total")
    table = t.Table("t", "", "", (t.Column(1.0),), (), (total,))
    signed = t.Signature("Contoh, 27 Maret 2026", ("BUPATI CONTOH,",), "Nama", ("NIP 1",))
    units = (t.Unit("a", "", False, (table,)), t.Unit("b", "", False, (signed, table)))
    out = tmp_path / "x.docx"
    build_docx(
        t.Document("x", "", "", "id-ID", "F4", None, None, (), units), out, picture_bytes, {}
    )
    assert faults(out) == []


def test_signatures_hold_the_end_of_a_table_or_two_lines_of_text(tmp_path: Path) -> None:
    rows = tuple(t.Row((t.Cell(words(f"baris {n}")),)) for n in range(9))
    table = t.Table("t", "", "", (t.Column(1.0),), (), rows, "BPS")
    signed = t.Signature("Contoh, 27 Maret 2026", ("BUPATI CONTOH,",), "Nama")
    unit = t.Unit("a", "", False, (table, t.Paragraph(words("Demikian.")), signed))
    out = tmp_path / "x.docx"
    build_docx(
        t.Document("x", "", "", "id-ID", "F4", None, None, (), (unit,)), out, picture_bytes, {}
    )
    kept = re.findall(r"<w:keepNext/>(?:(?!</w:p>).)*?<w:t[^>]*>([^<]*)", body_xml(out))
    assert {"Sumber: BPS", "Demikian.", "baris 7", "baris 8"} <= set(kept)
    assert "baris 3" not in kept
    last = docx.Document(str(out)).paragraphs[-1].text
    assert last.startswith("Contoh, 27 Maret 2026\nBUPATI CONTOH,\n") and last.endswith("Nama")


@pytest.mark.once
def test_word_finds_nothing_to_repair_in_the_books_of_the_demo(
    demo_app: Flask, tmp_path: Path
) -> None:
    """Every kind of part and hundreds of tables; the pictures are small, the words are whole."""
    for kind in ("lppd", "spm", "sakip"):
        chosen = sa.select(Report).where(Report.year == 2025, Report.kind == kind)
        report = db.session.scalars(chosen.order_by(Report.period, Report.id)).first()
        assert report is not None
        book = building.compile_snapshot(snapshot.take(report), "", queries._Undrawn()).document
        out = tmp_path / f"{kind}.docx"
        build_docx(book, out, picture_bytes, {})
        assert faults(out) == []
