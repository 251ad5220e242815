"""bin/run: from a fresh machine to a running portal, and back to silence on Ctrl-C."""

from __future__ import annotations

import argparse
import errno
import fcntl
import hashlib
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from portal.jobs import own_redis

from . import assets, environment, system
from .processes import House, Program, ask, until
from .say import StopError, line, step

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"


def main(arguments: list[str]) -> int:
    """Set up, start, wait, stop; returns the exit code."""
    options = _options(arguments)
    instance = Path(os.environ.get("SELARAS_INSTANCE") or ROOT / "instance").resolve()
    instance.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(_alone(instance, options))
        if not options.setup_only:
            _port_is_free(options.host, options.port)
        set_up()
        if options.setup_only:
            step("Penyiapan selesai")
            return 0
        return _serve(options, instance)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/run", description="Siapkan dan jalankan Selaras (set up and run Selaras)."
    )
    parser.add_argument(
        "--host",
        default=os.environ.get("SELARAS_HOST", "127.0.0.1"),
        help="alamat yang didengarkan; 0.0.0.0 untuk LAN (bawaan: 127.0.0.1)",
    )
    parser.add_argument("--port", type=int, default=os.environ.get("SELARAS_PORT", "8000"))
    parser.add_argument("--no-demo", action="store_true", help="tanpa daerah contoh")
    parser.add_argument("--setup-only", action="store_true", help="siapkan saja, jangan jalankan")
    parser.add_argument("--cert", help="berkas sertifikat TLS (PEM): layani https")
    parser.add_argument("--key", help="berkas kunci sertifikat itu (PEM)")
    parser.add_argument("--workers", type=int, default=1, help="banyaknya pekerja penyusun")
    options = parser.parse_args(arguments)
    for name in filter(None, (options.cert, options.key)):
        if not os.access(name, os.R_OK):
            parser.error(f"berkas {name} tidak dapat dibaca (cannot be read)")
    if bool(options.cert) != bool(options.key):
        parser.error("--cert dan --key selalu berdua (need each other)")
    return options


def set_up() -> None:
    """Everything that a fresh machine lacks; a second call finds nothing to do."""
    system.ensure(system.needs_to_run())
    environment.ensure(VENV, LOCK)
    assets.ensure(ROOT, VENV)


def _alone(instance: Path, options: argparse.Namespace) -> IO[str]:
    """Hold the lock of this instance; a second bin/run is told where the first one is."""
    handle = (instance / "run.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.seek(0)
        where = handle.read().strip()
        raise StopError(
            f"Selaras sudah berjalan dari folder ini ({where}). Buka alamat itu, atau hentikan "
            "dahulu dengan Ctrl-C di jendela tempat ia dijalankan.",
            "Selaras already runs from this folder; open the address or stop it first.",
        ) from error
    handle.seek(0)
    handle.truncate()
    handle.write(f"{_address(options)}, PID {os.getpid()}")
    handle.flush()
    return handle


def _address(options: argparse.Namespace) -> str:
    host = "127.0.0.1" if options.host in {"0.0.0.0", "::"} else options.host  # noqa: S104
    return f"{'https' if options.cert else 'http'}://{host}:{options.port}"


def _port_is_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise _port_sentence(error, host, port) from error


def _port_sentence(error: OSError, host: str, port: int) -> StopError:
    if error.errno == errno.EADDRINUSE:
        return StopError(
            f"Port {port} sedang dipakai program lain. Jalankan: bin/run --port {port + 1}",
            f"Port {port} is in use; start with another one as shown.",
        )
    if error.errno == errno.EACCES:
        return StopError(
            f"Port {port} hanya untuk root. Jalankan: bin/run --port 8000",
            "Ports below 1024 are for root; take a higher one.",
        )
    return StopError(
        f"Alamat {host}:{port} tidak dapat dipakai: {error.strerror}. Periksa --host dan --port.",
        "The address cannot be used; check --host and --port.",
    )


def _socket_of(instance: Path) -> Path:
    """Where our Redis listens: in the instance, or in a private short place when too deep."""
    path = instance / "redis" / "redis.sock"
    if len(str(path).encode()) <= own_redis.LONGEST_SOCKET:
        return path
    key = hashlib.sha256(str(path).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"selaras-{os.getuid()}-{key}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise StopError(
            f"Folder {folder} milik orang lain. Pindahkan Selaras ke folder dengan nama lebih "
            "pendek, lalu jalankan lagi.",
            "A folder in the way belongs to somebody else; move Selaras to a shorter path.",
        )
    return folder / "redis.sock"


def _serve(options: argparse.Namespace, instance: Path) -> int:
    python = str(environment.python_of(VENV))
    env = {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "SELARAS_INSTANCE": str(instance),
        "SELARAS_BASE_URL": os.environ.get("SELARAS_BASE_URL") or _address(options),
        **({"SELARAS_SECURE_COOKIES": "1"} if options.cert else {}),
    }
    wanted = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: wanted.set())
    courier = Courier(instance, env)
    courier.start()
    house = House(ROOT, env)
    try:
        _prepare(python, env, demo=not options.no_demo)
        if wanted.is_set():
            return 0
        _port_is_free(
            options.host, options.port
        )  # the set-up took minutes; two servers would share it
        _start(house, options, python)
        return _watch(house, courier, options, wanted)
    finally:
        house.stop()
        courier.stop()
        line("Selaras berhenti. Data tersimpan di " + str(instance))


