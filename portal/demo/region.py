"""The fictional Kabupaten Contoh: its Perangkat Daerah, duties and tahap, as data."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from portal.demo.numbers import KECAMATAN

#: Since when the demo knows its Perangkat Daerah; three report years lie after it.
SINCE = date(2021, 1, 4)

IDENTITY = {
    "jenis": "Kabupaten", "nama": "Contoh", "provinsi": "Contoh", "ibu_kota": "Contoh",
    "kepala_daerah": "Bupati", "alamat": "Jalan Teladan Nomor 1, Contoh",
    "telepon": "(0000) 21001", "pos_el": "setda@contohkab.example", "laman": "contohkab.example",
    "narahubung": "Admin Diskominfotik, (0000) 21002", "kertas": "F4", "nip_kelompok": False,
    "sekda_pangkat": False, "kata_pd": "PD", "demo": True,
}  # fmt: skip


class DemoUnit(NamedTuple):
    """One Perangkat Daerah of the demo."""

    code: str
    name: str
    short: str
    kind: str
    parent: str | None = "PEMDA"
    head: str = ""  # title of its head


def _bagian(code: str, name: str) -> DemoUnit:
    return DemoUnit(f"BAG-{code}", f"Bagian {name}", f"Bagian {name}", "bagian", "SETDA",
                    f"Kepala Bagian {name}")  # fmt: skip


def _dinas(code: str, name: str, short: str) -> DemoUnit:
    return DemoUnit(code, f"Dinas {name}", short, "dinas", "PEMDA", f"Kepala Dinas {name}")


def _badan(code: str, name: str, short: str) -> DemoUnit:
    return DemoUnit(code, name, short, "badan", "PEMDA", f"Kepala {name}")


_TOP = (
    DemoUnit("PEMDA", "Pemerintah Kabupaten Contoh", "Pemkab Contoh", "pemda", None),
    DemoUnit("SETDA", "Sekretariat Daerah", "Setda", "sekretariat", "PEMDA",
             "Sekretaris Daerah"),
    _bagian("TAPEM", "Tata Pemerintahan"),
    _bagian("HUKUM", "Hukum"),
    _bagian("KESRA", "Kesejahteraan Rakyat"),
    _bagian("EKON", "Perekonomian dan Sumber Daya Alam"),
    _bagian("ADBANG", "Administrasi Pembangunan"),
    _bagian("PBJ", "Pengadaan Barang dan Jasa"),
    _bagian("ORG", "Organisasi"),
    _bagian("UMUM", "Umum"),
    _bagian("PROKOPIM", "Protokol dan Komunikasi Pimpinan"),
    DemoUnit("SETWAN", "Sekretariat Dewan Perwakilan Rakyat Daerah", "Setwan", "sekretariat",
             "PEMDA", "Sekretaris DPRD"),
    DemoUnit("INSPEKTORAT", "Inspektorat Daerah", "Inspektorat", "inspektorat", "PEMDA",
             "Inspektur Daerah"),
)  # fmt: skip
_DINAS = (
    _dinas("DISDIK", "Pendidikan dan Kebudayaan", "Disdik"),
    _dinas("DINKES", "Kesehatan", "Dinkes"),
    _dinas("DPUPR", "Pekerjaan Umum dan Penataan Ruang", "DPUPR"),
    _dinas("DPERKIM", "Perumahan dan Kawasan Permukiman", "Disperkim"),
    DemoUnit("SATPOLPP", "Satuan Polisi Pamong Praja dan Pemadam Kebakaran", "Satpol PP dan Damkar",
             "dinas", "PEMDA", "Kepala Satuan Polisi Pamong Praja dan Pemadam Kebakaran"),
    _dinas("DINSOS", "Sosial", "Dinsos"),
    _dinas("DISNAKER", "Tenaga Kerja dan Transmigrasi", "Disnakertrans"),
    _dinas("DP3AP2KB", "Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk, dan "
           "Keluarga Berencana", "DP3AP2KB"),
    _dinas("DKETAPANG", "Ketahanan Pangan", "DKP"),
    _dinas("DLH", "Lingkungan Hidup", "DLH"),
    _dinas("DISDUKCAPIL", "Kependudukan dan Pencatatan Sipil", "Disdukcapil"),
    _dinas("DPMD", "Pemberdayaan Masyarakat dan Desa", "DPMD"),
    _dinas("DISHUB", "Perhubungan", "Dishub"),
    _dinas("DISKOMINFOTIK", "Komunikasi, Informatika, Statistik, dan Persandian",
           "Diskominfotik"),
    _dinas("DISKOPDAG", "Koperasi, Usaha Kecil dan Menengah, dan Perdagangan", "Diskopdag"),
    _dinas("DPMPTSP", "Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "DPMPTSP"),
    _dinas("DISPORAPAR", "Kepemudaan, Olahraga, dan Pariwisata", "Disporapar"),
    _dinas("DISPUSIP", "Perpustakaan dan Kearsipan", "Dispusip"),
    _dinas("DISKAN", "Perikanan", "Diskan"),
    _dinas("DISTAN", "Pertanian", "Distan"),
    _dinas("DISPERIN", "Perindustrian", "Disperin"),
)  # fmt: skip
_BADAN = (
    _badan("BAPPEDA", "Badan Perencanaan Pembangunan, Penelitian, dan Pengembangan Daerah",
           "Bappeda"),
    _badan("BPKAD", "Badan Pengelolaan Keuangan dan Aset Daerah", "BPKAD"),
    _badan("BAPENDA", "Badan Pendapatan Daerah", "Bapenda"),
    _badan("BKPSDM", "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia", "BKPSDM"),
    _badan("KESBANGPOL", "Badan Kesatuan Bangsa dan Politik", "Kesbangpol"),
    _badan("BPBD", "Badan Penanggulangan Bencana Daerah", "BPBD"),
)  # fmt: skip
_KECAMATAN = tuple(
    DemoUnit(k.code, f"Kecamatan {k.name}", f"Kec. {k.name}", "kecamatan", "PEMDA",
             f"Camat {k.name}")
    for k in KECAMATAN
)  # fmt: skip
_KELURAHAN = tuple(
    DemoUnit(f"KEL-{n:02d}", f"Kelurahan {name}", f"Kel. {name}", "kelurahan", parent,
             f"Lurah {name}")
    for n, (name, parent) in enumerate((
        ("Pasar Baru", "KEC-01"), ("Kampung Tengah", "KEC-01"), ("Tepian", "KEC-01"),
        ("Bukit Indah", "KEC-01"), ("Sungai Jernih", "KEC-01"), ("Pelabuhan", "KEC-01"),
        ("Sukamaju", "KEC-02"), ("Tirta Asri", "KEC-04"),
    ), 1)
)  # fmt: skip
_UPT = (
    DemoUnit("RSUD", "Rumah Sakit Umum Daerah Contoh", "RSUD Contoh", "upt", "DINKES",
             "Direktur RSUD Contoh"),
    *(
        DemoUnit(f"PKM-0{n}", f"Puskesmas {name}", f"Puskesmas {name}", "upt", "DINKES",
                 f"Kepala Puskesmas {name}")
        for n, name in enumerate(("Contoh Kota", "Sukamaju", "Bahari"), 1)
    ),
)  # fmt: skip
UNITS: tuple[DemoUnit, ...] = (*_TOP, *_DINAS, *_BADAN, *_KECAMATAN, *_KELURAHAN, *_UPT)

#: Which unit answers for which duty.
DUTIES = {
    "sekretariat_lppd": "BAG-TAPEM", "sekretariat_lkpj": "BAPPEDA",
    "sekretariat_spm": "BAG-TAPEM", "sekretariat_sakip": "BAG-ORG",
    "tapem": "BAG-TAPEM", "hukum": "BAG-HUKUM", "organisasi": "BAG-ORG",
    "adbang": "BAG-ADBANG", "pbj": "BAG-PBJ", "umum": "BAG-UMUM", "bappeda": "BAPPEDA",
    "bpkad": "BPKAD", "bapenda": "BAPENDA", "bkpsdm": "BKPSDM", "inspektorat": "INSPEKTORAT",
    "setwan": "SETWAN", "adminduk": "DISDUKCAPIL", "pmd": "DPMD",
    "urusan_pendidikan": "DISDIK", "urusan_kesehatan": "DINKES", "urusan_pupr": "DPUPR",
    "urusan_perumahan": "DPERKIM", "urusan_trantib": "SATPOLPP", "urusan_bencana": "BPBD",
    "urusan_kebakaran": "SATPOLPP", "urusan_sosial": "DINSOS", "urusan_tenaga_kerja": "DISNAKER",
    "urusan_pppa": "DP3AP2KB", "urusan_pangan": "DKETAPANG", "urusan_pertanahan": "BAG-TAPEM",
    "urusan_lh": "DLH", "urusan_adminduk": "DISDUKCAPIL", "urusan_pmd": "DPMD",
    "urusan_ppkb": "DP3AP2KB", "urusan_perhubungan": "DISHUB", "urusan_kominfo": "DISKOMINFOTIK",
    "urusan_koperasi": "DISKOPDAG", "urusan_penanaman_modal": "DPMPTSP",
    "urusan_kepemudaan": "DISPORAPAR", "urusan_statistik": "DISKOMINFOTIK",
    "urusan_persandian": "DISKOMINFOTIK", "urusan_kebudayaan": "DISDIK",
    "urusan_perpustakaan": "DISPUSIP", "urusan_kearsipan": "DISPUSIP",
    "urusan_perikanan": "DISKAN", "urusan_pariwisata": "DISPORAPAR", "urusan_pertanian": "DISTAN",
    "urusan_esdm": "DPMPTSP", "urusan_perdagangan": "DISKOPDAG",
    "urusan_perindustrian": "DISPERIN",
    "penunjang_keuangan": "BPKAD", "penunjang_pengadaan": "BAG-PBJ",
    "penunjang_kepegawaian": "BKPSDM", "penunjang_manajemen_keuangan": "BPKAD",
    "penunjang_transparansi": "DISKOMINFOTIK",
}  # fmt: skip

#: Codes of the first and second tahap; everybody else is in the third.
FIRST = ("DINKES", "DLH", "DISTAN", "DISKOMINFOTIK", "DINSOS")
SECOND = (
    "DISDIK", "DPUPR", "DPERKIM", "SATPOLPP", "DISNAKER", "DP3AP2KB", "DKETAPANG", "DISDUKCAPIL",
    "DPMD", "DISHUB", "DISKOPDAG", "DPMPTSP", "DISPORAPAR", "DISPUSIP", "DISKAN", "DISPERIN",
    "BPKAD", "BAPENDA", "BKPSDM", "BPBD",
)  # fmt: skip
CONTRACT_PILOT = ("DPUPR", "DINKES", "DISDIK", "DPERKIM", "DISHUB", "DISTAN", "DLH", "DISKAN")
