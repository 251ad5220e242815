"""Reads of boards: sums by Perangkat Daerah and source of money, sentences, forecasts; scoped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from portal.absorption import bands, rules, sums
from portal.absorption.models import BoardSums, RakVersion, Sp2d, SpendSum
from portal.absorption.rules import Forecast, Money, Position, Score
from portal.budget.models import BudgetFund, BudgetLine, CashPlan
from portal.clock import IsWorkday
from portal.contracts.kinds import GROUPS
from portal.contracts.models import Contract, ContractRole
from portal.contracts.queries import REGION_WIDE, Filter
from portal.db import db
from portal.indonesian import number
from portal.notices import queries as notices
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.models import Position as Seat
from portal.people.rules import Actor, UnitInfo

ZERO = Decimal(0)
#: Units with a budget of their own; a bagian is part of its sekretariat.
HOUSE = ("sekretariat", "inspektorat", "dinas", "badan", "kecamatan", "rsud")
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


@dataclass
class Line:
    """One Perangkat Daerah (or the region) on a board."""

    unit: UnitInfo | None
    at: Position = field(default_factory=Position)
    uncontracted: Decimal = ZERO  # SP2D without a contract
    cell: dict[str, Any] = field(default_factory=sums.empty)
    late: int = 0  # that may be shown
    band: str = ""

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


def why(line: Line) -> str:
    """``Rp4,2 M tertahan: Rp2,9 M menunggu tagihan penyedia (3 kontrak), ...``."""
    parts = []
    held = line.held
    if held:
        told = ", ".join(f"{short(a)} {WAITS[g]} ({n} kontrak)" for g, a, n in held[:3])
        more = sum((a for _, a, _ in held[3:]), ZERO)
        parts.append(f"{short(line.stuck)} tertahan: {told}"
                     + (f", {short(more)} di meja lain." if more else "."))  # fmt: skip
    if line.money.earned >= 1_000_000:
        parts.append(f"{short(line.money.earned)} sudah dikerjakan, belum ditagih.")
    if line.cell["packages"]:
        parts.append(f"{line.cell['packages']} paket ({short(line.rupiah('package_value'))}) "
                     "belum berkontrak.")  # fmt: skip
    behind = line.at.rak - line.at.spent
    if not held and behind > 0 and line.at.rak and line.band != rules.HIGH:
        parts.append(f"{short(behind)} di bawah RAK, pada belanja non-kontrak.")
    if not parts:
        parts.append("Tidak ada berkas yang tertahan." if line.cell["n"]
                     else "Tidak ada kontrak; belanja rutin berjalan.")  # fmt: skip
    return " ".join(parts)


# --- whose board --------------------------------------------------------------------------------


def region_wide(actor: Actor) -> bool:
    """Who sees all Perangkat Daerah: pimpinan, the Sekda, BPKAD as BUD, UKPBJ."""
    return bool(actor.roles & REGION_WIDE) or (Role.KEPALA in actor.roles and notices.leads(actor))


def leads(actor: Actor) -> bool:
    """Who may ask for explanations and reads the board of the pimpinan."""
    return Role.PIMPINAN in actor.roles or notices.leads(actor)


def forecasts(actor: Actor) -> bool:
    """Perkiraan akhir tahun is for pimpinan and kepala only."""
    return bool(actor.roles & {Role.PIMPINAN, Role.KEPALA})


def units_for(actor: Actor, today: date) -> list[UnitInfo]:
    """The Perangkat Daerah whose absorption the actor may see, in the region's order."""
    found = [u for u in people.units_on(today) if u.kind in HOUSE]
    if region_wide(actor):
        return found
    mine = actor.units()
    known = {u.id: u for u in people.units_on(today)} if mine else {}
    above = {a for m in mine if m in known for a in known[m].ancestors}
    house = {u.id for u in found}
    own = {m for m in mine if m in house} or (above & house)
    return [u for u in found if u.id in own]


