"""htmx is taken from its package only when its bytes are the known ones."""

import hashlib
import io
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from bin.setup import assets, npm
from bin.setup.say import StopError

BYTES = b"var htmx = 'a stand-in of these tests';"


def npm_that_packs(folder: Path, data: bytes) -> list[str]:
    """A program that does what ``npm pack`` does: leave a .tgz in the current folder."""
    pack = folder / "pack.tgz"
    with tarfile.open(pack, "w:gz") as archive:
        member = tarfile.TarInfo(assets.HTMX.member)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    program = folder / "npm.py"
    program.write_text(f"import shutil; shutil.copy({str(pack)!r}, 'htmx.org.tgz')\n")
    return [sys.executable, str(program)]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sha256 = hashlib.sha256(BYTES).hexdigest()
    monkeypatch.setattr(assets, "HTMX", replace(assets.HTMX, sha256=sha256))
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


def test_the_right_bytes_are_placed_once(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packer = npm_that_packs(tmp_path, BYTES)
    monkeypatch.setattr(npm, "_of_machine", lambda *_: packer)
    assets.ensure(root, tmp_path)
    assert (root / assets.TARGET).read_bytes() == BYTES
    monkeypatch.setattr(npm, "_of_machine", lambda *_: pytest.fail("fetched again"))
    assets.ensure(root, tmp_path)


def test_other_bytes_are_refused_and_nothing_is_placed(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packer = npm_that_packs(tmp_path, BYTES + b" // and a line of somebody else's")
    monkeypatch.setattr(npm, "_of_machine", lambda *_: packer)
    with pytest.raises(StopError, match="tidak sama dengan hash"):
        assets.ensure(root, tmp_path)
    assert not (root / assets.TARGET).exists()


def test_a_damaged_file_is_fetched_anew(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / assets.TARGET).parent.mkdir(parents=True)
    (root / assets.TARGET).write_bytes(BYTES[:10])
    packer = npm_that_packs(tmp_path, BYTES)
    monkeypatch.setattr(npm, "_of_machine", lambda *_: packer)
    assets.ensure(root, tmp_path)
    assert assets.ready(root)


def test_the_npm_of_the_wheel_is_asked_when_the_machines_fails(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packer = npm_that_packs(tmp_path, BYTES)
    monkeypatch.setattr(npm, "_of_machine", lambda *_: [sys.executable, "-c", "exit(1)"])
    monkeypatch.setattr(npm, "_of_wheel", lambda *_: packer)
    assets.ensure(root, tmp_path)
    assert assets.ready(root)


def test_no_network_is_a_sentence(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = [sys.executable, "-c", "exit(1)"]
    monkeypatch.setattr(npm, "_of_machine", lambda *_: broken)
    monkeypatch.setattr(npm, "_of_wheel", lambda *_: broken)
    with pytest.raises(StopError, match="Sambungkan internet"):
        assets.ensure(root, tmp_path)
