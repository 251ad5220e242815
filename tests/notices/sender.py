"""Senders in processes of their own, each killed at one point; started by test_killed.py.

``sender.py DATABASE INSTANCE CHANNELS TURN...`` with a TURN of ``SECONDS:POINT:NTH``: one process
after the other, made by fork from this one, which has loaded the rooms once; turns joined by "+"
live at the same time. The clock of a turn stands SECONDS after the start of the test; at the NTH
passing of POINT its process dies by SIGKILL. POINT ``tick`` ticks first and dies never. How each
ended is printed, one line for each.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from portal import clock, db
from portal.app import MODELS
from portal.config import Config
from portal.notices import flow, flow_send
from portal.notices.channels.web import HttpGateway

START = datetime(2026, 2, 3, 0, 0, tzinfo=UTC)  # Tuesday 08.00 WITA


def main() -> None:
    database, instance, channels, *turns = sys.argv[1:]
    app = Flask("sender")  # the rooms of the database alone: no web, which takes long to load
    app.config["SELARAS"] = Config(instance=Path(instance), database_url=database, secret_key="x",
                                   channels_file=channels, testing=True)  # fmt: skip
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    for name in MODELS:
        import_module(name)
    db.init_app(app)
    for turn in turns:
        children = [begin(app, one) for one in turn.split("+")]
        for child in children:
            _, status = os.waitpid(child, 0)
            print(os.waitstatus_to_exitcode(status), flush=True)


def begin(app: Flask, turn: str) -> int:
    """Fork a sender before anything is connected: each has connections of its own; its number."""
    child = os.fork()
    if child == 0:
        seconds, point, nth = turn.split(":")
        live(app, int(seconds), point, int(nth))
        os._exit(0)
    return child


def live(app: Flask, seconds: int, point: str, left: int) -> None:
    """One sender, from its start to its end or to the point at which it dies."""

    def passing(here: str) -> None:
        nonlocal left
        if here == point:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    _watch(passing)
    with clock.frozen(START + timedelta(seconds=seconds)), app.app_context():
        if point == "tick":
            flow.tick()
        flow_send.send_waiting()


def _watch(passing: Any) -> None:
    """Call ``passing`` before and after each commit of a claim and of a record, and around send."""
    commit, send = Session.commit, HttpGateway.send
    phase = {"now": "claim"}

    def watched_commit(self: Session) -> None:
        here = phase["now"]
        passing(f"before {here}")
        commit(self)
        passing(f"after {here}")

    def watched_send(self: HttpGateway, parcel: Any) -> str:
        passing("before send")
        answer = send(self, parcel)
        passing("after send")
        phase["now"] = "record"
        return answer

    def watched_claim(*args: Any) -> str:
        phase["now"] = "claim"
        return claim(*args)

    claim = flow_send.send_message
    Session.commit, HttpGateway.send = watched_commit, watched_send  # type: ignore[method-assign]
    flow_send.send_message = watched_claim


if __name__ == "__main__":
    main()
