"""Ketentuan Kontrak: what the region sets from a date on is what planning, desks and boards use."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from portal.contracts import billing, planning, plans, queries, rules, terms
from portal.contracts import flow as contracts
from portal.contracts.changes import NewAddendum, addendum
from portal.contracts.models import Contract
from portal.db import db
from portal.desks import kinds as desks
from portal.desks import queries as desk_queries
from portal.people import queries as people
from portal.works import flow
from tests.absorption.test_boards import counted
from tests.cast import Cast, post, sign_in
from tests.contracts.test_flow import CALENDAR, new_contract

from portal.people import workdays  # isort: skip

D = Decimal
SINCE = date(2026, 2, 1)


def put(cast: Cast, key: str, value: str, since: date = SINCE) -> None:
    flow.set_region_term(key, D(value), "Perbup 12/2026", since, cast.actor("ppk"))
    db.session.commit()


def test_constants_of_pure_rules_are_the_defaults_of_the_file(cast: Cast) -> None:
    found = {key: int(term.value) for key, term in terms.defaults().items()}
    assert (found["tenggang_masuk"], found["tagih_hari"]) == (planning.GRACE, planning.BILL_DAYS)
    assert (found["mendekati"], found["tambah_batas"]) == (rules.NEAR_DAYS, rules.MOST_ADDED)
    assert found["terima_hari"] == desks.RECEIPT_DAYS
    for term in terms.defaults().values():
        assert term.basis and term.least <= term.value <= term.most and term.group in terms.GROUPS


def test_a_value_holds_from_its_date_and_is_read_once(cast: Cast) -> None:
    put(cast, "mendekati", "7")
    with counted() as seen:
        assert terms.whole("mendekati", SINCE) == 7
        assert terms.whole("mendekati", SINCE - timedelta(days=1)) == 3
        assert terms.value("ppn", SINCE) == 11
    assert len(seen) == 1
    for key, value in (("mendekati", "2.5"), ("mendekati", "99"), ("lama_meja", "0"), ("x", "1")):
        with pytest.raises(contracts.Refused):
            put(cast, key, value)
    with pytest.raises(contracts.Refused, match="Pilih ketentuan"):  # no matter of an SSKK
        flow.set_term(Contract(id=1), "lama_meja", D(30), "SSKK 1", cast.actor("ppk"))


def test_planning_money_and_desks_follow(cast: Cast) -> None:
    worked = workdays.checker(*CALENDAR)
    mark = plans.calendar_mark()
    for key, value in (("jamlak_batas", "50000000"), ("tenggang_masuk", "9"), ("tagih_hari", "8"),
                       ("retensi", "6"), ("tambah_batas", "20"), ("terima_hari", "4"),
                       ("mendekati", "30")):  # fmt: skip
        put(cast, key, value, date(2026, 1, 1))
    assert plans.calendar_mark() != mark  # the tick plans open steps anew
    made = contracts.register(new_contract(
        cast, value=D(111_000_000), net=D(100_000_000), type="konstruksi", method="tender",
        retention="retensi"), cast.actor("ppk"), worked)  # fmt: skip
    db.session.commit()
    assert "jamlak" in plans.flags(made)
    assert plans.anchors_of(made, made.billings).grace == 9
    kept = {b.instance: b.amount for b in billing.bills(made)}
    assert kept["retensi"] == D("6660000.00")
    assert desk_queries.receipt(people.today()) == 4
    on_desk = [v for v in queries.views(made, people.today(), worked) if v.current]
    assert on_desk and {v.standing.value for v in on_desk} <= {"Mendekati batas", "Lewat batas"}
    addendum(made, NewAddendum("ADD-1", people.today(), made.ends_on, D(20_000_000)),
             cast.actor("ppk"), worked)  # 18 %, within 20 %  # fmt: skip
    with pytest.raises(contracts.Refused, match="lebih dari 20 % nilai"):
        addendum(made, NewAddendum("ADD-2", people.today(), made.ends_on, D(9_000_000)),
                 cast.actor("ppk"), worked)  # fmt: skip


def test_the_window_of_lama_di_meja_is_that_of_the_region(cast: Cast, client: FlaskClient) -> None:
    admin = sign_in(client, cast.people["admin"])
    page = admin.get("/admin/ketentuan-kontrak")
    assert "Lama di meja dihitung" in page.text and "Kebiasaan evaluasi triwulanan" in page.text
    form = {"ketentuan": "lama_meja", "nilai": "30", "dasar": "SE Sekda 900/12/2026",
            "sejak": "2/2/2026"}  # fmt: skip
    wrong = post(admin, "/admin/ketentuan-kontrak", {**form, "nilai": "900"})
    assert wrong.status_code == 422 and "antara 7 dan 730 hari kalender" in wrong.text
    assert 'value="900"' in wrong.text
    assert post(admin, "/admin/ketentuan-kontrak", form).status_code == 302
    assert "SE Sekda 900/12/2026" in admin.get("/admin/ketentuan-kontrak").text
    unit = cast.units["DINKES"]
    head = sign_in(client, cast.people["kepala_dinkes"]).get(f"/serapan/opd/{unit}").text
    assert "30 hari terakhir" in head
