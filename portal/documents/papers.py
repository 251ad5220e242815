"""Papers of one or few pages: Lembar Pengesahan Data, Berita Acara Serah Terima; by both printers.

Plain values in, a tree out; ``printed`` prints it. The space for signature and stamp stays empty:
no signature is ever drawn by the portal.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from portal import store
from portal.documents import signature
from portal.documents.docx import build_docx
from portal.documents.pdf import MemoryPieces, build_pdf
from portal.documents.tree import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Marks,
    Paragraph,
    Row,
    Run,
    Signature,
    Spacer,
    Table,
    Unit,
)
from portal.people import queries as people
from portal.people.region import Region, region
from portal.people.rules import Officeholder


def text(words: str, bold: bool = False) -> Paragraph:
    """A paragraph of one run."""
    return Paragraph((Run(words, bold=bold),))


def heading(words: str) -> Paragraph:
    """A bold line that stays with what follows it."""
    return Paragraph((Run(words, bold=True),), "subtitle")


def centred(words: str) -> Paragraph:
    """A centred line, such as the number under the title."""
    return Paragraph((Run(words),), "center")


def title(words: str, key: str) -> Heading:
    """The title of the paper."""
    return Heading(1, "", words.upper(), key, listed=False)


def table(key: str, caption: str, heads: Sequence[tuple[str, float]],
          rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset(),
          last: Sequence[Sequence[str]] = ()) -> Table:  # fmt: skip
    """A numbered list as a table; columns of ``right`` hold numbers, ``last`` are its results."""
    columns = tuple(
        Column(width, "center" if n == 0 else "right" if n in right else "left")
        for n, (_, width) in enumerate(heads)
    )
    head = tuple(Cell((Run(words, bold=True),), align="center") for words, _ in heads)
    body = [
        Row(tuple(Cell((Run(words),) if words else ()) for words in (str(n), *row)))
        for n, row in enumerate(rows, start=1)
    ] or [Row((Cell((Run("Tidak ada."),), len(heads), align="left"),))]
    body += [
        Row(tuple(Cell((Run(words, bold=True),) if words else ()) for words in ("", *row)), "total")
        for row in last
    ]
    return Table(key, "", caption, columns, (head,), tuple(body))


def facts(key: str, rows: Sequence[tuple[str, str]]) -> Table:
    """What the paper states, a line each: label and value, without head and caption."""
    columns = (Column(0.3, "left"), Column(0.7, "left"))
    body = tuple(
        Row((Cell((Run(label, bold=True),)), Cell((Run(value),) if value else ())))
        for label, value in rows
    )
    return Table(key, "", "", columns, (), body)


def signed(who: Officeholder | None, here: Region, on: date) -> Signature:
    """The block of a kepala perangkat daerah; the day stays open, to be written by hand."""
    official = signature.Official(
        who.name, who.bare_name, who.sifat, who.nip, who.pangkat, who.golongan, who.title
    ) if who else None  # fmt: skip
    place = signature.place_and_date(here.ibu_kota or here.nama, None, on)
    options = signature.Options(nip_groups=here.nip_kelompok)
    seat = signature.Region(here.nama, here.full, here.kepala_daerah, here.ibu_kota)
    return signature.block("kepala_pd", who=official, region=seat, place_date=place,
                           options=options)  # fmt: skip


def paper(name: str, blocks: Sequence[Block], footer: str) -> Document:
    """The tree of a paper in the region's paper size."""
    here = region(people.today())
    unit = Unit("naskah", "", False, tuple(blocks), True)
    sample = "DATA CONTOH" if here.demo else ""
    shown = f"DATA CONTOH {name}" if here.demo else name
    return Document(shown, name, here.full, "id", "A4" if here.kertas == "A4" else "F4", None,
                    None, (), (unit,), Marks(footer=footer, sample=sample))  # fmt: skip


def space() -> Spacer:
    """An empty line."""
    return Spacer()


def printed(made: Document, ending: str, asset: Callable[[str], bytes] = store.read) -> bytes:
    """The paper as ``pdf`` (tagged, with the house's marks) or ``docx``.

    ``asset`` gives the bytes of a picture by its SHA-256.
    """
    with tempfile.TemporaryDirectory(prefix="selaras-") as folder:
        path = Path(folder) / f"naskah.{ending}"
        if ending == "pdf":
            build_pdf(made, path, MemoryPieces(), asset, processes=1)
        else:
            build_docx(made, path, asset, {})
        return path.read_bytes()
