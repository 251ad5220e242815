"""A tick with 150,000 open steps of which 500 are due, against 5,000 open of which 500 are due.

``python -m bench.notices``: the same 500 due steps in both; the ratio of CPU seconds must stay
under 3. The first tick writes 500 notices, the second finds nothing new: that is what runs every
twenty seconds.
"""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from portal import clock
from portal import db as database
from portal.app import MODELS
from portal.config import Config
from portal.contracts.models import Contract, ContractRole, Step
from portal.db import Base, db
from portal.notices import flow
from portal.people.models import Person, Position, Term, Unit, UnitVersion

NOW = datetime(2026, 2, 3, 0, 0, tzinfo=UTC)  # Tuesday 08.00 WITA
TODAY = date(2026, 2, 3)
SINCE = date(2021, 1, 1)
DUE = 500
EACH = 75  # steps of one contract
ROUNDS = 5


def fill(steps: int) -> None:
    """So many open steps in contracts of 75, DUE of them with a limit tomorrow."""
    db.session.execute(sa.insert(Unit), [{"id": 1, "code": "DPUPR"}])
    db.session.execute(sa.insert(UnitVersion), [
        {"unit_id": 1, "valid_from": date(2021, 1, 1), "name": "Dinas", "short_name": "DPUPR",
         "kind": "dinas", "position": 1}])  # fmt: skip
    people = range(1, 201)
    db.session.execute(sa.insert(Person), [
        {"id": n, "login": f"p{n}", "name": f"Orang {n}"} for n in people])  # fmt: skip
    db.session.execute(sa.insert(Position), [
        {"id": n, "unit_id": 1, "role": "ppk", "title": f"PPK {n}"} for n in people])  # fmt: skip
    db.session.execute(sa.insert(Term), [
        {"position_id": n, "person_id": n, "valid_from": SINCE} for n in people])  # fmt: skip
    contracts = range(1, steps // EACH + 2)
    common = {"unit_id": 1, "title": "Jalan", "type": "konstruksi", "method": "tender",
              "value": Decimal(1), "fund": "DAU", "vendor": "CV", "signed_on": date(2026, 1, 5),
              "starts_on": date(2026, 1, 5), "ends_on": date(2026, 12, 1),
              "goes_live": date(2026, 1, 5), "created_at": NOW}  # fmt: skip
    db.session.execute(sa.insert(Contract), [
        {"id": n, "number": f"602/{n}", **common} for n in contracts])  # fmt: skip
    db.session.execute(sa.insert(ContractRole), [
        {"contract_id": n, "role": "ppk", "position_id": n % 200 + 1}
        for n in contracts])  # fmt: skip
    gap = max(1, steps // DUE)
    rows = []
    for n in range(steps):
        due = n % gap == 0 and n // gap < DUE
        rows.append({
            "contract_id": n // EACH + 1, "key": f"s{n % EACH}", "position": n % EACH,
            "title": f"Tahap {n % EACH}", "holder": "ppk", "state": "open",
            "due_on": TODAY + timedelta(days=1 if due else 30 + n % 300),
            "ready_on": TODAY if due else None, "others": [], "after": [],
        })  # fmt: skip
    for start in range(0, steps, 20_000):
        db.session.execute(sa.insert(Step), rows[start : start + 20_000])
    db.session.commit()
    db.session.execute(sa.text("ANALYZE"))
    db.session.commit()


def measure(steps: int) -> tuple[float, float]:
    """CPU seconds of the first tick and of an idle one (the best of ROUNDS)."""
    with tempfile.TemporaryDirectory() as folder:
        app = Flask("bench")
        url = f"sqlite:///{folder}/bench.db"
        app.config["SELARAS"] = Config(Path(folder), url, "bench", testing=True)
        app.config["SQLALCHEMY_DATABASE_URI"] = url
        for name in MODELS:
            import_module(name)
        database.init_app(app)
        with app.app_context(), clock.frozen(NOW):
            Base.metadata.create_all(db.engine)
            fill(steps)
            flow.recipients.on(TODAY)  # what is loaded once: code, calendar
            first = timed()
            idle = min(timed() for _ in range(ROUNDS))
            count = db.session.scalar(sa.text("SELECT count(*) FROM notice"))
            assert count == DUE, count  # noqa: S101 - the bench measures what it says
            db.session.remove()
            db.engine.dispose()
    return first, idle


def timed() -> float:
    began = time.process_time()
    flow.tick()
    return time.process_time() - began


def main() -> None:
    print(f"{'open steps':>12} {'first tick':>12} {'idle tick':>12}")
    found = {}
    for steps in (5_000, 150_000):
        found[steps] = measure(steps)
        print(f"{steps:>12,} {found[steps][0]:>10.2f} s {found[steps][1]:>10.3f} s")
    first, idle = (found[150_000][n] / found[5_000][n] for n in (0, 1))
    print(f"ratio: first {first:.2f}, idle {idle:.2f} (at most 3)")


if __name__ == "__main__":
    main()
