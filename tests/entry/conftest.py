"""The portal with the small format of these tests and one open report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.config import Config
from tests.cast import Cast, sign_in
from tests.entry import world


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    """As the house's, with one format that has every kind of part."""
    return replace(world.config(tmp_path), database_url=database_url)


@dataclass(frozen=True)
class World:
    """The cast and the isian by part key."""

    cast: Cast
    entries: dict[str, int]


@pytest.fixture
def world_of(app: Flask) -> World:
    """People and an open report."""
    return World(*world.people_and_report())


@pytest.fixture
def operator(client: FlaskClient, world_of: World) -> Iterator[FlaskClient]:
    """The operator of Dinas Kesehatan, signed in."""
    yield sign_in(client, world_of.cast.operator_dinkes)
