"""A database for every test: SQLite always, PostgreSQL too where bin/test has started one.

The schema is made once per process; each test gets a copy of it, under a name of its own, so
that tests run side by side and none sees what another left behind.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.app import create_app
from portal.config import Config
from portal.db import db

#: Address of the PostgreSQL server of this run; bin/test sets it.
SERVER = os.environ.get("SELARAS_TEST_DATABASE_URL", "")

#: Tests with these marks drive whole programs; one database is enough for them.
ONCE = ("browser", "office", "worker")

_numbers = count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that touches a database on each database there is."""
    if "database_url" not in metafunc.fixturenames:
        return
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    kinds = ["postgres"] if "postgres" in marks else ["sqlite", "postgres"]
    if not SERVER or marks & set(ONCE):
        kinds = ["sqlite"] if kinds[0] == "sqlite" else kinds
    metafunc.parametrize("database_url", kinds, indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an own database with an empty schema."""
    if request.param == "postgres":
        if not SERVER:
            pytest.skip("no PostgreSQL server in this run; bin/test starts one")
        template, url = request.getfixturevalue("postgres_template")
        name = f"{template}_{next(_numbers)}"
        _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield url.set(database=name).render_as_string(hide_password=False)
        _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')
        return
    target = tmp_path / "test.db"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), target)
    yield f"sqlite:///{target}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the empty schema."""
    folder = tmp_path_factory.mktemp("schema")
    _make_schema(folder, f"sqlite:///{folder / 'template.db'}")
    return folder / "template.db"


@pytest.fixture(scope="session")
def postgres_template(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> tuple[str, sa.URL]:
    """Name of a PostgreSQL database with the empty schema, and the server's address."""
    url = sa.make_url(SERVER)
    name = f"selaras_{worker_id}_{os.getpid()}"
    _on_server(f'CREATE DATABASE "{name}"')
    _make_schema(
        tmp_path_factory.mktemp("schema"),
        url.set(database=name).render_as_string(hide_password=False),
    )
    return name, url


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
