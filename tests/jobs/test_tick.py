"""One ticker at a time; a room that fails does not silence the others."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.jobs import queue, tick
from tests.jobs import parcel

MINUTE = timedelta(minutes=1)


def test_the_first_has_the_right_and_keeps_it(app: Flask) -> None:
    assert tick.take("tick", "a", MINUTE)
    assert not tick.take("tick", "b", MINUTE)
    assert tick.take("tick", "a", MINUTE)


def test_a_dead_holder_loses_the_right(app: Flask, still_clock) -> None:
    assert tick.take("tick", "a", MINUTE)
    still_clock(2 * MINUTE)
    assert tick.take("tick", "b", MINUTE)
    assert not tick.take("tick", "a", MINUTE)


def test_a_holder_who_leaves_lets_the_next_one_in(app: Flask) -> None:
    tick.take("tick", "a", MINUTE)
    tick.give_back("tick", "b")
    assert not tick.take("tick", "b", MINUTE)
    tick.give_back("tick", "a")
    assert tick.take("tick", "b", MINUTE)


def test_one_failing_room_does_not_silence_the_others(
    app: Flask, parcels: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    parcel.create()
    parcel.post(1, 2)
    sent: list[tuple[str, int]] = []
    monkeypatch.setattr(tick, "SWEEPS", {
        "broken": "tests.jobs.test_tick:broken",
        "absent": "tests.jobs.no_such_room:sweep",
        "parcel": "tests.jobs.parcel:sweep",
    })  # fmt: skip
    monkeypatch.setattr(
        queue, "enqueue", lambda name, row_id: bool(sent.append((name, row_id))) or 1
    )
    assert tick.tick() == {"broken": 0, "absent": 0, "parcel": 2}
    assert sent == [("parcel", 1), ("parcel", 2)]
    assert "the sweep of broken failed" in caplog.text


def broken() -> list[int]:
    raise RuntimeError("a room with a hole in its roof")


def test_the_command_ticks_once(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["tick"])
    assert answer.exit_code == 0, answer.output
    assert "build: 0" in answer.output
