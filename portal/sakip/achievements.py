"""Targets, realisasi and capaian of a unit over the years, and the money beside them.

Nothing is typed twice: realisasi comes from the figure an indicator points at, else from the
triwulan of the Rencana Aksi, and only where neither speaks from the year that somebody typed
(past years before the portal). Targets come from the agreed Perjanjian Kinerja.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from portal.budget import queries as budget
from portal.budget import rules as budget_rules
from portal.indonesian import number
from portal.people.kinds import UnitKind
from portal.people.rules import UnitInfo
from portal.sakip import pointers, queries, rules, spec
from portal.sakip.models import KinerjaIndicator, KinerjaNode, KinerjaQuarter, KinerjaYear
from portal.sakip.rules import QUARTERS, Achievement

#: Years before the data year that the book compares with.
BACK = 4


@dataclass(frozen=True)
class Value:
    """An indicator in one year."""

    target: Decimal | None = None
    realised: Decimal | None = None
    capaian: Achievement = field(default_factory=lambda: Achievement(None))
    origin: str = ""  # figur | triwulan | diketik
    reason: str = ""  # why there is no realisasi
    ref: str = ""
    source: str = ""


@dataclass
class Line:
    """An indicator of a sasaran (or of a program) with its years."""

    node: KinerjaNode
    indicator: KinerjaIndicator
    year: int
    years: dict[int, Value] = field(default_factory=dict)
    row: KinerjaYear | None = None
    quarters: dict[str, KinerjaQuarter] = field(default_factory=dict)
    figures: dict[str, Decimal] = field(default_factory=dict)  # triwulan -> value of the figure

    @property
    def now(self) -> Value:
        """The data year."""
        return self.years.get(self.year, Value())

    def quarter_target(self, quarter: str) -> Decimal | None:
        """Target of a triwulan."""
        row = self.quarters.get(quarter)
        return row.target if row else None

    def quarter_realised(self, quarter: str) -> Decimal | None:
        """Realisasi of a triwulan: of the figure, else typed.

        A figure that is counted by the year alone has its number in triwulan IV; what is typed
        before it is a reading on the way and never becomes the year.
        """
        if self.indicator.pointer and quarter in self.figures:
            return self.figures[quarter]
        if self.indicator.pointer and quarter == "TW4":
            return self.now.realised
        row = self.quarters.get(quarter)
        return row.realised if row and not self.read_only(quarter) else None

    def read_only(self, quarter: str) -> bool:
        """True when the figure gives the triwulan, so that nobody types it."""
        pointer = self.indicator.pointer
        return bool(pointer) and (quarter == "TW4" or pointer.startswith("service:"))

    def quarter_capaian(self, quarter: str) -> Achievement:
        """Capaian of one triwulan by the method of the indicator."""
        return rules.achievement(
            self.indicator.direction, self.quarter_target(quarter), self.quarter_realised(quarter),
            spec.current().limits(),
        )  # fmt: skip

    @cached_property
    def cumulative(self) -> Achievement:
        """Capaian through the filled triwulan."""
        target, realised = rules.to_date(
            self.indicator.roll, [self.quarter_target(q) for q in QUARTERS],
            [self.quarter_realised(q) for q in QUARTERS],
        )  # fmt: skip
        return rules.achievement(
            self.indicator.direction, target, realised, spec.current().limits()
        )

    @property
    def reached(self) -> bool:
        """True when the target of the year was met."""
        return rules.reached(self.indicator.direction, self.now.target, self.now.realised)


def shown(indicator: KinerjaIndicator, value: Decimal | None) -> str:
    """A target or realisasi as it prints: the word of a predicate, or the number."""
    if value is None:
        return ""
    words = spec.current().predicate(indicator.predicate)
    if words is not None:
        found = rules.word(words.scores, value)
        if found:
            return found
    return number(value, indicator.places)


def own_levels(unit: UnitInfo) -> tuple[str, ...]:
    """Levels of the tree that a unit answers for in its LKjIP."""
    if unit.kind == UnitKind.PEMDA:
        return ("ultimate", "sasaran_pemda")
    return ("sasaran_opd",)


def lines(year: int, unit: UnitInfo, levels: Sequence[str] = (), back: int = BACK) -> list[Line]:
    """Lines of a unit in the order of its tree; a constant number of queries."""
    listed = [n for n in queries.nodes(year, [unit.id]) if n.level in (levels or own_levels(unit))]
    listed.sort(key=lambda n: (list(rules.LEVELS).index(n.level), n.position, n.id))
    return of_nodes(year, listed, _agreed(year, unit), back)


def of_nodes(
    year: int, listed: Sequence[KinerjaNode], agreed: dict[int, Decimal | None] | None = None,
    back: int = BACK,
) -> list[Line]:  # fmt: skip
    """Lines of these nodes; ``agreed`` are targets of the Perjanjian Kinerja by indicator."""
    found = queries.indicators(year, [n.id for n in listed])
    ids = [i.id for i in found]
    span = [year - n for n in range(back + 1)]
    rows = queries.years_of(ids, span)
    quarters = queries.quarters_of(ids, span)
    told = pointers.of_years([i.pointer for i in found], span)
    within = pointers.of_quarters([i.pointer for i in found if i.pointer], year)
    by_node = {n.id: n for n in listed}
    order = {n.id: at for at, n in enumerate(listed)}
    out = []
    for one in sorted(found, key=lambda i: (order[i.node_id], i.position, i.id)):
        line = Line(by_node[one.node_id], one, year, row=rows.get((one.id, year)),
                    quarters=quarters[year][one.id])  # fmt: skip
        line.figures = {q: within[one.pointer, q] for q in QUARTERS if (one.pointer, q) in within}
        for at in span:
            row = rows.get((one.id, at))
            target = row.target if row else None
            if at == year and agreed and one.id in agreed:
                target = agreed[one.id]
            line.years[at] = _value(one, at, target, row, quarters[at][one.id], told)
        out.append(line)
    return out


def _value(
    one: KinerjaIndicator, year: int, target: Decimal | None, row: KinerjaYear | None,
    quarters: dict[str, KinerjaQuarter], told: dict[tuple[str, int], pointers.Found],
) -> Value:  # fmt: skip
    realised, origin, reason, ref, source = None, "", "", "", one.source
    if one.pointer:
        found = told.get((one.pointer, year), pointers.Found(None))
        realised, origin, reason, ref = found.value, "figur", found.reason, found.ref
        source = one.source or found.source
        if realised is None and not reason:
            reason = f"angka {pointers.label(one.pointer)} tahun {year} belum diisi"
    if realised is None and not one.pointer and quarters:
        _, realised = rules.to_date(
            one.roll, [_of(quarters, q, "target") for q in QUARTERS],
            [_of(quarters, q, "realised") for q in QUARTERS],
        )  # fmt: skip
        origin = "triwulan"
    if realised is None and row is not None and row.realised is not None:
        realised, origin = row.realised, "diketik"
    if realised is None and not reason:
        reason = "realisasi belum diisi pada Rencana Aksi"
    capaian = rules.achievement(one.direction, target, realised, spec.current().limits())
    return Value(target, realised, capaian, origin if realised is not None else "", reason, ref,
                 source)  # fmt: skip


def _of(quarters: dict[str, KinerjaQuarter], quarter: str, name: str) -> Decimal | None:
    row = quarters.get(quarter)
    value: Decimal | None = getattr(row, name) if row else None
    return value


def _agreed(year: int, unit: UnitInfo) -> dict[int, Decimal | None]:
    """Targets of the newest agreed Perjanjian Kinerja, by indicator."""
    form = "kepala_daerah" if unit.kind == UnitKind.PEMDA else "pd"
    found = queries.agreed(year, unit.id, form)
    rows = found.content.get("rows", []) if found else []
    return {r["indicator"]: Decimal(r["target"]) if r["target"] else None for r in rows}


# --- money ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Money:
    """A row of the budget with the sums below it."""

    unit_id: int
    code: str
    title: str
    level: str  # program | kegiatan | sub_kegiatan
    murni: Decimal | None
    pagu: Decimal | None
    realised: Decimal | None
    funds: str = ""
    indicator: str = ""
    satuan: str = ""
    target: Decimal | None = None
    result: Decimal | None = None

    @property
    def share(self) -> Decimal | None:
        """Serapan in percent."""
        return rules.absorption(self.pagu, self.realised)


_DEPTHS = {1: "program", 2: "kegiatan", 3: "sub_kegiatan"}


def money(year: int, units: Collection[int]) -> list[Money]:
    """Program, kegiatan and sub kegiatan of units with their money, in the order of the codes."""
    out: list[Money] = []
    for unit_id, rows in budget.rows_by_unit("programs", year, units).items():
        cells = {r.uid: {k: r.number(k) for k in ("murni", "pagu", "realisasi")} for r in rows}
        rolled = budget_rules.rolled("programs", cells, ("murni", "pagu", "realisasi"))
        funds: dict[str, dict[str, None]] = {}
        for row in rows:
            for fund in filter(None, row.cells.get("sumber_dana", "").split(", ")):
                for code in (row.uid, *budget_rules.parents(row.uid)):
                    funds.setdefault(code, {})[fund] = None
        for row in rows:
            level = _DEPTHS.get(budget_rules.depth("programs", row.uid))
            if level is None:
                continue
            sums = rolled[row.uid]
            out.append(Money(
                unit_id, row.uid, row.cells["uraian"], level, sums["murni"], sums["pagu"],
                sums["realisasi"], ", ".join(funds.get(row.uid, {})),
                row.cells.get("indikator", ""), row.cells.get("satuan", ""),
                row.number("target"), row.number("capaian"),
            ))  # fmt: skip
    return out


def programs(listed: Iterable[Money], level: str = "program", by_name: bool = False) -> list[Money]:
    """Rows of one level; the same program of several units is one row with the sum.

    ``by_name`` also joins what bears the same name under different codes (Program Penunjang
    Urusan of every urusan), as the book of a region prints it; its code is then left out.
    """
    found: dict[str, Money] = {}
    for row in sorted(listed, key=lambda m: budget_rules.order(m.code)):
        if row.level != level:
            continue
        key = row.title.casefold() if by_name else row.code
        found[key] = _added(found[key], row) if key in found else row
    return list(found.values())


def _added(a: Money, b: Money) -> Money:
    def both(x: Decimal | None, y: Decimal | None) -> Decimal | None:
        return y if x is None else x if y is None else x + y

    funds = dict.fromkeys(f for f in (*a.funds.split(", "), *b.funds.split(", ")) if f)
    code = a.code if a.code == b.code else ""
    return Money(a.unit_id, code, a.title, a.level, both(a.murni, b.murni), both(a.pagu, b.pagu),
                 both(a.realised, b.realised), ", ".join(funds))  # fmt: skip


def total(rows: Iterable[Money], name: str) -> Decimal | None:
    """Sum of ``murni``, ``pagu`` or ``realised``; None when nothing is filled."""
    found = [v for row in rows if (v := getattr(row, name)) is not None]
    return sum(found, Decimal(0)) if found else None
