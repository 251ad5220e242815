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
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.config import ROOT
from portal.db import db
from portal.notices.models import Attempt, Message, MessageNotice, Notice
from portal.people.models import Contact, Person, Position, Term
from tests.cast import Cast
from tests.notices.sender import START

NOTICES = 10_000
#: Notices in one digest: a bendahara at the end of the year.
EACH = 20


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
    ("before claim", 40), ("after claim", 30), ("before send", 60), ("after send", 50),
    ("before record", 30), ("after record", 60), ("after send", 1),
)  # fmt: skip


def many(count: int, each: int, packed: bool) -> int:
    """``count`` notices, ``each`` of them for one holder of a jabatan; returns the persons.

    ``packed``: their digests wait to be sent; else a ticker has to pack them.
    """
    persons = range(1_000, 1_000 + count // each)
    unit = db.session.scalar(sa.text("SELECT min(id) FROM unit"))
    db.session.execute(
        sa.insert(Person),
        [{"id": n, "login": f"p{n}", "name": f"Orang {n}", "pw_hash": ""} for n in persons],
    )
    db.session.execute(
        sa.insert(Position),
        [{"id": n, "unit_id": unit, "role": "ppk", "title": "PPK"} for n in persons],
    )
    db.session.execute(
        sa.insert(Term),
        [{"position_id": n, "person_id": n, "valid_from": date(2026, 1, 5)} for n in persons],
    )
    db.session.execute(
        sa.insert(Contact),
        [{"person_id": n, "channel": "sms", "address": f"+62812{n:08d}"} for n in persons],
    )
    notices = [
        {
            "id": n + 1,
            "subject": f"hal:{n}",
            "cycle": 1,
            "rung": "h-3",
            "title": "Batas",
            "person_id": 1_000 + n // each,
            "position_id": 1_000 + n // each,
            "short": "Batas",
            "link": "/",
            "at": START,
            "urgent": False,
            "closed_why": "",
        }
        for n in range(count)
    ]
    db.session.execute(sa.insert(Notice), notices)
    if packed:
        db.session.execute(
            sa.insert(Message),
            [
                {
                    "id": n,
                    "person_id": n,
                    "channel": "sms",
                    "day": START.date(),
                    "slot": "harian",
                    "address": f"+62812{n:08d}",
                    "subject_line": "",
                    "body": "x",
                    "short": "SELARAS: x",
                    "gateway": "",
                    "state": "waiting",
                    "doubtful": False,
                    "seen_by": "",
                    "created_at": START,
                }
                for n in persons
            ],
        )
        db.session.execute(
            sa.insert(MessageNotice),
            [{"message_id": n["person_id"], "notice_id": n["id"]} for n in notices],
        )
    db.session.commit()
    return len(persons)


def carried(times: Counter[int]) -> Counter[int]:
    """How often each notice reached the vendor, by the digests that it counted."""
    found: Counter[int] = Counter()
    for message_id, notice_id in db.session.execute(
        sa.select(MessageNotice.message_id, MessageNotice.notice_id)
    ):
        found[notice_id] += times[message_id]
    return found


def start(url: str, tmp_path: Path, *turns: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.notices.sender", url, str(tmp_path),
         str(tmp_path / "channels.yaml"), *turns],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture
def url(app: Flask, cast: Cast, counting: Counting, tmp_path: Path) -> str:
    """The database, with the vendor as its only gateway."""
    (tmp_path / "channels.yaml").write_text(
        f'gateways: [{{key: satu, form: json, url: "{counting.url}", secrets: {{token: t}}}}]'
    )
    return str(app.config["SELARAS"].database_url)


@pytest.mark.worker
@pytest.mark.timeout(300)
def test_ten_thousand_notices_and_a_sender_killed_at_every_point(
    url: str, counting: Counting, tmp_path: Path
) -> None:
    digests = many(NOTICES, EACH, packed=True)
    db.session.remove()
    turns = [f"{n * 180}:{point}:{nth}" for n, (point, nth) in enumerate([*KILLS, ("never", 0)])]
    ends, said = start(url, tmp_path, *turns).communicate()
    killed = len(KILLS)
    assert ends.split() == ["-9"] * killed + ["0"], said
    assert Counter(db.session.scalars(sa.select(Message.state))) == {"sent": digests}
    times = carried(counting.seen)
    assert len(times) == NOTICES and min(times.values()) == 1  # none lost
    doubtful = set(db.session.scalars(sa.select(Message.id).where(Message.doubtful)))
    twice = {message for message, n in counting.seen.items() if n > 1}
    assert twice <= doubtful  # none doubled without a mark
    assert 0 < len(doubtful) <= killed and max(times.values()) == 2
    broken = db.session.scalars(sa.select(Attempt).where(Attempt.message_id.in_(doubtful)))
    assert {a.message_id for a in broken if "terhenti" in a.error} == doubtful


def test_two_tickers_and_two_senders_at_once(url: str, counting: Counting, tmp_path: Path) -> None:
    digests = many(240, 2, packed=False)
    db.session.remove()
    # the third sends what one packed after both had sent
    ends, said = start(url, tmp_path, "0:tick:0+0:tick:0", "60:tick:0").communicate()
    assert (ends.split(), said) == (["0"] * 3, "")
    assert len(counting.seen) == digests and set(counting.seen.values()) == {1}
    assert set(carried(counting.seen).values()) == {1}
    assert db.session.scalar(sa.select(sa.func.count(Message.id)).where(Message.doubtful)) == 0
