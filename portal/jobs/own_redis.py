"""A Redis of our own, on a Unix socket under ``instance/``; standard library only.

bin/run starts it, and worker.py where nobody did. It writes every command to an append-only
file, so that a power cut costs at most the last second, which the sweep finds again.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

#: A Unix socket's path may have 107 bytes on Linux.
LONGEST_SOCKET = 100


class RedisError(Exception):
    """Our Redis could not be started; the message says why."""


def program() -> str | None:
    """Path of a redis-server on this machine; SELARAS_REDIS_SERVER names another one."""
    return os.environ.get("SELARAS_REDIS_SERVER") or shutil.which(
        "redis-server", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/bin"])
    )


def answers(path: Path) -> bool:
    """Whether a Redis listens on the Unix socket ``path``."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(str(path))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def start(folder: Path, path: Path) -> subprocess.Popen[bytes]:
    """Start a Redis with its data in ``folder`` and its socket at ``path``; waits for its answer.

    Never listens on the network. Its log is ``folder/redis.log``. Raises RedisError.
    """
    binary = program()
    if binary is None:
        raise RedisError("redis-server is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if len(str(path).encode()) > LONGEST_SOCKET:
        raise RedisError(f"the path of the socket is too long: {path}")
    path.unlink(missing_ok=True)
    keeper = shutil.which("setpriv")  # ends with the program that started it, also when killed
    process = subprocess.Popen(  # noqa: S603 - our own arguments
        [
            *([keeper, "--pdeathsig", "TERM", "--"] if keeper else []),
            binary, "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "600",
            "--dir", str(folder), "--appendonly", "yes", "--appendfsync", "everysec",
            "--save", "", "--daemonize", "no", "--logfile", str(folder / "redis.log"),
            "--maxmemory-policy", "noeviction",
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + 15
    while time.monotonic() < until:
        if answers(path):
            return process
        if process.poll() is not None:
            break
        time.sleep(0.02)
    stop(process)
    raise RedisError(f"redis-server ended at once; see {folder / 'redis.log'}")


def stop(process: subprocess.Popen[bytes], patience: float = 10) -> None:
    """End it in good order (it writes its file first), by force after ``patience`` seconds."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def at_hand(url: str) -> Iterator[None]:
    """Make sure that the Redis of ``url`` runs when it is our own socket and nobody started it."""
    process = None
    if url.startswith("unix://"):
        path = Path(unquote(url.removeprefix("unix://").partition("?")[0]))
        if path.parent.name == "redis" and not answers(path) and program():
            process = start(path.parent, path)
    try:
        yield
    finally:
        if process is not None:
            stop(process)
