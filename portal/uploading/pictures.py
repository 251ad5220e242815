"""Photos and drawings: bounded, turned upright, written anew without EXIF, GPS or comments."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from portal.uploading.kinds import Kind, Limits, Refused

_DAMAGED = (
    "Gambar rusak atau tidak lengkap. Buka di komputer, simpan ulang sebagai JPG atau PNG, lalu "
    "unggah lagi."
)


def clean_picture(data: bytes, kind: Kind, limits: Limits) -> tuple[bytes, tuple[str, ...]]:
    """The picture written anew, and notes; raises Refused.

    Pixels are counted from the header before anything is unpacked.
    """
    try:
        with Image.open(io.BytesIO(data), formats=[kind.name]) as picture:
            width, height = picture.size
            if width * height > limits.pixels:
                raise Refused(_too_big(width, height, limits))
            place = bool(picture.getexif().get_ifd(0x8825))
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            out, notes = _written(upright, kind, limits)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(
            f"Gambar terlalu besar, lebih dari {limits.pixels // 1_000_000} juta titik. Perkecil, "
            "lalu unggah lagi."
        ) from error
    except Refused:
        raise
    except (OSError, SyntaxError, ValueError, TypeError, MemoryError, EOFError, KeyError) as error:
        raise Refused(_DAMAGED) from error
    if place:
        notes = (*notes, "Lokasi pengambilan (GPS) di dalam foto dihapus.")
    return out, notes


def _too_big(width: int, height: int, limits: Limits) -> str:
    return (
        f"Gambar berukuran {width} x {height} titik, terlalu besar (batas "
        f"{limits.pixels // 1_000_000} juta titik). Perkecil, lalu unggah lagi."
    )


def _written(picture: Image.Image, kind: Kind, limits: Limits) -> tuple[bytes, tuple[str, ...]]:
    notes: tuple[str, ...] = ()
    if max(picture.size) > limits.side:
        before = picture.size
        if picture.mode not in ("L", "LA", "RGB", "RGBA"):
            picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
        picture.thumbnail((limits.side, limits.side))
        notes = (
            f"Gambar diperkecil dari {before[0]} x {before[1]} menjadi "
            f"{picture.width} x {picture.height} titik.",
        )
    out = io.BytesIO()
    if kind is Kind.JPEG:
        if picture.mode not in ("L", "RGB"):
            picture = picture.convert("RGB")
        picture.info.clear()
        picture.save(out, "JPEG", quality=88, optimize=True)
    else:
        if picture.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
            picture = picture.convert("RGBA" if picture.mode.endswith("A") else "RGB")
        clear = picture.info.get("transparency")
        picture.info.clear()
        extra = {} if clear is None else {"transparency": clear}
        picture.save(out, "PNG", optimize=True, **extra)
    return out.getvalue(), notes
