"""Kata pengantar: the region's own words, and what the format can say about itself.

Praise of numbers is never generated; the opening (puji syukur) is the region's own wording.
"""

from __future__ import annotations

from portal.documents.inputs import Inputs
from portal.documents.tree import Block, Paragraph, Run
from portal.outlines.schema import Edition

TITLE = "KATA PENGANTAR"


def _join(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + f", dan {words[-1]}"


def basis_words(edition: Edition, words: dict[str, str]) -> str:
    """The paragraph on the legal basis, from the format's ``basis``."""
    return (
        f"{words['judul']} {words['instansi'] if edition.names else words['daerah']} "
        f"{words['periode']} disusun berdasarkan "
        f"{_join(list(edition.basis) or [edition.regulation])}."
    )


def chapters_words(edition: Edition) -> str:
    """The paragraph on what the book holds, from its chapters."""
    named = [
        f"Bab {c.label} {_title(c.title)}" if not c.annex else _title(c.title) or "Lampiran"
        for c in edition.chapters
    ]
    return f"Laporan ini memuat {_join(named)}."


def _title(text: str) -> str:
    return text.title().replace(" Dan ", " dan ").replace(" Atas ", " atas ")


def generated(inputs: Inputs) -> list[Block]:
    """Basis and contents for a Konsep whose preface nobody has written yet."""
    words = inputs.words()
    texts = (basis_words(inputs.edition, words), chapters_words(inputs.edition))
    return [Paragraph((Run(text),)) for text in texts]
