"""The PDF printer: units from the cache or from children, contents pages, one joined file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from portal import files
from portal.documents import contents, engine, fonts, html, join, marks, output
from portal.documents.fragment import Fragment
from portal.documents.problems import DocumentProblem, FontError, PictureGone, RenderError
from portal.documents.tree import CONTENTS_TITLES, Cover, Document, Heading, Unit, blocks

__all__ = [
    "DocumentProblem",
    "FontError",
    "MemoryPieces",
    "PdfResult",
    "PictureGone",
    "Pieces",
    "RenderError",
    "build_pdf",
    "document_sha",
]

Progress = Callable[[int, int, str], None]


class Pieces(Protocol):
    """Where rendered pieces are kept between builds."""

    def get(self, key: str) -> bytes | None:
        """The bytes kept under ``key`` (64 hexadecimal digits), or None."""

    def put(self, key: str, data: bytes, pages: int) -> None:
        """Keep bytes."""


class MemoryPieces(dict[str, bytes]):
    """Pieces of one build, for tests and small prints."""

    def put(self, key: str, data: bytes, pages: int) -> None:
        """Keep bytes."""
        del pages
        self[key] = data


@dataclass(frozen=True)
class PdfResult:
    """Pages of the book, printed page number by anchor, SHA-256 of the file."""

    pages: int
    labels: dict[str, str]
    sha256: str
    rendered: int = 0  # units that were not in the cache
    unit_pages: dict[str, int] = field(default_factory=dict)  # by Unit.key


@dataclass
class _Part:
    """A cover, preface or unit on its way into the book."""

    name: str
    kind: str
    chapter: str
    restart: bool
    content: Cover | Unit  # of a contents list: an empty unit
    key: str = ""
    unit: str = ""  # Unit.key
    group: int = 0  # parts of one chapter are one Part of the tags

    def html(self, document: Document) -> str:
        """The page as HTML; made only for what is not in the cache."""
        if isinstance(self.content, Cover):
            body = html.cover_body(self.content)
            return html.page(body, "cover", language=document.language)
        body = html.unit_body(self.content, document.paper)
        return html.page(body, html.kind_of(self.content), language=document.language)


def build_pdf(
    document: Document,
    out: Path,
    pieces: Pieces,
    asset: Callable[[str], bytes],
    processes: int = 2,
    progress: Progress | None = None,
) -> PdfResult:
    """Write ``document`` to ``out``, whole or not at all.

    ``asset`` gives the bytes of a stored file by SHA-256. ``progress`` is told (done, total,
    "Bab II dari V"). Raises PictureGone, FontError or RenderError with a sentence for the user.
    """
    tell = progress or _silent
    parts = _parts(document)
    rendered = _render_missing(document, parts, pieces, asset, processes, tell)
    tell(len(parts), len(parts) + 1, "Menggabungkan halaman")
    try:
        with files.whole(out) as file:
            result = _join(document, parts, pieces, output.Output(file), asset)
    except OSError as error:
        raise RenderError(
            "Dokumen belum tersimpan karena ruang penyimpanan server penuh atau tidak dapat "
            "ditulis. Isian tetap aman; hubungi admin Diskominfo, lalu susun ulang."
        ) from error
    tell(len(parts) + 1, len(parts) + 1, "Selesai")
    return replace(result, rendered=rendered)


def _silent(done: int, total: int, step: str) -> None:
    del done, total, step


def document_sha(document: Document) -> str:
    """SHA-256 of everything that the bytes of the PDF depend on, engine included.

    Equal values mean that building again gives the stored file.
    """
    digest = hashlib.sha256(engine.manifest_sha().encode())
    for part in _parts(document):
        digest.update(f"\0{part.key}\0{part.chapter}\0{part.restart}".encode())
    rest = (document.title, document.subject, document.author, document.language, document.paper,
            document.lists, document.marks)  # fmt: skip
    digest.update(repr(rest).encode())
    for which in ("contents", "tables", "figures"):
        digest.update(repr(html.listed(document, which)).encode())
    return digest.hexdigest()


def _parts(document: Document) -> list[_Part]:
    out: list[_Part] = []
    if document.cover:
        out.append(_Part("sampul", "cover", "", False, document.cover))
    for unit in document.front:
        out.append(_part(unit, "bound" if unit in document.before else "preface"))
    group = 0
    chapter: str | None = None
    for unit in document.units:
        if unit.chapter != chapter:
            group, chapter = group + 1, unit.chapter
        out.append(_part(unit, "unit"))
        out[-1].group = group
    salt = hashlib.sha256(f"{engine.manifest_sha()} {document.paper} {document.language}".encode())
    for part in out:
        digest = salt.copy()
        digest.update(repr(part.content).encode())  # five times quicker than making the HTML
        part.key = digest.hexdigest()
    return out


def _part(unit: Unit, kind: str) -> _Part:
    heading = next((block for block in unit.blocks if isinstance(block, Heading)), None)
    words = f"{heading.number} {heading.text}".strip() if heading else unit.key
    chapter = unit.chapter if kind == "unit" else ""
    return _Part(f"bagian “{words}”", kind, chapter, unit.starts_chapter, unit, unit=unit.key)


def _render(
    document: Document,
    parts: list[tuple[int, _Part]],
    asset: Callable[[str], bytes],
    processes: int,
) -> Iterator[tuple[int, bytes, int]]:
    """Index, fragment and pages of each part, as they are done."""
    from portal.documents import children  # noqa: PLC0415 (brings WeasyPrint; a hit does without)

    tasks = [
        children.Task(index, part.name, part.html(document), document.paper)
        for index, part in parts
    ]
    for task, data, pages in children.render_all(tasks, asset, processes):
        yield task.index, data, pages


def _render_missing(
    document: Document,
    parts: list[_Part],
    pieces: Pieces,
    asset: Callable[[str], bytes],
    processes: int,
    tell: Progress,
) -> int:
    """Fill the cache; returns how many units had to be rendered."""
    missing = [index for index, part in enumerate(parts) if pieces.get(part.key) is None]
    open_parts = set(missing)
    total = len(parts) + 1
    tell(len(parts) - len(missing), total, _step(parts, open_parts))
    todo = [(index, parts[index]) for index in missing]
    for index, data, pages in _render(document, todo, asset, processes):
        pieces.put(parts[index].key, data, pages)
        open_parts.discard(index)
        tell(len(parts) - len(open_parts), total, _step(parts, open_parts))
    return len(missing)


def _step(parts: list[_Part], open_parts: set[int]) -> str:
    """``Bab II dari V``: the first chapter that is not complete."""
    chapters = [chapter for chapter in dict.fromkeys(part.chapter for part in parts) if chapter]
    if not open_parts or not chapters:
        return "Menggabungkan halaman" if not open_parts else "Menyusun"
    chapter = parts[min(open_parts)].chapter or chapters[0]
    return f"Bab {chapter} dari {chapters[-1]}"


def _fragment(
    document: Document, part: _Part, pieces: Pieces, asset: Callable[[str], bytes]
) -> Fragment:
    """A part from the cache; one that was lost or damaged meanwhile is rendered again."""
    data = pieces.get(part.key)
    try:
        if data is not None:
            return Fragment.from_bytes(data)
    except ValueError:
        pass  # of an older version, or cut off by a full disk
    ((_, data, pages),) = _render(document, [(0, part)], asset, 1)
    pieces.put(part.key, data, pages)
    return Fragment.from_bytes(data)


class _Numbers:
    """Printed page numbers: none on the cover, i ii iii, then I-1 I-2."""

    def __init__(self) -> None:
        self.chapter: str | None = None
        self.front = self.page = 0

    def take(self, part: _Part, pages: int) -> list[str]:
        if part.kind in ("cover", "bound"):
            return [""] * pages
        if not part.chapter:
            self.front += pages
            return [join.roman(n) for n in range(self.front - pages + 1, self.front + 1)]
        if part.restart or part.chapter != self.chapter:
            self.chapter, self.page = part.chapter, 0
        self.page += pages
        return [f"{part.chapter}-{n}" for n in range(self.page - pages + 1, self.page + 1)]


def _join(
    document: Document,
    parts: list[_Part],
    pieces: Pieces,
    out: output.Output,
    asset: Callable[[str], bytes],
) -> PdfResult:
    """Front, then units, and at last the contents pages, whose place in the book is kept free."""
    lists = [(which, html.listed(document, which)) for which in document.lists]
    joiner = join.Joiner(out, document, _write_fonts(document, lists, pieces, out))
    book = _Book(joiner)
    front = sum(part.kind != "unit" for part in parts)
    for order, part in enumerate(parts[:front]):
        book.add(part, order, _fragment(document, part, pieces, asset))
    shown = [
        book.numbers.take(_LIST, len(_contents(document, which, lines, {}).pages))
        for which, lines in lists
    ]
    for order, part in enumerate(parts[front:], start=front + len(lists)):
        book.add(part, order, _fragment(document, part, pieces, asset))
    for order, ((which, lines), own) in enumerate(zip(lists, shown, strict=True), start=front):
        book.labels[_anchor(which)] = own[0]
        list_pages = _contents(document, which, lines, book.labels)
        joiner.append(list_pages, order, 0, own, cover=False)
    joiner.finish(_bookmarks(document))
    pages = sum(leaf.pages for leaf in joiner.leaves)
    return PdfResult(pages, book.labels, out.digest(), unit_pages=book.unit_pages)


@dataclass
class _Book:
    """What is known of the pages that are already in the file."""

    joiner: join.Joiner
    numbers: _Numbers = field(default_factory=_Numbers)
    labels: dict[str, str] = field(default_factory=dict)
    unit_pages: dict[str, int] = field(default_factory=dict)

    def add(self, part: _Part, order: int, piece: Fragment) -> None:
        """Append the pages of a part."""
        shown = self.numbers.take(part, len(piece.pages))
        for key, (index, _, _) in piece.anchors.items():
            self.labels.setdefault(key, shown[index])
        if part.unit:
            self.unit_pages[part.unit] = len(piece.pages)
        self.joiner.append(piece, order, part.group, shown, cover=part.kind == "cover")


_LIST = _Part("", "list", "", False, Unit("", "", False, ()))


def _anchor(which: str) -> str:
    return f"daftar-{which}"


def _contents(
    document: Document, which: str, lines: list[contents.Line], labels: dict[str, str]
) -> Fragment:
    title = CONTENTS_TITLES[which]
    return contents.compose(title, lines, labels, document.paper, _anchor(which))


def _bookmarks(document: Document) -> list[join.Bookmark]:
    """Headings of the book, with the contents lists where they stand."""
    out: list[join.Bookmark] = []
    lists = [
        join.Bookmark(1, CONTENTS_TITLES[which].title(), _anchor(which)) for which in document.lists
    ]
    for unit, block in blocks(document):
        if unit not in document.front and lists:
            out += lists
            lists = []
        if isinstance(block, Heading):
            words = f"{block.number} {block.text}".strip()
            out.append(join.Bookmark(block.level, words, block.key))
    return out + lists


def _write_fonts(
    document: Document,
    lists: Sequence[tuple[str, list[contents.Line]]],
    pieces: Pieces,
    out: output.Output,
) -> tuple[int, int]:
    """Embed the two faces of marks and contents; their subsets are cached like units."""
    letters = marks.footer_letters(document.marks)
    for which, lines in lists:
        letters |= set(CONTENTS_TITLES[which])
        for _, number, words, _ in lines:
            letters.update(number, words)
    extra = "".join(sorted(letters - fonts.BASE))
    found = []
    for name in ("Regular", "Bold"):
        key = hashlib.sha256(f"{engine.manifest_sha()} {name} {extra}".encode()).hexdigest()
        data = pieces.get(key)
        if data is None:
            data = marks.font_file(name, letters)
            pieces.put(key, data, 0)
        found.append(marks.write_font(name, data, letters, out.add, out.stream))
    return found[0], found[1]
