"""What moves a plan: addenda, the calendar, a step taken back, events, limits, more detail."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.contracts import changes, flow, plans, queries, reshape, rules
from portal.contracts.changes import NewAddendum, NewGuarantee, Signing
from portal.contracts.models import Contract, Step, StepPlan
from portal.contracts.stages import Limit
from portal.db import db
from portal.people import workdays
from portal.people.models import WorkDay
from portal.trail import flow as trail
from tests.cast import Cast
from tests.contracts.test_flow import new_contract

#: The calendar of the cast's region, which has no exception of its own.
worked = workdays.WorkCalendar().is_workday


def made(cast: Cast, **values: object) -> Contract:
    contract = flow.register(new_contract(cast, **values), cast.actor("ppk"), worked)
    db.session.commit()
    return contract


def tender(cast: Cast, **values: object) -> Contract:
    given = {"method": "tender", "value": Decimal("1000000000"), "ends_on": date(2026, 6, 30),
             "signed": True, "terms": 1, "retention": "retensi",
             "advance": Decimal("200000000"), **values}  # fmt: skip
    return made(cast, **given)


def step(contract: Contract, key: str, instance: str = "") -> Step:
    return next(s for s in contract.steps if (s.key, s.instance) == (key, instance))


def test_a_tender_has_its_tonggak_and_its_chain_per_bill(cast: Cast) -> None:
    contract = tender(cast)
    assert [s.key for s in contract.steps if not s.instance] == [
        "dokumen",
        "pengumuman",
        "pemenang",
        "sppbj",
        "kontrak",
        "spmk",
        "selesai",
        "bast",
        "fho",
    ]
    assert [b.instance for b in contract.billings] == ["um", "t1", "akhir", "retensi"]
    assert step(contract, "sppbj").state == "opening"
    assert (step(contract, "kontrak").state, step(contract, "kontrak").doc_no) == (
        "done", contract.number)  # fmt: skip
    assert {s.key for s in flow.open_steps(contract)} == {"spmk", "tagihan"}
    shares = [b.amount for b in contract.billings if b.amount]
    assert sum(shares) == contract.value  # an uang muka is absorbed once


def test_an_addendum_plans_what_is_open_and_keeps_what_was(cast: Cast) -> None:
    contract = made(cast)
    ppk = cast.actor("ppk")
    flow.finish(contract, contract.steps[0].id, date(2026, 1, 5), "1", ppk, worked)
    before = {s.key: (s.due_on, s.state) for s in contract.steps}
    row = changes.addendum(
        contract, NewAddendum("602/15.1", date(2026, 2, 2), date(2026, 4, 30)), ppk, worked
    )
    after = {s.key: (s.due_on, s.state) for s in contract.steps}
    assert (row.n, row.days_change) == (1, 55)
    assert after["spk"] == before["spk"] and after["spmk"] == before["spmk"]
    assert after["bast"][0] == date(2026, 4, 30) != before["bast"][0]
    bast = step(contract, "bast")
    assert bast.adjusted and not step(contract, "spmk").adjusted
    plan = db.session.scalars(sa.select(StepPlan).where(StepPlan.step_id == bast.id)
                              .order_by(StepPlan.version)).all()  # fmt: skip
    assert [(p.kind, p.due_on) for p in plan] == [
        ("awal", before["bast"][0]), ("adendum", date(2026, 4, 30))]  # fmt: skip
    view = queries.view(step(contract, "spp", "akhir"), date(2026, 2, 2), worked)
    assert view.standing is rules.Standing.ADJUSTED and view.late_days == 0
    assert trail.verify(f"contract:{contract.id}") is None


def test_a_late_step_is_not_late_any_more_after_an_addendum(cast: Cast) -> None:
    contract = made(cast, ends_on=date(2026, 1, 30))
    for one in contract.steps[:2]:
        flow.finish(contract, one.id, date(2026, 1, 6), "1", cast.actor("ppk"), worked)
    bast = step(contract, "bast")
    assert queries.view(bast, date(2026, 2, 4), worked).late_days == 3
    changes.addendum(contract, NewAddendum(
        "602/15.2", date(2026, 2, 2), date(2026, 3, 10), kind="kesempatan"),
        cast.actor("ppk"), worked)  # fmt: skip
    view = queries.view(bast, date(2026, 2, 4), worked)
    assert (view.late_days, view.standing) == (0, rules.Standing.ADJUSTED)


def test_an_addendum_that_shortens(cast: Cast) -> None:
    contract = tender(cast)
    ppk = cast.actor("ppk")
    first = step(contract, "tagihan", "t1").due_on
    with pytest.raises(flow.Refused, match="mendahului tanggal addendum"):
        changes.addendum(contract, NewAddendum("1", date(2026, 2, 2), date(2026, 1, 30)), ppk,
                         worked)  # fmt: skip
    changes.addendum(contract, NewAddendum("1", date(2026, 2, 2), date(2026, 3, 31)), ppk, worked)
    assert step(contract, "selesai").due_on == date(2026, 3, 31)
    due = step(contract, "tagihan", "t1").due_on
    assert first and due and date(2026, 2, 2) < due < first
    assert all(s.due_on is None or s.due_on >= date(2026, 1, 5) for s in contract.steps)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"value_change": Decimal("100000001")}, "lebih dari 10 %"),
        ({"number": " "}, "Nomor addendum"),
        ({"signed_on": date(2026, 2, 3)}, "antara tanggal kontrak dan hari ini"),
        ({"ends_on": date(2026, 6, 30)}, "tidak mengubah"),
        ({"kind": "kesempatan", "ends_on": date(2026, 8, 20)}, "paling lama 50 hari"),
        ({"value_change": Decimal("-1000000000")}, "lebih dari nol"),
    ],
)
def test_what_an_addendum_may_not_do(cast: Cast, given: dict[str, object], words: str) -> None:
    values: dict[str, object] = {"number": "A", "signed_on": date(2026, 2, 2),
                                 "ends_on": date(2026, 7, 1), **given}  # fmt: skip
    with pytest.raises(flow.Refused, match=words):
        changes.addendum(tender(cast), NewAddendum(**values), cast.actor("ppk"), worked)  # type: ignore[arg-type]


def test_ten_percent_counts_all_addenda_together(cast: Cast) -> None:
    """contracts.md 3.9: 1,000,000,000: +100,000,000 allowed, one rupiah more is not."""
    contract, ppk = tender(cast), cast.actor("ppk")
    end = contract.ends_on
    changes.addendum(contract, NewAddendum("A", date(2026, 2, 2), end, Decimal(60_000_000)), ppk,
                     worked)  # fmt: skip
    changes.addendum(contract, NewAddendum("B", date(2026, 2, 2), end, Decimal(40_000_000)), ppk,
                     worked)  # fmt: skip
    assert contract.value == Decimal("1100000000") == sum(f.amount for f in contract.funds)
    more = NewAddendum("C", date(2026, 2, 2), end, Decimal(1))
    with pytest.raises(flow.Refused, match="Pasal 54"):
        changes.addendum(contract, more, ppk, worked)
    changes.addendum(
        contract, NewAddendum("C", date(2026, 2, 2), end, Decimal(1), exception="Surat PA 1/2026"),
        ppk, worked)  # fmt: skip
    assert contract.addenda[-1].basis == "Surat PA 1/2026"


def test_holidays_changed_after_planning_move_what_is_open(cast: Cast) -> None:
    contract = made(cast)
    spmk = step(contract, "spmk")
    assert spmk.due_on == date(2026, 1, 26)
    flow.finish(contract, contract.steps[0].id, date(2026, 1, 5), "1", cast.actor("ppk"), worked)
    reshape.tick()
    assert (spmk.due_on, contract.plan_version) == (date(2026, 1, 26), 1)
    db.session.add(WorkDay(day=date(2026, 1, 20), kind="libur", name="HUT Kabupaten Contoh"))
    db.session.commit()
    reshape.tick()
    db.session.commit()
    assert spmk.due_on == date(2026, 1, 27) and spmk.adjusted
    version = contract.plan_version
    reshape.tick()
    assert contract.plan_version == version
    assert step(contract, "spk").due_on == date(2026, 1, 5)


def test_a_step_taken_back_reminds_again_and_keeps_its_record(cast: Cast) -> None:
    contract, ppk = made(cast), cast.actor("ppk")
    for one, day in ((0, 5), (1, 12)):
        flow.finish(contract, contract.steps[one].id, date(2026, 1, day), f"N{one}", ppk, worked)
    spmk = contract.steps[1]
    cycle, due = spmk.cycle, spmk.due_on
    with pytest.raises(flow.Refused, match="Alasan wajib"):
        flow.reopen(contract, spmk.id, " ", ppk, worked)
    flow.reopen(contract, spmk.id, "salah tanggal", ppk, worked)
    assert (spmk.state, spmk.done_on, spmk.due_on) == ("open", None, due)
    assert spmk.cycle > cycle and spmk.reopened == 1
    assert step(contract, "bast").ready_on is None and spmk.ready_on is not None
    flow.finish(contract, spmk.id, date(2026, 1, 13), "N2", ppk, worked)
    assert step(contract, "bast").ready_on == date(2026, 1, 13)
    assert trail.verify(f"contract:{contract.id}") is None


def test_a_running_contract_has_no_lateness_of_the_past(cast: Cast) -> None:
    contract = tender(cast, signed_on=date(2025, 8, 1), starts_on=date(2025, 8, 4), signed=True,
                      ends_on=date(2025, 12, 20), goes_live=None, last_done="spmk")  # fmt: skip
    today = date(2026, 2, 2)
    assert contract.goes_live == today
    assert all(v.late_days == 0 for v in queries.views(contract, today, worked))
    opened = flow.open_steps(contract)
    assert opened and all(s.due_on is None or s.due_on >= today + timedelta(days=7) for s in opened)
    assert all(s.ready_on == today for s in opened)
    assert step(contract, "kontrak").state == "opening"


def test_events_exist_only_when_they_happen(cast: Cast) -> None:
    contract, ppk = tender(cast), cast.actor("ppk")
    assert not [s for s in contract.steps if s.phase == "8_perubahan_kritis"]
    came = reshape.add_event(
        contract, ("usul_perubahan", "teliti_perubahan", "putus_waktu", "addendum"),
        date(2026, 2, 2), ppk, worked)  # fmt: skip
    assert [s.instance for s in came] == ["k1"] * 4
    assert came[2].due_on is None or came[2].due_on >= date(2026, 2, 23)
    assert [s.key for s in came if s.ready_on] == ["usul_perubahan"]
    again = reshape.add_event(contract, ("kahar",), date(2026, 2, 2), ppk, worked)
    assert again[0].instance == "k2" and again[0].due_on == date(2026, 2, 18)
    with pytest.raises(flow.Refused, match="tidak dikenal"):
        reshape.add_event(contract, ("sp2d",), date(2026, 2, 2), ppk, worked)


def test_sskk_overrides_the_default_and_names_its_basis(cast: Cast) -> None:
    contract, ppk = made(cast), cast.actor("ppk")
    with pytest.raises(flow.Refused, match="Dasar wajib"):
        reshape.set_limit(contract, "spmk", Limit(7), ppk, worked)
    reshape.set_limit(contract, "spmk", Limit(7, "kalender", "SSKK 4.2"), ppk, worked)
    spmk = step(contract, "spmk")
    assert (spmk.due_on, spmk.basis) == (date(2026, 1, 12), "SSKK 4.2")
    reshape.set_limit(contract, "spmk", None, ppk, worked)
    assert spmk.due_on == date(2026, 1, 26)


def test_all_steps_on_request(cast: Cast) -> None:
    contract, ppk = tender(cast), cast.actor("ppk")
    flow.finish(contract, step(contract, "spmk").id, date(2026, 1, 12), "SPMK", ppk, worked)
    short = len(contract.steps)
    reshape.widen(contract, ppk, worked)
    assert len(contract.steps) > short + 50
    assert step(contract, "spmk").state == "done"
    assert step(contract, "hps").state == step(contract, "lapangan").state == "opening"
    assert step(contract, "pcm").state == "open" and step(contract, "pcm").ready_on
    assert [s.position for s in contract.steps] == list(range(1, len(contract.steps) + 1))
    with pytest.raises(flow.Refused, match="paling rinci"):
        reshape.widen(contract, ppk, worked)


def test_an_objection_that_nobody_made_does_not_apply(cast: Cast) -> None:
    contract = made(cast, state="paket", method="tender", detail="rinci", number="RUP-1", vendor="")
    answer = step(contract, "jawab_sanggah")
    flow.void(contract, answer.id, "tidak ada sanggahan", cast.actor("ppk"), worked)
    assert answer.state == "void"
    assert queries.view(answer, date(2026, 2, 2), worked).standing is rules.Standing.VOID


def test_a_package_becomes_a_contract(cast: Cast) -> None:
    contract = made(cast, state="paket", method="tender", number="RUP-77", vendor="")
    ppk = cast.actor("ppk")
    signing = Signing("602/77", date(2026, 2, 2), date(2026, 2, 3), date(2026, 5, 29),
                      Decimal("140000000"), "CV Contoh")  # fmt: skip
    with pytest.raises(flow.Refused, match="sebelum kontrak belum selesai"):
        changes.sign(contract, signing, ppk, worked)
    for key in ("dokumen", "pengumuman", "pemenang", "sppbj"):
        flow.finish(contract, step(contract, key).id, date(2026, 1, 30), key, ppk, worked)
    changes.sign(contract, signing, ppk, worked)
    assert (contract.state, contract.number, contract.value) == (
        "berjalan", "602/77", Decimal("140000000"))  # fmt: skip
    assert step(contract, "kontrak").state == "done"
    assert step(contract, "selesai").due_on == date(2026, 5, 29)
    assert not step(contract, "selesai").adjusted


def test_a_new_guarantee_replaces_the_one_before(cast: Cast) -> None:
    contract, ppk = tender(cast), cast.actor("ppk")
    first = NewGuarantee("pelaksanaan", "BG-1", Decimal(50_000_000), "Bank Contoh",
                         date(2026, 1, 5), date(2026, 7, 31))  # fmt: skip
    changes.guarantee(contract, first, ppk)
    assert queries.short_guarantees(contract) == []
    changes.addendum(contract, NewAddendum("A", date(2026, 2, 2), date(2026, 9, 1)), ppk, worked)
    assert [g.number for g in queries.short_guarantees(contract)] == ["BG-1"]
    changes.guarantee(contract, NewGuarantee("pelaksanaan", "BG-2", Decimal(50_000_000),
                      "Bank Contoh", date(2026, 2, 2), date(2026, 10, 1)), ppk)  # fmt: skip
    assert [g.state for g in contract.guarantees] == ["diganti", "berlaku"]
    assert queries.short_guarantees(contract) == []


def test_swakelola_has_no_penyedia(cast: Cast) -> None:
    contract = made(cast, type="swakelola_3", method="swakelola", vendor="")
    assert [s.key for s in contract.steps] == [
        "rencana",
        "kesepakatan",
        "mulai",
        "serah",
        "spp",
        "sp2d",
    ]
    assert "penyedia" not in {s.holder for s in contract.steps}
    assert plans.flags(contract) == {"optional"}


def test_rows_of_the_coming_year_lie_on_no_desk_yet(cast: Cast) -> None:
    contract = tender(cast, ends_on=date(2027, 3, 1), detail="rinci")
    rows = [s for s in contract.steps if s.instance in ("2026", "2027") and s.state == "open"]
    assert {s.instance for s in rows} == {"2026", "2027"}
    seen = {v.step.instance for v in queries.views(contract, date(2026, 2, 2), worked) if v.current}
    assert "2026" in seen and "2027" not in seen
