"""A PostgreSQL server for one run of the tests: its own folder, its own socket, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .processes import ask, until
from .say import StopError
from .system import postgres_bin

#: Nothing of a test must survive a power cut, so nothing waits for the disk.
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=120",
        "shared_buffers=64MB", "listen_addresses=")  # fmt: skip


def owner() -> str | None:
    """The user that the server runs as when we are root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def server() -> Iterator[str]:
    """The SQLAlchemy address of a fresh server; ended and removed at the end.

    It listens on a Unix socket only. Its collation is Indonesian and not the C order of SQLite,
    so that a test notices an ORDER BY that leans on the collation.
    """
    programs = postgres_bin()
    if programs is None:
        raise StopError(
            "PostgreSQL tidak ditemukan: apt-get install postgresql", "PostgreSQL is missing."
        )
    folder = Path(tempfile.mkdtemp(prefix="selaras-pg-"))
    user = owner()
    if user is not None:
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = folder / "data"
    _run([str(programs / "initdb"), "-D", str(data), "-U", "selaras", "-A", "trust", "-E", "UTF8",
          "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=id", "--no-sync"],
         user, folder)  # fmt: skip
    settings = [part for setting in (*FAST, f"unix_socket_directories={folder}")
                for part in ("-c", setting)]  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(data), *settings], cwd=folder, user=user,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        if not until((folder / ".s.PGSQL.5432").exists, 30):
            raise StopError(
                f"PostgreSQL uji tidak mau hidup:\n{(folder / 'log').read_text()[-1500:]}",
                "The PostgreSQL of the tests did not start; its log stands above.",
            )
        yield f"postgresql+psycopg://selaras@/postgres?host={folder}"
    finally:
        process.send_signal(2)  # SIGINT: fast shutdown
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str], user: str | None, folder: Path) -> None:
    done = ask(command, folder, user=user)
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise StopError(
            f"initdb gagal:\n{(done.stdout + done.stderr)[-1500:]}",
            "initdb failed; its own words stand above.",
        )
