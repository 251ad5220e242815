"""Rules of passwords and of the waiting time after wrong ones; pure."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

SHORTEST = 10
LONGEST = 200
#: Letters and digits that nobody mixes up on paper: no 0/o, 1/l/i, 2/z, 5/s, 8/b, u/v.
_CLEAR = "acdefghjkmnpqrtwxy34679"
_COMMON = ("password", "katasandi", "kata sandi", "rahasia", "qwerty", "12345678", "selaras")


def fault(password: str, again: str, login: str, name: str) -> str:
    """ "" or why this cannot be a password, as a sentence."""
    low = password.lower()
    if len(password) < SHORTEST:
        return (
            f"Kata sandi baru paling sedikit {SHORTEST} huruf atau angka; yang diketik "
            f"{len(password)}. Cara mudah: tiga kata yang tidak berhubungan."
        )
    if len(password) > LONGEST:
        return f"Kata sandi baru paling panjang {LONGEST} huruf."
    if login and re.sub(r"[\s.\-]", "", low) == login.lower():
        return "Kata sandi tidak boleh sama dengan NIP atau nama masuk, karena diketahui orang."
    if len(set(low)) < 4 or any(low.startswith(word) and len(low) < len(word) + 6
                                for word in (*_COMMON, *_words(name))):  # fmt: skip
        return "Kata sandi ini mudah ditebak. Pilih yang tidak memuat nama sendiri atau kata umum."
    if password != again:
        return "Kedua ketikan kata sandi baru tidak sama. Ketik ulang keduanya."
    return ""


def _words(name: str) -> list[str]:
    return [word for word in name.lower().split() if len(word) >= 4]


def initial_password() -> str:
    """A first password for the slip: ``kx7m-p3qd-9fth``, about 54 bits."""
    letters = [secrets.choice(_CLEAR) for _ in range(12)]
    return "-".join("".join(letters[i : i + 4]) for i in (0, 4, 8))


def wait_until(failures: int, last_at: datetime) -> datetime:
    """When the next attempt counts: four are free, then 30 seconds, doubling to 15 minutes."""
    if failures < 5:
        return last_at
    return last_at + timedelta(seconds=min(30 * 2 ** (min(failures, 12) - 5), 900))


def waiting_words(left: timedelta) -> str:
    """``30 detik``, ``2 menit``; rounded up so that nobody comes too early."""
    seconds = max(1, -(-int(left.total_seconds() * 1000) // 1000))
    return f"{seconds} detik" if seconds <= 90 else f"{-(-seconds // 60)} menit"
