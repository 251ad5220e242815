"""Files that are there whole or not at all: a full disk or a lost power leaves no half one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast


@contextmanager
def whole(path: Path, mode: int = 0o644) -> Iterator[BinaryIO]:
    """Open for writing; under its name the file appears when the block has ended well.

    Written beside it under another name, flushed to the disk, then renamed; folders are made.
    Raises OSError when the disk refuses; what was there before stays then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as out:
            yield cast(BinaryIO, out)
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write(path: Path, data: bytes, mode: int = 0o644) -> None:
    """``data`` as the whole of a file; see ``whole``."""
    with whole(path, mode) as out:
        out.write(data)
