"""Duties that outlines may name, and what they are called on screens.

Which unit answers for a duty is the region's own (people.models.Duty); the names are not.
"""

from __future__ import annotations

#: Stands for the compiling unit of the edition (``Edition.secretariat``).
COMPILER = "sekretariat_laporan"
#: Stands for the duty of the item that a section repeats over.
ITEM = "item"

_URUSAN = {
    "pendidikan": "Pendidikan",
    "kesehatan": "Kesehatan",
    "pupr": "Pekerjaan Umum dan Penataan Ruang",
    "perumahan": "Perumahan Rakyat dan Kawasan Permukiman",
    "trantib": "Ketenteraman, Ketertiban Umum dan Perlindungan Masyarakat",
    "bencana": "Trantibumlinmas, sub urusan Bencana",
    "kebakaran": "Trantibumlinmas, sub urusan Kebakaran",
    "sosial": "Sosial",
    "tenaga_kerja": "Tenaga Kerja",
    "pppa": "Pemberdayaan Perempuan dan Pelindungan Anak",
    "pangan": "Pangan",
    "pertanahan": "Pertanahan",
    "lh": "Lingkungan Hidup",
    "adminduk": "Administrasi Kependudukan dan Pencatatan Sipil",
    "pmd": "Pemberdayaan Masyarakat dan Desa",
    "ppkb": "Pengendalian Penduduk dan Keluarga Berencana",
    "perhubungan": "Perhubungan",
    "kominfo": "Komunikasi dan Informatika",
    "koperasi": "Koperasi, Usaha Kecil, dan Menengah",
    "penanaman_modal": "Penanaman Modal",
    "kepemudaan": "Kepemudaan dan Olahraga",
    "statistik": "Statistik",
    "persandian": "Persandian",
    "kebudayaan": "Kebudayaan",
    "perpustakaan": "Perpustakaan",
    "kearsipan": "Kearsipan",
    "perikanan": "Kelautan dan Perikanan",
    "pariwisata": "Pariwisata",
    "pertanian": "Pertanian",
    "esdm": "Energi dan Sumber Daya Mineral",
    "perdagangan": "Perdagangan",
    "perindustrian": "Perindustrian",
}

DUTIES: dict[str, str] = {
    "sekretariat_lppd": "Penyusun LPPD",
    "sekretariat_lkpj": "Penyusun LKPJ",
    "sekretariat_spm": "Sekretariat Tim Penerapan SPM",
    "sekretariat_sakip": "Penyusun LKjIP",
    COMPILER: "Penyusun laporan",
    "tapem": "Tata pemerintahan",
    "hukum": "Hukum",
    "organisasi": "Organisasi",
    "adbang": "Administrasi pembangunan",
    "pbj": "Pengadaan barang/jasa",
    "umum": "Umum",
    "bappeda": "Perencanaan pembangunan",
    "bpkad": "Pengelolaan keuangan dan aset",
    "bapenda": "Pendapatan daerah",
    "bkpsdm": "Kepegawaian",
    "inspektorat": "Pengawasan",
    "setwan": "Sekretariat DPRD",
    "adminduk": "Data kependudukan",
    "pmd": "Pembinaan desa",
    **{f"urusan_{key}": f"Urusan {name}" for key, name in _URUSAN.items()},
    "penunjang_keuangan": "Fungsi penunjang perencanaan dan keuangan",
    "penunjang_pengadaan": "Fungsi penunjang pengadaan",
    "penunjang_kepegawaian": "Fungsi penunjang kepegawaian",
    "penunjang_manajemen_keuangan": "Fungsi penunjang manajemen keuangan",
    "penunjang_transparansi": "Fungsi penunjang transparansi dan partisipasi publik",
}

#: Lists that are the region's own; outlines repeat over them by name.
REGION_LISTS = ("kecamatan", "desa_kelurahan", "perangkat_daerah")

#: Kinds of units that a supplier or an owner may name (people.models.UnitKind).
UNIT_KINDS = (
    "pemda", "sekretariat", "bagian", "dinas", "badan", "inspektorat", "kecamatan", "kelurahan",
    "upt",
)  # fmt: skip
