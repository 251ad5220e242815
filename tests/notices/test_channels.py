"""Each way out against a real server on loopback: honest, slow, failing, refusing, lying."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import http_ece
import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient
from py_vapid import b64urldecode, b64urlencode

from portal import yamlfile
from portal.config import ROOT, Config
from portal.db import db
from portal.notices import flow, flow_receipts, flow_send, gateways
from portal.notices.channels import web
from portal.notices.channels.base import ChannelError, Hook, Parcel, Receipt
from portal.notices.channels.mail import SmtpGateway
from portal.notices.channels.other import AppriseGateway
from portal.notices.channels.push import HOSTS, allowed
from portal.notices.channels.setup import SetupError, load
from portal.notices.channels.smsd import SmsdGateway
from portal.notices.channels.web import HttpGateway
from portal.notices.models import Attempt, Message, PushSubscription
from portal.people.models import Contact, Setting
from portal.reports.models import Report
from tests.cast import Cast, post, sign_in
from tests.notices.conftest import Vendor, free_port, send_all

Move = Callable[[timedelta], None]
Configure = Callable[..., Config]
FORMS = ROOT / "reports_templates/notices/gateways"
AT = datetime(2026, 2, 2, tzinfo=UTC)
PARCEL = Parcel(7, 1, "+6281234567890", "Perihal", "Teks panjang", "SELARAS: teks", "token", AT)
SECRET = "abcdefghijklmnopqrstuvwx"


def form(name: str) -> Any:
    return yamlfile.load(FORMS / f"{name}.yaml")


def gateway(vendor: Vendor, name: str, **secrets: str) -> HttpGateway:
    return HttpGateway(name, form(name), f"{vendor.url}/kirim", secrets, Decimal(350),
                       Hook(SECRET, "kunci", form(name)["receipt"].get("signature", "")))  # fmt: skip


def says(vendor: Vendor, code: int, answer: Any) -> None:
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    vendor.answer = lambda _: (code, content)


def test_zenziva_style_form(vendor: Vendor) -> None:
    says(vendor, 200, {"messageId": 4711, "to": "0812", "status": "1", "text": "Success"})
    sent = gateway(vendor, "zenziva", userkey="u", passkey="p").send(PARCEL)
    assert sent == "4711"
    assert vendor.asked[0].form == {"userkey": "u", "passkey": "p", "to": "081234567890",
                                    "message": "SELARAS: teks"}  # fmt: skip


def test_fonnte_style_form_with_its_header(vendor: Vendor) -> None:
    says(vendor, 200, {"status": True, "id": ["80367170"], "process": "pending"})
    assert gateway(vendor, "fonnte", token="T").send(PARCEL) == "80367170"
    asked = vendor.asked[0]
    assert asked.headers["authorization"] == "T"
    assert asked.form["target"] == "6281234567890" and asked.form["message"] == "Teks panjang"


def test_whatsapp_cloud_template(vendor: Vendor) -> None:
    says(vendor, 200, {"messaging_product": "whatsapp", "messages": [{"id": "wamid.HB"}]})
    sent = gateway(vendor, "whatsapp_cloud", token="T", template="pengingat").send(PARCEL)
    body = vendor.asked[0].json
    assert sent == "wamid.HB" and vendor.asked[0].headers["authorization"] == "Bearer T"
    assert body["to"] == "6281234567890" and body["template"]["name"] == "pengingat"
    assert body["template"]["components"][0]["parameters"][0]["text"] == "SELARAS: teks"


@pytest.mark.parametrize(
    ("code", "answer", "words", "final", "maybe"),
    [
        (200, {"status": "0", "text": "Kredit tidak cukup"}, "Kredit tidak cukup", False, False),
        (200, b"<html>Maintenance</html>", "tidak dikenali", False, True),
        (200, b"", "tidak dikenali", False, True),
        (200, {"status": "1"}, "tidak memberi nomor", False, True),
        (200, [1, 2], "menolak", False, False),
        (302, {}, "menolak (302)", False, False),
        (401, {"text": "passkey salah"}, "passkey salah", False, False),
        (422, {"text": "nomor salah"}, "nomor salah", True, False),
        (429, {}, "menolak (429)", False, False),
        (503, b"Service Unavailable", "Service Unavailable", False, False),
    ],
)
def test_what_is_no_yes_is_not_terkirim(
    vendor: Vendor, code: int, answer: Any, words: str, final: bool, maybe: bool
) -> None:
    says(vendor, code, answer)
    vendor.reply_headers = {"Location": f"{vendor.url}/lain"} if code == 302 else {}
    with pytest.raises(ChannelError) as error:
        gateway(vendor, "zenziva", userkey="u", passkey="p").send(PARCEL)
    assert words in str(error.value)
    assert (error.value.final, error.value.maybe) == (final, maybe)
    assert len(vendor.asked) == 1  # a redirect is not followed


def test_a_vendor_that_hangs_up_or_drips_or_is_not_there(
    vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier = gateway(vendor, "zenziva", userkey="u", passkey="p")
    vendor.answer = lambda _: (0, b"")
    with pytest.raises(ChannelError) as hung:
        carrier.send(PARCEL)
    assert hung.value.maybe
    says(vendor, 200, b"x" * 70_000)
    with pytest.raises(ChannelError, match="terlalu panjang"):
        carrier.send(PARCEL)
    gate = threading.Event()
    vendor.answer = lambda _: ((gate.wait(5) and 200) or 200, b"{}")
    monkeypatch.setattr(web, "READ", 0.05)
    with pytest.raises(ChannelError, match="terlalu lama") as slow:
        carrier.send(PARCEL)
    gate.set()
    assert slow.value.maybe
    gone = HttpGateway("x", form("zenziva"), f"http://127.0.0.1:{free_port()}/", {})
    with pytest.raises(ChannelError) as refused:
        gone.send(PARCEL)
    assert not refused.value.maybe


def test_text_and_number_never_leave_their_place(vendor: Vendor) -> None:
    says(vendor, 200, {"messageId": "1", "status": "1"})
    nasty = Parcel(1, 1, "+62812 3456&to=1", "x\r\ny", "{secret.passkey} http://evil",
                   "a&passkey=x {secret.passkey}", "t", AT)  # fmt: skip
    gateway(vendor, "zenziva", userkey="u", passkey="rahasia").send(nasty)
    asked = vendor.asked[0]
    assert asked.path == "/kirim" and asked.form["message"] == "a&passkey=x {secret.passkey}"
    assert asked.form["passkey"] == "rahasia" and asked.form["to"] == "081234561"
    with pytest.raises(ChannelError) as error:
        gateway(vendor, "zenziva").send(Parcel(1, 1, "bukan nomor", "", "", "", "t", AT))
    assert error.value.final and len(vendor.asked) == 1


# --- fail-over, cost, receipts ---------------------------------------------------------------


@pytest.fixture
def two(app: Flask, configure: Configure, vendor: Vendor, tmp_path: Path) -> Config:
    """Two paid gateways and a modem, in this order."""
    text = f"""
