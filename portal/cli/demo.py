"""``flask demo``: lay the fictional region down, and print its accounts."""

from __future__ import annotations

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import AppGroup

from portal import clock
from portal.cli.notices import read_day
from portal.db import db
from portal.demo import load as loader
from portal.demo.people import PASSWORD
from portal.indonesian import day_and_date
from portal.notices import demo_clock
from portal.people import queries
from portal.people.models import Person, Position, Term, Unit
from portal.people.refusal import Refused

demo = AppGroup("demo", help="The fictional region: load it, list its accounts.")

#: The accounts that a newcomer tries first: unit, role.
SHOWN = (
    ("DINKES", "operator"), ("DINKES", "verifikator"), ("DINKES", "kepala"),
    ("DISTAN", "operator"), ("DISTAN", "kepala"), ("BAG-ORG", "operator"),
    ("INSPEKTORAT", "apip"), ("BAG-TAPEM", "sekretariat"), ("BAPPEDA", "sekretariat"),
    ("BAG-ORG", "sekretariat"), ("PEMDA", "pimpinan"), ("DISKOMINFOTIK", "admin"),
    ("DPUPR", "ppk"), ("DPUPR", "bendahara"), ("DPUPR", "ppk_skpd"), ("DPUPR", "kepala"),
    ("BPKAD", "bud"), ("INSPEKTORAT", "kepala"),
)  # fmt: skip


@demo.command("load")
def load() -> None:
    """Load the demo region into an empty portal; harmless when it is there already."""
    try:
        loaded = loader.load_all(click.echo)
    except loader.DemoError as error:
        raise click.ClickException(str(error)) from error
    click.echo("Data contoh siap." if loaded else "Data contoh sudah ada, tidak ada yang diubah.")


@demo.command("accounts")
@click.option("--all", "everybody", is_flag=True, help="Every account, not only the first ones.")
def accounts(everybody: bool) -> None:
    """Print who can sign in, and the one password of all demo accounts."""
    rows = _accounts()
    if not rows:
        raise click.ClickException("Belum ada akun. Jalankan dahulu: flask demo load")
    if not everybody:
        first: dict[tuple[str, str], tuple[str, str, str]] = {}
        for code, role, *row in rows:
            first.setdefault((code, role), (row[0], row[1], row[2]))
        rows = [(*key, *first[key]) for key in SHOWN if key in first]
    wide = max(len(row[2]) for row in rows)
    click.echo(f"Kata sandi semua akun contoh: {PASSWORD}\n")
    for _, _, login, title, name in rows:
        click.echo(f"  {login:<18}  {title:<{wide}}  {name}".rstrip())


def _accounts() -> list[tuple[str, str, str, str, str]]:
    today = queries.today()
    found = db.session.execute(
        sa.select(Unit.code, Position.role, Person.login, Position.title, Person.name)
        .join(Position, Position.unit_id == Unit.id)
        .join(Term, Term.position_id == Position.id)
        .join(Person, Person.id == Term.person_id)
        .where(Term.valid_from <= today,
               sa.or_(Term.valid_to.is_(None), Term.valid_to >= today),
               Person.disabled_at.is_(None))
        .order_by(Unit.id, Position.id, Term.id)
    )  # fmt: skip
    return [(row[0], row[1], row[2], row[3], row[4]) for row in found]


@demo.command("clock")
@click.argument("day", required=False, default="")
@click.option("--real", is_flag=True, help="Back to the clock of this machine.")
def clock_(day: str, real: bool) -> None:
    """Move the demo's clock to the morning of DAY (2026-03-16), one day after the other.

    Each day on the way is lived through: reminders are written, sent, climb and stop.
    """
    if real:
        demo_clock.back_to_real()
        click.echo("Portal contoh memakai jam mesin ini lagi.")
        return
    if not day:
        zone = current_app.config["SELARAS"].zone
        click.echo(day_and_date(clock.today(zone)))
        return
    try:
        walked = demo_clock.walk(read_day(day))
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    for one in walked:
        rungs = ", ".join(f"{count} {label}" for label, count in sorted(one.rungs.items()))
        if one.notices or one.messages:
            click.echo(f"{day_and_date(one.day)}: {rungs or 'tidak ada yang baru'}; "
                       f"{one.messages} pesan terkirim")  # fmt: skip
    click.echo(f"Jam contoh: {day_and_date(walked[-1].day)}, pukul 08.00.")


def init_app(app: Flask) -> None:
    """Register the group."""
    app.cli.add_command(demo)
