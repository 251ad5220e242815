# ruff: noqa: E501 - one field a line
"""What can be imported: the fields of each layout, and the headings that staff use for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sort = Literal["code", "text", "rupiah", "decimal"]
MONTHS = ("januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september",
          "oktober", "november", "desember")  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One field: its words on the screen, what it holds, known headings (letters only)."""

    key: str
    label: str
    sort: Sort
    aliases: tuple[str, ...]
    required: bool = False
    example: str = ""


@dataclass(frozen=True)
class Target:
    """One layout that comes in and goes out."""

    key: str
    title: str
    fields: tuple[Field, ...]
    per_unit: bool  # the rows belong to one Perangkat Daerah that the user names

    def field(self, key: str) -> Field | None:
        """A field by key."""
        return next((f for f in self.fields if f.key == key), None)


CAPAIAN = Target("capaian", "Formulir capaian kinerja LKPJ (program, kegiatan, sub kegiatan)", (
    Field("kode", "Kode", "code", ("kd", "kode", "kode rekening", "kode sub kegiatan", "kode program"), True, "1.02.02.2.02.0001"),
    Field("uraian", "Program/Kegiatan/Sub Kegiatan", "text", ("program keg sub kegiatan", "program kegiatan sub kegiatan", "opd program keg sub kegiatan", "opd program kegiatan sub kegiatan", "uraian", "nama sub kegiatan", "program kegiatan subkegiatan", "nomenklatur", "uraian prog keg"), False, "Pengelolaan Pelayanan Kesehatan Ibu Hamil"),
    Field("indikator", "Indikator", "text", ("indikator", "indikator kinerja", "indikator keluaran", "indikator kinerja program kegiatan subkegiatan"), False, "Jumlah ibu hamil yang dilayani"),
    Field("satuan", "Satuan", "text", ("satuan", "sat"), False, "orang"),
    Field("target", "Target kinerja", "decimal", ("target", "fisik target", "kinerja target", "target kinerja", "target fisik"), False, "1.250"),
    Field("capaian", "Realisasi kinerja", "decimal", ("realisasi target", "fisik realisasi", "fisik real", "kinerja realisasi", "realisasi kinerja", "realisasi fisik", "capaian"), False, "1.198"),
    Field("murni", "Pagu sebelum perubahan (Rp)", "rupiah", ("pagu murni", "anggaran murni", "anggaran sebelum perubahan", "pagu sebelum perubahan"), False, "412.500.000"),
    Field("pagu", "Alokasi/pagu (Rp)", "rupiah", ("alokasi", "alokasi rp", "keuangan alokasi", "keuangan alokasi rp", "pagu", "pagu anggaran", "anggaran", "keuangan anggaran", "keuangan rp anggaran", "pagu perubahan", "anggaran setelah perubahan"), False, "412.500.000"),
    Field("realisasi", "Realisasi (Rp)", "rupiah", ("realisasi", "realisasi rp", "keuangan realisasi", "keuangan real", "keuangan realisasi rp", "realisasi keuangan", "realisasi anggaran"), False, "398.114.000"),
    Field("masalah", "Permasalahan", "text", ("permasalahan", "masalah", "kendala"), False, "Petunjuk teknis diterima akhir tahun"),
    Field("upaya", "Upaya mengatasi permasalahan", "text", ("upaya mengatasi permasalahan", "upaya", "solusi", "upaya penyelesaian"), False, "Dianggarkan kembali"),
    Field("tindak_lanjut", "Tindak lanjut rekomendasi", "text", ("tindak lanjut rekomendasi", "tindak lanjut rekomendasi dprd", "tinjut rekomendasi dprd", "tindak lanjut"), False, "Telah dilaksanakan"),
), True)  # fmt: skip

LRA = Target("lra", "Laporan Realisasi Anggaran (LRA)", (
    Field("kode", "Kode rekening", "code", ("kode rekening", "kode", "kode akun", "rekening", "no rekening"), True, "4.1.01"),
    Field("uraian", "Uraian", "text", ("uraian", "nama rekening", "nama akun"), False, "Pajak Daerah"),
    Field("sebelum", "Anggaran sebelum perubahan", "rupiah", ("anggaran sebelum perubahan", "sebelum perubahan", "anggaran murni", "anggaran rp sebelum perubahan"), False, "91.000.000.000"),
    Field("setelah", "Anggaran (setelah perubahan)", "rupiah", ("anggaran", "anggaran rp", "anggaran setelah perubahan", "setelah perubahan", "anggaran perubahan", "anggaran rp setelah perubahan", "pagu"), False, "96.450.000.000"),
    Field("realisasi", "Realisasi", "rupiah", ("realisasi", "realisasi rp", "realisasi anggaran", "realisasi s d"), False, "97.607.400.000"),
), True)  # fmt: skip

KAS = Target("kas", "Anggaran kas (target dan realisasi per bulan)", (
    Field("opd", "Nama OPD", "text", ("nama opd", "opd", "perangkat daerah", "nama skpd", "skpd"), False, "Dinas Kesehatan"),
    Field("rincian", "Rincian (Target/Realisasi)", "text", ("rincian", "uraian", "target realisasi"), False, "Target"),
    *(Field(f"b{n:02d}", name.capitalize(), "rupiah", (name, name[:3], f"bulan {name}"), False, "41.897.000") for n, name in enumerate(MONTHS, 1)),
), True)  # fmt: skip

DPRD = Target("dprd", "Rekomendasi DPRD dan tindak lanjutnya", (
    Field("kode", "Kode", "text", ("kode", "no", "nomor"), True, "1.01"),
    Field("butir", "Huruf butir", "text", ("butir", "huruf"), False, "a."),
    Field("rekomendasi", "Urusan/OPD/Rekomendasi DPRD", "text", ("urusan opd rekomendasi dprd", "rekomendasi dprd", "rekomendasi", "uraian rekomendasi"), True, "Mempercepat pengadaan"),
    Field("tindak_lanjut", "Tindak lanjut", "text", ("tindak lanjut", "tindak lanjut rekomendasi"), False, "Telah dilaksanakan"),
    Field("tujuan", "Tujuan/masalah yang diselesaikan", "text", ("tujuan", "tujuan masalah yang diselesaikan", "masalah yang diselesaikan"), False, "Penyerapan rendah"),
), False)  # fmt: skip

TARGETS: dict[str, Target] = {t.key: t for t in (CAPAIAN, LRA, KAS, DPRD)}
