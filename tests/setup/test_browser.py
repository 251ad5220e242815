"""The tests' Chromium: the machine's own program, never a snap, else one that is fetched."""

import sys
from pathlib import Path

import brotli
import pytest

from bin.setup import browser, npm
from bin.setup.say import StopError

SHELL = b"#!/bin/sh\necho Chromium 153\n"


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of Ubuntu without a Chromium of its own."""
    monkeypatch.setattr(browser, "release", lambda: "ubuntu")
    monkeypatch.setattr(browser, "find", lambda _name: None)
    (tmp_path / "venv/bin").mkdir(parents=True)
    (tmp_path / "venv/bin/python").symlink_to(sys.executable)
    monkeypatch.setattr(browser, "python_of", lambda _venv: Path(sys.executable))
    return tmp_path / "venv"


def test_a_program_of_the_machine_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"google-chrome", browser.SHELL}
    monkeypatch.setattr(browser, "find", lambda name: f"/usr/bin/{name}" if name in there else None)
    monkeypatch.setattr(npm, "obtain", lambda *_: pytest.fail("fetched"))
    both = browser.ensure(Path("/root"), Path("/venv"))
    assert both == (f"/usr/bin/{browser.SHELL}", "/usr/bin/google-chrome")
    there.remove(browser.SHELL)
    assert browser.ensure(Path("/root"), Path("/venv")) == ("/usr/bin/google-chrome",) * 2


def test_the_door_to_a_snap_is_no_program(
    venv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = tmp_path / "chromium"
    door.symlink_to("/usr/bin/snap")
    monkeypatch.setattr(browser, "find", lambda name: str(door) if name == "chromium" else None)
    assert browser.of_system() is None


def test_it_is_fetched_once_and_started(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npm, "obtain", lambda *_: brotli.compress(SHELL))
    found = Path(browser.ensure(Path("/root"), venv)[0])
    assert found.read_bytes() == SHELL and found.is_relative_to(venv)
    monkeypatch.setattr(npm, "obtain", lambda *_: pytest.fail("fetched again"))
    assert browser.ensure(Path("/root"), venv) == (str(found), str(found))


def test_one_that_does_not_start_is_a_sentence(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npm, "obtain", lambda *_: brotli.compress(b"#!/bin/sh\nexit 1\n"))
    with pytest.raises(StopError, match="tidak dapat dijalankan"):
        browser.ensure(Path("/root"), venv)
