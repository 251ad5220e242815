"""``flask outline check [FILE]``: is an outline right, and if not, where is it wrong."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from portal.figures import catalogue
from portal.outlines import loader
from portal.outlines.parts import typed
from portal.outlines.schema import placed_parts

outline = AppGroup("outline", help="Outlines of reports: check them.")


@outline.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path))
def check(file: Path | None) -> None:
    """Check FILE, or every outline under reports_templates/."""
    root = current_app.config["SELARAS"].templates
    files = [file] if file else [
        found for kind in loader.KINDS for found in sorted((root / kind).glob("*.yaml"))
    ]  # fmt: skip
    wrong = 0
    for each in files:
        edition, errors = loader.check_file(each, catalogue.current())
        for error in errors:
            click.echo(str(error), err=True)
        wrong += len(errors)
        if edition is not None and not errors:
            placed = list(placed_parts(edition))
            filled = sum(typed(p.part) for p in placed)
            click.echo(
                f"{each}: benar. {edition.short} {edition.code}, {len(edition.chapters)} bab, "
                f"{filled} isian, {len(edition.uncertain)} hal belum pasti."
            )
    if wrong:
        raise click.ClickException(f"{wrong} kesalahan. Sistematika yang salah tidak dipakai.")


def init_app(app: Flask) -> None:
    """Register the group."""
    app.cli.add_command(outline)
