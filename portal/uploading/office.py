"""Word, Excel and OpenDocument files: looked into without running or trusting anything."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.etree import ElementTree  # parts with a DTD are refused before parsing

from portal.uploading.kinds import Kind, Limits, Refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DAMAGED = (
    "Berkas rusak atau tidak lengkap sehingga tidak dapat dibuka. Buka berkas di komputer, simpan "
    "ulang, lalu unggah lagi."
)
_MACRO = (
    "Berkas memuat makro. Simpan ulang tanpa makro: di Word pilih “Word Document (.docx)”, di "
    "Excel pilih “Excel Workbook (.xlsx)”, lalu unggah lagi."
)
_LOCKED = (
    "Berkas dikunci dengan kata sandi. Buka kuncinya (File, Info, Protect Document), simpan, lalu "
    "unggah lagi."
)
_BOMB = (
    "Berkas menjadi terlalu besar bila dibuka. Hapus gambar atau lembar yang tidak perlu, simpan "
    "ulang, lalu unggah lagi."
)
_WIDE = (
    "Lembar Excel ini terlalu luas: ada sel terisi jauh di bawah atau di kanan tabelnya. Hapus "
    "baris dan kolom yang tidak dipakai (Ctrl+End menunjukkan sel terakhir), simpan, lalu unggah "
    "lagi."
)
#: A reader lays out the whole rectangle of a sheet; a list of the region's size needs far less.
MOST_CELLS = 5_000_000
MOST_XML = 20 * 1024 * 1024  # unpacked bytes of a part that is parsed
_CELL = re.compile(rb"""\br\s{0,9}=\s{0,9}["']\$?([A-Za-z]{0,7})\$?([0-9]{1,9})["']""")
_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": Kind.DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": Kind.XLSX,
}
_OTHERS = {
    "presentationml": "PowerPoint",
    "wordprocessingml.template": "templat Word (.dotx)",
    "spreadsheetml.template": "templat Excel (.xltx)",
    "ms-excel.sheet.binary": "Excel biner (.xlsb)",
}
_ODS = "application/vnd.oasis.opendocument.spreadsheet"


def look_into_zip(data: bytes, limits: Limits) -> tuple[Kind, int | None]:
    """Kind and pages of an OOXML or ODS file; raises Refused with a sentence.

    Bounds hold before anything is unpacked: parts are never read beyond the size that the
    directory declares, and the sum of those is limited.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = _checked_names(archive, limits)
            if "mimetype" in names:
                return _ods(archive)
            if "[Content_Types].xml" not in names:
                raise Refused(
                    "Berkas ini arsip ZIP. Buka arsipnya dan unggah isinya satu per satu sebagai "
                    "PDF, Word, Excel, atau foto."
                )
            return _ooxml(archive, names)
    except Refused:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError,
            NotImplementedError, ValueError, KeyError) as error:  # fmt: skip
        raise Refused(_DAMAGED) from error


def _checked_names(archive: zipfile.ZipFile, limits: Limits) -> set[str]:
    infos = archive.infolist()
    if len(infos) > limits.parts or sum(i.file_size for i in infos) > limits.unpacked:
        raise Refused(_BOMB)
    names: set[str] = set()
    for info in infos:
        if info.flag_bits & 1:
            raise Refused(_LOCKED)
        if info.file_size > 1_048_576 and info.file_size > limits.ratio * max(
            info.compress_size, 1
        ):
            raise Refused(_BOMB)
        parts = info.filename.replace("\\", "/").split("/")
        if ".." in parts or info.filename.startswith(("/", "\\")) or "\0" in info.orig_filename:
            raise Refused(_DAMAGED)
        if info.filename in names:
            raise Refused(_DAMAGED)
        names.add(info.filename)
    return names


def _ods(archive: zipfile.ZipFile) -> tuple[Kind, int | None]:
    kind = archive.read("mimetype").decode("ascii", "replace").strip()
    if kind != _ODS:
        raise Refused(
            "Dokumen OpenDocument jenis ini belum diterima. Simpan sebagai PDF, .docx, atau .xlsx, "
            "lalu unggah lagi."
        )
    if any(n.startswith(("Basic/", "Scripts/")) for n in archive.namelist()):
        raise Refused(_MACRO)
    manifest = _xml(archive, "META-INF/manifest.xml")
    if any(e.tag.endswith("}encryption-data") for e in manifest.iter()):
        raise Refused(_LOCKED)
    _xml(archive, "content.xml")
    return Kind.ODS, None


def _xml(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """One XML part; a huge one, or one with a DTD or a hidden encoding, is not parsed at all."""
    if archive.getinfo(name).file_size > MOST_XML:
        raise Refused(_BOMB)
    data = archive.read(name)
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    if "\0" in text or "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Refused(_DAMAGED)
    try:
        return ElementTree.fromstring(data)  # noqa: S314 - no DTD, see above
    except ElementTree.ParseError as error:
        raise Refused(_DAMAGED) from error


def _ooxml(archive: zipfile.ZipFile, names: set[str]) -> tuple[Kind, int | None]:
    types = _xml(archive, "[Content_Types].xml")
    found = [e.get("ContentType", "") for e in types.iter()]
    if any("macroenabled" in t.lower() or "vbaproject" in t.lower() for t in found) or any(
        n.lower().endswith("vbaproject.bin") for n in names
    ):
        raise Refused(_MACRO)
    kind = next((_MAIN[t] for t in found if t in _MAIN), None)
    if kind is None:
        other = next((w for k, w in _OTHERS.items() if any(k in t.lower() for t in found)), "")
        what = f"Berkas ini {other}." if other else "Jenis dokumen Office ini belum diterima."
        raise Refused(f"{what} Simpan sebagai PDF, .docx, atau .xlsx, lalu unggah lagi.")
    _refuse_active(archive, names)
    if kind is Kind.DOCX:
        _document(archive, names)
        return kind, _noted_pages(archive, names)
    sheets = sorted(n for n in names if re.fullmatch(r"xl/worksheets/[^/]+\.(?:xml|bin)", n))
    return kind, len(sheets) or None


def refuse_wide(data: bytes) -> None:
    """Two cells far apart: a reader of the sheet lays out every cell between them.

    For workbooks that ``look_into_zip`` has passed and whose cells will be read.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.lower().startswith("xl/worksheets/") and not name.endswith("/"):
                _refuse_wide_sheet(archive, name)


