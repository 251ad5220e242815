"""Names of files: what stands in a folder must say what it is, and be safe everywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

LONGEST = 150


def safe(text: str) -> str:
    """Letters, digits and hyphens only: ``Kabupaten Contoh`` as ``Kabupaten-Contoh``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")


def nature(final: bool, number: int) -> str:
    """``Konsep 3``, ``Naskah final``, ``Perbaikan ke-1``."""
    if not final:
        return f"Konsep {number}"
    return f"Perbaikan ke-{number}" if number else "Naskah final"


def file_name(snapshot: Mapping[str, Any], scope: str, format_: str) -> str:
    """``LPPD_Kabupaten-Contoh_2025_Konsep-3_DATA-CONTOH.pdf``; never a NIP or a person.

    A book with several names in practice bears that of the region: ``LKjIP``, ``LKj``, ``LAKIP``.
    """
    report, region, marks = snapshot["report"], snapshot["region"], snapshot["marks"]
    owner = region["full_name"]
    if report["owner"] != region["unit"]:
        owner = snapshot["units"].get(report["owner"], {}).get("short", report["owner"])
    year = f"{report['year']}-{report['period']}" if report["period"] else str(report["year"])
    short = (snapshot.get("name") or {}).get("short") or snapshot["outline"]["short"]
    parts = [short, owner, year]
    if scope:
        parts.append(scope.replace(":", " "))
    parts.append(nature(snapshot["final"], marks["number"]))
    parts += ["DRAF"] if marks["unmatched"] and snapshot["final"] else []
    parts += ["DATA CONTOH"] if marks["sample"] else []
    stem = "_".join(filter(None, (safe(str(part)) for part in parts)))
    return f"{stem[:LONGEST].rstrip('-_')}.{format_}"
