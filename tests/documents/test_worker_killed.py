"""The power goes in the middle of a build: a real worker on a real Redis, and the next one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bin.setup.processes import until
from portal import store
from portal.config import Config
from portal.db import db
from portal.documents.models import Build, BuildState
from portal.jobs import queue, tick
from tests.documents.conftest import Order
from tests.jobs.conftest import (
    PATIENCE,
    Line,
    forget_heartbeats,
    kill_all,
    redis,
    redis_folder,
    workers,
)

__all__ = ["redis", "redis_folder"]
pytestmark = [pytest.mark.worker, pytest.mark.timeout(300)]

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def config(config: Config, redis: str) -> Config:
    return replace(config, redis_url=redis)


@pytest.fixture
def worker(config: Config, redis: str) -> Iterator[Callable[..., Line]]:
    yield from workers(config, redis)


def state_of(build_id: int) -> str:
    """What the database says now."""
    db.session.rollback()
    return db.session.get_one(Build, build_id).state


def test_killed_in_the_middle_of_a_build_the_next_worker_finishes_it(
    order: Order, worker: Callable[..., Line], config: Config
) -> None:
    build_id = order().id
    assert queue.enqueue("build", build_id)
    first = worker()
    assert until(lambda: state_of(build_id) == BuildState.RUNNING, PATIENCE), "\n".join(first.lines)
    kill_all(first.process.pid)
    first.process.wait()
    assert state_of(build_id) == BuildState.RUNNING

    db.session.execute(sa.update(Build).values(lease_until=LONG_AGO))
    db.session.commit()
    forget_heartbeats(config.redis_url)
    assert tick.tick()["build"] == 1
    assert worker("--burst").process.wait(PATIENCE) == 0
    db.session.rollback()
    build = db.session.get_one(Build, build_id)
    assert (build.state, build.attempts, build.reason) == (BuildState.DONE, 2, "")
    assert sorted(file.format for file in build.files) == ["docx", "pdf"]
    assert store.read(next(f.sha256 for f in build.files if f.format == "pdf"))[:5] == b"%PDF-"
