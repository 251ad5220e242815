# ruff: noqa: E501 - one service a line
"""Demo tables of the SPM: services, targets, people served, and staff; numbers of the figures."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from portal.demo.book import Rows, Spot, TableWriter, rows_of
from portal.demo.prose import first_up, rng_of
from portal.demo.tables_work import topic_of


class Service(NamedTuple):
    """One jenis pelayanan dasar of the format; elements of the figures are joined with ``+``."""

    key: str
    needed: str
    served: str


SERVICES: dict[str, tuple[Service, ...]] = {
    "pendidikan": (
        Service("pd1", "penduduk_5_6", "paud_5_6"),
        Service("pd2", "penduduk_7_12+penduduk_13_15", "sd_7_12+smp_13_15"),
        Service("pd3", "belum_selesai_7_18", "kesetaraan_7_18"),
    ),
    "kesehatan": (
        Service("ks1", "ibu_hamil_sasaran", "ibu_hamil_dilayani"),
        Service("ks2", "ibu_bersalin_sasaran", "ibu_bersalin_dilayani"),
        Service("ks3", "bayi_baru_lahir_sasaran", "bayi_baru_lahir_dilayani"),
        Service("ks4", "balita_sasaran", "balita_dilayani"),
        Service("ks5", "usia_dikdas_sasaran", "usia_dikdas_dilayani"),
        Service("ks6", "penduduk_15_59", "usia_produktif_dilayani"),
        Service("ks7", "penduduk_60", "usia_lanjut_dilayani"),
        Service("ks8", "hipertensi_sasaran", "hipertensi_dilayani"),
        Service("ks9", "diabetes_sasaran", "diabetes_dilayani"),
        Service("ks10", "odgj_sasaran", "odgj_dilayani"),
        Service("ks11", "tbc_sasaran", "tbc_dilayani"),
        Service("ks12", "hiv_sasaran", "hiv_dilayani"),
    ),
    "pupr": (
        Service("pu1", "rumah_tangga", "rt_air_minum"),
        Service("pu2", "rumah", "rumah_cubluk+rumah_iplt+rumah_ipald"),
    ),
    "perumahan": (
        Service("pr1", "rumah_korban_rencana", "rumah_korban_ditangani"),
        Service("pr2", "relokasi_total", "relokasi_ganti+relokasi_sewa+relokasi_rumah"),
    ),
    "trantib": (
        Service("tr1", "gangguan_total", "gangguan_selesai"),
        Service("tr2", "warga_rawan_bencana", "warga_info_bencana"),
        Service("tr3", "warga_rawan_bencana", "warga_siaga"),
        Service("tr4", "korban_bencana", "korban_evakuasi"),
        Service("tr5", "kebakaran_total", "kebakaran_tanggap"),
    ),
    "sosial": (
        Service("so1", "disabilitas_terlantar", "disabilitas_terpenuhi"),
        Service("so2", "anak_terlantar", "anak_terpenuhi"),
        Service("so3", "lansia_terlantar", "lansia_terpenuhi"),
        Service("so4", "gepeng_terlantar", "gepeng_terpenuhi"),
        Service("so5", "korban_butuh", "korban_terpenuhi"),
    ),
}  # fmt: skip

_QUALITY = {
    "pendidikan": "buku dan alat belajar; pendidik berkualifikasi S1/D-IV; ruang belajar; biaya personil peserta didik",
    "kesehatan": "obat dan bahan habis pakai; tenaga kesehatan; pelayanan sesuai standar; pencatatan dan pelaporan",
    "pupr": "kuantitas, kualitas, dan kontinuitas layanan; operator; pemeliharaan jaringan",
    "perumahan": "rumah memenuhi ketahanan konstruksi, luas minimum, dan sanitasi; fasilitator",
    "trantib": "standar operasional; sarana; petugas terlatih; waktu tanggap",
    "sosial": "permakanan; sandang; alat bantu; pendampingan pekerja sosial",
}  # fmt: skip

_STAFF = {
    "pendidikan": ("Guru PAUD", "Guru SD", "Guru SMP", "Tutor kesetaraan", "Penilik"),
    "kesehatan": ("Dokter", "Perawat", "Bidan", "Analis laboratorium", "Tenaga gizi", "Penyuluh kesehatan"),
    "pupr": ("Teknik penyehatan lingkungan", "Pengawas lapangan", "Operator SPAM", "Fasilitator sanitasi"),
    "perumahan": ("Teknik tata bangunan", "Fasilitator perumahan", "Pengelola data"),
    "trantib": ("Polisi pamong praja", "Pemadam kebakaran", "Analis kebencanaan", "Operator pusat pengendalian"),
    "sosial": ("Pekerja sosial", "Penyuluh sosial", "Pendamping", "Taruna siaga bencana"),
}  # fmt: skip


def _bidang(spot: Spot) -> str:
    bare = spot.item.removeprefix("spm_").removeprefix("bidang_")
    return {"pu": "pupr"}.get(bare, bare)


def _count(spot: Spot, keys: str) -> Decimal:
    return sum((spot.figures.get(key, Decimal(0)) for key in keys.split("+")), Decimal(0))


def services(spot: Spot) -> Rows:
    """Services of one bidang with what their quality asks for."""
    return [(s.key, {"mutu": _QUALITY[_bidang(spot)]}) for s in SERVICES[_bidang(spot)]]


def targets(spot: Spot) -> Rows:
    """Every target is 100 %, every year."""
    row = {"target": "100", "batas": "setiap tahun"}
    return [(s.key, dict(row)) for s in SERVICES[_bidang(spot)]]


def served(spot: Spot) -> Rows:
    """People to be served and served: the very elements of the IKK."""
    return [
        (s.key, {"harus": str(int(_count(spot, s.needed))),
                 "terlayani": str(int(_count(spot, s.served) * spot.share))})
        for s in SERVICES[_bidang(spot)]
    ]  # fmt: skip


def staff(spot: Spot) -> Rows:
    """Staff by qualification."""
    bidang = _bidang(spot)
    rng = rng_of("spm_personil", bidang, spot.year)
    size = {"pendidikan": 640, "kesehatan": 210}.get(bidang, 24)
    rows: list[dict[str, object]] = []
    for name in _STAFF[bidang]:
        pns, pppk = rng.randint(size // 4, size), rng.randint(size // 6, size // 2)
        others = rng.randint(2, size // 4)
        rows.append({"kualifikasi": name, "pns": pns, "non_pns": pppk + others})
    return rows_of(rows)


_STAGES = {
    "data": ("Pendataan penerima menurut nama dan alamat oleh petugas lapangan, dipadankan dengan data kependudukan", "Berita acara rekonsiliasi data"),
    "kebutuhan": ("Selisih antara jumlah yang harus dilayani dan yang sudah terlayani dihitung menurut jenis pelayanan dan mutunya", "Kertas kerja penghitungan kebutuhan"),
    "rencana": ("Program, kegiatan, dan sub kegiatan pemenuhan dimasukkan ke dalam Renja dan RKA Perangkat Daerah", "Renja dan RKA"),
    "pelaksanaan": ("Barang, jasa, dan tenaga disalurkan kepada penerima; hasilnya dilaporkan setiap bulan", "Laporan bulanan"),
}  # fmt: skip


def stages(spot: Spot) -> Rows:
    """The four stages of penerapan SPM; the last one goes on until the year ends."""
    return [
        (key, {"uraian": text, "dokumen": paper, "status": "Selesai" if key != "pelaksanaan"
               or spot.share == 1 else "Berjalan"})
        for key, (text, paper) in _STAGES.items()
    ]  # fmt: skip


def actions(spot: Spot) -> Rows:
    """Rencana aksi: what the plans of the urusan say, by whom and when."""
    topic = topic_of(spot.item)
    if topic is None:
        return []
    codes = [s.key.upper() for s in SERVICES[_bidang(spot)]]
    return rows_of([
        {"jenis": codes[n % len(codes)], "aksi": first_up(plan), "sasaran": "sasaran yang belum terlayani",
         "pelaksana": spot.unit_name, "waktu": f"Triwulan {'I' * (n % 3 + 1)} {spot.year + 1}"}
        for n, plan in enumerate(topic.plans)
    ])  # fmt: skip


def problems(spot: Spot) -> Rows:
    """Problems of the services, where they come from, and what was done."""
    topic = topic_of(spot.item)
    if topic is None:
        return []
    codes = [s.key.upper() for s in SERVICES[_bidang(spot)]]
    return rows_of([
        {"jenis": codes[n % len(codes)], "masalah": first_up(obstacle),
         "asal": ("Eksternal", "Internal")[n % 2], "solusi": first_up(effort)}
        for n, (obstacle, effort) in enumerate(zip(topic.obstacles, topic.efforts, strict=False))
    ])  # fmt: skip


WRITERS: dict[str, TableWriter] = {
    "spm_masalah_solusi": problems, "spm_tahapan": stages, "spm_renaksi": actions,
    "spm_jenis_pelayanan": services, "spm_layanan": services, "spm_target_pencapaian": targets,
    "spm_target_layanan": targets, "spm_realisasi_pencapaian": served, "spm_capaian": served,
    "spm_personil_layanan": staff,
}  # fmt: skip
