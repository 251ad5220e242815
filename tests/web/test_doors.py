"""What every answer carries, what no page holds, what no log tells, and what a session survives."""

from __future__ import annotations

import io
import logging
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.config import ROOT
from portal.db import db
from portal.people.models import Person
from portal.people.rules import Role
from portal.reports import flow_open
from portal.reports.models import Entry
from tests.cast import PASSWORD, Cast, post, sign_in, token
from tests.web import urls
from tests.web.test_url_map import STANDS_FOR
from tests.web.urls import World

pytestmark = [pytest.mark.long, pytest.mark.once]

TEMPLATES = sorted((ROOT / "portal/templates").rglob("*.html"))
#: What a policy without 'unsafe-inline' would stop: a page that relies on it is broken.
INLINE = {
    "script without src": re.compile(r"<script(?![^>]*\ssrc=)", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "htmx script": re.compile(r"\bhx-on|\bhx-vars|hx-vals\s*=\s*[\"']js:|hx-trigger=\"[^\"]*\["),
    "script address": re.compile(r"javascript:", re.I),
    "foreign address": re.compile(r"<(?:script|link|img|iframe)[^>]*\s(?:src|href)=[\"']https?:"),
}
#: Sheets that the portal itself makes and people look at before they print them.
SHOWN = re.compile(
    r"/pengesahan/\d+/cetak|/serah-terima/\d+/berita-acara|/susun-rlppd/\d+/pratinjau.pdf"
)
#: What everybody may read without an account, and a proxy may keep for a while.
PUBLISHED = re.compile(r"/rlppd\b")
#: Clean HTML of narratives (reports/richtext.py); everything else is escaped.
PRINTED_AS_IT_IS = {"review/_content.html": 1, "parts/narrative.html": 3}


@pytest.mark.parametrize("what", INLINE)
def test_no_template_needs_what_the_policy_forbids(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0][:80]}" for path in TEMPLATES
        for match in INLINE[what].finditer(path.read_text(encoding="utf-8"))
    ]  # fmt: skip
    assert found == []


def test_only_cleaned_text_is_printed_as_it_is() -> None:
    found = {}
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        if count := len(re.findall(r"\|\s*safe\b|autoescape\s+false", text)):
            found[str(path.relative_to(ROOT / "portal/templates"))] = count
    assert found == PRINTED_AS_IT_IS
    views = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "portal/web").rglob("*.py"))
    assert "render_template_string" not in views


