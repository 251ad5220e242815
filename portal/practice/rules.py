"""The five steps of the practice: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.indonesian import long_date, number, read_date, read_number


class Wrong(Exception):
    """What was typed cannot be; ``str()`` is the sentence that the real page says."""


@dataclass(frozen=True)
class Lesson:
    """One guided step."""

    title: str
    told: str  # what to do
    button: str
    fields: tuple[tuple[str, str, str], ...]  # name, label, example


NUMBER = "Latihan/602/01"
TITLE = "Rehabilitasi gedung sekolah (latihan)"
LESSONS: tuple[Lesson, ...] = (
    Lesson("SPMK terbit", "Kontrak sudah ditandatangani. Catat SPMK dengan nomor dan tanggalnya.",
           "Catat selesai", (("nomor", "Nomor dokumen", "602/2/SPMK/2026"),
                             ("tanggal", "Tanggal dokumen", "12/3/2026"))),
    Lesson("Kemajuan minggu pertama", "Rencana minggu ini 10 persen. Isi kemajuan yang dicapai.",
           "Simpan realisasi", (("persen", "Realisasi kumulatif (%)", "8,5"),)),
    Lesson("Kendala", "Pekerjaan tertinggal. Catat kendalanya sebelum batas waktu, supaya "
           "pengingat berhenti sesuai jawaban atasan.", "Catat kendala",
           (("kendala", "Kendala", "Material datang terlambat tiga hari"),)),
    Lesson("Berkas SPP di meja bendahara", "Berkas SPP tiba. Pilih diterima lengkap, atau "
           "kembalikan bila kuitansi belum bermeterai.", "Simpan",
           (("putusan", "Terima atau kembalikan", "terima"),)),
    Lesson("SP2D terbit", "Uang sudah dibayar. Catat SP2D dengan nomor dan tanggalnya.",
           "Catat selesai", (("nomor", "Nomor dokumen", "00123/SP2D/2026"),
                             ("tanggal", "Tanggal dokumen", "12/3/2026"))),
)  # fmt: skip
STEPS = len(LESSONS)
VERDICTS = {"terima": "Diterima lengkap",
            "kembalikan": "Dikembalikan: kuitansi, lalu dilengkapi"}  # fmt: skip


def read(step: int, form: Mapping[str, str], today: date) -> str:
    """What a step keeps of the form, as one line; Wrong with the sentence of the real page."""
    if "tanggal" in dict.fromkeys(name for name, _, _ in LESSONS[step].fields):
        return _paper(form, today)
    if step == 1:
        found = read_number(form.get("persen", ""))
        if found.value is None or not 0 <= found.value <= 100:
            raise Wrong("Realisasi antara 0 dan 100. Contoh: 8,5")
        return f"{number(found.value, 2)} %"
    text = " ".join(form.get("kendala" if step == 2 else "putusan", "").split())[:300]
    if step == 2 and len(text) < 10:
        raise Wrong("Kendala ditulis dengan satu kalimat. Contoh: material datang terlambat.")
    if step == 3 and text not in ("terima", "kembalikan"):
        raise Wrong("Pilih terima atau kembalikan.")
    return text if step == 2 else VERDICTS[text]


def _paper(form: Mapping[str, str], today: date) -> str:
    doc = form.get("nomor", "").strip()[:120]
    if not doc:
        raise Wrong("Nomor dokumen wajib diisi. Contoh: 900/12/SPP-LS/2026")
    on = read_date(form.get("tanggal", ""))
    if on is None:
        raise Wrong("Tanggal dokumen belum benar. Contoh: 12/3/2026 atau 12 Maret 2026.")
    if on > today:
        raise Wrong("Tanggal selesai tidak boleh di masa depan. Isi tanggal dokumen.")
    if on < today - timedelta(days=60):
        raise Wrong("Tanggal selesai mendahului tanggal kontrak. Periksa tanggal dokumen.")
    return f"{doc}, {long_date(on)}"
