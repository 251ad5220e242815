"""Reads of boards: sums by Perangkat Daerah and source of money, sentences, forecasts; scoped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.absorption import bands, money, rules, sums
from portal.absorption.models import Sp2d
from portal.absorption.readers import region_wide, units_for
from portal.absorption.rules import Money, Position
from portal.clock import IsWorkday
from portal.contracts import terms
from portal.contracts.kinds import GROUPS
from portal.contracts.models import Contract, ContractRole
from portal.contracts.queries import Filter
from portal.db import db
from portal.indonesian import number
from portal.notices import queries as notices
from portal.people import queries as people
from portal.people.models import Position as Seat
from portal.people.rules import Actor, UnitInfo

ZERO = Decimal(0)
MOST = 5
#: What is waited for, by desk group.
WAITS = {
    "penyedia": "menunggu tagihan penyedia", "ppk": "di meja PPK/PPTK",
    "keuangan": "di Keuangan OPD", "bpkad": "di BPKAD", "pengadaan": "di Pengadaan (UKPBJ)",
    "luar": "di luar kendali",
}  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """What a board is narrowed to."""

    fund: str = ""
    wave_id: int | None = None
    sub: str = ""  # code of a sub kegiatan

    @property
    def partly(self) -> bool:
        """True when only a part of a unit's money is asked for."""
        return bool(self.fund or self.sub)


@dataclass
class Line:
    """One Perangkat Daerah (or the region) on a board."""

    unit: UnitInfo | None
    at: Position = field(default_factory=Position)
    uncontracted: Decimal = ZERO  # SP2D without a contract
    cell: dict[str, Any] = field(default_factory=sums.empty)
    late: int = 0  # that may be shown
    band: str = ""
    stands: str = ""  # what its RAK stands on: rules.STANDS
    clash: rules.Clash | None = None  # RAK rinci and RAK per OPD say something else

    @property
    def physical(self) -> Decimal | None:
        """Realisasi fisik of the contracts that report, weighted by value."""
        return rules.share(Decimal(self.cell["physical"]), Decimal(self.cell["reported"]))

    @property
    def paid(self) -> Decimal | None:
        """Keuangan of the contracts in percent of their value."""
        return rules.share(Decimal(self.cell["paid"]), Decimal(self.cell["value"]))

    @property
    def gap(self) -> Decimal | None:
        """Fisik less keuangan in points: far above zero is slow billing."""
        if self.physical is None or self.paid is None:
            return None
        return self.physical - self.paid

    def rupiah(self, key: str) -> Decimal:
        """A sum of the cell in rupiah."""
        return Decimal(self.cell[key]).scaleb(-2)

    @property
    def money(self) -> Money:
        """Paid, billed, earned, rest of the contracts."""
        return Money(*(self.rupiah(k) for k in ("paid", "billed", "earned", "rest")))

    @property
    def held(self) -> list[tuple[str, Decimal, int]]:
        """What lies where: group, amount, contracts; the most money first."""
        rows = [(g, Decimal(a).scaleb(-2), n) for g, (a, n) in self.cell["groups"].items()]
        return sorted(rows, key=lambda r: -r[1])

    @property
    def stuck(self) -> Decimal:
        """All that is billed or could be billed and lies on some desk."""
        return sum((a for _, a, _ in self.held), ZERO)

    @property
    def why(self) -> str:
        """The generated sentence: why absorption is as it is, and at which desk."""
        return why(self)


def short(amount: Decimal) -> str:
    """``Rp4,2 M`` (miliar), ``Rp310 jt``, ``Rp1,48 T``: for sentences on a phone."""
    size = abs(amount)
    for unit, power, places in (("T", 12, 2), ("M", 9, 1), ("jt", 6, 0)):
        if size >= Decimal(10) ** power or unit == "jt":
            return f"{'-' if amount < 0 else ''}Rp{number(size.scaleb(-power), places)} {unit}"
    return ""


def _reason(line: Line) -> str:
    """Why so little is spent where no file lies on a desk: work goes on, or there is no contract
    at all; anything else is not known and is charged to nobody."""
    if line.money.rest >= terms.value("kenapa_batas", people.today()):
        return f"; pekerjaan kontrak {short(line.money.rest)} belum selesai"
    if line.cell["n"] or line.cell["packages"]:
        return ""
    return ", pada belanja non-kontrak"


