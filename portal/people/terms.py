"""Which terms of one jabatan may stand beside each other; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from portal.indonesian import long_date
from portal.people.kinds import SIFAT_PREFIX, Sifat


@dataclass(frozen=True)
class Span:
    """One term: from a date to a date, both worked; ``end`` None means open."""

    start: date
    end: date | None
    sifat: str = Sifat.DEFINITIF
    name: str = ""
    id: int | None = None

    def meets(self, other: Span) -> bool:
        """True when both hold on at least one day."""
        return (self.end is None or other.start <= self.end) and (
            other.end is None or self.start <= other.end
        )


def fault(new: Span, others: Iterable[Span]) -> str:
    """ "" or why ``new`` cannot stand, as a sentence.

    One definitive holder at a time. A Plt. and a Pj. stand in only where the jabatan is vacant
    (UU 30/2014 Ps 14: berhalangan tetap); a Plh. stands beside the definitive holder who is away
    for a time (berhalangan sementara) and therefore needs an end.
    """
    if new.end is not None and new.end < new.start:
        return "Tanggal berakhir lebih awal daripada tanggal mulai. Periksa keduanya."
    if new.sifat == Sifat.PLH and new.end is None:
        return "Plh. berlaku sementara: isi tanggal berakhirnya. Contoh: 31 Maret 2026."
    for other in others:
        if other.id is not None and other.id == new.id:
            continue
        if new.meets(other) and not _may_share(new.sifat, other.sifat):
            return _clash(new, other)
    return ""


def _may_share(one: str, two: str) -> bool:
    """A Plh. beside any other; everything else stands alone."""
    return (one == Sifat.PLH) != (two == Sifat.PLH)


def _clash(new: Span, other: Span) -> str:
    until = f"sampai {long_date(other.end)}" if other.end else "tanpa tanggal berakhir"
    held = (
        f"{SIFAT_PREFIX[other.sifat]}{other.name or 'pejabat lain'} memangku jabatan ini sejak "
        f"{long_date(other.start)} {until}"
    )
    if new.sifat in {Sifat.PLT, Sifat.PJ} and other.sifat == Sifat.DEFINITIF:
        return (
            f"{held}. {SIFAT_PREFIX[new.sifat].strip()} hanya untuk jabatan yang lowong; pakai "
            "Plh. bila pejabatnya berhalangan sementara."
        )
    return f"{held}. Akhiri dahulu masa jabatan itu, paling lambat sehari sebelum yang baru."


def day_before(day: date) -> date:
    """The last day of a term that ends because another begins on ``day``."""
    return day - timedelta(days=1)
