"""Files on desks: the queue, Terima, Kembalikan, Teruskan, pauses, kendala, tanggapan."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from portal import clock, store
from portal.contracts import flow as contracts
from portal.contracts.models import Contract, Step
from portal.db import db
from portal.desks import flow, queries, rules
from portal.desks.kinds import REASONS
from portal.desks.models import Hindrance, Hold, Pause, Reply
from portal.people import workdays
from portal.people.queries import today
from portal.trail import flow as trail
from tests.cast import Cast, post, sign_in
from tests.contracts.test_flow import new_contract, position_of
from tests.uploads.test_uploads import pdf

PDF = pdf(1)


@pytest.fixture
def contract(cast: Cast) -> Contract:
    """A signed contract whose SPP is with the bendahara since 30 January 2026 (today is 2 Feb)."""
    roles = {k: position_of(cast, k) for k in ("ppk", "pptk", "bendahara", "ppk_skpd", "bud")}
    roles["pa"] = position_of(cast, "kepala_dinkes")
    made = contracts.register(
        new_contract(cast, roles=roles, value=Decimal("150000000"), last_done="spk",
                     ends_on=date(2026, 1, 29)),
        cast.actor("ppk"), workdays.calendar().is_workday,
    )  # fmt: skip
    for key, day in (("spmk", 7), ("bast", 29)):
        step = next(s for s in made.steps if s.key == key)
        contracts.finish(made, step.id, date(2026, 1, day), f"{key}/1", cast.actor("ppk"),
                         workdays.calendar().is_workday)  # fmt: skip
    db.session.commit()
    return made


def step_of(contract: Contract, key: str) -> Step:
    return next(s for s in contract.steps if s.key == key)


#: The calendar of the cast's region, which has no exception of its own.
worked = workdays.WorkCalendar().is_workday


def test_the_queue_holds_the_oldest_first_and_asks_few_questions(
    cast: Cast, contract: Contract
) -> None:
    roles = {k: position_of(cast, k) for k in ("ppk", "bendahara", "bud")}
    for n in range(8):
        contracts.register(
            new_contract(cast, number=f"602/{n}", roles=roles, last_done="bast"),
            cast.actor("ppk"), worked,
        )  # fmt: skip
    db.session.commit()
    me = cast.actor("bendahara")
    found = queries.queue(me, today(), worked)
    assert len(found) == 9
    assert [q.started for q in found] == sorted(q.started for q in found)
    assert {q.step.key for q in found} == {"spp"}
    calendar = workdays.calendar().is_workday
    asked: list[str] = []
    note = lambda *args: asked.append(args[2])  # noqa: E731 - the listener is named to take it off
    sa.event.listen(db.engine, "before_cursor_execute", note)
    queries.queue(me, today(), calendar)
    sa.event.remove(db.engine, "before_cursor_execute", note)
    assert 1 <= len(asked) <= 3
    assert queries.queue(cast.actor("bud"), today(), worked) == []


def test_receive_starts_the_clock_once(cast: Cast, contract: Contract) -> None:
    spp = step_of(contract, "spp")
    me = cast.actor("bendahara")
    before = spp.due_on
    hold = flow.receive(contract, spp.id, [], "", me, worked)
    db.session.commit()
    assert hold.received_on == today() and hold.lacking == []
    # arrived on Thursday 29 January, counted from Friday 30 January at the latest
    assert spp.clock_on == date(2026, 1, 30)
    assert before is not None and spp.due_on == workdays.add_workdays(date(2026, 1, 30), 7)
    again = flow.receive(contract, spp.id, ["foto"], "", me, worked)
    assert again.id == hold.id and again.lacking == []
    assert trail.verify(f"contract:{contract.id}") is None


def test_return_lays_the_file_elsewhere_and_back(cast: Cast, contract: Contract) -> None:
    spp = step_of(contract, "spp")
    contracts.finish(contract, spp.id, date(2026, 1, 30), "1/SPP", cast.actor("bendahara"), worked)
    sp2d = step_of(contract, "sp2d")
    bud = cast.actor("bud")
    with pytest.raises(flow.Refused, match="Centang berkas"):
        flow.give_back(contract, sp2d.id, "bendahara", [], " ", bud)
    hold = flow.give_back(contract, sp2d.id, "bendahara", ["kuitansi"], "", bud)
    db.session.commit()
    assert hold.slip_no == f"KB-{contract.id}-{sp2d.id}-1" and hold.outcome == "dikembalikan"
    waiting = queries.queue(cast.actor("bendahara"), today(), worked)
    assert [(q.step.id, q.returned) for q in waiting] == [(sp2d.id, True)]
    assert queries.queue(bud, today(), worked) == []
    with pytest.raises(flow.Refused, match="sedang dikembalikan"):
        flow.forward(contract, sp2d.id, today(), "1/SP2D", cast.actor("bendahara"), worked)
    flow.hand_back(contract, sp2d.id, "", cast.actor("bendahara"))
    db.session.commit()
    back = queries.queue(bud, today(), worked)
    assert [(q.step.id, q.returned) for q in back] == [(sp2d.id, False)]
    flow.forward(contract, sp2d.id, today(), "1/SP2D", bud, worked)
    db.session.commit()
    rows = db.session.scalars(sa.select(Hold).order_by(Hold.n)).all()
    assert [(h.holder, h.outcome) for h in rows] == [
        ("bud", "dikembalikan"), ("bendahara", "diteruskan"), ("bud", "diteruskan"),
    ]  # fmt: skip


def test_a_declared_outage_takes_its_days_from_the_desk(
    cast: Cast, contract: Contract, still_clock: Callable[[timedelta], None]
) -> None:
    still_clock(timedelta(days=8))  # Tuesday 10 February; SPP on the last day of its limit
    spp, sha = step_of(contract, "spp"), _stored()
    contracts.finish(contract, spp.id, date(2026, 2, 9), "1/SPP", cast.actor("bendahara"), worked)
    declared = flow.pause(None, "sistem", (date(2026, 2, 10), None), "900/77", (sha, "a.pdf"),
                          cast.actor("bud"))  # fmt: skip
    same = flow.pause(None, "sistem", (date(2026, 2, 10), None), "900/77", (sha, "a.pdf"),
                      cast.actor("bud"))  # fmt: skip
    assert same.id == declared.id
    sp2d = step_of(contract, "sp2d")
    assert queries.quiet_until([sp2d.id], today()) == {sp2d.id: date.max}
    still_clock(timedelta(days=16))
    flow.end_pause(declared, date(2026, 2, 12), cast.actor("bud"))
    db.session.commit()
    assert queries.quiet_until([sp2d.id], today()) == {}
    # limit 5 days, from 10 to 18 February (16 and 17 are off); today is Thursday 26 February
    assert sp2d.due_on == date(2026, 2, 18)
    found = queries.account(contract, today(), worked)
    assert (found.days, found.by_owner()) == (6, {"sistem": 3, "bpkad_bud": 3})


def _stored() -> str:
    return store.put(PDF, "application/pdf").sha256


def test_pauses_need_a_reason_of_the_list_and_a_document(cast: Cast, contract: Contract) -> None:
    ppk, sha = cast.actor("ppk"), _stored()
    span = (date(2026, 2, 2), None)
    with pytest.raises(flow.Refused, match="dari daftar"):
        flow.pause(contract, "sistem", span, "1", (sha, "a.pdf"), ppk)
    with pytest.raises(flow.Refused, match="dari daftar"):
        flow.pause(contract, "malas", span, "1", (sha, "a.pdf"), ppk)
    with pytest.raises(flow.Refused, match="dokumen dasarnya"):
        flow.pause(contract, "lahan", span, "1", None, ppk)
    with pytest.raises(flow.Refused, match="masa depan"):
        flow.pause(contract, "lahan", (date(2026, 2, 3), None), "1", (sha, "a.pdf"), ppk)
    made = flow.pause(contract, "lahan", span, "BA/1", (sha, "a.pdf"), ppk)
    assert REASONS[made.reason].owner == "luar"
    with pytest.raises(flow.Refused, match="mendahului"):
        flow.end_pause(made, date(2026, 1, 1), ppk)


def test_a_kendala_is_answered_by_the_head_and_reminders_rest(
    cast: Cast, contract: Contract
) -> None:
    spp = step_of(contract, "spp")
    me = cast.actor("bendahara")
    made = flow.state_obstacle(contract, spp.id, "Kuitansi menyusul", date(2026, 2, 6), me)
    again = flow.state_obstacle(contract, spp.id, "Kuitansi menyusul", date(2026, 2, 6), me)
    db.session.commit()
    assert made.id == again.id and made.in_time and made.by_label == "Bendahara Pengeluaran DPUPR"
    assert queries.open_obstacles(cast.actor("kepala_dinkes")) == []
    assert queries.quiet_until([spp.id], today()) == {}
    head = cast.actor("kepala_dinkes")
    with pytest.raises(flow.Refused, match="alasannya"):
        flow.answer_obstacle(made, False, "", head, worked)
    flow.answer_obstacle(made, True, "", head, worked)
    db.session.commit()
    assert queries.quiet_until([spp.id], today()) == {spp.id: date(2026, 2, 6)}
    with pytest.raises(flow.Refused, match="sudah dijawab"):
        flow.answer_obstacle(made, True, "", head, worked)


def test_tanggapan_only_past_the_limit_and_once(
    cast: Cast, contract: Contract, still_clock: Callable[[timedelta], None]
) -> None:
    spp, me = step_of(contract, "spp"), cast.actor("bendahara")
    with pytest.raises(flow.Refused, match="Catat Kendala"):
        flow.reply(contract, spp.id, "Belum lewat", me)
    still_clock(timedelta(days=30))
    one = flow.reply(contract, spp.id, "Kuitansi baru datang", me)
    two = flow.reply(contract, spp.id, "Kuitansi baru datang", me)
    vendor = flow.reply(contract, spp.id, "Kami menunggu materai", cast.actor("ppk"),
                        party="penyedia")  # fmt: skip
    db.session.commit()
    assert one.id == two.id and vendor.party == "penyedia"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Reply)) == 2


# --- SP2D from the register ---------------------------------------------------------------------


def test_a_paste_is_read_in_any_order_of_columns() -> None:
    found = rules.read_paste(
        "No SP2D\tTanggal\tJumlah\n"
        "00123/SP2D/LS/2026\t2/2/2026\t45.000.000,00\t0012/SPM/LS/2026\n"
        "12/3/2026;0013/SPM/LS/2026\n"
        "\n"
        "00124/SP2D/LS/2026\t31/13/2026\n"
    )
    assert [(p.line, p.number, p.on, p.spm, p.amount, bool(p.trouble)) for p in found] == [
        (2, "00123/SP2D/LS/2026", date(2026, 2, 2), "0012/SPM/LS/2026", Decimal("45000000.00"), False),
        (3, "", date(2026, 3, 12), "0013/SPM/LS/2026", None, True),
        (5, "00124/SP2D/LS/2026", None, "", None, True),
    ]  # fmt: skip


def test_pasted_sp2d_finish_what_matches_and_say_what_does_not(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    spp = step_of(contract, "spp")
    contracts.finish(contract, spp.id, date(2026, 1, 30), "1/SPP", cast.actor("bendahara"), worked)
    db.session.commit()
    amount = next(b.amount for b in contract.billings if b.instance == spp.instance)
    assert amount is not None
    shown = f"{amount:.2f}".replace(".", ",")
    text = f"9/SP2D/2026\t2/2/2026\t{shown}\n10/SP2D/2026\t2/2/2026\t17,00"
    sign_in(client, cast.bud)
    seen = post(client, "/antrean/sp2d", {"tempel": text})
    assert seen.status_code == 200 and "1 dari 2 baris cocok" in seen.text
    assert step_of(contract, "sp2d").state == "open"
    done = post(client, "/antrean/sp2d", {"tempel": text, "terapkan": "1"})
    assert done.status_code == 302
    db.session.expire_all()
    sp2d = step_of(contract, "sp2d")
    assert (sp2d.state, sp2d.doc_no, sp2d.done_on) == ("done", "9/SP2D/2026", date(2026, 2, 2))
    empty = post(client, "/antrean/sp2d", {"tempel": "  "})
    assert empty.status_code == 422 and "Salin kolom nomor SP2D" in empty.text


# --- pages --------------------------------------------------------------------------------------


def test_the_pages_of_a_file_from_receipt_to_slip(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    spp = step_of(contract, "spp")
    page = f"/antrean/{contract.id}/{spp.id}"
    sign_in(client, cast.bendahara)
    assert client.get("/").location == "/antrean"
    assert "602/15/PUPR" in client.get("/antrean").text
    assert "Terima, lengkap" in client.get(page).text
    assert post(client, f"{page}/terima", {"kurang": ["foto"]}).status_code == 302
    assert "belum lengkap: Foto kemajuan" in client.get(page).text
    wrong = post(client, f"{page}/teruskan", {"nomor": "900/1/SPP", "tanggal": "31/2/2026"})
    assert wrong.status_code == 422
    assert "900/1/SPP" in wrong.text and "Contoh: 12/3/2026" in wrong.text
    back = post(client, f"{page}/kembalikan", {"kepada": "pptk", "kurang": ["foto"]})
    assert back.status_code == 302
    slip = client.get(back.location).text
    assert "Slip Pengembalian Berkas" in slip and "Foto kemajuan" in slip
    sign_in(client, cast.pptk)
    assert "Lengkapi dan serahkan kembali" in client.get(page).text
    assert post(client, f"{page}/serahkan").status_code == 302
    sign_in(client, cast.bendahara)
    sent = post(client, f"{page}/teruskan", {"nomor": "900/1/SPP", "tanggal": "2/2/2026"})
    assert sent.status_code == 302
    assert post(client, f"{page}/teruskan", {"nomor": "900/1/SPP", "tanggal": "2/2/2026"}
                ).status_code in (403, 422)  # fmt: skip
    sign_in(client, cast.bud)
    assert post(client, f"{page}/terima").status_code == 403
    sign_in(client, cast.operator_dinkes)
    assert client.get(page).status_code == 403


def test_the_notes_of_a_contract_show_desks_and_no_person(
    cast: Cast, contract: Contract, client: FlaskClient, still_clock: Callable[[timedelta], None]
) -> None:
    still_clock(timedelta(days=30))
    page = f"/kontrak/{contract.id}/posisi"
    spp = step_of(contract, "spp")
    sign_in(client, cast.bendahara)
    text = client.get(page).text
    assert "Bendahara Pengeluaran" in text and "Jumlah" in text
    sent = post(client, f"/kontrak/{contract.id}/tanggapan",
                {"langkah": spp.id, "tanggapan": "Kuitansi baru datang",
                 "berkas": (BytesIO(PDF), "kuitansi.pdf")})  # fmt: skip
    assert sent.status_code == 302
    paper = re.search(rf"{page}/tanggapan/\d+", client.get(page).text)
    assert paper and client.get(paper[0]).data == PDF
    kept = post(client, f"/kontrak/{contract.id}/kendala",
                {"langkah": spp.id, "kendala": "Materai habis", "perkiraan": "besok"})  # fmt: skip
    assert kept.status_code == 422 and "Materai habis" in kept.text
    told = post(client, f"/kontrak/{contract.id}/kendala",
                {"langkah": spp.id, "kendala": "Materai habis"})  # fmt: skip
    assert told.status_code == 302
    sign_in(client, cast.pimpinan)
    above = client.get(page).text
    assert "Sedang dimintai tanggapan" in above
    assert "Kuitansi baru datang" in above and "Sri Rahayu" not in above
    assert client.get(paper[0]).data == PDF
    assert client.get(paper[0].replace("tanggapan", "penundaan")).status_code == 404
    assert post(client, f"/kontrak/{contract.id}/kendala", {"langkah": spp.id}).status_code == 403
    sign_in(client, cast.ppk)
    form = {"sebab": "lahan", "sejak": "2/2/2026", "nomor": "BA/1"}
    bare = post(client, f"/kontrak/{contract.id}/penundaan", form)
    assert bare.status_code == 422 and "BA/1" in bare.text
    full = {**form, "berkas": (BytesIO(PDF), "ba.pdf")}
    assert post(client, f"/kontrak/{contract.id}/penundaan", full).status_code == 302
    made = db.session.scalars(sa.select(Pause)).one()
    ended = post(client, f"/kontrak/{contract.id}/penundaan/{made.id}/akhiri",
                 {"sampai": "20/2/2026"})  # fmt: skip
    assert ended.status_code == 302
    sign_in(client, cast.kepala_dinkes)
    assert client.get(page).status_code == 200


def test_the_kepala_answers_kendala_of_his_own(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    spp = step_of(contract, "spp")
    made = flow.state_obstacle(contract, spp.id, "Materai habis", None, cast.actor("bendahara"))
    db.session.commit()
    sign_in(client, cast.kepala_distan)
    assert "Tidak ada kendala" in client.get("/kendala").text
    assert post(client, f"/kendala/{made.id}", {"jawab": "terima"}).status_code == 404
    sign_in(client, cast.bendahara)
    assert client.get("/kendala").status_code == 403
    assert db.session.get(Hindrance, made.id).state == "dicatat"  # type: ignore[union-attr]


def test_bpkad_declares_for_all(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.bud)
    form = {"sebab": "kas", "sejak": "2/2/2026", "nomor": "900/7"}
    assert post(client, "/gangguan", form).status_code == 422
    made = post(client, "/gangguan", {**form, "berkas": (BytesIO(PDF), "b.pdf")})
    assert made.status_code == 302
    assert "Kas daerah kosong" in client.get("/antrean").text
    sign_in(client, cast.ppk)
    assert client.get("/gangguan").status_code == 403


def test_only_the_clock_and_the_calendar_decide(cast: Cast) -> None:
    friday = date(2026, 1, 30)
    monday = date(2026, 2, 2)
    assert rules.clock_start(friday, None, worked) == monday
    assert rules.clock_start(friday, friday, worked) == friday
    assert rules.clock_start(friday, date(2026, 2, 10), worked) == monday
    assert rules.days_on_desk(monday, None, date(2026, 2, 5), worked) == 3
    assert rules.typical([]) is None and rules.typical([1, 4]) == Decimal("2.5")
    assert clock.now().date() == monday
