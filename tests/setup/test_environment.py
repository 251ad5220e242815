"""The virtual environment: checked by hash, repaired when half done, quick when finished."""

import ast
import hashlib
import os
import re
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from bin.setup import environment
from bin.setup.run import ROOT
from bin.setup.say import StopError

pytestmark = pytest.mark.long

NAME = "selaras_sample-1.0-py3-none-any.whl"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one tiny wheel: the package index of these tests."""
    folder = tmp_path_factory.mktemp("shelf")
    with zipfile.ZipFile(folder / NAME, "w") as wheel:
        info = "selaras_sample-1.0.dist-info"
        wheel.writestr("selaras_sample.py", "VALUE = 1\n")
        wheel.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: selaras-sample\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    return folder


@pytest.fixture
def offline(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pip sees the shelf and nothing else."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


def lock_of(folder: Path, digest: str) -> Path:
    lock = folder / "requirements.lock"
    lock.write_text(f"selaras-sample==1.0 --hash=sha256:{digest}\n")
    return lock


def right(shelf: Path) -> str:
    return hashlib.sha256((shelf / NAME).read_bytes()).hexdigest()


@pytest.mark.timeout(120)
def test_made_once_then_left_alone_then_repaired(
    tmp_path: Path, shelf: Path, offline: None, capsys: pytest.CaptureFixture[str]
) -> None:
    venv, lock = tmp_path / ".venv", lock_of(tmp_path, right(shelf))
    environment.ensure(venv, lock)
    assert environment.ready(venv, lock)
    assert list(venv.glob("lib/python*/site-packages/selaras_sample.py"))
    capsys.readouterr()

    environment.ensure(venv, lock)
    assert capsys.readouterr().out == "", "a second start does nothing"

    (venv / environment.STAMP).unlink()  # the power went in the middle of an installation
    next(venv.glob("lib/python*/site-packages/selaras_sample.py")).unlink()
    environment.ensure(venv, lock)
    assert "tidak utuh; dibuat ulang" in capsys.readouterr().out
    assert list(venv.glob("lib/python*/site-packages/selaras_sample.py"))

    lock.write_text(lock.read_text() + "# a newer lock file\n")
    assert not environment.ready(venv, lock)
    environment.ensure(venv, lock)
    said = capsys.readouterr().out
    assert "Memasang pustaka" in said and "dibuat ulang" not in said

    moved = tmp_path / "elsewhere"
    venv.rename(moved)
    assert not environment.ready(moved, lock), "scripts name the place where they were made"


@pytest.mark.timeout(120)
def test_a_package_with_other_bytes_is_refused(tmp_path: Path, offline: None) -> None:
    venv, lock = tmp_path / ".venv", lock_of(tmp_path, "0" * 64)
    with pytest.raises(StopError, match="tidak sama dengan yang dikunci"):
        environment.ensure(venv, lock)
    assert not environment.ready(venv, lock)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("NewConnectionError('<pip._vendor.urllib3...>: [Errno 111] Connection refused')",
         "Sambungkan internet"),
        ("Temporary failure in name resolution", "Sambungkan internet"),
        ("OSError: [Errno 28] No space left on device", "Disk penuh"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "tidak sama"),
        ("something that nobody foresaw", "something that nobody foresaw"),
    ],
)  # fmt: skip
def test_pips_words_become_a_sentence(words: str, sentence: str, tmp_path: Path) -> None:
    assert sentence in environment.explain(words, tmp_path / "requirements.lock").indonesian


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_every_locked_package_has_a_hash_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text and "--index-url" not in text and "--find-links" not in text
    packages = [row for row in text.splitlines() if "==" in row and not row.startswith("#")]
    assert packages and all(row.endswith("\\") for row in packages)


def test_the_test_lock_agrees_with_the_lock() -> None:
    def pins(name: str) -> set[str]:
        rows = (ROOT / name).read_text().splitlines()
        return {row.split()[0] for row in rows if "==" in row and not row.startswith("#")}

    assert pins("requirements.lock") <= pins("requirements-test.lock")


def test_what_the_portal_imports_is_named_in_requirements() -> None:
    """A package that only the test lock brings would be missing on a user's machine."""
    owners = packages_distributions()
    named = {
        re.split(r"[ \[=]", row)[0].lower().replace("_", "-")
        for row in (ROOT / "requirements.txt").read_text().splitlines()
        if row and not row.startswith("#")
    }
    unnamed = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in [ROOT / "wsgi.py", ROOT / "worker.py", *(ROOT / "portal").rglob("*.py")]
        for module in _imports(path)
        if (found := owners.get(module))
        and not named & {name.lower().replace("_", "-") for name in found}
    }
    assert not unnamed


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found
