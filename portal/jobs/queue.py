"""The only place that knows RQ: which jobs there are, how one is sent and how one is run.

The database is the queue of record, Redis is a courier: a row is queued
before its job is, so a courier that is away costs minutes and never an order.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from flask import Flask, current_app, has_app_context
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job, JobStatus

from portal.db import db

log = logging.getLogger("selaras.jobs")


@dataclass(frozen=True)
class Kind:
    """What a job's name stands for: a function of a row id, its queue, seconds allowed."""

    function: str  # "portal.documents.flow:run_build"
    queue: str
    timeout: int


#: Messages have a queue of their own, so that a book of 500 pages does not hold up a reminder.
JOBS: dict[str, Kind] = {
    "build": Kind("portal.documents.flow:run_build", "susun", 3600),
    "message": Kind("portal.notices.flow:send_message", "pesan", 120),
}

#: RQ keeps a failed job this long (seconds) for the admin; the state users see is in our row.
FAILURE_TTL = 24 * 3600

_app: Flask | None = None


def queues() -> tuple[str, ...]:
    """Names of all queues, the short jobs first."""
    kinds = sorted(JOBS.values(), key=lambda kind: kind.timeout)
    return tuple(dict.fromkeys(kind.queue for kind in kinds))


def connect(url: str, patient: bool = False) -> Redis:
    """A Redis client for ``url``; not ``patient`` gives up within two seconds (web requests)."""
    if patient:
        return Redis.from_url(url, socket_connect_timeout=5, health_check_interval=30)
    return Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2)


def enqueue(name: str, row_id: int) -> bool:
    """Send the job of a committed row to the workers; True when it lies in the queue.

    Call after the commit. Asking twice sends it once. When Redis is away the row stays queued,
    the log says so, and the next tick sends it; a request never fails for it.
    """
    kind = JOBS[name]
    url = current_app.config["SELARAS"].redis_url
    if not url:
        log.info("no Redis configured, %s %s waits in the database", name, row_id)
        return False
    try:
        return _send(_client(url), kind, name, row_id)
    except (RedisError, OSError) as error:
        log.warning(
            "Redis is away (%s): %s %s stays queued in the database and is sent by the next tick",
            error, name, row_id,
        )  # fmt: skip
        return False


def _client(url: str) -> Redis:
    clients: dict[str, Redis] = current_app.extensions.setdefault("selaras_redis", {})
    if url not in clients:
        clients[url] = connect(url)
    return clients[url]


def _send(client: Redis, kind: Kind, name: str, row_id: int) -> bool:
    queue = Queue(kind.queue, connection=client)
    job_id = f"{name}-{row_id}"
    for _ in range(2):
        try:
            queue.enqueue(
                "portal.jobs.queue.run", name, row_id, job_id=job_id, unique=True,
                job_timeout=kind.timeout, result_ttl=0, failure_ttl=FAILURE_TTL,
            )  # fmt: skip
        except DuplicateJobError:
            if _under_way(client, queue, job_id):
                return True
            _forget(client, job_id)
        else:
            return True
    return False


def _under_way(client: Redis, queue: Queue, job_id: str) -> bool:
    """Whether the job really waits or runs; a job of a killed worker does neither."""
    try:
        job = Job.fetch(job_id, connection=client)
    except NoSuchJobError:
        return False
    if job.get_status() == JobStatus.STARTED:
        now = datetime.now(UTC)  # of the machine: heartbeats know no clock of ours
        return any(run.last_heartbeat and (now - run.last_heartbeat).total_seconds() < 120
                   for run in job.get_executions())  # fmt: skip
    return job.get_status() == JobStatus.QUEUED and queue.get_job_position(job_id) is not None


def _forget(client: Redis, job_id: str) -> None:
    try:
        Job.fetch(job_id, connection=client).delete()
    except NoSuchJobError:
        client.delete(Job.key_for(job_id))  # a broken hash without a job


def use(app: Flask) -> None:
    """Name the app that ``run`` works in; a worker's parent calls it once before it forks."""
    global _app  # noqa: PLW0603 - one app for a worker process, by design
    _app = app


def function(name: str) -> Callable[[int], Any]:
    """The function behind a job's name; an unknown name raises KeyError."""
    module, _, attribute = JOBS[name].function.partition(":")
    found: Callable[[int], Any] = getattr(import_module(module), attribute)
    return found


def run(name: str, row_id: int) -> None:
    """Do the job ``name`` for row ``row_id``: inside an app context, with a fresh session.

    The function claims its row, and returns at once when somebody else has it, so running twice is
    harmless. Works in a forked worker of ``work`` only, or where an app context is open already.
    """
    if has_app_context():
        function(name)(row_id)
        return
    if _app is None:
        raise RuntimeError("no app named: start the worker with worker.py, not with `rq worker`")
    with _app.app_context():
        db.engine.dispose(close=False)  # connections of the parent are not ours to close
        began = time.monotonic()
        log.info("%s %s mulai", name, row_id)
        try:
            function(name)(row_id)
            log.info("%s %s selesai dalam %.1f detik", name, row_id, time.monotonic() - began)
        except Exception:
            log.exception("%s %s gagal; keadaan barisnya dibaca ulang nanti", name, row_id)
            raise
        finally:
            db.session.remove()
            db.engine.dispose()
