"""A real Redis, a real worker process, and a job small enough to look into."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.app import create_app
from portal.config import ROOT, Config
from portal.db import db
from portal.jobs import own_redis, queue
from tests.jobs import parcel

#: How long a test waits for another process before it fails, seconds.
PATIENCE = 60

#: Address of a Redis that is away.
NOWHERE = "unix:///nonexistent/redis.sock"


class Line:
    """The lines that a process prints, to be waited for without sleeping."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self.told = threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for text in self.process.stdout or ():
            with self.told:
                self.lines.append(text.rstrip())
                self.told.notify_all()

    def wait_for(self, part: str, seen: int = 0) -> str:
        """The first line after ``seen`` that holds ``part``; fails after PATIENCE."""

        def found() -> str | None:
            return next((text for text in self.lines[seen:] if part in text), None)

        with self.told:
            assert self.told.wait_for(lambda: found() is not None, PATIENCE), "\n".join(self.lines)
            return found() or ""


@pytest.fixture
def redis_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A short folder: a Unix socket's path may have 107 bytes only."""
    folder = Path(tempfile.mkdtemp(prefix="selaras-t"))
    yield folder
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


@pytest.fixture
def redis(redis_folder: Path) -> Iterator[str]:
    """Address of a real Redis of this test."""
    if own_redis.program() is None:
        if os.environ.get("SELARAS_TEST_COMPLETE"):
            pytest.fail("redis-server is not installed")
        pytest.skip("redis-server is not installed; bin/test installs it")
    path = redis_folder / "redis.sock"
    process = own_redis.start(redis_folder, path)
    yield f"unix://{path}"
    own_redis.stop(process)


@pytest.fixture
def parcels(monkeypatch: pytest.MonkeyPatch) -> None:
    """The job "parcel" and its sweep beside the real ones, in this process."""
    monkeypatch.setattr(queue, "JOBS", dict(queue.JOBS))
    parcel.register(queue.JOBS)


@pytest.fixture
def post_office(tmp_path: Path, redis: str, parcels: None) -> Iterator[Flask]:
    """A portal on a file database, with the parcel table, whose courier is a real Redis."""
    config = Config(
        instance=tmp_path, database_url=f"sqlite:///{tmp_path / 'post.db'}", secret_key="-",
        redis_url=redis, testing=True,
    )  # fmt: skip
    app = create_app(config)
    with app.app_context():
        db.create_all()
        parcel.create()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def worker(post_office: Flask, redis: str) -> Iterator[Callable[..., Line]]:
    """Starts real worker processes for the post office."""
    yield from workers(post_office.config["SELARAS"], redis)


def workers(config: Config, redis: str) -> Iterator[Callable[..., Line]]:
    """Yields a function that starts what worker.py starts, with the job "parcel" registered."""
    started: list[Line] = []

    def start(*arguments: str) -> Line:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.parcel", *arguments], cwd=ROOT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "SELARAS_INSTANCE": str(config.instance),
                 "SELARAS_DATABASE_URL": config.database_url,
                 "SELARAS_REDIS_URL": NOWHERE if "--away" in arguments else redis,
                 "TEST_TEMPLATES": str(config.templates), "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        started.append(Line(process))
        return started[-1]

    yield start
    for line in started:
        if line.process.poll() is None:
            os.killpg(line.process.pid, signal.SIGKILL)
        line.process.wait()
        if line.process.stdout:
            line.reader.join(5)
            line.process.stdout.close()


def kill_all(pid: int) -> None:
    """SIGKILL for a process and everything below it, as when the power goes."""
    below = children(pid)
    os.kill(pid, signal.SIGKILL)
    for child in below:
        kill_all(child)


def children(pid: int) -> list[int]:
    """Processes that ``pid`` has started and that still run."""
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def forget_heartbeats(url: str) -> None:
    """Two minutes pass without a sign of life from a killed worker."""
    client = queue.connect(url)
    for key in client.scan_iter("rq:execution:*"):
        client.hset(key, "last_heartbeat", 0)


def states() -> dict[int, tuple[str, int]]:
    """State and attempts of every parcel."""
    db.session.rollback()
    rows = db.session.execute(sa.text("SELECT id, state, attempts FROM parcel ORDER BY id"))
    return {row.id: (row.state, row.attempts) for row in rows}
