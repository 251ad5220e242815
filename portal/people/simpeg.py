"""Read a list of officials as SIMPEG exports it: any order of columns, headers of many names."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

import python_calamine

from portal.people.kinds import Role
from portal.people.nip import read_nip

MOST_ROWS = 5_000
_HEADERS = {
    "nip": ("nip", "nip baru", "nomor induk pegawai"),
    "name": ("nama", "nama lengkap", "nama pegawai"),
    "gelar_depan": ("gelar depan", "glr depan"),
    "gelar_belakang": ("gelar belakang", "glr belakang"),
    "pangkat": ("pangkat",),
    "golongan": ("golongan", "gol", "gol ruang", "golongan ruang", "gol/ruang"),
    "unit": ("unit kerja", "unit", "perangkat daerah", "opd", "kode unit", "skpd"),
    "title": ("jabatan", "nama jabatan"),
    "role": ("peran", "peran selaras"),
    "since": ("tmt jabatan", "tmt", "sejak"),
}
_FRONT = {"prof", "dr", "drg", "drs", "dra", "ir", "h", "hj", "apt", "ns", "kh"}
_GUESS = (
    (r"^(kepala (dinas|badan|bagian|satuan|puskesmas)|inspektur|camat|lurah|direktur|sekretaris "
     r"daerah|sekretaris dprd)\b", Role.KEPALA),
    (r"^sekretaris\b", Role.VERIFIKATOR), (r"^operator\b", Role.OPERATOR),
    (r"^(auditor|ppupd|pengawas penyelenggaraan)\b", Role.APIP),
    (r"^bendahara pengeluaran\b", Role.BENDAHARA),
)  # fmt: skip


class SheetError(Exception):
    """The file as a whole cannot be read; the message is a sentence."""


@dataclass
class ImportRow:
    """One line of the sheet; ``faults`` keep it from being applied, ``notes`` inform."""

    line: int
    nip: str = ""
    name: str = ""
    gelar_depan: str = ""
    gelar_belakang: str = ""
    pangkat: str = ""
    golongan: str = ""
    unit: str = ""
    title: str = ""
    role: str = ""
    since: str = ""  # ISO date or ""
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it between preview and apply."""
        return asdict(self)


def read_sheet(data: bytes, today: date) -> list[ImportRow]:
    """Rows of the first sheet that has a NIP and a name column; duplicates are marked.

    Raises SheetError for a file that is no workbook, is empty, or has no such header.
    """
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    except Exception as error:  # calamine raises a class per format
        raise SheetError(
            "Berkas tidak dapat dibaca sebagai Excel. Simpan ulang sebagai .xlsx, lalu unggah lagi."
        ) from error
    for cells in sheets:
        found = _header(cells)
        if found is not None:
            start, columns = found
            return _rows(cells, start, columns, today)
    raise SheetError(
        "Baris judul tidak ditemukan. Lembar harus mempunyai kolom NIP dan Nama. Contoh judul: "
        "NIP, Nama, Gelar Depan, Gelar Belakang, Pangkat, Golongan, Unit Kerja, Jabatan, Peran."
    )


def _header(cells: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]] | None:
    for n, line in enumerate(cells[:20]):
        columns: dict[str, int] = {}
        for at, cell in enumerate(line):
            word = re.sub(r"[\s._]+", " ", str(cell).strip().lower()).strip()
            for key, names in _HEADERS.items():
                if word in names:
                    columns.setdefault(key, at)
        if {"nip", "name"} <= columns.keys():
            return n + 1, columns
    return None


def _rows(
    cells: Sequence[Sequence[Any]], start: int, columns: dict[str, int], today: date
) -> list[ImportRow]:
    rows: list[ImportRow] = []
    seen: dict[str, int] = {}
    for n, line in enumerate(cells[start:], start + 1):
        taken = {key: line[at] if at < len(line) else "" for key, at in columns.items()}
        if not any(str(value).strip() for value in taken.values()):
            continue
        if len(rows) >= MOST_ROWS:
            raise SheetError(f"Lembar berisi lebih dari {MOST_ROWS} baris. Pecah menjadi beberapa "
                             "berkas.")  # fmt: skip
        row = _row(n, taken, today)
        if row.nip and row.nip in seen:
            row.faults.append(f"NIP sama dengan baris {seen[row.nip]}; yang dipakai baris itu.")
        seen.setdefault(row.nip, n)
        rows.append(row)
    return rows


def _row(line: int, taken: dict[str, Any], today: date) -> ImportRow:
    words = {key: _text(value) for key, value in taken.items() if key != "since"}
    row = ImportRow(line=line)
    read = read_nip(words.get("nip", ""), today)
    row.nip = read.digits
    if read.error:
        row.faults.append(read.error)
    row.name, row.gelar_depan, row.gelar_belakang = split_name(words.get("name", ""))
    row.gelar_depan = words.get("gelar_depan") or row.gelar_depan
    row.gelar_belakang = words.get("gelar_belakang") or row.gelar_belakang
    if len(row.name) < 2:
        row.faults.append("Nama kosong.")
    row.pangkat, row.golongan = words.get("pangkat", ""), words.get("golongan", "")
    row.unit, row.title = words.get("unit", ""), words.get("title", "")
    row.role = _role(words.get("role", ""), row.title)
    since = read_day(taken.get("since", ""))
    if since is None and _text(taken.get("since", "")):
        row.notes.append(f"TMT “{_text(taken['since'])}” tidak dapat dibaca; dipakai hari ini.")
    row.since = since.isoformat() if since else ""
    return row


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return " ".join(str(value).split())


def _role(typed: str, title: str) -> str:
    low = typed.lower().replace("-", "_").replace(" ", "_")
    if low in set(Role):
        return low
    for pattern, role in _GUESS:
        if re.search(pattern, title.lower()):
            return role
    return ""


def split_name(full: str) -> tuple[str, str, str]:
    """``dr. Siti Aminah, M.Kes.`` as name, gelar before it, gelar behind it."""
    bare, _, back = " ".join(full.split()).partition(",")
    words = bare.split()
    front: list[str] = []
    while len(words) > 1 and words[0].endswith(".") and words[0].rstrip(".").lower() in _FRONT:
        front.append(words.pop(0))
    return " ".join(words), " ".join(front), back.strip()


def read_day(value: Any) -> date | None:
    """A date cell of Excel, ``31-12-2025``, ``31/12/2025`` or ``2025-12-31``; else None."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    for pattern, order in ((r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", (3, 2, 1)),
                           (r"(\d{4})-(\d{1,2})-(\d{1,2})", (1, 2, 3))):  # fmt: skip
        found = re.fullmatch(pattern, text)
        if found:
            try:
                return date(*(int(found[n]) for n in order))
            except ValueError:
                return None
    return None
