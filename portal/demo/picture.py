"""The map of the fictional region: one colour a kecamatan, sea, names, scale, DATA CONTOH."""

from __future__ import annotations

import io
import math

from PIL import Image, ImageDraw, ImageFont

from portal.demo.numbers import KECAMATAN

WIDTH, HEIGHT = 340, 240  # of the coarse picture, enlarged four times
SEA = (214, 230, 240)
#: Where the heart of each kecamatan lies, in hundredths of the picture.
HEARTS = ((64, 48), (60, 26), (58, 70), (74, 36), (46, 48), (72, 62), (76, 22), (70, 80),
          (34, 34), (22, 56), (18, 30), (91, 58))  # fmt: skip
COLOURS = ((244, 222, 170), (205, 224, 178), (236, 205, 190), (190, 216, 214), (225, 214, 232),
           (247, 232, 196), (198, 220, 196), (238, 216, 206), (214, 222, 190), (206, 200, 222),
           (186, 210, 186), (244, 214, 178))  # fmt: skip


def _land(x: float, y: float) -> bool:
    """The mainland with a wavy east coast, and one island."""
    coast = 83 + 3 * math.sin(y / 9) + 2 * math.sin(y / 3.7)
    inland = 5 + 2 * math.sin(y / 11) < x < coast
    if inland and 7 + 2 * math.sin(x / 8) < y < 92 + 2 * math.cos(x / 7):
        return True
    return ((x - 91) / 5.2) ** 2 + ((y - 58) / 9) ** 2 < 1 + 0.15 * math.sin(x * y / 60)


def _nearest(x: float, y: float) -> int:
    """The kecamatan of a place; the island is the last one."""
    if x > 86:
        return 11
    wobble = 1.8 * math.sin(y / 4.1), 1.8 * math.cos(x / 4.7)
    px, py = x + wobble[0], y + wobble[1]
    return min(range(11), key=lambda i: (px - HEARTS[i][0]) ** 2 + (py - HEARTS[i][1]) ** 2)


def map_png() -> bytes:
    """The map as PNG; the same bytes wherever the same Pillow draws it."""
    small = Image.new("RGB", (WIDTH, HEIGHT), SEA)
    pixels = [
        COLOURS[_nearest(x, y)] if _land(x, y) else SEA
        for row in range(HEIGHT) for col in range(WIDTH)
        for x, y in ((col * 100 / WIDTH, row * 100 / HEIGHT),)
    ]  # fmt: skip
    small.putdata(pixels)
    image = small.resize((WIDTH * 4, HEIGHT * 4), Image.Resampling.BICUBIC)
    _labels(ImageDraw.Draw(image), image.size)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _labels(draw: ImageDraw.ImageDraw, size: tuple[int, int]) -> None:
    font, small = ImageFont.load_default(24), ImageFont.load_default(19)
    for (hx, hy), kecamatan in zip(HEARTS, KECAMATAN, strict=True):
        at = (hx * size[0] / 100, hy * size[1] / 100)
        draw.ellipse((at[0] - 5, at[1] - 5, at[0] + 5, at[1] + 5), fill=(120, 40, 30))
        name = kecamatan.name.replace(" ", "\n", 1) if hx > 85 else kecamatan.name
        draw.multiline_text((at[0], at[1] + 10), name, font=small, fill=(30, 30, 30), anchor="ma")
    draw.text((size[0] - 150, size[1] - 130), "LAUT CONTOH", font=small, fill=(60, 96, 130),
              anchor="mm")  # fmt: skip
    draw.text((24, 18), "PETA WILAYAH ADMINISTRASI KABUPATEN CONTOH", font=font, fill=(20, 20, 20))
    draw.text((24, 50), "DATA CONTOH: wilayah rekaan", font=small, fill=(150, 30, 30))
    left, base = 40, size[1] - 40
    draw.line((left, base, left + 200, base), fill=(20, 20, 20), width=4)
    for n, text in enumerate(("0", "25", "50 km")):
        x = left + 100 * n
        draw.line((x, base - 8, x, base), fill=(20, 20, 20), width=3)
        draw.text((x, base + 6), text, font=small, fill=(20, 20, 20), anchor="ma")
    top = (size[0] - 60, 70)
    draw.polygon(((top[0], top[1] - 34), (top[0] - 14, top[1] + 14), (top[0] + 14, top[1] + 14)),
                 fill=(30, 30, 30))  # fmt: skip
    draw.text((top[0], top[1] + 20), "U", font=font, fill=(20, 20, 20), anchor="ma")