def reads_notes(actor: Actor) -> bool:
    """Notes on versions of the RAK: Bappeda, BPKAD and the Sekda only."""
    duties = people.duties()
    house = {duties.get(k, (None, ()))[0] for k in ("bappeda", "bpkad")}
    if actor.units() & {u for u in house if u}:
        return True
    return Role.KEPALA in actor.roles and notices.leads(actor)


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
    spent, funds = _spent(year, today.month)
    pagu, plan = _pagu(year, chosen.fund), _plan(year, today.month)
    whole = _pagu(year, "") if chosen.fund else pagu
    ids = {u.id for u in units}
    late = _shown([d for d in kept.body["late"] if d["unit"] in ids
                   and (not chosen.fund or chosen.fund in d["funds"])],
                  today, is_workday, own)  # fmt: skip
    scheme = bands.in_force(today)
    lines = []
    for unit in units:
        mine = {k: a for k, a in spent.get(unit.id, {}).items()
                if not chosen.fund or k[0] == chosen.fund}  # fmt: skip
        rak = plan.get(unit.id, ZERO)
        if chosen.fund:  # the RAK names no source: its part follows the pagu
            all_ = whole.get(unit.id, ZERO)
            rak = (rak * pagu.get(unit.id, ZERO) / all_).quantize(Decimal(1)) if all_ else ZERO
        line = Line(
            unit, Position(pagu.get(unit.id, ZERO), rak, sum(mine.values(), ZERO)),
            sum((a for (_, contracted), a in mine.items() if not contracted), ZERO),
            kept.body["cells"].get(f"{unit.id}|{chosen.fund}", sums.empty()),
            sum(d["unit"] == unit.id for d in late),
        )  # fmt: skip
        line.band = scheme.of(today.month, line.at)
        if line.at != Position() or line.cell["n"] or line.cell["packages"]:
            lines.append(line)
    newest = db.session.scalar(sa.select(sa.func.max(Sp2d.on)).where(Sp2d.year == year,
                                                                     Sp2d.on <= today))  # fmt: skip
    return Board(today, kept.at, lines, total_of(lines, scheme, today), late, sorted(funds), newest,
                 kept.mark)  # fmt: skip


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


def _spent(year: int, month: int) -> tuple[dict[int, dict[tuple[str, bool], Decimal]], set[str]]:
    rows = db.session.execute(
        sa.select(SpendSum.unit_id, SpendSum.fund, SpendSum.contracted,
                  sa.func.sum(SpendSum.amount))
        .where(SpendSum.year == year, SpendSum.month <= month)
        .group_by(SpendSum.unit_id, SpendSum.fund, SpendSum.contracted)
    )  # fmt: skip
    out: dict[int, dict[tuple[str, bool], Decimal]] = {}
    funds = set()
    for unit, fund, contracted, amount in rows:
        out.setdefault(unit, {})[fund, bool(contracted)] = amount
        funds.add(fund)
    return out, funds


def _pagu(year: int, fund: str) -> dict[int, Decimal]:
    """Pagu by unit; of one source of money from the split of the lines."""
    amount = BudgetFund.pagu if fund else BudgetLine.pagu
    query = sa.select(BudgetLine.unit_id, sa.func.sum(amount)).where(BudgetLine.year == year)
    if fund:
        query = query.join(BudgetFund, BudgetFund.line_id == BudgetLine.id).where(
            BudgetFund.fund == fund
        )
    rows = db.session.execute(query.group_by(BudgetLine.unit_id))
    return {unit: pagu or ZERO for unit, pagu in rows}


def _plan(year: int, month: int) -> dict[int, Decimal]:
    rows = db.session.execute(
        sa.select(CashPlan.unit_id, sa.func.sum(CashPlan.rencana))
        .where(CashPlan.year == year, CashPlan.month <= month).group_by(CashPlan.unit_id)
    )  # fmt: skip
    return {unit: amount or ZERO for unit, amount in rows}


def _shown(
    late: list[dict[str, Any]], today: date, is_workday: IsWorkday, own: bool
) -> list[dict[str, Any]]:
    """Late desks that a board may name: above the own OPD only after notice and tanggapan."""
    if own or not late:
        return late
    keys = [f"step:{d['step']}" for d in late]
    may = notices.may_appear_above(keys, today, is_workday)
    return [d for d, key in zip(late, keys, strict=True) if key in may]


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


# --- by source of money, by program -------------------------------------------------------------


@dataclass(frozen=True)
class FundRow:
    """A row of the Rekap Serapan per Sumber Dana."""

    fund: str
    at: Position
    contracted: Decimal
    uncontracted: Decimal


def by_fund(units: Collection[UnitInfo], today: date) -> list[FundRow]:
    """Pagu and SP2D of some units by source of money; the last row sums them up."""
    ids, year = {u.id for u in units}, today.year
    pagu: dict[str, Decimal] = {}
    for fund, amount in db.session.execute(
        sa.select(BudgetFund.fund, sa.func.sum(BudgetFund.pagu))
        .join(BudgetLine, BudgetLine.id == BudgetFund.line_id)
        .where(BudgetLine.year == year, BudgetLine.unit_id.in_(ids)).group_by(BudgetFund.fund)
    ):  # fmt: skip
        pagu[fund] = amount or ZERO
    whole = sum((a for u, a in _pagu(year, "").items() if u in ids), ZERO)
    rest = whole - sum(pagu.values(), ZERO)
    if rest:
        pagu["Belum dirinci"] = rest
    spent: dict[tuple[str, bool], Decimal] = {}
    for unit, cells in _spent(year, today.month)[0].items():
        if unit in ids:
            for (fund, contracted), amount in cells.items():
                key = (fund or "Belum dirinci", contracted)
                spent[key] = spent.get(key, ZERO) + amount
    names = sorted(set(pagu) | {f for f, _ in spent}, key=lambda f: (-pagu.get(f, ZERO), f))
    rows = [
        FundRow(f, Position(pagu.get(f, ZERO), ZERO,
                            spent.get((f, True), ZERO) + spent.get((f, False), ZERO)),
                spent.get((f, True), ZERO), spent.get((f, False), ZERO))
        for f in names
    ]  # fmt: skip
    return [*rows, FundRow("Jumlah", rules.total(r.at for r in rows),
                           sum((r.contracted for r in rows), ZERO),
                           sum((r.uncontracted for r in rows), ZERO))]  # fmt: skip


