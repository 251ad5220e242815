"""``flask backup make|restore``: the whole portal in one file, and back into an empty instance."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from portal import backup as backups
from portal.db import db

backup = AppGroup("backup", help="The whole portal in one file (SQLite).")


@backup.command("make")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def make(file: Path | None) -> None:
    """Write database and kept files to FILE, by default into the folder cadangan of the instance.

    People may go on working meanwhile.
    """
    config = current_app.config["SELARAS"]
    try:
        if file is None:
            file = config.instance / backups.FOLDER / backups.make(config).name
        else:
            backups.write(config, file)
    except backups.BackupError as no:
        raise click.ClickException(str(no)) from no
    click.echo(f"{file}  {file.stat().st_size} byte")


@backup.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put FILE into an empty instance; then start the portal as always."""
    db.engine.dispose()
    try:
        done = backups.restore(current_app.config["SELARAS"], file)
    except backups.BackupError as no:
        raise click.ClickException(str(no)) from no
    click.echo(f"Basis data dan {done} berkas dipulihkan. Jalankan bin/run seperti biasa.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(backup)
