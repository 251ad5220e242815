"""The ``{...}`` in titles, covers, prefaces and computed sentences, read in one place.

Plain holes are filled from the report: ``{daerah}`` (Kabupaten Contoh), ``{nama_daerah}``
(Contoh), ``{provinsi}``, ``{ibu_kota}``, ``{kepala}`` (Bupati), ``{tahun}``, ``{tahun_lalu}``,
``{periode}``, ``{unit}`` (name of the owner unit), ``{instansi}`` and ``{naungan}`` (the owner
and the region above it, which is left out for the region itself), ``{judul}`` and ``{singkatan}``
(the name of the book), ``{item}``. Counting holes look into tables:
``{count:kecamatan}`` things of a list or rows of a table, ``{sum:part.column}``,
``{min:part.column}``, ``{max:part.column}``, ``{value:part.row.column}`` one cell of a fixed row,
``{most:part.column.name}`` and ``{least:part.column.name}`` the text of column ``name`` in the row
where ``column`` is greatest or smallest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

PLAIN = (
    "daerah", "nama_daerah", "provinsi", "ibu_kota", "kepala", "tahun", "tahun_lalu", "periode",
    "unit", "item", "judul", "singkatan", "instansi", "naungan",
)  # fmt: skip

#: How many dotted names each counting hole takes.
COUNTING = {"count": 1, "sum": 2, "min": 2, "max": 2, "value": 3, "most": 3, "least": 3}

_HOLE = re.compile(r"\{([^{}]*)\}")
_COUNTING = re.compile(r"([a-z]+):([a-z0-9_]+(?:\.[a-z0-9_]+)*)")


class HoleError(ValueError):
    """A hole that nobody knows how to fill; the message is a sentence."""


@dataclass(frozen=True)
class Hole:
    """``{kind:a.b}`` as kind and names; a plain hole has kind "" and its one name."""

    text: str
    kind: str
    names: tuple[str, ...]


def holes(text: str) -> tuple[Hole, ...]:
    """All holes in order of appearance; HoleError for one that is not in the language."""
    return tuple(_read(match) for match in _HOLE.finditer(text))


def _read(match: re.Match[str]) -> Hole:
    inside = match.group(1)
    if inside in PLAIN:
        return Hole(match.group(0), "", (inside,))
    found = _COUNTING.fullmatch(inside)
    if found is None or found.group(1) not in COUNTING:
        known = ", ".join(f"{{{name}}}" for name in PLAIN)
        raise HoleError(f"{match.group(0)} tidak dikenal. Yang dikenal: {known} dan {{sum:...}}.")
    names = tuple(found.group(2).split("."))
    if len(names) != COUNTING[found.group(1)]:
        raise HoleError(
            f"{match.group(0)}: {found.group(1)} memerlukan {COUNTING[found.group(1)]} nama "
            "yang dipisah titik."
        )
    return Hole(match.group(0), found.group(1), names)


def fill(text: str, words: Mapping[str, str]) -> str:
    """Put ``words`` into their holes; keys are plain names or whole counting holes (``sum:a.b``).

    A hole without a word stays as it is, so that nothing is printed as if it were known.
    """
    return _HOLE.sub(lambda match: words.get(match.group(1), match.group(0)), text)
