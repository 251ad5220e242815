"""Photos of a contract on paper: small, without what the camera wrote into them."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageOps

from portal import store
from portal.chronology import rules
from portal.chronology.queries import Chronology, File
from portal.documents import papers
from portal.documents.tree import Block, Picture
from portal.works import photos

#: A photo on paper: longest side in pixels, and its width.
_PIXELS, _WIDE_MM, _TALL_MM = 1000, 95.0, 75.0


def reader() -> Callable[[str], bytes]:
    """Bytes of the store, photos smaller; each is shrunk once."""
    kept: dict[str, bytes] = {}

    def read(sha: str) -> bytes:
        if sha not in kept:
            kept[sha] = _small(store.read(sha))
        return kept[sha]

    return read


def _small(data: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if max(picture.size) <= _PIXELS and picture.format != "JPEG":
                return data
            turned = ImageOps.exif_transpose(picture).convert("RGB")
            turned.thumbnail((_PIXELS, _PIXELS))
            out = io.BytesIO()
            turned.save(out, "JPEG", quality=72)  # without EXIF: no place, no device
            return out.getvalue()
    except OSError:
        return data  # not a picture: the emblem as SVG


def blocks(found: Chronology, places: bool = False) -> list[Block]:
    """The pictures whose bytes are still those that were handed in, with the day they were taken.

    Only the chronology of the OPD itself names their coordinates; a pack never does.
    """
    known = {p.id: p for report in found.reports for p in report.photos}
    out: list[Block] = []
    seen: set[str] = set()
    for file in found.files:
        if file.photo is None or file.state != "utuh" or file.sha256 in seen:
            continue
        seen.add(file.sha256)
        size = _size(file)
        if size:
            photo = known[file.photo]
            where = (photo.latitude, photo.longitude) if places else (None, None)
            facts = photos.words(photo.taken, *where)
            words = ", ".join(filter(None, (file.place, facts, f"kode {rules.code(file.sha256)}")))
            out.append(Picture(f"foto-{file.photo}", "", words, file.sha256, "image/jpeg", *size,
                               words))  # fmt: skip
    if not out:
        out.append(papers.text("Belum ada foto kemajuan."))
    return out


def _size(file: File) -> tuple[float, float] | None:
    try:
        with Image.open(store.path_of(file.sha256)) as picture:
            wide, tall = picture.size
    except OSError:
        return None
    scale = min(_WIDE_MM / wide, _TALL_MM / tall)
    return wide * scale, tall * scale
