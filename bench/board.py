"""The leader's board over 2,000 contracts beside a page of the same size that asks nothing.

    python -m bench.board            # 2,000 contracts
    python -m bench.board --small    # a tenth of it

Baseline "static": the same bytes, rendered once, answered by a view of the same portal to the same
signed-in reader, through the same middleware. The board reads sums that are kept until something
changes; what making them anew costs is told beside it.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bench.contracts import portal_in
from portal import clock
from portal.absorption import flow, sums
from portal.absorption.flow import NewSp2d
from portal.absorption.models import BoardSums
from portal.budget.models import BudgetLine, CashPlan
from portal.contracts.models import Billing, Contract, ContractFund, Step
from portal.db import db
from portal.people import queries as people
from portal.people import workdays
from portal.people.models import Person, Position, Term, Unit, UnitVersion
from portal.people.rules import Permission
from portal.web.gate import needs
from portal.works.models import Progress

UNITS, ROUNDS, LIMIT = 40, 30, 10
STEPS = 75


def fill(count: int, today: date) -> int:
    """Units with money and ``count`` contracts of 75 steps; the id of a pimpinan."""
    since, year = date(2021, 1, 4), today.year
    ids = []
    for n in range(UNITS):
        made = Unit(code=f"D{n:02d}")
        db.session.add(made)
        db.session.flush()
        db.session.add(UnitVersion(unit_id=made.id, name=f"Dinas {n}", short_name=f"D{n}",
                                   kind="dinas", valid_from=since, position=n))  # fmt: skip
        db.session.add(BudgetLine(year=year, unit_id=made.id, kode="1.03.10.2.01.0005",
                                  uraian="Jalan", pagu=Decimal(10**11), heads={}))  # fmt: skip
        db.session.add_all(CashPlan(year=year, unit_id=made.id, month=m, rencana=Decimal(8 * 10**9))
                           for m in range(1, 13))  # fmt: skip
        ids.append(made.id)
    db.session.flush()
    signed = today - timedelta(days=120)
    db.session.execute(sa.insert(Contract), [
        {"unit_id": ids[n % UNITS], "number": f"602/{n}", "title": f"Jalan {n}",
         "state": "berjalan",
         "year": year, "type": "konstruksi", "method": "tender", "value": Decimal(10**9),
         "fund": "PEN", "vendor": "CV", "signed_on": signed, "starts_on": signed,
         "ends_on": today + timedelta(days=n % 90), "goes_live": signed,
         "created_at": clock.now()} for n in range(count)
    ])  # fmt: skip
    contracts = list(db.session.scalars(sa.select(Contract.id)))
    db.session.execute(sa.insert(ContractFund), [
        {"contract_id": c, "fund": "PEN", "amount": Decimal(10**9)} for c in contracts
    ])  # fmt: skip
    db.session.execute(sa.insert(Billing), [
        {"contract_id": c, "instance": f"t{t}", "kind": "termin", "title": f"Termin {t}",
         "position": t, "amount": Decimal(25 * 10**7)} for c in contracts for t in (1, 2, 3, 4)
    ])  # fmt: skip
    db.session.execute(sa.insert(Progress), [
        {"contract_id": c, "week": w, "plan": 1, "on": signed + timedelta(days=7 * w),
         "planned": Decimal(4 * w), "actual": Decimal(3 * w), "note": "", "at": clock.now(),
         "percents": {}, "by_label": ""} for c in contracts for w in range(1, 17)
    ])  # fmt: skip
    rows = []
    for c in contracts:
        for n in range(STEPS):
            bill, key = (f"t{n}", "sp2d") if 1 <= n <= 4 else ("", f"k{n}")
            ready = n in (2, 3)
            rows.append({
                "contract_id": c, "key": key, "instance": bill, "position": n, "title": f"L{n}",
                "phase": "9_pembayaran" if bill else "7_pelaksanaan", "holder": "bud",
                "desk": "bpkad_bud", "state": "done" if n < 2 else "open",
                "due_on": today - timedelta(days=5) if ready and c % 4 == 0 else
                today + timedelta(days=n), "ready_on": signed if ready else None,
                "done_on": signed if n < 2 else None,
            })  # fmt: skip
    for n in range(0, len(rows), 20_000):
        db.session.execute(sa.insert(Step), rows[n : n + 20_000])
    flow.add([NewSp2d(f"{c}/{m}", date(year, m, 5), ids[c % UNITS], Decimal(10**7), fund="PEN",
                      contract_id=c) for c in contracts for m in (1, 2)])  # fmt: skip
    person = Person(name="Bupati", login="bupati", must_change_password=False)
    seat = Position(unit_id=ids[0], role="pimpinan", title="Bupati")
    db.session.add_all([person, seat])
    db.session.flush()
    db.session.add(Term(person_id=person.id, position_id=seat.id, valid_from=since))
    db.session.commit()
    return person.id


def enter(app: Flask, person_id: int) -> FlaskClient:
    """A browser of the pimpinan."""
    client = app.test_client()
    epoch = db.session.scalar(sa.select(Person.session_epoch).where(Person.id == person_id))
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = f"{person_id}:{epoch}", True
    return client


def seconds(rounds: int, *works: Callable[[], object]) -> list[float]:
    """CPU seconds of each work, the median of some rounds in turn: other programs count little."""
    took: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, mine in zip(works, took, strict=True):
            start = time.process_time()
            work()
            mine.append(time.process_time() - start)
    return [statistics.median(mine[1:]) for mine in took]


def main(count: int) -> int:
    """Measure; 1 when the board costs more than ten times the page."""
    kept: dict[str, str] = {}

    @needs(Permission.SUMMARY_READ)
    def same() -> str:
        return kept["page"]

    with tempfile.TemporaryDirectory() as folder, portal_in(Path(folder)) as app:
        app.add_url_rule("/tetap", "bench.same", same)
        today = people.today()
        client = enter(app, fill(count, today))

        def get(path: str) -> str:
            with app.app_context():
                found = client.get(path)
            if found.status_code != 200:
                raise SystemExit(f"{path}: {found.status_code}")
            return found.text

        kept["page"] = get("/ringkasan")
        steps = db.session.scalar(sa.select(sa.func.count(Step.id)))
        static, board = seconds(ROUNDS, lambda: get("/tetap"), lambda: get("/ringkasan"))

        def anew() -> None:
            db.session.execute(sa.delete(BoardSums))
            db.session.commit()
            sums.kept(today, workdays.calendar().is_workday)

        (made,) = seconds(3, anew)
    ratio = board / static
    print(f"{count} contracts, {steps} open and done steps, page of {len(kept['page'])} letters")
    print(f"static page      {static * 1000:8.1f} ms")
    print(f"leader's board   {board * 1000:8.1f} ms   {ratio:.1f} times (at most {LIMIT})")
    print(f"sums made anew   {made * 1000:8.1f} ms   by the ticker after a change;"
          " by a reader at most once a minute")  # fmt: skip
    return int(ratio > LIMIT)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    raise SystemExit(main(200 if parser.parse_args().small else 2000))
