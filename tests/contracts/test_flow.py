"""A contract with five tonggak: registered, finished step by step, re-planned, scoped."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.contracts import flow, queries
from portal.contracts.models import Contract, Step, StepPlan
from portal.db import db
from portal.people import workdays
from portal.people.models import Term
from portal.trail import flow as trail
from tests.cast import Cast, post, sign_in

CALENDAR = (date(2025, 12, 1), date(2026, 12, 31))


def position_of(cast: Cast, key: str) -> int:
    found = db.session.scalar(
        sa.select(Term.position_id).where(Term.id == cast.people[key].term_id)
    )
    assert found is not None
    return found


def new_contract(cast: Cast, **changes: object) -> flow.NewContract:
    values: dict[str, object] = {
        "unit_id": cast.units["DPUPR"], "number": "602/15/PUPR", "title": "Rehabilitasi jalan",
        "type": "konstruksi", "value": Decimal("150000000"),
        "fund": "PEN", "vendor": "CV Contoh", "signed_on": date(2026, 1, 5),
        "starts_on": date(2026, 1, 6), "ends_on": date(2026, 3, 6), "goes_live": date(2026, 1, 5),
        "roles": {k: position_of(cast, k) for k in ("ppk", "bendahara", "bud")},
    }  # fmt: skip
    return flow.NewContract(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def contract(cast: Cast) -> Contract:
    calendar = workdays.checker(*CALENDAR)
    made = flow.register(new_contract(cast), cast.actor("ppk"), calendar)
    db.session.commit()
    return made


def test_five_tonggak_are_planned_on_working_days(contract: Contract) -> None:
    assert [s.key for s in contract.steps] == ["spk", "spmk", "bast", "spp", "sp2d"]
    assert contract.steps[0].due_on == date(2026, 1, 5)
    # 14 working days after 5 January 2026; 16 January is Isra Mikraj
    assert contract.steps[1].due_on == date(2026, 1, 26)
    assert all(s.due_on and s.due_on.weekday() < 5 for s in contract.steps)


def test_same_number_twice_is_refused(cast: Cast, contract: Contract) -> None:
    with pytest.raises(flow.Refused, match="sudah terdaftar"):
        flow.register(new_contract(cast), cast.actor("ppk"), workdays.checker(*CALENDAR))


def test_running_contract_starts_with_data_awal(cast: Cast, app: Flask) -> None:
    new = new_contract(cast, last_done="spmk")
    made = flow.register(new, cast.actor("ppk"), workdays.checker(*CALENDAR))
    assert [s.state for s in made.steps] == ["opening", "opening", "open", "open", "open"]
    current = flow.current_step(made)
    assert current is not None and current.key == "bast"


def test_finishing_moves_what_follows_and_keeps_the_old_plan(
    cast: Cast, contract: Contract
) -> None:
    calendar = workdays.checker(*CALENDAR)
    first = contract.steps[0]
    before = contract.steps[1].due_on
    flow.finish(contract, first.id, date(2026, 1, 12), "602/15/PUPR", cast.actor("ppk"), calendar)
    db.session.commit()
    assert first.state == "done"
    assert contract.plan_version == 2
    assert before is not None and contract.steps[1].due_on == before + timedelta(days=7)
    plans = db.session.scalars(
        sa.select(StepPlan.due_on)
        .where(StepPlan.step_id == contract.steps[1].id)
        .order_by(StepPlan.version)
    ).all()
    assert plans == [before, contract.steps[1].due_on]
    assert trail.verify(f"contract:{contract.id}") is None


def test_a_stale_page_and_a_future_date_are_refused(cast: Cast, contract: Contract) -> None:
    calendar = workdays.checker(*CALENDAR)
    ppk = cast.actor("ppk")
    with pytest.raises(flow.Refused, match="belum gilirannya"):
        flow.finish(contract, contract.steps[2].id, date(2026, 1, 9), "1", ppk, calendar)
    with pytest.raises(flow.Refused, match="masa depan"):
        flow.finish(contract, contract.steps[0].id, date(2026, 2, 3), "1", ppk, calendar)
    with pytest.raises(flow.Refused, match="Nomor dokumen"):
        flow.finish(contract, contract.steps[0].id, date(2026, 1, 9), " ", ppk, calendar)


def test_whoever_does_not_hold_the_step_reads_only(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    page = f"/kontrak/{contract.id}"
    step = contract.steps[0].id
    form = {"langkah": step, "tanggal": "2026-01-09", "nomor": "1"}
    sign_in(client, cast.bendahara)
    assert client.get(page).status_code == 200
    assert post(client, f"{page}/selesai", form).status_code == 403
    sign_in(client, cast.kepala_dinkes)
    assert client.get(page).status_code == 404


def test_the_holder_finishes_with_a_file_and_bad_input_loses_nothing(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    sign_in(client, cast.ppk)
    page, step_id = f"/kontrak/{contract.id}", contract.steps[0].id
    form = {"langkah": step_id, "tanggal": "besok", "nomor": "602/15/PUPR"}
    answer = post(client, f"{page}/selesai", form)
    assert answer.status_code == 422
    assert "Contoh: 12/3/2026" in answer.text and "602/15/PUPR" in answer.text
    form["tanggal"] = "2026-01-09"
    program = {**form, "berkas": (BytesIO(b"MZ\x90\x00"), "spk.pdf")}
    assert post(client, f"{page}/selesai", program).status_code == 422
    assert post(client, f"{page}/selesai", form).status_code == 302
    done = db.session.get(Step, step_id, populate_existing=True)
    assert done is not None and done.state == "done"
    assert "Andi Saputra" in done.done_by


def test_registering_in_the_browser(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.ppk)
    form = {
        "nomor": "1/2026", "judul": "Irigasi", "penyedia": "CV Air", "dana": "DAU",
        "jenis": "konstruksi", "nilai": "150.000.000,00", "tanggal_kontrak": "2026-01-05",
        "mulai": "2026-01-06", "selesai": "2026-03-31",
        **{f"peran_{k}": position_of(cast, k) for k in ("ppk", "bendahara", "bud")},
    }  # fmt: skip
    wrong = post(client, "/kontrak/baru", {**form, "nilai": "1,234.5"})
    assert wrong.status_code == 422 and "Irigasi" in wrong.text
    assert post(client, "/kontrak/baru", form).status_code == 302
    assert "1/2026" in client.get("/kontrak").text
    assert "SPMK atau Surat" in client.get("/kontrak/langkah-saya").text


def test_the_list_asks_a_constant_number_of_questions(cast: Cast, app: Flask) -> None:
    calendar = workdays.checker(*CALENDAR)
    for n in range(6):
        flow.register(new_contract(cast, number=f"{n}"), cast.actor("ppk"), calendar)
    db.session.commit()
    actor = cast.actor("ppk")
    db.session.expire_all()
    asked: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    contracts = queries.contracts_for(actor)
    views = [queries.views(c, date(2026, 2, 2), calendar) for c in contracts]
    assert len(views) == 6 and len(asked) == 4  # the last reads the Ketentuan
