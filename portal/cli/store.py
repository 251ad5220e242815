"""``flask store prune``: room on the disk, without losing anything that cannot be made again."""

from __future__ import annotations

from datetime import timedelta

import click
from flask import Flask
from flask.cli import AppGroup

from portal import clock
from portal.documents import pruning

store = AppGroup("store", help="The kept files.")


@store.command("prune")
@click.option("--days", default=pruning.KEEP.days, show_default=True, type=click.IntRange(0, 3650),
              help="Let go of pieces that no build has used for so many days.")  # fmt: skip
def prune(days: int) -> None:
    """Let go of rendered pieces that no build wants any more; the ticker does it by itself.

    Books, snapshots, uploads and data dukung stay. A piece that is wanted later is rendered again.
    """
    done = pruning.prune(clock.now() - timedelta(days=days))
    click.echo(f"{done.pieces} potongan dilepas, {done.size / 1e6:.1f} MB.".replace(".", ",", 1))


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(store)
