"""What the screens of a national application ask for: data, one file an application.

None of these applications has an open interface; people type. What is not known of a screen is
marked ``sure: guess`` in its file and said on the page; the file is there to be edited.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

import click
from flask import current_app
from pydantic import ValidationError

from portal import yamlfile
from portal.outlines.parts import Key, Strict
from portal.yamlfile import FileError

Sure = Literal["sure", "likely", "guess"]
Source = Literal["indicators", "table", "officials", "chapters", "documents"]


class Field(Strict):
    """One place of a screen that is typed or chosen."""

    key: Key
    label: str  # {tahun} and {tahun_lalu} are filled
    sure: Sure = "guess"
    blank: str = ""  # why the portal has nothing for it


class Paper(Strict):
    """A document that is uploaded there."""

    key: Key
    title: str
    of: Literal["", "report"] = ""  # "report": the issued book itself


class Screen(Strict):
    """One screen, or one for each item of a list of the report's format."""

    key: Key
    title: str  # {item} under a repeat
    source: Source
    sure: Sure = "guess"
    level: str = ""  # of indicators
    group: str = ""  # of indicators without a repeat
    part: str = ""  # of a table: key of the part that prints it
    repeat: str = ""  # list of the format
    documents: tuple[Paper, ...] = ()
    fields: tuple[Field, ...] = ()  # () for a table: its own columns


class Sheet(Strict):
    """One national application."""

    format: Literal[1]
    key: Key
    title: str
    name: str
    address: str
    kind: Literal["lppd", "lkpj", "spm", "sakip"]
    sure: Sure = "guess"
    source: str = ""
    notes: tuple[str, ...] = ()
    screens: tuple[Screen, ...]


class SheetError(click.ClickException):
    """A wrong file; names it and the first mistake."""


def sheets() -> dict[str, Sheet]:
    """Every Lembar Salin of this installation, by key; read again when a file changed."""
    folder = Path(current_app.config["SELARAS"].templates) / "copysheets"
    files = sorted(folder.glob("*.yaml"))
    return _load(tuple((str(f), f.stat().st_mtime_ns) for f in files))


@lru_cache(maxsize=4)
def _load(stamp: tuple[tuple[str, int], ...]) -> dict[str, Sheet]:
    found = {}
    for name, _ in stamp:
        sheet = read(Path(name))
        found[sheet.key] = sheet
    order = {"lppd": 0, "spm": 1, "sakip": 2, "lkpj": 3}
    return dict(sorted(found.items(), key=lambda pair: order[pair[1].kind]))


def read(path: Path) -> Sheet:
    """One file; SheetError names it and what is wrong."""
    try:
        return Sheet.model_validate(yamlfile.load(path))
    except (OSError, FileError) as error:
        raise SheetError(f"{path}: bukan YAML yang dapat dibaca ({error}).") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise SheetError(f"{path}: {where}: {first['msg']}.") from error
