"""Reasons for missing parts on the command line: a form of lines ``key = reason``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from portal.documents.compile_book import Missing
from portal.reports.rules import STATE_LABELS


def form(missing: Sequence[Missing]) -> str:
    """One line a part to be filled with its reason; what it is stands above it."""
    lines = []
    for part in missing:
        state = STATE_LABELS.get(part.state, "Belum ada pengampu")
        lines += [f"# {part.supplier}: {part.title} ({state})", f"{part.key} = "]
    return "".join(f"{line}\n" for line in lines)


def read(file: Path | None) -> dict[str, str]:
    """Reason by key; raises ClickException with the line that is neither comment nor reason."""
    if file is None:
        return {}
    found = {}
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file} tidak dapat dibaca sebagai teks UTF-8.") from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, sign, reason = line.partition(" =")
        if not sign:
            raise click.ClickException(f"{file}, baris {number}: tulis sebagai KUNCI = alasan.")
        found[key.strip()] = reason.strip()
    return found
