"""``flask notices``: what is due on a day, and send what waits."""

from __future__ import annotations

from collections import Counter
from datetime import date

import click
from flask import Flask
from flask.cli import AppGroup

from portal.notices import due, flow, flow_send, recipients
from portal.notices.queries import STATE_WORDS
from portal.people import queries, workdays

notices = AppGroup("notices", help="Reminders: what is due, and send what waits.")


def read_day(raw: str) -> date:
    """A date as ``2026-03-16``; a ClickException otherwise."""
    try:
        return date.fromisoformat(raw)
    except ValueError as error:
        raise click.ClickException(f"{raw!r} bukan tanggal. Contoh: 2026-03-16") from error


@notices.command("due")
@click.option("--on", "on", default="", help="Local date, 2026-03-16; today when left out.")
def due_on(on: str) -> None:
    """Print what should have been told by a date and was not yet; writes nothing."""
    day = read_day(on) if on else queries.today()
    people = recipients.on(day)
    found = [one for one in due.all_due(day, workdays.calendar().is_workday, people) if one.new]
    for one in found:
        title = people.title_of.get(one.position_id, "")
        click.echo(f"{one.subject.key}\t{one.rung.label}\t{title}\t{one.title}")
    click.echo(f"{len(found)} pemberitahuan jatuh tempo pada {day.isoformat()}.")


@notices.command("send")
def send() -> None:
    """Write what is due now, pack it, and send everything that may leave."""
    flow.tick()
    counts: Counter[str] = Counter(flow_send.send_waiting())
    for state, count in sorted(counts.items()):
        click.echo(f"{STATE_WORDS[state]}: {count}")
    if not counts:
        click.echo("Tidak ada pesan yang menunggu, atau sedang di luar jam kirim.")


def init_app(app: Flask) -> None:
    """Register the group."""
    app.cli.add_command(notices)
