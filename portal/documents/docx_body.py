"""The body of a DOCX as XML text: fast, and with Word's own structures.

Headings are numbered by the multilevel list as long as its counters give the numbers of the tree;
a number that they would not give is written as text, so that both printers always agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from portal.documents import docx_parts, paging
from portal.documents.docx_parts import DXA
from portal.documents.docx_table import table_xml
from portal.documents.docx_text import esc, paragraph, runs, runs_of
from portal.documents.tree import (
    Block,
    Gap,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Run,
    Signature,
    Spacer,
    Table,
    gap_words,
    source_words,
)  # fmt: skip
from portal.indonesian import roman

_BODY_STYLE = {"body": "IsiLaporan", "note": "Catatan", "center": "Tengah", "plain": "Normal",
               "subtitle": "AnakJudul", "above": "CatatanAtas"}  # fmt: skip
_TINY = (
    '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    '<w:rPr><w:sz w:val="2"/></w:rPr>{sect}</w:pPr></w:p>'
)
_KEEPS = re.compile(r"^(<w:keep\w+[^>]*/>)*")  # Word wants them before the break
_BREAK = "<w:r><w:br/></w:r>"
_EMPTY = paragraph("Normal", "")
_KEPT = re.compile(r'(<w:pStyle w:val="\w+"/>)(?!<w:keepNext)')
_WORDS = re.compile(r"<w:t(?: [^>]*)?>([^<]*)")


@dataclass
class Body:
    """Collects the body; knows the running numbers that Word will count."""

    image: Callable[[Picture], str]  # relationship id of a picture's bytes
    labels: Mapping[str, str]
    first_chapter: int = 1
    parts: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    chapters: list[int] = field(default_factory=list)
    counters: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    bookmarks: int = 0
    drawings: int = 0
    page_break: bool = False
    width_dxa: int = 0

    def __post_init__(self) -> None:
        self.counters[0] = self.first_chapter - 1

    def add(self, block: Block) -> None:
        """Write one block."""
        match block:
            case Heading():
                self._heading(block)
            case Paragraph():
                self._put(_BODY_STYLE[block.style], runs(block.runs))
            case ListBlock():
                self._list(block)
            case Table():
                self._table(block)
            case Picture():
                self._picture(block)
            case Gap():
                self._put("Kekosongan", runs_of(gap_words(block)))
            case Signature():
                self._signature(block)
            case Spacer():
                self._put("Normal", "")

    def start_page(self) -> None:
        """The next paragraph begins a new page."""
        self._drop_empty()
        self.page_break = True

    def end_section(self, sect: str) -> None:
        """Close a Word section; its properties go into a hair-thin paragraph."""
        self._drop_empty()
        self.parts.append(_TINY.format(sect=sect))
        self.page_break = False

    def _drop_empty(self) -> None:
        """An empty line before a new page would only make a page of its own."""
        if self.parts and self.parts[-1] == _EMPTY:
            self.parts.pop()

    def _put(self, style: str, inner: str, extra: str = "") -> None:
        if self.page_break:
            extra = _KEEPS.sub(r"\g<0><w:pageBreakBefore/>", extra, count=1)
            self.page_break = False
        self.parts.append(paragraph(style, inner, extra))

    def bookmark(self, key: str, inner: str) -> str:
        """``inner`` inside a bookmark that contents and references point to."""
        self.bookmarks += 1
        number = self.bookmarks
        return (
            f'<w:bookmarkStart w:id="{number}" w:name="{bookmark_name(key)}"/>{inner}'
            f'<w:bookmarkEnd w:id="{number}"/>'
        )

    def _counted(self, heading: Heading) -> bool:
        """Move Word's counters on, and tell whether they give the number of the tree."""
        level = heading.level - 1
        tried = list(self.counters)
        tried[level] += 1
        tried[level + 1 :] = [0] * (3 - level)
        chapter = tried[0]
        expected = (
            f"BAB {roman(max(chapter, 1))}",
            f"{chapter}.{tried[1]}",
            f"{chapter}.{tried[1]}.{tried[2]}",
            f"{_letter(tried[3])}.",
        )[level]
        if heading.number != expected:
            return False
        self.counters = tried
        return True

    def _heading(self, heading: Heading) -> None:
        text = runs_of(heading.text)
        extra = ""
        if self._counted(heading):
            if heading.level == 1:
                text = "<w:r><w:br/></w:r>" + text
                self.chapters.append(self.counters[0])
            elif self.chapters:
                run = docx_parts.CHAPTER_NUMS + self.chapters[-1]
                extra = (
                    f'<w:numPr><w:ilvl w:val="{heading.level - 1}"/><w:numId w:val="{run}"/>'
                    "</w:numPr>"
                )
        else:
            extra = (
                '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'
                '<w:ind w:left="0" w:firstLine="0"/>'
            )
            if heading.number:
                glue = "<w:r><w:br/></w:r>" if heading.level == 1 else runs_of(" ")
                text = runs_of(heading.number) + glue + text
        self._put(f"Heading{heading.level}", self.bookmark(heading.key, text), extra)

    def _caption(self, key: str, number: str, caption: str, style: str) -> None:
        """``Tabel 2.`` and a SEQ field that Word starts anew in each chapter."""
        found = re.fullmatch(r"(\S+) (.*?)(\d+)", number)
        if found is None:
            inner = runs_of(f"{number} {caption}".strip())
        else:
            label, prefix, last = found.groups()
            inner = (
                runs_of(f"{label} {prefix}")
                + docx_parts.field(f"SEQ {label} \\* ARABIC \\s 1", last)
                + runs_of(f" {caption}")
            )
        self._put(style, self.bookmark(key, inner))

    def _list(self, block: ListBlock) -> None:
        kind = _list_kind(block)
        if kind:
            self.lists.append(kind)
        number = len(self.lists) + 1
        for mark, depth, text in block.items:
            if kind:
                props = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
                self._put("DaftarButir", runs(text), props)
            else:
                left = 567 * (depth + 1)
                props = (
                    f'<w:tabs><w:tab w:val="left" w:pos="{left}"/></w:tabs>'
                    f'<w:ind w:left="{left}" w:hanging="567"/>'
                )
                head = f"{runs_of(mark)}<w:r><w:tab/></w:r>"
                self._put("DaftarButir", head + runs(text), props)

    def _table(self, table: Table) -> None:
        if table.number or table.caption:
            self._caption(table.key, table.number, table.caption, "Caption")
        elif self.page_break:
            self._put("Normal", "")
        if table.plain:
            self._hold()
        self.parts.append(table_xml(table, self.width_dxa))
        after = [source_words(table.source)] if table.source else []
        for words in (*after, *table.notes):
            self._put("Sumber", runs_of(words))
        if not after and not table.notes:
            self._put("Normal", "")

    def _picture(self, picture: Picture) -> None:
        self.drawings += 1
        width, height = _emu(picture, self.width_dxa / DXA)
        self._put(
            "Gambar", _drawing(self.image(picture), self.drawings, picture.alt, width, height)
        )
        if picture.number or picture.caption:
            self._caption(picture.key, picture.number, picture.caption, "KeteranganGambar")
        if picture.source:
            self._put("Sumber", runs_of(source_words(picture.source)), '<w:jc w:val="center"/>')

    def _hold(self) -> None:
        """Two lines of text, or the last rows of a table, stay with the signature that follows.

        As in the PDF a block of signatures is never alone on its page.
        """
        if self.page_break:
            return
        for at in range(len(self.parts) - 1, -1, -1):
            part = self.parts[at]
            if part.startswith("<w:tbl>"):
                rows = part.split("<w:tr>")
                rows[-2:] = [_KEPT.sub(r"\1<w:keepNext/>", row) for row in rows[-2:]]
                self.parts[at] = "<w:tr>".join(rows)
                return
            if "<w:sectPr>" in part or "<w:pageBreakBefore/>" in part:
                return
            self.parts[at] = _KEPT.sub(r"\1<w:keepNext/>", part)
            if sum(map(len, _WORDS.findall(part))) >= paging.ONE_LINE:
                return

    def _signature(self, block: Signature) -> None:
        self._hold()
        # one paragraph: whatever else stands on its page, no program parts office and name
        above = (block.place_date, *block.office, "", "", "", "")
        lines = [*map(runs_of, above), runs((Run(block.name, bold=True),))]
        inner = _BREAK.join((*lines, *map(runs_of, block.under)))
        self._put("TandaTangan", inner, '<w:keepNext w:val="0"/><w:spacing w:before="280"/>')


