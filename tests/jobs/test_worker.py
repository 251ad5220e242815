"""A real worker process on a real Redis: killed, asked to stop, left alone."""

import os
import signal
from collections.abc import Callable

import pytest
from flask import Flask
from rq.registry import FailedJobRegistry

from bin.setup.processes import until
from portal.jobs import queue, tick
from tests.jobs import parcel
from tests.jobs.conftest import PATIENCE, Line, children, forget_heartbeats, kill_all, states

pytestmark = [pytest.mark.long, pytest.mark.worker, pytest.mark.timeout(120)]


@pytest.fixture(autouse=True)
def only_parcels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tick, "SWEEPS", {"parcel": "tests.jobs.parcel:sweep"})


def test_a_row_is_delivered(post_office: Flask, worker: Callable[..., Line]) -> None:
    parcel.post(1)
    queue.enqueue("parcel", 1)
    assert worker("--burst").process.wait(PATIENCE) == 0
    assert states() == {1: ("done", 1)}


def test_a_forgotten_row_is_found_by_the_tick(
    post_office: Flask, worker: Callable[..., Line]
) -> None:
    parcel.post(1)  # its job was never sent: Redis was away
    assert tick.tick() == {"parcel": 1}
    assert worker("--burst").process.wait(PATIENCE) == 0
    assert states() == {1: ("done", 1)}


def test_killed_in_the_middle_of_a_job_the_next_worker_does_it(
    post_office: Flask, worker: Callable[..., Line]
) -> None:
    parcel.post(1)
    os.mkfifo(parcel.gate(1))
    queue.enqueue("parcel", 1)
    first = worker()
    first.wait_for("parcel 1 on its way")
    kill_all(first.process.pid)
    first.process.wait()
    assert states() == {1: ("running", 1)}
    forget_heartbeats(post_office.config["SELARAS"].redis_url)
    parcel.gate(1).unlink()
    assert tick.tick() == {"parcel": 1}
    assert worker("--burst").process.wait(PATIENCE) == 0
    assert states() == {1: ("done", 2)}


def test_only_the_job_killed_the_same_worker_goes_on(
    post_office: Flask, worker: Callable[..., Line]
) -> None:
    parcel.post(1)
    os.mkfifo(parcel.gate(1))
    queue.enqueue("parcel", 1)
    line = worker()
    line.wait_for("parcel 1 on its way")
    for child in children(line.process.pid):  # out of memory looks like this
        os.kill(child, signal.SIGKILL)
    line.wait_for("terminated unexpectedly")
    parcel.gate(1).unlink()
    client = queue.connect(post_office.config["SELARAS"].redis_url)
    assert until(FailedJobRegistry("susun", connection=client).get_job_count, PATIENCE)
    assert tick.tick() == {"parcel": 1}
    line.wait_for("parcel 1 delivered")
    assert states() == {1: ("done", 2)}


def test_asked_to_stop_it_finishes_the_job_at_hand(
    post_office: Flask, worker: Callable[..., Line]
) -> None:
    parcel.post(1, 2)
    os.mkfifo(parcel.gate(1))
    queue.enqueue("parcel", 1)
    queue.enqueue("parcel", 2)
    line = worker()
    line.wait_for("parcel 1 on its way")
    line.process.terminate()
    with parcel.gate(1).open("w") as gate:
        gate.write("go")
    assert line.process.wait(PATIENCE) == 0
    assert states() == {1: ("done", 1), 2: ("queued", 0)}


def test_without_a_courier_it_waits_and_can_be_stopped(
    post_office: Flask, worker: Callable[..., Line]
) -> None:
    line = worker("--away")
    line.wait_for("Redis belum menjawab")
    line.process.terminate()
    assert line.process.wait(PATIENCE) == 0
