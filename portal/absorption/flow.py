"""Writes of absorption: the RAK with its versions, SP2D rows and their sums. Callers commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from portal import clock
from portal.absorption import rules
from portal.absorption.models import RakVersion, Sp2d, SpendSum
from portal.absorption.money import NOT_SPENT as NOT_SPENT  # noqa: PLC0414 - others import it here
from portal.absorption.rules import ZERO
from portal.budget import flow as budget
from portal.budget import queries as budget_queries
from portal.budget.models import BudgetRev, CashPlan
from portal.contracts.flow import Refused
from portal.db import db
from portal.people.rules import PORTAL, Actor
from portal.trail import flow as trail

# --- RAK ----------------------------------------------------------------------------------------


def plan_of(year: int, unit_id: int) -> list[Decimal]:
    """The cash plan in force, January to December."""
    known = budget_queries.cash(year, unit_id)
    return [known[m].rencana or ZERO if m in known else ZERO for m in range(1, 13)]


def set_plan(
    year: int, unit_id: int, months: Sequence[Decimal], document: str, note: str, actor: Actor
) -> RakVersion | None:
    """A new version of the RAK of a unit; None when it says what is in force already."""
    if len(months) != 12 or any(m < 0 for m in months):
        raise Refused("RAK memuat 12 bulan dan tidak boleh negatif.")
    catch_up(year, [unit_id])
    before = plan_of(year, unit_id)
    if [*months] == before:
        return None
    if rules.lowered(before, months) and not (document.strip() and note.strip()):
        raise Refused("Target kumulatif turun pada sebagian bulan. Isi dasar perubahan (nomor DPPA "
                      "atau surat) dan keterangannya.")  # fmt: skip
    for month, amount in enumerate(months, start=1):
        budget.put_cash(year, unit_id, month, "rencana", amount, actor)
    made = version(year, unit_id, months, actor.label, actor.term_id)
    made.document, made.note = document.strip()[:200], note.strip()[:600]
    trail.record(f"rak:{year}:{unit_id}", "menetapkan RAK", f"rak:{year}:{unit_id}:{made.n}", actor,
                 {"bulan": [str(b) for b in before]}, {"bulan": made.months})  # fmt: skip
    db.session.flush()
    return made


def version(
    year: int, unit_id: int, months: Sequence[Decimal], label: str, term_id: int | None,
    level: str = rules.COARSE,
) -> RakVersion:  # fmt: skip
    """The next version of a unit's RAK of one level, unwritten as to paper and note."""
    last = db.session.scalar(
        sa.select(sa.func.max(RakVersion.n))
        .where(RakVersion.year == year, RakVersion.unit_id == unit_id)
    )  # fmt: skip
    made = RakVersion(year=year, unit_id=unit_id, n=(last or 0) + 1, at=clock.now(), level=level,
                      months=[budget_queries.spelled(m) for m in months], by_label=label,
                      by_term_id=term_id)  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def catch_up(year: int, unit_ids: Iterable[int]) -> int:
    """Versions of plans that changed elsewhere (import of the anggaran kas); how many were made."""
    done = 0
    for unit_id in unit_ids:
        now = plan_of(year, unit_id)
        last = db.session.scalar(
            sa.select(RakVersion).where(RakVersion.year == year, RakVersion.unit_id == unit_id,
                                        RakVersion.level == rules.COARSE)
            .order_by(RakVersion.n.desc()).limit(1)
        )  # fmt: skip
        if not any(now) or (last and [Decimal(m) for m in last.months] == now):
            continue
        ids = sa.select(sa.literal("cash:").concat(sa.cast(CashPlan.id, sa.String))).where(
            CashPlan.year == year, CashPlan.unit_id == unit_id)  # fmt: skip
        rev = db.session.scalar(
            sa.select(BudgetRev).where(BudgetRev.subject.in_(ids), BudgetRev.field == "rencana")
            .order_by(BudgetRev.id.desc()).limit(1)
        )  # fmt: skip
        made = version(year, unit_id, now, rev.by_label if rev else PORTAL.name, None)
        made.at = rev.at if rev else made.at
        made.document = "Impor anggaran kas" if rev and rev.run_id else ""
        done += 1
    db.session.flush()
    return done


# --- SP2D ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewSp2d:
    """One row of the register."""

    number: str
    on: date
    unit_id: int
    amount: Decimal
    seq: int = 1
    kind: str = ""
    sub_code: str = ""
    account: str = ""
    fund: str = ""
    about: str = ""
    contract_id: int | None = None
    source: str = "register"


def add(rows: Sequence[NewSp2d], run_id: int | None = None) -> int:
    """Write rows that are not there yet; how many were new. The sums are made anew for their
    years."""
    known: set[tuple[str, int, str, int]] = set()
    for year in {r.on.year for r in rows}:
        known |= {
            (source, year, number, seq)
            for source, number, seq in db.session.execute(
                sa.select(Sp2d.source, Sp2d.number, Sp2d.seq).where(Sp2d.year == year)
            )
        }
    values = []
    for r in rows:
        key = (r.source, r.on.year, r.number, r.seq)
        if key in known:
            continue
        known.add(key)
        values.append({
            "source": r.source, "year": r.on.year, "number": r.number, "seq": r.seq, "on": r.on,
            "unit_id": r.unit_id, "kind": r.kind, "sub_code": r.sub_code, "account": r.account,
            "fund": r.fund, "about": r.about[:300], "amount": r.amount,
            "contract_id": r.contract_id, "run_id": run_id,
        })  # fmt: skip
    if values:
        db.session.execute(sa.insert(Sp2d), values)
        for year in {r.on.year for r in rows}:
            resum(year)
    db.session.flush()
    return len(values)


def resum(year: int) -> None:
    """The sums of a year from its rows."""
    sums: dict[tuple[int, str, str, int, bool], Decimal] = {}
    rows = db.session.execute(
        sa.select(
            Sp2d.unit_id, Sp2d.sub_code, Sp2d.fund, Sp2d.on, Sp2d.contract_id, Sp2d.amount
        ).where(Sp2d.year == year, Sp2d.kind.not_in(NOT_SPENT))
    )
    for unit_id, code, fund, on, contract_id, amount in rows:
        program = ".".join(code.split(".")[:3])[:20]
        key = (unit_id, program, fund, on.month, contract_id is not None)
        sums[key] = sums.get(key, ZERO) + amount
    db.session.execute(sa.delete(SpendSum).where(SpendSum.year == year))
    if sums:
        db.session.execute(sa.insert(SpendSum), [
            {"year": year, "unit_id": u, "program": p, "fund": f, "month": m, "contracted": c,
             "amount": a} for (u, p, f, m, c), a in sums.items()
        ])  # fmt: skip
