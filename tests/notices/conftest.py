"""A portal with a mail server, an SMS spool and a vendor on loopback."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler
from flask import Flask

from portal import clock
from portal.config import Config
from portal.db import db
from portal.notices import flow
from portal.people.models import Contact
from portal.reports.models import Entry, EntryState, Report
from tests.cast import Cast


class Kept(Handler):
    """Keeps what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def configure(app: Flask) -> Callable[..., Config]:
    """Change the configuration of the app of this test."""

    def change(**changes: Any) -> Config:
        app.config["SELARAS"] = replace(app.config["SELARAS"], **changes)
        app.extensions.pop("selaras_channels", None)
        return app.config["SELARAS"]

    return change


@pytest.fixture
def spool(configure: Callable[..., Config], tmp_path: Path) -> Path:
    """The folder that gammu-smsd would empty."""
    configure(sms_url=f"smsd://{tmp_path / 'gammu'}")
    return tmp_path / "gammu"


@pytest.fixture
def mailbox(configure: Callable[..., Config]) -> Iterator[Kept]:
    kept, port = Kept(), free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    configure(smtp_url=f"smtp://127.0.0.1:{port}?from=selaras@contoh.go.id&tls=none")
    yield kept
    controller.stop()


@dataclass
class Asked:
    """One request that a vendor has seen."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {key: values[0] for key, values in parse_qs(self.body.decode()).items()}

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Answer = Callable[[Asked], tuple[int, bytes]]


@dataclass
class Vendor:
    """A real HTTP server on loopback; ``answer`` decides what it says."""

    answer: Answer = lambda _: (200, b"{}")
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    reply_headers: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    kept = Vendor()

    class Talk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.path, headers, body)
            kept.asked.append(asked)
            code, content = kept.answer(asked)
            if code == 0:  # hang up without a word
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(code)
            for name, value in kept.reply_headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Talk)
    server.daemon_threads = True
    kept.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def report(cast: Cast) -> Report:
    """LPPD 2025 with two isian of Dinkes and one of Distan; batas Friday 6 February."""
    made = Report(
        kind="lppd", edition="x", year=2025, owner_unit_id=cast.units["PEMDA"],
        structure_date=date(2025, 12, 31), opened_at=clock.now(),
        internal_deadline=date(2026, 2, 6), settings={},
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    for key, unit in (("a", "DINKES"), ("b", "DINKES"), ("c", "DISTAN")):
        db.session.add(Entry(report_id=made.id, part_key=key, state_since=clock.now(),
                             supplier_unit_id=cast.units[unit], state=EntryState.DRAF))  # fmt: skip
    db.session.add_all([
        Contact(person_id=cast.operator_dinkes.person_id, channel="sms", address="+6281200000001"),
        Contact(person_id=cast.operator_dinkes.person_id, channel="email", address="rina@contoh"),
    ])  # fmt: skip
    db.session.commit()
    return made


def send_all() -> list[int]:
    """One tick, and everything it found sent by this process."""
    ids = flow.tick()
    for message_id in ids:
        flow.send_message(message_id)
    return ids


def texts(spool: Path) -> list[str]:
    """What lies in the outbox of the modem, by time."""
    return [p.read_text() for p in sorted((spool / "outbox").glob("OUT*.txt"))]
