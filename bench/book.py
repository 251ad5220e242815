"""A report of the size of an LPPD as a neutral Document, from a seed: the same every time.

At scale 1 it has about 480 pages, 227 tables with some 41,000 cells, 30 figures and 340 headings.
"""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

from portal.documents.tree import (
    Block,
    Cell,
    Column,
    Cover,
    Document,
    Heading,
    Marks,
    Paragraph,
    Picture,
    Row,
    Run,
    Signature,
    Table,
    Unit,
)

_TEXT = """
penyelenggaraan pemerintahan daerah pelaksanaan program kegiatan pembangunan masyarakat
capaian kinerja urusan wajib pelayanan dasar kesehatan pendidikan pekerjaan umum penataan
ruang perumahan rakyat kawasan permukiman ketenteraman ketertiban sosial anggaran
realisasi belanja operasi modal transfer pendapatan asli daerah sasaran indikator target
tahun sebelumnya meningkat menurun dibandingkan kecamatan desa kelurahan perangkat dinas
badan melalui dalam rangka mewujudkan tata kelola yang baik dan bersih serta berdasarkan
ketentuan peraturan perundang-undangan sebagaimana dimaksud pada ayat satu antara lain
dengan jumlah penduduk rumah tangga sasaran penerima manfaat terhadap kualitas layanan
publik
"""
_WORDS = _TEXT.split()

_CHAPTERS = (
    ("I", "PENDAHULUAN", 8),
    ("II", "CAPAIAN KINERJA PENYELENGGARAAN PEMERINTAHAN DAERAH", 52),
    ("III", "CAPAIAN KINERJA PELAKSANAAN TUGAS PEMBANTUAN", 8),
    ("IV", "PENERAPAN DAN PENCAPAIAN STANDAR PELAYANAN MINIMAL", 20),
    ("V", "PENUTUP", 2),
    ("L", "LAMPIRAN", 20),
)


@dataclass
class Book:
    """A document and the bytes of its pictures."""

    document: Document
    files: dict[str, bytes]

    def asset(self, sha256: str) -> bytes:
        """The bytes of a picture."""
        return self.files[sha256]


@dataclass
class _Writer:
    random: random.Random
    tables_left: int
    cells_left: int
    figures_left: int
    headings_left: int
    files: dict[str, bytes] = field(default_factory=dict)
    tables: dict[str, int] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)

    def words(self, low: int, high: int) -> str:
        count = self.random.randint(low, high)
        return " ".join(self.random.choice(_WORDS) for _ in range(count))

    def paragraph(self) -> Paragraph:
        text = self.words(45, 95).capitalize() + "."
        number = f" sebesar {self.random.randint(10, 99)},{self.random.randint(10, 99)} % "
        return Paragraph((Run(text), Run(number, bold=True), Run(self.words(10, 25) + ".")))

    def number(self) -> str:
        thousands, rest = self.random.randint(1, 999), self.random.randint(100, 999)
        return f"{thousands}.{rest},{self.random.randint(10, 99)}"

    def table(self, chapter: str, rows: int, columns: int) -> Table:
        self.tables[chapter] = self.tables.get(chapter, 0) + 1
        number = f"Tabel {chapter_number(chapter)}.{self.tables[chapter]}"
        widths = [0.06, 0.3] + [0.64 / (columns - 2)] * (columns - 2)
        aligns = ["center", "left"] + ["right"] * (columns - 2)
        head = [Cell((Run("No"),)), Cell((Run("Indikator Kinerja"),))]
        head += [Cell((Run(self.words(1, 3).capitalize()),)) for _ in range(columns - 2)]
        body = [self._row(index, columns) for index in range(1, rows)]
        total = [Cell((Run("Jumlah"),), colspan=2, align="center")]
        total += [Cell((Run(self.number()),)) for _ in range(columns - 2)]
        shape = tuple(Column(w, a) for w, a in zip(widths, aligns, strict=True))  # type: ignore[arg-type]
        return Table(
            f"t-{chapter}-{self.tables[chapter]}", number, self.words(5, 12).capitalize(), shape,
            (tuple(head),), (*body, Row(tuple(total), "total")),
            "Dinas Kesehatan Kabupaten Contoh, 2025", ("*) angka sementara",),
        )  # fmt: skip

    def _row(self, index: int, columns: int) -> Row:
        cells = [Cell((Run(str(index)),)), Cell((Run(self.words(3, 9).capitalize()),))]
        for column in range(columns - 2):
            text = self.number() if column % 4 != 3 else self.words(1, 3)
            cells.append(Cell((Run(text),), align=None if column % 4 != 3 else "left"))
        return Row(tuple(cells))

    def figure(self, chapter: str) -> Picture:
        self.figures[chapter] = self.figures.get(chapter, 0) + 1
        count = self.figures[chapter]
        number = f"Gambar {chapter_number(chapter)}.{count}"
        data, media, vector = self._image(count)
        sha = hashlib.sha256(data).hexdigest()
        self.files[sha] = data
        twin = hashlib.sha256(vector).hexdigest() if vector else ""
        if vector:
            self.files[twin] = vector
        return Picture(
            f"g-{chapter}-{count}", number, self.words(4, 9).capitalize(), sha, media, 150, 85,
            self.words(6, 10), "Bappeda, 2025", twin,
        )  # fmt: skip

    def _image(self, count: int) -> tuple[bytes, str, bytes]:
        """A bar chart: a PNG, and for every second one an SVG twin."""
        image = Image.new("RGB", (900, 510), "white")
        draw = ImageDraw.Draw(image)
        bars = []
        for bar in range(12):
            height = self.random.randint(40, 420)
            draw.rectangle((40 + bar * 70, 480 - height, 85 + bar * 70, 480), fill=(40, 90, 150))
            bars.append(
                f'<rect x="{40 + bar * 70}" y="{480 - height}" width="45" height="{height}" '
                'fill="#285a96"/>'
            )
        out = io.BytesIO()
        image.save(out, "PNG")
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 510" width="900" '
            'height="510">' + "".join(bars) + "</svg>"
        )
        return out.getvalue(), "image/png", svg.encode() if count % 2 else b""


