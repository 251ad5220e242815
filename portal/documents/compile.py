"""Outline + snapshot + catalogue -> the neutral tree. Pure: no database, no clock, no disk.

Numbers of chapters, sections, tables and figures are given here and stand in the tree as text. A
part of a book (one bab, one urusan, one Perangkat Daerah) bears the numbers of the whole book.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.documents import compile_parts, preface, richtext, signature
from portal.documents import scope as scopes
from portal.documents.charts import Maker, Memory
from portal.documents.compile_book import Book, Missing, chapter_number, is_text, note, page_prefix
from portal.documents.inputs import Inputs, Snapshot, day
from portal.documents.tree import (
    Block,
    Cover,
    Document,
    Heading,
    Marks,
    Paragraph,
    Run,
    Signature,
    Unit,
)  # fmt: skip
from portal.indonesian import long_date
from portal.outlines.schema import Chapter, Edition, ListItem, Placed, Section, of_item

NOTHING = "Tidak ada data yang disampaikan."


@dataclass(frozen=True)
class Compiled:
    """A document and the parts that are not ready for a Naskah Final."""

    document: Document
    missing: tuple[Missing, ...]


def compile_report(
    edition: Edition, snapshot: Snapshot, catalogue: Any, scope: str = "",
    charts: Maker | None = None,
) -> Document:  # fmt: skip
    """The document of a report, or of the part that ``scope`` names.

    ``charts`` draws and keeps charts (default: in memory). ScopeError for an unknown scope.
    """
    return compile_whole(edition, snapshot, catalogue, scope, charts).document


def compile_whole(
    edition: Edition, snapshot: Snapshot, catalogue: Any, scope: str = "",
    charts: Maker | None = None,
) -> Compiled:  # fmt: skip
    """``compile_report`` together with what is missing."""
    inputs = Inputs(snapshot, edition)
    book = Book(inputs, catalogue, charts or Memory(), scopes.parse(scope))
    book.units.paper = snapshot["paper"]
    before = _front(book, edition.opening)
    opening = _preface(book)
    after = _front(book, edition.summary)
    for chapter in edition.chapters:
        _chapter(book, chapter)
    book.units.flush()
    whole = book.scope.whole
    lists = tuple(name for name in edition.front if name in ("contents", "tables", "figures"))
    sample = " - DATA CONTOH" if snapshot["marks"]["sample"] else ""
    document = Document(
        title=_title(inputs, book.scope) + sample,
        subject=inputs.name["full"], author=_author(inputs),
        language="id", paper=snapshot["paper"], cover=_cover(inputs) if whole else None,
        preface=opening if whole else None,
        lists=lists if whole else (),  # type: ignore[arg-type]  # filtered above
        units=tuple(book.units.done), marks=_marks(inputs, book.scope),
        before=before if whole else (), after=after if whole else (),
    )  # fmt: skip
    return Compiled(document, tuple(book.missing))


# --- chapters and sections ------------------------------------------------------------------


def _front(book: Book, chapters: tuple[Chapter, ...]) -> tuple[Unit, ...]:
    """Front matter with parts of its own; what has nothing in it is left out."""
    for chapter in chapters:
        book.begin(chapter)
        book.units.chapter("", chapter.key)
        title = book.words(chapter.title, None).upper()
        heading = Heading(1, "", title, book.units.anchor(chapter.key))
        book.units.add(heading)
        if not _parts(book, chapter, (), None, False):
            book.units.drop(heading)
    book.units.flush()
    made = tuple(book.units.done)
    book.units.done.clear()
    return made


def _chapter(book: Book, chapter: Chapter) -> None:
    book.begin(chapter)
    book.units.chapter(page_prefix(chapter), chapter.key)
    annex = chapter.annex or chapter.label.upper().startswith("LAMPIRAN")
    number = chapter.label if annex else f"BAB {chapter.label}"
    title = book.words(chapter.title, None).upper()
    if title == number.upper():
        title = ""
    heading = Heading(1, number if title else "", title or number, book.units.anchor(chapter.key))
    book.units.add(heading)
    left = _parts(book, chapter, (), None, False)
    count = 0
    for section in chapter.sections:
        count = _repeated(book, chapter, (section,), None, count)
    if not left and not chapter.sections and book.scope.whole:
        book.units.add(note(NOTHING))
    _close(book, heading)


def _repeated(
    book: Book, chapter: Chapter, path: tuple[Section, ...], item: ListItem | None, count: int
) -> int:
    """A section, once or once for each item; returns the running number of its siblings."""
    section = path[-1]
    items: tuple[ListItem | None, ...] = (item,)
    if section.repeat is not None:
        items = book.inputs.list_of(section.repeat.over)
    for each in items:
        count += 1 if section.numbered else 0
        _section(book, chapter, path, each, count)
    return count


def _section(
    book: Book, chapter: Chapter, path: tuple[Section, ...], item: ListItem | None, count: int,
) -> None:  # fmt: skip
    section = path[-1]
    turned = any(each.landscape for each in path)
    key = ".".join((chapter.key, *(each.key for each in path))) + (f"@{item.key}" if item else "")
    if section.new_page:
        book.units.page(key)
    else:
        book.units.section(key)
    number = _number(book, chapter, path, count) if section.numbered else ""
    title = book.words(section.title, item)
    level = min(len(path) + 1, 4)
    heading = Heading(level, number, title, book.units.anchor(key))
    if number or title.casefold() != chapter.title.casefold():
        book.units.add(heading)
    book.numbers[len(path)] = number
    left = _parts(book, chapter, path, item, turned)
    below = 0
    for child in section.sections:
        below = _repeated(book, chapter, (*path, child), item, below)
    if book.inputs.edition.sign_in == section.key:
        left |= _sign(book, chapter, turned)
    if not left and not section.sections and book.scope.whole:
        book.units.add(note(NOTHING), turned)
    _close(book, heading)


def _close(book: Book, heading: Heading) -> None:
    """In a part of the book, headings without content below them disappear."""
    if not book.scope.whole:
        book.units.drop(heading)


def _number(book: Book, chapter: Chapter, path: tuple[Section, ...], count: int) -> str:
    """1.1 and 1.1.1 with the number of the chapter; then a. and 1); the lampiran counts alone."""
    depth = len(path)
    if book.inputs.edition.numbering == "letters" and not chapter.annex:
        first = f"{richtext.letter(count).upper()}."
        return {1: first, 2: f"{count}.", 3: f"{richtext.letter(count)}."}.get(depth, f"{count})")
    if depth >= 3:
        return f"{richtext.letter(count)}." if depth == 3 else f"{count})"
    prefix = chapter_number(chapter) if depth == 1 else book.numbers.get(1, "")
    if depth == 1 and prefix.startswith("L"):
        return f"Lampiran {count}" if prefix == "L" else f"{count}."
    if prefix.startswith("Lampiran") or prefix.endswith("."):
        return f"{richtext.letter(count)}."
    return f"{prefix}.{count}" if prefix else f"{count}."


def _parts(
    book: Book, chapter: Chapter, path: tuple[Section, ...], item: ListItem | None, turned: bool
) -> bool:
    """The parts of a chapter or section; False when nothing was left behind."""
    holder = path[-1] if path else chapter
    left = False
    if path and path[-1].intro:
        left = _intro(book, chapter, path, item, turned)
    for part in holder.parts:
        placed = Placed(chapter, path, of_item(part, item), item)
        same = book.words(part.title, item).casefold() == book.words(holder.title, item).casefold()
        titled = is_text(part) and part.kind != "computed" and len(holder.parts) > 1 and not same
        left |= compile_parts.part(book, placed, titled, turned)
    return left


def _intro(
    book: Book, chapter: Chapter, path: tuple[Section, ...], item: ListItem | None, turned: bool
) -> bool:
    """Fixed words of the format, printed where the scope takes the section as a whole."""
    wanted = book.scope.whole or book.scope.wants(chapter, None) or (
        book.scope.kind == "urusan" and item is not None and item.key == book.scope.name
    )  # fmt: skip
    text = book.words(path[-1].intro, item)
    paragraphs: list[Block] = [
        Paragraph((Run(" ".join(part.split())),)) for part in text.split("\n\n") if part.strip()
    ]
    book.emit(paragraphs, turned, wanted)
    return wanted


# --- front matter ---------------------------------------------------------------------------


def _preface(book: Book) -> Unit | None:
    """Kata pengantar with its signature block; a Konsep without words says what is missing."""
    edition = book.inputs.edition
    if edition.preface is None or "preface" not in edition.front:
        return None
    part = edition.preface
    chapter = Chapter(key="kata_pengantar", label="", title="Kata Pengantar")
    placed = Placed(chapter, (), part, None)
    book.begin(chapter)
    blocks: list[Block] = [Heading(1, "", preface.TITLE, book.units.anchor("kata_pengantar"))]
    written: list[Block] = []
    entries = book.inputs.of(part, "")
    for entry in entries:
        if book.inputs.visible(entry):
            found = compile_parts.narrative(book, placed, entry, False)
            written += [*book.pending(placed, entry), *found] if found else []
    if not written:
        gap = book.gap(placed, entries[0] if entries else None) if part.required else []
        written = [*gap, *preface.generated(book.inputs)]
    return Unit("kata_pengantar", "", False, (*blocks, *written, _signature(book.inputs)), True)


def _sign(book: Book, chapter: Chapter, turned: bool) -> bool:
    wanted = book.scope.wants(chapter, None)
    book.emit([_signature(book.inputs)], turned, wanted)
    return wanted


def _signature(inputs: Inputs) -> Signature:
    """The block of the edition's signer on the signing date; on a Konsep the day stays open."""
    data, region = inputs.data["sign"], inputs.data["region"]
    about = day(data["about"]) or date(inputs.year + 1, 3, 31)
    place = signature.place_and_date(region["capital"], day(data["on"]), about)
    here = signature.Region(region["name"], region["full_name"], region["head"], region["capital"])
    options = signature.Options(sekda_nip=data["sekda_nip"], nip_groups=data["nip_groups"])
    return signature.block(
        data["signer"], signature.official(data["official"]), here, place, options,
        on_behalf=data["on_behalf"],
    )  # fmt: skip


