"""Tables of a DOCX: widths that fit, head rows on every page, rows that stay together."""

from __future__ import annotations

from portal.documents import fit, paging
from portal.documents.docx_parts import DXA
from portal.documents.docx_text import paragraph, runs
from portal.documents.tree import Cell, Column, Table

_CELL_STYLE = {"left": "IsiTabel", "right": "AngkaTabel", "center": "TengahTabel"}
_PLAIN_STYLE = {"left": "Normal", "right": "Normal", "center": "Tengah"}
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
    kept = [True] * len(table.head) + paging.glued(table.rows, table.plain)
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
