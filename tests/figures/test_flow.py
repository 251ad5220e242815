"""Writing figures: who may, what stands afterwards, and two people at one number."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from portal.db import db
from portal.figures import catalogue, flow, queries, rules
from portal.figures.flow import DatumKey
from portal.figures.models import DatumRev
from portal.figures.rules import DatumView
from portal.people.rules import PORTAL
from portal.trail import flow as trail
from portal.trail.models import TrailEntry


@pytest.fixture
def key(cast) -> DatumKey:
    return DatumKey("ibu_hamil_dilayani", queries.region_id(), "2025")


def put(key, value, base, who, attr="value"):
    return flow.put(key, attr, value, base, who)


def test_a_number_is_typed_once_and_read_back(cast, key):
    rina = cast.actor("operator_dinkes")
    one = put(key, "8.720", 0, rina)
    assert (one.status, one.rev, one.shown) == ("ok", 1, "8.720")
    two = put(key, "Profil Kesehatan 2025", 1, rina, "source")
    assert (two.status, two.rev) == ("ok", 2)
    db.session.commit()
    view = queries.values(["ibu_hamil_dilayani"], "2025", key.unit_id)["ibu_hamil_dilayani"]
    assert (view.value, view.source, view.rev) == (Decimal(8720), "Profil Kesehatan 2025", 2)
    assert view.by_label == "Rina Wulandari (Operator Dinas Kesehatan)"
    assert [v.rev for v in queries.history(key.element, "2025", key.unit_id)] == [2, 1]
    acts = db.session.scalars(sa.select(TrailEntry).order_by(TrailEntry.seq)).all()
    assert [(a.verb, a.before, a.after) for a in acts] == [
        ("figures.put.value", None, "8720"),
        ("figures.put.source", "", "Profil Kesehatan 2025"),
    ]
    assert trail.verify("figure:ibu_hamil_dilayani:2025") is None


def test_the_same_again_writes_nothing(cast, key):
    rina = cast.actor("operator_dinkes")
    put(key, "10", 0, rina)
    assert put(key, "10,00", 1, rina).status == "same"
    assert put(DatumKey("balita_sasaran", key.unit_id, "2025"), "", 0, rina).status == "same"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(DatumRev)) == 1


def test_only_the_owner_writes(cast, key):
    answer = put(key, "1", 0, cast.actor("operator_distan"))
    assert answer.status == "refused"
    assert "diisi oleh Dinas Kesehatan" in answer.doubt
    people = DatumKey("penduduk", key.unit_id, "2025")
    refused = put(people, "1", 0, cast.actor("operator_dinkes"))
    assert "Dinas Kependudukan dan Pencatatan Sipil" in refused.doubt
    assert put(key, "1", 0, cast.actor("kepala_dinkes")).status == "refused"
    assert put(key, "1", 0, cast.actor("apip")).status == "refused"
    assert queries.values(["ibu_hamil_dilayani"], "2025", key.unit_id) == {}


def test_the_sekretariat_stands_in_when_the_caller_says_so(cast, key):
    lina = cast.actor("sekretariat")
    assert put(key, "1", 0, lina).status == "refused"
    assert flow.put(key, "value", "1", 0, lina, behalf=True).status == "ok"


def test_an_element_of_nobody_is_left_to_the_sekretariat(cast, key):
    orphan = DatumKey("investasi", key.unit_id, "2025")
    assert put(orphan, "5", 0, cast.actor("operator_dinkes")).status == "refused"
    assert put(orphan, "5", 0, cast.actor("sekretariat")).status == "ok"


def test_conflict_only_where_the_same_field_moved(cast, key):
    rina, joko = cast.actor("operator_dinkes"), cast.actor("operator_dinkes_2")
    put(key, "100", 0, rina)
    assert put(key, "Register", 1, rina, "source").rev == 2
    # Joko saw revision 1; the value has not moved since
    assert put(key, "110", 1, joko).status == "ok"
    # Rina saw revision 2 and changes the value, which Joko moved
    lost = put(key, "120", 2, rina)
    assert (lost.status, lost.theirs) == ("conflict", "110")
    assert lost.theirs_by.startswith("Joko Prasetyo")
    # having seen it, she may
    assert put(key, "120", lost.rev, rina).status == "ok"
    # the very same value is no conflict
    assert put(key, "120", 1, joko).status == "same"


def test_a_doubtful_number_is_kept_as_typed_and_asked_about(cast, key):
    rina = cast.actor("operator_dinkes")
    answer = put(key, "1,234.5", 0, rina)
    assert (answer.status, answer.shown) == ("ok", "1,234.5")
    assert "cara Inggris" in answer.doubt
    view = queries.values([key.element], "2025", key.unit_id)[key.element]
    assert (view.value, view.raw) == (None, "1,234.5")
    two = put(key, "1,234", 1, rina)
    assert two.other == "1.234"
    broken = put(key, "1.2.3,4", 2, rina)
    assert "tidak dapat dibaca" in broken.doubt
    assert put(key, "1.234,5", 3, rina).shown == "1.234,5"


def test_nature_reason_and_date(cast, key):
    rina = cast.actor("operator_dinkes")
    assert put(key, "belum_rilis", 0, rina, "vintage").status == "ok"
    assert put(key, "Menunggu SKI 2025", 1, rina, "na_reason").status == "ok"
    assert put(key, "30 April 2026", 2, rina, "expected_on").shown == "30 April 2026"
    assert "bukan tanggal" in put(key, "30/13/2026", 3, rina, "expected_on").doubt
    assert put(key, "kira-kira", 3, rina, "vintage").status == "refused"
    assert put(key, "x" * 301, 3, rina, "source").status == "refused"
    assert put(key, "1", 3, rina, "password").status == "refused"
    assert put(DatumKey("tidak_ada", 1, "2025"), "1", 0, rina).status == "refused"
    view = queries.values([key.element], "2025", key.unit_id)[key.element]
    assert rules.show_view(view, catalogue.current().elements[key.element]) == "n/a"


def test_choices_and_answers(cast, key):
    keuangan = DatumKey("opini_bpk", key.unit_id, "2025")
    refused = put(keuangan, "WTP", 0, cast.actor("operator_dinkes"))
    assert "Badan Pengelolaan Keuangan" in refused.doubt
    pick = flow.put(keuangan, "value", "WTP", 0, cast.actor("sekretariat"), behalf=True)
    assert "tidak ada dalam pilihan" in pick.doubt
    full = "Wajar Tanpa Pengecualian (WTP)"
    pick = flow.put(keuangan, "value", full, 0, cast.actor("sekretariat"), behalf=True)
    assert pick.shown == full
    asked = DatumKey("aset_daftar", key.unit_id, "2025")
    assert flow.put(asked, "value", "ya", 0, PORTAL, behalf=True).shown == "Ya"
    assert flow.put(asked, "value", "mungkin", 1, PORTAL, behalf=True).status == "refused"


def test_restore_is_a_new_statement(cast, key):
    rina = cast.actor("operator_dinkes")
    put(key, "100", 0, rina)
    put(key, "200", 1, rina)
    assert flow.restore(key, 1, 1, rina).status == "conflict"
    back = flow.restore(key, 1, 2, rina)
    assert (back.status, back.rev, back.shown) == ("ok", 3, "100")


def test_many_values_of_two_years_in_one_statement(cast):
    unit = queries.region_id()
    keys = [e for e in catalogue.current().elements if e != "opini_bpk"]
    views = [
        DatumView(element=k, value=Decimal(n), unit_id=unit, period=year, source="Uji")
        for n, k in enumerate(keys) for year in ("2024", "2025")
    ]  # fmt: skip
    assert flow.put_many(views, PORTAL) == len(views)
    assert flow.put_many(views, PORTAL) == 0
    db.session.commit()
    seen = []
    listener = lambda *a: seen.append(a[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    found = queries.values_of(keys, ["2025", "2024", "2023"], unit)
    event.remove(db.engine, "before_cursor_execute", listener)
    assert len(seen) == 1
    assert len(found["2025"]) == len(found["2024"]) == len(keys)
    assert found["2023"] == {}


def test_previous_period():
    assert queries.previous_period("2025") == "2024"
    assert queries.previous_period("2025-TW3") == "2024-TW3"
