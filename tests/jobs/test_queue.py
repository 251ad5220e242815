"""Jobs are sent after their row, once, and never at the cost of a request."""

import logging
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from rq import Queue

from portal.jobs import queue, tick
from portal.jobs.own_redis import RedisError, start, stop
from tests.jobs import parcel
from tests.jobs.conftest import NOWHERE, states


def _waiting(app: Flask) -> list[str]:
    client = Redis.from_url(app.config["SELARAS"].redis_url)
    return [job_id for name in queue.queues() for job_id in Queue(name, connection=client).job_ids]


def test_short_jobs_come_first() -> None:
    assert queue.queues() == ("pesan", "susun")


def test_asked_twice_is_sent_once(post_office: Flask) -> None:
    parcel.post(7)
    assert queue.enqueue("parcel", 7)
    assert queue.enqueue("parcel", 7)
    assert _waiting(post_office) == ["parcel-7"]


def test_each_row_is_a_job_of_its_own(post_office: Flask) -> None:
    parcel.post(1, 2)
    assert queue.enqueue("parcel", 1) and queue.enqueue("parcel", 2)
    assert _waiting(post_office) == ["parcel-1", "parcel-2"]


def test_redis_away_leaves_the_row_queued(
    app: Flask, parcels: None, caplog: pytest.LogCaptureFixture
) -> None:
    object.__setattr__(app.config["SELARAS"], "redis_url", NOWHERE)
    with caplog.at_level(logging.WARNING):
        assert queue.enqueue("parcel", 1) is False
    assert "parcel 1 stays queued in the database" in caplog.text


def test_without_redis_the_row_waits(app: Flask, parcels: None) -> None:
    assert queue.enqueue("parcel", 1) is False


def test_unknown_names_are_a_mistake(app: Flask) -> None:
    with pytest.raises(KeyError):
        queue.enqueue("nonsense", 1)


def test_every_job_and_sweep_names_a_real_function(app: Flask) -> None:
    for name in queue.JOBS:
        assert callable(queue.function(name))
    for dotted in tick.SWEEPS.values():
        assert callable(tick._function(dotted))


def test_a_job_outside_a_worker_says_how_to_start_one(
    parcels: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "_app", None)
    with pytest.raises(RuntimeError, match=r"worker\.py"):
        queue.run("parcel", 1)


def test_a_job_runs_in_the_context_it_finds(post_office: Flask) -> None:
    parcel.post(3)
    queue.run("parcel", 3)
    assert states() == {3: ("done", 1)}


def test_running_twice_acts_once(post_office: Flask) -> None:
    parcel.post(3)
    queue.run("parcel", 3)
    queue.run("parcel", 3)
    assert states() == {3: ("done", 1)}


def test_a_redis_that_cannot_start_says_why(
    redis_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SELARAS_REDIS_SERVER", "/bin/false")
    with pytest.raises(RedisError, match=r"redis\.log"):
        start(redis_folder, redis_folder / "redis.sock")


def test_what_was_sent_survives_the_death_of_redis(
    app: Flask, parcels: None, redis_folder: Path
) -> None:
    path = redis_folder / "redis.sock"
    object.__setattr__(app.config["SELARAS"], "redis_url", f"unix://{path}")
    first = start(redis_folder, path)
    assert queue.enqueue("parcel", 5)
    first.kill()
    first.wait()
    again = start(redis_folder, path)
    assert _waiting(app) == ["parcel-5"]
    stop(again)


def test_our_redis_is_closed_to_the_network(redis: str, redis_folder: Path) -> None:
    client = Redis.from_url(redis)
    assert client.config_get("port") == {"port": "0"}
    assert (redis_folder / "redis.sock").stat().st_mode & 0o777 == 0o600
    assert redis_folder.stat().st_mode & 0o777 == 0o700