def by_program(unit_id: int, today: date, fund: str = "") -> list[tuple[str, str, Position]]:
    """Program code, name, pagu and SP2D of one unit: three queries."""
    year = today.year
    part = sa.func.substr(BudgetLine.kode, 1, 7)
    amount = BudgetFund.pagu if fund else BudgetLine.pagu
    query = sa.select(part, sa.func.sum(amount)).where(
        BudgetLine.year == year, BudgetLine.unit_id == unit_id
    )
    if fund:
        query = query.join(BudgetFund, BudgetFund.line_id == BudgetLine.id).where(
            BudgetFund.fund == fund)  # fmt: skip
    pagu = {c: a or ZERO for c, a in db.session.execute(query.group_by(part)) if len(c) == 7}
    spending = sa.select(SpendSum.program, sa.func.sum(SpendSum.amount)).where(
        SpendSum.year == year, SpendSum.unit_id == unit_id, SpendSum.month <= today.month
    )
    if fund:
        spending = spending.where(SpendSum.fund == fund)
    spent = dict(db.session.execute(spending.group_by(SpendSum.program)).all())
    names = dict(db.session.execute(
        sa.select(BudgetLine.kode, BudgetLine.uraian).where(
            BudgetLine.year == year, BudgetLine.unit_id == unit_id,
            sa.func.length(BudgetLine.kode) == 7)
    ).all())  # fmt: skip
    return [
        (code, names.get(code, "") or "Tanpa program",
         Position(pagu.get(code, ZERO), ZERO, spent.get(code, ZERO)))
        for code in sorted({*pagu, *spent}) if pagu.get(code) or spent.get(code)
    ]  # fmt: skip


def months(unit_ids: Collection[int], year: int) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...]]:
    """RAK and SP2D of some units, cumulative by month: two queries."""
    plan = dict(db.session.execute(
        sa.select(CashPlan.month, sa.func.sum(CashPlan.rencana))
        .where(CashPlan.year == year, CashPlan.unit_id.in_(unit_ids)).group_by(CashPlan.month)
    ).all())  # fmt: skip
    spent = dict(db.session.execute(
        sa.select(SpendSum.month, sa.func.sum(SpendSum.amount))
        .where(SpendSum.year == year, SpendSum.unit_id.in_(unit_ids)).group_by(SpendSum.month)
    ).all())  # fmt: skip
    clean = {m: a or ZERO for m, a in plan.items()}
    return rules.cumulative(clean), rules.cumulative({m: a or ZERO for m, a in spent.items()})


def contracts_of(
    unit_id: int, today: date, is_workday: IsWorkday, chosen: Chosen | None = None
) -> list[sums.State]:
    """The contracts of one unit: those on late desks first, then by money that is held."""
    where = Filter(unit_id=unit_id, fund=(chosen or Chosen()).fund).where()
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


# --- forecast -----------------------------------------------------------------------------------


def _courses(years: Iterable[int], unit_ids: Collection[int]) -> dict[int, dict[int, rules.Course]]:
    """RAK and realisation by month of units and years: SP2D sums, else the anggaran kas."""
    years = list(years)
    plan: dict[tuple[int, int], dict[int, Decimal]] = {}
    done: dict[tuple[int, int], dict[int, Decimal]] = {}
    for row in db.session.execute(
        sa.select(CashPlan.year, CashPlan.unit_id, CashPlan.month, CashPlan.rencana,
                  CashPlan.realisasi)
        .where(CashPlan.year.in_(years), CashPlan.unit_id.in_(unit_ids))
    ):  # fmt: skip
        plan.setdefault((row.year, row.unit_id), {})[row.month] = row.rencana or ZERO
        if row.realisasi is not None:
            done.setdefault((row.year, row.unit_id), {})[row.month] = row.realisasi
    sp2d: dict[tuple[int, int], dict[int, Decimal]] = {}
    for year, unit, month, amount in db.session.execute(
        sa.select(SpendSum.year, SpendSum.unit_id, SpendSum.month, sa.func.sum(SpendSum.amount))
        .where(SpendSum.year.in_(years), SpendSum.unit_id.in_(unit_ids))
        .group_by(SpendSum.year, SpendSum.unit_id, SpendSum.month)
    ):  # fmt: skip
        sp2d.setdefault((year, unit), {})[month] = amount or ZERO
    pagu = {
        (year, unit): amount or ZERO
        for year, unit, amount in db.session.execute(
            sa.select(BudgetLine.year, BudgetLine.unit_id, sa.func.sum(BudgetLine.pagu))
            .where(BudgetLine.year.in_(years), BudgetLine.unit_id.in_(unit_ids))
            .group_by(BudgetLine.year, BudgetLine.unit_id)
        )
    }  # fmt: skip
    out: dict[int, dict[int, rules.Course]] = {}
    for key in {*plan, *sp2d}:
        year, unit = key
        out.setdefault(year, {})[unit] = rules.Course(
            pagu.get(key, ZERO), rules.cumulative(plan.get(key, {})),
            rules.cumulative(sp2d.get(key) or done.get(key, {})),
        )  # fmt: skip
    return out