def test_our_scripts_neither_evaluate_nor_fetch_from_elsewhere() -> None:
    for path in (ROOT / "portal/static").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|new Function|document\.write|setTimeout\([\"']", text), path
        assert not re.search(r"[\"'`]https?://", text), path


@pytest.mark.usefixtures("quick_papers")
def test_every_answer_says_what_a_browser_may_do_with_it(app: Flask, cast: Cast) -> None:
    """Every GET route under a role that may open it, and the answers that are no pages."""
    world, adapter, wrong = World(cast), app.url_map.bind("localhost"), []
    clients: dict[str, FlaskClient] = {}
    asked = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: (r.rule, r.endpoint)):
        if rule.endpoint == "static" or "GET" not in (rule.methods or ()):
            continue
        wanted = app.view_functions[rule.endpoint].permission  # type: ignore[attr-defined]
        who = next(STANDS_FOR[r] for r in Role
                   if wanted is None or cast.actor(STANDS_FOR[r]).may(wanted))  # fmt: skip
        unit = next(c for c, n in cast.units.items() if n == cast.people[who].unit_id)
        values = urls.arguments(world, rule, unit)
        db.session.commit()
        if who not in clients:
            clients[who] = sign_in(app.test_client(), cast.people[who])
        asked.append((clients[who], "GET", adapter.build(rule.endpoint, values)))
    nobody = app.test_client()
    asked += [(nobody, "GET", "/tidak-ada"), (nobody, "POST", "/tidak-ada"), (nobody, "GET", "/"),
              (nobody, "DELETE", "/masuk"), (nobody, "POST", "/masuk"), (nobody, "GET", "/akun"),
              (nobody, "OPTIONS", "/masuk"), (nobody, "HEAD", "/masuk")]  # fmt: skip
    for client, method, url in asked:
        answer = client.open(url, method=method)
        head, what = answer.headers, f"{method} {url} {answer.status_code}"
        policy = head.get("Content-Security-Policy", "")
        if "default-src 'none'" not in policy or "unsafe" in policy or "*" in policy:
            wrong.append(f"{what}: policy {policy!r}")
        if head.get("X-Content-Type-Options") != "nosniff":
            wrong.append(f"{what}: sniffed")
        if "no-store" not in head.get("Cache-Control", "") and "private" not in head.get(
            "Cache-Control", ""
        ) and answer.mimetype == "text/html" and not PUBLISHED.match(url):  # fmt: skip
            wrong.append(f"{what}: may be kept: {head.get('Cache-Control')}")
        place = head.get("Location", "/")
        if not place.startswith("/") or place.startswith("//"):
            wrong.append(f"{what}: leads away to {place}")
        kept = head.get("Content-Disposition", "")
        if answer.mimetype not in ("text/html", "application/json", "text/plain") and (
            answer.status_code == 200 and "attachment" not in kept and not SHOWN.fullmatch(url)
            and answer.mimetype not in ("image/png", "image/jpeg", "application/manifest+json",
                                        "text/javascript", "image/svg+xml")
        ):  # fmt: skip
            wrong.append(f"{what}: {answer.mimetype} opens in the browser")
        answer.close()
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_hostile_host_and_forwarding_headers_change_nothing(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    evil = {"Host": "jahat.example", "X-Forwarded-Host": "jahat.example",
            "X-Forwarded-Proto": "javascript", "X-Forwarded-Prefix": "//jahat.example",
            "X-Original-URL": "/admin/akun", "X-Rewrite-URL": "/admin/akun"}  # fmt: skip
    for url in ("/masuk", "/akun", "/tidak-ada", "/static/app.js", "/masuk?next=//jahat.example"):
        answer = client.get(url, headers=evil)
        assert "jahat.example" not in answer.headers.get("Location", "")
        assert 'jahat.example"' not in answer.text.replace("%2F", "/"), url
    sign_in(client, cast.admin)
    slip = post(client, "/admin/akun/slip", {"orang": str(cast.operator_dinkes.person_id)},
                headers={k: v for k, v in evil.items() if k != "Host"})  # fmt: skip
    assert "Musnahkan" in slip.text and "jahat.example" not in slip.text


def test_who_invents_his_address_is_counted_all_the_same(client: FlaskClient, cast: Cast) -> None:
    """No proxy is configured, so X-Forwarded-For is what the visitor wrote himself."""
    client.get("/masuk")
    form = {"login": "x", "sandi": "salah", "csrf_token": token(client)}
    codes = [
        client.post("/masuk", data={**form, "login": f"x{n}"},
                    headers={"X-Forwarded-For": f"10.0.0.{n}", "Client-IP": f"10.0.0.{n}"}
                    ).status_code for n in range(62)
    ]  # fmt: skip
    assert codes[-1] == 429


def test_a_session_from_before_the_login_is_worth_nothing_after_it(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    """Fixation: neither the cookie nor the form token that a stranger planted survives."""
    client.get("/masuk")
    planted_token = token(client)
    with client.session_transaction() as session:
        session["jabatan"] = 1
        session["titipan"] = "dari orang lain"
        before = dict(session)
    answer = post(client, "/masuk", {"login": cast.operator_dinkes.login, "sandi": PASSWORD})
    assert answer.status_code == 302
    with client.session_transaction() as session:
        assert "titipan" not in session and "jabatan" not in session
        assert session.get("csrf_token") != before["csrf_token"]
    assert client.post("/akun/hp", data={"hp": "", "csrf_token": planted_token}).status_code == 400
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    out = client.post("/keluar", data={"csrf_token": token(client)})
    assert out.status_code == 302 and client.get("/akun").status_code == 302


def test_a_reset_slip_ends_every_session_of_the_account(app: Flask, cast: Cast) -> None:
    home, desk = app.test_client(), app.test_client()
    sign_in(home, cast.operator_dinkes)
    sign_in(desk, cast.operator_dinkes)
    assert home.get("/akun").status_code == desk.get("/akun").status_code == 200
    admin = sign_in(app.test_client(), cast.admin)
    slip = post(admin, "/admin/akun/slip", {"orang": str(cast.operator_dinkes.person_id)})
    assert "Musnahkan" in slip.text
    assert home.get("/akun").status_code == desk.get("/akun").status_code == 302


SAID = ("sandi-yang-salah", "kelinci-ungu", "0812 7777 8888", "+628127777", "Rahasia Jabatan")


def test_no_log_tells_who_types_what(
    app: Flask, cast: Cast, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sign in, type, upload, collide, break: neither password, NIP, session, token nor words."""
    caplog.set_level(logging.INFO)
    for name in ("sqlalchemy.engine", "werkzeug", "portal", "selaras", "flask_limiter"):
        logging.getLogger(name).setLevel(logging.INFO if name != "sqlalchemy.engine" else 30)
    report = flow_open.open_report("lppd", 2025, actor=cast.actor("sekretariat")).report
    entry = db.session.scalars(sa.select(Entry).where(
        Entry.report_id == report.id, Entry.supplier_unit_id == cast.units["DINKES"])).first()  # fmt: skip
    db.session.commit()
    client, who = app.test_client(), cast.operator_dinkes
    client.get("/masuk")
    post(client, "/masuk", {"login": who.login, "sandi": "sandi-yang-salah"})
    client.get("/masuk")
    assert post(client, "/masuk", {"login": who.login, "sandi": PASSWORD}).status_code == 302
    seal = token(client)
    post(client, "/akun/hp", {"hp": "0812 7777 8888"})
    for target, value in (("f:text", "<p>kelinci-ungu</p>"), ("x", "kelinci-ungu"),
                          ("c:b1:nama", "kelinci-ungu")):  # fmt: skip
        client.post(f"/isian/{entry.id}/op", headers={"X-CSRFToken": seal}, json={"ops": [
            {"op_id": f"op-{target[0]}-0001", "target": target, "base": 0, "value": value}]})  # fmt: skip
    post(client, f"/isian/{entry.id}/gambar", {"berkas": (io.BytesIO(b"x"), "kelinci-ungu.png")})
    client.get("/isian/999999?cari=kelinci-ungu")
    _collide(app, cast)
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    help_page = app.url_map.bind("localhost").match("/bantuan")[0]
    monkeypatch.setitem(app.view_functions, help_page, _broken(who.login))
    broken = client.get("/bantuan")
    assert broken.status_code == 500 and "Traceback" not in broken.text
    told = caplog.text
    assert "refused by the database" in told and "Exception on /bantuan" in told
    cookie = client.get_cookie("session")
    hidden = [*SAID, PASSWORD, who.login, seal, cookie.value if cookie else "-"]
    assert [secret for secret in hidden if secret in told] == []


def _collide(app: Flask, cast: Cast) -> None:
    """Two accounts with one NIP: the database says no, and says why."""
    handler = app.error_handler_spec[None][None][sa.exc.IntegrityError]
    try:
        db.session.add(Person(login=cast.operator_dinkes.login, nip="", name="Rahasia Jabatan"))
        db.session.flush()
    except sa.exc.IntegrityError as error:
        with app.test_request_context("/"):
            assert handler(error)[1] == 409


def _broken(nip: str):  # type: ignore[no-untyped-def]
    def view() -> str:
        db.session.execute(sa.text("SELECT :nip, :odd"), {"nip": nip, "odd": object()})
        return ""

    view.permission = None  # type: ignore[attr-defined]
    return view


def test_paths_of_the_store_are_hashes_only(app: Flask) -> None:
    from portal import store  # noqa: PLC0415

    for name in ("../../etc/passwd", "a" * 63 + "/", "A" * 64, "", "0" * 64 + "\x00"):
        with pytest.raises(store.StoreError):
            store.path_of(name)
    assert store.path_of("ab" * 32).is_relative_to(Path(app.config["SELARAS"].blobs))


def test_a_file_altered_on_the_disk_is_not_handed_out(app: Flask) -> None:
    """Evidence is what somebody brought or nothing; the same bytes brought again put it right."""
    from portal import store  # noqa: PLC0415

    kept = store.put(b"bukti asli", "application/pdf")
    path = store.path_of(kept.sha256)
    path.chmod(0o600)
    path.write_bytes(b"bukti lain")
    assert store.state_of(kept.sha256) == "berubah"
    with pytest.raises(store.StoreError, match="tidak sama lagi"):
        store.read(kept.sha256)
    assert store.put(b"bukti asli", "application/pdf") is kept
    assert store.read(kept.sha256) == b"bukti asli"