gateways:
  - {{key: satu, form: zenziva, url: "{vendor.url}/satu", secrets: {{userkey: u, passkey: p}},
     cost: 300, hook: {{secret: {SECRET}}}}}
  - {{key: dua, form: json, url: "{vendor.url}/dua", secrets: {{token: t}}, cost: 400}}
  - {{key: tidak_resmi, form: fonnte, url: "{vendor.url}/tiga", secrets: {{token: t}}}}
"""
    path = tmp_path / "channels.yaml"
    path.write_text(text)
    return configure(channels_file=str(path))


def first_down(asked: Any) -> tuple[int, bytes]:
    if asked.path == "/satu":
        return 503, b"down"
    return 200, json.dumps({"status": "ok", "id": f"d{len(asked.body)}"}).encode()


def one_message() -> Message:
    return db.session.scalars(sa.select(Message).execution_options(populate_existing=True)).one()


def test_over_to_the_next_gateway_when_one_is_down(
    two: Config, cast: Cast, report: Report, vendor: Vendor, still_clock: Move
) -> None:
    vendor.answer = first_down
    still_clock(timedelta(days=1))
    for _ in range(4):
        send_all()
        still_clock(timedelta(minutes=10))
    message = one_message()
    assert [a.gateway for a in message.attempts] == ["satu", "satu", "dua"]
    assert message.state == "sent" and not message.doubtful
    assert [a.cost for a in message.attempts] == [0, 0, Decimal(400)]
    assert len([a for a in vendor.asked if a.path == "/dua"]) == 1


def test_the_cost_cap_ends_paid_gateways_and_says_so(
    two: Config, cast: Cast, report: Report, vendor: Vendor, still_clock: Move
) -> None:
    db.session.add(Setting(key="pengingat.tangga", valid_from=date(2026, 1, 1),
                           value={"cost_cap": 350}))  # fmt: skip
    db.session.commit()
    vendor.answer = first_down
    still_clock(timedelta(days=1))
    for _ in range(4):
        send_all()
        still_clock(timedelta(minutes=10))
    assert {a.path for a in vendor.asked} == {"/satu"}  # the second would go beyond the cap
    says(vendor, 200, {"messageId": "9", "status": "1"})
    still_clock(timedelta(hours=3))
    send_all()
    assert one_message().state == "sent" and gateways.spent(date(2026, 2, 3)) == Decimal(300)
    db.session.add(Contact(person_id=cast.operator_distan.person_id, channel="sms",
                           address="+6281277777777"))  # fmt: skip
    db.session.commit()
    still_clock(timedelta(days=2))
    before = len(vendor.asked)
    send_all()
    capped = db.session.scalars(sa.select(Message).where(
        Message.person_id == cast.operator_distan.person_id)).one()  # fmt: skip
    assert capped.state == "failed" and "batas biaya" in capped.attempts[-1].error
    assert len(vendor.asked) == before


def test_a_timeout_after_the_text_has_left_is_doubtful(
    two: Config, cast: Cast, report: Report, vendor: Vendor, still_clock: Move
) -> None:
    vendor.answer = lambda _: (0, b"")
    still_clock(timedelta(days=1))
    send_all()
    says(vendor, 200, {"messageId": "9", "status": "1"})
    still_clock(timedelta(minutes=2))
    send_all()
    message = one_message()
    assert (message.state, message.doubtful) == ("sent", True)


def test_receipts_only_move_forward_and_strangers_change_nothing(
    two: Config, cast: Cast, report: Report, vendor: Vendor, still_clock: Move, client: FlaskClient
) -> None:
    says(vendor, 200, {"messageId": "9", "status": "1"})
    still_clock(timedelta(days=1))
    send_all()

    def tell(**data: str) -> int:
        return client.post(f"/kabar/{SECRET}", data=data).status_code

    assert tell(messageId="99", status="delivered") == 200 and one_message().state == "sent"
    assert tell(messageId="9", status="aneh") == 200 and one_message().state == "sent"
    assert tell(messageId="9", status="Delivered") == 200
    assert one_message().state == "delivered"
    at = one_message().attempts[0].delivered_at
    still_clock(timedelta(minutes=5))
    assert tell(messageId="9", status="failed") == 200  # too late
    assert tell(messageId="9", status="delivered") == 200
    assert one_message().state == "delivered" and one_message().attempts[0].delivered_at == at
    assert client.post("/kabar/abcdefghijklmnopqrstuvwy", data={}).status_code == 404
    assert client.get(f"/kabar/{SECRET}").status_code == 403
    assert client.post(f"/kabar/{SECRET}", data=b"{", content_type="text/xml").status_code == 200


def test_a_failed_receipt_goes_over_to_the_next_gateway(
    two: Config, cast: Cast, report: Report, vendor: Vendor, still_clock: Move, client: FlaskClient
) -> None:
    vendor.answer = lambda a: (200, json.dumps(
        {"messageId": "9", "status": "1"} if a.path == "/satu" else {"status": "ok", "id": "d"}
    ).encode())  # fmt: skip
    still_clock(timedelta(days=1))
    send_all()
    client.post(f"/kabar/{SECRET}", data={"messageId": "9", "status": "failed", "text": "mati"})
    assert one_message().state == "waiting"
    send_all()
    message = one_message()
    assert message.state == "sent" and [a.gateway for a in message.attempts] == ["satu", "dua"]
    assert message.attempts[0].error == "mati"


def test_signed_webhooks_of_whatsapp(
    app: Flask, configure: Configure, vendor: Vendor, cast: Cast, report: Report,
    client: FlaskClient, tmp_path: Path, still_clock: Move,
) -> None:  # fmt: skip
    path = tmp_path / "channels.yaml"
    path.write_text(f"""
