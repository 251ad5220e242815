"""The one ticker: find every row that waits and send its job.

A tick is level-triggered: it asks what should exist or run by now and does not. A doubled tick
does nothing more, and a missed one is made up by the next.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from importlib import import_module

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import db
from portal.jobs import queue
from portal.jobs.models import Lease

log = logging.getLogger("selaras.jobs")

#: job name -> function that writes what is due and returns the ids of the rows to send.
SWEEPS: dict[str, str] = {
    "build": "portal.documents.flow:sweep",
    "contracts": "portal.contracts.reshape:tick",
    "message": "portal.notices.flow:tick",
    "reports": "portal.reports.flow:tick",
    "checks": "portal.checks.flow:tick",
    "boards": "portal.absorption.sums:tick",
    "trail": "portal.people.flow_region:keep_trail_head",
    "demo": "portal.demo.books:tick",
}

#: Seconds between two ticks, and how long a ticker that died keeps the others waiting.
EVERY = 20
LEASE = timedelta(seconds=90)


def tick() -> dict[str, int]:
    """Sweep every room once; returns how many jobs were sent, by name.

    One room that fails does not keep the others waiting; its error is logged.
    """
    sent: dict[str, int] = {}
    for name, dotted in SWEEPS.items():
        try:
            sweep = _function(dotted)
            due = list(sweep() or ()) if sweep else []
            db.session.commit()
        except Exception:
            log.exception("the sweep of %s failed; the next tick tries again", name)
            db.session.rollback()
            due = []
        sent[name] = sum(queue.enqueue(name, row_id) for row_id in due)
    return sent


def _function(dotted: str) -> Callable[[], Iterable[int] | None] | None:
    module, _, attribute = dotted.partition(":")
    try:
        return getattr(import_module(module), attribute, None)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        return None  # a room that this installation does not have


def me() -> str:
    """This process, by a name that no other has at the same time."""
    return f"{socket.gethostname()}:{os.getpid()}"


def take(name: str, holder: str, span: timedelta) -> bool:
    """Take or prolong the right ``name`` for ``span``; False while somebody else has it.

    Commits: the lease must be seen by the others before the work begins.
    """
    now = clock.now()
    changed = db.session.execute(
        sa.update(Lease)
        .where(Lease.name == name, sa.or_(Lease.holder == holder, Lease.until < now))
        .values(holder=holder, until=now + span)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount == 0 and db.session.get(Lease, name) is None:  # type: ignore[attr-defined]
        db.session.add(Lease(name=name, holder=holder, until=now + span))
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            return False
        return True
    db.session.commit()
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def give_back(name: str, holder: str) -> None:
    """Let the next one have the right at once (a ticker that ends in good order)."""
    db.session.execute(sa.delete(Lease).where(Lease.name == name, Lease.holder == holder))
    db.session.commit()


def keep_ticking(stop: threading.Event, every: float = EVERY) -> None:
    """Tick until ``stop`` is set; a second ticker waits quietly for the first one's lease."""
    holder, leading = me(), None
    while not stop.is_set():
        try:
            mine = take("tick", holder, LEASE)
            if mine is not leading:
                log.info(
                    "%s",
                    "pengatur waktu bekerja"
                    if mine
                    else "pengatur waktu lain sedang bekerja; menunggu",
                )
                leading = mine
            if mine:
                for name, count in tick().items():
                    if count:
                        log.info("%s: %d dikirim ke antrean", name, count)
        except Exception:
            log.exception("a tick failed; the next one tries again")
            db.session.rollback()
        finally:
            db.session.remove()
        stop.wait(every)
    give_back("tick", holder)
