"""Money of the demo's present year: DPA, RAK and its versions, the SP2D register.

Consistent with the contracts of the demo: what their steps say was paid stands in the register,
their values fit into the pagu of their sub kegiatan, and PEN pays contracts only.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.absorption import flow
from portal.absorption.flow import NewSp2d
from portal.absorption.models import RakVersion
from portal.budget.models import BudgetFund, BudgetLine, CashPlan
from portal.contracts.kinds import ContractState, StepState
from portal.contracts.models import Billing, Contract, ContractFund, Step
from portal.demo import numbers, rak_lines, region
from portal.demo.prose import rng_of
from portal.people import queries as people
from portal.people.models import Unit
from portal.works.rules import shares

BY = "Kepala Bidang Anggaran BPKAD"
_WEIGHTS = (4, 6, 7, 8, 8, 9, 9, 9, 10, 10, 10, 10)
#: How far the units keep their RAK, in percent; the others lie around 95.
_PACE = {"DISHUB": 71, "DPERKIM": 78, "DPUPR": 86, "INSPEKTORAT": 82, "BAPPEDA": 88, "DISTAN": 76,
         "SETDA": 90, "DISKAN": 97, "DINKES": 93, "DISDIK": 98, "BPKAD": 99}  # fmt: skip
#: Units that lowered their RAK in the change of the APBD: percent moved to December.
_LOWERED = {"DISHUB": 12, "DISTAN": 9}
#: Of these the RAK per OPD alone was changed: it contradicts their RAK rinci.
_ALONE = {"DISKAN": 6}
_STS = ("DISDIK", "DINKES", "SETDA", "DPMD")
SEN = Decimal("0.01")


def load(db: Any) -> None:
    """Lay down the money of the year up to today."""
    today = people.today()
    session = db.session
    units = {u.id: u.code for u in session.scalars(sa.select(Unit))}
    if session.scalar(sa.select(BudgetLine.id).where(BudgetLine.year == today.year).limit(1)):
        return
    contracts = list(session.scalars(
        sa.select(Contract).where(Contract.year == today.year,
                                  Contract.state != ContractState.DROPPED).order_by(Contract.id)
    ))  # fmt: skip
    _budget(session, today.year, contracts, units)
    _plans(session, today, units)
    rows = [*_paid(session, contracts, today)]
    rows += _rest(session, rows, today, units)
    flow.add(rows)
    session.flush()


# --- DPA ----------------------------------------------------------------------------------------


def _budget(session: Any, year: int, contracts: list[Contract], units: dict[int, str]) -> None:
    """Lines like those of last year, with room for the contracts, split over sources of money."""
    parts: dict[tuple[int, str], dict[str, Decimal]] = {}
    funds: dict[int, list[ContractFund]] = {}
    for row in session.scalars(sa.select(ContractFund)):
        funds.setdefault(row.contract_id, []).append(row)
    for contract in contracts:
        cell = parts.setdefault((contract.unit_id, contract.sub_code), {})
        for part in funds.get(contract.id, ()):
            cell[part.fund] = cell.get(part.fund, Decimal(0)) + part.amount
    fields = ("unit_id", "nomenclature", "kode", "uraian", "indikator", "satuan", "target", "spm")
    before = session.scalars(
        sa.select(BudgetLine).where(BudgetLine.year == year - 1).order_by(BudgetLine.id)
    )
    made: list[BudgetLine] = []
    for old in before:
        line = BudgetLine(year=year, **{f: getattr(old, f) for f in fields}, heads={})
        if old.pagu is not None:
            grown = old.pagu * (1000 + rng_of("dpa", units[old.unit_id], old.kode).randint(-30, 70))
            needed = sum(parts.get((old.unit_id, old.kode), {}).values(), Decimal(0))
            line.pagu = max((grown / 1000).quantize(Decimal(1000)),
                            (needed * Decimal("1.08")).quantize(Decimal(1000)))  # fmt: skip
            line.murni = line.pagu
        made.append(line)
    session.add_all(made)
    session.flush()
    ids = {(m.unit_id, m.kode): m.id for m in made}
    for contract in contracts:
        contract.line_id = ids.get((contract.unit_id, contract.sub_code), contract.line_id)
    session.execute(sa.insert(BudgetFund), [
        {"line_id": line.id, "fund": fund, "pagu": amount}
        for line in made if line.pagu
        for fund, amount in _split(line, parts.get((line.unit_id, line.kode), {}),
                                   units[line.unit_id]).items()
    ])  # fmt: skip


def _split(line: BudgetLine, needed: dict[str, Decimal], code: str) -> dict[str, Decimal]:
    """The sources of a line: what its contracts need, the rest from one or two others."""
    out = {f: (a * Decimal("1.03")).quantize(Decimal(1000)) for f, a in needed.items()}
    left = (line.pagu or Decimal(0)) - sum(out.values(), Decimal(0))
    rng = rng_of("dana", code, line.kode)
    support = line.kode.split(".")[2] == "01"
    first = "DAU" if support or rng.random() < 0.5 else rng.choice(("PAD", "DBH", "DAU"))
    second = "" if support or rng.random() < 0.6 else rng.choice(("PAD", "DAK Nonfisik"))
    cut = (left * rng.randint(55, 80) / 100).quantize(Decimal(1000)) if second else left
    for fund, amount in ((first, cut), (second, left - cut)):
        if fund and amount > 0:
            out[fund] = out.get(fund, Decimal(0)) + amount
    return out


# --- RAK ----------------------------------------------------------------------------------------


def _plans(session: Any, today: date, units: dict[int, str]) -> None:
    """The cash plan of each unit; two lowered theirs in the middle of the year."""
    pagu = dict(session.execute(
        sa.select(BudgetLine.unit_id, sa.func.sum(BudgetLine.pagu))
        .where(BudgetLine.year == today.year).group_by(BudgetLine.unit_id)
    ).all())  # fmt: skip
    lowered = _LOWERED if today.month > 8 else {}
    fine = rak_lines.load(session, today.year, units, _WEIGHTS, BY, lowered)
    for unit_id, amount in sorted(pagu.items()):
        if not amount:
            continue
        code, known = units[unit_id], fine.get(unit_id, [])
        plans = known or [(_first(code, amount), date(today.year, 1, 6),
                           f"DPA {code} Tahun {today.year}", "")]  # fmt: skip
        if code in _ALONE and today.month > 8:  # the RAK per OPD alone was changed
            plans = [
                *plans,
                (
                    _moved(plans[-1][0], _ALONE[code]),
                    date(today.year, 8, 12),
                    f"Surat Kepala {code} (contoh)",
                    "Menyesuaikan jadwal pengadaan.",
                ),
            ]
        for n, (months, on, paper, note) in enumerate(plans, start=1):
            session.add(RakVersion(
                year=today.year, unit_id=unit_id, n=2 * n if known else n,
                months=[format(m, "f") for m in months],
                document=paper, note=note, by_label=BY,
                at=datetime(on.year, on.month, on.day, 3, tzinfo=UTC),
            ))  # fmt: skip
        session.add_all(
            CashPlan(year=today.year, unit_id=unit_id, month=m, rencana=value)
            for m, value in enumerate(plans[-1][0], start=1)
        )
    session.flush()


def _first(code: str, amount: Decimal) -> list[Decimal]:
    rng = rng_of("rak", code)
    return _months(amount, [w * 10 + rng.randint(-8, 8) for w in _WEIGHTS])


def _moved(first: list[Decimal], percent: int) -> list[Decimal]:
    """Part of June to October moves to December."""
    out = [*first]
    for n in range(5, 10):
        part = (first[n] * percent / 100).quantize(Decimal(1000))
        out[n] -= part
        out[11] += part
    return out


def _months(amount: Decimal, weights: list[int]) -> list[Decimal]:
    return [Decimal(part) for part in numbers.spread(int(amount), weights)]


# --- SP2D ---------------------------------------------------------------------------------------


def _paid(session: Any, contracts: list[Contract], today: date) -> Iterator[NewSp2d]:
    """What the contracts say was paid, split over their sources of money."""
    known = {c.id: c for c in contracts}
    funds: dict[int, list[ContractFund]] = {}
    for part in session.scalars(sa.select(ContractFund).order_by(ContractFund.id)):
        funds.setdefault(part.contract_id, []).append(part)
    rows = session.execute(
        sa.select(Step, Billing)
        .join(Billing, sa.and_(Billing.contract_id == Step.contract_id,
                               Billing.instance == Step.instance))
        .where(Step.key == "sp2d", Step.state == StepState.DONE, Step.contract_id.in_(known))
        .order_by(Step.id)
    )  # fmt: skip
    for step, bill in rows:
        contract = known[step.contract_id]
        if step.done_on is None or step.done_on.year != today.year or not bill.amount:
            continue
        split = shares({f.fund: f.amount for f in funds[contract.id]}, bill.amount)
        for seq, (fund, amount) in enumerate(split.items(), start=1):
            if amount:
                yield NewSp2d(
                    step.doc_no or f"900/{step.id}/LS/{today.year}", step.done_on,
                    contract.unit_id, amount, seq, "LS", contract.sub_code,
                    "5.2" if contract.type == "konstruksi" else "5.1.02", fund,
                    f"{bill.title} {contract.title}", contract.id,
                )  # fmt: skip


def _rest(
    session: Any, paid: list[NewSp2d], today: date, units: dict[int, str]
) -> Iterator[NewSp2d]:
    """Belanja non-kontrak: salaries and GU month by month, at the pace of each unit."""
    plan: dict[int, dict[int, Decimal]] = {}
    for row in session.scalars(sa.select(CashPlan).where(CashPlan.year == today.year)):
        plan.setdefault(row.unit_id, {})[row.month] = row.rencana or Decimal(0)
    buckets = _buckets(session, today.year, units)
    number = 0
    for unit_id, months in sorted(plan.items()):
        code = units[unit_id]
        room = _room(buckets.get(unit_id, {}), [p for p in paid if p.unit_id == unit_id])
        whole = sum(room.values(), Decimal(0))
        if not whole:
            continue
        rng = rng_of("sp2d", code)
        pace = _PACE.get(code, rng.randint(91, 100))
        for month in range(1, today.month + 1):
            contracted = sum((p.amount for p in paid if p.unit_id == unit_id
                              and p.on.month == month), Decimal(0))  # fmt: skip
            amount = months[month] * (pace + rng.randint(-4, 3)) / 100
            if month == today.month:
                amount = amount * min(today.day, 28) / 30
            left = max(amount - contracted, amount * Decimal("0.55"))
            for (program, fund), space in room.items():
                part = (left * space / whole).quantize(Decimal(1000))
                if part <= 0:
                    continue
                number += 1
                salary = program.split(".")[2:3] == ["01"]
                yield NewSp2d(
                    f"900/{number:05d}/{'LS' if salary else 'GU'}/{today.year}",
                    _workday(date(today.year, month, rng.randint(3, 20 if month == today.month
                             and today.day > 20 else 24 if month < today.month else 3)), today),
                    unit_id, part, 1, "LS" if salary else "GU", program,
                    "5.1.01" if salary else "5.1.02", fund,
                    "Gaji dan tunjangan" if salary else "Ganti uang belanja kegiatan",
                )  # fmt: skip
        if code in _STS and today.month > 3:
            number += 1
            key = next(iter(room))
            yield NewSp2d(
                f"STS/{number:05d}/{today.year}", _workday(date(today.year, today.month - 1, 17),
                today), unit_id, -Decimal(rng.randint(8, 60)) * 1_000_000, 1, "STS", key[0],
                "5.1.02", key[1], "Pengembalian belanja (contra-post)",
            )  # fmt: skip


def _room(
    pagu: dict[tuple[str, str], Decimal], paid: list[NewSp2d]
) -> dict[tuple[str, str], Decimal]:
    """Pagu less what contracts of the same sub kegiatan were paid; PEN pays contracts only."""
    out = {k: v for k, v in pagu.items() if k[1] not in ("PEN", "DAK Fisik")}
    for row in paid:
        if (row.sub_code, row.fund) in out:
            out[row.sub_code, row.fund] -= row.amount
    return {k: v for k, v in out.items() if v > 0}


def _buckets(
    session: Any, year: int, units: dict[int, str]
) -> dict[int, dict[tuple[str, str], Decimal]]:
    """Pagu by unit, program (of the pilot OPD: sub kegiatan) and source of money."""
    out: dict[int, dict[tuple[str, str], Decimal]] = {}
    for unit_id, code, fund, pagu in session.execute(
        sa.select(BudgetLine.unit_id, BudgetLine.kode, BudgetFund.fund, BudgetFund.pagu)
        .join(BudgetFund, BudgetFund.line_id == BudgetLine.id).where(BudgetLine.year == year)
        .order_by(BudgetLine.id, BudgetFund.id)
    ):  # fmt: skip
        fine = units[unit_id] in region.CONTRACT_PILOT
        key = (code if fine else ".".join(code.split(".")[:3]), fund)
        cell = out.setdefault(unit_id, {})
        cell[key] = cell.get(key, Decimal(0)) + (pagu or Decimal(0))
    return out


def _workday(day: date, today: date) -> date:
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return min(day, today)