def _cover(inputs: Inputs) -> Cover:
    """The stacked lines of the format; large are the title and the name of the region."""
    kept = {"singkatan"}  # LKjIP is written so on a cover, too
    words = {key: value if key in kept else value.upper() for key, value in inputs.words().items()}
    lines = []
    for index, line in enumerate(inputs.edition.cover.lines):
        text = line
        for key, value in words.items():
            text = text.replace(f"{{{key}}}", value)
        large = index == 0 or any(w in line for w in ("{daerah}", "{instansi}", "{naungan}"))
        lines.append((text, large))
    marks = _marks(inputs, scopes.Scope())
    foot = " · ".join(text for text in (marks.draft, marks.sample) if text)
    return Cover(inputs.data["region"]["emblem"], tuple(lines), foot)


def _marks(inputs: Inputs, scope: scopes.Scope) -> Marks:
    """What is stamped on the pages; nothing of it is part of a unit."""
    data = inputs.data
    on = day(data["marks"]["date"])
    draft = ""
    if not inputs.final:
        draft = f"KONSEP {data['marks']['number']}"
        draft += f", data per {long_date(on)}" if on else ""
    return Marks(
        footer=_title(inputs, scope), draft=draft,
        watermark="DRAF" if data["marks"]["unmatched"] else "",
        sample="DATA CONTOH" if data["marks"]["sample"] else "",
    )  # fmt: skip


def _title(inputs: Inputs, scope: scopes.Scope) -> str:
    """``LPPD Kabupaten Contoh Tahun 2025``, with the part of the book and DATA CONTOH."""
    words = inputs.words()
    owner = _author(inputs)
    title = f"{inputs.name['short']} {owner} {words['periode']}"
    if not scope.whole:
        names = {code: unit["name"] for code, unit in inputs.data["units"].items()}
        label = {"unit": names.get(scope.name, scope.name)}.get(scope.kind)
        title += f", {label or scopes.label(f'{scope.kind}:{scope.name}', inputs.edition, names)}"
    return title


def _author(inputs: Inputs) -> str:
    """The region, or the Perangkat Daerah whose report it is; never a person."""
    owner = inputs.data["report"]["owner"]
    region = inputs.data["region"]
    if owner == region["unit"]:
        return str(region["full_name"])
    return inputs.unit_name(owner)
