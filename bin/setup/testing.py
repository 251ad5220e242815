"""bin/test: set up what the tests need, check the code, run every test on both databases."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from . import assets, browser, environment, postgres, system
from .processes import ask
from .run import ROOT, VENV
from .say import line, step

LOCK = ROOT / "requirements-test.lock"

CHECKS = (
    ("ruff", ["-m", "ruff", "check", "."]),
    ("ruff format", ["-m", "ruff", "format", "--check", "."]),
    ("mypy", ["-m", "mypy"]),
    ("import-linter", ["-c", "import sys; from importlinter.cli import lint_imports_command; "
                             "sys.exit(lint_imports_command())"]),
)  # fmt: skip

#: Each takes some hundred megabytes, and a Chromium beside it.
MOST_PROCESSES = 8


def main(arguments: list[str]) -> int:
    """Run the checks and all tests; arguments go to pytest and leave the checks out.

    Exit code 0 only when every check and every test passed.
    """
    system.ensure(system.needs_to_test())
    if system.release() == "debian":
        system.wish(system.Need(browser.SHELL, lambda: system.find(browser.SHELL) is not None))
    environment.ensure(VENV, LOCK)
    assets.ensure(ROOT, VENV)
    browsers = browser.ensure(ROOT, VENV)
    python = environment.python_of(VENV)
    failed = [] if arguments else check(python)
    code = _pytest(python, browsers, arguments)
    for name, words in failed:
        line(f"\n==> {name} menemukan masalah (found problems):\n{words[-3000:]}")
    return code or (1 if failed else 0)


def check(python: Path) -> list[tuple[str, str]]:
    """Name and words of each check that found something."""
    failed = []
    for name, command in CHECKS:
        step(f"Memeriksa: {name}")
        done = ask([str(python), *command], ROOT)
        if done.returncode:
            line(f"    {name}: ada masalah, rinciannya di akhir (problems, see the end)")
            failed.append((name, done.stdout + done.stderr))
    return failed


def side_by_side() -> list[str]:
    """Whole files in as many processes as there are cores, and one more: many tests wait.

    They wait for a browser, a worker or a server. The files keep their order, see tests/conftest.
    """
    processes = min(len(os.sched_getaffinity(0)) + 1, MOST_PROCESSES)
    return ["-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder"]


def _pytest(python: Path, browsers: tuple[str, str], arguments: list[str]) -> int:
    step("Menjalankan PostgreSQL uji")
    with postgres.server() as url:
        env = {
            **os.environ,
            "PATH": f"{python.parent}{os.pathsep}{os.environ.get('PATH', '')}",
            "SELARAS_TEST_DATABASE_URL": url,
            "SELARAS_TEST_CHROMIUM": browsers[0],
            "SELARAS_TEST_CHROMIUM_WHOLE": browsers[1],
            "SELARAS_TEST_COMPLETE": "1",  # a missing program is a failure, not a skip
        }
        # dozens of programs are started: without compiled files each compiles the house anew
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        step("Menjalankan semua uji: SQLite dan PostgreSQL, Redis, Chromium, LibreOffice")
        command = [str(python), "-m", "pytest", *(arguments or side_by_side())]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL)
        try:
            code = process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            code = process.wait() or 130
    return code
