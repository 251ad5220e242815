"""``flask figures import|export|check``: data of indicators from and to a sheet."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from portal import uploads
from portal.db import db
from portal.figures import catalogue, checks, flow_import, queries, sheet
from portal.figures.importing import Plan
from portal.people import queries as people
from portal.people.rules import Actor
from portal.reports import carriers

figures = AppGroup("figures", help="Data/Indikator: impor, ekspor, dan pemeriksaan.")
_unit = click.option("--unit", "code", default="", help="Kode perangkat daerah, misalnya DINKES.")
_year = click.option("--year", type=click.IntRange(2015, 2100), required=True, help="Tahun data.")


def _unit_id(code: str) -> int | None:
    if not code:
        return None
    unit = people.unit_by_code(code.upper())
    if unit is None:
        raise click.ClickException(f"Perangkat daerah “{code}” tidak ada.")
    return unit.id


@figures.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_year
@_unit
@click.option("--apply", "really", is_flag=True, help="Tulis; tanpa ini hanya pratinjau.")
def import_(file: Path, year: int, code: str, really: bool) -> None:
    """Read FILE (xlsx, xls, ods, csv) with columns no IKK, pembilang, penyebut, sumber.

    Without --apply nothing is written. Wrong rows are listed with row number and reason; right
    rows are written all the same.
    """
    actor = Actor(None, "Impor lewat baris perintah")
    try:
        made = flow_import.planned(
            file.read_bytes(), file.name, year, actor, _unit_id(code), behalf=True
        )
    except (uploads.Refused, sheet.SheetError, LookupError) as no:
        raise click.ClickException(str(no)) from no
    _hold_back(made, year)
    _say(made)
    if not really:
        click.echo("Belum ada yang ditulis. Ulangi dengan --apply untuk menulis baris yang benar.")
        return
    written, left = flow_import.apply(made, year, actor, behalf=True)
    db.session.commit()
    for sentence in left:
        click.echo(f"  tidak ditulis: {sentence}")
    click.echo(f"{written} isian ditulis untuk tahun {year}.")


def _hold_back(made: Plan, year: int) -> None:
    """Numbers that were sent or locked stay as they are; the rows say so."""
    held = carriers.held(year)
    for row in made.rows:
        kept = [c for c in row.changes if c.element in held]
        if kept:
            row.changes = [c for c in row.changes if c.element not in held]
            titles = ", ".join(dict.fromkeys(c.title for c in kept))
            row.problems.append(
                f"{titles}: isiannya sudah dikirim. Tarik kembali atau minta dibuka kembali dahulu."
            )


def _say(made: Plan) -> None:
    for row in made.rows:
        for problem in row.problems:
            click.echo(f"baris {row.line}, IKK {row.no or '-'}: SALAH: {problem}")
        for note in row.notes:
            click.echo(f"baris {row.line}, IKK {row.no}: {note}")
        for change in row.writes:
            old = change.old or "kosong"
            click.echo(f"baris {row.line}, IKK {row.no}: {change.title}: {old} -> {change.new}")
    click.echo(
        f"{len(made.rows)} baris: {made.count('berubah')} berubah, {made.count('sama')} sama, "
        f"{made.count('salah')} salah."
    )


@figures.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_year
@_unit
def export(file: Path, year: int, code: str) -> None:
    """Write the sheet that import takes, filled with what is there."""
    book, unit_id = catalogue.current(), _unit_id(code)
    duties = queries.writers_by_duty()
    indicators = [
        i for i in book.of(year=year)
        if unit_id is None or any(
            unit_id in duties.get(book.elements[k].owner, frozenset()) for k in i.elements
        )
    ]  # fmt: skip
    now = queries.values(book.elements, str(year), queries.region_id())
    data = sheet.write(book, indicators, now, f"Data IKK Tahun {year}")
    file.write_bytes(data)
    click.echo(f"{file}: {len(indicators)} indikator.")


@figures.command("check")
@_year
def check(year: int) -> None:
    """List what is looked at before sending, over all indicators of a year."""
    book = catalogue.current()
    asked = book.of(year=year)
    facts = queries.facts(asked, str(year), queries.region_id(), people.today())
    found = checks.check(facts, asked)
    for remark in found:
        label = checks.SEVERITY_LABELS[remark.severity]
        click.echo(f"{label}: {remark.sentence} [{remark.basis}]")
    click.echo(f"{sum(c.blocks for c in found)} perlu diperbaiki, "
               f"{sum(not c.blocks for c in found)} perlu dicek.")  # fmt: skip


def init_app(app: Flask) -> None:
    """Register the group."""
    app.cli.add_command(figures)
