"""Parts that other rooms feed: tables of their rows, drawn trees, finished pages.

A feed is plain JSON in the snapshot (documents/sources.py): ``rows`` with cells for the columns,
``nodes`` of a tree, or ``blocks`` of pages; ``lacks`` names what is still missing in sentences
(``firm`` = a Naskah Final waits for it, whatever the reason), ``notes`` print under a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.documents import diagram
from portal.documents.compile_book import Book, Missing, note
from portal.documents.compile_cells import (
    bare_source,
    columns_of,
    head_of,
    label,
    run,
    value_text,
)  # fmt: skip
from portal.documents.tree import (
    Block,
    Cell,
    Column,
    ListBlock,
    Paragraph,
    Picture,
    Row,
    Run,
    Spacer,
    Table,
)  # fmt: skip
from portal.outlines.parts import Drawn, Fed, Paper
from portal.outlines.schema import Placed

#: More rows than this are not joined into one cell: it could not be broken over pages.
MOST_JOINED = 6
#: Room of a drawn tree in millimetres: width and height, upright and turned.
_ROOM = {False: (155.0, 225.0), True: (270.0, 128.0)}
Data = Mapping[str, Any]


def part(book: Book, placed: Placed, landscape: bool) -> bool:
    """Put a fed part into the book; False when it left nothing behind."""
    kind = placed.part
    assert isinstance(kind, Fed | Drawn | Paper)  # noqa: S101 - callers have asked
    data = book.inputs.feed(kind.feed)
    wide = kind.landscape or landscape
    made: list[Block]
    if isinstance(kind, Fed):
        made = _table(book, placed, kind, data)
    elif isinstance(kind, Drawn):
        made = _tree(book, placed, kind, data, wide)
    else:
        return _pages(book, placed, data, wide)
    wanted = book.wanted(placed)
    lacking = _lacking(book, placed, data, bool(made))
    book.emit([*lacking, *made] if made else lacking, wide if made else landscape, wanted)
    return bool(made or lacking) and wanted


def _lacking(book: Book, placed: Placed, data: Data, filled: bool) -> list[Block]:
    """Record what is missing, once for a part; a Konsep says it in the place."""
    part = placed.part
    lacks: list[str] = list(data.get("lacks", ()))
    title = book.title(placed)
    if not lacks and not filled and part.required:
        lacks = [data.get("empty", "") or f"{title} belum ada isinya."]
    if not lacks:
        return [] if filled or not data.get("empty") else [note(data["empty"])]
    owner = book.inputs.data["report"]["owner"]
    section = placed.sections[-1].title if placed.sections else placed.chapter.title
    more = f" (dan {len(lacks) - 1} hal lain)" if len(lacks) > 1 else ""
    kind = "firm" if data.get("firm") else "missing"
    found = Missing(
        f"{part.key}@{placed.repeat_key}@{owner}", f"{title}: {lacks[0].rstrip('.')}{more}",
        book.words(section, placed.item), book.inputs.unit_name(data.get("unit", owner)),
        data.get("unit", owner), "", kind,
    )  # fmt: skip
    if book.wanted(placed):
        book.missing.append(found)
    reason = book.inputs.data["waived"].get(found.key, "")
    if reason:
        return [] if filled else [note(f"{title}: tidak tersedia. {reason}")]
    if data.get("silent"):
        return []
    return [note(f"[Belum lengkap: {lack.rstrip('.')}]") for lack in lacks[:8]]


# --- tables ---------------------------------------------------------------------------------


def _table(book: Book, placed: Placed, kind: Fed, data: Data) -> list[Block]:
    rows: Sequence[Data] = data.get("rows", ())
    if not rows:
        return []
    said: Mapping[str, str] = data.get("labels", {})
    labels = [label(c, said.get(c.key) or book.words(c.label, placed.item))
              for c in kind.columns]  # fmt: skip
    columns = [
        c.model_copy(update={"group": book.words(c.group, placed.item)}) for c in kind.columns
    ]
    return [Table(
        key=book.units.anchor(f"t.{kind.key}.{placed.repeat_key}"), number=book.table_number(),
        caption=book.title(placed), columns=columns_of(kind.columns, kind.numbered),
        head=head_of(columns, labels, kind.numbered), rows=tuple(_rows(kind, rows)),
        source=bare_source(book.words(kind.source, placed.item)),
        notes=tuple(data.get("notes", ())),
    )]  # fmt: skip


def _rows(kind: Fed, rows: Sequence[Data]) -> list[Row]:
    out: list[Row] = []
    n = 0
    at = 0
    while at < len(rows):
        row = rows[at]
        if row.get("kind", "body") != "body":
            out.append(_special(kind, row))
            n = 0 if row.get("kind") == "group" and row.get("anew") else n
            at += 1
            continue
        end = at + 1
        while (
            kind.merge and row.get("g") is not None and end < len(rows)
            and rows[end].get("kind", "body") == "body" and rows[end].get("g") == row["g"]
        ):  # fmt: skip
            end += 1
        n += 1
        many = rows[at:end]
        for start in range(0, len(many), MOST_JOINED):
            out += _joined(kind, many[start : start + MOST_JOINED], n, start == 0)
        at = end
    return out


def _joined(kind: Fed, rows: Sequence[Data], n: int, first: bool) -> list[Row]:
    """Rows of one group: its number and its words once, over all of them."""
    tall = len(rows)
    out = []
    for index, row in enumerate(rows):
        cells: list[Cell] = []
        if kind.numbered and index == 0:
            cells.append(Cell(run(str(n) if first else ""), rowspan=tall))
        for column in kind.columns:
            joined = column.key in kind.merge
            if joined and index:
                continue
            text = row["cells"].get(column.key, "") if first or not joined else ""
            ref = row.get("refs", {}).get(column.key, "")
            indent = row.get("indent", {}).get(column.key, 0)
            cells.append(Cell(run(value_text(column, text), ref), indent=indent,
                              rowspan=tall if joined else 1))  # fmt: skip
        out.append(Row(tuple(cells)))
    return out


def _special(kind: Fed, row: Data) -> Row:
    """A group row over the whole width, or a total with its label over the first columns."""
    wide = len(kind.columns) + kind.numbered
    if row["kind"] == "group":
        return Row((Cell(run(row["label"]), wide, align="left"),), "group")
    lead = next((i for i, c in enumerate(kind.columns) if c.key in row["cells"]), wide)
    span = lead + kind.numbered
    cells = [Cell(run(row["label"]), span, align="center")] if span else []
    for column in kind.columns[lead:]:
        text = row["cells"].get(column.key, "")
        cells.append(Cell(run(value_text(column, text), row.get("refs", {}).get(column.key, ""))))
    return Row(tuple(cells), "total")


# --- drawn trees ----------------------------------------------------------------------------


def boxes_of(nodes: Sequence[Data]) -> list[diagram.Box]:
    """Boxes of the nodes of a feed."""
    return [
        diagram.Box(n["key"], n["parent"], n["title"], tuple(n["lines"]), n["level"]) for n in nodes
    ]


def _tree(book: Book, placed: Placed, kind: Drawn, data: Data, wide: bool) -> list[Block]:
    boxes = boxes_of(data.get("nodes", ()))
    drawings = diagram.pages(boxes, *_ROOM[wide])
    out: list[Block] = []
    for n, drawing in enumerate(drawings, start=1):
        number = book.figure_number()
        if not book.wanted(placed):
            continue  # counted, not drawn
        caption = book.title(placed)
        if len(drawings) > 1:
            caption += f" (bagian {n} dari {len(drawings)})"
        made = book.charts.chart(drawing)
        width, height = diagram.size_mm(drawing)
        out.append(Picture(
            key=book.units.anchor(f"g.{kind.key}.{n}"), number=number, caption=caption,
            sha256=made.png, media="image/png", width_mm=width, height_mm=height,
            alt=f"{caption}. {diagram.spoken(drawing.boxes)}", vector=made.svg,
            source=bare_source(book.words(kind.source, placed.item)),
        ))  # fmt: skip
    if drawings and not out:
        return [note("")]
    return out


# --- finished pages -------------------------------------------------------------------------


def _pages(book: Book, placed: Placed, data: Data, landscape: bool) -> bool:
    """Blocks of a feed; each ``page`` begins a new page."""
    wanted = book.wanted(placed)
    left = False
    lacking = _lacking(book, placed, data, bool(data.get("blocks")))
    book.emit(lacking, landscape, wanted)
    key = f"{placed.part.key}.{placed.repeat_key}"
    for n, page in enumerate(_split(data.get("blocks", ()))):
        if n and wanted:
            book.units.page(f"{key}.{n + 1}")
        made = blocks_of(page, book.units.anchor(f"p.{key}.{n + 1}"))
        book.emit(made, landscape, wanted)
        left |= bool(made) and wanted
    return left or (bool(lacking) and wanted)


def _split(blocks: Sequence[Data]) -> list[list[Data]]:
    out: list[list[Data]] = [[]]
    for block in blocks:
        if block["t"] == "page":
            out.append([])
        else:
            out[-1].append(block)
    return [page for page in out if page]


def blocks_of(blocks: Sequence[Data], key: str) -> list[Block]:
    """The blocks of one page as the tree has them."""
    return [_block(block, f"{key}.{n}") for n, block in enumerate(blocks, start=1)]


def _block(block: Data, key: str) -> Block:
    match block["t"]:
        case "emblem":
            return Picture(key, "", "", block["sha"], "image/png", 22.0, 25.0, "Lambang daerah")
        case "title":
            return Paragraph((Run("\n".join(block["lines"]), bold=True),), "center")
        case "center":
            return Paragraph((Run(block["text"], bold=block.get("bold", False)),), "center")
        case "note":
            return Paragraph((Run(block["text"]),), "note")
        case "list":
            return ListBlock(tuple((f"{n}.", 0, (Run(text),))
                                   for n, text in enumerate(block["items"], start=1)))  # fmt: skip
        case "pairs":
            return _pairs(block["rows"], key)
        case "table":
            return _grid(block, key)
        case "signs":
            return _signs(block, key)
        case "space":
            return Spacer()
    style = "plain" if block.get("flush") else "body"
    return Paragraph((Run(block["text"]),), style)  # type: ignore[arg-type]  # literals above


def _pairs(rows: Sequence[Sequence[str]], key: str) -> Table:
    """``Nama : ...`` in three columns without lines."""
    columns = (Column(0.16), Column(0.03, "center"), Column(0.81))
    body = tuple(
        Row((Cell(run(name)), Cell(run(":" if name else "")), Cell(run(text, bold=n == 0))))
        for n, (name, text) in enumerate(rows)
    )
    return Table(key, "", "", columns, (), body, plain=True)


def _grid(block: Data, key: str) -> Table:
    """A table with lines, without number and caption."""
    columns = tuple(Column(c["width"], c.get("align", "left")) for c in block["columns"])
    head = tuple(Cell((Run(c["label"], bold=True),), align="center") for c in block["columns"])
    rows = []
    joined = frozenset(block.get("merge", ()))
    listed = block["rows"]
    for at, row in enumerate(listed):
        cells = []
        for n, text in enumerate(row):
            if n in joined and at and _same(listed, at, joined):
                continue
            tall = 1
            while n in joined and at + tall < len(listed) and _same(listed, at + tall, joined):
                tall += 1
            cells.append(Cell(run(text), rowspan=tall))
        rows.append(Row(tuple(cells)))
    if block.get("total"):
        words, span, *rest = block["total"]
        cells = [Cell(run(words), span, align="center"), *(Cell(run(text)) for text in rest)]
        rows.append(Row(tuple(cells), "total"))
    return Table(key, "", "", columns, (head,), tuple(rows))


def _same(rows: Sequence[Sequence[str]], at: int, joined: frozenset[int]) -> bool:
    """True when a row continues the one above it; long groups begin anew."""
    alike = all(rows[at][n] == rows[at - 1][n] for n in joined)
    start = at
    while start and all(rows[start][n] == rows[start - 1][n] for n in joined):
        start -= 1
    return alike and (at - start) % MOST_JOINED != 0


def _signs(block: Data, key: str) -> Table:
    """Signatures side by side: the left one first; a single one stands on the right half.

    Place and date stand above the right one. The space for signature and stamp stays empty.
    """
    left, right = block.get("left"), block["right"]
    place = block.get("place", "")

    def cell(text: Sequence[str], bold: bool = False) -> Cell:
        return Cell(run("\n".join(text), bold=bold))

    def side(one: Data | None, name: str) -> Sequence[str]:
        return one[name] if one else [""]

    heights = max(len(side(left, "office")), len(right["office"]))
    rows = []
    if place:
        rows.append(Row((cell([""]), cell([place]))))
    rows.append(Row((
        cell([*side(left, "office"), *[""] * (heights - len(side(left, "office")))]),
        cell([*right["office"], *[""] * (heights - len(right["office"]))]),
    )))  # fmt: skip
    gap = ["\u00a0"] * 4
    rows.append(Row((cell(gap), cell(gap))))
    rows.append(Row((cell([left["name"] if left else ""], True), cell([right["name"]], True))))
    rows.append(Row((cell(side(left, "under")), cell(right["under"]))))
    return Table(key, "", "", (Column(0.5, "center"), Column(0.5, "center")), (), tuple(rows),
                 plain=True)  # fmt: skip
