"""A late contract step, day by day: who hears when, what stops it, what is asked and answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from portal import clock
from portal.contracts import flow as contracts
from portal.contracts.models import Contract, Guarantee, Step
from portal.db import db
from portal.desks import flow as desks
from portal.desks.queries import open_obstacles as obstacles
from portal.notices import flow, flow_explain, flow_letters, queries, source_contracts
from portal.notices.models import Explanation, LetterDraft, Notice
from portal.people import queries as people
from portal.people import workdays
from portal.people.models import Contact, Position, Term
from portal.people.refusal import Refused
from portal.trail import flow as trail
from tests.cast import Cast
from tests.contracts.test_flow import new_contract
from tests.notices.conftest import send_all, texts

Move = Callable[[timedelta], None]


@pytest.fixture
def contract(cast: Cast, still_clock: Move) -> Contract:
    """A contract whose one open step with a limit is late from the first day on."""
    calendar = workdays.calendar().is_workday
    made = contracts.register(new_contract(cast), cast.actor("ppk"), calendar)
    for key in ("ppk", "pptk", "bendahara", "sekda"):
        db.session.add(Contact(person_id=cast.people[key].person_id, channel="sms",
                               address=f"+62812000{cast.people[key].person_id:04d}"))  # fmt: skip
    db.session.commit()
    return made


def the_step(contract: Contract) -> Step:
    """The first step on a desk that has a limit; the clock of the others rests."""
    on_desk = [s for s in contract.steps if s.state == "open" and s.ready_on]
    for other in contract.steps:
        if other not in on_desk[:1]:
            other.due_on = None
    step = on_desk[0]
    step.due_on = date(2026, 2, 6)
    step.holder = "ppk"
    db.session.commit()
    return step


def heard(day: str, cast: Cast) -> dict[str, set[str]]:
    """Rung -> who was told on that local day."""
    names = {m.person_id: key for key, m in cast.people.items()}
    out: dict[str, set[str]] = {}
    for notice in db.session.scalars(sa.select(Notice)):
        if clock.local(notice.at, clock_zone()).date().isoformat() == day:
            out.setdefault(notice.rung, set()).add(names[notice.person_id])
    return out


def clock_zone() -> ZoneInfo:
    return current_app.config["SELARAS"].zone


@pytest.fixture
def kepala_dpupr(cast: Cast) -> str:
    """DPUPR of the cast has no kepala: the camat takes it up."""
    position = Position(unit_id=cast.units["DPUPR"], role="kepala", title="Kepala DPUPR")
    db.session.add(position)
    db.session.flush()
    db.session.add(Term(position_id=position.id, person_id=cast.camat.person_id,
                        valid_from=date(2026, 1, 1)))  # fmt: skip
    db.session.commit()
    return "camat"


def walk(still_clock: Move, days: int) -> None:
    for _ in range(days):
        send_all()
        still_clock(timedelta(days=1))


def test_the_whole_ladder_in_its_order(
    app: Flask, cast: Cast, contract: Contract, kepala_dpupr: str, spool: Path, still_clock: Move
) -> None:
    step = the_step(contract)
    walk(still_clock, 33)  # Monday 2 February to Friday 6 March
    assert heard("2026-02-03", cast) == {"h-3": {"ppk"}}
    assert heard("2026-02-05", cast) == {"h-1": {"ppk"}}
    assert heard("2026-02-09", cast) == {"lewat": {"ppk"}}
    assert heard("2026-02-10", cast) == {"kepala": {kepala_dpupr}}
    assert heard("2026-02-12", cast) == {"atasan": {"sekda"}}
    assert heard("2026-02-13", cast) == {"penjelasan": {kepala_dpupr}}
    letters = db.session.scalars(sa.select(LetterDraft)).all()
    assert len(letters) == 1 and letters[0].items[0]["meja"] == "PPK/PPTK"
    naskah = db.session.scalars(sa.select(Notice).where(Notice.rung == "naskah")).one()
    assert naskah.person_id == cast.sekda.person_id
    for notice in db.session.scalars(sa.select(Notice)):
        assert "CV" not in notice.short and "Rp" not in notice.short and "Andi" not in notice.title
    assert all(len(text) <= 160 for text in texts(spool))
    calendar = workdays.calendar().is_workday
    contracts.finish(contract, step.id, date(2026, 3, 6), "1/2026", cast.actor("ppk"), calendar)
    db.session.commit()
    flow.tick()
    assert db.session.scalar(sa.select(sa.func.count(Notice.id)).where(
        Notice.subject == f"step:{step.id}", Notice.closed_at.is_(None))) == 0  # fmt: skip


def test_an_explanation_is_asked_answered_shown_and_rests_the_ladder(
    app: Flask, cast: Cast, contract: Contract, kepala_dpupr: str, still_clock: Move
) -> None:
    the_step(contract)
    walk(still_clock, 12)  # up to the question of Friday 13 February
    asked = db.session.scalars(sa.select(Explanation)).one()
    assert asked.unit_id == cast.units["DPUPR"] and asked.answer_by == date(
        2026, 2, 20
    )  # Imlek and its cuti bersama
    again = flow_explain.ask(asked.subject, asked.unit_id, "Mohon dijelaskan lagi ya",
                             cast.actor("pimpinan"))  # fmt: skip
    assert again.id == asked.id  # one open question on one thing
    head = cast.actor("camat")
    with pytest.raises(Refused, match="Perkiraan selesai"):
        flow_explain.answer(asked, "Berkas menunggu", "Dilengkapi", date(2026, 2, 1), head)
    flow_explain.answer(asked, "Berkas menunggu hasil uji", "Uji ulang pekan ini",
                        date(2026, 3, 2), head)  # fmt: skip
    db.session.commit()
    with pytest.raises(Refused, match="sudah dijawab"):
        flow_explain.answer(asked, "Berkas menunggu hasil uji", "Uji ulang", date(2026, 3, 2), head)
    answer = db.session.scalars(sa.select(Notice).where(Notice.rung == "jawaban")).one()
    assert answer.person_id == cast.sekda.person_id and answer.link == f"/penjelasan/{asked.id}"
    walk(still_clock, 17)  # up to Monday 2 March
    assert db.session.scalar(sa.select(sa.func.count(LetterDraft.id))) == 0
    walk(still_clock, 3)  # the promised day has gone by
    assert db.session.scalar(sa.select(sa.func.count(LetterDraft.id))) == 1


def test_the_sekda_decides_once_and_the_portal_never_numbers(
    app: Flask, cast: Cast, contract: Contract, kepala_dpupr: str, still_clock: Move
) -> None:
    the_step(contract)
    walk(still_clock, 30)
    draft = db.session.scalars(sa.select(LetterDraft)).one()
    with pytest.raises(Refused, match="alasan"):
        flow_letters.decide(draft, "tidak", " ", cast.actor("sekda"))
    flow_letters.decide(draft, "dipakai", "", cast.actor("sekda"))
    with pytest.raises(Refused, match="sudah diputuskan"):
        flow_letters.decide(draft, "tidak", "x", cast.actor("sekda"))


def test_a_reopened_step_and_a_new_plan_remind_anew_the_same_plan_does_not(
    app: Flask, cast: Cast, contract: Contract, still_clock: Move
) -> None:
    step = the_step(contract)
    still_clock(timedelta(days=1))
    flow.tick()
    step.reopened += 1
    db.session.commit()
    flow.tick()
    flow.tick()
    found = db.session.scalars(sa.select(Notice).order_by(Notice.id)).all()
    assert [(n.rung, n.closed_why) for n in found] == [("h-3", "jadwal"), ("h-3", "")]
    step.due_on, step.cycle = date(2026, 2, 4), step.cycle + 1  # an addendum that shortens
    db.session.commit()
    flow.tick()
    assert db.session.scalars(sa.select(Notice).order_by(Notice.id.desc())).first().rung == "h-1"


def test_a_step_without_a_limit_is_reminded_by_its_plan_and_asks_for_no_letter(
    app: Flask, cast: Cast, contract: Contract, kepala_dpupr: str, still_clock: Move
) -> None:
    step = the_step(contract)
    step.due_on, step.plan_on = None, date(2026, 2, 9)
    db.session.commit()
    walk(still_clock, 30)
    key = f"step:{step.id}"
    told = db.session.execute(
        sa.select(Notice.rung, Notice.at).where(Notice.subject == key).order_by(Notice.id)
    ).all()
    days = {rung: clock.local(at, clock_zone()).date().day for rung, at in told}
    assert days == {"h-3": 4, "h-1": 6, "rencana": 10, "rencana-kepala": 11}
    today, is_workday = people.today(), workdays.calendar().is_workday
    assert queries.may_appear_above([key], today, is_workday) == {key}
    step.mode = "berkala"  # laporan bulanan comes again and again: no day to be late by
    assert [s.key for s in source_contracts.STEPS.due(today, today)] == []
    step.mode, contract.goes_live = "max", date(2026, 2, 9)
    assert [s.key for s in source_contracts.STEPS.due(today, today)] == [key]
    contract.goes_live = date(2026, 2, 10)  # the plan lies before the contract's first day here
    db.session.commit()
    assert [s.key for s in source_contracts.STEPS.due(today, today)] == []


@pytest.mark.usefixtures("kepala_dpupr")
def test_a_kendala_is_told_to_the_direct_superior_until_he_answers(
    app: Flask, cast: Cast, contract: Contract
) -> None:
    step, calendar = the_step(contract), workdays.calendar().is_workday
    told = desks.state_obstacle(contract, step.id, "Materai habis", None, cast.actor("ppk"))
    seat = db.session.scalar(sa.select(Position.id).where(Position.title == "Kepala DPUPR"))
    heads, sekda = people.actor_of(cast.camat.person_id, seat), cast.actor("sekda")
    own = desks.state_obstacle(contract, step.id, "Saya dinas luar", None, heads)
    db.session.commit()
    flow.tick()
    assert [o.id for o, _c, _s in obstacles(heads)] == [told.id]  # never his own
    assert [o.id for o, _c, _s in obstacles(sekda)] == [own.id]
    found = db.session.scalars(sa.select(Notice).where(Notice.rung == "kendala")).all()
    assert {(n.subject, n.person_id) for n in found} == {
        (f"kendala:{told.id}", cast.camat.person_id), (f"kendala:{own.id}", cast.sekda.person_id)
    }  # fmt: skip
    desks.answer_obstacle(told, True, "", heads, calendar)
    db.session.commit()
    flow.tick()
    assert {n.subject for n in found if n.closed_at is None} == {f"kendala:{own.id}"}


def test_guarantees_before_they_end(
    app: Flask, cast: Cast, contract: Contract, spool: Path, still_clock: Move
) -> None:
    the_step(contract).due_on = None
    contract.ends_on = date(2026, 12, 1)
    guarantee = Guarantee(contract_id=contract.id, kind="pelaksanaan", number="JP-1",
                          amount=contract.value, starts_on=date(2026, 1, 5),
                          ends_on=date(2026, 3, 6))  # fmt: skip
    db.session.add(guarantee)
    db.session.commit()
    walk(still_clock, 31)
    rungs = {n.rung: clock.local(n.at, clock_zone()).date().isoformat()
             for n in db.session.scalars(
                 sa.select(Notice).where(Notice.subject == f"guarantee:{guarantee.id}"))}  # fmt: skip
    assert rungs == {"h-30": "2026-02-04", "h-14": "2026-02-20", "h-7": "2026-02-27"}
    assert any("berakhir Jumat 6/3 (14 hari lagi)" in text for text in texts(spool))
    guarantee.ends_on = date(2026, 6, 30)  # prolonged
    db.session.commit()
    walk(still_clock, 5)
    assert {n.closed_why for n in db.session.scalars(
        sa.select(Notice).where(Notice.subject == f"guarantee:{guarantee.id}"))} == {"jadwal"}  # fmt: skip


def test_data_awal_is_told_to_nobody(app: Flask, cast: Cast, still_clock: Move) -> None:
    calendar = workdays.calendar().is_workday
    running = new_contract(cast, number="lama", signed_on=date(2025, 11, 3), last_done="spp",
                           starts_on=date(2025, 11, 4), ends_on=date(2026, 1, 26))  # fmt: skip
    made = contracts.register(running, cast.actor("ppk"), calendar)
    db.session.commit()
    flow.tick()
    done = {s.id for s in made.steps if s.state == "opening"}
    told = {int(n.subject.split(":")[1]) for n in db.session.scalars(sa.select(Notice))}
    assert done and not told & done


def test_proof_of_notice_names_every_stage_and_finds_a_changed_byte(
    app: Flask, cast: Cast, contract: Contract, spool: Path, still_clock: Move
) -> None:
    the_step(contract)
    walk(still_clock, 9)
    notice = db.session.scalars(sa.select(Notice).order_by(Notice.id)).first()
    flow.mark_read(notice.person_id, notice.id, clock.now())
    db.session.commit()
    proof = queries.proof(contract.id)
    assert proof.broken is None and [line.rung for line in proof.lines] == ["h-3", "h-1", "lewat"]
    first = proof.lines[0]
    assert first.to_title == "PPK Bidang Bina Marga" and first.opened_at is not None
    sent = first.messages[0]
    assert sent.gateway_label.startswith("SMS") and sent.accepted_at and len(sent.text_sha256) == 64
    assert "+62" not in repr(proof) and "Andi" not in repr(proof)
    stream = f"notice:contract:{contract.id}"
    assert trail.verify(stream) is None
    if db.engine.dialect.name == "sqlite":
        db.session.execute(sa.text("DROP TRIGGER trail_no_update"))
        db.session.execute(
            sa.text("UPDATE trail SET after = replace(after, 'h-3', 'h-2') "
                    "WHERE stream = :s AND seq = 1"), {"s": stream})  # fmt: skip
        assert queries.proof(contract.id).broken == 1
