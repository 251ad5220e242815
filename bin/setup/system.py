"""What must come from the operating system: found by what it gives, installed where allowed."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from .processes import ask, follow
from .say import StopError, line, step

FONTS = Path("/usr/share/fonts")


@dataclass(frozen=True)
class Need:
    """One Debian package and how to see whether what it gives is there."""

    package: str
    there: Callable[[], bool]


def _library(name: str) -> Callable[[], bool]:
    def there() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return there


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(find(name) for name in names)


def find(name: str) -> str | None:
    """Path of a program, also where Debian hides it from ordinary users."""
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/bin", "/usr/sbin", "/bin"])
    return shutil.which(name, path=places)


def postgres_bin() -> Path | None:
    """Folder of initdb and postgres of the newest PostgreSQL server on this machine."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3])
    )
    if versions:
        return versions[-1].parent
    found = find("initdb")
    return Path(found).resolve().parent if found else None


def _venv_works() -> bool:
    try:
        import ensurepip  # noqa: F401, PLC0415 - its absence is the question
        import venv  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


def release() -> str:
    """ "debian", "ubuntu" or another word from /etc/os-release."""
    try:
        text = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return ""
    for row in text.splitlines():
        if row.startswith("ID="):
            return row.removeprefix("ID=").strip('"')
    return ""


def venv_package(executable: str = sys.executable) -> str:
    """Package that makes ``venv`` work for this Python: Debian's own, or one beside it."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    default = Path("/usr/bin/python3")
    own = default.exists() and default.resolve().name == version
    return "python3-venv" if own or not executable.startswith("/usr") else f"{version}-venv"


def needs_to_run() -> list[Need]:
    """What the portal needs, python3-venv first: without it nothing else can be set up."""
    fonts = "fonts-liberation2" if release() == "debian" else "fonts-liberation"
    return [
        Need(venv_package(), _venv_works),
        Need("libpangoft2-1.0-0", _library("libpangoft2-1.0.so.0")),
        Need("libharfbuzz-subset0", _library("libharfbuzz-subset.so.0")),
        Need(fonts, lambda: any(FONTS.glob("truetype/liberation*/LiberationSerif-Regular.ttf"))),
        *([] if os.environ.get("SELARAS_REDIS_URL") else [_redis()]),
    ]


def _redis() -> Need:
    return Need("redis-server", _program("redis-server"))


def needs_to_test() -> list[Need]:
    """What the tests need besides: real servers, a real browser, a real office."""
    # Ubuntu has Chromium as a snap alone; browser.py fetches a program that wants only NSS
    chromium = (
        Need("libnss3", _library("libnss3.so")) if release() == "ubuntu"
        else Need("chromium", _program("chromium", "chromium-browser", "google-chrome"))
    )  # fmt: skip
    have = {need.package for need in needs_to_run()}
    return [
        *needs_to_run(),
        *([] if "redis-server" in have else [_redis()]),
        Need("postgresql", lambda: postgres_bin() is not None),
        chromium,
        Need("libreoffice-writer-nogui", _program("soffice", "libreoffice")),
        Need("poppler-utils", _program("pdftoppm")),
    ]


def missing(needs: Iterable[Need]) -> list[str]:
    """Packages of those needs that are not met, in order."""
    return [need.package for need in needs if not need.there()]


def command(packages: Iterable[str], sudo: bool) -> str:
    """The one command that installs ``packages``."""
    names = " ".join(packages)
    if sudo:
        return "sudo apt-get update && sudo apt-get install -y --no-install-recommends " + names
    return f"su -c 'apt-get update && apt-get install -y --no-install-recommends {names}'"


def ensure(needs: list[Need]) -> None:
    """Have every need met: install as root or through sudo, else stop with the command."""
    packages = missing(needs)
    if not packages:
        return
    if not find("apt-get"):
        raise StopError(
            f"Sistem ini bukan Debian/Ubuntu. Pasang sendiri padanan paket: {' '.join(packages)}.",
            "Not a Debian or Ubuntu: install the equivalents of these packages yourself.",
        )
    prefix = _privilege()
    if prefix is None:
        raise StopError(
            "Paket sistem belum lengkap. Ketik perintah ini, lalu jalankan lagi:\n\n    "
            + command(packages, sudo=find("sudo") is not None) + "\n",
            "System packages are missing: type the command above, then start again.",
        )  # fmt: skip
    step(f"Memasang paket sistem: {' '.join(packages)}")
    _apt(prefix, packages)
    still = missing(need for need in needs if need.package in packages)
    if still:
        raise StopError(
            f"Paket {' '.join(still)} sudah dipasang tetapi belum dapat dipakai. Jalankan: "
            f"apt-get install --reinstall {' '.join(still)}",
            "Installed, but still not usable: reinstall the packages named above.",
        )


def wish(need: Need) -> None:
    """Have ``need`` met where that asks nobody for anything; go on without it where it does."""
    prefix = _privilege()
    if need.there() or prefix is None or not find("apt-get"):
        return
    step(f"Memasang paket sistem: {need.package}")
    try:
        _apt(prefix, [need.package])
    except StopError:
        line(f"    {need.package} tidak tersedia di sini; dilanjutkan tanpa itu (going on without)")


def _privilege() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    sudo = find("sudo")
    if sudo and ask([sudo, "-n", "true"]).returncode == 0:
        return [sudo, "-n"]
    return None


def _apt(prefix: list[str], packages: list[str]) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    base = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q",
            "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]  # fmt: skip
    had_redis_service = Path("/lib/systemd/system/redis-server.service").exists()
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        code, said = follow([*base, *arguments], ("Unpacking", "Setting up"), quiet)
        if code and arguments[0] == "install":
            raise StopError(
                f"Paket sistem gagal dipasang:\n{said[-1500:]}\nPeriksa sambungan internet dan "
                "sumber paket (/etc/apt), lalu jalankan lagi.",
                "apt-get failed: check the network and the package sources, then start again.",
            )
    if "redis-server" in packages and not had_redis_service and find("systemctl"):
        # Debian starts a service of its own; ours has its own socket and data
        ask([*prefix, "systemctl", "disable", "--now", "redis-server"])
