"""500 holders finish a step within one minute while a 480-page report builds, on one PC.

    python -m bench.rush [--holders 500] [--seconds 60] [--no-build]

A portal on SQLite with the real web server (granian, two processes); every holder is a person of
his own with one step on his desk, signed in already, and sends his form once at a moment of his
own within the minute. Beside it the book of ``bench.pdf`` is printed cold in two processes, with
the niceness of the worker. Printed: answers by status, the middle and the slowest answer, steps
written against forms sent, and the slowest answer of a quiet portal in the same run as baseline.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from bench import book
from bench.contracts import contracts, portal_in, unit
from portal.contracts import flow
from portal.contracts.models import Contract, ContractRole, Step
from portal.db import db
from portal.people import workdays
from portal.people.models import Person, Position, Term
from portal.people.rules import PORTAL

ROOT = Path(__file__).parent.parent
SECRET = "only-for-the-bench"  # noqa: S105 - of a portal that lives for a minute


@dataclass(frozen=True)
class Form:
    """One form to send: where, what, and whose cookie."""

    path: str
    body: bytes
    cookie: str


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_more: object) -> None:
        """The answer itself counts, not where it leads."""


OPENER = urllib.request.build_opener(_Stay)


def holders(app: Flask, count: int) -> list[Form]:
    """So many people, each with a contract whose first open step lies on his desk."""
    unit_id = unit()
    made = []
    for n, new in enumerate(contracts(count, unit_id)):
        person = Person(login=f"{n:018d}", nip=f"{n:018d}", name=f"Pejabat {n}", pw_hash="x",
                        must_change_password=False)  # fmt: skip
        seat = Position(unit_id=unit_id, role="ppk", title=f"PPK {n}")
        db.session.add_all([person, seat])
        db.session.flush()
        db.session.add(Term(position_id=seat.id, person_id=person.id, valid_from=date(2021, 1, 4)))
        made.append((new, person.id, seat.id))
    days = workdays.calendar().is_workday
    forms = []
    for contract, (_new, person_id, seat_id) in zip(
        flow.register_many([m[0] for m in made], PORTAL, flow.Days(days)), made, strict=True
    ):
        db.session.execute(
            sa.update(ContractRole).where(ContractRole.contract_id == contract.id)
            .values(position_id=seat_id)
        )  # fmt: skip
        forms.append(_form(app, contract, person_id))
    db.session.commit()
    return forms


def _form(app: Flask, contract: Contract, person_id: int) -> Form:
    step = flow.open_steps(contract)[0]
    session = {"_user_id": f"{person_id}:1", "_fresh": True, "csrf_token": "bench",
               "_permanent": True}  # fmt: skip
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's own
    token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps("bench")
    body = urllib.parse.urlencode({
        "csrf_token": token, "langkah": step.id, "nomor": f"900/{contract.id}/BENCH",
        "tanggal": f"{max(step.ready_on or contract.signed_on, contract.signed_on):%d/%m/%Y}",
    }).encode()  # fmt: skip
    return Form(f"/kontrak/{contract.id}/selesai", body, f"session={signer.dumps(session)}")


def send(base: str, form: Form) -> tuple[int, float]:
    """Status and seconds of one form; 0 when no answer came."""
    head = {"Cookie": form.cookie, "Content-Type": "application/x-www-form-urlencoded"}
    asked = urllib.request.Request(base + form.path, form.body, head)  # noqa: S310 - loopback
    began = time.perf_counter()
    try:
        with OPENER.open(asked, timeout=60) as answer:
            status = answer.status
    except urllib.error.HTTPError as refused:
        status = refused.code
        if "/masuk" in refused.headers.get("Location", ""):
            status = 401  # not signed in: nothing was written
        refused.close()
    except OSError:
        status = 0
    return status, time.perf_counter() - began


def rush(base: str, forms: list[Form], seconds: float) -> list[tuple[int, float]]:
    """Every form once, at moments spread over ``seconds``."""
    rng = random.Random(2026)  # noqa: S311 - moments, not secrets
    out: list[tuple[int, float]] = []
    lock = threading.Lock()
    began = time.perf_counter()

    def one(form: Form, at: float) -> None:
        threading.Event().wait(max(0.0, began + at - time.perf_counter()))
        found = send(base, form)
        with lock:
            out.append(found)

    threads = [threading.Thread(target=one, args=(f, rng.uniform(0, seconds))) for f in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return out


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _serve(folder: Path, port: int) -> subprocess.Popen[bytes]:
    env = {**os.environ, "SELARAS_INSTANCE": str(folder), "SELARAS_SECRET_KEY": SECRET,
           "SELARAS_DATABASE_URL": f"sqlite:///{folder / 'bench.db'}"}  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers",
         "2", "--blocking-threads", "4", "--no-access-log", "--log-level", "warning", "wsgi:app"],
        cwd=ROOT, env=env,
    )  # fmt: skip


def _up(base: str) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{base}/sehat", timeout=2):  # noqa: S310 - loopback
                return
        except OSError:
            threading.Event().wait(0.2)
    raise SystemExit("the web server did not come up")


def build(folder: Path) -> None:
    """The book, cold, nicely: what the worker does meanwhile."""
    from portal.documents.pdf import MemoryPieces, build_pdf  # noqa: PLC0415 - only in the child

    os.nice(10)
    made = book.make(1.0)
    began = time.perf_counter()
    pages = build_pdf(made.document, folder / "book.pdf", MemoryPieces(), made.asset, 2).pages
    print(f"book of {pages} pages built in {time.perf_counter() - began:.0f} s meanwhile")


def _show(name: str, found: list[tuple[int, float]]) -> None:
    times = sorted(t for _s, t in found)
    print(
        f"{name}: {dict(Counter(s for s, _t in found))}, middle {median(times):.2f} s, "
        f"95 of 100 within {times[int(len(times) * 0.95)]:.2f} s, slowest {times[-1]:.2f} s"
    )


def main() -> None:
    """Print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--holders", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--no-build", action="store_true")
    parser.add_argument("--build-in", type=Path)
    given = parser.parse_args()
    if given.build_in:
        build(given.build_in)
        return
    os.environ["SELARAS_SECRET_KEY"] = SECRET
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), _free_port()
        with portal_in(folder) as app:
            forms = holders(app, given.holders + 50)
        base = f"http://127.0.0.1:{port}"
        server = _serve(folder, port)
        try:
            _up(base)
            _show("baseline, 50 holders, nothing else runs", rush(base, forms[:50], 6))
            builder = (
                None
                if given.no_build
                else subprocess.Popen(
                    [sys.executable, "-m", "bench.rush", "--build-in", name], cwd=ROOT
                )
            )
            _show(
                f"{given.holders} holders in {given.seconds:.0f} s",
                rush(base, forms[50:], given.seconds),
            )
            if builder:
                builder.wait()
        finally:
            server.terminate()
            server.wait()
        with portal_in(folder):
            done = db.session.scalar(
                sa.select(sa.func.count())
                .select_from(Step)
                .where(Step.doc_no.endswith("/BENCH"), Step.state == "done")
            )
        print(f"forms sent {len(forms)}, steps written {done}, lost {len(forms) - (done or 0)}")


if __name__ == "__main__":
    main()
