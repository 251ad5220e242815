"""Contracts of the demo region: one of each standing, dated around the day of loading."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.contracts import flow
from portal.contracts.models import Contract
from portal.db import db
from portal.people import queries, workdays
from portal.people.models import Position, Unit
from portal.people.rules import PORTAL

#: unit, number, work, type, value, fund, vendor, days ago signed, days it lasts, steps done
_CONTRACTS = (
    ("DPUPR", "602/15/PUPR", "Rehabilitasi jalan lingkungan Kecamatan Contoh Utara", "konstruksi",
     "187500000", "PEN", "CV Karya Contoh", 40, 75, 2),
    ("DPUPR", "602/21/PUPR", "Pemeliharaan saluran irigasi Daerah Irigasi Contoh", "konstruksi",
     "164250000", "DAK Fisik", "CV Tirta Contoh", 70, 60, 2),
    ("DPUPR", "602/08/PUPR", "Pengadaan rambu dan marka jalan", "barang", "98400000", "DAU",
     "UD Marka Contoh", 75, 45, 4),
    ("DINKES", "027/31/DINKES", "Pengadaan alat kesehatan puskesmas", "barang", "142800000",
     "DAK Fisik", "PT Medika Contoh", 30, 45, 2),
    ("DINKES", "027/12/DINKES", "Rehabilitasi ringan Puskesmas Contoh Kota", "konstruksi",
     "175000000", "DAU", "CV Bangun Contoh", 90, 60, 5),
)  # fmt: skip


def load(_db: Any) -> None:
    """Register the contracts and finish their first steps on the planned days."""
    today = queries.today()
    is_workday = workdays.checker(today - timedelta(days=200), today + timedelta(days=400))
    positions = _positions()
    units = {u.code: u.id for u in _db.session.scalars(sa.select(Unit))}
    for row in _CONTRACTS:
        code, number, title, kind, value, fund, vendor, ago, lasts, done = row
        roles = {
            role: positions[where, role]
            for role, where in (("ppk", code), ("bendahara", code), ("bud", "BPKAD"))
        }
        signed = today - timedelta(days=ago)
        contract = flow.register(
            flow.NewContract(
                unit_id=units[code], number=f"{number}/{signed.year}", title=title, type=kind,
                value=Decimal(value), fund=fund, vendor=vendor,
                signed_on=signed, starts_on=signed + timedelta(days=1),
                ends_on=signed + timedelta(days=lasts), roles=roles, goes_live=signed,
            ),
            PORTAL, is_workday,
        )  # fmt: skip
        _finish(_db, contract, done, today, is_workday)


def _positions() -> dict[tuple[str, str], int]:
    rows = db.session.execute(
        sa.select(Unit.code, Position.role, sa.func.min(Position.id))
        .join(Unit, Unit.id == Position.unit_id)
        .where(Position.role.in_(("ppk", "bendahara", "bud")), Position.active)
        .group_by(Unit.code, Position.role)
    )
    return {(code, role): position_id for code, role, position_id in rows}


def _finish(_db: Any, contract: Contract, done: int, today: date, is_workday: Any) -> None:
    _db.session.refresh(contract)
    for step in list(contract.steps)[:done]:
        on = min(step.due_on or today, today)
        flow.finish(
            contract, step.id, max(on, contract.signed_on), f"{step.key.upper()}/{step.id}/CONTOH",
            PORTAL, is_workday,
        )  # fmt: skip
