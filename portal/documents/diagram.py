"""Trees of boxes drawn left to right: SVG for screen and PDF, PNG for Word, same bytes always.

Letters are drawn as outlines of the house's own font file, so that a picture never depends on
what else is installed. A tree that is taller than a page is drawn in several pictures, each with
the boxes above it.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

from portal.db import canonical_json
from portal.documents import fonts

POINT = 25.4 / 72  # millimetres
DPI = 200
_TITLE, _LINE, _HEAD = 7.5, 6.5, 7.0  # sizes of type in points
_PAD, _GAP, _BETWEEN, _TOP = 1.4, 2.2, 7.0, 7.0  # millimetres
#: Fill and border of the boxes by depth; told apart in grey print by their borders' order.
_FILLS = ("#1f4e79", "#dbe7f2", "#e7f0e2", "#fdf1dc", "#f3eaf6", "#f2f2f2")
_EDGES = ("#16395a", "#1f4e79", "#548235", "#b07a00", "#7030a0", "#595959")
#: Letters that print as another one, because the font has no outline of theirs.
_OTHER = str.maketrans({"\u00a0": " ", "\u2011": "-", "\t": " ", "\n": " "})


@dataclass(frozen=True)
class Box:
    """One box: ``key`` and ``parent`` make the tree, ``level`` is the head of its column."""

    key: str
    parent: str
    title: str
    lines: tuple[str, ...] = ()
    level: str = ""


@dataclass(frozen=True)
class Diagram:
    """What one picture shows; equal ones give equal bytes."""

    boxes: tuple[Box, ...]
    wide_mm: float
    tall_mm: float

    def key(self) -> str:
        """SHA-256 of the content, for caches."""
        body = [[b.key, b.parent, b.title, b.lines, b.level] for b in self.boxes]
        return hashlib.sha256(
            canonical_json([body, str(self.wide_mm), "diagram-1"]).encode()
        ).hexdigest()


@dataclass(frozen=True)
class _Placed:
    """A box with its wrapped lines and its place in millimetres."""

    box: Box
    depth: int
    title: tuple[str, ...]
    lines: tuple[str, ...]
    x: float
    y: float
    wide: float
    tall: float

    @property
    def middle(self) -> float:
        return self.y + self.tall / 2


@dataclass(frozen=True)
class _Plan:
    placed: tuple[_Placed, ...]
    heads: tuple[tuple[float, float, str], ...]  # x, width, words
    wide: float
    tall: float


def _face(bold: bool) -> fonts.Face:
    return fonts.faces()["Bold" if bold else "Regular"]


def _wrap(text: str, bold: bool, size: float, room_mm: float) -> tuple[str, ...]:
    """Lines of at most ``room_mm``; a word that is longer than a line is broken."""
    face, room = _face(bold), room_mm / POINT
    out: list[str] = []
    line = ""
    for word in text.translate(_OTHER).split():
        tried = f"{line} {word}".strip()
        if face.width(tried, size) <= room:
            line = tried
            continue
        if line:
            out.append(line)
        rest = word
        while face.width(rest, size) > room:
            cut = next(n for n in range(len(rest), 0, -1) if n == 1
                       or face.width(rest[:n], size) <= room)  # fmt: skip
            out.append(rest[:cut])
            rest = rest[cut:]
        line = rest
    return tuple([*out, line] if line else out)


class _Layout:
    """Measures boxes and finds their places."""

    def __init__(self, boxes: Sequence[Box], wide: float) -> None:
        known = {b.key for b in boxes}
        self.below: dict[str, list[Box]] = {}
        for box in boxes:
            self.below.setdefault(box.parent if box.parent in known else "", []).append(box)
        self.tops = self.below.get("", [])
        self.columns = max((self._deep(b) for b in self.tops), default=1)
        self.wide = wide
        self.column = (wide - _BETWEEN * (self.columns - 1)) / self.columns
        self.placed: list[_Placed] = []
        self._sizes: dict[str, tuple[tuple[str, ...], tuple[str, ...], float]] = {}
        self._heights: dict[str, float] = {}

    def _deep(self, box: Box) -> int:
        return 1 + max((self._deep(b) for b in self.below.get(box.key, ())), default=0)

    def _size(self, box: Box) -> tuple[tuple[str, ...], tuple[str, ...], float]:
        if box.key not in self._sizes:
            room = self.column - 2 * _PAD
            title = _wrap(box.title, True, _TITLE, room)
            lines = tuple(t for text in box.lines for t in _wrap(text, False, _LINE, room))
            tall = (len(title) * _TITLE + len(lines) * _LINE) * POINT * 1.22 + 2 * _PAD
            self._sizes[box.key] = (title, lines, tall + (0.8 if lines else 0))
        return self._sizes[box.key]

    def height(self, box: Box) -> float:
        """Room of a box with all that is below it."""
        if box.key not in self._heights:
            children = self.below.get(box.key, ())
            under = sum(self.height(b) for b in children) + _GAP * max(0, len(children) - 1)
            self._heights[box.key] = max(self._size(box)[2], under)
        return self._heights[box.key]

    def put(self, box: Box, depth: int, y: float) -> None:
        """Place a box in the middle of its room, what is below it in the next column."""
        title, lines, tall = self._size(box)
        room = self.height(box)
        x = depth * (self.column + _BETWEEN)
        at = y + (room - tall) / 2
        self.placed.append(_Placed(box, depth, title, lines, x, at, self.column, tall))
        children = self.below.get(box.key, ())
        under = sum(self.height(b) for b in children) + _GAP * max(0, len(children) - 1)
        y += (room - under) / 2
        for child in children:
            self.put(child, depth + 1, y)
            y += self.height(child) + _GAP

    def plan(self) -> _Plan:
        """The finished picture."""
        y = _TOP
        for top in self.tops:
            self.put(top, 0, y)
            y += self.height(top) + _GAP
        heads = []
        for depth in range(self.columns):
            named = {p.box.level for p in self.placed if p.depth == depth}
            words = next(iter(named)) if len(named) == 1 else ""
            heads.append((depth * (self.column + _BETWEEN), self.column, words))
        return _Plan(tuple(self.placed), tuple(heads), self.wide, max(y - _GAP, _TOP) + 0.5)


def pages(boxes: Sequence[Box], wide_mm: float, tall_mm: float) -> list[Diagram]:
    """The pictures of a tree: one, or several that each fit ``tall_mm`` with their ancestors."""
    if not boxes:
        return []
    by_key = {b.key: b for b in boxes}
    layout = _Layout(boxes, wide_mm)
    room = tall_mm - _TOP - 0.5
    groups: list[list[Box]] = []
    _split(layout, layout.tops, room, groups)
    out = []
    for group in groups:
        keys = {b.key for b in group}
        chain: list[Box] = []
        up = group[0].parent
        while up in by_key and up not in keys:
            chain.insert(0, by_key[up])
            up = by_key[up].parent
        whole = [*chain, *(b for top in group for b in _all(layout, top))]
        out.append(Diagram(tuple(dict.fromkeys(whole)), wide_mm, tall_mm))
    return out


def _all(layout: _Layout, box: Box) -> Iterable[Box]:
    yield box
    for child in layout.below.get(box.key, ()):
        yield from _all(layout, child)


def _split(layout: _Layout, siblings: Sequence[Box], room: float, groups: list[list[Box]]) -> None:
    """Pack siblings into pictures; one that is too tall alone is opened."""
    packed: list[Box] = []
    used = 0.0
    for box in siblings:
        tall = layout.height(box)
        if tall > room and layout.below.get(box.key):
            if packed:
                groups.append(packed)
            packed, used = [], 0.0
            _split(layout, layout.below[box.key], room, groups)
            continue
        if packed and used + _GAP + tall > room:
            groups.append(packed)
            packed, used = [], 0.0
        packed.append(box)
        used += tall + (_GAP if used else 0)
    if packed:
        groups.append(packed)


# --- printing -------------------------------------------------------------------------------


def size_mm(diagram: Diagram) -> tuple[float, float]:
    """Width and height of the finished picture."""
    plan = _Layout(diagram.boxes, diagram.wide_mm).plan()
    return round(plan.wide, 2), round(plan.tall, 2)


def svg(diagram: Diagram) -> bytes:
    """The picture as SVG; letters are paths, so it needs no font."""
    plan = _Layout(diagram.boxes, diagram.wide_mm).plan()
    wide, tall = _n(plan.wide), _n(plan.tall)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}mm" height="{tall}mm" '
        f'viewBox="0 0 {wide} {tall}">',
        _letters(plan),
        f'<rect width="{wide}" height="{tall}" fill="#fff"/>',
    ]
    for x, width, words in plan.heads:
        if words:
            out.append(_text(words, True, _HEAD, x, 4.0, "#333", width))
    by_key = {p.box.key: p for p in plan.placed}
    for p in plan.placed:
        up = by_key.get(p.box.parent)
        if up is not None:
            x0, x1 = up.x + up.wide, p.x
            half = (x0 + x1) / 2
            out.append(
                f'<path d="M{_n(x0)} {_n(up.middle)}H{_n(half)}V{_n(p.middle)}H{_n(x1)}" '
                'fill="none" stroke="#666" stroke-width=".3"/>'
            )
    for p in plan.placed:
        out += _box_svg(p)
    out.append("</svg>")
    return "".join(out).encode()


def _box_svg(p: _Placed) -> list[str]:
    depth = min(p.depth, len(_FILLS) - 1)
    ink = "#fff" if depth == 0 else "#111"
    out = [
        f'<rect x="{_n(p.x)}" y="{_n(p.y)}" width="{_n(p.wide)}" height="{_n(p.tall)}" rx=".8" '
        f'fill="{_FILLS[depth]}" stroke="{_EDGES[depth]}" stroke-width=".35"/>'
    ]
    for bold, size, line, y in _lines(p):
        out.append(_text(line, bold, size, p.x + _PAD, y, ink))
    return out


def _lines(p: _Placed) -> Iterable[tuple[bool, float, str, float]]:
    """(bold, size, words, baseline) of each line of a box."""
    y = p.y + _PAD
    for bold, size, lines in ((True, _TITLE, p.title), (False, _LINE, p.lines)):
        for line in lines:
            y += size * POINT * 1.22
            yield bold, size, line, y - size * POINT * 0.28
        y += 0.8


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _text(
    words: str, bold: bool, size: float, x: float, y: float, ink: str, wide: float = 0
) -> str:  # fmt: skip
    """A line of text: letters from ``_letters``, set by the advances of the font."""
    face = _face(bold)
    if wide:
        x += (wide - face.width(words, size) * POINT) / 2
    scale = size * POINT / _font(bold)[2]
    turned = f"translate({_n(x)} {_n(y)}) scale({scale:.6f} -{scale:.6f})"
    out = [f'<g transform="{turned}" fill="{ink}">']
    at = 0.0
    for letter in words:
        if _outline(bold, letter):
            out.append(f'<use href="#{_id(bold, letter)}" x="{round(at)}"/>')
        at += face.width(letter, 1) * _font(bold)[2]
    return "".join([*out, "</g>"])


def _id(bold: bool, letter: str) -> str:
    return f"{'b' if bold else 'r'}{ord(letter):x}"


def _letters(plan: _Plan) -> str:
    """Every letter of the picture once, as an outline in units of the font."""
    used = {(True, c) for _, _, words in plan.heads for c in words}
    for p in plan.placed:
        used |= {(bold, c) for bold, _, line, _ in _lines(p) for c in line}
    out = []
    for bold, letter in sorted(used):
        outline = _outline(bold, letter)
        if outline:
            out.append(f'<path id="{_id(bold, letter)}" d="{outline}"/>')
    return f"<defs>{''.join(out)}</defs>"


@cache
def _font(bold: bool) -> tuple[Any, dict[int, str], int]:
    font = TTFont(io.BytesIO(_face(bold).data), lazy=True)
    return font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm


@cache
def _outline(bold: bool, letter: str) -> str:
    """Path of a letter in units of the font, "" for a blank or an unknown one."""
    glyphs, names, _ = _font(bold)
    name = names.get(ord(letter))
    if name is None:
        return ""
    pen = SVGPathPen(None, ntos=lambda value: str(round(value)))
    glyphs[name].draw(pen)
    return str(pen.getCommands())


def png(diagram: Diagram) -> bytes:
    """The picture as PNG for Word."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - only when a book has a tree

    plan = _Layout(diagram.boxes, diagram.wide_mm).plan()
    dots = DPI / 25.4
    image = Image.new("RGB", (round(plan.wide * dots), round(plan.tall * dots)), "#fff")
    draw = ImageDraw.Draw(image)

    def font(bold: bool, size: float) -> Any:
        return ImageFont.truetype(io.BytesIO(_face(bold).data), size * DPI / 72)

    for x, width, words in plan.heads:
        if words:
            at = ((x + width / 2) * dots, 4.0 * dots)
            draw.text(at, words, fill="#333", font=font(True, _HEAD), anchor="ms")
    by_key = {p.box.key: p for p in plan.placed}
    for p in plan.placed:
        up = by_key.get(p.box.parent)
        if up is not None:
            x0, x1 = (up.x + up.wide) * dots, p.x * dots
            half = (x0 + x1) / 2
            above, here = up.middle * dots, p.middle * dots
            draw.line([(x0, above), (half, above), (half, here), (x1, here)], "#666", 2)
    for p in plan.placed:
        depth = min(p.depth, len(_FILLS) - 1)
        corners = [p.x * dots, p.y * dots, (p.x + p.wide) * dots, (p.y + p.tall) * dots]
        draw.rounded_rectangle(corners, 6, _FILLS[depth], _EDGES[depth], 3)
        for bold, size, line, y in _lines(p):
            ink = "#fff" if depth == 0 else "#111"
            at = ((p.x + _PAD) * dots, y * dots)
            draw.text(at, line, fill=ink, font=font(bold, size), anchor="ls")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def spoken(boxes: Sequence[Box], most: int = 40) -> str:
    """What a reader who cannot see the picture is told: the boxes from top to bottom."""
    by_key = {b.key: b for b in boxes}
    told = []
    for box in boxes[:most]:
        above = by_key.get(box.parent)
        below = f" (di bawah {above.title})" if above else ""
        told.append(f"{box.level}: {box.title}{below}")
    rest = f"; dan {len(boxes) - most} lainnya" if len(boxes) > most else ""
    return "; ".join(told) + rest


def render(diagram: Diagram) -> tuple[bytes, bytes]:
    """SVG and PNG bytes."""
    return svg(diagram), png(diagram)
