"""10,000 notices, a real sender killed at every point between claim and record."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.config import ROOT
from portal.db import db
from portal.notices.models import Attempt, Message, MessageNotice, Notice
from portal.people.models import Person
from tests.cast import Cast
from tests.notices.sender import START

COUNT = 10_000


class Counting:
    """A vendor that only counts: as little HTTP as a gateway client needs, one thread each."""

    def __init__(self) -> None:
        self.seen: Counter[int] = Counter()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}/"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                talk, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(talk,), daemon=True).start()

    def _talk(self, talk: socket.socket) -> None:
        kept = b""
        with talk, contextlib.suppress(OSError):
            while piece := talk.recv(65536):
                kept += piece
                head, gap, body = kept.partition(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: (\d+)", head)
                if not gap or not length or len(body) < int(length[1]):
                    continue
                self.seen[int(json.loads(body)["reference"])] += 1
                kept, answer = b"", b'{"status": "ok", "id": "x"}'
                talk.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer)
                             + answer)  # fmt: skip

    def close(self) -> None:
        self._server.close()


@pytest.fixture
def counting() -> Iterator[Counting]:
    made = Counting()
    yield made
    made.close()


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
@pytest.mark.timeout(1200)
def test_ten_thousand_notices_and_a_sender_killed_at_every_point(
    app: Flask, cast: Cast, counting: Counting, tmp_path: Path
) -> None:
    many(cast)
    channels = tmp_path / "channels.yaml"
    channels.write_text(
        f'gateways: [{{key: satu, form: json, url: "{counting.url}", secrets: {{token: t}}}}]'
    )
    seen = counting.seen
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
    app: Flask, cast: Cast, counting: Counting, tmp_path: Path
) -> None:
    global COUNT  # noqa: PLW0603 - a small copy of the same rows
    whole, COUNT = COUNT, 200
    try:
        many(cast)
    finally:
        COUNT = whole
    channels = tmp_path / "channels.yaml"
    channels.write_text(
        f'gateways: [{{key: satu, form: json, url: "{counting.url}", secrets: {{token: t}}}}]'
    )
    seen = counting.seen
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
