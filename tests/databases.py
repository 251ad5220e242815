"""A database for every test: SQLite always, PostgreSQL too where bin/test has started one.

The schema is made once per process. On SQLite each test gets a copy of the file; on PostgreSQL
each process has one database, which is emptied before each test. So tests run side by side, and
none sees what another left behind.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from portal.app import create_app
from portal.config import Config
from portal.db import db

#: Address of the PostgreSQL server of this run; bin/test sets it.
SERVER = os.environ.get("SELARAS_TEST_DATABASE_URL", "")

#: Tests with these marks drive whole programs, or ask nothing of the database that others have not
#: asked of both; one database is enough for them.
ONCE = ("browser", "office", "worker", "once")

#: Walks over every page with this mark run on the database that forgives least (lengths, ranges,
#: types), where there is one: to walk twice costs minutes and has shown nothing more.
STRICTEST = "strictest"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that touches a database on each database there is."""
    if "database_url" not in metafunc.fixturenames:
        return
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    metafunc.parametrize("database_url", _kinds(marks), indirect=True)


def _kinds(marks: set[str]) -> list[str]:
    if "postgres" in marks:
        return ["postgres"]
    if not SERVER or marks & set(ONCE):
        return ["sqlite"]
    return ["postgres"] if STRICTEST in marks else ["sqlite", "postgres"]


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """Address of a database with the schema, no rows, and every number still to be given."""
    if request.param == "postgres":
        if not SERVER:
            pytest.skip("no PostgreSQL server in this run; bin/test starts one")
        database: Emptied = request.getfixturevalue("postgres_database")
        return database.fresh()
    template: Path = request.getfixturevalue("sqlite_template")
    target = template.with_name("test.db")  # one address for all tests: see engines_kept
    for name in ("", "-wal", "-shm"):
        Path(f"{target}{name}").unlink(missing_ok=True)
    shutil.copyfile(template, target)
    return f"sqlite:///{target}"


@pytest.fixture(autouse=True, scope="session")
def engines_kept() -> Iterator[None]:
    """One engine per address for all portals of a process.

    An engine remembers the SQL of each statement that it has compiled; with a new one for each
    test, most statements were compiled some hundred times in a run.
    """
    make_one = SQLAlchemy._make_engine
    known: dict[str, sa.Engine] = {}

    def make_once(
        self: SQLAlchemy, key: str | None, options: dict[str, Any], app: Flask
    ) -> sa.Engine:
        address = repr((key, sorted(options.items(), key=lambda pair: pair[0])))
        if address in known:
            known[address].dispose()  # its connections are of the test before
        else:
            known[address] = make_one(self, key, options, app)
        return known[address]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLAlchemy, "_make_engine", make_once)
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the empty schema."""
    folder = tmp_path_factory.mktemp("schema")
    _make_schema(folder, f"sqlite:///{folder / 'template.db'}")
    return folder / "template.db"


@pytest.fixture(scope="session")
def postgres_database(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Emptied]:
    """The PostgreSQL database of this process."""
    database = Emptied(f"selaras_{worker_id}_{os.getpid()}", tmp_path_factory)
    yield database
    database.close()


class Emptied:
    """One PostgreSQL database that is emptied before each test.

    To copy a template for each test cost 0.4 s of the server, which wrote and removed a thousand
    files; to delete the few rows that a test has left costs a hundredth of it.
    """

    def __init__(self, name: str, folders: pytest.TempPathFactory) -> None:
        self.name, self.folders = name, folders
        self.url = sa.make_url(SERVER).set(database=name)
        self.connection: sa.Connection | None = None
        self.shape = (0, 0)  # what a whole schema has

    def fresh(self) -> str:
        """Its address, after the rows of the last test have gone."""
        if self.connection is None or not self._empty():
            self._make()
        return self.url.render_as_string(hide_password=False)

    def _make(self) -> None:
        self.close()
        _on_server(f'CREATE DATABASE "{self.name}"')
        url = self.url.render_as_string(hide_password=False)
        _make_schema(self.folders.mktemp("schema"), url)
        engine = sa.create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        self.connection = engine.connect()
        # no trigger (of foreign keys, of the append-only record) speaks in this connection
        self.connection.execute(sa.text("SET session_replication_role = replica"))
        self.connection.execute(sa.text("SET lock_timeout = '20s'"))
        self.shape = self._look()

    def _look(self) -> tuple[int, int]:
        """Tables, and triggers that guard: a test may have dropped the one and silenced the other."""
        assert self.connection is not None
        row = self.connection.execute(sa.text(
            "SELECT (SELECT count(*) FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace),"
            " (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D')"
        )).one()  # fmt: skip
        return int(row[0]), int(row[1])

    def _empty(self) -> bool:
        """Delete every row and start every number anew; False when the schema is another one."""
        assert self.connection is not None
        run = self.connection.execute
        run(sa.text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        ))  # fmt: skip
        if self._look() != self.shape:
            return False
        names = sorted(db.metadata.tables)
        filled = run(sa.text(" UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")"  # noqa: S608 - our own names
            for name in names
        ))).scalars().all()  # fmt: skip
        run(sa.text(";".join(f'DELETE FROM "{name}"' for name in filled)  # noqa: S608
                    or "SELECT 1"))  # fmt: skip
        run(sa.text(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
            " FROM pg_sequences WHERE last_value IS NOT NULL"
        ))  # fmt: skip
        return True

    def close(self) -> None:
        """Take the database away."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None
        _on_server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def _make_schema(folder: Path, url: str) -> None:
    app = create_app(Config(instance=folder, database_url=url, secret_key="-", testing=True))
    with app.app_context():
        db.create_all()
        db.session.remove()
        db.engine.dispose()


def _on_server(statement: str) -> None:
    engine = sa.create_engine(SERVER, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text(statement))
