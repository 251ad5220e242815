"""Shared parts of the tests: an app on a database of its own, a still clock, no network."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.app import create_app
from portal.config import Config
from portal.db import db
from tests.cast import cast

#: Monday 2 February 2026, 08.00 WITA: the LPPD 2025 is being filled.
MONDAY = datetime(2026, 2, 2, 0, 0, tzinfo=UTC)


@pytest.fixture
def still_clock() -> Iterator[object]:
    """The clock stands at MONDAY; call the fixture with a timedelta to move it."""
    with clock.frozen(MONDAY) as move:
        yield move


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A configuration of one test; SELARAS_TEST_DATABASE_URL switches to PostgreSQL."""
    return Config(
        instance=tmp_path,
        database_url=os.environ.get("SELARAS_TEST_DATABASE_URL")
        or f"sqlite:///{tmp_path / 'test.db'}",
        secret_key="only-for-tests",
        testing=True,
    )


@pytest.fixture
def app(config: Config, still_clock: object) -> Iterator[Flask]:
    """A portal with an empty schema."""
    app = create_app(config)
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.drop_all()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


__all__ = ["MONDAY", "cast", "timedelta"]
