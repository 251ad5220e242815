"""RAK rinci of the pilot OPD: rows per sub kegiatan and source of money, with two versions.

Work that is contracted (PEN, DAK Fisik) is planned late in the year, salaries evenly; so the RAK
of a source is not its share of the whole. One OPD changed its RAK per OPD alone: the two differ.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.absorption import flow_lines, rules
from portal.absorption.models import RakChange, RakLine, RakVersion
from portal.budget.models import BudgetFund, BudgetLine
from portal.demo import numbers, region
from portal.demo.prose import rng_of

_WORK = (0, 0, 0, 0, 1, 2, 4, 7, 9, 12, 15, 32)
_WORK_FUNDS = ("PEN", "DAK Fisik")
_LATER = "Jadwal lelang mundur; target Juni s.d. Oktober digeser ke Desember."
Rows = dict[tuple[str, str], list[Decimal]]


def load(
    session: Any, year: int, units: dict[int, str], weights: tuple[int, ...], by: str,
    lowered: dict[str, int],
) -> dict[int, list[tuple[list[Decimal], date, str, str]]]:  # fmt: skip
    """Lay the rows down (versions 1, 3); the versions as sums, for the RAK per OPD (2, 4)."""
    pagu: dict[int, Rows] = {}
    for unit, code, fund, amount in session.execute(
        sa.select(BudgetLine.unit_id, BudgetLine.kode, BudgetFund.fund, BudgetFund.pagu)
        .join(BudgetFund, BudgetFund.line_id == BudgetLine.id)
        .where(BudgetLine.year == year).order_by(BudgetLine.id, BudgetFund.id)
    ):  # fmt: skip
        if units[unit] in region.CONTRACT_PILOT and amount:
            pagu.setdefault(unit, {})[code, fund] = _spread(units[unit], code, fund, amount,
                                                            weights)  # fmt: skip
    out = {}
    for unit, rows in sorted(pagu.items()):
        name = units[unit]
        made = [(rows, date(year, 1, 6), f"DPA {name} Tahun {year}", "")]
        if name in lowered:
            made.append((_later(rows, lowered[name]), date(year, 7, 29),
                         f"DPPA {name} Tahun {year}", _LATER))  # fmt: skip
        _keep(session, year, unit, made, by)
        out[unit] = [(_added(r), on, paper, note) for r, on, paper, note in made]
    return out


def _spread(
    unit: str, code: str, fund: str, amount: Decimal, weights: tuple[int, ...]
) -> list[Decimal]:
    rng = rng_of("rak rinci", unit, code, fund)
    usual = _WORK if fund in _WORK_FUNDS else weights
    parts = numbers.spread(int(amount), [max(w * 10 + rng.randint(-6, 6), 0) for w in usual])
    return [Decimal(p) for p in parts]


def _later(rows: Rows, percent: int) -> Rows:
    """Part of June to October of what is contracted moves to December."""
    out = {}
    for key, months in rows.items():
        moved = [*months]
        if key[1] in _WORK_FUNDS:
            for n in range(5, 10):
                part = (months[n] * percent * 2 / 100).quantize(Decimal(1000))
                moved[n] -= part
                moved[11] += part
        out[key] = moved
    return out


def _added(rows: Rows) -> list[Decimal]:
    return [sum(month, Decimal(0)) for month in zip(*rows.values(), strict=True)]


def _plain(months: list[Decimal]) -> list[str]:
    return [format(m, "f") for m in months]


def _keep(
    session: Any, year: int, unit: int, made: list[tuple[Rows, date, str, str]], by: str
) -> None:
    before: Rows = {}
    for n, (rows, on, paper, note) in enumerate(made, start=1):
        version = RakVersion(
            year=year, unit_id=unit, n=2 * n - 1, level=rules.FINE, months=_plain(_added(rows)),
            document=paper, note=note, by_label=by,
            at=datetime(on.year, on.month, on.day, 3, tzinfo=UTC),
        )  # fmt: skip
        session.add(version)
        session.flush()
        session.execute(sa.insert(RakChange), [
            {"version_id": version.id, "sub_code": sub, "fund": fund,
             "before": _plain(before.get((sub, fund), [])), "after": _plain(months)}
            for (sub, fund), months in rows.items() if before.get((sub, fund)) != months
        ])  # fmt: skip
        before = rows
    session.execute(sa.insert(RakLine), [
        {"year": year, "unit_id": unit, "sub_code": sub, "fund": fund, "months": _plain(months)}
        for (sub, fund), months in before.items()
    ])  # fmt: skip
    flow_lines.resum(year, unit)
