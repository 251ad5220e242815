"""Words of a DOCX: escaped, in runs with their looks, in paragraphs of named styles."""

from __future__ import annotations

import re

from portal.documents.tree import Text

_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
_ESCAPES |= {code: None for code in range(32) if code not in (9, 10)}  # type: ignore[misc]  # None deletes
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f]").search  # most texts have none of these


def esc(text: str) -> str:
    """Text for XML; control characters that XML forbids are dropped."""
    return text.translate(_ESCAPES) if _SPECIAL(text) else text


def runs(text: Text, base: str = "", size: str = "") -> str:
    """Runs with bold, italic, size, underline, superscript; a newline becomes a line break.

    ``base`` is "" or bold, for the whole text.
    """
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
        if run.bold and not base:
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


def runs_of(text: str) -> str:
    """Plain text as runs."""
    return f'<w:r><w:t xml:space="preserve">{esc(text)}</w:t></w:r>' if text else ""
