"""A small book with one of everything, for the tests of the PDF printer."""

from __future__ import annotations

import hashlib
import io

from PIL import Image

from portal.documents.tree import (
    Cell,
    Column,
    Cover,
    Document,
    Gap,
    Heading,
    ListBlock,
    Marks,
    Paragraph,
    Picture,
    Row,
    Run,
    Signature,
    Spacer,
    Table,
    Unit,
)


def png(color: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), color).save(out, "PNG")
    return out.getvalue()


EMBLEM, MAP = png("green"), png("navy")
FILES = {hashlib.sha256(data).hexdigest(): data for data in (EMBLEM, MAP)}
EMBLEM_SHA, MAP_SHA = FILES


def asset(sha256: str) -> bytes:
    return FILES[sha256]


def words(text: str, **style: bool) -> tuple[Run, ...]:
    return (Run(text, **style),)


def paragraph(text: str) -> Paragraph:
    return Paragraph(words(text))


def cells(*texts: str, **given: object) -> tuple[Cell, ...]:
    return tuple(Cell(words(text), **given) for text in texts)  # type: ignore[arg-type]


def table(key: str, number: str, rows: int) -> Table:
    """Four columns under a head of two rows, with a group row and a total."""
    head = (
        (*cells("No", "Indikator", rowspan=2), Cell(words("Tahun"), colspan=2)),
        cells("2024", "2025"),
    )  # fmt: skip
    body = [
        Row(cells(str(n), f"Indikator ke-{n} <a & b>", f"{n}.250.000,00", f"{n},50 %"))
        for n in range(1, rows + 1)
    ]
    group = Row((Cell(words("Pelayanan dasar"), colspan=4, align="left"),), "group")
    total = Row(
        (Cell(words("Jumlah"), colspan=2, align="center"), *cells("9.999,00", "100,00 %")), "total"
    )
    columns = (Column(0.1, "center"), Column(0.5), Column(0.2, "right"), Column(0.2, "right"))
    return Table(
        key, number, f"Capaian {key}", columns, head, (group, *body, total),
        "Dinas Kesehatan, 2025", ("*) angka sementara",),
    )  # fmt: skip


def document(**changes: object) -> Document:
    """The book; ``changes`` replace fields of the Document."""
    preface = Unit("depan", "", False, (
        Heading(1, "", "KATA PENGANTAR", "kata-pengantar"),
        paragraph("Puji syukur kepada Tuhan Yang Maha Esa. " * 12),
        Signature("Contoh, 27 Maret 2026", ("BUPATI CONTOH,",), "Dr. H. Nama, S.Sos., M.Si."),
    ))  # fmt: skip
    first = Unit("bab-i", "I", False, (
        Heading(1, "BAB I", "PENDAHULUAN", "h-bab-i"),
        Heading(2, "1.1", "Dasar Hukum", "h-1-1"),
        ListBlock((("1.", 0, words("Undang-Undang Nomor 23 Tahun 2014;")),
                   ("a.", 1, words("pasal 69 ayat (1);")), ("2.", 0, words("PP 13/2019.")))),
        Paragraph((Run("Angka "), Run("tebal", bold=True), Run(" dan "), Run("miring", italic=True),
                   Run(", m"), Run("2", superscript=True), Run("\nBaris kedua."))),
        table("t-1-1", "Tabel 1.1", 90),
        Spacer(),
        Paragraph(words("Catatan penutup tabel."), "note"),
    ), True)  # fmt: skip
    second = Unit("bab-ii-1", "II", False, (
        Heading(1, "BAB II", "CAPAIAN KINERJA", "h-bab-ii"),
        Heading(2, "2.1", "Urusan Kesehatan", "h-2-1"),
        paragraph("Narasi capaian urusan kesehatan. " * 20),
        Gap("Capaian IKK Kesehatan", "Dinas Kesehatan"),
        Picture("g-2-1", "Gambar 2.1", "Peta puskesmas", MAP_SHA, "image/png", 120, 80,
                "Peta sebaran puskesmas", "Dinas Kesehatan, 2025"),
    ), True)  # fmt: skip
    wide = Unit("bab-ii-2", "II", True, (
        Heading(2, "2.2", "Tabel Melintang", "h-2-2"),
        table("t-2-1", "Tabel 2.1", 45),
        Heading(3, "2.2.1", "Uraian", "h-2-2-1"),
        Heading(4, "a.", "Rincian", "h-2-2-1-a", listed=False),
        paragraph("Uraian di halaman melintang."),
        Signature("Contoh, 2 Februari 2026", ("KEPALA DINAS KESEHATAN", "KABUPATEN CONTOH,"),
                  "drg. Nama Kepala, M.Kes.", ("Pembina (IV/a)", "NIP 198001012005012001")),
    ))  # fmt: skip
    cover = Cover(EMBLEM_SHA, (("LAPORAN CONTOH", True), ("TAHUN 2025", False)), "KONSEP 3")
    marks = Marks(
        "LPPD Kabupaten Contoh Tahun 2025", "KONSEP 3, data per 2 Maret 2026", "DRAF", "DATA CONTOH"
    )
    fields: dict[str, object] = {
        "title": "LPPD Kabupaten Contoh Tahun 2025", "subject": "Laporan tahunan",
        "author": "Pemerintah Kabupaten Contoh", "language": "id", "paper": "F4", "cover": cover,
        "preface": preface, "lists": ("contents", "tables", "figures"),
        "units": (first, second, wide), "marks": marks,
    }  # fmt: skip
    return Document(**(fields | changes))  # type: ignore[arg-type]
