"""A unit of the neutral tree as HTML for WeasyPrint, built from escaped strings only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from portal.documents import fit, fonts, paging
from portal.documents.tree import (
    Block,
    Cell,
    Cover,
    Document,
    Gap,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Row,
    Signature,
    Spacer,
    Table,
    Text,
    Unit,
    gap_words,
    plain,
    source_words,
)

#: Width and height in millimetres, upright.
PAPERS = {"F4": (215, 330), "A4": (210, 297)}

#: Margins in millimetres: left (binding), right, top, bottom.
MARGINS = (30, 25, 25, 25)

#: Millimetres that a caption of three lines and a source line need below a picture.
_CAPTION_ROOM = 30

#: Letters that show nothing and have no glyph: joiners, marks of direction, variation selectors.
_SILENT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)


def esc(text: str) -> str:
    """Text for HTML, without letters that show nothing."""
    if not text.isprintable():
        text = _SILENT.sub("", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attr(text: str) -> str:
    """Text for a quoted attribute."""
    return esc(text).replace('"', "&quot;")


def runs(text: Text) -> str:
    """Runs with their styles; a line feed inside a run starts a new line."""
    if len(text) == 1:
        run = text[0]
        if not (run.bold or run.italic or run.underline or run.superscript):
            return esc(run.text).replace("\n", "<br>")
    out = []
    for run in text:
        part = esc(run.text).replace("\n", "<br>")
        if run.superscript:
            part = f"<sup>{part}</sup>"
        if run.underline:
            part = f"<u>{part}</u>"
        if run.italic:
            part = f"<i>{part}</i>"
        if run.bold:
            part = f"<b>{part}</b>"
        out.append(part)
    return "".join(out)


def text_width(paper: str, landscape: bool) -> float:
    """Width between the margins in millimetres."""
    width, height = PAPERS[paper]
    return (height if landscape else width) - MARGINS[0] - MARGINS[1]


def text_height(paper: str, landscape: bool) -> float:
    """Height between the margins in millimetres."""
    width, height = PAPERS[paper]
    return (width if landscape else height) - MARGINS[2] - MARGINS[3]


def block(item: Block, wide: float, tall: float) -> str:
    """One block; ``wide`` and ``tall`` are the room between the margins in millimetres."""
    match item:
        case Heading():
            return _heading(item)
        case Paragraph():
            return f'<p class="{item.style}">{runs(item.runs)}</p>'
        case ListBlock():
            return _list(item)
        case Table():
            return _table(item, wide, tall)
        case Picture():
            return _picture(item, wide, tall - _CAPTION_ROOM)
        case Gap():
            return f'<p class="gap">{esc(gap_words(item))}</p>'
        case Signature():
            return _signature(item)
        case Spacer():
            return '<div class="space"></div>'


def _heading(item: Heading) -> str:
    glue = "<br>" if item.level == 1 else " "
    words = glue.join(esc(part) for part in (item.number, item.text) if part)
    return f'<h{item.level} id="{attr(item.key)}">{words}</h{item.level}>'


def _list(item: ListBlock) -> str:
    """Marks are words of the tree, so they are text here and no CSS counter."""
    lines = [
        f'<li class="d{depth}"><span class="mark">{esc(mark)}</span> {runs(text)}</li>'
        for mark, depth, text in item.items
    ]
    return f"<ul>{''.join(lines)}</ul>"


def _table(table: Table, wide: float, tall: float) -> str:
    if table.plain:
        return _plain_table(table)
    caption = " ".join(esc(part) for part in (table.number, table.caption) if part)
    after = [source_words(table.source)] if table.source else []
    notes = "".join(f'<p class="note">{esc(words)}</p>' for words in (*after, *table.notes))
    shares, size = fit.fit(table, wide)
    columns = "".join(f'<col style="width:{share * 100:.3f}%">' for share in shares)
    look = "" if notes else ' class="free"'
    look += "" if size == fit.SIZES[0] else f' style="font-size:{size}pt"'
    aligns = [_ALIGN[column.align] for column in table.columns]
    head = "".join(_head_row(row) for row in table.head)
    body = _body(table.rows, aligns, fit.long_cell(shares, size, wide, tall))
    return (
        (f'<p class="caption" id="{attr(table.key)}">{caption}</p>' if caption else "")
        + f"<table{look}><colgroup>{columns}</colgroup>"
        + (f"<thead>{head}</thead>" if head else "")
        + f"<tbody>{body}</tbody></table>"
        + notes
    )


def _plain_table(table: Table) -> str:
    """Running text side by side: no lines, no smaller type, the widths of the tree."""
    columns = "".join(f'<col style="width:{c.width * 100:.3f}%">' for c in table.columns)
    aligns = [_ALIGN[column.align] for column in table.columns]
    body = _body(table.rows, aligns, [10**6] * len(aligns), plain_table=True)
    return f'<table class="plain"><colgroup>{columns}</colgroup><tbody>{body}</tbody></table>'


_ALIGN = {"left": "", "center": "c", "right": "r"}
_KIND = {"body": "<tr>", "total": '<tr class="total">', "group": '<tr class="group">'}
_KEPT = {"body": '<tr class="k">', "total": '<tr class="total k">', "group": '<tr class="group k">'}


def _head_row(cells: tuple[Cell, ...]) -> str:
    return "<tr>" + "".join(
        f'<th scope="col"{_spans(cell)}>{runs(cell.text)}</th>' for cell in cells
    ) + "</tr>"  # fmt: skip


def _spans(cell: Cell) -> str:
    out = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    return out + (f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else "")


def _body(
    rows: Sequence[Row], aligns: list[str], longest: list[int], plain_table: bool = False
) -> str:
    """Body rows; a cell under an open rowspan takes the next free column.

    A row whose text is longer than ``longest`` letters in a column may be broken over pages.
    """
    out: list[str] = []
    open_until: list[int] = [0] * len(aligns)
    for number, (row, keep) in enumerate(zip(rows, paging.glued(rows, plain_table), strict=True)):
        start = len(out)
        out.append((_KEPT if keep else _KIND)[row.kind])
        column = 0
        for cell in row.cells:
            while column < len(aligns) and open_until[column] > number:
                column += 1
            side = _ALIGN[cell.align] if cell.align else aligns[min(column, len(aligns) - 1)]
            if cell.indent:
                side = f"{side} i{min(cell.indent, 4)}".strip()
            name = f' class="{side}"' if side else ""
            out.append(f"<td{name}{_spans(cell)}>{runs(cell.text)}</td>")
            if sum(len(run.text) for run in cell.text) > longest[min(column, len(aligns) - 1)]:
                out[start] = f'<tr class="{row.kind} tall">'
            for at in range(column, min(column + cell.colspan, len(aligns))):
                open_until[at] = number + cell.rowspan
            column += cell.colspan
        out.append("</tr>")
    return "".join(out)


def _picture(item: Picture, wide: float, tall: float) -> str:
    """A picture and its caption on one page; one that is too large is made smaller."""
    scale = min(1.0, wide / max(item.width_mm, 1.0), tall / max(item.height_mm, 1.0))
    caption = " ".join(esc(part) for part in (item.number, item.caption) if part)
    source = source_words(item.source) if item.source else ""
    name = attr(item.vector or item.sha256)
    return (
        f'<div class="picture" id="{attr(item.key)}"><img src="asset:{name}" '
        f'alt="{attr(item.alt or item.caption or item.number or "Gambar")}" '
        f'style="width:{item.width_mm * scale:.2f}mm;height:{item.height_mm * scale:.2f}mm">'
        + (f'<p class="caption below">{caption}</p>' if caption else "")
        + (f'<p class="note center">{esc(source)}</p>' if source else "")
        + "</div>"
    )


def _signature(item: Signature) -> str:
    lines = [f"<p>{esc(line) or '&nbsp;'}</p>" for line in (item.place_date, *item.office)]
    lines.append(f'<p class="name">{esc(item.name)}</p>')
    lines += [f"<p>{esc(line)}</p>" for line in item.under]
    return f'<div class="signature">{"".join(lines)}</div>'


def unit_body(unit: Unit, paper: str) -> str:
    """The blocks of a unit."""
    wide, tall = text_width(paper, unit.landscape), text_height(paper, unit.landscape)
    kept = _kept(unit.blocks)
    out = []
    for index, item in enumerate(unit.blocks):
        text = block(item, wide, tall)
        out.append(text.replace('class="', 'class="kept ', 1) if index in kept else text)
    return "".join(out) or "<p>&nbsp;</p>"


def _kept(items: Sequence[Block]) -> set[int]:
    """Short paragraphs and empty lines above a signature: they draw two lines of text with it."""
    out: set[int] = set()
    for index, item in enumerate(items):
        if not (isinstance(item, Signature) or (isinstance(item, Table) and item.plain)):
            continue
        for before in range(index - 1, -1, -1):
            above = items[before]
            if isinstance(above, Spacer):
                out.add(before)
            elif isinstance(above, Paragraph) and len(plain(above.runs)) < paging.ONE_LINE:
                out.add(before)
                break
            else:
                break
    return out


def cover_body(cover: Cover) -> str:
    """The cover: emblem above, lines in the middle, foot below."""
    emblem = (
        f'<img class="emblem" src="asset:{attr(cover.emblem)}" alt="Lambang daerah">'
        if cover.emblem
        else ""
    )
    lines = "".join(
        f'<p class="{"large" if large else "small"}">{esc(line) or "&nbsp;"}</p>'
        for line, large in cover.stacked
    )
    foot = f'<p class="foot">{esc(cover.foot)}</p>' if cover.foot else ""
    return f'<div class="cover">{emblem}{lines}</div>{foot}'


def page_rules(paper: str) -> str:
    """The @page rules of both orientations and of the cover."""
    width, height = PAPERS[paper]
    left, right, top, bottom = MARGINS
    margin = f"margin:{top}mm {right}mm {bottom}mm {left}mm"
    return (
        f"@page{{size:{width}mm {height}mm;{margin}}}"
        f"@page wide{{size:{height}mm {width}mm;{margin}}}"
        f"@page cover{{size:{width}mm {height}mm;margin:30mm 25mm 25mm}}"
    )


@cache
def style(paper: str) -> str:
    """The whole style sheet: fonts by file, page rules, style.css."""
    weights = {"Regular": "", "Bold": "font-weight:bold;", "Italic": "font-style:italic;",
               "BoldItalic": "font-weight:bold;font-style:italic;"}  # fmt: skip
    rules = "".join(
        f"@font-face{{font-family:'{fonts.FAMILY}';{weights[name]}src:url(asset:{face})}}"
        for name, face in fonts.FACES.items()
    )
    own = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
    return rules + page_rules(paper) + own


def page(body: str, kind: str, title: str = "", language: str = "id") -> str:
    """A whole HTML page; ``kind`` is portrait, wide or cover."""
    return (
        f'<!DOCTYPE html><html lang="{attr(language)}"><head><meta charset="utf-8">'
        f'<title>{esc(title)}</title></head><body class="{kind}">{body}</body></html>'
    )


def kind_of(unit: Unit) -> str:
    """The class of the body of a unit."""
    return "wide" if unit.landscape else "portrait"


def listed(document: Document, which: str) -> list[tuple[int, str, str, str]]:
    """Lines of a contents list: level (1 to 3, 0 in lists of tables), number, words, anchor."""
    units = (*document.front, *document.units)
    out: list[tuple[int, str, str, str]] = []
    for unit in units:
        for item in unit.blocks:
            if which == "contents" and isinstance(item, Heading):
                if item.listed and item.level <= 3:
                    out.append((item.level, item.number, item.text, item.key))
            elif (which == "tables" and isinstance(item, Table) and item.number) or (
                which == "figures" and isinstance(item, Picture) and item.number
            ):
                out.append((0, item.number, item.caption, item.key))
    return out
