"""The worker: takes jobs from Redis and does each in a fork of its own."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from importlib import import_module

from flask import Flask
from redis.exceptions import RedisError
from rq import Worker

from portal.db import db
from portal.jobs import queue

log = logging.getLogger("selaras.jobs")

#: Imported before the fork, so that a job does not pay for it.
HEAVY = ("weasyprint", "pikepdf", "docx", "lxml.etree")


def _wait_for_redis(url: str, stop: threading.Event) -> bool:
    client, told = queue.connect(url), False
    while not stop.is_set():
        try:
            client.ping()
            return True
        except (RedisError, OSError) as error:
            if not told:
                log.warning("Redis belum menjawab (%s); pekerja menunggu.", error)
                told = True
            stop.wait(2)
    return False


def _import_heavy() -> None:
    for name in HEAVY:
        try:
            import_module(name)
        except (ImportError, OSError) as error:  # OSError: Pango is missing
            log.warning("%s tidak dapat dimuat: %s", name, error)


def work(app: Flask, burst: bool = False) -> int:
    """Work until SIGTERM or SIGINT (the job at hand is finished first); returns the exit code.

    ``burst`` ends when the queues are empty. The parent holds no database connection: every
    job runs in a fork, which opens its own and gives its memory back when it ends.
    """
    config = app.config["SELARAS"]
    if not config.redis_url:
        print(
            "Pekerja memerlukan Redis. Jalankan bin/run, atau isi SELARAS_REDIS_URL, "
            "mis. SELARAS_REDIS_URL=redis://127.0.0.1:6379/0",
            file=sys.stderr,
        )
        return 2
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    log.setLevel(logging.INFO)
    os.nice(config.worker_nice)
    queue.use(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    _import_heavy()
    if not _wait_for_redis(config.redis_url, stop):
        return 0
    worker = Worker(queue.queues(), connection=queue.connect(config.redis_url, patient=True))
    worker.log.setLevel(logging.WARNING)
    log.info("pekerja siap, antrean: %s", ", ".join(queue.queues()))
    worker.work(burst=burst, with_scheduler=False, logging_level="WARNING")
    log.info("pekerja berhenti")
    return 0
