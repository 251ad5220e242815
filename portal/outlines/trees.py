"""Parts whose rows come from the budget: codes and names become prescribed rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from portal.budget import rules
from portal.budget.rules import Kind
from portal.outlines.parts import Accounts, FixedRow, Part, Programs, Rows
from portal.outlines.schema import Edition

Cells = Mapping[str, str]
TREES = (Programs, Accounts)
_MONEY = ("murni", "pagu", "realisasi", "sebelum", "setelah")


def kind_of(part: Programs | Accounts) -> Kind:
    """Which tree feeds the part."""
    return "programs" if isinstance(part, Programs) else "accounts"


def tree_parts(edition: Edition) -> dict[str, Programs | Accounts]:
    """Parts of an edition that are fed by the budget, by key."""
    found: dict[str, Programs | Accounts] = {}

    def walk(holder: object) -> None:
        for part in getattr(holder, "parts", ()):
            if isinstance(part, TREES):
                found[part.key] = part
        for section in getattr(holder, "sections", ()):
            walk(section)

    for chapter in edition.chapters:
        walk(chapter)
    return found


def wanted(part: Programs | Accounts, code: str) -> bool:
    """True when a row of the tree belongs to the part."""
    if isinstance(part, Programs):
        return rules.depth("programs", code) > 0
    return any(rules.under(code, head) for head in part.codes)


def fixed_rows(
    part: Programs | Accounts, rows: Iterable[tuple[str, Cells]]
) -> tuple[FixedRow, ...]:
    """The rows of the part, each with its printed texts, its level and what it adds up."""
    texts = {uid: cells for uid, cells in rows if wanted(part, uid)}
    given = [c.key for c in part.columns if c.key in (*rules.GIVEN, "sumber_dana")]
    return tuple(
        FixedRow.model_construct(
            key=node.code, level=node.depth, sum_of=node.children,
            cells={key: texts[node.code].get(key, "") for key in given},
        )
        for node in rules.tree(kind_of(part), texts)
    )  # fmt: skip


def with_rows(part: Part, rows: Iterable[tuple[str, Cells]]) -> Part:
    """The part with its rows of the tree; any other part as it is."""
    if not isinstance(part, TREES):
        return part
    fixed = Rows.model_construct(
        kind="fixed", items=fixed_rows(part, rows), over="", into="", least=0, most=100_000
    )
    return part.model_copy(update={"rows": fixed})


def blank(cells: Cells) -> bool:
    """True when a row carries no money and no result at all: zero is something, empty is not."""
    return not any(cells.get(key) for key in (*_MONEY, "target", "capaian"))


def numbers(cells: Cells, keys: Iterable[str]) -> dict[str, Decimal | None]:
    """Canonical cells as numbers."""
    out: dict[str, Decimal | None] = {}
    for key in keys:
        try:
            out[key] = Decimal(cells[key]) if cells.get(key) else None
        except InvalidOperation:
            out[key] = None
    return out
