"""Pages of reminders: whose they are, bad input, a double click, the demo's clock."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.contracts.models import Contract
from portal.db import db
from portal.notices import demo_clock, flow, flow_explain
from portal.notices import ladder as ladders
from portal.notices.models import Explanation, LetterDraft, Message, Notice
from portal.people.models import Contact, Leave, Setting
from portal.people.refusal import Refused
from portal.reports.models import Report
from tests.cast import Cast, post, sign_in
from tests.contracts.test_flow import position_of
from tests.notices.conftest import send_all, texts
from tests.notices.test_ladder import contract, kepala_dpupr, the_step, walk

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest

Move = Callable[[timedelta], None]
__all__ = ["contract", "kepala_dpupr"]


def test_inbox_shows_own_notices_only_and_keeps_them_until_settled(
    app: Flask, cast: Cast, report: Report, client: FlaskClient, still_clock: Move
) -> None:
    still_clock(timedelta(days=1))
    flow.tick()
    sign_in(client, cast.operator_distan)
    page = client.get("/pesan").text
    assert "1 isian LPPD 2025 Distan" in page and "Dinkes" not in page
    foreign = db.session.scalars(
        sa.select(Notice).where(Notice.person_id == cast.operator_dinkes.person_id)
    ).one()
    mine = db.session.scalars(
        sa.select(Notice).where(Notice.person_id == cast.operator_distan.person_id)
    ).one()
    assert post(client, f"/pesan/{foreign.id}/buka").status_code == 404
    assert client.get(f"/p/{foreign.id}").status_code == 404
    assert client.get("/p/0O0O0O0O0O").status_code == 404
    answer = client.get(f"/p/{mine.id}")
    assert answer.status_code == 302 and "/tugas" in answer.headers["Location"]
    assert db.session.get_one(Notice, mine.id, populate_existing=True).read_at is not None
    assert "1 hal menunggu" in client.get("/pesan").text  # opened, not settled
    stranger = app.test_client()
    assert "/masuk" in stranger.get(f"/p/{mine.id}").headers["Location"]


def test_own_addresses_and_cuti(
    app: Flask, cast: Cast, client: FlaskClient, still_clock: Move
) -> None:
    sign_in(client, cast.operator_distan)
    bad = post(client, "/pesan/saluran/email", {"alamat": "budi di kantor"})
    assert bad.status_code == 422 and "budi di kantor" in bad.text
    assert "Contoh: rina@contohkab.go.id" in bad.text
    assert post(client, "/pesan/saluran/email", {"alamat": "b@contoh.go.id"}).status_code == 302
    assert db.session.scalars(sa.select(Contact.address)).all() == ["b@contoh.go.id"]
    assert post(client, "/pesan/saluran/merpati", {"alamat": "x"}).status_code == 422
    assert post(client, "/pesan/saluran/email", {"alamat": ""}).status_code == 302
    assert db.session.scalars(sa.select(Contact.address)).all() == []
    wrong = {"first_on": "2026-02-09", "last_on": "2026-02-03", "basis": "850/1"}
    answer = post(client, "/pesan/cuti", wrong)
    assert answer.status_code == 422 and "850/1" in answer.text
    for _ in range(2):  # a double click
        post(client, "/pesan/cuti", {"first_on": "2026-02-03", "last_on": "2026-02-09"})
    leave = db.session.scalars(sa.select(Leave)).one()
    sign_in(client, cast.operator_dinkes)
    assert post(client, f"/pesan/cuti/{leave.id}/hapus").status_code == 404


def test_the_admin_changes_days_with_a_basis_and_cannot_break_the_order(
    app: Flask, cast: Cast, client: FlaskClient, still_clock: Move
) -> None:
    sign_in(client, cast.admin)
    assert client.get("/admin/pengingat/tangga").status_code == 200
    url, today = "/admin/pengingat/tangga", date(2026, 2, 2)
    for data, words in (
        ({"step.h-3": "lima", "basis": "SE 5"}, "bilangan 1 sampai 120"),
        ({"step.kepala": "9", "basis": "SE 5"}, "tidak boleh mendahului"),
        ({"digest": "25.00", "basis": "SE 5"}, "bukan jam"),
        ({"digest": "20.30", "basis": "SE 5"}, "di antara"),
        ({"response_days": "1", "basis": "SE 5"}, "2 sampai 20"),
        ({"step.h-3": "5", "basis": " "}, "Tulis dasarnya"),
    ):
        answer = post(client, url, data)
        assert answer.status_code == 422 and words in answer.text
        assert all(f'value="{typed}"' in answer.text for typed in data.values() if typed.strip())
    assert post(client, url, {"step.h-3": "5", "to": "18.00", "basis": "SE 5"}).status_code == 302
    now = ladders.present(today)
    assert now.ladders["step"].rungs[0].before == 5 and now.hours.ends.hour == 18
    assert (
        db.session.scalar(sa.select(Setting.basis).where(Setting.key == ladders.SETTING)) == "SE 5"
    )
    sign_in(client, cast.operator_dinkes)
    assert client.get(url).status_code == 403


def test_the_admin_stops_all_messages_and_every_page_says_so(
    app: Flask, cast: Cast, report: Report, spool: Path, client: FlaskClient, still_clock: Move
) -> None:
    sign_in(client, cast.admin)
    assert post(client, "/admin/pengingat/saklar", {"nyala": ""}).status_code == 302
    assert "sedang dihentikan admin" in client.get("/pesan").text
    still_clock(timedelta(days=1))
    assert send_all() == []
    post(client, "/admin/pengingat/saklar", {"nyala": "1"})
    assert len(send_all()) == 1


def test_a_doubtful_message_is_shown_to_a_person_until_seen(
    app: Flask, cast: Cast, report: Report, spool: Path, client: FlaskClient, still_clock: Move
) -> None:
    still_clock(timedelta(days=1))
    send_all()
    message = db.session.scalars(sa.select(Message)).one()
    message.doubtful = True
    db.session.commit()
    sign_in(client, cast.admin)
    page = client.get("/admin/pengingat").text
    assert "Sudah dilihat" in page and "Mungkin terkirim dua kali" in page
    assert post(client, f"/admin/pengingat/pesan/{message.id}/dilihat").status_code == 302
    assert "Sudah dilihat" not in client.get("/admin/pengingat").text


def test_channels_page_orders_switches_and_tries(
    app: Flask, cast: Cast, report: Report, spool: Path, client: FlaskClient, still_clock: Move
) -> None:
    sign_in(client, cast.admin)
    page = client.get("/admin/pengingat/saluran").text
    assert "SMS lewat modem" in page and "Isi dahulu alamat" in page
    db.session.add(Contact(person_id=cast.admin.person_id, channel="sms", address="+628120000"))
    db.session.commit()
    assert post(client, "/admin/pengingat/saluran/uji", {"gateway": "nihil"}).status_code == 404
    assert post(client, "/admin/pengingat/saluran/uji", {"gateway": "smsd"}).status_code == 302
    send_all()
    assert texts(spool)[0].startswith("SELARAS: uji kirim")
    assert post(client, "/admin/pengingat/saluran", {"order.smsd": "dua"}).status_code == 422
    assert post(client, "/admin/pengingat/saluran", {"on": []}).status_code == 302
    still_clock(timedelta(days=1))
    assert send_all() == []


def test_questions_are_asked_by_leaders_answered_by_the_kepala_and_foreign_to_others(
    app: Flask, cast: Cast, contract: Contract, kepala_dpupr: str, client: FlaskClient,
    still_clock: Move,
) -> None:  # fmt: skip
    data = {"subject": "step:1", "unit_id": str(cast.units["DPUPR"]),
            "contract_id": str(contract.id), "question": "Mohon penjelasan sebab SPP belum ada"}  # fmt: skip
    sign_in(client, cast.kepala_dinkes)
    assert post(client, "/penjelasan/minta", data).status_code == 403
    sign_in(client, cast.pimpinan)
    assert post(client, "/penjelasan/minta", {**data, "question": "?"}).status_code == 422
    for _ in range(2):
        assert post(client, "/penjelasan/minta", data).status_code == 302
    asked = db.session.scalars(sa.select(Explanation)).one()
    url = f"/penjelasan/{asked.id}"
    assert asked.asked_by == "Bupati Contoh"
    assert post(client, url, {"cause": "x"}).status_code == 403
    sign_in(client, cast.kepala_dinkes)
    assert client.get(url).status_code == 404 and post(client, url).status_code == 404
    sign_in(client, cast.people[kepala_dpupr])
    with client.session_transaction() as session:
        session["jabatan"] = db.session.scalar(
            sa.text("SELECT id FROM position WHERE title = 'Kepala DPUPR'")
        )
    assert "3. Perkiraan selesai" in client.get(url).text
    typed = {"cause": "Berkas belum lengkap", "action": "Dilengkapi pekan ini"}
    bad = post(client, url, {**typed, "promised_on": "kapan-kapan"})
    assert bad.status_code == 422 and "Berkas belum lengkap" in bad.text
    good = {**typed, "promised_on": "2026-02-20"}
    assert post(client, url, good).status_code == 302
    assert post(client, url, good).status_code == 422  # once
    sign_in(client, cast.pimpinan)
    assert "Berkas belum lengkap" in client.get(url).text
    assert "sudah menjawab permintaan penjelasan" in client.get("/pesan").text


def test_letters_exist_for_the_sekda_alone_and_the_draft_is_word_without_number(
    app: Flask, cast: Cast, contract: Contract, kepala_dpupr: str, client: FlaskClient,
    still_clock: Move,
) -> None:  # fmt: skip
    the_step(contract)
    walk(still_clock, 30)
    draft = db.session.scalars(sa.select(LetterDraft)).one()
    sign_in(client, cast.kepala_dinkes)
    assert client.get("/naskah-surat").status_code == 404
    assert client.get(f"/naskah-surat/{draft.id}.docx").status_code == 404
    sign_in(client, cast.sekda)
    assert "DPUPR" in client.get("/naskah-surat").text
    answer = client.get(f"/naskah-surat/{draft.id}.docx")
    text = zipfile.ZipFile(BytesIO(answer.data)).read("word/document.xml").decode()
    assert "Percepatan Penyelesaian Administrasi" in text and "SEKRETARIS DAERAH" in text
    assert "teguran" not in text.lower() and "Andi" not in text and "CV " not in text
    assert "........../........." in text
    assert post(client, f"/naskah-surat/{draft.id}", {"decision": "tidak"}).status_code == 422
    assert post(client, f"/naskah-surat/{draft.id}", {"decision": "dipakai"}).status_code == 302


def test_proof_on_screen_and_as_files(
    app: Flask, cast: Cast, contract: Contract, spool: Path, client: FlaskClient, still_clock: Move
) -> None:
    the_step(contract)
    walk(still_clock, 5)
    flow_explain.ask("step:1", cast.units["DISTAN"], "Mohon penjelasan hal ini ya",
                     cast.actor("sekda"), contract.id)  # fmt: skip
    db.session.commit()
    sign_in(client, cast.ppk)
    url = f"/kontrak/{contract.id}/bukti-pemberitahuan"
    page = client.get(url).text
    assert "Rantai catatan utuh" in page and "PPK Bidang Bina Marga" in page
    assert client.get(f"{url}.pdf").data.startswith(b"%PDF")
    docx = zipfile.ZipFile(BytesIO(client.get(f"{url}.docx").data)).read("word/document.xml")
    assert b"Kotak masuk" in docx and b"+62" not in docx and b"Andi" not in docx
    assert client.get(f"{url}.exe").status_code == 404
    sign_in(client, cast.ppk_skpd)
    assert client.get(url).status_code == 200  # own Perangkat Daerah
    sign_in(client, cast.kepala_distan)
    assert client.get(url).status_code == 404


# --- the demo's clock ------------------------------------------------------------------------


@pytest.fixture
def demo(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    db.session.add(Setting(key="demo", valid_from=date(2021, 1, 4), value=True))
    db.session.commit()
    monkeypatch.setattr(clock, "_source", None)
    clock.follow(app.config["SELARAS"].instance / clock.DEMO_FILE)
    yield app.config["SELARAS"].instance
    monkeypatch.setattr(clock, "_demo_file", None)
    clock.look_again()


def test_the_demo_clock_lives_through_each_day_and_goes_back(
    app: Flask, cast: Cast, demo: Path, client: FlaskClient
) -> None:
    zone = app.config["SELARAS"].zone
    start = clock.today(zone)
    due = start + timedelta(days=3)
    while due.weekday() > 4:
        due += timedelta(days=1)
    term_position = db.session.scalar(sa.text("SELECT min(id) FROM position"))
    flow.tell(flow.Telling("hal:1", 1, "h-1", term_position, "Hal", "Hal", "/", due))
    db.session.commit()
    runner = app.test_cli_runner()
    target = start + timedelta(days=8)
    said = runner.invoke(args=["demo", "clock", target.isoformat()])
    assert said.exit_code == 0, said.output
    assert clock.today(zone) == target and clock.local(clock.now(), zone).hour == 8
    assert "pukul 08.00" in said.output
    with pytest.raises(Refused, match="sesudahnya"):
        demo_clock.walk(start)
    sign_in(client, cast.admin)
    answer = post(client, "/admin/pengingat/jam",
                  {"sampai": (target + timedelta(days=1)).isoformat()})  # fmt: skip
    assert answer.status_code == 302 and clock.today(zone) == target + timedelta(days=1)
    assert runner.invoke(args=["demo", "clock", "--real"]).exit_code == 0
    assert clock.today(zone) == start
    assert runner.invoke(args=["demo", "clock", "besok"]).exit_code == 1


def test_a_portal_with_real_data_has_no_clock_to_move(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    sign_in(client, cast.admin)
    assert post(client, "/admin/pengingat/jam", {"sampai": "2026-03-01"}).status_code == 404
    done = app.test_cli_runner().invoke(args=["demo", "clock", "2026-03-01"])
    assert done.exit_code == 1 and "portal contoh" in done.output


def test_commands_due_writes_nothing_and_send_sends(
    app: Flask, cast: Cast, report: Report, spool: Path, still_clock: Move
) -> None:
    runner = app.test_cli_runner()
    said = runner.invoke(args=["notices", "due", "--on", "2026-02-05"]).output
    assert "3 pemberitahuan jatuh tempo pada 2026-02-05" in said and "Pengingat" in said
    assert db.session.scalar(sa.select(sa.func.count(Notice.id))) == 0
    assert runner.invoke(args=["notices", "due", "--on", "kemarin"]).exit_code == 1
    still_clock(timedelta(days=1))
    assert "Terkirim ke penyedia layanan: 1" in runner.invoke(args=["notices", "send"]).output
    assert "Tidak ada pesan" in runner.invoke(args=["notices", "send"]).output


@pytest.mark.parametrize(
    ("key", "url", "most"),
    [("ppk", "/pesan", 22), ("admin", "/admin/pengingat", 26), ("sekda", "/penjelasan", 26),
     ("sekda", "/naskah-surat", 26)],
)  # fmt: skip
def test_lists_cost_the_same_whatever_their_length(  # noqa: PLR0917
    app: Flask, cast: Cast, contract: Contract, kepala_dpupr: str, spool: Path,
    client: FlaskClient, still_clock: Move, key: str, url: str, most: int,
) -> None:  # fmt: skip
    def cost() -> int:
        asked: list[str] = []

        def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
            asked.append(statement)

        db.session.expire_all()
        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert client.get(url).status_code == 200
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(asked)

    sign_in(client, cast.people[key])
    before = cost()
    the_step(contract)
    walk(still_clock, 20)
    for n in range(12):
        flow.tell(flow.Telling(f"hal:{n}", 1, "lewat", position_of(cast, key), "Hal", "Hal", "/"))
        flow_explain.ask(f"hal:{n}", cast.units["DPUPR"], "Mohon penjelasan hal ini ya",
                         cast.actor("sekda"))  # fmt: skip
    db.session.commit()
    assert cost() <= before + 8 and before <= most  # an empty list asks less
