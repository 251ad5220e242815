"""From what is due to a delivered text: once, over a real SMTP server and the SMS spool."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.contracts import flow as contracts
from portal.db import db
from portal.notices import channels, flow
from portal.notices.models import Attempt, Message, Notice
from portal.people import workdays
from portal.people.models import Contact
from portal.reports.models import Entry, EntryState, Obstacle, Report
from tests.cast import Cast, post, sign_in
from tests.contracts.test_flow import CALENDAR, new_contract

Move = Callable[[timedelta], None]


class Kept(Handler):
    """Keeps what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Kept]:
    kept = Kept()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    config = replace(
        app.config["SELARAS"],
        smtp_url=f"smtp://127.0.0.1:{port}?from=selaras@contoh.go.id&tls=none",
    )
    app.config["SELARAS"] = config
    yield kept
    controller.stop()


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
    ids = flow.tick()
    for message_id in ids:
        flow.send_message(message_id)
    return ids


def texts(app: Flask) -> list[str]:
    folder = app.config["SELARAS"].instance / "spool" / "sms"
    return [json.loads(p.read_text())["text"] for p in sorted(folder.glob("sms-*.json"))]


def test_batas_h3_reaches_inbox_mail_and_sms_once(
    app: Flask, cast: Cast, report: Report, mailbox: Kept, still_clock: Move
) -> None:
    send_all()
    assert db.session.scalar(sa.select(sa.func.count(Notice.id))) == 0  # Monday: too early
    still_clock(timedelta(days=1))  # Tuesday 08.00: three working days ahead
    assert len(send_all()) == 2
    assert send_all() == []
    assert flow.tick() == []
    sms = texts(app)
    assert sms == [
        "SELARAS: 2 isian LPPD 2025 Dinkes belum dikirim, batas Jumat 6/2. "
        "Buka http://localhost:8000/pesan"
    ]
    mail: EmailMessage = mailbox.mails[0]
    assert len(mailbox.mails) == 1
    assert mail["Subject"] == "2 isian LPPD 2025 Dinkes belum dikirim, batas Jumat 6/2"
    people = set(db.session.scalars(sa.select(Notice.person_id)))
    assert people == {cast.operator_dinkes.person_id, cast.operator_dinkes_2.person_id,
                      cast.operator_distan.person_id}  # fmt: skip


def test_a_returned_section_is_told_again_only_when_returned_again(
    app: Flask, cast: Cast, report: Report, still_clock: Move
) -> None:
    entry = db.session.scalars(sa.select(Entry).order_by(Entry.id)).first()
    assert entry is not None
    entry.state, entry.version = EntryState.DIKEMBALIKAN, 4
    db.session.commit()
    flow.tick()
    flow.tick()
    told = sa.select(sa.func.count(Notice.id)).where(Notice.rung == "dikembalikan")
    assert db.session.scalar(told) == 2  # both operators of Dinkes
    entry.version = 6
    db.session.commit()
    flow.tick()
    assert db.session.scalar(told) == 4


def test_ada_kendala_quiets_the_reminder(
    app: Flask, cast: Cast, report: Report, still_clock: Move
) -> None:
    still_clock(timedelta(days=1))
    for entry in db.session.scalars(
        sa.select(Entry).where(Entry.supplier_unit_id == cast.units["DISTAN"])
    ):
        db.session.add(Obstacle(entry_id=entry.id, reason="belum_rilis", by_label="x",
                                at=clock.now(), quiet_until=date(2026, 2, 10)))  # fmt: skip
    db.session.commit()
    flow.tick()
    assert cast.operator_distan.person_id not in set(
        db.session.scalars(sa.select(Notice.person_id))
    )


def test_step_due_is_told_to_the_desk_and_data_awal_to_nobody(
    app: Flask, cast: Cast, still_clock: Move
) -> None:
    calendar = workdays.checker(*CALENDAR)
    running = new_contract(cast, number="lama", signed_on=date(2025, 11, 3), last_done="spp",
                           starts_on=date(2025, 11, 4), ends_on=date(2026, 1, 26))  # fmt: skip
    contracts.register(running, cast.actor("ppk"), calendar)
    db.session.commit()
    flow.tick()
    notices = db.session.scalars(sa.select(Notice)).all()
    assert {n.person_id for n in notices} <= {cast.bud.person_id}
    assert all(n.title.startswith("SP2D terbit, kontrak lama") for n in notices)


def test_no_message_on_a_day_off(app: Flask, report: Report, still_clock: Move) -> None:
    still_clock(timedelta(days=5))  # Saturday
    assert flow.tick() == []


def test_a_sender_killed_after_sending_leaves_one_marked_doubt(
    app: Flask, cast: Cast, report: Report, still_clock: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    still_clock(timedelta(days=1))
    (message_id,) = flow.tick()
    real = channels.send

    def killed(*args: Any) -> str:
        real(*args)
        raise SystemExit(9)

    monkeypatch.setattr(channels, "send", killed)
    with pytest.raises(SystemExit):
        flow.send_message(message_id)
    db.session.rollback()
    flow.send_message(message_id)  # the lease still holds: nobody sends
    assert db.session.scalar(sa.select(sa.func.count(Attempt.id))) == 1
    monkeypatch.setattr(channels, "send", real)
    still_clock(timedelta(minutes=3))
    assert flow.tick() == [message_id]
    flow.send_message(message_id)
    message = db.session.get_one(Message, message_id, populate_existing=True)
    assert message.state == "doubtful" and len(message.attempts) == 2
    assert flow.tick() == []


def test_a_dead_mail_server_is_tried_three_times_and_shown(
    app: Flask, cast: Cast, report: Report, still_clock: Move, client: FlaskClient
) -> None:
    app.config["SELARAS"] = replace(
        app.config["SELARAS"], smtp_url="smtp://127.0.0.1:9?from=a@b.go.id&tls=none"
    )
    still_clock(timedelta(days=1))
    for _ in range(5):
        send_all()
    mail = db.session.scalars(sa.select(Message).where(Message.channel == "email")).one()
    assert mail.state == "failed" and len(mail.attempts) == 3
    sign_in(client, cast.admin)
    page = client.get("/admin/pengingat").text
    assert "Gagal" in page and "server e-mail menolak" in page


def test_inbox_shows_own_notices_only(
    app: Flask, cast: Cast, report: Report, still_clock: Move, client: FlaskClient
) -> None:
    still_clock(timedelta(days=1))
    flow.tick()
    sign_in(client, cast.operator_distan)
    page = client.get("/pesan").text
    assert "1 isian LPPD 2025 Distan" in page and "Dinkes" not in page
    foreign = db.session.scalars(
        sa.select(Notice).where(Notice.person_id == cast.operator_dinkes.person_id)
    ).first()
    mine = db.session.scalars(
        sa.select(Notice).where(Notice.person_id == cast.operator_distan.person_id)
    ).one()
    assert foreign is not None
    assert post(client, f"/pesan/{foreign.id}/buka").status_code == 404
    answer = post(client, f"/pesan/{mine.id}/buka")
    assert answer.status_code == 302
    assert db.session.get_one(Notice, mine.id, populate_existing=True).read_at is not None
