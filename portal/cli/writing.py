"""Files that a command writes."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click


def save(path: Path, data: bytes) -> None:
    """Through a temporary file and a rename: a full disk leaves no half file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".selaras-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise click.ClickException(f"{path} tidak dapat ditulis: {error.strerror}.") from error
