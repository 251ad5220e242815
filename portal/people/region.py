"""Identitas Daerah: which settings a region has, their defaults, and the region on a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.people import queries


@dataclass(frozen=True)
class Field:
    """One setting of the region as the admin page shows it."""

    key: str
    label: str
    kind: str = "text"  # text | choice | yesno | picture
    default: Any = ""
    choices: tuple[str, ...] = ()
    help: str = ""
    longest: int = 200


FIELDS = (
    Field("jenis", "Jenis daerah", "choice", "Kabupaten", ("Kabupaten", "Kota")),
    Field("nama", "Nama daerah", help="Tanpa kata Kabupaten atau Kota. Contoh: Nunukan"),
    Field("provinsi", "Provinsi", help="Tanpa kata Provinsi. Contoh: Kalimantan Utara"),
    Field("ibu_kota", "Ibu kota", help="Tempat pada blok tanda tangan. Contoh: Nunukan"),
    Field("kepala_daerah", "Sebutan kepala daerah", "choice", "Bupati", ("Bupati", "Wali Kota")),
    Field("alamat", "Alamat kantor", help="Baris alamat pada kop. Contoh: Jalan Merdeka Nomor 1"),
    Field("telepon", "Telepon", longest=60, help="Contoh: (0556) 21001"),
    Field("pos_el", "E-mail", longest=120, help="Contoh: setda@contohkab.go.id"),
    Field("laman", "Laman", longest=120, help="Contoh: contohkab.go.id"),
    Field("narahubung", "Narahubung admin", longest=120,
          help="Tercetak di halaman masuk dan slip akun. Contoh: Admin Diskominfo, 0556-21002"),
    Field("lambang", "Lambang daerah", "picture",
          help="Berkas PNG atau JPEG, paling besar 5 MB. Tercetak di sampul laporan."),
    Field("kertas", "Kertas dokumen", "choice", "F4", ("F4", "A4"),
          help="F4 (215 x 330 mm) adalah bawaan."),
    Field("nip_kelompok", "NIP dicetak berkelompok 8-6-1-3", "yesno", False),
    Field("sekda_pangkat", "Cetak pangkat dan NIP Sekretaris Daerah", "yesno", False,
          help="Bawaan: tidak, sesuai Pasal 44 ayat (3) Permendagri Nomor 1 Tahun 2023."),
    Field("kata_pd", "Sebutan pendek perangkat daerah", "choice", "PD", ("PD", "OPD"),
          help="Dipakai di tempat sempit pada layar. Naskah tetap memakai Perangkat Daerah."),
    Field("indeks_mutu", "IP SPM: mutu minimal", "choice", "Rerata baris",
          ("Rerata baris", "Rasio gabungan"),
          help="Rerata persentase tiap baris mutu, atau jumlah terpenuhi dibagi seharusnya."),
    Field("indeks_tanpa_sasaran", "IP SPM: layanan tanpa sasaran", "choice", "Dikeluarkan",
          ("Dikeluarkan", "Dihitung 100"),
          help="Misalnya tidak ada bencana atau relokasi. Aturannya belum ditemukan; tanyakan "
          "kepada Sekretariat Bersama SPM."),
    Field("indeks_daerah", "IP SPM: indeks daerah", "choice", "Rerata bidang",
          ("Rerata bidang", "Rerata layanan")),
    Field("judul_lkjip", "Sebutan laporan kinerja (SAKIP)", "choice", "LKjIP",
          ("LKjIP", "LKj", "LKIP", "LAKIP")),
    Field("skala_kinerja", "Skala kriteria capaian kinerja", "choice",
          "Sangat Tinggi - Sangat Rendah",
          ("Sangat Tinggi - Sangat Rendah", "Sangat Baik - Sangat Kurang",
           "Dibulatkan lebih dulu", "Sangat Berhasil - Kurang Berhasil"),
          help="Sumber tiap skala ada di reports_templates/kinerja.yaml."),
    Field("efisiensi_kinerja", "Efisiensi pada LKjIP", "choice", "Selisih capaian dan serapan",
          ("Selisih capaian dan serapan", "Sisa anggaran")),
    Field("demo", "Portal berisi data contoh", "yesno", False,
          help="Bila ya, setiap halaman dan berkas bertanda DATA CONTOH."),
)  # fmt: skip
BY_KEY = {field.key: field for field in FIELDS}


@dataclass(frozen=True)
class Region:
    """The region's identity on one date."""

    jenis: str
    nama: str
    provinsi: str
    ibu_kota: str
    kepala_daerah: str
    alamat: str
    telepon: str
    pos_el: str
    laman: str
    narahubung: str
    lambang: str  # SHA-256 in the store, or ""
    kertas: str
    nip_kelompok: bool
    sekda_pangkat: bool
    kata_pd: str
    demo: bool
    indeks_mutu: str = ""
    indeks_tanpa_sasaran: str = ""
    indeks_daerah: str = ""
    judul_lkjip: str = "LKjIP"
    skala_kinerja: str = ""
    efisiensi_kinerja: str = ""

    @property
    def full(self) -> str:
        """``Kabupaten Contoh``; "" before anybody has named the region."""
        return f"{self.jenis} {self.nama}" if self.nama else ""


def region(on: date) -> Region:
    """The identity on ``on``: newest values up to that date, else the defaults; one query."""
    known = queries.settings(on, tuple(BY_KEY))
    return Region(**{field.key: known.get(field.key, field.default) for field in FIELDS})
