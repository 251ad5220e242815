"""Shared parts of the tests: an app on a database of its own, a still clock, no network."""

from __future__ import annotations

import functools
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g, request_started
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from portal import clock
from portal.app import create_app
from portal.config import Config
from portal.db import db
from tests.cast import cast
from tests.databases import (
    database_url,
    postgres_database,
    pytest_generate_tests,
    sqlite_template,
)
from tests.demo_region import MONDAY, demo_app, demo_folder

#: A busy machine is no finding: no example is judged by its time.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture
def still_clock() -> Iterator[object]:
    """The clock stands at MONDAY; call the fixture with a timedelta to move it."""
    with clock.frozen(MONDAY) as move:
        yield move


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Only this machine may be spoken to: Unix sockets and loopback."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "localhost", "::1"}:
            raise AssertionError(f"a test wanted to speak to {address}")
        real(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


class CompiledTemplates(BytecodeCache):
    """Templates compiled once per process; each of the many portals of a run has its own Jinja."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        code = self.known.get((bucket.key, bucket.checksum))
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


@pytest.fixture(autouse=True, scope="session")
def made_once() -> Iterator[None]:
    """What every portal makes anew and what is the same each time: templates, address builders.

    Werkzeug compiles two functions per route for ``url_for``; that was most of ``create_app``.
    """
    compile_one = functools.partial(Rule._compile_builder)
    known: dict[tuple[object, ...], object] = {}

    def builder(rule: Rule, append_unknown: bool = True) -> object:
        key = (rule.rule, str(rule._trace), repr(rule.defaults), append_unknown)
        if key not in known:
            known[key] = compile_one(rule, append_unknown)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": CompiledTemplates()})
        patch.setattr(Rule, "_compile_builder", builder)
        yield


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    """A configuration of one test; its database has the schema and no rows (databases.py)."""
    return Config(
        instance=tmp_path, database_url=database_url, secret_key="only-for-tests", testing=True
    )


def _forget(_app: Flask) -> None:
    """Requests of a test share its app context; what one kept in ``g`` is not for the next."""
    for name in list(g):
        g.pop(name)


@pytest.fixture
def app(config: Config, still_clock: object) -> Iterator[Flask]:
    """A portal with an empty database; on PostgreSQL once more where bin/test offers one."""
    app = create_app(config)
    with app.app_context(), request_started.connected_to(_forget, app):
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


__all__ = [
    "MONDAY", "cast", "database_url", "demo_app", "demo_folder", "postgres_database", "pytest_generate_tests",
    "sqlite_template", "timedelta",
]  # fmt: skip
