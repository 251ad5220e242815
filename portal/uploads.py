"""The one door for files from outside: told by their bytes, bounded, cleaned, safely named."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from portal.uploading.kinds import (
    DOCUMENTS,
    EVIDENCE,
    EXTENSIONS,
    MEDIA,
    PICTURES,
    SHEETS,
    WORDS,
    Checked,
    Kind,
    Limits,
    Refused,
)  # fmt: skip
from portal.uploading.office import OLE, look_into_ole, look_into_zip, refuse_wide
from portal.uploading.pdf import clean_pdf
from portal.uploading.pictures import clean_picture

__all__ = [
    "DOCUMENTS", "EVIDENCE", "PICTURES", "SHEETS", "Checked", "Kind", "Limits", "Refused",
    "accept_list", "check", "safe_name",
]  # fmt: skip

DEFAULT = Limits()
#: Magic bytes of what people try, and what to tell them.
_STRANGERS: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "Berkas ini program, bukan dokumen."),
    (b"\x7fELF", "Berkas ini program, bukan dokumen."),
    (b"#!", "Berkas ini program, bukan dokumen."),
    (b"Rar!", "Berkas ini arsip RAR. Buka arsipnya dan unggah isinya satu per satu."),
    (b"7z\xbc\xaf", "Berkas ini arsip 7z. Buka arsipnya dan unggah isinya satu per satu."),
    (b"\x1f\x8b", "Berkas ini arsip GZIP. Buka arsipnya dan unggah isinya satu per satu."),
    (b"GIF8", "Gambar GIF belum diterima. Simpan sebagai JPG atau PNG."),
    (b"BM", "Gambar BMP belum diterima. Simpan sebagai JPG atau PNG."),
    (b"II*\0", "Gambar TIFF belum diterima. Simpan sebagai PDF, JPG, atau PNG."),
    (b"MM\0*", "Gambar TIFF belum diterima. Simpan sebagai PDF, JPG, atau PNG."),
    (b"{\\rtf", "Berkas RTF belum diterima. Simpan sebagai .docx atau PDF."),
)


def check(
    data: bytes, name: str, allow: Iterable[Kind] = EVIDENCE, limits: Limits = DEFAULT
) -> Checked:
    """Take a file in, or raise Refused with one sentence in Indonesian.

    ``name`` is what the browser said and is only used for display. The bytes that come back are
    clean: pictures are written anew without EXIF, PDFs without scripts and attachments.
    """
    allowed = frozenset(allow)
    if not data:
        raise Refused("Berkas kosong (0 byte). Pilih berkas yang benar, lalu unggah lagi.")
    if len(data) > limits.bytes:
        raise Refused(
            f"Berkas berukuran {_megabytes(len(data))} MB, lebih dari batas "
            f"{_megabytes(limits.bytes)} MB. Perkecil atau pecah menjadi beberapa berkas."
        )
    kind, pages = _kind(data, limits)
    if kind not in allowed:
        raise Refused(f"Isi berkas ini {WORDS[kind]}. Yang diterima di sini: {_list(allowed)}.")
    if kind is Kind.XLSX and allowed <= SHEETS:  # its cells will be read
        refuse_wide(data)
    notes: tuple[str, ...] = ()
    if kind is Kind.PDF:
        data, pages, notes = clean_pdf(data, limits)
    elif kind in PICTURES:
        data, notes = clean_picture(data, kind, limits)
    shown, renamed = safe_name(name, kind)
    if renamed:
        notes = (*notes, f"Nama berkas berakhiran {renamed}, isinya {WORDS[kind]}.")
    return Checked(kind, MEDIA[kind], data, shown, pages, notes)


def accept_list(allow: Iterable[Kind]) -> str:
    """Value of ``accept`` of a file input: extensions and media types."""
    kinds = sorted(frozenset(allow))
    extra = [".jpeg"] if Kind.JPEG in kinds else []
    return ",".join([*(EXTENSIONS[k] for k in kinds), *extra, *(MEDIA[k] for k in kinds)])


def safe_name(name: str, kind: Kind) -> tuple[str, str]:
    """A name fit for screens, headers and ZIP files, and the extension that did not fit.

    No path, no control or direction characters, at most 120 letters, the extension of the kind.
    """
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(c for c in text if unicodedata.category(c)[0] != "C")
    text = re.sub(r'[<>:"|?*]', " ", text)
    text = re.sub(r"\s+", " ", text).strip(" .")
    stem, dot, ending = text.rpartition(".")
    own = EXTENSIONS[kind]
    fits = {own, ".jpeg"} if kind is Kind.JPEG else {own}
    wrong = ""
    if dot and re.fullmatch(r"[A-Za-z0-9]{1,5}", ending):
        if f".{ending.lower()}" not in fits:
            wrong = f".{ending.lower()}"
    else:
        stem = text
    stem = stem.strip(" .") or "berkas"
    return f"{stem[:110].strip(' .')}{own}", wrong


def _megabytes(size: int) -> str:
    return f"{size / 1_048_576:.1f}".replace(".", ",").removesuffix(",0")


def _list(kinds: frozenset[Kind]) -> str:
    words = [WORDS[k] for k in Kind if k in kinds]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])}, atau {words[-1]}"


def _kind(data: bytes, limits: Limits) -> tuple[Kind, int | None]:
    """What the bytes are; PDF pages are counted later."""
    head = data[:1024]
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG, None
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG, None
    if head.startswith(b"PK\x03\x04"):
        return look_into_zip(data, limits)
    if head.startswith(OLE):
        return look_into_ole(data), None
    if b"%PDF-" in head:
        return Kind.PDF, None
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"avif"):
        raise Refused(
            "Foto HEIC dari iPhone belum diterima. Di pengaturan kamera pilih “Paling Kompatibel”, "
            "atau kirim sebagai JPG."
        )
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        raise Refused("Gambar WEBP belum diterima. Simpan sebagai JPG atau PNG.")
    for magic, sentence in _STRANGERS:
        if head.startswith(magic):
            raise Refused(sentence)
    return _text_kind(data), None


def _text_kind(data: bytes) -> Kind:
    start = data[:4096].decode("utf-8-sig", "replace").lstrip().lower()
    if "<svg" in start:
        raise Refused(
            "Gambar SVG tidak diterima karena dapat memuat skrip. Simpan sebagai PNG, lalu unggah "
            "lagi."
        )
    if start.startswith(("<!doctype", "<html", "<?xml", "<script", "<?php")):
        raise Refused("Berkas ini halaman web atau skrip. Cetak ke PDF, lalu unggah lagi.")
    if b"\0" in data or not _is_text(data):
        raise Refused(
            "Jenis berkas tidak dikenali. Yang lazim diterima: PDF, Word (.docx), Excel (.xlsx), "
            "foto JPG, atau PNG."
        )
    return Kind.CSV


def _is_text(data: bytes) -> bool:
    """Looks like lines of separated values, in UTF-8 or in Windows' own letters."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    bad = sum(1 for c in text if unicodedata.category(c) == "Cc" and c not in "\r\n\t")
    return not bad and any(sep in text for sep in (";", ",", "\t"))
