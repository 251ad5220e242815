"""Login, session end, the kept form, forced change, jabatan: what the gate lets through."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db
from portal.people import accounts, flow_accounts
from portal.people.models import Contact, LoginDelay, Person, Position, Term
from portal.people.rules import PORTAL
from portal.web import kept
from tests.cast import PASSWORD, Cast, post, sign_in, token

pytestmark = pytest.mark.strictest

OURS = {"Origin": "http://localhost"}


def login(client: FlaskClient, who: str, password: str = PASSWORD, **more: str):
    client.get("/masuk")
    return post(client, "/masuk", {"login": who, "sandi": password, **more})


def test_login_leads_to_the_page_that_was_wanted(cast: Cast, client: FlaskClient) -> None:
    asked = client.get("/akun?x=1")
    assert asked.headers["Location"] == "/masuk?next=/akun?x%3D1"
    answer = login(client, cast.operator_dinkes.login, next="/akun?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/akun?x=1")
    assert "Rina Wulandari" in client.get("/akun").text


def test_nip_may_be_typed_in_groups(cast: Cast, client: FlaskClient) -> None:
    nip = cast.operator_dinkes.login
    grouped = f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"
    assert login(client, grouped).status_code == 302


@pytest.mark.parametrize("target", [
    "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)",
    "/akun\r\nX: y", "", "akun", "/masuk", "/keluar",
])  # fmt: skip
def test_next_is_a_path_of_this_portal(target: str) -> None:
    assert kept.local_path(target) == "/"


def test_a_wrong_password_and_an_unknown_nip_read_the_same(cast: Cast, client: FlaskClient) -> None:
    known = login(client, cast.operator_dinkes.login, "salah-sekali")
    unknown = login(client, "199901012020011999", "salah-sekali")
    assert known.status_code == unknown.status_code == 422
    assert flow_accounts.WRONG in known.text
    assert flow_accounts.WRONG in unknown.text
    assert cast.operator_dinkes.login in known.text  # the typed NIP is still there


def test_an_unknown_nip_costs_a_hash_as_well(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(accounts, "_nobody", lambda: "nobody's hash")
    hasher = SimpleNamespace(verify=lambda kept_hash, _typed: asked.append(kept_hash))
    monkeypatch.setattr(accounts, "_hasher", hasher)
    assert accounts.check_password("199901012020011999", "x") is None
    assert asked == ["nobody's hash"]


def test_a_disabled_account_cannot_enter(cast: Cast, client: FlaskClient) -> None:
    flow_accounts.set_open(_person(cast), False, PORTAL)
    db.session.commit()
    assert login(client, cast.operator_dinkes.login).status_code == 422


def test_five_wrong_attempts_make_the_account_wait(
    cast: Cast, client: FlaskClient, still_clock
) -> None:
    nip = cast.operator_dinkes.login
    for _ in range(5):
        assert login(client, nip, "salah-sekali").status_code == 422
    waiting = login(client, nip)  # even the right one waits
    assert waiting.status_code == 429
    assert "Tunggu 30 detik" in waiting.text
    assert login(client, cast.operator_distan.login).status_code == 302  # nobody else does
    client.post("/keluar", data={"csrf_token": token(client)})
    still_clock(timedelta(seconds=31))
    assert login(client, nip).status_code == 302
    assert db.session.query(LoginDelay).count() == 0


def test_one_address_cannot_try_for_ever(cast: Cast, client: FlaskClient) -> None:
    codes = [login(client, f"orang-{n}", "salah-sekali").status_code for n in range(61)]
    assert codes[:60] == [422] * 60
    assert codes[60] == 429


def test_a_script_gets_204_and_a_token(cast: Cast, client: FlaskClient) -> None:
    box = client.get("/masuk/kotak")
    assert box.status_code == 200
    assert "<html" not in box.text
    answer = client.post("/masuk", data={
        "login": cast.operator_dinkes.login, "sandi": PASSWORD, "csrf_token": token(client),
    }, headers={"X-Selaras": "1"})  # fmt: skip
    assert answer.status_code == 204
    assert answer.headers["X-Selaras-Orang"] == str(cast.operator_dinkes.person_id)
    saved = client.post("/akun/hp", data={"hp": ""}, headers={
        "X-CSRFToken": answer.headers["X-CSRFToken"],
    })  # fmt: skip
    assert saved.status_code == 302


def test_a_script_whose_session_ended_gets_401(cast: Cast, client: FlaskClient) -> None:
    for name, value in (("X-Selaras", "1"), ("HX-Request", "true")):
        answer = client.get("/akun", headers={name: value})
        assert answer.status_code == 401
        assert "<html" not in answer.text


def test_a_form_sent_after_the_session_ended_is_carried_through_the_login(
    cast: Cast, client: FlaskClient
) -> None:
    typed = {"hp": "0812 3456 7890", "catatan": "baris satu\r\nbaris <dua>"}
    refused = client.post("/akun/hp", data={**typed, "csrf_token": "old"}, headers=OURS)
    assert refused.status_code == 401
    assert "Isian yang baru dikirim tidak hilang" in refused.text
    carried = {"titip.hp": typed["hp"], "titip.catatan": typed["catatan"]}
    assert all(f'name="{name}"' in refused.text for name in carried)
    wrong = login(client, cast.operator_dinkes.login, "salah-sekali", next="/akun/hp", **carried)
    assert 'name="titip.hp" value="0812 3456 7890"' in wrong.text
    entered = login(client, cast.operator_dinkes.login, next="/akun/hp", **carried)
    assert entered.status_code == 200
    assert 'action="/akun/hp"' in entered.text
    assert "baris &lt;dua&gt;" in entered.text
    fresh = re.search(r'name="csrf_token" value="([^"]+)"', entered.text.split("<main")[1])
    assert fresh
    sent = client.post("/akun/hp", data={**typed, "csrf_token": fresh[1]})
    assert sent.status_code == 302
    assert db.session.query(Contact).one().address == "+6281234567890"


def test_a_form_of_a_stranger_is_not_carried(cast: Cast, client: FlaskClient) -> None:
    answer = client.post("/akun/hp", data={"hp": "1"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 302


def test_an_outdated_token_of_our_own_page_is_renewed(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.operator_dinkes)
    answer = client.post("/akun/hp", data={"hp": "0812 3456 7890", "csrf_token": "x"},
                         headers=OURS)  # fmt: skip
    assert answer.status_code == 400
    assert "Lanjutkan kiriman" in answer.text
    assert "0812 3456 7890" in answer.text


def test_without_a_token_nothing_changes(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.operator_dinkes)
    for headers in ({}, {"Origin": "https://evil.example"}, {"X-Selaras": "1"}):
        answer = client.post("/akun/hp", data={"hp": "0812 3456 7890"}, headers=headers)
        assert answer.status_code == 400
        assert "Lanjutkan kiriman" not in answer.text
    assert db.session.query(Contact).count() == 0


def test_a_login_page_that_stood_open_for_long_asks_once_more(
    cast: Cast, client: FlaskClient
) -> None:
    answer = client.post("/masuk", data={"login": cast.admin.login, "sandi": PASSWORD})
    assert answer.status_code == 422
    assert kept.STALE in answer.text
    assert cast.admin.login in answer.text


def test_a_password_change_ends_the_other_sessions(cast: Cast, app: Flask) -> None:
    here, there = app.test_client(), app.test_client()
    for client in (here, there):
        sign_in(client, cast.operator_dinkes)
    answer = post(here, "/akun/sandi", {
        "sandi_lama": PASSWORD, "sandi_baru": "kopi gunung biru", "sandi_ulang": "kopi gunung biru",
    })  # fmt: skip
    assert answer.status_code == 302
    assert here.get("/akun").status_code == 200
    assert there.get("/akun").status_code == 302
    assert accounts.check_password(cast.operator_dinkes.login, "kopi gunung biru")


@pytest.mark.parametrize(("old", "new", "again", "words"), [
    ("bukan-ini-pak", "kopi gunung biru", "kopi gunung biru", "Kata sandi lama"),
    (PASSWORD, "pendek", "pendek", "paling sedikit 10"),
    (PASSWORD, "198001012005011001", "198001012005011001", "tidak boleh sama dengan NIP"),
    (PASSWORD, "kopi gunung biru", "kopi gunung hijau", "tidak sama"),
    (PASSWORD, "wulandari99", "wulandari99", "mudah ditebak"),
    (PASSWORD, "1111111111", "1111111111", "mudah ditebak"),
])  # fmt: skip
def test_a_password_that_cannot_be(
    old: str, new: str, again: str, words: str, cast: Cast, client: FlaskClient
) -> None:
    sign_in(client, cast.operator_dinkes)
    answer = post(client, "/akun/sandi",
                  {"sandi_lama": old, "sandi_baru": new, "sandi_ulang": again})  # fmt: skip
    assert answer.status_code == 422
    assert words in answer.text
    assert new not in answer.text or new == cast.operator_dinkes.login


def test_the_first_sign_in_asks_for_a_password_of_ones_own(cast: Cast, client: FlaskClient) -> None:
    slip = flow_accounts.reset_password(_person(cast), PORTAL)
    db.session.commit()
    assert re.fullmatch(r"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}", slip)
    entered = login(client, cast.operator_dinkes.login, slip, next="/akun")
    assert entered.headers["Location"] == "/akun/pertama?next=/akun"
    assert client.get("/").headers["Location"].startswith("/akun/pertama")
    assert client.get("/", headers={"HX-Request": "true"}).status_code == 401
    same = post(client, "/akun/pertama", {"sandi_baru": slip, "sandi_ulang": slip})
    assert same.status_code == 422
    wrong = post(client, "/akun/pertama", {"sandi_baru": "kopi gunung biru", "hp": "12",
                                           "sandi_ulang": "kopi gunung biru"})  # fmt: skip
    assert wrong.status_code == 422
    assert 'value="12"' in wrong.text
    answer = post(client, "/akun/pertama", {
        "sandi_baru": "kopi gunung biru", "sandi_ulang": "kopi gunung biru",
        "hp": "+62 812-3456-7890", "next": "/akun",
    })  # fmt: skip
    assert answer.headers["Location"] == "/akun"
    assert "081234567890" in client.get("/akun").text.replace("+62", "0")
    assert client.get("/").status_code == 200


def test_several_jabatan_are_chosen_and_switched(cast: Cast, client: FlaskClient) -> None:
    seat = Position(unit_id=cast.units["DISDIK"], role="kepala", title="Kepala Dinas Pendidikan")
    db.session.add(seat)
    db.session.flush()
    db.session.add(Term(position_id=seat.id, person_id=cast.operator_dinkes.person_id,
                        sifat="plt", valid_from=date(2026, 1, 5)))  # fmt: skip
    db.session.commit()
    entered = login(client, cast.operator_dinkes.login)
    assert entered.headers["Location"].startswith("/akun/jabatan")
    assert "Plt. Kepala Dinas Pendidikan" in client.get("/akun/jabatan").text
    assert post(client, "/akun/jabatan", {"jabatan": seat.id}).status_code == 302
    assert "Plt. Kepala Dinas Pendidikan" in client.get("/").text
    stranger = db.session.get(Term, cast.admin.term_id).position_id
    assert post(client, "/akun/jabatan", {"jabatan": stranger}).status_code == 404
    assert post(client, "/akun/jabatan", {"jabatan": "x"}).status_code == 404


def test_the_end_of_a_term_ends_what_it_allowed(
    cast: Cast, client: FlaskClient, still_clock
) -> None:
    db.session.get(Term, cast.operator_dinkes.term_id).valid_to = date(2026, 2, 2)
    db.session.commit()
    sign_in(client, cast.operator_dinkes)
    assert client.get("/laporan/lppd").status_code == 200
    still_clock(timedelta(days=1))
    assert client.get("/laporan/lppd").status_code == 403
    assert "tidak ada jabatan" in client.get("/akun").text


def test_a_forged_session_is_nobody(cast: Cast, client: FlaskClient) -> None:
    for made_up in ("1:999", "x:y", "99999:1", "", "1"):
        with client.session_transaction() as session:
            session["_user_id"] = made_up
        assert client.get("/akun").status_code == 302


def test_an_undeclared_route_is_refused(app: Flask, cast: Cast) -> None:
    app.add_url_rule("/tanpa-izin", "bare", lambda: "rahasia")
    client = sign_in(app.test_client(), cast.admin)
    assert client.get("/tanpa-izin").status_code == 403


def _person(cast: Cast) -> Person:
    person = db.session.get(Person, cast.operator_dinkes.person_id)
    assert person is not None
    return person