gateways:
  - {{key: wa, form: whatsapp_cloud, url: "{vendor.url}/v21.0/1/messages", cost: 0,
     secrets: {{token: t, template: pengingat}},
     hook: {{secret: {SECRET}, hmac: rahasia, verify: kata-kunci}}}}
""")
    configure(channels_file=str(path))
    says(vendor, 200, {"messaging_product": "whatsapp", "messages": [{"id": "wamid.1"}]})
    still_clock(timedelta(days=1))
    send_all()
    asked = client.get(f"/kabar/{SECRET}?hub.verify_token=kata-kunci&hub.challenge=12345")
    assert asked.text == "12345"
    body = json.dumps({"entry": [{"changes": [{"value": {"statuses": [
        {"id": "wamid.1", "status": "read"}]}}]}]}).encode()  # fmt: skip
    good = "sha256=" + hmac.new(b"rahasia", body, hashlib.sha256).hexdigest()

    def tell(signature: str) -> int:
        return client.post(f"/kabar/{SECRET}", data=body, content_type="application/json",
                           headers={"X-Hub-Signature-256": signature}).status_code  # fmt: skip

    assert (tell("sha256=00"), tell("")) == (403, 403)
    assert one_message().state == "sent"
    assert tell(good) == 200 and one_message().state == "read"
    assert one_message().attempts[0].delivered_at is not None


def test_unofficial_gateways_wait_for_the_admins_word(two: Config, cast: Cast) -> None:
    on = date(2026, 2, 2)
    assert [g.key for g in gateways.in_order(on)] == ["satu", "dua"]
    db.session.add(Setting(key="pengingat.saluran", valid_from=on, value={
        "off": ["satu"], "accepted": ["tidak_resmi"], "order": ["tidak_resmi", "dua"]}))  # fmt: skip
    db.session.commit()
    assert [g.key for g in gateways.in_order(on)] == ["tidak_resmi", "dua"]


# --- smsd, mail, apprise, push ---------------------------------------------------------------


def test_the_modem_that_gives_up_is_noticed(
    app: Flask, cast: Cast, report: Report, spool: Path, still_clock: Move
) -> None:
    still_clock(timedelta(days=1))
    send_all()
    (path,) = (spool / "outbox").iterdir()
    assert path.name.startswith("OUTC20260203_000000_00_+6281200000001_selaras")
    assert one_message().state == "sent"
    (spool / "error").mkdir()
    path.rename(spool / "error" / path.name)
    send_all()
    assert one_message().state == "failed"
    assert "modem" in one_message().attempts[0].error


def test_a_file_already_in_the_outbox_is_not_written_twice(tmp_path: Path) -> None:
    carrier = SmsdGateway(tmp_path)
    assert carrier.send(PARCEL) == carrier.send(PARCEL) == "selaras7"
    assert len(list((tmp_path / "outbox").iterdir())) == 1


class Refusing:
    async def handle_RCPT(self, *_: Any) -> str:
        return "550 no such user"


class Breaking:
    async def handle_DATA(self, server: Any, *_: Any) -> str:
        server.transport.close()
        return "250 ok"


@pytest.mark.parametrize(
    ("handler", "final", "maybe"), [(Refusing, True, False), (Breaking, False, True)]
)
def test_mail_servers_that_refuse_or_break(handler: Any, final: bool, maybe: bool) -> None:
    controller = Controller(handler(), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        carrier = SmtpGateway(f"smtp://127.0.0.1:{controller.port}?from=a@b.go.id&tls=none")
        with pytest.raises(ChannelError) as error:
            carrier.send(PARCEL)
        assert (error.value.final, error.value.maybe) == (final, maybe)
    finally:
        controller.stop()


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # a plugin
def test_other_services_through_apprise(vendor: Vendor) -> None:
    carrier = AppriseGateway("lain", f"json://127.0.0.1:{vendor.port}/ke/{{address}}", "Lain")
    parcel = Parcel(1, 1, "12345", "Perihal", "Teks", "", "t", AT)
    assert carrier.send(parcel) == ""
    assert vendor.asked[0].path == "/ke/12345" and vendor.asked[0].json["message"] == "Teks"
    vendor.answer = lambda _: (500, b"")
    with pytest.raises(ChannelError):
        carrier.send(parcel)
    for evil in ("1@evil.example/", "a/../b", "x?to=1", "", "a#b"):
        with pytest.raises(ChannelError, match="alamat"):
            carrier.send(Parcel(1, 1, evil, "", "", "", "t", AT))


@dataclass
class Browser:
    """A browser's side of web push: its keys, and what it can read."""

    private: ec.EllipticCurvePrivateKey
    auth: bytes

    @property
    def p256dh(self) -> str:
        raw = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return b64urlencode(raw)

    def read(self, body: bytes) -> Any:
        plain = http_ece.decrypt(body, private_key=self.private, auth_secret=self.auth,
                                 version="aes128gcm")  # fmt: skip
        return json.loads(plain)


