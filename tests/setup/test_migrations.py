"""The migrations give exactly the schema that the models ask for, on both databases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import upgrade

from portal.db import db


def test_migrations_and_models_agree(app: Flask) -> None:
    db.session.remove()
    db.drop_all()
    with db.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "target_metadata": db.metadata}
        )
        assert compare_metadata(context, db.metadata) == []
    refused = False
    try:
        with db.engine.begin() as connection:
            connection.execute(sa.text(
                "INSERT INTO trail (stream, seq, at, actor, verb, subject, prev_hash, hash) "
                "VALUES ('x', 1, '2026-02-02 00:00:00', 'a', 'v', 's', 'p', 'h')"
            ))  # fmt: skip
        with db.engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM trail"))
    except sa.exc.DBAPIError as error:
        refused = "append-only" in str(error)
    assert refused