def why(line: Line) -> str:
    """``Rp4,2 M tertahan: Rp2,9 M menunggu tagihan penyedia (3 kontrak), ...``."""
    parts = []
    held = line.held
    if held:
        told = ", ".join(f"{short(a)} {WAITS[g]} ({n} kontrak)" for g, a, n in held[:3])
        more = sum((a for _, a, _ in held[3:]), ZERO)
        parts.append(f"{short(line.stuck)} tertahan: {told}"
                     + (f", {short(more)} di meja lain." if more else "."))  # fmt: skip
    if line.money.earned >= terms.value("kenapa_batas", people.today()):
        parts.append(f"{short(line.money.earned)} sudah dikerjakan, belum ditagih.")
    if line.cell["packages"]:
        parts.append(f"{line.cell['packages']} paket ({short(line.rupiah('package_value'))}) "
                     "belum berkontrak.")  # fmt: skip
    behind = line.at.rak - line.at.spent
    if not held and behind > 0 and line.at.rak and line.band != rules.HIGH:
        parts.append(f"{short(behind)} di bawah RAK{_reason(line)}.")
    if not parts:
        parts.append("Tidak ada berkas yang tertahan." if line.cell["n"]
                     else "Tidak ada kontrak; belanja rutin berjalan.")  # fmt: skip
    return " ".join(parts)


# --- whose board --------------------------------------------------------------------------------


def within(units: Collection[UnitInfo], chosen: Chosen, today: date) -> list[UnitInfo]:
    """Only the units of a tahap."""
    if not chosen.wave_id:
        return list(units)
    member = people.unit_waves("kontrak", today)
    return [u for u in units if u.id in member and member[u.id].id == chosen.wave_id]


# --- the board ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Board:
    """Everything on a board of a day."""

    today: date
    at: datetime  # when contracts were summed
    lines: list[Line]
    total: Line
    late: list[dict[str, Any]]  # that may be shown, the longest first
    funds: list[str]
    newest: date | None  # day of the newest SP2D
    mark: str = ""  # of the sums it was made from


def board(actor: Actor, today: date, is_workday: IsWorkday, chosen: Chosen | None = None) -> Board:
    """The board of the actor: a constant number of queries, from sums."""
    chosen = chosen or Chosen()
    units = within(units_for(actor, today), chosen, today)
    return build(units, today, is_workday, chosen, own=not region_wide(actor))


def build(
    units: list[UnitInfo], today: date, is_workday: IsWorkday, chosen: Chosen, *, own: bool = False
) -> Board:
    """The board of some units; ``own``: late desks of one's own OPD need no tanggapan first."""
    year = today.year
    kept = sums.kept(today, is_workday)
    spent, funds = money.spent(year, today.month, chosen.sub)
    pagu = money.pagu(year, chosen.fund, chosen.sub)
    shares = (pagu, money.pagu(year)) if chosen.partly else None
    plan = money.planned(year, today.month, chosen.fund, chosen.sub, shares)
    body = _of_sub(chosen.sub, today, is_workday) if chosen.sub else kept.body
    ids = {u.id for u in units}
    late = _shown([d for d in body["late"] if d["unit"] in ids
                   and (not chosen.fund or chosen.fund in d["funds"])],
                  kept.body.get("shown", ()), own)  # fmt: skip
    scheme = bands.in_force(today)
    lines = []
    for unit in units:
        mine = {k: a for k, a in spent.get(unit.id, {}).items()
                if not chosen.fund or k[0] == chosen.fund}  # fmt: skip
        rak = plan.get(unit.id, money.Planned())
        line = Line(
            unit, Position(pagu.get(unit.id, ZERO), rak.amount, sum(mine.values(), ZERO)),
            sum((a for (_, contracted), a in mine.items() if not contracted), ZERO),
            body["cells"].get(f"{unit.id}|{chosen.fund}", sums.empty()),
            sum(d["unit"] == unit.id for d in late), stands=rak.stands, clash=rak.clash,
        )  # fmt: skip
        line.band = scheme.of(today.month, line.at)
        if line.at != Position() or line.cell["n"] or line.cell["packages"]:
            lines.append(line)
    newest = db.session.scalar(sa.select(sa.func.max(Sp2d.on)).where(Sp2d.year == year,
                                                                     Sp2d.on <= today))  # fmt: skip
    return Board(today, kept.at, lines, total_of(lines, scheme, today), late, sorted(funds), newest,
                 kept.mark)  # fmt: skip


def _of_sub(sub: str, today: date, is_workday: IsWorkday) -> dict[str, Any]:
    """The sums over the contracts of one sub kegiatan, made on the spot: they are few."""
    return sums.summed(sums.states([Contract.sub_code == sub], today, is_workday), today)


