"""``flask db ...`` (Flask-Migrate), and ``flask prepare``: the database ready to be used."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import click
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import Migrate, upgrade

from portal import clock
from portal.config import ROOT, Config
from portal.db import db
from portal.jobs.models import Lease

MIGRATIONS = ROOT / "migrations"

#: Row of the lease table that stands while the demo region is being loaded.
MARK = "demo-load"

migrate = Migrate(directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)


@click.command("prepare")
@click.option("--demo/--no-demo", default=False, help="Load the demo region, if empty.")
@click.pass_context
def prepare(context: click.Context, demo: bool) -> None:
    """Bring the database to this version's schema; safe to call at every start."""
    _schema()
    if demo:
        _demo(context)


def _schema() -> None:
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    with db.engine.connect() as connection:
        known = MigrationContext.configure(connection).get_current_revision()
        empty = not sa.inspect(connection).get_table_names()
    if known == head:
        return
    if not empty:
        kept = _keep_copy(current_app.config["SELARAS"])
        click.echo(f"Skema basis data diperbarui; salinan sebelumnya: {kept}" if kept
                   else "Skema basis data diperbarui.")  # fmt: skip
    upgrade()


def _keep_copy(config: Config) -> Path | None:
    """Copy an SQLite database beside itself before its schema changes; PostgreSQL has pg_dump."""
    url = sa.make_url(config.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    source = Path(url.database)
    target = source.with_name(f"{source.stem}-sebelum-{clock.now():%Y%m%d-%H%M%S}{source.suffix}")
    if shutil.disk_usage(source.parent).free < 2 * source.stat().st_size:
        raise click.ClickException(
            f"Ruang disk tidak cukup untuk menyalin {source.name} sebelum skemanya diperbarui. "
            "Kosongkan disk, lalu jalankan lagi. (Not enough disk space for a copy.)"
        )
    with sqlite3.connect(source) as before, sqlite3.connect(target) as after:
        before.backup(after)
    return target


def _demo(context: click.Context) -> None:
    """Load the demo region once; a load that was cut short left its mark and goes on."""
    command = current_app.cli.commands.get("demo")
    load = command.get_command(context, "load") if isinstance(command, click.Group) else None
    cut_short = db.session.get(Lease, MARK) is not None
    if load is None or (_has_units() and not cut_short):
        return
    click.echo("Pemuatan daerah contoh yang lalu terputus; dilanjutkan." if cut_short else
               "Memuat daerah contoh (hanya pada start pertama) ...")  # fmt: skip
    if not cut_short:
        db.session.add(Lease(name=MARK, holder="flask prepare", until=clock.now()))
        db.session.commit()
    context.invoke(load)
    db.session.execute(sa.delete(Lease).where(Lease.name == MARK))
    db.session.commit()


def _has_units() -> bool:
    return db.session.execute(sa.text("SELECT 1 FROM unit LIMIT 1")).first() is not None


def init_app(app: Flask) -> None:
    """Register ``flask db`` and ``flask prepare``."""
    migrate.init_app(app, db)
    app.cli.add_command(prepare)
