"""The record: appended only, chained, and its tail held by the daily head."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from portal import clock
from portal.db import db
from portal.people.rules import PORTAL
from portal.trail import flow
from portal.trail.models import TrailEntry, TrailHead

DAY = date(2026, 2, 2)
END = datetime(2026, 2, 2, 16, 0, tzinfo=UTC)


def record(stream: str, n: int) -> None:
    for i in range(n):
        flow.record(stream, "test.act", "thing:1", PORTAL, {"n": i}, {"n": i + 1, "é": "ß"})
    db.session.commit()


def unguarded(statement: str) -> None:
    """Change the record as somebody with the database file could."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("ALTER TABLE trail DISABLE TRIGGER trail_guard"))
    else:
        for verb in ("update", "delete"):
            db.session.execute(sa.text(f"DROP TRIGGER IF EXISTS trail_no_{verb}"))
    db.session.execute(sa.text(statement))
    db.session.commit()


def test_entries_are_numbered_and_chained(app: Flask) -> None:
    record("report:1", 3)
    record("report:2", 1)
    rows = db.session.scalars(sa.select(TrailEntry).order_by(TrailEntry.id)).all()
    assert [(r.stream, r.seq) for r in rows] == [
        ("report:1", 1), ("report:1", 2), ("report:1", 3), ("report:2", 1),
    ]  # fmt: skip
    assert rows[1].prev_hash == rows[0].hash
    assert flow.streams() == ["report:1", "report:2"]
    assert flow.verify_all() == {}


@pytest.mark.parametrize("statement", ["UPDATE trail SET actor = 'x'", "DELETE FROM trail"])
def test_the_database_refuses_to_change_the_record(app: Flask, statement: str) -> None:
    record("report:1", 1)
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(sa.text(statement))
    db.session.rollback()
    assert flow.verify("report:1") is None


@pytest.mark.parametrize(("statement", "seq"), [
    ("UPDATE trail SET actor = 'orang lain' WHERE seq = 2", 2),
    ("UPDATE trail SET after = '{}' WHERE seq = 3", 3),
    ("DELETE FROM trail WHERE seq = 2", 3),
])  # fmt: skip
def test_a_changed_entry_is_named(app: Flask, statement: str, seq: int) -> None:
    record("report:1", 4)
    unguarded(statement)
    db.session.expire_all()
    assert flow.verify("report:1") == seq
    assert flow.verify_all() == {"report:1": seq}


def test_a_cut_off_tail_is_found_by_the_daily_head_only(app: Flask) -> None:
    record("report:1", 3)
    assert flow.keep_head(DAY, END)
    assert not flow.keep_head(DAY, END)
    db.session.commit()
    assert flow.verify_head(DAY, END)
    unguarded("DELETE FROM trail WHERE seq = 3")
    assert flow.verify("report:1") is None
    assert not flow.verify_head(DAY, END)


def test_heads_are_chained_and_later_acts_do_not_disturb_them(app: Flask, still_clock) -> None:
    record("report:1", 1)
    flow.keep_head(DAY, END)
    still_clock(timedelta(days=1))
    record("report:1", 1)
    flow.keep_head(DAY + timedelta(days=1), END + timedelta(days=1))
    db.session.commit()
    assert flow.verify_head(DAY, END)
    assert flow.verify_head(DAY + timedelta(days=1), END + timedelta(days=1))
    newest = flow.last_head()
    assert newest is not None
    assert newest.day == DAY + timedelta(days=1)
    db.session.execute(sa.update(TrailHead).where(TrailHead.day == DAY).values(digest="0" * 64))
    assert not flow.verify_head(DAY + timedelta(days=1), END + timedelta(days=1))


def test_a_rolled_back_act_leaves_no_trace(app: Flask) -> None:
    flow.record("report:1", "test.act", "thing:1", PORTAL)
    db.session.rollback()
    assert flow.streams() == []
    record("report:1", 1)
    assert flow.verify_all() == {}


def test_the_time_of_an_entry_is_the_clocks(app: Flask) -> None:
    record("report:1", 1)
    assert db.session.scalar(sa.select(TrailEntry.at)) == clock.now()
