"""The whole book in one tagged pass of WeasyPrint, as everyone does it: reference, not product.

Tests compare structure and words with it; the bench compares time and memory. It uses the same
HTML, style sheet and options; only what a single pass must do itself is added: page numbers in
margin boxes and target-counter() in the contents (no leader(), which would cost it dearly).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import weasyprint

from portal.documents import fonts, html, render
from portal.documents.tree import CONTENTS_TITLES, Document, Unit


def build_one_pass(document: Document, out: Path, asset: Callable[[str], bytes]) -> int:
    """Write the book to ``out`` and return its pages."""
    setter = render.setter(document.paper)
    setter.fetcher.asset = asset
    extra = weasyprint.CSS(string=_style(document), font_config=setter.fonts)
    laid = weasyprint.HTML(string=_page(document), url_fetcher=setter.fetcher).render(
        stylesheets=[setter.style, extra], font_config=setter.fonts, **render.OPTIONS
    )
    laid.write_pdf(out, **render.OPTIONS)
    return len(laid.pages)


def _page(document: Document) -> str:
    parts = []
    if document.cover:
        parts.append(f'<section class="cover">{html.cover_body(document.cover)}</section>')
    for index, unit in enumerate(document.front):
        parts.append(_section(unit, document, "front" if index else "front restart"))
    for index, which in enumerate(document.lists):
        rows = "".join(
            f"<tr><td>{html.esc(number)} {html.esc(words)}</td>"
            f'<td class="r"><a href="#{html.attr(key)}"></a></td></tr>'
            for _, number, words, key in html.listed(document, which)
        )
        first = "" if index or document.front else " restart"
        parts.append(
            f'<section class="front{first}"><h1>{CONTENTS_TITLES[which]}</h1><table class="toc">'
            f'<col style="width:88%"><col style="width:12%">{rows}</table></section>'
        )
    chapter = None
    for unit in document.units:
        restart = " restart" if unit.starts_chapter or unit.chapter != chapter else ""
        chapter = unit.chapter
        parts.append(_section(unit, document, f"numbered{restart}"))
    return html.page("".join(parts), "book", document.title, document.language)


def _section(unit: Unit, document: Document, name: str) -> str:
    body = html.unit_body(unit, document.paper)
    kind = f"{html.kind_of(unit)} {name}"
    return f'<section class="{kind}" title="{html.attr(unit.chapter)}">{body}</section>'


def _style(document: Document) -> str:
    mark = document.marks
    texts = [
        f"@page{{@{place}{{content:{content};font-family:'{fonts.FAMILY}';font-size:8.5pt}}}}"
        for place, content in (
            ("bottom-left", _string(mark.footer)),
            ("bottom-right", 'string(chapter) "-" counter(page)'),
            ("top-right", _string(mark.sample)),
        )
    ]
    return (
        "".join(texts)
        + "section{break-before:page;string-set:chapter attr(title)}"
        + "section.restart{counter-reset:page 1}"
        + "table.toc td{border:none;font-size:10.5pt}"
        + "table.toc a::after{content:target-counter(attr(href),page)}"
    )


def _string(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
