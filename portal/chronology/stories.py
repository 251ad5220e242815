"""What contracts tell the yearly reports: per sub kegiatan, as sentences that the OPD confirms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from portal.budget.models import BudgetLine
from portal.contracts.kinds import ContractState, StepState
from portal.contracts.models import Addendum, Billing, Contract, Step
from portal.db import db
from portal.desks.models import Hindrance
from portal.indonesian import long_date, number, rupiah
from portal.works.models import Progress

_LEFT_OUT = (ContractState.PACKAGE, ContractState.DROPPED)


@dataclass(frozen=True)
class Story:
    """One sub kegiatan: what was reached, what stood in the way, what was done about it."""

    code: str  # of the sub kegiatan; "" when the contracts name none
    contracts: int
    physical: Decimal | None  # percent, weighted by value; None when nothing was reported
    paid: Decimal
    value: Decimal
    problem: str
    effort: str


def exist(unit_id: int, year: int) -> bool:
    """Whether the unit has contracts of that year: one query."""
    return bool(db.session.scalar(sa.select(sa.exists().where(*_where(unit_id, year)))))


def _where(unit_id: int, year: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (Contract.unit_id == unit_id, Contract.year == year, Contract.state.not_in(_LEFT_OUT))


def of(unit_id: int, year: int, today: date) -> list[Story]:
    """Per sub kegiatan in the order of the codes, as things stood at the end of the year (or
    today); six queries."""
    limit = min(today, date(year, 12, 31))
    rows = db.session.execute(
        sa.select(Contract, BudgetLine.kode)
        .outerjoin(BudgetLine, BudgetLine.id == Contract.line_id)
        .where(*_where(unit_id, year)).order_by(Contract.id)
        .options(selectinload(Contract.addenda))
    ).all()  # fmt: skip
    by_code: dict[str, list[Contract]] = defaultdict(list)
    for contract, code in rows:
        by_code[code or contract.sub_code].append(contract)
    ids = [c.id for c, _ in rows]
    progress, paid, told = _progress(ids, limit), _paid(ids, limit), _told(ids, limit)
    return [
        _story(code, found, progress, paid, told, limit)
        for code, found in sorted(by_code.items())
    ]  # fmt: skip


def _progress(ids: Sequence[int], limit: date) -> dict[int, tuple[Decimal, Decimal]]:
    rows = db.session.execute(
        sa.select(Progress.contract_id, Progress.planned, Progress.actual)
        .where(Progress.contract_id.in_(ids), Progress.on <= limit).order_by(Progress.week)
    )  # fmt: skip
    return {contract: (planned, actual) for contract, planned, actual in rows}


def _paid(ids: Sequence[int], limit: date) -> dict[int, Decimal]:
    out: dict[int, Decimal] = defaultdict(Decimal)
    rows = db.session.execute(
        sa.select(Step.contract_id, Billing.amount)
        .join(Billing, sa.and_(Billing.contract_id == Step.contract_id,
                               Billing.instance == Step.instance))
        .where(Step.contract_id.in_(ids), Step.key == "sp2d", Step.state == StepState.DONE,
               Step.done_on <= limit)
    )  # fmt: skip
    for contract, amount in rows:
        out[contract] += amount or Decimal(0)
    return out


def _told(ids: Sequence[int], limit: date) -> dict[int, list[Hindrance]]:
    out: dict[int, list[Hindrance]] = defaultdict(list)
    for found in db.session.scalars(
        sa.select(Hindrance).where(Hindrance.contract_id.in_(ids)).order_by(Hindrance.id)
    ):
        if found.at.date() <= limit:
            out[found.contract_id].append(found)
    return out


def _story(
    code: str, found: list[Contract], progress: dict[int, tuple[Decimal, Decimal]],
    paid: dict[int, Decimal], told: dict[int, list[Hindrance]], limit: date,
) -> Story:  # fmt: skip
    value = sum((c.value for c in found), Decimal(0))
    known = [c for c in found if c.id in progress]
    physical = None
    if known and (base := sum((c.value for c in known), Decimal(0))):
        reached = sum((c.value * progress[c.id][1] for c in known), Decimal(0))
        physical = (reached / base).quantize(Decimal("0.01"))
    return Story(
        code, len(found), physical, sum((paid.get(c.id, Decimal(0)) for c in found), Decimal(0)),
        value, " ".join(_problem(c, progress.get(c.id), told.get(c.id, []), limit) for c in found),
        " ".join(filter(None, (_effort(c, told.get(c.id, []), limit) for c in found))),
    )  # fmt: skip


def _ended(words: str) -> str:
    return words.strip().rstrip(".;") + "."


def _problem(
    contract: Contract, reached: tuple[Decimal, Decimal] | None, told: list[Hindrance], limit: date
) -> str:
    """Progress and kendala of one contract, without penyedia and without persons.

    >>> # "Rehabilitasi jalan (kontrak 602/15): realisasi fisik 80,00% dari rencana 90,00%
    >>> # per 31 Desember 2026. Kendala: hujan tiga hari."
    """
    head = f"{contract.title} (kontrak {contract.number})"
    if reached:
        planned, actual = reached
        words = (f"{head}: realisasi fisik {number(actual, 2)}% dari rencana "
                 f"{number(planned, 2)}% per {long_date(limit)}.")  # fmt: skip
    elif contract.state == ContractState.DONE:
        words = f"{head}: selesai."
    else:
        words = f"{head}: berakhir {long_date(contract.ends_on)}."
    causes = dict.fromkeys(h.text.strip().rstrip(".") for h in told)
    return words + (f" Kendala: {_ended('; '.join(causes))}" if causes else "")


def _effort(contract: Contract, told: list[Hindrance], limit: date) -> str:
    """Addenda and answers of the kepala: what was done."""
    signed: list[Addendum] = [a for a in contract.addenda if a.signed_on <= limit]
    parts = [
        f"jadwal disesuaikan dengan adendum {a.number} sehingga berakhir {long_date(a.ends_on)}"
        if a.ends_on != a.ends_before else f"nilai disesuaikan dengan adendum {a.number}"
        for a in signed
    ]  # fmt: skip
    parts += list(dict.fromkeys(h.answer.strip().rstrip(".") for h in told if h.answer.strip()))
    return f"{contract.title}: {_ended('; '.join(parts))}" if parts else ""


def money_words(story: Story) -> str:
    """``dibayar Rp... dari nilai kontrak Rp...``."""
    return f"dibayar {rupiah(story.paid)} dari nilai kontrak {rupiah(story.value)}"
