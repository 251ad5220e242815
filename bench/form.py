"""What large forms cost an old PC: main-thread time with and without our scripts.

``python -m bench.form`` opens a form of 200 inputs and a table of 500 rows in Chromium under 6x CPU
throttle, alternating with JavaScript on and off, and prints medians and their ratio (aim: at most
1.3). Nothing is asserted: milliseconds are this machine's, the ratio is what counts.
"""

from __future__ import annotations

import logging
import statistics
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, sync_playwright
from werkzeug.serving import make_server

from portal.app import create_app
from portal.db import db
from tests.browser.conftest import CHROMIUM, Site, enter
from tests.entry import world

THROTTLE = 6
ROUNDS = 7
#: Isian and what it is: one page of 200 inputs, and the first page of a table of 500 rows.
PARTS = (("besar", "200 inputs"), ("kegiatan", "500 rows, of which 50 are shown"))


def _metrics(session: CDPSession) -> dict[str, float]:
    found = session.send("Performance.getMetrics")["metrics"]
    return {m["name"]: m["value"] for m in found}


def _load(browser: Browser, site: Site, part: str, scripts: bool) -> tuple[float, float]:
    """(main-thread ms, of it script ms) of a first visit until the page is quiet."""
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, java_script_enabled=scripts
    )
    page = enter(context, site, site.cast.operator_dinkes)
    page.goto(f"{site.url}/sehat")  # same process, nothing on it
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    # Thread time: what other work on this machine takes is not counted.
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    session.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    before = _metrics(session)
    page.goto(site.isian(part), wait_until="networkidle")
    after = _metrics(session)
    context.close()
    return tuple(  # type: ignore[return-value]  # two numbers
        (after[name] - before[name]) * 1000 for name in ("TaskDuration", "ScriptDuration")
    )


def _site(folder: Path) -> tuple[Site, object]:
    app = create_app(world.config(folder))
    with app.app_context():
        db.create_all()
        cast, entries = world.people_and_report()
        world.long_table(entries["kegiatan"], 500)
        db.session.remove()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return Site(f"http://127.0.0.1:{server.server_port}", app, cast, entries), server


def main() -> None:
    """Print the table."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site, server = _site(Path(folder))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for part, words in PARTS:
            _print(words, rounds, *_measure(browser, site, part, rounds))
        browser.close()
        server.shutdown()  # type: ignore[attr-defined]  # a werkzeug server


def _measure(browser: Browser, site: Site, part: str, rounds: int) -> tuple[list[float], ...]:
    """(with scripts, without, of it scripts) in ms, the two alternating."""
    on, off, script = [], [], []
    for turn in range(rounds + 1):
        for scripts in (True, False) if turn % 2 else (False, True):
            total, ours = _load(browser, site, part, scripts)
            if turn == 0:
                continue  # warms the caches of browser and server
            (on if scripts else off).append(total)
            if scripts:
                script.append(ours)
    return on, off, script


def _print(words: str, rounds: int, on: list[float], off: list[float], script: list[float]) -> None:
    with_js, without = statistics.median(on), statistics.median(off)
    print(f"{words}, {THROTTLE}x CPU throttle, {rounds} rounds, medians")
    print(f"  without JavaScript  {without:8.0f} ms main thread  ({min(off):.0f}-{max(off):.0f})")
    print(f"  with JavaScript     {with_js:8.0f} ms main thread  ({min(on):.0f}-{max(on):.0f})")
    print(f"  of it scripts       {statistics.median(script):8.0f} ms")
    print(f"  ratio               {with_js / without:8.2f}  (aim: at most 1.30)")


if __name__ == "__main__":
    main()
