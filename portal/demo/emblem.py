"""A drawn, fictional lambang for the demo, so that the cover shows where a lambang stands.

A shield with mountains, a sun and waves, and CONTOH written across it; no region's real arms.
"""

from __future__ import annotations

import io
import math

from PIL import Image, ImageDraw, ImageFont

SIZE = (840, 960)
GOLD, NAVY, SKY, GREEN, SEA, WHITE = (
    (196, 150, 40), (24, 58, 104), (206, 228, 242), (58, 122, 74), (44, 106, 160), (255, 255, 255),
)  # fmt: skip


def _shield(inset: int) -> list[tuple[float, float]]:
    """The outline of the shield, ``inset`` pixels inside the picture."""
    width, height = SIZE
    left, right, top = inset, width - inset, inset
    side = height * 0.52
    curve = [
        (
            width / 2 + (right - width / 2) * math.cos(a),
            side + (height - inset - side) * math.sin(a),
        )
        for a in (math.pi * n / 60 for n in range(61))
    ]
    return [(left, top), (right, top), *curve]


def png() -> bytes:
    """The lambang as a PNG on white; the same bytes each time."""
    scale = 2
    inside = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(inside)
    draw.ellipse((300, 150, 540, 390), fill=GOLD)
    draw.polygon(((40, 620), (270, 300), (430, 520), (560, 360), (820, 640)), fill=GREEN)
    for row, colour in enumerate((SEA, NAVY, SEA)):
        base = 600 + row * 90
        wave = [(x, base + 16 * math.sin((x + row * 40) / 34)) for x in range(0, SIZE[0] + 8, 8)]
        draw.polygon((*wave, (SIZE[0], SIZE[1]), (0, SIZE[1])), fill=colour)
    draw.rectangle((0, 470, SIZE[0], 578), fill=WHITE)
    draw.text((SIZE[0] / 2, 524), "CONTOH", font=ImageFont.load_default(96), fill=NAVY, anchor="mm")
    big = (SIZE[0] * scale, SIZE[1] * scale)
    cut = Image.new("RGB", big, WHITE)
    for inset, fill in ((8, NAVY), (22, GOLD), (36, None)):
        mask = Image.new("L", big, 0)
        ImageDraw.Draw(mask).polygon([(x * scale, y * scale) for x, y in _shield(inset)], fill=255)
        paint = inside.resize(big) if fill is None else Image.new("RGB", big, fill)
        cut.paste(paint, (0, 0), mask)
    out = io.BytesIO()
    cut.resize(SIZE, Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()
