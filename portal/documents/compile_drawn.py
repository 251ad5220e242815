"""What is drawn or said from the numbers of tables: charts and computed sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from portal.documents import compile_budget, compile_measures
from portal.documents import compile_tables as tables
from portal.documents.charts import WIDTH_MM, Spec, height_mm
from portal.documents.compile_book import Book, note
from portal.documents.compile_cells import bare_source, label, number_text
from portal.documents.tree import Block, Paragraph, Picture, Run
from portal.indonesian import number
from portal.outlines import holes
from portal.outlines.parts import Accounts, Budget, Chart, Computed, Measures, Part, Programs
from portal.outlines.parts import Column as OutlineColumn
from portal.outlines.parts import Table as TablePart
from portal.outlines.schema import Placed, placed_parts

FEW = 6
#: Level of ``4.1``, ``5.2`` in the account tree (Permendagri 90/2019).
KELOMPOK = 2


def _find(book: Book, placed: Placed, key: str) -> tuple[Part | None, str]:
    """The part with this key and the repetition under which it stands."""
    if not book.parts:
        for each in placed_parts(book.inputs.edition, book.inputs.things):
            book.parts[each.part.key, each.repeat_key] = each.part
    for repeat in (placed.repeat_key, ""):
        if (key, repeat) in book.parts:
            return book.parts[key, repeat], repeat
    return None, ""


def _lines(book: Book, placed: Placed, key: str) -> tuple[Part | None, list[tables.Line]]:
    """The lines of a table that was handed over, over all its suppliers."""
    found, repeat = _find(book, placed, key)
    if isinstance(found, Measures):
        return found, _counted(book, placed, found)
    if not isinstance(found, TablePart | Budget):
        return found, []
    if isinstance(found, Programs | Accounts):
        return found, compile_budget.lines_of(book, found)
    lines: list[tables.Line] = []
    for entry in book.inputs.of(found, repeat):
        if book.inputs.visible(entry):
            own = tables.lines_of(found, entry, book.inputs)
            lines += own if tables.typed_any(own) else []
    return found, lines


def _counted(book: Book, placed: Placed, found: Measures) -> list[tables.Line]:
    """The rows of a measures part as those of any table; groups and means do not count."""
    made, _ = compile_measures.lines(book, placed, found)
    return [
        tables.Line(line.uid, line.texts, line.numbers, line.refs, summed=line.kind != "body")
        for line in made if line.kind != "group"
    ]  # fmt: skip


def chart(book: Book, placed: Placed, kind: Chart) -> list[Block]:
    """The picture of a table, [] when the table has no numbers yet."""
    found, lines = _lines(book, placed, kind.of)
    if not isinstance(found, TablePart | Budget | Measures) or not lines:
        return []  # what it is made from has a gap of its own
    by_key = {column.key: column for column in found.columns}
    top = [line for line in lines if line.summed and line.level == 0]
    top = [] if isinstance(found, Measures) else top
    if isinstance(found, Accounts):  # kelompok of the account tree; 18 accounts are not read
        top = [line for line in lines if line.level == KELOMPOK]
    lines = top or [line for line in lines if not line.summed]
    x, ys = by_key[kind.x], [by_key[key] for key in kind.y if key in by_key]
    labels = tuple(_shown(x, line) or "-" for line in lines)
    series = tuple(
        (book.words(y.label, placed.item), tuple(line.numbers.get(y.key) for line in lines))
        for y in ys
    )
    if not any(value is not None for _, values in series for value in values):
        return []  # what it is made from has a gap of its own
    caption = book.title(placed)
    figure = book.figure_number()
    if not book.wanted(placed):
        return [note("")]  # counted, not drawn
    units = {label(y, "") for y in ys}
    unit = units.pop().strip(" ()") if len(units) == 1 else ""
    spec = Spec(kind.draw, labels, series, unit)
    drawn = book.charts.chart(spec)
    return [Picture(
        key=book.units.anchor(f"g.{kind.key}.{placed.repeat_key}"), number=figure,
        caption=caption, sha256=drawn.png, media="image/png", width_mm=WIDTH_MM,
        height_mm=height_mm(spec), alt=_spoken(caption, labels, series), vector=drawn.svg,
        source=bare_source(book.words(found.source, placed.item)),
    )]  # fmt: skip


def _shown(column: OutlineColumn, line: tables.Line) -> str:
    if column.key in line.numbers:
        return number_text(column, line.numbers[column.key])
    return line.texts.get(column.key, "")


def _spoken(
    caption: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[Decimal | None]]]
) -> str:
    """What a reader who cannot see the chart is told: its first values in words."""
    name, values = series[0]
    told = [
        f"{text} {number(value)}"
        for text, value in zip(labels[:FEW], values[:FEW], strict=True)
        if value is not None
    ]
    more = " dan seterusnya" if len(labels) > FEW else ""
    return f"Grafik {caption}. {name}: {'; '.join(told)}{more}."


def computed(book: Book, placed: Placed, kind: Computed) -> list[Block]:
    """A sentence with its holes filled; one that lacks a number is not printed half."""
    words = book.inputs.words(placed.item)
    for hole in holes.holes(kind.text):
        if hole.kind:
            found = _COUNTING[hole.kind](book, placed, hole.names)
            if not found:
                return []  # what it is made from has a gap of its own
            words[hole.text[1:-1]] = found
    ref = f"computed:{kind.key}@{placed.repeat_key}"
    return [Paragraph((Run(holes.fill(kind.text, words), datum=ref),))]


def _count(book: Book, placed: Placed, names: tuple[str, ...]) -> str:
    things = book.inputs.list_of(names[0])
    found, lines = _lines(book, placed, names[0])
    n = len(things) if things and found is None else len(lines)
    return number(n) if n else ""


def _pick(choose: Callable[[Sequence[Decimal]], Decimal]) -> Callable[..., str]:
    def fill(book: Book, placed: Placed, names: tuple[str, ...]) -> str:
        column, lines = _column(book, placed, names)
        found = [ln.numbers[names[1]] for ln in lines if names[1] in ln.numbers and not ln.summed]
        return number_text(column, choose(found)) if column is not None and found else ""

    return fill


def _extreme(choose: Callable[..., tables.Line]) -> Callable[..., str]:
    def fill(book: Book, placed: Placed, names: tuple[str, ...]) -> str:
        part_key, by, name = names
        _, lines = _column(book, placed, (part_key, by))
        found = [line for line in lines if by in line.numbers and not line.summed]
        if not found:
            return ""
        line = choose(found, key=lambda each: each.numbers[by])
        shown, _ = _column(book, placed, (part_key, name))
        return _shown(shown, line) if shown is not None else ""

    return fill


def _value(book: Book, placed: Placed, names: tuple[str, ...]) -> str:
    part_key, uid, name = names
    column, lines = _column(book, placed, (part_key, name))
    line = next((each for each in lines if each.uid == uid), None)
    return _shown(column, line) if column is not None and line is not None else ""


def _column(
    book: Book, placed: Placed, names: Sequence[str]
) -> tuple[OutlineColumn | None, list[tables.Line]]:
    found, lines = _lines(book, placed, names[0])
    columns: Sequence[OutlineColumn] = ()
    if isinstance(found, TablePart | Budget | Measures):
        columns = found.columns
    return next((c for c in columns if c.key == names[1]), None), lines


def _total(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


_COUNTING: dict[str, Callable[..., str]] = {
    "count": _count, "sum": _pick(_total), "min": _pick(min), "max": _pick(max),
    "value": _value, "most": _extreme(max), "least": _extreme(min),
}  # fmt: skip
