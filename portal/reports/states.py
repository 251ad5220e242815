"""Where an isian can stand; apart from models.py so that rules.py stays free of the database."""

from __future__ import annotations

from enum import StrEnum


class EntryState(StrEnum):
    """Stored words; what the screen says is in rules.STATE_LABELS."""

    KOSONG = "kosong"  # Belum diisi
    DRAF = "draf"
    DIKIRIM = "dikirim"  # Dikirim ke verifikator PD
    DIREVIU = "direviu"  # Direviu Inspektorat
    DIKEMBALIKAN = "dikembalikan"
    SELESAI_DIREVIU = "selesai_direviu"
    DISAHKAN = "disahkan"  # Disahkan Kepala PD
    DITERIMA = "diterima"  # Diterima sekretariat
    TERKUNCI = "terkunci"
    DIBUKA_KEMBALI = "dibuka_kembali"
