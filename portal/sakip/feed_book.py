"""What every feed of the LKjIP reads: the lines, goals and money of one unit and year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from portal.indonesian import number
from portal.people import queries as people
from portal.people.kinds import UnitKind
from portal.people.region import Region
from portal.people.rules import UnitInfo
from portal.sakip import achievements, queries, rules, spec
from portal.sakip.achievements import Line, Money, shown
from portal.sakip.models import KinerjaNode

Feed = dict[str, Any]


UNAUDITED = "Angka realisasi anggaran belum diaudit (unaudited)."


@dataclass
class Book:
    """What the feeds of one report share; each is read once."""

    year: int
    unit: UnitInfo
    here: Region

    @cached_property
    def units(self) -> dict[int, UnitInfo]:
        """All units by id."""
        return {u.id: u for u in people.units_on(people.today())}

    @property
    def whole(self) -> bool:
        """True for the book of the region."""
        return self.unit.kind == UnitKind.PEMDA

    @cached_property
    def lines(self) -> list[Line]:
        """Indicators of the sasaran that the unit answers for, with five years."""
        return achievements.lines(self.year, self.unit)

    @cached_property
    def nodes(self) -> list[KinerjaNode]:
        """The tree of the year: of the unit, or of everybody."""
        return queries.nodes(self.year, () if self.whole else [self.unit.id])

    @cached_property
    def money(self) -> list[Money]:
        """Rows of the budget of the unit, or of all units."""
        listed = [u for u in self.units.values() if u.kind != UnitKind.PEMDA]
        return achievements.money(self.year, [u.id for u in listed] if self.whole
                                  else [self.unit.id])  # fmt: skip

    @cached_property
    def scale(self) -> rules.Scale:
        """The region's scale."""
        return spec.current().scale(self.here.skala_kinerja)

    def goals(self) -> list[KinerjaNode]:
        """Sasaran of the unit in their order."""
        seen: dict[int, KinerjaNode] = {}
        for line in self.lines:
            if line.node.level != "ultimate":
                seen.setdefault(line.node.id, line.node)
        wanted = achievements.own_levels(self.unit)[-1]
        for node in self.nodes:
            if node.level == wanted and node.unit_id == self.unit.id:
                seen.setdefault(node.id, node)
        return sorted(seen.values(), key=lambda n: (list(rules.LEVELS).index(n.level), n.position,
                                                    n.id))  # fmt: skip

    def below(self, node: KinerjaNode, level: str) -> list[KinerjaNode]:
        """Nodes of a level anywhere below a node."""
        out, todo = [], [node.id]
        while todo:
            parent = todo.pop(0)
            for each in self.nodes:
                if each.parent_id == parent:
                    todo.append(each.id)
                    if each.level == level:
                        out.append(each)
        return out

    def money_below(self, node: KinerjaNode) -> list[Money]:
        """Programs of the budget that the tree hangs below a sasaran."""
        codes = {(n.unit_id, n.code) for n in self.below(node, "program") if n.code}
        return [m for m in self.money if m.level == "program" and (m.unit_id, m.code) in codes]


def feed_row(line: Line, cells: dict[str, str], refs: dict[str, str] | None = None) -> Feed:
    """One indicator as a row under its sasaran; ``refs`` say where its numbers come from."""
    own = {"sasaran": line.node.title, "indikator": line.indicator.title,
           "satuan": line.indicator.satuan}  # fmt: skip
    made: Feed = {"g": line.node.title, "cells": own | cells}
    if refs:
        made["refs"] = {k: v for k, v in refs.items() if v}
    return made


def percent(value: Decimal | None) -> str:
    """A percentage with two places, n/a without one."""
    return "n/a" if value is None else number(value, 2)


def known_or_na(value: Decimal | None, line: Line) -> str:
    """A value as the indicator spells it, n/a without one."""
    return shown(line.indicator, value) if value is not None else "n/a"


def no_lines(book: Book) -> list[str]:
    """What is lacking when the tree holds no indicator of the unit's level."""
    if book.lines:
        return []
    level = rules.LEVELS[achievements.own_levels(book.unit)[-1]]
    return [f"belum ada {level} dengan indikator pada Pohon Kinerja {book.year}"]


def methods(lines: Iterable[Line]) -> list[str]:
    """Which indicator is counted how: the book must say it."""
    by: dict[str, list[str]] = {}
    for line in lines:
        by.setdefault(line.indicator.direction, []).append(line.indicator.title)
    out = []
    for key, words in rules.DIRECTIONS.items():
        if key in by:
            which = "indikator lainnya" if key == "up" and len(by) > 1 else "semua indikator"
            if len(by) > 1 and key != "up":
                which = "; ".join(by[key])
            formula = words.partition(": ")
            out.append(f"{formula[0]}: capaian = {formula[2]}, dipakai untuk {which}.")
    return out


def plain(value: Decimal | None) -> str:
    """A number for a cell of type rupiah; "" without one."""
    return "" if value is None else format(value, "f")


def number_or_na(value: Decimal | None) -> str:
    """A number with Indonesian separators, n/a without one."""
    return "n/a" if value is None else number(value)
