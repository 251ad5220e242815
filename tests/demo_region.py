"""The demo region for tests: laid once for all processes of a run, copied for each test."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from portal import clock
from portal.app import create_app
from portal.config import Config
from portal.db import db
from portal.demo import load

#: Monday 2 February 2026, 08.00 WITA: the LPPD 2025 is being filled.
MONDAY = datetime(2026, 2, 2, 0, 0, tzinfo=UTC)
DATABASE = "demo.db"


def config_of(folder: Path) -> Config:
    """The configuration of a portal in a copy of the demo folder."""
    return Config(instance=folder, database_url=f"sqlite:///{folder / DATABASE}",
                  secret_key="only-for-tests", testing=True)  # fmt: skip


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """An instance with the demo region; copy it, never write into it."""
    base = tmp_path_factory.getbasetemp()
    root = base if worker_id == "master" else base.parent
    folder = root / "demo-region"
    with (root / "demo-region.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "whole").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _lay(folder)
            (folder / "whole").touch()
    return folder


def _lay(folder: Path) -> None:
    with clock.frozen(MONDAY):
        app = create_app(config_of(folder))
        with app.app_context():
            db.create_all()
            load.load_all()
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def demo_app(demo_folder: Path, tmp_path: Path, still_clock: object) -> Iterator[Flask]:
    """A portal of its own with the demo region, on Monday 2 February 2026."""
    folder = tmp_path / "instance"
    shutil.copytree(demo_folder, folder)
    app = create_app(config_of(folder))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