def closing(year: int) -> Position | None:
    """How the whole region ended a year; None when nothing is known of it."""
    spent = sum((a for cells in money.spent(year, 12)[0].values() for a in cells.values()), ZERO)
    pagu = sum(money.pagu(year).values(), ZERO)
    plan = sum((p.amount for p in money.planned(year, 12).values()), ZERO)
    return Position(pagu, plan, spent) if pagu else None


def total_of(lines: Iterable[Line], scheme: rules.Bands, today: date) -> Line:
    """The sum of lines: rupiah are added, then divided."""
    out = Line(None)
    for line in lines:
        out.at = out.at + line.at
        out.uncontracted += line.uncontracted
        out.late += line.late
        for key, value in line.cell.items():
            if key != "groups":
                out.cell[key] += value
        for group, (amount, n) in line.cell["groups"].items():
            slot = out.cell["groups"].setdefault(group, [0, 0])
            slot[0] += amount
            slot[1] += n
    out.band = scheme.of(today.month, out.at)
    return out


def _shown(late: list[dict[str, Any]], shown: Collection[int], own: bool) -> list[dict[str, Any]]:
    """Late desks that a board may name: above the own OPD only after notice and tanggapan."""
    known = frozenset(shown)
    return [d for d in late if own or d["step"] in known]


@dataclass(frozen=True)
class Concern:
    """A sentence under "Perlu perhatian"."""

    sentence: str
    question: str
    subject: str
    unit_id: int  # of the desk
    contract_id: int


def concerns(found: Board, most: int = MOST) -> list[Concern]:
    """The first few late desks as sentences: OPD, amount, desk, days; one query for the desks."""
    lines = {line.unit.id: line.unit for line in found.lines if line.unit}
    top, seen = [], set()
    for late in sorted(found.late, key=lambda d: (-d["late"] * d["amount"], d["step"])):
        if late["contract"] not in seen:
            seen.add(late["contract"])
            top.append(late)
        if len(top) == most:
            break
    seats = {
        (contract, role): unit
        for contract, role, unit in db.session.execute(
            sa.select(ContractRole.contract_id, ContractRole.role, Seat.unit_id)
            .join(Seat, Seat.id == ContractRole.position_id)
            .where(ContractRole.contract_id.in_([d["contract"] for d in top]))
        )
    } if top else {}  # fmt: skip
    return [_concern(d, lines, seats.get((d["contract"], d["holder"]), d["unit"])) for d in top]


def _concern(late: Mapping[str, Any], units: Mapping[int, UnitInfo], desk_unit: int) -> Concern:
    name = units[late["unit"]].short_name
    amount = short(Decimal(late["amount"]).scaleb(-2))
    what = "Tagihan" if late["what"] == sums.BILL else late["what"]
    sentence = (
        f"{name}: {amount}, {late['title']}. “{what}” ada di meja {GROUPS[late['group']]}, "
        f"lewat batas {late['late']} hari kerja."
    )
    question = f"Apa yang menahan {what} {late['title']} dan kapan selesai?"
    return Concern(sentence, question, f"step:{late['step']}", desk_unit, late["contract"])


# --- contracts of a board -----------------------------------------------------------------------


def contracts_of(
    unit_id: int, today: date, is_workday: IsWorkday, chosen: Chosen | None = None
) -> list[sums.State]:
    """The contracts of one unit: those on late desks first, then by money that is held."""
    asked = chosen or Chosen()
    where = Filter(unit_id=unit_id, fund=asked.fund).where()
    where += [Contract.sub_code == asked.sub] if asked.sub else []
    found = sums.states(where, today, is_workday)

    def first(each: sums.State) -> tuple[int, Decimal, date]:
        held = sum((d.amount for d in each.desks), ZERO)
        return -max([d.late for d in each.desks], default=0), -held, each.ends_on

    return sorted(found, key=first)


def shown_steps(found: Iterable[sums.State], today: date, is_workday: IsWorkday) -> set[int]:
    """Steps that may be called late above their OPD."""
    keys = [f"step:{d.step_id}" for s in found for d in s.late]
    may = notices.may_appear_above(keys, today, is_workday) if keys else set()
    return {int(k.partition(":")[2]) for k in may}


def crossing(
    units: Collection[UnitInfo], today: date, is_workday: IsWorkday, chosen: Chosen | None = None
) -> list[sums.State]:
    """Contracts that will cross 31 December: their last day, or the end at their pace, is later."""
    where = [*Filter(fund=(chosen or Chosen()).fund, state="berjalan").where(),
             Contract.unit_id.in_([u.id for u in units])]  # fmt: skip
    pace = bands.pace_from(today)
    return [s for s in sums.states(where, today, is_workday) if s.crosses(today, pace)]
