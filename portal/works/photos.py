"""Date and place inside a photo, read before the picture is written anew without them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PIL import Image

_GPS = 0x8825
_EXIF = 0x8769
_TAKEN = 0x9003  # DateTimeOriginal


@dataclass(frozen=True)
class Facts:
    """What a camera wrote; empty when it wrote nothing."""

    taken: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None


def facts(data: bytes) -> Facts:
    """Date (``2026-03-12 10:42``) and coordinates in degrees; never raises on a broken picture."""
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as picture:
            exif = picture.getexif()
            taken = str(exif.get_ifd(_EXIF).get(_TAKEN) or exif.get(0x0132) or "")
            place = exif.get_ifd(_GPS)
    except Exception:  # whatever a camera wrote wrongly, the photo itself counts
        return Facts()
    return Facts(_date(taken), _degrees(place, 2, "S"), _degrees(place, 4, "W"))


def _date(text: str) -> str:
    parts = text.replace("\0", "").strip()[:16]
    day, _, hour = parts.partition(" ")
    digits = day.replace(":", "-")
    return f"{digits} {hour}".strip() if len(digits) == 10 and digits[:4].isdigit() else ""


def _degrees(place: Any, tag: int, negative: str) -> Decimal | None:
    try:
        degrees, minutes, seconds = (Decimal(str(float(x))) for x in place[tag])
        value = degrees + minutes / 60 + seconds / 3600
        sign = -1 if str(place.get(tag - 1, "")).upper().startswith(negative) else 1
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None
    return (sign * value).quantize(Decimal("0.000001")) if abs(value) <= 180 else None


def words(taken: str, latitude: Decimal | None, longitude: Decimal | None) -> str:
    """When and where a photo was taken, for those who keep the contract; empty when unknown.

    >>> words("2026-03-12 10:42", Decimal("-1.5"), Decimal("116.26"))
    'diambil 2026-03-12 10:42, koordinat -1.5, 116.26'
    """
    parts = [f"diambil {taken}"] if taken else []
    if latitude is not None and longitude is not None:
        parts.append(f"koordinat {latitude.normalize():f}, {longitude.normalize():f}")
    return ", ".join(parts)
