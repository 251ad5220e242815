"""Files that a command writes."""

from __future__ import annotations

from pathlib import Path

import click

from portal import files


def save(path: Path, data: bytes) -> None:
    """Write a whole file or none; the refusal of the disk in a sentence."""
    try:
        files.write(path, data)
    except OSError as error:
        raise click.ClickException(f"{path} tidak dapat ditulis: {error.strerror}.") from error
