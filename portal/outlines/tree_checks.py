"""What makes a part that prints the budget wrong: its source, its columns, its codes; pure."""

from __future__ import annotations

from portal.budget import rules
from portal.outlines import trees
from portal.outlines.parts import Accounts, Programs, TreeRecap, TreeTable
from portal.outlines.schema import Edition
from portal.outlines.sums import computed
from portal.outlines.table_checks import Path, Problem, Problems, unknown


def check_tree(
    edition: Edition, part: Programs | Accounts | TreeTable | TreeRecap, path: Path, over: str
) -> Problems:
    """All that is wrong with one part of the budget; ``over`` is the list it repeats over."""
    if isinstance(part, Programs | Accounts):
        yield from _fields(part, part, path)
        return
    known = trees.tree_parts(edition)
    source = known.get(part.of)
    if source is None:
        yield Problem((*path, "of"), unknown("bagian anggaran", part.of, list(known)))
        return
    if isinstance(part, TreeRecap):
        for i, name in enumerate(part.over):
            yield from _coded(edition, name, (*path, "over", i))
        return
    yield from _fields(source, part, path)
    if "item" in part.codes:
        yield from _coded(edition, over, (*path, "codes"))


def _fields(
    source: Programs | Accounts, part: Programs | Accounts | TreeTable, path: Path
) -> Problems:
    """Columns are fields of the tree, or computed from them."""
    fields = {*rules.GIVEN, *rules.fields(trees.kind_of(source)), "sumber_dana"}
    for i, column in enumerate(part.columns):
        if column.key not in fields and not computed(column):
            reason = unknown("kolom anggaran", column.key, sorted(fields))
            yield Problem((*path, "columns", i, "key"), reason)


def _coded(edition: Edition, name: str, path: Path) -> Problems:
    items = edition.lists.get(name)
    if items is None:
        yield Problem(path, unknown("daftar", name, list(edition.lists)))
        return
    lacking = [item.key for item in items if not item.cells.get("kode")]
    if lacking:
        yield Problem(path, f"butir tanpa cells.kode di daftar {name}: {', '.join(lacking)}.")
