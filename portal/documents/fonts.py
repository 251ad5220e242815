"""The four Liberation Sans faces, chosen by file: a book never depends on what else is installed.

Besides naming the files this module measures text (for contents lines and page marks, which are
drawn without WeasyPrint) and makes the subset that those lines embed.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from fontTools.ttLib import TTFont

from portal.documents.problems import FontError

#: Family under which the style sheet knows the files; no installed font bears this name.
FAMILY = "Selaras Sans"

#: Debian's fonts-liberation2, Ubuntu's fonts-liberation, and the newer Debian name.
FOLDERS = (
    Path("/usr/share/fonts/truetype/liberation2"),
    Path("/usr/share/fonts/truetype/liberation"),
    Path("/usr/share/fonts/truetype/liberation-fonts"),
)

FACES = {
    "Regular": "LiberationSans-Regular.ttf",
    "Bold": "LiberationSans-Bold.ttf",
    "Italic": "LiberationSans-Italic.ttf",
    "BoldItalic": "LiberationSans-BoldItalic.ttf",
}

#: What contents lines and marks can always say: Latin, punctuation, arrows and a few signs.
BASE = frozenset(
    chr(code)
    for first, last in ((0x20, 0x17F), (0x2010, 0x2044), (0x20A0, 0x20AC), (0x2190, 0x2195))
    for code in range(first, last + 1)
) | frozenset("√∞≈≠≤≥•№™")


@dataclass(frozen=True)
class Face:
    """One font file."""

    name: str
    path: Path

    @cached_property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.path.read_bytes()

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the file, part of the engine manifest."""
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def _tables(self) -> tuple[dict[int, int], list[int], int]:
        font = TTFont(io.BytesIO(self.data), lazy=True)
        order = {name: index for index, name in enumerate(font.getGlyphOrder())}
        glyphs = {code: order[name] for code, name in font.getBestCmap().items()}
        widths = [0] * len(order)
        for name, (advance, _) in font["hmtx"].metrics.items():
            widths[order[name]] = advance
        return glyphs, widths, font["head"].unitsPerEm

    @property
    def glyphs(self) -> dict[int, int]:
        """Glyph number by code point."""
        return self._tables[0]

    def advance(self, glyph: int) -> float:
        """Width of a glyph in thousandths of the font size."""
        _, widths, upem = self._tables
        return widths[glyph] * 1000 / upem

    def width(self, text: str, size: float) -> float:
        """Width of ``text`` at ``size`` points; unknown letters count as a space."""
        glyphs = self.glyphs
        space = glyphs[32]
        return sum(self.advance(glyphs.get(ord(c), space)) for c in text) * size / 1000

    def encode(self, text: str) -> bytes:
        """``text`` as a hexadecimal string of glyph numbers, for Identity-H."""
        glyphs = self.glyphs
        space = glyphs[32]
        return ("<" + "".join(f"{glyphs.get(ord(c), space):04x}" for c in text) + ">").encode()


@cache
def faces() -> dict[str, Face]:
    """The four faces; FontError names the package to install when one is missing."""
    for folder in FOLDERS:
        if all((folder / name).is_file() for name in FACES.values()):
            return {key: Face(key, folder / name) for key, name in FACES.items()}
    raise FontError(
        "Fon Liberation Sans tidak ditemukan di server, sehingga dokumen tidak dapat disusun. "
        "Admin server: pasang dengan perintah apt-get install fonts-liberation2 "
        "(di Ubuntu: fonts-liberation)."
    )


@cache
def known() -> frozenset[str]:
    """Letters that all four faces can show."""
    common: set[int] | None = None
    for face in faces().values():
        codes = set(face.glyphs)
        common = codes if common is None else common & codes
    return frozenset(chr(code) for code in common or ()) | frozenset("\n\t")


def check(text: Iterable[str], where: str) -> None:
    """Raise FontError when ``text`` holds a letter that would call a fallback font."""
    strange = sorted(set(text) - known())
    if not strange:
        return
    shown = ", ".join(f"“{c}” (U+{ord(c):04X})" for c in strange[:5])
    raise FontError(
        f"Huruf atau lambang {shown} pada {where} tidak ada dalam fon dokumen resmi. "
        "Ganti dengan huruf biasa, misalnya “v” atau “-”, lalu susun ulang."
    )


def subset_bytes(face: Face, letters: Iterable[str]) -> bytes:
    """The face with only these letters; glyph numbers stay as they are."""
    from fontTools import subset  # noqa: PLC0415 (slow to import, needed once per engine)

    options = subset.Options(
        retain_gids=True, notdef_outline=True, hinting=False, desubroutinize=True,
        layout_features=[], name_IDs=[1, 2, 6], recalc_timestamp=False,
    )  # fmt: skip
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "DSIG", "kern", "FFTM"]
    font = TTFont(io.BytesIO(face.data), recalcTimestamp=False)
    maker = subset.Subsetter(options)
    maker.populate(unicodes=sorted(ord(c) for c in letters))
    maker.subset(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
