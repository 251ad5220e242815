"""What must not go out to everybody: found in the tree before it is published. Pure.

UU 27/2022 (data pribadi) and UU 14/2008 (informasi publik): no NIP, phone number,
draft, GPS or EXIF on a public page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from portal.documents.tree import (
    Block,
    Cover,
    Document,
    Gap,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Signature,
    Table,
    blocks,
    plain,
)

_NO = r"(?<![\d.,/])"
#: Kind -> (name in a sentence, pattern, what to do). The order is that of the search.
PATTERNS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("nip", "NIP (18 angka)", re.compile(
        rf"{_NO}(?:19|20)\d{{6}}[ .\-]?\d{{6}}[ .\-]?[12][ .\-]?\d{{3}}(?!\d)"
        r"|(?<!\d)\d{18}(?!\d)")),
    ("nik", "NIK (16 angka)", re.compile(rf"{_NO}\d{{16}}(?!\d)")),
    ("email", "alamat e-mail", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("telepon", "nomor telepon", re.compile(
        rf"{_NO}(?:\+62|62|0)[ \-.]?8[1-9]\d{{0,2}}[ \-.]?\d{{3,4}}[ \-.]?\d{{2,5}}(?!\d)"
        r"|\(0\d{2,3}\)[ \-]?\d{5,8}"
        r"|\b(?:telp|tlp|telepon|hp|wa|whatsapp)\b[ .:]*[+(]?\d[\d \-()]{5,}", re.I)),
    ("gps", "titik lokasi (GPS)", re.compile(
        r"[-−+]?\d{1,3}[.,]\d{4,}°?\s*[,;/ ]\s*[-−+]?\d{1,3}[.,]\d{4,}"
        rf"|{_NO}[-−+]?\d{{1,3}}\.\d{{5,}}(?![\d.])"
        r"|\d{1,3}\s*°\s*\d{1,2}\s*['′’]\s*\d{1,2}(?:[.,]\d+)?\s*[\"″”]"
        r"|maps\.app\.goo\.gl|goo\.gl/maps|google\.[a-z.]+/maps", re.I)),
    ("konsep", "tanda konsep", re.compile(
        r"\bKONSEP\b|\bDRAFT?\b|\[BELUM DIISI\]|Belum diterima sekretariat|\[TODO\]")),
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing that must not go out, and where; ``blocks`` False = the portal removes it."""

    kind: str
    what: str
    place: str
    shown: str = ""
    blocks: bool = True

    @property
    def sentence(self) -> str:
        """As it is told to the sekretariat."""
        shown = f": {self.shown}" if self.shown else ""
        return f"{self.what} pada {self.place}{shown}."


def in_text(text: str) -> Iterator[tuple[str, str, str]]:
    """(kind, name, matched text) of everything unsafe in a text; each stretch once."""
    taken: list[tuple[int, int]] = []
    for kind, name, pattern in PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            yield kind, name, match.group(0)


def texts_of(block: Block) -> Iterator[tuple[str, str]]:
    """(place inside the block, text) of every word that a block prints."""
    match block:
        case Heading():
            yield "", block.text
        case Paragraph():
            yield "", plain(block.runs)
        case ListBlock():
            for mark, _depth, text in block.items:
                yield f"butir {mark}", plain(text)
        case Table():
            name = " ".join(filter(None, (block.number, block.caption))) or "tabel"
            for row in block.head:
                yield from ((name, plain(cell.text)) for cell in row)
            for n, line in enumerate(block.rows, start=1):
                yield from ((f"{name}, baris {n}", plain(cell.text)) for cell in line.cells)
            yield from ((name, text) for text in (block.caption, block.source, *block.notes))
        case Picture():
            name = " ".join(filter(None, (block.number, block.caption))) or "gambar"
            yield from ((name, text) for text in (block.caption, block.alt, block.source))
        case Signature():
            lines = (block.place_date, *block.office, block.name, *block.under)
            yield from (("tanda tangan", line) for line in lines)


def findings(
    document: Document, cleaned: Mapping[str, str], restricted: Iterable[str] = ()
) -> list[Finding]:
    """Everything unsafe in a document, in the order of the book.

    ``cleaned`` are pictures (by SHA-256) whose metadata was taken out; ``restricted`` are files
    that were handed in as data pribadi/terbatas.
    """
    out: list[Finding] = []
    closed = set(restricted)
    out += _marks(document)
    if document.cover:
        out += _cover(document.cover, cleaned)
    here: dict[int, str] = {}
    for _unit, block in blocks(document):
        if isinstance(block, Heading):
            level = block.level
            here = {k: v for k, v in here.items() if k < level}
            here[level] = " ".join(filter(None, (block.number, block.text)))
        place = " › ".join(here[k] for k in sorted(here)) or "halaman depan"
        out += _of_block(block, place, cleaned, closed)
    return out


def _marks(document: Document) -> list[Finding]:
    found = []
    if document.marks.draft:
        found.append(Finding("konsep", "Tanda konsep", "setiap halaman", document.marks.draft))
    if document.marks.watermark:
        found.append(Finding(
            "konsep", f"Tanda {document.marks.watermark} karena format LPPD belum dicocokkan "
            "dengan lampiran peraturannya", "setiap halaman"))  # fmt: skip
    return found


def _cover(cover: Cover, cleaned: Mapping[str, str]) -> list[Finding]:
    found = [Finding(kind, f"Ada {name}", "sampul", shown)
             for line, _large in cover.lines for kind, name, shown in in_text(line)]  # fmt: skip
    if cover.emblem in cleaned:
        found.append(_picture("lambang daerah pada sampul", cleaned[cover.emblem]))
    return found


def _picture(place: str, had: str) -> Finding:
    return Finding("exif", f"Gambar memuat {had}", place, "dihapus portal saat terbit", False)


def _of_block(
    block: Block, place: str, cleaned: Mapping[str, str], closed: set[str]
) -> Iterator[Finding]:
    if isinstance(block, Gap):
        yield Finding("isian", "Ada bagian yang belum diisi", place,
                      f"{block.title} ({block.supplier})")  # fmt: skip
        return
    seen = set()
    for inside, text in texts_of(block):
        for kind, name, shown in in_text(text):
            where = f"“{place}”" + (f", {inside}" if inside else "")
            if (kind, where, shown) not in seen:
                seen.add((kind, where, shown))
                yield Finding(kind, f"Ada {name}", where, f"“{shown}”")
    if isinstance(block, Picture):
        name = f"“{place}”, {block.number or block.caption or 'gambar'}"
        if block.sha256 in closed:
            yield Finding("terbatas", "Gambar berasal dari data dukung yang ditandai memuat nama "
                          "orang (terbatas)", name)  # fmt: skip
        if block.sha256 in cleaned:
            yield _picture(name, cleaned[block.sha256])