def bookmark_name(key: str) -> str:
    """A name that Word accepts (40 letters, digits, underscores), the same for equal keys."""
    return "s_" + re.sub(r"[^A-Za-z0-9_]", "_", key)[-38:]


def _letter(n: int) -> str:
    return chr(96 + n) if 1 <= n <= 26 else "?"


def _list_kind(block: ListBlock) -> str:
    """The Word list that gives exactly these marks, or "" when none does."""
    for kind in ("number", "letter", "bullet"):
        counts = [0, 0]
        for mark, depth, _ in block.items:
            if depth > 1:
                return ""
            counts[depth] += 1
            if depth == 0:
                counts[1] = 0
            n = counts[depth]
            expected = "•" if kind == "bullet" else (
                f"{n}." if kind == "number" and depth == 0 else f"{_letter(n)}."
            )  # fmt: skip
            if mark != expected:
                break
        else:
            return kind
    return ""


def _emu(picture: Picture, most_mm: float) -> tuple[int, int]:
    scale = min(1.0, most_mm / picture.width_mm) if picture.width_mm else 1.0
    return round(picture.width_mm * scale * 36000), round(picture.height_mm * scale * 36000)


def _drawing(rel: str, number: int, alt: str, width: int, height: int) -> str:
    words = esc(alt).replace('"', "&quot;")
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0" xmlns:wp="http://'
        'schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{number}" name="Gambar {number}" '
        f'descr="{words}"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/'
        'main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="Gambar {number}"/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{rel}"/><a:stretch><a:fillRect/>'
        f'</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" '
        f'cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
