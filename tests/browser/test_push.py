"""Web push in a real Chromium: switched on by its button, shown by the service worker, told back.

No push service of a vendor can be asked from here: ``subscribe`` hands out keys of our own and an
address on loopback. Everything else is real: the portal's sending and encryption, the worker that
Chromium runs, the event that Chromium gives it, and the receipts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright, expect
from py_vapid.utils import b64urlencode

from portal.db import db
from portal.notices import flow_send
from portal.notices.models import Message
from tests.browser.conftest import WHOLE, Site, enter, profile, serve, start
from tests.entry import world
from tests.notices.conftest import Vendor, vendor
from tests.notices.test_channels import Browser

KEYS = Browser(ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef")
SUBSCRIBE = """PushManager.prototype.subscribe = async function (how) {
  if (!how.userVisibleOnly || how.applicationServerKey.length !== 65) throw new Error("key");
  if (!(await navigator.serviceWorker.ready).active) throw new Error("worker");
  return %s; };"""
SHOWN = """() => navigator.serviceWorker.ready.then((r) => r.getNotifications())
  .then((all) => all.map((n) => [n.title, n.body, n.data.url]))"""
#: Whether this Chromium keeps notifications at all; the headless shell, alone on Ubuntu, does not.
KEEPS = """() => navigator.serviceWorker.ready
  .then((r) => r.showNotification("uji", { tag: "uji" }).then(() => r.getNotifications()))
  .then((all) => { all.forEach((n) => n.close()); return all.length > 0; }, () => false)"""
TAP = """() => self.registration.getNotifications().then((all) => self.dispatchEvent(
  new NotificationEvent("notificationclick", { notification: all[0] })))"""


@pytest.fixture
def offered(tmp_path: Path, vendor: Vendor, still_clock: object) -> Iterator[Site]:
    """A portal that offers web push over a push service on loopback."""
    path = tmp_path / "channels.yaml"
    path.write_text(f'push: {{contact: "mailto:a@b.go.id", hosts: ["{vendor.url}"]}}\n')
    vendor.answer = lambda _: (201, b"")
    with serve(replace(world.config(tmp_path), channels_file=str(path))) as running:
        yield running


def deliver(session: CDPSession, page: Page, url: str, data: object) -> None:
    """Let Chromium give its worker a push event, as if its push service had brought it."""
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    session.send("ServiceWorker.deliverPushMessage", {
        "origin": url, "registrationId": found[-1], "data": json.dumps(data)})  # fmt: skip


def state(site: Site) -> str:
    with site.app.app_context():
        found = str(db.session.query(Message).one().state)
        db.session.remove()
    return found


@pytest.fixture
def notified(driver: Playwright) -> Iterator[BrowserContext]:
    """A profile that may notify, in a whole browser: the shell keeps no notifications."""
    wrong: list[str] = []
    browser = start(driver, WHOLE)
    yield profile(browser, wrong, permissions=["notifications"])
    browser.close()
    assert wrong == []


def test_push_reaches_the_worker_and_comes_back(
    offered: Site, notified: BrowserContext, vendor: Vendor
) -> None:
    keys = {"p256dh": KEYS.p256dh, "auth": b64urlencode(KEYS.auth)}
    context = notified
    context.add_init_script(
        SUBSCRIBE % json.dumps({"endpoint": f"{vendor.url}/push/abc", "keys": keys})
    )
    page = enter(context, offered, offered.cast.operator_dinkes)
    page.goto(f"{offered.url}/pesan/saluran")
    page.get_by_role("button", name="Aktifkan di peramban ini").click()
    expect(page.locator("main")).to_contain_text("Aktif di 1 peramban")
    with offered.app.app_context():
        made = flow_send.trial(offered.cast.operator_dinkes.person_id, "push")
        db.session.commit()
        assert flow_send.send_message(made.id) == "sent"
        db.session.remove()
    if not page.evaluate(KEEPS):
        pytest.skip("this Chromium, a headless shell, keeps no notifications")
    told = KEYS.read(vendor.asked[0].body)
    deliver(context.new_cdp_session(page), page, offered.url, told)
    wait_for(page, offered, "delivered")  # the receipt goes out when the message is shown
    ((title, body, url),) = page.evaluate(SHOWN)
    assert title == told["title"] and body.startswith("SELARAS: uji kirim") and url == told["url"]
    context.service_workers[0].evaluate(TAP)
    wait_for(page, offered, "read")


def wait_for(page: Page, site: Site, wanted: str) -> None:
    """Until the receipt has arrived; the page's own clock, not ours."""
    for _ in range(100):
        if state(site) == wanted:
            return
        page.wait_for_timeout(100)
    assert state(site) == wanted


__all__ = ["vendor"]
