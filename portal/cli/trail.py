"""``flask trail verify``: is the record whole, and are the kept files what they were."""

from __future__ import annotations

import sys
from datetime import timedelta

import click
from flask import Flask
from flask.cli import AppGroup

from portal import store
from portal.chronology import checking
from portal.people import flow_region
from portal.trail import flow

trail = AppGroup("trail", help="The record: who did what, when.")
MOST = 200


@trail.command("verify")
def verify() -> None:
    """Find every altered byte and every missing row of the record and of the kept files.

    Exit status 1 when something does not fit; each fault has a line of its own.
    """
    found: list[str] = [
        f"alur {f.stream} catatan ke-{f.seq}: {f.what}" for f in flow.all_faults()
    ]  # fmt: skip
    found += [f"baris riwayat nomor {n}: hilang" for n in flow.gaps()[:MOST]]
    found += _heads()
    found += checking.mismatches()
    damaged = dict(store.faults())
    users = store.users(damaged)
    found += [
        f"berkas {sha}: {what}" + (f" (dipakai {', '.join(users[sha][:5])})" if users[sha] else "")
        for sha, what in damaged.items()
    ]  # fmt: skip
    for line in found:
        click.echo(line)
    head = flow.last_head()
    click.echo(f"{len(flow.streams())} alur diperiksa; ujung alur terkunci sampai "
               f"{head.day.isoformat() if head else 'belum pernah'}.")  # fmt: skip
    if found:
        click.echo(f"TIDAK UTUH: {len(found)} hal.", err=True)
        sys.exit(1)
    click.echo("Utuh: semua catatan dan semua berkas cocok dengan kode keasliannya.")


def _heads() -> list[str]:
    """The first day whose kept head does not fit; only when the newest does not."""
    head = flow.last_head()
    if head is None or flow.verify_head(head.day, flow_region.day_end(head.day)):
        return []
    day = head.day
    while flow.has_head(day - timedelta(days=1)) and not flow.verify_head(
        day - timedelta(days=1), flow_region.day_end(day - timedelta(days=1))
    ):
        day -= timedelta(days=1)
    return [f"kepala harian {day.isoformat()}: ada alur yang ujungnya berubah atau terpotong "
            "sampai hari itu"]  # fmt: skip


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(trail)
