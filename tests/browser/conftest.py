"""A real Chromium against a real server on a free port, with a database of its own per test."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)
from werkzeug.serving import make_server

from portal.app import create_app
from portal.config import ROOT, Config
from portal.db import db
from tests.cast import PASSWORD, Cast, Member
from tests.entry import world

#: The headless shell where there is one: the same engine in half the time.
SHELL = "chromium-headless-shell"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def _found(variable: str, *names: str) -> str:
    """What bin/test names (its own where the system has none, or only a snap), else a program."""
    named = os.environ.get(variable)
    return named or next((p for n in names if (p := shutil.which(n))), "")


CHROMIUM = _found("SELARAS_TEST_CHROMIUM", SHELL, *BROWSERS)
#: A whole browser, with notifications, for what the shell lacks.
WHOLE = _found("SELARAS_TEST_CHROMIUM_WHOLE", *BROWSERS, SHELL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker("browser")
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))
            if not (ROOT / "portal/static/vendor/htmx.min.js").exists():
                item.add_marker(pytest.mark.skip(reason="htmx was not fetched; see bin/run"))


@dataclass(frozen=True)
class Site:
    """A running portal."""

    url: str
    app: Flask
    cast: Cast
    entries: dict[str, int]

    def isian(self, part: str) -> str:
        """Address of a section page."""
        return f"{self.url}/isian/{self.entries[part]}"

    def cells(self, part: str) -> dict[tuple[str, str], str]:
        """What is stored in an isian now, canonical or as typed."""
        from portal.reports import queries  # noqa: PLC0415 - needs the app

        with self.app.app_context():
            found = queries.cells_of(self.entries[part])
            db.session.remove()
        return {key: cell.value or cell.raw for key, cell in found.items()}


@pytest.fixture
def site(tmp_path: Path, still_clock: object) -> Iterator[Site]:
    """The portal of one test, served by threads of this process."""
    with serve(world.config(tmp_path)) as running:
        yield running


@contextmanager
def serve(config: Config) -> Iterator[Site]:
    """A portal with the small world of the isian pages, on a free port until the block ends."""
    app = create_app(config)
    with app.app_context():
        db.create_all()
        cast, entries = world.people_and_report()
        db.session.remove()
    with running(app) as url:
        yield Site(url, app, cast, entries)


@contextmanager
def running(app: Flask) -> Iterator[str]:
    """The address of ``app``, served by threads of this process until the block ends."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """What drives the browsers of this process."""
    with sync_playwright() as made:
        yield made


def start(driver: Playwright, program: str) -> Browser:
    """A Chromium without a sandbox, as root has none, and without a GPU, which would be imitated."""
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
    return driver.chromium.launch(executable_path=program, args=arguments)


@pytest.fixture(scope="session")
def chrome(driver: Playwright) -> Iterator[Browser]:
    """The Chromium of most tests, started once."""
    browser = start(driver, CHROMIUM)
    yield browser
    browser.close()


def _refused(text: str, tolerate: str) -> bool:
    """A message of the browser that our own policy stopped something of ours."""
    return "Content Security" in text and tolerate not in text


Open = Callable[..., BrowserContext]
#: The screen of an office PC.
WIDE: ViewportSize = {"width": 1366, "height": 768}


def profile(chrome: Browser, wrong: list[str], tolerate: str = "-", **more: Any) -> BrowserContext:
    """A browser profile of its own; script errors and refusals of our policy go to ``wrong``."""
    context = chrome.new_context(**{"viewport": WIDE, "locale": "id-ID", **more})
    context.set_default_timeout(30_000)
    context.on("weberror", lambda e: wrong.append(str(e.error)))
    context.on("console", lambda m: _refused(m.text, tolerate) and wrong.append(m.text))
    return context


@pytest.fixture
def new_context(chrome: Browser) -> Iterator[Open]:
    """Browser profiles of this test; every script error fails it."""
    made: list[BrowserContext] = []
    wrong: list[str] = []

    def open_one(tolerate: str = "-", **more: Any) -> BrowserContext:
        made.append(profile(chrome, wrong, tolerate, **more))
        return made[-1]

    yield open_one
    for context in made:
        context.close()
    assert wrong == []


def enter(context: BrowserContext, site: Site, member: Member) -> Page:
    """Sign in through the form, as people do."""
    page = context.new_page()
    page.goto(f"{site.url}/masuk")
    page.fill("[name=login]", member.login)
    page.fill("[name=sandi]", PASSWORD)
    page.click("main button")
    expect(page.locator("header .brand ~ .who")).to_be_attached()  # folded away on a phone
    return page


def open_isian(page: Page, site: Site, part: str) -> Page:
    """Open a section page and wait until its script has looked at the journal."""
    page.goto(site.isian(part))
    expect(page.locator("#isian[data-ready]")).to_be_attached()
    return page
