"""PDF files: pages counted, scripts and attachments taken out, signatures left whole."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, cast

import pikepdf
from pikepdf import Dictionary, Name

from portal.uploading.kinds import Limits, Refused

_DAMAGED = (
    "PDF rusak atau tidak lengkap sehingga tidak dapat dibuka. Cetak ulang ke PDF, lalu unggah "
    "lagi."
)
_LOCKED = (
    "PDF dikunci dengan kata sandi. Buka dengan kata sandinya, cetak ke PDF baru, lalu unggah lagi."
)
_RUNNING = frozenset({
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/RichMediaExecute",
    "/GoToE",
})  # fmt: skip
_ATTACHED = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/3D", "/Sound"})


def clean_pdf(data: bytes, limits: Limits) -> tuple[bytes, int, tuple[str, ...]]:
    """Bytes without active content, the number of pages, and notes for the uploader.

    A file that has nothing to take out keeps its very bytes, so that an electronic signature
    stays valid; a signed or protected file that would have to be changed is refused.
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pages = len(pdf.pages)
            if not 1 <= pages <= limits.pages:
                raise Refused(
                    f"PDF ini memuat {pages} halaman; yang diterima 1 sampai {limits.pages}. Pecah "
                    "menjadi beberapa berkas."
                )
            signed = _signed(pdf)
            removed = _strip(pdf)
            if not removed:
                return data, pages, ()
            if signed or pdf.is_encrypted:
                how = "bertanda tangan elektronik" if signed else "dilindungi"
                raise Refused(
                    f"PDF yang {how} ini memuat {' dan '.join(removed)}, sehingga tidak dapat "
                    "dibersihkan. Unggah versi tanpa bagian itu."
                )
            out = io.BytesIO()
            pdf.save(out, deterministic_id=True)
    except pikepdf.PasswordError as error:
        raise Refused(_LOCKED) from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError,
            RecursionError) as error:  # fmt: skip
        raise Refused(_DAMAGED) from error
    return out.getvalue(), pages, (f"Bagian ini dikeluarkan dari PDF: {', '.join(removed)}.",)


def _signed(pdf: pikepdf.Pdf) -> bool:
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, Dictionary) and int(form.get("/SigFlags", 0)) & 1:
        return True
    return any(
        isinstance(o, Dictionary) and o.get("/Type") == Name.Sig and "/ByteRange" in o
        for o in pdf.objects
    )


def _actions(holder: Any) -> Iterator[str]:
    """Types of an action and of those that follow it."""
    seen = 0
    queue = [holder]
    while queue and seen < 200:
        action = queue.pop()
        seen += 1
        if isinstance(action, Dictionary):
            yield str(action.get("/S", ""))
            after = action.get("/Next")
            if after is not None:
                queue.extend(list(after) if isinstance(after, pikepdf.Array) else [after])


def _strip(pdf: pikepdf.Pdf) -> list[str]:
    """Take active content out of ``pdf``; returns what was there, in words."""
    removed: dict[str, None] = {}
    for holder in _dictionaries(pdf):
        _strip_one(holder, removed)
    _strip_root(cast(Dictionary, pdf.Root), removed)
    return list(removed)


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Dictionary]:
    """Every place where an action can hang, direct annotations included."""
    for found in list(pdf.objects):
        if isinstance(found, Dictionary) and not isinstance(found, pikepdf.Stream):
            yield found
    yield cast(Dictionary, pdf.Root)
    for page in pdf.pages:
        for note in list(page.obj.get("/Annots", ())):
            if isinstance(note, Dictionary):
                yield note


def _strip_root(root: Dictionary, removed: dict[str, None]) -> None:
    names = root.get("/Names")
    if isinstance(names, Dictionary):
        for key, word in (("/JavaScript", "skrip"), ("/EmbeddedFiles", "lampiran tertanam")):
            if key in names:
                del names[key]
                removed[word] = None
    for key in ("/AF", "/Collection"):
        if key in root:
            del root[key]
            removed["lampiran tertanam"] = None
    form = root.get("/AcroForm")
    if isinstance(form, Dictionary) and "/XFA" in form:
        del form["/XFA"]
        removed["formulir XFA"] = None


def _strip_one(holder: Dictionary, removed: dict[str, None]) -> None:
    if str(holder.get("/Subtype", "")) in _ATTACHED and "/Rect" in holder:
        holder["/Subtype"] = Name.Text
        for key in ("/FS", "/RichMediaContent", "/RichMediaSettings", "/Movie", "/Sound", "/3DD"):
            if key in holder:
                del holder[key]
        removed["lampiran tertanam"] = None
    for key in ("/A", "/OpenAction"):
        if key in holder and _RUNNING & set(_actions(holder[key])):
            del holder[key]
            removed["skrip"] = None
    if "/AA" in holder and isinstance(holder["/AA"], Dictionary):
        del holder["/AA"]
        removed["skrip"] = None
    if "/JS" in holder and holder.get("/S") in (Name.JavaScript, Name.Rendition):
        holder["/JS"] = pikepdf.String("")
        removed["skrip"] = None
