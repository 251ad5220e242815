"""The way of a rekomendasi DPRD: states, who moves it, what each step needs. Pure.

Diterima -> Ditugaskan -> Ditindaklanjuti -> Selesai, or Belum sesuai and back to the Perangkat
Daerah. PP 13/2019: DPRD gives its recommendations within 30 days after the LKPJ.
"""

from __future__ import annotations

from dataclasses import dataclass

LABELS = {
    "diterima": "Diterima", "ditugaskan": "Ditugaskan", "ditindaklanjuti": "Ditindaklanjuti",
    "belum_sesuai": "Belum sesuai", "selesai": "Selesai",
}  # fmt: skip


@dataclass(frozen=True)
class Verb:
    """One step: from which states, to which, by whom, and what it must bring."""

    key: str
    label: str
    sources: tuple[str, ...]
    goal: str
    who: str  # compiler | unit
    needs: str = ""  # field without which it is refused


VERBS = (
    Verb("tugaskan", "Tugaskan ke Perangkat Daerah", ("diterima", "ditugaskan", "belum_sesuai"),
         "ditugaskan", "compiler", "unit"),
    Verb("tanggapi", "Simpan tanggapan", ("ditugaskan", "ditindaklanjuti", "belum_sesuai"),
         "ditindaklanjuti", "unit", "tindak_lanjut"),
    Verb("setujui", "Setujui", ("ditindaklanjuti",), "selesai", "compiler"),
    Verb("tolak", "Belum sesuai", ("ditindaklanjuti", "selesai"), "belum_sesuai", "compiler",
         "alasan"),
)  # fmt: skip
NEEDS = {
    "unit": "Pilih Perangkat Daerah yang ditugaskan.",
    "tindak_lanjut": "Isi tindak lanjutnya. Contoh: Telah direhabilitasi 12 ruang kelas.",
    "alasan": "Isi alasan mengapa belum sesuai, agar Perangkat Daerah tahu apa yang kurang.",
}


def verbs(state: str, compiler: bool, unit: bool) -> tuple[Verb, ...]:
    """What an actor may do now: ``compiler`` is Setda or sekretariat, ``unit`` the OPD."""
    mine = {"compiler": compiler, "unit": unit}
    return tuple(v for v in VERBS if state in v.sources and mine[v.who])


def letter(n: int) -> str:
    """1 as ``a.``, 27 as ``aa.``."""
    out = ""
    while n > 0:
        n, rest = divmod(n - 1, 26)
        out = chr(97 + rest) + out
    return f"{out}."
