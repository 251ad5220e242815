"""Rich text from outside: pasted Word, hostile HTML, plain text. Pure; nothing is fetched.

What comes out: ``p strong em u sup sub ol ul li br table thead tbody tr th td img``, attributes
only ``colspan``/``rowspan`` (1..50) and ``img src="blob:SHA256" alt``; and a number by reference,
``<span data-fig="element|2025">`` (chips.py). Everything else goes; the
words stay. nh3 (a real HTML5 parser) cleans before and after our own rewriting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape

import lxml.html
import nh3

from portal.reports.richtext_writer import Keep, Writer

MAX_TYPED = 16_000_000  # letters that are looked at, pasted pictures included
MAX_CLEAN = 600_000  # letters that are kept

_KEEP = frozenset(
    {"p", "strong", "em", "u", "sup", "sub", "ol", "ul", "li", "br", "table", "thead", "tbody",
     "tr", "th", "td", "img", "span"}
)  # fmt: skip
_FIRST = _KEEP | frozenset(
    {"b", "i", "div", "span", "font", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre",
     "section", "article", "header", "footer", "main", "center", "tfoot", "caption", "a", "ins"}
)  # fmt: skip
_ATTRIBUTES = {
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "img": {"src", "alt"},
    "span": {"data-fig"},
}  # fmt: skip
_GONE = {"script", "style", "head", "title", "template", "svg", "math", "iframe", "object", "xml"}

_TAGS = re.compile(r"<(/?)([a-z][a-z0-9]{0,12})", re.I)
_NEED_NO_END = frozenset(
    {"p", "li", "td", "th", "tr", "tbody", "thead", "tfoot", "col", "br", "img", "hr", "meta",
     "link", "input", "wbr", "dt", "dd", "option", "base"}
)  # fmt: skip
MOST_OPEN = 300
#: Words in angle brackets that are no HTML (``<dua>``) are plain text and stay.
_MARKUP = re.compile(
    rf"<!|</?(?:{'|'.join(sorted(_FIRST | _GONE | {'html', 'body', 'o:p', 'meta', 'link'}))})\b",
    re.I,
)


class TooMuch(ValueError):
    """The text is longer than a part holds; the message is a sentence."""


@dataclass(frozen=True)
class Cleaned:
    """The clean HTML and what was left out, as sentences."""

    html: str
    notes: tuple[str, ...] = ()


def clean(typed: str, uploads: frozenset[str], keep: Keep | None = None) -> Cleaned:
    """Make ``typed`` fit to be stored.

    ``uploads`` are the pictures that may stand in this isian; ``keep`` takes pasted ones in.
    Raises TooMuch. Cleaning what is already clean changes nothing.
    """
    if len(typed) > MAX_TYPED:
        raise TooMuch(
            "Teks yang ditempel terlalu besar (lebih dari 16 MB). Tempel gambar satu per satu."
        )
    text = typed.replace("\x00", "").replace("\r\n", "\n")
    if not _MARKUP.search(text):
        return _limited(Cleaned(_paragraphs(text)))
    if _tangled(text):
        return _limited(Cleaned(_paragraphs(_words_only(text))))
    safe = nh3.clean(
        text, tags=set(_FIRST), clean_content_tags=_GONE, link_rel=None, strip_comments=True,
        attributes={**{k: set(v) for k, v in _ATTRIBUTES.items()}, "*": {"style", "class"}},
        url_schemes={"blob", "data"},
    )  # fmt: skip
    writer = Writer(uploads, keep)
    root = lxml.html.fragment_fromstring(safe, create_parent="div")
    writer.blocks(root, 0)
    html = _last_look(writer.text())
    if not html and root.text_content().strip() == "" and (words := _words_only(safe)):
        html = _paragraphs(words)  # nested beyond all sense: the words at least
    return _limited(Cleaned(html, tuple(dict.fromkeys(writer.notes))))


def _last_look(html: str) -> str:
    """Nothing but the house's own tags and attributes, in one spelling."""
    return nh3.clean(
        html, tags=set(_KEEP), attributes={k: set(v) for k, v in _ATTRIBUTES.items()},
        url_schemes={"blob"}, link_rel=None,
    )  # fmt: skip


def is_clean(html: str) -> bool:
    """True for text that holds nothing but the house's own tags, so that a page may print it."""
    return _shape(_last_look(html)) == _shape(html)


def _shape(html: str) -> bytes:
    """A text in one spelling of tags and letters, to compare two; tbody may be left out in HTML."""
    html = re.sub(r"</?tbody>", "", html)
    return bytes(lxml.html.tostring(lxml.html.fragment_fromstring(html, create_parent="div")))


def _words_only(safe: str) -> str:
    return unescape(re.sub(r"<[^<>]*>", " ", safe)).strip()


def _limited(done: Cleaned) -> Cleaned:
    if len(done.html) > MAX_CLEAN:
        raise TooMuch(
            "Teks terlalu panjang untuk satu bagian (lebih dari 600.000 huruf). Pindahkan sebagian "
            "ke lampiran atau bagian lain."
        )
    return done


def _paragraphs(text: str) -> str:
    """Plain text: blank lines part paragraphs, single line ends stay."""
    found = [p.strip() for p in re.split(r"\n\s*\n", text) if p.strip()]
    return "".join(f"<p>{escape(p, quote=False).replace(chr(10), '<br>')}</p>" for p in found)


def pictures(html: str) -> tuple[str, ...]:
    """SHA-256 of the pictures in clean HTML, in order."""
    return tuple(re.findall(r'src="blob:([0-9a-f]{64})"', html))


def on_screen(html: str, base: str) -> str:
    """Clean HTML for the editor: ``blob:SHA`` becomes ``<base>SHA`` (``/isian/12/gambar/``)."""
    return re.sub(r'src="blob:([0-9a-f]{64})"', lambda m: f'src="{base}{m[1]}"', html)


def _tangled(text: str) -> bool:
    """True for tags opened by the hundred and never closed: an HTML5 parser looks through all of
    them at every tag that follows, and repeats open marks in every paragraph. No Word does that."""
    depth: dict[str, int] = {}
    total = 0
    for tag in _TAGS.finditer(text):
        name = tag[2].lower()
        if name in _NEED_NO_END:
            continue
        step = -1 if tag[1] else 1
        if step > 0 or depth.get(name, 0) > 0:
            depth[name] = depth.get(name, 0) + step
            total += step
        if total > MOST_OPEN:
            return True
    return False
