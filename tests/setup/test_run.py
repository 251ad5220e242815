"""bin/run as a newcomer meets it: it starts, answers, stops whole, and says what is in its way."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bin.setup import run
from bin.setup.processes import until
from bin.setup.say import StopError
from portal.jobs import own_redis
from tests.jobs.conftest import Line

pytestmark = [pytest.mark.long, pytest.mark.worker, pytest.mark.timeout(300)]

#: bin/run with the environment of these tests in place of .venv: nothing is installed here.
PROGRAM = """
import sys
from pathlib import Path
from bin.setup import __main__, run
run.VENV = Path(sys.prefix)
run.set_up = lambda: None
sys.argv[1:1] = ["run"]
sys.exit(__main__.main())
"""


@pytest.fixture
def port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture
def house(tmp_path: Path, port: int) -> Iterator[list[Line]]:
    """Every bin/run that a test starts; ended at the end."""
    started: list[Line] = []
    yield started
    for line in started:
        line.process.kill()
        line.process.wait()
        line.reader.join(10)
        if line.process.stdout:
            line.process.stdout.close()


def begin(house: list[Line], instance: Path, port: int) -> Line:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--port", str(port), "--no-demo"],
        cwd=run.ROOT, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=True,
        env={**{k: v for k, v in os.environ.items() if not k.startswith("SELARAS_")},
             "SELARAS_INSTANCE": str(instance)},
    )  # fmt: skip
    house.append(Line(process))
    return house[-1]


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sehat", timeout=2) as answer:
            return bool(answer.read() == b"sehat")
    except OSError:
        return False


def child(parent: int, part: str) -> int:
    """The child of ``parent`` whose command line holds ``part``."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return next(int(pid) for pid in children if part in Path(f"/proc/{pid}/cmdline").read_text())


def test_it_starts_answers_and_stops_whole(house: list[Line], tmp_path: Path, port: int) -> None:
    if own_redis.program() is None:
        pytest.skip("redis-server is not installed; bin/test installs it")
    first = begin(house, tmp_path, port)
    first.wait_for(f"Selaras siap: http://127.0.0.1:{port}")
    first.wait_for("[pekerja] pekerja siap")
    first.wait_for("[waktu] pengatur waktu bekerja")
    assert answers(port)

    second = begin(house, tmp_path, port)
    assert second.process.wait(30) == 1
    second.wait_for(f"sudah berjalan dari folder ini (http://127.0.0.1:{port}, PID")

    for name, words in (("worker.py", "pekerja siap"), ("redis-server", "Menjalankan redis")):
        seen = len(first.lines)
        os.kill(child(first.process.pid, name), signal.SIGKILL)
        first.wait_for("berhenti tak terduga (kode -9)", seen)
        first.wait_for(words, seen)

    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(60) == 0
    first.wait_for("Selaras berhenti. Data tersimpan di")
    assert not answers(port)
    assert not list((tmp_path / "redis").glob("*.sock"))

    again = begin(house, tmp_path, port)
    again.wait_for("Selaras siap")
    again.process.kill()  # the window was closed the hard way
    again.process.wait()
    assert until(lambda: not answers(port), 30), "its programs end with it"


def test_a_port_in_use_is_named_with_the_next_one(
    house: list[Line], tmp_path: Path, port: int
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        line = begin(house, tmp_path, port)
        assert line.process.wait(30) == 1
    line.wait_for(f"Port {port} sedang dipakai program lain. Jalankan: bin/run --port {port + 1}")


def test_a_port_that_is_taken_while_the_first_set_up_lasts_is_not_shared(
    tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Granian would listen beside the other server, and every second sign-in would fail."""
    with socket.socket() as taken:
        monkeypatch.setattr(run.Courier, "start", lambda _: None)
        monkeypatch.setattr(run.signal, "signal", lambda *_: None)
        monkeypatch.setattr(
            run, "_prepare", lambda *_, **__: (taken.bind(("127.0.0.1", port)), taken.listen())
        )
        with pytest.raises(StopError, match=f"--port {port + 1}"):
            run._serve(run._options(["--port", str(port)]), tmp_path)


def test_a_socket_path_that_is_too_long_gets_a_short_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("d" * 120)
    assert run._socket_of(tmp_path).parent == tmp_path / "redis"
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    place = run._socket_of(deep)
    assert place == run._socket_of(deep) and place.parent.parent == tmp_path
    assert place.parent.stat().st_mode & 0o777 == 0o700