def _refuse_wide_sheet(archive: zipfile.ZipFile, name: str) -> None:
    rows = columns = 0
    tail = b""
    with archive.open(name) as part:
        while block := part.read(1_048_576):
            for letters, digits in _CELL.findall(tail + block):
                rows = max(rows, int(digits))
                columns = max(columns, _column(letters))
            tail = block[-60:]
    if rows * columns > MOST_CELLS:
        raise Refused(_WIDE)


def _column(letters: bytes) -> int:
    """``A`` is 1, ``XFD`` is 16384."""
    found = 0
    for letter in letters.upper():
        found = found * 26 + letter - 64
    return found


def _refuse_active(archive: zipfile.ZipFile, names: set[str]) -> None:
    """ActiveX, packed programs, templates and data fetched from elsewhere."""
    for name in sorted(names):
        low = name.lower()
        if "/activex/" in low or low.endswith((".exe", ".js", ".vbs", ".scr", ".bat", ".ps1")):
            raise Refused(
                "Berkas memuat program di dalamnya (ActiveX atau lampiran yang dapat dijalankan). "
                "Hapus bagian itu, simpan ulang, lalu unggah lagi."
            )
        if "/embeddings/" in low and low.endswith(".bin") and _ole_package(archive.read(name)):
            raise Refused(
                "Berkas memuat lampiran yang tertanam di dalam dokumen. Hapus lampiran itu dan "
                "unggah terpisah."
            )
        if low.endswith(".rels"):
            _refuse_fetching(archive, name)


def _ole_package(data: bytes) -> bool:
    """True when an OLE object carries a file of its own ("Package")."""
    return "Ole10Native".encode("utf-16-le") in data


def _refuse_fetching(archive: zipfile.ZipFile, name: str) -> None:
    for relation in _xml(archive, name).iter():
        kind = relation.get("Type", "").rsplit("/", 1)[-1]
        if relation.get("TargetMode") != "External" or kind == "hyperlink":
            continue
        if kind in ("attachedTemplate", "oleObject", "frame", "subDocument"):
            raise Refused(
                "Berkas mengambil isi dari alamat lain (templat atau objek tertaut). Putuskan "
                "tautannya (File, Info, Edit Links to Files), simpan, lalu unggah lagi."
            )


def _document(archive: zipfile.ZipFile, names: set[str]) -> None:
    if "word/document.xml" in names:
        body = archive.read("word/document.xml")
        if re.search(rb"DDEAUTO|>\s*DDE\s", body):
            raise Refused(
                "Berkas memuat perintah yang memanggil program lain (DDE). Hapus field itu, simpan "
                "ulang, lalu unggah lagi."
            )


def _noted_pages(archive: zipfile.ZipFile, names: set[str]) -> int | None:
    """Pages as Word counted them at the last save; None when not noted."""
    if "docProps/app.xml" not in names:
        return None
    for element in _xml(archive, "docProps/app.xml").iter():
        if element.tag.endswith("}Pages") and (element.text or "").strip().isdigit():
            return int(element.text or 0) or None
    return None


def look_into_ole(data: bytes) -> Kind:
    """XLS files of old Excel; everything else in that container is refused with a sentence."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refused(_LOCKED)
    if any(w.encode("utf-16-le") in data for w in ("_VBA_PROJECT", "VBA\0Project", "Macros")):
        raise Refused(_MACRO)
    if "Workbook".encode("utf-16-le") in data or "Book\0".encode("utf-16-le") in data:
        return Kind.XLS
    if "WordDocument".encode("utf-16-le") in data:
        raise Refused(
            "Berkas ini Word lama (.doc). Buka di Word, simpan sebagai .docx atau PDF, lalu unggah "
            "lagi."
        )
    raise Refused(
        "Jenis berkas Office lama ini belum diterima. Simpan sebagai PDF, .docx, atau .xlsx, lalu "
        "unggah lagi."
    )