class Courier:
    """Our own Redis, unless a server is configured; its URL goes into ``env``."""

    def __init__(self, instance: Path, env: dict[str, str]) -> None:
        self.folder = instance / "redis"
        self.path: Path | None = None
        self.process: subprocess.Popen[bytes] | None = None
        if not env.get("SELARAS_REDIS_URL"):
            self.path = _socket_of(instance)
            env["SELARAS_REDIS_URL"] = f"unix://{self.path}"

    def start(self) -> None:
        """Start it; one that still answers a moment long is the last start's, on its way out."""
        path = self.path
        if path is None:
            step("Redis: memakai server dari SELARAS_REDIS_URL")
            return
        if own_redis.answers(path) and not until(lambda: not own_redis.answers(path), 3):
            step("Redis: memakai yang sudah berjalan di instance/redis")
            return
        step("Menjalankan redis (soket Unix, data di instance/redis)")
        try:
            self.process = own_redis.start(self.folder, path)
        except own_redis.RedisError as error:
            raise StopError(
                f"Redis tidak dapat dijalankan: {error}. Periksa instance/redis/redis.log; bila "
                "berkasnya rusak, pindahkan folder instance/redis lalu jalankan lagi (pekerjaan "
                "yang antre dibaca ulang dari basis data).",
                "Redis did not start; see its log. Moving instance/redis away is harmless.",
            ) from error

    def look_after(self) -> None:
        """Start it again when it ended by itself."""
        if self.process is not None and self.process.poll() is not None:
            line(f"[redis] berhenti tak terduga (kode {self.process.returncode})")
            self.start()

    def stop(self) -> None:
        """End our own in good order; another's is left alone."""
        if self.process is not None:
            step("Menghentikan redis")
            own_redis.stop(self.process)


def _prepare(python: str, env: dict[str, str], demo: bool) -> None:
    step("Menyiapkan basis data")
    done = subprocess.run(
        [python, "-m", "flask", "--app", "wsgi", "prepare", *(["--demo"] if demo else [])],
        check=False, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    if done.returncode:
        raise StopError(
            "Basis data belum siap; sebabnya tercetak di atas. Perbaiki, lalu jalankan lagi.",
            "The database is not ready; the reason is printed above.",
        )


def _start(house: House, options: argparse.Namespace, python: str) -> None:
    step("Menjalankan server web, pekerja dan pengatur waktu")
    tls = ["--ssl-certificate", options.cert, "--ssl-keyfile", options.key]
    house.start(Program("web", [
        python, "-m", "granian", "--interface", "wsgi", "--host", options.host,
        "--port", str(options.port), "--workers", "2", "--blocking-threads", "4",
        "--no-access-log", "--log-level", "warning", "--respawn-failed-workers",
        "--workers-kill-timeout", "5", *(tls if options.cert else []), "wsgi:app",
    ]))  # fmt: skip
    for number in range(max(1, options.workers)):
        name = "pekerja" if options.workers < 2 else f"pekerja-{number + 1}"
        house.start(Program(name, [python, "worker.py"]))
    house.start(Program("waktu", [python, "-m", "flask", "--app", "wsgi", "tick", "--keep"]))


def _answers(address: str) -> bool:
    try:
        own = ssl._create_unverified_context()  # noqa: S323 - it is our own server that we ask
        with urllib.request.urlopen(  # noqa: S310 - http or https to this machine
            f"{address}/sehat", timeout=2, context=own
        ) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _watch(
    house: House, courier: Courier, options: argparse.Namespace, wanted: threading.Event
) -> int:
    """Wait for Ctrl-C; a program that was killed is started again, one that only falls is not."""
    address = _address(options)
    until(lambda: wanted.is_set() or house.ended() is not None or _answers(address), 60)
    ended = house.ended()
    if not wanted.is_set() and ended is None:
        _welcome(address, house.env)
    while not wanted.wait(0.3) and ended is None:
        courier.look_after()
        fallen = house.ended()
        ended = fallen if fallen is not None and not house.revive(fallen) else None
    line()
    if ended is not None and not wanted.is_set():
        line(f"[{ended.name}] tidak mau hidup; semua dihentikan. Sebabnya tercetak di atas.")
        line("(A program does not stay up; everything is stopped. Its own words stand above.)")
        return 1
    return 0


def _welcome(address: str, env: Mapping[str, str]) -> None:
    python = str(environment.python_of(VENV))
    said = ask([python, "-m", "flask", "--app", "wsgi", "demo", "accounts"], ROOT, env)
    line()
    line(f"    Selaras siap: {address}")
    if said.returncode == 0 and said.stdout.strip():
        line()
        for text in said.stdout.rstrip().splitlines():
            line(f"    {text}")
    line()
    line("    Ctrl-C untuk berhenti.")
    line()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
