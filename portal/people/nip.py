"""NIP: 18 digits that carry dates; what is wrong with one is said in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_EXAMPLE = "Contoh: 19850317 201001 2 003"
#: Month part of an NI PPPK, where a civil servant's NIP has the month of appointment.
_PPPK = 21


@dataclass(frozen=True)
class NipRead:
    """The digits, and "" or why they cannot be a NIP."""

    digits: str
    error: str = ""


def read_nip(text: str, today: date) -> NipRead:
    """Read a NIP typed or pasted with blanks, dots or an apostrophe of Excel.

    8 digits date of birth, 6 year and month of appointment (NI PPPK: year and 21), 1 sex (1 or
    2), 3 serial. Numbers that Excel rounded (``1,98E+17``, or ending in 000) are named as such.
    """
    bare = text.strip().lstrip("'").replace("\u00a0", " ")
    if re.search(r"(?i)\de\+?\d", bare):
        return NipRead("", f"NIP “{bare}” sudah dibulatkan Excel. Ubah kolomnya menjadi teks, "
                           f"lalu ketik ulang 18 angkanya. {_EXAMPLE}.")  # fmt: skip
    digits = re.sub(r"[\s.\-]", "", bare)
    if not digits.isascii() or not digits.isdigit():
        return NipRead("", f"NIP hanya berisi angka. {_EXAMPLE}.")
    if len(digits) != 18:
        return NipRead("", f"NIP harus 18 angka, yang diketik {len(digits)} angka. {_EXAMPLE}.")
    return NipRead(digits, _fault(digits, today))


def _fault(digits: str, today: date) -> str:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return (f"Delapan angka pertama NIP adalah tanggal lahir; “{digits[:8]}” bukan tanggal. "
                f"{_EXAMPLE}.")  # fmt: skip
    if not 17 <= today.year - born.year <= 80:
        return (f"Tahun lahir pada NIP ({born.year}) tidak wajar. Periksa empat angka pertama. "
                f"{_EXAMPLE}.")  # fmt: skip
    year, month = int(digits[8:12]), int(digits[12:14])
    if not (1 <= month <= 12 or month == _PPPK):
        return (f"Angka ke-13 dan 14 NIP adalah bulan pengangkatan (01-12, atau 21 untuk PPPK), "
                f"bukan “{digits[12:14]}”. {_EXAMPLE}.")  # fmt: skip
    if not born.year + 16 <= year <= today.year:
        return (f"Tahun pengangkatan pada NIP ({year}) tidak sesuai dengan tahun lahir "
                f"{born.year}. Periksa angka ke-9 sampai 12. {_EXAMPLE}.")  # fmt: skip
    if digits[14] not in "12":
        return (f"Angka ke-15 NIP adalah jenis kelamin, 1 atau 2, bukan “{digits[14]}”. "
                f"{_EXAMPLE}.")  # fmt: skip
    return ""


def grouped(nip: str) -> str:
    """``19850317 201001 2 003``; anything that is not 18 long comes back as it is."""
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}" if len(nip) == 18 else nip
