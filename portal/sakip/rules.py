"""How performance is counted: capaian, triwulan to year, scales, efficiency. Pure; Decimal only.

Basis: PermenPANRB 53/2014 (comparisons of Bab III), Permendagri 86/2017 (scale). The formula for
"lower is better" is not one in practice, so it belongs to the indicator and the report prints it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

HUNDRED = Decimal(100)
Roll = Literal["sum", "last"]

#: How a direction is told on screens and in the book.
DIRECTIONS: dict[str, str] = {
    "up": "Makin tinggi makin baik: realisasi / target x 100",
    "down_a": "Makin rendah makin baik (A): (target - (realisasi - target)) / target x 100",
    "down_b": "Makin rendah makin baik (B): target / realisasi x 100",
}
SHORT_DIRECTIONS = {"up": "R/T", "down_a": "(2T-R)/T", "down_b": "T/R"}
ROLLS = {"sum": "Dijumlahkan", "last": "Nilai terakhir"}
LEVELS: dict[str, str] = {
    "ultimate": "Ultimate Outcome", "sasaran_pemda": "Sasaran Pemda", "sasaran_opd": "Sasaran PD",
    "program": "Program", "kegiatan": "Kegiatan", "sub_kegiatan": "Sub Kegiatan",
}  # fmt: skip
_RANK = {level: n for n, level in enumerate(LEVELS)}
QUARTERS = ("TW1", "TW2", "TW3", "TW4")


@dataclass(frozen=True)
class Caps:
    """``most``: upper bound of a printed capaian (None = none; differs by region); ``at_zero``:
    what counts where target / realisasi would divide by zero (None = n/a)."""

    most: Decimal | None = None
    at_zero: Decimal | None = None


@dataclass(frozen=True)
class Achievement:
    """Capaian in percent, exact; None with a reason that can be printed beside n/a."""

    value: Decimal | None
    reason: str = ""


def achievement(
    direction: str, target: Decimal | None, realised: Decimal | None, caps: Caps | None = None
) -> Achievement:
    """Capaian of an indicator, by the method that the indicator itself carries.

    ``up``: R / T x 100. ``down_a``: (T - (R - T)) / T x 100 = (2T - R) / T x 100. ``down_b``:
    T / R x 100. All three are in use (PermenPANRB 53/2014 leaves the formula to the region; even
    one application uses A in its LKjIP and B in its monitoring), hence stored per indicator.
    Example: T 10, R 8 gives A 120.00 and B 125.00; T 14, R 21.6 gives A 45.71 and B 64.81.
    T = 0 with ``up`` or ``down_a`` is undefined (n/a). With ``down_b`` T = R = 0 is 100, and
    R = 0 < T is ``caps.at_zero`` (likely: our reading).
    """
    if target is None:
        return Achievement(None, "target belum diisi")
    if realised is None:
        return Achievement(None, "realisasi belum ada")
    caps = caps or Caps()
    if direction == "down_b":
        if realised == 0:
            return _at_zero(target, caps)
        return Achievement(_capped(target / realised * HUNDRED, caps))
    if target == 0:
        return Achievement(None, "target 0, capaian tidak dapat dihitung")
    if direction == "down_a":
        return Achievement(_capped((2 * target - realised) / target * HUNDRED, caps))
    return Achievement(_capped(realised / target * HUNDRED, caps))


def _at_zero(target: Decimal, caps: Caps) -> Achievement:
    if target == 0:
        return Achievement(HUNDRED)
    if caps.at_zero is None:
        return Achievement(None, "realisasi 0, capaian tidak dapat dihitung")
    return Achievement(_capped(caps.at_zero, caps))


def _capped(value: Decimal, caps: Caps) -> Decimal:
    return value if caps.most is None else min(value, caps.most)


def reached(direction: str, target: Decimal | None, realised: Decimal | None) -> bool:
    """True when the target was met, without rounding: R >= T, or R <= T where lower is better."""
    if target is None or realised is None:
        return False
    return realised >= target if direction == "up" else realised <= target


def to_date(
    how: str, targets: Sequence[Decimal | None], realised: Sequence[Decimal | None]
) -> tuple[Decimal | None, Decimal | None]:
    """Target and realisasi of the triwulan that are filled, together (G06, G10: sure).

    ``sum``: sum of R over the filled triwulan, against the sum of T of the same triwulan.
    ``last``: the last filled R against the T of that triwulan (percentages, indexes, and lower is
    better). 0 counts as filled, an empty triwulan does not.
    """
    filled = [n for n, value in enumerate(realised) if value is not None]
    if not filled:
        return None, None
    if how == "last":
        return targets[filled[-1]], realised[filled[-1]]
    known = [t for n in filled if (t := targets[n]) is not None]
    whole = sum(known, Decimal(0)) if len(known) == len(filled) else None
    return whole, sum((r for n in filled if (r := realised[n]) is not None), Decimal(0))


def plan_doubt(how: str, year: Decimal | None, quarters: Sequence[Decimal | None]) -> str:
    """Why the targets of the triwulan do not lead to the target of the year; "" when they do."""
    if year is None or any(q is None for q in quarters):
        return ""
    known = [q for q in quarters if q is not None]
    led = sum(known, Decimal(0)) if how == "sum" else known[-1]
    if led == year:
        return ""
    what = "jumlah target triwulan" if how == "sum" else "target triwulan IV"
    return f"{what} berbeda dari target setahun"


def trend(before: Decimal | None, now: Decimal | None) -> str:
    """``naik``, ``turun`` or ``tetap`` of the realisasi; "" without both years."""
    if before is None or now is None:
        return ""
    if now == before:
        return "tetap"
    return "naik" if now > before else "turun"


# --- scales ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Band:
    """One line of a scale: greater than ``above``, or at least ``least``; neither = the rest."""

    label: str
    above: Decimal | None = None
    least: Decimal | None = None
    printed: str = ""


@dataclass(frozen=True)
class Scale:
    """A scale as a table; ``rounded`` = capaian is rounded to a whole number first."""

    key: str
    title: str
    source: str
    bands: tuple[Band, ...]
    rounded: bool = False

    def label(self, value: Decimal | None) -> str:
        """Kriteria of a capaian; above 100 stays in the first line; "" for n/a.

        The printed intervals (91-100, 76-90, ...) leave gaps: 90.5 is read as greater than 90
        (likely), or rounded to 91 first where the scale says so.
        """
        if value is None:
            return ""
        if self.rounded:
            value = value.quantize(Decimal(1), rounding=ROUND_HALF_UP)
        for band in self.bands:
            if band.above is not None and value <= band.above:
                continue
            if band.least is not None and value < band.least:
                continue
            return band.label
        return self.bands[-1].label


def score(words: Mapping[str, int], text: str) -> Decimal | None:
    """The number behind a predicate (WTP 4, BB 5), None for a word that is none of them."""
    wanted = " ".join(text.split()).upper()
    return next((Decimal(n) for word, n in words.items() if word.upper() == wanted), None)


def word(words: Mapping[str, int], value: Decimal | None) -> str:
    """The predicate of a number, "" when no word has it."""
    return next((text for text, n in words.items() if value is not None and value == n), "")


# --- efficiency -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Efficiency:
    """Result of a variant: ``value`` in percent (points), ``counts`` = may be called efficient;
    ``doubt`` says what is out of range, so that nothing absurd is printed as a result."""

    value: Decimal | None
    counts: bool = False
    doubt: str = ""


def absorption(pagu: Decimal | None, realised: Decimal | None) -> Decimal | None:
    """Serapan: realisasi / pagu x 100; None without a pagu."""
    if pagu is None or realised is None or pagu <= 0:
        return None
    return realised / pagu * HUNDRED


def by_difference(capaian: Decimal | None, serapan: Decimal | None) -> Efficiency:
    """Selisih: % capaian - % serapan; efficient if > 0 and capaian >= 100 (S36; likely).

    105.2 and 92.4 give +12.8. A serapan outside 0..100 is no serapan: said, not counted.
    """
    if capaian is None or serapan is None:
        return Efficiency(None)
    value = capaian - serapan
    if not 0 <= serapan <= HUNDRED:
        return Efficiency(value, False, "serapan di luar 0 sampai 100 %, periksa pagu")
    return Efficiency(value, value > 0 and capaian >= HUNDRED)


def by_remainder(
    pagu: Decimal | None, realised: Decimal | None, target_reached: bool
) -> Efficiency:
    """Sisa anggaran: (pagu - realisasi) / pagu x 100, only where the target was reached (S36)."""
    used = absorption(pagu, realised)
    if used is None:
        return Efficiency(None)
    if used > HUNDRED:
        return Efficiency(HUNDRED - used, False, "realisasi melebihi pagu, periksa anggaran")
    return Efficiency(HUNDRED - used, target_reached and used < HUNDRED)


@dataclass(frozen=True)
class Output:
    """One keluaran of the PMK variant: pagu, capaian as a share of 1, realisasi."""

    pagu: Decimal
    capaian: Decimal
    realised: Decimal


@dataclass(frozen=True)
class Pmk:
    """E in percent and its value NE in 0..100; ``doubt`` when E lies outside -20..20."""

    e: Decimal | None
    ne: Decimal | None
    doubt: str = ""


def by_pmk(rows: Iterable[Output]) -> Pmk:
    """E = sum(PAK x CK - RAK) / sum(PAK x CK) x 100; NE = 50 + E / 20 x 50 (ministries' PMK).

    Valid for E in -20..20; outside, NE is clamped to 0..100 and the doubt says so: an agency once
    put a mean capaian into E and published 235 %. (1000, 1.0, 900), (500, 0.9, 480),
    (2000, 1.0, 1950) give E 3.48 and NE 58.70.
    """
    listed = list(rows)
    whole = sum((row.pagu * row.capaian for row in listed), Decimal(0))
    if whole <= 0:
        return Pmk(None, None, "pagu atau capaian keluaran nol, efisiensi tidak dapat dihitung")
    saved = sum((row.pagu * row.capaian - row.realised for row in listed), Decimal(0))
    e = saved / whole * HUNDRED
    ne = Decimal(50) + e / 20 * 50
    doubt = ""
    if not -20 <= e <= 20:
        doubt = "E di luar rentang -20 sampai 20; nilai efisiensi dibatasi 0 sampai 100"
    return Pmk(e, max(Decimal(0), min(HUNDRED, ne)), doubt)


# --- tree -----------------------------------------------------------------------------------


def may_hang(level: str, parent: str | None) -> bool:
    """True when a node of this level may stand below that one: only downwards, steps may be left
    out (PermenPANRB 89/2021: from the ultimate outcome to what each jabatan does)."""
    if level not in _RANK:
        return False
    if parent is None:
        return level in ("ultimate", "sasaran_pemda", "sasaran_opd")
    return parent in _RANK and _RANK[parent] < _RANK[level]


# --- Perjanjian Kinerja ---------------------------------------------------------------------

PK_LABELS: dict[str, str] = {
    "draf": "Draf", "pihak_kesatu": "Menunggu Pihak Kesatu", "pihak_kedua": "Menunggu Pihak Kedua",
    "dikembalikan": "Dikembalikan", "disepakati": "Disepakati", "diganti": "Diganti perubahan",
}  # fmt: skip
PK_FORMS: dict[str, str] = {
    "kepala_daerah": "Kepala daerah", "pd": "Kepala Perangkat Daerah",
    "eselon3": "Eselon III / administrator", "eselon4": "Eselon IV / pengawas",
}  # fmt: skip
#: What the first column of the lampiran is called, and of its table of money.
PK_HEADS = {
    "kepala_daerah": ("Sasaran Strategis", "Program"), "pd": ("Sasaran Strategis", "Program"),
    "eselon3": ("Program", "Program"), "eselon4": ("Kegiatan", "Kegiatan"),
}  # fmt: skip
#: Levels of the tree whose indicators a form promises.
PK_LEVELS = {"kepala_daerah": "sasaran_pemda", "pd": "sasaran_opd", "eselon3": "program",
             "eselon4": "kegiatan"}  # fmt: skip


@dataclass(frozen=True)
class Verb:
    """A step of a Perjanjian Kinerja: who may take it (prepare, first, second), where to."""

    key: str
    label: str
    who: Literal["prepare", "first", "second"]
    goal: str
    needs: str = ""


def pk_verbs(state: str, alone: bool) -> tuple[Verb, ...]:
    """The steps that are open in a state; ``alone`` = signed by the kepala daerah only."""
    back = "Tuliskan apa yang perlu diperbaiki."
    if state in ("draf", "dikembalikan"):
        return (Verb("ajukan", "Ajukan ke Pihak Kesatu" if not alone else "Ajukan", "prepare",
                     "pihak_kesatu"),)  # fmt: skip
    if state == "pihak_kesatu":
        goal = "disepakati" if alone else "pihak_kedua"
        return (
            Verb("setuju_kesatu", "Nyatakan setuju" if alone else "Setujui sebagai Pihak Kesatu",
                 "first", goal),
            Verb("kembalikan_kesatu", "Kembalikan", "first", "dikembalikan", back),
            Verb("tarik", "Tarik kembali", "prepare", "draf"),
        )  # fmt: skip
    if state == "pihak_kedua":
        return (
            Verb("setuju_kedua", "Setujui sebagai Pihak Kedua", "second", "disepakati"),
            Verb("kembalikan_kedua", "Kembalikan", "second", "dikembalikan", back),
        )
    return ()


def title_of(version: int, year: int) -> str:
    """``PERJANJIAN KINERJA PERUBAHAN TAHUN 2025``."""
    change = ""
    if version:
        change = " PERUBAHAN" + (f" KE-{version}" if version > 1 else "")
    return f"PERJANJIAN KINERJA{change} TAHUN {year}"