@pytest.fixture
def push(app: Flask, configure: Configure, vendor: Vendor, tmp_path: Path) -> Iterator[Browser]:
    path = tmp_path / "channels.yaml"
    path.write_text(f'push: {{contact: "mailto:a@b.go.id", hosts: ["{vendor.url}"]}}\n')
    configure(channels_file=str(path))
    yield Browser(ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef")


def test_web_push_with_own_keys_to_a_real_push_service_and_back(
    push: Browser, app: Flask, cast: Cast, report: Report, vendor: Vendor, client: FlaskClient,
    still_clock: Move,
) -> None:  # fmt: skip
    sign_in(client, cast.operator_distan)
    page = client.get("/pesan/saluran").text
    assert "data-push=" in page
    key = page.split('data-push="')[1].split('"')[0]
    assert len(b64urldecode(key.encode())) == 65
    token = page.split('data-token="')[1].split('"')[0]
    data = {"endpoint": f"{vendor.url}/push/abc", "keys": {"p256dh": push.p256dh,
            "auth": b64urlencode(push.auth)}}  # fmt: skip
    headers = {"X-CSRFToken": token}
    assert client.post("/pesan/push", json=data).status_code == 400
    assert client.post("/pesan/push", json=data, headers=headers).status_code == 204
    evil = {**data, "endpoint": "https://169.254.169.254/latest"}
    assert client.post("/pesan/push", json=evil, headers=headers).status_code == 422
    assert client.post("/pesan/push", json=[], headers=headers).status_code == 422
    vendor.answer = lambda _: (201, b"")
    still_clock(timedelta(days=1))
    send_all()
    asked = vendor.asked[0]
    assert (
        asked.headers["authorization"].startswith("vapid t=")
        and key in asked.headers["authorization"]
    )
    told = push.read(asked.body)
    assert told["body"].startswith("SELARAS: 1 isian LPPD 2025 Distan") and told["url"] == "/pesan"
    message = one_message()
    assert (message.channel, message.state) == ("push", "sent")
    stranger = app.test_client()
    assert stranger.post(f"/pesan/push/kabar/{told['token']}?apa=sampai").status_code == 204
    assert one_message().state == "delivered"
    assert stranger.post(f"/pesan/push/kabar/{told['token']}?apa=dibaca").status_code == 204
    assert one_message().state == "read"
    assert stranger.post(f"/pesan/push/kabar/{'x' * 30}?apa=dibaca").status_code == 204
    assert (app.config["SELARAS"].instance / "vapid.pem").stat().st_mode & 0o077 == 0


def test_a_browser_that_is_gone_is_forgotten(
    push: Browser, app: Flask, cast: Cast, report: Report, vendor: Vendor, still_clock: Move
) -> None:
    db.session.add(PushSubscription(person_id=cast.operator_distan.person_id,
                                    endpoint=f"{vendor.url}/push/x", p256dh=push.p256dh,
                                    auth=b64urlencode(push.auth), at=report.opened_at))  # fmt: skip
    db.session.commit()
    vendor.answer = lambda _: (410, b"")
    still_clock(timedelta(days=1))
    send_all()
    assert db.session.scalar(sa.select(sa.func.count(PushSubscription.id))) == 0
    send_all()
    assert one_message().state == "failed"


@pytest.mark.parametrize(
    ("endpoint", "ok"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", True),
        ("https://web.push.apple.com/x", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com.evil.id/x", False),
        ("https://user@fcm.googleapis.com/x", False),
        ("https://push.apple.com.evil.id/", False),
        ("http://127.0.0.1:6379/", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_only_known_push_services_are_called(endpoint: str, ok: bool) -> None:
    assert allowed(endpoint, HOSTS) is ok


# --- configuration ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("gateways: [{key: a, form: nihil, url: 'https://x'}]", "unknown"),
        ("gateways: [{key: a, form: ../../x, url: 'https://x'}]", "unknown"),
        ("gateways: [{key: a, form: json, url: 'http://x.id'}]", "https only"),
        ("gateways: [{key: 'a b', form: json, url: 'https://x'}]", "key"),
        ("gateways: [{key: a, form: json}]", "url"),
        ("gateways: [{key: a, form: json, url: 'https://x', hook: {secret: pendek}}]", "secret"),
        ("gateways: [{key: a, apprise: x}, {key: a, apprise: y}]", "sama"),
        ("gateways: [", "channels.yaml"),
        ("- 1", "mapping"),
    ],
)
def test_a_wrong_file_is_refused_with_its_entry(
    app: Flask, configure: Configure, tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "channels.yaml"
    path.write_text(text)
    with pytest.raises(SetupError, match=words):
        load(configure(channels_file=str(path)), False, lambda _: [], lambda _: None)


def test_uji_kirim_reaches_ones_own_number_at_any_hour_and_six_times_a_day(
    app: Flask, cast: Cast, report: Report, spool: Path, client: FlaskClient, still_clock: Move
) -> None:
    still_clock(timedelta(hours=14))  # 22.00
    sign_in(client, cast.operator_dinkes)
    for _ in range(6):
        assert post(client, "/pesan/saluran/sms/uji").status_code == 302
    answer = post(client, "/pesan/saluran/sms/uji")
    assert answer.status_code == 422 and "6 kali sehari" in answer.text
    flow_send.send_waiting()
    assert len(list((spool / "outbox").iterdir())) == 6
    assert client.get("/pesan/saluran").text.count("Terkirim ke penyedia layanan") == 6
    sign_in(client, cast.operator_distan)
    answer = post(client, "/pesan/saluran/sms/uji")
    assert answer.status_code == 422 and "belum diisi" in answer.text


def test_receipts_are_read_from_strange_bodies_without_harm() -> None:
    carrier = HttpGateway("wa", form("whatsapp_cloud"), "https://x", {})
    for tree in ({}, [], None, 7, {"entry": 5}, {"entry": [{"changes": [None]}]}, "x"):
        assert list(carrier.receipts(tree)) == []
    plain = HttpGateway("z", form("zenziva"), "https://x", {})
    assert list(plain.receipts({"messageId": 5, "status": "DELIVERED"})) == [
        Receipt("5", "delivered")
    ]


def test_an_unknown_attempt_is_no_receipt(app: Flask) -> None:
    assert flow_receipts.take("satu", [Receipt("", "delivered"), Receipt("x", "read")]) == 0
    assert db.session.scalar(sa.select(sa.func.count(Attempt.id))) == 0
    assert flow.tick() == []
    with socket.socket():  # nothing was opened to the outside
        pass
