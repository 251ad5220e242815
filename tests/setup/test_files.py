"""Files that are there whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from portal import files

pytestmark = pytest.mark.once


def test_a_file_is_written_whole_with_its_rights(tmp_path: Path) -> None:
    target = tmp_path / "baru" / "naskah.pdf"
    files.write(target, b"isi", 0o440)
    assert target.read_bytes() == b"isi"
    assert target.stat().st_mode & 0o777 == 0o440
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("broken", [OSError(errno.ENOSPC, "penuh"), KeyboardInterrupt()])
def test_what_was_there_stays_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: BaseException
) -> None:
    def fails(_handle: int) -> None:
        raise broken

    target = tmp_path / "naskah.pdf"
    files.write(target, b"lama")
    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(type(broken)):
        files.write(target, b"baru")
    assert target.read_bytes() == b"lama"
    assert list(tmp_path.iterdir()) == [target]
