"""A job that keeps the job contract and is small enough to be killed in the middle.

A parcel waits at a gate: a named pipe. The test holds the other end, so the job stands still for
exactly as long as the test wants. Run as a module it is a worker with this job registered.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.db import db
from portal.jobs import queue

LEASE = timedelta(seconds=0)  # runs out at once, so that a test need not wait for it
ATTEMPTS = 3

#: A table of its own, outside the portal's schema.
table = sa.Table(
    "parcel", sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.String, default="queued"),
    sa.Column("attempts", sa.Integer, default=0),
    sa.Column("lease_until", sa.String, default=""),
)  # fmt: skip


def register(jobs: dict[str, queue.Kind]) -> None:
    """Make the job known under the name "parcel"."""
    jobs["parcel"] = queue.Kind("tests.jobs.parcel:deliver", "susun", 600)


def create() -> None:
    """Make the table."""
    table.metadata.create_all(db.engine)


def post(*ids: int) -> None:
    """Write parcels that wait, and commit."""
    db.session.execute(sa.insert(table), [{"id": number} for number in ids])
    db.session.commit()


def gate(number: int) -> Path:
    """The pipe that parcel ``number`` waits at, if the test made one."""
    return Path(current_app.config["SELARAS"].instance) / f"gate-{number}"


def deliver(number: int) -> None:
    """The job: claim by a conditional update, wait at the gate, mark as done."""
    now = clock.now()
    claimed = db.session.execute(
        sa.update(table)
        .where(table.c.id == number, sa.or_(
            table.c.state == "queued",
            sa.and_(table.c.state == "running", table.c.lease_until < now.isoformat()),
        ))
        .values(state="running", attempts=table.c.attempts + 1,
                lease_until=(now + LEASE).isoformat())
    )  # fmt: skip
    db.session.commit()
    if not claimed.rowcount:  # type: ignore[attr-defined]  # an update has one
        print(f"parcel {number} is somebody else's", flush=True)
        return
    print(f"parcel {number} on its way", flush=True)
    if gate(number).exists():
        gate(number).read_text()
    db.session.execute(sa.update(table).where(table.c.id == number).values(state="done"))
    db.session.commit()
    print(f"parcel {number} delivered", flush=True)


def sweep() -> list[int]:
    """Parcels that wait, or whose worker is gone, while they have attempts left."""
    now = clock.now().isoformat()
    waiting = sa.or_(
        table.c.state == "queued",
        sa.and_(table.c.state == "running", table.c.lease_until < now),
    )
    return list(
        db.session.scalars(sa.select(table.c.id).where(waiting, table.c.attempts < ATTEMPTS))
    )


if __name__ == "__main__":
    import os
    from dataclasses import replace

    from portal.app import create_app
    from portal.config import Config
    from portal.jobs.work import work

    register(queue.JOBS)
    config = Config.from_env()
    if "TEST_TEMPLATES" in os.environ:
        config = replace(config, templates=Path(os.environ["TEST_TEMPLATES"]), build_processes=1)
    sys.exit(work(create_app(config), burst="--burst" in sys.argv))
