"""Codes, levels and sums of the program tree and of the account tree. Pure; money is Decimal.

Codes are text (Permendagri 90/2019 and its updates): urusan ``1``, bidang ``1.02``, program
``1.02.02``, kegiatan ``1.02.02.2.02``, sub kegiatan ``1.02.02.2.02.0001``; accounts ``4``,
``4.1``, ``4.1.01`` and deeper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["programs", "accounts"]

#: Fields of a program line and of an account line: what they hold.
PROGRAM_FIELDS: dict[str, str] = {
    "indikator": "text", "satuan": "text", "target": "decimal", "capaian": "decimal",
    "murni": "rupiah", "pagu": "rupiah", "realisasi": "rupiah", "masalah": "text",
    "upaya": "text", "tindak_lanjut": "text", "spm": "text",
}  # fmt: skip
ACCOUNT_FIELDS: dict[str, str] = {
    "sebelum": "rupiah", "setelah": "rupiah", "realisasi": "rupiah",
}  # fmt: skip
#: What stands in every row and is not typed in the grid.
GIVEN = ("kode", "uraian")
#: Digits of each segment of a code.
_WIDTHS: dict[str, tuple[int, ...]] = {
    "programs": (1, 2, 2, 1, 2, 4), "accounts": (1, 1, 2, 2, 2, 4),
}  # fmt: skip
FUNDS = ("PAD", "DAU", "DAU yang ditentukan", "DBH", "DAK Fisik", "DAK Nonfisik",
         "Insentif Fiskal", "Bantuan Provinsi", "Pinjaman", "Lainnya")  # fmt: skip
_CODE = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def fields(kind: Kind) -> dict[str, str]:
    """Fields of one tree: key -> text | decimal | rupiah."""
    return PROGRAM_FIELDS if kind == "programs" else ACCOUNT_FIELDS


def segments(code: str) -> tuple[str, ...]:
    """``1.02.02`` as (1, 02, 02)."""
    return tuple(code.split("."))


def order(code: str) -> tuple[tuple[int, str], ...]:
    """Sorting key of a code: by number segment by segment, parents before their children."""
    return tuple((int(s) if s.isdigit() else 10**6, s) for s in segments(code))


def depth(kind: Kind, code: str) -> int:
    """How deep a row prints: program 1, kegiatan 2, sub kegiatan 3; akun 1, kelompok 2, ..."""
    n = len(segments(code))
    if kind == "accounts":
        return n
    return {1: 0, 2: 0, 3: 1, 4: 2, 5: 2}.get(n, 3)


def under(code: str, prefix: str) -> bool:
    """True for the code itself and for everything below it."""
    return code == prefix or code.startswith(f"{prefix}.")


def parents(code: str) -> list[str]:
    """Codes above, nearest first: program ``1.02.02`` has no kegiatan ``1.02.02.2``."""
    parts = segments(code)
    return [".".join(parts[:n]) for n in range(len(parts) - 1, 0, -1)]


@dataclass(frozen=True)
class Node:
    """A row in its tree: who adds up to it."""

    code: str
    depth: int
    children: tuple[str, ...]  # "-6.2": subtracted


def tree(kind: Kind, codes: Iterable[str]) -> list[Node]:
    """Rows in the order of their codes, each with the rows that it adds up.

    Pembiayaan neto (``6``) is penerimaan (6.1) less pengeluaran (6.2), Permendagri 77/2020.
    """
    listed = sorted(set(codes), key=order)
    known = set(listed)
    below: dict[str, list[str]] = {}
    for code in listed:
        above = next((p for p in parents(code) if p in known), None)
        if above is not None:
            minus = kind == "accounts" and above == "6" and under(code, "6.2")
            below.setdefault(above, []).append(f"-{code}" if minus else code)
    return [Node(code, depth(kind, code), tuple(below.get(code, ()))) for code in listed]


def rolled(
    kind: Kind, rows: Mapping[str, Mapping[str, Decimal | None]], keys: Sequence[str]
) -> dict[str, dict[str, Decimal | None]]:
    """Money of every row: leaves as they stand, the others the sum of what is below them.

    A sum over rows that are all empty is empty; single empty rows count as nothing.
    """
    out: dict[str, dict[str, Decimal | None]] = {}
    for node in reversed(tree(kind, rows)):
        if not node.children:
            out[node.code] = {k: rows[node.code].get(k) for k in keys}
            continue
        found: dict[str, Decimal | None] = {}
        for key in keys:
            parts = [
                -v if c.startswith("-") else v
                for c in node.children
                if (v := out[c.removeprefix("-")][key]) is not None
            ]
            found[key] = sum(parts, Decimal(0)) if parts else None
        out[node.code] = found
    return out


def total(kind: Kind, rows: Mapping[str, Mapping[str, Decimal | None]], key: str) -> Decimal | None:
    """Sum of a money field over the tops of the tree; None when nothing is filled."""
    sums = rolled(kind, rows, (key,))
    inner = {c.removeprefix("-") for node in tree(kind, rows) for c in node.children}
    found = [v for code, row in sums.items() if code not in inner and (v := row[key]) is not None]
    return sum(found, Decimal(0)) if found else None


def percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """``part / whole * 100`` unrounded; None without both or with a whole of zero."""
    if part is None or whole is None or whole == 0:
        return None
    return part / whole * 100


def year_amount(typed: Decimal | None, quarters: Iterable[Decimal | None]) -> Decimal | None:
    """Realisasi of the year: what was typed for the year, else the sum of the triwulan."""
    if typed is not None:
        return typed
    found = [q for q in quarters if q is not None]
    return sum(found, Decimal(0)) if found else None


def opd_against_total(
    units: Mapping[str, Decimal | None], whole: Decimal | None
) -> tuple[Decimal, Decimal | None]:
    """(sum over Perangkat Daerah, sum less the total of BPKAD or None without one)."""
    found = sum((v for v in units.values() if v is not None), Decimal(0))
    return found, None if whole is None else found - whole


class CodeError(ValueError):
    """A code that is none; the message is a sentence with an example."""


def clean_code(kind: Kind, cell: object, bidang: Iterable[str] = ()) -> str:
    """The code in a cell as text with all its zeros; CodeError says what is wrong with it.

    Excel turns ``1.02`` into a number and drops zeros: segments are filled up to their width, and
    a bidang that does not exist with a lost zero at its end (``2.1``) becomes the one that does
    (``2.10``), when ``bidang`` lists the known ones.
    """
    if isinstance(cell, float) and cell == int(cell):
        cell = int(cell)
    text = "".join(str(cell).split()).strip(".").replace(",", ".")
    if text.upper().startswith("X"):
        raise CodeError(
            f"Kode “{text}” memakai X.XX. Ganti dengan kode bidang. Contoh: 1.02.01.2.01.0001."
        )
    if not _CODE.fullmatch(text):
        example = "1.02.02.2.02.0001" if kind == "programs" else "4.1.01"
        raise CodeError(f"Kode “{text[:40]}” bukan kode rekening. Contoh: {example}.")
    parts = list(segments(text))
    widths = _WIDTHS[kind]
    if len(parts) > len(widths) + 1:
        raise CodeError(f"Kode “{text[:40]}” terlalu panjang. Contoh: 1.02.02.2.02.0001.")
    filled = []
    for n, part in enumerate(parts):
        width = widths[n] if n < len(widths) else len(part)
        filled.append((part.lstrip("0") or "0").zfill(width) if len(part) != width else part)
    known = set(bidang)
    if kind == "programs" and known and len(filled) > 1:
        first = f"{filled[0]}.{filled[1]}"
        longer = f"{filled[0]}.{parts[1]}0"
        if first not in known and len(parts) == 2 and len(parts[1]) == 1 and longer in known:
            filled[1] = f"{parts[1]}0"
    return ".".join(filled)
