"""Rich text without JavaScript: clean HTML as a plain text that people can edit, and back.

``**tebal**``, ``*miring*``, lines that begin with ``- `` or ``1. ``, ``| sel | sel |`` for tables,
``![keterangan](blob:...)`` for pictures, ``[8.720](angka:penduduk:2025)`` for a number by
reference; a blank line parts paragraphs. Only what was edited comes back, so what the plain text
cannot say (merged cells) is not lost by looking at it.
"""

from __future__ import annotations

import re
from html import escape

import lxml.html
from lxml.html import HtmlElement

_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "u": "__", "sup": "^", "sub": "~"}
#: Opening and closing marks, apart: paired in one walk, so that no text takes forever.
_PAIRS = (
    (re.compile(r"\*\*"), "strong"),
    (re.compile(r"(?<!\*)\*(?!\*)"), "em"),
    (re.compile("__"), "u"),
)
_IMAGE = re.compile(r"!\[([^\[\]]{0,400})\]\(blob:([0-9a-f]{64})\)")
_FIGURE = re.compile(r"\[([^\[\]]{0,80})\]\(angka:([A-Za-z0-9._]{1,80}):(\d{4}(?:-TW[1-4])?)\)")
_ITEM = re.compile(r"^( *)(?:([-•])|(\d{1,3})[.)])\s+(.*)$")


def to_markup(html: str) -> str:
    """Clean HTML as plain text with marks."""
    if not html.strip():
        return ""
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    return "\n\n".join(part for part in _blocks(root) if part)


def _blocks(root: HtmlElement) -> list[str]:
    out = [(root.text or "").strip()]
    for node in root:
        if node.tag in {"ul", "ol"}:
            out.append("\n".join(_items(node, 0)))
        elif node.tag == "table":
            out.append("\n".join(
                "| " + " | ".join(_inline(c).replace("\n", " ") for c in row.iter("td", "th"))
                + " |" for row in node.iter("tr")
            ))  # fmt: skip
        else:
            out.append(_inline(node) if node.tag == "p" else _mark(node))
        out.append((node.tail or "").strip())
    return out


def _items(node: HtmlElement, depth: int) -> list[str]:
    lines = []
    for n, item in enumerate(node, 1):
        lead = f"{n}." if node.tag == "ol" else "-"
        inner = [c for c in item if c.tag in {"ul", "ol"}]
        for child in inner:
            item.remove(child)
        lines.append("  " * depth + f"{lead} {_inline(item)}")
        for child in inner:
            lines.extend(_items(child, depth + 1))
    return lines


def _inline(node: HtmlElement) -> str:
    text = node.text or ""
    for child in node:
        text += _mark(child) + (child.tail or "")
    return text.strip() if node.tag in {"p", "li", "td", "th"} else text


def _mark(node: HtmlElement) -> str:
    if node.tag == "br":
        return "\n"
    if node.tag == "img":
        return f"![{node.get('alt', '')}]({node.get('src', '')})"
    if node.get("data-fig"):
        ref = node.get("data-fig", "").replace("|", ":")  # a bar would part the cells of a table
        return f"[{_inline(node)}](angka:{ref})"
    mark = _MARKS.get(node.tag, "")
    return f"{mark}{_inline(node)}{mark}"


def from_markup(text: str) -> str:
    """Plain text with marks as HTML; the sanitizer of the room still has the last word."""
    out: list[str] = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip()):
        lines = block.split("\n")
        if all(line.strip().startswith("|") for line in lines) and block.strip():
            out.append(_table(lines))
        elif all(_ITEM.match(line) for line in lines):
            out.append(_list(lines))
        elif block.strip():
            out.append(f"<p>{'<br>'.join(_words(line) for line in lines)}</p>")
    return "".join(out)


def _words(text: str) -> str:
    safe = escape(text.strip(), quote=True)
    for mark, tag in _PAIRS:
        safe = _paired(safe, mark, tag)
    safe = _FIGURE.sub(r'<span data-fig="\2|\3">\1</span>', safe)
    return _IMAGE.sub(r'<img src="blob:\2" alt="\1">', safe)


def _paired(text: str, mark: re.Pattern[str], tag: str) -> str:
    """``**kata**`` as an element: a mark before a word opens, the next one behind a word closes."""
    out, done, begun = [], 0, None
    for found in mark.finditer(text):
        start, end = found.span()
        if begun is not None and start > begun[1] and not text[start - 1].isspace():
            out += [text[done : begun[0]], f"<{tag}>", text[begun[1] : start], f"</{tag}>"]
            done, begun = end, None
        elif begun is None and end < len(text) and not text[end].isspace():
            begun = (start, end)
    return "".join(out) + text[done:]


def _table(lines: list[str]) -> str:
    rows = [line.strip().strip("|").split("|") for line in lines]
    return (
        "<table>"
        + "".join(f"<tr>{''.join(f'<td>{_words(c)}</td>' for c in row)}</tr>" for row in rows)
        + "</table>"
    )


def _list(lines: list[str]) -> str:
    """Items with two blanks per depth; the first marker of a depth decides its kind."""
    html, open_tags = "", list[str]()
    for line in lines:
        match = _ITEM.match(line)
        if match is None:
            continue
        depth = min(len(match[1]) // 2, len(open_tags))
        while len(open_tags) > depth + 1:
            html += f"</li></{open_tags.pop()}>"
        if len(open_tags) == depth + 1:
            html += "</li>"
        else:
            open_tags.append("ul" if match[2] else "ol")
            html += f"<{open_tags[-1]}>"
        html += f"<li>{_words(match[4])}"
    while open_tags:
        html += f"</li></{open_tags.pop()}>"
    return html