def chapter_number(chapter: str) -> str:
    """``2`` for II; lampiran keep their letter."""
    return {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}.get(chapter, chapter)


def make(scale: float = 1.0, seed: int = 2025, changed: str = "") -> Book:
    """The book; ``changed`` adds a sentence to one unit, named by its key."""
    units = round(sum(count for _, _, count in _CHAPTERS) * scale)
    writer = _Writer(
        random.Random(seed),  # noqa: S311 (test data)
        round(227 * scale), round(41000 * scale), round(30 * scale),
        round(340 * scale),
    )  # fmt: skip
    tables = _spread(writer, units)
    made = tuple(_units(writer, scale, tables))
    if changed:
        made = tuple(_touched(unit) if unit.key == changed else unit for unit in made)
    cover = Cover(
        "", (("LAPORAN PENYELENGGARAAN PEMERINTAHAN DAERAH", True), ("(LPPD)", True), ("", False),
             ("KABUPATEN CONTOH", True), ("PROVINSI CONTOH", True), ("", False),
             ("TAHUN 2025", True)),
        "KONSEP 3, data per 2 Maret 2026",
    )  # fmt: skip
    preface = Unit("kata-pengantar", "", False, (
        Heading(1, "", "KATA PENGANTAR", "kata-pengantar"),
        *(writer.paragraph() for _ in range(5)),
        Signature("Contoh, 27 Maret 2026", ("BUPATI CONTOH,",), "Dr. H. NAMA CONTOH, M.Si."),
    ))  # fmt: skip
    marks = Marks(
        "LPPD Kabupaten Contoh Tahun 2025", "KONSEP 3, data per 2 Maret 2026", "DRAF", "DATA CONTOH"
    )
    document = Document(
        "LPPD Kabupaten Contoh Tahun 2025", "Laporan Penyelenggaraan Pemerintahan Daerah",
        "Pemerintah Kabupaten Contoh", "id", "F4", cover, preface,
        ("contents", "tables", "figures"), made, marks,
    )  # fmt: skip
    return Book(document, writer.files)


def _touched(unit: Unit) -> Unit:
    extra = Paragraph((Run("Bagian ini baru saja diperbaiki oleh sekretariat."),))
    return Unit(unit.key, unit.chapter, unit.landscape, (*unit.blocks, extra), unit.starts_chapter)


def _spread(writer: _Writer, units: int) -> list[list[tuple[int, int]]]:
    """Tables of each unit as (rows, columns); two are long, the rest share the cells."""
    count, cells = writer.tables_left, writer.cells_left
    long = [(500, 8)] * max(1, round(2 * count / 227))
    weights = [writer.random.uniform(0.3, 1.7) for _ in range(count - len(long))]
    rest = cells - sum(rows * columns for rows, columns in long)
    shapes = []
    for weight in weights:
        columns = writer.random.choice((8, 9, 10))
        share = rest * weight / sum(weights)
        shapes.append((max(4, round(share / columns)), columns))
    out: list[list[tuple[int, int]]] = [[] for _ in range(units)]
    for index, shape in enumerate(shapes):
        out[index * units // len(shapes)].append(shape)
    for index, shape in enumerate(long):
        at = (index + 1) * units // (len(long) + 1)
        out[at + 1] += out[at]
        out[at] = [shape]
    return out


def _units(writer: _Writer, scale: float, tables: list[list[tuple[int, int]]]) -> Iterator[Unit]:
    at = 0
    for chapter, title, count in _CHAPTERS:
        size = max(1, round(count * scale))
        for index in range(size):
            shapes = tables[at] if at < len(tables) else []
            at += 1
            yield _unit(writer, chapter, title, index, shapes)


def _unit(
    writer: _Writer, chapter: str, title: str, index: int, shapes: list[tuple[int, int]]
) -> Unit:
    number = chapter_number(chapter)
    key = f"u-{chapter}-{index + 1}"
    items: list[Block] = []
    if index == 0:
        name = f"BAB {chapter}" if chapter != "L" else "LAMPIRAN"
        items.append(Heading(1, name, title, f"bab-{chapter}"))
    items.append(Heading(2, f"{number}.{index + 1}", writer.words(3, 7).title(), key))
    items += [writer.paragraph() for _ in range(3)]
    for part in (1, 2):
        items.append(
            Heading(3, f"{number}.{index + 1}.{part}", writer.words(3, 6).title(), f"{key}-{part}")
        )
        items += [writer.paragraph() for _ in range(2)]
        for shape in shapes[part - 1 :: 2]:
            items.append(writer.table(chapter, *shape))
        if writer.figures_left and part == 1 and index % 3 == 0:
            writer.figures_left -= 1
            items.append(writer.figure(chapter))
    landscape = any(columns == 10 for _, columns in shapes) and index % 2 == 1
    return Unit(key, chapter, landscape, tuple(items), index == 0)
