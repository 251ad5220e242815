"""Two people, two processes, one moment: nothing is lost, doubled or numbered twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa
from flask import Flask

from portal.db import db
from portal.reports import flow, queries
from portal.reports.models import Entry, EntryCell, Receipt, Report, Revision, SaveOp
from portal.trail.flow import verify
from tests.cast import Cast
from tests.reports.conftest import Pick, save


def at_once(app: Flask, works: list[Callable[[], object]]) -> list[object]:
    """Run each in a thread and a session of its own, all starting together."""
    gate = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        with app.app_context():
            gate.wait(20)
            try:
                return work()
            finally:
                db.session.remove()

    db.session.commit()
    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_same_operation_from_two_tabs_acts_once(app: Flask, pick: Pick, cast: Cast) -> None:
    entry_id = pick("pegawai", "DINKES").id
    who = cast.actor("operator_dinkes")

    def work() -> object:
        answer = flow.apply_op(
            db.session.get_one(Entry, entry_id), flow.Op("tab-0001", "c:b1:laki", 0, "7"), who
        )
        db.session.commit()
        return answer

    answers = at_once(app, [work] * 6)
    assert all(a == answers[0] for a in answers)
    cell = db.session.scalars(sa.select(EntryCell)).one()
    assert (cell.value, cell.rev) == ("7", 1)
    assert len(db.session.scalars(sa.select(SaveOp)).all()) == 1


def test_two_people_in_one_table_lose_nothing(app: Flask, pick: Pick, cast: Cast) -> None:
    entry_id = pick("pegawai", "DINKES").id
    people = [cast.actor("operator_dinkes"), cast.actor("operator_dinkes_2")]

    def typing(n: int) -> Callable[[], object]:
        def work() -> object:
            states = []
            for i in range(5):
                op = flow.Op(f"w{n}-{i}", f"c:b{n}:{'laki' if i % 2 else 'perempuan'}", 0, str(i))
                entry = db.session.get_one(Entry, entry_id)
                states.append(flow.apply_op(entry, op, people[n % 2]).status)
                db.session.commit()
            return states

        return work

    at_once(app, [typing(n) for n in range(4)])
    entry = db.session.get_one(Entry, entry_id)
    rows = queries.content_of(entry).rows
    assert sorted(r.uid for r in rows) == ["b0", "b1", "b2", "b3"]
    assert all(set(r.cells) == {"laki", "perempuan"} for r in rows)
    numbers = db.session.scalars(sa.select(Revision.n).order_by(Revision.n)).all()
    assert list(numbers) == list(range(1, len(numbers) + 1))


def test_kirim_at_once_has_one_winner_and_numbers_without_gaps(
    app: Flask, report: Report, pick: Pick, cast: Cast
) -> None:
    one, two = pick("uraian", item="kesehatan"), pick("pegawai", "DINKES")
    save(one, cast, "operator_dinkes", "f:text", "<p>Lima kata ada di sini.</p>")
    for target, value in (("c:b1:jabatan", "Dokter"), ("c:b1:laki", "3")):
        save(two, cast, "operator_dinkes", target, value)
    who, report_id = cast.actor("operator_dinkes"), report.id
    ids = [(one.id, one.version), (two.id, two.version)]

    def sending(entry_id: int, version: int) -> Callable[[], object]:
        def work() -> object:
            try:
                flow.act(db.session.get_one(Entry, entry_id), "kirim", who, version)
                db.session.commit()
                return "ok"
            except flow.Refused as no:
                db.session.rollback()
                return "stale" if no.stale else no.sentence

        return work

    results = at_once(app, [sending(*ids[n % 2]) for n in range(6)])
    assert sorted(map(str, results)) == ["ok", "ok", "stale", "stale", "stale", "stale"]
    assert db.session.scalars(sa.select(Receipt.n).order_by(Receipt.n)).all() == [1, 2]
    assert verify(f"report:{report_id}") is None


def test_opening_at_once_makes_one_report(app: Flask, cast: Cast) -> None:
    who = cast.actor("sekretariat")

    def work() -> object:
        made = flow.open_report("lppd", 2025, actor=who)
        db.session.commit()
        return made.report.id

    assert len(set(at_once(app, [work] * 3))) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Entry)) == 13
