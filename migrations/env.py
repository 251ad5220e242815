"""Alembic's environment: Flask-Migrate hands in the engine, the house hands in the rules.

Batch mode because SQLite cannot alter a table in place; constraint names come from
``portal.db.NAMING``, so that both databases know every constraint by the same name.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def process(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Write no empty migration."""
    if directives and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def render(kind: str, item: Any, autogen: Any) -> str | bool:
    """Name our column types by their module, and import it."""
    if kind == "type" and type(item).__module__.startswith("portal."):
        autogen.imports.add("import portal.db")
        return f"{type(item).__module__}.{type(item).__name__}()"
    return False


def run_online() -> None:
    """Migrate over a connection of the app."""
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render,
            process_revision_directives=process,
        )
        with keys_rest(connection), context.begin_transaction():
            context.run_migrations()


@contextmanager
def keys_rest(connection: Any) -> Iterator[None]:
    """SQLite rebuilds a table to alter it: others point to it meanwhile, and are checked after."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = raw.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"rows without what they point to: {broken[:5]}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def run_offline() -> None:
    """Print the SQL, for a DBA who wants to read it first."""
    context.configure(
        url=str(database.engine.url), target_metadata=database.metadata, literal_binds=True,
        render_as_batch=True,
    )  # fmt: skip
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
