"""Plans 2,000 contracts with all their steps (about 150,000) in one run, on SQLite.

    python -m bench.contracts            # the plan
    python -m bench.contracts --small    # a tenth of it, to see that it runs

Baseline "bare insert": the same rows of step and step_plan written again into an empty database
by SQLAlchemy's insert of many, with nothing computed. The ratio says what the planning costs on top
of writing its result down.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.app import create_app
from portal.config import Config
from portal.contracts import flow
from portal.contracts.flow import NewContract
from portal.contracts.kinds import PAIRS
from portal.contracts.models import Contract, Step, StepPlan
from portal.contracts.planning import Days
from portal.db import db
from portal.people import workdays
from portal.people.models import Position, Unit, UnitVersion
from portal.people.rules import PORTAL

CONTRACTS = 2_000
SIGNED = date(2026, 1, 5)


@contextmanager
def portal_in(folder: Path) -> Iterator[Flask]:
    """An empty portal in a folder of its own."""
    config = replace(Config.from_env(), instance=folder, testing=True,
                     database_url=f"sqlite:///{folder / 'bench.db'}")  # fmt: skip
    app = create_app(config)
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


def unit() -> int:
    """One Perangkat Daerah with the jabatan that a contract needs."""
    made = Unit(code="DPUPR")
    db.session.add(made)
    db.session.flush()
    db.session.add(UnitVersion(unit_id=made.id, valid_from=date(2021, 1, 4), kind="dinas",
                               name="Dinas Contoh", short_name="Dinas Contoh"))  # fmt: skip
    db.session.add_all(
        Position(unit_id=made.id, role=role, title=role)
        for role in ("ppk", "pptk", "bendahara", "ppk_skpd", "kepala", "bud", "ukpbj")
    )
    db.session.commit()
    return made.id


def contracts(count: int, unit_id: int) -> list[NewContract]:
    """Contracts of every type and method in turn, followed by all steps, with termin."""
    pairs = [(k, m) for k, methods in PAIRS.items() for m in methods if m != "swakelola"]
    out = []
    for n in range(count):
        kind, method = pairs[n % len(pairs)]
        signed = SIGNED + timedelta(days=n % 180)
        out.append(NewContract(
            unit_id=unit_id, number=f"602/{n}", title=f"Pekerjaan {n}", type=kind, method=method,
            value=Decimal(500_000_000 + n), fund="PEN", vendor="CV Contoh", signed_on=signed,
            starts_on=signed, ends_on=signed + timedelta(days=150 + n % 60), signed=True,
            detail="rinci", terms=1, goes_live=signed, retention="retensi",
        ))  # fmt: skip
    return out


def planned(count: int) -> tuple[float, int]:
    """CPU seconds to plan so many contracts in one run, and how many steps came of it."""
    unit_id = unit()
    found = contracts(count, unit_id)
    days = Days(workdays.calendar().is_workday)
    gc.collect()
    start = time.process_time()
    flow.register_many(found, PORTAL, days)
    db.session.commit()
    return time.process_time() - start, db.session.scalar(sa.select(sa.func.count(Step.id))) or 0


def rows(model: Any) -> list[dict[str, Any]]:
    """All rows of a table as the bulk insert takes them."""
    columns = [c.key for c in model.__table__.columns]
    found = db.session.execute(sa.select(model.__table__))
    return [dict(zip(columns, row, strict=True)) for row in found]


def bare(tables: list[tuple[Any, list[dict[str, Any]]]]) -> float:
    """CPU seconds to write the same rows with nothing computed."""
    gc.collect()
    start = time.process_time()
    for model, given in tables:
        db.session.execute(sa.insert(model.__table__), given)
    db.session.commit()
    return time.process_time() - start


def main() -> None:
    """Print the seconds, the steps and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    count = CONTRACTS // 10 if parser.parse_args().small else CONTRACTS
    with tempfile.TemporaryDirectory() as one, portal_in(Path(one)):
        took, steps = planned(count)
        kept = [(model, rows(model)) for model in (Contract, Step, StepPlan)]
        units, seats = rows(Unit), rows(Position)
    with tempfile.TemporaryDirectory() as two, portal_in(Path(two)):
        base = bare([(Unit, units), (Position, seats), *kept])
    print(f"{count} contracts, {steps} steps planned in one run: {took:.1f} s of CPU")
    print(f"baseline, bare insert of the same rows: {base:.1f} s of CPU")
    print(f"ratio planning / bare insert: {took / base:.2f}")


if __name__ == "__main__":
    main()
