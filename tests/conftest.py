"""Shared parts of the tests: an app on a database of its own, a still clock, no network."""

from __future__ import annotations

import gc
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
    engines_kept,
    postgres_database,
    pytest_generate_tests,
    sqlite_template,
)
from tests.demo_region import MONDAY, demo_app, demo_folder

#: A busy machine is no finding: no example is judged by its time.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with the mark ``long`` first: begun last, one of them keeps a process alone at the end.

    Within a file everything stays in its order.
    """
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """All modules are loaded now and stay: the collector need not walk them again and again."""
    gc.collect()
    gc.freeze()


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


#: What Werkzeug works out from the words of a rule; the methods last, they are bound to theirs.
COMPILED = ("_parts", "_trace", "_converters", "arguments")
BUILDERS = ("_build", "_build_unknown")


@pytest.fixture(autouse=True, scope="session")
def made_once() -> Iterator[None]:
    """What every portal makes anew and what is the same each time: templates, compiled rules.

    Werkzeug reads each rule and writes two functions for ``url_for``; that was most of
    ``create_app``.
    """
    compile_one = Rule.compile
    known: dict[tuple[object, ...], Rule] = {}

    def compile_once(rule: Rule) -> None:
        key = (rule.rule, repr(rule.defaults), rule.subdomain, rule.websocket, rule.strict_slashes)
        first = known.get(key)
        if first is None:
            compile_one(rule)
            known[key] = rule
            return
        for name in COMPILED:
            setattr(rule, name, getattr(first, name))
        for name in BUILDERS:
            setattr(rule, name, getattr(first, name).__func__.__get__(rule))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": CompiledTemplates()})
        patch.setattr(Rule, "compile", compile_once)
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
    "MONDAY", "cast", "database_url", "demo_app", "demo_folder", "engines_kept", "postgres_database", "pytest_generate_tests",
    "sqlite_template", "timedelta",
]  # fmt: skip
