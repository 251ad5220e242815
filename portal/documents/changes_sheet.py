"""The list of changes as a document of the house, to lie beside a Perbaikan."""

from __future__ import annotations

from portal.documents.changes import Between, Version
from portal.documents.diff import GROUPS, Change
from portal.documents.tree import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Marks,
    Paragraph,
    Row,
    Run,
    Table,
    Text,
    Unit,
)
from portal.indonesian import long_date
from portal.people import queries as people
from portal.people.region import region
from portal.reports.books import report_title

MOST = 1500
#: Texts longer than this are told by their changed words.
LONG = 220


def document(found: Between) -> Document:
    """The changes as a tree: one table for each group, numbers first."""
    here = region(people.today())
    title = f"PERUBAHAN {report_title(found.report).upper()}"
    blocks: list[Block] = [
        Heading(1, "", title, "perubahan", listed=False),
        Paragraph((Run(f"{found.old.name} dibandingkan dengan {found.new.name}"),), "center"),
        Paragraph((Run(
            f"{_when(found.old)}; {_when(found.new)}. {found.difference.summary}"),)),
    ]  # fmt: skip
    for group, name in GROUPS.items():
        changes = found.difference.of(group)
        if changes:
            blocks.append(_table(group, name, changes))
    unit = Unit("perubahan", "", True, tuple(blocks), True)
    sample = "DATA CONTOH" if here.demo else ""
    name = f"Perubahan {report_title(found.report)}"
    return Document(
        f"{name} - DATA CONTOH" if here.demo else name, "Daftar perubahan dokumen", here.full,
        "id", "F4", None, None, (), (unit,),
        Marks(footer=f"{name}: {found.old.name} ke {found.new.name}", sample=sample),
    )  # fmt: skip


def _when(version: Version) -> str:
    on = long_date(version.at.date())
    if version.issue is not None:
        return f"{version.name} ditetapkan {long_date(version.issue.on)}"
    return f"{version.name}, disusun {on}" if version.build else f"{version.name}, {on}"


def _table(key: str, name: str, changes: list[Change]) -> Table:
    figures = key == "figure"
    heads = (("No", 0.05), ("Apa yang berubah", 0.3), ("Semula", 0.2), ("Menjadi", 0.2),
             ("Letak", 0.25))  # fmt: skip
    if not figures:
        heads = (("No", 0.05), ("Apa yang berubah", 0.22), ("Semula", 0.27), ("Menjadi", 0.27),
                 ("Letak", 0.19))  # fmt: skip
    side = "right" if figures else "left"
    columns = tuple(
        Column(width, "center" if n == 0 else side if n in (2, 3) else "left")  # type: ignore[arg-type]
        for n, (_, width) in enumerate(heads)
    )
    rows = [_row(n, change) for n, change in enumerate(changes[:MOST], 1)]
    notes = (f"Ditampilkan {MOST} dari {len(changes)} perubahan.",) if len(changes) > MOST else ()
    return Table(
        key, "", f"{name} ({len(changes)})", columns,
        (tuple(Cell((Run(text, bold=True),), align="center") for text, _ in heads),),
        tuple(rows), notes=notes,
    )  # fmt: skip


def _row(n: int, change: Change) -> Row:
    what = f"{change.what} (dihitung portal)" if change.computed else change.what
    before, after = _sides(change)
    where = "; ".join(change.places[:4])
    if len(change.places) > 4:
        where += f"; dan {len(change.places) - 4} tempat lain"
    cells = ((Run(str(n)),), (Run(what),), before, after, (Run(where),))
    return Row(tuple(Cell(text if text and text[0].text else ()) for text in cells))


def _sides(change: Change) -> tuple[Text, Text]:
    """Both sides; in long texts only what changed is bold, with a few words around it."""
    if not change.words:
        return (Run(change.before),), (Run(change.after),)
    return _side(change, "out"), _side(change, "in")


def _side(change: Change, mine: str) -> Text:
    runs: list[Run] = []
    long = len(change.before) + len(change.after) > 2 * LONG
    for kind, text in change.words:
        if kind == mine:
            runs.append(Run(f"{text} ", bold=True))
        elif kind == "same":
            runs.append(Run(f"{_short(text) if long else text} "))
    return tuple(runs)


def _short(text: str) -> str:
    words = text.split()
    return text if len(words) <= 16 else f"{' '.join(words[:7])} … {' '.join(words[-7:])}"
