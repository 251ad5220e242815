"""What is stamped on pages when they are joined: footer, Konsep, DRAF, DATA CONTOH.

Marks are artifacts: a screen reader does not read them, and a unit does not change when its page
numbers or the number of the Konsep do. All pages share two font subsets and three forms.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from math import cos, radians, sin

from portal.documents import fonts
from portal.documents.html import MARGINS
from portal.documents.tree import Marks

MM = 72 / 25.4

#: Base line of the footer and of the line under it, in millimetres above the edge.
_FOOT, _UNDER = 13.5, 9.5

_DRAW = "/Artifact<</Type/Pagination>>BDC q /SlM Do Q EMC\n"

Write = Callable[[bytes], int]
WriteStream = Callable[[bytes, bytes], int]


def footer_letters(marks: Marks) -> set[str]:
    """Letters that the marks need."""
    return set(marks.footer + marks.draft + marks.watermark + marks.sample)


def form(marks: Marks, width: float, height: float, *, cover: bool) -> bytes:
    """Content of the form that every page of this size shares; sizes in points."""
    regular, bold = fonts.faces()["Regular"], fonts.faces()["Bold"]
    left, right = MARGINS[0] * MM, width - MARGINS[1] * MM
    out: list[bytes] = []
    if marks.watermark:
        out.append(_watermark(marks.watermark, width, height))
    if marks.sample:
        size = 8.5
        x = right - bold.width(marks.sample, size)
        out.append(
            b"0.7 0.1 0.1 rg\n" + text("SlB", size, x, height - 12 * MM, bold.encode(marks.sample))
        )
    if not cover and (marks.footer or marks.draft):
        rule = (_FOOT + 4) * MM
        out.append(b"0.4 w 0.45 G %.2f %.2f m %.2f %.2f l S\n" % (left, rule, right, rule))
    if marks.footer and not cover:
        out.append(b"0.25 g\n" + text("SlF", 8.5, left, _FOOT * MM, regular.encode(marks.footer)))
    if marks.draft and not cover:
        out.append(
            b"0.7 0.1 0.1 rg\n" + text("SlB", 8, left, _UNDER * MM, bold.encode(marks.draft))
        )
    return b"q\n" + b"".join(out) + b"Q"


def _watermark(words: str, width: float, height: float) -> bytes:
    """Big pale letters across the page, readable through and above tables."""
    bold = fonts.faces()["Bold"]
    angle = radians(52 if height > width else 32)
    size = min(0.62 * (width**2 + height**2) ** 0.5 / max(bold.width(words, 1), 0.1), 190)
    run, rise = bold.width(words, size) / 2, size * 0.35
    c, s = cos(angle), sin(angle)
    x, y = width / 2 - c * run + s * rise, height / 2 - s * run - c * rise
    return (
        b"q /SlG gs 0.55 g BT /SlB %.1f Tf %.4f %.4f %.4f %.4f %.2f %.2f Tm "
        % (size, c, s, -s, c, x, y)
        + bold.encode(words)
        + b" Tj ET Q\n"
    )


def text(font: str, size: float, x: float, y: float, encoded: bytes) -> bytes:
    """One line of text at a place."""
    return b"BT /%s %g Tf %.2f %.2f Td %s Tj ET\n" % (font.encode(), size, x, y, encoded)


def page_stream(label: str, width: float) -> bytes:
    """The stream of one page: the shared form, and its number at the right edge."""
    out = _DRAW.encode()
    if label:
        bold = fonts.faces()["Bold"]
        x = width - MARGINS[1] * MM - bold.width(label, 9.5)
        out += (
            b"/Artifact<</Type/Pagination/Subtype/Footer>>BDC 0 g "
            + text("SlB", 9.5, x, _FOOT * MM, bold.encode(label))
            + b"EMC\n"
        )
    return out


def font_file(name: str, letters: Iterable[str]) -> bytes:
    """The deflated subset of a face with ``letters`` and the usual ones."""
    return _font_file(name, (fonts.BASE | set(letters)) & fonts.known())


@lru_cache(maxsize=8)  # small papers all want the same two: half of the time of a Tanda Terima
def _font_file(name: str, letters: frozenset[str]) -> bytes:
    data = fonts.subset_bytes(fonts.faces()[name], letters)
    return len(data).to_bytes(4, "big") + zlib.compress(data, 9)


def write_font(
    name: str, file: bytes, letters: Iterable[str], add: Write, add_stream: WriteStream
) -> int:
    """Write the objects of an embedded face and return the number of its font dictionary."""
    face = fonts.faces()[name]
    used = sorted((fonts.BASE | set(letters)) & fonts.known() - {"\n", "\t"})
    glyphs = sorted({face.glyphs[ord(c)]: c for c in reversed(used)}.items())
    stream = add_stream(
        b"/Length1 %d/Filter/FlateDecode" % int.from_bytes(file[:4], "big"), file[4:]
    )
    base = b"SELARA+LiberationSans" + (b"-Bold" if name == "Bold" else b"")
    descriptor = add(
        b"<</Type/FontDescriptor/FontName/%s/Flags 32/FontBBox[-544 -303 1302 980]/ItalicAngle 0"
        b"/Ascent 905/Descent -212/CapHeight 729/StemV %d/FontFile2 %d 0 R>>"
        % (base, 140 if name == "Bold" else 80, stream)
    )
    widths = b"".join(b"%d[%g]" % (glyph, round(face.advance(glyph), 2)) for glyph, _ in glyphs)
    descendant = add(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)"
        b"/Ordering(Identity)/Supplement 0>>/CIDToGIDMap/Identity/FontDescriptor %d 0 R/DW 556"
        b"/W[%s]>>" % (base, descriptor, widths)
    )
    unicode = add_stream(b"/Filter/FlateDecode", zlib.compress(_to_unicode(glyphs), 9))
    return add(
        b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]"
        b"/ToUnicode %d 0 R>>" % (base, descendant, unicode)
    )


def _to_unicode(glyphs: list[tuple[int, str]]) -> bytes:
    """The map from glyph numbers back to letters, in blocks of a hundred."""
    out = [
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo",
        b"<</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def /CMapName /Adobe-Identity-UCS def",
        b"/CMapType 2 def 1 begincodespacerange <0000> <ffff> endcodespacerange",
    ]
    for start in range(0, len(glyphs), 100):
        block = glyphs[start : start + 100]
        out.append(b"%d beginbfchar" % len(block))
        out += [
            f"<{glyph:04x}> <{letter.encode('utf-16-be').hex()}>".encode()
            for glyph, letter in block
        ]
        out.append(b"endbfchar")
    out.append(b"endcmap CMapName currentdict /CMap defineresource pop end end")
    return b"\n".join(out)