def _sum(courses: Iterable[rules.Course]) -> rules.Course:
    found = list(courses)
    zero = (ZERO,) * 12
    return rules.Course(
        sum((c.pagu for c in found), ZERO),
        tuple(sum(m, ZERO) for m in zip(*(c.plan for c in found), strict=True)) if found else zero,
        tuple(sum(m, ZERO) for m in zip(*(c.spent for c in found), strict=True)) if found else zero,
    )  # fmt: skip


@dataclass(frozen=True)
class Outlook:
    """The forecast of some units with the scores of the methods."""

    forecast: Forecast | None
    scores: dict[str, Score]
    month: int
    tested: int  # the year of the back-test
    units: int


def outlook(unit_ids: Collection[int], today: date) -> Outlook:
    """Perkiraan akhir tahun of some units taken together; the last full month counts."""
    year, month = today.year, max(today.month - 1, 1)
    everybody = [u.id for u in people.units_on(today) if u.kind in HOUSE]
    known = _courses((year, year - 1, year - 2), everybody)
    past, older = known.get(year - 1, {}), known.get(year - 2, {})
    pairs = [(past[u], older[u]) for u in past if u in older and past[u].spent[11]]
    scores = rules.back_test(pairs, month)
    now = known.get(year, {})
    mine = [u for u in unit_ids if u in now]
    made = None
    if mine and pairs:
        before = _sum(past[u] for u in mine if u in past)
        made = rules.forecast(_sum(now[u] for u in mine), month, before, scores["selaras"])
    return Outlook(made, scores, month, year - 1, len(pairs))


def foreseen(found: Board) -> Forecast | None:
    """The forecast of a whole board, kept until something changed."""
    ids = sorted(x.unit.id for x in found.lines if x.unit)
    key = "kira:" + sha256(repr(ids).encode()).hexdigest()[:14]
    row = db.session.get(BoardSums, key)
    if row is None or (row.day, row.mark) != (found.today, found.mark):
        made = outlook(ids, found.today).forecast
        body = {"low": made.low, "high": made.high} if made else {}
        row = sums.keep(BoardSums(key=key, day=found.today, mark=found.mark, body=body,
                                  at=found.at))  # fmt: skip
    return Forecast(**row.body) if row.body else None


# --- RAK ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A version of the RAK beside the one before it."""

    row: RakVersion
    months: list[Decimal]
    before: list[Decimal] | None

    @property
    def lowered(self) -> list[tuple[int, Decimal]]:
        """Months whose cumulative target was lowered, and by how much."""
        if self.before is None:
            return []
        out, now, was = [], ZERO, ZERO
        for n, (a, b) in enumerate(zip(self.months, self.before, strict=True), start=1):
            now, was = now + a, was + b
            if now < was:
                out.append((n, was - now))
        return out


def versions(unit_id: int, year: int) -> list[Change]:
    """Versions of a unit's RAK, the newest first."""
    rows = list(db.session.scalars(
        sa.select(RakVersion).where(RakVersion.unit_id == unit_id, RakVersion.year == year)
        .order_by(RakVersion.n)
    ))  # fmt: skip
    out: list[Change] = []
    for row in rows:
        months_ = [Decimal(m) for m in row.months]
        out.append(Change(row, months_, out[-1].months if out else None))
    return out[::-1]


def register(unit_ids: Collection[int], year: int, most: int = 100) -> tuple[list[Sp2d], int]:
    """The newest rows of the register, and how many there are."""
    where = (Sp2d.year == year, Sp2d.unit_id.in_(unit_ids))
    rows = db.session.scalars(
        sa.select(Sp2d).where(*where).order_by(Sp2d.on.desc(), Sp2d.id.desc()).limit(most)
    )
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Sp2d).where(*where))
    return list(rows), total or 0
