"""``flask tick``: one sweep of everything that waits, or the ticker itself."""

from __future__ import annotations

import logging
import signal
import threading

import click
from flask import Flask

from portal.jobs import tick as ticker


@click.command("tick")
@click.option("--keep", is_flag=True, help="Go on ticking until stopped; only one ticker works.")
@click.option("--every", default=ticker.EVERY, show_default=True, help="Seconds between two ticks.")
def tick(keep: bool, every: int) -> None:
    """Send the jobs of all rows that wait (builds, messages)."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("selaras").setLevel(logging.INFO)
    if not keep:
        for name, count in ticker.tick().items():
            click.echo(f"{name}: {count}")
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    ticker.keep_ticking(stop, every)


def init_app(app: Flask) -> None:
    """Register the command."""
    app.cli.add_command(tick)
