"""``flask contract import``, ``flask contract pack`` and ``flask calendar add-days``."""

from __future__ import annotations

import hashlib
import sys
from datetime import date
from pathlib import Path

import click
from flask import Flask

from portal import uploads
from portal.contracts import importing, reading
from portal.contracts.flow import Refused
from portal.contracts.models import Contract
from portal.contracts.planning import Days
from portal.db import db
from portal.imports import grid
from portal.imports.planning import STATES
from portal.indonesian import day_and_date, read_date
from portal.people import queries as people
from portal.people import workdays
from portal.people.rules import PORTAL
from portal.web import chronology


@click.group("contract")
def contract() -> None:
    """Contracts from a shell."""


@contract.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", "name", required=True,
              help="Name of a kept mapping, or otomatis, or ekontrak for LKPP's JSON.")  # fmt: skip
@click.option("--unit", default="", help="Perangkat Daerah where the file names none (DPUPR).")
@click.option("--apply", "write", is_flag=True, help="Write; else the file is only looked at.")
def import_(file: Path, name: str, unit: str, write: bool) -> None:
    """Show what FILE would change in the register, row by row; with --apply write it.

    All of it or nothing: a wrong row stops the import and names its line.
    """
    data = file.read_bytes()
    try:
        found = reading.named(reading.read(data, file.name), name)
        if lacking := reading.lacking(found):
            raise Refused(f"Kolom belum ditemukan: {', '.join(lacking)}. Simpan susunan kolomnya "
                          "lewat halaman Impor daftar kontrak.")  # fmt: skip
        made, drafts = importing.plan(found, importing.Where(_unit(unit), None))
    except (Refused, uploads.Refused, grid.SheetError) as refused:
        raise click.ClickException(str(refused)) from refused
    for row in made.rows:
        if row.state == "sama" and not row.notes:
            continue
        click.echo(f"{row.line}\t{STATES[row.state]}\t{row.key}\t"
                   + "; ".join([*row.problems, *(f"{c.label}: {c.new}" for c in row.changes),
                                *row.notes]))  # fmt: skip
    counts = ", ".join(f"{made.count(s)} {STATES[s].lower()}" for s in ("baru", "berubah", "sama",
                                                                       "salah"))  # fmt: skip
    click.echo(counts)
    if not write:
        click.echo("Belum ada yang ditulis; tambahkan --apply.")
        return
    if made.count("salah"):
        click.echo("Ada baris yang salah: tidak ada yang ditulis.", err=True)
        sys.exit(1)
    if not made.writes:
        click.echo("Isi berkas ini sama dengan yang sudah ada; tidak ada yang diubah.")
        return
    try:
        importing.apply(made, drafts, data, file.name, PORTAL)
    except Refused as refused:
        db.session.rollback()
        raise click.ClickException(str(refused)) from refused
    db.session.commit()
    click.echo("Tertulis.")


def _unit(code: str) -> int | None:
    if not code:
        return None
    found = people.unit_by_code(code)
    if found is None:
        raise Refused(f"Perangkat daerah {code} tidak ada.")
    return found.id


@contract.command("pack")
@click.argument("contract_id", type=int, metavar="ID")
@click.option("--out", "folder", required=True, type=click.Path(file_okay=False, path_type=Path))
def pack(contract_id: int, folder: Path) -> None:
    """Berkas kronologi of contract ID into DIR: PDF, DOCX and a list of their SHA-256."""
    found = db.session.get(Contract, contract_id)
    if found is None:
        raise click.ClickException(f"Kontrak {contract_id} tidak ada.")
    folder.mkdir(parents=True, exist_ok=True)
    sums = []
    for kind in ("pdf", "docx"):
        data, name = chronology.make(found, kind, PORTAL)
        (folder / name).write_bytes(data)
        sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}")
        click.echo(folder / name)
    (folder / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="ascii")
    db.session.commit()


@click.group("calendar")
def calendar() -> None:
    """The work calendar from a shell."""


@calendar.command("add-days")
@click.argument("day")
@click.argument("count", type=click.IntRange(-2000, 2000))
@click.option("--kind", type=click.Choice(["kerja", "kalender"]), required=True)
def add_days(day: str, count: int, kind: str) -> None:
    """The date COUNT days after DAY: working days, or calendar days rolled off days off."""
    start: date | None = read_date(day)
    if start is None:
        raise click.ClickException("Tanggal belum benar. Contoh: 2026-03-13 atau 13/3/2026.")
    end = Days(workdays.calendar().is_workday).add(start, count, kind)
    click.echo(f"{end.isoformat()}\t{day_and_date(end)}")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(contract)
    app.cli.add_command(calendar)
