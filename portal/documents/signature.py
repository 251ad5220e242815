"""Who signs how: the rules of the signature block, without database or clock.

Basis: Permendagri 1/2023 Ps 44 (naskah dinas khusus and korespondensi; the pengaturan and
penetapan family drops the gelar). What regions do differently is an option, not a branch in code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from portal.documents.tree import Signature
from portal.indonesian import MONTHS, long_date

Signer = Literal["kepala_daerah", "sekda", "kepala_pd"]
Family = Literal["laporan", "penetapan"]

PREFIX = {"definitif": "", "pj": "Pj. ", "pjs": "Pjs. ", "plt": "Plt. ", "plh": "Plh. "}
UNKNOWN = "(nama pejabat belum tercatat)"


@dataclass(frozen=True)
class Official:
    """A holder of an office on the signing date."""

    name: str  # with gelar
    bare_name: str
    sifat: str = "definitif"
    nip: str = ""
    pangkat: str = ""
    golongan: str = ""
    title: str = ""  # Kepala Dinas Kesehatan


@dataclass(frozen=True)
class Region:
    """What the block needs to know of the region."""

    name: str  # Contoh
    full_name: str  # Kabupaten Contoh
    head: str  # Bupati, Wali Kota
    capital: str


@dataclass(frozen=True)
class Options:
    """Where regions differ: Sekda with pangkat and NIP, NIP in groups of 8-6-1-3."""

    family: Family = "laporan"
    sekda_nip: bool = False
    nip_groups: bool = False


def official(data: Mapping[str, Any] | None) -> Official | None:
    """An Official from the snapshot, None when nobody holds the office."""
    return Official(**data) if data else None


def place_and_date(capital: str, on: date | None, about: date) -> str:
    """``Contoh, 27 Maret 2026``; on a draft the day stays open: ``Contoh,          Maret 2026``.

    ``about`` gives month and year of the open line.
    """
    if on is not None:
        return f"{capital}, {long_date(on)}"
    return f"{capital},{chr(160) * 10}{MONTHS[about.month - 1]} {about.year}"


def block(
    signer: Signer, who: Official | None, region: Region, place_date: str,
    options: Options | None = None, on_behalf: bool = False,
) -> Signature:  # fmt: skip
    """The signature block of one signer; ``on_behalf`` puts ``a.n. BUPATI`` above it."""
    options = options or Options()
    who = who or Official(UNKNOWN, UNKNOWN)
    office = _office(signer, who, region)
    if on_behalf:
        office = (f"a.n. {_head(region)}", *office)
    return Signature(
        place_date, (*office[:-1], f"{office[-1]},"), _name(signer, who, options),
        _under(signer, who, options),
    )  # fmt: skip


def pair(
    first: tuple[str, Official], second: tuple[str, Official], options: Options | None = None
) -> tuple[Signature, Signature]:
    """Two signatures of a perjanjian kinerja: left PIHAK KEDUA, right PIHAK KESATU.

    ``first`` and ``second`` are the offices and persons of PIHAK KESATU (the superior) and
    PIHAK KEDUA; the answer is (left, right).
    """
    options = options or Options()

    def one(label: str, office: str, who: Official) -> Signature:
        under = () if office.upper().startswith(("BUPATI", "WALI KOTA", "WALIKOTA")) else _under(
            "kepala_pd", who, options
        )  # fmt: skip
        return Signature("", (label, f"{office.upper()},"), who.name, under)

    return one("PIHAK KEDUA", *second), one("PIHAK KESATU", *first)


def nip(number: str, groups: bool) -> str:
    """``NIP 198001012005011001``; with ``groups`` as 8-6-1-3: ``NIP 19800101 200501 1 001``."""
    if groups and len(number) == 18:
        number = f"{number[:8]} {number[8:14]} {number[14]} {number[15:]}"
    return f"NIP {number}"


def _head(region: Region) -> str:
    return f"{region.head} {region.name}".upper()


def _office(signer: Signer, who: Official, region: Region) -> tuple[str, ...]:
    prefix = PREFIX.get(who.sifat, "")
    if signer == "kepala_daerah":
        return (f"{prefix}{_head(region)}",)
    if signer == "sekda":
        return (f"{prefix}SEKRETARIS DAERAH",)
    return (f"{prefix}{who.title.upper()}", region.full_name.upper())


def _name(signer: Signer, who: Official, options: Options) -> str:
    """A kepala daerah or Sekda who only acts signs without gelar; so does a penetapan."""
    acting = who.sifat != "definitif"
    if signer in ("kepala_daerah", "sekda") and acting:
        return who.bare_name
    if signer == "kepala_daerah" and options.family == "penetapan":
        return who.bare_name
    return who.name


def _under(signer: Signer, who: Official, options: Options) -> tuple[str, ...]:
    if signer == "kepala_daerah":
        return ()
    if signer == "sekda" and (who.sifat != "definitif" or not options.sekda_nip):
        return ()
    rank = ", ".join(part for part in (who.pangkat, who.golongan) if part)
    lines = (rank, nip(who.nip, options.nip_groups) if who.nip else "")
    return tuple(line for line in lines if line)
