"""What may be uploaded, and how a refusal is said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of files that the portal keeps; told by their bytes, never by their name."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"
    JPEG = "jpeg"
    PNG = "png"


MEDIA: dict[Kind, str] = {
    Kind.PDF: "application/pdf",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.XLS: "application/vnd.ms-excel",
    Kind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Kind.CSV: "text/csv",
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
}
EXTENSIONS: dict[Kind, str] = {
    Kind.PDF: ".pdf", Kind.DOCX: ".docx", Kind.XLSX: ".xlsx", Kind.XLS: ".xls",
    Kind.ODS: ".ods", Kind.CSV: ".csv", Kind.JPEG: ".jpg", Kind.PNG: ".png",
}  # fmt: skip
WORDS: dict[Kind, str] = {
    Kind.PDF: "PDF", Kind.DOCX: "Word (.docx)", Kind.XLSX: "Excel (.xlsx)",
    Kind.XLS: "Excel lama (.xls)", Kind.ODS: "OpenDocument (.ods)", Kind.CSV: "CSV",
    Kind.JPEG: "foto JPG", Kind.PNG: "gambar PNG",
}  # fmt: skip

#: Sets that the rooms use.
PICTURES = frozenset({Kind.JPEG, Kind.PNG})
DOCUMENTS = frozenset({Kind.PDF, Kind.DOCX, Kind.XLSX})
EVIDENCE = DOCUMENTS | PICTURES
SHEETS = frozenset({Kind.XLSX, Kind.XLS, Kind.ODS, Kind.CSV})


class Refused(Exception):
    """A file that is not taken; ``sentence`` says in Indonesian why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Limits:
    """How big a file may be, before and after unpacking."""

    bytes: int = 25 * 1024 * 1024
    unpacked: int = 250 * 1024 * 1024
    ratio: int = 200  # unpacked to packed, for parts above a megabyte
    parts: int = 8000
    pages: int = 3000
    pixels: int = 50_000_000
    side: int = 3200  # longer side of a kept picture, in pixels; bigger ones are shrunk


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: its kind, its clean bytes, a safe display name.

    ``pages`` counts PDF pages, the pages that Word noted, or sheets; None for pictures and CSV.
    ``notes`` are sentences for the person who uploads.
    """

    kind: Kind
    media: str
    data: bytes
    name: str
    pages: int | None = None
    notes: tuple[str, ...] = ()
