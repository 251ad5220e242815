"""Pure rules of the chronology: jabatan instead of persons, codes of files."""

from __future__ import annotations

PORTAL_OFFICE = "Selaras (otomatis)"


def office(label: str) -> str:
    """The jabatan of an actor's label; the person stays out (UU 27/2022).

    >>> office("Rina Contoh, S.T. (PPK Bidang Bina Marga)")
    'PPK Bidang Bina Marga'
    """
    name, found, rest = label.partition(" (")
    if found:
        return rest.removesuffix(")")
    return PORTAL_OFFICE if name in ("Selaras", "Data contoh") else "Pejabat tanpa jabatan"


def code(sha256: str) -> str:
    """Kode keaslian, the short form: ``7F3A-92C1``."""
    return f"{sha256[:4]}-{sha256[4:8]}".upper() if sha256 else ""
