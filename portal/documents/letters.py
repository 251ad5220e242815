"""Letters around a book with the book's own numbers: nota pengantar LKPJ, surat pengantar.

The words are data (``reports_templates/letters/*.yaml``); a number is taken from the book as it
stands, so that letter and book cannot differ. Number, day and signature of a letter are left to
people and to the agenda outside the portal.

Holes: the plain ones of ``outlines.holes``; ``{rp:part.row.column}`` and ``{angka:...}`` a cell of
a table of the book (a row key may hold points, as ``4.1``); ``{persen:part.row.a/b}`` the share of
two of its columns; ``{ikk:key}`` and ``{ikk_lalu:key}`` an indicator of this year and the year
before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

import click
from flask import current_app
from pydantic import ValidationError

from portal import yamlfile
from portal.documents import papers, queries, snapshot, trace
from portal.documents.inputs import Inputs
from portal.documents.trace import as_number
from portal.documents.tree import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    ListBlock,
    Paragraph,
    Row,
    Run,
    Signature,
    Table,
    blocks,
)
from portal.indonesian import MONTHS, number
from portal.outlines.parts import Key, Strict
from portal.outlines.schema import Edition
from portal.people import queries as people
from portal.people.region import Region, region
from portal.reports.models import Report
from portal.yamlfile import FileError

HOLE = re.compile(r"\{([a-z_]+)(?::([^{}]+))?\}")


class SectionText(Strict):
    """A titled piece of a nota, or the body of a surat."""

    title: str = ""
    paragraphs: tuple[str, ...]


class LetterText(Strict):
    """One letter as it lies in its file."""

    format: Literal[1]
    key: Key
    title: str
    kind: Literal["lppd", "lkpj", "spm", "sakip"]
    form: Literal["surat", "nota"]
    sure: Literal["sure", "likely", "guess"] = "guess"
    heading: tuple[str, ...] = ()
    opening: str = ""
    to: tuple[str, ...] = ()
    nature: str = ""
    subject: str = ""
    sections: tuple[SectionText, ...]
    copies: tuple[str, ...] = ()


class LetterError(click.ClickException):
    """A wrong file; names it and the first mistake."""


@dataclass
class Letter:
    """A composed letter: its tree, the numbers in it, and the holes that nothing fills yet."""

    text: LetterText
    report: Report
    document: Document
    numbers: list[tuple[str, str]] = field(default_factory=list)  # hole -> what stands there
    missing: list[str] = field(default_factory=list)


def texts() -> dict[str, LetterText]:
    """The letters of this installation by key; LetterError names a wrong file."""
    folder = Path(current_app.config["SELARAS"].templates) / "letters"
    files = sorted(folder.glob("*.yaml"))
    return _load(tuple((str(f), f.stat().st_mtime_ns) for f in files))


@lru_cache(maxsize=4)
def _load(stamp: tuple[tuple[str, int], ...]) -> dict[str, LetterText]:
    return {found.key: found for found in (read(Path(name)) for name, _ in stamp)}


def read(path: Path) -> LetterText:
    """One letter; LetterError names the file and what is wrong."""
    try:
        return LetterText.model_validate(yamlfile.load(path))
    except (OSError, FileError) as error:
        raise LetterError(f"{path}: bukan YAML yang dapat dibaca ({error}).") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise LetterError(f"{path}: {where}: {first['msg']}.") from error


def compose(text: LetterText, report: Report) -> Letter:
    """The letter of a report with the numbers of its book as they stand now."""
    taken = snapshot.take(report)
    book = trace.of_snapshot(taken)
    fill = _Fill(Inputs(taken, Edition.model_validate(taken["outline"])), book)
    here = region(people.today())
    made = Letter(text, report, book)
    body = _nota(text, fill) if text.form == "nota" else _surat(text, fill, here, report)
    sign = next((b for _, b in blocks(book) if isinstance(b, Signature)), None)
    if sign is not None:
        month = f"{MONTHS[people.today().month - 1]} {people.today().year}"
        place = f"{here.ibu_kota or here.nama},{chr(160) * 10}{month}"
        body += [papers.space(), replace(sign, place_date=place if text.form == "nota" else "")]
    if text.copies:
        copies = tuple((f"{n}.", 0, fill.runs(c)) for n, c in enumerate(text.copies, 1))
        body += [papers.space(), _plain("Tembusan:"), ListBlock(copies)]
    name = f"{text.title} {report.year}"
    made.document = papers.paper(name, body, f"{name}, naskah")
    made.numbers, made.missing = fill.numbers, fill.missing
    return made


# --- the two forms --------------------------------------------------------------------------


def _plain(words: str, bold: bool = False) -> Paragraph:
    return Paragraph((Run(words, bold=bold),), "plain")


def _nota(text: LetterText, fill: _Fill) -> list[Block]:
    out: list[Block] = [
        Paragraph((Run(fill.words(line).upper() if n < 4 else fill.words(line), bold=n < 4),),
                  "center") if line else papers.space()
        for n, line in enumerate(text.heading)
    ]  # fmt: skip
    out.append(papers.space())
    if text.opening:
        out.append(Paragraph((Run(fill.words(text.opening), italic=True),)))
    for n, section in enumerate(text.sections, 1):
        if section.title:
            out.append(Heading(2, f"{n}.", section.title, f"bagian-{n}", listed=False))
        out += [Paragraph(fill.runs(words)) for words in section.paragraphs]
    return out


def _surat(text: LetterText, fill: _Fill, here: Region, report: Report) -> list[Block]:
    """Naskah dinas of the kepala daerah: lambang and kop come with the paper of the office."""
    address = ", ".join(p for p in (here.alamat, here.telepon, here.pos_el, here.laman) if p)
    pages = _pages(report)
    month = f"{MONTHS[people.today().month - 1]} {people.today().year}"
    day = f"{here.ibu_kota or here.nama}, ......{chr(160)}{month}"
    lines = (
        ("Nomor", ".............................."), ("Sifat", text.nature or "Biasa"),
        ("Lampiran", f"1 (satu) berkas, {pages} halaman" if pages else "1 (satu) berkas"),
        ("Hal", fill.words(text.subject)),
    )  # fmt: skip
    return [
        Paragraph((Run(f"{here.kepala_daerah} {here.nama}".upper(), bold=True),), "center"),
        *([papers.centred(address)] if address else []),
        papers.space(),
        _aside("tanggal", (0.6, 0.4), [("", day)]),
        papers.space(),
        _aside("kepala", (0.14, 0.03, 0.83), [(label, ":", words) for label, words in lines]),
        papers.space(),
        *(_plain(f"Yth. {fill.words(line)}" if n == 0 else fill.words(line))
          for n, line in enumerate(text.to)),
        papers.space(),
        *(Paragraph(fill.runs(words)) for s in text.sections for words in s.paragraphs),
    ]  # fmt: skip


def _aside(key: str, widths: tuple[float, ...], rows: list[tuple[str, ...]]) -> Table:
    """Lines side by side without rules: label, colon, words."""
    body = tuple(Row(tuple(Cell((Run(words),) if words else ()) for words in row)) for row in rows)
    return Table(key, "", "", tuple(Column(width) for width in widths), (), body, plain=True)


def _pages(report: Report) -> int:
    """Pages of the issued book, else of the newest whole one; 0 when there is none."""
    issued = queries.issues_of([report.id])
    builds = [b for _, b in issued] or [b for b in queries.finished_builds([report.id])
                                        if not b.scope]  # fmt: skip
    return next((f.pages or 0 for b in builds for f in b.files if f.format == "pdf"), 0)


# --- numbers --------------------------------------------------------------------------------


class _Fill:
    """Puts words and numbers into holes and remembers which."""

    def __init__(self, inputs: Inputs, book: Document) -> None:
        self.plain = inputs.words()
        self.year = inputs.year
        self.cells = dict(_cells(book))
        self.numbers: list[tuple[str, str]] = []
        self.missing: list[str] = []

    def words(self, text: str) -> str:
        """A line without numbers of its own."""
        return "".join(run.text for run in self.runs(text))

    def runs(self, text: str) -> tuple[Run, ...]:
        """The paragraph; a number that is not there is a marked gap, never a guess."""
        out: list[Run] = []
        at = 0
        for match in HOLE.finditer(text):
            out.append(Run(text[at : match.start()]))
            at = match.end()
            kind, rest = match[1], match[2] or ""
            if not rest:
                out.append(Run(self.plain.get(kind, match[0])))
                continue
            found = self._number(kind, rest)
            if found:
                self.numbers.append((match[0], found))
                out.append(Run(found))
            else:
                self.missing.append(match[0])
                out.append(Run("[angka belum ada]", bold=True))
        out.append(Run(text[at:]))
        return tuple(run for run in out if run.text)

    def _number(self, kind: str, rest: str) -> str:
        if kind in ("ikk", "ikk_lalu"):
            year = self.year - (kind == "ikk_lalu")
            return self.cells.get(f"indicator:{rest}:{year}", "").rstrip("*")
        if kind == "persen":
            where, _, below = rest.rpartition("/")
            stem = where.rpartition(".")[0]
            top, bottom = as_number(self._cell(where)), as_number(self._cell(f"{stem}.{below}"))
            return number(top / bottom * 100, 2) if top is not None and bottom else ""
        found = self._cell(rest)
        return f"Rp{found}" if kind == "rp" and found else found if kind == "angka" else ""

    def _cell(self, name: str) -> str:
        return self.cells.get(name, "")


def _cells(book: Document) -> Iterator[tuple[str, str]]:
    """Numbers of the book by what they are: ``part.row.column`` of a table, or an indicator."""
    for _unit, block in blocks(book):
        if not isinstance(block, Table):
            continue
        for row in block.rows:
            for run in (run for cell in row.cells for run in cell.text):
                kind, _, rest = run.datum.partition(":")
                if kind == "indicator":
                    yield run.datum, run.text
                elif kind in ("cell", "calc", "total") and "@" in rest:
                    where, _, tail = rest.partition(":")
                    line, _, column = tail.rpartition(":")
                    yield f"{where.split('@')[0]}.{line}.{column}", run.text
