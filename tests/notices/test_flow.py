"""From what is due to a delivered text: once, over a real SMTP server and the SMS spool."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock
from portal.config import Config
from portal.db import db
from portal.notices import flow, flow_send, pack
from portal.notices.channels.mail import SmtpGateway
from portal.notices.models import Attempt, Message, Notice
from portal.people.models import Leave, Setting, Term, WorkDay
from portal.reports.models import Entry, EntryState, Obstacle, Report
from tests.cast import Cast
from tests.notices.conftest import Kept, send_all, texts

Move = Callable[[timedelta], None]
Configure = Callable[..., Config]


def count(where: sa.ColumnElement[bool] | None = None) -> int:
    query = sa.select(sa.func.count(Notice.id))
    return db.session.scalar(query if where is None else query.where(where)) or 0


def test_batas_h3_reaches_inbox_mail_and_sms_once(
    app: Flask, cast: Cast, report: Report, spool: Path, mailbox: Kept, still_clock: Move
) -> None:
    send_all()
    assert count() == 0  # Monday: too early
    still_clock(timedelta(days=1))  # Tuesday 08.00: three working days ahead
    assert len(send_all()) == 2
    assert send_all() == []
    assert flow.tick() == []
    code = db.session.scalar(
        sa.select(Notice.id).where(Notice.person_id == cast.operator_dinkes.person_id)
    )
    assert texts(spool) == [
        "SELARAS: 2 isian LPPD 2025 Dinkes belum dikirim, batas Jumat 6/2. "
        f"Buka http://localhost:8000/p/{code}"
    ]
    mail: EmailMessage = mailbox.mails[0]
    assert len(mailbox.mails) == 1
    assert mail["Subject"] == "2 isian LPPD 2025 Dinkes belum dikirim, batas Jumat, 6 Februari 2026"
    people = set(db.session.scalars(sa.select(Notice.person_id)))
    assert people == {cast.operator_dinkes.person_id, cast.operator_dinkes_2.person_id,
                      cast.operator_distan.person_id}  # fmt: skip


def test_a_returned_section_is_told_again_only_when_returned_again_and_closed_when_sent(
    app: Flask, cast: Cast, report: Report, still_clock: Move
) -> None:
    entry = db.session.scalars(sa.select(Entry).order_by(Entry.id)).first()
    assert entry is not None
    entry.state, entry.version = EntryState.DIKEMBALIKAN, 4
    db.session.commit()
    flow.tick()
    flow.tick()
    told = Notice.rung == "dikembalikan"
    assert count(told) == 2  # both operators of Dinkes
    entry.version = 6
    db.session.commit()
    flow.tick()
    assert (count(told), count(told & Notice.closed_at.is_(None))) == (4, 2)
    entry.state = EntryState.DIKIRIM
    db.session.commit()
    flow.tick()
    assert count(told & Notice.closed_at.is_(None)) == 0
    assert set(db.session.scalars(sa.select(Notice.closed_why))) == {"jadwal", "selesai"}


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
    assert count(Notice.person_id == cast.operator_distan.person_id) == 0
    assert count() == 2


def test_nothing_leaves_on_a_day_off_or_at_night_but_the_inbox_has_it(
    app: Flask, cast: Cast, report: Report, spool: Path, still_clock: Move
) -> None:
    still_clock(timedelta(days=3, hours=12, minutes=1))  # Thursday 20.01
    assert flow.tick() == [] and count(Notice.rung == "h-1") == 3
    still_clock(timedelta(hours=10, minutes=58))  # Friday 06.59
    assert flow.tick() == []
    still_clock(timedelta(minutes=31))  # 07.30
    assert len(send_all()) == 1
    still_clock(timedelta(days=1))  # Saturday
    assert flow.tick() == []


def test_a_message_that_waited_into_the_night_stays_there_and_is_dropped_when_settled(
    app: Flask, cast: Cast, report: Report, spool: Path, still_clock: Move
) -> None:
    still_clock(timedelta(days=1))
    (message_id,) = flow.tick()
    still_clock(timedelta(hours=13))  # the worker was away until 21.00
    assert flow.send_message(message_id) == "waiting" and texts(spool) == []
    for entry in db.session.scalars(sa.select(Entry)):
        entry.state = EntryState.DIKIRIM
    db.session.commit()
    still_clock(timedelta(hours=12))  # next morning
    flow.tick()
    assert flow.send_message(message_id) == "dropped" and texts(spool) == []


def test_the_plh_is_told_while_he_stands_in_and_a_person_on_leave_hears_when_back(
    app: Flask, cast: Cast, report: Report, spool: Path, still_clock: Move
) -> None:
    term = db.session.get_one(Term, cast.operator_distan.term_id)
    db.session.add_all([
        Term(position_id=term.position_id, person_id=cast.camat.person_id, sifat="plh",
             valid_from=date(2026, 2, 2), valid_to=date(2026, 2, 4)),
        Leave(person_id=cast.operator_distan.person_id, first_on=date(2026, 2, 2),
              last_on=date(2026, 2, 4)),
        Leave(person_id=cast.operator_dinkes.person_id, first_on=date(2026, 2, 2),
              last_on=date(2026, 2, 4)),
    ])  # fmt: skip
    db.session.commit()
    still_clock(timedelta(days=1))  # Tuesday
    assert flow.tick() == []  # Rina is on leave: nothing leaves, the inbox has it
    assert count(Notice.person_id == cast.operator_dinkes.person_id) == 1
    assert count(Notice.person_id == cast.camat.person_id) == 1
    assert count(Notice.person_id == cast.operator_distan.person_id) == 0
    still_clock(timedelta(days=2))  # Thursday: all are back
    assert len(flow.tick()) == 1
    assert count(Notice.person_id == cast.operator_distan.person_id) == 1
    gone = Notice.person_id == cast.camat.person_id
    assert count(gone & (Notice.closed_why == "pindah")) == 1


def test_who_left_office_is_told_no_more_and_the_successor_is(
    app: Flask, cast: Cast, report: Report, spool: Path, still_clock: Move
) -> None:
    still_clock(timedelta(days=1))
    (message_id,) = flow.tick()  # to Rina, not sent yet
    term = db.session.get_one(Term, cast.operator_dinkes.term_id)
    term.valid_to = date(2026, 2, 3)
    db.session.add(Term(position_id=term.position_id, person_id=cast.camat.person_id,
                        valid_from=date(2026, 2, 4)))  # fmt: skip
    db.session.commit()
    still_clock(timedelta(days=1))
    flow.tick()
    assert flow.send_message(message_id) == "dropped"
    assert count(Notice.person_id == cast.camat.person_id) == 1


def test_a_sender_killed_after_sending_leaves_one_marked_doubt(
    app: Flask, cast: Cast, report: Report, mailbox: Kept, still_clock: Move,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    still_clock(timedelta(days=1))
    (message_id,) = flow.tick()
    real = SmtpGateway.send

    def killed(*args: Any) -> str:
        real(*args)
        raise SystemExit(9)

    monkeypatch.setattr(SmtpGateway, "send", killed)
    with pytest.raises(SystemExit):
        flow.send_message(message_id)
    db.session.rollback()
    assert flow.send_message(message_id) == ""  # the lease still holds: nobody sends
    assert db.session.scalar(sa.select(sa.func.count(Attempt.id))) == 1
    monkeypatch.setattr(SmtpGateway, "send", real)
    still_clock(timedelta(minutes=3))
    assert flow.tick() == [message_id]
    flow.send_message(message_id)
    message = db.session.get_one(Message, message_id, populate_existing=True)
    assert (message.state, message.doubtful, len(message.attempts)) == ("sent", True, 2)
    assert flow.tick() == []


def test_a_dead_mail_server_is_tried_with_pauses_and_given_up_after_two_days(
    app: Flask, cast: Cast, report: Report, configure: Configure, still_clock: Move
) -> None:
    configure(smtp_url="smtp://127.0.0.1:9?from=a@b.go.id&tls=none")
    still_clock(timedelta(days=1))
    (message_id,) = send_all()
    assert send_all() == []  # a pause of a minute
    tries = 1
    for _ in range(60):
        still_clock(timedelta(minutes=61))
        tries += len(send_all())
    message = db.session.get_one(Message, message_id, populate_existing=True)
    assert message.state == "failed" and not message.doubtful
    assert 10 < len(message.attempts) < 40 and "dua hari" in message.attempts[-1].error
    assert "server e-mail menolak" in message.attempts[0].error


def test_gateway_down_for_a_day_then_everything_arrives_once(
    app: Flask, cast: Cast, report: Report, configure: Configure, mailbox: Kept, still_clock: Move
) -> None:
    works = app.config["SELARAS"].smtp_url
    configure(smtp_url="smtp://127.0.0.1:9?from=a@b.go.id&tls=none")
    still_clock(timedelta(days=1))
    for _ in range(24):
        send_all()
        still_clock(timedelta(hours=1))
    configure(smtp_url=works)
    still_clock(timedelta(hours=2))  # the pause after many failures
    send_all()
    send_all()
    told = [m["Subject"] for m in mailbox.mails]
    assert len(told) == 1 and told[0].startswith("2 isian LPPD 2025 Dinkes")


def test_a_week_without_ticker_and_a_clock_set_back_and_the_new_year(
    app: Flask, cast: Cast, report: Report, spool: Path, still_clock: Move
) -> None:
    still_clock(timedelta(days=14))  # Monday 16 February: eight working days late
    send_all()
    assert set(db.session.scalars(sa.select(Notice.rung))) == {"lewat"}  # the kepala not yet
    kepala = Notice.person_id == cast.kepala_dinkes.person_id
    still_clock(timedelta(days=1))  # 17 February is Imlek
    send_all()
    assert count(kepala) == 0
    still_clock(timedelta(days=1))
    send_all()
    assert count(kepala) == 1
    still_clock(-timedelta(days=1, hours=1))  # the machine's clock is set back
    send_all()
    assert count() == 5 and len(texts(spool)) == 1
    still_clock(timedelta(days=330))  # January 2027
    send_all()
    assert count() == 5 and len(texts(spool)) == 1


def test_changed_holidays_do_not_remind_twice(
    app: Flask, cast: Cast, report: Report, still_clock: Move
) -> None:
    still_clock(timedelta(days=1))
    flow.tick()
    before = count()
    db.session.add(WorkDay(day=date(2026, 2, 4), kind="libur", name="Hari jadi"))
    db.session.commit()
    flow.tick()
    assert count() == before  # still H-3 for the same deadline
    still_clock(timedelta(days=2))
    flow.tick()
    assert count(Notice.rung == "h-1") == 3


def test_one_digest_a_day_urgent_ones_in_between_and_a_cap_of_the_week(
    app: Flask, cast: Cast, report: Report, spool: Path, still_clock: Move
) -> None:
    rina = cast.operator_dinkes

    def put(rung: str, urgent: bool = False) -> None:
        term = db.session.get_one(Term, rina.term_id)
        flow.tell(flow.Telling(f"hal:{rung}", 1, rung, term.position_id, f"Hal {rung}",
                               f"Hal {rung}", "/pesan", urgent=urgent))  # fmt: skip
        db.session.commit()

    put("a")
    assert len(send_all()) == 1
    put("b")
    assert send_all() == []  # today's digest has left
    put("c", urgent=True)
    assert len(send_all()) == 1
    put("d", urgent=True)
    assert send_all() == []  # one urgent message an hour
    still_clock(timedelta(days=1))
    send_all()
    last = max(db.session.scalars(sa.select(Message)), key=lambda m: m.id)
    assert "hal menunggu" in last.subject_line and last.slot == "harian"
    for n in range(12):
        put(f"u{n}", urgent=True)
        send_all()
        still_clock(timedelta(hours=1) if n % 4 else timedelta(hours=21))
    week = [m for m in db.session.scalars(sa.select(Message)) if m.channel == "sms"]
    days = {m.day for m in week}
    for day in days:
        span = [m for m in week if day - timedelta(days=7) < m.day <= day]
        assert len(span) <= 8  # six, and two more for what is urgent


def test_messages_can_be_switched_off_altogether(
    app: Flask, cast: Cast, report: Report, spool: Path, still_clock: Move
) -> None:
    db.session.add(Setting(key="pesan_aktif", valid_from=date(2026, 1, 1), value=False))
    db.session.commit()
    still_clock(timedelta(days=1))
    assert flow.tick() == [] and count() == 3
    assert flow_send.send_waiting() == {}


def test_a_ticker_killed_between_writing_and_packing_loses_and_doubles_nothing(
    app: Flask, cast: Cast, report: Report, spool: Path, still_clock: Move,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    still_clock(timedelta(days=1))
    real = pack.insert_if_new

    def killed(*args: Any) -> bool:
        real(*args)
        raise SystemExit(9)  # the message is written, what it carries is not

    monkeypatch.setattr(pack, "insert_if_new", killed)
    with pytest.raises(SystemExit):
        flow.tick()
    db.session.rollback()
    assert count() == 3 and db.session.scalar(sa.select(sa.func.count(Message.id))) == 0
    monkeypatch.setattr(pack, "insert_if_new", real)
    assert len(send_all()) == 1 and len(texts(spool)) == 1 and count() == 3
