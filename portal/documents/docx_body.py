"""The body of a DOCX as XML text: fast, and with Word's own structures.

Headings are numbered by the multilevel list as long as its counters give the numbers of the tree;
a number that they would not give is written as text, so that both printers always agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from portal.documents import docx_parts, fit, paging
from portal.documents.docx_parts import DXA
from portal.documents.tree import (
    Block,
    Cell,
    Column,
    Gap,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Row,
    Run,
    Signature,
    Spacer,
    Table,
    Text,
    gap_words,
    source_words,
)  # fmt: skip
from portal.indonesian import roman

_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
_ESCAPES |= {code: None for code in range(32) if code not in (9, 10)}  # type: ignore[misc]  # None deletes
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f]").search  # most texts have none of these
_CELL_STYLE = {"left": "IsiTabel", "right": "AngkaTabel", "center": "TengahTabel"}
_PLAIN_STYLE = {"left": "Normal", "right": "Normal", "center": "Tengah"}
_BODY_STYLE = {"body": "IsiLaporan", "note": "Catatan", "center": "Tengah", "plain": "Normal",
               "subtitle": "AnakJudul", "above": "CatatanAtas"}  # fmt: skip
_TINY = (
    '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>{sect}'
    '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
)


def esc(text: str) -> str:
    """Text for XML; control characters that XML forbids are dropped."""
    return text.translate(_ESCAPES) if _SPECIAL(text) else text


def runs(text: Text, base: str = "", size: str = "") -> str:
    """Runs with bold, italic, size, underline, superscript; a newline becomes a line break."""
    if len(text) == 1:  # nearly every cell
        run = text[0]
        if not (run.bold or run.italic or run.underline or run.superscript):
            head = f"<w:rPr>{base}{size}</w:rPr>" if base or size else ""
            words = esc(run.text)
            if "\n" not in words:
                return f'<w:r>{head}<w:t xml:space="preserve">{words}</w:t></w:r>'
    out = []
    for run in text:
        props = base
        if run.bold:
            props += "<w:b/>"
        if run.italic:
            props += "<w:i/>"
        props += size
        if run.underline:
            props += '<w:u w:val="single"/>'
        if run.superscript:
            props += '<w:vertAlign w:val="superscript"/>'
        head = f"<w:rPr>{props}</w:rPr>" if props else ""
        words = esc(run.text)
        if "\n" in words:
            words = words.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
        out.append(f'<w:r>{head}<w:t xml:space="preserve">{words}</w:t></w:r>')
    return out[0] if len(out) == 1 else "".join(out)


def paragraph(style: str, inner: str, extra: str = "") -> str:
    """One paragraph of a named style."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{inner}</w:p>'


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
        self.page_break = True

    def end_section(self, sect: str) -> None:
        """Close a Word section; its properties go into a hair-thin paragraph."""
        self.parts.append(_TINY.format(sect=sect))
        self.page_break = False

    def _put(self, style: str, inner: str, extra: str = "") -> None:
        if self.page_break:
            extra = "<w:pageBreakBefore/>" + extra
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

    def _signature(self, block: Signature) -> None:
        self._put("TandaTangan", "")
        lines = [block.place_date, *block.office, "", "", "", ""]
        for line in lines:
            self._put("TandaTangan", runs_of(line))
        last = len(block.under)
        name = runs((Run(block.name, bold=True),))
        self._put("TandaTangan", name, "" if last else '<w:keepNext w:val="0"/>')
        for index, line in enumerate(block.under, start=1):
            extra = '<w:keepNext w:val="0"/>' if index == last else ""
            self._put("TandaTangan", runs_of(line), extra)


def runs_of(text: str) -> str:
    """Plain text as runs."""
    return f'<w:r><w:t xml:space="preserve">{esc(text)}</w:t></w:r>' if text else ""


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


#: A table of so many columns is fitted in full.
MANY = 12


