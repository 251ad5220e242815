"""Data of a registered contract are put right, with a reason and a record; nothing else is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.contracts import changes, flow, plans, queries, retyping
from portal.contracts.kinds import PAIRS
from portal.contracts.models import Contract
from portal.db import db
from portal.people import queries as people
from portal.trail import flow as trail
from portal.trail.models import TrailEntry
from portal.works import corrections
from portal.works.corrections import Correction
from tests.cast import Cast, post, sign_in
from tests.works.test_work import contract, worked

pytestmark = pytest.mark.strictest

__all__ = ["contract"]
D = Decimal


def put_right(
    contract: Contract, cast: Cast, reason: str = "salah ketik", **values: object
) -> None:
    corrections.correct(contract, Correction(values, reason), cast.actor("ppk"), worked)
    db.session.commit()


def test_value_dates_and_terms_follow_and_the_record_keeps_what_was(
    cast: Cast, contract: Contract
) -> None:
    due = {s.key: s.due_on for s in contract.steps if not s.instance}
    put_right(contract, cast, vendor="CV Benar", value=D("222000000"), net=D("200000000"),
              ends_on=date(2026, 3, 8), terms=1)  # fmt: skip
    db.session.refresh(contract)
    assert (contract.first_value, contract.first_ends_on) == (D("222000000"), date(2026, 3, 8))
    assert [f.amount for f in contract.funds] == [D("222000000")]
    assert [b.instance for b in contract.billings] == ["um", "t1", "akhir", "retensi"]
    assert sum((b.amount or D(0) for b in contract.billings), D(0)) == D("222000000")
    assert {s.state for s in contract.steps if s.instance == "t2"} == {"void"}
    done = next(s for s in contract.steps if s.key == "selesai")
    assert done.due_on and done.due_on > due["selesai"] and not done.adjusted
    entry = db.session.scalars(sa.select(TrailEntry).where(
        TrailEntry.verb == "data kontrak diperbaiki")).one()  # fmt: skip
    assert entry.after["alasan"] == "salah ketik" and entry.before["Penyedia"] != "CV Benar"
    assert trail.verify(f"contract:{contract.id}") is None
    put_right(contract, cast, terms=2, value=D("333000000"))
    assert contract.net == D("300000000")  # reckoned again, as it was
    assert {s.state for s in contract.steps if s.instance == "t2"} == {"open"}


def test_what_rests_on_an_addendum_or_a_payment_stays(cast: Cast, contract: Contract) -> None:
    me = cast.actor("ppk")
    with pytest.raises(flow.Refused, match="Alasan wajib"):
        put_right(contract, cast, "", vendor="CV Lain")
    with pytest.raises(flow.Refused, match="mendahului tanggal mulai"):
        put_right(contract, cast, ends_on=date(2025, 1, 1))
    db.session.rollback()
    changes.addendum(contract, changes.NewAddendum(
        "ADD-1", date(2026, 2, 2), date(2026, 2, 20), D("1000000")), me, worked)  # fmt: skip
    db.session.commit()
    for given in ({"value": D("5")}, {"ends_on": date(2026, 5, 1)}):
        with pytest.raises(flow.Refused, match="melalui addendum"):
            put_right(contract, cast, **given)
        db.session.rollback()


def test_the_form_through_the_browser_and_a_registration_taken_back(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    page = f"/kontrak/{contract.id}/perbaiki"
    sign_in(client, cast.people["bendahara"])
    assert client.get(page).status_code == 403
    sign_in(client, cast.people["ppk"])
    shown = client.get(page).text
    assert "111.000.000,00" in shown and "100.000.000,00" in shown
    typed = {
        "alasan": "salah ketik", "number": contract.number, "title": contract.title,
        "vendor": "PT Benar Contoh", "value": "abc", "net": "100.000.000,00",
        "signed_on": contract.signed_on.isoformat(), "starts_on": "5/1/2026",
        "ends_on": "8/2/2026", "dana_0": contract.fund, "payment": "termin", "terms": "2",
        "advance": "22.200.000,00", "retention": "retensi",
    }  # fmt: skip
    refused = post(client, page, typed)
    assert refused.status_code == 422 and "PT Benar Contoh" in refused.text
    assert post(client, page, typed | {"value": "112.000.000,00"}).status_code == 302
    db.session.refresh(contract)
    assert (contract.value, contract.vendor) == (D("112000000"), "PT Benar Contoh")
    number = contract.number
    where = f"/kontrak/{contract.id}/batalkan"
    assert post(client, where, {"alasan_batal": ""}).status_code == 422
    assert post(client, where, {"alasan_batal": "terdaftar dua kali"}).status_code == 302
    db.session.refresh(contract)
    assert contract.state == "batal" and contract.number != number
    assert not [s for s in contract.steps if s.state == "open"]
    assert post(client, page, typed).status_code == 403


def keys(contract: Contract, state: str) -> set[str]:
    return {s.key for s in contract.steps if s.state == state and not s.former}


def sign_it(contract: Contract, cast: Cast) -> None:
    step = next(s for s in contract.steps if s.key == "kontrak")
    flow.finish(contract, step.id, contract.signed_on, contract.number, cast.actor("ppk"), worked)


def test_another_type_keeps_what_is_done_and_moves_the_rest_into_the_history(
    cast: Cast, contract: Contract
) -> None:
    """Tender to e-purchasing: SPMK was done and has no place there; signing is a fact of both."""
    me = cast.actor("ppk")
    sign_it(contract, cast)
    spmk = next(s for s in contract.steps if s.key == "spmk")
    flow.finish(contract, spmk.id, contract.signed_on, "600/SPMK/1", me, worked)
    number, signed = contract.number, contract.signed_on
    with pytest.raises(flow.Refused, match="Alasan wajib"):
        corrections.retype(contract, "barang", "e_purchasing", " ", me, worked)
    with pytest.raises(flow.Refused, match="tidak dipakai untuk jenis"):
        corrections.retype(contract, "barang", "seleksi", "keliru", me, worked)
    foreseen = retyping.foreseen(contract, "barang", "e_purchasing")
    assert contract.method == "tender"  # looking changes nothing
    told = corrections.retype(contract, "barang", "e_purchasing", "pesanan katalog", me, worked)
    db.session.commit()
    db.session.expire_all()
    assert told == foreseen and spmk.title in told.history
    assert spmk.former.startswith("Semula Konstruksi, tender")
    assert (spmk.state, spmk.doc_no, spmk.done_on) == ("done", "600/SPMK/1", signed)
    order = next(s for s in contract.steps if s.key == "pesanan")
    assert (order.state, order.doc_no, order.done_on) == ("done", number, signed)
    live = [s for s in contract.steps if s.state == "open"]
    assert live and {s.key for s in live} <= {"bast", "spp", "sp2d", "fho"}
    assert all(s.due_on is None or s.due_on >= people.today() for s in live)  # nobody is late
    assert all(s.adjusted for s in live if s.key == "bast")
    assert not any(v.step.former for v in queries.views(contract, people.today(), worked))
    assert queries.former(contract)
    with pytest.raises(flow.Refused, match="tinggal riwayat"):
        flow.reopen(contract, spmk.id, "coba", me, worked)
    entry = db.session.scalars(sa.select(TrailEntry).where(
        TrailEntry.verb == "jenis dan metode diperbaiki")).one()  # fmt: skip
    assert entry.before == {"Jenis": "konstruksi", "Metode": "tender"}
    assert entry.after["alasan"] == "pesanan katalog" and spmk.title in entry.after["riwayat"]
    assert trail.verify(f"contract:{contract.id}") is None
    # back again: what stood in the history is the record of the step once more
    corrections.retype(contract, "konstruksi", "tender", "ternyata tender", me, worked)
    assert (spmk.former, spmk.state, spmk.doc_no) == ("", "done", "600/SPMK/1")
    assert "tagihan" in keys(contract, "open") and "spm" in keys(contract, "open")


@pytest.mark.parametrize("kind", list(PAIRS))
def test_every_pair_can_become_every_other(cast: Cast, contract: Contract, kind: str) -> None:
    """Steps always follow the template in an order that respects what goes before them."""
    me = cast.actor("ppk")
    sign_it(contract, cast)
    for method in PAIRS[kind]:
        corrections.retype(contract, kind, method, "diperbaiki", me, worked)
        found = plans.nodes_of(contract, contract.billings, {})
        live = [plans.node_of(s) for s in contract.steps if not s.former]
        assert [n.id for n in found] == live, (kind, method)
        sign = next(s for s in contract.steps if not s.former
                    and s.key == plans.marks(plans.template(contract))["sign"])  # fmt: skip
        assert sign.done_on == contract.signed_on


def test_a_payment_that_is_done_keeps_the_type(
    cast: Cast, client: FlaskClient, contract: Contract
) -> None:
    page = sign_in(client, cast.people["ppk"])
    path = f"/kontrak/{contract.id}/perbaiki"
    form = {"jenis": "barang", "metode": "e_purchasing", "alasan_jenis": "pesanan katalog"}
    seen = post(page, f"{path}/jenis", {**form, "aksi": "lihat"})
    assert seen.status_code == 200 and "Menjadi riwayat" in seen.text
    wrong = post(page, f"{path}/jenis", {**form, "metode": "seleksi"})
    assert wrong.status_code == 422 and "pesanan katalog" in wrong.text
    for step in contract.steps:
        if step.key == "spp":
            step.state, step.done_on, step.doc_no = "done", date(2026, 1, 30), "900/1"
            break
    db.session.commit()
    told = page.get(path).text
    assert "SPP-LS terbit" in told and "sudah selesai tanggal 30 Januari 2026" in told
    refused = post(page, f"{path}/jenis", form)
    assert refused.status_code == 422 and "buka kembali langkah itu" in refused.text
    assert contract.method == "tender"
    assert page.get(f"/kontrak/{contract.id}").status_code == 200
