"""10,000 notices, a real sender killed at every point between claim and record."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.config import ROOT
from portal.db import db
from portal.notices.models import Attempt, Message, MessageNotice, Notice
from portal.people.models import Person
from tests.cast import Cast
from tests.notices.conftest import Asked, Vendor
from tests.notices.sender import START

COUNT = 10_000
#: Where the process dies, and at which message.
KILLS = (
    ("before claim", 700), ("after claim", 600), ("before send", 900), ("after send", 800),
    ("before record", 500), ("after record", 1_000), ("after send", 1),
)  # fmt: skip


def many(cast: Cast) -> None:
    """One message with one notice for each of COUNT persons; only rows, no tick."""
    term = cast.operator_dinkes
    persons = [{"id": 1_000 + n, "login": f"p{n}", "name": f"Orang {n}", "pw_hash": ""}
               for n in range(COUNT)]  # fmt: skip
    db.session.execute(sa.insert(Person), persons)
    position = db.session.scalar(sa.text("SELECT min(id) FROM position"))
    ids = range(1, COUNT + 1)
    db.session.execute(sa.insert(Notice), [
        {"id": n, "subject": f"hal:{n}", "cycle": 1, "rung": "h-3", "person_id": 999 + n,
         "position_id": position, "title": "Batas", "short": "Batas", "link": "/", "at": START,
         "urgent": False, "closed_why": ""} for n in ids])  # fmt: skip
    db.session.execute(sa.insert(Message), [
        {"id": n, "person_id": 999 + n, "channel": "sms", "day": START.date(), "slot": "harian",
         "address": "+628120000000", "subject_line": "", "body": "x", "short": "SELARAS: x",
         "gateway": "", "state": "waiting", "doubtful": False, "seen_by": "",
         "created_at": START} for n in ids])  # fmt: skip
    db.session.execute(sa.insert(MessageNotice),
                       [{"message_id": n, "notice_id": n} for n in ids])  # fmt: skip
    db.session.commit()
    assert term.person_id < 1_000


@pytest.mark.worker
@pytest.mark.timeout(400)
def test_ten_thousand_notices_and_a_sender_killed_at_every_point(
    app: Flask, cast: Cast, vendor: Vendor, tmp_path: Path
) -> None:
    many(cast)
    channels = tmp_path / "channels.yaml"
    channels.write_text(
        f'gateways: [{{key: satu, form: json, url: "{vendor.url}/", secrets: {{token: t}}}}]'
    )
    seen: Counter[int] = Counter()

    def take(asked: Asked) -> tuple[int, bytes]:
        number = int(asked.json["reference"])
        seen[number] += 1
        return 200, json.dumps({"status": "ok", "id": f"id{number}"}).encode()

    vendor.answer = take
    url = app.config["SELARAS"].database_url
    db.session.remove()
    killed = 0
    for turn, (point, nth) in enumerate([*KILLS, ("never", 0)]):
        done = subprocess.run(
            [sys.executable, "-m", "tests.notices.sender", url, str(tmp_path), str(channels),
             str(turn * 180), point, str(nth)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode in (0, -9), done.stderr
        killed += done.returncode == -9
    assert killed == len(KILLS)
    states = Counter(db.session.scalars(sa.select(Message.state)))
    assert states == {"sent": COUNT} and len(seen) == COUNT  # none lost
    twice = {number for number, times in seen.items() if times > 1}
    doubtful = set(db.session.scalars(sa.select(Message.id).where(Message.doubtful)))
    assert twice <= doubtful  # none doubled without a mark
    assert 0 < len(doubtful) <= killed and max(seen.values()) == 2
    broken = db.session.scalars(sa.select(Attempt).where(Attempt.message_id.in_(doubtful)))
    assert {a.message_id for a in broken if "terhenti" in a.error} == doubtful


def test_two_tickers_and_two_senders_at_once(
    app: Flask, cast: Cast, vendor: Vendor, tmp_path: Path
) -> None:
    global COUNT  # noqa: PLW0603 - a small copy of the same rows
    whole, COUNT = COUNT, 200
    try:
        many(cast)
    finally:
        COUNT = whole
    channels = tmp_path / "channels.yaml"
    channels.write_text(
        f'gateways: [{{key: satu, form: json, url: "{vendor.url}/", secrets: {{token: t}}}}]'
    )
    seen: Counter[int] = Counter()

    def take(asked: Asked) -> tuple[int, bytes]:
        seen[int(asked.json["reference"])] += 1
        return 200, b'{"status": "ok", "id": "x"}'

    vendor.answer = take
    url = app.config["SELARAS"].database_url
    db.session.remove()
    both = [
        subprocess.Popen([sys.executable, "-m", "tests.notices.sender", url, str(tmp_path),
                          str(channels), "0", "never", "0"], cwd=ROOT)
        for _ in range(2)
    ]  # fmt: skip
    assert [one.wait(60) for one in both] == [0, 0]
    assert len(seen) == 200 and set(seen.values()) == {1}
    assert db.session.scalar(sa.select(sa.func.count(Message.id)).where(Message.doubtful)) == 0