def _fitted(table: Table, width_dxa: int) -> tuple[list[int], str, int]:
    """Widths in dxa, size of the type as a property ("" = that of the style), last head row."""
    if table.plain:
        return [max(1, round(column.width * width_dxa)) for column in table.columns], "", 0
    measure = fit.fit if len(table.columns) >= MANY else fit.quick
    shares, size = measure(table, width_dxa / DXA)
    prop = f'<w:sz w:val="{round(2 * size)}"/><w:szCs w:val="{round(2 * size)}"/>'
    widths = [max(1, round(share * width_dxa)) for share in shares]
    floor = paging.head_floor(table, [width / DXA * paging.MM for width in widths], size)
    return widths, "" if size == fit.SIZES[0] else prop, round(floor * 20)


def table_xml(table: Table, width_dxa: int) -> str:
    """The whole table; the head rows repeat on every page."""
    widths, size, floor = _fitted(table, width_dxa)
    style = "TableNormal" if table.plain else "TabelLaporan"
    margins = ""
    if not table.plain:
        sides = "".join(f'<w:{s} w:w="57" w:type="dxa"/>' for s in ("left", "right"))
        margins = f"<w:tblCellMar>{sides}</w:tblCellMar>"
    out = [
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/>{margins}<w:tblLook w:val="0020" w:firstRow="1"/>'
        "</w:tblPr><w:tblGrid>",
    ]
    out += [f'<w:gridCol w:w="{width}"/>' for width in widths]
    out.append("</w:tblGrid>")
    rows = [(cells, "head") for cells in table.head] + [(r.cells, r.kind) for r in table.rows]
    open_spans: dict[int, tuple[int, int]] = {}  # column -> (rows left, colspan)
    kept = [True] * len(table.head) + paging.glued(table.rows)
    if kept and (table.source or table.notes):
        kept[-1] = True
    for (cells, kind), keep in zip(rows, kept, strict=True):
        look = "plain" if table.plain else kind
        out.append(_row(cells, look, table.columns, widths, open_spans, (size, keep)))
    if floor:
        mark, height = "<w:tblHeader/>", f'<w:trHeight w:val="{floor}" w:hRule="atLeast"/>'
        last = len(table.head) - 1 - len(rows)
        out[last] = out[last].replace(mark, mark + height, 1)
    out.append("</w:tbl>")
    return "".join(out)


def _row(
    cells: tuple[Cell, ...], kind: str, columns: tuple[Column, ...], widths: list[int],
    spans: dict[int, tuple[int, int]], look: tuple[str, bool],
) -> str:  # fmt: skip
    """A row; ``look`` is the size of its type and whether it stays with the next."""
    head = kind == "head"
    size, keep = look
    out = ["<w:tr><w:trPr><w:cantSplit/>" + ("<w:tblHeader/>" if head else "") + "</w:trPr>"]
    bold = "<w:b/>" if kind in ("total", "group") else ""
    column, waiting = 0, iter(cells)
    while column < len(columns):
        if column in spans:
            left, span = spans.pop(column)
            if left > 1:
                spans[column] = (left - 1, span)
            out.append(_tc(sum(widths[column : column + span]), span, "<w:vMerge/>", "<w:p/>"))
            column += span
            continue
        cell = next(waiting, None)
        if cell is None:
            break
        span = min(cell.colspan, len(columns) - column)
        merge = ""
        if cell.rowspan > 1:
            spans[column] = (cell.rowspan - 1, span)
            merge = '<w:vMerge w:val="restart"/>'
        side = cell.align or columns[column].align
        style = "KepalaTabel" if head else _CELL_STYLE[side]
        if kind == "plain":
            style = _PLAIN_STYLE[side]
        extra = "<w:keepNext/>" if keep else ""
        extra += f'<w:ind w:left="{cell.indent * 170}"/>' if cell.indent else ""
        content = paragraph(style, runs(cell.text, bold, size), extra)
        out.append(_tc(sum(widths[column : column + span]), span, merge, content, head))
        column += span
    out.append("</w:tr>")
    return "".join(out)


def _tc(width: int, span: int, merge: str, content: str, head: bool = False) -> str:
    grid = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    look = (
        '<w:shd w:val="clear" w:color="auto" w:fill="E7E9EE"/><w:vAlign w:val="center"/>'
        if head
        else ""
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{grid}{merge}{look}</w:tcPr>'
        f"{content}</w:tc>"
    )


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


__all__ = ["Body", "Row", "bookmark_name", "esc", "paragraph", "runs", "runs_of", "table_xml"]
