"""The demo's clock: moved day by day, with everything that each morning brings.

It stands in a file of the instance that every process of the portal looks at (``clock.follow``).
A portal with real data never has that file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from portal import clock, files
from portal.config import Config
from portal.db import db
from portal.notices import flow, flow_send, pack, recipients
from portal.notices.models import Message, MessageState
from portal.people import workdays
from portal.people.refusal import Refused
from portal.people.region import region

#: The hour at which a day of the demo begins: after the daily digest.
MORNING = time(8, 0)
#: The most days that one command walks.
FARTHEST = 400


@dataclass
class Walked:
    """What one day of the demo brought."""

    day: date
    notices: int = 0
    messages: int = 0
    rungs: dict[str, int] = field(default_factory=dict)


def path() -> Path:
    """The file that holds the demo's clock."""
    config: Config = current_app.config["SELARAS"]
    return config.instance / clock.DEMO_FILE


def walk(until: date) -> list[Walked]:
    """Go to the morning of ``until``, living through each day on the way; commits.

    Raises Refused in a portal that is no demo, for a day that is over, or too far away.
    """
    config: Config = current_app.config["SELARAS"]
    today = clock.today(config.zone)
    if not region(today).demo:
        raise Refused("Jam hanya dapat digeser pada portal contoh.")
    if until <= today:
        raise Refused(f"Jam contoh sudah {today.isoformat()}; pilih tanggal sesudahnya, atau "
                      "kembalikan ke jam nyata.")  # fmt: skip
    if (until - today).days > FARTHEST:
        raise Refused(f"Paling jauh {FARTHEST} hari sekali jalan.")
    out = []
    for n in range(1, (until - today).days + 1):
        day = today + timedelta(days=n)
        _set(datetime.combine(day, MORNING, tzinfo=config.zone))
        out.append(_live(day))
    return out


def _live(day: date) -> Walked:
    """One morning: what is due is written, packed and sent."""
    walked = Walked(day)
    people = recipients.on(day)
    is_workday = workdays.calendar().is_workday
    for one in flow.write_due(day, is_workday, people):
        walked.notices += 1
        walked.rungs[one.rung.label] = walked.rungs.get(one.rung.label, 0) + 1
    pack.pack(day, is_workday, people)
    db.session.commit()
    counts = flow_send.send_waiting()
    walked.messages = counts.get("sent", 0)
    return walked


def _set(at: datetime) -> None:
    """The clock stands at ``at`` now and runs on from there."""
    real = datetime.now(UTC)  # of the machine: the demo's clock is counted from it
    text = json.dumps({"at": at.astimezone(UTC).isoformat(), "real": real.isoformat()})
    files.write(path(), text.encode("ascii"))
    clock.look_again()


def back_to_real() -> None:
    """The machine's clock again; leases that the future still holds are given free. Commits."""
    path().unlink(missing_ok=True)
    clock.look_again()
    db.session.execute(
        sa.update(Message)
        .where(Message.state.in_((MessageState.WAITING, MessageState.SENDING)))
        .values(state=MessageState.WAITING, lease_until=None, not_before=None)
    )
    db.session.execute(sa.text("DELETE FROM lease"))  # the ticker takes its own again
    db.session.commit()
