"""Numbers by kecamatan: the grid, its sums, who may type, and two people in one cell."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from portal.db import db
from portal.figures import catalogue, districts, flow, queries
from portal.figures.flow import DatumKey
from portal.people.models import Person, Position, Term
from portal.people.rules import PORTAL
from tests.cast import SINCE, Member, post, sign_in, token

URL = "/data/kecamatan/2025"
LAKI = "d:penduduk_laki@kecamatan=KEC-01:value"


@pytest.fixture
def owner(cast):
    """An operator of Disdukcapil, who owns the population."""
    unit = cast.units["DISDUKCAPIL"]
    person = Person(name="Ratna Dewi", login="ratna", pw_hash="x", must_change_password=False)
    seat = Position(unit_id=unit, role="operator", title="Operator Disdukcapil")
    db.session.add_all([person, seat])
    db.session.flush()
    term = Term(person_id=person.id, position_id=seat.id, sifat="definitif", valid_from=SINCE)
    db.session.add(term)
    db.session.commit()
    return Member("ratna", person.id, term.id, unit, "operator", person.name, person.login)


def stored(dims: str = "kecamatan=KEC-01", key: str = "penduduk_laki"):
    return queries.by_dims([key], ["2025"], queries.region_id()).get((key, "2025", dims))


def save(client, *ops):
    body = {"ops": [{"op_id": f"op-{n}-{t}", "target": t, "base": b, "value": v}
                    for n, (t, b, v) in enumerate(ops)]}  # fmt: skip
    return client.post(f"{URL}/op", json=body, headers={"X-CSRFToken": token(client)})


def test_cells_save_by_themselves_and_add_up(owner, client):
    sign_in(client, owner)
    two = LAKI.replace("KEC-01", "KEC-02")
    answer = save(client, (LAKI, 0, "11.200"), (two, 0, "9.300")).json
    assert [a["status"] for a in answer["answers"]] == ["ok", "ok"]
    assert answer["derived"]["t:penduduk_laki"] == "20.500"
    assert "angka kabupaten/kota belum diisi" in answer["derived"]["s:penduduk_laki"]
    again = save(client, (LAKI, 0, "11.200")).json["answers"][0]
    assert (again["status"], again["rev"]) == ("same", 1)
    doubt = save(client, (LAKI, 1, "11,200.5")).json["answers"][0]
    assert "cara Inggris" in doubt["doubt"] and doubt["choices"]
    clash = save(client, (LAKI, 1, "7")).json["answers"][0]
    assert clash["status"] == "conflict" and "Ratna Dewi" in clash["theirs_by"]


def test_what_is_no_kecamatan_or_not_ours_is_refused(owner, client):
    sign_in(client, owner)
    for target in (
        "d:penduduk_laki@kecamatan=KEC-99:value", "d:penduduk_laki@desa=KEC-01:value",
        "d:penduduk_laki:value", "d:rumah_tangga@kecamatan=KEC-01:value",
        "d:anak_0_17@kecamatan=KEC-01:value", "c:a:b", "d:hantu@kecamatan=KEC-01:value",
    ):  # fmt: skip
        found = save(client, (target, 0, "1")).json["answers"][0]
        assert found["status"] == "refused" and found["reason"], target
    assert db.session.query(flow.Datum).count() == 0
    assert client.post(f"{URL}/op", json=[], headers={"X-CSRFToken": token(client)}
                       ).status_code == 422  # fmt: skip
    assert client.post(f"{URL}/op", json={"ops": []}).status_code == 400
    assert client.get("/data/kecamatan/1066").status_code == 404


def test_others_read_and_cannot_type(cast, client):
    sign_in(client, cast.operator_dinkes)
    page = client.get(URL)
    assert page.status_code == 200 and LAKI not in page.text
    assert "Dinas Kependudukan dan Pencatatan Sipil" in page.text
    assert save(client, (LAKI, 0, "1")).json["answers"][0]["status"] == "refused"
    assert post(client, URL, {LAKI: "1"}).status_code == 403
    assert post(client, f"{URL}/jumlah", {"unsur": "penduduk"}).status_code == 403


def test_the_form_works_without_javascript(owner, client):
    sign_in(client, owner)
    assert post(client, URL, {LAKI: "11.200"}).status_code == 302
    page = client.get(URL).text
    assert f'name="r.{LAKI}" value="1"' in page and 'value="11.200"' in page
    flow.put(DatumKey("penduduk_laki", queries.region_id(), "2025", "kecamatan=KEC-01"),
             "value", "12.000", 1, PORTAL, behalf=True)  # fmt: skip
    db.session.commit()
    other = LAKI.replace("KEC-01", "KEC-02")
    untouched = post(client, URL, {LAKI: "11.200", f"r.{LAKI}": "1", other: "5"})
    assert untouched.status_code == 302 and stored().value == 12000
    clash = post(client, URL, {LAKI: "13.000", f"r.{LAKI}": "1"})
    assert clash.status_code == 422 and "12.000" in clash.text and 'value="13.000"' in clash.text
    wrong = post(client, URL, {LAKI: "seratus", f"r.{LAKI}": "2"})
    assert wrong.status_code == 422 and 'value="seratus"' in wrong.text


def test_the_sum_becomes_the_number_of_the_region_once_complete(owner, client):
    sign_in(client, owner)
    two = LAKI.replace("KEC-01", "KEC-02")
    save(client, (LAKI, 0, "100"))
    post(client, f"{URL}/jumlah", {"unsur": "penduduk_laki"})
    assert stored("") is None and "baru 1 dari 2" in client.get(URL).text
    save(client, (two, 0, "50"))
    for _ in range(2):
        assert post(client, f"{URL}/jumlah", {"unsur": "penduduk_laki"}).status_code == 302
    assert (stored("").value, stored("").rev) == (150, 1)
    save(client, (two, 1, "60"))
    page = client.get("/data/unsur/penduduk_laki?tahun=2025").text
    assert "Perlu dicek: jumlah kecamatan 160 jiwa, angka kabupaten/kota 150, selisih 10" in page


def test_laki_and_perempuan_make_penduduk_in_each_kecamatan(owner, client):
    sign_in(client, owner)
    save(client, (LAKI, 0, "10"), (LAKI.replace("laki", "perempuan"), 0, "12"))
    answer = save(client, (LAKI.replace("_laki", ""), 0, "23")).json
    assert answer["derived"]["n:KEC-01"] == "perlu dicek: laki-laki + perempuan = 22"


def test_the_grid_asks_the_database_a_fixed_number_of_times(owner, client):
    sign_in(client, owner)
    client.get(URL)
    seen: list[str] = []

    def note(*args):
        seen.append(args[2])

    event.listen(db.engine, "before_cursor_execute", note)
    client.get(URL)
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(seen) <= 25, len(seen)


NUMBERS = st.one_of(st.none(), st.integers(0, 40).map(Decimal))


@given(st.lists(NUMBERS, max_size=5), NUMBERS)
def test_a_difference_is_told_only_of_a_complete_sum(values, region):
    found = districts.spread(values, region)
    assert found.filled == sum(v is not None for v in values)
    if found.differs:
        assert None not in values and sum(values, Decimal(0)) != region
    assert re.match(r"[a-z]", found.sentence("jiwa"))


def test_only_elements_kept_by_kecamatan_are_in_the_grid():
    kept = [e.key for e in catalogue.current().elements.values() if e.by]
    assert kept[:3] == ["penduduk", "penduduk_laki", "penduduk_perempuan"]
