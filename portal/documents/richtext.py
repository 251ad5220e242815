"""Clean HTML of a narrative -> blocks of the tree. Unknown marks lose the mark, never the words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lxml import html
from lxml.html import HtmlElement

from portal.documents.tree import (
    Block,
    Cell,
    Column,
    ListBlock,
    Paragraph,
    Picture,
    Row,
    Run,
    Table,
    Text,
)  # fmt: skip

_BLOCKS = frozenset({
    "p", "div", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figure",
    "figcaption",
})  # fmt: skip
_BOLD = frozenset({"b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"})
_ITALIC = frozenset({"i", "em"})
_BLANKS = re.compile(r"[ \t\r\n\f]+")
MARKS = ("letter", "number", "bullet")

#: Makes a Picture of ``blob:SHA`` and its alt text; None when its size is not known.
PictureMaker = Callable[[str, str], Picture | None]


@dataclass(frozen=True)
class _Style:
    bold: bool = False
    italic: bool = False
    underline: bool = False
    superscript: bool = False
    datum: str = ""


def letter(n: int) -> str:
    """``1`` as ``a``, ``27`` as ``aa``."""
    out = ""
    while n > 0:
        n, rest = divmod(n - 1, 26)
        out = chr(97 + rest) + out
    return out


def mark(style: str, n: int, depth: int) -> str:
    """The printed mark of item ``n``: ``1.``, ``a.``, ``•``; a nested number becomes a letter."""
    if style == "bullet":
        return "•"
    if style == "letter" or depth:
        return f"{letter(n)}."
    return f"{n}."


def words_of(source: str) -> str:
    """The bare words of clean HTML, "" when there are none."""
    if not source.strip():
        return ""
    return _BLANKS.sub(" ", _root(source).text_content()).strip()


def empty(source: str) -> bool:
    """True when nobody would see anything: no word and no picture."""
    return not words_of(source) and "<img" not in source


def pictures(source: str) -> list[str]:
    """SHA-256 of all pictures in the order of the text."""
    return re.findall(r"""src=["']blob:([0-9a-f]{64})["']""", source)


def blocks_of(source: str, key: str, picture: PictureMaker, datum: str = "") -> list[Block]:
    """Paragraphs, lists, tables and pictures; ``key`` prefixes the keys of tables.

    ``datum`` names the text itself: what its runs came from, but for numbers by reference.
    """
    if not source.strip():
        return []
    return list(_Reader(key, picture).walk(_root(source), _Style(datum=datum)))


def _root(source: str) -> HtmlElement:
    return html.fragment_fromstring(source, create_parent="div")


class _Reader:
    """Walks the HTML; loose text between blocks becomes paragraphs."""

    def __init__(self, key: str, picture: PictureMaker) -> None:
        self.key = key
        self.picture = picture
        self.tables = 0

    def walk(self, element: HtmlElement, style: _Style) -> Iterator[Block]:
        loose: list[Run] = []
        if element.text:
            loose.append(_run(element.text, style))
        for child in element:
            if child.tag in _BLOCKS or _holds_picture(child):
                yield from _paragraph(loose)
                loose = []
                yield from self._block(child, style)
            elif isinstance(child.tag, str):
                loose += list(_runs(child, style))
            if child.tail:
                loose.append(_run(child.tail, style))
        yield from _paragraph(loose)

    def _block(self, element: HtmlElement, style: _Style) -> Iterator[Block]:
        if element.tag in ("ul", "ol"):
            items = tuple(self._items(element, style, 0))
            if items:
                yield ListBlock(items)
        elif element.tag == "table":
            table = self._table(element, style)
            if table is not None:
                yield table
        elif element.tag == "img":
            made = self._picture(element)
            if made is not None:
                yield made
        else:
            yield from self.walk(element, _styled(element, style))

    def _picture(self, element: HtmlElement) -> Picture | None:
        source = element.get("src", "")
        if not source.startswith("blob:"):
            return None
        return self.picture(source.removeprefix("blob:"), _BLANKS.sub(" ", element.get("alt", "")))

    def _items(
        self, element: HtmlElement, style: _Style, depth: int
    ) -> Iterator[tuple[str, int, Text]]:
        kind = _list_style(element)
        start = element.get("start", "1")
        n = int(start) - 1 if start.isdigit() else 0
        for item in element:
            if item.tag != "li":
                continue
            n += 1
            nested = [child for child in item if child.tag in ("ul", "ol")]
            text = _tidy(list(_runs(item, style, skip=("ul", "ol"))))
            if text:
                yield mark(kind, n, depth), depth, text
            for child in nested:
                yield from self._items(child, style, min(depth + 1, 1))

    def _table(self, element: HtmlElement, style: _Style) -> Table | None:
        rows = [row for row in element.iter("tr") if _own_table(row) is element]
        parsed = [(row, tuple(self._cells(row, style))) for row in rows]
        parsed = [(row, cells) for row, cells in parsed if cells]
        grid = _grid([cells for _, cells in parsed])
        width = max((used + sum(c.colspan for c in cells) for used, cells in grid), default=0)
        if not width:
            return None
        self.tables += 1
        head = 0
        for row, _ in parsed:
            if head < len(parsed) - 1 and all(cell.tag == "th" for cell in _tds(row)):
                head += 1
            else:
                break
        return Table(
            key=f"{self.key}.t{self.tables}", number="", caption="",
            columns=tuple(Column(1 / width) for _ in range(width)),
            head=tuple(cells for _, cells in parsed[:head]),
            rows=tuple(Row(_filled(cells, width - used)) for used, cells in grid[head:]),
        )  # fmt: skip

    def _cells(self, row: HtmlElement, style: _Style) -> Iterator[Cell]:
        for cell in _tds(row):
            inside = _styled(cell, style)
            yield Cell(
                _tidy(list(_runs(cell, inside))),
                colspan=_span(cell.get("colspan")),
                rowspan=_span(cell.get("rowspan")),
            )


def _grid(rows: list[tuple[Cell, ...]]) -> list[tuple[int, tuple[Cell, ...]]]:
    """Each row with the columns that cells from above take; spans end with the table."""
    out: list[tuple[int, tuple[Cell, ...]]] = []
    open_spans: list[tuple[int, int]] = []  # (rows left, columns)
    for index, row in enumerate(rows):
        used = sum(columns for _, columns in open_spans)
        left = len(rows) - index
        cells = tuple(replace(c, rowspan=min(c.rowspan, left)) for c in row)
        open_spans = [(n - 1, columns) for n, columns in open_spans if n > 1]
        open_spans += [(c.rowspan - 1, c.colspan) for c in cells if c.rowspan > 1]
        out.append((used, cells))
    return out


def _filled(cells: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    """A short row is filled up, so that the lines of the table are closed."""
    have = sum(cell.colspan for cell in cells)
    return cells + tuple(Cell(()) for _ in range(width - have))


def _span(raw: str | None) -> int:
    return min(int(raw), 50) if raw and raw.isdigit() and int(raw) > 0 else 1


def _own_table(row: HtmlElement) -> HtmlElement | None:
    return next(row.iterancestors("table"), None)


def _tds(row: HtmlElement) -> list[HtmlElement]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _holds_picture(element: HtmlElement) -> bool:
    return isinstance(element.tag, str) and (
        element.tag == "img" or element.find(".//img") is not None
    )


def _list_style(element: HtmlElement) -> str:
    if element.tag == "ul":
        return "bullet"
    return "letter" if element.get("type") in ("a", "A") else "number"


def _styled(element: HtmlElement, style: _Style) -> _Style:
    tag = element.tag
    if tag in _BOLD:
        style = replace(style, bold=True)
    if tag in _ITALIC:
        style = replace(style, italic=True)
    if tag == "u":
        style = replace(style, underline=True)
    if tag == "sup":
        style = replace(style, superscript=True)
    if element.get("data-datum"):
        style = replace(style, datum=element.get("data-datum"))
    return style


def _run(text: str, style: _Style) -> Run:
    return Run(text, style.bold, style.italic, style.underline, style.superscript, style.datum)


def _runs(element: HtmlElement, style: _Style, skip: tuple[str, ...] = ()) -> Iterator[Run]:
    style = _styled(element, style)
    if element.tag == "br":
        yield Run("\n")
    if element.text:
        yield _run(element.text, style)
    for index, child in enumerate(element):
        if child.tag in ("p", "div", "li") and index:
            yield Run("\n")
        if isinstance(child.tag, str) and child.tag not in skip:
            yield from _runs(child, style)
        if child.tail:
            yield _run(child.tail, style)


def _paragraph(runs: list[Run]) -> Iterator[Paragraph]:
    text = _tidy(runs)
    if text:
        yield Paragraph(text)


def _tidy(runs: list[Run]) -> Text:
    """Blanks folded as a browser folds them, equal neighbours joined, ends trimmed."""
    out: list[Run] = []
    for run in runs:
        text = run.text if run.text == "\n" else _BLANKS.sub(" ", run.text)
        if not out or out[-1].text.endswith((" ", "\n")):
            text = text if text == "\n" else text.lstrip(" ")
        if not text or (text == "\n" and not out):
            continue
        if out and replace(out[-1], text="") == replace(run, text=""):
            out[-1] = replace(out[-1], text=out[-1].text + text)
        else:
            out.append(replace(run, text=text))
    while out and not out[-1].text.rstrip(" \n"):
        out.pop()
    if out:
        out[-1] = replace(out[-1], text=out[-1].text.rstrip(" \n"))
    return tuple(out)
