"""Writes the house's own HTML from a tree that holds nothing harmful any more."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from lxml.html import HtmlElement

from portal.reports import chips

MAX_PICTURES = 40


MAX_DEPTH = 60


_BLOCKS = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "section", "article",
     "header", "footer", "main", "center", "caption"}
)  # fmt: skip


_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


_BLOB = re.compile(r"(?:blob:|(?:/[\w/.-]*)?/gambar/)([0-9a-f]{64})")


_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|bmp|webp);base64,", re.I)


#: Bounded repeats: hostile text makes an unbounded one look at every letter from every letter.
_MSO_LIST = re.compile(r"mso-list:\s{0,9}\S{1,40}\s{1,9}level(\d)", re.I)


_ORDERED = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxlc]{1,6})[.)]")


#: Keeps the bytes of a pasted picture and returns its SHA-256, or a sentence why not.
Keep = Callable[[bytes, str], "str | Declined"]


@dataclass(frozen=True)
class Declined:
    """A picture was not kept; ``why`` is a sentence."""

    why: str


@dataclass
class _Item:
    level: int
    ordered: bool
    inner: str


class Writer:
    """Walks a cleaned tree and writes the house's own HTML."""

    def __init__(self, uploads: frozenset[str], keep: Keep | None) -> None:
        self.uploads, self.keep = set(uploads), keep
        self.notes: list[str] = []
        self.out: list[str] = []
        self.pending: list[_Item] = []
        self.count = 0

    def text(self) -> str:
        """What was written."""
        self._end_list()
        return "".join(self.out)

    def blocks(self, node: HtmlElement, depth: int) -> None:
        """Children of a container: blocks as they are, loose words into paragraphs."""
        loose = [_escaped(node.text)]
        for child in node:
            tag = child.tag if isinstance(child.tag, str) else ""
            holds_blocks = (
                tag in _BLOCKS
                or tag in {"ol", "ul", "table", "li"}
                or (tag in {"span", "font", "a"} and _has_block(child))
            )
            if holds_blocks and depth < MAX_DEPTH:
                self._paragraph("".join(loose))
                loose = []
                self._block(child, tag, depth)
            elif tag == "br" and not "".join(loose).strip():
                pass
            else:
                loose.append(self.inline(child, depth))
            loose.append(_escaped(child.tail))
        self._paragraph("".join(loose))

    def _block(self, node: HtmlElement, tag: str, depth: int) -> None:
        if tag in {"ol", "ul"}:
            self._end_list()
            self.out.append(self._list(node, tag, depth))
        elif tag == "table":
            self._end_list()
            self.out.append(self._table(node, depth))
        elif tag in _BLOCKS and not _has_block(node):
            self._leaf(node, tag, depth)
        else:
            self.blocks(node, depth + 1)

    def _leaf(self, node: HtmlElement, tag: str, depth: int) -> None:
        match = _MSO_LIST.search(node.get("style") or "")
        marker = _marker(node) if match or "MsoList" in (node.get("class") or "") else ""
        inner = self._children(node, depth)
        if match or marker:
            level = min(int(match[1]) if match else 1, 2)
            self.pending.append(_Item(level, bool(_ORDERED.fullmatch(marker)), inner.strip()))
            return
        if tag in _HEADINGS and inner.strip():
            inner = f"<strong>{inner.strip()}</strong>"
        self._paragraph(inner)

    def _paragraph(self, inner: str) -> None:
        trimmed = _trimmed(inner)
        if trimmed:
            self._end_list()
            self.out.append(f"<p>{trimmed}</p>")

    def _end_list(self) -> None:
        if self.pending:
            items, self.pending = self.pending, []
            self.out.append(_nested(items))

    def inline(self, node: HtmlElement, depth: int) -> str:
        """A piece inside a paragraph."""
        tag = node.tag if isinstance(node.tag, str) else ""
        style = (node.get("style") or "").replace(" ", "").lower()
        if not tag or "mso-list:ignore" in style:
            return ""
        if tag == "br":
            return "<br>"
        if tag == "img":
            return self._picture(node)
        if depth > MAX_DEPTH:
            return _escaped(node.text_content())
        inner = self._children(node, depth + 1)
        if not inner.strip():
            return " " if inner else ""
        ref = node.get("data-fig") or "" if tag == "span" else ""
        if chips.REFERENCE.fullmatch(ref):  # a number by reference: its words only, no style
            return f'<span data-fig="{escape(ref)}">{_escaped(node.text_content().strip())}</span>'
        return _wrapped(tag, style, inner)

    def _children(self, node: HtmlElement, depth: int) -> str:
        parts = [_escaped(node.text)]
        for child in node:
            parts.append(self.inline(child, depth))
            parts.append(_escaped(child.tail))
        return re.sub(r"[ \t\n\xa0]+", " ", "".join(parts))

    def _picture(self, node: HtmlElement) -> str:
        source = (node.get("src") or "").strip()
        alt = escape((node.get("alt") or "")[:300], quote=True)
        match = _BLOB.fullmatch(source)
        sha = match[1] if match else ""
        if not sha and _DATA.match(source):
            sha = self._pasted(source)
        if sha in self.uploads:
            self.count += 1
            if self.count <= MAX_PICTURES:
                return f'<img src="blob:{sha}" alt="{alt}">'
            self.notes.append(f"Paling banyak {MAX_PICTURES} gambar dalam satu bagian.")
        elif not sha and not _DATA.match(source):
            self.notes.append(
                "Ada gambar yang tidak ikut karena berada di luar portal. Unggah gambarnya dengan "
                "tombol Gambar."
            )
        return ""

    def _pasted(self, source: str) -> str:
        if self.keep is None:
            return ""
        try:
            data = base64.b64decode(source.split(",", 1)[1], validate=False)
        except (binascii.Error, ValueError):
            self.notes.append("Ada gambar tempelan yang rusak dan tidak ikut.")
            return ""
        kept = self.keep(data, "tempelan.png")
        if isinstance(kept, Declined):
            self.notes.append(kept.why)
            return ""
        self.uploads.add(kept)
        return kept

    def _list(self, node: HtmlElement, tag: str, depth: int) -> str:
        items: list[str] = []
        for child in node:
            if child.tag in {"ol", "ul"} and depth < MAX_DEPTH:  # Word's own odd nesting
                inner = self._list(child, child.tag, depth + 1)
                if items and inner:
                    items[-1] = items[-1][: -len("</li>")] + inner + "</li>"
                elif inner:
                    items.append(f"<li>{inner}</li>")
                continue
            inner = self._list_item(child, depth)
            if inner.strip():
                items.append(f"<li>{inner.strip()}</li>")
        return f"<{tag}>{''.join(items)}</{tag}>" if items else ""

    def _list_item(self, node: HtmlElement, depth: int) -> str:
        parts = [_escaped(node.text)]
        for child in node:
            if child.tag in {"ol", "ul"} and depth < MAX_DEPTH:
                parts.append(self._list(child, child.tag, depth + 1))
            elif child.tag in _BLOCKS:
                parts.append((" " if "".join(parts).strip() else "") + self._children(child, depth))
            else:
                parts.append(self.inline(child, depth))
            parts.append(_escaped(child.tail))
        return re.sub(r"[ \t\n\xa0]+", " ", "".join(parts))

    def _table(self, node: HtmlElement, depth: int) -> str:
        rows = []
        for row in node.iter("tr"):
            cells = []
            for cell in row:
                if cell.tag not in {"td", "th"}:
                    continue
                spans = "".join(
                    f' {name}="{value}"' for name in ("colspan", "rowspan")
                    if (value := _span(cell.get(name))) > 1
                )  # fmt: skip
                inner = self._cell(cell, depth)
                cells.append(f"<{cell.tag}{spans}>{inner}</{cell.tag}>")
            if cells:
                rows.append(f"<tr>{''.join(cells)}</tr>")
        return f"<table><tbody>{''.join(rows)}</tbody></table>" if rows else ""

    def _cell(self, node: HtmlElement, depth: int) -> str:
        """Words of a cell; its paragraphs become lines."""
        lines, loose = [], [_escaped(node.text)]
        for child in node:
            if child.tag in _BLOCKS or child.tag in {"ol", "ul", "table"}:
                lines.append("".join(loose))
                lines.append(self._children(child, depth + 1))
                loose = []
            else:
                loose.append(self.inline(child, depth + 1))
            loose.append(_escaped(child.tail))
        lines.append("".join(loose))
        kept = [re.sub(r"[ \t\n\xa0]+", " ", line).strip() for line in lines]
        return "<br>".join(line for line in kept if line)


