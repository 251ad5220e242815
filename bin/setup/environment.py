"""The virtual environment: installed from a lock file by hash, repaired when half done."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from .processes import ask, follow
from .say import StopError, step

STAMP = "selaras-stamp.json"


def python_of(venv: Path) -> Path:
    """The interpreter of a virtual environment."""
    return venv / "bin" / "python"


def _wanted(lock: Path) -> dict[str, str]:
    return {
        "python": ".".join(map(str, sys.version_info[:3])),
        "lock": hashlib.sha256(lock.read_bytes()).hexdigest(),
    }


def _stamp(venv: Path) -> dict[str, dict[str, str]]:
    try:
        found = json.loads((venv / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and found.get("place") == str(venv) else {}


def ready(venv: Path, lock: Path) -> bool:
    """Whether ``venv`` holds exactly what ``lock`` names, and stands where it was made."""
    return _stamp(venv).get(lock.name) == _wanted(lock) and python_of(venv).exists()


#: Packages that are published as source alone (pure Python, checked by hash like all others):
#: http-ece encrypts web push for pywebpush.
SOURCES = "http-ece"


def ensure(venv: Path, lock: Path) -> None:
    """Make or bring up to date ``venv`` from ``lock``; quick when nothing changed.

    An environment without a stamp was left half done, moved or made by another Python: it is
    made anew. Raises StopError with what to do when the network or the disk is missing.
    """
    if ready(venv, lock):
        return
    stamp = _stamp(venv)
    if not _sound(venv, stamp):
        if venv.exists():
            step("Lingkungan Python sebelumnya tidak utuh; dibuat ulang")
            shutil.rmtree(venv)
        step(f"Membuat lingkungan Python di {venv.name}")
        _run([sys.executable, "-m", "venv", str(venv)])
        stamp = {}
    (venv / STAMP).unlink(missing_ok=True)  # half done from here on
    step(f"Memasang pustaka dari {lock.name} (diperiksa dengan hash; sekali saja)")
    _pip(venv, ["install", "--require-hashes", "--only-binary", ":all:", "--no-binary", SOURCES,
                "-r", str(lock)], lock)  # fmt: skip
    stamp = {**stamp, "place": str(venv), lock.name: _wanted(lock)}  # type: ignore[dict-item]
    (venv / STAMP).write_text(json.dumps(stamp), encoding="utf-8")


def _sound(venv: Path, stamp: dict[str, dict[str, str]]) -> bool:
    """Whether the environment was finished once, by this Python, and can be built upon."""
    if not stamp:
        return False
    made_by = {kept["python"] for kept in stamp.values() if isinstance(kept, dict)}
    if made_by != {".".join(map(str, sys.version_info[:3]))}:
        return False
    works = ask([str(python_of(venv)), "-m", "pip", "--version"])
    return works.returncode == 0


def _run(command: Sequence[str]) -> None:
    done = ask(command)
    if done.returncode:
        raise StopError(
            f"Perintah gagal: {' '.join(command)}\n{(done.stdout + done.stderr)[-1500:]}",
            "The command above failed; its own words are printed with it.",
        )


def _pip(venv: Path, arguments: list[str], lock: Path) -> None:
    command = [
        str(python_of(venv)), "-m", "pip", "--disable-pip-version-check", "--no-input",
        "--retries", "3", *arguments, "--progress-bar", "off",
    ]  # fmt: skip
    code, said = follow(command, ("Downloading", "Installing collected"))
    if code:
        raise explain(said, lock)


#: What pip's own words mean for the person at the keyboard.
CAUSES = (
    (("THESE PACKAGES DO NOT MATCH THE HASHES",),
     "Pustaka yang diunduh tidak sama dengan yang dikunci ({lock}). Jangan diteruskan: periksa "
     "proxy atau cermin paket yang dipakai.",
     "A downloaded package does not match its hash: check the proxy or mirror in use."),
    (("NewConnectionError", "Connection refused", "Temporary failure in name resolution",
      "ConnectTimeout", "Network is unreachable", "ProxyError", "No route to host"),
     "Tidak ada sambungan ke gudang paket Python. Sambungkan internet (atau atur proxy dengan "
     "HTTPS_PROXY), lalu jalankan lagi; yang sudah selesai tidak diulang.",
     "No connection to the package index: connect to the network (or set HTTPS_PROXY) and start "
     "again."),
    (("No space left on device",),
     "Disk penuh. Sediakan paling sedikit 1 GB, lalu jalankan lagi.",
     "The disk is full: free at least 1 GB and start again."),
)  # fmt: skip


def explain(words: str, lock: Path) -> StopError:
    """Turn pip's output into a sentence that says what to do."""
    for marks, indonesian, english in CAUSES:
        if any(mark in words for mark in marks):
            return StopError(indonesian.format(lock=lock.name), english)
    return StopError(
        f"Pustaka dari {lock.name} gagal dipasang:\n{words[-2000:]}",
        "pip failed; its own words are printed above.",
    )
