"""Numbers in a narrative by reference: ``<span data-fig="element|2025">8.720</span>``. Pure.

The browser inserts a chip from a list; what is stored keeps the reference and the value of that
moment. Whoever shows or prints the narrative fills the present value in, so that a text follows
its figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

#: element or ``i.<indicator>``, a bar, the year.
REFERENCE = re.compile(r"[A-Za-z0-9._]{1,80}\|\d{4}(?:-TW[1-4])?")
CHIP = re.compile(r'<span data-fig="([^"<>]{1,100})">((?:(?!</?span)[^<])*)</span>')


def references(html: str) -> list[str]:
    """The references in a text, in order."""
    return [unescape(found[1]) for found in CHIP.finditer(html)]


def fill(html: str, value: Callable[[str], str | None], attribute: str = "") -> str:
    """The text with present values; ``value`` gives None for a reference that has none.

    Such a chip keeps what it showed. ``attribute`` ``datum`` adds ``data-datum`` for tracing;
    ``now`` leaves the words as they are stored and adds ``data-now`` where they are old, for an
    editor whose text must stay what the server holds.
    """

    def one(found: re.Match[str]) -> str:
        ref = unescape(found[1])
        text = value(ref)
        inner = found[2] if text is None else escape(text)
        extra = f' data-datum="{escape(trace(ref))}"' if attribute == "datum" else ""
        if attribute == "now":
            extra = f' data-now="{inner}"' if inner != found[2] else ""
            inner = found[2]
        return f'<span data-fig="{escape(ref)}"{extra}>{inner}</span>'

    return CHIP.sub(one, html) if "data-fig" in html else html


def trace(ref: str) -> str:
    """The reference as the printed tree names it: ``datum:penduduk:2025``."""
    key, _, period = ref.partition("|")
    if key.startswith("i."):
        return f"indicator:{key[2:]}:{period}"
    return f"datum:{key}:{period}"