def _span(value: str | None) -> int:
    return min(int(value), 50) if value and value.isdigit() and len(value) < 4 else 1


def _trimmed(inner: str) -> str:
    """Without line breaks and blanks at both ends."""
    text = inner.strip()
    while text.startswith("<br>"):
        text = text[len(re.match(r"(?:<br>|\s)+", text)[0]) :]  # type: ignore[index]  # it starts so
    end = len(text)
    while text.endswith("<br>", 0, end) or (end and text[end - 1].isspace()):
        end -= 4 if text.endswith("<br>", 0, end) else 1
    return text[:end]


def _escaped(text: str | None) -> str:
    return escape(text or "", quote=False)


def _has_block(node: HtmlElement) -> bool:
    return any(c.tag in _BLOCKS or c.tag in {"ol", "ul", "table"} for c in node.iterdescendants())


def _marker(node: HtmlElement) -> str:
    """The bullet or number that Word writes into a list paragraph."""
    for child in node.iterdescendants():
        if "mso-list:ignore" in (child.get("style") or "").replace(" ", "").lower():
            return str(child.text_content()).strip().strip("\xa0").strip()
    return ""


def _wrapped(tag: str, style: str, inner: str) -> str:
    bold = tag in {"b", "strong"} or re.search(r"font-weight:(?:bold|[6-9]00)", style)
    if tag in {"b", "strong"} and re.search(r"font-weight:(?:normal|[1-5]00)", style):
        bold = None  # Google Docs wraps whole documents into such a b
    if re.search(r"font-style:italic", style) or tag in {"i", "em"}:
        inner = f"<em>{inner}</em>"
    if tag in {"u", "ins"} or re.search(r"text-decoration:[^;]{0,60}underline", style):
        inner = f"<u>{inner}</u>"
    if tag in {"sup", "sub"}:
        inner = f"<{tag}>{inner}</{tag}>"
    return f"<strong>{inner}</strong>" if bold else inner


def _nested(items: list[_Item]) -> str:
    """Word's list paragraphs as lists of one or two levels; a change of marks starts a new one."""
    out: list[str] = []
    outer, inner = "", ""
    for item in items:
        kind = "ol" if item.ordered else "ul"
        if item.level == 2 and outer:
            if inner and inner != kind:
                out.append(f"</li></{inner}>")
                inner = ""
            out.append("</li>" if inner else f"<{kind}>")
            inner = inner or kind
        else:
            if inner:
                out.append(f"</li></{inner}>")
                inner = ""
            if outer and outer != kind:
                out.append(f"</li></{outer}>")
                outer = ""
            out.append("</li>" if outer else f"<{kind}>")
            outer = outer or kind
        out.append(f"<li>{item.inner}")
    if inner:
        out.append(f"</li></{inner}>")
    out.append(f"</li></{outer}>")
    return "".join(out)
