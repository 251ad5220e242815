"""The tree as light HTML for everybody: real tables, no script, no inline style. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from portal.documents.tree import (
    Block,
    Cell,
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
    blocks,
    source_words,
)

_SIDE = {"left": "", "center": "c", "right": "n"}


def body(document: Document, picture: Callable[[Picture], str]) -> str:
    """The content of the page; ``picture`` gives the address of a picture."""
    out = [_contents(document)]
    out += [_block(block, picture) for _unit, block in blocks(document)]
    return "\n".join(part for part in out if part)


def _contents(document: Document) -> str:
    heads = [b for _, b in blocks(document) if isinstance(b, Heading) and b.level == 1]
    items = "".join(
        f'<li><a href="#{escape(h.key)}">{escape(_sentence(h.text))}</a></li>' for h in heads
    )
    return f'<nav aria-label="Isi"><h2>Isi</h2><ol>{items}</ol></nav>' if items else ""


def _sentence(text: str) -> str:
    """Chapter titles are written in capitals in the book; a page reads easier without."""
    small = {"dan", "atas", "di", "ke", "dari", "untuk", "yang"}
    keep = {"SPM", "IKK", "LPPD", "RLPPD", "APBD", "EPPD", "BPK"}
    if text != text.upper():
        return text
    words = [w if w in keep else w.lower() if w.lower() in small else w.capitalize()
             for w in text.split()]  # fmt: skip
    return " ".join(words)


def _block(block: Block, picture: Callable[[Picture], str]) -> str:
    match block:
        case Heading():
            level = min(block.level + 1, 5)
            words = " ".join(filter(None, (block.number, _sentence(block.text))))
            return f'<h{level} id="{escape(block.key)}">{escape(words)}</h{level}>'
        case Paragraph():
            name = ' class="note"' if block.style == "note" else ""
            return f"<p{name}>{_runs(block.runs)}</p>"
        case ListBlock():
            items = "".join(
                f"<li><span>{escape(mark)}</span> {_runs(text)}</li>"
                for mark, _depth, text in block.items
            )
            return f'<ul class="marks">{items}</ul>'
        case Table():
            return _table(block)
        case Picture():
            words = " ".join(filter(None, (block.number, block.caption)))
            source = f"<br>{escape(source_words(block.source))}" if block.source else ""
            alt = escape(block.alt or block.caption or "Gambar")
            return (f'<figure><img src="{escape(picture(block))}" alt="{alt}" loading="lazy">'
                    f"<figcaption>{escape(words)}{source}</figcaption></figure>")  # fmt: skip
        case Gap() | Signature() | Spacer():
            return ""


def _runs(text: Text) -> str:
    out = []
    for run in text:
        part = escape(run.text).replace("\n", "<br>")
        if run.superscript:
            part = f"<sup>{part}</sup>"
        if run.italic:
            part = f"<i>{part}</i>"
        if run.bold:
            part = f"<b>{part}</b>"
        out.append(part)
    return "".join(out)


def _table(table: Table) -> str:
    caption = " ".join(filter(None, (table.number, table.caption)))
    head = "".join(_head(row) for row in table.head)
    rows = "".join(_rows(table.rows, [_SIDE[c.align] for c in table.columns]))
    after = [source_words(table.source)] if table.source else []
    notes = "".join(f'<p class="note">{escape(words)}</p>' for words in (*after, *table.notes))
    label = escape(caption or "Tabel")
    return (
        f'<div class="wide scroll" role="region" tabindex="0" aria-label="{label}"><table>'
        + (f"<caption><span>{escape(caption)}</span></caption>" if caption else "")
        + (f"<thead>{head}</thead>" if head else "")
        + f"<tbody>{rows}</tbody></table></div>{notes}"
    )


def _spans(cell: Cell) -> str:
    out = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    return out + (f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else "")


def _head(cells: Iterable[Cell]) -> str:
    found = "".join(
        f'<th scope="{"colgroup" if cell.colspan > 1 else "col"}"{_spans(cell)}>'
        f"{_runs(cell.text)}</th>" for cell in cells
    )  # fmt: skip
    return f"<tr>{found}</tr>"


def _rows(rows: Iterable[Row], sides: list[str]) -> Iterable[str]:
    """Body rows; a cell under an open rowspan takes the next free column."""
    until = [0] * len(sides)
    for number, row in enumerate(rows):
        column, cells = 0, []
        for cell in row.cells:
            while column < len(sides) and until[column] > number:
                column += 1
            side = _SIDE[cell.align] if cell.align else sides[min(column, len(sides) - 1)]
            side = f"{side} i{min(cell.indent, 4)}".strip() if cell.indent else side
            name = f' class="{side}"' if side else ""
            cells.append(f"<td{name}{_spans(cell)}>{_runs(cell.text)}</td>")
            for at in range(column, min(column + cell.colspan, len(sides))):
                until[at] = number + cell.rowspan
            column += cell.colspan
        kind = f' class="{row.kind}"' if row.kind != "body" else ""
        yield f"<tr{kind}>{''.join(cells)}</tr>"
