"""When an access from outside is open: pure.

No standing access: every one has a letter as its basis, a term, the approval of the
Pengguna Anggaran and the knowledge of the Inspektur.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

KINDS: dict[str, str] = {
    "pendampingan": "Pendampingan (halaman baca)",
    "permintaan": "Permintaan data (paket bernomor)",
}
#: The longest term; a longer pendampingan needs a new letter.
LONGEST = timedelta(days=180)
#: Wrong passwords after which a link is dead until a new one is made.
TRIES = 10


class Facts(Protocol):
    """What decides about an access."""

    @property
    def from_on(self) -> date:
        """First day."""

    @property
    def until_on(self) -> date:
        """Last day."""

    @property
    def approved_at(self) -> object:
        """When the PA agreed."""

    @property
    def known_at(self) -> object:
        """When the Inspektur recorded it."""

    @property
    def withdrawn_at(self) -> object:
        """When it was ended early."""


def is_open(facts: Facts, today: date) -> bool:
    """True on the days of the term, both ends included, once both have agreed."""
    agreed = facts.approved_at is not None and facts.known_at is not None
    return agreed and facts.withdrawn_at is None and facts.from_on <= today <= facts.until_on


def word(facts: Facts, today: date) -> str:
    """Where an access stands."""
    if facts.withdrawn_at is not None:
        return "Dicabut"
    if today > facts.until_on:
        return "Berakhir"
    if facts.approved_at is None:
        return "Menunggu persetujuan PA"
    if facts.known_at is None:
        return "Menunggu diketahui Inspektur"
    return "Belum mulai" if today < facts.from_on else "Berlaku"


def trouble(from_on: date, until_on: date, letter_on: date, today: date) -> str:
    """Why these dates cannot be; "" when they can."""
    if letter_on > today:
        return "Tanggal surat tidak boleh di masa depan."
    if until_on < from_on:
        return "Tanggal berakhir mendahului tanggal mulai."
    if until_on < today:
        return "Tanggal berakhir sudah lewat."
    if until_on - from_on > LONGEST:
        return f"Paling lama {LONGEST.days} hari. Perpanjangan memerlukan surat baru."
    return ""
